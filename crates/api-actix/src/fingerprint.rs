//! What a request asked for, as a digest: whether the same key comes with the same request.

use actix_web::HttpRequest;
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

use crate::query;

/// The digest of what was asked for: method, path, query and body. Parameters count in any order, and bodies as JSON
/// values: fields in any order, white space as it likes, and 60.0 as 60.
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Of all but the body.
    pub(crate) fn of_head(request: &HttpRequest) -> Self {
        let mut digest = Self(Sha256::new());
        digest.part(request.method().as_str());
        digest.part(request.path());
        let given = request.query_string().split('&').filter(|pair| !pair.is_empty());
        let mut pairs: Vec<_> = given.map(|pair| query::decode(pair).unwrap_or_else(|| pair.to_owned())).collect();
        pairs.sort_unstable();
        digest.part(&pairs.len().to_string());
        for pair in &pairs {
            digest.part(pair);
        }
        digest
    }

    /// Of all of it.
    pub(crate) fn with_body(mut self, body: &[u8]) -> [u8; 32] {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut canonical = String::new();
        write(&value, &mut canonical);
        self.part(&canonical);
        self.0.finalize().into()
    }

    /// A part, with its length, so that no two requests run together into the same.
    fn part(&mut self, text: &str) {
        self.0.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(text);
    }
}

/// The value in the one way to write it.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (name, value) in fields {
                write(&Value::from(name.as_str()), out);
                out.push(':');
                write(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Number(number) => out.push_str(&whole(number).unwrap_or_else(|| number.to_string())),
        other => out.push_str(&other.to_string()),
    }
}

/// The number as a whole one, where a fraction of zero is all that keeps it from looking like one.
fn whole(number: &Number) -> Option<String> {
    /// Beyond this, not every whole number has a float of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT)?;
    // There is no minus zero among whole numbers.
    Some(if float == 0.0 { "0".to_owned() } else { format!("{float:.0}") })
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test::TestRequest;

    use super::*;

    fn of(method: Method, uri: &str, body: &str) -> [u8; 32] {
        let request = TestRequest::default().method(method).uri(uri).to_http_request();
        Fingerprint::of_head(&request).with_body(body.as_bytes())
    }

    fn posted(uri: &str, body: &str) -> [u8; 32] {
        of(Method::POST, uri, body)
    }

    #[test]
    fn the_same_values_are_the_same_request_however_they_are_written() {
        let one = posted("/a?x=1&y=a+b", r#"{"a":60,"b":[1,{"c":"é","d":null}],"e":0.5}"#);
        let same = posted("/a?y=a%20b&x=1", r#" { "e" : 5e-1, "b": [1.0, {"d":null, "c":"\u00e9"}], "a":6e1 } "#);
        assert_eq!(one, same);
        assert_eq!(posted("/a", "-0.0"), posted("/a", "0"));
    }

    #[test]
    fn whatever_else_differs_makes_another_request() {
        let one = posted("/a?x=1", r#"{"a":[1,2],"b":"1"}"#);
        for other in [
            of(Method::PUT, "/a?x=1", r#"{"a":[1,2],"b":"1"}"#),
            posted("/b?x=1", r#"{"a":[1,2],"b":"1"}"#),
            posted("/a?x=2", r#"{"a":[1,2],"b":"1"}"#),
            posted("/a", r#"{"a":[1,2],"b":"1"}"#),
            posted("/a?x=1", r#"{"a":[2,1],"b":"1"}"#),
            posted("/a?x=1", r#"{"a":[1,2],"b":1}"#),
            posted("/a?x=1", r#"{"a":[1,2]}"#),
            posted("/a?x=1", r#"{"a":[[1],2],"b":"1"}"#),
            posted("/a?x=1", r#"{"a":[1.5,2],"b":"1"}"#),
        ] {
            assert_ne!(one, other);
        }
        assert_ne!(posted("/a?x=1", "1"), posted("/a", "1"));
        assert_ne!(posted("/a", "9007199254740993"), posted("/a", "9007199254740992"));
    }
}
