//! Who is identified, and as whom.

use doctor_booking_domain::Role;
use doctor_booking_ports::Identity;
use serde_json::{Value, json};

use super::provider::{AUDIENCE, EC, ED, ISSUER, Keys, NOW, PATIENT, RSA, claims, with, without};

fn patient() -> Identity {
    Identity {
        issuer: ISSUER.to_owned(),
        subject: PATIENT.to_owned(),
        role: Role::Patient(PATIENT.parse().expect("an id")),
    }
}

#[test]
fn whoever_a_key_of_each_kind_has_signed_for_is_identified() {
    let keys = Keys::of_all_kinds();
    for signer in [&*RSA, &*EC, &*ED] {
        assert_eq!(keys.identify(&signer.jwt(&claims())), Ok(patient()), "{}", signer.id);
    }
}

#[test]
fn a_jwt_that_names_no_key_is_signed_with_the_only_one_that_fits() {
    let keys = Keys::of_all_kinds();
    for signer in [&*RSA, &*EC, &*ED] {
        let jwt = signer.sign(&json!({ "alg": signer.algorithm() }), &claims());
        assert_eq!(keys.identify(&jwt), Ok(patient()), "{}", signer.id);
    }
    // And one without a name will do.
    let mut nameless = EC.jwk();
    nameless.as_object_mut().expect("an object").remove("kid");
    let jwt = EC.sign(&json!({ "alg": "ES256" }), &claims());
    assert_eq!(Keys::new(&[nameless, ED.jwk()]).identify(&jwt), Ok(patient()));
}

#[test]
fn what_a_key_does_not_say_forbids_nothing() {
    for name in ["alg", "use"] {
        let mut jwk = RSA.jwk();
        jwk.as_object_mut().expect("an object").remove(name).expect("it was there");
        assert_eq!(Keys::new(&[jwk]).identify(&RSA.jwt(&claims())), Ok(patient()), "{name}");
    }
    let mut jwk = EC.jwk();
    jwk["key_ops"] = json!(["verify"]);
    jwk["x5t"] = "whatever".into();
    assert_eq!(Keys::new(&[jwk]).identify(&EC.jwt(&claims())), Ok(patient()));
}

#[test]
fn keys_that_are_not_for_us_are_passed_over() {
    let odd = [json!({ "kty": "oct", "k": "c2VzYW1l" }), json!({ "kty": "EC", "crv": "P-384" }), json!(7), Value::Null];
    let keys: Vec<Value> = odd.into_iter().chain([ED.jwk()]).collect();
    assert_eq!(Keys::new(&keys).identify(&ED.jwt(&claims())), Ok(patient()));
}

#[test]
fn times_hold_give_or_take_a_minute() {
    let keys = Keys::of_all_kinds();
    for fine in [
        with("exp", NOW - 59),
        with("exp", json!(1_893_995_940.5)), // 59.5 s ago
        with("exp", i64::MAX),
        with("exp", 1e300),
        with("nbf", NOW + 60),
        with("iat", NOW + 60),
        with("iat", -1),
        without("nbf"),
        without("iat"),
    ] {
        assert_eq!(keys.identify(&ED.jwt(&fine)), Ok(patient()), "{fine}");
    }
}

#[test]
fn an_audience_may_be_among_others_or_of_no_interest() {
    let keys = Keys::of_all_kinds();
    for audience in [json!(AUDIENCE), json!([AUDIENCE]), json!(["account", AUDIENCE])] {
        assert_eq!(keys.identify(&ED.jwt(&with("aud", audience))), Ok(patient()));
    }
    let keys = Keys::with(&[ED.jwk()], |options| options.audience = None);
    for fine in [without("aud"), with("aud", "account"), claims()] {
        assert_eq!(keys.identify(&ED.jwt(&fine)), Ok(patient()));
    }
}

#[test]
fn a_role_may_be_among_others_that_are_not_known() {
    let keys = Keys::of_all_kinds();
    for (roles, role) in [
        (json!("administrator"), Role::Administrator),
        (json!(["front-desk"]), Role::FrontDesk),
        (json!(["offline_access", "doctor", "Patient"]), Role::Doctor(PATIENT.parse().expect("an id"))),
        (json!(["patient", "uma_authorization"]), Role::Patient(PATIENT.parse().expect("an id"))),
    ] {
        let identity = keys.identify(&ED.jwt(&with("role", roles))).expect("identified");
        assert_eq!((identity.role, identity.subject.as_str()), (role, PATIENT));
    }
}

#[test]
fn staff_may_be_called_anything() {
    let keys = Keys::of_all_kinds();
    for subject in ["7", "front.desk@id.example", "auth0|0190", "Zoë", &"ö".repeat(255)] {
        let mut claims = with("sub", subject);
        claims["role"] = "front-desk".into();
        let identity = keys.identify(&ED.jwt(&claims)).expect("identified");
        assert_eq!((identity.subject.as_str(), identity.role), (subject, Role::FrontDesk));
    }
}

#[test]
fn claims_are_found_by_name_and_by_pointer() {
    let keys = Keys::with(&[ED.jwk()], |options| {
        options.role_claim = "/realm_access/roles".to_owned();
        options.subject_claim = "https://id.example/patient".to_owned();
    });
    let mut claims = with("realm_access", json!({ "roles": ["offline_access", "patient"] }));
    claims["role"] = "administrator".into();
    claims["sub"] = "somebody".into();
    claims["https://id.example/patient"] = PATIENT.into();
    assert_eq!(keys.identify(&ED.jwt(&claims)), Ok(patient()));

    let keys = Keys::with(&[ED.jwk()], |options| options.role_claim = "/a~1b/1/c~0d".to_owned());
    let claims = with("a/b", json!(["x", { "c~d": "patient" }]));
    assert_eq!(keys.identify(&ED.jwt(&claims)), Ok(patient()));
}
