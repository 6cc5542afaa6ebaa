//! Doctors' working hours, the free time in them, and the decisions of booking.
//!
//! This crate holds values and rules only: it reads no clock, no file and no database, so it can be
//! imported by anything that has to answer *when is this doctor free* or *may this be booked*.
//!
//! # From working hours to a booking
//!
//! ```
//! use chrono::{NaiveDate, TimeZone, Utc, Weekday};
//! use doctor_booking_domain::{
//!     Calendar, DateRange, DoctorId, Refusal, Rules, SlotStatus, Weekly, Window, WorkingHours, Zone,
//! };
//!
//! // Mondays from 8 to 11 and from 13 to 16, in New York.
//! let weekly = Weekly::new([
//!     (Weekday::Mon, Window::parse("08:00", "11:00")?),
//!     (Weekday::Mon, Window::parse("13:00", "16:00")?),
//! ])?;
//! let zone: Zone = "America/New_York".parse()?;
//! let rules = Rules::new(zone).with_hours(WorkingHours::always(weekly));
//!
//! // Nothing is booked yet: Monday, 7 January 2030 has six slots of one hour.
//! let calendar = Calendar::new(DoctorId::from_u128(1), rules, vec![]);
//! let now = Utc.with_ymd_and_hms(2029, 12, 1, 0, 0, 0).unwrap();
//! let monday = NaiveDate::from_ymd_opt(2030, 1, 7).unwrap();
//! let days = calendar.days(DateRange::day(monday), now);
//! assert_eq!(days[0].free_count(), 6);
//! assert!(days[0].slots.iter().all(|slot| slot.status == SlotStatus::Free));
//!
//! // Eight o'clock there is 13:00 UTC; it can be booked. 16:00 there cannot.
//! let eight = Utc.with_ymd_and_hms(2030, 1, 7, 13, 0, 0).unwrap();
//! assert!(calendar.offer(eight, now).is_ok());
//! let sixteen = Utc.with_ymd_and_hms(2030, 1, 7, 21, 0, 0).unwrap();
//! let refusals = calendar.offer(sixteen, now).unwrap_err();
//! assert_eq!(refusals.first(), Refusal::OutsideWorkingHours);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rules of time
//!
//! - Three kinds are never mixed: an instant (`DateTime<Utc>`), a civil date or time
//!   (`NaiveDate`, [`TimeOfDay`]), and a [`Zone`].
//! - Civil to instant is **monotone**: a time in a gap is the instant of the transition, a time that
//!   occurs twice is its first occurrence, for starts and ends alike ([`Zone::instant`]).
//! - A window belongs to the date on which it starts; overnight is decided on wall times
//!   ([`Window`]); a date that a zone skipped has no windows.
//! - Windows that touch are one opening, and slots step in elapsed time from the opening's start
//!   ([`Schedule`]).
//! - What is shown is what can be booked: [`Calendar::days`] and [`Calendar::offer`] ask the same layout.

mod action;
mod actor;
mod audience;
mod audit;
mod booking;
mod calendar;
mod closure;
mod date_range;
mod doctor;
mod exceptions;
mod history;
mod hold;
mod id;
mod impact;
mod patient;
mod reminder;
mod revision;
mod rules;
mod seating;
mod series;
mod set_aside;
mod span;
mod span_set;
mod text;
mod time_off;
mod token;
mod visit_type;
mod waiting;
mod webhook;
mod working_hours;
mod zone;

pub use action::Action;
pub use actor::{Actor, RequestId, Role};
pub use audience::Audience;
pub use audit::{AuditEntry, Concerned, Outcome};
pub use booking::{Booking, BookingParts, BookingStatus, InvalidTransition};
pub use calendar::{
    Calendar, Day, Finding, NothingFree, Offer, Opening, Refusal, Refusals, Rule, Schedule, Slot, SlotStatus,
};
pub use closure::Closure;
pub use date_range::{BackwardsRange, DateRange};
pub use doctor::{Doctor, DoctorAmendment, DoctorParts};
pub use exceptions::Exceptions;
pub use history::{Author, Entry, Facts, What, Who};
pub use hold::{Hold, HoldTime, HoldTimeOutOfRange};
pub use id::{
    BookingId, CallerId, ClosureId, DeliveryId, DoctorId, EntryId, HoldId, PatientId, SeriesId, TimeOffId, TokenId,
    VisitTypeId, WaitingId, WebhookId,
};
pub use impact::{Impact, Judged, Upcoming};
pub use patient::{Patient, PatientAmendment, PatientDetails, PatientParts};
pub use reminder::{LeadTime, LeadTimeOutOfRange};
pub use revision::Revision;
pub use rules::{OfferedTypes, Rules, SlotLength, SlotLengthOutOfRange};
pub use seating::{Busy, Placement, Seat, Seated, place, place_beside};
pub use series::{Every, Occurrences, SeriesLength, SeriesLengthOutOfRange};
pub use set_aside::{Marks, NothingSetAside, RuleName, SetAside};
pub use span::{Backwards, Span};
pub use span_set::SpanSet;
pub use text::{
    ClosureName, Email, ExternalId, InvalidText, Name, PersonName, Phone, Reason, SearchKey, Specialty, TokenName,
    VisitTypeName,
};
pub use time_off::TimeOff;
pub use token::{Token, TokenDigest};
pub use visit_type::{
    Buffer, Capacity, Footprint, Horizon, Notice, NoticeBeyondHorizon, OutOfRange, Terms, VisitType,
    VisitTypeAmendment, VisitTypeParts,
};
pub use waiting::{WaitFor, Waiting, WaitingParts, WaitingStatus};
pub use webhook::{Backoff, InvalidWebhookUrl, Webhook, WebhookAmendment, WebhookParts, WebhookSecret, WebhookUrl};
pub use working_hours::{
    InvalidTimeOfDay, InvalidWindow, Overrides, TimeOfDay, UnknownVersion, Version, VersionOverlap, Weekly, Window,
    WindowsOverlap, WorkingHours,
};
pub use zone::{ChooseTzdbError, Tzdb, UnknownTimeZone, Zone};
