//! Many at the same moment, and what became of them.

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;

use doctor_booking_domain::{Booking, BookingStatus, Doctor};
use doctor_booking_ports::{BookingFilter, Limit, StoreBookingError};

use crate::{Fixture, given};

/// Does the same with every item, each on a thread of its own, all from the same moment on; what each answered, in the
/// order of the items.
pub(crate) fn at_once<I: Send, T: Send>(items: impl IntoIterator<Item = I>, act: impl Fn(I) -> T + Sync) -> Vec<T> {
    let items: Vec<I> = items.into_iter().collect();
    let (start, act) = (&Barrier::new(items.len()), &act);
    thread::scope(|scope| {
        let begin = |item| {
            scope.spawn(move || {
                start.wait();
                act(item)
            })
        };
        let running: Vec<_> = items.into_iter().map(begin).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// Does both on threads of their own, from the same moment on.
pub(crate) fn together<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    let start = &Barrier::new(2);
    thread::scope(|scope| {
        let one = scope.spawn(move || {
            start.wait();
            one()
        });
        start.wait();
        let other = other();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), other)
    })
}

/// How often each answer was given.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Answers {
    pub(crate) stored: usize,
    pub(crate) stale: usize,
    pub(crate) doctor_busy: usize,
    pub(crate) patient_busy: usize,
}

impl Answers {
    /// Those among the results. No store may answer anything else only because many ask at once.
    pub(crate) fn of<'a, T: 'a>(results: impl IntoIterator<Item = &'a Result<T, StoreBookingError>>) -> Self {
        let mut answers = Self::default();
        for result in results {
            match result {
                Ok(_) => answers.stored += 1,
                Err(StoreBookingError::Stale) => answers.stale += 1,
                Err(StoreBookingError::DoctorBusy) => answers.doctor_busy += 1,
                Err(StoreBookingError::PatientBusy) => answers.patient_busy += 1,
                Err(
                    error @ (StoreBookingError::UnknownPatient
                    | StoreBookingError::HoldGone
                    | StoreBookingError::Answered
                    | StoreBookingError::Unavailable(_)),
                ) => {
                    panic!("no store may answer this only because many ask at once: {error:?}")
                }
            }
        }
        answers
    }
}

/// Every live booking there is.
pub(crate) fn live(store: &Fixture) -> Vec<Booking> {
    let filter = BookingFilter { status: Some(BookingStatus::Booked), ..BookingFilter::default() };
    given::read_by(Limit::MOST, |page| store.bookings.list(&filter, page))
}

/// Every live booking of the doctor.
pub(crate) fn live_of(store: &Fixture, doctor: &Doctor) -> Vec<Booking> {
    live(store).into_iter().filter(|booking| booking.parts().doctor == doctor.id()).collect()
}

pub(crate) fn same_doctor(one: &Booking, other: &Booking) -> bool {
    one.parts().doctor == other.parts().doctor
}

pub(crate) fn same_patient(one: &Booking, other: &Booking) -> bool {
    one.parts().patient == other.parts().patient
}

pub(crate) fn assert_nothing_overlaps(bookings: &[Booking]) {
    for (index, one) in bookings.iter().enumerate() {
        for other in &bookings[index + 1..] {
            let share = same_doctor(one, other) || same_patient(one, other);
            assert!(!(share && one.span().overlaps(&other.span())), "{one:?} overlaps {other:?}");
        }
    }
}
