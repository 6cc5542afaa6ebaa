//! Rules that are set aside, one by one and by name.

use doctor_booking_application::{BookSlotError, PlaceBookingError, Reschedule, Wanted};
use doctor_booking_domain::{
    Booking, Doctor, Horizon, Notice, Patient, Reason, Refusal, RuleName, SetAside, SlotStatus, Terms, VisitTypeId,
};

use crate::hospital::{ADMIN, Hospital, KEEP, MONDAY, monday, reason, wanted, wanted_of};

const BOOKED: SlotStatus = SlotStatus::Booked;
const FREE: SlotStatus = SlotStatus::Free;

/// These rules, or none.
fn aside(rules: &[RuleName]) -> Option<SetAside> {
    SetAside::new(rules.iter().copied(), reason("an emergency")).ok()
}

fn book(hospital: &Hospital, wanted: &Wanted) -> Result<Booking, BookSlotError> {
    hospital.does.book_slot.execute(&ADMIN, wanted, None)
}

fn refusals(refused: Result<Booking, BookSlotError>) -> Vec<Refusal> {
    let Err(BookSlotError::Refused(it)) = refused else { panic!("{refused:?}") };
    it.refusals.all().to_vec()
}

/// What the last entry about the booking tells: why, and what is set aside.
fn told(hospital: &Hospital, booking: &Booking) -> (Option<Reason>, Option<String>) {
    let entry = hospital.told_of(booking).pop().expect("an entry");
    let rules = entry.after.iter().find(|(name, _)| *name == "rulesSetAside").map(|(_, rules)| rules.to_owned());
    (entry.why, rules)
}

/// A doctor with a type that has to be booked 60 days ahead, and one that cannot be booked more than 10 days ahead.
fn types(hospital: &Hospital) -> (VisitTypeId, VisitTypeId) {
    let plain = Terms::plain(doctor_booking_domain::SlotLength::default());
    let late = Terms { notice: Notice::new(60 * 1440).expect("60 days"), ..plain };
    let early = Terms { horizon: Horizon::new(10).ok(), ..plain };
    (hospital.visit_type(late).id(), hospital.visit_type(early).id())
}

fn to(booking: &Booking, time: &str, set_aside: Option<SetAside>) -> Reschedule {
    Reschedule { booking: booking.id(), start: monday(time), doctor: None, reason: None, set_aside, expected: None }
}

fn at_nine(hospital: &Hospital, patient: &Patient) -> (Doctor, Booking) {
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, patient, monday("09:00"));
    (doctor, booking)
}

#[test]
fn each_rule_is_set_aside_by_its_name_and_by_no_other() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let (late, early) = types(&hospital);
    let of = |time, visit_type| Wanted { visit_type, ..wanted(&doctor, &patient, monday(time)) };
    let cases = [
        (RuleName::OffGrid, of("08:30", None), Refusal::OffGrid),
        (RuleName::OutsideWorkingHours, of("18:00", None), Refusal::OutsideWorkingHours),
        (RuleName::NoticeTooShort, of("13:00", Some(late)), Refusal::NoticeTooShort),
        (RuleName::BeyondHorizon, of("14:00", Some(early)), Refusal::BeyondHorizon),
    ];
    for (name, wanted, refusal) in cases {
        let others: Vec<_> = RuleName::ALL.into_iter().filter(|other| *other != name).collect();
        let unnamed = Wanted { set_aside: aside(&others), ..wanted.clone() };
        assert_eq!(refusals(book(&hospital, &unnamed)), [refusal]);
        let booking = book(&hospital, &Wanted { set_aside: aside(&[name]), ..wanted }).expect("set aside");
        assert_eq!(booking.parts().outside_hours, name == RuleName::OutsideWorkingHours);
        assert_eq!(told(&hospital, &booking), (Some(reason("an emergency")), Some(name.as_str().to_owned())));
    }
    // What everybody can book is as it was, but for what is taken.
    assert_eq!(hospital.statuses_on(&doctor, MONDAY), [BOOKED, BOOKED, FREE, BOOKED, BOOKED, FREE]);
}

#[test]
fn a_patient_is_in_two_places_only_where_that_is_set_aside() {
    let hospital = Hospital::new();
    let patient = hospital.patient();
    let (_, ordinary) = at_nine(&hospital, &patient);
    let (other, third) = (hospital.doctor(), hospital.doctor());
    let nine = |doctor: &Doctor, set_aside| Wanted { set_aside, ..wanted(doctor, &patient, monday("09:00")) };
    let unnamed = aside(&[RuleName::OffGrid, RuleName::OutsideWorkingHours]);
    let busy = book(&hospital, &nine(&other, unnamed));
    assert!(matches!(busy, Err(BookSlotError::PatientBusy)), "{busy:?}");
    let beside = book(&hospital, &nine(&other, aside(&[RuleName::PatientBusy]))).expect("set aside");
    assert!(beside.parts().beside_others && !hospital.find(&ordinary).parts().beside_others);
    // Whoever comes later meets it, also once the other one is gone.
    hospital.cancel(&ordinary);
    let busy = book(&hospital, &nine(&third, None));
    assert!(matches!(busy, Err(BookSlotError::PatientBusy)), "{busy:?}");
    hospital.cancel(&beside);
    book(&hospital, &nine(&third, None)).expect("nothing is there any more");
}

#[test]
fn a_taken_slot_is_never_set_aside_nor_a_held_one() {
    let hospital = Hospital::new();
    let (doctor, _) = at_nine(&hospital, &hospital.patient());
    hospital.hold(&ADMIN, &doctor, monday("10:00"));
    let patient = hospital.patient();
    let everything = |time| Wanted { set_aside: aside(&RuleName::ALL), ..wanted(&doctor, &patient, monday(time)) };
    assert_eq!(refusals(book(&hospital, &everything("09:00"))), [Refusal::SlotTaken]);
    assert_eq!(refusals(book(&hospital, &everything("08:30"))), [Refusal::SlotTaken]);
    assert_eq!(refusals(book(&hospital, &everything("10:30"))), [Refusal::SlotHeld]);
}

#[test]
fn a_hold_left_outside_the_hours_becomes_a_booking_where_these_are_set_aside() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let hold = hospital.hold(&ADMIN, &doctor, monday("14:00"));
    hospital.mornings_only(&doctor, KEEP);
    let confirm = |set_aside| book(&hospital, &Wanted { set_aside, ..wanted_of(&hold, &patient) });
    let void = confirm(aside(&[RuleName::OffGrid]));
    assert!(matches!(void, Err(BookSlotError::HoldVoid(_))), "{void:?}");
    let booking = confirm(aside(&[RuleName::OutsideWorkingHours])).expect("set aside");
    assert!(booking.parts().outside_hours);
    assert_eq!(hospital.find(&booking), booking);
    assert_eq!(told(&hospital, &booking).1.as_deref(), Some("outside-working-hours"));
}

#[test]
fn a_move_sets_aside_what_it_names_and_the_next_one_does_not() {
    let hospital = Hospital::new();
    let patient = hospital.patient();
    let (doctor, ordinary) = at_nine(&hospital, &patient);
    let moving = hospital.book(&doctor, &patient, monday("10:00"));
    let go = |to: &Reschedule| hospital.does.reschedule_booking.execute(&ADMIN, to);
    let refused = go(&to(&moving, "18:30", aside(&[RuleName::OffGrid])));
    assert!(matches!(refused, Err(PlaceBookingError::Refused(_))), "{refused:?}");
    let out = Reschedule {
        reason: Some(reason("the train is late")),
        ..to(&moving, "18:30", aside(&[RuleName::OutsideWorkingHours]))
    };
    let moved = go(&out).expect("set aside");
    assert!(moved.parts().outside_hours);
    assert_eq!(told(&hospital, &moved), (Some(reason("an emergency")), Some("outside-working-hours".to_owned())));
    let entry = hospital.told_of(&moved).pop().expect("an entry");
    assert!(entry.after.iter().any(|fact| fact == ("changeReason", "the train is late")));
    // With another doctor, beside the one at nine.
    let other = hospital.doctor();
    let there = |set_aside| Reschedule { doctor: Some(other.id()), ..to(&moving, "09:00", set_aside) };
    assert!(matches!(go(&there(None)), Err(PlaceBookingError::PatientBusy)));
    let beside = go(&there(aside(&[RuleName::PatientBusy]))).expect("set aside");
    assert!(beside.parts().beside_others && !beside.parts().outside_hours);
    // An ordinary move of either meets the other.
    let within = Reschedule { doctor: Some(hospital.doctor().id()), ..to(&ordinary, "09:00", None) };
    assert!(matches!(go(&within), Err(PlaceBookingError::PatientBusy)));
    let away = go(&to(&moving, "13:00", None)).expect("nobody is there");
    assert!(!away.parts().beside_others);
    go(&within).expect("the other one has gone");
    assert_eq!(told(&hospital, &away), (None, None));
}

#[test]
fn what_was_cancelled_comes_back_as_an_ordinary_booking() {
    let hospital = Hospital::new();
    let patient = hospital.patient();
    let (_, ordinary) = at_nine(&hospital, &patient);
    let other = hospital.doctor();
    let nine = Wanted { set_aside: aside(&[RuleName::PatientBusy]), ..wanted(&other, &patient, monday("09:00")) };
    let beside = book(&hospital, &nine).expect("set aside");
    hospital.cancel(&beside);
    let reinstate = || hospital.does.reinstate_booking.execute(&ADMIN, beside.id(), None);
    assert!(matches!(reinstate(), Err(PlaceBookingError::PatientBusy)));
    hospital.cancel(&ordinary);
    assert!(!reinstate().expect("the patient is free").parts().beside_others);
}
