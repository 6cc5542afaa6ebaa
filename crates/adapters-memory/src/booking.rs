//! Bookings, and what they occupy.

use doctor_booking_domain::{Booking, BookingId, BookingParts, Revision};
use doctor_booking_ports::{
    BookingFilter, BookingPosition, Bookings, Page, PageRequest, SaveError, StoreBookingError, Unavailable,
};

use crate::MemoryStore;
use crate::occupancy::occupied;
use crate::page::page;
use crate::store::{State, insert};

/// [`Bookings`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryBookings(MemoryStore);

impl MemoryBookings {
    /// The bookings in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Bookings for MemoryBookings {
    fn store(&self, booking: &Booking, decided_on: Revision) -> Result<(), StoreBookingError> {
        let BookingParts { doctor, patient, status, .. } = *booking.parts();
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        if state.doctors.get(&doctor).is_none_or(|doctor| doctor.revision() != decided_on) {
            return Err(StoreBookingError::Stale);
        }
        if !state.patients.contains_key(&patient) {
            return Err(StoreBookingError::UnknownPatient);
        }
        let [with, who] = occupied(booking);
        let mut places = vec![];
        if status.is_live() {
            let seat = state.occupancy.room(with.0, with.1).ok_or(StoreBookingError::DoctorBusy)?;
            let room = state.occupancy.room(who.0, who.1).ok_or(StoreBookingError::PatientBusy)?;
            places = vec![(with, seat), (who, room)];
        }
        insert(&mut state.bookings, "bookings", booking.id(), booking.clone())?;
        for ((subject, busy), placement) in places {
            state.occupancy.occupy(subject, booking.id(), busy, &placement);
        }
        Ok(())
    }

    fn find(&self, id: BookingId) -> Result<Option<Booking>, Unavailable> {
        Ok(self.0.lock().bookings.get(&id).cloned())
    }

    fn list(
        &self,
        filter: &BookingFilter,
        request: &PageRequest<BookingPosition>,
    ) -> Result<Page<Booking, BookingPosition>, Unavailable> {
        let state = self.0.lock();
        let wanted = state.bookings.values().filter(|booking| passes(filter, booking.parts()));
        Ok(page(wanted, request, |booking| BookingPosition::from(booking)))
    }

    fn save(&self, booking: &Booking, seen: Revision) -> Result<(), SaveError> {
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        let stored = state.bookings.get_mut(&booking.id()).filter(|stored| stored.revision() == seen);
        let stored = stored.ok_or(SaveError::Stale)?;
        let (was_live, is_live) = (stored.status().is_live(), booking.status().is_live());
        if is_live && !was_live {
            // Its time may be someone else's by now: what was given back is not taken again.
            return Err(SaveError::Stale);
        }
        if was_live && !is_live {
            state.occupancy.release(stored);
        }
        let BookingParts { status, reason, cancel_reason, revision, updated_at, .. } = booking.parts().clone();
        let kept = stored.parts().clone();
        *stored = Booking::from_parts(BookingParts { status, reason, cancel_reason, revision, updated_at, ..kept });
        Ok(())
    }
}

fn passes(filter: &BookingFilter, booking: &BookingParts) -> bool {
    let BookingFilter { doctor, patient, from, to, from_date, to_date, status } = filter;
    let start = booking.span.start();
    // On the clock on which it was agreed, which the doctor's may no longer be.
    let date = booking.zone.date(start);
    doctor.is_none_or(|doctor| booking.doctor == doctor)
        && patient.is_none_or(|patient| booking.patient == patient)
        && from.is_none_or(|from| from <= start)
        && to.is_none_or(|to| start < to)
        && from_date.is_none_or(|from| from <= date)
        && to_date.is_none_or(|to| date <= to)
        && status.is_none_or(|status| booking.status == status)
}
