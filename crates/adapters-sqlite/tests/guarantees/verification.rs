//! What is found when somebody else has spoilt what fits together.

use doctor_booking_domain::{Booking, Doctor, Footprint, Hold, Role, Token, WaitFor, Waiting, WaitingParts, Webhook};
use doctor_booking_ports::{Along, MOST_INCONSISTENCIES};
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::{Database, blob};
use crate::visits::{booked, span};

const NOT_OCCUPIED: &str = "what it should occupy is not occupied";
const WRONGLY_OCCUPIED: &str = "it occupies what it should not";
const NOBODY: &str = "its doctor or patient is not there";

/// A hospital in which there is something of everything.
struct Hospital {
    database: Database,
    store: Fixture,
    /// With buffers, of a doctor who is shared by three: on seat 1.
    booking: Booking,
    /// At the same time on seats 2 and 3.
    beside: [Booking; 2],
    /// Of another doctor, alone.
    hold: Hold,
    waiting: Waiting,
    webhook: Webhook,
}

impl Hospital {
    fn new() -> Self {
        let database = Database::new();
        let store = database.fixture();
        let (doctor, other) = (store.doctor(), store.doctor());
        let webhook = Webhook::from_parts(given::webhook());
        store.webhooks.add(&webhook, &Along::default()).expect("the webhook is added");
        let buffers = Footprint { before: given::buffer(20), after: given::buffer(10), ..given::shared_by(3) };
        let [booking, two, three] = [(); 3].map(|()| booked(&store, &doctor, span(0, 30), buffers));
        store.cancel(&booked(&store, &doctor, span(60, 90), Footprint::default()));
        let buffers = Footprint { before: given::buffer(5), after: given::buffer(15), ..Footprint::default() };
        let hold = Hold { footprint: buffers, ..given::hold(&other, span(0, 30)) };
        store.try_hold(&hold, other.revision()).expect("there is room");
        let waiting = Waiting::from_parts(given::waiting(&other, &store.patient()));
        store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
        while store.deliveries.enqueue(given::now(), given::limit(200)).expect("the store answers") > 0 {}
        store.assert_consistent();
        Self { database, store, booking, beside: [two, three], hold, waiting, webhook }
    }

    /// The statement with the ids that it speaks of.
    fn spoil(&mut self, statement: &str) {
        let id = |id: u128| blob(id);
        let parts = self.booking.parts();
        let statement = statement
            .replace("$booking", &id(parts.id.uuid().as_u128()))
            .replace("$beside", &id(self.beside[0].id().uuid().as_u128()))
            .replace("$doctor", &id(parts.doctor.uuid().as_u128()))
            .replace("$patient", &id(parts.patient.uuid().as_u128()))
            .replace("$other", &id(self.hold.doctor.uuid().as_u128()))
            .replace("$hold", &id(self.hold.id.uuid().as_u128()))
            .replace("$webhook", &id(self.webhook.id().uuid().as_u128()));
        self.database.execute(&statement).expect(&statement);
    }

    fn found(&self) -> Vec<(&'static str, String, String)> {
        let found = self.store.verification.verify(given::later()).expect("the store answers");
        assert!(found.is_sorted());
        found.into_iter().map(|it| (it.table, it.key, it.what)).collect()
    }

    fn booking(&self) -> String {
        format!("booking {}", self.booking.id())
    }

    fn hold(&self) -> String {
        format!("hold {}", self.hold.id)
    }
}

#[test]
fn what_is_occupied_other_than_a_booking_or_hold_says_is_found() {
    const MISSING: &[&str] = &[NOT_OCCUPIED];
    const LEFT_OVER: &[&str] = &[WRONGLY_OCCUPIED];
    const OTHER: &[&str] = &[WRONGLY_OCCUPIED, NOT_OCCUPIED];
    let of_booking: [(&str, &[&str]); 18] = [
        ("DELETE FROM occupancy WHERE kind = 1 AND booking = $booking", MISSING),
        ("DELETE FROM occupancy WHERE kind = 2 AND booking = $booking", MISSING),
        ("UPDATE occupancy SET live = 0 WHERE kind = 1 AND booking = $booking", MISSING),
        ("UPDATE occupancy SET live = 0 WHERE kind = 2 AND booking = $booking", MISSING),
        ("UPDATE bookings SET status = 'cancelled' WHERE id = $booking", LEFT_OVER),
        ("UPDATE bookings SET status = 'no-show' WHERE id = $booking", LEFT_OVER),
        ("DELETE FROM bookings WHERE id = $booking", LEFT_OVER),
        ("UPDATE occupancy SET starts_at = starts_at + 1 WHERE kind = 1 AND booking = $booking", OTHER),
        ("UPDATE occupancy SET starts_at = starts_at + 1 WHERE kind = 2 AND booking = $booking", OTHER),
        ("UPDATE occupancy SET ends_at = ends_at - 1 WHERE kind = 1 AND booking = $booking", OTHER),
        ("UPDATE occupancy SET ends_at = ends_at - 1 WHERE kind = 2 AND booking = $booking", OTHER),
        ("UPDATE occupancy SET capacity = 4 WHERE kind = 1 AND booking = $booking", OTHER),
        ("UPDATE occupancy SET subject = randomblob(16) WHERE kind = 1 AND booking = $booking", OTHER),
        ("UPDATE occupancy SET subject = randomblob(16) WHERE kind = 2 AND booking = $booking", OTHER),
        ("UPDATE bookings SET beside_others = 1 WHERE id = $booking", OTHER),
        ("UPDATE occupancy SET seat = 2 WHERE kind = 2 AND booking = $booking", OTHER),
        ("UPDATE bookings SET buffer_before_minutes = 21 WHERE id = $booking", OTHER),
        ("UPDATE bookings SET buffer_after_minutes = 11 WHERE id = $booking", OTHER),
    ];
    for (statement, expected) in of_booking {
        let mut hospital = Hospital::new();
        hospital.spoil(statement);
        let expected: Vec<_> =
            expected.iter().map(|&what| ("occupancy", hospital.booking(), what.to_owned())).collect();
        assert_eq!(hospital.found(), expected, "{statement}");
    }
    let of_hold: [(&str, &[&str]); 9] = [
        ("DELETE FROM occupancy WHERE booking = $hold", MISSING),
        ("UPDATE occupancy SET live = 0 WHERE booking = $hold", OTHER),
        ("DELETE FROM holds WHERE id = $hold", LEFT_OVER),
        ("UPDATE holds SET expires_at = expires_at + 1", OTHER),
        ("UPDATE occupancy SET starts_at = starts_at + 1 WHERE booking = $hold", OTHER),
        ("UPDATE occupancy SET ends_at = ends_at - 1 WHERE booking = $hold", OTHER),
        ("UPDATE occupancy SET subject = randomblob(16) WHERE booking = $hold", OTHER),
        ("UPDATE occupancy SET capacity = 2, seat = 1 WHERE booking = $hold", OTHER),
        ("UPDATE holds SET capacity = 2", OTHER),
    ];
    for (statement, expected) in of_hold {
        let mut hospital = Hospital::new();
        hospital.spoil(statement);
        let expected: Vec<_> = expected.iter().map(|&what| ("occupancy", hospital.hold(), what.to_owned())).collect();
        assert_eq!(hospital.found(), expected, "{statement}");
    }
}

#[test]
fn a_booking_that_is_kept_as_if_it_were_held_and_a_hold_as_if_it_were_booked_are_found() {
    let mut hospital = Hospital::new();
    hospital.spoil("UPDATE occupancy SET held_until = 1 WHERE kind = 1 AND booking = $booking");
    let as_hold = format!("hold {}", hospital.booking.id());
    let expected = [(hospital.booking(), NOT_OCCUPIED), (as_hold, WRONGLY_OCCUPIED)];
    let expected = expected.map(|(key, what)| ("occupancy", key, what.to_owned()));
    assert_eq!(hospital.found(), expected);

    let mut hospital = Hospital::new();
    hospital.spoil("UPDATE occupancy SET held_until = NULL");
    let as_booking = format!("booking {}", hospital.hold.id);
    let expected = [(as_booking, WRONGLY_OCCUPIED), (hospital.hold(), NOT_OCCUPIED)];
    let expected = expected.map(|(key, what)| ("occupancy", key, what.to_owned()));
    assert_eq!(hospital.found(), expected);
}

#[test]
fn what_overlaps_or_sits_where_it_cannot_is_found() {
    // Without the triggers, of which nothing can be dropped but by whoever has the file.
    const UNGUARDED: &str = "DROP TRIGGER occupancy_insert; DROP TRIGGER occupancy_update";
    let mut hospital = Hospital::new();
    hospital.spoil(UNGUARDED);
    hospital.spoil("UPDATE occupancy SET seat = 1 WHERE kind = 1 AND booking = $beside");
    let last = hospital.beside[0].id().max(hospital.booking.id());
    let expected = ("occupancy", format!("booking {last}"), "it overlaps another".to_owned());
    assert_eq!(hospital.found(), [expected]);

    // A patient with two doctors, and somebody who wants to be alone with a doctor.
    let mut hospital = Hospital::new();
    hospital.spoil(UNGUARDED);
    hospital.spoil("UPDATE bookings SET patient_id = $patient WHERE id = $beside");
    hospital.spoil("UPDATE occupancy SET subject = $patient WHERE kind = 2 AND booking = $beside");
    let last = hospital.beside[0].id().max(hospital.booking.id());
    let expected = ("occupancy", format!("booking {last}"), "it overlaps another".to_owned());
    assert_eq!(hospital.found(), [expected]);
    let mut hospital = Hospital::new();
    hospital.spoil(UNGUARDED);
    hospital.spoil("UPDATE bookings SET capacity = 1 WHERE id = $beside");
    hospital.spoil("UPDATE occupancy SET capacity = 1, seat = 0 WHERE kind = 1 AND booking = $beside");
    assert!(hospital.found().iter().any(|(.., what)| what == "it overlaps another"));

    // Each on a seat, but one of them wanted no third.
    let mut hospital = Hospital::new();
    hospital.spoil("UPDATE bookings SET capacity = 2 WHERE id = $booking");
    hospital.spoil("UPDATE occupancy SET capacity = 2 WHERE kind = 1 AND booking = $booking");
    let whats: Vec<_> = hospital.found().into_iter().map(|(.., what)| what).collect();
    assert_eq!(whats, ["there are more at once than can be"; 3]);

    let mut hospital = Hospital::new();
    hospital.spoil("PRAGMA ignore_check_constraints = ON");
    hospital.spoil("UPDATE occupancy SET seat = 4 WHERE kind = 1 AND booking = $booking");
    let expected = ("occupancy", hospital.booking(), "it is on a seat that is not there".to_owned());
    assert_eq!(hospital.found(), [expected]);
}

#[test]
fn what_refers_to_somebody_who_is_not_there_is_found() {
    const UNCONNECTED: &str = "PRAGMA foreign_keys = OFF";
    let mut hospital = Hospital::new();
    hospital.spoil(UNCONNECTED);
    hospital.spoil("DELETE FROM patients WHERE id = $patient");
    let expected = ("bookings", hospital.booking.id().to_string(), NOBODY.to_owned());
    assert_eq!(hospital.found(), [expected]);

    let mut hospital = Hospital::new();
    hospital.spoil(UNCONNECTED);
    hospital.spoil("DELETE FROM doctors WHERE id = $other");
    let (hold, waiting) = (hospital.hold.id.to_string(), hospital.waiting.id().to_string());
    assert_eq!(hospital.found(), [("holds", hold, NOBODY.to_owned()), ("waitlist", waiting, NOBODY.to_owned())]);

    let mut hospital = Hospital::new();
    hospital.spoil(UNCONNECTED);
    hospital.spoil("DELETE FROM doctors WHERE id = $doctor");
    // The cancelled one too.
    assert_eq!(hospital.found().iter().filter(|(table, ..)| *table == "bookings").count(), 4);

    let mut hospital = Hospital::new();
    hospital.spoil(UNCONNECTED);
    hospital.spoil("DELETE FROM patients WHERE id IN (SELECT patient_id FROM waitlist)");
    assert_eq!(hospital.found(), [("waitlist", hospital.waiting.id().to_string(), NOBODY.to_owned())]);

    let mut hospital = Hospital::new();
    hospital.spoil(UNCONNECTED);
    hospital.spoil("DELETE FROM webhooks WHERE id = $webhook");
    let deliveries = hospital.database.count("deliveries");
    assert_eq!((deliveries, hospital.found().len()), (6, 6));
    assert!(
        hospital
            .found()
            .iter()
            .all(|(table, _, what)| { *table == "deliveries" && what == "its webhook or event is not there" })
    );
}

#[test]
fn a_gap_in_the_history_is_found_and_a_webhook_that_was_told_of_the_future() {
    let mut hospital = Hospital::new();
    hospital.spoil("DROP TRIGGER history_delete; DELETE FROM deliveries; DELETE FROM history WHERE position IN (1, 3)");
    let gap = |before: &str| ("history", before.to_owned(), "there is a gap before it".to_owned());
    assert_eq!(hospital.found(), [gap("2"), gap("4")]);

    let mut hospital = Hospital::new();
    hospital.spoil("UPDATE webhooks SET told_up_to = 7");
    let webhook = hospital.webhook.id().to_string();
    assert_eq!(hospital.found(), [("webhooks", webhook, "it was told of what has not happened".to_owned())]);
}

#[test]
fn of_very_much_that_does_not_fit_as_much_is_told_as_anybody_can_read() {
    let mut hospital = Hospital::new();
    hospital.spoil(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1200)
         INSERT INTO occupancy SELECT 2, randomblob(16), n, n + 1, randomblob(16), 1, 1, 0, NULL FROM numbers",
    );
    hospital.spoil("UPDATE webhooks SET told_up_to = 7");
    let found = hospital.found();
    assert_eq!(found.len(), MOST_INCONSISTENCIES);
    assert!(found.iter().all(|(table, _, what)| *table == "occupancy" && what == WRONGLY_OCCUPIED));
}

#[test]
fn a_token_of_nobody_who_is_there_and_a_session_without_its_token_are_found() {
    const UNCONNECTED: &str = "PRAGMA foreign_keys = OFF";
    const REVOKED: &str = "it is live, but its token is revoked";
    const WITHOUT: &str = "the token that it is a session of is not there";
    // A token of a doctor, one of a patient, and a session of the first.
    let signed_in = |hospital: &Hospital| {
        let store = &hospital.store;
        let tokens = [Role::Doctor(store.doctor().id()), Role::Patient(store.patient().id())]
            .map(|role| Token { role, ..given::token() });
        for token in &tokens {
            store.token_of(token);
        }
        let session = given::session(&tokens[0]);
        assert!(store.tokens.add_session(&session, &given::digest()).expect("the store answers"));
        store.assert_consistent();
        let [doctors, patients] = tokens.map(|token| token.id);
        [doctors, patients, session.id]
    };
    for (statement, wrong) in [
        ("DELETE FROM doctors WHERE id IN (SELECT doctor_id FROM tokens)", &[(0, NOBODY), (2, NOBODY)][..]),
        ("DELETE FROM patients WHERE id IN (SELECT patient_id FROM tokens)", &[(1, NOBODY)]),
        ("DELETE FROM tokens WHERE session_of IS NULL AND doctor_id IS NOT NULL", &[(2, WITHOUT)]),
        ("UPDATE tokens SET session_of = $other WHERE session_of IS NOT NULL", &[(2, WITHOUT)]),
        ("UPDATE tokens SET revoked_at = 1 WHERE session_of IS NULL", &[(2, REVOKED)]),
        ("UPDATE tokens SET revoked_at = 1 WHERE session_of IS NOT NULL", &[]),
    ] {
        let mut hospital = Hospital::new();
        let ids = signed_in(&hospital);
        hospital.spoil(UNCONNECTED);
        hospital.spoil(statement);
        let mut expected: Vec<_> =
            wrong.iter().map(|&(which, what)| ("tokens", ids[which].to_string(), what.to_owned())).collect();
        expected.sort_unstable();
        assert_eq!(hospital.found(), expected, "{statement}");
    }
}

#[test]
fn whoever_waits_for_any_doctor_is_right_to_do_so_where_there_is_none() {
    let database = Database::new();
    let store = database.fixture();
    let nobody = Doctor::from_parts(given::doctor());
    let wanted = WaitFor::Specialty(nobody.specialty().clone());
    let waiting = Waiting::from_parts(WaitingParts { wanted, ..given::waiting(&nobody, &store.patient()) });
    store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
    store.assert_consistent();
}
