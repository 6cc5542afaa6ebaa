//! Doctors and their rules.

use std::collections::HashMap;
use std::error::Error;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{
    DateRange, Doctor, DoctorId, DoctorParts, Judged, Name, OfferedTypes, PersonName, Revision, Rules, Schedule,
    SlotLength, Specialty, Upcoming, VisitTypeId, WorkingHours,
};
use doctor_booking_ports::{
    AddError, Along, CalendarFilter, DoctorFilter, DoctorPosition, Doctors, Outlook, Page, PageRequest, RulesChange,
    SaveError, Unavailable,
};

use crate::one_of::one_of;
use crate::pools::Pools;
use crate::schema::doctors;
use crate::search::has_every_word;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros, ids_from_bytes, ids_to_bytes};
use crate::{SqliteStore, along, booking, exceptions, hold, working_hours};

/// [`Doctors`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteDoctors(Pools);

impl SqliteDoctors {
    /// The doctors in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Doctors for SqliteDoctors {
    fn add(&self, doctor: &Doctor, along: &Along) -> Result<(), AddError> {
        self.0.write(|connection| {
            along::write(connection, along)?;
            diesel::insert_into(doctors::table)
                .values(DoctorRow::from(doctor))
                .execute(connection)
                .map_err(|error| not_added("doctors", &doctor.id(), error))?;
            Ok(working_hours::replace(connection, doctor.id(), &doctor.rules().hours)?)
        })
    }

    fn find(&self, id: DoctorId) -> Result<Option<Doctor>, Unavailable> {
        self.0.read(|connection| find(connection, id))
    }

    fn list(
        &self,
        filter: &DoctorFilter,
        page: &PageRequest<DoctorPosition>,
    ) -> Result<Page<Doctor, DoctorPosition>, Unavailable> {
        self.0.read(|connection| {
            let mut query = doctors::table.select(DoctorRow::as_select()).into_boxed();
            if let Some(specialty) = &filter.specialty {
                query = query.filter(doctors::specialty_key.eq(specialty.as_str()));
            }
            if let Some(name) = &filter.name {
                query = query.filter(has_every_word(doctors::name_key, name.as_str()));
            }
            if let Some(active) = filter.active {
                query = query.filter(doctors::active.eq(active));
            }
            if let Some(DoctorPosition { name, id }) = &page.after {
                // The first condition is for the index.
                query = query.filter(doctors::name_key.ge(name.as_str()));
                query = query.filter(doctors::name_key.gt(name.as_str()).or(doctors::id.gt(Id::from(*id))));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows = query.order((doctors::name_key, doctors::id)).limit(one_more).load(connection)?;
            let found = with_hours(connection, rows)?;
            Ok(Page::cut(found, page.limit, |doctor| DoctorPosition::from(doctor)))
        })
    }

    fn outlook(&self, id: DoctorId, as_of: DateTime<Utc>) -> Result<Option<Outlook>, Unavailable> {
        let first = Schedule::dates_since(as_of);
        let dates = DateRange::new(first, NaiveDate::MAX).unwrap_or_else(|_| DateRange::day(first));
        let later = Micros::floor(as_of)..Micros::ceil(DateTime::<Utc>::MAX_UTC);
        self.0.read(|connection| {
            let Some(doctor) = find(connection, id)? else { return Ok(None) };
            let bookings = booking::upcoming(connection, id, as_of)?;
            let holds = hold::upcoming(connection, id, as_of)?;
            let exceptions = exceptions::load(connection, &[id.into()], dates, later)?.take(id);
            Ok(Some(Outlook { doctor, exceptions, upcoming: Upcoming { as_of, bookings, holds } }))
        })
    }

    fn save(&self, change: &RulesChange) -> Result<(), SaveError> {
        let RulesChange { doctor, seen, judged: Judged { as_of, bookings, holds }, marked, exception, along } = change;
        let row = DoctorRow::from(doctor);
        self.0.write(|connection| {
            along::write(connection, along)?;
            let as_seen = doctors::table.find(row.id).filter(doctors::revision.eq(seen.number()));
            if diesel::update(as_seen).set(row).execute(connection)? == 0 {
                return Err(Abort::Refused(SaveError::Stale));
            }
            if booking::upcoming_revisions(connection, doctor.id(), *as_of)? != *bookings
                || hold::upcoming_ids(connection, doctor.id(), *as_of)? != *holds
            {
                return Err(Abort::Refused(SaveError::Stale));
            }
            working_hours::replace(connection, doctor.id(), &doctor.rules().hours)?;
            if let Some(exception) = exception {
                exceptions::change(connection, doctor.id(), exception)?;
            }
            booking::mark(connection, marked)
        })
    }
}

/// The doctor with this id, as seen by the transaction.
pub(crate) fn find(connection: &mut SqliteConnection, id: DoctorId) -> Result<Option<Doctor>, Abort<Unavailable>> {
    let row = doctors::table.find(Id::from(id)).select(DoctorRow::as_select()).first(connection).optional()?;
    Ok(with_hours(connection, row.into_iter().collect())?.pop())
}

/// The doctors with these ids, by id.
pub(crate) fn find_all(connection: &mut SqliteConnection, ids: &[Id]) -> Result<Vec<Doctor>, Abort<Unavailable>> {
    let query = doctors::table.filter(one_of(doctors::id, ids)).order(doctors::id);
    let rows = query.select(DoctorRow::as_select()).load(connection)?;
    with_hours(connection, rows)
}

/// The active doctors that pass the filter, by id.
pub(crate) fn find_active(
    connection: &mut SqliteConnection,
    which: &CalendarFilter,
) -> Result<Vec<Doctor>, Abort<Unavailable>> {
    let CalendarFilter { doctors: wanted, specialty } = which;
    let mut query = doctors::table.filter(doctors::active).order(doctors::id).into_boxed();
    if !wanted.is_empty() {
        let ids: Vec<Id> = wanted.iter().map(|&id| id.into()).collect();
        query = query.filter(one_of(doctors::id, &ids));
    }
    if let Some(specialty) = specialty {
        query = query.filter(doctors::specialty_key.eq(specialty.as_str()));
    }
    let rows = query.select(DoctorRow::as_select()).load(connection)?;
    with_hours(connection, rows)
}

/// The ids of all doctors.
pub(crate) fn all_ids(connection: &mut SqliteConnection) -> QueryResult<Vec<Id>> {
    doctors::table.select(doctors::id).load(connection)
}

/// Whether all of these doctors are there and have these rules.
pub(crate) fn have_rules(connection: &mut SqliteConnection, seen: &[(DoctorId, Revision)]) -> QueryResult<bool> {
    let ids: Vec<Id> = seen.iter().map(|&(id, _)| id.into()).collect();
    let rows: Vec<(Id, i64)> =
        doctors::table.filter(one_of(doctors::id, &ids)).select((doctors::id, doctors::revision)).load(connection)?;
    let found: HashMap<Id, i64> = rows.into_iter().collect();
    Ok(seen.iter().all(|&(id, revision)| found.get(&id.into()) == Some(&revision.number())))
}

/// Raises the revision of every doctor.
pub(crate) fn revise_all(connection: &mut SqliteConnection, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::update(doctors::table)
        .set((doctors::revision.eq(doctors::revision + 1), doctors::updated_at.eq(Micros::floor(now))))
        .execute(connection)
}

/// Whether the doctor is there and has these rules.
pub(crate) fn has_rules(connection: &mut SqliteConnection, id: DoctorId, revision: Revision) -> QueryResult<bool> {
    let doctor = doctors::table.find(Id::from(id)).filter(doctors::revision.eq(revision.number()));
    diesel::select(diesel::dsl::exists(doctor)).get_result(connection)
}

/// The doctors of these rows, in the same order, with the hours they work: two statements, however many they are.
fn with_hours(connection: &mut SqliteConnection, rows: Vec<DoctorRow>) -> Result<Vec<Doctor>, Abort<Unavailable>> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let mut hours: HashMap<Id, working_hours::Rows> = working_hours::load(connection, &ids)?;
    let rows =
        rows.into_iter().map(|doctor| DoctorRows { hours: hours.remove(&doctor.id).unwrap_or_default(), doctor });
    Ok(rows.map(Doctor::try_from).collect::<Result<_, _>>()?)
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = doctors, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct DoctorRow {
    id: Id,
    first_name: String,
    last_name: String,
    name_key: String,
    specialty: String,
    specialty_key: String,
    time_zone: String,
    slot_minutes: i32,
    active: bool,
    revision: i64,
    created_at: Micros,
    updated_at: Micros,
    /// One id after the other; `None`: every type.
    visit_types: Option<Vec<u8>>,
}

impl From<&Doctor> for DoctorRow {
    fn from(doctor: &Doctor) -> Self {
        let Rules { active, zone, slot, visit_types, hours: _ } = doctor.rules();
        Self {
            id: doctor.id().into(),
            first_name: doctor.name().first.as_str().to_owned(),
            last_name: doctor.name().last.as_str().to_owned(),
            name_key: doctor.name().key().as_str().to_owned(),
            specialty: doctor.specialty().as_str().to_owned(),
            specialty_key: doctor.specialty().key().as_str().to_owned(),
            time_zone: zone.name().to_owned(),
            slot_minutes: slot.minutes().into(),
            active: *active,
            revision: doctor.revision().number(),
            created_at: Micros::floor(doctor.created_at()),
            updated_at: Micros::floor(doctor.updated_at()),
            visit_types: match visit_types {
                OfferedTypes::All => None,
                OfferedTypes::Only(these) => Some(ids_to_bytes(these.iter().map(|&id| id.into()))),
            },
        }
    }
}

/// A doctor's rows in all tables.
struct DoctorRows {
    doctor: DoctorRow,
    hours: working_hours::Rows,
}

impl TryFrom<DoctorRows> for Doctor {
    type Error = Unavailable;

    fn try_from(DoctorRows { doctor: row, hours }: DoctorRows) -> Result<Self, Unavailable> {
        let id = DoctorId::from(row.id);
        let hours = hours.parse(id)?;
        let parts = parse(id, &row, hours).map_err(|error| Unavailable::inconsistent("doctors", &id, error))?;
        Ok(Doctor::from_parts(parts))
    }
}

fn parse(id: DoctorId, row: &DoctorRow, hours: WorkingHours) -> Result<DoctorParts, Box<dyn Error + Send + Sync>> {
    let rules = Rules {
        active: row.active,
        zone: row.time_zone.parse()?,
        slot: SlotLength::from_minutes(u16::try_from(row.slot_minutes)?)?,
        visit_types: match &row.visit_types {
            None => OfferedTypes::All,
            Some(these) => OfferedTypes::Only(ids_from_bytes(these)?.into_iter().map(VisitTypeId::from).collect()),
        },
        hours,
    };
    Ok(DoctorParts {
        id,
        name: PersonName { first: Name::parse(&row.first_name)?, last: Name::parse(&row.last_name)? },
        specialty: Specialty::parse(&row.specialty)?,
        rules,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at.instant()?,
        updated_at: row.updated_at.instant()?,
    })
}
