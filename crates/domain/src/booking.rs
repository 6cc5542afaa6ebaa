//! Bookings.

use chrono::{DateTime, Utc};

use crate::{BookingId, Busy, DoctorId, Footprint, PatientId, Reason, Revision, Span, VisitTypeId, Zone};

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BookingStatus {
    /// It will take place, or has.
    Booked,
    /// It will not take place.
    Cancelled,
}

impl BookingStatus {
    /// Whether a booking that stands here keeps its doctor and patient busy.
    #[must_use]
    pub fn is_live(self) -> bool {
        self == Self::Booked
    }
}

/// A patient's visit to a doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking(BookingParts);

/// Everything a booking is made of, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingParts {
    /// Which booking.
    pub id: BookingId,
    /// With whom.
    pub doctor: DoctorId,
    /// For whom.
    pub patient: PatientId,
    /// When. The length is what it was at the time of booking, and stays when slots or the visit type change.
    pub span: Span,
    /// What kind of visit it is; `None`: no particular kind.
    pub visit_type: Option<VisitTypeId>,
    /// What it takes of the doctor, as it was at the time of booking.
    pub footprint: Footprint,
    /// On whose clock it was agreed: the doctor's zone at the time of booking.
    pub zone: Zone,
    /// Where it stands.
    pub status: BookingStatus,
    /// What for.
    pub reason: Option<Reason>,
    /// Why it was cancelled.
    pub cancel_reason: Option<Reason>,
    /// Whether a later change of the doctor's rules left it outside working hours.
    pub outside_hours: bool,
    /// How often it has changed.
    pub revision: Revision,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Booking {
    /// The booking that was stored as these parts.
    #[must_use]
    pub fn from_parts(parts: BookingParts) -> Self {
        Self(parts)
    }

    /// All of it.
    #[must_use]
    pub fn parts(&self) -> &BookingParts {
        &self.0
    }

    /// Which booking.
    #[must_use]
    pub fn id(&self) -> BookingId {
        self.0.id
    }

    /// When.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// What it keeps the doctor busy with, buffers included.
    #[must_use]
    pub fn busy(&self) -> Busy {
        Busy { span: self.0.footprint.occupied(self.0.span), capacity: self.0.footprint.capacity }
    }

    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> BookingStatus {
        self.0.status
    }

    /// How often it has changed.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// The booking as it is once cancelled; `None` when it already is, since cancelling again changes nothing.
    #[must_use]
    pub fn cancelled(&self, why: Reason, now: DateTime<Utc>) -> Option<Self> {
        if self.0.status == BookingStatus::Cancelled {
            return None;
        }
        let mut parts = self.0.clone();
        parts.status = BookingStatus::Cancelled;
        parts.cancel_reason = Some(why);
        Some(Self(parts).changed(now))
    }

    /// The booking marked as outside working hours, or as inside again.
    #[must_use]
    pub(crate) fn marked(&self, outside_hours: bool, now: DateTime<Utc>) -> Self {
        let mut parts = self.0.clone();
        parts.outside_hours = outside_hours;
        Self(parts).changed(now)
    }

    fn changed(mut self, now: DateTime<Utc>) -> Self {
        self.0.revision = self.0.revision.next();
        self.0.updated_at = now;
        self
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn booking() -> Booking {
        let start = DateTime::from_timestamp(1_900_000_000, 0).expect("in range");
        Booking::from_parts(BookingParts {
            id: BookingId::from_u128(1),
            doctor: DoctorId::from_u128(2),
            patient: PatientId::from_u128(3),
            span: Span::new(start, start + TimeDelta::hours(1)).expect("forwards"),
            visit_type: None,
            footprint: Footprint::default(),
            zone: Zone::utc(),
            status: BookingStatus::Booked,
            reason: None,
            cancel_reason: None,
            outside_hours: false,
            revision: Revision::FIRST,
            created_at: start,
            updated_at: start,
        })
    }

    #[test]
    fn cancelling_frees_and_keeps_the_reason() {
        let now = booking().span().end();
        let why = Reason::parse("feels better").expect("valid");
        let cancelled = booking().cancelled(why.clone(), now).expect("it was booked");
        assert!(!cancelled.status().is_live());
        assert_eq!(cancelled.parts().cancel_reason, Some(why));
        assert_eq!((cancelled.revision(), cancelled.parts().updated_at), (Revision::FIRST.next(), now));
    }

    #[test]
    fn cancelling_again_changes_nothing() {
        let why = Reason::parse("feels better").expect("valid");
        let cancelled = booking().cancelled(why.clone(), booking().span().end()).expect("it was booked");
        assert_eq!(cancelled.cancelled(why, booking().span().end()), None);
    }
}
