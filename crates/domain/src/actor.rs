//! Who asks.

use std::fmt;
use std::sync::Arc;

use crate::{CallerId, DoctorId, PatientId};

/// Who asks for something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Which caller: what belongs to a caller, such as a hold or an idempotency key, belongs to nobody else.
    pub caller: CallerId,
    /// As what.
    pub role: Role,
    /// In which request, where there is one.
    pub request: Option<RequestId>,
}

/// What a caller is, and of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Who runs the hospital's system.
    Administrator,
    /// Who keeps the hospital's dates.
    FrontDesk,
    /// This doctor.
    Doctor(DoctorId),
    /// This patient.
    Patient(PatientId),
    /// Somebody of whom nothing is known.
    Nobody,
}

impl Role {
    /// Its name, as stores and front ends write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::FrontDesk => "front-desk",
            Self::Doctor(_) => "doctor",
            Self::Patient(_) => "patient",
            Self::Nobody => "nobody",
        }
    }

    /// The names of all roles.
    pub const NAMES: [&'static str; 5] = ["administrator", "front-desk", "doctor", "patient", "nobody"];

    /// The role of this name, of the doctor or patient who it is; `None` where these are not as the role needs them.
    #[must_use]
    pub fn find(name: &str, doctor: Option<DoctorId>, patient: Option<PatientId>) -> Option<Self> {
        let role = match (doctor, patient) {
            (None, None) => {
                [Self::Administrator, Self::FrontDesk, Self::Nobody].into_iter().find(|it| it.as_str() == name)
            }
            (Some(id), None) => Some(Self::Doctor(id)),
            (None, Some(id)) => Some(Self::Patient(id)),
            (Some(_), Some(_)) => None,
        };
        role.filter(|role| role.as_str() == name)
    }

    /// The doctor who it is.
    #[must_use]
    pub const fn doctor(self) -> Option<DoctorId> {
        if let Self::Doctor(id) = self { Some(id) } else { None }
    }

    /// The patient who it is.
    #[must_use]
    pub const fn patient(self) -> Option<PatientId> {
        if let Self::Patient(id) = self { Some(id) } else { None }
    }
}

impl Actor {
    /// A caller in a role, outside of any request.
    #[must_use]
    pub const fn new(caller: CallerId, role: Role) -> Self {
        Self { caller, role, request: None }
    }

    /// A caller who may do everything.
    #[must_use]
    pub const fn administrator(caller: CallerId) -> Self {
        Self::new(caller, Role::Administrator)
    }

    /// Somebody of whom nothing is known.
    #[must_use]
    pub const fn nobody() -> Self {
        Self::new(CallerId::from_u128(0), Role::Nobody)
    }

    /// The same, in a request.
    #[must_use]
    pub fn in_request(self, request: RequestId) -> Self {
        Self { request: Some(request), ..self }
    }
}

/// By what a request is found again in the log: 1–128 letters, digits, `.`, `_` and `-`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The most characters it may have.
    pub const MOST: usize = 128;

    /// The id of this text; `None` unless it is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fine = (1..=Self::MOST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        fine.then(|| Self(text.into()))
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({})", self.0)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_fit_for_a_log() {
        for fine in ["a", "0190-7._Z", &"x".repeat(128)] {
            assert_eq!(RequestId::parse(fine).expect("an id").as_str(), fine);
        }
        for wrong in ["", "a b", "ä", "a\n", "a/b", &"x".repeat(129)] {
            assert_eq!(RequestId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_role_tells_whose_it_is() {
        let (doctor, patient) = (DoctorId::from_u128(1), PatientId::from_u128(2));
        assert_eq!((Role::Doctor(doctor).doctor(), Role::Doctor(doctor).patient()), (Some(doctor), None));
        assert_eq!((Role::Patient(patient).doctor(), Role::Patient(patient).patient()), (None, Some(patient)));
        assert_eq!((Role::FrontDesk.doctor(), Role::Nobody.patient()), (None, None));
    }

    #[test]
    fn a_role_is_found_by_its_name_and_by_whose_it_is() {
        let (doctor, patient) = (DoctorId::from_u128(1), PatientId::from_u128(2));
        let all = [Role::Administrator, Role::FrontDesk, Role::Doctor(doctor), Role::Patient(patient), Role::Nobody];
        assert_eq!(all.map(Role::as_str), Role::NAMES);
        for role in all {
            assert_eq!(Role::find(role.as_str(), role.doctor(), role.patient()), Some(role));
            // As if it were somebody else's.
            let (more, less) = (role.doctor().xor(Some(doctor)), role.patient().xor(Some(patient)));
            assert_eq!(Role::find(role.as_str(), more, role.patient()), None, "{role:?}");
            assert_eq!(Role::find(role.as_str(), role.doctor(), less), None, "{role:?}");
        }
        assert_eq!(Role::find("chief", None, None), None);
    }
}
