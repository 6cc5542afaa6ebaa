//! What decisions about a doctor's time need.

use std::ops::Bound;

use diesel::prelude::*;
use doctor_booking_domain::{Calendar, DoctorId, Span};
use doctor_booking_ports::{Calendars, Snapshot, Unavailable};

use crate::doctor::find;
use crate::instant;
use crate::pool::Pool;
use crate::rows::{BusyRow, Subject};
use crate::schema::occupancy;

/// [`Calendars`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgCalendars(Pool);

impl PgCalendars {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Calendars for PgCalendars {
    /// Two statements, however long the time. Between them something may be booked or cancelled: what is occupied is
    /// then newer than the rules, and storing finds out whether either has changed.
    fn load(&self, doctor: DoctorId, during: Span) -> Result<Option<Snapshot>, Unavailable> {
        let mut connection = self.0.get()?;
        let Some(doctor) = find(&mut connection, doctor)? else { return Ok(None) };
        let during = (Bound::Included(instant::floor(during.start())), Bound::Excluded(instant::ceil(during.end())));
        let busy = occupancy::table
            .filter(occupancy::kind.eq(Subject::DOCTOR).and(occupancy::subject.eq(doctor.id().uuid())))
            // The constraint's index has live rows only: it serves here as long as this is no parameter.
            .filter(occupancy::live)
            .filter(occupancy::during.overlaps_with(during))
            .select(BusyRow::as_select())
            .load(&mut connection)
            .map_err(Unavailable::unreachable)?;
        let busy = busy.into_iter().map(Span::try_from).collect::<Result<_, _>>()?;
        let calendar = Calendar::new(doctor.id(), doctor.rules().clone(), busy);
        Ok(Some(Snapshot { calendar, rules: doctor.revision() }))
    }
}
