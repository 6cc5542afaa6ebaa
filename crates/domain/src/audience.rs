//! Who is told of what has happened.

use crate::{DoctorId, Entry, PatientId, What};

/// To whom it is told what has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Who may know of everything.
    Everybody,
    /// A doctor: of the own calendar, and of what concerns the whole hospital; not of holds, nor of who waits.
    Doctor(DoctorId),
    /// A patient: of what is his or hers, and of what concerns the whole hospital.
    Patient(PatientId),
}

impl Audience {
    /// Whether it may know of this at all.
    #[must_use]
    pub fn may_know(self, entry: &Entry) -> bool {
        let is_for_all = entry.doctor.is_none() && entry.patient.is_none();
        match self {
            Self::Everybody => true,
            Self::Doctor(id) => (entry.doctor == Some(id) || is_for_all) && !entry.what.is_of_desk(),
            Self::Patient(id) => entry.patient == Some(id) || is_for_all,
        }
    }
}

impl What {
    /// Whether it is about holds, or about who waits: the business of whoever keeps dates, not of the doctor whose they
    /// are.
    #[must_use]
    pub const fn is_of_desk(self) -> bool {
        matches!(
            self,
            Self::WaitlistJoined | Self::WaitlistOffered | Self::WaitlistLeft | Self::HoldCreated | Self::HoldReleased
        )
    }

    /// Whether something may be free, or no longer free, that was not before.
    #[must_use]
    pub const fn changes_what_is_free(self) -> bool {
        match self {
            Self::BookingCreated
            | Self::BookingMoved
            | Self::BookingCancelled
            | Self::BookingReinstated
            | Self::BookingNoShow
            | Self::WaitlistOffered
            | Self::WaitlistLeft
            | Self::HoldCreated
            | Self::HoldReleased
            | Self::DoctorCreated
            | Self::DoctorChanged
            | Self::HoursChanged
            | Self::OverrideSet
            | Self::OverrideRemoved
            | Self::TimeOffAdded
            | Self::TimeOffRemoved
            | Self::ClosureAdded
            | Self::ClosureRemoved => true,
            Self::BookingArrived
            | Self::BookingFulfilled
            | Self::BookingMarked
            | Self::BookingReminder
            | Self::WaitlistJoined => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{EntryId, Facts, Who};

    const DOCTOR: DoctorId = DoctorId::from_u128(1);
    const PATIENT: PatientId = PatientId::from_u128(2);

    fn entry(what: What, doctor: Option<DoctorId>, patient: Option<PatientId>) -> Entry {
        Entry {
            id: EntryId::from_u128(3),
            what,
            at: DateTime::UNIX_EPOCH,
            who: Who::Service,
            why: None,
            doctor,
            patient,
            booking: None,
            before: Facts::default(),
            after: Facts::default(),
        }
    }

    /// Whether the doctor, the patient, and others of the kind may know.
    fn known(entry: &Entry) -> [bool; 4] {
        let (doctor, patient) = (DoctorId::from_u128(8), PatientId::from_u128(9));
        assert!(Audience::Everybody.may_know(entry));
        let audiences = [
            Audience::Doctor(DOCTOR),
            Audience::Patient(PATIENT),
            Audience::Doctor(doctor),
            Audience::Patient(patient),
        ];
        audiences.map(|audience| audience.may_know(entry))
    }

    #[test]
    fn of_a_booking_its_doctor_and_its_patient_know_and_nobody_else() {
        let booked = entry(What::BookingCreated, Some(DOCTOR), Some(PATIENT));
        assert_eq!(known(&booked), [true, true, false, false]);
    }

    #[test]
    fn of_what_has_changed_about_a_doctor_no_patient_knows() {
        assert_eq!(known(&entry(What::HoursChanged, Some(DOCTOR), None)), [true, false, false, false]);
    }

    #[test]
    fn of_what_concerns_the_hospital_everybody_knows() {
        assert_eq!(known(&entry(What::ClosureAdded, None, None)), [true; 4]);
    }

    #[test]
    fn of_what_is_held_and_who_waits_no_doctor_knows() {
        assert_eq!(known(&entry(What::HoldCreated, Some(DOCTOR), None)), [false; 4]);
        assert_eq!(known(&entry(What::WaitlistOffered, Some(DOCTOR), Some(PATIENT))), [false, true, false, false]);
        assert_eq!(known(&entry(What::WaitlistJoined, None, Some(PATIENT))), [false, true, false, false]);
    }
}
