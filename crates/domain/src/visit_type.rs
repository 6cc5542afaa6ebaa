//! Kinds of visits: how long they last, how far ahead they can be booked, and what they occupy.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::doctor::replace;
use crate::{Revision, SlotLength, Span, VisitTypeId, VisitTypeName};

/// A number outside its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be from {least} to {most} {unit}")]
pub struct OutOfRange {
    /// The least it may be.
    pub least: u32,
    /// The most it may be.
    pub most: u32,
    /// What is counted.
    pub unit: &'static str,
}

macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident($inner:ty), $least:literal..=$most:literal $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl $name {
            /// The least it may be.
            pub const LEAST: $inner = $least;
            /// The most it may be.
            pub const MOST: $inner = $most;

            /// So many of them.
            ///
            /// # Errors
            ///
            /// [`OutOfRange`] outside [`LEAST`](Self::LEAST) to [`MOST`](Self::MOST).
            pub fn new(number: $inner) -> Result<Self, OutOfRange> {
                if (Self::LEAST..=Self::MOST).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(OutOfRange { least: $least, most: $most, unit: $unit })
                }
            }

            /// How many.
            #[must_use]
            pub fn get(self) -> $inner {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($least)
            }
        }
    };
}

bounded!(
    /// How long a doctor is kept busy beside a visit, before it or after it: 0–480 minutes.
    Buffer(u16), 0..=480 "minutes"
);
bounded!(
    /// How long before its start a visit has to be booked, in elapsed time: 0–525,600 minutes, which is a year.
    Notice(u32), 0..=525_600 "minutes"
);
bounded!(
    /// How many days after today, on the doctor's calendar, a visit may start at most: 0–3,650. 0 is today only.
    Horizon(u16), 0..=3_650 "days"
);
bounded!(
    /// How many patients the doctor sees at the same time: 1–50. 1 is a visit alone with the doctor.
    Capacity(u8), 1..=50 "patients"
);

impl Buffer {
    /// As elapsed time.
    #[must_use]
    pub fn duration(self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.0))
    }
}

impl Notice {
    /// As elapsed time.
    #[must_use]
    pub fn duration(self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.0))
    }
}

impl Capacity {
    /// Whether others may be there at the same time.
    #[must_use]
    pub fn is_shared(self) -> bool {
        self.0 > 1
    }
}

/// What a visit takes of its doctor: copied into a booking when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Footprint {
    /// How long the doctor is busy before it starts.
    pub before: Buffer,
    /// How long the doctor is busy after it has ended.
    pub after: Buffer,
    /// With how many others, less one, the doctor is shared.
    pub capacity: Capacity,
}

impl Footprint {
    /// The longest time for which a visit occupies its doctor, in minutes: that of the longest slot between the longest
    /// buffers, 24 hours.
    pub const MOST_MINUTES: u16 = SlotLength::MOST + 2 * Buffer::MOST;

    /// What a visit of this footprint occupies of its doctor: from the buffer before it to that after it. The patient is
    /// busy only during the visit.
    #[must_use]
    pub fn occupied(&self, visit: Span) -> Span {
        let start = visit.start().checked_sub_signed(self.before.duration()).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let end = visit.end().checked_add_signed(self.after.duration()).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Span::new(start, end).unwrap_or(visit)
    }
}

/// How a visit can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long it lasts.
    pub length: SlotLength,
    /// How far apart its slots begin; `None`: one begins where the one before ends.
    pub step: Option<SlotLength>,
    /// What it takes of the doctor.
    pub footprint: Footprint,
    /// How long before its start it has to be booked.
    pub notice: Notice,
    /// How far ahead it can be booked; `None`: any time ahead.
    pub horizon: Option<Horizon>,
}

impl Terms {
    /// A visit that lasts as long as a slot, alone with the doctor, without buffers, that can be booked at any time.
    #[must_use]
    pub fn plain(length: SlotLength) -> Self {
        Self { length, step: None, footprint: Footprint::default(), notice: Notice::default(), horizon: None }
    }

    /// How far apart its slots begin.
    #[must_use]
    pub fn step(&self) -> SlotLength {
        self.step.unwrap_or(self.length)
    }

    /// The terms, if a visit can ever be booked by them.
    ///
    /// # Errors
    ///
    /// [`NoticeBeyondHorizon`].
    pub fn checked(self) -> Result<Self, NoticeBeyondHorizon> {
        let beyond = self.horizon.is_some_and(|horizon| {
            // Also where only today can be booked, today is a day.
            self.notice.get() > u32::from(horizon.get().max(1)) * 24 * 60
        });
        if beyond { Err(NoticeBeyondHorizon) } else { Ok(self) }
    }
}

/// A visit would have to be booked earlier than it can be: its notice is longer than its horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the notice must not be longer than the horizon")]
pub struct NoticeBeyondHorizon;

/// A kind of visit that doctors offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitType(VisitTypeParts);

/// Everything a visit type is made of, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitTypeParts {
    /// Which type.
    pub id: VisitTypeId,
    /// What it is called.
    pub name: VisitTypeName,
    /// How it can be booked.
    pub terms: Terms,
    /// Whether it can no longer be booked.
    pub retired: bool,
    /// How often any of this has changed.
    pub revision: Revision,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What to change about a visit type; `None` stays as it is, `Some(None)` is no longer limited.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct VisitTypeAmendment {
    /// Another name.
    pub name: Option<VisitTypeName>,
    /// Another length, for bookings to come.
    pub length: Option<SlotLength>,
    /// Another distance between slots; `Some(None)`: the length.
    pub step: Option<Option<SlotLength>>,
    /// Another buffer before visits to come.
    pub before: Option<Buffer>,
    /// Another buffer after visits to come.
    pub after: Option<Buffer>,
    /// Another notice.
    pub notice: Option<Notice>,
    /// Another horizon.
    pub horizon: Option<Option<Horizon>>,
    /// Another capacity, for bookings to come.
    pub capacity: Option<Capacity>,
}

impl VisitType {
    /// A visit type that was not there before.
    ///
    /// # Errors
    ///
    /// [`NoticeBeyondHorizon`]: it could never be booked.
    pub fn new(
        id: VisitTypeId,
        name: VisitTypeName,
        terms: Terms,
        now: DateTime<Utc>,
    ) -> Result<Self, NoticeBeyondHorizon> {
        let terms = terms.checked()?;
        let revision = Revision::FIRST;
        Ok(Self(VisitTypeParts { id, name, terms, retired: false, revision, created_at: now, updated_at: now }))
    }

    /// The visit type that was stored as these parts.
    ///
    /// # Errors
    ///
    /// [`NoticeBeyondHorizon`].
    pub fn from_parts(parts: VisitTypeParts) -> Result<Self, NoticeBeyondHorizon> {
        parts.terms.checked()?;
        Ok(Self(parts))
    }

    /// All of it.
    #[must_use]
    pub fn parts(&self) -> &VisitTypeParts {
        &self.0
    }

    /// Which type.
    #[must_use]
    pub fn id(&self) -> VisitTypeId {
        self.0.id
    }

    /// How it can be booked.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.0.terms
    }

    /// How often it has changed.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// The type with some things changed, one revision later. Bookings there are keep what was agreed.
    ///
    /// # Errors
    ///
    /// [`NoticeBeyondHorizon`].
    pub fn amended(&self, amendment: VisitTypeAmendment, now: DateTime<Utc>) -> Result<Self, NoticeBeyondHorizon> {
        let VisitTypeAmendment { name, length, step, before, after, notice, horizon, capacity } = amendment;
        let mut parts = self.changed(now);
        replace(&mut parts.name, name);
        let terms = &mut parts.terms;
        replace(&mut terms.length, length);
        replace(&mut terms.step, step);
        replace(&mut terms.footprint.before, before);
        replace(&mut terms.footprint.after, after);
        replace(&mut terms.footprint.capacity, capacity);
        replace(&mut terms.notice, notice);
        replace(&mut terms.horizon, horizon);
        Self::from_parts(parts)
    }

    /// The type as it is once retired; `None` when it already is. Nobody can book it any more; bookings there are stay.
    #[must_use]
    pub fn retired(&self, now: DateTime<Utc>) -> Option<Self> {
        (!self.0.retired).then(|| Self(VisitTypeParts { retired: true, ..self.changed(now) }))
    }

    fn changed(&self, now: DateTime<Utc>) -> VisitTypeParts {
        VisitTypeParts { revision: self.0.revision.next(), updated_at: now, ..self.0.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: u16) -> SlotLength {
        SlotLength::from_minutes(minutes).expect("a length")
    }

    fn with(notice: u32, horizon: Option<u16>) -> Result<VisitType, NoticeBeyondHorizon> {
        let terms = Terms {
            notice: Notice::new(notice).expect("a notice"),
            horizon: horizon.map(|days| Horizon::new(days).expect("a horizon")),
            ..Terms::plain(minutes(30))
        };
        let name = VisitTypeName::parse("Check-up").expect("a name");
        VisitType::new(VisitTypeId::from_u128(1), name, terms, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_notice_longer_than_the_horizon_is_refused_when_made_and_when_amended() {
        assert!(with(1440, Some(1)).is_ok() && with(525_600, None).is_ok() && with(60, Some(0)).is_ok());
        assert_eq!(with(1441, Some(1)), Err(NoticeBeyondHorizon));
        assert_eq!(with(1441, Some(0)), Err(NoticeBeyondHorizon));
        let two_days = with(2880, None).expect("no horizon");
        let one_day = VisitTypeAmendment { horizon: Some(Horizon::new(1).ok()), ..Default::default() };
        assert_eq!(two_days.amended(one_day, DateTime::UNIX_EPOCH), Err(NoticeBeyondHorizon));
    }

    #[test]
    fn numbers_stay_in_their_ranges() {
        assert!(Buffer::new(480).is_ok() && Buffer::new(481).is_err());
        assert!(Notice::new(525_600).is_ok() && Notice::new(525_601).is_err());
        assert!(Horizon::new(0).is_ok() && Horizon::new(3_651).is_err());
        assert!(Capacity::new(0).is_err() && Capacity::new(50).is_ok() && Capacity::new(51).is_err());
        assert_eq!(Capacity::new(51).expect_err("too many").to_string(), "must be from 1 to 50 patients");
    }

    #[test]
    fn slots_begin_as_far_apart_as_the_visit_is_long_unless_said_otherwise_also_when_the_length_changes() {
        let longer = VisitTypeAmendment { length: Some(minutes(45)), ..Default::default() };
        let longer = with(0, None).and_then(|plain| plain.amended(longer, DateTime::UNIX_EPOCH)).expect("possible");
        assert_eq!(longer.terms().step(), minutes(45));
        let closer = VisitTypeAmendment { step: Some(Some(minutes(15))), ..Default::default() };
        let closer = longer.amended(closer, DateTime::UNIX_EPOCH).expect("possible");
        assert_eq!((closer.terms().step(), closer.terms().length), (minutes(15), minutes(45)));
        assert_eq!(closer.revision(), Revision::FIRST.next().next());
    }

    #[test]
    fn a_type_is_retired_once() {
        let retired = with(0, None).expect("possible").retired(DateTime::UNIX_EPOCH).expect("it was not");
        assert!(retired.parts().retired);
        assert_eq!(retired.retired(DateTime::UNIX_EPOCH), None);
    }

    #[test]
    fn what_a_visit_occupies_reaches_from_buffer_to_buffer() {
        let at = |minute: i64| DateTime::from_timestamp(minute * 60, 0).expect("in range");
        let footprint = Footprint {
            before: Buffer::new(10).expect("a buffer"),
            after: Buffer::new(5).expect("a buffer"),
            ..Footprint::default()
        };
        let visit = Span::new(at(60), at(90)).expect("forwards");
        assert_eq!(footprint.occupied(visit), Span::new(at(50), at(95)).expect("forwards"));
        assert_eq!(Footprint::default().occupied(visit), visit);
        let ever = Span::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).expect("forwards");
        assert_eq!(footprint.occupied(ever), ever);
    }
}
