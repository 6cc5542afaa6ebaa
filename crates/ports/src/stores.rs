//! Everything one store offers.

use std::sync::Arc;

use crate::{Bookings, Calendars, Closures, Doctors, Health, Patients, VisitTypes};

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
    /// Whether the store is there.
    pub health: Arc<dyn Health>,
}
