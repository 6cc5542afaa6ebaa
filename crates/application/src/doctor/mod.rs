//! Doctors: register, find, list, amend.

mod amend_doctor;
mod find_doctor;
mod find_doctor_history;
mod list_doctors;
mod register_doctor;

pub use amend_doctor::{AmendDoctor, UnknownVisitTypes};
pub use find_doctor::FindDoctor;
pub use find_doctor_history::FindDoctorHistory;
pub use list_doctors::ListDoctors;
pub use register_doctor::{NewDoctor, RegisterDoctor};
