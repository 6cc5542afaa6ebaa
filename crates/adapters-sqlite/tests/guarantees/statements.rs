//! How many statements a call takes, and that none of them goes through a whole table.

use chrono::{Days, TimeDelta};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use doctor_booking_domain::{
    Booking, BookingParts, DateRange, Doctor, DoctorParts, Footprint, Rules, Span, VisitType, What, WorkingHours, Zone,
};
use doctor_booking_ports::{
    Along, BookingFilter, CalendarFilter, ClosureStep, DoctorFilter, ExceptionChange, VisitTypeFilter,
};
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::Database;
use crate::notes::{assert_goes_by_an_index, database, plan, statements_of};
use crate::visits::{apart, booked, span};

/// A doctor with so many versions of working hours.
fn doctor_with(store: &Fixture, versions: u64) -> Doctor {
    let week = given::weekly(&[(chrono::Weekday::Mon, "08:00", "18:00")]);
    let hours =
        (0..versions).map(|month| Some(given::january(7) + Days::new(28 * month))).map(|date| (date, week.clone()));
    let hours = WorkingHours::from_versions(hours).expect("no version overlaps another");
    store.doctor_of(DoctorParts { rules: Rules::new(Zone::utc()).with_hours(hours), ..given::doctor() })
}

/// The dates that everything here is about.
fn year() -> DateRange {
    DateRange::new(given::january(1), given::january(1) + Days::new(365)).expect("forwards")
}

fn reads(store: &Fixture, doctor: &Doctor, during: Span) -> Vec<usize> {
    let filter = CalendarFilter::default();
    let closed = store.closures.list(&given::whole()).expect("the store answers").items.pop().expect("a closure");
    let away = store.calendars.time_off(doctor.id(), &given::whole()).expect("the store answers").items;
    let types = store.visit_types.list(&VisitTypeFilter::default(), &given::whole()).expect("the store answers").items;
    let types: Vec<_> = types.iter().map(VisitType::id).collect();
    let read: [&dyn Fn(); 15] = [
        &|| assert!(store.calendars.load(doctor.id(), during).expect("the store answers").is_some()),
        &|| assert!(!store.calendars.load_all(&filter, during).expect("the store answers").is_empty()),
        &|| assert!(store.calendars.overrides(doctor.id(), year()).expect("it answers").iter().next().is_some()),
        &|| assert!(!store.calendars.time_off(doctor.id(), &given::whole()).expect("it answers").items.is_empty()),
        &|| assert!(store.calendars.find_time_off(away[0].id).expect("the store answers").is_some()),
        &|| assert!(store.closures.find(closed.id).expect("the store answers").is_some()),
        &|| assert!(!store.closures.list(&given::whole()).expect("the store answers").items.is_empty()),
        &|| assert!(!store.closures.outlooks(given::january(7), given::now()).expect("it answers").is_empty()),
        &|| assert!(store.doctors.outlook(doctor.id(), given::now()).expect("the store answers").is_some()),
        &|| assert!(store.doctors.find(doctor.id()).expect("the store answers").is_some()),
        &|| drop(store.doctors.list(&DoctorFilter::default(), &given::whole()).expect("the store answers")),
        &|| drop(store.bookings.list(&BookingFilter::default(), &given::whole()).expect("the store answers")),
        &|| assert!(store.visit_types.find(types[0]).expect("the store answers").is_some()),
        &|| assert_eq!(store.visit_types.find_all(&types).expect("the store answers").len(), types.len()),
        &|| drop(store.visit_types.list(&VisitTypeFilter::default(), &given::whole()).expect("the store answers")),
    ];
    read.iter().map(|read| statements_of(read).len()).collect()
}

/// An entry of each mark, and an answer.
fn every_mark(marked: &[Booking]) -> Along {
    let history = marked.iter().map(|booking| given::told(What::BookingMarked, None, booking)).collect();
    let key = given::entry_id().to_string();
    Along { history, answer: Some(given::answer(&key)) }
}

/// The statements of changes that meet every booking there is, and of taking them back.
fn changes(store: &Fixture, doctor: &Doctor) -> Vec<usize> {
    let mut closing = store.closing(ClosureStep::Add(given::closure(given::january(7))));
    closing.along = every_mark(&closing.marked);
    let mut counts = vec![statements_of(|| store.closures.save(&closing).expect("the closure is saved")).len()];
    let opening = store.closing(ClosureStep::Remove(closing.step.closure().clone()));
    counts.push(statements_of(|| store.closures.save(&opening).expect("the closure is removed")).len());
    let away = given::time_off(doctor, year().reach());
    for what in [ExceptionChange::TimeOff(away.clone()), ExceptionChange::NoTimeOff(away.id)] {
        let mut change = store.exception(doctor, what);
        assert!(!change.marked.is_empty());
        change.along = every_mark(&change.marked);
        counts.push(statements_of(|| store.doctors.save(&change).expect("the change is saved")).len());
    }
    let before = store.visit_type_of(given::visit_type("Check-up"));
    let retired = before.retired(given::later()).expect("it was not");
    counts.push(statements_of(|| store.visit_types.save(&retired, before.revision()).expect("it is saved")).len());
    counts
}

/// The statements of bookings with the doctor alone, on a free seat, and where others have to move.
fn bookings(store: &Fixture, doctor: &Doctor, capacity: u8) -> Vec<usize> {
    let shared = given::shared_by(capacity);
    apart(store, doctor, capacity);
    let wanted = [(span(120, 150), Footprint::default()), (span(-30, 0), shared), (span(15, 60), shared)];
    wanted.map(|(span, footprint)| statements_of(|| drop(booked(store, doctor, span, footprint))).len() - 1).into()
}

#[test]
fn a_call_takes_as_many_statements_however_much_there_is() {
    let little = database();
    let store = little.fixture();
    let (doctor, patient) = (doctor_with(&store, 1), store.patient());
    store.booked(&doctor, &patient, given::monday(9, 0));
    store.except(&doctor, given::override_of(given::january(8), &[]));
    store.away(&doctor, given::stretch(given::monday(12, 0), 60));
    store.closed(given::january(9));
    store.visit_type_of(given::visit_type("Check-up"));
    let few = reads(&store, &doctor, DateRange::day(given::january(7)).reach());
    assert_eq!(few, [7, 7, 1, 1, 1, 1, 1, 10, 8, 3, 3, 1, 1, 1, 1]);
    let few_changes = changes(&store, &doctor);
    assert_eq!(few_changes, [10, 8, 11, 11, 2]);
    let few_bookings = bookings(&store, &store.doctor(), 2);
    assert_eq!(few_bookings, [8, 9, 12]);

    let much = database();
    let store = much.fixture();
    let (doctor, patient) = (doctor_with(&store, 50), store.patient());
    let closed = (0..50).map(|day| given::january(9) + Days::new(day));
    closed.for_each(|date| drop(store.closed(date)));
    for _ in 0..50 {
        let doctor = doctor_with(&store, 5);
        let seen = store.seen(&doctor).doctor;
        store.try_book(&seen, &store.patient(), given::stretch(given::monday(9, 0), 60)).expect("there is room");
        store.away(&doctor, given::stretch(given::monday(12, 0), 60));
    }
    for day in 0..50 {
        store.except(&doctor, given::override_of(given::january(8) + Days::new(day), &[("08:00", "09:00"); 1]));
        store.away(&doctor, given::stretch(given::monday(12, 0) + TimeDelta::days(day.cast_signed()), 60));
    }
    for hour in 0..50 {
        let start = given::monday(9, 0) + TimeDelta::hours(hour);
        let seen = store.seen(&doctor).doctor;
        store.try_book(&seen, &patient, given::stretch(start, 60)).expect("there is room");
    }
    for _ in 0..50 {
        store.visit_type_of(given::visit_type("Check-up"));
    }
    assert_eq!(reads(&store, &doctor, year().reach()), few);
    assert_eq!(changes(&store, &doctor), few_changes);
    let doctor = store.doctor();
    for hour in 24..74 {
        booked(&store, &doctor, span(hour * -60, hour * -60 + 30), given::shared_by(50));
    }
    assert_eq!(bookings(&store, &doctor, 50), few_bookings);
}

#[test]
fn nothing_that_happens_often_goes_through_a_whole_table_or_sorts() {
    let mut database = database();
    let store = database.fixture();
    let (doctor, patient, _another) = (store.doctor(), store.patient(), store.doctor());
    let shared = store.doctor();
    apart(&store, &shared, 4);
    let calls: [&dyn Fn(); 10] = [
        &|| drop(booked(&store, &shared, span(15, 60), given::shared_by(4))),
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
        &|| {
            store.except(&doctor, given::override_of(given::january(8), &[("08:00", "09:00")]));
            store.except(&doctor, ExceptionChange::NoOverride(given::january(8)));
            let away = store.away(&doctor, given::stretch(given::monday(16, 0), 60));
            store.calendars.overrides(doctor.id(), year()).expect("the store answers");
            let mut page = given::whole();
            page.limit = given::limit(1);
            page.after = Some((&away).into());
            store.calendars.time_off(doctor.id(), &page).expect("the store answers");
            store.calendars.load_all(&CalendarFilter::default(), year().reach()).expect("the store answers");
            store.except(&doctor, ExceptionChange::NoTimeOff(away.id));
        },
        &|| {
            let closure = store.closed(given::january(7));
            let mut page = given::whole();
            page.limit = given::limit(1);
            page.after = Some((&closure).into());
            store.closures.list(&page).expect("the store answers");
            store.reopened(&closure);
        },
        &|| {
            let before = store.visit_type_of(given::visit_type("Check-up"));
            let after = before.retired(given::later()).expect("it was not");
            store.visit_types.save(&after, before.revision()).expect("the change is saved");
            store.visit_types.find(before.id()).expect("the store answers");
            store.visit_types.find_all(&[before.id()]).expect("the store answers");
            let mut page = given::whole();
            page.limit = given::limit(1);
            page.after = Some((&before).into());
            store.visit_types.list(&VisitTypeFilter::default(), &page).expect("the store answers");
        },
    ];
    for statement in calls.into_iter().flat_map(statements_of) {
        // A closure changes the rules of every doctor, and so does a visit type.
        let of_everybody = statement.starts_with("UPDATE `doctors`") && !statement.contains("WHERE");
        if !of_everybody {
            assert_goes_by_an_index(&mut database, &statement);
        }
    }
}

#[test]
fn a_booking_beside_others_takes_a_look_more_and_one_statement_for_each_it_meets() {
    let mut database = database();
    let store = database.fixture();
    let patient = store.patient();
    let taken = |beside_others, start: i64, minutes: i64| {
        let doctor = store.doctor();
        let parts = given::booking(&doctor, &patient, span(start, start + minutes));
        let booking = Booking::from_parts(BookingParts { beside_others, ..parts });
        statements_of(|| store.put(&booking, doctor.revision()).expect("there is room"))
    };
    let ordinary = taken(false, 0, 30).len();
    assert_eq!(taken(true, 120, 30).len(), ordinary + 1);
    taken(false, 30, 30);
    let beside = taken(true, 15, 30);
    assert_eq!(beside.len(), ordinary + 3);
    // Both have made room already.
    assert_eq!(taken(true, 15, 30).len(), ordinary + 1);
    for statement in &beside {
        assert_goes_by_an_index(&mut database, statement);
    }
    let looks = beside.iter().flat_map(|statement| plan(&mut database, statement)).collect::<Vec<_>>();
    let bounds = "COVERING INDEX occupancy_live (kind=? AND subject=? AND starts_at>? AND starts_at<?)";
    assert!(looks.iter().any(|look| look.ends_with(bounds)), "{looks:?}");
}

#[test]
fn what_is_long_over_is_never_looked_at() {
    let mut database = database();
    let store = database.fixture();
    let doctor = store.doctor();
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let calls: [&dyn Fn(); 4] = [
        &|| drop(store.calendars.load(doctor.id(), year().reach()).expect("the store answers")),
        &|| drop(store.calendars.load_all(&CalendarFilter::default(), year().reach()).expect("the store answers")),
        &|| drop(store.doctors.outlook(doctor.id(), given::now()).expect("the store answers")),
        &|| drop(store.closures.outlooks(given::january(7), given::now()).expect("the store answers")),
    ];
    for call in calls {
        let steps: Vec<String> =
            statements_of(call).iter().flat_map(|statement| plan(&mut database, statement)).collect();
        for (table, bounds) in [
            ("overrides", "(doctor_id=? AND date>? AND date<?)"),
            ("time_off", "(doctor_id=? AND ends_at>?)"),
            ("closures", "(date>? AND date<?)"),
            ("taken", "(kind=? AND subject=? AND starts_at>? AND starts_at<?)"),
            ("bookings", "(doctor_id=? AND ends_at>?)"),
        ] {
            let of_table = steps.iter().filter(|step| step.split(' ').nth(1) == Some(table));
            let unbounded: Vec<_> =
                of_table.filter(|step| !step.ends_with(bounds) && !step.ends_with("(id=?)")).collect();
            assert!(unbounded.is_empty(), "{unbounded:?}");
        }
        assert!(steps.iter().any(|step| step.contains("time_off_by_end")), "{steps:?}");
        let mut taken = steps.iter().filter(|step| step.split(' ').nth(1) == Some("taken"));
        assert!(taken.all(|step| step.contains("USING COVERING INDEX occupancy_live")), "{steps:?}");
    }
}

#[test]
fn a_booking_for_which_others_move_looks_only_at_them_and_at_what_is_near() {
    let mut database = database();
    let store = database.fixture();
    let doctor = store.doctor();
    apart(&store, &doctor, 4);
    let statements = statements_of(|| drop(booked(&store, &doctor, span(15, 60), given::shared_by(4))));
    let steps: Vec<String> = statements.iter().flat_map(|statement| plan(&mut database, statement)).collect();
    let of_table = |table: &'static str| steps.iter().filter(move |step| step.split(' ').nth(1) == Some(table));
    let looks: Vec<_> = of_table("taken").collect();
    assert!(looks.iter().all(|look| look.ends_with("(kind=? AND subject=? AND starts_at>? AND starts_at<?)")));
    assert_eq!(looks.len(), 2, "{steps:?}");
    let moves: Vec<_> = of_table("occupancy").filter(|step| !step.contains("occupancy_held")).collect();
    assert!(moves.iter().all(|moved| moved.ends_with("(kind=? AND subject=? AND booking=?)")), "{steps:?}");
    assert_eq!(moves.len(), 2, "{steps:?}");
}

/// What the triggers ask about everything live, which no plan of a statement shows.
#[test]
fn a_trigger_looks_back_no_further_than_anything_lasts() {
    let mut database = Database::new();
    let triggers: Vec<String> =
        sql::<Text>("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'occupancy'")
            .load(database.raw())
            .expect("triggers");
    assert_eq!(triggers.len(), 2);
    for trigger in triggers {
        let (_, question) = trigger.split_once("SELECT RAISE(ABORT, 'occupancy_overlap')").expect("a refusal");
        let (question, _) = question.split_once(';').expect("its end");
        let question = format!("SELECT 1 {question}").replace("NEW.", ":").replace("OLD.", ":");
        let plan = plan(&mut database, &question);
        let (looks, others): (Vec<_>, Vec<_>) = plan.iter().partition(|step| step.starts_with("SEARCH"));
        let bounds = "COVERING INDEX occupancy_live (kind=? AND subject=? AND starts_at>? AND starts_at<?)";
        assert!(looks.len() == 2 && looks.iter().all(|look| look.ends_with(bounds)), "{plan:?}");
        assert!(others.iter().all(|step| step.starts_with("SCALAR SUBQUERY")), "{plan:?}");
    }
}
