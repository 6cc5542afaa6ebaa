//! Whether what is kept fits together.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Booking, Seat, Token};
use doctor_booking_ports::{Inconsistency, MOST_INCONSISTENCIES, Unavailable, Verification};

use crate::MemoryStore;
use crate::occupancy::{By, Subject, occupied};
use crate::store::State;

/// [`Verification`] in memory.
#[derive(Clone, Debug)]
pub struct MemoryVerification(MemoryStore);

impl MemoryVerification {
    /// Looks through `store`.
    #[must_use]
    pub fn new(store: &MemoryStore) -> Self {
        Self(store.clone())
    }
}

impl Verification for MemoryVerification {
    fn verify(&self, _: DateTime<Utc>) -> Result<Vec<Inconsistency>, Unavailable> {
        let mut found = self.0.lock().inconsistencies();
        found.sort_unstable();
        found.truncate(MOST_INCONSISTENCIES);
        Ok(found)
    }
}

impl State {
    fn inconsistencies(&self) -> Vec<Inconsistency> {
        let found = |table, key: String, what: &str| Inconsistency { table, key, what: what.to_owned() };
        let mut all = Vec::new();
        let live: Vec<&Booking> = self.bookings.values().filter(|booking| booking.status().is_live()).collect();
        let of_bookings = live
            .iter()
            .flat_map(|booking| occupied(booking).map(|(subject, busy)| (subject, By::Booking(booking.id()), busy)));
        let of_holds = self.holds.values().map(|hold| (Subject::Doctor(hold.doctor), By::Hold(hold.id), hold.busy()));
        let expected: Vec<_> = of_bookings.chain(of_holds).collect();
        let there: Vec<_> = self.occupancy.all().collect();
        all.extend(
            expected
                .iter()
                .filter(|row| !there.contains(row))
                .map(|(_, by, _)| found("occupancy", by.to_string(), "what it should occupy is not occupied")),
        );
        all.extend(
            there
                .iter()
                .filter(|row| !expected.contains(row))
                .map(|(_, by, _)| found("occupancy", by.to_string(), "it occupies what it should not")),
        );
        all.extend(self.occupancy.crowded().into_iter().map(|by| found("occupancy", by, "it overlaps another")));
        all.extend(live.iter().filter(|booking| !self.fits_beside(booking)).map(|booking| {
            let by = By::Booking(booking.id()).to_string();
            found("occupancy", by, "it is on a seat that is not for it")
        }));
        for booking in self.bookings.values() {
            if !self.doctors.contains_key(&booking.doctor()) || !self.patients.contains_key(&booking.parts().patient) {
                all.push(found("bookings", booking.id().to_string(), "its doctor or patient is not there"));
            }
        }
        for (token, _) in self.tokens.values() {
            all.extend(self.misfits(token).into_iter().map(|what| found("tokens", token.id.to_string(), what)));
        }
        all
    }

    /// What is wrong with a token.
    fn misfits(&self, token: &Token) -> Vec<&'static str> {
        let mut all = Vec::new();
        let (doctor, patient) = (token.role.doctor(), token.role.patient());
        if doctor.is_some_and(|id| !self.doctors.contains_key(&id))
            || patient.is_some_and(|id| !self.patients.contains_key(&id))
        {
            all.push("its doctor or patient is not there");
        }
        if let Some(id) = token.session_of {
            let of = self.tokens.get(&id).filter(|(of, _)| of.session_of.is_none());
            if of.is_none() {
                all.push("the token that it is a session of is not there");
            }
            if token.revoked_at.is_none() && of.is_some_and(|(of, _)| of.revoked_at.is_some()) {
                all.push("it is live, but its token is revoked");
            }
        }
        all
    }

    /// Whether a live booking is on a seat of its patient's that is for those beside others, just if it may be beside
    /// others.
    fn fits_beside(&self, booking: &Booking) -> bool {
        let [_, (patient, visit)] = occupied(booking);
        let seat = self.occupancy.seat(patient, By::Booking(booking.id()), visit.span.start());
        seat.is_none_or(|seat| (seat > Seat::Number(1)) == booking.parts().beside_others)
    }
}
