//! Closing or opening the whole hospital without leaving a patient before a closed door.

use doctor_booking_domain::{Actor, Author, Closure, Entry, Impact, What};
use doctor_booking_ports::{Along, Clock, ClosureChange, ClosureStep, Closures, Ids, SaveError, Unavailable};
use thiserror::Error;

use crate::access::can_be_forbidden;
use crate::rules_change::marks;
use crate::{ATTEMPTS, Affected, ChangeOptions, Gate, IfAffected, Once};

/// What a closure that came or went has done, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureChanged {
    /// Which closure.
    pub closure: Closure,
    /// What it leaves outside working hours.
    pub affected: Affected,
}

/// Why a closure did not come or go.
#[derive(Debug, Error)]
pub enum ChangeClosureError {
    /// Nobody in the actor's role may do such a thing.
    #[error("nobody in this role may do that")]
    Forbidden,
    /// There is no such closure.
    #[error("there is no such closure")]
    UnknownClosure,
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

can_be_forbidden!(ChangeClosureError);

/// Decides and saves that a closure comes or goes, together with what it does to bookings there are.
pub(super) fn change_closure(
    (gate, closures, clock, ids): (&Gate, &dyn Closures, &dyn Clock, &dyn Ids),
    actor: &Actor,
    step: &ClosureStep,
    options: ChangeOptions,
    once: Option<&Once<'_, ClosureChanged>>,
) -> Result<ClosureChanged, ChangeClosureError> {
    let closure = step.closure();
    for _ in 0..ATTEMPTS {
        let now = clock.now();
        let by = Author { who: actor.into(), at: now, why: None };
        let what = match step {
            ClosureStep::Add(_) => What::ClosureAdded,
            ClosureStep::Remove(_) => What::ClosureRemoved,
        };
        let mut along = Along::entry(Entry::closure(ids.entry(), what, closure, &by));
        let mut affected = Affected::default();
        let (mut marked, mut doctors, mut bookings, mut holds) = (vec![], vec![], vec![], vec![]);
        for seen in closures.outlooks(closure.date, now)? {
            let mut exceptions = seen.exceptions.clone();
            match step {
                ClosureStep::Add(_) => exceptions.closures.push(closure.date),
                ClosureStep::Remove(_) => exceptions = exceptions.without_closure(closure.date),
            }
            let (before, after) = ((&seen.doctor, &seen.exceptions), (&seen.doctor, &exceptions));
            let impact = Impact::of_change(before, after, &seen.upcoming, now);
            doctors.push((seen.doctor.id(), seen.doctor.revision()));
            along.history.extend(marks(ids, &seen.upcoming.bookings, &impact.marked, &by));
            affected.bookings.extend(impact.stranded);
            affected.holds.extend(impact.stranded_holds);
            marked.extend(impact.marked);
            bookings.extend(impact.judged.bookings);
            holds.extend(impact.judged.holds);
        }
        affected.bookings.sort_by_key(|booking| (booking.span(), booking.id()));
        affected.holds.sort_by_key(|hold| (hold.span, hold.id));
        let changed = ClosureChanged { closure: closure.clone(), affected };
        changed.affected.shown(gate, actor)?;
        if options.dry_run {
            return Ok(changed);
        }
        if !changed.affected.is_empty() && options.if_affected == IfAffected::Refuse {
            return Err(ChangeClosureError::BookingsAffected(changed.affected));
        }
        bookings.sort_unstable();
        holds.sort_unstable();
        along.answer = once.map(|once| once.answer(&changed, now));
        let change = ClosureChange { step: step.clone(), as_of: now, doctors, bookings, holds, marked, along };
        match closures.save(&change) {
            Ok(()) => return Ok(changed),
            Err(SaveError::Stale) => {} // doctors or bookings changed under us: look again
            Err(SaveError::Answered) => return Err(ChangeClosureError::Answered),
            Err(SaveError::Unavailable(error)) => return Err(error.into()),
        }
    }
    Err(ChangeClosureError::Contended)
}
