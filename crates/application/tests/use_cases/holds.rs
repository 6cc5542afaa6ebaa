//! Slots that are held for a while, given back, and become bookings.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_application::{
    Affected, BookSlot, BookSlotError, ChangeOptions, ChangeRulesError, HoldSlot, HoldSlotError, MOST_HOLDS,
    NewClosure, NewTimeOff, Refused, Wanted, WantedHold,
};
use doctor_booking_domain::{
    Actor, Buffer, Busy, Calendar, CallerId, Capacity, ClosureName, Doctor, DoctorAmendment, DoctorId, Footprint, Hold,
    HoldId, HoldTime, Notice, Patient, PatientId, Refusal, Role, SlotLength, SlotStatus, Span, Terms,
    VisitTypeAmendment, VisitTypeId,
};
use doctor_booking_ports::{
    MockBookings, MockCalendars, MockHolds, MockVisitTypes, NewBooking, Snapshot, StoreBookingError, StoreHoldError,
    Unavailable,
};

use crate::hospital::{
    ADMIN, Counting, DRY, Hospital, KEEP, MONDAY, NOW, OTHER, REFUSE, Standing, at, date, day, founding_rules, gate,
    monday, mornings_only, patient_of, reason, wanted, wanted_hold, wanted_of,
};

/// When everything that was held at the beginning of a test has just expired.
fn expired() -> DateTime<Utc> {
    at(NOW) + TimeDelta::minutes(5)
}

/// The last moment at which it is still held.
fn almost_expired() -> DateTime<Utc> {
    expired() - TimeDelta::microseconds(1)
}

fn status_of(hospital: &Hospital, doctor: &Doctor, nth: usize) -> SlotStatus {
    hospital.statuses_on(doctor, MONDAY)[nth]
}

fn half_hours() -> Terms {
    Terms::plain(SlotLength::from_minutes(30).expect("a length"))
}

fn refused_to_book(hospital: &Hospital, who: &Actor, wanted: &Wanted) -> Refused {
    let booked = hospital.does.book_slot.execute(who, wanted, None);
    let Err(BookSlotError::Refused(it)) = booked else { panic!("{booked:?}") };
    *it
}

fn refused_to_hold(hospital: &Hospital, who: &Actor, wanted: WantedHold) -> Refused {
    let held = hospital.does.hold_slot.execute(who, wanted, None);
    let Err(HoldSlotError::Refused(it)) = held else { panic!("{held:?}") };
    *it
}

fn find(hospital: &Hospital, who: &Actor, hold: &Hold) -> Option<Hold> {
    hospital.does.find_hold.execute(who, hold.id).expect("found")
}

fn release(hospital: &Hospital, who: &Actor, hold: &Hold) -> bool {
    hospital.does.release_hold.execute(who, hold.id).expect("the store answers")
}

#[test]
fn a_slot_is_held_as_it_would_be_booked_and_for_as_long_as_was_asked() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let time = HoldTime::from_seconds(30).expect("in range");
    let wanted = WantedHold { time, ..wanted_hold(&doctor, monday("09:00")) };
    let hold = hospital.does.hold_slot.execute(&ADMIN, wanted, None).expect("held");
    let expected = Hold {
        id: hold.id,
        doctor: doctor.id(),
        span: Span::new(monday("09:00"), monday("10:00")).expect("forwards"),
        visit_type: None,
        footprint: Footprint::default(),
        zone: doctor.rules().zone.clone(),
        owner: ADMIN.caller,
        waiting: None,
        expires_at: at(NOW) + TimeDelta::seconds(30),
        created_at: at(NOW),
    };
    assert_eq!(hold, expected);
    assert_eq!(find(&hospital, &ADMIN, &hold), Some(expected));
}

#[test]
fn what_is_held_is_held_for_everybody_also_for_whoever_holds_it() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    hospital.hold(&ADMIN, &doctor, monday("09:00"));
    for who in [ADMIN, OTHER] {
        let shown = hospital.does.find_availability.execute(&who, doctor.id(), day(MONDAY), None).expect("found");
        let statuses: Vec<_> = shown.days[0].slots.iter().map(|slot| slot.status).collect();
        assert_eq!(statuses[..3], [SlotStatus::Free, SlotStatus::Held, SlotStatus::Free]);
        assert_eq!(shown.days[0].free_count(), 5);
        let booking = refused_to_book(&hospital, &who, &wanted(&doctor, &patient, monday("09:00")));
        let holding = refused_to_hold(&hospital, &who, wanted_hold(&doctor, monday("09:00")));
        for refused in [booking, holding] {
            assert_eq!(refused.refusals.all(), [Refusal::SlotHeld]);
            assert_eq!(refused.alternatives, [monday("08:00"), monday("10:00"), monday("13:00")]);
            assert_eq!(refused.zone.name(), "America/New_York");
        }
    }
}

#[test]
fn what_is_booked_is_not_called_held() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    let refused = refused_to_hold(&hospital, &ADMIN, wanted_hold(&doctor, monday("09:00")));
    assert_eq!(refused.refusals.all(), [Refusal::SlotTaken]);
}

#[test]
fn only_what_could_be_booked_is_held() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let refused = refused_to_hold(&hospital, &ADMIN, wanted_hold(&doctor, monday("16:00")));
    assert_eq!(refused.refusals.all(), [Refusal::OutsideWorkingHours]);
    assert_eq!(refused.alternatives.len(), 3);
    let held = |wanted| hospital.does.hold_slot.execute(&ADMIN, wanted, None);
    let nobody = WantedHold { doctor: DoctorId::from_u128(404), ..wanted_hold(&doctor, monday("09:00")) };
    assert!(matches!(held(nobody), Err(HoldSlotError::UnknownDoctor)));
    let nothing = WantedHold { visit_type: Some(VisitTypeId::from_u128(404)), ..wanted_hold(&doctor, monday("09:00")) };
    assert!(matches!(held(nothing), Err(HoldSlotError::UnknownVisitType)));
    let retired = hospital.visit_type(half_hours());
    hospital.does.retire_visit_type.execute(&ADMIN, retired.id(), None).expect("retired");
    let retired = WantedHold { visit_type: Some(retired.id()), ..wanted_hold(&doctor, monday("09:00")) };
    assert_eq!(refused_to_hold(&hospital, &ADMIN, retired).refusals.all(), [Refusal::VisitTypeNotOffered]);
    assert_eq!(hospital.free_on(&doctor, MONDAY), 6);
}

#[test]
fn to_a_stranger_a_hold_is_not_there() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let stranger = patient_of(&patient);
    let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
    assert_eq!(find(&hospital, &stranger, &hold), None);
    assert!(!release(&hospital, &stranger, &hold));
    let confirmed = hospital.confirm(&stranger, &hold, &patient);
    assert!(matches!(confirmed, Err(BookSlotError::HoldGone)), "{confirmed:?}");
    assert_eq!(find(&hospital, &ADMIN, &hold).as_ref(), Some(&hold), "nothing has happened to it");
    assert_eq!(status_of(&hospital, &doctor, 1), SlotStatus::Held);
    // Nor does it say whose it is, or what for, where it never was.
    let never = Hold { id: HoldId::from_u128(404), ..hold };
    assert_eq!(find(&hospital, &stranger, &never), None);
    assert!(!release(&hospital, &stranger, &never));
    assert!(matches!(hospital.confirm(&stranger, &never, &patient), Err(BookSlotError::HoldGone)));
}

#[test]
fn the_front_desk_may_use_and_give_back_what_anybody_holds() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let desk = Actor::new(CallerId::from_u128(77), Role::FrontDesk);
    let hold = hospital.hold(&patient_of(&patient), &doctor, monday("09:00"));
    assert_eq!(find(&hospital, &desk, &hold).as_ref(), Some(&hold));
    hospital.confirm(&desk, &hold, &patient).expect("confirmed");
    let hold = hospital.hold(&patient_of(&patient), &doctor, monday("10:00"));
    assert!(release(&hospital, &desk, &hold));
}

#[test]
fn a_hold_ends_at_the_instant_at_which_it_expires_cleared_away_or_not() {
    for is_swept in [false, true] {
        let hospital = Hospital::new();
        let (doctor, patient) = (hospital.doctor(), hospital.patient());
        let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
        assert_eq!(hold.expires_at, expired());
        hospital.it_is(almost_expired());
        if is_swept {
            assert_eq!(hospital.does.sweep.execute().expect("swept").holds, 0);
        }
        assert_eq!(find(&hospital, &ADMIN, &hold).as_ref(), Some(&hold));
        assert_eq!(status_of(&hospital, &doctor, 1), SlotStatus::Held);
        refused_to_book(&hospital, &OTHER, &wanted(&doctor, &patient, monday("09:00")));
        hospital.it_is(expired());
        if is_swept {
            assert_eq!(hospital.does.sweep.execute().expect("swept").holds, 1);
        }
        assert_eq!(find(&hospital, &ADMIN, &hold), None);
        assert!(!release(&hospital, &ADMIN, &hold));
        assert_eq!(status_of(&hospital, &doctor, 1), SlotStatus::Free);
        let confirmed = hospital.confirm(&ADMIN, &hold, &patient);
        assert!(matches!(confirmed, Err(BookSlotError::HoldGone)), "{confirmed:?}");
        hospital.hold(&OTHER, &doctor, monday("09:00"));
    }
}

#[test]
fn of_a_hold_that_has_expired_nothing_is_told_but_that_it_is_gone() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let hold = hospital.hold(&ADMIN, &doctor, monday("13:00"));
    hospital.mornings_only(&doctor, KEEP);
    hospital.it_is(expired());
    // Neither that its time is closed by now, nor that it was for another start.
    let other_start = Wanted { start: monday("08:00"), ..wanted_of(&hold, &patient) };
    for wanted in [wanted_of(&hold, &patient), other_start] {
        let gone = hospital.does.book_slot.execute(&ADMIN, &wanted, None);
        assert!(matches!(gone, Err(BookSlotError::HoldGone)), "{gone:?}");
    }
}

#[test]
fn a_slot_is_booked_up_to_the_last_moment_at_which_it_is_held() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
    hospital.it_is(almost_expired());
    assert!(hospital.confirm(&ADMIN, &hold, &hospital.patient()).is_ok());
}

#[test]
fn a_slot_whose_hold_has_expired_is_booked_before_anybody_clears_away() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.hold(&ADMIN, &doctor, monday("09:00"));
    hospital.it_is(expired());
    hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    assert_eq!(status_of(&hospital, &doctor, 1), SlotStatus::Booked);
}

#[test]
fn a_caller_holds_three_slots_at_most() {
    let hospital = Hospital::new();
    let (one, other, patient) = (hospital.doctor(), hospital.doctor(), hospital.patient());
    let holds = ["08:00", "09:00", "10:00"].map(|time| hospital.hold(&ADMIN, &one, monday(time)));
    assert_eq!(holds.len(), MOST_HOLDS);
    let fourth = |who: &Actor| hospital.does.hold_slot.execute(who, wanted_hold(&other, monday("13:00")), None);
    assert!(matches!(fourth(&ADMIN), Err(HoldSlotError::TooMany)));
    assert_eq!(hospital.free_on(&other, MONDAY), 6, "nothing was held");
    assert!(release(&hospital, &OTHER, &fourth(&OTHER).expect("what others hold does not count")));
    assert!(release(&hospital, &ADMIN, &holds[0]));
    assert!(release(&hospital, &ADMIN, &fourth(&ADMIN).expect("one was given back")));
    hospital.hold(&ADMIN, &one, monday("08:00"));
    assert!(matches!(fourth(&ADMIN), Err(HoldSlotError::TooMany)));
    hospital.confirm(&ADMIN, &holds[1], &patient).expect("confirmed");
    assert!(release(&hospital, &ADMIN, &fourth(&ADMIN).expect("one has become a booking")));
    hospital.hold(&ADMIN, &one, monday("13:00"));
    hospital.it_is(expired());
    fourth(&ADMIN).expect("all have expired");
}

#[test]
fn what_is_given_back_is_free_and_is_given_back_once() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
    assert!(release(&hospital, &ADMIN, &hold));
    assert_eq!((find(&hospital, &ADMIN, &hold), hospital.free_on(&doctor, MONDAY)), (None, 6));
    assert!(!release(&hospital, &ADMIN, &hold));
    let confirmed = hospital.confirm(&ADMIN, &hold, &hospital.patient());
    assert!(matches!(confirmed, Err(BookSlotError::HoldGone)), "{confirmed:?}");
    hospital.book(&doctor, &hospital.patient(), monday("09:00"));
}

#[test]
fn a_hold_becomes_the_booking_of_what_was_held_once() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
    hospital.it_is(at(NOW) + TimeDelta::minutes(1));
    let why = Some(reason("headaches"));
    let wanted = Wanted { reason: why.clone(), ..wanted_of(&hold, &patient) };
    let booking = hospital.does.book_slot.execute(&ADMIN, &wanted, None).expect("confirmed");
    let parts = booking.parts();
    assert_eq!((parts.span, parts.doctor, parts.patient), (hold.span, doctor.id(), patient.id()));
    assert_eq!((&parts.zone, &parts.reason, parts.outside_hours), (&hold.zone, &why, false));
    assert_eq!((parts.created_at, parts.updated_at), (at(NOW) + TimeDelta::minutes(1), parts.created_at));
    assert_eq!(hospital.find(&booking), booking);
    assert_eq!((find(&hospital, &ADMIN, &hold), status_of(&hospital, &doctor, 1)), (None, SlotStatus::Booked));
    assert!(!release(&hospital, &ADMIN, &hold));
    let again = hospital.confirm(&ADMIN, &hold, &hospital.patient());
    assert!(matches!(again, Err(BookSlotError::HoldGone)), "{again:?}");
}

#[test]
fn a_hold_is_for_its_doctor_start_and_type_only() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let (short, other) = (hospital.visit_type(half_hours()), hospital.visit_type(half_hours()));
    let plain = hospital.hold(&ADMIN, &doctor, monday("09:00"));
    let as_short = WantedHold { visit_type: Some(short.id()), ..wanted_hold(&doctor, monday("10:00")) };
    let as_short = hospital.does.hold_slot.execute(&ADMIN, as_short, None).expect("held");
    let others = [
        Wanted { doctor: hospital.doctor().id(), ..wanted_of(&plain, &patient) },
        Wanted { start: monday("08:00"), ..wanted_of(&plain, &patient) },
        Wanted { start: monday("09:00") + TimeDelta::microseconds(1), ..wanted_of(&plain, &patient) },
        Wanted { visit_type: Some(short.id()), ..wanted_of(&plain, &patient) },
        Wanted { visit_type: Some(other.id()), ..wanted_of(&as_short, &patient) },
        Wanted { start: plain.span.start(), ..wanted_of(&as_short, &patient) },
    ];
    for wanted in others {
        let confirmed = hospital.does.book_slot.execute(&ADMIN, &wanted, None);
        assert!(matches!(confirmed, Err(BookSlotError::HoldForAnother)), "{wanted:?}: {confirmed:?}");
    }
    assert_eq!(find(&hospital, &ADMIN, &plain), Some(plain));
    let named = Wanted { visit_type: Some(short.id()), ..wanted_of(&as_short, &patient) };
    hospital.does.book_slot.execute(&ADMIN, &named, None).expect("it is for this one");
}

#[test]
fn a_hold_that_is_confirmed_without_a_type_keeps_its_own_as_it_was_then() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let footprint = Footprint { after: Buffer::new(10).expect("a buffer"), ..Footprint::default() };
    let visit_type = hospital.visit_type(Terms { footprint, ..half_hours() });
    let wanted = WantedHold { visit_type: Some(visit_type.id()), ..wanted_hold(&doctor, monday("09:00")) };
    let hold = hospital.does.hold_slot.execute(&ADMIN, wanted, None).expect("held");
    let longer = VisitTypeAmendment {
        length: SlotLength::from_minutes(45).ok(),
        after: Some(Buffer::default()),
        ..VisitTypeAmendment::default()
    };
    hospital.does.amend_visit_type.execute(&ADMIN, visit_type.id(), &longer, None).expect("amended");
    let booking = hospital.confirm(&ADMIN, &hold, &patient).expect("confirmed");
    assert_eq!((booking.parts().visit_type, booking.parts().footprint), (Some(visit_type.id()), footprint));
    assert_eq!(booking.span().length(), TimeDelta::minutes(30));
}

#[test]
fn hours_that_would_strand_a_hold_are_refused_and_it_can_still_be_booked() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let hold = hospital.hold(&ADMIN, &doctor, monday("13:00"));
    let affected = Affected { bookings: vec![], holds: vec![hold.clone()], hides_holds: false };
    let change = |options| hospital.does.update_working_hours.execute(&OTHER, doctor.id(), &mornings_only(), options);
    assert_eq!(change(DRY).expect("told").affected, affected);
    let refused = change(REFUSE);
    let Err(ChangeRulesError::BookingsAffected(all)) = refused else { panic!("{refused:?}") };
    assert_eq!(all, affected);
    assert_eq!(hospital.does.find_doctor.execute(&ADMIN, doctor.id()).expect("found").as_ref(), Some(&doctor));
    assert!(hospital.confirm(&ADMIN, &hold, &hospital.patient()).is_ok());
}

#[test]
fn bookings_and_holds_that_a_change_affects_are_told_side_by_side() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let holds = vec![hospital.hold(&ADMIN, &doctor, monday("13:00")), hospital.hold(&OTHER, &doctor, monday("15:00"))];
    let bookings = vec![hospital.book(&doctor, &hospital.patient(), monday("14:00"))];
    hospital.hold(&ADMIN, &doctor, monday("08:00"));
    let refused = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), REFUSE);
    let Err(error) = refused else { panic!("{refused:?}") };
    assert_eq!(error.to_string(), "the change would leave 3 bookings and holds outside working hours");
    let ChangeRulesError::BookingsAffected(affected) = error else { panic!("{error:?}") };
    assert_eq!(affected, Affected { bookings, holds, hides_holds: false });
}

#[test]
fn a_hold_that_was_left_outside_hours_stays_but_cannot_become_a_booking() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let hold = hospital.hold(&ADMIN, &doctor, monday("13:00"));
    let changed = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), KEEP);
    assert_eq!(
        changed.expect("changed").affected,
        Affected { bookings: vec![], holds: vec![hold.clone()], hides_holds: false }
    );
    let confirmed = hospital.confirm(&ADMIN, &hold, &patient);
    let Err(BookSlotError::HoldVoid(refusals)) = confirmed else { panic!("{confirmed:?}") };
    assert_eq!(refusals.all(), [Refusal::OutsideWorkingHours]);
    assert_eq!(find(&hospital, &ADMIN, &hold).as_ref(), Some(&hold));
    assert!(release(&hospital, &ADMIN, &hold));
}

#[test]
fn a_hold_that_lies_outside_already_stands_in_no_other_change_s_way() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.hold(&ADMIN, &doctor, monday("13:00"));
    hospital.mornings_only(&doctor, KEEP);
    let evening = Span::new(monday("20:00"), monday("21:00")).expect("forwards");
    let new = NewTimeOff { doctor: doctor.id(), span: evening, reason: None };
    let (_, changed) = hospital.does.add_time_off.execute(&ADMIN, &new, REFUSE, None).expect("it strands nobody");
    assert_eq!(changed.affected, Affected::default());
    let name = ClosureName::parse("Epiphany, observed").expect("valid");
    let new = NewClosure { date: date(MONDAY), name };
    let closed = hospital.does.add_closure.execute(&ADMIN, new, REFUSE, None).expect("it strands nobody");
    assert_eq!(closed.affected, Affected::default());
    hospital.does.remove_closure.execute(&ADMIN, closed.closure.id, REFUSE).expect("it strands nobody");
}

#[test]
fn a_hold_is_void_by_whatever_closes_its_time() {
    type Close = fn(&Hospital, &Doctor, ChangeOptions) -> Affected;
    let away: Close = |hospital, doctor, options| {
        let span = Span::new(monday("09:30"), monday("09:31")).expect("forwards");
        let new = NewTimeOff { doctor: doctor.id(), span, reason: None };
        hospital.does.add_time_off.execute(&ADMIN, &new, options, None).expect("entered").1.affected
    };
    let closed: Close = |hospital, _, options| {
        let name = ClosureName::parse("Epiphany, observed").expect("valid");
        let new = NewClosure { date: date(MONDAY), name };
        hospital.does.add_closure.execute(&ADMIN, new, options, None).expect("closed").affected
    };
    let inactive: Close = |hospital, doctor, options| {
        let gone = DoctorAmendment { active: Some(false), ..DoctorAmendment::default() };
        hospital.does.amend_doctor.execute(&ADMIN, doctor.id(), &gone, options).expect("amended").affected
    };
    for (close, why) in [
        (away, Refusal::OutsideWorkingHours),
        (closed, Refusal::OutsideWorkingHours),
        (inactive, Refusal::DoctorInactive),
    ] {
        let hospital = Hospital::new();
        let doctor = hospital.doctor();
        let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
        assert_eq!(
            close(&hospital, &doctor, KEEP),
            Affected { bookings: vec![], holds: vec![hold.clone()], hides_holds: false }
        );
        let confirmed = hospital.confirm(&ADMIN, &hold, &hospital.patient());
        let Err(BookSlotError::HoldVoid(refusals)) = confirmed else { panic!("{confirmed:?}") };
        assert_eq!(refusals.all(), [why]);
    }
}

#[test]
fn an_expired_hold_stands_in_no_change_s_way() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.hold(&ADMIN, &doctor, monday("13:00"));
    hospital.it_is(expired());
    let changed = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), REFUSE);
    assert_eq!(changed.expect("changed").affected, Affected::default());
}

#[test]
fn a_notice_that_has_become_too_short_since_the_slot_was_held_does_not_matter() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let terms = Terms { notice: Notice::new(120).expect("a notice"), ..half_hours() };
    let visit_type = Some(hospital.visit_type(terms).id());
    hospital.it_is(monday("07:00"));
    let hold_at = |time| WantedHold { visit_type, ..wanted_hold(&doctor, monday(time)) };
    let hold = hospital.does.hold_slot.execute(&ADMIN, hold_at("09:00"), None).expect("two hours are left");
    hospital.it_is(monday("07:01"));
    let plain = Wanted { visit_type, ..wanted(&doctor, &hospital.patient(), monday("09:00")) };
    let refused = refused_to_book(&hospital, &ADMIN, &plain);
    assert_eq!(refused.refusals.all(), [Refusal::NoticeTooShort, Refusal::SlotHeld]);
    assert!(hospital.confirm(&ADMIN, &hold, &hospital.patient()).is_ok());
}

#[test]
fn a_hold_that_cannot_be_confirmed_for_a_patient_stays_for_another() {
    let hospital = Hospital::new();
    let (doctor, busy) = (hospital.doctor(), hospital.patient());
    hospital.book(&hospital.doctor(), &busy, monday("09:00"));
    let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
    let confirmed = hospital.confirm(&ADMIN, &hold, &busy);
    assert!(matches!(confirmed, Err(BookSlotError::PatientBusy)), "{confirmed:?}");
    let nobody = Wanted { patient: PatientId::from_u128(404), ..wanted_of(&hold, &busy) };
    let nobody = hospital.does.book_slot.execute(&ADMIN, &nobody, None);
    assert!(matches!(nobody, Err(BookSlotError::UnknownPatient)), "{nobody:?}");
    assert_eq!(find(&hospital, &ADMIN, &hold).as_ref(), Some(&hold));
    assert_eq!(status_of(&hospital, &doctor, 1), SlotStatus::Held);
    hospital.confirm(&ADMIN, &hold, &hospital.patient()).expect("another patient has time");
}

#[test]
fn a_hold_keeps_no_patient_busy() {
    let hospital = Hospital::new();
    let patient: Patient = hospital.patient();
    let hold = hospital.hold(&ADMIN, &hospital.doctor(), monday("09:00"));
    hospital.book(&hospital.doctor(), &patient, monday("09:00"));
    assert!(matches!(hospital.confirm(&ADMIN, &hold, &patient), Err(BookSlotError::PatientBusy)));
}

#[test]
fn the_seats_of_a_shared_doctor_are_held_one_by_one() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let capacity = Capacity::new(2).expect("a capacity");
    let footprint = Footprint { capacity, ..Footprint::default() };
    let visit_type = Some(hospital.visit_type(Terms { footprint, ..half_hours() }).id());
    let wanted_hold = WantedHold { visit_type, ..wanted_hold(&doctor, monday("08:00")) };
    let hold = |who| hospital.does.hold_slot.execute(who, wanted_hold, None);
    let (one, other) = (hold(&ADMIN).expect("held"), hold(&OTHER).expect("there is another seat"));
    assert_eq!(refused_to_hold(&hospital, &ADMIN, wanted_hold).refusals.all(), [Refusal::SlotHeld]);
    // Both holds look the same to the calendar: the other one still counts.
    hospital.confirm(&ADMIN, &one, &patient).expect("it is held");
    let third = Wanted { visit_type, ..wanted(&doctor, &hospital.patient(), monday("08:00")) };
    assert_eq!(refused_to_book(&hospital, &ADMIN, &third).refusals.all(), [Refusal::SlotHeld]);
    hospital.confirm(&OTHER, &other, &hospital.patient()).expect("it is held");
    assert_eq!(refused_to_book(&hospital, &ADMIN, &third).refusals.all(), [Refusal::SlotTaken]);
}

fn seen(doctor: &Doctor, busy: Vec<Busy>) -> Snapshot {
    Snapshot { calendar: Calendar::new(doctor.id(), founding_rules(), busy), rules: doctor.revision() }
}

fn hold_over(doctor: &Doctor, calendars: MockCalendars, holds: MockHolds) -> Result<Hold, HoldSlotError> {
    let use_case = HoldSlot::new(
        gate(),
        Arc::new(calendars),
        Arc::new(MockVisitTypes::new()),
        Arc::new(holds),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    use_case.execute(&ADMIN, wanted_hold(doctor, monday("09:00")), None)
}

#[test]
fn a_hold_decided_on_old_rules_is_decided_again_on_the_new_ones() {
    let doctor = Hospital::new().doctor();
    let (mut calendars, mut holds) = (MockCalendars::new(), MockHolds::new());
    let (mut revision, found) = (doctor.revision(), doctor.clone());
    let second = revision.next().next();
    calendars.expect_load().times(2).returning(move |_, _| {
        revision = revision.next();
        Ok(Some(Snapshot { rules: revision, ..seen(&found, vec![]) }))
    });
    holds
        .expect_store()
        .times(2)
        .withf(|new| new.most == 3)
        .returning(move |new| if new.decided_on == second { Ok(()) } else { Err(StoreHoldError::Stale) });
    assert!(hold_over(&doctor, calendars, holds).is_ok());
}

#[test]
fn rules_that_change_again_and_again_end_a_hold_after_a_few_tries() {
    let doctor = Hospital::new().doctor();
    let (mut calendars, mut holds) = (MockCalendars::new(), MockHolds::new());
    let found = doctor.clone();
    calendars.expect_load().times(2..20).returning(move |_, _| Ok(Some(seen(&found, vec![]))));
    holds.expect_store().times(2..20).returning(|_| Err(StoreHoldError::Stale));
    let contended = hold_over(&doctor, calendars, holds);
    assert!(matches!(contended, Err(HoldSlotError::Contended)), "{contended:?}");
}

#[test]
fn a_slot_lost_between_looking_and_holding_is_told_as_what_it_has_become() {
    let doctor = Hospital::new().doctor();
    let nine = Span::new(monday("09:00"), monday("10:00")).expect("forwards");
    let held = Busy { held_until: Some(expired()), ..nine.into() };
    for (became, refusal) in [(nine.into(), Refusal::SlotTaken), (held, Refusal::SlotHeld)] {
        let (mut calendars, mut holds) = (MockCalendars::new(), MockHolds::new());
        let (mut looks, found) = (0, doctor.clone());
        calendars.expect_load().times(2..).returning(move |_, _| {
            looks += 1;
            Ok(Some(seen(&found, if looks == 1 { vec![] } else { vec![became] })))
        });
        holds.expect_store().times(1).returning(|_| Err(StoreHoldError::DoctorBusy));
        let lost = hold_over(&doctor, calendars, holds);
        let Err(HoldSlotError::Refused(it)) = lost else { panic!("{lost:?}") };
        assert_eq!(it.refusals.all(), [refusal]);
        assert_eq!(it.alternatives, [monday("08:00"), monday("10:00"), monday("13:00")]);
    }
}

#[test]
fn an_outage_while_holding_is_told_as_such() {
    let doctor = Hospital::new().doctor();
    let (mut calendars, mut holds) = (MockCalendars::new(), MockHolds::new());
    let found = doctor.clone();
    calendars.expect_load().returning(move |_, _| Ok(Some(seen(&found, vec![]))));
    holds.expect_store().times(1).returning(|_| Err(Unavailable::unreachable("the cable is out").into()));
    let out = hold_over(&doctor, calendars, holds);
    assert!(matches!(out, Err(HoldSlotError::Unavailable(_))), "{out:?}");
}

#[test]
fn a_hold_that_goes_between_looking_and_booking_is_gone() {
    let (hospital, mut calendars, mut holds) = (Hospital::new(), MockCalendars::new(), MockHolds::new());
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let hold = hospital.hold(&ADMIN, &doctor, monday("09:00"));
    let (there, busy) = (hold.clone(), hold.busy());
    calendars.expect_load().returning(move |_, _| Ok(Some(seen(&doctor, vec![busy]))));
    holds.expect_find().returning(move |_| Ok(Some(there.clone())));
    let (mut bookings, id) = (MockBookings::new(), hold.id);
    let with_hold = move |new: &NewBooking| new.hold == Some(id);
    bookings.expect_store().times(1).withf(with_hold).returning(|_| Err(StoreBookingError::HoldGone));
    let use_case = BookSlot::new(
        gate(),
        Arc::new(calendars),
        Arc::new(MockVisitTypes::new()),
        Arc::new(holds),
        Arc::new(bookings),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    let gone = use_case.execute(&ADMIN, &wanted_of(&hold, &patient), None);
    assert!(matches!(gone, Err(BookSlotError::HoldGone)), "{gone:?}");
}
