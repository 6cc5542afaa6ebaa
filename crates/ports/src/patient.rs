//! Patients.

use doctor_booking_domain::{DoctorId, Patient, PatientId, Revision, SearchKey};

use crate::{AddError, Along, Page, PageRequest, SaveError, Unavailable};

/// Which patients to list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PatientFilter {
    /// Only those whose name has every word of it.
    pub name: Option<SearchKey>,
    /// Only this one.
    pub only: Option<PatientId>,
    /// Only those who have a booking with this doctor, wherever it stands.
    pub seen_by: Option<DoctorId>,
}

/// Patients.
///
/// # Promises of every implementation
///
/// - A patient is found as he or she was stored.
/// - Lists are in the order of registration (by id; a position must not tell a name), and stay right while patients
///   are added.
/// - A change decided on a patient who has since changed is refused as [`SaveError::Stale`].
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Patients: Send + Sync {
    /// Stores a new patient, and what goes along.
    ///
    /// # Errors
    ///
    /// [`AddError`].
    fn add(&self, patient: &Patient, along: &Along) -> Result<(), AddError>;

    /// The patient with this id.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn find(&self, id: PatientId) -> Result<Option<Patient>, Unavailable>;

    /// The patients that pass the filter, a page at a time.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn list(
        &self,
        filter: &PatientFilter,
        page: &PageRequest<PatientId>,
    ) -> Result<Page<Patient, PatientId>, Unavailable>;

    /// Whether the patient has a booking with the doctor, wherever it stands.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] when the store cannot answer.
    fn is_seen_by(&self, id: PatientId, doctor: DoctorId) -> Result<bool, Unavailable>;

    /// Stores the patient as he or she should be, decided at revision `seen`.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] when the patient has another revision than `seen`.
    fn save(&self, patient: &Patient, seen: Revision) -> Result<(), SaveError>;
}
