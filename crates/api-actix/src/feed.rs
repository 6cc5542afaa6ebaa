//! What happens, as it happens: one follower reads the store for everybody who listens.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::web::Bytes;
use doctor_booking_application::{AccessError, Event, FollowEvents, Limit, Unavailable};
use doctor_booking_domain::{Actor, Audience, EntryId, What};
use tokio::sync::watch;

use crate::event::{frame, told};

/// How many of the last events are kept at hand. Who is further behind reads them from the store.
const AT_HAND: usize = 1024;

/// How many events are read from the store at once.
pub(crate) const FULL: usize = Limit::MOST as usize;

/// What happens, as it happens. Clones share everything.
///
/// Somebody has to call [`turn`](Self::turn) now and then, five times a second while somebody
/// [listens](Self::is_listened_to); nobody hears of anything otherwise.
#[derive(Clone)]
pub struct Feed(Arc<Parts>);

struct Parts {
    follow: FollowEvents,
    turning: Mutex<()>,
    at_hand: Mutex<AtHand>,
    news: watch::Sender<News>,
}

/// What those who listen wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct News {
    /// The last event that there is; `None`: nobody has looked yet.
    pub(crate) position: Option<i64>,
    /// Whether the service is about to stop.
    pub(crate) is_over: bool,
}

/// The last events as they are sent, one after the other without gaps.
#[derive(Default)]
struct AtHand {
    /// The position of the last.
    last: i64,
    events: VecDeque<(Event, Bytes)>,
}

impl Feed {
    pub(crate) fn new(follow: FollowEvents) -> Self {
        let (news, _) = watch::channel(News { position: None, is_over: false });
        Self(Arc::new(Parts { follow, turning: Mutex::default(), at_hand: Mutex::default(), news }))
    }

    /// Publishes what was written since, and tells it to everybody who listens; what has happened, each kind once.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer: what was not told yet is told the next time.
    pub fn turn(&self) -> Result<BTreeSet<What>, Unavailable> {
        let _one_at_a_time = lock(&self.0.turning);
        self.0.follow.publish()?;
        let Some(mut position) = self.news().position else {
            // What was before, nobody has waited for.
            let last = self.0.follow.last()?;
            lock(&self.0.at_hand).last = last;
            self.0.news.send_modify(|news| news.position = Some(last));
            return Ok(BTreeSet::new());
        };
        let mut kinds = BTreeSet::new();
        loop {
            let events = self.read(position, Audience::Everybody)?;
            let Some(last) = events.last() else { return Ok(kinds) };
            position = last.position;
            kinds.extend(events.iter().map(|event| event.entry.what));
            lock(&self.0.at_hand).push(&events);
            self.0.news.send_modify(|news| news.position = Some(position));
        }
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn is_listened_to(&self) -> bool {
        self.0.news.receiver_count() > 0
    }

    /// Ends whatever listens: the service is about to stop.
    pub fn end(&self) {
        self.0.news.send_modify(|news| news.is_over = true);
    }

    pub(crate) fn listen(&self) -> watch::Receiver<News> {
        self.0.news.subscribe()
    }

    /// The position from which on everything is still to happen.
    pub(crate) fn now(&self) -> Result<i64, Unavailable> {
        self.0.follow.publish()?;
        self.0.follow.last()
    }

    /// The position of the last event in the store.
    pub(crate) fn last(&self) -> Result<i64, Unavailable> {
        self.0.follow.last()
    }

    /// What an audience that listens since a position is told of what comes right after another, some of it, and the position to which that leads;
    /// `None` when it is not at hand.
    pub(crate) fn at_hand(&self, after: i64, audience: (Audience, i64), most: usize) -> Option<(Vec<Bytes>, i64)> {
        lock(&self.0.at_hand).after(after, audience, most)
    }

    /// As whom somebody listens.
    pub(crate) fn audience(&self, actor: &Actor) -> Result<Audience, AccessError> {
        self.0.follow.audience(actor)
    }

    /// The position of an event of which the audience may know, by the entry that it tells of.
    pub(crate) fn position_of(&self, entry: EntryId, audience: Audience) -> Result<Option<i64>, Unavailable> {
        let Some(position) = self.0.follow.position_of(entry)? else { return Ok(None) };
        let may_know = self.0.follow.after(position - 1, audience, Limit::new(1).unwrap_or_default())?;
        Ok(may_know.first().filter(|event| event.entry.id == entry).map(|event| event.position))
    }

    /// What comes right after a position, of what an audience may know, read from the store: [`FULL`] events, or all.
    pub(crate) fn read(&self, after: i64, audience: Audience) -> Result<Vec<Event>, Unavailable> {
        self.0.follow.after(after, audience, Limit::new(Limit::MOST).unwrap_or_default())
    }

    fn news(&self) -> News {
        *self.0.news.borrow()
    }
}

impl AtHand {
    fn push(&mut self, events: &[Event]) {
        for event in events {
            if event.position != self.last + 1 {
                self.events.clear();
            }
            self.last = event.position;
            self.events.push_back((event.clone(), frame(event)));
        }
        let old = self.events.len().saturating_sub(AT_HAND);
        self.events.drain(..old);
    }

    fn after(&self, position: i64, audience: (Audience, i64), most: usize) -> Option<(Vec<Bytes>, i64)> {
        let behind = usize::try_from(self.last - position).ok()?;
        let from = self.events.len().checked_sub(behind)?;
        let some = self.events.range(from..).take(most);
        let to = position + i64::try_from(some.len()).ok()?;
        let frames = match audience {
            (Audience::Everybody, _) => some.map(|(_, frame)| frame.clone()).collect(),
            (audience, since) => told(some.map(|(event, _)| event), audience, since),
        };
        Some((frames, to))
    }
}

/// What a panicking thread leaves is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
