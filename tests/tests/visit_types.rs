//! Kinds of visits, told over HTTP on both stores: what is free for them, and how doctors are shared.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use doctor_booking_tests::{Answer, Client, Server, Store, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
/// A Monday in summer, when Berlin is two hours ahead of UTC.
const MONDAY: &str = "2030-06-03";

on_both_stores!(
    a_booking_and_time_off_leave_the_slots_around_them,
    buffers_keep_the_neighbours_away_and_strand_nobody,
    a_doctor_is_shared_by_as_many_as_are_there_at_once,
    of_many_at_once_as_many_share_a_doctor_as_the_capacity_says,
    a_night_before_other_hours_begin_stays_whole,
    a_closure_ends_a_night_shift_at_midnight_and_an_override_does_not,
    what_is_too_soon_or_too_far_is_refused_by_the_clock_of_the_day,
    where_nothing_is_free_for_400_days_it_is_told_how_far_was_searched_at_once,
    what_a_type_has_said_is_kept_by_its_bookings_and_through_a_restart,
);

/// A doctor in Berlin. Answers the id.
fn in_berlin(client: &Client, hours: &Value) -> String {
    let doctor = json!({
        "firstName": "Brienne", "lastName": "Tarth", "specialty": "surgery", "timeZone": "Europe/Berlin",
        "slotMinutes": 30, "workingHours": hours,
    });
    client.post("/api/v1/doctors", &doctor).expect(201)["id"].as_str().expect("an id").to_owned()
}

/// One who works on Mondays from 9 to 12.
fn on_mondays(client: &Client) -> String {
    in_berlin(client, &json!({"monday": [{"start": "09:00", "end": "12:00"}]}))
}

/// The same window on every day of a week.
fn every_day(start: &str, end: &str) -> Value {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.iter().map(|day| ((*day).to_owned(), json!([{"start": start, "end": end}]))).collect::<Value>()
}

/// The wall times at which visits of the type can start on a date.
fn free(client: &Client, visit_type: &str, doctor: &str, date: &str) -> Vec<String> {
    let path = format!("/api/v1/doctors/{doctor}/availability?date={date}&visitType={visit_type}&status=free");
    let slots = client.get(&path).expect(200)["days"][0]["slots"].as_array().expect("slots").clone();
    slots.iter().map(|slot| slot["start"].as_str().expect("a start")[11..16].to_owned()).collect()
}

/// An instant of the Monday, at the doctor's.
fn monday(time: &str) -> String {
    format!("{MONDAY}T{time}:00+02:00")
}

/// Somebody new wants a visit of the type.
fn book(client: &Client, visit_type: &str, doctor: &str, start: &str) -> Answer {
    client.book_as(visit_type, doctor, &client.patient("Arya", "Stark"), start)
}

fn a_booking_and_time_off_leave_the_slots_around_them(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, check_up) = (on_mondays(&client), client.visit_type(&json!({"name": "Check-up", "minutes": 30})));
    book(&client, &check_up, &doctor, &monday("10:00")).expect(201);
    assert_eq!(free(&client, &check_up, &doctor, MONDAY), ["09:00", "09:30", "10:30", "11:00", "11:30"]);
    let away = json!({"start": "2030-06-10T10:15:00+02:00", "end": "2030-06-10T10:45:00+02:00"});
    client.post(&format!("/api/v1/doctors/{doctor}/time-off"), &away).expect(201);
    assert_eq!(free(&client, &check_up, &doctor, "2030-06-10"), ["09:00", "09:30", "11:00", "11:30"]);
}

fn buffers_keep_the_neighbours_away_and_strand_nobody(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = on_mondays(&client);
    let body = json!({"name": "Check-up", "minutes": 30, "stepMinutes": 15, "bufferBefore": 10, "bufferAfter": 5});
    let check_up = client.visit_type(&body);
    let booking = book(&client, &check_up, &doctor, &monday("10:00")).expect(201);
    assert_eq!(free(&client, &check_up, &doctor, MONDAY), ["09:00", "09:15", "10:45", "11:00", "11:15", "11:30"]);
    assert_eq!(book(&client, &check_up, &doctor, &monday("09:30")).refusal(), (409, "slot-taken".into()));

    // Only the buffers are left outside.
    let shorter = json!({"weekly": {"monday": [{"start": "10:00", "end": "10:30"}]}});
    let hours = format!("/api/v1/doctors/{doctor}/working-hours");
    assert_eq!(client.put(&hours, &shorter).expect(200)["affectedBookings"], json!([]));
    let shorter = json!({"weekly": {"monday": [{"start": "10:00", "end": "10:25"}]}});
    let refused = client.put(&hours, &shorter);
    assert_eq!(refused.refusal(), (409, "bookings-affected".into()));
    assert_eq!(refused.json()["affectedBookings"][0]["id"], booking["id"]);
}

fn a_doctor_is_shared_by_as_many_as_are_there_at_once(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = on_mondays(&client);
    let pair = client.visit_type(&json!({"name": "Pair", "minutes": 30, "stepMinutes": 15, "capacity": 2}));
    book(&client, &pair, &doctor, &monday("09:00")).expect(201);
    let second = book(&client, &pair, &doctor, &monday("09:30")).expect(201);
    let middle = book(&client, &pair, &doctor, &monday("09:15")).expect(201);
    assert_eq!(middle["visitType"], json!(pair));
    let full = book(&client, &pair, &doctor, &monday("09:15"));
    assert_eq!(full.refusal(), (409, "slot-taken".into()));
    assert_eq!(full.json()["alternatives"][0], monday("09:45"));
    // With a smaller capacity there is less room; a visit alone with the doctor meets nobody.
    let alone = client.book(&doctor, &client.patient("Bran", "Stark"), &monday("09:30"));
    assert_eq!(alone.refusal(), (409, "slot-taken".into()));
    let path = format!("/api/v1/bookings/{}/cancel", second["id"].as_str().expect("an id"));
    client.post(&path, &json!({"reason": "feels better"})).expect(200);
    book(&client, &pair, &doctor, &monday("09:30")).expect(201);
    assert_eq!(book(&client, &pair, &doctor, &monday("09:30")).refusal(), (409, "slot-taken".into()));
}

fn of_many_at_once_as_many_share_a_doctor_as_the_capacity_says(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = on_mondays(&client);
    let vaccination = client.visit_type(&json!({"name": "Vaccination", "minutes": 15, "capacity": 3}));
    let patients: Vec<_> = (0..24).map(|n| client.patient("Patient", &format!("Number {n}"))).collect();
    let start = Barrier::new(patients.len());
    let refusals: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = patients
            .iter()
            .map(|patient| {
                scope.spawn(|| {
                    let client = client.again();
                    start.wait();
                    client.book_as(&vaccination, &doctor, patient, &monday("09:00")).refusal()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let count = |status, code: &str| refusals.iter().filter(|got| **got == (status, code.to_owned())).count();
    assert_eq!((count(201, ""), count(409, "slot-taken")), (3, 21), "{refusals:?}");
    assert_eq!(client.get("/api/v1/bookings").expect(200)["items"].as_array().map(Vec::len), Some(3));
}

fn a_night_before_other_hours_begin_stays_whole(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = in_berlin(&client, &every_day("22:00", "06:00"));
    let days = json!({"effectiveFrom": "2030-07-01", "weekly": every_day("13:00", "17:00")});
    client.put(&format!("/api/v1/doctors/{doctor}/working-hours"), &days).expect(200);
    let hour = client.visit_type(&json!({"name": "Hour", "minutes": 60}));
    let night = ["00:00", "01:00", "02:00", "03:00", "04:00", "05:00"];
    assert_eq!(free(&client, &hour, &doctor, "2030-06-30"), [&night[..], &["22:00", "23:00"]].concat());
    let day = ["13:00", "14:00", "15:00", "16:00"];
    assert_eq!(free(&client, &hour, &doctor, "2030-07-01"), [&night[..], &day].concat());
    assert_eq!(free(&client, &hour, &doctor, "2030-07-02"), day);
    // It can be booked over midnight, too.
    let over_midnight = client.visit_type(&json!({"name": "Long", "minutes": 60, "stepMinutes": 30}));
    let booking = book(&client, &over_midnight, &doctor, "2030-06-30T23:30:00+02:00").expect(201);
    assert_eq!(booking["end"], "2030-07-01T00:30:00+02:00");
}

fn a_closure_ends_a_night_shift_at_midnight_and_an_override_does_not(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = in_berlin(&client, &json!({"friday": [{"start": "22:00", "end": "06:00"}]}));
    let hour = client.visit_type(&json!({"name": "Hour", "minutes": 60}));
    client.post("/api/v1/closures", &json!({"date": "2030-06-08", "name": "Spring cleaning"})).expect(201);
    assert_eq!(free(&client, &hour, &doctor, "2030-06-07"), ["22:00", "23:00"]);
    assert_eq!(free(&client, &hour, &doctor, "2030-06-08"), Vec::<String>::new());
    client.put(&format!("/api/v1/doctors/{doctor}/overrides/2030-06-15"), &json!({"windows": []})).expect(200);
    assert_eq!(free(&client, &hour, &doctor, "2030-06-14"), ["22:00", "23:00"]);
    assert_eq!(free(&client, &hour, &doctor, "2030-06-15").len(), 6);
}

fn what_is_too_soon_or_too_far_is_refused_by_the_clock_of_the_day(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = in_berlin(&client, &every_day("00:00", "24:00"));
    let year = client.visit_type(&json!({"name": "In a year", "minutes": 30, "minNoticeMinutes": 525_600}));
    let today = client.visit_type(&json!({"name": "Today", "minutes": 30, "maxDaysAhead": 0}));
    let path = format!("/api/v1/doctors/{doctor}/availability");
    // The slot after the next one: time goes on.
    let next = |query: &str| {
        let slot = client.get(&format!("{path}/next{query}")).expect(200)["slot"].clone();
        slot["end"].as_str().expect("an end").to_owned()
    };
    assert_eq!(book(&client, &year, &doctor, &next("")).refusal(), (422, "notice-too-short".into()));
    let far = book(&client, &today, &doctor, "2999-06-03T09:00:00+02:00");
    assert_eq!(far.refusal(), (422, "beyond-horizon".into()));
    let both = book(&client, &today, &doctor, "2999-06-03T09:05:00+02:00").json();
    let codes: Vec<_> = both["errors"].as_array().expect("errors").iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["beyond-horizon", "off-grid"]);

    let day = client.get(&format!("{path}?date=2999-06-03&visitType={today}")).expect(200)["days"][0].clone();
    assert_eq!((&day["reason"], &day["slots"][0]["status"]), (&json!("horizon"), &json!("tooFar")));
    book(&client, &year, &doctor, &next(&format!("?visitType={year}"))).expect(201);
}

fn where_nothing_is_free_for_400_days_it_is_told_how_far_was_searched_at_once(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = in_berlin(&client, &json!({}));
    let later = json!({"effectiveFrom": "2040-01-01", "weekly": every_day("09:00", "12:00")});
    client.put(&format!("/api/v1/doctors/{doctor}/working-hours"), &later).expect(200);
    let check_up = client.visit_type(&json!({"name": "Check-up", "minutes": 30}));
    let next = |query: &str| {
        client.get(&format!("/api/v1/doctors/{doctor}/availability/next?visitType={check_up}{query}")).expect(200)
    };
    let since = Instant::now();
    // 400 days before the hours begin.
    assert_eq!(next("&after=2038-11-27T12:00:00Z"), json!({"slot": null, "searchedTo": "2039-11-28"}));
    assert_eq!(next("")["slot"], json!(null));
    assert!(since.elapsed() < Duration::from_secs(5), "it took {:?}", since.elapsed());
    assert_eq!(next("&after=2039-11-28T12:00:00Z")["slot"]["start"], "2040-01-01T09:00:00+01:00");
}

fn what_a_type_has_said_is_kept_by_its_bookings_and_through_a_restart(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = on_mondays(&client);
    let body = json!({"name": "First visit", "minutes": 60, "stepMinutes": 30, "bufferBefore": 10, "bufferAfter": 5,
                      "minNoticeMinutes": 1440, "maxDaysAhead": 3650, "capacity": 1});
    let first_visit = client.visit_type(&body);
    let check_up = client.visit_type(&json!({"name": "Check-up", "minutes": 30}));
    let path = format!("/api/v1/doctors/{doctor}");
    client.patch(&path, &json!({"visitTypes": [first_visit]})).expect(200);
    let booking = book(&client, &first_visit, &doctor, &monday("10:00")).expect(201);
    let refused = book(&client, &check_up, &doctor, &monday("09:00"));
    assert_eq!(refused.refusal(), (422, "invalid-visit-type".into()));
    assert_eq!(server.stop().code(), Some(0));

    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let type_path = format!("/api/v1/visit-types/{first_visit}");
    let found = client.get(&type_path).expect(200);
    for (field, value) in body.as_object().expect("an object") {
        assert_eq!(&found[field], value, "{field}");
    }
    assert_eq!(client.get(&path).expect(200)["visitTypes"], json!([first_visit]));
    assert_eq!(client.patch(&type_path, &json!({"minutes": 15, "stepMinutes": null})).expect(200)["stepMinutes"], 15);
    let retired = client.delete(&type_path).expect(200);
    assert_eq!((&retired["retired"], client.delete(&type_path).expect(200)), (&json!(true), retired.clone()));
    let listed = client.get("/api/v1/visit-types?retired=true").expect(200);
    assert_eq!(listed, json!({"items": [retired]}));
    let refused = book(&client, &first_visit, &doctor, &monday("11:30"));
    assert_eq!(refused.refusal(), (422, "invalid-visit-type".into()));
    let kept = client.get(&format!("/api/v1/bookings/{}", booking["id"].as_str().expect("an id"))).expect(200);
    assert_eq!(kept, booking);
    // Its buffers still keep others away.
    client.patch(&path, &json!({"visitTypes": null})).expect(200);
    assert_eq!(free(&client, &check_up, &doctor, MONDAY), ["09:00", "11:30"]);
}
