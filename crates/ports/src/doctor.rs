//! Doctors and their rules.

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{
    Booking, Doctor, DoctorId, Exceptions, Judged, Revision, SearchKey, TimeOff, TimeOffId, Upcoming, Window,
};

use crate::{AddError, Along, Page, PageRequest, SaveError, Unavailable};

/// Which doctors to list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DoctorFilter {
    /// Only those whose specialty has this key.
    pub specialty: Option<SearchKey>,
    /// Only those whose name has every word of it.
    pub name: Option<SearchKey>,
    /// Only those who take bookings, or do not.
    pub active: Option<bool>,
}

/// Where a doctor stands in a list: by name key, then id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoctorPosition {
    /// The key of the doctor's name.
    pub name: SearchKey,
    /// Which doctor.
    pub id: DoctorId,
}

impl From<&Doctor> for DoctorPosition {
    fn from(doctor: &Doctor) -> Self {
        Self { name: doctor.name().key(), id: doctor.id() }
    }
}

/// A doctor with everything to come: what a change of rules has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The doctor.
    pub doctor: Doctor,
    /// Overrides, time off and closures that can matter to the bookings.
    pub exceptions: Exceptions,
    /// Live bookings to come, and live holds.
    pub upcoming: Upcoming,
}

/// A change of a doctor's single dates, made together with a new revision of the doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExceptionChange {
    /// A date gets windows of its own, in order, instead of the week's or of those it had.
    Override {
        /// Which date.
        date: NaiveDate,
        /// Its windows; none: closed.
        windows: Vec<Window>,
    },
    /// A date gets the week's windows again.
    NoOverride(NaiveDate),
    /// The doctor is away.
    TimeOff(TimeOff),
    /// The doctor is not away after all.
    NoTimeOff(TimeOffId),
}

/// A doctor as decided, with what that does to bookings there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesChange {
    /// The doctor as he or she should be.
    pub doctor: Doctor,
    /// The revision at which that was decided.
    pub seen: Revision,
    /// The bookings and holds that were looked at in deciding it.
    pub judged: Judged,
    /// Bookings whose mark changes, as they should be: each one revision later than it was judged.
    pub marked: Vec<Booking>,
    /// What changes on single dates.
    pub exception: Option<ExceptionChange>,
    /// What is written with it.
    pub along: Along,
}

/// Doctors, and the rules by which patients can book.
///
/// # Promises of every implementation
///
/// - A doctor is found as he or she was stored, working hours and all.
/// - Lists are in the order of [`DoctorPosition`], and stay right while doctors are added.
/// - [`save`](Self::save) stores the doctor, the exception, every mark and what goes along, or nothing.
/// - A change decided on rules that have since changed is refused as [`SaveError::Stale`].
/// - So is one that did not look at every booking and hold there is, however late it came: a change of rules and a
///   booking never miss each other.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Doctors: Send + Sync {
    /// Stores a new doctor, and what goes along.
    ///
    /// # Errors
    ///
    /// [`AddError`].
    fn add(&self, doctor: &Doctor, along: &Along) -> Result<(), AddError>;

    /// The doctor with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: DoctorId) -> Result<Option<Doctor>, Unavailable>;

    /// The doctors that pass the filter, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(
        &self,
        filter: &DoctorFilter,
        page: &PageRequest<DoctorPosition>,
    ) -> Result<Page<Doctor, DoctorPosition>, Unavailable>;

    /// The doctor with all live bookings that end, and all holds that expire, after `as_of`, with all time off that ends after `as_of`, and with
    /// every override and closure from [`Schedule::dates_since`](doctor_booking_domain::Schedule::dates_since) `as_of`
    /// on: what a change of rules has to look at.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn outlook(&self, id: DoctorId, as_of: DateTime<Utc>) -> Result<Option<Outlook>, Unavailable>;

    /// Stores what was decided.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when the doctor has another revision than `seen`, when the live bookings that end, or the
    /// holds that expire, after `judged.as_of` are others than those judged, or when the doctor does not have the override or time off to take
    /// away.
    fn save(&self, change: &RulesChange) -> Result<(), SaveError>;
}
