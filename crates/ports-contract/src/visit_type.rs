//! What [`VisitTypes`](doctor_booking_ports::VisitTypes) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use doctor_booking_domain::{
    Buffer, Capacity, Footprint, Horizon, Notice, Revision, Terms, VisitType, VisitTypeAmendment, VisitTypeName,
    VisitTypeParts,
};
use doctor_booking_ports::{Along, SaveError, StoreBookingError, VisitTypeFilter};

use crate::{Fixture, given};

fn find(store: &Fixture, visit_type: &VisitType) -> Option<VisitType> {
    store.visit_types.find(visit_type.id()).expect("the store answers")
}

fn name(text: &str) -> VisitTypeName {
    VisitTypeName::parse(text).expect("a name")
}

fn names(store: &Fixture, retired: Option<bool>) -> Vec<String> {
    let page = store.visit_types.list(&VisitTypeFilter { retired }, &given::whole()).expect("the store answers");
    assert_eq!(page.next, None);
    page.items.iter().map(|found| found.parts().name.as_str().to_owned()).collect()
}

fn renamed(visit_type: &VisitType, to: &str) -> VisitType {
    let amendment = VisitTypeAmendment { name: Some(name(to)), ..VisitTypeAmendment::default() };
    visit_type.amended(amendment, given::later()).expect("it can be booked")
}

pub fn a_visit_type_is_found_as_stored(store: &Fixture) {
    let terms = Terms {
        length: given::slot(480),
        step: Some(given::slot(5)),
        footprint: Footprint {
            before: Buffer::new(1).expect("a buffer"),
            after: Buffer::new(480).expect("a buffer"),
            capacity: Capacity::new(50).expect("a capacity"),
        },
        notice: Notice::new(525_600).expect("a notice"),
        horizon: Horizon::new(3_650).ok(),
    };
    let parts = VisitTypeParts {
        terms,
        retired: true,
        revision: Revision::from_number(7),
        updated_at: given::later(),
        ..given::visit_type("Kontrolle „nüchtern“ 🤒 'x' %_\\")
    };
    let visit_type = store.visit_type_of(parts);
    assert_eq!(find(store, &visit_type), Some(visit_type));
}

pub fn a_visit_type_about_which_nothing_is_said_is_found_as_stored(store: &Fixture) {
    let visit_type = store.visit_type_of(given::visit_type("Check-up"));
    assert_eq!(find(store, &visit_type), Some(visit_type));
}

pub fn a_visit_type_that_is_not_there_is_not_found(store: &Fixture) {
    store.visit_type_of(given::visit_type("Check-up"));
    assert_eq!(store.visit_types.find(given::visit_type_id()).expect("the store answers"), None);
}

pub fn of_many_visit_types_those_that_are_there_are_found_by_id(store: &Fixture) {
    let mut all: Vec<_> = (0..5).map(|_| store.visit_type_of(given::visit_type("Check-up"))).collect();
    all.sort_unstable_by_key(VisitType::id);
    let left_out = all.remove(2);
    let wanted = [all[3].id(), given::visit_type_id(), all[0].id(), all[1].id(), all[2].id(), all[0].id()];
    let found = store.visit_types.find_all(&wanted).expect("the store answers");
    assert_eq!(found, all);
    assert!(!found.contains(&left_out));
    assert_eq!(store.visit_types.find_all(&[]).expect("the store answers"), []);
}

pub fn a_changed_visit_type_is_found_as_saved(store: &Fixture) {
    let other = store.visit_type_of(given::visit_type("Other"));
    let limited = Terms {
        step: Some(given::slot(10)),
        horizon: Horizon::new(14).ok(),
        notice: Notice::new(60).expect("a notice"),
        ..Terms::plain(given::slot(20))
    };
    let before = store.visit_type_of(VisitTypeParts { terms: limited, ..given::visit_type("Check-up") });
    let amendment = VisitTypeAmendment {
        name: Some(name("Vaccination")),
        length: Some(given::slot(15)),
        step: Some(None),
        before: Some(given::buffer(3)),
        after: Some(given::buffer(4)),
        notice: Some(Notice::default()),
        horizon: Some(None),
        capacity: Some(Capacity::new(4).expect("a capacity")),
    };
    let after = before.amended(amendment, given::later()).expect("it can be booked");
    store.visit_types.save(&after, before.revision()).expect("the change is saved");
    assert_eq!(find(store, &before), Some(after.clone()));
    let retired = after.retired(given::later()).expect("it was not");
    store.visit_types.save(&retired, after.revision()).expect("the change is saved");
    assert_eq!(find(store, &before), Some(retired));
    assert_eq!(find(store, &other), Some(other), "only that type has changed");
}

pub fn a_visit_types_change_decided_on_an_older_revision_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let before = store.visit_type_of(given::visit_type("Check-up"));
    let first = renamed(&before, "First");
    store.visit_types.save(&first, before.revision()).expect("the change is saved");
    let revision = store.seen(&doctor).doctor.revision();

    let second = store.visit_types.save(&renamed(&before, "Second"), before.revision());

    assert!(matches!(second, Err(SaveError::Stale)));
    assert_eq!(find(store, &before), Some(first));
    assert_eq!(store.seen(&doctor).doctor.revision(), revision, "what is not stored raises nothing");
}

pub fn a_change_of_a_visit_type_that_is_not_there_is_stale(store: &Fixture) {
    let nowhere = VisitType::from_parts(given::visit_type("Check-up")).expect("it can be booked");
    let saved = store.visit_types.save(&renamed(&nowhere, "Vaccination"), nowhere.revision());
    assert!(matches!(saved, Err(SaveError::Stale)));
    assert_eq!(find(store, &nowhere), None);
}

pub fn a_visit_type_that_changes_raises_every_doctors_revision(store: &Fixture) {
    let doctors = [store.doctor(), store.doctor()];
    let before = store.visit_type_of(given::visit_type("Check-up"));
    store.visit_types.save(&renamed(&before, "Vaccination"), before.revision()).expect("the change is saved");
    for doctor in &doctors {
        let seen = store.seen(doctor).doctor;
        assert_eq!(seen, doctor.revised(given::later()), "nothing but revision and time");
    }
}

pub fn a_new_visit_type_raises_no_revision(store: &Fixture) {
    let doctor = store.doctor();
    store.visit_type_of(given::visit_type("Check-up"));
    assert_eq!(store.seen(&doctor).doctor, doctor);
}

pub fn what_was_decided_before_a_visit_type_changed_is_stale(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let visit_type = store.visit_type_of(given::visit_type("Check-up"));
    let (booking, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
    let retired = visit_type.retired(given::later()).expect("it was not");
    store.visit_types.save(&retired, visit_type.revision()).expect("the change is saved");
    assert!(matches!(store.put(&booking, rules), Err(StoreBookingError::Stale)));
    store.booked(&doctor, &patient, given::monday(9, 0));
}

pub fn no_visit_type_takes_the_place_of_another_with_its_id(store: &Fixture) {
    let there = store.visit_type_of(given::visit_type("Check-up"));
    let usurper = VisitTypeParts { id: there.id(), ..given::visit_type("Vaccination") };
    let usurper = VisitType::from_parts(usurper).expect("it can be booked");
    assert!(store.visit_types.add(&usurper, &Along::default()).is_err());
    assert_eq!(find(store, &there), Some(there));
}

pub fn visit_types_are_listed_by_the_key_of_their_name_then_id(store: &Fixture) {
    for text in ["Vaccination", "check-up", "Ärztegespräch", "Check", "MRT"] {
        store.visit_type_of(given::visit_type(text));
    }
    assert_eq!(names(store, None), ["Check", "check-up", "MRT", "Vaccination", "Ärztegespräch"]);
    let twins: Vec<_> = (0..4).map(|_| store.visit_type_of(given::visit_type("Twin")).id()).collect();
    let page = store.visit_types.list(&VisitTypeFilter::default(), &given::whole()).expect("the store answers");
    let listed = page.items.iter().map(VisitType::id).filter(|id| twins.contains(id));
    let mut in_order = twins.clone();
    in_order.sort_unstable();
    assert_eq!(listed.collect::<Vec<_>>(), in_order);
}

pub fn visit_types_are_filtered_by_whether_they_are_retired(store: &Fixture) {
    store.visit_type_of(given::visit_type("Check-up"));
    store.visit_type_of(VisitTypeParts { retired: true, ..given::visit_type("Bloodletting") });
    assert_eq!(names(store, Some(false)), ["Check-up"]);
    assert_eq!(names(store, Some(true)), ["Bloodletting"]);
    assert_eq!(names(store, None), ["Bloodletting", "Check-up"]);
}

pub fn read_in_pages_visit_types_are_the_same(store: &Fixture) {
    for text in ["a", "b", "b", "b", "c", "d", "e"] {
        store.visit_type_of(given::visit_type(text));
    }
    let filter = VisitTypeFilter::default();
    let whole = store.visit_types.list(&filter, &given::whole()).expect("the store answers").items;
    assert_eq!(whole.len(), 7);
    for most in [1, 2, 3, 7] {
        assert_eq!(given::read_by(most, |page| store.visit_types.list(&filter, page)), whole, "{most} at a time");
    }
}
