//! What a decision about a doctor's time needs.

use std::collections::HashMap;

use diesel::prelude::*;
use doctor_booking_domain::{Busy, Calendar, DateRange, Doctor, DoctorId, Overrides, Span, TimeOff, TimeOffId};
use doctor_booking_ports::{CalendarFilter, Calendars, Page, PageRequest, Snapshot, TimeOffPosition, Unavailable};

use crate::pools::Pools;
use crate::unavailable::Abort;
use crate::value::Id;
use crate::{SqliteStore, doctor, exceptions, occupancy, overrides, time_off};

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
            let found = doctor::find(connection, doctor)?;
            Ok(snapshots(connection, found.into_iter().collect(), during)?.pop())
        })
    }

    fn load_all(&self, which: &CalendarFilter, during: Span) -> Result<Vec<Snapshot>, Unavailable> {
        self.0.read(|connection| {
            let found = doctor::find_active(connection, which)?;
            snapshots(connection, found, during)
        })
    }

    fn overrides(&self, doctor: DoctorId, dates: DateRange) -> Result<Overrides, Unavailable> {
        let id = Id::from(doctor);
        self.0.read(|connection| Ok(overrides::load(connection, &[id], dates)?.remove(&id).unwrap_or_default()))
    }

    fn time_off(
        &self,
        doctor: DoctorId,
        page: &PageRequest<TimeOffPosition>,
    ) -> Result<Page<TimeOff, TimeOffPosition>, Unavailable> {
        self.0.read(|connection| time_off::list(connection, doctor, page))
    }

    fn find_time_off(&self, id: TimeOffId) -> Result<Option<TimeOff>, Unavailable> {
        self.0.read(|connection| time_off::find(connection, id))
    }
}

/// The calendars of these doctors, in the same order, with everything `during` that time: four statements, however many
/// they are.
fn snapshots(
    connection: &mut SqliteConnection,
    doctors: Vec<Doctor>,
    during: Span,
) -> Result<Vec<Snapshot>, Abort<Unavailable>> {
    if doctors.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<Id> = doctors.iter().map(|doctor| doctor.id().into()).collect();
    let mut exceptions = exceptions::around(connection, &ids, during)?;
    let mut busy: HashMap<Id, Vec<Busy>> = HashMap::new();
    for stretch in occupancy::live(connection, &ids, during)? {
        busy.entry(stretch.subject).or_default().push(stretch.seated()?.busy);
    }
    let snapshot = |doctor: Doctor| {
        let busy = busy.remove(&doctor.id().into()).unwrap_or_default();
        let calendar = Calendar::new(doctor.id(), doctor.rules().clone(), busy);
        Snapshot { calendar: calendar.with_exceptions(exceptions.take(doctor.id())), rules: doctor.revision() }
    };
    Ok(doctors.into_iter().map(snapshot).collect())
}
