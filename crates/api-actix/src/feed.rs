//! What happens, as it happens: one follower reads the store for everybody who listens.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::web::Bytes;
use doctor_booking_application::{Event, FollowEvents, Limit, Unavailable};
use doctor_booking_domain::{Actor, CallerId, What};
use tokio::sync::watch;

use crate::event::frame;

/// How many of the last events are kept at hand. Who is further behind reads them from the store.
const AT_HAND: usize = 1024;

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
    frames: VecDeque<Bytes>,
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
            let events = self.read(position)?;
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

    /// What comes right after a position, some of it, and the position to which that leads; `None` when it is not at hand.
    pub(crate) fn at_hand(&self, after: i64, most: usize) -> Option<(Vec<Bytes>, i64)> {
        lock(&self.0.at_hand).after(after, most)
    }

    /// What comes right after a position, read from the store.
    pub(crate) fn read(&self, after: i64) -> Result<Vec<Event>, Unavailable> {
        let service = Actor::administrator(CallerId::from_u128(0));
        self.0.follow.execute(&service, after, Limit::new(Limit::MOST).unwrap_or_default())
    }

    fn news(&self) -> News {
        *self.0.news.borrow()
    }
}

impl AtHand {
    fn push(&mut self, events: &[Event]) {
        for event in events {
            if event.position != self.last + 1 {
                self.frames.clear();
            }
            self.last = event.position;
            self.frames.push_back(frame(event));
        }
        let old = self.frames.len().saturating_sub(AT_HAND);
        self.frames.drain(..old);
    }

    fn after(&self, position: i64, most: usize) -> Option<(Vec<Bytes>, i64)> {
        let behind = usize::try_from(self.last - position).ok()?;
        let from = self.frames.len().checked_sub(behind)?;
        let frames: Vec<_> = self.frames.range(from..).take(most).cloned().collect();
        let to = position + i64::try_from(frames.len()).ok()?;
        Some((frames, to))
    }
}

/// What a panicking thread leaves is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
