//! The use cases of doctor booking: may they, load, let the domain decide, save.
//!
//! One struct per use case, with the ports it needs and one `execute(&self, &Actor, …)`. The signature tells who asks,
//! what it touches and how it can fail. [`UseCases`] puts all of them together over one store.
//!
//! Decisions on what was loaded are saved only while that still stands. Where it does not, a use case looks again, a
//! few times, and then answers `Contended`: nothing was changed, trying again later may help.

mod availability;
mod booking;
mod closure;
mod doctor;
mod health;
mod overrides;
mod patient;
mod rules_change;
mod time_off;
mod use_cases;
mod visit_type;
mod working_hours;

pub use availability::{
    Availability, ExplainStart, Explanation, FindAvailability, FindAvailabilityError, FindNextSlot, FreeSlot,
    MOST_DAYS, NEXT_WITHIN_DAYS, NextSlot, SearchAvailability, SearchAvailabilityError,
};
pub use booking::{
    BookSlot, BookSlotError, CancelBooking, CancelBookingError, Cancellation, FindBooking, ListBookings,
    MOST_ALTERNATIVES, Wanted,
};
pub use closure::{
    AddClosure, ChangeClosureError, ClosureChanged, FindClosure, ListClosures, NewClosure, RemoveClosure,
};
pub use doctor::{AmendDoctor, FindDoctor, ListDoctors, NewDoctor, RegisterDoctor, UnknownVisitTypes};
pub use health::CheckHealth;
pub use overrides::{
    ListOverrides, ListOverridesError, MOST_OVERRIDE_DAYS, RemoveOverride, SetOverride, UnknownOverride,
};
pub use patient::{AmendPatient, AmendPatientError, FindPatient, ListPatients, RegisterPatient};
pub use rules_change::{ChangeOptions, ChangeRulesError, IfAffected, RulesChanged};
pub use time_off::{AddTimeOff, FindTimeOff, ListTimeOff, NewTimeOff, RemoveTimeOff, UnknownTimeOff};
pub use use_cases::UseCases;
pub use visit_type::{
    AddVisitType, AddVisitTypeError, AmendVisitType, AmendVisitTypeError, FindVisitType, ListVisitTypes, NewVisitType,
    RetireVisitType, RetireVisitTypeError,
};
pub use working_hours::{
    FindWorkingHours, HoursInForce, HoursRefusal, NewHours, RemovalRefusal, RemoveWorkingHours, UpdateWorkingHours,
    Week,
};

/// What callers of the use cases speak in, from the ports: filters, pages, and that the store could not answer.
pub use doctor_booking_ports::{
    BookingFilter, BookingPosition, CalendarFilter, ClosurePosition, DoctorFilter, DoctorPosition, Limit,
    LimitOutOfRange, Page, PageRequest, PatientFilter, TimeOffPosition, Unavailable, VisitTypeFilter,
    VisitTypePosition,
};

/// How often a use case decides anew when what it decided on has changed in the meantime.
const ATTEMPTS: usize = 8;
