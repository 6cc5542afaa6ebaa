//! Requests that come again, with their `Idempotency-Key`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_ports::{MockBookings, MockIdempotency, MockPatients, StoreBookingError, Stores, Unavailable};
use serde_json::{Value, json};

use crate::support::{Answer, Api, NOBODY, jon};

const EIGHT: &str = "2030-01-07T08:00:00-05:00";
const PATIENTS: &str = "/api/v1/patients";

fn arya() -> Value {
    json!({"firstName": "Arya", "lastName": "Stark"})
}

/// Checks that `again` is `first` once more.
#[track_caller]
fn is_replay(again: &Answer, first: &Answer) {
    assert_eq!(again.header("Idempotency-Replayed"), Some("true"), "{}", again.text());
    assert_eq!((again.status, again.text()), (first.status, first.text()));
    for name in ["Content-Type", "ETag", "Location", "Content-Encoding"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(first.header("Idempotency-Replayed"), None);
}

#[actix_web::test]
async fn whatever_is_created_is_created_once_and_answered_to_the_byte() {
    let api = Api::new();
    let doctor = api.jon().await;
    let patient = api.arya().await;
    let away = format!("/api/v1/doctors/{doctor}/time-off");
    let cases = [
        ("/api/v1/doctors", "/api/v1/doctors", jon()),
        (PATIENTS, PATIENTS, arya()),
        ("/api/v1/visit-types", "/api/v1/visit-types", json!({"name": "Check-up", "minutes": 30})),
        (&away, &away, json!({"start": "2031-01-06T10:00:00Z", "end": "2031-01-07T10:00:00Z"})),
        ("/api/v1/closures", "/api/v1/closures", json!({"date": "2030-12-25", "name": "Christmas Day"})),
        ("/api/v1/bookings", "/api/v1/bookings", json!({"doctorId": doctor, "patientId": patient, "start": EIGHT})),
        (
            "/api/v1/waitlist",
            "/api/v1/waitlist",
            json!({
                "patientId": patient, "doctorId": doctor, "from": "2030-01-07", "to": "2030-01-07"
            }),
        ),
        ("/api/v1/webhooks", "/api/v1/webhooks", json!({"url": "https://example.org/hook"})),
    ];
    for (index, (path, list, body)) in cases.into_iter().enumerate() {
        let key = format!("\"key-{index}\"");
        let before = api.get(&format!("{list}?limit=200")).await.ok()["items"].as_array().map_or(0, Vec::len);
        let first = api.keyed(&key, path, &body).await;
        first.created();
        assert!(first.header("ETag").is_some() && first.header("Location").is_some(), "{path}");
        for again in [api.keyed(&key, path, &body).await, api.beside().keyed(&key, path, &body).await] {
            is_replay(&again, &first);
        }
        let after = api.get(&format!("{list}?limit=200")).await.ok()["items"].as_array().map_or(0, Vec::len);
        assert_eq!(after, before + 1, "{path}");
    }
}

#[actix_web::test]
async fn the_answer_stays_the_first_whatever_happens_to_what_it_tells_of() {
    let api = Api::new();
    let first = api.keyed("k", "/api/v1/doctors", &jon()).await;
    let location = first.header("Location").expect("a Location").to_owned();
    api.patch(&location, &json!({"lastName": "Targaryen"})).await.ok();
    api.set_clock("2029-12-02T09:00:00Z");
    is_replay(&api.keyed("k", "/api/v1/doctors", &jon()).await, &first);
}

#[actix_web::test]
async fn bodies_are_compared_as_json_values() {
    let api = Api::new();
    let post = async |body: &str| {
        let request = TestRequest::post().uri("/api/v1/visit-types").insert_header(("Idempotency-Key", "k"));
        api.send(request.insert_header(("Content-Type", "application/json")).set_payload(body.to_owned())).await
    };
    let first = post(r#"{"name":"Check-up","minutes":30}"#).await;
    first.created();
    is_replay(&post(r#" {"minutes" : 30.0, "name": "Check\u002dup"} "#).await, &first);
    for other in [r#"{"name":"Check-up","minutes":31}"#, r#"{"name":"Check-up","minutes":30,"capacity":1}"#] {
        post(other).await.problem(422, "idempotency-key-reused");
    }
    is_replay(&post(r#"{"name":"Check-up","minutes":30}"#).await, &first);
}

#[actix_web::test]
async fn a_key_stands_for_one_request_of_one_caller() {
    let api = Api::new();
    let first = api.keyed("k", PATIENTS, &arya()).await;
    api.keyed("k", "/api/v1/doctors", &jon()).await.problem(422, "idempotency-key-reused");
    api.keyed("k", "/api/v1/closures?affected=keep", &json!({"date": "2030-12-25", "name": "Christmas Day"}))
        .await
        .problem(422, "idempotency-key-reused");
    // Quoted or bare, it is the same key.
    is_replay(&api.keyed("\"k\"", PATIENTS, &arya()).await, &first);

    let other = api.asked_by("sansa").keyed("k", PATIENTS, &arya()).await;
    assert_ne!(other.created(), first.created());
    assert_eq!(other.header("Idempotency-Replayed"), None);
    is_replay(&api.asked_by("sansa").keyed("k", PATIENTS, &arya()).await, &other);
    let another = api.asked_by("bran").keyed("k", "/api/v1/doctors", &jon()).await;
    another.created();
}

#[actix_web::test]
async fn parameters_belong_to_the_request_in_any_order() {
    let api = Api::new();
    let christmas = json!({"date": "2030-12-25", "name": "Christmas Day"});
    let first = api.keyed("k", "/api/v1/closures?affected=keep&dryRun=false", &christmas).await;
    is_replay(&api.keyed("k", "/api/v1/closures?dryRun=false&affected=keep", &christmas).await, &first);
    api.keyed("k", "/api/v1/closures", &christmas).await.problem(422, "idempotency-key-reused");
}

#[actix_web::test]
async fn a_dry_run_keeps_nothing() {
    let api = Api::new();
    let christmas = json!({"date": "2030-12-25", "name": "Christmas Day"});
    for _ in 0..2 {
        let dry = api.keyed("k", "/api/v1/closures?dryRun=true", &christmas).await;
        dry.ok();
        assert_eq!(dry.header("Idempotency-Replayed"), None);
    }
    api.keyed("k", "/api/v1/closures", &christmas).await.created();
    // Nor does it ask for what is kept: it can be asked under a key that stands for something else.
    api.keyed("k", "/api/v1/closures?dryRun=true", &christmas).await.ok();
    let nobodys = format!("/api/v1/doctors/{NOBODY}/time-off?dryRun=true");
    let away = json!({"start": "2031-01-06T10:00:00Z", "end": "2031-01-07T10:00:00Z"});
    for _ in 0..2 {
        let refused = api.keyed("other", &nobodys, &away).await;
        refused.problem(404, "not-found");
        assert_eq!(refused.header("Idempotency-Replayed"), None);
    }
}

#[actix_web::test]
async fn what_the_world_has_refused_stays_refused_under_its_key() {
    let api = Api::new();
    let (doctor, patient) = (api.jon().await, api.arya().await);
    let booking = api.book(&doctor, &patient, EIGHT).await.created();
    let wanted = |doctor: &str, start: &str| json!({"doctorId": doctor, "patientId": patient, "start": start});
    let taken = api.keyed("taken", "/api/v1/bookings", &wanted(&doctor, EIGHT)).await;
    taken.problem(409, "slot-taken");
    let outside = api.keyed("outside", "/api/v1/bookings", &wanted(&doctor, "2030-01-08T08:00:00-05:00")).await;
    outside.problem(422, "outside-working-hours");
    let nobody = api.keyed("nobody", "/api/v1/bookings", &wanted(NOBODY, EIGHT)).await;
    nobody.problem(404, "not-found");

    api.post(&format!("/api/v1/bookings/{booking}/cancel"), &json!({"reason": "ill"})).await.ok();
    for (key, first, body) in [
        ("taken", &taken, wanted(&doctor, EIGHT)),
        ("outside", &outside, wanted(&doctor, "2030-01-08T08:00:00-05:00")),
        ("nobody", &nobody, wanted(NOBODY, EIGHT)),
    ] {
        is_replay(&api.keyed(key, "/api/v1/bookings", &body).await, first);
        is_replay(&api.beside().keyed(key, "/api/v1/bookings", &body).await, first);
    }
    api.keyed("taken", "/api/v1/bookings", &wanted(NOBODY, EIGHT)).await.problem(422, "idempotency-key-reused");
    api.keyed("another", "/api/v1/bookings", &wanted(&doctor, EIGHT)).await.created();
}

#[actix_web::test]
async fn what_was_wrong_with_the_request_itself_is_not_kept() {
    let api = Api::new();
    api.keyed("k", PATIENTS, &json!({"firstName": "Arya"})).await.problem(400, "malformed-request");
    api.keyed("k", PATIENTS, &json!({"firstName": "", "lastName": "Stark"})).await.problem(422, "invalid-name");
    let plain = TestRequest::post().uri(PATIENTS).insert_header(("Idempotency-Key", "k"));
    api.send(plain.insert_header(("Content-Type", "text/plain")).set_payload("x"))
        .await
        .problem(415, "unsupported-media-type");
    let long = TestRequest::post().uri(PATIENTS).insert_header(("Idempotency-Key", "k"));
    let long = long.insert_header(("Content-Type", "application/json")).set_payload(" ".repeat(300_000));
    api.send(long).await.problem(413, "payload-too-large");
    api.keyed("k", PATIENTS, &arya()).await.created();
}

#[actix_web::test]
async fn a_key_is_1_to_255_visible_characters() {
    let api = Api::new();
    for key in ["", "\"\"", "a b", "\"a", "ä", &"x".repeat(256)] {
        api.keyed(key, PATIENTS, &arya()).await.problem(400, "malformed-request");
    }
    let two = TestRequest::post().uri(PATIENTS).append_header(("Idempotency-Key", "a"));
    api.send(two.append_header(("Idempotency-Key", "b")).set_json(arya())).await.problem(400, "malformed-request");
    assert_eq!(api.counts().await, [0, 0, 0]);
    api.keyed(&format!("\"{}\"", "x".repeat(255)), PATIENTS, &arya()).await.created();
}

#[actix_web::test]
async fn an_answer_is_forgotten_after_a_day() {
    let api = Api::new();
    let first = api.keyed("k", PATIENTS, &arya()).await;
    api.set_clock("2029-12-02T09:30:00Z");
    api.sweep();
    is_replay(&api.keyed("k", PATIENTS, &arya()).await, &first);
    api.set_clock("2029-12-02T09:30:01Z");
    api.sweep();
    assert_ne!(api.keyed("k", PATIENTS, &arya()).await.created(), first.created());
}

/// A store in memory that tells when it is about to store a patient, and waits until it may.
fn with_a_gate() -> (Stores, Receiver<()>, Sender<()>) {
    let mut stores = MemoryStore::new().stores();
    let patients = Arc::clone(&stores.patients);
    let (arrive, arrived) = channel();
    let (open, gate) = channel();
    let gate = Mutex::new(gate);
    let mut gated = MockPatients::new();
    gated.expect_add().returning(move |patient, along| {
        arrive.send(()).expect("somebody waits");
        gate.lock().expect("the gate").recv().expect("it is opened");
        patients.add(patient, along)
    });
    stores.patients = Arc::new(gated);
    (stores, arrived, open)
}

#[actix_web::test]
async fn while_the_first_is_being_worked_on_the_second_is_told_so_at_once() {
    let (stores, arrived, open) = with_a_gate();
    let api = Api::over(&stores);
    let first = actix_web::rt::spawn({
        let api = api.clone();
        async move { api.keyed("k", PATIENTS, &arya()).await }
    });
    wait_for(&arrived).await;
    let second = api.keyed("k", PATIENTS, &arya()).await;
    second.problem(409, "request-in-progress");
    assert_eq!(second.header("Retry-After"), Some("1"));
    // Another caller's key of the same name is another key.
    open.send(()).expect("it waits");
    let first = first.await.expect("no panic");
    is_replay(&api.keyed("k", PATIENTS, &arya()).await, &first);
}

#[actix_web::test]
async fn a_client_that_does_not_wait_for_the_answer_finds_it_later() {
    let (stores, arrived, open) = with_a_gate();
    let api = Api::over(&stores);
    let gone = actix_web::rt::spawn({
        let api = api.clone();
        async move { api.keyed("k", PATIENTS, &arya()).await }
    });
    wait_for(&arrived).await;
    gone.abort();
    assert!(gone.await.is_err());
    // The work goes on without anybody who waits for it, and until it ends it is in progress.
    api.keyed("k", PATIENTS, &arya()).await.problem(409, "request-in-progress");
    open.send(()).expect("it waits");
    let mut answer = api.keyed("k", PATIENTS, &arya()).await;
    while answer.status == 409 {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(2)).await;
        answer = api.keyed("k", PATIENTS, &arya()).await;
    }
    answer.created();
    assert_eq!(answer.header("Idempotency-Replayed"), Some("true"));
}

/// Waits without holding up what is waited for.
async fn wait_for(arrived: &Receiver<()>) {
    while arrived.try_recv().is_err() {
        actix_web::rt::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

#[actix_web::test]
async fn after_an_outage_or_a_panic_the_request_can_come_again() {
    let mut stores = MemoryStore::new().stores();
    let bookings = Arc::clone(&stores.bookings);
    let mut failing = MockBookings::new();
    let calls = AtomicUsize::new(0);
    failing.expect_store().times(1).returning(|_| panic!("at the disco"));
    failing.expect_store().returning(move |new| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Err(Unavailable::unreachable("gone").into()),
        1..=8 => Err(StoreBookingError::Stale),
        _ => bookings.store(new),
    });
    stores.bookings = Arc::new(failing);
    let api = Api::over(&stores);
    let (doctor, patient) = (api.jon().await, api.arya().await);
    let body = json!({"doctorId": doctor, "patientId": patient, "start": EIGHT});
    api.keyed("k", "/api/v1/bookings", &body).await.problem(500, "internal-error");
    api.keyed("k", "/api/v1/bookings", &body).await.problem(503, "unavailable");
    // The rules changed again and again.
    api.keyed("k", "/api/v1/bookings", &body).await.problem(503, "unavailable");
    api.keyed("k", "/api/v1/bookings", &body).await.created();
}

/// A server over `stores` to which the first look for a kept answer shows none, though there may be one: as when
/// another server answers in between.
fn too_early(stores: &Stores) -> Api {
    let mut stores = stores.clone();
    let real = Arc::clone(&stores.idempotency);
    let kept = Arc::clone(&real);
    let mut blind = MockIdempotency::new();
    blind.expect_find().times(1).returning(|_, _| Ok(None));
    blind.expect_find().returning(move |caller, key| real.find(caller, key));
    blind.expect_keep().returning(move |answer| kept.keep(answer));
    stores.idempotency = Arc::new(blind);
    Api::over(&stores)
}

#[actix_web::test]
async fn of_two_servers_the_one_that_comes_second_answers_as_the_first() {
    let stores = MemoryStore::new().stores();
    let api = Api::over(&stores);
    let (doctor, patient) = (api.jon().await, api.arya().await);
    let christmas = json!({"date": "2030-12-25", "name": "Christmas Day"});
    let away = json!({"start": "2031-01-06T10:00:00Z", "end": "2031-01-07T10:00:00Z"});
    let booking = json!({"doctorId": doctor, "patientId": patient, "start": "2030-01-07T10:00:00-05:00"});
    let cases = [
        ("/api/v1/doctors".to_owned(), jon()),
        (PATIENTS.to_owned(), arya()),
        ("/api/v1/visit-types".to_owned(), json!({"name": "Check-up", "minutes": 30})),
        (format!("/api/v1/doctors/{doctor}/time-off"), away),
        ("/api/v1/closures".to_owned(), christmas),
        ("/api/v1/bookings".to_owned(), booking),
        // A refusal.
        ("/api/v1/bookings".to_owned(), json!({"doctorId": NOBODY, "patientId": patient, "start": EIGHT})),
    ];
    for (index, (path, body)) in cases.iter().enumerate() {
        let key = format!("key-{index}");
        let first = api.keyed(&key, path, body).await;
        assert_ne!(first.status, 503, "{}", first.text());
        is_replay(&too_early(&stores).keyed(&key, path, body).await, &first);
    }
    let other = too_early(&stores).keyed("key-1", PATIENTS, &json!({"firstName": "Sansa", "lastName": "Stark"})).await;
    other.problem(422, "idempotency-key-reused");
}

#[actix_web::test]
async fn what_does_not_create_takes_no_notice_of_a_key() {
    let api = Api::new();
    let patient = api.arya().await;
    for name in ["Sansa", "Bran"] {
        let request = TestRequest::default().method(Method::PATCH).uri(&format!("{PATIENTS}/{patient}"));
        let request = request.insert_header(("Idempotency-Key", "k")).set_json(json!({"firstName": name}));
        assert_eq!(api.send(request).await.ok()["firstName"], name);
    }
}
