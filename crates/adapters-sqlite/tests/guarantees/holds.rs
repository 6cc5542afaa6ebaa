//! What is held, and whatever is written in several places: what the store makes of it, and that it is all or nothing.

use chrono::TimeDelta;
use doctor_booking_domain::{
    Booking, BookingParts, Doctor, Hold, LeadTime, Patient, Span, Waiting, WaitingStatus, What,
};
use doctor_booking_ports::{
    Along, NewBooking, NewHold, NewSeries, Offering, StoreBookingError, StoreHoldError, StoreSeriesError,
};
use doctor_booking_ports_contract::{Fixture, given};

use crate::database::{Database, blob};
use crate::visits::{apart, booked, span};

/// What breaks off a change when it comes to this.
fn fault(database: &mut Database, when: &str) {
    let trigger = format!("CREATE TRIGGER fault {when} BEGIN SELECT RAISE(ABORT, 'full'); END");
    database.execute(&trigger).expect("a fault");
}

fn no_fault(database: &mut Database) {
    database.execute("DROP TRIGGER fault").expect("no fault");
}

/// Everything that occupies anybody, as it is there.
fn occupied(database: &mut Database) -> Vec<String> {
    use diesel::prelude::*;
    let query =
        "SELECT json_array(kind, hex(subject), starts_at, ends_at, hex(booking), live, capacity, seat, held_until)
                 FROM occupancy ORDER BY 1";
    diesel::dsl::sql::<diesel::sql_types::Text>(query).load(database.raw()).expect("rows")
}

/// The hold as a booking in another stretch.
fn elsewhere(hold: &Hold, patient: &Patient, span: Span, doctor: &Doctor) -> NewBooking {
    let booking = hold.for_patient(given::booking_id(), patient.id(), None, given::now());
    let booking = Booking::from_parts(BookingParts { span, ..booking.parts().clone() });
    NewBooking { booking, decided_on: doctor.revision(), hold: Some(hold.id), along: Along::default() }
}

#[test]
fn a_hold_that_becomes_a_booking_keeps_its_seat() {
    let mut database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let hold = || Hold { footprint: given::shared_by(3), ..given::hold(&doctor, span(0, 30)) };
    let (first, second) = (hold(), hold());
    for hold in [&first, &second] {
        store.try_hold(hold, doctor.revision()).expect("there is room");
    }
    assert!(store.holds.release(first.id, &Along::default()).expect("the store answers"));
    let booking = store.confirm(&second, &store.patient(), doctor.revision(), given::now()).expect("it is held");
    let id = blob(booking.id().uuid().as_u128());
    let own = format!("occupancy WHERE kind = 1 AND booking = {id} AND live AND seat = 2 AND held_until IS NULL");
    assert_eq!((database.count(&own), database.count("occupancy"), database.count("holds")), (1, 2, 0));
    store.assert_consistent();
}

#[test]
fn a_booking_that_takes_something_else_than_what_is_held_gives_that_back_and_finds_a_place() {
    let database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let hold = store.held(&doctor, span(0, 60));
    booked(&store, &doctor, span(90, 120), given::shared_by(1));
    let busy = store.bookings.store(&elsewhere(&hold, &patient, span(60, 91), &doctor));
    assert!(matches!(busy, Err(StoreBookingError::DoctorBusy)), "{busy:?}");
    assert_eq!(store.holds.find(hold.id).expect("the store answers").as_ref(), Some(&hold));
    store.bookings.store(&elsewhere(&hold, &patient, span(30, 90), &doctor)).expect("it is in its own place");
    assert_eq!(store.holds.find(hold.id).expect("the store answers"), None);
    store.try_book(&doctor, &store.patient(), span(0, 30)).expect("it was given back");
    store.assert_consistent();
}

#[test]
fn a_hold_of_another_doctor_becomes_no_booking() {
    let database = Database::new();
    let store = database.fixture();
    let (doctor, other, patient) = (store.doctor(), store.doctor(), store.patient());
    let hold = store.held(&doctor, span(0, 60));
    let of_other = elsewhere(&Hold { doctor: other.id(), ..hold.clone() }, &patient, span(0, 60), &other);
    assert!(matches!(store.bookings.store(&of_other), Err(StoreBookingError::HoldGone)));
    assert_eq!(store.holds.find(hold.id).expect("the store answers"), Some(hold));
}

#[test]
fn what_has_expired_is_given_back_by_whoever_comes_next_but_not_where_nothing_is_stored() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, other, patient) = (store.doctor(), store.doctor(), store.patient());
    store.held(&doctor, span(0, 60));
    let now = given::now() + TimeDelta::minutes(5);
    let at = |span: Span, patient: &Patient| {
        let parts = given::booking(&other, patient, span);
        Booking::from_parts(BookingParts { created_at: now, updated_at: now, ..parts })
    };
    let held =
        |database: &mut Database| (database.count("holds"), database.count("occupancy WHERE held_until IS NOT NULL"));
    booked(&store, &other, span(0, 60), given::shared_by(1));
    assert!(store.put(&at(span(0, 60), &patient), other.revision()).is_err());
    assert_eq!(held(&mut database), (1, 1));
    store.put(&at(span(60, 120), &patient), other.revision()).expect("there is room");
    assert_eq!(held(&mut database), (0, 0));
}

#[test]
fn a_booking_moves_where_a_hold_has_expired_and_not_before() {
    let database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let booking = booked(&store, &doctor, span(0, 60), given::shared_by(1));
    let hold = store.held(&doctor, span(60, 120));
    let moved = |updated_at| {
        let parts = booking.parts().clone();
        let revision = parts.revision.next();
        Booking::from_parts(BookingParts { span: span(30, 90), revision, updated_at, ..parts })
    };
    let early = moved(hold.expires_at - TimeDelta::microseconds(1));
    let busy = store.place(&early, booking.revision(), doctor.revision());
    assert!(matches!(busy, Err(StoreBookingError::DoctorBusy)), "{busy:?}");
    store.place(&moved(hold.expires_at), booking.revision(), doctor.revision()).expect("the hold has expired");
    assert_eq!(store.holds.find(hold.id).expect("the store answers"), None);
}

#[test]
fn whoever_is_held_on_a_seat_moves_as_whoever_is_booked_does() {
    let database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    apart(&store, &doctor, 2);
    let hold = Hold { footprint: given::shared_by(2), ..given::hold(&doctor, span(90, 120)) };
    store.try_hold(&hold, doctor.revision()).expect("there is room");
    let wanted = Hold { footprint: given::shared_by(2), ..given::hold(&doctor, span(15, 100)) };
    store.try_hold(&wanted, doctor.revision()).expect("others move");
    store.assert_consistent();
    for hold in [hold, wanted] {
        store.confirm(&hold, &store.patient(), doctor.revision(), given::now()).expect("it is held");
    }
    store.assert_consistent();
}

#[test]
fn a_move_that_fails_at_its_last_step_changes_nothing() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, other) = (store.doctor(), store.doctor());
    let booking = booked(&store, &doctor, span(0, 60), given::shared_by(2));
    apart(&store, &other, 2);
    let before = occupied(&mut database);
    let parts = booking.parts().clone();
    let moved = BookingParts { doctor: other.id(), span: span(15, 60), revision: parts.revision.next(), ..parts };
    let moved = Booking::from_parts(moved);
    fault(&mut database, "BEFORE UPDATE ON bookings");
    let failed = store.place(&moved, booking.revision(), other.revision());
    assert!(matches!(failed, Err(StoreBookingError::Unavailable(_))), "{failed:?}");
    assert_eq!((store.found(&booking), occupied(&mut database)), (Some(booking.clone()), before));
    no_fault(&mut database);
    store.place(&moved, booking.revision(), other.revision()).expect("nothing is in the way");
    store.assert_consistent();
}

#[test]
fn a_series_whose_last_booking_fails_leaves_nothing_behind() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let one = |week: i64| span(week * 10_080, week * 10_080 + 60);
    let bookings: Vec<_> =
        (0..52).map(|week| Booking::from_parts(given::booking(&doctor, &patient, one(week)))).collect();
    let history = bookings.iter().map(|booking| given::told(What::BookingCreated, None, booking)).collect();
    let last = blob(bookings[51].id().uuid().as_u128());
    let new = NewSeries { bookings, decided_on: doctor.revision(), along: Along { history, answer: None } };
    fault(&mut database, &format!("BEFORE INSERT ON bookings WHEN NEW.id = {last}"));
    let failed = store.bookings.store_all(&new);
    assert!(matches!(failed, Err(StoreSeriesError::Unavailable(_))), "{failed:?}");
    let count = |database: &mut Database| ["bookings", "occupancy", "history"].map(|table| database.count(table));
    assert_eq!(count(&mut database), [0; 3]);
    no_fault(&mut database);
    store.bookings.store_all(&new).expect("nothing is in the way");
    assert_eq!(count(&mut database), [52, 104, 52]);
}

/// Somebody who waits, and nine o'clock for them.
fn offering(store: &Fixture, doctor: &Doctor) -> (Offering, Hold) {
    let waiting = Waiting::from_parts(given::waiting(doctor, &store.patient()));
    store.waitlist.add(&waiting, &Along::default()).expect("the place is added");
    let hold = Hold { waiting: Some(waiting.id()), ..given::hold(doctor, span(0, 60)) };
    let offered = waiting.offered(hold.id, hold.expires_at, given::now());
    let new = NewHold { hold: hold.clone(), decided_on: doctor.revision(), most: 0, along: Along::default() };
    (Offering { waiting: offered, seen: waiting.revision(), hold: new }, hold)
}

#[test]
fn an_offer_and_what_becomes_of_it_are_written_with_the_place_in_line_or_not_at_all() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let (offering, hold) = offering(&store, &doctor);
    let status = || store.waitlist.find(offering.waiting.id()).expect("it answers").expect("there").parts().status;

    fault(&mut database, "BEFORE INSERT ON holds");
    assert!(matches!(store.waitlist.offer(&offering), Err(StoreHoldError::Unavailable(_))));
    assert_eq!((status(), database.count("occupancy")), (WaitingStatus::Waiting, 0));
    no_fault(&mut database);
    store.waitlist.offer(&offering).expect("the slot is free");

    let offered = WaitingStatus::Offered { hold: hold.id, until: hold.expires_at };
    fault(&mut database, "BEFORE INSERT ON bookings");
    assert!(store.confirm(&hold, &patient, doctor.revision(), given::now()).is_err());
    no_fault(&mut database);
    assert_eq!((status(), database.count("holds"), database.count("occupancy")), (offered, 1, 1));
    fault(&mut database, "BEFORE UPDATE ON waitlist");
    assert!(store.confirm(&hold, &patient, doctor.revision(), given::now()).is_err());
    assert!(store.holds.release(hold.id, &Along::default()).is_err());
    no_fault(&mut database);
    assert_eq!((status(), database.count("holds"), database.count("occupancy")), (offered, 1, 1));
    assert_eq!(store.holds.find(hold.id).expect("the store answers").as_ref(), Some(&hold));
    store.confirm(&hold, &patient, doctor.revision(), given::now()).expect("nothing is in the way");
    assert_eq!(status(), WaitingStatus::Booked);
}

#[test]
fn where_what_goes_along_fails_nothing_is_made() {
    let mut database = Database::new();
    let store = database.fixture();
    let (doctor, patient) = (store.doctor(), store.patient());
    let hold = store.held(&doctor, span(120, 180));
    let booking = Booking::from_parts(given::booking(&doctor, &patient, span(0, 60)));
    for when in ["BEFORE INSERT ON history", "BEFORE INSERT ON idempotency"] {
        fault(&mut database, when);
        let entry = given::told(What::BookingCreated, None, &booking);
        let along = Along { history: vec![entry], answer: Some(given::answer("key")) };
        let new = NewBooking { booking: booking.clone(), decided_on: doctor.revision(), hold: None, along };
        assert!(store.bookings.store(&new).is_err());
        assert!(store.holds.release(hold.id, &new.along).is_err());
        no_fault(&mut database);
        let there = ["bookings", "idempotency", "holds", "occupancy", "history"].map(|table| database.count(table));
        assert_eq!(there, [0, 0, 1, 1, 1], "{when}");
    }
}

#[test]
fn a_booking_whose_patient_has_come_is_marked_too() {
    let database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let booking = booked(&store, &doctor, span(0, 60), given::shared_by(1));
    let arrived = booking.arrived(given::later()).expect("it is booked");
    store.save(&arrived, booking.revision()).expect("it is saved");
    store.closed(given::january(7));
    let marked = store.found(&booking).expect("it is there");
    assert!(marked.parts().outside_hours && marked.status() == arrived.status(), "{marked:?}");
    let seen = store.seen(&doctor);
    let change = given::change(seen.doctor.with_hours(given::workdays("12:00", "18:00"), given::later()), &seen);
    store.doctors.save(&change).expect("it looked at all there is");
}

#[test]
fn who_booked_too_late_for_a_reminder_takes_nobodys_place_among_those_who_are_due() {
    let database = Database::new();
    let store = database.fixture();
    let doctor = store.doctor();
    let lead = LeadTime::from_minutes(60).expect("a lead time");
    let late =
        BookingParts { created_at: span(-59, 0).start(), ..given::booking(&doctor, &store.patient(), span(0, 30)) };
    store.put(&Booking::from_parts(late), doctor.revision()).expect("there is room");
    let early = booked(&store, &doctor, span(30, 60), given::shared_by(1));
    let due = store.reminders.due(lead, span(-10, 0).start(), given::limit(1)).expect("the store answers");
    assert_eq!(due, [early]);
}
