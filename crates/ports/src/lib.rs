//! What doctor booking needs from the outside, as contracts in the domain's words.
//!
//! A port speaks values, never closures, rows or HTTP. "Not there" is `Ok(None)`; an error means that the question
//! could not be answered. Ports are synchronous; the caller decides which thread waits.
//!
//! Every sentence under *Promises* of a store has a test in `doctor-booking-ports-contract`, which every store passes;
//! that what it answered survives a crash each shows by itself, and `Clock` and `Ids` are tested where they are made.
//!
//! # How a change is stored
//!
//! `load` answers what is there together with its [`Revision`](doctor_booking_domain::Revision); the domain decides and
//! returns what should be there; saving succeeds only while the revision still stands, and answers `Stale` otherwise:
//! load and decide again. The store says *that* something is in the way, the domain says *why*.

mod along;
mod audit;
mod booking;
mod calendar;
mod clock;
mod closure;
mod doctor;
mod event;
mod health;
mod history;
mod hold;
mod idempotency;
mod identity;
mod messenger;
mod page;
mod patient;
mod reminder;
mod stores;
mod token;
mod unavailable;
mod verification;
mod visit_type;
mod waitlist;
mod webhook;

pub use along::{Along, Claim, IdempotencyKey, KeptAnswer};
pub use audit::{AuditFilter, AuditLog, AuditPosition};
pub use booking::{
    BookingChange, BookingFilter, BookingPosition, Bookings, NewBooking, NewSeries, Occupied, StoreBookingError,
    StoreSeriesError,
};
pub use calendar::{CalendarFilter, Calendars, Snapshot, TimeOffPosition};
pub use clock::{Clock, Ids};
pub use closure::{ClosureChange, ClosurePosition, ClosureStep, Closures};
pub use doctor::{DoctorFilter, DoctorPosition, Doctors, ExceptionChange, Outlook, RulesChange};
pub use event::{Event, Events};
pub use health::Health;
pub use history::{EntryPosition, History};
pub use hold::{Holds, NewHold, StoreHoldError};
pub use idempotency::Idempotency;
pub use identity::{Identities, Identity, NotIdentified};
pub use messenger::{Message, Messenger, NotAccepted};
pub use page::{Limit, LimitOutOfRange, Page, PageRequest};
pub use patient::{PatientFilter, Patients};
pub use reminder::Reminders;
pub use stores::Stores;
pub use token::Tokens;
pub use unavailable::{AddError, SaveError, Unavailable};
pub use verification::{Inconsistency, MOST_INCONSISTENCIES, Verification};
pub use visit_type::{VisitTypeFilter, VisitTypePosition, VisitTypes};
pub use waitlist::{Offering, WaitingFilter, Waitlist};
pub use webhook::{Deliveries, Delivery, SetAside, Webhooks};

#[cfg(feature = "mock")]
pub use {
    audit::MockAuditLog, booking::MockBookings, calendar::MockCalendars, clock::MockClock, clock::MockIds,
    closure::MockClosures, doctor::MockDoctors, event::MockEvents, health::MockHealth, history::MockHistory,
    hold::MockHolds, idempotency::MockIdempotency, identity::MockIdentities, messenger::MockMessenger,
    patient::MockPatients, reminder::MockReminders, token::MockTokens, verification::MockVerification,
    visit_type::MockVisitTypes, waitlist::MockWaitlist, webhook::MockDeliveries, webhook::MockWebhooks,
};
