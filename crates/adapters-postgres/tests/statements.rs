//! How many statements a question takes does not depend on how much there is to answer.

mod common;

use std::cell::Cell;

use chrono::{DateTime, Days, TimeDelta, Utc};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{
    Booking, BookingParts, DateRange, Doctor, DoctorAmendment, DoctorParts, Span, VisitTypeAmendment, VisitTypeId,
    WorkingHours,
};
use doctor_booking_ports::{
    BookingFilter, CalendarFilter, ClosureStep, DoctorFilter, ExceptionChange, PatientFilter, VisitTypeFilter,
};
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

/// A store whose statements are counted, each on the thread that asks.
fn store() -> Fixture {
    set_default_instrumentation(|| Some(Box::new(Counter))).expect("it can be set");
    let database = common::database();
    Fixture::new(common::connect(&PgOptions::new(database.url())).stores(), database)
}

#[test]
fn the_number_of_statements_is_fixed() {
    let store = store();
    let all = Span::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).expect("forwards");
    let day = Span::new(given::monday(0, 0), given::monday(23, 0)).expect("forwards");

    let count = |doctor: &Doctor, types: &[VisitTypeId], during: Span| {
        let dates = DateRange::new(during.start().date_naive(), during.end().date_naive()).expect("forwards");
        [
            statements(|| store.doctors.find(doctor.id()).expect("the store answers")),
            statements(|| store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers")),
            statements(|| store.patients.list(&PatientFilter::default(), &given::whole()).expect("the store answers")),
            statements(|| store.bookings.list(&BookingFilter::default(), &given::whole()).expect("the store answers")),
            statements(|| store.closures.list(&given::whole()).expect("the store answers")),
            statements(|| store.visit_types.list(&VisitTypeFilter::default(), &given::whole()).expect("an answer")),
            statements(|| store.visit_types.find_all(types).expect("the store answers")),
            statements(|| store.calendars.time_off(doctor.id(), &given::whole()).expect("the store answers")),
            statements(|| store.calendars.overrides(doctor.id(), dates).expect("the store answers")),
            statements(|| store.calendars.load(doctor.id(), during).expect("the store answers")),
            statements(|| store.calendars.load_all(&CalendarFilter::default(), during).expect("the store answers")),
            statements(|| store.seen(doctor)),
            statements(|| store.closures.outlooks(given::january(7), given::now()).expect("the store answers")),
        ]
    };
    let few = doctor(&store, 0);
    for day in [0, 2] {
        store.booked(&few, &store.patient(), given::monday(9, 0) + TimeDelta::days(day));
    }
    let check_up = store.visit_type_of(given::visit_type("Check-up"));
    assert_eq!(count(&few, &[check_up.id()], day), [1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 5, 5]);
    let closing = |date| {
        let change = store.closing(ClosureStep::Add(given::closure(date)));
        (change.marked.len(), statements(|| store.closures.save(&change).expect("it is saved")))
    };
    assert_eq!(closing(given::january(7)), (1, 7));

    let many = doctor(&store, 30);
    for date in (1..=31).map(given::january) {
        store.except(&many, given::override_of(date, &[("08:00", "12:00"), ("12:00", "18:00")]));
        store.away(&many, given::stretch(given::monday(0, 0) + TimeDelta::days(100), 60));
        store.closed(date.checked_add_days(Days::new(365)).expect("a date"));
    }
    for day in 0..5 {
        for hour in 8..18 {
            let span = given::stretch(given::monday(hour, 0) + TimeDelta::days(day), 60);
            store.try_book(&store.seen(&many).doctor, &store.patient(), span).expect("the booking is stored");
        }
    }
    let types: Vec<_> = (0..50).map(|_| store.visit_type_of(given::visit_type("Check-up")).id()).collect();
    assert_eq!(count(&many, &types, all), [1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 5, 5]);
    assert_eq!(closing(given::january(8)), (20, 7));

    // Leaving one booking outside working hours takes as much as leaving all of them.
    let changes = [&few, &many].map(|doctor| {
        let seen = store.seen(doctor);
        let closed = DoctorAmendment { active: Some(false), ..DoctorAmendment::default() };
        given::change(seen.doctor.amended(closed, given::later()), &seen)
    });
    let marked = changes.each_ref().map(|change| change.marked.len());
    let saving = changes.map(|change| statements(|| store.doctors.save(&change).expect("it is saved")));
    assert_eq!((marked, saving), ([1, 30], [10, 10]));

    // What changes on single dates goes with the doctor. Nobody is left outside who is not already.
    let away = given::time_off(&many, given::stretch(given::monday(9, 0), 60));
    let windows = given::override_of(given::january(7), &[("08:00", "09:00")]);
    let changes = [windows, ExceptionChange::NoOverride(given::january(7)), ExceptionChange::TimeOff(away.clone())];
    let saving = changes.into_iter().chain([ExceptionChange::NoTimeOff(away.id)]).map(|what| {
        let change = store.exception(&many, what);
        statements(|| store.doctors.save(&change).expect("it is saved"))
    });
    assert_eq!(saving.collect::<Vec<_>>(), [12, 11, 11, 10]);
}

/// Books so many minutes from so many after nine on for somebody new; how many statements that takes.
fn seating(store: &Fixture, doctor: &Doctor, capacity: u8, start: i64, minutes: i64) -> (Booking, usize) {
    let span = given::stretch(given::monday(9, 0) + TimeDelta::minutes(start), minutes);
    let parts = given::booking(doctor, &store.patient(), span);
    let booking = Booking::from_parts(BookingParts { footprint: given::shared_by(capacity), ..parts });
    let taken = statements(|| store.bookings.store(&booking, doctor.revision()).expect("there is room"));
    (booking, taken)
}

#[test]
fn sharing_a_doctor_takes_two_statements_more_however_many_are_there() {
    let store = store();
    let doctor = store.doctor();
    let (_, alone) = seating(&store, &doctor, 1, 0, 30);
    assert_eq!(alone, 7);
    for _ in 0..50 {
        assert_eq!(seating(&store, &doctor, 50, 30, 30).1, alone + 2);
    }
}

#[test]
fn moving_takes_a_few_more_however_many_have_to_move() {
    let store = store();
    // So many on two seats in turn, each overlapping the next; where two in the middle are gone, both ends of the gap
    // sit on the same seat.
    let moving = |half: i64| {
        let doctor = store.doctor();
        let chain: Vec<_> = (0..2 * half).map(|hour| seating(&store, &doctor, 2, hour * 60, 90).0).collect();
        let middle = usize::try_from(half).expect("small");
        for booking in &chain[middle..middle + 2] {
            store.cancel(booking);
        }
        seating(&store, &doctor, 2, half * 60 + 15, 120).1
    };
    // Looking at two days, at a week, at two months.
    assert_eq!([4, 40, 400].map(moving), [2, 4, 6].map(|looks| 9 + looks + 2));
}

#[test]
fn a_change_of_a_visit_type_takes_as_many_statements_for_many_doctors_as_for_one() {
    let store = store();
    let mut check_up = store.visit_type_of(given::visit_type("Check-up"));
    let mut changing = || {
        let changed = check_up.amended(VisitTypeAmendment::default(), given::later()).expect("it can be booked");
        let taken = statements(|| store.visit_types.save(&changed, check_up.revision()).expect("it is saved"));
        check_up = changed;
        taken
    };
    assert_eq!(changing(), 5);
    for _ in 0..20 {
        store.doctor();
    }
    assert_eq!(changing(), 5);
}
