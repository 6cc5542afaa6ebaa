//! Doctors and their rules.

use chrono::{DateTime, Utc};
use diesel::dsl::{self, AsSelect};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use doctor_booking_domain::{Booking, Doctor, DoctorId, Hold, HoldId, Upcoming};
use doctor_booking_ports::{
    AddError, Along, DoctorFilter, DoctorPosition, Doctors, Outlook, Page, PageRequest, RulesChange, SaveError,
    Unavailable,
};
use uuid::Uuid;

use crate::exceptions::Around;
use crate::pool::Pool;
use crate::rows::{BookingRow, DoctorRow, HoldRow, HoursRow, VersionRow, WindowRow};
use crate::schema::{bookings, doctors, holds, working_hours_versions, working_windows};
use crate::transaction::Abort;
use crate::{booking, exceptions, hold, instant, like, rows, turn};

/// [`Doctors`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgDoctors(Pool);

impl PgDoctors {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Doctors for PgDoctors {
    fn add(&self, doctor: &Doctor, along: &Along) -> Result<(), AddError> {
        self.0.change(along, |connection| {
            diesel::insert_into(doctors::table).values(DoctorRow::from(doctor)).execute(connection)?;
            Ok(insert_hours(connection, doctor)?)
        })
    }

    fn find(&self, id: DoctorId) -> Result<Option<Doctor>, Unavailable> {
        find(&mut *self.0.get()?, id)
    }

    fn list(
        &self,
        filter: &DoctorFilter,
        page: &PageRequest<DoctorPosition>,
    ) -> Result<Page<Doctor, DoctorPosition>, Unavailable> {
        let nobody = Page { items: vec![], next: None };
        let mut on_page = doctors::table.select(doctors::id).into_boxed();
        if let Some(specialty) = &filter.specialty {
            if !like::possible(specialty) {
                return Ok(nobody);
            }
            on_page = on_page.filter(doctors::specialty_key.eq(specialty.as_str()));
        }
        if let Some(name) = &filter.name {
            let Some(patterns) = like::patterns(name) else { return Ok(nobody) };
            for pattern in patterns {
                on_page = on_page.filter(doctors::name_key.like(pattern));
            }
        }
        if let Some(active) = filter.active {
            on_page = on_page.filter(doctors::active.eq(active));
        }
        if let Some(DoctorPosition { name, id }) = &page.after {
            let name = like::up_to_nul(name);
            // The first half says nothing new, but lets the index be entered at the right place.
            let after = doctors::name_key.gt(name).or(doctors::id.gt(id.uuid()));
            on_page = on_page.filter(doctors::name_key.ge(name).and(after));
        }
        let on_page = on_page.order((doctors::name_key, doctors::id)).limit(i64::from(page.limit.get()) + 1);

        let rows: Vec<HoursRow> = with_hours()
            .filter(doctors::id.eq_any(on_page))
            .select(hours_row())
            .order((doctors::name_key, doctors::id, working_hours_versions::effective_from))
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        Ok(Page::cut(rows::doctors(rows)?, page.limit, |doctor| DoctorPosition::from(doctor)))
    }

    /// Six statements: what changes between them, saving finds out.
    fn outlook(&self, id: DoctorId, as_of: DateTime<Utc>) -> Result<Option<Outlook>, Unavailable> {
        let mut connection = self.0.get()?;
        let Some(doctor) = find(&mut connection, id)? else { return Ok(None) };
        let exceptions = exceptions::load(&mut connection, &[id.uuid()], Around::since(as_of))?.take(id);
        let bookings = upcoming(id, as_of)
            .select(BookingRow::as_select())
            .load(&mut connection)
            .map_err(Unavailable::unreachable)?;
        let bookings = bookings.into_iter().map(Booking::try_from).collect::<Result<_, _>>()?;
        let holds = hold::upcoming(id, as_of)
            .select(HoldRow::as_select())
            .load(&mut connection)
            .map_err(Unavailable::unreachable)?;
        let holds = holds.into_iter().map(Hold::try_from).collect::<Result<_, _>>()?;
        Ok(Some(Outlook { doctor, exceptions, upcoming: Upcoming { as_of, bookings, holds } }))
    }

    fn save(&self, change: &RulesChange) -> Result<(), SaveError> {
        let RulesChange { doctor, seen, judged, marked, exception, along } = change;
        let id = doctor.id().uuid();
        let judged_rows: Vec<_> =
            judged.bookings.iter().map(|(booking, revision)| (booking.uuid(), revision.number())).collect();
        let judged_holds: Vec<_> = judged.holds.iter().copied().map(HoldId::uuid).collect();
        self.0.change(along, |connection| {
            if turn::hold_rules(connection, doctor.id())? != Some(*seen) {
                return Err(Abort::Refused(SaveError::Stale));
            }
            let there: Vec<(Uuid, i64)> = upcoming(doctor.id(), judged.as_of)
                .order(bookings::id)
                .select((bookings::id, bookings::revision))
                .load(connection)?;
            let held: Vec<Uuid> =
                hold::upcoming(doctor.id(), judged.as_of).order(holds::id).select(holds::id).load(connection)?;
            if there != judged_rows || held != judged_holds {
                return Err(Abort::Refused(SaveError::Stale));
            }
            diesel::update(doctors::table.find(id)).set(DoctorRow::from(doctor)).execute(connection)?;
            diesel::delete(working_windows::table.filter(working_windows::doctor_id.eq(id))).execute(connection)?;
            diesel::delete(working_hours_versions::table.filter(working_hours_versions::doctor_id.eq(id)))
                .execute(connection)?;
            insert_hours(connection, doctor)?;
            if let Some(exception) = exception {
                exceptions::change(connection, doctor.id(), exception)?;
            }
            // A booking may still be cancelled meanwhile: that takes no lock on the doctor.
            if booking::mark(connection, marked)? != marked.len() {
                return Err(Abort::Refused(SaveError::Stale));
            }
            Ok(())
        })
    }
}

/// A doctor with his or her hours, in one statement and hence as they were at one moment: the revision read is that of
/// the hours read.
pub(crate) fn find(connection: &mut PgConnection, id: DoctorId) -> Result<Option<Doctor>, Unavailable> {
    let rows: Vec<HoursRow> = with_hours()
        .filter(doctors::id.eq(id.uuid()))
        .select(hours_row())
        .order(working_hours_versions::effective_from)
        .load(connection)
        .map_err(Unavailable::unreachable)?;
    Ok(rows::doctors(rows)?.pop())
}

/// The doctors with these ids, by id; like [`find`] in one statement.
pub(crate) fn find_all(
    connection: &mut PgConnection,
    ids: doctors::BoxedQuery<'_, Pg, SqlUuid>,
) -> Result<Vec<Doctor>, Unavailable> {
    let rows: Vec<HoursRow> = with_hours()
        .filter(doctors::id.eq_any(ids))
        .select(hours_row())
        .order((doctors::id, working_hours_versions::effective_from))
        .load(connection)
        .map_err(Unavailable::unreachable)?;
    rows::doctors(rows)
}

#[dsl::auto_type(no_type_alias)]
fn with_hours() -> _ {
    doctors::table
        .left_join(working_hours_versions::table.on(working_hours_versions::doctor_id.eq(doctors::id)))
        .left_join(
            working_windows::table.on(working_windows::doctor_id
                .eq(working_hours_versions::doctor_id)
                .and(working_windows::effective_from.eq(working_hours_versions::effective_from))),
        )
}

#[dsl::auto_type(no_type_alias)]
fn hours_row() -> _ {
    let doctor: AsSelect<DoctorRow, Pg> = DoctorRow::as_select();
    let window: AsSelect<Option<WindowRow>, Pg> = Option::<WindowRow>::as_select();
    (doctor, working_hours_versions::effective_from.nullable(), window)
}

/// The live bookings of a doctor that end after `as_of`.
#[dsl::auto_type(no_type_alias)]
fn upcoming(doctor: DoctorId, as_of: DateTime<Utc>) -> _ {
    let doctor: Uuid = doctor.uuid();
    let as_of: DateTime<Utc> = instant::floor(as_of);
    let live: Vec<&'static str> = BookingRow::live();
    bookings::table
        .filter(bookings::doctor_id.eq(doctor))
        .filter(bookings::status.eq_any(live))
        .filter(bookings::ends_at.gt(as_of))
}

fn insert_hours(connection: &mut PgConnection, doctor: &Doctor) -> QueryResult<()> {
    diesel::insert_into(working_hours_versions::table).values(VersionRow::all(doctor)).execute(connection)?;
    diesel::insert_into(working_windows::table).values(WindowRow::all(doctor)).execute(connection)?;
    Ok(())
}
