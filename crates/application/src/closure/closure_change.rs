//! Closing or opening the whole hospital without leaving a patient before a closed door.

use doctor_booking_domain::{Booking, Closure, Impact};
use doctor_booking_ports::{Clock, ClosureChange, ClosureStep, Closures, SaveError, Unavailable};
use thiserror::Error;

use crate::{ATTEMPTS, ChangeOptions, IfAffected};

/// What a closure that came or went has done, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureChanged {
    /// Which closure.
    pub closure: Closure,
    /// Bookings to come that it leaves outside working hours, by start.
    pub affected: Vec<Booking>,
}

/// Why a closure did not come or go.
#[derive(Debug, Error)]
pub enum ChangeClosureError {
    /// There is no such closure.
    #[error("there is no such closure")]
    UnknownClosure,
    /// These bookings would be left outside working hours.
    #[error("the change would leave {} bookings outside working hours", .0.len())]
    BookingsAffected(Vec<Booking>),
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Decides and saves that a closure comes or goes, together with what it does to bookings there are.
pub(super) fn change_closure(
    closures: &dyn Closures,
    clock: &dyn Clock,
    step: &ClosureStep,
    options: ChangeOptions,
) -> Result<ClosureChanged, ChangeClosureError> {
    let closure = step.closure();
    for _ in 0..ATTEMPTS {
        let now = clock.now();
        let (mut affected, mut marked, mut doctors, mut bookings) = (vec![], vec![], vec![], vec![]);
        for seen in closures.outlooks(closure.date, now)? {
            let mut exceptions = seen.exceptions;
            match step {
                ClosureStep::Add(_) => exceptions.closures.push(closure.date),
                ClosureStep::Remove(_) => exceptions = exceptions.without_closure(closure.date),
            }
            let impact = Impact::of(&seen.doctor, &exceptions, &seen.upcoming, now);
            doctors.push((seen.doctor.id(), seen.doctor.revision()));
            affected.extend(impact.stranded);
            marked.extend(impact.marked);
            bookings.extend(impact.judged.bookings);
        }
        affected.sort_by_key(|booking| (booking.span(), booking.id()));
        if !options.dry_run {
            if !affected.is_empty() && options.if_affected == IfAffected::Refuse {
                return Err(ChangeClosureError::BookingsAffected(affected));
            }
            bookings.sort_unstable();
            let change = ClosureChange { step: step.clone(), as_of: now, doctors, bookings, marked };
            match closures.save(&change) {
                Ok(()) => {}
                Err(SaveError::Stale) => continue, // doctors or bookings changed under us: look again
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        return Ok(ClosureChanged { closure: closure.clone(), affected });
    }
    Err(ChangeClosureError::Contended)
}
