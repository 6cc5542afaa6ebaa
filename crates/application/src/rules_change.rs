//! Changing a doctor's rules without leaving a patient before a closed door.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use doctor_booking_domain::{
    Action, Actor, Author, Booking, BookingId, Doctor, DoctorId, Entry, EntryId, Exceptions, Hold, Impact, Revision,
    What,
};
use doctor_booking_ports::{
    Along, Clock, Doctors, ExceptionChange, Ids, KeptAnswer, Outlook, RulesChange, SaveError, Unavailable,
};
use thiserror::Error;

use crate::{ATTEMPTS, AccessError, Gate, Resource, scope};

/// What to do when a change would leave bookings outside working hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum IfAffected {
    /// Refuse the change, and say which.
    #[default]
    Refuse,
    /// Change all the same; the bookings stay and are marked.
    Keep,
}

/// How a change of a doctor's rules is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ChangeOptions {
    /// Only if the doctor still has this revision.
    pub expected: Option<Revision>,
    /// What to do about bookings that would be left outside working hours.
    pub if_affected: IfAffected,
    /// Only tell what would happen, and store nothing.
    pub dry_run: bool,
}

/// Bookings and holds that a change would leave outside working hours.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Affected {
    /// Bookings to come, by start, as they were before the change.
    pub bookings: Vec<Booking>,
    /// Holds that are live, by start. Whatever is chosen, they cannot become bookings any more.
    pub holds: Vec<Hold>,
    /// Whether the actor must not know which holds these are, but only when.
    pub hides_holds: bool,
}

impl Affected {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bookings.is_empty() && self.holds.is_empty()
    }

    /// Writes down that the actor is shown them.
    pub(crate) fn shown(&self, gate: &Gate, actor: &Actor) -> Result<(), AccessError> {
        gate.seen(actor, Action::ReadBookings, self.bookings.iter().map(Resource::from))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.bookings.len() + self.holds.len()
    }
}

/// What a change of a doctor's rules has done, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesChanged {
    /// The doctor after the change.
    pub doctor: Doctor,
    /// What it leaves outside working hours.
    pub affected: Affected,
}

/// Why a doctor's rules were not changed.
#[derive(Debug, Error)]
pub enum ChangeRulesError<R> {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such doctor.
    #[error("there is no such doctor")]
    UnknownDoctor,
    /// The doctor no longer has the expected revision.
    #[error("the doctor has changed in the meantime")]
    Changed,
    /// What was asked for is not possible.
    #[error("{0}")]
    Refused(R),
    /// These would be left outside working hours.
    #[error("the change would leave {} bookings and holds outside working hours", .0.count())]
    BookingsAffected(Affected),
    /// Others changed the same again and again.
    #[error("others changed the same again and again")]
    Contended,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl<R> From<AccessError> for ChangeRulesError<R> {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Forbidden => Self::Forbidden,
            AccessError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

/// What was decided about a doctor's rules.
pub(crate) struct Decision {
    /// The doctor as he or she should be.
    doctor: Doctor,
    /// The exceptions as they would be.
    exceptions: Exceptions,
    /// What changes about them.
    change: Option<ExceptionChange>,
    /// What the history tells of it.
    entry: Entry,
}

/// Who decides, and what the history calls it.
pub(crate) struct Making {
    /// Who, and when.
    pub(crate) by: Author,
    /// The entry in the history.
    pub(crate) entry: EntryId,
}

impl Decision {
    /// The doctor changes, the exceptions stay.
    pub(crate) fn of_doctor(doctor: Doctor, seen: &Outlook, making: &Making) -> Self {
        let entry = Entry::doctor(making.entry, Some(&seen.doctor), &doctor, &making.by);
        Self { doctor, exceptions: seen.exceptions.clone(), change: None, entry }
    }

    /// The exceptions change, and the doctor only by a revision.
    pub(crate) fn of_exceptions(seen: &Outlook, exceptions: Exceptions, change: ExceptionChange, entry: Entry) -> Self {
        Self { doctor: seen.doctor.revised(entry.at), exceptions, change: Some(change), entry }
    }
}

/// Decides and saves changes of doctors' rules together with what they do to bookings there are.
#[derive(Clone)]
pub(crate) struct ChangeRules {
    gate: Gate,
    doctors: Arc<dyn Doctors>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl ChangeRules {
    pub(crate) fn new(gate: Gate, doctors: Arc<dyn Doctors>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { gate, doctors, clock, ids }
    }

    /// Makes a change.
    pub(crate) fn make<R>(
        &self,
        actor: &Actor,
        id: DoctorId,
        options: ChangeOptions,
        decide: impl Fn(&Outlook, &Making) -> Result<Decision, R>,
    ) -> Result<RulesChanged, ChangeRulesError<R>> {
        self.make_once(actor, id, options, decide, |_, _| None)
    }

    /// Makes a change, and keeps the answer for a request that may come again.
    pub(crate) fn make_once<R>(
        &self,
        actor: &Actor,
        id: DoctorId,
        options: ChangeOptions,
        decide: impl Fn(&Outlook, &Making) -> Result<Decision, R>,
        answer: impl Fn(&RulesChanged, DateTime<Utc>) -> Option<KeptAnswer>,
    ) -> Result<RulesChanged, ChangeRulesError<R>> {
        for _ in 0..ATTEMPTS {
            let now = self.clock.now();
            let seen = self.doctors.outlook(id, now)?.ok_or(ChangeRulesError::UnknownDoctor)?;
            let revision = seen.doctor.revision();
            if options.expected.is_some_and(|expected| expected != revision) {
                return Err(ChangeRulesError::Changed);
            }
            let making = Making { by: Author { who: actor.into(), at: now, why: None }, entry: self.ids.entry() };
            let Decision { doctor, exceptions, change, entry } =
                decide(&seen, &making).map_err(ChangeRulesError::Refused)?;
            let before = (&seen.doctor, &seen.exceptions);
            let impact = Impact::of_change(before, (&doctor, &exceptions), &seen.upcoming, now);
            let Impact { stranded: bookings, stranded_holds: holds, mut marked, judged } = impact;
            let hides_holds = scope(actor, Action::Hold).is_err();
            let mut affected = Affected { bookings, holds, hides_holds };
            if doctor.rules() == seen.doctor.rules() && exceptions == seen.exceptions {
                // Another name strands nobody, also where newer zone rules have moved a booking out of hours.
                (affected, marked) = (Affected::default(), vec![]);
            }
            let changed = RulesChanged { doctor, affected };
            changed.affected.shown(&self.gate, actor)?;
            if options.dry_run {
                return Ok(changed);
            }
            if !changed.affected.is_empty() && options.if_affected == IfAffected::Refuse {
                return Err(ChangeRulesError::BookingsAffected(changed.affected));
            }
            let history = std::iter::once(entry).chain(marks(&*self.ids, &seen.upcoming.bookings, &marked, &making.by));
            let along = Along { history: history.collect(), answer: answer(&changed, now) };
            let doctor = changed.doctor.clone();
            let change = RulesChange { doctor, seen: revision, judged, marked, exception: change, along };
            match self.doctors.save(&change) {
                Ok(()) => return Ok(changed),
                Err(SaveError::Stale) => {} // the doctor, or the bookings, changed under us: look again
                Err(SaveError::Answered) => return Err(ChangeRulesError::Answered),
                Err(SaveError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(ChangeRulesError::Contended)
    }
}

/// What the history tells of bookings that were marked.
pub(crate) fn marks<'a>(
    ids: &'a dyn Ids,
    before: &'a [Booking],
    marked: &'a [Booking],
    by: &'a Author,
) -> impl Iterator<Item = Entry> + 'a {
    let before: HashMap<BookingId, &Booking> = before.iter().map(|booking| (booking.id(), booking)).collect();
    marked
        .iter()
        .map(move |after| Entry::booking(ids.entry(), What::BookingMarked, before.get(&after.id()).copied(), after, by))
}
