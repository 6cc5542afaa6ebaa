//! Rules that are set aside for one visit.

use super::*;
use crate::{BookingId, Buffer, CallerId, Horizon, Notice, PatientId, Reason, VisitTypeId, VisitTypeName};

fn aside(rules: &[RuleName]) -> SetAside {
    SetAside::new(rules.iter().copied(), Reason::parse("an emergency").expect("valid")).expect("some rule")
}

/// All rules that can be set aside.
fn all() -> SetAside {
    aside(&RuleName::ALL)
}

fn refused(calendar: &Calendar, start: &str, set_aside: &SetAside) -> Vec<Refusal> {
    let offer = calendar.offer_but(at(start), Some(set_aside), at(LONG_AGO));
    offer.err().map_or(vec![], |refusals| refusals.all().to_vec())
}

/// The visit at that time, and whether it is marked as outside hours.
fn offered(calendar: &Calendar, start: &str, set_aside: &SetAside) -> (Span, bool) {
    let offer = calendar.offer_but(at(start), Some(set_aside), at(LONG_AGO)).expect("it is offered");
    let booking = offer.for_patient(BookingId::from_u128(1), PatientId::from_u128(2), None, at(LONG_AGO));
    (booking.span(), booking.parts().outside_hours)
}

/// Half hours that need a day and cannot be booked more than ten days ahead, with a buffer of ten minutes.
fn half_hours(calendar: Calendar) -> Calendar {
    let terms = Terms {
        notice: Notice::new(1440).expect("a day"),
        horizon: Horizon::new(10).ok(),
        footprint: Footprint { before: Buffer::new(10).expect("a buffer"), ..Footprint::default() },
        ..Terms::plain(SlotLength::from_minutes(30).expect("valid"))
    };
    let name = VisitTypeName::parse("Check-up").expect("valid");
    let now = at(LONG_AGO);
    calendar.for_visits(&VisitType::new(VisitTypeId::from_u128(1), name, terms, now).expect("valid"))
}

const EVENING: &str = "2030-01-07T18:00:00-05:00";
const QUARTER_PAST_EIGHT: &str = "2030-01-07T08:15:00-05:00";

#[test]
fn what_is_outside_the_hours_is_offered_as_long_as_a_slot_and_marked() {
    let calendar = calendar(founding_example());
    let by = aside(&[RuleName::OutsideWorkingHours]);
    let (span, outside) = offered(&calendar, EVENING, &by);
    assert_eq!((span.start(), span.length(), outside), (at(EVENING), TimeDelta::hours(1), true));
    // The last hour of which only a part is worked.
    assert!(offered(&calendar, "2030-01-07T15:30:00-05:00", &by).1);
    // Set aside where it is kept all the same.
    assert!(!offered(&calendar, EIGHT, &by).1);
    for other in RuleName::ALL.into_iter().filter(|rule| *rule != RuleName::OutsideWorkingHours) {
        assert_eq!(refused(&calendar, EVENING, &aside(&[other])), [Refusal::OutsideWorkingHours], "{other:?}");
    }
}

#[test]
fn time_off_and_closures_are_set_aside_with_the_hours() {
    let eight = Span::new(at(EIGHT), at("2030-01-07T09:00:00-05:00")).expect("forwards");
    let away = Exceptions { time_off: vec![eight], ..Exceptions::default() };
    let closed = Exceptions { closures: vec![date("2030-01-07")], ..Exceptions::default() };
    for exceptions in [away, closed] {
        let calendar = calendar(founding_example()).with_exceptions(exceptions);
        assert_eq!(refused(&calendar, EIGHT, &aside(&[RuleName::OffGrid])), [Refusal::OutsideWorkingHours]);
        assert!(offered(&calendar, EIGHT, &aside(&[RuleName::OutsideWorkingHours])).1);
    }
}

#[test]
fn what_is_off_the_grid_is_inside_the_hours() {
    let calendar = calendar(founding_example());
    assert_eq!(offered(&calendar, QUARTER_PAST_EIGHT, &aside(&[RuleName::OffGrid])).0.start(), at(QUARTER_PAST_EIGHT));
    assert!(!offered(&calendar, QUARTER_PAST_EIGHT, &aside(&[RuleName::OffGrid])).1);
    assert_eq!(refused(&calendar, QUARTER_PAST_EIGHT, &aside(&[RuleName::OutsideWorkingHours])), [Refusal::OffGrid]);
}

#[test]
fn notice_and_horizon_are_set_aside_each_by_its_name() {
    let calendar = half_hours(calendar(founding_example()));
    let (late, early) = (at("2030-01-06T12:00:00-05:00"), at("2029-12-01T12:00:00-05:00"));
    let decide = |rule, now| calendar.offer_but(at(EIGHT), Some(&aside(&[rule])), now).map_err(|it| it.first());
    assert!(decide(RuleName::NoticeTooShort, late).is_ok() && decide(RuleName::BeyondHorizon, early).is_ok());
    assert_eq!(decide(RuleName::BeyondHorizon, late), Err(Refusal::NoticeTooShort));
    assert_eq!(decide(RuleName::NoticeTooShort, early), Err(Refusal::BeyondHorizon));
}

#[test]
fn what_occupies_the_doctor_is_never_set_aside_nor_what_is_past_or_not_offered() {
    let nine = Span::new(at("2030-01-07T09:00:00-05:00"), at("2030-01-07T10:00:00-05:00")).expect("forwards");
    let taken = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![nine.into()]);
    assert_eq!(refused(&taken, "2030-01-07T09:30:00-05:00", &all()), [Refusal::SlotTaken]);
    // The buffer before it meets what is booked.
    assert_eq!(refused(&half_hours(taken), "2030-01-07T10:05:00-05:00", &all()), [Refusal::SlotTaken]);
    let held = Busy { held_until: Some(at(EIGHT)), ..nine.into() };
    let held = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![held]);
    assert_eq!(refused(&held, "2030-01-07T09:00:00-05:00", &all()), [Refusal::SlotHeld]);
    assert_eq!(refused(&calendar(founding_example()), "2025-12-31T09:00:00-05:00", &all()), [Refusal::InPast]);
    let inactive = calendar(Rules { active: false, ..founding_example() });
    assert_eq!(refused(&inactive, EIGHT, &all()), [Refusal::DoctorInactive]);
    let only =
        Rules { visit_types: crate::OfferedTypes::Only(std::collections::BTreeSet::new()), ..founding_example() };
    assert_eq!(refused(&half_hours(calendar(only)), EIGHT, &all()), [Refusal::VisitTypeNotOffered]);
}

#[test]
fn every_rule_that_is_not_set_aside_is_told() {
    let calendar = half_hours(calendar(founding_example()));
    let told = refused(&calendar, EVENING, &aside(&[RuleName::BeyondHorizon, RuleName::PatientBusy]));
    assert_eq!(told, [Refusal::OutsideWorkingHours]);
    assert_eq!(refused(&calendar, EVENING, &aside(&[RuleName::OffGrid])).len(), 2);
    assert_eq!(refused(&calendar, EVENING, &all()), []);
}

#[test]
fn what_is_held_becomes_a_booking_outside_the_hours_that_have_changed() {
    let hold = calendar(founding_example()).offer(at(EIGHT), at(LONG_AGO)).expect("it is free");
    let hold = hold.held(crate::HoldId::from_u128(1), CallerId::from_u128(2), at(EIGHT), at(LONG_AGO));
    let now_closed = calendar(rules("America/New_York", Weekly::default()));
    let keeps = |by: &SetAside| now_closed.keeps_but(hold.span, hold.footprint, Some(by), at(LONG_AGO));
    let marks = keeps(&aside(&[RuleName::OutsideWorkingHours])).expect("set aside");
    assert_eq!(marks, Marks { outside_hours: true, beside_others: false });
    assert!(keeps(&aside(&[RuleName::OffGrid, RuleName::PatientBusy])).is_err());
}

#[test]
fn a_booking_that_is_moved_or_comes_back_with_nothing_set_aside_is_an_ordinary_one_again() {
    let calendar = calendar(founding_example());
    let (booking, patient) = (BookingId::from_u128(1), PatientId::from_u128(2));
    let offer = calendar.offer_but(at(EVENING), Some(&all()), at(LONG_AGO)).expect("set aside");
    let booking = offer.for_patient(booking, patient, None, at(LONG_AGO));
    let marks = |booking: &Booking| (booking.parts().outside_hours, booking.parts().beside_others);
    assert_eq!(marks(&booking), (true, true));
    let eight = calendar.offer(at(EIGHT), at(LONG_AGO)).expect("it is free");
    assert_eq!(marks(&booking.moved(&eight, at(LONG_AGO)).expect("it is booked")), (false, false));
    let beside = calendar.offer_but(at(EIGHT), Some(&aside(&[RuleName::PatientBusy])), at(LONG_AGO)).expect("free");
    assert_eq!(marks(&booking.moved(&beside, at(LONG_AGO)).expect("it is booked")), (false, true));
    let why = Reason::parse("a mistake").expect("valid");
    let cancelled = booking.cancelled(why, at(LONG_AGO)).expect("possible").expect("it was booked");
    assert_eq!(marks(&cancelled), (true, true));
    assert_eq!(marks(&cancelled.reinstated(at(LONG_AGO)).expect("it was cancelled")), (false, false));
    assert!(calendar.readmits(&cancelled, at(LONG_AGO)).is_err(), "the hours are not set aside for that");
}
