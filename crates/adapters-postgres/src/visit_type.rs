//! Kinds of visits.

use diesel::prelude::*;
use doctor_booking_domain::{Revision, VisitType, VisitTypeId};
use doctor_booking_ports::{
    AddError, Along, Page, PageRequest, SaveError, Unavailable, VisitTypeFilter, VisitTypePosition, VisitTypes,
};
use uuid::Uuid;

use crate::pool::Pool;
use crate::rows::VisitTypeRow;
use crate::schema::visit_types;
use crate::transaction::Abort;
use crate::{like, turn};

/// [`VisitTypes`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgVisitTypes(Pool);

impl PgVisitTypes {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl VisitTypes for PgVisitTypes {
    fn add(&self, visit_type: &VisitType, along: &Along) -> Result<(), AddError> {
        self.0.change(along, |connection| {
            diesel::insert_into(visit_types::table).values(VisitTypeRow::from(visit_type)).execute(connection)?;
            Ok(())
        })
    }

    fn find(&self, id: VisitTypeId) -> Result<Option<VisitType>, Unavailable> {
        let row = visit_types::table
            .find(id.uuid())
            .select(VisitTypeRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(VisitType::try_from).transpose()
    }

    fn find_all(&self, ids: &[VisitTypeId]) -> Result<Vec<VisitType>, Unavailable> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let rows = visit_types::table
            .filter(visit_types::id.eq_any(ids))
            .select(VisitTypeRow::as_select())
            .order(visit_types::id)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        rows.into_iter().map(VisitType::try_from).collect()
    }

    fn list(
        &self,
        filter: &VisitTypeFilter,
        page: &PageRequest<VisitTypePosition>,
    ) -> Result<Page<VisitType, VisitTypePosition>, Unavailable> {
        let mut query = visit_types::table.select(VisitTypeRow::as_select()).into_boxed();
        if let Some(retired) = filter.retired {
            query = query.filter(visit_types::retired.eq(retired));
        }
        if let Some(VisitTypePosition { name, id }) = &page.after {
            let name = like::up_to_nul(name);
            // The first half says nothing new, but lets the index be entered at the right place.
            let after = visit_types::name_key.gt(name).or(visit_types::id.gt(id.uuid()));
            query = query.filter(visit_types::name_key.ge(name).and(after));
        }
        let rows = query
            .order((visit_types::name_key, visit_types::id))
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(VisitType::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, |visit_type| VisitTypePosition::from(visit_type)))
    }

    fn save(&self, visit_type: &VisitType, seen: Revision) -> Result<(), SaveError> {
        let as_seen = visit_types::table.find(visit_type.id().uuid()).filter(visit_types::revision.eq(seen.number()));
        self.0.transaction(|connection| {
            // Before all others are locked out: whoever comes too late need not do that.
            if diesel::update(as_seen).set(VisitTypeRow::from(visit_type)).execute(connection)? != 1 {
                return Err(Abort::Refused(SaveError::Stale));
            }
            turn::raise_all(connection, visit_type.parts().updated_at)?;
            Ok(())
        })
    }
}
