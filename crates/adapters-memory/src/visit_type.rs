//! Kinds of visits.

use doctor_booking_domain::{Revision, VisitType, VisitTypeId};
use doctor_booking_ports::{
    AddError, Along, Page, PageRequest, SaveError, Unavailable, VisitTypeFilter, VisitTypePosition, VisitTypes,
};

use crate::MemoryStore;
use crate::page::page;
use crate::store::{State, insert};

/// [`VisitTypes`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryVisitTypes(MemoryStore);

impl MemoryVisitTypes {
    /// The visit types in `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl VisitTypes for MemoryVisitTypes {
    fn add(&self, visit_type: &VisitType, along: &Along) -> Result<(), AddError> {
        let mut state = self.0.lock();
        state.is_new(along)?;
        insert(&mut state.visit_types, "visit_types", visit_type.id(), visit_type.clone())?;
        state.write(along);
        Ok(())
    }

    fn find(&self, id: VisitTypeId) -> Result<Option<VisitType>, Unavailable> {
        Ok(self.0.lock().visit_types.get(&id).cloned())
    }

    fn find_all(&self, ids: &[VisitTypeId]) -> Result<Vec<VisitType>, Unavailable> {
        let state = self.0.lock();
        Ok(state.visit_types.values().filter(|visit_type| ids.contains(&visit_type.id())).cloned().collect())
    }

    fn list(
        &self,
        filter: &VisitTypeFilter,
        request: &PageRequest<VisitTypePosition>,
    ) -> Result<Page<VisitType, VisitTypePosition>, Unavailable> {
        let VisitTypeFilter { retired } = filter;
        let state = self.0.lock();
        let passes = |visit_type: &&VisitType| retired.is_none_or(|retired| visit_type.parts().retired == retired);
        let wanted = state.visit_types.values().filter(passes);
        Ok(page(wanted, request, |visit_type| VisitTypePosition::from(visit_type)))
    }

    fn save(&self, visit_type: &VisitType, seen: Revision) -> Result<(), SaveError> {
        let mut guard = self.0.lock();
        let state: &mut State = &mut guard;
        let stored = state.visit_types.get_mut(&visit_type.id()).filter(|stored| stored.revision() == seen);
        *stored.ok_or(SaveError::Stale)? = visit_type.clone();
        state.revise_all(visit_type.parts().updated_at);
        Ok(())
    }
}
