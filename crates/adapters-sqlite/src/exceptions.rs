//! Where doctors' time departs from the week.

use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveDate;
use diesel::prelude::*;
use doctor_booking_domain::{DateRange, DoctorId, Exceptions, Overrides, Schedule, Span};
use doctor_booking_ports::{ExceptionChange, SaveError, Unavailable};

use crate::unavailable::Abort;
use crate::value::{Id, Micros};
use crate::{closure, overrides, time_off};

/// The exceptions of many doctors.
pub(crate) struct Loaded {
    overrides: HashMap<Id, Overrides>,
    time_off: HashMap<Id, Vec<Span>>,
    closures: Vec<NaiveDate>,
}

/// Everything that can matter to these doctors in `span`.
pub(crate) fn around(
    connection: &mut SqliteConnection,
    doctors: &[Id],
    span: Span,
) -> Result<Loaded, Abort<Unavailable>> {
    let during = Micros::floor(span.start())..Micros::ceil(span.end());
    load(connection, doctors, Schedule::dates_around(span), during)
}

/// The overrides of these doctors, and the closures, on `dates`, and the doctors' time off that ends after the start of
/// `during` and starts before its end: three statements, however many they are.
pub(crate) fn load(
    connection: &mut SqliteConnection,
    doctors: &[Id],
    dates: DateRange,
    during: Range<Micros>,
) -> Result<Loaded, Abort<Unavailable>> {
    Ok(Loaded {
        overrides: overrides::load(connection, doctors, dates)?,
        time_off: time_off::load(connection, doctors, during)?,
        closures: closure::dates(connection, dates)?,
    })
}

impl Loaded {
    /// Those that hold for a doctor, once.
    pub(crate) fn take(&mut self, doctor: DoctorId) -> Exceptions {
        let id = Id::from(doctor);
        Exceptions {
            overrides: self.overrides.remove(&id).unwrap_or_default(),
            time_off: self.time_off.remove(&id).unwrap_or_default(),
            closures: self.closures.clone(),
        }
    }
}

/// Changes what is stored on single dates of the doctor.
pub(crate) fn change(
    connection: &mut SqliteConnection,
    doctor: DoctorId,
    change: &ExceptionChange,
) -> Result<(), Abort<SaveError>> {
    let was_there = match change {
        ExceptionChange::Override { date, windows } => {
            overrides::put(connection, doctor, *date, windows)?;
            true
        }
        ExceptionChange::NoOverride(date) => overrides::remove(connection, doctor, *date)?,
        ExceptionChange::TimeOff(away) => {
            time_off::add(connection, away)?;
            true
        }
        ExceptionChange::NoTimeOff(id) => time_off::remove(connection, doctor, *id)?,
    };
    if was_there { Ok(()) } else { Err(Abort::Refused(SaveError::Stale)) }
}
