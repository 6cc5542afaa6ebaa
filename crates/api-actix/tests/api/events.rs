//! Events as they happen.

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_ports::{Event, Events, Limit, MockEvents, Unavailable};
use serde_json::{Value, json};

use crate::support::{Api, Listener};

const PATH: &str = "/api/v1/events";

async fn after(api: &Api, position: i64) -> Listener {
    api.listen(TestRequest::get().uri(PATH).insert_header(("Last-Event-ID", position.to_string()))).await
}

fn kinds(events: &[(i64, String, Value)]) -> Vec<(i64, &str)> {
    events.iter().map(|(position, kind, _)| (*position, kind.as_str())).collect()
}

/// A doctor, a patient, and a booking: two events.
async fn booked() -> (Api, String) {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let booking = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    (api, booking)
}

async fn cancel(api: &Api, booking: &str) {
    api.post(&format!("/api/v1/bookings/{booking}/cancel"), &json!({"reason": "ill\nand in bed"})).await.ok();
}

#[actix_web::test]
async fn a_stream_is_one_of_server_sent_events_which_nothing_changes_or_keeps() {
    let api = Api::new();
    let answer = api.send(TestRequest::get().uri(PATH).insert_header(("Accept-Encoding", "gzip"))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("Content-Type"), Some("text/event-stream"));
    assert_eq!(answer.header("Content-Encoding"), None);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    assert_eq!(answer.text(), "retry: 1000\nid: 0\n\n");
    let head = api.send(TestRequest::default().method(Method::HEAD).uri(PATH)).await;
    assert_eq!((head.status.as_u16(), head.header("Content-Type")), (200, Some("text/event-stream")));
}

#[actix_web::test]
async fn who_resumes_gets_everything_that_came_after_once_and_in_order() {
    let (api, booking) = booked().await;
    api.turn();
    let mut all = after(&api, 0).await;
    assert_eq!(all.block().await.as_deref(), Some("retry: 1000"));
    assert_eq!(kinds(&all.events(2).await), [(1, "doctor.created"), (2, "booking.created")]);
    let mut some = after(&api, 1).await;
    assert_eq!(kinds(&some.events(1).await), [(2, "booking.created")]);
    assert!(some.is_silent().await && all.is_silent().await);

    cancel(&api, &booking).await;
    assert!(some.is_silent().await, "nobody has looked yet");
    assert_eq!(api.turn(), ["booking.cancelled"]);
    assert_eq!(kinds(&some.events(1).await), [(3, "booking.cancelled")]);
    assert_eq!(kinds(&all.events(1).await), [(3, "booking.cancelled")]);
    assert!(some.is_silent().await && all.is_silent().await);
    assert_eq!(api.turn(), Vec::<&str>::new());
    assert!(some.is_silent().await && all.is_silent().await);
}

#[actix_web::test]
async fn who_says_nothing_begins_now_and_learns_where_that_is() {
    let (api, booking) = booked().await;
    let mut listener = api.listen(TestRequest::get().uri(PATH)).await;
    assert_eq!(listener.block().await.as_deref(), Some("retry: 1000\nid: 2"));
    cancel(&api, &booking).await;
    api.turn();
    api.turn();
    assert_eq!(kinds(&listener.events(1).await), [(3, "booking.cancelled")]);
}

#[actix_web::test]
async fn the_last_event_counts_more_than_the_query() {
    let (api, _) = booked().await;
    api.turn();
    let mut queried = api.listen(TestRequest::get().uri(&format!("{PATH}?after=1"))).await;
    assert_eq!(kinds(&queried.events(1).await), [(2, "booking.created")]);
    // A browser comes again with the same URL, and with what it has got.
    let again = TestRequest::get().uri(&format!("{PATH}?after=0")).insert_header(("Last-Event-ID", "1"));
    let mut again = api.listen(again).await;
    assert_eq!(kinds(&again.events(1).await), [(2, "booking.created")]);
}

#[actix_web::test]
async fn an_event_tells_who_did_what_when_and_why_on_one_line() {
    let (api, booking) = booked().await;
    cancel(&api, &booking).await;
    api.turn();
    let (position, kind, event) = after(&api, 2).await.events(1).await.remove(0);
    let there = api.get(&format!("/api/v1/bookings/{booking}")).await.ok();
    let (id, who) = (event["id"].as_str().expect("an id"), event["who"]["id"].as_str().expect("a caller"));
    assert_eq!((position, kind.as_str(), id.len(), who.len()), (3, "booking.cancelled", 36, 36));
    let expected = json!({
        "id": id, "position": 3, "type": "booking.cancelled", "at": "2029-12-01T09:30:00Z",
        "who": {"kind": "caller", "id": who}, "why": "ill\nand in bed",
        "doctorId": there["doctorId"], "patientId": there["patientId"], "bookingId": booking,
        "before": {"status": "booked"}, "after": {"status": "cancelled", "cancelReason": "ill\nand in bed"},
    });
    assert_eq!(event, expected);
}

#[actix_web::test]
async fn what_is_no_position_is_refused() {
    let api = Api::new();
    for text in ["x", "", "-1", "1.5", "+1", " ", "99999999999999999999", "0x1", "1,2"] {
        let request = TestRequest::get().uri(PATH).insert_header(("Last-Event-ID", text));
        api.send(request).await.problem(400, "malformed-request");
        let query = format!("{PATH}?after={}", text.replace('+', "%2B").replace(' ', "%20"));
        api.get(&query).await.violates(400, "malformed-request", &[("/after", "wrong-type")]);
    }
    let twice = TestRequest::get().uri(PATH);
    let twice = twice.append_header(("Last-Event-ID", "1")).append_header(("Last-Event-ID", "2"));
    api.send(twice).await.problem(400, "malformed-request");
    api.get(&format!("{PATH}?since=1")).await.violates(400, "malformed-request", &[("/since", "unknown-parameter")]);
}

#[actix_web::test]
async fn who_has_got_more_than_there_is_does_not_wait_in_vain() {
    let (api, _) = booked().await;
    let request = TestRequest::get().uri(PATH).insert_header(("Last-Event-ID", "3"));
    api.send(request).await.problem(422, "invalid-cursor");
    api.get(&format!("{PATH}?after=3")).await.violates(422, "invalid-cursor", &[("/after", "invalid-cursor")]);
    assert_eq!(api.get(&format!("{PATH}?after=2")).await.status, 200);
}

#[actix_web::test]
async fn many_events_come_whole_whoever_is_how_far_behind() {
    let api = Api::new();
    api.turn();
    let mut early = after(&api, 0).await;
    for _ in 0..3 {
        api.jons(500).await;
        api.turn();
    }
    let mut late = after(&api, 7).await;
    let positions = |events: Vec<(i64, String, Value)>| events.into_iter().map(|(at, ..)| at).collect::<Vec<_>>();
    assert_eq!(positions(early.events(1_500).await), (1..=1_500).collect::<Vec<_>>());
    assert_eq!(positions(late.events(1_493).await), (8..=1_500).collect::<Vec<_>>());
    assert!(early.is_silent().await && late.is_silent().await);
}

#[actix_web::test]
async fn a_stream_ends_when_the_service_does() {
    let (api, _) = booked().await;
    api.turn();
    let mut listener = after(&api, 2).await;
    assert_eq!(listener.block().await.as_deref(), Some("retry: 1000"));
    assert!(listener.is_silent().await);
    api.end();
    assert_eq!(listener.block().await, None);
    assert_eq!(api.send(TestRequest::get().uri(PATH)).await.status, 200, "who comes now is told to come again");
}

/// Events of a store that can be out of reach.
fn unreliable(is_there: Arc<std::sync::atomic::AtomicBool>) -> (Api, Arc<dyn Events>) {
    let mut stores = MemoryStore::new().stores();
    let (mut mock, there) = (MockEvents::new(), Arc::clone(&stores.events));
    mock.expect_publish().returning(|| Ok(0));
    let events = Arc::clone(&there);
    mock.expect_last().returning(move || events.last());
    mock.expect_after().returning(move |position, audience, limit: Limit| -> Result<Vec<Event>, Unavailable> {
        if is_there.load(std::sync::atomic::Ordering::Relaxed) {
            there.after(position, audience, limit)
        } else {
            Err(Unavailable::unreachable("gone"))
        }
    });
    let there = Arc::clone(&stores.events);
    stores.events = Arc::new(mock);
    (Api::over(&stores), there)
}

#[actix_web::test]
async fn a_stream_whose_store_cannot_answer_ends_and_can_be_resumed() {
    let is_there = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let (api, _) = unreliable(Arc::clone(&is_there));
    api.jon().await;
    api.turn();
    is_there.store(false, std::sync::atomic::Ordering::Relaxed);
    let mut listener = after(&api, 0).await;
    assert_eq!(listener.block().await.as_deref(), Some("retry: 1000"));
    assert_eq!(listener.block().await, None);
    is_there.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(kinds(&after(&api, 0).await.events(1).await), [(1, "doctor.created")]);
}
