//! The OpenAPI document is the one that is committed, and says what the routes do.

#[path = "api/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod support;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use doctor_booking_api_actix::{Code, openapi_json};
use serde_json::Value;

use support::Api;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
const METHODS: [&str; 8] = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

fn document() -> Value {
    serde_json::from_str(&openapi_json()).expect("JSON")
}

/// Every path, and what it documents.
fn paths(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document["paths"].as_object().expect("paths").iter()
}

/// Every operation with its path and method.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    paths(document).flat_map(|(path, item)| {
        let item = item.as_object().expect("operations");
        item.iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

#[test]
fn the_committed_openapi_json_is_the_one_that_is_served() {
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(COMMITTED, openapi_json()).expect("openapi.json can be written");
    }
    let committed = std::fs::read_to_string(COMMITTED).expect("openapi.json can be read");
    assert!(committed == openapi_json(), "openapi.json is out of date: UPDATE_OPENAPI=1 cargo test writes it anew");
}

#[actix_web::test]
async fn every_documented_operation_is_routed_and_every_other_method_is_not_allowed() {
    let api = Api::new();
    let document = document();
    for (path, item) in paths(&document) {
        let place = path
            .replace("{effectiveFrom}", "2030-01-01")
            .replace("{date}", "2030-01-01")
            .replace("{doctorId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{timeOffId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{closureId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{visitTypeId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{holdId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{patientId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{bookingId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{waitingId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{webhookId}", "01900000-0000-7000-8000-00000000ffff")
            .replace("{tokenId}", "01900000-0000-7000-8000-00000000ffff");
        let mut allow: Vec<_> =
            item.as_object().expect("operations").keys().map(|method| method.to_uppercase()).collect();
        if allow.iter().any(|method| method == "GET") {
            allow.push("HEAD".to_owned());
        }
        allow.sort_unstable();
        for method in METHODS.map(str::to_uppercase) {
            let request =
                TestRequest::default().uri(&place).method(Method::from_bytes(method.as_bytes()).expect("a method"));
            let answer = api.send(request).await;
            if allow.contains(&method) {
                assert_ne!(answer.status, 405, "{method} {path}");
                if answer.status == 404 {
                    assert_ne!(answer.json()["detail"], nowhere(&api).await, "{method} {path} is not routed");
                }
            } else {
                answer.problem(405, "method-not-allowed");
                let mut allowed: Vec<_> = answer.header("Allow").expect("Allow").split(", ").collect();
                allowed.sort_unstable();
                assert_eq!(allowed, allow, "{path}");
            }
        }
    }
}

/// What is said of a path that leads nowhere.
async fn nowhere(api: &Api) -> Value {
    api.get("/api/v1/nowhere").await.problem(404, "not-found")["detail"].clone()
}

#[test]
fn every_operation_is_documented_in_full() {
    let document = document();
    let mut ids = Vec::new();
    for (path, method, operation) in operations(&document) {
        let name = format!("{method} {path}");
        ids.push(operation["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no operationId")));
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name} has no summary");
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}");
        let responses = operation["responses"].as_object().expect("responses");
        let has_body = operation.get("requestBody").is_some();
        for (status, needed) in [("400", true), ("500", true), ("413", has_body), ("415", has_body)] {
            assert_eq!(responses.contains_key(status), needed, "{name} {status}");
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let needs_body = has_body && schema["$ref"] != "#/components/schemas/NoBody";
        assert_eq!(operation["requestBody"]["required"].as_bool().unwrap_or_default(), needs_body, "{name}");
        for (status, response) in responses {
            assert!(response["headers"]["X-Request-Id"].is_object(), "{name} {status}");
            let kind = if status.starts_with('2') { "application/json" } else { "application/problem+json" };
            let kind = match (path, status.as_str()) {
                ("/metrics", "200") => "text/plain",
                ("/api/v1/events", "200") => "text/event-stream",
                _ => kind,
            };
            let is_empty = status == "204" && response.get("content").is_none();
            assert!(is_empty || response["content"][kind]["schema"].is_object(), "{name} {status} has no {kind}");
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an operationId stands twice");
}

#[test]
fn every_code_is_documented_with_its_status() {
    let document = document();
    let entries = ["wrong-type", "unknown-field", "missing-field", "repeated-field", "unknown-parameter"];
    let entries = [
        &entries[..],
        &["missing-parameter", "repeated-parameter", "conflicting-parameters", "conflicting-fields", "unknown-value"],
    ]
    .concat();
    for code in
        Code::ALL.iter().filter(|code| !entries.contains(&code.as_str()) && code.as_str() != "method-not-allowed")
    {
        let status = code.status().as_u16().to_string();
        let documented = operations(&document).any(|(_, _, operation)| {
            let response = &operation["responses"][&status]["content"]["application/problem+json"];
            let example =
                response["examples"][code.as_str()]["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
            example
                .and_then(|place| document.pointer(place))
                .is_some_and(|example| example["value"]["status"] == code.status().as_u16())
        });
        assert!(documented, "{}", code.as_str());
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_example_fits_its_schema() {
    let document = document();
    let mut missing = Vec::new();
    walk(&document, &mut |value| {
        if let Some(reference) = value["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').unwrap_or(reference);
            if document.pointer(pointer).is_none() {
                missing.push(reference.to_owned());
            }
        }
    });
    assert_eq!(missing, Vec::<String>::new());

    let fits = |schema: &Value, example: &Value| {
        let mut schema = schema.clone();
        schema["components"] = document["components"].clone();
        let validator =
            jsonschema::draft202012::options().should_validate_formats(true).build(&schema).expect("a schema");
        validator.iter_errors(example).map(|error| error.to_string()).collect::<Vec<_>>()
    };
    let mut count = 0;
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        for example in schema["examples"].as_array().into_iter().flatten() {
            count += 1;
            assert_eq!(fits(schema, example), Vec::<String>::new(), "{name}: {example}");
        }
    }
    walk(&document["paths"], &mut |value| {
        for example in value["examples"].as_object().into_iter().flat_map(|examples| examples.values()) {
            count += 1;
            let place = example["$ref"].as_str().and_then(|place| place.strip_prefix('#'));
            let example = place.and_then(|place| document.pointer(place)).unwrap_or(example);
            assert_eq!(fits(&value["schema"], &example["value"]), Vec::<String>::new(), "{example}");
        }
    });
    assert!(count > 100, "{count} examples");
}

fn walk(value: &Value, visit: &mut impl FnMut(&Value)) {
    visit(value);
    match value {
        Value::Object(fields) => fields.values().for_each(|value| walk(value, visit)),
        Value::Array(items) => items.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}
