//! What a decision about a doctor's time needs.

use std::error::Error;

use diesel::prelude::*;
use doctor_booking_domain::{BookingId, Calendar, DoctorId, Span};
use doctor_booking_ports::{Calendars, Snapshot, Unavailable};

use crate::occupancy::{self, Subject};
use crate::pools::Pools;
use crate::unavailable::Abort;
use crate::value::{Id, Micros};
use crate::{SqliteStore, doctor};

/// [`Calendars`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteCalendars(Pools);

impl SqliteCalendars {
    /// The calendars in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Calendars for SqliteCalendars {
    fn load(&self, doctor: DoctorId, during: Span) -> Result<Option<Snapshot>, Unavailable> {
        self.0.read(|connection| {
            let Some(found) = doctor::find(connection, doctor)? else { return Ok(None) };
            let busy = busy(connection, doctor, during)?;
            let calendar = Calendar::new(doctor, found.rules().clone(), busy);
            Ok(Some(Snapshot { calendar, rules: found.revision() }))
        })
    }
}

fn busy(connection: &mut SqliteConnection, doctor: DoctorId, during: Span) -> Result<Vec<Span>, Abort<Unavailable>> {
    let stretches = occupancy::live(connection, Subject::Doctor(doctor), during)?;
    Ok(stretches.into_iter().map(span).collect::<Result<_, _>>()?)
}

fn span((starts_at, ends_at, booking): (Micros, Micros, Id)) -> Result<Span, Unavailable> {
    let parse =
        || -> Result<Span, Box<dyn Error + Send + Sync>> { Ok(Span::new(starts_at.instant()?, ends_at.instant()?)?) };
    parse().map_err(|error| Unavailable::inconsistent("occupancy", &BookingId::from(booking), error))
}
