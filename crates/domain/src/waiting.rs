//! Patients who wait for a slot to become free.

use chrono::{DateTime, Utc};

use crate::{CallerId, DateRange, DoctorId, HoldId, PatientId, Revision, Specialty, VisitTypeId, WaitingId};

/// For whose slot somebody waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitFor {
    /// This doctor's.
    Doctor(DoctorId),
    /// That of any doctor of this specialty.
    Specialty(Specialty),
}

/// Where somebody who waits stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingStatus {
    /// In line.
    Waiting,
    /// A slot is held for the patient; in line no longer.
    Offered {
        /// Which hold.
        hold: HoldId,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The patient has booked what was offered.
    Booked,
}

/// A patient who waits for a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting(WaitingParts);

/// Everything that a place in the line is made of, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingParts {
    /// Which place.
    pub id: WaitingId,
    /// Who waits.
    pub patient: PatientId,
    /// For whose slot.
    pub wanted: WaitFor,
    /// For what kind of visit; `None`: no particular kind.
    pub visit_type: Option<VisitTypeId>,
    /// On which dates, on the doctor's clock.
    pub dates: DateRange,
    /// Who put the patient in line, and can book what is offered.
    pub owner: CallerId,
    /// Since when the patient is in line: whoever came first is first. An offer that is not taken sends to the end.
    pub since: DateTime<Utc>,
    /// Where the patient stands.
    pub status: WaitingStatus,
    /// How often any of this has changed.
    pub revision: Revision,
    /// When the patient was put in line.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Waiting {
    /// The place that was stored as these parts.
    #[must_use]
    pub fn from_parts(parts: WaitingParts) -> Self {
        Self(parts)
    }

    /// All of it.
    #[must_use]
    pub fn parts(&self) -> &WaitingParts {
        &self.0
    }

    /// Which place.
    #[must_use]
    pub fn id(&self) -> WaitingId {
        self.0.id
    }

    /// How often it has changed.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// The place once a slot is held for the patient.
    #[must_use]
    pub fn offered(&self, hold: HoldId, until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        self.changed(WaitingStatus::Offered { hold, until }, self.0.since, now)
    }

    /// The place at the end of the line, since what was offered was not taken.
    #[must_use]
    pub fn back_in_line(&self, now: DateTime<Utc>) -> Self {
        self.changed(WaitingStatus::Waiting, now, now)
    }

    /// The place once the patient has booked what was offered.
    #[must_use]
    pub fn booked(&self, now: DateTime<Utc>) -> Self {
        self.changed(WaitingStatus::Booked, self.0.since, now)
    }

    fn changed(&self, status: WaitingStatus, since: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let revision = self.0.revision.next();
        Self(WaitingParts { status, since, revision, updated_at: now, ..self.0.clone() })
    }
}
