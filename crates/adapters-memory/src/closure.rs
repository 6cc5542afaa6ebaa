//! Dates on which the whole hospital is closed.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{Booking, Closure, ClosureId, DateRange, Doctor, DoctorId, Hold, Schedule, Span, Upcoming};
use doctor_booking_ports::{
    ClosureChange, ClosurePosition, ClosureStep, Closures, Outlook, Page, PageRequest, SaveError, Unavailable,
};

use crate::MemoryStore;
use crate::doctor::{are_next, same, sorted, were_all};
use crate::page::page;
use crate::store::{State, insert};

/// [`Closures`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryClosures(MemoryStore);

impl MemoryClosures {
    /// The closures in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Closures for MemoryClosures {
    fn find(&self, id: ClosureId) -> Result<Option<Closure>, Unavailable> {
        Ok(self.0.lock().closures.get(&id).cloned())
    }

    fn list(&self, request: &PageRequest<ClosurePosition>) -> Result<Page<Closure, ClosurePosition>, Unavailable> {
        Ok(page(self.0.lock().closures.values(), request, |closure| ClosurePosition::from(closure)))
    }

    fn outlooks(&self, date: NaiveDate, as_of: DateTime<Utc>) -> Result<Vec<Outlook>, Unavailable> {
        let state = self.0.lock();
        let outlook = |doctor: &Doctor| {
            let bookings: Vec<_> = state.affected(doctor.id(), date, as_of).cloned().collect();
            let holds: Vec<_> = state.affected_holds(doctor.id(), date, as_of).cloned().collect();
            let spans = || bookings.iter().map(Booking::span).chain(holds.iter().map(|hold| hold.span));
            let start = spans().map(|span| span.start()).min()?;
            let end = spans().map(|span| span.end()).max()?;
            let dates = Schedule::dates_around(Span::new(start, end).ok()?);
            Some(Outlook {
                doctor: doctor.clone(),
                exceptions: state.exceptions(doctor.id(), &(dates.from()..=dates.to()), (start, end)),
                upcoming: Upcoming { as_of, bookings, holds },
            })
        };
        Ok(state.doctors.values().filter_map(outlook).collect())
    }

    fn save(&self, change: &ClosureChange) -> Result<(), SaveError> {
        let ClosureChange { step, as_of, doctors, bookings, holds, marked, along } = change;
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        state.is_new(along)?;
        let date = step.closure().date;
        let there = sorted(state.doctors.keys().flat_map(|&doctor| state.affected(doctor, date, *as_of)));
        let there_held =
            state.doctors.keys().flat_map(|&doctor| state.affected_holds(doctor, date, *as_of)).map(|hold| hold.id);
        if !doctors.iter().all(|&(doctor, seen)| state.has_rules(doctor, seen))
            || !same(holds, there_held)
            || !were_all(bookings, &there)
            || !are_next(marked, &there)
        {
            return Err(SaveError::Stale);
        }
        match step {
            ClosureStep::Add(closure) => insert(&mut state.closures, "closures", closure.id, closure.clone())?,
            ClosureStep::Remove(closure) => {
                state.closures.remove(&closure.id).ok_or(SaveError::Stale)?;
            }
        }
        state.revise_all(*as_of);
        for booking in marked {
            state.mark(booking);
        }
        state.write(along);
        Ok(())
    }
}

impl State {
    /// The doctor's live bookings that a closure of `date` may meet and that end after `as_of`.
    fn affected(&self, doctor: DoctorId, date: NaiveDate, as_of: DateTime<Utc>) -> impl Iterator<Item = &Booking> {
        let reach = DateRange::day(date).reach();
        self.upcoming(doctor, as_of).filter(move |booking| booking.span().overlaps(&reach))
    }

    /// The doctor's holds that a closure of `date` may meet and that expire after `as_of`.
    fn affected_holds(&self, doctor: DoctorId, date: NaiveDate, as_of: DateTime<Utc>) -> impl Iterator<Item = &Hold> {
        let reach = DateRange::day(date).reach();
        self.live_holds(as_of).filter(move |hold| hold.doctor == doctor && hold.span.overlaps(&reach))
    }
}
