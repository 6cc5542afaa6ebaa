//! How many statements a question takes does not depend on how much there is to answer.

mod common;

use std::cell::Cell;

use chrono::{DateTime, Days, TimeDelta, Utc};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{Doctor, DoctorAmendment, DoctorParts, Span, WorkingHours};
use doctor_booking_ports::{BookingFilter, DoctorFilter, PatientFilter};
use doctor_booking_ports_contract::{Fixture, given};

thread_local! {
    static STATEMENTS: Cell<usize> = const { Cell::new(0) };
}

struct Counter;

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            // What the pool asks before it hands out a connection is none of ours.
            if !query.to_string().starts_with("SELECT 1 ") {
                STATEMENTS.set(STATEMENTS.get() + 1);
            }
        }
    }
}

/// How many statements `ask` takes, transaction control included.
fn statements<T>(ask: impl FnOnce() -> T) -> usize {
    let before = STATEMENTS.get();
    ask();
    STATEMENTS.get() - before
}

/// A doctor with so many versions of hours, all of them the same.
fn doctor(store: &Fixture, versions: u64) -> Doctor {
    let week = given::rules().hours.versions()[0].weekly().clone();
    let dates = (0..versions).map(|index| given::january(7).checked_add_days(Days::new(index)));
    let weeks = dates.map(|date| (date, week.clone())).chain([(None, week.clone())]);
    let hours = WorkingHours::from_versions(weeks).expect("nothing overlaps");
    store.doctor_of(DoctorParts { rules: given::rules().with_hours(hours), ..given::doctor() })
}

#[test]
fn the_number_of_statements_is_fixed() {
    set_default_instrumentation(|| Some(Box::new(Counter))).expect("the first to do so");
    let database = common::database();
    let store = Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), database);
    let all = Span::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).expect("forwards");
    let day = Span::new(given::monday(0, 0), given::monday(23, 0)).expect("forwards");

    let count = |doctor: &Doctor, during: Span| {
        [
            statements(|| store.doctors.find(doctor.id()).expect("the store answers")),
            statements(|| store.calendars.load(doctor.id(), during).expect("the store answers")),
            statements(|| store.seen(doctor)),
            statements(|| store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers")),
            statements(|| store.patients.list(&PatientFilter::default(), &given::whole()).expect("the store answers")),
            statements(|| store.bookings.list(&BookingFilter::default(), &given::whole()).expect("the store answers")),
        ]
    };
    let few = doctor(&store, 0);
    assert_eq!(count(&few, day), [1, 2, 2, 1, 1, 1]);

    let many = doctor(&store, 30);
    for day in 0..5 {
        for hour in 8..18 {
            store.booked(&many, &store.patient(), given::monday(hour, 0) + TimeDelta::days(day));
        }
    }
    assert_eq!(count(&many, all), [1, 2, 2, 1, 1, 1]);

    // Leaving one booking outside working hours takes as much as leaving all of them.
    store.booked(&few, &store.patient(), given::monday(9, 0));
    let changes = [few, many].map(|doctor| {
        let closed = DoctorAmendment { active: Some(false), ..DoctorAmendment::default() };
        given::change(doctor.amended(closed, given::later()), &store.seen(&doctor))
    });
    assert_eq!(changes.each_ref().map(|change| change.marked.len()), [1, 50]);
    let [few, many] = changes.map(|change| statements(|| store.doctors.save(&change).expect("it is saved")));
    assert_eq!((few, many), (10, 10));
}
