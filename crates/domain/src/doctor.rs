//! Doctors.

use chrono::{DateTime, Utc};

use crate::{DoctorId, OfferedTypes, PersonName, Revision, Rules, SlotLength, Specialty, WorkingHours, Zone};

/// A doctor, and the rules by which patients can book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doctor(DoctorParts);

/// Everything a doctor is made of, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoctorParts {
    /// Which doctor.
    pub id: DoctorId,
    /// What the doctor is called.
    pub name: PersonName,
    /// What the doctor does.
    pub specialty: Specialty,
    /// When the doctor can be booked.
    pub rules: Rules,
    /// How often any of this has changed: the rules revision.
    pub revision: Revision,
    /// When the doctor was registered.
    pub created_at: DateTime<Utc>,
    /// When any of this last changed.
    pub updated_at: DateTime<Utc>,
}

/// What to change about a doctor; `None` stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DoctorAmendment {
    /// Another first name.
    pub first_name: Option<crate::Name>,
    /// Another last name.
    pub last_name: Option<crate::Name>,
    /// Another specialty.
    pub specialty: Option<Specialty>,
    /// Another zone; the windows then hold on its clocks.
    pub zone: Option<Zone>,
    /// Another slot length, for bookings to come.
    pub slot: Option<SlotLength>,
    /// Whether the doctor takes bookings.
    pub active: Option<bool>,
    /// Which kinds of visits the doctor offers.
    pub visit_types: Option<OfferedTypes>,
}

impl DoctorAmendment {
    /// Whether it changes when the doctor can be booked, and for what.
    #[must_use]
    pub const fn changes_rules(&self) -> bool {
        let Self { first_name: _, last_name: _, specialty: _, zone, slot, active, visit_types } = self;
        zone.is_some() || slot.is_some() || active.is_some() || visit_types.is_some()
    }
}

impl Doctor {
    /// A doctor who was not there before.
    #[must_use]
    pub fn register(id: DoctorId, name: PersonName, specialty: Specialty, rules: Rules, now: DateTime<Utc>) -> Self {
        let revision = Revision::FIRST;
        Self(DoctorParts { id, name, specialty, rules, revision, created_at: now, updated_at: now })
    }

    /// The doctor that was stored as these parts.
    #[must_use]
    pub fn from_parts(parts: DoctorParts) -> Self {
        Self(parts)
    }

    /// Which doctor.
    #[must_use]
    pub fn id(&self) -> DoctorId {
        self.0.id
    }

    /// What the doctor is called.
    #[must_use]
    pub fn name(&self) -> &PersonName {
        &self.0.name
    }

    /// What the doctor does.
    #[must_use]
    pub fn specialty(&self) -> &Specialty {
        &self.0.specialty
    }

    /// When the doctor can be booked.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// How often the doctor has changed: the rules revision.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// When the doctor was registered.
    #[must_use]
    pub fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When the doctor last changed.
    #[must_use]
    pub fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// The doctor with some things changed, one revision later.
    #[must_use]
    pub fn amended(&self, amendment: DoctorAmendment, now: DateTime<Utc>) -> Self {
        let mut doctor = self.changed(now);
        let DoctorAmendment { first_name, last_name, specialty, zone, slot, active, visit_types } = amendment;
        let parts = &mut doctor.0;
        replace(&mut parts.name.first, first_name);
        replace(&mut parts.name.last, last_name);
        replace(&mut parts.specialty, specialty);
        replace(&mut parts.rules.zone, zone);
        replace(&mut parts.rules.slot, slot);
        replace(&mut parts.rules.active, active);
        replace(&mut parts.rules.visit_types, visit_types);
        doctor
    }

    /// The doctor with other working hours, one revision later.
    #[must_use]
    pub fn with_hours(&self, hours: WorkingHours, now: DateTime<Utc>) -> Self {
        let mut doctor = self.changed(now);
        doctor.0.rules.hours = hours;
        doctor
    }

    /// The doctor one revision later, since something on single dates has changed.
    #[must_use]
    pub fn revised(&self, now: DateTime<Utc>) -> Self {
        self.changed(now)
    }

    fn changed(&self, now: DateTime<Utc>) -> Self {
        let mut doctor = self.clone();
        doctor.0.revision = self.0.revision.next();
        doctor.0.updated_at = now;
        doctor
    }
}

/// Puts `new` in the place of `old`, if there is something new.
pub(crate) fn replace<T>(old: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *old = new;
    }
}
