//! Patients: register, list and search, find, amend.

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::support::Api;

fn full() -> Value {
    json!({"firstName": "Arya", "lastName": "Stark", "birthDate": "1991-04-15", "email": "arya@example.org",
           "phone": "+1 212 555 0100", "externalId": "MRN-0042"})
}

#[actix_web::test]
async fn a_patient_is_shown_as_registered() {
    let api = Api::new();
    let created = api.post("/api/v1/patients", &full()).await;
    let id = created.created();
    assert_eq!(created.header("Location"), Some(format!("/api/v1/patients/{id}").as_str()));
    let mut expected = full();
    expected["id"] = json!(id);
    expected["createdAt"] = json!("2029-12-01T09:30:00Z");
    expected["updatedAt"] = json!("2029-12-01T09:30:00Z");
    assert_eq!(created.json(), expected);
    let found = api.get(&format!("/api/v1/patients/{id}")).await;
    assert_eq!(found.ok(), expected);
    assert_eq!(found.header("ETag"), Some("\"1\""));
}

#[actix_web::test]
async fn only_a_name_is_needed() {
    let api = Api::new();
    let patient = api.post("/api/v1/patients", &json!({"firstName": "A", "lastName": "B", "email": null})).await;
    patient.created();
    for field in ["birthDate", "email", "phone", "externalId"] {
        assert_eq!(patient.json()[field], json!(null), "{field}");
    }
    api.post("/api/v1/patients", &json!({"firstName": null})).await.violates(
        400,
        "malformed-request",
        &[("/firstName", "wrong-type"), ("/lastName", "missing-field")],
    );
}

#[actix_web::test]
async fn what_is_null_is_forgotten_and_what_is_left_out_stays() {
    let api = Api::new();
    let path = format!("/api/v1/patients/{}", api.post("/api/v1/patients", &full()).await.created());
    let after = api.patch(&path, &json!({"email": null, "phone": "112"})).await;
    assert_eq!(after.header("ETag"), Some("\"2\""));
    assert_eq!(after.ok()["email"], json!(null));
    assert_eq!(after.json()["phone"], "112");
    assert_eq!(after.json()["birthDate"], "1991-04-15");
    api.patch(&path, &json!({"lastName": null, "email": 7})).await.violates(
        400,
        "malformed-request",
        &[("/lastName", "wrong-type"), ("/email", "wrong-type")],
    );
    api.patch(&path, &json!({"lastName": "", "email": "x"})).await.violates(
        422,
        "invalid-name",
        &[("/lastName", "invalid-name"), ("/email", "invalid-email")],
    );
    let stale = TestRequest::patch().uri(&path).insert_header(("If-Match", "\"1\"")).set_json(json!({}));
    api.send(stale).await.problem(412, "precondition-failed");
    assert_eq!(api.patch(&path, &json!({})).await.ok()["phone"], "112");
}

#[actix_web::test]
async fn patients_are_searched_and_their_cursors_name_nobody() {
    let api = Api::new();
    for (first, last) in [("Arya", "Stark"), ("Sansa", "Stark"), ("Theon", "Greyjoy")] {
        api.post("/api/v1/patients", &json!({"firstName": first, "lastName": last})).await.created();
    }
    let starks = api.get("/api/v1/patients?q=stark&limit=1").await.ok();
    assert_eq!(starks["items"][0]["firstName"], "Arya");
    let cursor = starks["nextCursor"].as_str().expect("a cursor");
    let decoded = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, cursor).expect("base64url");
    assert!(!String::from_utf8_lossy(&decoded).to_lowercase().contains("arya"));
    let rest = api.get(&format!("/api/v1/patients?q=stark&limit=1&cursor={cursor}")).await.ok();
    assert_eq!(rest["items"][0]["firstName"], "Sansa");
    assert_eq!(rest.get("nextCursor"), None);
}
