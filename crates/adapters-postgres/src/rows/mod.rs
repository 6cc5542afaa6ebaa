//! Rows as the tables have them. What comes out of the database is parsed again; what does not pass makes no sense.

mod booking;
mod closure;
mod doctor;
mod occupancy;
mod overrides;
mod patient;
mod time_off;
mod visit_type;
mod window;

use std::error::Error;

pub(crate) use booking::BookingRow;
pub(crate) use closure::ClosureRow;
pub(crate) use doctor::{DoctorRow, HoursRow, VersionRow, WindowRow, doctors};
pub(crate) use occupancy::{BusyRow, OccupancyRow, Range, SeatedRow, Subject};
pub(crate) use overrides::{OverrideRow, OverrideWindowRow, overrides};
pub(crate) use patient::PatientRow;
pub(crate) use time_off::{AwayRow, TimeOffRow};
pub(crate) use visit_type::VisitTypeRow;

/// Why a row makes no sense.
type Senseless = Box<dyn Error + Send + Sync>;
