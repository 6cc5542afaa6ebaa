//! Where doctors' time departs from the week.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use doctor_booking_domain::{DateRange, DoctorId, Exceptions, Overrides, Schedule, Span};
use doctor_booking_ports::{ExceptionChange, SaveError, Unavailable};
use uuid::Uuid;

use crate::schema::closures;
use crate::transaction::Abort;
use crate::{instant, overrides, time_off};

/// Which exceptions to load: overrides and closures on these dates, and time off that ends after one instant and starts
/// before another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around {
    pub(crate) dates: DateRange,
    pub(crate) after: DateTime<Utc>,
    pub(crate) before: DateTime<Utc>,
}

impl Around {
    /// All that can matter to what happens in `span`.
    pub(crate) fn span(span: Span) -> Self {
        Self { dates: Schedule::dates_around(span), after: span.start(), before: span.end() }
    }

    /// All that can matter to what happens at `moment` or later.
    pub(crate) fn since(moment: DateTime<Utc>) -> Self {
        let from = Schedule::dates_since(moment);
        let dates = DateRange::new(from, NaiveDate::MAX).unwrap_or_else(|_| DateRange::day(from));
        Self { dates, after: moment, before: DateTime::<Utc>::MAX_UTC }
    }
}

/// The exceptions of many doctors.
pub(crate) struct Loaded {
    overrides: HashMap<DoctorId, Overrides>,
    time_off: HashMap<DoctorId, Vec<Span>>,
    closures: Vec<NaiveDate>,
}

/// The exceptions of these doctors: three statements, however many they are. To be read after the doctors: if any has
/// changed since, so has the doctor's revision, and storing finds out.
pub(crate) fn load(connection: &mut PgConnection, doctors: &[Uuid], around: Around) -> Result<Loaded, Unavailable> {
    let (from, to) = (instant::date(around.dates.from()), instant::date(around.dates.to()));
    Ok(Loaded {
        overrides: overrides::load(connection, doctors, around.dates)?,
        time_off: time_off::load(connection, doctors, around.after, around.before)?,
        closures: closures::table
            .filter(closures::date.between(from, to))
            .select(closures::date)
            .load(connection)
            .map_err(Unavailable::unreachable)?,
    })
}

impl Loaded {
    /// Those that hold for a doctor, once.
    pub(crate) fn take(&mut self, doctor: DoctorId) -> Exceptions {
        Exceptions {
            overrides: self.overrides.remove(&doctor).unwrap_or_default(),
            time_off: self.time_off.remove(&doctor).unwrap_or_default(),
            closures: self.closures.clone(),
        }
    }
}

/// Changes what there is on single dates of the doctor, who is locked.
pub(crate) fn change(
    connection: &mut PgConnection,
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
