//! A patient who waits for a slot.

use std::sync::Arc;

use doctor_booking_domain::{
    Action, Actor, Author, DateRange, Entry, PatientId, Revision, VisitTypeId, WaitFor, Waiting, WaitingParts,
    WaitingStatus, What,
};
use doctor_booking_ports::{
    AddError, Along, Clock, Doctors, Ids, Limit, PageRequest, Patients, Unavailable, VisitTypes, WaitingFilter,
    Waitlist,
};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::{Gate, MOST_DAYS, Once, Resource};

/// A patient to put in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWaiting {
    /// Who waits.
    pub patient: PatientId,
    /// For whose slot.
    pub wanted: WaitFor,
    /// For what kind of visit; `None`: no particular kind.
    pub visit_type: Option<VisitTypeId>,
    /// On which dates, on the doctor's clock.
    pub dates: DateRange,
}

/// Why a patient was not put in line.
#[derive(Debug, Error)]
pub enum JoinWaitlistError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// The patient has as many places as can be had.
    #[error("a patient has {MOST_PLACES} places in line at most")]
    TooMany,
    /// The range has more than [`MOST_DAYS`] dates.
    #[error("a range of dates has at most {MOST_DAYS} days")]
    RangeTooLong,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(JoinWaitlistError);

/// How many places in line a patient has at most, offered ones among them.
pub const MOST_PLACES: usize = 20;

/// Puts a patient in line.
#[derive(Clone)]
pub struct JoinWaitlist {
    gate: Gate,
    waitlist: Arc<dyn Waitlist>,
    doctors: Arc<dyn Doctors>,
    patients: Arc<dyn Patients>,
    visit_types: Arc<dyn VisitTypes>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl JoinWaitlist {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        waitlist: Arc<dyn Waitlist>,
        doctors: Arc<dyn Doctors>,
        patients: Arc<dyn Patients>,
        visit_types: Arc<dyn VisitTypes>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { gate, waitlist, doctors, patients, visit_types, clock, ids }
    }

    /// Puts a patient at the end of the line.
    ///
    /// # Errors
    ///
    /// [`JoinWaitlistError`]; nothing was changed then.
    pub fn execute(
        &self,
        actor: &Actor,
        new: NewWaiting,
        once: Option<&Once<'_, Waiting>>,
    ) -> Result<Waiting, JoinWaitlistError> {
        if !self.gate.admit(actor, Action::Wait, Resource::of_patient(new.patient))? {
            return Err(JoinWaitlistError::UnknownPatient);
        }
        if new.dates.count() > MOST_DAYS {
            return Err(JoinWaitlistError::RangeTooLong);
        }
        // None of these ever goes, so what is there now stays.
        if let WaitFor::Doctor(doctor) = new.wanted {
            self.doctors.find(doctor)?.ok_or(JoinWaitlistError::UnknownDoctor)?;
        }
        self.patients.find(new.patient)?.ok_or(JoinWaitlistError::UnknownPatient)?;
        if let Some(visit_type) = new.visit_type {
            self.visit_types.find(visit_type)?.ok_or(JoinWaitlistError::UnknownVisitType)?;
        }
        // Two that come at once may both be let in: it is a measure, not a promise.
        if live_places(&*self.waitlist, new.patient)?.len() >= MOST_PLACES {
            return Err(JoinWaitlistError::TooMany);
        }
        let now = self.clock.now();
        let waiting = Waiting::from_parts(WaitingParts {
            id: self.ids.waiting(),
            patient: new.patient,
            wanted: new.wanted,
            visit_type: new.visit_type,
            dates: new.dates,
            owner: new.patient.uuid().into(),
            since: now,
            status: WaitingStatus::Waiting,
            revision: Revision::FIRST,
            created_at: now,
            updated_at: now,
        });
        let by = Author { who: actor.into(), at: now, why: None };
        let history = vec![Entry::waiting(self.ids.entry(), What::WaitlistJoined, &waiting, None, &by)];
        let answer = once.map(|once| once.answer(&waiting, now));
        match self.waitlist.add(&waiting, &Along { history, answer }) {
            Ok(()) => Ok(waiting),
            Err(AddError::Answered) => Err(JoinWaitlistError::Answered),
            Err(AddError::Unavailable(error)) => Err(error.into()),
        }
    }
}

/// The places of a patient who still waits, or is offered something.
pub(super) fn live_places(waitlist: &dyn Waitlist, patient: PatientId) -> Result<Vec<Waiting>, Unavailable> {
    let filter = WaitingFilter { patient: Some(patient), doctor: None };
    let (mut page, mut live) = (PageRequest::first(Limit::default()), Vec::new());
    loop {
        let found = waitlist.list(&filter, &page)?;
        live.extend(found.items.into_iter().filter(|place| place.parts().status != WaitingStatus::Booked));
        match found.next {
            Some(next) if live.len() < MOST_PLACES => page.after = Some(next),
            _ => return Ok(live),
        }
    }
}
