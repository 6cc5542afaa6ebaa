//! The life of bookings: how many statements it takes, and that none of them goes through a whole table.

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    Audience, Booking, BookingParts, BookingStatus, Doctor, Footprint, Hold, LeadTime, Patient, Revision, Span,
    Waiting, Webhook, What,
};
use doctor_booking_ports::{Along, EntryPosition, NewSeries, Offering, WaitingFilter};
use doctor_booking_ports_contract::{Fixture, given};

use crate::notes::{assert_goes_by_an_index, database, plan, statements_of};
use crate::visits::booked;

/// An hour, so many weeks after Monday at nine.
fn week(number: i64) -> Span {
    given::stretch(given::monday(9, 0) + TimeDelta::days(7 * number), 60)
}

fn expired() -> DateTime<Utc> {
    given::now() + TimeDelta::minutes(5)
}

fn series(doctor: &Doctor, patient: &Patient, weeks: std::ops::Range<i64>) -> NewSeries {
    let bookings: Vec<_> =
        weeks.map(|number| Booking::from_parts(given::booking(doctor, patient, week(number)))).collect();
    let history = bookings.iter().map(|booking| given::told(What::BookingCreated, None, booking)).collect();
    NewSeries { bookings, decided_on: doctor.revision(), along: Along { history, answer: None } }
}

/// The booking an hour later, one revision later.
fn later(booking: &Booking) -> Booking {
    let span = given::stretch(booking.span().start() + TimeDelta::hours(1), 60);
    let parts = booking.parts().clone();
    Booking::from_parts(BookingParts { span, revision: parts.revision.next(), ..parts })
}

fn waiting(store: &Fixture, doctor: &Doctor) -> Waiting {
    let waiting = Waiting::from_parts(given::waiting(doctor, &store.patient()));
    store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
    waiting
}

fn offered(store: &Fixture, doctor: &Doctor, span: Span) -> (Offering, Hold) {
    let waiting = waiting(store, doctor);
    let hold = Hold { waiting: Some(waiting.id()), ..given::hold(doctor, span) };
    let new = doctor_booking_ports::NewHold {
        hold: hold.clone(),
        decided_on: doctor.revision(),
        most: 0,
        along: Along::default(),
    };
    let place = waiting.offered(hold.id, hold.expires_at, given::now());
    (Offering { waiting: place, seen: Revision::FIRST, hold: new }, hold)
}

/// One of each thing that can happen to a booking, with its name.
fn life(store: &Fixture) -> Vec<(&'static str, usize, Vec<String>)> {
    let (doctor, patient, other) = (store.doctor(), store.patient(), store.doctor());
    let booking = store.try_book(&doctor, &patient, week(0)).expect("there is room");
    let moved = later(&booking);
    let arrived = moved.arrived(given::later()).expect("it is booked");
    let kept = store.held(&doctor, week(10));
    let shared = Hold { footprint: given::shared_by(3), ..given::hold(&doctor, week(11)) };
    let (offering, hold) = offered(store, &doctor, week(12));
    let (second, second_hold) = offered(store, &doctor, week(13));
    let gone = waiting(store, &doctor);
    let many = series(&other, &store.patient(), 0..2);
    let reminded = store.try_book(&other, &store.patient(), week(20)).expect("there is room");
    let lead = LeadTime::default();
    let webhook = Webhook::from_parts(given::webhook());
    let patient_of_hold = store.patient();
    let (next, now) = (given::limit(2), given::now());
    let mut page = given::whole();
    page.after = Some(EntryPosition { at: given::now(), id: given::entry_id() });
    let confirm = |hold: &Hold, patient: &Patient| {
        store.confirm(hold, patient, doctor.revision(), given::now()).expect("it is held");
    };
    let answer = given::answer(&given::entry_id().to_string());
    let calls: [(&'static str, &dyn Fn()); 32] = [
        ("move", &|| store.place(&moved, booking.revision(), doctor.revision()).expect("there is room")),
        ("arrive", &|| store.save(&arrived, moved.revision()).expect("it is saved")),
        ("series", &|| store.bookings.store_all(&many).expect("there is room")),
        ("hold", &|| drop(store.held(&doctor, week(14)))),
        ("hold a seat", &|| store.try_hold(&shared, doctor.revision()).expect("there is room")),
        ("find a hold", &|| assert!(store.holds.find(kept.id).expect("the store answers").is_some())),
        ("confirm", &|| confirm(&kept, &patient_of_hold)),
        ("offer", &|| store.waitlist.offer(&offering).expect("there is room")),
        ("confirm an offer", &|| confirm(&hold, &patient_of_hold)),
        ("offer again", &|| store.waitlist.offer(&second).expect("there is room")),
        ("give back", &|| {
            assert!(store.holds.release(second_hold.id, &Along::default()).expect("the store answers"));
        }),
        ("leave", &|| assert!(store.waitlist.remove(gone.id(), &Along::default()).expect("the store answers"))),
        ("in line", &|| {
            let after = Some((given::now(), gone.id()));
            store.waitlist.in_line(given::january(1), after, next).expect("the store answers");
        }),
        ("wait", &|| {
            for filter in [
                WaitingFilter::default(),
                WaitingFilter { patient: Some(patient.id()), doctor: None },
                WaitingFilter { patient: None, doctor: Some(doctor.id()) },
            ] {
                store.waitlist.list(&filter, &given::whole()).expect("the store answers");
            }
        }),
        ("lapse", &|| assert!(store.waitlist.lapse(expired()).is_ok())),
        ("sweep", &|| assert!(store.holds.sweep(expired()).is_ok())),
        ("history of a booking", &|| drop(store.history.of_booking(booking.id(), &page).expect("it answers"))),
        ("history of a doctor", &|| drop(store.history.of_doctor(doctor.id(), &page).expect("it answers"))),
        ("events", &|| drop(store.events.after(1, Audience::Everybody, next).expect("the store answers"))),
        ("last event", &|| assert!(store.events.last().is_ok())),
        ("remind", &|| {
            let now = reminded.span().start() - TimeDelta::hours(1);
            assert!(!store.reminders.due(lead, now, next).expect("the store answers").is_empty());
            assert!(store.reminders.record(&reminded, lead, &Along::default()).expect("the store answers"));
        }),
        ("webhook", &|| store.webhooks.add(&webhook, &Along::default()).expect("it is added")),
        ("happen", &|| store.save(&given::cancelled(&reminded), reminded.revision()).expect("it is saved")),
        ("enqueue", &|| assert_ne!(store.deliveries.enqueue(now, next).expect("the store answers"), 0)),
        ("nothing to enqueue", &|| while store.deliveries.enqueue(now, next).expect("the store answers") != 0 {}),
        ("fail", &|| {
            let claimed = store.deliveries.claim(now, given::later(), given::limit(200)).expect("the store answers");
            store.deliveries.failed(claimed[0].id, "HTTP 500", now, Some(given::later())).expect("the store answers");
        }),
        ("aside", &|| drop(store.deliveries.aside(webhook.id(), &given::whole()).expect("the store answers"))),
        ("remove a webhook", &|| store.webhooks.remove(webhook.id(), webhook.revision()).expect("it is there")),
        ("keep", &|| assert!(store.idempotency.keep(&answer).expect("the store answers"))),
        ("find an answer", &|| {
            let found = store.idempotency.find(answer.claim.caller, &answer.claim.key);
            assert!(found.expect("the store answers").is_some());
        }),
        ("sweep answers", &|| assert!(store.idempotency.sweep(given::now()).is_ok())),
        ("verify", &|| store.assert_consistent()),
    ];
    let noted = |(name, call): (&'static str, &dyn Fn())| {
        let statements = statements_of(call);
        (name, statements.len(), statements)
    };
    calls.into_iter().map(noted).collect()
}

#[test]
fn a_life_takes_as_many_statements_however_much_there_is() {
    let little = database();
    let counts = |store: &Fixture| -> Vec<_> {
        let life = life(store).into_iter();
        life.filter(|(name, ..)| *name != "nothing to enqueue").map(|(name, count, _)| (name, count)).collect()
    };
    let few = counts(&little.fixture());
    let expected = [
        ("move", 9),
        ("arrive", 2),
        ("series", 10),
        ("hold", 7),
        ("hold a seat", 8),
        ("find a hold", 1),
        ("confirm", 9),
        ("offer", 6),
        ("confirm an offer", 10),
        ("offer again", 6),
        ("give back", 3),
        ("leave", 1),
        ("in line", 1),
        ("wait", 3),
        ("lapse", 1),
        ("sweep", 2),
        ("history of a booking", 1),
        ("history of a doctor", 1),
        ("events", 1),
        ("last event", 1),
        ("remind", 3),
        ("webhook", 2),
        ("happen", 4),
        ("enqueue", 5),
        ("fail", 3),
        ("aside", 1),
        ("remove a webhook", 2),
        ("keep", 1),
        ("find an answer", 1),
        ("sweep answers", 1),
        ("verify", 17),
    ];
    assert_eq!(few, expected);

    let much = database();
    let store = much.fixture();
    let busy = store.doctor();
    for number in 0..50 {
        let doctor = store.doctor();
        store.try_book(&doctor, &store.patient(), week(number)).expect("there is room");
        store.held(&doctor, week(60));
        store.waitlist.offer(&offered(&store, &doctor, week(61)).0).expect("there is room");
        store.webhooks.add(&Webhook::from_parts(given::webhook()), &Along::default()).expect("it is added");
        booked(&store, &busy, week(number), Footprint::default());
    }
    assert_eq!(counts(&store), few);
}

#[test]
fn nothing_in_the_life_of_a_booking_goes_through_a_whole_table_or_sorts() {
    let mut database = database();
    let store = database.fixture();
    for (name, _, statements) in life(&store) {
        if name == "verify" {
            continue;
        }
        // There are few webhooks: all of them are asked whether they are to be told.
        for statement in statements.iter().filter(|statement| !statement.contains("webhooks")) {
            assert_goes_by_an_index(&mut database, statement);
        }
        for statement in statements.iter().filter(|statement| statement.contains("webhooks")) {
            let plan = plan(&mut database, statement);
            let mut others = plan.iter().filter(|step| step.starts_with("SCAN") && !step.contains("json_each"));
            assert!(others.all(|step| step.starts_with("SCAN webhooks")), "{name}: {plan:?}");
        }
    }
}

#[test]
fn a_closure_writes_what_it_tells_of_many_bookings_at_once() {
    let database = database();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let bookings: Vec<_> = (0..48)
        .map(|half| given::stretch(given::monday(0, 0) + TimeDelta::minutes(30 * half), 30))
        .map(|span| store.try_book(&doctor, &patient, span).expect("there is room"))
        .collect();
    let mut closing = store.closing(doctor_booking_ports::ClosureStep::Add(given::closure(given::january(7))));
    assert!(!closing.marked.is_empty());
    let entries = (0..20_000).map(|number| given::told(What::BookingMarked, None, &bookings[number % 48]));
    closing.along.history = entries.collect();
    let statements = statements_of(|| store.closures.save(&closing).expect("the closure is saved"));
    assert_eq!(statements.iter().filter(|statement| statement.contains("history")).count(), 1);
    assert_eq!(store.events.last().expect("the store answers"), 48 + 20_000);
}

#[test]
fn live_is_whoever_is_booked_has_come_or_was_seen_and_nobody_else() {
    // What SQL says in these very words.
    let live = BookingStatus::ALL.into_iter().filter(|status| status.is_live()).map(BookingStatus::as_str);
    assert_eq!(live.collect::<Vec<_>>(), ["booked", "arrived", "fulfilled"]);
}
