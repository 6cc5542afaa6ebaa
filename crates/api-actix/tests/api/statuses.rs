//! Where a booking stands, and where it can go.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::support::{Api, NOBODY};

const EIGHT: &str = "2030-01-07T08:00:00-05:00";

async fn booked() -> (Api, String, String, String) {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    let booking = api.book(&jon, &arya, EIGHT).await.created();
    (api, jon, arya, format!("/api/v1/bookings/{booking}"))
}

#[actix_web::test]
async fn a_visit_arrives_and_is_fulfilled() {
    let (api, jon, _, booking) = booked().await;
    // Early patients wait; bodies are left out or empty.
    let arrived = api.send(TestRequest::post().uri(&format!("{booking}/arrive"))).await;
    assert_eq!((&arrived.ok()["status"], arrived.header("ETag")), (&json!("arrived"), Some("\"2\"")));
    let fulfilled = api.post(&format!("{booking}/fulfil"), &json!({})).await;
    assert_eq!((&fulfilled.ok()["status"], fulfilled.header("ETag")), (&json!("fulfilled"), Some("\"3\"")));
    assert_eq!(api.get(&booking).await.ok(), fulfilled.json());
    assert_eq!(api.free(&jon, "2030-01-07").await.len(), 5, "it still has its time");
}

#[actix_web::test]
async fn nobody_is_a_no_show_before_the_start_and_then_the_time_is_free_again() {
    let (api, jon, _, booking) = booked().await;
    let path = format!("{booking}/no-show");
    api.set_clock("2030-01-07T12:59:59Z");
    let early = api.post(&path, &json!({})).await.problem(409, "invalid-transition");
    assert_eq!(early["allowed"], json!(["arrived", "cancelled"]));
    api.set_clock("2030-01-07T13:00:00Z");
    assert_eq!(api.post(&path, &json!({})).await.ok()["status"], "no-show");
    let day = api.get(&format!("/api/v1/doctors/{jon}/availability?date=2030-01-07")).await.ok();
    assert_eq!(day["days"][0]["slots"][0]["status"], "free");
}

#[actix_web::test]
async fn where_a_booking_cannot_go_it_is_told_where_it_can() {
    let (api, _, _, booking) = booked().await;
    let cases: [(&str, &[(&str, Value)]); 4] = [
        ("", &[("fulfil", json!(["arrived", "cancelled"])), ("reinstate", json!(["arrived", "cancelled"]))]),
        (
            "arrive",
            &[
                ("arrive", json!(["fulfilled"])),
                ("cancel", json!(["fulfilled"])),
                ("no-show", json!(["fulfilled"])),
                ("reschedule", json!(["fulfilled"])),
            ],
        ),
        (
            "fulfil",
            &[("cancel", json!([])), ("arrive", json!([])), ("reinstate", json!([])), ("reschedule", json!([]))],
        ),
        ("", &[]),
    ];
    for (step, refused) in cases {
        if !step.is_empty() {
            api.post(&format!("{booking}/{step}"), &json!({})).await.ok();
        }
        let before = api.get(&booking).await.ok();
        for (what, allowed) in refused {
            let body = match *what {
                "cancel" => json!({"reason": "ill"}),
                "reschedule" => json!({"start": "2030-01-07T09:00:00-05:00"}),
                _ => json!({}),
            };
            let problem = api.post(&format!("{booking}/{what}"), &body).await.problem(409, "invalid-transition");
            assert_eq!(problem["allowed"], *allowed, "{what} of {}", before["status"]);
        }
        assert_eq!(api.get(&booking).await.ok(), before);
    }
}

#[actix_web::test]
async fn a_cancelled_booking_is_reinstated_while_its_slot_is_free() {
    let (api, jon, arya, booking) = booked().await;
    let (cancel, reinstate) = (format!("{booking}/cancel"), format!("{booking}/reinstate"));
    api.post(&cancel, &json!({"reason": "ill"})).await.ok();
    let again = api.post(&reinstate, &json!({})).await;
    assert_eq!((&again.ok()["status"], &again.json()["cancelReason"]), (&json!("booked"), &json!(null)));
    assert_eq!(again.header("ETag"), Some("\"3\""));

    api.post(&cancel, &json!({"reason": "ill"})).await.ok();
    let other = api.book(&jon, &arya, EIGHT).await.created();
    let taken = api.post(&reinstate, &json!({})).await;
    taken.violates(409, "slot-taken", &[("", "slot-taken")]);
    assert_eq!(taken.json()["alternatives"][0], "2030-01-07T09:00:00-05:00");
    api.post(&format!("/api/v1/bookings/{other}/cancel"), &json!({"reason": "ill"})).await.ok();

    // The patient is elsewhere.
    let elsewhere = api.jon().await;
    let there = api.book(&elsewhere, &arya, EIGHT).await.created();
    api.post(&reinstate, &json!({})).await.violates(409, "patient-busy", &[("", "patient-busy")]);
    api.post(&format!("/api/v1/bookings/{there}/cancel"), &json!({"reason": "ill"})).await.ok();

    // Somebody holds it.
    let hold = api.post("/api/v1/holds", &json!({"doctorId": jon, "start": EIGHT})).await.created();
    api.post(&reinstate, &json!({})).await.violates(409, "slot-held", &[("", "slot-held")]);
    api.delete(&format!("/api/v1/holds/{hold}")).await;

    // The hospital is closed, and then the time has passed.
    let closure = json!({"date": "2030-01-07", "name": "Epiphany"});
    let closure = api.post("/api/v1/closures", &closure).await.created();
    api.post(&reinstate, &json!({})).await.violates(422, "outside-working-hours", &[("", "outside-working-hours")]);
    api.delete(&format!("/api/v1/closures/{closure}")).await.ok();
    api.set_clock("2030-01-07T13:00:01Z");
    api.post(&reinstate, &json!({})).await.violates(422, "in-past", &[("", "in-past")]);
    assert_eq!(api.get(&booking).await.ok()["status"], "cancelled");
}

#[actix_web::test]
async fn a_booking_changes_only_at_the_revision_that_was_seen() {
    let (api, _, _, booking) = booked().await;
    let post = async |what: &str, tag: &str, body: &Value| {
        let request = TestRequest::post().uri(&format!("{booking}/{what}")).insert_header(("If-Match", tag.to_owned()));
        api.send(request.set_json(body)).await
    };
    let steps = [
        ("reschedule", json!({"start": "2030-01-07T09:00:00-05:00"})),
        ("cancel", json!({"reason": "ill"})),
        ("reinstate", json!({})),
        ("arrive", json!({})),
        ("fulfil", json!({})),
    ];
    for (revision, (what, body)) in (1..).zip(&steps) {
        post(what, "\"9\"", body).await.problem(412, "precondition-failed");
        let changed = post(what, &format!("\"{revision}\""), body).await;
        changed.ok();
        assert_eq!(changed.header("ETag"), Some(format!("\"{}\"", revision + 1).as_str()), "{what}");
    }
    let (api, _, _, booking) = self::booked().await;
    api.set_clock("2030-01-07T13:00:00Z");
    let request = TestRequest::post().uri(&format!("{booking}/no-show")).insert_header(("If-Match", "\"2\""));
    api.send(request).await.problem(412, "precondition-failed");
}

#[actix_web::test]
async fn what_needs_no_body_takes_none_but_nothing() {
    let (api, _, _, booking) = booked().await;
    for what in ["arrive", "fulfil", "no-show", "reinstate"] {
        let path = format!("{booking}/{what}");
        let answer = api.post(&path, &json!({"reason": "x"})).await;
        answer.violates(400, "malformed-request", &[("/reason", "unknown-field")]);
        api.post(&path, &json!([])).await.problem(400, "malformed-request");
        api.post(&path, &json!(null)).await.problem(400, "malformed-request");
        let text = TestRequest::post().uri(&path).insert_header(("Content-Type", "text/plain")).set_payload("{}");
        api.send(text).await.problem(415, "unsupported-media-type");
        api.send(TestRequest::post().uri(&path).set_payload("{}")).await.problem(415, "unsupported-media-type");
        api.post(&format!("/api/v1/bookings/{NOBODY}/{what}"), &json!({})).await.problem(404, "not-found");
        api.post(&format!("{path}?x=1"), &json!({})).await.problem(400, "malformed-request");
    }
    let typed = TestRequest::post().uri(&format!("{booking}/arrive"));
    api.send(typed.insert_header(("Content-Type", "application/json"))).await.ok();
}

#[actix_web::test]
async fn bookings_are_found_by_where_they_stand() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    api.set_clock("2030-01-07T12:00:00Z");
    let slots = ["08", "09", "10", "13", "14"];
    for (hour, steps) in slots.into_iter().zip([&[][..], &["arrive"], &["arrive", "fulfil"], &["cancel"], &["no-show"]])
    {
        let id = api.book(&jon, &arya, &format!("2030-01-07T{hour}:00:00-05:00")).await.created();
        api.set_clock("2030-01-07T23:00:00Z");
        for step in steps {
            let body = if *step == "cancel" { json!({"reason": "ill"}) } else { json!({}) };
            api.post(&format!("/api/v1/bookings/{id}/{step}"), &body).await.ok();
        }
        api.set_clock("2030-01-07T12:00:00Z");
    }
    for (status, hour) in ["booked", "arrived", "fulfilled", "cancelled", "no-show"].into_iter().zip(slots) {
        let found = api.get(&format!("/api/v1/bookings?status={status}")).await.ok();
        let found: Vec<_> =
            found["items"].as_array().expect("items").iter().map(|booking| booking["start"].clone()).collect();
        assert_eq!(found, [json!(format!("2030-01-07T{hour}:00:00-05:00"))], "{status}");
    }
}
