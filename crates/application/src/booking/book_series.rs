//! Visits that repeat.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use doctor_booking_domain::{
    Action, Actor, Author, Booking, BookingId, Calendar, DoctorId, Entry, Every, Occurrences, PatientId, Reason,
    Refusal, Refusals, SeriesId, SeriesLength, Span, VisitTypeId, What, Zone,
};
use doctor_booking_ports::{
    Along, Bookings, Calendars, Clock, Ids, NewSeries, Occupied, Snapshot, StoreSeriesError, Unavailable, VisitTypes,
};
use thiserror::Error;

use super::refused::as_told;
use crate::access::can_be_forbidden;
use crate::availability::longest_visit_at;
use crate::visit_type::for_wanted;
use crate::{ATTEMPTS, Gate, Once, Resource};

/// The visits that are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedSeries {
    /// With whom.
    pub doctor: DoctorId,
    /// For whom.
    pub patient: PatientId,
    /// When the first starts. The others start at the same time on the doctor's clock.
    pub start: DateTime<Utc>,
    /// How often it repeats.
    pub every: Every,
    /// How many visits there are, the first included.
    pub length: SeriesLength,
    /// What kind of visit; `None`: no particular kind.
    pub visit_type: Option<VisitTypeId>,
    /// What for.
    pub reason: Option<Reason>,
    /// What to do about visits that cannot be had.
    pub if_missed: IfMissed,
}

/// What to do about visits of a series that cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissed {
    /// Book none at all, and say which cannot be had.
    Refuse,
    /// Book the others.
    Skip,
}

/// A visit of a series that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissedVisit {
    /// The doctor's rules, or somebody else, stand in the way.
    Refused {
        /// When it would start.
        start: DateTime<Utc>,
        /// Everything that stands in the way.
        refusals: Refusals,
    },
    /// The patient has another visit in that time.
    PatientBusy {
        /// When it would start.
        start: DateTime<Utc>,
    },
    /// The month, told by its first date, does not have the day, or the zone skipped the date: nobody is in the way, and
    /// it does not count.
    NoSuchDate(NaiveDate),
}

/// A series that was booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Which series.
    pub id: SeriesId,
    /// Its bookings, by start.
    pub bookings: Vec<Booking>,
    /// What was left out.
    pub skipped: Vec<MissedVisit>,
    /// On whose clock it was agreed.
    pub zone: Zone,
}

/// Why there is no series.
#[derive(Debug, Error)]
pub enum BookSeriesError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// There is no such patient.
    #[error("there is no such patient")]
    UnknownPatient,
    /// There is no such visit type.
    #[error("there is no such visit type")]
    UnknownVisitType,
    /// These visits, or all of them, cannot be had.
    #[error("{} of the visits cannot be had", .missed.len())]
    Missed {
        /// Every visit that cannot be had.
        missed: Vec<MissedVisit>,
        /// On whose clock they are.
        zone: Zone,
    },
    /// Others booked the same again and again.
    #[error("others booked the same again and again")]
    Contended,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

can_be_forbidden!(BookSeriesError);

/// Books a series.
#[derive(Clone)]
pub struct BookSeries {
    gate: Gate,
    calendars: Arc<dyn Calendars>,
    visit_types: Arc<dyn VisitTypes>,
    bookings: Arc<dyn Bookings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl BookSeries {
    /// The use case behind this gate, over these ports.
    pub fn new(
        gate: Gate,
        calendars: Arc<dyn Calendars>,
        visit_types: Arc<dyn VisitTypes>,
        bookings: Arc<dyn Bookings>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { gate, calendars, visit_types, bookings, clock, ids }
    }

    /// Books every visit of a series, or every one that can be had.
    ///
    /// # Errors
    ///
    /// [`BookSeriesError`]; nothing was changed then. Where none can be had, nothing is booked either way.
    pub fn execute(
        &self,
        actor: &Actor,
        wanted: &WantedSeries,
        once: Option<&Once<'_, Series>>,
    ) -> Result<Series, BookSeriesError> {
        if !self.gate.admit(actor, Action::Book, Resource::of_patient(wanted.patient))? {
            return Err(BookSeriesError::UnknownPatient);
        }
        // Found out by storing: nothing that is loaded tells when the patient, or somebody faster, is busy.
        let mut occupied: HashMap<DateTime<Utc>, Occupied> = HashMap::new();
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let (calendar, rules, found) = self.look(wanted)?;
            let series = self.decide(actor, wanted, &calendar, found, &occupied, now);
            let has_missed = series.skipped.iter().any(|missed| !matches!(missed, MissedVisit::NoSuchDate(_)));
            if series.bookings.is_empty() || (has_missed && wanted.if_missed == IfMissed::Refuse) {
                return Err(BookSeriesError::Missed { missed: series.skipped, zone: series.zone });
            }
            let by = Author { who: actor.into(), at: now, why: None };
            let told = |booking| Entry::booking(self.ids.entry(), What::BookingCreated, None, booking, &by);
            let history = series.bookings.iter().map(told).collect();
            let along = Along { history, answer: once.map(|once| once.answer(&series, now)) };
            let new = NewSeries { bookings: series.bookings.clone(), decided_on: rules, along };
            match self.bookings.store_all(&new) {
                Ok(()) => return Ok(series),
                Err(StoreSeriesError::Stale) => {} // the rules changed under us: look again
                Err(StoreSeriesError::Occupied(these)) => {
                    let start = |id: BookingId| series.bookings.iter().find(|it| it.id() == id).map(Booking::span);
                    occupied.extend(these.into_iter().filter_map(|(id, by)| Some((start(id)?.start(), by))));
                }
                Err(StoreSeriesError::UnknownPatient) => return Err(BookSeriesError::UnknownPatient),
                Err(StoreSeriesError::Answered) => return Err(BookSeriesError::Answered),
                Err(StoreSeriesError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(BookSeriesError::Contended)
    }

    /// The doctor's calendar around all visits, and when they start. Which dates they are on depends on the zone, which
    /// is not known before: so it is loaded twice.
    fn look(
        &self,
        wanted: &WantedSeries,
    ) -> Result<(Calendar, doctor_booking_domain::Revision, Occurrences), BookSeriesError> {
        let load = |during| -> Result<Snapshot, BookSeriesError> {
            self.calendars.load(wanted.doctor, during)?.ok_or(BookSeriesError::UnknownDoctor)
        };
        let first = load(longest_visit_at(wanted.start))?;
        let zone = &first.calendar.rules().zone;
        let found = wanted.every.occurrences(wanted.start, wanted.length, zone);
        let reach = around(&found.starts).map_or(Ok(first), load)?;
        let calendar = for_wanted(reach.calendar, wanted.visit_type, &*self.visit_types)?;
        Ok((calendar.ok_or(BookSeriesError::UnknownVisitType)?, reach.rules, found))
    }

    /// The visits that can be had, and those that cannot.
    fn decide(
        &self,
        actor: &Actor,
        wanted: &WantedSeries,
        calendar: &Calendar,
        found: Occurrences,
        occupied: &HashMap<DateTime<Utc>, Occupied>,
        now: DateTime<Utc>,
    ) -> Series {
        let (id, zone) = (self.ids.series(), calendar.rules().zone.clone());
        let mut series = Series { id, bookings: vec![], skipped: vec![], zone };
        for start in found.starts {
            match (calendar.offer(start, now), occupied.get(&start)) {
                (Err(refusals), _) => {
                    let refusals = as_told(actor, refusals);
                    series.skipped.push(MissedVisit::Refused { start, refusals });
                }
                (Ok(_), Some(Occupied::Patient)) => series.skipped.push(MissedVisit::PatientBusy { start }),
                (Ok(_), Some(Occupied::Doctor)) => {
                    series.skipped.push(MissedVisit::Refused { start, refusals: Refusal::SlotTaken.into() });
                }
                (Ok(offer), None) => {
                    let (booking, reason) = (self.ids.booking(), wanted.reason.clone());
                    series.bookings.push(offer.for_patient(booking, wanted.patient, reason, now).of_series(id));
                }
            }
        }
        series.skipped.extend(found.missing.into_iter().map(MissedVisit::NoSuchDate));
        series
    }
}

/// All that visits of any type can take of their doctor when they start then.
fn around(starts: &[DateTime<Utc>]) -> Option<Span> {
    let whole = |start: &DateTime<Utc>| longest_visit_at(*start);
    let (first, last) = (starts.first().map(whole)?, starts.last().map(whole)?);
    Span::new(first.start(), last.end()).ok()
}
