//! The past stays as it was written, whoever tries: by raw SQL.

use doctor_booking_domain::{Audience, Doctor, Entry, What};
use doctor_booking_ports::Along;
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::{Database, blob};

/// Three entries about a doctor.
fn entries(doctor: &Doctor) -> Vec<Entry> {
    let entry = |what| Entry { what, ..Entry::doctor(given::entry_id(), None, doctor, &given::author()) };
    [What::DoctorCreated, What::DoctorChanged, What::HoursChanged].map(entry).into()
}

fn told(store: &Fixture) -> Vec<Entry> {
    let doctor = Doctor::from_parts(given::doctor());
    let history = entries(&doctor);
    store.doctors.add(&doctor, &Along { history: history.clone(), answer: None }).expect("the doctor is added");
    history
}

fn found(store: &Fixture) -> Vec<(i64, Entry)> {
    let events = store.events.after(0, Audience::Everybody, given::limit(200)).expect("the store answers");
    events.into_iter().map(|event| (event.position, event.entry)).collect()
}

#[test]
fn what_has_happened_can_neither_be_changed_nor_taken_away_nor_replaced() {
    let mut database = Database::new();
    let store = database.fixture();
    let there = told(&store);
    let before = found(&store);
    assert_eq!(before, (1..).zip(there.clone()).collect::<Vec<_>>());
    let [first, last] = [&there[0], &there[2]].map(|entry| blob(entry.id.uuid().as_u128()));
    let columns = "what, at, who, why, doctor_id, patient_id, booking_id, before, after";
    let insert = |or: &str, position: &str, id: &str| {
        format!("INSERT {or} INTO history SELECT {position}, {id}, {columns} FROM history WHERE position = 1")
    };
    for statement in [
        "UPDATE history SET what = 'booking.moved'".to_owned(),
        "UPDATE history SET why = 'x' WHERE position = 3".to_owned(),
        "UPDATE OR REPLACE history SET position = 1 WHERE position = 2".to_owned(),
        "UPDATE OR IGNORE history SET at = at".to_owned(),
        "DELETE FROM history".to_owned(),
        "DELETE FROM history WHERE position = 3".to_owned(),
        // OR REPLACE asks no trigger about what it deletes.
        insert("OR REPLACE", "1", &blob(1)),
        insert("OR REPLACE", "3", &blob(1)),
        insert("OR REPLACE", "4", &first),
        insert("OR REPLACE", "4", &last),
        insert("OR IGNORE", "3", &blob(1)),
        insert("", "4", &last) + " ON CONFLICT DO UPDATE SET what = 'x'",
        // Nor is there ever a gap.
        insert("", "0", &blob(1)),
        insert("", "5", &blob(1)),
        insert("", "-1", &blob(1)),
        insert("", "NULL", &blob(1)),
    ] {
        let refused = database.execute(&statement).expect_err(&statement).to_string();
        assert_eq!(refused, "history_append_only", "{statement}");
        assert_eq!(found(&store), before, "{statement}");
    }
    database.execute(&insert("", "4", &blob(1))).expect("it comes next");
    assert_eq!(told(&store).len() + 4, found(&store).len());
}

#[test]
fn an_entry_that_is_there_already_is_not_told_again_and_nothing_is_made_with_it() {
    let database = Database::new();
    let store = database.fixture();
    let there = told(&store);
    let doctor = Doctor::from_parts(given::doctor());
    let history = vec![Entry { id: given::entry_id(), ..there[0].clone() }, there[1].clone()];
    assert!(store.doctors.add(&doctor, &Along { history, answer: None }).is_err());
    assert_eq!(store.doctors.find(doctor.id()).expect("the store answers"), None);
    assert_eq!(found(&store).len(), 3);
}
