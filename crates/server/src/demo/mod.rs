//! A small clinic that is good to look at.

mod clinic;

use std::fmt;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, Days, Utc};
use doctor_booking_application::{
    BookSlotError, Cancellation, DoctorFilter, Limit, NewDoctor, PageRequest, PatientFilter, UseCases, Wanted,
};
use doctor_booking_domain::{
    Actor, DateRange, Doctor, Email, Name, Patient, PatientDetails, PersonName, Phone, Reason, Rules, SlotLength,
    Specialty, Weekly, Window,
};
use doctor_booking_ports::{Clock, Ids, Stores};

use self::clinic::{CANCELLATIONS, DOCTORS, DemoDoctor, FIRST_NAMES, LAST_NAMES, PATIENTS, REASONS};

/// How many days before today the clinic has opened, and how far ahead it is booked.
const PAST_DAYS: u64 = 7;
const DAYS_AHEAD: u64 = 21;

/// What [`fill`] has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// There was something in the database: it was left as it is.
    NotEmpty,
    /// So much was put in.
    With { doctors: usize, patients: usize, bookings: usize, cancelled: usize },
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEmpty => f.write_str("the database is not empty: it was left as it is"),
            Self::With { doctors, patients, bookings, cancelled } => write!(
                f,
                "a demo clinic of {doctors} doctors and {patients} patients, with {bookings} bookings, \
                 {cancelled} of them cancelled"
            ),
        }
    }
}

/// A clock that stands some days in the past: what is past today was booked when it was yet to come.
struct LastWeek(Arc<dyn Clock>);

impl Clock for LastWeek {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() - Days::new(PAST_DAYS)
    }
}

/// Fills an empty store through the use cases, by the rules that hold for everybody.
pub(crate) fn fill(stores: &Stores, clock: Arc<dyn Clock>, ids: &Arc<dyn Ids>) -> anyhow::Result<Filled> {
    let opening = LastWeek(clock);
    let today = opening.now().date_naive();
    let clinic = UseCases::new(stores, &(Arc::new(opening) as _), ids);
    if !is_empty(&clinic)? {
        return Ok(Filled::NotEmpty);
    }
    let mut dice = Dice(0x5EED);
    let doctors = DOCTORS.iter().map(|doctor| register(&clinic, doctor)).collect::<anyhow::Result<Vec<_>>>()?;
    let patients = (0..PATIENTS).map(|index| admit(&clinic, index)).collect::<anyhow::Result<Vec<_>>>()?;
    let last = today.checked_add_days(Days::new(PAST_DAYS + DAYS_AHEAD)).context("the calendar ends too soon")?;
    let range = DateRange::new(today, last)?;
    let (mut bookings, mut cancelled) = (0, 0);
    for (doctor, demo) in doctors.iter().zip(DOCTORS) {
        for day in clinic.find_availability.execute(&Actor::Administrator, doctor.id(), range)?.days {
            for slot in day.free() {
                if !dice.says_yes(demo.booked_percent) {
                    continue;
                }
                let wanted = Wanted {
                    doctor: doctor.id(),
                    patient: dice.pick(&patients).id(),
                    start: slot.span.start(),
                    reason: Some(Reason::parse(dice.pick::<&str>(&REASONS))?),
                };
                let booking = match clinic.book_slot.execute(&Actor::Administrator, &wanted) {
                    Ok(booking) => booking,
                    Err(BookSlotError::PatientBusy) => continue,
                    Err(error) => bail!(error),
                };
                bookings += 1;
                if dice.says_yes(6) {
                    let reason = Reason::parse(dice.pick::<&str>(&CANCELLATIONS))?;
                    let cancel = Cancellation { booking: booking.id(), reason, expected: None };
                    clinic.cancel_booking.execute(&Actor::Administrator, &cancel)?;
                    cancelled += 1;
                }
            }
        }
    }
    Ok(Filled::With { doctors: doctors.len(), patients: patients.len(), bookings, cancelled })
}

fn is_empty(clinic: &UseCases) -> anyhow::Result<bool> {
    let one = Limit::new(1)?;
    let doctors =
        clinic.list_doctors.execute(&Actor::Administrator, &DoctorFilter::default(), &PageRequest::first(one))?;
    let patients =
        clinic.list_patients.execute(&Actor::Administrator, &PatientFilter::default(), &PageRequest::first(one))?;
    Ok(doctors.items.is_empty() && patients.items.is_empty())
}

fn register(clinic: &UseCases, demo: &DemoDoctor) -> anyhow::Result<Doctor> {
    let windows = demo
        .hours
        .iter()
        .flat_map(|(days, windows)| days.iter().flat_map(move |day| windows.iter().map(move |window| (*day, *window))))
        .map(|(day, (start, end))| Ok((day, Window::parse(start, end)?)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let rules = Rules::new(demo.zone.parse()?)
        .with_weekly(Weekly::new(windows)?)
        .with_slot(SlotLength::from_minutes(demo.slot_minutes)?);
    let new = NewDoctor {
        name: PersonName { first: Name::parse(demo.first)?, last: Name::parse(demo.last)? },
        specialty: Specialty::parse(demo.specialty)?,
        rules,
    };
    Ok(clinic.register_doctor.execute(&Actor::Administrator, new)?)
}

fn admit(clinic: &UseCases, index: usize) -> anyhow::Result<Patient> {
    let first = FIRST_NAMES[index % FIRST_NAMES.len()];
    let last = LAST_NAMES[(index * 7 + index / FIRST_NAMES.len()) % LAST_NAMES.len()];
    let born =
        chrono::NaiveDate::from_yo_opt(1938 + i32::try_from(index * 13 % 80)?, 1 + u32::try_from(index * 37 % 365)?);
    let details = PatientDetails {
        name: PersonName { first: Name::parse(first)?, last: Name::parse(last)? },
        birth_date: born,
        email: Some(Email::parse(&format!("patient{index}@example.org"))?),
        phone: (!index.is_multiple_of(3)).then(|| Phone::parse(&format!("+49 30 5550 {index:03}"))).transpose()?,
        external_id: None,
    };
    Ok(clinic.register_patient.execute(&Actor::Administrator, details)?)
}

/// Numbers that look random and are the same every time (splitmix64), so that every demo looks alike.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn says_yes(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.roll() % from.len() as u64).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use doctor_booking_adapters_memory::MemoryStore;
    use doctor_booking_adapters_system::{SystemClock, UuidIds};

    use super::*;

    #[test]
    fn an_empty_store_becomes_a_clinic_and_a_second_time_stays_as_it_is() {
        let stores = MemoryStore::new().stores();
        let fill = || fill(&stores, Arc::new(SystemClock), &(Arc::new(UuidIds) as _)).expect("it fills");
        let Filled::With { doctors, patients, bookings, cancelled } = fill() else { panic!("it was empty") };
        assert!(doctors >= 10 && patients >= 40 && bookings >= 300 && cancelled >= 5, "{bookings} bookings");
        assert_eq!(fill(), Filled::NotEmpty);
    }
}
