//! Whatever somebody brings.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::provider::{EC, ED, Keys, RSA, Signer, base64, claims};

static KEYS: LazyLock<Keys> = LazyLock::new(Keys::of_all_kinds);
/// One of each kind, with how long its head is.
static JWTS: LazyLock<[String; 3]> = LazyLock::new(|| [&*RSA, &*EC, &*ED].map(|signer: &Signer| signer.jwt(&claims())));

/// Bytes that are somewhat like JSON.
fn almost_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(":".to_owned()),
        Just(",".to_owned()),
        Just("\"alg\"".to_owned()),
        Just("\"EdDSA\"".to_owned()),
        Just("\"kid\"".to_owned()),
        Just("\"ed\"".to_owned()),
        Just("\"exp\"".to_owned()),
        Just("1e999".to_owned()),
        "\\PC{0,8}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_is_believed_or_makes_it_panic(text in any::<String>()) {
        prop_assert!(KEYS.identify(&text).is_err());
    }

    #[test]
    fn no_three_pieces_are_believed_or_make_it_panic(
        head in almost_json(),
        claims in almost_json(),
        signature in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let jwt = format!("{}.{}.{}", base64(head), base64(claims), base64(signature));
        prop_assert!(KEYS.identify(&jwt).is_err());
    }

    #[test]
    fn no_claims_make_it_panic_even_if_they_are_signed(claims in almost_json()) {
        let message = format!("{}.{}", base64(ED.head().to_string()), base64(claims));
        let jwt = format!("{message}.{}", base64(ED.signature(message.as_bytes())));
        prop_assert!(KEYS.identify(&jwt).is_err());
    }

    #[test]
    fn no_numbers_make_it_panic(exp in any::<f64>(), nbf in any::<i64>(), iat in any::<u64>()) {
        let mut claims = claims();
        claims["exp"] = json!(exp);
        claims["nbf"] = json!(nbf);
        claims["iat"] = json!(iat);
        let _ = KEYS.identify(&ED.jwt(&claims));
    }

    #[test]
    fn no_keys_make_it_panic(jwks in almost_json(), kty in "RSA|EC|OKP", n in "[A-Za-z0-9_-]{0,400}") {
        let _ = crate::key::KeySet::parse(jwks.as_bytes());
        let jwk = json!({ "kty": kty, "n": n, "e": n, "x": n, "y": n, "kid": "rsa" });
        prop_assert!(Keys::new(&[jwk]).identify(&JWTS[0]).is_err());
    }

    #[test]
    fn a_jwt_of_which_one_byte_is_another_is_refused(
        which in 0..JWTS.len(), place in any::<prop::sample::Index>(), byte in 0..128_u8,
    ) {
        let mut jwt = JWTS[which].clone().into_bytes();
        let place = place.index(jwt.len());
        prop_assume!(jwt[place] != byte);
        jwt[place] = byte;
        prop_assert!(KEYS.identify(std::str::from_utf8(&jwt).expect("ASCII")).is_err());
    }
}

#[test]
fn every_jwt_of_which_one_bit_is_another_is_refused() {
    for jwt in &*JWTS {
        KEYS.identify(jwt).expect("it is fine as it is");
        for place in 0..jwt.len() {
            for bit in 0..7 {
                let mut changed = jwt.clone().into_bytes();
                changed[place] ^= 1 << bit;
                let changed = String::from_utf8(changed).expect("ASCII");
                assert!(KEYS.identify(&changed).is_err(), "bit {bit} of byte {place}");
            }
        }
    }
}
