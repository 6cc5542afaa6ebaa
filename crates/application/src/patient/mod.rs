//! Patients: register, find, list, amend.

mod amend_patient;
mod find_patient;
mod list_patients;
mod register_patient;

pub use amend_patient::{AmendPatient, AmendPatientError};
pub use find_patient::FindPatient;
pub use list_patients::ListPatients;
pub use register_patient::RegisterPatient;
