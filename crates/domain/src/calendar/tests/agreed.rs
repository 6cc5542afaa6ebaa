//! What is held, what moves, and what was agreed once.

use super::*;
use crate::{BookingId, CallerId, Hold, HoldId, PatientId};

fn nine() -> Span {
    Span::new(at("2030-01-07T09:00:00-05:00"), at("2030-01-07T10:00:00-05:00")).expect("forwards")
}

/// Nine o'clock, held from long ago until `until`.
fn held(until: &str) -> Hold {
    let offer = calendar(founding_example()).offer(nine().start(), at(LONG_AGO)).expect("it is free");
    offer.held(HoldId::from_u128(1), CallerId::from_u128(2), at(until), at(LONG_AGO))
}

fn calendar_with(busy: Busy) -> Calendar {
    Calendar::new(DoctorId::from_u128(1), founding_example(), vec![busy])
}

const EVE: &str = "2030-01-06T12:00:00Z";
const BEFORE_EVE: &str = "2030-01-06T11:59:59.999999Z";

#[test]
fn what_is_held_is_held_until_the_instant_at_which_it_expires() {
    let calendar = calendar_with(held(EVE).busy());
    let status = |now| {
        let day = &calendar.days(range("2030-01-07", "2030-01-07"), at(now))[0];
        (day.slots[1].status, day.free_count())
    };
    assert_eq!(status(BEFORE_EVE), (SlotStatus::Held, 5));
    assert_eq!(status(EVE), (SlotStatus::Free, 6));
    let refused = calendar.offer(nine().start(), at(BEFORE_EVE)).expect_err("it is held");
    assert_eq!(refused.all(), [Refusal::SlotHeld]);
    assert!(calendar.offer(nine().start(), at(EVE)).is_ok());
    assert!(held(EVE).is_live(at(BEFORE_EVE)) && !held(EVE).is_live(at(EVE)));
}

#[test]
fn what_is_taken_is_not_called_held() {
    let calendar = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![nine().into(), held(EVE).busy()]);
    let refused = calendar.offer(nine().start(), at(LONG_AGO)).expect_err("it is booked");
    assert_eq!(refused.all(), [Refusal::SlotTaken]);
    assert_eq!(calendar.days(range("2030-01-07", "2030-01-07"), at(LONG_AGO))[0].slots[1].status, SlotStatus::Booked);
}

#[test]
fn what_a_calendar_is_without_is_in_the_way_no_longer_and_other_things_are() {
    let hold = held(EVE);
    assert!(calendar_with(hold.busy()).without(hold.busy()).offer(nine().start(), at(LONG_AGO)).is_ok());
    let twice = Calendar::new(DoctorId::from_u128(1), founding_example(), vec![nine().into(), nine().into()]);
    assert!(twice.without(nine().into()).offer(nine().start(), at(LONG_AGO)).is_err());
    assert!(calendar_with(nine().into()).without(hold.busy()).offer(nine().start(), at(LONG_AGO)).is_err());
}

#[test]
fn a_booking_moves_to_another_slot_as_that_is_now() {
    let offer = calendar(founding_example()).offer(nine().start(), at(LONG_AGO)).expect("it is free");
    let booking = offer.for_patient(BookingId::from_u128(2), PatientId::from_u128(3), None, at(LONG_AGO));
    let other = Calendar::new(DoctorId::from_u128(9), founding_example().with_slot(SlotLength::default()), vec![]);
    let eight = other.offer(at(EIGHT), at(LONG_AGO)).expect("it is free");
    let moved = booking.moved(&eight, at(EVE)).expect("it is booked");
    assert_eq!((moved.id(), moved.doctor(), moved.span()), (booking.id(), DoctorId::from_u128(9), eight.span()));
    assert_eq!((moved.revision(), moved.parts().updated_at), (booking.revision().next(), at(EVE)));
    let arrived = booking.arrived(at(EVE)).expect("it is booked");
    assert!(arrived.moved(&eight, at(EVE)).is_err());
}

#[test]
fn what_was_agreed_once_needs_no_grid_but_working_time_and_room() {
    let half_past = Span::new(at("2030-01-07T08:30:00-05:00"), at("2030-01-07T08:45:00-05:00")).expect("forwards");
    let keeps = |calendar: &Calendar, visit| calendar.keeps(visit, Footprint::default(), at(LONG_AGO));
    let refused = |calendar: &Calendar, visit| keeps(calendar, visit).expect_err("refused").all().to_vec();
    assert_eq!(keeps(&calendar(founding_example()), half_past), Ok(()));
    assert_eq!(refused(&calendar_with(half_past.into()), half_past), [Refusal::SlotTaken]);
    assert_eq!(refused(&calendar_with(held(EVE).busy()), nine()), [Refusal::SlotHeld]);
    let late = Span::new(at("2030-01-07T16:00:00-05:00"), at("2030-01-07T17:00:00-05:00")).expect("forwards");
    assert_eq!(refused(&calendar(founding_example()), late), [Refusal::OutsideWorkingHours]);
    let away = Exceptions { time_off: vec![half_past], ..Exceptions::default() };
    assert_eq!(refused(&calendar(founding_example()).with_exceptions(away), half_past), [Refusal::OutsideWorkingHours]);
    let mut inactive = founding_example();
    inactive.active = false;
    assert_eq!(refused(&calendar(inactive), half_past), [Refusal::DoctorInactive]);
}

#[test]
fn what_has_begun_is_not_reinstated() {
    let offer = calendar(founding_example()).offer(nine().start(), at(LONG_AGO)).expect("it is free");
    let booking = offer.for_patient(BookingId::from_u128(2), PatientId::from_u128(3), None, at(LONG_AGO));
    let calendar = calendar(founding_example());
    assert_eq!(calendar.readmits(&booking, nine().start()), Ok(()));
    let late = nine().start() + TimeDelta::microseconds(1);
    assert_eq!(calendar.readmits(&booking, late).expect_err("it has begun").all(), [Refusal::InPast]);
}
