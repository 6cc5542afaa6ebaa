//! A slot that may be booked.

use chrono::{DateTime, Utc};

use super::Visit;
use crate::{Booking, BookingId, BookingParts, BookingStatus, DoctorId, PatientId, Reason, Revision, Span, Zone};

/// A slot that may be booked, by the rules it was decided on. Only [`Calendar::offer`](crate::Calendar::offer) makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    doctor: DoctorId,
    span: Span,
    visit: Visit,
    zone: Zone,
}

impl Offer {
    pub(super) fn new(doctor: DoctorId, span: Span, visit: Visit, zone: Zone) -> Self {
        Self { doctor, span, visit, zone }
    }

    /// When.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The booking of this slot for a patient.
    #[must_use]
    pub fn for_patient(self, id: BookingId, patient: PatientId, reason: Option<Reason>, now: DateTime<Utc>) -> Booking {
        Booking::from_parts(BookingParts {
            id,
            doctor: self.doctor,
            patient,
            span: self.span,
            visit_type: self.visit.kind,
            footprint: self.visit.terms.footprint,
            zone: self.zone,
            status: BookingStatus::Booked,
            reason,
            cancel_reason: None,
            outside_hours: false,
            revision: Revision::FIRST,
            created_at: now,
            updated_at: now,
        })
    }
}
