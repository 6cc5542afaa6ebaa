//! What can be had instead of what cannot.

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    Action, Actor, Booking, Calendar, DateRange, DoctorId, Refusal, Refusals, Span, VisitTypeId, Zone,
};
use doctor_booking_ports::{Calendars, Unavailable, VisitTypes};

use crate::availability::longest_visit_at;
use crate::visit_type::{for_moving, for_wanted};
use crate::{Resource, authorize};

/// How many other starts are offered at most when the wanted one cannot be had.
pub const MOST_ALTERNATIVES: usize = 3;
/// How many days before and after the wanted date other starts are looked for.
const ALTERNATIVES_WITHIN: TimeDelta = TimeDelta::days(7);

/// Why a slot cannot be had, and which can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Everything that stands in the way.
    pub refusals: Refusals,
    /// The free starts nearest to the wanted one, at most [`MOST_ALTERNATIVES`], the earliest first.
    pub alternatives: Vec<DateTime<Utc>>,
    /// On whose clock those are.
    pub zone: Zone,
}

/// The slot that cannot be had.
#[derive(Clone, Copy)]
pub(crate) struct Missed<'a> {
    pub(crate) doctor: DoctorId,
    pub(crate) visit_type: Option<VisitTypeId>,
    pub(crate) start: DateTime<Utc>,
    /// The booking that would move there; `None`: something new.
    pub(crate) moving: Option<&'a Booking>,
}

/// Where to look for others.
#[derive(Clone, Copy)]
pub(crate) struct Elsewhere<'a> {
    /// To whom it is told.
    pub(crate) actor: &'a Actor,
    pub(crate) calendars: &'a dyn Calendars,
    pub(crate) visit_types: &'a dyn VisitTypes,
    pub(crate) now: DateTime<Utc>,
}

/// The refusals as the actor may know them.
pub(crate) fn as_told(actor: &Actor, refusals: Refusals) -> Refusals {
    let may_know_why = authorize(actor, Action::SeeWhyNotFree, Resource::Hospital).is_ok();
    if may_know_why { refusals } else { refusals.without_why_taken() }
}

impl Elsewhere<'_> {
    /// As [`instead`](Self::instead), where the calendar by which such a visit is booked was not needed so far.
    pub(crate) fn refused(self, missed: Missed<'_>, refusals: Refusals) -> Result<Option<Refused>, Unavailable> {
        let Some(calendar) = self.calendar(missed, longest_visit_at(missed.start))? else { return Ok(None) };
        self.instead(&calendar, missed, refusals)
    }

    /// The refusals together with the nearest free starts within a week of the missed one, or of the nearest time at which
    /// such a visit can be booked by `calendar`, that of the missed slot; `None` when doctor or type are not there any
    /// more. What a booking that moves occupies itself is offered as well, but not the start that it has.
    pub(crate) fn instead(
        self,
        calendar: &Calendar,
        missed: Missed<'_>,
        refusals: Refusals,
    ) -> Result<Option<Refused>, Unavailable> {
        let refusals = as_told(self.actor, refusals);
        let around = calendar.nearest_bookable(missed.start, self.now);
        let first = around.checked_sub_signed(ALTERNATIVES_WITHIN).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let last = around.checked_add_signed(ALTERNATIVES_WITHIN).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let reach = DateRange::new(first.date_naive(), last.date_naive()).map(|dates| dates.reach());
        let reach = reach.unwrap_or_else(|_| longest_visit_at(around));
        let Some(calendar) = self.calendar(missed, reach)? else { return Ok(None) };
        let own = missed.moving.filter(|booking| booking.doctor() == missed.doctor);
        let own = own.map(|booking| booking.span().start());
        let zone = calendar.rules().zone.clone();
        let alternatives = DateRange::new(zone.date(first), zone.date(last))
            .map(|dates| calendar.alternatives(missed.start, own, dates, MOST_ALTERNATIVES, self.now))
            .unwrap_or_default();
        Ok(Some(Refused { refusals, alternatives, zone }))
    }

    /// As [`instead`](Self::instead), of a slot that was lost between looking and storing: whether it is taken or held,
    /// another look tells.
    pub(crate) fn lost(self, missed: Missed<'_>) -> Result<Option<Refused>, Unavailable> {
        let Some(calendar) = self.calendar(missed, longest_visit_at(missed.start))? else { return Ok(None) };
        let refusals = calendar.offer(missed.start, self.now).err();
        let is_held = refusals.is_some_and(|refusals| refusals.all().contains(&Refusal::SlotHeld));
        self.instead(&calendar, missed, if is_held { Refusal::SlotHeld } else { Refusal::SlotTaken }.into())
    }

    /// The calendar by which the slot was missed.
    fn calendar(self, missed: Missed<'_>, during: Span) -> Result<Option<Calendar>, Unavailable> {
        let Some(seen) = self.calendars.load(missed.doctor, during)? else { return Ok(None) };
        match missed.moving {
            Some(booking) => for_moving(seen.calendar, booking, self.visit_types).map(Some),
            None => for_wanted(seen.calendar, missed.visit_type, self.visit_types),
        }
    }
}
