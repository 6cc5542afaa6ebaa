//! How many statements a question takes does not depend on how much there is to answer.

mod common;

use std::cell::Cell;

use chrono::{DateTime, Days, TimeDelta, Utc};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use doctor_booking_adapters_postgres::PgOptions;
use doctor_booking_domain::{
    Action, Audience, Booking, BookingParts, DateRange, Doctor, DoctorAmendment, DoctorParts, Hold, LeadTime, Patient,
    Role, Span, Token, VisitTypeAmendment, VisitTypeId, Waiting, Webhook, What, WorkingHours,
};
use doctor_booking_ports::{
    Along, AuditFilter, BookingFilter, CalendarFilter, ClosureStep, DoctorFilter, ExceptionChange, Limit, NewSeries,
    PatientFilter, VisitTypeFilter, WaitingFilter,
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
    assert_eq!(count(&few, &[check_up.id()], day), [1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 6, 6]);
    let closing = |date| {
        let mut change = store.closing(ClosureStep::Add(given::closure(date)));
        let told = change.marked.iter().map(|booking| given::told(What::BookingMarked, None, booking));
        change.along.history = told.collect();
        (change.marked.len(), statements(|| store.closures.save(&change).expect("it is saved")))
    };
    assert_eq!(closing(given::january(7)), (1, 9));

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
    assert_eq!(count(&many, &types, all), [1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 6, 6]);
    assert_eq!(closing(given::january(8)), (20, 9));

    // Leaving one booking outside working hours takes as much as leaving all of them.
    let changes = [&few, &many].map(|doctor| {
        let seen = store.seen(doctor);
        let closed = DoctorAmendment { active: Some(false), ..DoctorAmendment::default() };
        given::change(seen.doctor.amended(closed, given::later()), &seen)
    });
    let marked = changes.each_ref().map(|change| change.marked.len());
    let saving = changes.map(|change| statements(|| store.doctors.save(&change).expect("it is saved")));
    assert_eq!((marked, saving), ([1, 30], [11, 11]));

    // What changes on single dates goes with the doctor. Nobody is left outside who is not already.
    let away = given::time_off(&many, given::stretch(given::monday(9, 0), 60));
    let windows = given::override_of(given::january(7), &[("08:00", "09:00")]);
    let changes = [windows, ExceptionChange::NoOverride(given::january(7)), ExceptionChange::TimeOff(away.clone())];
    let saving = changes.into_iter().chain([ExceptionChange::NoTimeOff(away.id)]).map(|what| {
        let change = store.exception(&many, what);
        statements(|| store.doctors.save(&change).expect("it is saved"))
    });
    assert_eq!(saving.collect::<Vec<_>>(), [13, 12, 12, 11]);
}

/// Books so many minutes from so many after nine on for somebody new; how many statements that takes.
fn seating(store: &Fixture, doctor: &Doctor, capacity: u8, start: i64, minutes: i64) -> (Booking, usize) {
    let span = given::stretch(given::monday(9, 0) + TimeDelta::minutes(start), minutes);
    let parts = given::booking(doctor, &store.patient(), span);
    let booking = Booking::from_parts(BookingParts { footprint: given::shared_by(capacity), ..parts });
    let taken = statements(|| store.put(&booking, doctor.revision()).expect("there is room"));
    (booking, taken)
}

#[test]
fn sharing_a_doctor_takes_two_statements_more_however_many_are_there() {
    let store = store();
    let doctor = store.doctor();
    let (_, alone) = seating(&store, &doctor, 1, 0, 30);
    assert_eq!(alone, 8);
    for _ in 0..50 {
        assert_eq!(seating(&store, &doctor, 50, 30, 30).1, alone + 2);
    }
}

#[test]
fn a_booking_beside_others_takes_two_statements_more_and_one_for_each_it_meets() {
    let store = store();
    let patient = store.patient();
    let taken = |beside_others, start: i64, minutes: i64| {
        let doctor = store.doctor();
        let span = given::stretch(given::monday(9, 0) + TimeDelta::minutes(start), minutes);
        let parts = given::booking(&doctor, &patient, span);
        let booking = Booking::from_parts(BookingParts { beside_others, ..parts });
        statements(|| store.put(&booking, doctor.revision()).expect("there is room"))
    };
    assert_eq!(taken(false, 0, 30), 8);
    assert_eq!(taken(true, 120, 30), 8 + 2);
    assert_eq!(taken(false, 30, 30), 8);
    assert_eq!(taken(true, 15, 30), 8 + 2 + 2);
    // Both have made room already.
    assert_eq!(taken(true, 15, 30), 8 + 2);
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
    assert_eq!([4, 40, 400].map(moving), [2, 4, 6].map(|looks| 10 + looks + 2));
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

#[test]
fn changing_a_booking_takes_as_many_statements_wherever_it_goes() {
    let store = store();
    let (doctor, colleague) = (store.doctor(), store.doctor());
    let mut booking = seating(&store, &doctor, 1, 0, 30).0;
    let mut moving = |doctor: &Doctor, start: i64, capacity: u8| {
        let span = given::stretch(given::monday(9, 0) + TimeDelta::minutes(start), 30);
        let (revision, footprint) = (booking.revision().next(), given::shared_by(capacity));
        let parts = BookingParts { doctor: doctor.id(), span, footprint, revision, ..booking.parts().clone() };
        let (there, seen) = (Booking::from_parts(parts), booking.revision());
        booking = there;
        statements(|| store.place(&booking, seen, doctor.revision()).expect("there is room"))
    };
    let (there, to_another, to_a_seat) = (moving(&doctor, 15, 1), moving(&colleague, 15, 1), moving(&colleague, 30, 2));
    assert_eq!((there, to_another, to_a_seat), (13, 15, 14));
    let arrived = booking.arrived(given::later()).expect("it is booked");
    assert_eq!(statements(|| store.save(&arrived, booking.revision()).expect("it is saved")), 5);
    let other = seating(&store, &doctor, 1, 0, 30).0;
    assert_eq!(statements(|| store.cancel(&other)), 7);
}

#[test]
fn a_series_takes_as_many_statements_for_two_visits_as_for_many_and_two_more_for_each_that_is_shared() {
    let store = store();
    let storing = |visits: i64, capacity: u8| {
        let (doctor, patient) = (store.doctor(), store.patient());
        let booking = |week: i64| {
            let span = given::stretch(given::monday(9, 0) + TimeDelta::days(7 * week), 60);
            let parts = given::booking(&doctor, &patient, span);
            Booking::from_parts(BookingParts { footprint: given::shared_by(capacity), ..parts })
        };
        let bookings: Vec<_> = (0..visits).map(booking).collect();
        let history = bookings.iter().map(|booking| given::told(What::BookingCreated, None, booking)).collect();
        let new = NewSeries { bookings, decided_on: doctor.revision(), along: Along { history, answer: None } };
        statements(|| store.bookings.store_all(&new).expect("there is room"))
    };
    assert_eq!([2, 52].map(|visits| storing(visits, 1)), [9, 9]);
    // A look and a seat for each.
    assert_eq!([2, 52].map(|visits| storing(visits, 5)), [8 + 2 * 2, 8 + 2 * 52]);
}

#[test]
fn a_hold_takes_as_many_statements_as_a_booking_and_one_that_is_booked_two_more() {
    let store = store();
    let hold_at = |doctor: &Doctor, hour: u32, now: DateTime<Utc>| {
        let hold = given::hold(doctor, given::stretch(given::monday(hour, 0), 60));
        let hold = Hold { created_at: now, expires_at: now + TimeDelta::minutes(5), ..hold };
        (statements(|| store.try_hold(&hold, doctor.revision()).expect("it is free")), hold)
    };
    let (doctor, patient) = (store.doctor(), store.patient());
    let (taken, hold) = hold_at(&doctor, 9, given::now());
    assert_eq!(taken, 8);
    let confirming =
        statements(|| store.confirm(&hold, &patient, doctor.revision(), given::now()).expect("it is held"));
    assert_eq!(confirming, 10);
    let (_, hold) = hold_at(&doctor, 10, given::now());
    // It is looked at, and cleared away, and so are others that are in the way.
    assert_eq!(hold_at(&doctor, 10, hold.expires_at).0, 8 + 5);
    let (_, hold) = hold_at(&doctor, 11, given::now());
    let releasing = statements(|| store.holds.release(hold.id, &Along::default()).expect("the store answers"));
    assert_eq!(releasing, 6);
}

#[test]
fn what_happened_and_who_is_told_takes_as_many_statements_however_much_that_is() {
    let store = store();
    let count = |doctor: &Doctor, booking: &Booking| {
        while store.deliveries.enqueue(given::now(), given::limit(Limit::MOST)).expect("the store answers") > 0 {}
        let (now, most) = (given::monday(8, 0), given::limit(Limit::MOST));
        let (until, answer) = (now + TimeDelta::seconds(10), given::answer("key"));
        [
            statements(|| store.history.of_booking(booking.id(), &given::whole()).expect("the store answers")),
            statements(|| store.history.of_doctor(doctor.id(), &given::whole()).expect("the store answers")),
            statements(|| store.events.after(0, Audience::Everybody, most).expect("the store answers")),
            statements(|| store.events.last().expect("the store answers")),
            statements(|| store.reminders.due(LeadTime::default(), now, most).expect("the store answers")),
            statements(|| store.waitlist.list(&WaitingFilter::default(), &given::whole()).expect("an answer")),
            statements(|| store.waitlist.in_line(given::january(1), None, most).expect("the store answers")),
            statements(|| store.waitlist.lapse(now).expect("the store answers")),
            statements(|| store.webhooks.list(&given::whole()).expect("the store answers")),
            statements(|| store.deliveries.claim(now, until, most).expect("the store answers")),
            statements(|| store.idempotency.find(answer.claim.caller, &answer.claim.key).expect("an answer")),
            statements(|| store.verification.verify(now).expect("the store answers")),
        ]
    };
    let happen = |days: i64| {
        let doctor = store.doctor();
        for day in 0..days {
            for hour in 8..18 {
                let booking =
                    store.booked(&doctor, &store.patient(), given::monday(hour, 0) + TimeDelta::days(7 * day));
                store.webhooks.add(&Webhook::from_parts(given::webhook()), &Along::default()).expect("it is added");
                let waiting = given::waiting(&doctor, &Patient::from_parts(given::patient()));
                let waiting = Waiting::from_parts(waiting);
                store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
                if (day, hour) == (days - 1, 17) {
                    return (doctor, booking);
                }
            }
        }
        unreachable!("there is a last hour");
    };
    let publishing = || statements(|| store.events.publish().expect("the store answers"));
    let (doctor, booking) = happen(1);
    assert_eq!(publishing(), 4);
    let few = count(&doctor, &booking);
    assert_eq!(few, [1, 1, 1, 1, 1, 1, 1, 3, 1, 5, 1, 10]);
    let (doctor, booking) = happen(5);
    assert_eq!(publishing(), 4);
    assert_eq!(count(&doctor, &booking), few);
    let enqueuing = statements(|| store.deliveries.enqueue(given::now(), given::limit(1)).expect("the store answers"));
    assert_eq!(enqueuing, 1);
}

#[test]
fn access_takes_as_many_statements_however_many_have_it_and_use_it() {
    let store = store();
    let count = || {
        let (doctor, patient) = (store.doctor(), store.patient());
        store.booked(&doctor, &patient, given::monday(9, 0));
        store.events.publish().expect("the store answers");
        let (token, another, first) = (given::token(), given::token(), given::token());
        let digest = store.token_of(&token);
        let [session, ended] = [(), ()].map(|()| given::session(&token));
        assert!(store.tokens.add_session(&ended, &given::digest()).expect("the store answers"));
        let lines: Vec<_> = (0..200).map(|_| given::line()).collect();
        let audit = AuditFilter { caller: lines[0].caller, action: Some(Action::Book), ..AuditFilter::default() };
        let own = PatientFilter { seen_by: Some(doctor.id()), only: Some(patient.id()), name: None };
        let (whole, most, now) = (given::whole(), given::limit(Limit::MOST), given::now());
        let along = Along::default();
        let after = |audience| drop(store.events.after(0, audience, most).expect("the store answers"));
        [
            statements(|| store.tokens.locate(digest.locator()).expect("the store answers")),
            statements(|| store.tokens.find(token.id).expect("the store answers")),
            statements(|| store.tokens.list(&whole).expect("the store answers")),
            statements(|| store.tokens.used(token.id, now).expect("the store answers")),
            statements(|| store.tokens.add(&another, &given::digest(), &along).expect("it is added")),
            statements(|| store.tokens.add_first(&first, &given::digest()).expect("the store answers")),
            statements(|| store.tokens.add_session(&session, &given::digest()).expect("the store answers")),
            statements(|| store.tokens.revoke(token.id, now).expect("the store answers")),
            statements(|| assert!(store.tokens.sweep(given::later()).expect("the store answers") > 0)),
            statements(|| store.audit.record(&lines).expect("the lines are written")),
            statements(|| store.audit.list(&audit, &given::whole()).expect("the store answers")),
            statements(|| after(Audience::Doctor(doctor.id()))),
            statements(|| after(Audience::Patient(patient.id()))),
            statements(|| store.events.position_of(given::entry_id()).expect("the store answers")),
            statements(|| store.patients.list(&own, &given::whole()).expect("the store answers")),
            statements(|| store.patients.is_seen_by(patient.id(), doctor.id()).expect("the store answers")),
        ]
    };
    let few = count();
    assert_eq!(few, [1, 1, 1, 1, 3, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1, 1]);
    for _ in 0..50 {
        let token = Token { role: Role::Doctor(store.doctor().id()), ..given::token() };
        store.token_of(&token);
        let session = given::session(&token);
        assert!(store.tokens.add_session(&session, &given::digest()).expect("the store answers"));
    }
    assert_eq!(count(), few);
}
