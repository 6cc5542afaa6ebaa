//! Dates on which the whole hospital is closed.

use std::collections::HashMap;
use std::error::Error;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{
    Booking, Closure, ClosureId, ClosureName, DateRange, Doctor, DoctorId, Hold, Span, Upcoming,
};
use doctor_booking_ports::{
    ClosureChange, ClosurePosition, ClosureStep, Closures, Outlook, Page, PageRequest, SaveError, Unavailable,
};

use crate::pools::Pools;
use crate::schema::closures;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros, date_bound, date_from_text, date_to_text};
use crate::{SqliteStore, along, booking, doctor, exceptions, hold, occupancy};

/// [`Closures`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteClosures(Pools);

impl SqliteClosures {
    /// The closures in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Closures for SqliteClosures {
    fn find(&self, id: ClosureId) -> Result<Option<Closure>, Unavailable> {
        self.0.read(|connection| {
            let query = closures::table.find(Id::from(id)).select(ClosureRow::as_select());
            let row = query.first(connection).optional()?;
            Ok(row.map(Closure::try_from).transpose()?)
        })
    }

    fn list(&self, page: &PageRequest<ClosurePosition>) -> Result<Page<Closure, ClosurePosition>, Unavailable> {
        self.0.read(|connection| {
            let mut query = closures::table.select(ClosureRow::as_select()).into_boxed();
            if let Some(ClosurePosition { date, id }) = page.after {
                let date = date_bound(date);
                // The first condition is for the index.
                query = query.filter(closures::date.ge(date.clone()));
                query = query.filter(closures::date.gt(date).or(closures::id.gt(Id::from(id))));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows = query.order((closures::date, closures::id)).limit(one_more).load(connection)?;
            let found = rows.into_iter().map(Closure::try_from).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, |closure| ClosurePosition::from(closure)))
        })
    }

    fn outlooks(&self, date: NaiveDate, as_of: DateTime<Utc>) -> Result<Vec<Outlook>, Unavailable> {
        self.0.read(|connection| {
            let bookings = match rest_of_reach(date, as_of) {
                Some(rest) => {
                    let near = all_near(connection, rest)?;
                    booking::find_all(connection, &near, rest)?
                }
                None => vec![],
            };
            let holds = hold::during(connection, DateRange::day(date).reach(), as_of)?;
            let spans = || bookings.iter().map(Booking::span).chain(holds.iter().map(|hold| hold.span));
            let (start, end) = (spans().map(|span| span.start()).min(), spans().map(|span| span.end()).max());
            let Some(Ok(whole)) = start.zip(end).map(|(start, end)| Span::new(start, end)) else {
                return Ok(vec![]);
            };
            let mut of_doctors: HashMap<DoctorId, (Vec<Booking>, Vec<Hold>)> = HashMap::new();
            for booking in bookings {
                of_doctors.entry(booking.doctor()).or_default().0.push(booking);
            }
            for hold in holds {
                of_doctors.entry(hold.doctor).or_default().1.push(hold);
            }
            let ids: Vec<Id> = of_doctors.keys().map(|&id| id.into()).collect();
            let mut exceptions = exceptions::around(connection, &ids, whole)?;
            let outlook = |doctor: Doctor| {
                let (bookings, holds) = of_doctors.remove(&doctor.id()).unwrap_or_default();
                let exceptions = exceptions.take(doctor.id());
                Outlook { doctor, exceptions, upcoming: Upcoming { as_of, bookings, holds } }
            };
            Ok(doctor::find_all(connection, &ids)?.into_iter().map(outlook).collect())
        })
    }

    fn save(&self, change: &ClosureChange) -> Result<(), SaveError> {
        let ClosureChange { step, as_of, doctors, bookings, holds, marked, along } = change;
        let stale = || Err(Abort::Refused(SaveError::Stale));
        self.0.write(|connection| {
            along::write(connection, along)?;
            if !doctor::have_rules(connection, doctors)? {
                return stale();
            }
            let date = step.closure().date;
            let there = match rest_of_reach(date, *as_of) {
                Some(rest) => {
                    let near = all_near(connection, rest)?;
                    booking::revisions(connection, &near, rest)?
                }
                None => vec![],
            };
            let (mut bookings, mut holds) = (bookings.clone(), holds.clone());
            bookings.sort_unstable();
            holds.sort_unstable();
            if there != bookings || hold::ids_during(connection, DateRange::day(date).reach(), *as_of)? != holds {
                return stale();
            }
            match step {
                ClosureStep::Add(closure) => {
                    diesel::insert_into(closures::table)
                        .values(ClosureRow::from(closure))
                        .execute(connection)
                        .map_err(|error| not_added("closures", &closure.id, error))?;
                }
                ClosureStep::Remove(closure) => {
                    if diesel::delete(closures::table.find(Id::from(closure.id))).execute(connection)? == 0 {
                        return stale();
                    }
                }
            }
            doctor::revise_all(connection, *as_of)?;
            booking::mark(connection, marked)
        })
    }
}

/// The time in which a closure of `date` may meet a booking that ends after `as_of`; `None`: all of it is over.
fn rest_of_reach(date: NaiveDate, as_of: DateTime<Utc>) -> Option<Span> {
    let reach = DateRange::day(date).reach();
    // What overlaps the rest of the reach is what overlaps the reach and ends later.
    Span::new(reach.start().max(as_of), reach.end()).ok()
}

/// The live bookings of all doctors that overlap `during`, and those of which only a buffer does.
fn all_near(connection: &mut SqliteConnection, during: Span) -> QueryResult<Vec<Id>> {
    let doctors = doctor::all_ids(connection)?;
    let stretches = occupancy::live(connection, &doctors, during)?;
    Ok(stretches.into_iter().filter(|stretch| !stretch.is_held()).map(|stretch| stretch.booking).collect())
}

/// The dates among these on which the hospital is closed, each as often as there are closures on it.
pub(crate) fn dates(connection: &mut SqliteConnection, dates: DateRange) -> Result<Vec<NaiveDate>, Abort<Unavailable>> {
    let rows: Vec<(Id, String)> = closures::table
        .filter(closures::date.between(date_bound(dates.from()), date_bound(dates.to())))
        .select((closures::id, closures::date))
        .load(connection)?;
    let date = |(id, date): (Id, String)| {
        date_from_text(&date).map_err(|error| Unavailable::inconsistent("closures", &ClosureId::from(id), error))
    };
    Ok(rows.into_iter().map(date).collect::<Result<_, _>>()?)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = closures, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct ClosureRow {
    id: Id,
    date: String,
    name: String,
    created_at: Micros,
}

impl From<&Closure> for ClosureRow {
    fn from(closure: &Closure) -> Self {
        Self {
            id: closure.id.into(),
            date: date_to_text(closure.date),
            name: closure.name.as_str().to_owned(),
            created_at: Micros::floor(closure.created_at),
        }
    }
}

impl TryFrom<ClosureRow> for Closure {
    type Error = Unavailable;

    fn try_from(row: ClosureRow) -> Result<Self, Unavailable> {
        let id = ClosureId::from(row.id);
        parse(id, &row).map_err(|error| Unavailable::inconsistent("closures", &id, error))
    }
}

fn parse(id: ClosureId, row: &ClosureRow) -> Result<Closure, Box<dyn Error + Send + Sync>> {
    Ok(Closure {
        id,
        date: date_from_text(&row.date)?,
        name: ClosureName::parse(&row.name)?,
        created_at: row.created_at.instant()?,
    })
}
