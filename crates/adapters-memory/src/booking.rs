//! Bookings, and what they occupy.

use doctor_booking_domain::{Booking, BookingId, BookingParts, Busy, Hold, Placement, Revision};
use doctor_booking_ports::{
    BookingChange, BookingFilter, BookingPosition, Bookings, NewBooking, NewSeries, Occupied, Page, PageRequest,
    SaveError, StoreBookingError, StoreSeriesError, Unavailable,
};

use crate::MemoryStore;
use crate::occupancy::{By, Subject, occupied};
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
    fn store(&self, new: &NewBooking) -> Result<(), StoreBookingError> {
        let NewBooking { booking, decided_on, hold, along } = new;
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        state.is_new(along)?;
        if !state.has_rules(booking.doctor(), *decided_on) {
            return Err(StoreBookingError::Stale);
        }
        if !state.patients.contains_key(&booking.parts().patient) {
            return Err(StoreBookingError::UnknownPatient);
        }
        let now = booking.parts().updated_at;
        let own = match hold {
            Some(id) => {
                let is_fit = |hold: &&Hold| hold.is_live(now) && hold.doctor == booking.doctor();
                state.holds.get(id).filter(is_fit).ok_or(StoreBookingError::HoldGone)?;
                By::Hold(*id)
            }
            None => By::Booking(booking.id()),
        };
        let places = state.room_for(booking, own)?;
        insert(&mut state.bookings, "bookings", booking.id(), booking.clone())?;
        if let Some(hold) = hold.and_then(|hold| state.take_hold(hold)) {
            state.settle(&hold, |waiting| waiting.booked(now));
        }
        state.seat(booking, places);
        state.write(along);
        Ok(())
    }

    fn store_all(&self, new: &NewSeries) -> Result<(), StoreSeriesError> {
        let NewSeries { bookings, decided_on, along } = new;
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        state.is_new(along)?;
        let mut places = Vec::new();
        let mut occupied = Vec::new();
        for booking in bookings {
            if !state.has_rules(booking.doctor(), *decided_on) {
                return Err(StoreSeriesError::Stale);
            }
            if !state.patients.contains_key(&booking.parts().patient) {
                return Err(StoreSeriesError::UnknownPatient);
            }
            // No two of them overlap, so that each can be looked at as if it were the only one.
            match state.room_for(booking, By::Booking(booking.id())) {
                Ok(room) => places.push((booking, room)),
                Err(StoreBookingError::PatientBusy) => occupied.push((booking.id(), Occupied::Patient)),
                Err(_) => occupied.push((booking.id(), Occupied::Doctor)),
            }
        }
        if !occupied.is_empty() {
            return Err(StoreSeriesError::Occupied(occupied));
        }
        for booking in bookings {
            if state.bookings.contains_key(&booking.id()) {
                return Err(Unavailable::inconsistent("bookings", &booking.id(), "it is there already").into());
            }
        }
        for (booking, room) in places {
            insert(&mut state.bookings, "bookings", booking.id(), booking.clone())?;
            state.seat(booking, room);
        }
        state.write(along);
        Ok(())
    }

    fn place(&self, change: &BookingChange, decided_on: Revision) -> Result<(), StoreBookingError> {
        let BookingChange { booking, seen, along } = change;
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        state.is_new(along)?;
        if !state.has_rules(booking.doctor(), decided_on) {
            return Err(StoreBookingError::Stale);
        }
        let stored = state.bookings.get(&booking.id()).filter(|stored| stored.revision() == *seen).cloned();
        let stored = stored.ok_or(StoreBookingError::Stale)?;
        let places = state.room_for(booking, By::Booking(booking.id()))?;
        state.release(&stored);
        state.bookings.insert(booking.id(), booking.clone());
        state.seat(booking, places);
        state.write(along);
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

    fn save(&self, change: &BookingChange) -> Result<(), SaveError> {
        let BookingChange { booking, seen, along } = change;
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        state.is_new(along)?;
        let stored = state.bookings.get(&booking.id()).filter(|stored| stored.revision() == *seen).cloned();
        let stored = stored.ok_or(SaveError::Stale)?;
        let (was_live, is_live) = (stored.status().is_live(), booking.status().is_live());
        if is_live && !was_live {
            // Its time may be someone else's by now: what was given back is not taken again.
            return Err(SaveError::Stale);
        }
        if was_live && !is_live {
            state.release(&stored);
        }
        let BookingParts { status, reason, cancel_reason, revision, updated_at, .. } = booking.parts().clone();
        let kept = stored.parts().clone();
        let saved = BookingParts { status, reason, cancel_reason, revision, updated_at, ..kept };
        state.bookings.insert(booking.id(), Booking::from_parts(saved));
        state.write(along);
        Ok(())
    }
}

/// Where a booking sits with its doctor, and with its patient.
type Places = Vec<(Subject, Busy, Placement<By>)>;

impl State {
    /// Room for a live booking, beside everything but what is its `own` already.
    fn room_for(&self, booking: &Booking, own: By) -> Result<Places, StoreBookingError> {
        if !booking.status().is_live() {
            return Ok(vec![]);
        }
        let now = booking.parts().updated_at;
        let [(doctor, with), (patient, visit)] = occupied(booking);
        let seat = self.occupancy.room(doctor, with, own, now).ok_or(StoreBookingError::DoctorBusy)?;
        let room = if booking.parts().beside_others {
            self.occupancy.room_beside(patient, visit, own)
        } else {
            self.occupancy.room(patient, visit, own, now)
        };
        let room = room.ok_or(StoreBookingError::PatientBusy)?;
        Ok(vec![(doctor, with, seat), (patient, visit, room)])
    }

    fn seat(&mut self, booking: &Booking, places: Places) {
        self.clear_expired(booking.parts().updated_at);
        for (subject, busy, placement) in places {
            self.occupancy.occupy(subject, By::Booking(booking.id()), busy, &placement);
        }
    }

    /// Gives back what a booking occupies, if it is live.
    fn release(&mut self, booking: &Booking) {
        for (subject, busy) in occupied(booking) {
            self.occupancy.release(subject, By::Booking(booking.id()), busy);
        }
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
