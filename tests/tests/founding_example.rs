//! The founding brief, told over HTTP on both stores: the same story with the same answers.

use doctor_booking_tests::{Answer, Client, Server, Store, on_both_stores};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const EIGHT: &str = "2030-01-07T08:00:00-05:00";

on_both_stores!(
    the_founding_example_works,
    hours_can_be_read_and_changed_as_a_week_or_by_single_days,
    everything_can_be_listed_and_searched,
    a_restart_loses_nothing,
);

fn the_founding_example_works(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));

    let monday = client.day(&doctor, "2030-01-07");
    assert_eq!((&monday["freeCount"], &monday["reason"]), (&json!(6), &Value::Null));
    assert_eq!(monday["slots"][0], json!({"start": EIGHT, "end": "2030-01-07T09:00:00-05:00", "status": "free"}));

    let booked = client.book(&doctor, &patient, EIGHT);
    let booking = booked.expect(201);
    assert_eq!((&booking["status"], &booking["end"]), (&json!("booked"), &json!("2030-01-07T09:00:00-05:00")));
    let location = booked.header("location").expect("a Location").to_owned();
    assert_eq!(client.get(&location).expect(200), booking);

    let again = client.book(&doctor, &client.patient("Bran", "Stark"), EIGHT);
    assert_eq!(again.refusal(), (409, "slot-taken".into()));
    let nearest = ["09:00", "10:00", "13:00"].map(|time| format!("2030-01-07T{time}:00-05:00"));
    assert_eq!(again.json()["alternatives"], json!(nearest));
    let outside = client.book(&doctor, &patient, "2030-01-07T16:00:00-05:00");
    assert_eq!(outside.refusal(), (422, "outside-working-hours".into()));

    assert_eq!(client.day(&doctor, "2030-01-07")["slots"][0]["status"], "booked");
    let cancelled = client.post(&format!("{location}/cancel"), &json!({"reason": "feels better"})).expect(200);
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(client.day(&doctor, "2030-01-07")["freeCount"], 6);
    assert_eq!(client.book(&doctor, &patient, EIGHT).status, 201);
}

fn hours_can_be_read_and_changed_as_a_week_or_by_single_days(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let hours = format!("/api/v1/doctors/{doctor}/working-hours");
    let at_first = client.get(&format!("{hours}?on=2030-01-07")).expect(200);
    let monday = json!([{"start": "08:00", "end": "11:00"}, {"start": "13:00", "end": "16:00"}]);
    assert_eq!(at_first["weekly"], json!({"monday": monday}));

    let friday = json!([{"start": "22:00", "end": "06:00"}]);
    let some = client.patch(&hours, &json!({"effectiveFrom": "2030-02-01", "weekly": {"friday": friday}})).expect(200);
    assert_eq!(some["weekly"], json!({"monday": monday, "friday": friday}));
    let whole = client.put(&hours, &json!({"effectiveFrom": "2030-03-01", "weekly": {"friday": friday}})).expect(200);
    assert_eq!((&whole["weekly"], &whole["effectiveTo"]), (&json!({"friday": friday}), &Value::Null));
    let versions = client.get(&format!("{hours}/versions")).expect(200);
    let from: Vec<_> =
        versions["items"].as_array().expect("a list").iter().map(|v| v["effectiveFrom"].clone()).collect();
    assert_eq!(from, [Value::Null, json!("2030-02-01"), json!("2030-03-01")]);
    // Friday, 1 March: two slots before midnight, six after it.
    assert_eq!(client.day(&doctor, "2030-03-01")["freeCount"], 2);
    assert_eq!(client.day(&doctor, "2030-03-02")["freeCount"], 6);

    let patient = client.patient("Arya", "Stark");
    let booking = client.book(&doctor, &patient, EIGHT).expect(201);
    let closed = json!({"weekly": {}});
    let refused = client.put(&hours, &closed);
    assert_eq!(refused.refusal(), (409, "bookings-affected".into()));
    assert_eq!(refused.json()["affectedBookings"][0]["id"], booking["id"]);
    let dry = client.put(&format!("{hours}?dryRun=true"), &closed).expect(200);
    assert_eq!(dry["affectedBookings"][0]["id"], booking["id"]);
    assert_eq!(client.day(&doctor, "2030-01-14")["freeCount"], 6);
    let kept = client.put(&format!("{hours}?affected=keep"), &closed).expect(200);
    assert_eq!(kept["affectedBookings"][0]["id"], booking["id"]);
    let stays = client.get(&format!("/api/v1/bookings/{}", booking["id"].as_str().expect("an id"))).expect(200);
    assert_eq!((&stays["outsideHours"], &stays["status"]), (&json!(true), &json!("booked")));
}

fn everything_can_be_listed_and_searched(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let other = json!({"firstName": "Zoë", "lastName": "Ångström", "specialty": "Dermatology"});
    let other = client.post("/api/v1/doctors", &other).expect(201);
    let arya = client.patient("Arya", "Stark");
    let bran = client.patient("Bran", "Stark");
    assert_eq!(client.book(&doctor, &bran, "2030-01-07T10:00:00-05:00").status, 201);
    assert_eq!(client.book(&doctor, &arya, EIGHT).status, 201);

    let ids = |path: &str, key: &str| -> Vec<String> {
        let page = client.get(path).expect(200);
        let items = page["items"].as_array().expect("a list").clone();
        items.iter().map(|item| item[key].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(ids("/api/v1/doctors", "id").len(), 2);
    assert_eq!(ids("/api/v1/doctors?q=jon%20sno", "id"), std::slice::from_ref(&doctor));
    assert_eq!(ids("/api/v1/doctors?specialty=dermatology", "id"), [other["id"].as_str().expect("an id")]);
    assert_eq!(ids("/api/v1/doctors?q=%C3%A5ngstr%C3%B6m", "lastName"), ["Ångström"]);
    assert_eq!(ids("/api/v1/patients?q=stark", "id"), [arya.clone(), bran.clone()]);
    assert_eq!(ids(&format!("/api/v1/bookings?doctorId={doctor}"), "patientId"), [arya.clone(), bran.clone()]);
    assert_eq!(ids(&format!("/api/v1/bookings?patientId={bran}"), "patientId"), [bran]);
    assert_eq!(ids("/api/v1/bookings?from=2030-01-07&to=2030-01-07", "patientId").len(), 2);
    assert_eq!(ids("/api/v1/bookings?from=2030-01-08", "patientId").len(), 0);
    assert_eq!(ids("/api/v1/bookings?to=2030-01-07T15:00:00Z&status=booked", "patientId"), [arya]);

    let first = client.get("/api/v1/bookings?limit=1").expect(200);
    let cursor = first["nextCursor"].as_str().expect("there is more");
    let second = client.get(&format!("/api/v1/bookings?limit=1&cursor={cursor}")).expect(200);
    assert_ne!(first["items"], second["items"]);
    assert_eq!(second.get("nextCursor"), None);
}

fn a_restart_loses_nothing(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let booking = client.book(&doctor, &patient, EIGHT).expect(201);
    assert_eq!(server.stop().code(), Some(0));
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    assert_eq!(client.get("/api/v1/bookings").expect(200)["items"], json!([booking]));
    assert_eq!(client.book(&doctor, &patient, EIGHT).refusal(), (409, "slot-taken".into()));
}

/// What happened, without what is new each time: ids, times of making, revisions of nothing but themselves.
fn told(answer: &Answer, names: &[(&str, &str)]) -> String {
    let mut text = answer.text.clone();
    for (id, name) in names {
        text = text.replace(id, name);
    }
    let mut value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    forget(&mut value);
    format!("{} {value}", answer.status)
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for new in ["id", "createdAt", "updatedAt", "requestId"] {
                fields.remove(new);
            }
            fields.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

fn story(client: &Client) -> Vec<String> {
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    let pair = client.visit_type(&json!({"name": "Pair", "minutes": 30, "bufferAfter": 10, "capacity": 2}));
    let bran = client.patient("Bran", "Stark");
    let names =
        [(doctor.as_str(), "DOCTOR"), (patient.as_str(), "PATIENT"), (bran.as_str(), "BRAN"), (pair.as_str(), "TYPE")];
    let path = format!("/api/v1/doctors/{doctor}");
    let book = |start: &str| client.book(&doctor, &patient, start);
    let answers = [
        client.get(&path),
        client.get(&format!("{path}/working-hours?on=2030-01-07")),
        client.get(&format!("{path}/availability?from=2030-01-07&to=2030-01-08")),
        book(EIGHT),
        book(EIGHT),
        book("2030-01-07T13:00:00Z"),
        book("2030-01-07T16:00:00-05:00"),
        book("2030-01-07T08:30:00-05:00"),
        book("2020-01-06T08:00:00-05:00"),
        client.book(&doctor, "0190a4b8-0000-7000-8000-000000000000", "2030-01-07T09:00:00-05:00"),
        client.get(&format!("{path}/availability?date=2030-01-07")),
        client.book_as(&pair, &doctor, &patient, "2030-01-07T10:00:00-05:00"),
        client.book_as(&pair, &doctor, &bran, "2030-01-07T10:30:00-05:00"),
        client.get(&format!("{path}/availability?date=2030-01-07&visitType={pair}")),
        client.patch(&path, &json!({"visitTypes": [pair]})),
        client.delete(&format!("/api/v1/visit-types/{pair}")),
        client.get("/api/v1/visit-types"),
        client.put(&format!("{path}/working-hours"), &json!({"weekly": {"monday": []}})),
        client.patch(&path, &json!({"active": false})),
        client.get("/api/v1/bookings"),
        client.get("/api/v1/doctors?q=snow"),
        client.get("/api/v1/patients?q=STARK"),
        client.get("/api/v1/patients?q=%25"),
    ];
    answers.iter().map(|answer| told(answer, &names)).collect()
}

#[test]
fn both_stores_give_the_same_answers() {
    let (sqlite, postgres) = (Store::sqlite(), Store::postgres());
    let (on_sqlite, on_postgres) = (Server::start(BINARY, sqlite.url()), Server::start(BINARY, postgres.url()));
    assert_eq!(story(&on_sqlite.client()), story(&on_postgres.client()));
}
