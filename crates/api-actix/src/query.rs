//! Query parameters: every one known, given once, and read as what it should be.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use doctor_booking_application::Limit;
use doctor_booking_domain::DateRange;

use crate::code::Code;
use crate::problem::Problem;
use crate::values::{FromText, one_of};
use crate::violations::{Read, Violations};

/// The query parameters of a request, not all of them read yet.
pub(crate) struct Params {
    unread: Vec<(String, String)>,
    pub(crate) violations: Violations,
}

/// What an operation takes from the query.
pub(crate) trait FromQuery: Sized {
    /// Reads every parameter there is; what is left over is unknown.
    fn read(params: &mut Params) -> Read<Self>;
}

/// The query of a request, read as `T`.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: FromQuery> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

/// Nothing: an operation without query parameters.
pub(crate) struct Nothing;

/// The empty query of an operation without query parameters.
pub(crate) type NoQuery = Query<Nothing>;

impl FromQuery for Nothing {
    fn read(_: &mut Params) -> Read<Self> {
        Some(Self)
    }
}

fn parse<T: FromQuery>(query: &str) -> Result<T, Problem> {
    let mut params = Params { unread: vec![], violations: Violations::default() };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (decode(name), decode(value)) {
            (Some(name), Some(value)) => params.unread.push((name, value)),
            (name, _) => {
                let pointer = name.map_or_else(String::new, |name| pointer(&name));
                params.violations.add(pointer, Code::MalformedRequest, "must be UTF-8 without NUL, percent-encoded");
            }
        }
    }
    let read = T::read(&mut params);
    let Params { unread, mut violations } = params;
    let mut names: Vec<_> = unread.into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        violations.add(pointer(&name), Code::UnknownParameter, "there is no such query parameter here");
    }
    violations.finish(|| read)
}

/// The pointer to the parameter of this name (RFC 6901, section 3).
pub(crate) fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Text out of a query (`application/x-www-form-urlencoded`).
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok().filter(|text| !text.contains('\0'))
}

impl Params {
    /// The text of a parameter, if it was given.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let given: Vec<_> = self.unread.extract_if(.., |(given, _)| given == name).map(|(_, value)| value).collect();
        if given.len() > 1 {
            self.violations.add(pointer(name), Code::RepeatedParameter, "may be given once only");
        }
        given.into_iter().next()
    }

    /// The value of a parameter, if it was given.
    pub(crate) fn optional<T: FromText>(&mut self, name: &str) -> Read<Option<T>> {
        let text = self.take(name);
        self.violations.optional(&pointer(name), text.as_deref())
    }

    /// The value of a parameter that has to be given.
    pub(crate) fn required<T: FromText>(&mut self, name: &str) -> Read<T> {
        let value = self.optional(name)?;
        if value.is_none() {
            self.violations.add(pointer(name), Code::MissingParameter, "is missing");
        }
        value
    }

    /// The values of a parameter that may be given up to `most` times.
    pub(crate) fn many<T: FromText>(&mut self, name: &str, most: usize) -> Read<Vec<T>> {
        let given: Vec<_> = self.unread.extract_if(.., |(given, _)| given == name).map(|(_, value)| value).collect();
        if given.len() > most {
            self.violations.add(pointer(name), Code::RepeatedParameter, format!("may be given up to {most} times"));
            return None;
        }
        let values: Vec<_> = given.iter().map(|text| self.violations.text(pointer(name), text)).collect();
        values.into_iter().collect()
    }

    /// The dates from one parameter to another, both needed, both inclusive, and at most so many.
    pub(crate) fn dates(&mut self, most: u64) -> Read<DateRange> {
        let from = self.required("from");
        let to = self.required("to");
        self.violations.range(from?, to?, most)
    }

    /// One of several values that have names.
    pub(crate) fn one_of<T: Copy>(&mut self, name: &str, values: &[(&str, T)], wrong: Code) -> Read<Option<T>> {
        let Some(text) = self.take(name) else { return Some(None) };
        self.violations.check(pointer(name), one_of(values, &text, wrong)).map(Some)
    }

    /// Whether something is wanted.
    pub(crate) fn flag(&mut self, name: &str) -> Read<Option<bool>> {
        self.one_of(name, &[("true", true), ("false", false)], Code::WrongType)
    }

    /// How many items a page should have.
    pub(crate) fn limit(&mut self) -> Read<Limit> {
        let Some(text) = self.take("limit") else { return Some(Limit::default()) };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.violations.add("/limit", Code::WrongType, "must be a whole number");
            return None;
        }
        let limit = text.parse().ok().and_then(|limit| Limit::new(limit).ok());
        if limit.is_none() {
            self.violations.add("/limit", Code::InvalidLimit, doctor_booking_application::LimitOutOfRange.to_string());
        }
        limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_and_nothing_else_gets_through() {
        assert_eq!(decode("J%C3%B6n+Sn%6fw").as_deref(), Some("Jön Snow"));
        for broken in ["%", "%4", "%zz", "%+1", "%ff", "a%00b"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
