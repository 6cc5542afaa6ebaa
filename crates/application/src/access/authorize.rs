//! Who may do what: the one table, and the one decision.

use doctor_booking_domain::{Action, Actor, Booking, CallerId, Concerned, DoctorId, Hold, PatientId, Role, Waiting};

/// On what something is to be done: whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The whole hospital's.
    Hospital,
    /// A doctor's.
    OfDoctor(DoctorId),
    /// A patient's.
    OfPatient {
        /// Whose.
        patient: PatientId,
        /// The doctor of whom it is known that he or she has a booking with the patient.
        seen_by: Option<DoctorId>,
    },
    /// A booking, which is its doctor's and its patient's.
    Booking(Concerned),
    /// A caller's.
    OfCaller(CallerId),
    /// Nothing: there is none of that id.
    Absent,
}

impl Resource {
    /// A patient's, of whom it is not known who has seen him or her.
    #[must_use]
    pub const fn of_patient(patient: PatientId) -> Self {
        Self::OfPatient { patient, seen_by: None }
    }

    /// Whom it concerns, as the audit log tells it.
    #[must_use]
    pub fn concerned(self) -> Concerned {
        match self {
            Self::OfDoctor(doctor) => Concerned { doctor: Some(doctor), ..Concerned::default() },
            Self::OfPatient { patient, .. } => Concerned { patient: Some(patient), ..Concerned::default() },
            Self::Booking(concerned) => concerned,
            Self::Hospital | Self::OfCaller(_) | Self::Absent => Concerned::default(),
        }
    }
}

impl From<&Booking> for Resource {
    fn from(booking: &Booking) -> Self {
        let (doctor, patient) = (Some(booking.doctor()), Some(booking.parts().patient));
        Self::Booking(Concerned { doctor, patient, booking: Some(booking.id()) })
    }
}

impl From<&Hold> for Resource {
    fn from(hold: &Hold) -> Self {
        Self::OfCaller(hold.owner)
    }
}

impl From<&Waiting> for Resource {
    fn from(waiting: &Waiting) -> Self {
        Self::of_patient(waiting.parts().patient)
    }
}

/// Why somebody is not let.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nobody of the role may do such a thing, whatever it is done on.
    Forbidden,
    /// It is somebody else's, or it is not there: which of the two is not to be known.
    Hidden,
}

/// On what a role may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// On everything.
    All,
    /// On what is the actor's own.
    Own,
    /// On nothing.
    Nothing,
}

/// The rights of every role: the one table.
///
/// Whether somebody of whom nothing is known is let in at all, whoever runs the service decides.
const fn reach(role: Role, action: Action) -> Reach {
    use Reach::{All, Nothing, Own};
    let [administrator, front_desk, doctor, patient, nobody] = match action {
        Action::SignIn | Action::ReadDoctors | Action::FindFreeSlots => [All, All, All, All, All],
        Action::RegisterDoctors | Action::AmendDoctors | Action::SeeWhyNotFree => [All, All, All, Nothing, Nothing],
        Action::ReadHours | Action::ChangeHours | Action::AdvanceBookings => [All, All, Own, Nothing, Nothing],
        Action::ReadPatients | Action::ReadBookings | Action::ReadBookingHistory | Action::FollowEvents => {
            [All, All, Own, Own, Nothing]
        }
        Action::AmendPatients | Action::Book | Action::Reschedule | Action::Cancel | Action::Hold | Action::Wait => {
            [All, All, Nothing, Own, Nothing]
        }
        Action::RegisterPatients | Action::Reinstate | Action::SetRulesAside => [All, All, Nothing, Nothing, Nothing],
        Action::ReadClosures | Action::ReadVisitTypes => [All, All, All, All, Nothing],
        Action::ChangeClosures
        | Action::ChangeVisitTypes
        | Action::ManageTokens
        | Action::ManageWebhooks
        | Action::ReadAudit => [All, Nothing, Nothing, Nothing, Nothing],
    };
    match role {
        Role::Administrator => administrator,
        Role::FrontDesk => front_desk,
        Role::Doctor(_) => doctor,
        Role::Patient(_) => patient,
        Role::Nobody => nobody,
    }
}

/// Decides whether somebody may do something on something.
///
/// # Errors
///
/// [`Denied`]. [`Forbidden`](Denied::Forbidden) does not depend on what is there, and [`Hidden`](Denied::Hidden) not on
/// whether it is: so neither tells anything.
pub fn authorize(actor: &Actor, action: Action, resource: Resource) -> Result<(), Denied> {
    match reach(actor.role, action) {
        Reach::All => Ok(()),
        Reach::Nothing => Err(Denied::Forbidden),
        Reach::Own if is_own(actor, resource) => Ok(()),
        Reach::Own => Err(Denied::Hidden),
    }
}

fn is_own(actor: &Actor, resource: Resource) -> bool {
    let (own_doctor, own_patient) = (actor.role.doctor(), actor.role.patient());
    match resource {
        Resource::Hospital | Resource::Absent => false,
        Resource::OfDoctor(doctor) => own_doctor == Some(doctor),
        Resource::OfPatient { patient, seen_by } => {
            own_patient == Some(patient) || own_doctor.is_some() && own_doctor == seen_by
        }
        Resource::Booking(Concerned { doctor, patient, .. }) => {
            own_doctor.is_some() && own_doctor == doctor || own_patient.is_some() && own_patient == patient
        }
        Resource::OfCaller(caller) => actor.caller == caller,
    }
}

/// What of a list somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    All,
    /// What is this doctor's.
    OfDoctor(DoctorId),
    /// What is this patient's.
    OfPatient(PatientId),
}

/// Decides what of a list somebody may see.
///
/// # Errors
///
/// [`Denied::Forbidden`] where it is nothing, whatever is in it.
pub fn scope(actor: &Actor, action: Action) -> Result<Scope, Denied> {
    match (reach(actor.role, action), actor.role) {
        (Reach::All, _) => Ok(Scope::All),
        (Reach::Own, Role::Doctor(id)) => Ok(Scope::OfDoctor(id)),
        (Reach::Own, Role::Patient(id)) => Ok(Scope::OfPatient(id)),
        (Reach::Own | Reach::Nothing, _) => Err(Denied::Forbidden),
    }
}

#[cfg(test)]
mod tests {
    use doctor_booking_domain::BookingId;

    use super::*;

    const JON: DoctorId = DoctorId::from_u128(1);
    const SAM: DoctorId = DoctorId::from_u128(2);
    const ARYA: PatientId = PatientId::from_u128(3);
    const SANSA: PatientId = PatientId::from_u128(4);

    fn actor(role: Role) -> Actor {
        Actor::new(CallerId::of(role).unwrap_or(CallerId::from_u128(9)), role)
    }

    fn roles() -> [Role; 5] {
        [Role::Administrator, Role::FrontDesk, Role::Doctor(JON), Role::Patient(ARYA), Role::Nobody]
    }

    fn booking(doctor: DoctorId, patient: PatientId) -> Resource {
        let booking = Some(BookingId::from_u128(5));
        Resource::Booking(Concerned { doctor: Some(doctor), patient: Some(patient), booking })
    }

    fn resources() -> [Resource; 9] {
        [
            Resource::Hospital,
            Resource::OfDoctor(JON),
            Resource::OfDoctor(SAM),
            Resource::of_patient(ARYA),
            Resource::of_patient(SANSA),
            Resource::OfPatient { patient: SANSA, seen_by: Some(JON) },
            booking(JON, SANSA),
            booking(SAM, ARYA),
            Resource::Absent,
        ]
    }

    #[test]
    fn an_administrator_may_do_everything_on_everything() {
        for (&action, resource) in Action::ALL.iter().flat_map(|action| resources().map(|on| (action, on))) {
            assert_eq!(authorize(&actor(Role::Administrator), action, resource), Ok(()), "{action:?} {resource:?}");
        }
    }

    #[test]
    fn what_is_forbidden_does_not_depend_on_what_is_there() {
        for (&action, role) in Action::ALL.iter().flat_map(|action| roles().map(|role| (action, role))) {
            let forbidden = resources().map(|on| authorize(&actor(role), action, on) == Err(Denied::Forbidden));
            assert!(forbidden.iter().all(|it| *it == forbidden[0]), "{action:?} {role:?}");
        }
    }

    #[test]
    fn what_is_somebody_elses_is_as_what_is_not_there() {
        let (jon, arya) = (actor(Role::Doctor(JON)), actor(Role::Patient(ARYA)));
        for &action in Action::ALL {
            let absent = authorize(&jon, action, Resource::Absent);
            for other in [Resource::OfDoctor(SAM), Resource::of_patient(ARYA), booking(SAM, ARYA)] {
                assert_eq!(authorize(&jon, action, other), absent, "{action:?} {other:?}");
            }
            let absent = authorize(&arya, action, Resource::Absent);
            let seen = Resource::OfPatient { patient: SANSA, seen_by: Some(JON) };
            for other in [Resource::OfDoctor(JON), Resource::of_patient(SANSA), seen, booking(JON, SANSA)] {
                assert_eq!(authorize(&arya, action, other), absent, "{action:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_doctor_knows_the_own_patients_and_calendar() {
        let jon = actor(Role::Doctor(JON));
        let seen = Resource::OfPatient { patient: SANSA, seen_by: Some(JON) };
        assert_eq!(authorize(&jon, Action::ReadPatients, seen), Ok(()));
        assert_eq!(authorize(&jon, Action::AmendPatients, seen), Err(Denied::Forbidden));
        for may in [Action::ReadBookings, Action::ReadBookingHistory, Action::AdvanceBookings] {
            assert_eq!(authorize(&jon, may, booking(JON, SANSA)), Ok(()), "{may:?}");
        }
        for may_not in [Action::Book, Action::Reschedule, Action::Cancel, Action::Reinstate, Action::Hold] {
            assert_eq!(authorize(&jon, may_not, booking(JON, SANSA)), Err(Denied::Forbidden), "{may_not:?}");
        }
        assert_eq!(authorize(&jon, Action::ChangeHours, Resource::OfDoctor(JON)), Ok(()));
        assert_eq!(authorize(&jon, Action::ReadHours, Resource::OfDoctor(SAM)), Err(Denied::Hidden));
    }

    #[test]
    fn a_patient_does_everything_for_himself_or_herself() {
        let arya = actor(Role::Patient(ARYA));
        for may in [Action::ReadBookings, Action::Reschedule, Action::Cancel, Action::ReadBookingHistory] {
            assert_eq!(authorize(&arya, may, booking(SAM, ARYA)), Ok(()), "{may:?}");
        }
        for may in [Action::ReadPatients, Action::AmendPatients, Action::Book, Action::Wait] {
            assert_eq!(authorize(&arya, may, Resource::of_patient(ARYA)), Ok(()), "{may:?}");
        }
        assert_eq!(authorize(&arya, Action::Hold, Resource::OfCaller(arya.caller)), Ok(()));
        assert_eq!(authorize(&arya, Action::Hold, Resource::OfCaller(CallerId::from_u128(9))), Err(Denied::Hidden));
        assert_eq!(authorize(&arya, Action::AdvanceBookings, booking(SAM, ARYA)), Err(Denied::Forbidden));
    }

    #[test]
    fn nobody_finds_doctors_and_what_is_free_and_no_more() {
        let nobody = Actor::nobody();
        let may: Vec<_> = Action::ALL
            .iter()
            .filter(|action| resources().into_iter().any(|on| authorize(&nobody, **action, on).is_ok()))
            .collect();
        assert_eq!(may, [&Action::SignIn, &Action::ReadDoctors, &Action::FindFreeSlots]);
    }

    #[test]
    fn of_a_list_everybody_sees_what_each_of_its_things_would_be_shown_for() {
        for (&action, role) in Action::ALL.iter().flat_map(|action| roles().map(|role| (action, role))) {
            let expected = match (reach(role, action), role) {
                (Reach::All, _) => Ok(Scope::All),
                (Reach::Own, Role::Doctor(_)) => Ok(Scope::OfDoctor(JON)),
                (Reach::Own, _) => Ok(Scope::OfPatient(ARYA)),
                (Reach::Nothing, _) => Err(Denied::Forbidden),
            };
            assert_eq!(scope(&actor(role), action), expected, "{action:?} {role:?}");
        }
    }
}
