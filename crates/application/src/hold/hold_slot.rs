//! A slot that is kept while somebody makes up his or her mind.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Action, Actor, Author, DoctorId, Entry, Hold, HoldTime, VisitTypeId, What};
use doctor_booking_ports::{Along, Calendars, Clock, Holds, Ids, NewHold, StoreHoldError, Unavailable, VisitTypes};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::availability::longest_visit_at;
use crate::booking::{Elsewhere, Missed, Refused};
use crate::visit_type::for_wanted;
use crate::{ATTEMPTS, Gate, Once, Resource};

/// How many slots a caller can hold at once.
pub const MOST_HOLDS: usize = 3;

/// The slot to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedHold {
    /// With whom.
    pub doctor: DoctorId,
    /// From when on.
    pub start: DateTime<Utc>,
    /// For what kind of visit; `None`: no particular kind.
    pub visit_type: Option<VisitTypeId>,
    /// How long to hold it.
    pub time: HoldTime,
}

/// Why a slot is not held.
#[derive(Debug, Error)]
pub enum HoldSlotError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The doctor's rules, or somebody else, stand in the way.
    #[error("{}", .0.refusals)]
    Refused(Box<Refused>),
    /// The caller holds as many as can be held at once.
    #[error("a caller can hold {MOST_HOLDS} slots at once")]
    TooMany,
    /// The doctor's rules changed again and again.
    #[error("the doctor's rules changed again and again")]
    Contended,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(HoldSlotError);

/// Holds a slot.
#[derive(Clone)]
pub struct HoldSlot {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    holds: Arc<dyn Holds>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl HoldSlot {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        holds: Arc<dyn Holds>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { gate, calendars, visit_types, holds, clock, ids }
    }

    /// Holds the slot that starts at the wanted time: it is nobody else's until the hold expires, is given back, or
    /// becomes a booking.
    ///
    /// # Errors
    ///
    /// [`HoldSlotError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        wanted: WantedHold,
        once: Option<&Once<'_, Hold>>,
    ) -> Result<Hold, HoldSlotError> {
        if !self.gate.admit(actor, Action::Hold, Resource::OfCaller(actor.caller))? {
            return Err(HoldSlotError::Forbidden);
        }
        let WantedHold { doctor, start, visit_type, time } = wanted;
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let seen = self.calendars.load(doctor, longest_visit_at(start))?.ok_or(HoldSlotError::UnknownDoctor)?;
            let calendar = for_wanted(seen.calendar, visit_type, &*self.visit_types)?;
            let calendar = calendar.ok_or(HoldSlotError::UnknownVisitType)?;
            let elsewhere = Elsewhere { actor, calendars: &*self.calendars, visit_types: &*self.visit_types, now };
            let missed = Missed { doctor, visit_type, start, moving: None };
            let refused = |refused: Option<Refused>| {
                refused.map_or(HoldSlotError::UnknownDoctor, |refused| HoldSlotError::Refused(Box::new(refused)))
            };
            let offer = match calendar.offer(start, now) {
                Ok(offer) => offer,
                Err(refusals) => return Err(refused(elsewhere.instead(&calendar, missed, refusals)?)),
            };
            let hold = offer.held(self.ids.hold(), actor.caller, now + time.duration(), now);
            let by = Author { who: actor.into(), at: now, why: None };
            let history = vec![Entry::hold(self.ids.entry(), What::HoldCreated, &hold, &by)];
            let along = Along { history, answer: once.map(|once| once.answer(&hold, now)) };
            let new = NewHold { hold, decided_on: seen.rules, most: MOST_HOLDS, along };
            match self.holds.store(&new) {
                Ok(()) => return Ok(new.hold),
                Err(StoreHoldError::Stale) => {} // the rules changed under us: look again
                Err(StoreHoldError::DoctorBusy) => return Err(refused(elsewhere.lost(missed)?)),
                Err(StoreHoldError::TooMany) => return Err(HoldSlotError::TooMany),
                Err(StoreHoldError::Answered) => return Err(HoldSlotError::Answered),
                Err(StoreHoldError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(HoldSlotError::Contended)
    }
}
