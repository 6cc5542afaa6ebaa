//! How many statements a call takes, and that none of them goes through a whole table.

use std::cell::RefCell;

use chrono::{Days, TimeDelta};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use doctor_booking_domain::{DateRange, Doctor, DoctorParts, Rules, Span, WorkingHours, Zone};
use doctor_booking_ports::{BookingFilter, DoctorFilter};
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::Database;

thread_local! {
    /// The statements of this thread; a store works on the thread of its caller.
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(vec![]) };
}

/// Notes every statement but those about transactions and the connection itself.
fn notes() -> Option<Box<dyn Instrumentation>> {
    let note = |event: InstrumentationEvent<'_>| {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        let statement = query.to_string();
        if !["BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"].iter().any(|other| statement.starts_with(other)) {
            STATEMENTS.with_borrow_mut(|statements| statements.push(statement));
        }
    };
    let instrumentation: Box<dyn Instrumentation> = Box::new(note);
    instrumentation.into()
}

/// A database that takes notes.
fn database() -> Database {
    set_default_instrumentation(notes).expect("nobody else does");
    Database::new()
}

/// The statements of one call.
fn statements_of(call: impl FnOnce()) -> Vec<String> {
    STATEMENTS.take();
    call();
    STATEMENTS.take()
}

/// A doctor with so many versions of working hours.
fn doctor_with(store: &Fixture, versions: u64) -> Doctor {
    let week = given::weekly(&[(chrono::Weekday::Mon, "08:00", "18:00")]);
    let hours =
        (0..versions).map(|month| Some(given::january(7) + Days::new(28 * month))).map(|date| (date, week.clone()));
    let hours = WorkingHours::from_versions(hours).expect("no version overlaps another");
    store.doctor_of(DoctorParts { rules: Rules::new(Zone::utc()).with_hours(hours), ..given::doctor() })
}

fn reads(store: &Fixture, doctor: &Doctor, during: Span) -> Vec<usize> {
    let read: [&dyn Fn(); 5] = [
        &|| assert!(store.calendars.load(doctor.id(), during).expect("the store answers").is_some()),
        &|| assert!(store.doctors.find_with_upcoming(doctor.id(), given::now()).expect("it answers").is_some()),
        &|| assert!(store.doctors.find(doctor.id()).expect("the store answers").is_some()),
        &|| drop(store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers")),
        &|| drop(store.bookings.list(&BookingFilter::default(), &given::whole()).expect("the store answers")),
    ];
    read.iter().map(|read| statements_of(read).len()).collect()
}

#[test]
fn reading_takes_as_many_statements_however_much_there_is() {
    let little = database();
    let store = little.fixture();
    let doctor = doctor_with(&store, 1);
    let few = reads(&store, &doctor, DateRange::day(given::january(7)).reach());
    assert_eq!(few, [5, 4, 3, 3, 1]);

    let much = database();
    let store = much.fixture();
    let (doctor, patient) = (doctor_with(&store, 50), store.patient());
    for _ in 0..50 {
        doctor_with(&store, 5);
    }
    for hour in 0..50 {
        let start = given::monday(9, 0) + TimeDelta::hours(hour);
        store.try_book(&doctor, &patient, given::stretch(start, 60)).expect("there is room");
    }
    let year = DateRange::new(given::january(1), given::january(1) + Days::new(365)).expect("forwards");
    assert_eq!(reads(&store, &doctor, year.reach()), few);
}

#[test]
fn nothing_that_happens_often_goes_through_a_whole_table_or_sorts() {
    let mut database = database();
    let store = database.fixture();
    let (doctor, patient, _another) = (store.doctor(), store.patient(), store.doctor());
    let calls: [&dyn Fn(); 6] = [
        &|| drop(store.booked(&doctor, &patient, given::monday(9, 0))),
        &|| store.cancel(&store.booked(&doctor, &patient, given::monday(10, 0))),
        &|| {
            let seen = store.seen(&doctor);
            let change = given::change(doctor.with_hours(given::workdays("12:00", "18:00"), given::later()), &seen);
            store.doctors.save(&change).expect("the change is saved");
        },
        &|| drop(store.patients.find(patient.id()).expect("the store answers")),
        &|| {
            for (doctor, patient) in [(None, None), (Some(doctor.id()), None), (None, Some(patient.id()))] {
                let filter = BookingFilter { doctor, patient, ..BookingFilter::default() };
                let mut page = given::whole();
                page.limit = given::limit(1);
                page.after = store.bookings.list(&filter, &page).expect("the store answers").next;
                store.bookings.list(&filter, &page).expect("the store answers");
            }
        },
        &|| {
            let mut page = given::whole();
            page.limit = given::limit(1);
            page.after = store.doctors.list(&DoctorFilter::default(), &page).expect("the store answers").next;
            store.doctors.list(&DoctorFilter::default(), &page).expect("the store answers");
        },
    ];
    for statement in calls.into_iter().flat_map(statements_of) {
        let plan: Vec<String> = plan(&mut database, &statement);
        // Walking along an index is what a page of a list does; values and constants are what a statement brings itself.
        let fine = ["USING", "CONSTANT ROW", "VALUES CLAUSE"];
        let whole = |step: &String| step.starts_with("SCAN") && !fine.iter().any(|fine| step.contains(fine));
        assert!(!plan.iter().any(whole), "{statement}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{statement}: {plan:?}");
    }
}

/// What SQLite looks at for the statement.
fn plan(database: &mut Database, statement: &str) -> Vec<String> {
    let explained = format!("EXPLAIN QUERY PLAN {statement}");
    let rows = sql::<(Integer, Integer, Integer, Text)>(&explained);
    let rows: Vec<(i32, i32, i32, String)> = rows.load(database.raw()).expect("a plan");
    rows.into_iter().map(|(.., detail)| detail).collect()
}

/// What the triggers ask about everything live that starts before an instant, which no plan of a statement shows.
#[test]
fn a_trigger_looks_only_at_the_nearest_stretch() {
    let mut database = Database::new();
    let triggers: Vec<String> =
        sql::<Text>("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").load(database.raw()).expect("triggers");
    assert_eq!(triggers.len(), 2);
    for trigger in triggers {
        let (_, question) = trigger.split_once("FROM (").expect("a subquery");
        let (question, _) = question.split_once("LIMIT 1").expect("one row");
        let question = question.replace("NEW.", ":").replace("OLD.", ":");
        let plan = plan(&mut database, &question);
        assert_eq!(plan.len(), 1, "{plan:?}");
        assert!(plan[0].contains("USING INDEX occupancy_live (kind=? AND subject=? AND starts_at<?)"), "{plan:?}");
    }
}
