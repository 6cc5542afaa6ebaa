//! The faults of an earlier package for the same brief, and of its like: each stays away.

use doctor_booking_tests::{Server, Store, on_both_stores};
use serde_json::json;

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");
const UNKNOWN: &str = "0190a4b8-0000-7000-8000-000000000000";

on_both_stores!(
    a_taken_slot_cannot_be_booked_again_by_spelling_it_differently,
    a_booking_for_an_unknown_patient_is_refused_and_the_list_stays_whole,
    unknown_ids_are_404_and_show_nothing_internal,
    days_that_are_not_and_days_that_were_cannot_be_booked,
    overlapping_hours_are_refused_and_give_no_slot_twice,
    the_day_is_cut_at_the_doctors_whatever_the_servers_zone,
    the_log_names_no_patient_and_is_one_line_a_request,
);

fn a_taken_slot_cannot_be_booked_again_by_spelling_it_differently(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, arya, bran) =
        (client.founding_doctor(), client.patient("Arya", "Stark"), client.patient("Bran", "Stark"));
    assert_eq!(client.book(&doctor, &arya, "2030-01-07T08:00:00-05:00").status, 201);
    let same_instant = [
        "2030-01-07T13:00:00Z",
        "2030-01-07T13:00:00.000Z",
        "2030-01-07T14:00:00+01:00",
        "2030-01-07t08:00:00-05:00",
        "2030-01-07T08:00:00.000000000-05:00",
    ];
    for spelling in same_instant {
        assert_eq!(client.book(&doctor, &bran, spelling).refusal(), (409, "slot-taken".into()), "{spelling}");
    }
    let inside = ["2030-01-07T08:30:00-05:00", "2030-01-07T08:00:01-05:00", "2030-01-07T08:00:00.000000001-05:00"];
    for spelling in inside {
        assert_eq!(client.book(&doctor, &bran, spelling).refusal(), (422, "off-grid".into()), "{spelling}");
    }
    for spelling in
        [json!(8), json!("8"), json!("08"), json!("8.5"), json!("08:00"), json!(8.5), json!(["08"]), json!(null)]
    {
        let answer =
            client.post("/api/v1/bookings", &json!({"doctorId": doctor, "patientId": bran, "start": spelling}));
        assert!(matches!(answer.status, 400 | 422), "{spelling}: {}", answer.text);
    }
    let bookings = client.get("/api/v1/bookings").expect(200);
    assert_eq!(bookings["items"].as_array().map(Vec::len), Some(1));
}

fn a_booking_for_an_unknown_patient_is_refused_and_the_list_stays_whole(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    assert_eq!(client.book(&doctor, UNKNOWN, "2030-01-07T08:00:00-05:00").refusal(), (404, "not-found".into()));
    assert_eq!(client.book(UNKNOWN, &patient, "2030-01-07T08:00:00-05:00").refusal(), (404, "not-found".into()));
    assert_eq!(client.get("/api/v1/bookings").expect(200), json!({"items": []}));
    assert_eq!(client.book(&doctor, &patient, "2030-01-07T08:00:00-05:00").status, 201);
}

fn unknown_ids_are_404_and_show_nothing_internal(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    for path in ["doctors", "patients", "bookings"] {
        for id in [UNKNOWN, "1", "%00", "..", "undefined"] {
            let answer = client.get(&format!("/api/v1/{path}/{id}"));
            assert_eq!(answer.status, 404, "{path}/{id}: {}", answer.text);
            for internal in ["panicked", ".rs:", "SELECT", "diesel", "/home", "stack"] {
                assert!(!answer.text.contains(internal), "{}", answer.text);
            }
        }
    }
    for path in ["working-hours", "availability?date=2030-01-07", "working-hours/versions"] {
        assert_eq!(client.get(&format!("/api/v1/doctors/{UNKNOWN}/{path}")).refusal(), (404, "not-found".into()));
    }
}

fn days_that_are_not_and_days_that_were_cannot_be_booked(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let (doctor, patient) = (client.founding_doctor(), client.patient("Arya", "Stark"));
    for never in ["2030-02-30T08:00:00-05:00", "2030-13-01T08:00:00-05:00", "2030-01-07T25:00:00-05:00"] {
        assert_eq!(client.book(&doctor, &patient, never).status, 422, "{never}");
    }
    assert_eq!(client.book(&doctor, &patient, "2020-01-06T08:00:00-05:00").refusal(), (422, "in-past".into()));
    let day = client.get(&format!("/api/v1/doctors/{doctor}/availability?date=2030-02-30"));
    assert_eq!(day.refusal(), (422, "invalid-date".into()));
    assert_eq!(client.get("/api/v1/bookings").expect(200), json!({"items": []}));
}

fn overlapping_hours_are_refused_and_give_no_slot_twice(store: &Store) {
    let server = Server::start(BINARY, store.url());
    let client = server.client();
    let monday = json!([{"start": "08:00", "end": "11:00"}, {"start": "10:00", "end": "12:00"}]);
    let doctor =
        json!({"firstName": "Jon", "lastName": "Snow", "specialty": "cardiology", "workingHours": {"monday": monday}});
    let refused = client.post("/api/v1/doctors", &doctor);
    assert_eq!(refused.refusal(), (422, "windows-overlap".into()));
    assert_eq!(client.get("/api/v1/doctors").expect(200), json!({"items": []}));
    let doctor = client.founding_doctor();
    let hours = format!("/api/v1/doctors/{doctor}/working-hours");
    assert_eq!(client.put(&hours, &json!({"weekly": {"monday": monday}})).refusal(), (422, "windows-overlap".into()));
    let touching = json!([{"start": "08:00", "end": "11:00"}, {"start": "11:00", "end": "12:00"}]);
    assert_eq!(client.put(&hours, &json!({"weekly": {"monday": touching}})).status, 200);
    assert_eq!(client.day(&doctor, "2030-01-07")["freeCount"], 4);
}

fn the_day_is_cut_at_the_doctors_whatever_the_servers_zone(store: &Store) {
    for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let server = Server::start_with(BINARY, store.url(), &[], &[("TZ", zone), ("PGTZ", zone)]);
        let client = server.client();
        let doctor =
            client.doctor(&json!({"monday": [{"start": "00:00", "end": "02:00"}, {"start": "22:00", "end": "24:00"}]}));
        let slots = client.day(&doctor, "2030-01-07")["slots"].as_array().expect("slots").clone();
        let starts: Vec<_> = slots.iter().filter_map(|slot| slot["start"].as_str()).collect();
        let wanted = ["00", "01", "22", "23"].map(|hour| format!("2030-01-07T{hour}:00:00-05:00"));
        assert_eq!(starts, wanted, "{zone}");
        let patient = client.patient("Arya", "Stark");
        assert_eq!(client.book(&doctor, &patient, "2030-01-07T23:00:00-05:00").status, 201);
        let listed =
            client.get(&format!("/api/v1/bookings?doctorId={doctor}&from=2030-01-07&to=2030-01-07")).expect(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{zone}");
    }
}

fn the_log_names_no_patient_and_is_one_line_a_request(store: &Store) {
    let mut server = Server::start(BINARY, store.url());
    let client = server.client();
    let doctor = client.founding_doctor();
    let patient = json!({"firstName": "Secretina", "lastName": "Hiddenberg", "email": "secretina@example.org", "phone": "+49 555 987654"});
    let patient = client.post("/api/v1/patients", &patient).expect(201);
    let id = patient["id"].as_str().expect("an id");
    let body =
        json!({"doctorId": doctor, "patientId": id, "start": "2030-01-07T08:00:00-05:00", "reason": "private matter"});
    assert_eq!(client.post("/api/v1/bookings", &body).status, 201);
    assert_eq!(client.post("/api/v1/bookings", &body).status, 409);
    assert_eq!(client.get("/api/v1/patients?q=hiddenberg").status, 200);
    assert_eq!(client.get("/api/v1/patients?hiddenberg=1").status, 400);
    assert_eq!(client.get("/hiddenberg").status, 404);
    let wrong = r#"{"firstName": "Secretina", "lastName": "Hiddenberg", "email": 7, "secretina": 1"#;
    assert_eq!(client.post_text("/api/v1/patients", wrong).status, 400);
    assert_eq!(server.stop().code(), Some(0));
    let log = server.log().to_lowercase();
    for secret in ["secretina", "hiddenberg", "987654", "private matter"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
    let requests: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .filter(|line: &serde_json::Value| !line["status"].is_null())
        .collect();
    assert_eq!(requests.len(), 8, "one line a request:\n{log}");
    assert!(log.len() < 20_000, "the log is long:\n{log}");
}
