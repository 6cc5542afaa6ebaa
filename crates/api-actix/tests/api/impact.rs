//! Nobody is left standing before a closed door without being asked: every change that could do so says whom.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_adapters_memory::MemoryStore;
use serde_json::{Value, json};

use crate::support::{Answer, Api};

struct Change {
    method: Method,
    path: String,
    body: Value,
}

impl Change {
    /// Every change that leaves Jon's bookings of 7 January 2030 outside working hours.
    fn all(jon: &str) -> [Self; 6] {
        let doctor = format!("/api/v1/doctors/{jon}");
        let change = |method, path, body| Self { method, path, body };
        let away = json!({"start": "2030-01-07T00:00:00-05:00", "end": "2030-01-08T00:00:00-05:00"});
        [
            change(Method::PUT, format!("{doctor}/working-hours"), json!({"weekly": {}})),
            change(Method::PUT, format!("{doctor}/overrides/2030-01-07"), json!({"windows": []})),
            change(Method::POST, format!("{doctor}/time-off"), away),
            change(Method::POST, "/api/v1/closures".to_owned(), json!({"date": "2030-01-07", "name": "Epiphany"})),
            change(Method::PATCH, doctor.clone(), json!({"timeZone": "Asia/Tokyo"})),
            change(Method::PATCH, doctor, json!({"active": false})),
        ]
    }

    async fn make(&self, api: &Api, query: &str) -> Answer {
        let Self { method, path, body } = self;
        let request = TestRequest::default().method(method.clone()).uri(&format!("{path}?{query}"));
        api.send(request.set_json(body)).await
    }

    /// Whom the answer names as affected.
    #[track_caller]
    fn affected(&self, answer: &Value) -> Vec<Value> {
        let bookings = answer["affectedBookings"].as_array().unwrap_or_else(|| panic!("{}: {answer}", self.path));
        bookings.iter().map(|booking| booking["id"].clone()).collect()
    }
}

#[actix_web::test]
async fn every_change_that_strands_a_booking_has_to_be_wanted() {
    for index in 0..6 {
        let api = Api::new();
        let (jon, arya) = (api.jon().await, api.arya().await);
        let booking = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
        let cancelled = api.book(&jon, &arya, "2030-01-07T09:00:00-05:00").await.created();
        api.post(&format!("/api/v1/bookings/{cancelled}/cancel"), &json!({"reason": "ill"})).await.ok();
        let change = &Change::all(&jon)[index];
        let seen = async || {
            let paths = [format!("/api/v1/doctors/{jon}"), format!("/api/v1/bookings/{booking}")];
            [api.get(&paths[0]).await.ok(), api.get(&paths[1]).await.ok(), api.get("/api/v1/closures").await.ok()]
        };

        let before = seen().await;
        let dry = change.make(&api, "dryRun=true").await;
        assert_eq!(change.affected(&dry.ok()), [booking.as_str()]);
        assert_eq!(dry.json()["affectedBookings"][0]["outsideHours"], false, "as it was before");
        assert_eq!(change.make(&api, "dryRun=true&affected=keep").await.ok(), dry.json());
        let refused = change.make(&api, "").await.problem(409, "bookings-affected");
        assert_eq!(change.affected(&refused), [booking.as_str()]);
        assert_eq!(seen().await, before, "{}", change.path);

        let kept = change.make(&api, "affected=keep").await;
        assert!(kept.status.is_success(), "{}", kept.text());
        assert_eq!(change.affected(&kept.json()), [booking.as_str()]);
        let marked = api.get(&format!("/api/v1/bookings/{booking}")).await;
        assert_eq!(marked.ok()["outsideHours"], true, "{}", change.path);
        assert_eq!(marked.ok()["status"], "booked");
        assert_eq!(marked.header("ETag"), Some("\"2\""));
        assert_eq!(api.get(&format!("/api/v1/bookings/{cancelled}")).await.ok()["outsideHours"], false);
    }
}

#[actix_web::test]
async fn past_and_cancelled_bookings_never_count() {
    for index in 0..6 {
        let store = MemoryStore::new();
        let api = Api::over(&store.stores());
        let (jon, arya) = (api.jon().await, api.arya().await);
        let past = api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
        let cancelled = api.book(&jon, &arya, "2030-01-07T13:00:00-05:00").await.created();
        api.post(&format!("/api/v1/bookings/{cancelled}/cancel"), &json!({"reason": "ill"})).await.ok();

        // The first has ended this very moment.
        let api = Api::at(&store.stores(), "2030-01-07T09:00:00-05:00");
        let change = &Change::all(&jon)[index];
        let changed = change.make(&api, "").await;
        assert!(changed.status.is_success(), "{}", changed.text());
        assert_eq!(change.affected(&changed.json()), Vec::<Value>::new(), "{}", change.path);
        for booking in [&past, &cancelled] {
            assert_eq!(api.get(&format!("/api/v1/bookings/{booking}")).await.ok()["outsideHours"], false);
        }
    }
}

#[actix_web::test]
async fn another_slot_length_strands_nobody() {
    let api = Api::new();
    let (jon, arya) = (api.jon().await, api.arya().await);
    api.book(&jon, &arya, "2030-01-07T08:00:00-05:00").await.created();
    let changed = api.patch(&format!("/api/v1/doctors/{jon}"), &json!({"slotMinutes": 45})).await.ok();
    assert_eq!(changed["affectedBookings"], json!([]));
}
