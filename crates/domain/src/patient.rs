//! Patients.

use chrono::{DateTime, NaiveDate, Utc};

use crate::doctor::replace;
use crate::{Email, ExternalId, Name, PatientId, PersonName, Phone, Revision};

/// A patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient(PatientParts);

/// What is known about a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientDetails {
    /// What the patient is called.
    pub name: PersonName,
    /// When the patient was born.
    pub birth_date: Option<NaiveDate>,
    /// Where to write to.
    pub email: Option<Email>,
    /// Where to call.
    pub phone: Option<Phone>,
    /// What another system calls the patient.
    pub external_id: Option<ExternalId>,
}

/// Everything a patient is made of, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientParts {
    /// Which patient.
    pub id: PatientId,
    /// What is known.
    pub details: PatientDetails,
    /// How often that has changed.
    pub revision: Revision,
    /// When the patient was registered.
    pub created_at: DateTime<Utc>,
    /// When something last changed.
    pub updated_at: DateTime<Utc>,
}

/// What to change about a patient; `None` stays as it is, `Some(None)` is no longer known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PatientAmendment {
    /// Another first name.
    pub first_name: Option<Name>,
    /// Another last name.
    pub last_name: Option<Name>,
    /// Another date of birth.
    pub birth_date: Option<Option<NaiveDate>>,
    /// Another address to write to.
    pub email: Option<Option<Email>>,
    /// Another number to call.
    pub phone: Option<Option<Phone>>,
    /// Another name in another system.
    pub external_id: Option<Option<ExternalId>>,
}

impl Patient {
    /// A patient who was not there before.
    #[must_use]
    pub fn register(id: PatientId, details: PatientDetails, now: DateTime<Utc>) -> Self {
        Self(PatientParts { id, details, revision: Revision::FIRST, created_at: now, updated_at: now })
    }

    /// The patient that was stored as these parts.
    #[must_use]
    pub fn from_parts(parts: PatientParts) -> Self {
        Self(parts)
    }

    /// Which patient.
    #[must_use]
    pub fn id(&self) -> PatientId {
        self.0.id
    }

    /// What is known.
    #[must_use]
    pub fn details(&self) -> &PatientDetails {
        &self.0.details
    }

    /// How often the patient has changed.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// When the patient was registered.
    #[must_use]
    pub fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the patient last changed.
    #[must_use]
    pub fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// The patient with some things changed, one revision later.
    #[must_use]
    pub fn amended(&self, amendment: PatientAmendment, now: DateTime<Utc>) -> Self {
        let mut parts = self.0.clone();
        let PatientAmendment { first_name, last_name, birth_date, email, phone, external_id } = amendment;
        replace(&mut parts.details.name.first, first_name);
        replace(&mut parts.details.name.last, last_name);
        replace(&mut parts.details.birth_date, birth_date);
        replace(&mut parts.details.email, email);
        replace(&mut parts.details.phone, phone);
        replace(&mut parts.details.external_id, external_id);
        parts.revision = parts.revision.next();
        parts.updated_at = now;
        Self(parts)
    }
}
