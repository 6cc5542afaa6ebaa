//! Whom a change of a doctor's rules would leave standing before a closed door.

use chrono::{DateTime, Utc};

use crate::{Booking, BookingId, Doctor, Revision, Schedule};

/// A doctor's live bookings that have not ended yet, as they were seen together with the doctor's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// Bookings that end after this instant are in it.
    pub as_of: DateTime<Utc>,
    /// All of them, in any order.
    pub bookings: Vec<Booking>,
}

/// Which bookings a decision has looked at. A store compares them with what is there when the change is stored:
/// where anything differs, the decision has to be made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Bookings that end after this instant were looked at.
    pub as_of: DateTime<Utc>,
    /// All of them as they were then, by id.
    pub bookings: Vec<(BookingId, Revision)>,
}

/// What a change of a doctor's rules does to the bookings there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// Live bookings to come that were inside working hours and would not be any more, by start.
    pub stranded: Vec<Booking>,
    /// Every booking whose mark `outside_hours` changes, as it is with the other mark.
    pub marked: Vec<Booking>,
    /// What was looked at.
    pub judged: Judged,
}

impl Impact {
    /// What it does to the `upcoming` bookings that `doctor` becomes as given.
    ///
    /// A booking is inside when the doctor is active and all of it lies in working time: its length was agreed when
    /// it was made, so it need not be on the grid of today's slots.
    #[must_use]
    pub fn of(doctor: &Doctor, upcoming: &Upcoming) -> Self {
        let rules = doctor.rules();
        let schedule = Schedule::new(&rules.zone, &rules.hours, &rules.overrides);
        let mut stranded = Vec::new();
        let mut marked = Vec::new();
        for booking in &upcoming.bookings {
            let outside = !(rules.active && schedule.covers(booking.span()));
            if outside != booking.parts().outside_hours {
                marked.push(booking.marked(outside, doctor.updated_at()));
                if outside {
                    stranded.push(booking.clone());
                }
            }
        }
        stranded.sort_by_key(|booking| (booking.span(), booking.id()));
        let mut judged: Vec<_> = upcoming.bookings.iter().map(|booking| (booking.id(), booking.revision())).collect();
        judged.sort_unstable();
        Self { stranded, marked, judged: Judged { as_of: upcoming.as_of, bookings: judged } }
    }
}
