//! A hospital in memory whose time goes on when a test says so.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_application::{NewDoctor, NewWaiting, UseCases};
use doctor_booking_domain::{
    Booking, DateRange, Doctor, Entry, Name, Patient, PatientDetails, PersonName, SlotLength, Specialty, VisitTypeId,
    WaitFor, Waiting, WaitingStatus, What,
};
use doctor_booking_ports::{Clock, Limit, Stores};

use crate::hospital::{ADMIN, Counting, date, founding_rules, wanted, weekly};

fn name(first: &str, last: &str) -> PersonName {
    PersonName { first: Name::parse(first).expect("valid"), last: Name::parse(last).expect("valid") }
}

/// A clock that a test sets.
pub(crate) struct Hands(Mutex<DateTime<Utc>>);

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("the clock")
    }
}

/// A hospital whose time goes on when a test says so. It begins on Saturday, 1 December 2029, at 9 in UTC.
pub(crate) struct InTime {
    pub(crate) stores: Stores,
    pub(crate) does: UseCases,
    hands: Arc<Hands>,
}

impl InTime {
    pub(crate) fn new() -> Self {
        Self::over(MemoryStore::new().stores())
    }

    pub(crate) fn over(stores: Stores) -> Self {
        let hands = Arc::new(Hands(Mutex::new("2029-12-01T09:00:00Z".parse().expect("an instant"))));
        let does = UseCases::new(&stores, &(Arc::clone(&hands) as _), &(Arc::new(Counting::default()) as _));
        Self { stores, does, hands }
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.hands) as _
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.hands.now()
    }

    pub(crate) fn set(&self, now: DateTime<Utc>) {
        *self.hands.0.lock().expect("the clock") = now;
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.set(self.now() + time);
    }

    /// A doctor of a specialty with slots of a quarter of an hour, on Mondays from 8 to 16.
    pub(crate) fn doctor(&self, specialty: &str) -> Doctor {
        let rules = founding_rules().with_weekly(weekly(&[(Weekday::Mon, "08:00", "16:00")]));
        let new = NewDoctor {
            name: name("Jon", "Snow"),
            specialty: Specialty::parse(specialty).expect("valid"),
            rules: rules.with_slot(SlotLength::from_minutes(15).expect("valid")),
        };
        self.does.register_doctor.execute(&ADMIN, new, None).expect("registered")
    }

    pub(crate) fn patient(&self) -> Patient {
        let name = name("Arya", "Stark");
        let details = PatientDetails { name, birth_date: None, email: None, phone: None, external_id: None };
        self.does.register_patient.execute(&ADMIN, details, None).expect("registered")
    }

    pub(crate) fn book(&self, doctor: &Doctor, patient: &Patient, start: DateTime<Utc>) -> Booking {
        self.does.book_slot.execute(&ADMIN, &wanted(doctor, patient, start), None).expect("booked")
    }

    /// Books every slot of a doctor's on a date, each for a patient of its own.
    pub(crate) fn fill(&self, doctor: &Doctor, on: &str) -> Vec<Booking> {
        let dates = DateRange::day(date(on));
        let found = self.does.find_availability.execute(&ADMIN, doctor.id(), dates, None).expect("found");
        let free: Vec<_> = found.days[0].free().map(|slot| slot.span.start()).collect();
        free.into_iter().map(|start| self.book(doctor, &self.patient(), start)).collect()
    }

    /// Puts a new patient in line, a second after the one before.
    pub(crate) fn wait(&self, wanted: WaitFor, visit_type: Option<VisitTypeId>, from: &str, to: &str) -> Waiting {
        self.pass(TimeDelta::seconds(1));
        let dates = DateRange::new(date(from), date(to)).expect("in order");
        let new = NewWaiting { patient: self.patient().id(), wanted, visit_type, dates };
        self.does.join_waitlist.execute(&ADMIN, new, None).expect("in line")
    }

    /// Offers what is free; to how many.
    pub(crate) fn offer(&self) -> usize {
        self.does.offer_freed_slots.execute().expect("offered")
    }

    /// A place as it is now.
    pub(crate) fn place(&self, waiting: &Waiting) -> Waiting {
        self.does.find_waiting.execute(&ADMIN, waiting.id()).expect("found").expect("there")
    }

    pub(crate) fn is_offered(&self, waiting: &Waiting) -> bool {
        matches!(self.place(waiting).parts().status, WaitingStatus::Offered { .. })
    }

    /// Everything of a kind that has happened.
    pub(crate) fn happened(&self, what: What) -> Vec<Entry> {
        let (mut all, mut after) = (vec![], 0);
        loop {
            let events = self
                .stores
                .events
                .after(after, doctor_booking_domain::Audience::Everybody, Limit::default())
                .expect("events");
            let Some(last) = events.last() else { break };
            after = last.position;
            all.extend(events.into_iter().map(|event| event.entry));
        }
        all.retain(|entry| entry.what == what);
        all
    }
}
