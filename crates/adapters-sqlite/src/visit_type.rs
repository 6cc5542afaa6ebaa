//! Kinds of visits.

use std::error::Error;

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{
    Horizon, Notice, Revision, SlotLength, Terms, VisitType, VisitTypeId, VisitTypeName, VisitTypeParts,
};
use doctor_booking_ports::{
    AddError, Along, Page, PageRequest, SaveError, Unavailable, VisitTypeFilter, VisitTypePosition, VisitTypes,
};

use crate::one_of::one_of;
use crate::pools::Pools;
use crate::schema::visit_types;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros, footprint};
use crate::{SqliteStore, along, doctor};

/// [`VisitTypes`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteVisitTypes(Pools);

impl SqliteVisitTypes {
    /// The visit types in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl VisitTypes for SqliteVisitTypes {
    fn add(&self, visit_type: &VisitType, along: &Along) -> Result<(), AddError> {
        self.0.write(|connection| {
            along::write(connection, along)?;
            diesel::insert_into(visit_types::table)
                .values(VisitTypeRow::from(visit_type))
                .execute(connection)
                .map_err(|error| not_added("visit_types", &visit_type.id(), error))?;
            Ok(())
        })
    }

    fn find(&self, id: VisitTypeId) -> Result<Option<VisitType>, Unavailable> {
        self.0.read(|connection| {
            let query = visit_types::table.find(Id::from(id)).select(VisitTypeRow::as_select());
            let row = query.first(connection).optional()?;
            Ok(row.map(VisitType::try_from).transpose()?)
        })
    }

    fn find_all(&self, ids: &[VisitTypeId]) -> Result<Vec<VisitType>, Unavailable> {
        let ids: Vec<Id> = ids.iter().map(|&id| id.into()).collect();
        self.0.read(|connection| {
            let query = visit_types::table.filter(one_of(visit_types::id, &ids)).order(visit_types::id);
            let rows = query.select(VisitTypeRow::as_select()).load(connection)?;
            Ok(rows.into_iter().map(VisitType::try_from).collect::<Result<_, _>>()?)
        })
    }

    fn list(
        &self,
        filter: &VisitTypeFilter,
        page: &PageRequest<VisitTypePosition>,
    ) -> Result<Page<VisitType, VisitTypePosition>, Unavailable> {
        self.0.read(|connection| {
            let mut query = visit_types::table.select(VisitTypeRow::as_select()).into_boxed();
            if let Some(retired) = filter.retired {
                query = query.filter(visit_types::retired.eq(retired));
            }
            if let Some(VisitTypePosition { name, id }) = &page.after {
                // The first condition is for the index.
                query = query.filter(visit_types::name_key.ge(name.as_str()));
                query = query.filter(visit_types::name_key.gt(name.as_str()).or(visit_types::id.gt(Id::from(*id))));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows = query.order((visit_types::name_key, visit_types::id)).limit(one_more).load(connection)?;
            let found = rows.into_iter().map(VisitType::try_from).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, |visit_type| VisitTypePosition::from(visit_type)))
        })
    }

    fn save(&self, visit_type: &VisitType, seen: Revision) -> Result<(), SaveError> {
        let row = VisitTypeRow::from(visit_type);
        self.0.write(|connection| {
            let as_seen = visit_types::table.find(row.id).filter(visit_types::revision.eq(seen.number()));
            if diesel::update(as_seen).set(row).execute(connection)? == 0 {
                return Err(Abort::Refused(SaveError::Stale));
            }
            doctor::revise_all(connection, visit_type.parts().updated_at)?;
            Ok(())
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = visit_types, check_for_backend(Sqlite))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct VisitTypeRow {
    id: Id,
    name: String,
    name_key: String,
    minutes: i32,
    step_minutes: Option<i32>,
    buffer_before_minutes: i32,
    buffer_after_minutes: i32,
    min_notice_minutes: i64,
    max_days_ahead: Option<i32>,
    capacity: i32,
    retired: bool,
    revision: i64,
    created_at: Micros,
    updated_at: Micros,
}

impl From<&VisitType> for VisitTypeRow {
    fn from(visit_type: &VisitType) -> Self {
        let VisitTypeParts { id, name, terms, retired, revision, created_at, updated_at } = visit_type.parts();
        let Terms { length, step, footprint, notice, horizon } = terms;
        Self {
            id: (*id).into(),
            name: name.as_str().to_owned(),
            name_key: name.key().as_str().to_owned(),
            minutes: length.minutes().into(),
            step_minutes: step.map(|step| step.minutes().into()),
            buffer_before_minutes: footprint.before.get().into(),
            buffer_after_minutes: footprint.after.get().into(),
            min_notice_minutes: notice.get().into(),
            max_days_ahead: horizon.map(|horizon| horizon.get().into()),
            capacity: footprint.capacity.get().into(),
            retired: *retired,
            revision: revision.number(),
            created_at: Micros::floor(*created_at),
            updated_at: Micros::floor(*updated_at),
        }
    }
}

impl TryFrom<VisitTypeRow> for VisitType {
    type Error = Unavailable;

    fn try_from(row: VisitTypeRow) -> Result<Self, Unavailable> {
        let id = VisitTypeId::from(row.id);
        parse(id, &row).map_err(|error| Unavailable::inconsistent("visit_types", &id, error))
    }
}

fn parse(id: VisitTypeId, row: &VisitTypeRow) -> Result<VisitType, Box<dyn Error + Send + Sync>> {
    let length = |minutes: i32| -> Result<SlotLength, Box<dyn Error + Send + Sync>> {
        Ok(SlotLength::from_minutes(u16::try_from(minutes)?)?)
    };
    let horizon = row.max_days_ahead.map(u16::try_from).transpose()?;
    let terms = Terms {
        length: length(row.minutes)?,
        step: row.step_minutes.map(length).transpose()?,
        footprint: footprint(row.buffer_before_minutes, row.buffer_after_minutes, row.capacity)?,
        notice: Notice::new(u32::try_from(row.min_notice_minutes)?)?,
        horizon: horizon.map(Horizon::new).transpose()?,
    };
    Ok(VisitType::from_parts(VisitTypeParts {
        id,
        name: VisitTypeName::parse(&row.name)?,
        terms,
        retired: row.retired,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at.instant()?,
        updated_at: row.updated_at.instant()?,
    })?)
}
