//! Doctors and their rules.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Booking, BookingId, BookingParts, Doctor, DoctorId, Judged, Revision, Upcoming};
use doctor_booking_ports::{
    DoctorFilter, DoctorPosition, Doctors, Page, PageRequest, RulesChange, SaveError, Unavailable,
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
    fn add(&self, doctor: &Doctor) -> Result<(), Unavailable> {
        insert(&mut self.0.lock().doctors, "doctors", doctor.id(), doctor.clone())
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

    fn find_with_upcoming(
        &self,
        id: DoctorId,
        as_of: DateTime<Utc>,
    ) -> Result<Option<(Doctor, Upcoming)>, Unavailable> {
        let state = self.0.lock();
        Ok(state.doctors.get(&id).map(|doctor| {
            let bookings = state.upcoming(id, as_of).cloned().collect();
            (doctor.clone(), Upcoming { as_of, bookings })
        }))
    }

    fn save(&self, change: &RulesChange) -> Result<(), SaveError> {
        let RulesChange { doctor, seen, judged, marked } = change;
        let mut state = self.0.lock();
        let as_seen = state.doctors.get(&doctor.id()).is_some_and(|stored| stored.revision() == *seen);
        if !as_seen || !state.were_all(judged, doctor.id()) || !marked.iter().all(|booking| is_next(judged, booking)) {
            return Err(SaveError::Stale);
        }
        for booking in marked {
            state.mark(booking);
        }
        state.doctors.insert(doctor.id(), doctor.clone());
        Ok(())
    }
}

impl State {
    /// The doctor's live bookings that end after `as_of`.
    fn upcoming(&self, doctor: DoctorId, as_of: DateTime<Utc>) -> impl Iterator<Item = &Booking> {
        self.occupancy.after(Subject::Doctor(doctor), as_of).filter_map(|id| self.bookings.get(&id))
    }

    /// Whether the bookings that were judged are those there are.
    fn were_all(&self, judged: &Judged, doctor: DoctorId) -> bool {
        let there = self.upcoming(doctor, judged.as_of).map(|booking| (booking.id(), booking.revision()));
        sorted(there) == sorted(judged.bookings.iter().copied())
    }

    /// Gives the booking its mark; nothing else about it changes.
    fn mark(&mut self, booking: &Booking) {
        let &BookingParts { outside_hours, revision, updated_at, .. } = booking.parts();
        self.bookings.entry(booking.id()).and_modify(|stored| {
            let kept = stored.parts().clone();
            *stored = Booking::from_parts(BookingParts { outside_hours, revision, updated_at, ..kept });
        });
    }
}

/// Whether the booking is one revision later than it was judged.
fn is_next(judged: &Judged, booking: &Booking) -> bool {
    judged.bookings.iter().any(|&(id, revision)| id == booking.id() && revision.next() == booking.revision())
}

fn sorted(bookings: impl Iterator<Item = (BookingId, Revision)>) -> Vec<(BookingId, Revision)> {
    let mut bookings: Vec<_> = bookings.collect();
    bookings.sort_unstable();
    bookings
}
