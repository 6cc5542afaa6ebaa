//! Patients who wait for a slot to become free.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{Hold, WaitFor, Waiting, WaitingId, WaitingParts, WaitingStatus};
use doctor_booking_ports::{
    AddError, Along, Limit, Offering, Page, PageRequest, StoreHoldError, Unavailable, WaitingFilter, Waitlist,
};

use crate::MemoryStore;
use crate::page::page;
use crate::store::{State, insert};

/// [`Waitlist`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryWaitlist(MemoryStore);

impl MemoryWaitlist {
    /// The line in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Waitlist for MemoryWaitlist {
    fn add(&self, waiting: &Waiting, along: &Along) -> Result<(), AddError> {
        let mut state = self.0.lock();
        state.is_new(along)?;
        insert(&mut state.waitlist, "waitlist", waiting.id(), waiting.clone())?;
        state.write(along);
        Ok(())
    }

    fn find(&self, id: WaitingId) -> Result<Option<Waiting>, Unavailable> {
        Ok(self.0.lock().waitlist.get(&id).cloned())
    }

    fn list(
        &self,
        filter: &WaitingFilter,
        request: &PageRequest<WaitingId>,
    ) -> Result<Page<Waiting, WaitingId>, Unavailable> {
        let WaitingFilter { patient, doctor } = *filter;
        let passes = |waiting: &&Waiting| {
            let WaitingParts { patient: who, wanted, .. } = waiting.parts();
            patient.is_none_or(|patient| *who == patient)
                && doctor.is_none_or(|doctor| *wanted == WaitFor::Doctor(doctor))
        };
        Ok(page(self.0.lock().waitlist.values().filter(passes), request, Waiting::id))
    }

    fn remove(&self, id: WaitingId, along: &Along) -> Result<bool, Unavailable> {
        let mut state = self.0.lock();
        let Some(there) = state.waitlist.remove(&id) else { return Ok(false) };
        if let WaitingStatus::Offered { hold, .. } = there.parts().status {
            state.take_hold(hold);
        }
        state.write(along);
        Ok(true)
    }

    fn in_line(
        &self,
        today: NaiveDate,
        after: Option<(DateTime<Utc>, WaitingId)>,
        limit: Limit,
    ) -> Result<Vec<Waiting>, Unavailable> {
        let state = self.0.lock();
        let place = |waiting: &Waiting| (waiting.parts().since, waiting.id());
        let is_in_line = |waiting: &&Waiting| {
            waiting.parts().status == WaitingStatus::Waiting
                && waiting.parts().dates.to() >= today
                && after.is_none_or(|after| place(waiting) > after)
        };
        let mut line: Vec<_> = state.waitlist.values().filter(is_in_line).cloned().collect();
        line.sort_by_key(place);
        line.truncate(usize::from(limit.get()));
        Ok(line)
    }

    fn offer(&self, offering: &Offering) -> Result<(), StoreHoldError> {
        let Offering { waiting, seen, hold } = offering;
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        if state.waitlist.get(&waiting.id()).is_none_or(|there| there.revision() != *seen) {
            return Err(StoreHoldError::Stale);
        }
        state.store_hold(hold)?;
        state.waitlist.insert(waiting.id(), waiting.clone());
        Ok(())
    }

    fn lapse(&self, now: DateTime<Utc>) -> Result<usize, Unavailable> {
        let mut state = self.0.lock();
        let has_lapsed =
            |it: &&mut Waiting| matches!(it.parts().status, WaitingStatus::Offered { until, .. } if until <= now);
        let lapsed = state.waitlist.values_mut().filter(has_lapsed).map(|it| *it = it.back_in_line(now));
        Ok(lapsed.count())
    }
}

impl State {
    /// What becomes of whoever waits for whom the hold was, once it is a booking, or is given back.
    pub(crate) fn settle(&mut self, hold: &Hold, then: impl Fn(&Waiting) -> Waiting) {
        let is_offered = |waiting: &&mut Waiting| matches!(waiting.parts().status, WaitingStatus::Offered { hold: offered, .. } if offered == hold.id);
        if let Some(waiting) = hold.waiting.and_then(|id| self.waitlist.get_mut(&id)).filter(is_offered) {
            *waiting = then(waiting);
        }
    }
}
