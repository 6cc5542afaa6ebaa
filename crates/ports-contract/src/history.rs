//! What [`History`](doctor_booking_ports::History) promises.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::TimeDelta;
use doctor_booking_domain::{Author, Booking, CallerId, Doctor, Entry, Facts, Patient, VisitType, What, Who};
use doctor_booking_ports::{Along, BookingChange, ClosureStep, EntryPosition, NewBooking, NewHold, StoreBookingError};

use crate::{Fixture, given};

fn of_booking(store: &Fixture, booking: &Booking) -> Vec<Entry> {
    let page = store.history.of_booking(booking.id(), &given::whole()).expect("the store answers");
    assert_eq!(page.next, None);
    page.items
}

fn of_doctor(store: &Fixture, doctor: &Doctor) -> Vec<Entry> {
    store.history.of_doctor(doctor.id(), &given::whole()).expect("the store answers").items
}

/// Any entry that concerns a doctor.
fn about(doctor: &Doctor, what: What) -> Entry {
    let entry = Entry::doctor(given::entry_id(), None, doctor, &given::author());
    Entry { what, ..entry }
}

pub fn an_entry_is_found_as_written(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = Booking::from_parts(given::booking(&doctor, &patient, given::stretch(given::monday(9, 0), 60)));
    let by = Author {
        who: Who::Caller(CallerId::from_u128(u128::MAX)),
        at: given::later(),
        why: Some(given::reason("Fieber & Husten,\n\tseit „gestern“ 🤒 'x' %_\\ \"y\"")),
    };
    let facts = |fact: &str| -> Facts {
        [("quoted \"name\"", fact.to_owned()), ("b", "ü\n{}".to_owned())].into_iter().collect()
    };
    for (what, who) in What::ALL.iter().zip([by.who, Who::Service].into_iter().cycle()) {
        let author = Author { who, ..by.clone() };
        let entry = Entry::booking(given::entry_id(), *what, None, &booking, &author);
        let entry = Entry { before: facts("then"), after: facts("now"), ..entry };
        let empty = Entry { before: Facts::default(), after: Facts::default(), id: given::entry_id(), ..entry.clone() };
        let booking =
            Booking::from_parts(given::booking(&doctor, &store.patient(), given::stretch(given::monday(9, 0), 60)));
        let entries =
            [entry, empty].map(|entry| Entry { booking: Some(booking.id()), why: author.why.clone(), ..entry });
        let along = Along { history: entries.to_vec(), answer: None };
        let new = NewBooking { booking: booking.clone(), decided_on: doctor.revision(), hold: None, along };
        store.bookings.store(&new).expect("there is room");
        let mut found = of_booking(store, &booking);
        let mut expected = entries.to_vec();
        found.sort_by_key(|entry| entry.id);
        expected.sort_by_key(|entry| entry.id);
        assert_eq!(found, expected);
        store.cancel(&booking);
    }
}

pub fn what_happened_to_a_booking_is_found_in_order(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));
    let other = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    let mut before = booking.clone();
    for minutes in 1..=7 {
        let by = Author { at: given::now() + TimeDelta::minutes(minutes), ..given::author() };
        let after = before.cancelled(given::reason("x"), by.at).expect("possible");
        let after = after.unwrap_or_else(|| before.reinstated(by.at).expect("it was cancelled"));
        let what = if after.status().is_live() { What::BookingReinstated } else { What::BookingCancelled };
        let along = Along::entry(Entry::booking(given::entry_id(), what, Some(&before), &after, &by));
        let change = BookingChange { booking: after.clone(), seen: before.revision(), along };
        if after.status().is_live() {
            store.bookings.place(&change, doctor.revision()).expect("its slot is free");
        } else {
            store.bookings.save(&change).expect("nobody else has changed it");
        }
        before = after;
    }
    let found = of_booking(store, &booking);
    assert_eq!(found.len(), 8);
    assert!(found.is_sorted_by_key(EntryPosition::from));
    assert_eq!(found[0].what, What::BookingCreated);
    assert_eq!((found[1].what, found[2].what), (What::BookingCancelled, What::BookingReinstated));
    assert_eq!(of_booking(store, &other).len(), 1);
    for most in [1, 3, 8] {
        assert_eq!(given::read_by(most, |page| store.history.of_booking(booking.id(), page)), found);
    }
    let nothing = Booking::from_parts(given::booking(&doctor, &patient, given::stretch(given::monday(9, 0), 60)));
    assert_eq!(of_booking(store, &nothing), []);
}

pub fn what_happened_to_a_doctor_is_found_without_bookings_and_holds(store: &Fixture) {
    let doctor = Doctor::from_parts(given::doctor());
    let created = about(&doctor, What::DoctorCreated);
    store.doctors.add(&doctor, &Along::entry(created.clone())).expect("the doctor is added");
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    store.held(&doctor, given::stretch(given::monday(10, 0), 60));
    let changed = Entry { at: given::later(), ..about(&doctor, What::HoursChanged) };
    let mut change = given::change(doctor.revised(given::later()), &store.seen(&doctor));
    change.along = Along::entry(changed.clone());
    store.doctors.save(&change).expect("the change is saved");
    assert_eq!(of_doctor(store, &doctor), [created.clone(), changed]);
    assert_eq!(of_doctor(store, &store.doctor()), []);
    let page = given::read_by(1, |page| store.history.of_doctor(doctor.id(), page));
    assert_eq!(page.first(), Some(&created));
}

pub fn of_a_change_that_is_not_made_nothing_is_told(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let there = store.booked(&doctor, &patient, given::monday(9, 0));
    let refused = Booking::from_parts(given::booking(&doctor, &store.patient(), there.span()));
    assert!(matches!(store.put(&refused, doctor.revision()), Err(StoreBookingError::DoctorBusy)));
    assert_eq!(of_booking(store, &refused), []);
    assert!(store.save(&given::cancelled(&there), there.revision().next()).is_err());
    assert!(store.place(&there, there.revision().next(), doctor.revision()).is_err());
    assert_eq!(of_booking(store, &there).len(), 1);
    let mut stale = given::change(doctor.revised(given::later()), &store.seen(&doctor));
    stale.seen = doctor.revision().next();
    stale.along = Along::entry(about(&doctor, What::HoursChanged));
    assert!(store.doctors.save(&stale).is_err());
    let again = Along::entry(about(&doctor, What::DoctorCreated));
    assert!(store.doctors.add(&doctor, &again).is_err());
    let unknown = store.holds.release(given::hold_id(), &Along::entry(about(&doctor, What::DoctorChanged)));
    assert!(!unknown.expect("the store answers"));
    assert_eq!(of_doctor(store, &doctor), []);
}

pub fn everything_that_is_stored_can_tell(store: &Fixture) {
    let doctor = store.doctor();
    let tell = |what| Along::entry(about(&doctor, what));
    store.patients.add(&Patient::from_parts(given::patient()), &tell(What::DoctorChanged)).expect("added");
    let visit_type = VisitType::from_parts(given::visit_type("Check-up")).expect("it can be booked");
    store.visit_types.add(&visit_type, &tell(What::OverrideSet)).expect("added");
    let mut closing = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    closing.along = tell(What::ClosureAdded);
    store.closures.save(&closing).expect("the closure is saved");
    let doctor = store.seen(&doctor).doctor;
    let hold = given::hold(&doctor, given::stretch(given::monday(9, 0), 60));
    let along = tell(What::TimeOffAdded);
    let new = NewHold { hold: hold.clone(), decided_on: doctor.revision(), most: 3, along };
    store.holds.store(&new).expect("there is room");
    store.holds.release(hold.id, &tell(What::TimeOffRemoved)).expect("the store answers");
    let mut found: Vec<_> = of_doctor(store, &doctor).iter().map(|entry| entry.what).collect();
    found.sort_unstable();
    let mut expected =
        [What::DoctorChanged, What::OverrideSet, What::ClosureAdded, What::TimeOffAdded, What::TimeOffRemoved];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

pub fn many_entries_are_written_at_once(store: &Fixture) {
    let doctor = store.doctor();
    let mut change = given::change(doctor.revised(given::later()), &store.seen(&doctor));
    change.along.history = (0..3_000).map(|_| about(&doctor, What::DoctorChanged)).collect();
    store.doctors.save(&change).expect("the change is saved");
    assert_eq!(given::read_by(200, |page| store.history.of_doctor(doctor.id(), page)).len(), 3_000);
}
