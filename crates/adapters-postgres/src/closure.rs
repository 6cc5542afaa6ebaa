//! Dates on which the whole hospital is closed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use doctor_booking_domain::{Booking, Closure, ClosureId, DateRange, Doctor, DoctorId, Hold, HoldId, Span, Upcoming};
use doctor_booking_ports::{
    ClosureChange, ClosurePosition, ClosureStep, Closures, Outlook, Page, PageRequest, SaveError, Unavailable,
};
use uuid::Uuid;

use crate::exceptions::{self, Around};
use crate::pool::Pool;
use crate::rows::{BookingRow, ClosureRow, HoldRow};
use crate::schema::{bookings, closures, doctors, holds};
use crate::transaction::Abort;
use crate::{booking, doctor, hold, instant, turn};

/// [`Closures`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgClosures(Pool);

impl PgClosures {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Closures for PgClosures {
    fn find(&self, id: ClosureId) -> Result<Option<Closure>, Unavailable> {
        let row = closures::table
            .find(id.uuid())
            .select(ClosureRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(Closure::try_from).transpose()
    }

    fn list(&self, page: &PageRequest<ClosurePosition>) -> Result<Page<Closure, ClosurePosition>, Unavailable> {
        let mut query = closures::table.select(ClosureRow::as_select()).into_boxed();
        if let Some(ClosurePosition { date, id }) = page.after {
            let date = instant::date(date);
            // The first half says nothing new, but lets the index be entered at the right place.
            let after = closures::date.gt(date).or(closures::id.gt(id.uuid()));
            query = query.filter(closures::date.ge(date).and(after));
        }
        let rows = query
            .order((closures::date, closures::id))
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(Closure::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, |closure| ClosurePosition::from(closure)))
    }

    /// Six statements, however many doctors and bookings: what changes between them, saving finds out.
    fn outlooks(&self, date: NaiveDate, as_of: DateTime<Utc>) -> Result<Vec<Outlook>, Unavailable> {
        let mut connection = self.0.get()?;
        let bookings = affected(date, as_of)
            .select(BookingRow::as_select())
            .load(&mut connection)
            .map_err(Unavailable::unreachable)?;
        let bookings = bookings.into_iter().map(Booking::try_from).collect::<Result<Vec<_>, _>>()?;
        let holds = hold::affected(date, as_of)
            .select(HoldRow::as_select())
            .load(&mut connection)
            .map_err(Unavailable::unreachable)?;
        let holds = holds.into_iter().map(Hold::try_from).collect::<Result<Vec<_>, _>>()?;
        let spans = || bookings.iter().map(Booking::span).chain(holds.iter().map(|hold| hold.span));
        let ends = (spans().map(|span| span.start()).min(), spans().map(|span| span.end()).max());
        let (Some(start), Some(end)) = ends else { return Ok(vec![]) };
        let Ok(whole) = Span::new(start, end) else { return Ok(vec![]) };
        let mut of_doctors: HashMap<DoctorId, (Vec<Booking>, Vec<Hold>)> = HashMap::new();
        for booking in bookings {
            of_doctors.entry(booking.doctor()).or_default().0.push(booking);
        }
        for hold in holds {
            of_doctors.entry(hold.doctor).or_default().1.push(hold);
        }
        let ids: Vec<Uuid> = of_doctors.keys().map(|id| id.uuid()).collect();
        let looked_at = doctors::table.filter(doctors::id.eq_any(&ids)).select(doctors::id).into_boxed();
        let found = doctor::find_all(&mut connection, looked_at)?;
        let mut exceptions = exceptions::load(&mut connection, &ids, Around::span(whole))?;
        let outlook = |doctor: Doctor| {
            let (bookings, holds) = of_doctors.remove(&doctor.id()).unwrap_or_default();
            let upcoming = Upcoming { as_of, bookings, holds };
            Outlook { exceptions: exceptions.take(doctor.id()), upcoming, doctor }
        };
        Ok(found.into_iter().map(outlook).collect())
    }

    fn save(&self, change: &ClosureChange) -> Result<(), SaveError> {
        let ClosureChange { step, as_of, doctors, bookings, holds, marked, along } = change;
        let mut looked_at: Vec<_> =
            bookings.iter().map(|(booking, revision)| (booking.uuid(), revision.number())).collect();
        looked_at.sort_unstable();
        let mut looked_at_holds: Vec<_> = holds.iter().copied().map(HoldId::uuid).collect();
        looked_at_holds.sort_unstable();
        self.0.change(along, |connection| {
            let revisions: HashMap<Uuid, i64> = turn::raise_all(connection, *as_of)?.into_iter().collect();
            if doctors.iter().any(|(id, seen)| revisions.get(&id.uuid()) != Some(&seen.next().number())) {
                return Err(Abort::Refused(SaveError::Stale));
            }
            let there: Vec<(Uuid, i64)> = affected(step.closure().date, *as_of)
                .order(bookings::id)
                .select((bookings::id, bookings::revision))
                .load(connection)?;
            let held: Vec<Uuid> =
                hold::affected(step.closure().date, *as_of).order(holds::id).select(holds::id).load(connection)?;
            if there != looked_at || held != looked_at_holds {
                return Err(Abort::Refused(SaveError::Stale));
            }
            // A booking may still be cancelled meanwhile: that takes no lock on the doctor.
            if booking::mark(connection, marked)? != marked.len() {
                return Err(Abort::Refused(SaveError::Stale));
            }
            match step {
                ClosureStep::Add(closure) => {
                    diesel::insert_into(closures::table).values(ClosureRow::from(closure)).execute(connection)?;
                }
                ClosureStep::Remove(closure) => {
                    if diesel::delete(closures::table.find(closure.id.uuid())).execute(connection)? == 0 {
                        return Err(Abort::Refused(SaveError::Stale));
                    }
                }
            }
            Ok(())
        })
    }
}

/// The live bookings, of all doctors, that a closure of `date` may meet and that end after `as_of`.
///
/// The doctors say nothing new, but an index leads from each to the bookings to come.
#[diesel::dsl::auto_type(no_type_alias)]
fn affected(date: NaiveDate, as_of: DateTime<Utc>) -> _ {
    let reach: Span = DateRange::day(date).reach();
    let after: DateTime<Utc> = instant::floor(reach.start().max(as_of));
    let before: DateTime<Utc> = instant::ceil(reach.end());
    let live: Vec<&'static str> = BookingRow::live();
    bookings::table
        .inner_join(doctors::table.on(doctors::id.eq(bookings::doctor_id)))
        .filter(bookings::status.eq_any(live))
        .filter(bookings::ends_at.gt(after))
        .filter(bookings::starts_at.lt(before))
}
