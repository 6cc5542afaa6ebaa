//! What has happened, as it happens: server-sent events.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::rt::time::timeout;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use doctor_booking_application::Event;
use doctor_booking_domain::{Actor, Audience, DoctorId, Entry, EntryId, Facts};
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::ApiState;
use crate::blocking::block;
use crate::caller::Caller;
use crate::code::Code;
use crate::credential::Brought;
use crate::feed::{FULL, Feed, News};
use crate::guard::Place;
use crate::history::WhoView;
use crate::problem::Problem;
use crate::query::{FromQuery, Params, Query, pointer};
use crate::values::{FromText, utc};
use crate::violations::Read;
use crate::{openapi, respond, schema};

/// How long a stream is silent at most: proxies end what is silent for long, and only what is written to is known to be
/// there.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is looked at, while something is told, whether whoever listens still may.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
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
    /// Its place among all events: 1, 2, 3, … without gaps, in the order in which everybody learns of them. Null for who
    /// is told of some only: how many others there are is not theirs to know.
    #[schema(minimum = 1, required = true)]
    position: Option<i64>,
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
            position: Some(*position),
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

/// What an audience that may not know of everything is told of events, as pieces of a stream: those of which it may know;
/// and then, of the others, of which doctors something may be free now, or no longer. Each doctor is named once, and only
/// for what has happened since somebody listens: whoever looked again and again would find out as much, and no more.
pub(crate) fn told<'a>(events: impl IntoIterator<Item = &'a Event>, audience: Audience, since: i64) -> Vec<Bytes> {
    let (mut pieces, mut doctors) = (Vec::new(), BTreeSet::new());
    for event in events {
        let entry = &event.entry;
        if audience.may_know(entry) {
            let view = match audience {
                Audience::Doctor(doctor) => {
                    let entry = entry.clone().as_told_to(doctor);
                    EventView::from(&Event { position: event.position, entry })
                }
                Audience::Everybody | Audience::Patient(_) => EventView::from(event),
            };
            let view = EventView { position: None, ..view };
            pieces.push(piece(Some(&view.id), event.entry.what.as_str(), &view));
        } else if event.position > since && entry.changes_what_is_free() {
            // Where a visit is moved from one doctor to another, something is free with the first.
            doctors.extend(entry.moved_from().map(Some));
            doctors.insert(entry.doctor);
        }
    }
    let hint = |doctor: Option<DoctorId>| {
        piece(None, AVAILABILITY_CHANGED, &AvailabilityChangedView { doctor_id: doctor.map(|id| id.to_string()) })
    };
    pieces.extend(doctors.into_iter().map(hint));
    pieces
}

/// What is told of what changes availability, and is somebody else's.
const AVAILABILITY_CHANGED: &str = "availability.changed";

/// That something may be free now, or no longer, that was not before.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AvailabilityChanged, examples(json!({"doctorId": "01900000-0000-7000-8000-000000000001"})))]
pub(crate) struct AvailabilityChangedView {
    /// Of which doctor; null: perhaps of all.
    #[schema(value_type = Option<schema::Id>, required = true)]
    doctor_id: Option<String>,
}

fn piece(id: Option<&str>, event: &str, data: &impl Serialize) -> Bytes {
    let mut piece = id.map(|id| format!("id: {id}\n")).unwrap_or_default().into_bytes();
    piece.extend_from_slice(format!("event: {event}\ndata: ").as_bytes());
    piece.extend(serde_json::to_vec(data).unwrap_or_default());
    piece.extend_from_slice(b"\n\n");
    piece.into()
}

/// An event as a piece of a stream, for whoever may know of everything.
pub(crate) fn frame(event: &Event) -> Bytes {
    let Event { position, entry } = event;
    piece(Some(&position.to_string()), entry.what.as_str(), &EventView::from(event))
}

/// Which event a client has got last: for who may know of everything its position, for others the entry that it tells of.
#[derive(Clone, Copy)]
enum Mark {
    Position(i64),
    Entry(EntryId),
}

/// After which event to begin, as the query says.
pub(crate) struct After(Option<Mark>);

impl FromQuery for After {
    fn read(params: &mut Params) -> Read<Self> {
        let Some(text) = params.take("after") else { return Some(Self(None)) };
        let after = mark(&text);
        if after.is_none() {
            params.violations.add(pointer("after"), Code::WrongType, NO_POSITION);
        }
        after.map(|after| Self(Some(after)))
    }
}

/// After which event to begin, as the last one says that the client has got.
pub(crate) struct LastEventId(Option<Mark>);

impl FromRequest for LastEventId {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let mut given = request.headers().get_all(LAST_EVENT_ID);
        let read = match (given.next(), given.next()) {
            (None, _) => Some(None),
            (Some(value), None) => value.to_str().ok().and_then(mark).map(Some),
            (Some(_), Some(_)) => None,
        };
        let malformed = || Problem::new(Code::MalformedRequest, format!("{LAST_EVENT_ID} {NO_POSITION}"));
        std::future::ready(read.map(Self).ok_or_else(malformed))
    }
}

const NO_POSITION: &str = "must be the id of an event as it was sent, or 0";

fn mark(text: &str) -> Option<Mark> {
    if let Ok(entry) = EntryId::from_text(text) {
        return Some(Mark::Entry(entry));
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).map(Mark::Position)
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
    let feed = state.feed().clone();
    let (given, pointer) = match (last.0, after.0.0) {
        (Some(last), _) => (Some(last), ""),
        (None, after) => (after, "/after"),
    };
    // Listening before looking where it begins: so nothing can fall in between.
    let news = feed.listen();
    let actor = caller.actor();
    let (feed, audience, since, from) = block(move || {
        let audience = feed.audience(&actor)?;
        let since = feed.now()?;
        let Some(after) = given else { return Ok((feed.clone(), audience, since, since)) };
        let after = match after {
            Mark::Position(position) if audience == Audience::Everybody => {
                // Whoever knows more than there is has read from another database, and would wait in vain.
                (position == 0 || position <= feed.last()?).then_some(position)
            }
            Mark::Position(position) => (position == 0).then_some(0),
            Mark::Entry(entry) => feed.position_of(entry, audience)?,
        };
        let no_such = || Problem::at(pointer, Code::InvalidCursor, "you have not been told of such an event");
        Ok((feed, audience, since, after.ok_or_else(no_such)?))
    })
    .await?;
    let place = state.guard().admit_stream(caller.actor().caller)?;
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
    let tells_where = given.is_none() && audience == Audience::Everybody;
    let began = if tells_where { format!("id: {from}\n") } else { String::new() };
    let hello = Bytes::from(format!("retry: {RETRY_MS}\n{began}\n"));
    let brought = request.extensions().get::<Brought>().cloned();
    let known_by = brought.map(|brought| (state, brought, caller.actor()));
    let pass = Pass { known_by, looked_at: Instant::now() };
    let listener = Listener { feed, news, audience, since, pass, position: from, silence: HEARTBEAT };
    Ok(answer.body(BoxBody::new(Stream { hello: Some(hello), next: Some(listener.next()), _place: place })))
}

/// Somebody who listens.
struct Listener {
    feed: Feed,
    news: watch::Receiver<News>,
    audience: Audience,
    /// The last event there was when it began.
    since: i64,
    pass: Pass,
    /// Up to where it has been told.
    position: i64,
    silence: Duration,
}

/// By what somebody listens: looked at again and again, since a token that is revoked ends what was begun with it.
struct Pass {
    /// Nothing where anybody may listen.
    known_by: Option<(web::Data<ApiState>, Brought, Actor)>,
    looked_at: Instant,
}

impl Pass {
    /// Whether whoever listens is still who he or she was. It is looked at once a second at most.
    async fn is_good(&mut self) -> bool {
        let Some((state, brought, actor)) = self.known_by.clone() else { return true };
        if self.looked_at.elapsed() < LOOKED_AT_EVERY {
            return true;
        }
        self.looked_at = Instant::now();
        let Some(id) = actor.request.clone() else { return false };
        let now = block(move || Ok(state.use_cases().recognise.execute(brought.credential(), &id)?)).await;
        now.is_ok_and(|now| now.actor == actor)
    }
}

type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Listener)>>>>;

impl Listener {
    /// The next piece to send, once there is one; `None`: it is over.
    fn next(mut self) -> Next {
        Box::pin(async move {
            let until = Instant::now() + self.silence;
            loop {
                let News { position: live, is_over } = *self.news.borrow_and_update();
                if is_over {
                    return None;
                }
                if let Some(live) = live.filter(|live| *live > self.position) {
                    self.pass.is_good().await.then_some(())?;
                    let piece = self.piece(live).await?;
                    if !piece.is_empty() {
                        return Some((piece, self));
                    }
                    if self.position < live {
                        continue;
                    }
                }
                // Silent for no longer, however much happens meanwhile that is not theirs to know.
                match timeout(until.saturating_duration_since(Instant::now()), self.news.changed()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return None,
                    Err(_) => {
                        self.pass.is_good().await.then_some(())?;
                        return Some((Bytes::from_static(b": still here\n\n"), self));
                    }
                }
            }
        })
    }

    /// What comes next, from what is at hand or from the store.
    async fn piece(&mut self, live: i64) -> Option<Bytes> {
        let (after, audience) = (self.position, self.audience);
        let (frames, to) = if let Some(at_hand) = self.feed.at_hand(after, (audience, self.since), AT_ONCE) {
            at_hand
        } else {
            let feed = self.feed.clone();
            let events = block(move || Ok(feed.read(after, audience)?)).await;
            // The client comes again, and goes on where it was.
            let events = events.inspect_err(|problem| {
                tracing::warn!(cause = problem.causes(), "a stream of events ends: the store cannot answer");
            });
            let events = events.ok()?;
            // Unless it was cut off, nothing up to what is live was left out but what is not theirs.
            let last = events.last().map(|event| event.position);
            let to = if events.len() < FULL { last.unwrap_or(live).max(live) } else { last? };
            let frames = match audience {
                Audience::Everybody => events.iter().map(frame).collect(),
                Audience::Doctor(_) | Audience::Patient(_) => told(&events, audience, self.since),
            };
            (frames, to)
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

    use doctor_booking_application::{FollowEvents, Gate};
    use doctor_booking_domain::PatientId;
    use doctor_booking_ports::{MockAuditLog, MockClock, MockEvents, MockIds};

    use super::*;

    #[actix_web::test]
    async fn a_stream_is_never_silent_for_long() {
        let gate = Gate::new(Arc::new(MockAuditLog::new()), Arc::new(MockClock::new()), Arc::new(MockIds::new()));
        let feed = Feed::new(FollowEvents::new(gate, Arc::new(MockEvents::new())));
        let news = feed.listen();
        let (audience, pass) = (Audience::Everybody, Pass { known_by: None, looked_at: Instant::now() });
        let silence = Duration::from_millis(1);
        let mut listener = Listener { feed, news, audience, since: 0, pass, position: 7, silence };
        for _ in 0..3 {
            let (piece, same) = listener.next().await.expect("a piece");
            assert_eq!(piece, ": still here\n\n");
            listener = same;
        }
        assert_eq!(listener.position, 7);
    }

    #[actix_web::test]
    async fn a_stream_is_not_silent_for_long_either_while_things_happen_that_are_somebody_elses() {
        let gate = Gate::new(Arc::new(MockAuditLog::new()), Arc::new(MockClock::new()), Arc::new(MockIds::new()));
        let mut events = MockEvents::new();
        events.expect_after().returning(|_, _, _| Ok(vec![]));
        let feed = Feed::new(FollowEvents::new(gate, Arc::new(events)));
        let (happens, news) = watch::channel(News { position: Some(7), is_over: false });
        let others = actix_web::rt::spawn(async move {
            loop {
                actix_web::rt::time::sleep(Duration::from_millis(1)).await;
                happens.send_modify(|news| news.position = news.position.map(|position| position + 1));
            }
        });
        let audience = Audience::Patient(PatientId::from_u128(7));
        let pass = Pass { known_by: None, looked_at: Instant::now() };
        let silence = Duration::from_millis(20);
        let listener = Listener { feed, news, audience, since: 0, pass, position: 7, silence };
        let (piece, _) = timeout(HEARTBEAT, listener.next()).await.expect("in time").expect("a piece");
        assert_eq!(piece, ": still here\n\n");
        others.abort();
    }
}
