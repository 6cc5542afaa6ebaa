//! Requests that may come again, known by their `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the
//! second time they are answered as the first time, and nothing is done twice.
//!
//! What was answered is kept in the transaction of what it tells of, so neither is there without the other, whatever
//! happens to the process. A refusal, which changes nothing, is kept by itself.

use std::cell::RefCell;
use std::collections::HashSet;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use doctor_booking_application::{Claim, IdempotencyKey, KeptAnswer, Once, UseCases, Written};
use doctor_booking_domain::{Actor, CallerId, RequestId};

use crate::ApiState;
use crate::blocking::block;
use crate::caller::Caller;
use crate::code::Code;
use crate::fingerprint::Fingerprint;
use crate::problem::Problem;
use crate::respond;

/// Where the key stands.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// By what a request that creates something is known when it comes again, if it can be.
pub(crate) struct Keyed {
    key: Option<IdempotencyKey>,
    head: Fingerprint,
    request_id: String,
    /// Whether what is answered now has something that must not be kept.
    has_secret: bool,
}

impl FromRequest for Keyed {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let head = Fingerprint::of_head(request);
        ready(key(request).map(|key| Self { key, head, request_id, has_secret: false }))
    }
}

/// The key that the request brought.
fn key(request: &HttpRequest) -> Result<Option<IdempotencyKey>, Problem> {
    let mut lines = request.headers().get_all(IDEMPOTENCY_KEY);
    let Some(first) = lines.next() else { return Ok(None) };
    let only = first.to_str().ok().filter(|_| lines.next().is_none());
    only.and_then(parse).map(Some).ok_or_else(|| {
        let most = IdempotencyKey::MOST;
        let detail = format!("Idempotency-Key must be 1 to {most} visible ASCII characters, in quotes or without");
        Problem::new(Code::MalformedRequest, detail)
    })
}

/// A string as structured fields write it (RFC 9651, section 3.3.3), or the bare key.
fn parse(text: &str) -> Option<IdempotencyKey> {
    let text = text.trim_matches([' ', '\t']);
    let Some(quoted) = text.strip_prefix('"') else { return IdempotencyKey::parse(text) };
    let mut key = String::new();
    let mut rest = quoted.strip_suffix('"')?.chars();
    while let Some(next) = rest.next() {
        key.push(match next {
            '\\' => rest.next().filter(|escaped| matches!(escaped, '"' | '\\'))?,
            '"' => return None,
            plain => plain,
        });
    }
    IdempotencyKey::parse(&key)
}

/// The requests with a key that are being worked on here.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight(Arc<Mutex<HashSet<(CallerId, IdempotencyKey)>>>);

/// A request that is being worked on, until this is dropped: also where the work panics, or nobody waits for its end.
struct Working {
    all: InFlight,
    this: (CallerId, IdempotencyKey),
}

impl InFlight {
    /// Begins to work on a request, unless it is being worked on.
    fn begin(&self, caller: CallerId, key: &IdempotencyKey) -> Option<Working> {
        let this = (caller, key.clone());
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(this.clone());
        is_first.then(|| Working { all: self.clone(), this })
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.this);
    }
}

/// What a request is answered.
enum Answered {
    Now(Written),
    Again(Written),
}

impl Keyed {
    /// The request, not to be known again if it only asks what would happen.
    pub(crate) fn unless(self, dry_run: bool) -> Self {
        Self { key: self.key.filter(|_| !dry_run), ..self }
    }

    /// The request, of whose answer something is not kept: what the use case keeps is other than what it answers.
    pub(crate) fn kept_without_secrets(self) -> Self {
        Self { has_secret: true, ..self }
    }

    /// Answers the request, with this `body`, as `write` says of what `execute` does; or as the first time.
    pub(crate) async fn answer<T: 'static>(
        self,
        state: web::Data<ApiState>,
        caller: Caller,
        body: &[u8],
        write: impl Fn(&UseCases, &T) -> Written + Send + 'static,
        execute: impl FnOnce(&UseCases, &Actor, Option<&Once<'_, T>>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let actor = caller.actor();
        let Self { key, head, request_id, has_secret } = self;
        let claimed = match key {
            Some(key) => {
                let working = state.in_flight().begin(actor.caller, &key);
                let working = working.ok_or_else(|| Problem::general(Code::RequestInProgress))?;
                Some((Claim { caller: actor.caller, key, fingerprint: head.with_body(body) }, working))
            }
            None => None,
        };
        let answered = block(move || {
            let use_cases = state.use_cases();
            match &claimed {
                Some((claim, _)) => {
                    claim_and_execute(use_cases, &actor, (claim, &request_id), has_secret, write, execute)
                }
                None => execute(use_cases, &actor, None).map(|value| Answered::Now(write(use_cases, &value))),
            }
        })
        .await?;
        match answered {
            Answered::Now(written) => respond::written(written),
            Answered::Again(written) => respond::again(written),
        }
    }
}

fn claim_and_execute<T: 'static>(
    use_cases: &UseCases,
    actor: &Actor,
    (claim, request_id): (&Claim, &str),
    has_secret: bool,
    write: impl Fn(&UseCases, &T) -> Written,
    execute: impl FnOnce(&UseCases, &Actor, Option<&Once<'_, T>>) -> Result<T, Problem>,
) -> Result<Answered, Problem> {
    let keep_answers = &use_cases.keep_answers;
    if let Some(kept) = keep_answers.find(actor, &claim.key)? {
        return again(kept, claim);
    }
    // What is kept and what is answered now are one, though time goes on.
    let last = RefCell::new(None);
    let write = |value: &T| {
        let written = write(use_cases, value);
        last.replace(Some(written.clone()));
        written
    };
    let problem = match execute(use_cases, actor, Some(&Once { claim, write: &write })) {
        Ok(value) => {
            let kept = last.take().filter(|_| !has_secret);
            return Ok(Answered::Now(kept.unwrap_or_else(|| write(&value))));
        }
        Err(problem) => problem,
    };
    let is_lost = if problem.is_answered() {
        true
    } else if is_kept(problem.code().status()) {
        !keep_answers.keep(claim, &problem.written(request_id))?
    } else {
        false
    };
    if !is_lost {
        return Err(problem);
    }
    // The same request was answered meanwhile, by another server.
    match keep_answers.find(actor, &claim.key)? {
        Some(kept) => again(kept, claim),
        None => Err(Problem::unavailable("the answer that was kept is gone")),
    }
}

/// Whether a refusal of this status is final: the same request would be refused again, or has to be made anew.
fn is_kept(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
}

fn again(kept: KeptAnswer, claim: &Claim) -> Result<Answered, Problem> {
    if kept.claim.fingerprint != claim.fingerprint {
        return Err(Problem::general(Code::IdempotencyKeyReused));
    }
    let KeptAnswer { status, headers, body, .. } = kept;
    Ok(Answered::Again(Written { status, headers, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_quoted_string_or_stands_bare() {
        let parsed = |text: &str| parse(text).map(|key| key.as_str().to_owned());
        for (text, key) in [
            ("8e03978e-40d5", "8e03978e-40d5"),
            (r#""8e03978e-40d5""#, "8e03978e-40d5"),
            (r#" "a\"b\\c" "#, r#"a"b\c"#),
            (r#"a"b"#, r#"a"b"#),
            ("~", "~"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(key), "{text}");
        }
        let longest = "x".repeat(255);
        assert_eq!(parsed(&longest), Some(longest.clone()));
        assert_eq!(parsed(&format!("\"{longest}\"")), Some(longest.clone()));
        let too_long = ["x".repeat(256), format!("\"{}\"", "x".repeat(256))];
        let broken =
            ["", "\"", "\"\"", "\"a", "a b", "\"a b\"", r#""a"b""#, r#""a\b""#, r#""a\""#, "ä", "\"a\";b=1", "a\tb"];
        for text in broken.into_iter().chain(too_long.iter().map(String::as_str)) {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn a_request_is_in_flight_until_its_work_ends_however_it_ends() {
        let (all, caller, other) = (InFlight::default(), CallerId::from_u128(1), CallerId::from_u128(2));
        let key = IdempotencyKey::parse("k").expect("a key");
        let working = all.begin(caller, &key).expect("it is the first");
        assert!(all.begin(caller, &key).is_none());
        assert!(all.begin(other, &key).is_some(), "a key belongs to its caller");
        drop(working);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _working = all.begin(caller, &key).expect("nobody works on it");
            panic!("at the disco");
        }));
        assert!(panicked.is_err() && all.begin(caller, &key).is_some());
    }
}
