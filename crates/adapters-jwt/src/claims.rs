//! What a signed statement claims, and who that is.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use doctor_booking_domain::Role;
use doctor_booking_ports::{Identity, NotIdentified};
use serde_json::Value;

use crate::options::Options;

/// How far the clocks of the provider and of this service may be apart, in seconds.
const SKEW: f64 = 60.0;
/// How long a subject may be, in characters (`OpenID` Connect Core, 2).
const MOST_SUBJECT: usize = 255;

/// Who the claims are about, if they are the issuer's, for this service, and hold now.
pub(crate) fn identity(claims: &Value, options: &Options, now: DateTime<Utc>) -> Result<Identity, NotIdentified> {
    if claim(claims, "iss").and_then(Value::as_str) != Some(&options.issuer) {
        return Err(NotIdentified::Refused("the JWT is another issuer's"));
    }
    if options.audience.as_deref().is_some_and(|audience| !is_for(claims, audience)) {
        return Err(NotIdentified::Refused("the JWT is for another audience"));
    }
    holds(claims, now)?;
    let known = known(claim(claims, &options.role_claim))?;
    let Some(subject) = claim(claims, &options.subject_claim).and_then(Value::as_str) else {
        return Err(NotIdentified::Refused("the JWT has no subject"));
    };
    let role = known.of(subject)?;
    Ok(Identity { issuer: options.issuer.clone(), subject: subject.to_owned(), role })
}

/// The claim of this name, or where this JSON pointer leads.
fn claim<'a>(claims: &'a Value, name: &str) -> Option<&'a Value> {
    if name.starts_with('/') { claims.pointer(name) } else { claims.get(name) }
}

fn is_for(claims: &Value, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(all)) => all.iter().any(|one| one == audience),
        _ => false,
    }
}

/// That it is neither over nor to come.
fn holds(claims: &Value, now: DateTime<Utc>) -> Result<(), NotIdentified> {
    // Seconds since 1970, perhaps with a fraction (RFC 7519, 2).
    #[allow(clippy::cast_precision_loss)] // milliseconds are exact for 285,000 years
    let now = now.timestamp_millis() as f64 / 1000.0;
    let until = claims.get("exp").and_then(Value::as_f64).ok_or(NotIdentified::Refused("the JWT never expires"))?;
    if now >= until + SKEW {
        return Err(NotIdentified::Refused("the JWT has expired"));
    }
    for name in ["nbf", "iat"] {
        let Some(from) = claims.get(name) else { continue };
        // What is no number is as good as never.
        if from.as_f64().is_none_or(|from| from > now + SKEW) {
            return Err(NotIdentified::Refused("the JWT does not hold yet"));
        }
    }
    Ok(())
}

/// A role that a provider can tell of, without whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Administrator,
    FrontDesk,
    Doctor,
    Patient,
}

impl Known {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "administrator" => Some(Self::Administrator),
            "front-desk" => Some(Self::FrontDesk),
            "doctor" => Some(Self::Doctor),
            "patient" => Some(Self::Patient),
            _ => None,
        }
    }

    /// The role of this subject.
    fn of(self, subject: &str) -> Result<Role, NotIdentified> {
        match self {
            Self::Administrator => named(subject).map(|()| Role::Administrator),
            Self::FrontDesk => named(subject).map(|()| Role::FrontDesk),
            Self::Doctor => id(subject).map(Role::Doctor),
            Self::Patient => id(subject).map(Role::Patient),
        }
    }
}

/// The one role among what the provider calls roles; others may be for other services.
fn known(roles: Option<&Value>) -> Result<Known, NotIdentified> {
    let no_role = NotIdentified::Refused("the JWT has no role that is known");
    let names = match roles {
        Some(Value::Array(all)) => all.iter().map(Value::as_str).collect(),
        Some(Value::String(one)) => Some(vec![one.as_str()]),
        _ => None,
    };
    let Some(names) = names else { return Err(no_role) };
    let mut known = names.into_iter().filter_map(Known::parse);
    match (known.next(), known.next()) {
        (Some(role), None) => Ok(role),
        (None, _) => Err(no_role),
        (Some(_), Some(_)) => Err(NotIdentified::Refused("the JWT has more than one role")),
    }
}

/// That a subject is a text one can keep and compare.
fn named(subject: &str) -> Result<(), NotIdentified> {
    let fine = !subject.is_empty() && subject.chars().count() <= MOST_SUBJECT && !subject.chars().any(char::is_control); // PostgreSQL keeps no NUL, and a log no line break
    if fine { Ok(()) } else { Err(NotIdentified::Refused("the subject of the JWT is empty, too long or no text")) }
}

/// The id that a subject is: a UUID in the form with hyphens (RFC 9562, 4), and in none of the others that may be parsed.
fn id<T: FromStr>(subject: &str) -> Result<T, NotIdentified> {
    let id = if subject.len() == 36 { subject.parse().ok() } else { None };
    id.ok_or(NotIdentified::Refused("the subject of the JWT is no UUID"))
}

#[cfg(test)]
mod tests {
    use doctor_booking_domain::{DoctorId, PatientId};

    use super::*;

    #[test]
    fn roles_are_called_as_the_domain_calls_them() {
        for role in [
            Role::Administrator,
            Role::FrontDesk,
            Role::Doctor(DoctorId::from_u128(7)),
            Role::Patient(PatientId::from_u128(7)),
        ] {
            let known = Known::parse(role.as_str()).expect("a role");
            assert_eq!(known.of("00000000-0000-0000-0000-000000000007"), Ok(role));
        }
        assert_eq!(Known::parse(Role::Nobody.as_str()), None, "nobody is told of by a provider");
    }
}
