//! A civil date as it is shown: openings, slots, and why nothing is free.

use chrono::NaiveDate;

use crate::Span;

/// What a slot is to someone who looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotStatus {
    /// It can be booked.
    Free,
    /// Someone else has it, or a part of it.
    Booked,
    /// It is held for somebody for a little while.
    Held,
    /// The doctor is away, or the hospital is closed, in some of it.
    Blocked,
    /// It has begun.
    Past,
    /// It begins too soon: visits of its kind have to be booked earlier.
    TooSoon,
    /// It begins too far ahead: visits of its kind cannot be booked yet.
    TooFar,
}

/// An offered stretch of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When.
    pub span: Span,
    /// Whether it can be booked, or why not.
    pub status: SlotStatus,
}

/// Why a date has nothing free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NothingFree {
    /// The doctor takes no bookings.
    DoctorInactive,
    /// The doctor does not work on that date.
    NoWorkingHours,
    /// That date's override closes it.
    ClosedOverride,
    /// The hospital is closed in all of the working time.
    Closure,
    /// The doctor is away in all of the working time, or in what of it the hospital is open.
    TimeOff,
    /// The clocks skipped all of that date's windows.
    DstGap,
    /// The zone skipped the date.
    DateDoesNotExist,
    /// No slot fits into the working time, or into what others have left of it.
    NoGapLongEnough,
    /// All of it is over.
    InPast,
    /// What is not taken begins too soon.
    Notice,
    /// What is not taken begins too far ahead.
    Horizon,
    /// Everything still to come is taken.
    FullyBooked,
}

impl NothingFree {
    /// Whether it tells neither of other people's visits nor of when the doctor works: it lies in the date, or in what
    /// everybody may know of the hospital and its kinds of visits.
    #[must_use]
    pub const fn tells_of_nobody(self) -> bool {
        match self {
            Self::DoctorInactive
            | Self::Closure
            | Self::DateDoesNotExist
            | Self::InPast
            | Self::Notice
            | Self::Horizon => true,
            Self::NoWorkingHours
            | Self::ClosedOverride
            | Self::TimeOff
            | Self::DstGap
            | Self::NoGapLongEnough
            | Self::FullyBooked => false,
        }
    }
}

/// A civil date at the doctor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which date.
    pub date: NaiveDate,
    /// Working time on that date without time off and closures, from midnight to midnight: a night shift shows on both
    /// of its dates.
    pub openings: Vec<Span>,
    /// The slots that start on that date, in order.
    pub slots: Vec<Slot>,
    /// Why none of them is free; `None` when one is.
    pub reason: Option<NothingFree>,
}

impl Day {
    pub(super) fn empty(date: NaiveDate) -> Self {
        Self { date, openings: vec![], slots: vec![], reason: None }
    }

    /// The same for somebody who must not know what is not free, nor why: only what can be booked, and where nothing can,
    /// a reason that does not tell of anybody.
    #[must_use]
    pub fn without_what_is_taken(self) -> Self {
        let Self { date, slots, reason, .. } = self;
        let slots = slots.into_iter().filter(|slot| slot.status == SlotStatus::Free).collect();
        Self { date, openings: vec![], slots, reason: reason.filter(|reason| reason.tells_of_nobody()) }
    }

    /// The slots that can be booked.
    pub fn free(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.status == SlotStatus::Free)
    }

    /// How many slots can be booked.
    #[must_use]
    pub fn free_count(&self) -> usize {
        self.free().count()
    }
}
