//! What decides when a doctor can be booked, apart from what is booked already.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use thiserror::Error;

use crate::{VisitTypeId, Weekly, WorkingHours, Zone};

/// How long a visit lasts, and how far apart slots begin: 5–480 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotLength(u16);

/// A slot length outside 5–480 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be from {} to {} minutes", SlotLength::LEAST, SlotLength::MOST)]
pub struct SlotLengthOutOfRange;

impl SlotLength {
    /// The shortest slot, in minutes.
    pub const LEAST: u16 = 5;
    /// The longest slot, in minutes.
    pub const MOST: u16 = 480;

    /// A slot of so many minutes.
    ///
    /// # Errors
    ///
    /// [`SlotLengthOutOfRange`] outside 5–480.
    pub fn from_minutes(minutes: u16) -> Result<Self, SlotLengthOutOfRange> {
        if (Self::LEAST..=Self::MOST).contains(&minutes) { Ok(Self(minutes)) } else { Err(SlotLengthOutOfRange) }
    }

    /// In minutes, 5–480.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// As elapsed time.
    #[must_use]
    pub fn duration(self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.0))
    }
}

/// One hour.
impl Default for SlotLength {
    fn default() -> Self {
        Self(60)
    }
}

/// Which kinds of visits a doctor offers. A visit of no particular kind, as long as a slot, every doctor offers.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum OfferedTypes {
    /// Every type there is and will be.
    #[default]
    All,
    /// These.
    Only(BTreeSet<VisitTypeId>),
}

impl OfferedTypes {
    /// Whether this type is one of them.
    #[must_use]
    pub fn includes(&self, visit_type: VisitTypeId) -> bool {
        match self {
            Self::All => true,
            Self::Only(these) => these.contains(&visit_type),
        }
    }
}

/// What decides when a doctor can be booked, apart from what is booked already and from exceptions on single dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether the doctor takes bookings at all.
    pub active: bool,
    /// Where the doctor's clock hangs.
    pub zone: Zone,
    /// How long a slot is, for a visit of no particular kind.
    pub slot: SlotLength,
    /// Which kinds of visits the doctor offers.
    pub visit_types: OfferedTypes,
    /// The weeks, by the date from which they hold.
    pub hours: WorkingHours,
}

impl Rules {
    /// An active doctor in `zone` with slots of an hour and every kind of visit, and no working hours yet.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self {
            active: true,
            zone,
            slot: SlotLength::default(),
            visit_types: OfferedTypes::All,
            hours: WorkingHours::none(),
        }
    }

    /// With these working hours.
    #[must_use]
    pub fn with_hours(mut self, hours: WorkingHours) -> Self {
        self.hours = hours;
        self
    }

    /// With one week for all dates.
    #[must_use]
    pub fn with_weekly(self, weekly: Weekly) -> Self {
        self.with_hours(WorkingHours::always(weekly))
    }

    /// With slots of this length.
    #[must_use]
    pub fn with_slot(mut self, slot: SlotLength) -> Self {
        self.slot = slot;
        self
    }

    /// With only these kinds of visits.
    #[must_use]
    pub fn with_visit_types(mut self, visit_types: impl IntoIterator<Item = VisitTypeId>) -> Self {
        self.visit_types = OfferedTypes::Only(visit_types.into_iter().collect());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_lasts_an_hour_unless_said_otherwise_and_never_less_than_five_minutes() {
        assert_eq!(SlotLength::default().minutes(), 60);
        assert!(SlotLength::from_minutes(4).is_err());
        assert!(SlotLength::from_minutes(5).is_ok());
        assert!(SlotLength::from_minutes(480).is_ok());
        assert!(SlotLength::from_minutes(481).is_err());
    }
}
