//! Changing a doctor's rules without leaving a patient before a closed door.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Booking, Doctor, DoctorId, Exceptions, Impact, Revision};
use doctor_booking_ports::{Clock, Doctors, ExceptionChange, Outlook, RulesChange, SaveError, Unavailable};
use thiserror::Error;

use crate::ATTEMPTS;

/// What to do when a change would leave bookings outside working hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IfAffected {
    /// Refuse the change, and say which.
    #[default]
    Refuse,
    /// Change all the same; the bookings stay and are marked.
    Keep,
}

/// How a change of a doctor's rules is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ChangeOptions {
    /// Only if the doctor still has this revision.
    pub expected: Option<Revision>,
    /// What to do about bookings that would be left outside working hours.
    pub if_affected: IfAffected,
    /// Only tell what would happen, and store nothing.
    pub dry_run: bool,
}

/// What a change of a doctor's rules has done, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesChanged {
    /// The doctor after the change.
    pub doctor: Doctor,
    /// Bookings to come that it leaves outside working hours, by start.
    pub affected: Vec<Booking>,
}

/// Why a doctor's rules were not changed.
#[derive(Debug, Error)]
pub enum ChangeRulesError<R> {
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// The doctor no longer has the expected revision.
    #[error("the doctor has changed in the meantime")]
    Changed,
    /// What was asked for is not possible.
    #[error("{0}")]
    Refused(R),
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

/// What was decided about a doctor's rules.
pub(crate) struct Decision {
    /// The doctor as he or she should be.
    doctor: Doctor,
    /// The exceptions as they would be.
    exceptions: Exceptions,
    /// What changes about them.
    change: Option<ExceptionChange>,
}

impl Decision {
    /// The doctor changes, the exceptions stay.
    pub(crate) fn of_doctor(doctor: Doctor, seen: &Outlook) -> Self {
        Self { doctor, exceptions: seen.exceptions.clone(), change: None }
    }

    /// The exceptions change, and the doctor only by a revision.
    pub(crate) fn of_exceptions(
        seen: &Outlook,
        exceptions: Exceptions,
        change: ExceptionChange,
        now: DateTime<Utc>,
    ) -> Self {
        Self { doctor: seen.doctor.revised(now), exceptions, change: Some(change) }
    }
}

/// Decides and saves a change of a doctor's rules together with what it does to bookings there are.
pub(crate) fn change_rules<R>(
    doctors: &dyn Doctors,
    clock: &dyn Clock,
    id: DoctorId,
    options: ChangeOptions,
    decide: impl Fn(&Outlook, DateTime<Utc>) -> Result<Decision, R>,
) -> Result<RulesChanged, ChangeRulesError<R>> {
    for _ in 0..ATTEMPTS {
        let now = clock.now();
        let seen = doctors.outlook(id, now)?.ok_or(ChangeRulesError::UnknownDoctor)?;
        let revision = seen.doctor.revision();
        if options.expected.is_some_and(|expected| expected != revision) {
            return Err(ChangeRulesError::Changed);
        }
        let Decision { doctor, exceptions, change } = decide(&seen, now).map_err(ChangeRulesError::Refused)?;
        let impact = Impact::of(&doctor, &exceptions, &seen.upcoming, now);
        let Impact { stranded: mut affected, mut marked, judged } = impact;
        if doctor.rules() == seen.doctor.rules() && exceptions == seen.exceptions {
            // Another name strands nobody, also where newer zone rules have moved a booking out of hours.
            (affected, marked) = (vec![], vec![]);
        }
        if options.dry_run {
            return Ok(RulesChanged { doctor, affected });
        }
        if !affected.is_empty() && options.if_affected == IfAffected::Refuse {
            return Err(ChangeRulesError::BookingsAffected(affected));
        }
        let change = RulesChange { doctor, seen: revision, judged, marked, exception: change };
        match doctors.save(&change) {
            Ok(()) => return Ok(RulesChanged { doctor: change.doctor, affected }),
            Err(SaveError::Stale) => {} // the doctor, or the bookings, changed under us: look again
            Err(SaveError::Unavailable(error)) => return Err(error.into()),
        }
    }
    Err(ChangeRulesError::Contended)
}
