//! Doctors and their rules.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Booking, BookingId, BookingParts, Doctor, DoctorId, HoldId, Revision, Schedule, Upcoming};
use doctor_booking_ports::{
    AddError, Along, DoctorFilter, DoctorPosition, Doctors, Outlook, Page, PageRequest, RulesChange, SaveError,
    Unavailable,
};

use crate::MemoryStore;
use crate::occupancy::Subject;
use crate::page::page;
use crate::store::{State, insert};

/// [`Doctors`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryDoctors(MemoryStore);

impl MemoryDoctors {
    /// The doctors in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Doctors for MemoryDoctors {
    fn add(&self, doctor: &Doctor, along: &Along) -> Result<(), AddError> {
        let mut state = self.0.lock();
        state.is_new(along)?;
        insert(&mut state.doctors, "doctors", doctor.id(), doctor.clone())?;
        state.write(along);
        Ok(())
    }

    fn find(&self, id: DoctorId) -> Result<Option<Doctor>, Unavailable> {
        Ok(self.0.lock().doctors.get(&id).cloned())
    }

    fn list(
        &self,
        filter: &DoctorFilter,
        request: &PageRequest<DoctorPosition>,
    ) -> Result<Page<Doctor, DoctorPosition>, Unavailable> {
        let DoctorFilter { specialty, name, active } = filter;
        let state = self.0.lock();
        let wanted = state.doctors.values().filter(|doctor| {
            specialty.as_ref().is_none_or(|specialty| doctor.specialty().key() == *specialty)
                && name.as_ref().is_none_or(|name| doctor.name().key().matches(name))
                && active.is_none_or(|active| doctor.rules().active == active)
        });
        Ok(page(wanted, request, |doctor| DoctorPosition::from(doctor)))
    }

    fn outlook(&self, id: DoctorId, as_of: DateTime<Utc>) -> Result<Option<Outlook>, Unavailable> {
        let state = self.0.lock();
        Ok(state.doctors.get(&id).map(|doctor| {
            let bookings = state.upcoming(id, as_of).cloned().collect();
            let holds = state.live_holds(as_of).filter(|hold| hold.doctor == id).cloned().collect();
            Outlook {
                doctor: doctor.clone(),
                exceptions: state.exceptions(id, &(Schedule::dates_since(as_of)..), (as_of, DateTime::<Utc>::MAX_UTC)),
                upcoming: Upcoming { as_of, bookings, holds },
            }
        }))
    }

    fn save(&self, change: &RulesChange) -> Result<(), SaveError> {
        let RulesChange { doctor, seen, judged, marked, exception, along } = change;
        let mut state = self.0.lock();
        state.is_new(along)?;
        let as_seen = state.has_rules(doctor.id(), *seen);
        let there = sorted(state.upcoming(doctor.id(), judged.as_of));
        let holds = state.live_holds(judged.as_of).filter(|hold| hold.doctor == doctor.id()).map(|hold| hold.id);
        if !as_seen || !same(&judged.holds, holds) || !were_all(&judged.bookings, &there) || !are_next(marked, &there) {
            return Err(SaveError::Stale);
        }
        if let Some(exception) = exception {
            state.change_exceptions(doctor.id(), exception)?;
        }
        for booking in marked {
            state.mark(booking);
        }
        state.doctors.insert(doctor.id(), doctor.clone());
        state.write(along);
        Ok(())
    }
}

impl State {
    /// Whether the doctor is there and has these rules.
    pub(crate) fn has_rules(&self, id: DoctorId, revision: Revision) -> bool {
        self.doctors.get(&id).is_some_and(|doctor| doctor.revision() == revision)
    }

    /// Raises the revision of every doctor.
    pub(crate) fn revise_all(&mut self, now: DateTime<Utc>) {
        for doctor in self.doctors.values_mut() {
            *doctor = doctor.revised(now);
        }
    }

    /// The doctor's live bookings that end after `as_of`.
    pub(crate) fn upcoming(&self, doctor: DoctorId, as_of: DateTime<Utc>) -> impl Iterator<Item = &Booking> {
        let found = self.occupancy.after(Subject::Doctor(doctor), as_of).filter_map(|id| self.bookings.get(&id));
        // A buffer may last longer than the visit.
        found.filter(move |booking| booking.span().end() > as_of)
    }

    /// Gives the booking its mark; nothing else about it changes.
    pub(crate) fn mark(&mut self, booking: &Booking) {
        let &BookingParts { outside_hours, revision, updated_at, .. } = booking.parts();
        self.bookings.entry(booking.id()).and_modify(|stored| {
            let kept = stored.parts().clone();
            *stored = Booking::from_parts(BookingParts { outside_hours, revision, updated_at, ..kept });
        });
    }
}

/// Whether the bookings that were looked at are those that are `there`, which are in order.
pub(crate) fn were_all(looked_at: &[(BookingId, Revision)], there: &[(BookingId, Revision)]) -> bool {
    let mut looked_at = looked_at.to_vec();
    looked_at.sort_unstable();
    looked_at == there
}

/// Whether the holds that were looked at are those that are `there`.
pub(crate) fn same(looked_at: &[HoldId], there: impl Iterator<Item = HoldId>) -> bool {
    let mut looked_at = looked_at.to_vec();
    looked_at.sort_unstable();
    let mut there: Vec<_> = there.collect();
    there.sort_unstable();
    looked_at == there
}

/// Whether each of the bookings is one revision later than it is `there`.
pub(crate) fn are_next(marked: &[Booking], there: &[(BookingId, Revision)]) -> bool {
    let is_next = |booking: &Booking| {
        let found = there.binary_search_by_key(&booking.id(), |&(id, _)| id);
        found.is_ok_and(|index| there[index].1.next() == booking.revision())
    };
    marked.iter().all(is_next)
}

/// The bookings with their revisions, by id.
pub(crate) fn sorted<'a>(bookings: impl Iterator<Item = &'a Booking>) -> Vec<(BookingId, Revision)> {
    let mut bookings: Vec<_> = bookings.map(|booking| (booking.id(), booking.revision())).collect();
    bookings.sort_unstable();
    bookings
}
