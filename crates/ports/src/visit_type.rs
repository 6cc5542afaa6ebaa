//! Kinds of visits.

use doctor_booking_domain::{Revision, SearchKey, VisitType, VisitTypeId};

use crate::{AddError, Along, Page, PageRequest, SaveError, Unavailable};

/// Which visit types to list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct VisitTypeFilter {
    /// Only those that are retired, or are not.
    pub retired: Option<bool>,
}

/// Where a visit type stands in a list: by the key of its name, then id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct VisitTypePosition {
    /// The key of its name.
    pub name: SearchKey,
    /// Which type.
    pub id: VisitTypeId,
}

impl From<&VisitType> for VisitTypePosition {
    fn from(visit_type: &VisitType) -> Self {
        Self { name: visit_type.parts().name.key(), id: visit_type.id() }
    }
}

/// Kinds of visits.
///
/// # Promises of every implementation
///
/// - A visit type is found as it was stored; lists are in the order of [`VisitTypePosition`], and stay right while types
///   are added.
/// - [`save`](Self::save) stores the type and raises the revision of **every** doctor, since any may offer it; or nothing.
///   So a booking decided on what the type was before is refused as stale.
/// - A change decided on a type that has since changed is refused as [`SaveError::Stale`].
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait VisitTypes: Send + Sync {
    /// Stores a new visit type, and what goes along. Nothing that was decided without it changes.
    ///
    /// # Errors
    ///
    /// [`AddError`].
    fn add(&self, visit_type: &VisitType, along: &Along) -> Result<(), AddError>;

    /// The visit type with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: VisitTypeId) -> Result<Option<VisitType>, Unavailable>;

    /// Those of these visit types that are there, by id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find_all(&self, ids: &[VisitTypeId]) -> Result<Vec<VisitType>, Unavailable>;

    /// The visit types that pass the filter, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(
        &self,
        filter: &VisitTypeFilter,
        page: &PageRequest<VisitTypePosition>,
    ) -> Result<Page<VisitType, VisitTypePosition>, Unavailable>;

    /// Stores the type as it should be, decided at revision `seen`.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when the type has another revision than `seen`.
    fn save(&self, visit_type: &VisitType, seen: Revision) -> Result<(), SaveError>;
}
