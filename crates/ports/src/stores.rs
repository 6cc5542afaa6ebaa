//! Everything one store offers.

use std::sync::Arc;

use crate::{
    AuditLog, Bookings, Calendars, Closures, Deliveries, Doctors, Events, Health, History, Holds, Idempotency,
    Patients, Reminders, Tokens, Verification, VisitTypes, Waitlist, Webhooks,
};

/// Everything one store offers, side by side.
///
/// For whoever puts a program together, and for the contract suite. A use case takes only the ports it needs.
#[derive(Clone)]
pub struct Stores {
    /// Doctors and their rules.
    pub doctors: Arc<dyn Doctors>,
    /// Patients.
    pub patients: Arc<dyn Patients>,
    /// What decisions about a doctor's time need.
    pub calendars: Arc<dyn Calendars>,
    /// Kinds of visits.
    pub visit_types: Arc<dyn VisitTypes>,
    /// Closures of the hospital.
    pub closures: Arc<dyn Closures>,
    /// Bookings.
    pub bookings: Arc<dyn Bookings>,
    /// Slots that are held for a little while.
    pub holds: Arc<dyn Holds>,
    /// Patients who wait for a slot.
    pub waitlist: Arc<dyn Waitlist>,
    /// What has happened.
    pub history: Arc<dyn History>,
    /// Requests that come again.
    pub idempotency: Arc<dyn Idempotency>,
    /// What has happened, in order.
    pub events: Arc<dyn Events>,
    /// Reminders of visits to come.
    pub reminders: Arc<dyn Reminders>,
    /// Whom to tell of events.
    pub webhooks: Arc<dyn Webhooks>,
    /// What is still to be told to them.
    pub deliveries: Arc<dyn Deliveries>,
    /// By what callers are known.
    pub tokens: Arc<dyn Tokens>,
    /// Who has seen what.
    pub audit: Arc<dyn AuditLog>,
    /// Whether what is stored fits together.
    pub verification: Arc<dyn Verification>,
    /// Whether the store is there.
    pub health: Arc<dyn Health>,
}
