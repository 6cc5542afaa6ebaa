//! Which revision of a thing a client has seen: `ETag` and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use doctor_booking_domain::Revision;

use crate::code::Code;
use crate::problem::Problem;

/// As many tags as anyone needs; each may cost a look into the store.
const MOST_TAGS: usize = 16;
/// A revision that nothing has: what a tag that is not ours stands for.
const NONE: Revision = Revision::from_number(0);

/// The tag of a thing at this revision.
pub(crate) fn etag(revision: Revision) -> String {
    format!("\"{revision}\"")
}

/// At which revisions a change is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// At any.
    Any,
    /// At one of these; the first, and others.
    OneOf(Revision, Vec<Revision>),
}

impl IfMatch {
    /// Calls for a change at each of the revisions, until it is not refused because the thing has another one.
    pub(crate) fn attempt<T, E>(
        &self,
        call: impl Fn(Option<Revision>) -> Result<T, E>,
        has_another: impl Fn(&E) -> bool,
    ) -> Result<T, E> {
        let Self::OneOf(first, others) = self else { return call(None) };
        let mut answer = call(Some(*first));
        for other in others {
            match &answer {
                Err(error) if has_another(error) => answer = call(Some(*other)),
                _ => break,
            }
        }
        answer
    }

    /// Whether a change is wanted of a thing that has this revision, now and for ever.
    pub(crate) fn includes(&self, revision: Revision) -> Result<(), Problem> {
        let is_wanted = match self {
            Self::Any => true,
            Self::OneOf(first, others) => *first == revision || others.contains(&revision),
        };
        if is_wanted { Ok(()) } else { Err(Problem::general(Code::PreconditionFailed)) }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let lines: Option<Vec<_>> = request.headers().get_all(IF_MATCH).map(|line| line.to_str().ok()).collect();
        let parsed = lines.and_then(|lines| if lines.is_empty() { Some(Self::Any) } else { parse(&lines.join(",")) });
        ready(parsed.ok_or_else(|| {
            let detail = format!("If-Match must be * or up to {MOST_TAGS} entity tags, such as \"1\"");
            Problem::new(Code::MalformedRequest, detail)
        }))
    }
}

fn parse(header: &str) -> Option<IfMatch> {
    if header.trim() == "*" {
        return Some(IfMatch::Any);
    }
    let mut revisions = Vec::new();
    let mut rest = header.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let (weak, opaque) = rest.strip_prefix("W/").map_or((false, rest), |opaque| (true, opaque));
        let (tag, after) = opaque.strip_prefix('"')?.split_once('"')?;
        if tag.bytes().any(|byte| byte <= b' ' || byte == 0x7F) {
            return None;
        }
        // Strong comparison: a weak tag matches nothing.
        let ours = tag.parse().ok().map(Revision::from_number).filter(|revision| !weak && revision.to_string() == tag);
        revisions.push(ours.unwrap_or(NONE));
        let after = after.trim_start_matches([' ', '\t']);
        if !after.is_empty() && !after.starts_with(',') {
            return None;
        }
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    revisions.dedup();
    if revisions.len() > MOST_TAGS {
        return None;
    }
    let mut revisions = revisions.into_iter();
    Some(IfMatch::OneOf(revisions.next()?, revisions.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(numbers: &[i64]) -> Option<IfMatch> {
        let mut revisions = numbers.iter().copied().map(Revision::from_number);
        Some(IfMatch::OneOf(revisions.next()?, revisions.collect()))
    }

    #[test]
    fn tags_are_read_as_the_rfc_writes_them() {
        assert_eq!(parse("*"), Some(IfMatch::Any));
        assert_eq!(parse(r#""1""#), at(&[1]));
        assert_eq!(parse(r#""1", "2","#), at(&[1, 2]));
        assert_eq!(parse(r#""a,b" , "3""#), at(&[0, 3]));
        assert_eq!(parse(r#"W/"1""#), at(&[0]));
        assert_eq!(parse(r#""01""#), at(&[0]));
        assert_eq!(parse(r#""""#), at(&[0]));
        for broken in ["", ",", "1", r#""1"#, r#""1" "2""#, r#"w/"1""#, r#"*, "1""#, "\"a b\""] {
            assert_eq!(parse(broken), None, "{broken}");
        }
        assert_eq!(parse(&(1..=17).map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(",")), None);
    }

    #[test]
    fn a_change_is_tried_at_every_revision_until_one_is_the_right_one() {
        let call = |expected: Option<Revision>| match expected.map(Revision::number) {
            Some(2) => Ok("changed"),
            _ => Err("another revision"),
        };
        let attempt = |header| parse(header).map(|if_match| if_match.attempt(call, |_| true));
        assert_eq!(attempt(r#""1", "2", "3""#), Some(Ok("changed")));
        assert_eq!(attempt(r#""1", "3""#), Some(Err("another revision")));
    }
}
