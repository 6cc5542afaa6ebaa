//! A hospital in memory, with a clock that stands where a test puts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_application::{NewDoctor, UseCases, Wanted};
use doctor_booking_domain::{
    Actor, Booking, BookingId, ClosureId, DateRange, Doctor, DoctorId, Name, Patient, PatientDetails, PatientId,
    PersonName, Reason, Rules, Specialty, TimeOffId, VisitTypeId, Weekly, Window,
};
use doctor_booking_ports::{Clock, Ids, Stores};

pub(crate) const ADMIN: Actor = Actor::Administrator;

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Monday, 7 January 2030, at the doctor's in New York.
pub(crate) fn monday(time: &str) -> DateTime<Utc> {
    at(&format!("2030-01-07T{time}:00-05:00"))
}

pub(crate) fn day(text: &str) -> DateRange {
    DateRange::day(date(text))
}

pub(crate) fn reason(text: &str) -> Reason {
    Reason::parse(text).expect("valid")
}

pub(crate) fn weekly(windows: &[(Weekday, &str, &str)]) -> Weekly {
    Weekly::new(windows.iter().map(|&(day, start, end)| (day, Window::parse(start, end).expect("valid"))))
        .expect("nothing overlaps")
}

/// Mondays from 8 to 11 and from 13 to 16, in New York.
pub(crate) fn founding_rules() -> Rules {
    let zone = "America/New_York".parse().expect("known");
    Rules::new(zone).with_weekly(weekly(&[(Weekday::Mon, "08:00", "11:00"), (Weekday::Mon, "13:00", "16:00")]))
}

/// It is 1 December 2029.
#[derive(Clone, Copy)]
pub(crate) struct Standing(pub(crate) DateTime<Utc>);

impl Default for Standing {
    fn default() -> Self {
        Self(at("2029-12-01T00:00:00Z"))
    }
}

impl Clock for Standing {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// 1, 2, 3, …
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Counting {
    fn next(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1
    }
}

impl Ids for Counting {
    fn doctor(&self) -> DoctorId {
        DoctorId::from_u128(self.next())
    }

    fn patient(&self) -> PatientId {
        PatientId::from_u128(self.next())
    }

    fn booking(&self) -> BookingId {
        BookingId::from_u128(self.next())
    }

    fn time_off(&self) -> TimeOffId {
        TimeOffId::from_u128(self.next())
    }

    fn closure(&self) -> ClosureId {
        ClosureId::from_u128(self.next())
    }

    fn visit_type(&self) -> VisitTypeId {
        VisitTypeId::from_u128(self.next())
    }
}

pub(crate) struct Hospital {
    pub(crate) stores: Stores,
    pub(crate) does: UseCases,
}

impl Hospital {
    pub(crate) fn new() -> Self {
        Self::over(MemoryStore::new().stores())
    }

    pub(crate) fn over(stores: Stores) -> Self {
        let does = UseCases::new(&stores, &(Arc::new(Standing::default()) as _), &(Arc::new(Counting::default()) as _));
        Self { stores, does }
    }

    /// The same hospital at another time.
    pub(crate) fn at(&self, now: &str) -> UseCases {
        UseCases::new(&self.stores, &(Arc::new(Standing(at(now))) as _), &(Arc::new(Counting::default()) as _))
    }

    pub(crate) fn doctor(&self) -> Doctor {
        let new = NewDoctor {
            name: PersonName { first: Name::parse("Jon").expect("valid"), last: Name::parse("Snow").expect("valid") },
            specialty: Specialty::parse("cardiology").expect("valid"),
            rules: founding_rules(),
        };
        self.does.register_doctor.execute(&ADMIN, new).expect("registered")
    }

    pub(crate) fn patient(&self) -> Patient {
        let details = PatientDetails {
            name: PersonName { first: Name::parse("Arya").expect("valid"), last: Name::parse("Stark").expect("valid") },
            birth_date: None,
            email: None,
            phone: None,
            external_id: None,
        };
        self.does.register_patient.execute(&ADMIN, details).expect("registered")
    }

    pub(crate) fn book(&self, doctor: &Doctor, patient: &Patient, start: DateTime<Utc>) -> Booking {
        self.does.book_slot.execute(&ADMIN, &wanted(doctor, patient, start)).expect("booked")
    }

    pub(crate) fn free_on(&self, doctor: &Doctor, text: &str) -> usize {
        let found = self.does.find_availability.execute(&ADMIN, doctor.id(), day(text), None).expect("found");
        found.days[0].free_count()
    }
}

pub(crate) fn wanted(doctor: &Doctor, patient: &Patient, start: DateTime<Utc>) -> Wanted {
    Wanted { doctor: doctor.id(), patient: patient.id(), start, visit_type: None, reason: None }
}
