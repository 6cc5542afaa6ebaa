//! Rows as the tables have them. What comes out of the database is parsed again; what does not pass makes no sense.

mod booking;
mod doctor;
mod occupancy;
mod patient;

pub(crate) use booking::BookingRow;
pub(crate) use doctor::{DoctorRow, HoursRow, VersionRow, WindowRow, doctors};
pub(crate) use occupancy::{BusyRow, OccupancyRow, Subject};
pub(crate) use patient::PatientRow;
