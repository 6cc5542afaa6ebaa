//! What decisions about doctors' time need.

use std::collections::HashMap;

use diesel::prelude::*;
use doctor_booking_domain::{Busy, Calendar, DateRange, Doctor, DoctorId, Overrides, Span, TimeOff, TimeOffId};
use doctor_booking_ports::{CalendarFilter, Calendars, Page, PageRequest, Snapshot, TimeOffPosition, Unavailable};
use uuid::Uuid;

use crate::exceptions::{self, Around};
use crate::pool::Pool;
use crate::rows::{BusyRow, Subject};
use crate::schema::{doctors, occupancy};
use crate::{doctor, instant, like, overrides, time_off};

/// [`Calendars`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgCalendars(Pool);

impl PgCalendars {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Calendars for PgCalendars {
    fn load(&self, doctor: DoctorId, during: Span) -> Result<Option<Snapshot>, Unavailable> {
        let mut connection = self.0.get()?;
        let doctor = doctor::find(&mut connection, doctor)?;
        Ok(snapshots(&mut connection, doctor.into_iter().collect(), during)?.pop())
    }

    fn load_all(&self, which: &CalendarFilter, during: Span) -> Result<Vec<Snapshot>, Unavailable> {
        let mut wanted = doctors::table.filter(doctors::active).select(doctors::id).into_boxed();
        if !which.doctors.is_empty() {
            let ids: Vec<Uuid> = which.doctors.iter().map(|id| id.uuid()).collect();
            wanted = wanted.filter(doctors::id.eq_any(ids));
        }
        if let Some(specialty) = &which.specialty {
            if !like::possible(specialty) {
                return Ok(vec![]);
            }
            wanted = wanted.filter(doctors::specialty_key.eq(specialty.as_str()));
        }
        let mut connection = self.0.get()?;
        let doctors = doctor::find_all(&mut connection, wanted)?;
        snapshots(&mut connection, doctors, during)
    }

    fn overrides(&self, doctor: DoctorId, dates: DateRange) -> Result<Overrides, Unavailable> {
        let mut found = overrides::load(&mut *self.0.get()?, &[doctor.uuid()], dates)?;
        Ok(found.remove(&doctor).unwrap_or_default())
    }

    fn time_off(
        &self,
        doctor: DoctorId,
        page: &PageRequest<TimeOffPosition>,
    ) -> Result<Page<TimeOff, TimeOffPosition>, Unavailable> {
        time_off::list(&mut *self.0.get()?, doctor, page)
    }

    fn find_time_off(&self, id: TimeOffId) -> Result<Option<TimeOff>, Unavailable> {
        time_off::find(&mut *self.0.get()?, id)
    }
}

/// The calendars of these doctors, in their order.
///
/// Four statements more, however many doctors and however long the time. Between them something may be booked or
/// cancelled, or an exception changed: what is occupied or excepted is then newer than the rules, and storing finds out
/// whether any has changed.
fn snapshots(connection: &mut PgConnection, doctors: Vec<Doctor>, during: Span) -> Result<Vec<Snapshot>, Unavailable> {
    if doctors.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<Uuid> = doctors.iter().map(|doctor| doctor.id().uuid()).collect();
    let mut exceptions = exceptions::load(connection, &ids, Around::span(during))?;
    let mut busy = busy(connection, &ids, during)?;
    let snapshot = |doctor: Doctor| {
        let busy = busy.remove(&doctor.id()).unwrap_or_default();
        let calendar = Calendar::new(doctor.id(), doctor.rules().clone(), busy);
        Snapshot { calendar: calendar.with_exceptions(exceptions.take(doctor.id())), rules: doctor.revision() }
    };
    Ok(doctors.into_iter().map(snapshot).collect())
}

/// What occupies these doctors `during` that time; who is free is missing.
fn busy(
    connection: &mut PgConnection,
    doctors: &[Uuid],
    during: Span,
) -> Result<HashMap<DoctorId, Vec<Busy>>, Unavailable> {
    let rows = occupancy::table
        .filter(occupancy::kind.eq(Subject::DOCTOR).and(occupancy::subject.eq_any(doctors)))
        // The constraint's index has live rows only: it serves here as long as this is no parameter.
        .filter(occupancy::live)
        .filter(occupancy::during.overlaps_with(instant::range(during)))
        .select(BusyRow::as_select())
        .load(connection)
        .map_err(Unavailable::unreachable)?;
    let mut busy: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        busy.entry(row.doctor()).or_default().push(Busy::try_from(row)?);
    }
    Ok(busy)
}
