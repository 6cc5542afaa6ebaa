//! How much is worked on at once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doctor_booking_domain::CallerId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::code::Code;
use crate::problem::Problem;

tokio::task_local! {
    static PLACE: Place;
}

/// How much is worked on at once. What comes on top does not wait: it would only be answered late, when it may be wanted
/// no more, and take up room meanwhile.
pub(super) struct Crowd(Option<Arc<Places>>);

struct Places {
    all: Arc<Semaphore>,
    /// How many each has who has any.
    by_one: Mutex<HashMap<CallerId, u32>>,
    most_of_one: u32,
}

/// A place in the crowd, free again once the last of its clones is dropped; `None` where there are places without end.
#[derive(Clone)]
pub(crate) struct Place(#[expect(dead_code, reason = "it is there to be dropped")] Option<Arc<Taken>>);

struct Taken {
    _permit: OwnedSemaphorePermit,
    _share: Option<Share>,
}

/// One of the places that somebody has.
struct Share {
    of: CallerId,
    places: Arc<Places>,
}

impl Crowd {
    /// With so many places, and so many for one; 0: without end.
    pub(super) fn new(most: u32, most_of_one: u32) -> Self {
        let all = usize::try_from(most).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let places =
            (all > 0).then(|| Places { all: Arc::new(Semaphore::new(all)), by_one: Mutex::default(), most_of_one });
        Self(places.map(Arc::new))
    }

    /// A place, if there is one; and where it is known who asks, if it has not taken too many.
    pub(super) fn enter(&self, of: Option<CallerId>) -> Option<Place> {
        let Some(places) = &self.0 else { return Some(Place(None)) };
        let share = match of {
            Some(of) => Some(places.share(of)?),
            None => None,
        };
        let permit = Arc::clone(&places.all).try_acquire_owned().ok()?;
        Some(Place(Some(Arc::new(Taken { _permit: permit, _share: share }))))
    }
}

impl Places {
    fn share(self: &Arc<Self>, of: CallerId) -> Option<Share> {
        let mut by_one = self.by_one();
        let taken = by_one.entry(of).or_default();
        if *taken >= self.most_of_one {
            return None;
        }
        *taken += 1;
        Some(Share { of, places: Arc::clone(self) })
    }

    /// What a panicking thread leaves is whole.
    fn by_one(&self) -> MutexGuard<'_, HashMap<CallerId, u32>> {
        self.by_one.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if let Entry::Occupied(mut taken) = self.places.by_one().entry(self.of) {
            *taken.get_mut() -= 1;
            if *taken.get() == 0 {
                taken.remove();
            }
        }
    }
}

impl Place {
    /// Keeps the place until the request is answered. Handlers read the body and make all of the answer, but a stream,
    /// which has a place of its own kind.
    pub(super) async fn of<F: Future>(self, request: F) -> F::Output {
        PLACE.scope(self, request).await
    }
}

/// The place of the request that is being answered, for work that goes on when nobody waits for the answer any more.
pub(crate) fn place_of_request() -> Option<Place> {
    PLACE.try_with(Place::clone).ok()
}

/// What is told to those for whom there is no place.
pub(super) fn full(why: &str) -> Problem {
    Problem::new(Code::Unavailable, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_once_it_is_left() {
        let crowd = Crowd::new(2, 2);
        let (first, second) = (crowd.enter(None).expect("a place"), crowd.enter(None).expect("a place"));
        assert!(crowd.enter(None).is_none());
        let same = first.clone();
        drop(first);
        assert!(crowd.enter(None).is_none());
        drop(same);
        let third = crowd.enter(None).expect("a place");
        assert!(crowd.enter(None).is_none());
        drop((second, third));
        assert!(crowd.enter(None).is_some());
    }

    #[test]
    fn zero_is_places_without_end() {
        let crowd = Crowd::new(0, 0);
        let places: Vec<_> = (0..10_000).map(|_| crowd.enter(None)).collect();
        assert!(places.iter().all(Option::is_some));
    }

    #[test]
    fn one_leaves_places_to_others() {
        let crowd = Crowd::new(8, 2);
        let [greedy, modest] = [7, 8].map(CallerId::from_u128);
        let taken = [crowd.enter(Some(greedy)).expect("a place"), crowd.enter(Some(greedy)).expect("a place")];
        assert!(crowd.enter(Some(greedy)).is_none());
        let others = [crowd.enter(Some(modest)), crowd.enter(None), crowd.enter(None)];
        assert!(others.iter().all(Option::is_some));
        drop(taken);
        assert!(crowd.enter(Some(greedy)).is_some());
        drop(others);
        let known = crowd.0.as_ref().map(|places| places.by_one().len());
        assert_eq!(known, Some(0), "who has no place is forgotten");
    }

    #[actix_web::test]
    async fn what_is_left_behind_keeps_the_place_of_its_request() {
        let crowd = Crowd::new(1, 1);
        let place = crowd.enter(None).expect("a place");
        let left = place.of(async { place_of_request().expect("it is in one") }).await;
        assert!(place_of_request().is_none());
        assert!(crowd.enter(None).is_none());
        drop(left);
        assert!(crowd.enter(None).is_some());
    }
}
