//! Who is not identified, and why.

use aws_lc_rs::hmac;
use doctor_booking_ports::NotIdentified;
use serde_json::{Value, json};

use super::provider::{
    AUDIENCE, EC, ED, ISSUER, Keys, NOW, PATIENT, RSA, Signer, base64, claims, message, with, without,
};
use crate::{JwtIdentities, KeySource, Options, WrongOptions};

#[track_caller]
fn refused(keys: &Keys, jwt: &str, reason: &'static str) {
    assert_eq!(keys.identify(jwt), Err(NotIdentified::Refused(reason)), "{jwt}");
}

const NOT_ONE: &str = "it is not a JWT";
const WRONG_SIGNATURE: &str = "the signature of the JWT is wrong";
const WRONG_ALGORITHM: &str = "the JWT is not signed by RS256, ES256 or EdDSA";
const UNKNOWN_KEY: &str = "the JWT is signed with a key that is not known";
const UNFIT_KEY: &str = "the JWT is signed with a key that is not for its algorithm";

#[test]
fn what_is_no_jwt_is_refused() {
    let keys = Keys::of_all_kinds();
    let jwt = ED.jwt(&claims());
    let pieces: Vec<_> = jwt.split('.').collect();
    let [head, claims, signature] = pieces[..] else { panic!("three pieces") };
    for wrong in [
        String::new(),
        "dbk_0190".to_owned(),
        ".".to_owned(),
        "..".to_owned(),
        "....".to_owned(),
        "ä.ö.ü".to_owned(),
        format!("{head}.{claims}"),
        format!(".{claims}.{signature}"),
        format!("{head}=.{claims}.{signature}"),
        format!("{}.{claims}.{signature}", base64("7")),
        format!("{}.{claims}.{signature}", base64("{\"alg\":\"EdDSA\"} x")),
        format!("{}.{claims}.{signature}", base64(b"\xff")),
        format!(" {jwt}"),
        format!("{jwt}\n"),
        format!("{jwt}.{signature}"),
        format!("{jwt}="),
        ED.sign(&json!({ "alg": "EdDSA", "kid": 7 }), &super::provider::claims()),
    ] {
        refused(&keys, &wrong, NOT_ONE);
    }
    // Signed, but no claims.
    for wrong in [json!([]), json!("x"), Value::Null] {
        refused(&keys, &ED.jwt(&wrong), "the claims of the JWT are no object");
    }
    let signed = format!("{head}.{}", base64("{"));
    let jwt = format!("{signed}.{}", base64(ED.signature(signed.as_bytes())));
    refused(&keys, &jwt, "the claims of the JWT are no object");
}

#[test]
fn what_is_too_long_is_refused_before_it_is_looked_at() {
    let keys = Keys::of_all_kinds();
    refused(&keys, &"x".repeat(8 * 1024), NOT_ONE);
    refused(&keys, &"x".repeat(8 * 1024 + 1), "the JWT is too long");
    refused(&keys, &ED.jwt(&with("much", "x".repeat(6 * 1024))), "the JWT is too long");
    keys.identify(&ED.jwt(&with("much", "x".repeat(5 * 1024)))).expect("not too long");
}

#[test]
fn a_signature_that_is_forged_truncated_or_missing_is_refused() {
    let keys = Keys::of_all_kinds();
    for (signer, forger) in [(&*RSA, Signer::rsa("rsa")), (&*EC, Signer::ec("ec")), (&*ED, Signer::ed("ed"))] {
        refused(&keys, &forger.jwt(&claims()), WRONG_SIGNATURE);

        let message = message(&signer.head(), &claims());
        let signature = signer.signature(message.as_bytes());
        for wrong in [&[][..], &signature[1..], &signature[..signature.len() - 1], &[&signature[..], &[0]].concat()] {
            refused(&keys, &format!("{message}.{}", base64(wrong)), WRONG_SIGNATURE);
        }
        let jwt = format!("{message}.{}", base64(&signature));
        for length in 0..jwt.len() {
            keys.identify(&jwt[..length]).expect_err("refused");
        }
        // The claims of one with the signature of another.
        let other = super::provider::message(&signer.head(), &with("role", "administrator"));
        refused(&keys, &format!("{other}.{}", base64(&signature)), WRONG_SIGNATURE);
    }
}

#[test]
fn a_signature_in_the_form_of_asn1_is_refused() {
    // The numbers of JWS are of fixed length (RFC 7518, 3.4); nothing is said twice in another form.
    let message = message(&EC.head(), &claims());
    let signature = EC.signature(message.as_bytes());
    let mut asn1 = vec![0x30, 0];
    for number in signature.chunks(32) {
        let padding: &[u8] = if number[0] < 0x80 { &[] } else { &[0] };
        asn1.extend([0x02, u8::try_from(padding.len() + 32).expect("short")]);
        asn1.extend(padding.iter().chain(number));
    }
    asn1[1] = u8::try_from(asn1.len() - 2).expect("short");
    refused(&Keys::of_all_kinds(), &format!("{message}.{}", base64(asn1)), WRONG_SIGNATURE);
}

#[test]
fn no_signature_and_signatures_of_shared_secrets_are_refused() {
    let keys = Keys::of_all_kinds();
    for none in ["none", "None", "NONE", ""] {
        let message = message(&json!({ "alg": none, "kid": "ed" }), &claims());
        refused(&keys, &format!("{message}."), WRONG_ALGORITHM);
    }
    // Who takes the public key for a shared secret.
    let jwk = RSA.jwk();
    let n = jwk["n"].as_str().expect("a modulus");
    for secret in [jwk.to_string(), n.to_owned(), jwk["x"].to_string(), String::new()] {
        for (name, algorithm) in
            [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
        {
            let message = message(&json!({ "alg": name, "kid": "rsa" }), &claims());
            let tag = hmac::sign(&hmac::Key::new(algorithm, secret.as_bytes()), message.as_bytes());
            refused(&keys, &format!("{message}.{}", base64(tag)), WRONG_ALGORITHM);
        }
    }
    for other in ["RS384", "RS512", "PS256", "ES384", "ES256K", "Ed25519", "rs256", "RS256 ", "HS256"] {
        refused(&keys, &RSA.sign(&json!({ "alg": other, "kid": "rsa" }), &claims()), WRONG_ALGORITHM);
    }
    for head in [json!({}), json!({ "kid": "rsa" }), json!({ "alg": ["RS256"] }), json!({ "alg": null })] {
        refused(&keys, &RSA.sign(&head, &claims()), WRONG_ALGORITHM);
    }
}

#[test]
fn a_symmetric_key_in_the_set_signs_nothing() {
    let oct = json!({ "kty": "oct", "kid": "oct", "k": base64("sesame"), "alg": "HS256" });
    let keys = Keys::new(&[oct, ED.jwk()]);
    for algorithm in ["HS256", "RS256"] {
        let message = message(&json!({ "alg": algorithm, "kid": "oct" }), &claims());
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"sesame"), message.as_bytes());
        let reason = if algorithm == "HS256" { WRONG_ALGORITHM } else { UNKNOWN_KEY };
        refused(&keys, &format!("{message}.{}", base64(tag)), reason);
    }
}

#[test]
fn a_key_signs_only_by_its_own_algorithm_and_under_its_own_name() {
    let keys = Keys::of_all_kinds();
    let all = [&*RSA, &*EC, &*ED];
    for signer in all {
        for other in all.into_iter().filter(|other| other.id != signer.id) {
            // By its own algorithm, with the name of another.
            let head = json!({ "alg": signer.algorithm(), "kid": other.id });
            refused(&keys, &signer.sign(&head, &claims()), UNFIT_KEY);
            // By the algorithm of another, with its own name.
            let head = json!({ "alg": other.algorithm(), "kid": signer.id });
            refused(&keys, &signer.sign(&head, &claims()), UNFIT_KEY);
            // As if it were another.
            refused(&keys, &signer.sign(&other.head(), &claims()), WRONG_SIGNATURE);
        }
    }
    // One of the same kind.
    let (one, two) = (Signer::ec("one"), Signer::ec("two"));
    let keys = Keys::new(&[one.jwk(), two.jwk()]);
    refused(&keys, &one.sign(&two.head(), &claims()), WRONG_SIGNATURE);
    refused(&keys, &one.sign(&json!({ "alg": "ES256", "kid": "three" }), &claims()), UNKNOWN_KEY);
    let nameless = one.sign(&json!({ "alg": "ES256" }), &claims());
    refused(&keys, &nameless, "the JWT does not say with which key it is signed");
    refused(&keys, &RSA.sign(&json!({ "alg": "RS256" }), &claims()), UNKNOWN_KEY);
}

#[test]
fn two_keys_of_one_name_and_kind_are_none() {
    let (one, two) = (Signer::ec("one"), Signer::ec("one"));
    let keys = Keys::new(&[one.jwk(), two.jwk()]);
    refused(&keys, &one.jwt(&claims()), "the JWT does not say with which key it is signed");
}

#[test]
fn a_key_that_says_that_it_is_for_something_else_is_not_used() {
    for (name, value) in [
        ("use", json!("enc")),
        ("use", json!(7)),
        ("alg", json!("PS256")),
        ("alg", json!("RSA-OAEP")),
        ("alg", json!("ES256")),
        ("alg", json!(null)),
        ("key_ops", json!(["encrypt"])),
        ("key_ops", json!("verify")),
        ("kid", json!(["rsa"])),
        ("kty", json!("EC")),
        ("kty", json!("oct")),
        ("crv", json!("P-256")),
        ("n", json!("")),
        ("n", json!("AAAA")),
        ("n", json!("no Base64")),
        ("e", json!(65537)),
    ] {
        let mut jwk = RSA.jwk();
        jwk[name] = value;
        refused(&Keys::new(&[jwk]), &RSA.jwt(&claims()), UNKNOWN_KEY);
    }
    for (signer, name, value) in [
        (&*EC, "crv", json!("P-384")),
        (&*EC, "crv", json!("secp256k1")),
        (&*EC, "crv", json!(null)),
        (&*EC, "x", json!(base64([1; 31]))),
        (&*EC, "y", json!(base64([1; 33]))),
        (&*ED, "crv", json!("Ed448")),
        (&*ED, "crv", json!("X25519")),
        (&*ED, "x", json!(base64([1; 57]))),
        (&*ED, "kty", json!("EC")),
    ] {
        let mut jwk = signer.jwk();
        jwk[name] = value;
        refused(&Keys::new(&[jwk]), &signer.jwt(&claims()), UNKNOWN_KEY);
    }
    // A point that is not on the curve.
    let mut jwk = EC.jwk();
    jwk["y"] = base64([1; 32]).into();
    refused(&Keys::new(&[jwk]), &EC.jwt(&claims()), WRONG_SIGNATURE);
}

/// Made for this test, with a key of 1024 bits that nobody has any longer.
const SHORT: (&str, &str) = (
    "tVXmDswPieIyjbo3XpL0rV8Ie00_K1b3X_SKjNDNlMv4hFn2bTuAhgwdoen4AxKXp-nOl1OMWXCvGUhKXqAp3jvkBQSYgwyJijmUDhaU9jMdRya4\
     j3xVPNXtGt69LtFI-lv11YkRmTKPbpwmL1bzV4j9_eCKlyMJOCaVSXrwQGs",
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InNob3J0In0.eyJpc3MiOiAiaHR0cHM6Ly9pZC5leGFtcGxlLyIsICJhdWQiOiAiZG9jdG9yLWJvb2tpbmci\
     LCAic3ViIjogIjAxOTBmMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwNyIsICJyb2xlIjogInBhdGllbnQiLCAiZXhwIjogMTg5Mzk5OTYw\
     MH0.Kd86SVn2_TZGvJ6XcfZsdYufqOB_17vJyrMI0hw251qgwpPrlZxCMT65DQm47biF8jwUR5hq-e4VnZTRDOtLn3VuecEZu7FXZuLjk6_16khD\
     3TVLb7MCyJcWuPuvA1JSZ7Lnfn1awupjMVUVpO_CLJE6Y7YbmVM-uVhMNH6rlH4",
);

#[test]
fn a_short_rsa_key_is_not_used() {
    let (n, jwt) = SHORT;
    let jwk = |n: &str| json!({ "kty": "RSA", "kid": "short", "n": n, "e": "AQAB" });
    refused(&Keys::new(&[jwk(n)]), jwt, UNKNOWN_KEY);
    // Nor does it become longer by zeros, or by one bit too few.
    let mut long = vec![0; 256];
    long[255] = 7;
    refused(&Keys::new(&[jwk(&base64(&long))]), jwt, UNKNOWN_KEY);
    long[0] = 0x7f;
    refused(&Keys::new(&[jwk(&base64(&long))]), jwt, UNKNOWN_KEY);
    long[0] = 0x80;
    refused(&Keys::new(&[jwk(&base64(&long))]), jwt, WRONG_SIGNATURE);
}

#[test]
fn a_key_that_comes_along_with_the_jwt_is_not_used() {
    let keys = Keys::of_all_kinds();
    let own = Signer::ec("own");
    let mut head = own.head();
    head["jwk"] = own.jwk();
    head["jku"] = "http://127.0.0.1:1/jwks".into();
    head["x5u"] = "http://127.0.0.1:1/x5u".into();
    refused(&keys, &own.sign(&head, &claims()), UNKNOWN_KEY);
    head["kid"] = "ec".into();
    refused(&keys, &own.sign(&head, &claims()), WRONG_SIGNATURE);
}

#[test]
fn critical_extensions_are_refused() {
    let keys = Keys::of_all_kinds();
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!(null)] {
        let mut head = ED.head();
        head["crit"] = crit;
        head["b64"] = false.into();
        refused(&keys, &ED.sign(&head, &claims()), "the JWT has critical extensions");
    }
}

#[test]
fn another_issuers_jwt_is_refused() {
    let keys = Keys::of_all_kinds();
    let others = [json!("https://id.example"), json!("https://ID.example/"), json!(""), json!([ISSUER]), json!(null)];
    for wrong in others.into_iter().map(|issuer| with("iss", issuer)).chain([without("iss")]) {
        refused(&keys, &ED.jwt(&wrong), "the JWT is another issuer's");
    }
}

#[test]
fn a_jwt_for_another_audience_or_none_is_refused() {
    let keys = Keys::of_all_kinds();
    let others =
        [json!("account"), json!(["account"]), json!([]), json!([[AUDIENCE]]), json!({ AUDIENCE: 1 }), json!(null)];
    for wrong in others.into_iter().map(|audience| with("aud", audience)).chain([without("aud")]) {
        refused(&keys, &ED.jwt(&wrong), "the JWT is for another audience");
    }
}

#[test]
fn a_jwt_that_is_over_or_to_come_is_refused() {
    let keys = Keys::of_all_kinds();
    for exp in [json!(NOW - 60), json!(NOW - 61), json!(1_893_995_939.5), json!(0), json!(-1), json!(-1e300)] {
        refused(&keys, &ED.jwt(&with("exp", exp)), "the JWT has expired");
    }
    for wrong in [without("exp"), with("exp", "2030-01-07"), with("exp", (NOW + 60).to_string()), with("exp", ())] {
        refused(&keys, &ED.jwt(&wrong), "the JWT never expires");
    }
    for name in ["nbf", "iat"] {
        for to_come in [json!(NOW + 61), json!(1_893_996_060.5), json!(u64::MAX), json!("0"), json!(null)] {
            refused(&keys, &ED.jwt(&with(name, to_come)), "the JWT does not hold yet");
        }
    }
}

#[test]
fn no_role_an_unknown_one_and_more_than_one_are_refused() {
    let keys = Keys::of_all_kinds();
    let unknown = [
        json!("nobody"),
        json!("Patient"),
        json!(" patient"),
        json!("patient doctor"),
        json!(""),
        json!([]),
        json!(["offline_access"]),
        json!(["patient", 7]),
        json!([["patient"]]),
        json!({ "patient": true }),
        json!(true),
        json!(null),
    ];
    for wrong in unknown.into_iter().map(|role| with("role", role)).chain([without("role")]) {
        refused(&keys, &ED.jwt(&wrong), "the JWT has no role that is known");
    }
    for two in [json!(["patient", "doctor"]), json!(["x", "administrator", "front-desk"]), json!(["doctor", "doctor"])]
    {
        refused(&keys, &ED.jwt(&with("role", two)), "the JWT has more than one role");
    }
    // Not there, although there is one elsewhere.
    let keys = Keys::with(&[ED.jwk()], |options| options.role_claim = "/realm_access/roles".to_owned());
    refused(&keys, &ED.jwt(&claims()), "the JWT has no role that is known");
    refused(&keys, &ED.jwt(&with("/realm_access/roles", "patient")), "the JWT has no role that is known");
}

#[test]
fn patients_and_doctors_are_called_by_their_ids() {
    let keys = Keys::of_all_kinds();
    let simple = PATIENT.replace('-', "");
    for role in ["patient", "doctor"] {
        for subject in [
            "",
            "7",
            "jane",
            &simple,
            &format!("{{{PATIENT}}}"),
            &format!("urn:uuid:{PATIENT}"),
            &PATIENT.replace('f', "g"),
        ] {
            let mut claims = with("sub", subject);
            claims["role"] = role.into();
            refused(&keys, &ED.jwt(&claims), "the subject of the JWT is no UUID");
        }
    }
}

#[test]
fn a_subject_that_cannot_be_kept_is_refused() {
    let keys = Keys::of_all_kinds();
    for subject in ["", "a\nb", "a\0", &"ö".repeat(256)] {
        let mut claims = with("sub", subject);
        claims["role"] = "administrator".into();
        refused(&keys, &ED.jwt(&claims), "the subject of the JWT is empty, too long or no text");
    }
    for wrong in [without("sub"), with("sub", 7), with("sub", json!([PATIENT])), with("sub", ())] {
        refused(&keys, &ED.jwt(&wrong), "the JWT has no subject");
    }
}

#[test]
fn options_that_would_fit_whatever_says_nothing_are_wrong() {
    let right = Options::new(KeySource::File("keys.json".into()), ISSUER);
    let wrong = |set: &dyn Fn(&mut Options)| {
        let mut options = right.clone();
        set(&mut options);
        JwtIdentities::new(options).expect_err("wrong")
    };
    assert_eq!(wrong(&|options| options.issuer.clear()), WrongOptions::Empty("issuer"));
    assert_eq!(wrong(&|options| options.audience = Some(String::new())), WrongOptions::Empty("audience"));
    assert_eq!(wrong(&|options| options.role_claim.clear()), WrongOptions::Empty("claim with the role"));
    assert_eq!(wrong(&|options| options.subject_claim.clear()), WrongOptions::Empty("claim with the subject"));
    let error = wrong(&|options| options.keys = KeySource::Url("http://id.example/jwks?key=sesame".to_owned()));
    assert!(error.to_string().contains("id.example") && !error.to_string().contains("sesame"), "{error}");
}
