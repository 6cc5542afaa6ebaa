//! What a decision about a doctor's time needs.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Calendar, DateRange, DoctorId, Overrides, Revision, SearchKey, Span, TimeOff, TimeOffId};

use crate::{Page, PageRequest, Unavailable};

/// A doctor's calendar, and the rules revision it was seen at.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The rules, and what is occupied.
    pub calendar: Calendar,
    /// What a booking decided on it has to be stored with.
    pub rules: Revision,
}

/// Whose calendars to load.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CalendarFilter {
    /// Only of these doctors; empty: of all.
    pub doctors: Vec<DoctorId>,
    /// Only of doctors whose specialty has this key.
    pub specialty: Option<SearchKey>,
}

/// Where time off stands in a list: by start, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOffPosition {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Which.
    pub id: TimeOffId,
}

impl From<&TimeOff> for TimeOffPosition {
    fn from(away: &TimeOff) -> Self {
        Self { start: away.span.start(), id: away.id }
    }
}

/// Doctors' calendars.
///
/// # Promises of every implementation
///
/// - The calendar has everything that occupies the doctor in `during`, buffers included, with its capacity, and until
///   when where it is held; also what begins before or ends after it.
/// - What a booking occupied is free again once it is cancelled.
/// - It also has all time off that overlaps `during`, and every override and closure in
///   [`Schedule::dates_around`](doctor_booking_domain::Schedule::dates_around) it.
/// - Overrides and time off are found as they were stored; time off in the order of [`TimeOffPosition`].
/// - The number of questions to the store does not depend on how many doctors, dates, bookings or exceptions there
///   are.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Calendars: Send + Sync {
    /// The calendar of a doctor, with what is occupied `during` that time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn load(&self, doctor: DoctorId, during: Span) -> Result<Option<Snapshot>, Unavailable>;

    /// The calendars of all active doctors that pass the filter, by doctor, with what is occupied `during` that time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn load_all(&self, which: &CalendarFilter, during: Span) -> Result<Vec<Snapshot>, Unavailable>;

    /// The overrides of a doctor on the dates of a range; none where there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn overrides(&self, doctor: DoctorId, dates: DateRange) -> Result<Overrides, Unavailable>;

    /// The time off of a doctor, a page at a time; none where there is no such doctor.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn time_off(
        &self,
        doctor: DoctorId,
        page: &PageRequest<TimeOffPosition>,
    ) -> Result<Page<TimeOff, TimeOffPosition>, Unavailable>;

    /// One stretch of time off.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find_time_off(&self, id: TimeOffId) -> Result<Option<TimeOff>, Unavailable>;
}
