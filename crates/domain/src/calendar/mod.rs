//! A doctor's time: what is offered, what is taken, and whether something can be booked.

mod day;
mod finding;
mod offer;
mod refusal;
mod schedule;

use chrono::{DateTime, Days, NaiveDate, Utc};

pub use day::{Day, NothingFree, Slot, SlotStatus};
pub use finding::{Finding, Rule};
pub use offer::Offer;
pub use refusal::{Refusal, Refusals};
pub use schedule::{Opening, Schedule};

use crate::seating::full;
use crate::{
    Booking, Busy, DateRange, DoctorId, Exceptions, Footprint, Marks, Overrides, RuleName, Rules, SetAside, Span,
    SpanSet, Terms, VisitType, VisitTypeId,
};

/// What is wanted of a doctor: a visit of some kind, or of none in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Visit {
    kind: Option<VisitTypeId>,
    /// Whether the doctor offers it.
    offered: bool,
    terms: Terms,
}

/// A doctor's rules together with what is booked: everything a decision needs.
///
/// It is about visits of no particular kind, as long as the doctor's slots; [`for_visits`](Self::for_visits) makes it
/// about those of a type. It knows what is booked only where it was told. Whoever makes one for a range of dates gives what is booked in
/// [`DateRange::reach`].
#[derive(Clone, Debug)]
pub struct Calendar {
    doctor: DoctorId,
    rules: Rules,
    overrides: Overrides,
    time_off: SpanSet,
    /// Closures, from midnight to midnight.
    closed: SpanSet,
    /// Both.
    blocked: SpanSet,
    busy: Vec<Busy>,
    visit: Visit,
    /// When there is no room for one more of these visits beside what is booked.
    full: SpanSet,
}

/// What depends on when it is: which starts are too soon and which too far ahead, and what is held.
struct Limits {
    now: DateTime<Utc>,
    /// The first instant at which a visit may start.
    earliest: DateTime<Utc>,
    /// The last date on which one may.
    last: Option<NaiveDate>,
    /// When there is no room for one more beside what is booked and held; `None`: nothing is held.
    held: Option<SpanSet>,
}

impl Calendar {
    /// The calendar of a doctor by these rules, `busy` in these stretches (in any order, buffers included).
    #[must_use]
    pub fn new(doctor: DoctorId, rules: Rules, busy: Vec<Busy>) -> Self {
        let (overrides, time_off, closed, blocked) = Default::default();
        let visit = Visit { kind: None, offered: true, terms: Terms::plain(rules.slot) };
        let full = full(&booked(&busy), visit.terms.footprint.capacity);
        Self { doctor, rules, overrides, time_off, closed, blocked, busy, visit, full }
    }

    /// The same calendar for visits of this type.
    #[must_use]
    pub fn for_visits(self, visit_type: &VisitType) -> Self {
        let id = visit_type.id();
        let offered = self.rules.visit_types.includes(id) && !visit_type.parts().retired;
        let visit = Visit { kind: Some(id), offered, terms: *visit_type.terms() };
        let full = full(&booked(&self.busy), visit.terms.footprint.capacity);
        Self { visit, full, ..self }
    }

    /// The same calendar for bookings of this type that move: also where the type is retired, so that no new ones are
    /// made.
    #[must_use]
    pub fn for_visits_that_move(self, visit_type: &VisitType) -> Self {
        let mut calendar = self.for_visits(visit_type);
        calendar.visit.offered = calendar.rules.visit_types.includes(visit_type.id());
        calendar
    }

    /// The same calendar but for something that keeps the doctor busy, once: what a booking that moves, or a hold that
    /// becomes a booking, must not stand in the way of itself.
    #[must_use]
    pub fn without(mut self, own: Busy) -> Self {
        if let Some(index) = self.busy.iter().position(|&busy| busy == own) {
            self.busy.swap_remove(index);
        }
        let full = full(&booked(&self.busy), self.visit.terms.footprint.capacity);
        Self { full, ..self }
    }

    /// Whether the doctor offers the visits that it is about.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.visit.offered
    }

    /// The calendar with these overrides, time off and closures: all of those in [`Schedule::dates_around`] what is
    /// asked about.
    #[must_use]
    pub fn with_exceptions(self, exceptions: Exceptions) -> Self {
        let closed = exceptions.closed(&self.rules.zone);
        let blocked = exceptions.blocked(&closed);
        let time_off = exceptions.time_off.into_iter().collect();
        Self { overrides: exceptions.overrides, time_off, closed, blocked, ..self }
    }

    /// Whose it is.
    #[must_use]
    pub fn doctor(&self) -> DoctorId {
        self.doctor
    }

    /// By which rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The instant nearest to `wanted` that notice and horizon leave, as seen now, whether a slot starts then or not.
    #[must_use]
    pub fn nearest_bookable(&self, wanted: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let Limits { earliest, last, .. } = self.limits(now);
        let end = last.and_then(|last| last.succ_opt()).map(|next| self.rules.zone.midnight(next));
        end.map_or(wanted, |end| wanted.min(end)).max(earliest)
    }

    /// The last date on which a visit can start, as seen now; `None`: on any.
    #[must_use]
    pub fn last_date(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        self.limits(now).last
    }

    fn schedule(&self) -> Schedule<'_> {
        Schedule::new(&self.rules.zone, &self.rules.hours, &self.overrides)
    }

    /// Notice is elapsed time; the horizon counts the doctor's own dates.
    fn limits(&self, now: DateTime<Utc>) -> Limits {
        let Terms { notice, horizon, .. } = self.visit.terms;
        let last = horizon.map(|horizon| {
            let today = self.rules.zone.date(now);
            today.checked_add_days(Days::new(horizon.get().into())).unwrap_or(NaiveDate::MAX)
        });
        let earliest = now.checked_add_signed(notice.duration()).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Limits { now, earliest, last, held: self.held(self.visit.terms.footprint, now) }
    }

    /// When there is no room for one more of this footprint beside what is booked and what is held now; `None` when
    /// nothing is.
    fn held(&self, footprint: Footprint, now: DateTime<Utc>) -> Option<SpanSet> {
        let is_held = |busy: &Busy| busy.held_until.is_some_and(|until| now < until);
        self.busy.iter().any(is_held).then(|| {
            let live = self.busy.iter().filter(|busy| busy.held_until.is_none() || is_held(busy));
            full(&live.copied().collect::<Vec<_>>(), footprint.capacity)
        })
    }

    /// What a slot that starts on `date` is to someone who looks at it now: the one answer behind showing and booking.
    fn status(&self, slot: Span, date: NaiveDate, limits: &Limits) -> SlotStatus {
        let occupied = self.visit.terms.footprint.occupied(slot);
        if self.blocked.overlaps(slot) {
            SlotStatus::Blocked
        } else if self.full.overlaps(occupied) {
            SlotStatus::Booked
        } else if limits.held.as_ref().is_some_and(|held| held.overlaps(occupied)) {
            SlotStatus::Held
        } else if slot.start() < limits.now {
            SlotStatus::Past
        } else if slot.start() < limits.earliest {
            SlotStatus::TooSoon
        } else if limits.last.is_some_and(|last| date > last) {
            SlotStatus::TooFar
        } else {
            SlotStatus::Free
        }
    }

    /// Every date of the range with its openings and slots. A slot belongs to the civil date on which it starts.
    ///
    /// An inactive doctor has none, nor one who does not offer the visits that it is about.
    #[must_use]
    pub fn days(&self, range: DateRange, now: DateTime<Utc>) -> Vec<Day> {
        let openings = if self.rules.active { self.schedule().openings(range) } else { vec![] };
        let limits = self.limits(now);
        let mut days: Vec<Day> = range.dates().map(Day::empty).collect();
        for opening in &openings {
            self.put_opening(*opening, range, &mut days);
            if self.visit.offered {
                self.put_slots(*opening, range, &mut days, &limits);
            }
        }
        for day in &mut days {
            let worked = std::mem::take(&mut day.openings);
            day.openings = worked.iter().flat_map(|&part| self.blocked.leave(part)).collect();
            day.reason = self.why_nothing_is_free(day, &worked, now);
        }
        days
    }

    /// The parts of an opening that lie in each of the dates.
    fn put_opening(&self, opening: Opening, range: DateRange, days: &mut [Day]) {
        let zone = &self.rules.zone;
        let first = zone.date(opening.span().start()).max(range.from());
        let Ok(dates) = DateRange::new(first, zone.date(opening.span().end()).min(range.to())) else { return };
        for date in dates.dates() {
            let next = date.succ_opt().unwrap_or(date);
            let part = Span::new(zone.midnight(date), zone.midnight(next)).ok();
            let part = part.and_then(|day| day.intersection(&opening.span()));
            if let Some((part, day)) = part.zip(day_of(days, range, date)) {
                day.openings.push(part);
            }
        }
    }

    fn put_slots(&self, opening: Opening, range: DateRange, days: &mut [Day], limits: &Limits) {
        let reach = range.reach();
        let Terms { length, .. } = self.visit.terms;
        for slot in opening.slots(self.visit.terms.step(), length, reach) {
            let date = self.rules.zone.date(slot.start());
            if let Some(day) = day_of(days, range, date) {
                day.slots.push(Slot { span: slot, status: self.status(slot, date, limits) });
            }
        }
    }

    /// Why nothing is free on a day, on which `worked` was working time before time off and closures.
    fn why_nothing_is_free(&self, day: &Day, worked: &[Span], now: DateTime<Utc>) -> Option<NothingFree> {
        if day.free_count() > 0 {
            return None;
        }
        let rules = &self.rules;
        let blocked_by = |spans: &[Span]| {
            let closed = spans.iter().all(|&span| self.closed.leave(span).is_empty());
            if closed { NothingFree::Closure } else { NothingFree::TimeOff }
        };
        let has = |status| day.slots.iter().any(|slot| slot.status == status);
        let to_come: Vec<_> = day.slots.iter().filter(|slot| slot.span.start() >= now).collect();
        Some(if !rules.active {
            NothingFree::DoctorInactive
        } else if !rules.zone.has_date(day.date) {
            NothingFree::DateDoesNotExist
        } else if worked.is_empty() {
            match self.overrides.on(day.date) {
                Some([]) => NothingFree::ClosedOverride,
                None if rules.hours.windows_on(day.date).is_empty() => NothingFree::NoWorkingHours,
                Some(_) | None => NothingFree::DstGap,
            }
        } else if day.openings.is_empty() {
            blocked_by(worked)
        } else if day.slots.is_empty() {
            NothingFree::NoGapLongEnough
        } else if to_come.is_empty() {
            NothingFree::InPast
        } else if to_come.iter().all(|slot| slot.status == SlotStatus::Blocked) {
            blocked_by(&to_come.iter().map(|slot| slot.span).collect::<Vec<_>>())
        } else if has(SlotStatus::TooFar) {
            NothingFree::Horizon
        } else if has(SlotStatus::TooSoon) {
            NothingFree::Notice
        } else if to_come.iter().any(|slot| slot.status == SlotStatus::Booked && self.is_partly_free(slot.span)) {
            NothingFree::NoGapLongEnough
        } else {
            NothingFree::FullyBooked
        })
    }

    /// Whether nobody has some of a slot that is taken: there is a gap, but none long enough.
    fn is_partly_free(&self, slot: Span) -> bool {
        let not_taken = self.full.leave(slot);
        not_taken.iter().any(|&part| !self.blocked.leave(part).is_empty())
    }

    /// Decides whether a visit can start at `start`: the very slot that [`days`](Self::days) shows as free.
    ///
    /// # Errors
    ///
    /// Every [`Refusal`] that stands in the way, not only the first.
    pub fn offer(&self, start: DateTime<Utc>, now: DateTime<Utc>) -> Result<Offer, Refusals> {
        self.offer_but(start, None, now)
    }

    /// Decides as [`offer`](Self::offer), but for the rules that are set aside. Nothing else is as it was for that: what
    /// is shown as free stays what everybody can book, and what occupies the doctor stands in the way of everybody.
    ///
    /// # Errors
    ///
    /// Every [`Refusal`] that stands in the way and was not set aside.
    pub fn offer_but(
        &self,
        start: DateTime<Utc>,
        set_aside: Option<&SetAside>,
        now: DateTime<Utc>,
    ) -> Result<Offer, Refusals> {
        let marks = marks(&self.explain(start, now), set_aside)?;
        Ok(Offer::new(self.doctor, self.visit_at(start), self.visit, self.rules.zone.clone(), marks))
    }

    /// Every rule that a visit starting at `start` has to keep, and whether it does: what [`offer`](Self::offer)
    /// decides by.
    #[must_use]
    pub fn explain(&self, start: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Finding> {
        let rules = &self.rules;
        let visit = self.visit_at(start);
        let Terms { length, footprint, .. } = self.visit.terms;
        let limits = self.limits(now);
        let date = rules.zone.date(start);
        let schedule = self.schedule();
        let worked = schedule.covers(visit);
        let openings = schedule.openings(DateRange::day(date));
        let on_grid = openings.iter().any(|opening| opening.has_slot(self.visit.terms.step(), length, visit));
        vec![
            passed(Rule::DoctorActive, rules.active),
            passed(Rule::VisitTypeOffered, self.visit.offered),
            passed(Rule::NotInPast, start >= now),
            passed(Rule::NoticeKept, start < now || start >= limits.earliest),
            passed(Rule::WithinHorizon, limits.last.is_none_or(|last| date <= last)),
            passed(Rule::InsideWorkingHours, worked),
            clear(Rule::NoClosure, &self.closed, visit),
            clear(Rule::NoTimeOff, &self.time_off, visit),
            // Outside working hours there is no grid to be off.
            passed(Rule::OnGrid, on_grid || !worked),
            clear(Rule::NotTaken, &self.full, footprint.occupied(visit)),
            not_held(&self.full, limits.held.as_ref(), footprint.occupied(visit)),
        ]
    }

    /// Whether a visit that was agreed once can take place as it was agreed: the doctor works then, and nothing else
    /// stands in its place. Its own occupancy must not be in the calendar. Grid, notice and horizon were kept when it
    /// was agreed.
    ///
    /// # Errors
    ///
    /// Every [`Refusal`] that stands in the way.
    pub fn keeps(&self, visit: Span, footprint: Footprint, now: DateTime<Utc>) -> Result<(), Refusals> {
        self.keeps_but(visit, footprint, None, now).map(|_| ())
    }

    /// Decides as [`keeps`](Self::keeps), but for the rules that are set aside; how the booking is marked then.
    ///
    /// # Errors
    ///
    /// Every [`Refusal`] that stands in the way and was not set aside.
    pub fn keeps_but(
        &self,
        visit: Span,
        footprint: Footprint,
        set_aside: Option<&SetAside>,
        now: DateTime<Utc>,
    ) -> Result<Marks, Refusals> {
        marks(&self.agreed(visit, footprint, now), set_aside)
    }

    /// Whether a booking that was cancelled can take place after all: as [`keeps`](Self::keeps), and it must not have
    /// begun.
    ///
    /// # Errors
    ///
    /// Every [`Refusal`] that stands in the way.
    pub fn readmits(&self, booking: &Booking, now: DateTime<Utc>) -> Result<(), Refusals> {
        let (visit, footprint) = (booking.span(), booking.parts().footprint);
        let mut findings = vec![passed(Rule::NotInPast, visit.start() >= now)];
        findings.extend(self.agreed(visit, footprint, now));
        marks(&findings, None).map(|_| ())
    }

    /// Every rule that a visit has to keep which was agreed once, and whether it does.
    fn agreed(&self, visit: Span, footprint: Footprint, now: DateTime<Utc>) -> Vec<Finding> {
        let full = full(&booked(&self.busy), footprint.capacity);
        let occupied = footprint.occupied(visit);
        vec![
            passed(Rule::DoctorActive, self.rules.active),
            passed(Rule::InsideWorkingHours, self.schedule().covers(visit)),
            clear(Rule::NoClosure, &self.closed, visit),
            clear(Rule::NoTimeOff, &self.time_off, visit),
            clear(Rule::NotTaken, &full, occupied),
            not_held(&full, self.held(footprint, now).as_ref(), occupied),
        ]
    }

    /// The visit that would start at `start`; at the end of time, the last there is.
    fn visit_at(&self, start: DateTime<Utc>) -> Span {
        let length = self.visit.terms.length.duration();
        let start = start.min(DateTime::<Utc>::MAX_UTC - length);
        Span::new(start, start + length).expect("a slot has a length")
    }

    /// The first slot on the dates of `range` that is free and does not start before `after`.
    #[must_use]
    pub fn next_free(&self, range: DateRange, after: DateTime<Utc>, now: DateTime<Utc>) -> Option<Slot> {
        // A few weeks at a time: most often the first has one.
        let mut first = range.from();
        while first <= range.to() {
            let last = first.checked_add_days(Days::new(27)).unwrap_or(range.to()).min(range.to());
            let weeks = self.days(DateRange::new(first, last).ok()?, now);
            let found = weeks.iter().flat_map(Day::free).find(|slot| slot.span.start() >= after);
            if found.is_some() {
                return found.copied();
            }
            first = last.succ_opt()?;
        }
        None
    }

    /// The free starts nearest to `wanted` among those on the dates of `range`, at most `most`, the earliest first;
    /// neither the wanted one nor `but` is among them.
    #[must_use]
    pub fn alternatives(
        &self,
        wanted: DateTime<Utc>,
        but: Option<DateTime<Utc>>,
        range: DateRange,
        most: usize,
        now: DateTime<Utc>,
    ) -> Vec<DateTime<Utc>> {
        let mut starts: Vec<_> = self
            .days(range, now)
            .iter()
            .flat_map(Day::free)
            .map(|slot| slot.span.start())
            .filter(|&start| start != wanted && Some(start) != but)
            .collect();
        starts.sort_unstable_by_key(|start| ((*start - wanted).abs(), *start));
        starts.truncate(most);
        starts.sort_unstable();
        starts
    }
}

/// How a booking is marked of which this was found; or why it cannot be, but for what is set aside.
fn marks(findings: &[Finding], set_aside: Option<&SetAside>) -> Result<Marks, Refusals> {
    if let Some(refusals) = Refusals::of(findings, set_aside) {
        return Err(refusals);
    }
    let is_outside = |found: &Finding| !found.passed && found.rule.name() == Some(RuleName::OutsideWorkingHours);
    let beside_others = set_aside.is_some_and(|by| by.includes(RuleName::PatientBusy));
    Ok(Marks { outside_hours: findings.iter().any(is_outside), beside_others })
}

/// What is booked of what keeps a doctor busy, without what is held.
fn booked(busy: &[Busy]) -> Vec<Busy> {
    busy.iter().filter(|busy| busy.held_until.is_none()).copied().collect()
}

fn passed(rule: Rule, passed: bool) -> Finding {
    Finding { rule, passed, blocked_by: None }
}

fn clear(rule: Rule, of: &SpanSet, stretch: Span) -> Finding {
    let blocked_by = of.first_overlap(stretch);
    Finding { rule, passed: blocked_by.is_none(), blocked_by }
}

/// What is taken is not held as well.
fn not_held(taken: &SpanSet, held: Option<&SpanSet>, stretch: Span) -> Finding {
    let held = held.filter(|_| !taken.overlaps(stretch));
    held.map_or(passed(Rule::NotHeld, true), |held| clear(Rule::NotHeld, held, stretch))
}

fn day_of(days: &mut [Day], range: DateRange, date: chrono::NaiveDate) -> Option<&mut Day> {
    let index = usize::try_from((date - range.from()).num_days()).ok()?;
    days.get_mut(index)
}

#[cfg(test)]
mod tests;
