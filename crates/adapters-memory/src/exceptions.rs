//! Where doctors' time departs from the week.

use std::ops::RangeBounds;

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{DoctorId, Exceptions, Overrides, Span};
use doctor_booking_ports::{ExceptionChange, SaveError};

use crate::store::{State, insert};

impl State {
    /// The doctor's overrides, and all closures, on these dates, and the doctor's time off that ends after one instant
    /// and starts before another.
    pub(crate) fn exceptions(
        &self,
        doctor: DoctorId,
        dates: &impl RangeBounds<NaiveDate>,
        (after, before): (DateTime<Utc>, DateTime<Utc>),
    ) -> Exceptions {
        let away = self.time_off.values().filter(|away| away.doctor == doctor).map(|away| away.span);
        let closures = self.closures.values().map(|closure| closure.date);
        Exceptions {
            overrides: self.overrides(doctor, dates),
            time_off: away.filter(|away: &Span| away.end() > after && away.start() < before).collect(),
            closures: closures.filter(|date| dates.contains(date)).collect(),
        }
    }

    /// The doctor's overrides on these dates.
    pub(crate) fn overrides(&self, doctor: DoctorId, dates: &impl RangeBounds<NaiveDate>) -> Overrides {
        let all = self.overrides.get(&doctor).into_iter().flat_map(Overrides::iter);
        all.filter(|(date, _)| dates.contains(date))
            .fold(Overrides::default(), |some, (date, windows)| some.with(date, windows.to_vec()))
    }

    /// Makes the change, or nothing where it takes away what is not there.
    pub(crate) fn change_exceptions(&mut self, doctor: DoctorId, change: &ExceptionChange) -> Result<(), SaveError> {
        match change {
            ExceptionChange::Override { date, windows } => {
                let overrides = self.overrides.entry(doctor).or_default();
                *overrides = std::mem::take(overrides).with(*date, windows.clone());
            }
            ExceptionChange::NoOverride(date) => {
                let there = self.overrides.get_mut(&doctor).filter(|overrides| overrides.on(*date).is_some());
                let overrides = there.ok_or(SaveError::Stale)?;
                *overrides = std::mem::take(overrides).without(*date);
            }
            ExceptionChange::TimeOff(away) => insert(&mut self.time_off, "time_off", away.id, away.clone())?,
            ExceptionChange::NoTimeOff(id) => {
                self.time_off.get(id).filter(|away| away.doctor == doctor).ok_or(SaveError::Stale)?;
                self.time_off.remove(id);
            }
        }
        Ok(())
    }
}
