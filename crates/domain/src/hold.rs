//! Slots that are held for somebody for a little while.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::{
    Booking, BookingId, BookingParts, BookingStatus, Busy, CallerId, DoctorId, Footprint, HoldId, PatientId, Reason,
    Revision, Span, VisitTypeId, WaitingId, Zone,
};

/// A slot that is held for a caller: it occupies the doctor like a booking until it expires, is given back, or becomes
/// one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Which hold.
    pub id: HoldId,
    /// With whom.
    pub doctor: DoctorId,
    /// When.
    pub span: Span,
    /// For what kind of visit; `None`: no particular kind.
    pub visit_type: Option<VisitTypeId>,
    /// What it takes of the doctor.
    pub footprint: Footprint,
    /// On whose clock it was agreed.
    pub zone: Zone,
    /// Who holds it.
    pub owner: CallerId,
    /// The place in the line of those who wait for which it is held; `None`: the owner asked for it.
    pub waiting: Option<WaitingId>,
    /// From this instant on it holds nothing any more, whether anybody has cleared it away or not.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Hold {
    /// Whether it still holds.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }

    /// What it keeps the doctor busy with, buffers included.
    #[must_use]
    pub fn busy(&self) -> Busy {
        let span = self.footprint.occupied(self.span);
        Busy { span, capacity: self.footprint.capacity, held_until: Some(self.expires_at) }
    }

    /// The booking of what is held, for a patient. Whether it may still be made, is for the caller to see.
    #[must_use]
    pub fn for_patient(
        &self,
        id: BookingId,
        patient: PatientId,
        reason: Option<Reason>,
        now: DateTime<Utc>,
    ) -> Booking {
        Booking::from_parts(BookingParts {
            id,
            doctor: self.doctor,
            patient,
            span: self.span,
            visit_type: self.visit_type,
            series: None,
            footprint: self.footprint,
            zone: self.zone.clone(),
            status: BookingStatus::Booked,
            reason,
            cancel_reason: None,
            outside_hours: false,
            beside_others: false,
            revision: Revision::FIRST,
            created_at: now,
            updated_at: now,
        })
    }
}

/// How long a slot is held: 30–900 seconds, 300 unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldTime(u16);

/// A time to hold outside 30–900 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a slot is held from {} to {} seconds", HoldTime::LEAST, HoldTime::MOST)]
pub struct HoldTimeOutOfRange;

impl HoldTime {
    /// The shortest, in seconds.
    pub const LEAST: u16 = 30;
    /// The longest, in seconds.
    pub const MOST: u16 = 900;

    /// So many seconds.
    ///
    /// # Errors
    ///
    /// [`HoldTimeOutOfRange`] outside 30–900.
    pub fn from_seconds(seconds: u16) -> Result<Self, HoldTimeOutOfRange> {
        if (Self::LEAST..=Self::MOST).contains(&seconds) { Ok(Self(seconds)) } else { Err(HoldTimeOutOfRange) }
    }

    /// As elapsed time.
    #[must_use]
    pub fn duration(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.0))
    }
}

impl Default for HoldTime {
    fn default() -> Self {
        Self(300)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_held_for_five_minutes_unless_said_otherwise() {
        assert_eq!(HoldTime::default().duration(), TimeDelta::minutes(5));
        assert!(HoldTime::from_seconds(29).is_err() && HoldTime::from_seconds(901).is_err());
        assert!(HoldTime::from_seconds(30).is_ok() && HoldTime::from_seconds(900).is_ok());
    }
}
