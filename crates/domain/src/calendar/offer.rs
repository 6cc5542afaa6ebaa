//! A slot that may be booked.

use chrono::{DateTime, Utc};

use super::Visit;
use crate::{
    Booking, BookingId, BookingParts, BookingStatus, CallerId, DoctorId, Hold, HoldId, Marks, PatientId, Reason,
    Revision, Span, Waiting, Zone,
};

/// A slot that may be booked, by the rules it was decided on. Only [`Calendar::offer`](crate::Calendar::offer) and
/// [`Calendar::offer_but`](crate::Calendar::offer_but) make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    doctor: DoctorId,
    span: Span,
    visit: Visit,
    zone: Zone,
    marks: Marks,
}

impl Offer {
    pub(super) fn new(doctor: DoctorId, span: Span, visit: Visit, zone: Zone, marks: Marks) -> Self {
        Self { doctor, span, visit, zone, marks }
    }

    /// When.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whose slot it is.
    #[must_use]
    pub fn doctor(&self) -> DoctorId {
        self.doctor
    }

    /// Puts a booking into this slot.
    pub(crate) fn put_into(&self, booking: &mut BookingParts) {
        booking.doctor = self.doctor;
        booking.span = self.span;
        booking.visit_type = self.visit.kind;
        booking.footprint = self.visit.terms.footprint;
        booking.zone = self.zone.clone();
        booking.outside_hours = self.marks.outside_hours;
        booking.beside_others = self.marks.beside_others;
    }

    /// The slot, held for whoever asks until `expires_at`.
    #[must_use]
    pub fn held(self, id: HoldId, owner: CallerId, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Hold {
        Hold {
            id,
            doctor: self.doctor,
            span: self.span,
            visit_type: self.visit.kind,
            footprint: self.visit.terms.footprint,
            zone: self.zone,
            owner,
            waiting: None,
            expires_at,
            created_at: now,
        }
    }

    /// The slot, held until `expires_at` for a patient who waits.
    #[must_use]
    pub fn held_for(self, id: HoldId, waiting: &Waiting, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Hold {
        let hold = self.held(id, waiting.parts().owner, expires_at, now);
        Hold { waiting: Some(waiting.id()), ..hold }
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
            series: None,
            footprint: self.visit.terms.footprint,
            zone: self.zone,
            status: BookingStatus::Booked,
            reason,
            cancel_reason: None,
            outside_hours: self.marks.outside_hours,
            beside_others: self.marks.beside_others,
            revision: Revision::FIRST,
            created_at: now,
            updated_at: now,
        })
    }
}
