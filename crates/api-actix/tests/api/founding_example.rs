//! The example that the system was founded on: Mondays from 8 to 11 and from 13 to 16.

use serde_json::json;

use crate::support::Api;

#[actix_web::test]
async fn monday_has_six_slots_and_each_can_be_booked_once() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);

    let monday = api.get(&format!("/api/v1/doctors/{jon}/availability?date=2030-01-07")).await.ok();
    let day = &monday["days"][0];
    assert_eq!(day["freeCount"], 6);
    assert_eq!(day["reason"], json!(null));
    let starts: Vec<_> = day["slots"].as_array().expect("slots").iter().map(|slot| slot["start"].clone()).collect();
    assert_eq!(
        starts,
        ["08", "09", "10", "13", "14", "15"].map(|hour| json!(format!("2030-01-07T{hour}:00:00-05:00")))
    );

    let booked = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await;
    let id = booked.created();
    assert_eq!(booked.header("Location"), Some(format!("/api/v1/bookings/{id}").as_str()));
    assert_eq!(booked.header("ETag"), Some("\"1\""));
    assert_eq!(
        booked.json(),
        json!({
            "id": id, "doctorId": jon, "patientId": arya, "start": "2030-01-07T08:00:00-05:00",
            "end": "2030-01-07T09:00:00-05:00", "timeZone": "America/New_York", "status": "booked", "seriesId": null,
            "visitType": null, "reason": null, "cancelReason": null, "outsideHours": false,
            "createdAt": "2029-12-01T04:30:00-05:00", "updatedAt": "2029-12-01T04:30:00-05:00"
        })
    );

    let monday = api.get(&format!("/api/v1/doctors/{jon}/availability?date=2030-01-07")).await.ok();
    assert_eq!(monday["days"][0]["freeCount"], 5);
    assert_eq!(monday["days"][0]["slots"][0]["status"], "booked");

    // However the start is spelt, it is the same slot.
    let someone = api.arya().await;
    for start in ["2030-01-07T08:00:00-05:00", "2030-01-07T13:00:00Z", "2030-01-07T14:00:00.000+01:00"] {
        let again = api.book(&jon, &someone, start).await;
        again.violates(409, "slot-taken", &[("/start", "slot-taken")]);
        let nearest = json!(["2030-01-07T09:00:00-05:00", "2030-01-07T10:00:00-05:00", "2030-01-07T13:00:00-05:00"]);
        assert_eq!(again.json()["alternatives"], nearest);
        assert!(!again.text().contains(&arya), "nobody learns who has the slot");
    }

    let sixteen = api.book(&jon, &someone, "2030-01-07T16:00:00-05:00").await;
    sixteen.violates(422, "outside-working-hours", &[("/start", "outside-working-hours")]);
    let nearest = json!(["2030-01-07T13:00:00-05:00", "2030-01-07T14:00:00-05:00", "2030-01-07T15:00:00-05:00"]);
    assert_eq!(sixteen.json()["alternatives"], nearest);

    assert_eq!(api.counts().await, [1, 2, 1]);
}
