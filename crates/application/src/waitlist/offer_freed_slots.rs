//! What becomes free goes to whoever waits for it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    Author, Calendar, DateRange, Day, Entry, Offer, Revision, VisitType, WaitFor, Waiting, WaitingParts, WaitingStatus,
    What, Who,
};
use doctor_booking_ports::{
    Along, CalendarFilter, Calendars, Clock, Ids, Limit, NewHold, Offering, StoreHoldError, Unavailable, VisitTypes,
    Waitlist,
};

use super::join_waitlist::live_places;
use crate::{ATTEMPTS, MOST_HOLDS};

/// How long a slot is held for whoever waits.
pub const OFFERED_FOR: TimeDelta = TimeDelta::minutes(15);

/// Offers free slots to those who wait, in the order of the line.
#[derive(Clone)]
pub struct OfferFreedSlots {
    waitlist: Arc<dyn Waitlist>,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl OfferFreedSlots {
    /// The use case over these ports.
    pub fn new(
        waitlist: Arc<dyn Waitlist>,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { waitlist, calendars, visit_types, clock, ids }
    }

    /// Puts those back in line whose offers were not taken, then offers the earliest slot that suits to everybody in line
    /// for whom there is one; how many were offered one.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    pub fn execute(&self) -> Result<usize, Unavailable> {
        let now = self.clock.now();
        self.waitlist.lapse(now)?;
        // Somewhere it is still yesterday.
        let today = now.date_naive().pred_opt().unwrap_or(now.date_naive());
        let (mut offered, mut after, mut ahead) = (0, None, Ahead::default());
        loop {
            let line = self.waitlist.in_line(today, after, Limit::default())?;
            let Some(last) = line.last() else { return Ok(offered) };
            after = Some((last.parts().since, last.id()));
            for waiting in line {
                if ahead.wants_the_same(&waiting) {
                    continue;
                }
                match self.offer(&waiting, &ahead)? {
                    Turn::Offered => offered += 1,
                    Turn::NothingFree => ahead.0.push(waiting),
                    Turn::Gone => {}
                    // What became free in the meantime is offered from the front of the line, the next time.
                    Turn::Overtakes => return Ok(offered),
                }
            }
        }
    }

    /// Offers the earliest slot that suits, if there is one, and nobody ahead in the line could have it.
    fn offer(&self, waiting: &Waiting, ahead: &Ahead) -> Result<Turn, Unavailable> {
        // Who waits for much is not to have all of it at once while others get nothing.
        let live = live_places(&*self.waitlist, waiting.parts().patient)?;
        let is_offered = |place: &&Waiting| matches!(place.parts().status, WaitingStatus::Offered { .. });
        if live.iter().filter(is_offered).count() >= MOST_HOLDS {
            return Ok(Turn::Gone);
        }
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let Some((offer, rules)) = self.earliest(waiting, now)? else { return Ok(Turn::NothingFree) };
            for other in ahead.who_might_want(&offer) {
                if self.earliest(other, now)?.is_some() {
                    return Ok(Turn::Overtakes);
                }
            }
            let hold = offer.held_for(self.ids.hold(), waiting, now + OFFERED_FOR, now);
            let by = Author { who: Who::Service, at: now, why: None };
            let offered = waiting.offered(hold.id, hold.expires_at, now);
            let along =
                Along::entry(Entry::waiting(self.ids.entry(), What::WaitlistOffered, &offered, Some(&hold), &by));
            let hold = NewHold { hold, decided_on: rules, most: usize::MAX, along };
            match self.waitlist.offer(&Offering { waiting: offered, seen: waiting.revision(), hold }) {
                Ok(()) => return Ok(Turn::Offered),
                // Somebody was faster, or the rules have changed: look again, unless the place itself has changed.
                Err(StoreHoldError::Stale | StoreHoldError::DoctorBusy) => {
                    let there = self.waitlist.find(waiting.id())?;
                    if there.is_none_or(|there| there.revision() != waiting.revision()) {
                        return Ok(Turn::Gone);
                    }
                }
                Err(StoreHoldError::TooMany | StoreHoldError::Answered) => return Ok(Turn::Gone),
                Err(StoreHoldError::Unavailable(error)) => return Err(error),
            }
        }
        Ok(Turn::Gone)
    }

    /// The earliest slot that suits, of whichever doctor.
    fn earliest(&self, waiting: &Waiting, now: DateTime<Utc>) -> Result<Option<(Offer, Revision)>, Unavailable> {
        let WaitingParts { wanted, visit_type, dates, .. } = waiting.parts();
        let which = match wanted {
            WaitFor::Doctor(doctor) => CalendarFilter { doctors: vec![*doctor], specialty: None },
            WaitFor::Specialty(specialty) => CalendarFilter { doctors: vec![], specialty: Some(specialty.key()) },
        };
        let all = self.calendars.load_all(&which, dates.reach())?;
        let visit_type = match visit_type {
            // Types are never removed.
            Some(id) => self.visit_types.find(*id)?,
            None => None,
        };
        let offers = all.into_iter().filter_map(|seen| {
            let offer = first_offer(seen.calendar, visit_type.as_ref(), *dates, now)?;
            Some((offer, seen.rules))
        });
        Ok(offers.min_by_key(|(offer, _)| (offer.span().start(), offer.doctor())))
    }
}

/// What became of somebody's turn.
enum Turn {
    /// A slot is held for them.
    Offered,
    /// Nothing that suits is free.
    NothingFree,
    /// They are not in line any more, or too much else happens.
    Gone,
    /// There is a slot now, but somebody ahead of them could have it.
    Overtakes,
}

/// Those ahead in the line for whom nothing was free when it was their turn; of those who want the same, the first. What
/// becomes free afterwards must not go to those behind them.
#[derive(Default)]
struct Ahead(Vec<Waiting>);

impl Ahead {
    fn wants_the_same(&self, waiting: &Waiting) -> bool {
        let wish =
            |WaitingParts { wanted, visit_type, dates, .. }: &WaitingParts| (wanted.clone(), *visit_type, *dates);
        self.0.iter().any(|other| wish(other.parts()) == wish(waiting.parts()))
    }

    /// Those whom a slot might suit, as far as their own wishes say.
    fn who_might_want(&self, offer: &Offer) -> impl Iterator<Item = &Waiting> {
        let (doctor, span) = (offer.doctor(), offer.span());
        self.0.iter().filter(move |other| {
            let WaitingParts { wanted, dates, .. } = other.parts();
            dates.reach().overlaps(&span) && !matches!(wanted, WaitFor::Doctor(other) if *other != doctor)
        })
    }
}

fn first_offer(
    calendar: Calendar,
    visit_type: Option<&VisitType>,
    dates: DateRange,
    now: DateTime<Utc>,
) -> Option<Offer> {
    let calendar = match visit_type {
        Some(visit_type) => calendar.for_visits(visit_type),
        None => calendar,
    };
    let days = calendar.days(dates, now);
    let first = days.iter().flat_map(Day::free).map(|slot| slot.span.start()).min()?;
    calendar.offer(first, now).ok()
}
