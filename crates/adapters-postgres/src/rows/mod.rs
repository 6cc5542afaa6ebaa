//! Rows as the tables have them. What comes out of the database is parsed again; what does not pass makes no sense.

mod audit;
mod booking;
mod closure;
mod delivery;
mod doctor;
mod history;
mod hold;
mod idempotency;
mod occupancy;
mod overrides;
mod patient;
mod time_off;
mod token;
mod visit_type;
mod waitlist;
mod webhook;
mod window;

use std::error::Error;

use doctor_booking_domain::{Buffer, Capacity, Footprint};

pub(crate) use audit::LineRow;
pub(crate) use booking::BookingRow;
pub(crate) use closure::ClosureRow;
pub(crate) use delivery::{AsideRow, DeliveryRow};
pub(crate) use doctor::{DoctorRow, HoursRow, VersionRow, WindowRow, doctors};
pub(crate) use history::{EntryRow, Facts, event};
pub(crate) use hold::HoldRow;
pub(crate) use idempotency::AnswerRow;
pub(crate) use occupancy::{BusyRow, OccupancyRow, Occupant, Range, SeatedRow, Subject};
pub(crate) use overrides::{OverrideRow, OverrideWindowRow, overrides};
pub(crate) use patient::PatientRow;
pub(crate) use time_off::{AwayRow, TimeOffRow};
pub(crate) use token::TokenRow;
pub(crate) use visit_type::VisitTypeRow;
pub(crate) use waitlist::WaitingRow;
pub(crate) use webhook::WebhookRow;

/// Why a row makes no sense.
type Senseless = Box<dyn Error + Send + Sync>;

/// One column of all rows.
pub(crate) fn all<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// What a visit takes of its doctor.
fn footprint(before: i32, after: i32, shared_by: i16) -> Result<Footprint, Senseless> {
    Ok(Footprint {
        before: Buffer::new(before.try_into()?)?,
        after: Buffer::new(after.try_into()?)?,
        capacity: Capacity::new(shared_by.try_into()?)?,
    })
}
