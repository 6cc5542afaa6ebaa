//! What has happened, as it happens: server-sent events.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::rt::time::timeout;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use doctor_booking_application::Event;
use doctor_booking_domain::{Entry, Facts, Role};
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::caller::Caller;
use crate::code::Code;
use crate::feed::{Feed, News};
use crate::guard::Place;
use crate::history::WhoView;
use crate::problem::{Problem, Violation};
use crate::query::{FromQuery, Params, Query, pointer};
use crate::values::utc;
use crate::violations::Read;
use crate::{openapi, respond, schema};

/// How long a stream is silent at most: proxies end what is silent for long, and only what is written to is known to be
/// there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After how many milliseconds a client that lost its stream should come again.
const RETRY_MS: u32 = 1_000;
/// How many events go out in one piece at most.
const AT_ONCE: usize = 50;
const LAST_EVENT_ID: &str = "Last-Event-ID";

/// Something that has happened. The same is sent to webhooks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Event, examples(json!({
    "id": "01900000-0000-7000-8000-000000000011", "position": 42, "type": "booking.cancelled",
    "at": "2029-12-02T10:00:00Z", "who": {"kind": "caller", "id": "e3b0c442-98fc-8c14-9afb-f4c8996fb924"}, "why": "The patient is ill",
    "doctorId": "01900000-0000-7000-8000-000000000001", "patientId": "01900000-0000-7000-8000-000000000002",
    "bookingId": "01900000-0000-7000-8000-000000000003",
    "before": {"status": "booked"}, "after": {"status": "cancelled", "cancelReason": "The patient is ill"}
})))]
pub(crate) struct EventView {
    /// Which entry of the history it is. Whoever is told of it twice knows it by this.
    #[schema(value_type = schema::Id)]
    id: String,
    /// Its place among all events: 1, 2, 3, … without gaps, in the order in which everybody learns of them.
    #[schema(minimum = 1)]
    position: i64,
    /// What has happened.
    #[schema(value_type = schema::Happening)]
    r#type: &'static str,
    /// When, in UTC.
    #[schema(value_type = schema::Instant)]
    at: String,
    who: WhoView,
    /// Why, in a person's words.
    #[schema(value_type = Option<schema::Reason>, required = true)]
    why: Option<String>,
    /// The doctor whom it concerns; null: all, or none in particular.
    #[schema(value_type = Option<schema::Id>, required = true)]
    doctor_id: Option<String>,
    /// The patient whom it concerns.
    #[schema(value_type = Option<schema::Id>, required = true)]
    patient_id: Option<String>,
    /// The booking that it tells of.
    #[schema(value_type = Option<schema::Id>, required = true)]
    booking_id: Option<String>,
    /// What was before, of what has changed; empty where something new was made. All values are text.
    before: BTreeMap<String, String>,
    /// What is now, of what has changed; empty where something was taken away. All values are text.
    after: BTreeMap<String, String>,
}

impl From<&Event> for EventView {
    fn from(event: &Event) -> Self {
        let Event { position, entry } = event;
        let Entry { id, what, at, who, why, doctor, patient, booking, before, after } = entry;
        let facts = |facts: &Facts| facts.iter().map(|(name, fact)| (name.to_owned(), fact.to_owned())).collect();
        Self {
            id: id.to_string(),
            position: *position,
            r#type: what.as_str(),
            at: utc(*at),
            who: (*who).into(),
            why: why.as_ref().map(|why| why.as_str().to_owned()),
            doctor_id: doctor.map(|id| id.to_string()),
            patient_id: patient.map(|id| id.to_string()),
            booking_id: booking.map(|id| id.to_string()),
            before: facts(before),
            after: facts(after),
        }
    }
}

/// An event as JSON on one line: what is sent to webhooks, and to those who listen.
#[must_use]
pub fn event_json(event: &Event) -> Vec<u8> {
    serde_json::to_vec(&EventView::from(event)).unwrap_or_default()
}

/// An event as a piece of a stream.
pub(crate) fn frame(event: &Event) -> Bytes {
    let Event { position, entry } = event;
    let mut frame = format!("id: {position}\nevent: {}\ndata: ", entry.what.as_str()).into_bytes();
    frame.extend(event_json(event));
    frame.extend(b"\n\n");
    frame.into()
}

/// After which event to begin, as the query says.
pub(crate) struct After(Option<i64>);

impl FromQuery for After {
    fn read(params: &mut Params) -> Read<Self> {
        let Some(text) = params.take("after") else { return Some(Self(None)) };
        let after = position(&text);
        if after.is_none() {
            params.violations.add(pointer("after"), Code::WrongType, NO_POSITION);
        }
        after.map(|after| Self(Some(after)))
    }
}

/// After which event to begin, as the last one says that the client has got.
pub(crate) struct LastEventId(Option<i64>);

impl FromRequest for LastEventId {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let mut given = request.headers().get_all(LAST_EVENT_ID);
        let read = match (given.next(), given.next()) {
            (None, _) => Some(None),
            (Some(value), None) => value.to_str().ok().and_then(position).map(Some),
            (Some(_), Some(_)) => None,
        };
        let malformed = || Problem::new(Code::MalformedRequest, format!("{LAST_EVENT_ID} {NO_POSITION}"));
        std::future::ready(read.map(Self).ok_or_else(malformed))
    }
}

const NO_POSITION: &str = "must be the position of an event, or 0";

fn position(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Follows what happens
///
/// Server-sent events, one for each entry of the history, in the one order in which everybody learns of them: `id` is the
/// position, `event` the type, and `data` the event as JSON on one line (the schema `Event`). It begins after the event
/// that `Last-Event-ID` names, or `after`; without either, now. Who reconnects with the last `id` that arrived misses
/// nothing, and gets nothing twice. What browsers call `EventSource` does all of that by itself.
///
/// A line with a colon comes at least every 15 seconds. The stream ends when the service stops, and for a client that does
/// not read: come again then.
#[utoipa::path(
    get, path = "/api/v1/events", operation_id = "followEvents", tag = "Events",
    params(
        ("Last-Event-ID" = inline(Option<schema::Position>), Header,
         description = "The position of the last event that has arrived. It counts more than `after`."),
        ("after" = inline(Option<schema::Position>), Query,
         description = "Begin after the event at this position; 0 is before the first."),
    ),
    responses(
        (status = 200, description = "Events as they happen.", body = String, content_type = "text/event-stream",
         example = json!("retry: 1000\n\nid: 42\nevent: booking.cancelled\ndata: {\"id\":\"01900000-0000-7000-8000-000000000011\",…}\n\n")),
        openapi::FollowEvents,
    ),
)]
pub(crate) async fn follow(
    state: web::Data<ApiState>,
    caller: Caller,
    request: HttpRequest,
    last: LastEventId,
    after: Query<After>,
) -> Result<HttpResponse, Problem> {
    // All is told: who may know less must not be here.
    // All is told: who may know less must not be here.
    let Role::Administrator = caller.actor().role;
    let place = state.guard().admit_stream()?;
    let feed = state.feed().clone();
    let (given, pointer) = match (last.0, after.0.0) {
        (Some(last), _) => (Some(last), ""),
        (None, after) => (after, "/after"),
    };
    // Listening before looking where it begins: so nothing can fall in between.
    let news = feed.listen();
    let (feed, from) = block(move || {
        let Some(after) = given else { return Ok((feed.clone(), feed.now()?)) };
        if after > 0 && after > feed.last()? {
            // Whoever knows more than there is has read from another database, and would wait in vain.
            let violation = Violation::new(pointer, Code::InvalidCursor, "there is no event at this position yet");
            return Err(Problem::of_violations(Code::InvalidCursor, vec![violation]));
        }
        Ok((feed, after))
    })
    .await?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CONTENT_ENCODING, respond::PLAIN))
        // Proxies of this kind collect an answer before they pass it on, unless they are told not to.
        .insert_header(("X-Accel-Buffering", "no"));
    if request.method() == Method::HEAD {
        return Ok(answer.finish());
    }
    // Who begins now learns where that is, in case the stream breaks before anything has happened.
    let began = if given.is_none() { format!("id: {from}\n") } else { String::new() };
    let hello = Bytes::from(format!("retry: {RETRY_MS}\n{began}\n"));
    let listener = Listener { feed, news, position: from, silence: HEARTBEAT };
    Ok(answer.body(BoxBody::new(Stream { hello: Some(hello), next: Some(listener.next()), _place: place })))
}

/// Somebody who listens.
struct Listener {
    feed: Feed,
    news: watch::Receiver<News>,
    /// Up to where it has been told.
    position: i64,
    silence: Duration,
}

type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Listener)>>>>;

impl Listener {
    /// The next piece to send, once there is one; `None`: it is over.
    fn next(mut self) -> Next {
        Box::pin(async move {
            loop {
                let News { position: live, is_over } = *self.news.borrow_and_update();
                if is_over {
                    return None;
                }
                if live.is_some_and(|live| live > self.position) {
                    let piece = self.piece().await?;
                    return Some((piece, self));
                }
                match timeout(self.silence, self.news.changed()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return None,
                    Err(_) => return Some((Bytes::from_static(b": still here\n\n"), self)),
                }
            }
        })
    }

    /// What comes next, from what is at hand or from the store.
    async fn piece(&mut self) -> Option<Bytes> {
        let after = self.position;
        let (frames, to) = if let Some(at_hand) = self.feed.at_hand(after, AT_ONCE) {
            at_hand
        } else {
            let feed = self.feed.clone();
            let events = block(move || Ok(feed.read(after)?)).await;
            // The client comes again, and goes on where it was.
            let events = events.inspect_err(|problem| {
                tracing::warn!(cause = problem.causes(), "a stream of events ends: the store cannot answer");
            });
            let events = events.ok()?;
            let to = events.last()?.position;
            (events.iter().map(frame).collect(), to)
        };
        self.position = to;
        Some(frames.concat().into())
    }
}

/// What is sent, piece by piece, no faster than the client takes it.
struct Stream {
    hello: Option<Bytes>,
    next: Option<Next>,
    _place: Place,
}

impl MessageBody for Stream {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(hello) = self.hello.take() {
            return Poll::Ready(Some(Ok(hello)));
        }
        let Some(next) = &mut self.next else { return Poll::Ready(None) };
        let piece = ready!(next.as_mut().poll(context));
        let (piece, next) = piece.map(|(piece, listener)| (piece, listener.next())).unzip();
        self.next = next;
        Poll::Ready(piece.map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use doctor_booking_application::FollowEvents;
    use doctor_booking_ports::MockEvents;

    use super::*;

    #[actix_web::test]
    async fn a_stream_is_never_silent_for_long() {
        let feed = Feed::new(FollowEvents::new(Arc::new(MockEvents::new())));
        let news = feed.listen();
        let mut listener = Listener { feed, news, position: 7, silence: Duration::from_millis(1) };
        for _ in 0..3 {
            let (piece, same) = listener.next().await.expect("a piece");
            assert_eq!(piece, ": still here\n\n");
            listener = same;
        }
        assert_eq!(listener.position, 7);
    }
}
