//! Whatever is sent, the answer says what is wrong with it, and nothing is stored.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::support::{Api, NOBODY, jon};

/// What is sent, and the status, the code and the violations of the answer.
type Case<T> = (T, u16, &'static str, Vec<(&'static str, &'static str)>);

/// A doctor with one thing changed.
fn jon_but(field: &str, value: Value) -> Value {
    let mut doctor = jon();
    doctor[field] = value;
    doctor
}

#[actix_web::test]
async fn a_doctor_who_is_not_possible_is_refused_with_every_violation() {
    let api = Api::new();
    let long = "x".repeat(10_000);
    let monday = |windows: Value| json!({"monday": windows});
    let window = |start: &str, end: &str| json!({"start": start, "end": end});
    let cases: Vec<Case<Value>> = vec![
        (jon_but("firstName", json!("")), 422, "invalid-name", vec![("/firstName", "invalid-name")]),
        (jon_but("firstName", json!(" \t ")), 422, "invalid-name", vec![("/firstName", "invalid-name")]),
        (jon_but("lastName", json!(long)), 422, "invalid-name", vec![("/lastName", "invalid-name")]),
        (jon_but("lastName", json!("Sn\u{0}ow")), 422, "invalid-name", vec![("/lastName", "invalid-name")]),
        (jon_but("lastName", json!("Snow\n")), 422, "invalid-name", vec![("/lastName", "invalid-name")]),
        (
            jon_but("lastName", json!(format!("x{}", " ".repeat(100)))),
            422,
            "invalid-name",
            vec![("/lastName", "invalid-name")],
        ),
        (jon_but("specialty", json!("")), 422, "invalid-specialty", vec![("/specialty", "invalid-specialty")]),
        (jon_but("timeZone", json!("Winterfell")), 422, "unknown-time-zone", vec![("/timeZone", "unknown-time-zone")]),
        (
            jon_but("timeZone", json!("../../etc/passwd")),
            422,
            "unknown-time-zone",
            vec![("/timeZone", "unknown-time-zone")],
        ),
        (jon_but("slotMinutes", json!(0)), 422, "invalid-slot-minutes", vec![("/slotMinutes", "invalid-slot-minutes")]),
        (
            jon_but("slotMinutes", json!(-5)),
            422,
            "invalid-slot-minutes",
            vec![("/slotMinutes", "invalid-slot-minutes")],
        ),
        (
            jon_but("slotMinutes", json!(100_000)),
            422,
            "invalid-slot-minutes",
            vec![("/slotMinutes", "invalid-slot-minutes")],
        ),
        (
            jon_but("slotMinutes", json!(1e30)),
            422,
            "invalid-slot-minutes",
            vec![("/slotMinutes", "invalid-slot-minutes")],
        ),
        (jon_but("slotMinutes", json!(60.5)), 400, "malformed-request", vec![("/slotMinutes", "wrong-type")]),
        (jon_but("slotMinutes", json!("60")), 400, "malformed-request", vec![("/slotMinutes", "wrong-type")]),
        (jon_but("slotMinutes", json!(null)), 400, "malformed-request", vec![("/slotMinutes", "wrong-type")]),
        (jon_but("nickname", json!("x")), 400, "malformed-request", vec![("/nickname", "unknown-field")]),
        (jon_but("a/b~c", json!("x")), 400, "malformed-request", vec![("/a~1b~0c", "unknown-field")]),
        (
            jon_but("workingHours", monday(json!(null))),
            400,
            "malformed-request",
            vec![("/workingHours/monday", "wrong-type")],
        ),
        (
            jon_but("workingHours", json!({"funday": []})),
            400,
            "malformed-request",
            vec![("/workingHours/funday", "unknown-field")],
        ),
        (
            jon_but("workingHours", monday(json!([window("08:00", "08:00")]))),
            422,
            "empty-window",
            vec![("/workingHours/monday/0", "empty-window")],
        ),
        (
            jon_but("workingHours", monday(json!([window("24:00", "08:00"), window("8:00", "24:01")]))),
            422,
            "invalid-time",
            vec![
                ("/workingHours/monday/0/start", "invalid-time"),
                ("/workingHours/monday/1/end", "invalid-time"),
                ("/workingHours/monday/1/start", "invalid-time"),
            ],
        ),
        (
            jon_but(
                "workingHours",
                monday(json!([window("08:00", "11:00"), window("10:00", "12:00"), window("11:30", "13:00")])),
            ),
            422,
            "windows-overlap",
            vec![("/workingHours/monday/1", "windows-overlap"), ("/workingHours/monday/2", "windows-overlap")],
        ),
        (
            jon_but("workingHours", monday(json!([window("10:00", "12:00"), window("08:00", "11:00")]))),
            422,
            "windows-overlap",
            vec![("/workingHours/monday/0", "windows-overlap")],
        ),
        (
            jon_but(
                "workingHours",
                monday(json!([window("08:00", "11:00"), window("08:00", "11:00"), window("08:00", "11:00")])),
            ),
            422,
            "windows-overlap",
            vec![("/workingHours/monday/1", "windows-overlap"), ("/workingHours/monday/2", "windows-overlap")],
        ),
        (
            jon_but(
                "workingHours",
                json!({"monday": [window("00:30", "02:00")], "sunday": [window("22:00", "01:00")]}),
            ),
            422,
            "windows-overlap",
            vec![("/workingHours/monday/0", "windows-overlap")],
        ),
        (
            json!({"firstName": 1, "specialty": [], "workingHours": {"monday": [{"start": "08:00", "until": "9"}, 7]}, "age": 3}),
            400,
            "malformed-request",
            vec![
                ("/age", "unknown-field"),
                ("/firstName", "wrong-type"),
                ("/lastName", "missing-field"),
                ("/specialty", "wrong-type"),
                ("/workingHours/monday/0/end", "missing-field"),
                ("/workingHours/monday/0/until", "unknown-field"),
                ("/workingHours/monday/1", "wrong-type"),
            ],
        ),
        (
            json!({"firstName": "", "lastName": long, "specialty": " ", "timeZone": "x", "slotMinutes": 1,
                   "workingHours": monday(json!([window("9", "9")]))}),
            422,
            "invalid-name",
            vec![
                ("/firstName", "invalid-name"),
                ("/lastName", "invalid-name"),
                ("/slotMinutes", "invalid-slot-minutes"),
                ("/specialty", "invalid-specialty"),
                ("/timeZone", "unknown-time-zone"),
                ("/workingHours/monday/0/end", "invalid-time"),
                ("/workingHours/monday/0/start", "invalid-time"),
            ],
        ),
        (json!([]), 400, "malformed-request", vec![("", "wrong-type")]),
        (json!(null), 400, "malformed-request", vec![("", "wrong-type")]),
    ];
    for (body, status, code, violations) in cases {
        api.post("/api/v1/doctors", &body).await.violates(status, code, &violations);
    }
    assert_eq!(api.counts().await, [0, 0, 0]);
}

#[actix_web::test]
async fn a_window_that_ends_before_it_starts_lasts_over_midnight() {
    let api = Api::new();
    let night = jon_but("workingHours", json!({"friday": [{"start": "22:00", "end": "06:00"}]}));
    api.post("/api/v1/doctors", &night).await.created();
}

#[actix_web::test]
async fn a_patient_who_is_not_possible_is_refused_with_every_violation() {
    let api = Api::new();
    let body = json!({"firstName": "", "lastName": "x\u{7f}", "birthDate": "2026-02-29", "email": "nobody",
                      "phone": "call me", "externalId": ""});
    api.post("/api/v1/patients", &body).await.violates(
        422,
        "invalid-name",
        &[
            ("/firstName", "invalid-name"),
            ("/lastName", "invalid-name"),
            ("/birthDate", "invalid-date"),
            ("/email", "invalid-email"),
            ("/phone", "invalid-phone"),
            ("/externalId", "invalid-external-id"),
        ],
    );
    for date in ["1899-12-31", "3000-01-01", "2030-1-7", "07.01.2030", ""] {
        let body = json!({"firstName": "A", "lastName": "B", "birthDate": date});
        api.post("/api/v1/patients", &body).await.violates(422, "invalid-date", &[("/birthDate", "invalid-date")]);
    }
    assert_eq!(api.counts().await, [0, 0, 0]);
}

#[actix_web::test]
async fn a_booking_that_is_not_possible_is_refused_with_every_violation() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let starts = [
        ("2030-01-07T08:00:00", 422, "offset-required"),
        ("8", 422, "invalid-instant"),
        ("08", 422, "invalid-instant"),
        ("8.5", 422, "invalid-instant"),
        ("2026-02-29T08:00:00-05:00", 422, "invalid-instant"),
        ("2030-01-07T24:01:00-05:00", 422, "invalid-instant"),
        ("9999-12-31T23:59:59Z", 422, "invalid-instant"),
        ("2029-11-26T08:00:00-05:00", 422, "in-past"),
        ("2030-01-07T08:30:00-05:00", 422, "off-grid"),
        ("2030-01-07T08:00:00.0001-05:00", 422, "off-grid"),
        ("2030-01-07T11:00:00-05:00", 422, "outside-working-hours"),
        ("2030-01-06T08:00:00-05:00", 422, "outside-working-hours"),
    ];
    for (start, status, code) in starts {
        api.book(&jon, &arya, start).await.violates(status, code, &[("/start", code)]);
    }
    let broken = json!({"doctorId": "1", "patientId": "x", "start": "now", "visitType": "y", "reason": "\u{0}"});
    api.post("/api/v1/bookings", &broken).await.violates(
        422,
        "invalid-id",
        &[
            ("/doctorId", "invalid-id"),
            ("/patientId", "invalid-id"),
            ("/start", "invalid-instant"),
            ("/visitType", "invalid-id"),
            ("/reason", "invalid-reason"),
        ],
    );
    for field in ["visitTypes", "holdID", "overrides"] {
        let mut body = json!({"doctorId": jon, "patientId": arya, "start": "2030-01-07T08:00:00-05:00"});
        body[field] = json!(null);
        let pointer = format!("/{field}");
        let answer = api.post("/api/v1/bookings", &body).await;
        answer.violates(400, "malformed-request", &[(&pointer, "unknown-field")]);
    }
    assert_eq!(api.counts().await, [1, 1, 0]);
}

#[actix_web::test]
async fn nobody_is_booked_with_or_for_someone_unknown() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let start = "2030-01-07T08:00:00-05:00";
    api.book(NOBODY, &arya, start).await.violates(404, "not-found", &[("/doctorId", "not-found")]);
    api.book(&jon, NOBODY, start).await.violates(404, "not-found", &[("/patientId", "not-found")]);
    let both = [("/doctorId", "not-found"), ("/patientId", "not-found")];
    api.book(NOBODY, NOBODY, start).await.violates(404, "not-found", &both);
    // Each of the three is told, whichever of the others is there.
    let check_up = api.visit_type(&json!({"name": "Check-up", "minutes": 30})).await;
    for unknown in 1..8 {
        let pick = |bit: u8, there: &str| if unknown & bit == 0 { there.to_owned() } else { NOBODY.to_owned() };
        let (doctor, patient, visit_type) = (pick(1, &jon), pick(2, &arya), pick(4, &check_up));
        let expected = [(1, "/doctorId"), (2, "/patientId"), (4, "/visitType")];
        let expected: Vec<_> =
            expected.iter().filter(|(bit, _)| unknown & bit != 0).map(|(_, pointer)| (*pointer, "not-found")).collect();
        api.book_as(&visit_type, &doctor, &patient, start).await.violates(404, "not-found", &expected);
    }
    assert_eq!(api.counts().await, [1, 1, 0]);
}

#[actix_web::test]
async fn an_inactive_doctor_is_not_booked() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    api.patch(&format!("/api/v1/doctors/{jon}"), &json!({"active": false})).await.ok();
    let answer = api.book(&jon, &arya, "2030-01-07T08:30:00-05:00").await;
    answer.violates(422, "doctor-inactive", &[("/doctorId", "doctor-inactive"), ("/start", "off-grid")]);
    assert_eq!(api.counts().await, [1, 1, 0]);
}

#[actix_web::test]
async fn an_array_is_no_object() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let wrong = |pointer: &'static str| [(pointer, "wrong-type")];
    let malformed = "malformed-request";
    let patient = json!(["Bran", "Stark", null, null, null, null]);
    api.post("/api/v1/patients", &patient).await.violates(400, malformed, &wrong(""));
    api.patch(&format!("/api/v1/patients/{arya}"), &json!([])).await.violates(400, malformed, &wrong(""));
    let booking = json!([jon, arya, "2030-01-07T08:00:00-05:00", null]);
    api.post("/api/v1/bookings", &booking).await.violates(400, malformed, &wrong(""));
    let window = jon_but("workingHours", json!({"monday": [["08:00", "11:00"]]}));
    let answer = api.post("/api/v1/doctors", &window).await;
    answer.violates(400, malformed, &wrong("/workingHours/monday/0"));
    let week = jon_but("workingHours", json!([[], [], [], [], [], [], []]));
    api.post("/api/v1/doctors", &week).await.violates(400, malformed, &wrong("/workingHours"));
    let bracket = json!({"firstName": "Bran [the Broken]", "lastName": "Stark"});
    api.post("/api/v1/patients", &bracket).await.created();
    assert_eq!(api.counts().await, [1, 2, 0]);
}

#[actix_web::test]
async fn what_is_not_json_is_malformed() {
    let api = Api::new();
    let bodies: [&[u8]; 14] = [
        b"",
        b"{",
        b"nonsense",
        b"{\"firstName\":}",
        b"{'firstName': 'x'}",
        br#"{"firstName": "\ud800", "lastName": "x"}"#,
        br#"{"firstName": "\udc00\ud800", "lastName": "x"}"#,
        b"{\"firstName\": \"\xff\", \"lastName\": \"x\"}",
        b"\xef\xbb\xbf{}",
        b"\x00",
        br#"{"firstName": "x", "lastName": "y"} {}"#,
        br#"{"firstName": "x", "lastName": "y"#,
        br#"{"firstName": 1e999, "lastName": "y"}"#,
        b"NaN",
    ];
    for body in bodies {
        let answer = api.raw(Method::POST, "/api/v1/patients", body).await;
        answer.violates(400, "malformed-request", &[("", "malformed-request")]);
    }
    let deep = "[".repeat(200_000);
    api.raw(Method::POST, "/api/v1/patients", deep).await.problem(400, "malformed-request");
    assert_eq!(api.counts().await, [0, 0, 0]);
}

#[actix_web::test]
async fn a_field_that_stands_twice_is_malformed() {
    let api = Api::new();
    let body = r#"{"firstName": "x", "lastName": "y", "firstName": "z"}"#;
    let answer = api.raw(Method::POST, "/api/v1/patients", body).await;
    assert_eq!(answer.violations(400, "malformed-request")[0].1, "repeated-field");
    let body = r#"{"weekly": {"monday": [], "monday": []}}"#;
    let jon = api.jon().await;
    let answer = api.raw(Method::PUT, &format!("/api/v1/doctors/{jon}/working-hours"), body).await;
    answer.violates(400, "malformed-request", &[("/weekly/monday", "repeated-field")]);
}

#[actix_web::test]
async fn an_id_in_a_path_that_is_none_leads_nowhere() {
    let api = Api::new();
    let paths = [
        "doctors/1",
        "doctors/%00",
        "doctors/%ff",
        "doctors/01900000000070008000000000000001",
        "doctors/x/working-hours",
        "doctors/x/working-hours/versions",
        "doctors/x/availability?date=2030-01-07",
        "patients/1",
        "bookings/1",
        "closures/1",
        "visit-types/1",
        "doctors/x/overrides?from=2030-01-07&to=2030-01-07",
        "doctors/x/time-off",
        "doctors/x/availability/next",
        "bookings/' OR 1=1 --",
    ];
    for path in paths {
        let path = format!("/api/v1/{}", path.replace(' ', "%20"));
        api.get(&path).await.problem(404, "not-found");
    }
    for path in ["doctors", "patients", "bookings", "closures", "visit-types"] {
        api.get(&format!("/api/v1/{path}/{NOBODY}")).await.problem(404, "not-found");
    }
}

#[actix_web::test]
async fn a_query_is_refused_with_every_violation() {
    let api = Api::new();
    let jon = api.jon().await;
    let availability = format!("doctors/{jon}/availability");
    let hours = format!("doctors/{jon}/working-hours");
    let cases: Vec<Case<String>> = vec![
        ("doctors?limit=0".to_owned(), 422, "invalid-limit", vec![("/limit", "invalid-limit")]),
        ("doctors?limit=201".to_owned(), 422, "invalid-limit", vec![("/limit", "invalid-limit")]),
        ("doctors?limit=-1".to_owned(), 422, "invalid-limit", vec![("/limit", "invalid-limit")]),
        ("doctors?limit=99999999999999999999".to_owned(), 422, "invalid-limit", vec![("/limit", "invalid-limit")]),
        ("doctors?limit=ten".to_owned(), 400, "malformed-request", vec![("/limit", "wrong-type")]),
        ("doctors?limit=".to_owned(), 400, "malformed-request", vec![("/limit", "wrong-type")]),
        ("doctors?cursor=broken".to_owned(), 422, "invalid-cursor", vec![("/cursor", "invalid-cursor")]),
        ("doctors?active=maybe".to_owned(), 400, "malformed-request", vec![("/active", "wrong-type")]),
        ("doctors?specialty=".to_owned(), 422, "invalid-specialty", vec![("/specialty", "invalid-specialty")]),
        ("doctors?q=%00".to_owned(), 400, "malformed-request", vec![("/q", "malformed-request")]),
        ("doctors?q=%ff".to_owned(), 400, "malformed-request", vec![("/q", "malformed-request")]),
        ("doctors?q=%07".to_owned(), 422, "invalid-name", vec![("/q", "invalid-name")]),
        ("doctors?%00=1".to_owned(), 400, "malformed-request", vec![("", "malformed-request")]),
        (
            "doctors?limit=0&limit=1&nonsense=2&more=3&more=4".to_owned(),
            400,
            "malformed-request",
            vec![
                ("/limit", "repeated-parameter"),
                ("/limit", "invalid-limit"),
                ("/nonsense", "unknown-parameter"),
                ("/more", "unknown-parameter"),
            ],
        ),
        (format!("doctors/{jon}?x=1"), 400, "malformed-request", vec![("/x", "unknown-parameter")]),
        (format!("{hours}?on=2026-02-29"), 422, "invalid-date", vec![("/on", "invalid-date")]),
        (format!("{hours}/versions?on=2026-02-28"), 400, "malformed-request", vec![("/on", "unknown-parameter")]),
        (availability.clone(), 400, "malformed-request", vec![("/date", "missing-parameter")]),
        (format!("{availability}?from=2030-01-07"), 400, "malformed-request", vec![("/to", "missing-parameter")]),
        (format!("{availability}?to=2030-01-07"), 400, "malformed-request", vec![("/from", "missing-parameter")]),
        (
            format!("{availability}?date=2030-01-07&from=2030-01-07&to=2030-01-08"),
            400,
            "malformed-request",
            vec![("/from", "conflicting-parameters"), ("/to", "conflicting-parameters")],
        ),
        (format!("{availability}?date=2026-02-29"), 422, "invalid-date", vec![("/date", "invalid-date")]),
        (
            format!("{availability}?from=2030-02-30&to=x"),
            422,
            "invalid-date",
            vec![("/from", "invalid-date"), ("/to", "invalid-date")],
        ),
        (format!("{availability}?from=2030-01-08&to=2030-01-07"), 422, "invalid-range", vec![("/to", "invalid-range")]),
        (
            format!("{availability}?from=2030-01-01&to=2030-04-03"),
            422,
            "range-too-long",
            vec![("/to", "range-too-long")],
        ),
        (
            format!("{availability}?date=2030-01-07&status=booked"),
            400,
            "malformed-request",
            vec![("/status", "unknown-value")],
        ),
        (
            format!("{availability}?date=2030-02-30&visitType=x"),
            422,
            "invalid-date",
            vec![("/date", "invalid-date"), ("/visitType", "invalid-id")],
        ),
        (
            format!("{availability}?visitType=x&visitType=y"),
            400,
            "malformed-request",
            vec![("/date", "missing-parameter"), ("/visitType", "repeated-parameter"), ("/visitType", "invalid-id")],
        ),
        (
            "visit-types?retired=maybe&limit=0&name=x".to_owned(),
            400,
            "malformed-request",
            vec![("/retired", "wrong-type"), ("/name", "unknown-parameter"), ("/limit", "invalid-limit")],
        ),
        ("patients?active=true".to_owned(), 400, "malformed-request", vec![("/active", "unknown-parameter")]),
        (
            "bookings?doctorId=1&patientId=2&from=2026-02-29&to=2030-01-07T08:00:00&status=late".to_owned(),
            400,
            "malformed-request",
            vec![
                ("/doctorId", "invalid-id"),
                ("/patientId", "invalid-id"),
                ("/from", "invalid-date"),
                ("/to", "offset-required"),
                ("/status", "unknown-value"),
            ],
        ),
        ("bookings?from=2030-01-08&to=2030-01-07".to_owned(), 422, "invalid-range", vec![("/to", "invalid-range")]),
        (
            "bookings?from=2030-01-08T00:00:00Z&to=2030-01-07T00:00:00Z".to_owned(),
            422,
            "invalid-range",
            vec![("/to", "invalid-range")],
        ),
        ("bookings?from=2030-01-07T25:00:00Z".to_owned(), 422, "invalid-instant", vec![("/from", "invalid-instant")]),
    ];
    for (path, status, code, violations) in cases {
        api.get(&format!("/api/v1/{path}")).await.violates(status, code, &violations);
    }
    let longest = api.get(&format!("/api/v1/{availability}?from=2030-01-01&to=2030-04-02")).await.ok();
    assert_eq!(longest["days"].as_array().map(Vec::len), Some(92));
}

#[actix_web::test]
async fn what_changes_something_takes_only_its_own_parameters() {
    let api = Api::new();
    let jon = api.jon().await;
    let changes = [
        (TestRequest::post().uri("/api/v1/patients?dryRun=true"), "/dryRun", "unknown-parameter"),
        (TestRequest::patch().uri(&format!("/api/v1/doctors/{jon}?dryRun=maybe")), "/dryRun", "wrong-type"),
        (TestRequest::patch().uri(&format!("/api/v1/doctors/{jon}?affected=drop")), "/affected", "unknown-value"),
    ];
    for (request, pointer, code) in changes {
        api.send(request.set_json(json!({}))).await.violates(400, "malformed-request", &[(pointer, code)]);
    }
}
