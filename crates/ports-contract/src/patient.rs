//! What [`Patients`](doctor_booking_ports::Patients) promise.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{NaiveDate, TimeDelta};
use doctor_booking_domain::{
    Booking, BookingParts, BookingStatus, Email, ExternalId, Name, Patient, PatientAmendment, PatientDetails,
    PatientId, PatientParts, Phone, Revision, SearchKey,
};
use doctor_booking_ports::{PageRequest, PatientFilter, SaveError};

use crate::{Fixture, given};

fn find(store: &Fixture, patient: &Patient) -> Option<Patient> {
    store.patients.find(patient.id()).expect("the store answers")
}

fn everything() -> PatientDetails {
    PatientDetails {
        name: given::name("Þóra Ólöf", "O'Brien-Čapek 李 \"𝔛\""),
        birth_date: NaiveDate::from_ymd_opt(1904, 2, 29),
        email: Email::parse("ü.o'brien+clinic@bücher.example").ok(),
        phone: Phone::parse("+49 (30) 123-456").ok(),
        external_id: ExternalId::parse("MRN/000_123%").ok(),
    }
}

fn named(text: &str) -> PatientFilter {
    PatientFilter { name: Some(SearchKey::of(text)), ..PatientFilter::default() }
}

/// The last names of the patients that pass the filter, in alphabetical order: that of the list would not tell much.
fn last_names(store: &Fixture, filter: &PatientFilter) -> Vec<String> {
    let page = store.patients.list(filter, &given::whole()).expect("the store answers");
    let mut names: Vec<_> = page.items.iter().map(|patient| patient.details().name.last.as_str().to_owned()).collect();
    names.sort_unstable();
    names
}

fn ids<'a>(patients: impl IntoIterator<Item = &'a Patient>) -> Vec<PatientId> {
    patients.into_iter().map(Patient::id).collect()
}

/// So many ids in order.
fn ids_in_order(count: usize) -> Vec<PatientId> {
    let mut ids: Vec<_> = (0..count).map(|_| given::patient_id()).collect();
    ids.sort_unstable();
    ids
}

pub fn a_patient_is_found_as_stored(store: &Fixture) {
    let patient = store.patient_of(PatientParts {
        details: everything(),
        revision: Revision::from_number(7),
        updated_at: given::later(),
        ..given::patient()
    });
    assert_eq!(find(store, &patient), Some(patient));
}

pub fn a_patient_of_whom_only_the_name_is_known_is_found_as_stored(store: &Fixture) {
    let patient = store.patient_of(given::patient_named("Katie", "Bryce"));
    assert_eq!(find(store, &patient), Some(patient));
}

pub fn a_patient_who_is_not_there_is_not_found(store: &Fixture) {
    store.patient();
    assert_eq!(store.patients.find(given::patient_id()).expect("the store answers"), None);
}

pub fn patients_may_have_everything_in_common(store: &Fixture) {
    let one = store.patient_of(PatientParts { details: everything(), ..given::patient() });
    let other = store.patient_of(PatientParts { details: everything(), ..given::patient() });
    assert_eq!(find(store, &one), Some(one));
    assert_eq!(find(store, &other), Some(other));
}

pub fn a_changed_patient_is_found_as_saved(store: &Fixture) {
    let other = store.patient();
    let patient = store.patient_of(PatientParts { details: everything(), ..given::patient() });
    let forgotten = patient.amended(
        PatientAmendment {
            first_name: Name::parse("Katharina").ok(),
            last_name: Name::parse("Brýce").ok(),
            birth_date: Some(None),
            email: Some(None),
            phone: Some(None),
            external_id: Some(None),
        },
        given::later(),
    );
    store.patients.save(&forgotten, patient.revision()).expect("the patient is saved");
    assert_eq!(find(store, &patient), Some(forgotten.clone()));

    let email = Some(Email::parse("k@example.org").ok());
    let reachable = forgotten.amended(PatientAmendment { email, ..PatientAmendment::default() }, given::later());
    store.patients.save(&reachable, forgotten.revision()).expect("the patient is saved");
    assert_eq!(find(store, &patient), Some(reachable));
    assert_eq!(find(store, &other), Some(other), "only that patient has changed");
}

pub fn a_patients_change_decided_on_an_older_revision_is_stale(store: &Fixture) {
    let patient = store.patient();
    let amended = |first| {
        let first_name = Name::parse(first).ok();
        patient.amended(PatientAmendment { first_name, ..PatientAmendment::default() }, given::later())
    };
    let newer = amended("Kate");
    store.patients.save(&newer, patient.revision()).expect("the patient is saved");

    let too_late = store.patients.save(&amended("Kathy"), patient.revision());

    assert!(matches!(too_late, Err(SaveError::Stale)));
    assert_eq!(find(store, &patient), Some(newer));
}

pub fn a_change_of_a_patient_who_is_not_there_is_stale(store: &Fixture) {
    let nobody = Patient::from_parts(given::patient());
    let amended = nobody.amended(PatientAmendment::default(), given::later());
    assert!(matches!(store.patients.save(&amended, nobody.revision()), Err(SaveError::Stale)));
    assert_eq!(find(store, &nobody), None);
}

// Lists.

pub fn patients_are_listed_by_id(store: &Fixture) {
    let in_order = ids_in_order(6);
    for index in [3, 0, 5, 1, 4, 2] {
        store.patient_of(PatientParts { id: in_order[index], ..given::patient() });
    }
    let page = store.patients.list(&PatientFilter::default(), &given::whole()).expect("the store answers");
    assert_eq!(ids(&page.items), in_order);
    assert_eq!(page.next, None);
}

pub fn a_list_has_patients_as_they_were_stored(store: &Fixture) {
    let patient = store.patient_of(PatientParts { details: everything(), ..given::patient() });
    let page = store.patients.list(&PatientFilter::default(), &given::whole()).expect("the store answers");
    assert_eq!(page.items, [patient]);
}

pub fn patients_are_filtered_by_every_word_of_a_name(store: &Fixture) {
    for (first, last) in [("Jon", "Snow"), ("Jonathan", "Snowden"), ("Jon", "Stark"), ("ÉMILE", "Þórsson")] {
        store.patient_of(given::patient_named(first, last));
    }
    assert_eq!(last_names(store, &named("jon snow")), ["Snow", "Snowden"]);
    assert_eq!(last_names(store, &named("SNOW  Jonathan")), ["Snowden"]);
    assert_eq!(last_names(store, &named("tar")), ["Stark"]);
    assert_eq!(last_names(store, &named("émile ÞÓR")), ["Þórsson"]);
    assert_eq!(last_names(store, &named("jon lannister")), [""; 0]);
    assert_eq!(last_names(store, &named(" ")).len(), 4, "no word is in everybody's name");
}

pub fn wildcards_in_a_search_for_patients_are_plain_characters(store: &Fixture) {
    for last in [r"back\slash", "hundred%", "plain", "quote'd", "under_score"] {
        store.patient_of(given::patient_named("Alex", last));
    }
    assert_eq!(last_names(store, &named("%")), ["hundred%"]);
    assert_eq!(last_names(store, &named("_")), ["under_score"]);
    assert_eq!(last_names(store, &named(r"\")), [r"back\slash"]);
    assert_eq!(last_names(store, &named("'")), ["quote'd"]);
    assert_eq!(last_names(store, &named("p%n")), [""; 0]);
    assert_eq!(last_names(store, &named("pla_n")), [""; 0]);
    assert_eq!(last_names(store, &named(r"\%")), [""; 0]);
}

pub fn a_changed_patient_is_found_by_the_new_name(store: &Fixture) {
    let patient = store.patient_of(given::patient_named("Meredith", "Grey"));
    let last_name = Name::parse("Shepherd").ok();
    let amended = patient.amended(PatientAmendment { last_name, ..PatientAmendment::default() }, given::later());
    store.patients.save(&amended, patient.revision()).expect("the patient is saved");
    assert_eq!(last_names(store, &named("grey")), [""; 0]);
    assert_eq!(last_names(store, &named("shepherd")), ["Shepherd"]);
}

pub fn read_in_pages_patients_are_the_same(store: &Fixture) {
    for last in ["Adams", "Brown", "Clark", "Davis", "Evans", "Frank"] {
        store.patient_of(given::patient_named("Alex", last));
    }
    for filter in [PatientFilter::default(), named("r")] {
        let whole = given::read_by(200, |page| store.patients.list(&filter, page));
        for most in 1..=7 {
            let read = given::read_by(most, |page| store.patients.list(&filter, page));
            assert_eq!(ids(&read), ids(&whole), "in pages of {most}");
        }
    }
}

pub fn pages_of_patients_stay_right_while_patients_are_added(store: &Fixture) {
    let in_order = ids_in_order(7);
    let add = |indexes: &[usize]| {
        for &index in indexes {
            store.patient_of(PatientParts { id: in_order[index], ..given::patient() });
        }
    };
    let page = |after| {
        let request = PageRequest { after, limit: given::limit(2) };
        let page = store.patients.list(&PatientFilter::default(), &request).expect("the store answers");
        (ids(&page.items), page.next)
    };

    add(&[1, 3, 5, 6]);
    let (first, next) = page(None);
    add(&[0, 2, 4]);
    let (second, after_that) = page(next);
    let (third, end) = page(after_that);

    let expected = [vec![in_order[1], in_order[3]], vec![in_order[4], in_order[5]], vec![in_order[6]]];
    assert_eq!([first, second, third], expected);
    assert_eq!(end, None);
}

pub fn a_list_can_be_of_one_patient(store: &Fixture) {
    let patients = [store.patient(), store.patient_of(given::patient_named("Jon", "Snow")), store.patient()];
    let only = |id| PatientFilter { only: Some(id), ..PatientFilter::default() };
    for patient in &patients {
        let listed = given::read_by(1, |page| store.patients.list(&only(patient.id()), page));
        assert_eq!(listed, std::slice::from_ref(patient));
    }
    let nobody = store.patients.list(&only(given::patient_id()), &given::whole()).expect("the store answers");
    assert_eq!(nobody.items, []);
    let named_too = PatientFilter { only: Some(patients[1].id()), ..named("snow") };
    assert_eq!(last_names(store, &named_too), ["Snow"]);
    assert_eq!(last_names(store, &PatientFilter { only: Some(patients[0].id()), ..named_too }), [""; 0]);
}

pub fn patients_are_filtered_by_who_sees_them_or_has_seen_them(store: &Fixture) {
    let (doctor, other) = (store.doctor(), store.doctor());
    // One for each way in which a visit can end, and one who is there often.
    let mut own = vec![];
    for (hour, status) in (8..).zip(BookingStatus::ALL) {
        let patient = store.patient_of(given::patient_named("Alex", "Karev"));
        let booking = store.booked(&doctor, &patient, given::monday(hour, 0));
        let parts = BookingParts { status, revision: booking.revision().next(), ..booking.parts().clone() };
        store.save(&Booking::from_parts(parts), booking.revision()).expect("it is saved");
        own.push(patient.id());
    }
    let often = store.patient();
    for day in 1..5 {
        store.booked(&doctor, &often, given::monday(9, 0) + TimeDelta::days(day));
    }
    store.booked(&other, &often, given::monday(9, 0));
    own.push(often.id());
    own.sort_unstable();
    let (others, nobodys) = (store.patient(), store.patient());
    store.booked(&other, &others, given::monday(10, 0));

    let seen_by = |doctor| PatientFilter { seen_by: Some(doctor), ..PatientFilter::default() };
    for most in 1..=7 {
        let listed = given::read_by(most, |page| store.patients.list(&seen_by(doctor.id()), page));
        assert_eq!(ids(&listed), own, "in pages of {most}");
    }
    let mut expected = [often.id(), others.id()];
    expected.sort_unstable();
    let listed = given::read_by(1, |page| store.patients.list(&seen_by(other.id()), page));
    assert_eq!(ids(&listed), expected);
    for nobody in [store.doctor().id(), given::doctor_id()] {
        assert_eq!(last_names(store, &seen_by(nobody)), [""; 0]);
    }
    // Together with the other filters.
    let karev = PatientFilter { seen_by: Some(doctor.id()), ..named("karev") };
    assert_eq!(last_names(store, &karev).len(), own.len() - 1);
    assert_eq!(last_names(store, &PatientFilter { only: Some(often.id()), ..karev }), [""; 0]);
    let only = |patient: &Patient| PatientFilter { only: Some(patient.id()), ..seen_by(doctor.id()) };
    assert_eq!((last_names(store, &only(&often)).len(), last_names(store, &only(&others)).len()), (1, 0));

    let is_seen = |id, doctor| store.patients.is_seen_by(id, doctor).expect("the store answers");
    assert!(own.iter().all(|id| is_seen(*id, doctor.id())));
    assert!(is_seen(often.id(), other.id()) && is_seen(others.id(), other.id()));
    assert!(!is_seen(others.id(), doctor.id()) && !is_seen(nobodys.id(), doctor.id()));
    assert!(!is_seen(given::patient_id(), doctor.id()) && !is_seen(often.id(), given::doctor_id()));
}

pub fn whoever_has_only_been_held_a_slot_for_is_seen_by_nobody_yet(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let hold = store.held(&doctor, given::stretch(given::monday(9, 0), 60));
    let is_seen = || store.patients.is_seen_by(patient.id(), doctor.id()).expect("the store answers");
    assert!(!is_seen());
    store.confirm(&hold, &patient, doctor.revision(), given::now()).expect("it is held");
    assert!(is_seen());
}
