//! The use cases of doctor booking: may they, load, let the domain decide, save.
//!
//! One struct per use case, with the ports it needs and one `execute(&self, &Actor, …)`. The signature tells who asks,
//! what it touches and how it can fail. [`UseCases`] puts all of them together over one store.
//!
//! Decisions on what was loaded are saved only while that still stands. Where it does not, a use case looks again, a
//! few times, and then answers `Contended`: nothing was changed, trying again later may help.

mod access;
mod answers;
mod audit;
mod availability;
mod booking;
mod closure;
mod doctor;
mod event;
mod health;
mod hold;
mod once;
mod overrides;
mod patient;
mod reminder;
mod rules_change;
mod time_off;
mod token;
mod upkeep;
mod use_cases;
mod visit_type;
mod waitlist;
mod webhook;
mod working_hours;

pub use access::{AccessError, Denied, Gate, Resource, Scope, authorize, scope};
pub use answers::KeepAnswers;
pub use audit::ListAudit;
pub use availability::{
    Availability, DoctorDay, ExplainStart, Explanation, FindAvailability, FindAvailabilityError, FindNextSlot,
    FreeSlot, MOST_DAYS, NEXT_WITHIN_DAYS, NextSlot, SearchAvailability, SearchAvailabilityError, ShowBoard,
};
pub use booking::{
    Advance, AdvanceBooking, BookSeries, BookSeriesError, BookSlot, BookSlotError, CancelBooking, Cancellation,
    ChangeBookingError, FindBooking, FindBookingHistory, IfMissed, ListBookings, MOST_ALTERNATIVES, MissedVisit,
    PlaceBookingError, Refused, ReinstateBooking, Reschedule, RescheduleBooking, Series, Wanted, WantedSeries,
};
pub use closure::{
    AddClosure, ChangeClosureError, ClosureChanged, FindClosure, ListClosures, NewClosure, RemoveClosure,
};
pub use doctor::{
    AmendDoctor, FindDoctor, FindDoctorHistory, ListDoctors, NewDoctor, RegisterDoctor, UnknownVisitTypes,
};
pub use event::FollowEvents;
pub use health::CheckHealth;
pub use hold::{FindHold, HoldSlot, HoldSlotError, MOST_HOLDS, ReleaseHold, WantedHold};
pub use once::{MakeError, Once, Written};
pub use overrides::{
    ListOverrides, ListOverridesError, MOST_OVERRIDE_DAYS, RemoveOverride, SetOverride, UnknownOverride,
};
pub use patient::{AmendPatient, AmendPatientError, FindPatient, ListPatients, RegisterPatient};
pub use reminder::Remind;
pub use rules_change::{Affected, ChangeOptions, ChangeRulesError, IfAffected, RulesChanged};
pub use time_off::{AddTimeOff, FindTimeOff, ListTimeOff, NewTimeOff, RemoveTimeOff, UnknownTimeOff};
pub use token::{
    CreateToken, CreateTokenError, CreatedToken, Credential, EndSession, FindToken, ListTokens, MOST_REFUSALS_A_MINUTE,
    MakeFirstToken, NewToken, Recognise, RecogniseError, Recognised, RevokeToken, SESSION_LASTS, StartSession,
    StartSessionError, TokenSecret, digest,
};
pub use upkeep::{ANSWERS_KEPT, SESSIONS_KEPT, Sweep, Swept, VerifyStore};
pub use use_cases::UseCases;
pub use visit_type::{
    AddVisitType, AddVisitTypeError, AmendVisitType, AmendVisitTypeError, FindVisitType, ListVisitTypes, NewVisitType,
    RetireVisitType, RetireVisitTypeError,
};
pub use waitlist::{
    FindWaiting, JoinWaitlist, JoinWaitlistError, LeaveWaitlist, ListWaitlist, MOST_PLACES, NewWaiting, OFFERED_FOR,
    OfferFreedSlots,
};
pub use webhook::{
    AddWebhook, AmendWebhook, ChangeWebhookError, DeliverEvents, FindWebhook, ListSetAside, ListWebhooks, NewWebhook,
    RemoveWebhook,
};
pub use working_hours::{
    FindWorkingHours, HoursInForce, HoursRefusal, NewHours, RemovalRefusal, RemoveWorkingHours, UpdateWorkingHours,
    Week,
};

/// What callers of the use cases speak in, from the ports: filters, pages, and that the store could not answer.
pub use doctor_booking_ports::{
    AddError, AuditFilter, AuditPosition, BookingFilter, BookingPosition, CalendarFilter, Claim, ClosurePosition,
    Delivery, DoctorFilter, DoctorPosition, EntryPosition, Event, IdempotencyKey, Inconsistency, KeptAnswer, Limit,
    LimitOutOfRange, Page, PageRequest, PatientFilter, SetAside, TimeOffPosition, Unavailable, VisitTypeFilter,
    VisitTypePosition, WaitingFilter,
};

/// How often a use case decides anew when what it decided on has changed in the meantime.
const ATTEMPTS: usize = 8;
