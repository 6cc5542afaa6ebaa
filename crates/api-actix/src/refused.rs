//! Why a visit cannot be had, as a problem.

use doctor_booking_application::{Refused, UseCases};
use doctor_booking_domain::{Actor, InvalidTransition, PatientId, Refusal, VisitTypeId};

use crate::booking::StatusView;
use crate::code::Code;
use crate::problem::{Problem, Violation};
use crate::values::local;

/// Everything that stands in the way of a visit, and the free starts nearest to it. `pointer` says where the field is
/// that is at fault, by the pointer that it has in a booking.
pub(crate) fn refused(
    Refused { refusals, alternatives, zone }: &Refused,
    pointer: impl Fn(&'static str) -> &'static str,
) -> Problem {
    let violation = |refusal: &Refusal| {
        let (code, at) = code_of(*refusal);
        Violation::new(pointer(at), code, refusal.to_string())
    };
    let (code, _) = code_of(refusals.first());
    Problem::new(code, refusals.to_string())
        .with_errors(refusals.all().iter().map(violation).collect())
        .with_alternatives(alternatives.iter().map(|start| local(*start, zone)).collect())
}

/// With which code a visit is refused, and which field is at fault.
pub(crate) fn code_of(refusal: Refusal) -> (Code, &'static str) {
    match refusal {
        Refusal::DoctorInactive => (Code::DoctorInactive, "/doctorId"),
        Refusal::VisitTypeNotOffered => (Code::InvalidVisitType, "/visitType"),
        Refusal::InPast => (Code::InPast, "/start"),
        Refusal::NoticeTooShort => (Code::NoticeTooShort, "/start"),
        Refusal::BeyondHorizon => (Code::BeyondHorizon, "/start"),
        Refusal::OutsideWorkingHours => (Code::OutsideWorkingHours, "/start"),
        Refusal::OffGrid => (Code::OffGrid, "/start"),
        Refusal::SlotTaken => (Code::SlotTaken, "/start"),
        Refusal::SlotHeld => (Code::SlotHeld, "/start"),
    }
}

/// What is said of a patient who is elsewhere.
pub(crate) const PATIENT_BUSY: &str = "the patient has another visit in that time";

/// The patient is elsewhere.
pub(crate) fn patient_busy(pointer: &str) -> Problem {
    let violation = Violation::new(pointer, Code::PatientBusy, PATIENT_BUSY);
    Problem::new(Code::PatientBusy, PATIENT_BUSY).with_errors(vec![violation])
}

/// What a visit that is wanted names, besides its doctor.
#[derive(Clone, Copy)]
pub(crate) struct Mentioned {
    pub(crate) patient: Option<PatientId>,
    pub(crate) visit_type: Option<VisitTypeId>,
}

/// What of it is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Doctor,
    Patient,
    VisitType,
}

impl Mentioned {
    /// Everything that is named and not there. It is looked for in the order of doctor, visit type, patient, and a use
    /// case ends with the first that is missing; all of them belong into one answer.
    pub(crate) fn without(self, first: Missing, actor: &Actor, use_cases: &UseCases) -> Problem {
        let no_such = |pointer, what| Violation::new(pointer, Code::NotFound, format!("there is no such {what}"));
        let has_no_patient = |id| matches!(use_cases.find_patient.execute(actor, id), Ok(None));
        let has_no_type = |id| matches!(use_cases.find_visit_type.execute(actor, id), Ok(None));
        let is_type =
            first == Missing::VisitType || first == Missing::Doctor && self.visit_type.is_some_and(has_no_type);
        let is_patient = first == Missing::Patient || self.patient.is_some_and(has_no_patient);
        let violations = [
            (first == Missing::Doctor).then(|| no_such("/doctorId", "doctor")),
            is_patient.then(|| no_such("/patientId", "patient")),
            is_type.then(|| no_such("/visitType", "visit type")),
        ];
        Problem::of_violations(Code::NotFound, violations.into_iter().flatten().collect())
    }
}

impl From<InvalidTransition> for Problem {
    fn from(refused: InvalidTransition) -> Self {
        let allowed = refused.allowed.iter().copied().map(StatusView::from).collect();
        Self::new(Code::InvalidTransition, refused.to_string()).with_allowed(allowed)
    }
}
