//! What the service does by itself: it clears away what has expired, and looks whether everything fits together.

use std::sync::Arc;

use chrono::TimeDelta;
use doctor_booking_application::{
    ANSWERS_KEPT, Advance, Claim, IdempotencyKey, Inconsistency, NewClosure, Reschedule, Sweep, Swept, VerifyStore,
    Wanted, WantedHold, Written,
};
use doctor_booking_domain::{Booking, Buffer, Capacity, ClosureName, Footprint, HoldTime, SlotLength, Terms};
use doctor_booking_ports::{MockHolds, MockIdempotency, MockTokens, MockVerification, Unavailable};

use crate::hospital::{ADMIN, Hospital, KEEP, MONDAY, NOW, OTHER, Standing, at, date, monday, wanted, wanted_hold};

#[test]
fn what_has_expired_is_cleared_away_and_counted() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let sweep = || hospital.does.sweep.execute().expect("swept");
    assert_eq!(sweep(), Swept { holds: 0, answers: 0, sessions: 0 });
    let short =
        WantedHold { time: HoldTime::from_seconds(30).expect("in range"), ..wanted_hold(&doctor, monday("08:00")) };
    hospital.does.hold_slot.execute(&ADMIN, short, None).expect("held");
    hospital.hold(&ADMIN, &doctor, monday("09:00"));
    hospital.hold(&OTHER, &doctor, monday("10:00"));
    for key in ["one", "two"] {
        let claim =
            Claim { caller: ADMIN.caller, key: IdempotencyKey::parse(key).expect("a key"), fingerprint: [0; 32] };
        let written = Written { status: 404, headers: vec![], body: vec![] };
        assert!(hospital.does.keep_answers.keep(&claim, &written).expect("kept"));
    }
    assert_eq!(sweep(), Swept { holds: 0, answers: 0, sessions: 0 });
    hospital.it_is(at(NOW) + TimeDelta::seconds(30));
    assert_eq!(sweep(), Swept { holds: 1, answers: 0, sessions: 0 });
    hospital.it_is(at(NOW) + TimeDelta::minutes(5));
    assert_eq!(sweep(), Swept { holds: 2, answers: 0, sessions: 0 });
    hospital.it_is(at(NOW) + ANSWERS_KEPT + TimeDelta::microseconds(1));
    assert_eq!(sweep(), Swept { holds: 0, answers: 2, sessions: 0 });
    assert_eq!(sweep(), Swept { holds: 0, answers: 0, sessions: 0 });
}

#[test]
fn answers_are_kept_for_a_day() {
    assert_eq!(ANSWERS_KEPT, TimeDelta::hours(24));
}

#[test]
fn after_a_busy_day_everything_fits_together() {
    let hospital = Hospital::new();
    let (one, other, does) = (hospital.doctor(), hospital.doctor(), &hospital.does);
    let fits = || assert_eq!(does.verify_store.execute().expect("verified"), []);
    fits();
    let footprint = Footprint {
        before: Buffer::new(5).expect("a buffer"),
        capacity: Capacity::new(4).expect("a capacity"),
        ..Footprint::default()
    };
    let half_hours = Terms::plain(SlotLength::from_minutes(30).expect("a length"));
    let group = hospital.visit_type(Terms { footprint, ..half_hours });
    let in_group = |time: &str| {
        let wanted = Wanted { visit_type: Some(group.id()), ..wanted(&one, &hospital.patient(), monday(time)) };
        does.book_slot.execute(&ADMIN, &wanted, None).expect("there is room")
    };
    let seats: Vec<Booking> = ["08:00", "08:00", "08:30", "10:00"].map(in_group).into();
    fits();
    let held = WantedHold { visit_type: Some(group.id()), ..wanted_hold(&one, monday("08:00")) };
    let held = does.hold_slot.execute(&OTHER, held, None).expect("there is room");
    fits();
    hospital.confirm(&OTHER, &held, &hospital.patient()).expect("it is held");
    fits();
    let to = |booking: &Booking, doctor, time: &str| Reschedule {
        booking: booking.id(),
        start: monday(time),
        doctor: Some(doctor),
        reason: None,
        set_aside: None,
        expected: None,
    };
    does.reschedule_booking.execute(&ADMIN, &to(&seats[0], one.id(), "09:00")).expect("moved");
    does.reschedule_booking.execute(&ADMIN, &to(&seats[1], other.id(), "14:00")).expect("moved");
    fits();
    hospital.cancel(&seats[2]);
    hospital.hold(&ADMIN, &other, monday("08:00"));
    hospital.hold(&ADMIN, &other, monday("09:00"));
    fits();
    hospital.it_is(at(NOW) + TimeDelta::hours(1));
    fits();
    hospital.book(&other, &hospital.patient(), monday("09:00"));
    fits();
    does.sweep.execute().expect("swept");
    does.reinstate_booking.execute(&ADMIN, seats[2].id(), None).expect("there is room");
    fits();
    let closure = NewClosure { date: date(MONDAY), name: ClosureName::parse("Epiphany").expect("valid") };
    does.add_closure.execute(&ADMIN, closure, KEEP, None).expect("closed");
    hospital.mornings_only(&other, KEEP);
    fits();
    hospital.it_is(monday("10:10"));
    does.advance_booking.execute(&ADMIN, seats[3].id(), Advance::NoShow, None).expect("it has begun");
    does.advance_booking.execute(&ADMIN, seats[0].id(), Advance::Arrive, None).expect("there");
    does.advance_booking.execute(&ADMIN, seats[0].id(), Advance::Fulfil, None).expect("done");
    fits();
}

#[test]
fn what_does_not_fit_is_told_as_it_was_found() {
    let found =
        vec![Inconsistency { table: "occupancy", key: "booking 1".to_owned(), what: "it overlaps another".to_owned() }];
    let (mut verification, there) = (MockVerification::new(), found.clone());
    verification.expect_verify().times(1).withf(|now| *now == at(NOW)).returning(move |_| Ok(there.clone()));
    let verify = VerifyStore::new(Arc::new(verification), Arc::new(Standing::default()));
    assert_eq!(verify.execute().expect("verified"), found);
}

#[test]
fn an_outage_while_clearing_away_or_looking_is_told_as_such() {
    let away = || Unavailable::unreachable("the cable is out");
    let (mut holds, mut answers, mut verification) =
        (MockHolds::new(), MockIdempotency::new(), MockVerification::new());
    holds.expect_sweep().times(1).returning(|_| Ok(1));
    answers.expect_sweep().times(1).returning(move |_| Err(away()));
    verification.expect_verify().times(1).returning(move |_| Err(away()));
    let clock = Arc::new(Standing::default());
    assert!(
        Sweep::new(Arc::new(holds), Arc::new(answers), Arc::new(MockTokens::new()), Arc::clone(&clock) as _)
            .execute()
            .is_err()
    );
    assert!(VerifyStore::new(Arc::new(verification), clock).execute().is_err());
}
