//! Bookings that move: to another time, to another doctor, in one step.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_application::{PlaceBookingError, Refused, Reschedule, RescheduleBooking, Wanted};
use doctor_booking_domain::{
    Booking, BookingId, BookingStatus, Buffer, Busy, Calendar, Capacity, Doctor, DoctorAmendment, DoctorId, Footprint,
    Notice, OfferedTypes, Patient, Refusal, Revision, SlotLength, SlotStatus, Span, Terms, VisitType,
    VisitTypeAmendment,
};
use doctor_booking_ports::{MockBookings, MockCalendars, MockVisitTypes, Snapshot, StoreBookingError, Unavailable};

use crate::hospital::{
    ADMIN, Counting, Hospital, KEEP, MONDAY, OTHER, Standing, founding_rules, gate, monday, reason, wanted,
};

/// An hour, that can begin at every half of one.
fn hours_at_halves() -> Terms {
    let length = |minutes| SlotLength::from_minutes(minutes).expect("a length");
    Terms { step: Some(length(30)), ..Terms::plain(length(60)) }
}

fn buffer(minutes: u16) -> Buffer {
    Buffer::new(minutes).expect("a buffer")
}

fn to(booking: &Booking, start: DateTime<Utc>) -> Reschedule {
    Reschedule { booking: booking.id(), start, doctor: None, reason: None, set_aside: None, expected: None }
}

fn moved(hospital: &Hospital, to: &Reschedule) -> Booking {
    hospital.does.reschedule_booking.execute(&ADMIN, to).expect("moved")
}

/// How a move is refused. It leaves everything as it was.
fn refused(hospital: &Hospital, to: &Reschedule) -> Refused {
    let id = to.booking;
    let before = hospital.does.find_booking.execute(&ADMIN, id).expect("found").expect("there");
    let told = hospital.told_of(&before);
    let moved = hospital.does.reschedule_booking.execute(&ADMIN, to);
    let Err(PlaceBookingError::Refused(it)) = moved else { panic!("{moved:?}") };
    assert_eq!((hospital.find(&before), hospital.told_of(&before)), (before, told), "a refusal changes nothing");
    *it
}

fn book_as(hospital: &Hospital, visit_type: &VisitType, doctor: &Doctor, patient: &Patient, time: &str) -> Booking {
    let wanted = Wanted { visit_type: Some(visit_type.id()), ..wanted(doctor, patient, monday(time)) };
    hospital.does.book_slot.execute(&ADMIN, &wanted, None).expect("booked")
}

fn offers_only(hospital: &Hospital, doctor: &Doctor, types: &[&VisitType]) {
    let visit_types = Some(OfferedTypes::Only(types.iter().map(|visit_type| visit_type.id()).collect()));
    let amendment = DoctorAmendment { visit_types, ..DoctorAmendment::default() };
    hospital.does.amend_doctor.execute(&ADMIN, doctor.id(), &amendment, KEEP).expect("amended");
}

#[test]
fn a_booking_moves_to_another_time_and_its_old_one_is_free() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let wanted = Wanted { reason: Some(reason("headaches")), ..wanted(&doctor, &patient, monday("09:00")) };
    let booking = hospital.does.book_slot.execute(&ADMIN, &wanted, None).expect("booked");
    hospital.it_is(monday("07:00"));
    let moved = moved(&hospital, &to(&booking, monday("14:00")));
    let mut expected = booking.parts().clone();
    expected.span = Span::new(monday("14:00"), monday("15:00")).expect("forwards");
    (expected.revision, expected.updated_at) = (booking.revision().next(), monday("07:00"));
    assert_eq!(moved.parts(), &expected, "nothing else has changed");
    assert_eq!(hospital.find(&booking), moved);
    let is_free = hospital.statuses_on(&doctor, MONDAY).into_iter().map(|status| status == SlotStatus::Free);
    assert_eq!(is_free.collect::<Vec<_>>(), [true, true, true, true, false, true]);
    hospital.book(&doctor, &patient, monday("09:00"));
}

#[test]
fn a_booking_moves_to_another_doctor_and_is_agreed_on_that_doctor_s_clock() {
    let hospital = Hospital::new();
    let (one, other, patient) = (hospital.doctor(), hospital.doctor(), hospital.patient());
    let chicago = DoctorAmendment { zone: Some("America/Chicago".parse().expect("known")), ..Default::default() };
    let other = hospital.does.amend_doctor.execute(&ADMIN, other.id(), &chicago, KEEP).expect("amended").doctor;
    let booking = hospital.book(&one, &patient, monday("09:00"));
    let moved = moved(&hospital, &Reschedule { doctor: Some(other.id()), ..to(&booking, monday("09:00")) });
    assert_eq!((moved.id(), moved.doctor(), moved.span()), (booking.id(), other.id(), booking.span()));
    assert_eq!((moved.parts().patient, moved.parts().zone.name()), (patient.id(), "America/Chicago"));
    assert_eq!((hospital.free_on(&one, MONDAY), hospital.free_on(&other, MONDAY)), (6, 5));
}

#[test]
fn what_a_booking_occupies_itself_is_never_in_its_way() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let footprint = Footprint { before: buffer(15), after: buffer(15), ..Footprint::default() };
    let visit_type = hospital.visit_type(Terms { footprint, ..hours_at_halves() });
    let booking = book_as(&hospital, &visit_type, &doctor, &patient, "09:00");
    for time in ["09:30", "09:00", "08:30"] {
        assert_eq!(moved(&hospital, &to(&booking, monday(time))).span().start(), monday(time));
    }
    assert!(hospital.does.verify_store.execute().expect("verified").is_empty());
}

#[test]
fn a_move_over_half_an_hour_that_is_refused_offers_what_only_the_booking_itself_occupies() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let visit_type = hospital.visit_type(hours_at_halves());
    let booking = book_as(&hospital, &visit_type, &doctor, &patient, "09:00");
    book_as(&hospital, &visit_type, &doctor, &hospital.patient(), "10:00");
    let refused = refused(&hospital, &to(&booking, monday("09:30")));
    assert_eq!(refused.refusals.all(), [Refusal::SlotTaken]);
    // Where it is already is no other place.
    assert_eq!(refused.alternatives, [monday("08:00"), monday("08:30"), monday("13:00")]);
}

#[test]
fn a_move_that_is_refused_leaves_the_booking_untouched_and_offers_others() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    hospital.book(&doctor, &hospital.patient(), monday("14:00"));
    hospital.hold(&OTHER, &doctor, monday("15:00"));
    let refusal = |start| {
        let Refused { refusals, alternatives, zone } = refused(&hospital, &to(&booking, start));
        assert_eq!(zone.name(), "America/New_York");
        (refusals.all().to_vec(), alternatives)
    };
    let (refusals, alternatives) = refusal(monday("14:00"));
    assert_eq!(refusals, [Refusal::SlotTaken]);
    assert_eq!(alternatives, [monday("08:00"), monday("10:00"), monday("13:00")]);
    assert_eq!(refusal(monday("15:00")).0, [Refusal::SlotHeld]);
    assert_eq!(refusal(monday("16:00")).0, [Refusal::OutsideWorkingHours]);
    assert_eq!(refusal(monday("09:30")).0, [Refusal::OffGrid]);
    hospital.it_is(monday("08:30"));
    assert_eq!(refusal(monday("08:00")).0, [Refusal::InPast]);
    assert_eq!(hospital.statuses_on(&doctor, MONDAY)[1], SlotStatus::Booked);
}

#[test]
fn a_booking_does_not_move_to_a_doctor_who_is_busy_or_takes_nobody() {
    let hospital = Hospital::new();
    let (one, other) = (hospital.doctor(), hospital.doctor());
    let booking = hospital.book(&one, &hospital.patient(), monday("09:00"));
    hospital.book(&other, &hospital.patient(), monday("09:00"));
    let there = |start| Reschedule { doctor: Some(other.id()), ..to(&booking, start) };
    let busy = refused(&hospital, &there(monday("09:00")));
    assert_eq!(busy.refusals.all(), [Refusal::SlotTaken]);
    assert_eq!(busy.alternatives, [monday("08:00"), monday("10:00"), monday("13:00")]);
    let gone = DoctorAmendment { active: Some(false), ..DoctorAmendment::default() };
    hospital.does.amend_doctor.execute(&ADMIN, other.id(), &gone, KEEP).expect("amended");
    let inactive = refused(&hospital, &there(monday("10:00")));
    assert_eq!((inactive.refusals.all(), inactive.alternatives), ([Refusal::DoctorInactive].as_slice(), vec![]));
    let nobody = Reschedule { doctor: Some(DoctorId::from_u128(404)), ..to(&booking, monday("10:00")) };
    let nobody = hospital.does.reschedule_booking.execute(&ADMIN, &nobody);
    assert!(matches!(nobody, Err(PlaceBookingError::UnknownDoctor)), "{nobody:?}");
    assert_eq!(hospital.find(&booking), booking);
}

#[test]
fn a_booking_does_not_move_to_where_its_patient_is_with_somebody_else() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let booking = hospital.book(&doctor, &patient, monday("09:00"));
    hospital.book(&hospital.doctor(), &patient, monday("10:00"));
    let busy = hospital.does.reschedule_booking.execute(&ADMIN, &to(&booking, monday("10:00")));
    assert!(matches!(busy, Err(PlaceBookingError::PatientBusy)), "{busy:?}");
    assert_eq!(hospital.find(&booking), booking);
    assert_eq!(hospital.statuses_on(&doctor, MONDAY)[..3], [SlotStatus::Free, SlotStatus::Booked, SlotStatus::Free]);
}

#[test]
fn a_booking_of_a_retired_type_can_still_move_and_is_offered_where_to() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let visit_type = hospital.visit_type(hours_at_halves());
    let booking = book_as(&hospital, &visit_type, &doctor, &patient, "09:00");
    hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    hospital.does.retire_visit_type.execute(&ADMIN, visit_type.id(), None).expect("retired");
    let refused = refused(&hospital, &to(&booking, monday("13:00")));
    assert_eq!(refused.refusals.all(), [Refusal::SlotTaken]);
    assert_eq!(refused.alternatives, [monday("14:00"), monday("14:30"), monday("15:00")]);
    let moved = moved(&hospital, &to(&booking, monday("14:30")));
    assert_eq!((moved.span().start(), moved.parts().visit_type), (monday("14:30"), Some(visit_type.id())));
}

#[test]
fn a_booking_does_not_move_to_a_doctor_who_does_not_offer_its_type() {
    let hospital = Hospital::new();
    let (one, other) = (hospital.doctor(), hospital.doctor());
    let (visit_type, another) = (hospital.visit_type(hours_at_halves()), hospital.visit_type(hours_at_halves()));
    let booking = book_as(&hospital, &visit_type, &one, &hospital.patient(), "09:00");
    offers_only(&hospital, &other, &[&another]);
    let there = Reschedule { doctor: Some(other.id()), ..to(&booking, monday("09:00")) };
    let not_offered = refused(&hospital, &there);
    assert_eq!(not_offered.refusals.all(), [Refusal::VisitTypeNotOffered]);
    assert!(not_offered.alternatives.is_empty());
    // Retired or not, that is so; and also with its own doctor, when that one offers it no longer.
    hospital.does.retire_visit_type.execute(&ADMIN, visit_type.id(), None).expect("retired");
    assert_eq!(refused(&hospital, &there).refusals.all(), [Refusal::VisitTypeNotOffered]);
    offers_only(&hospital, &one, &[&another]);
    assert_eq!(refused(&hospital, &to(&booking, monday("10:00"))).refusals.all(), [Refusal::VisitTypeNotOffered]);
}

#[test]
fn a_booking_moves_as_its_type_is_now() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let capacity = Capacity::new(2).expect("a capacity");
    let visit_type = hospital.visit_type(hours_at_halves());
    let booking = book_as(&hospital, &visit_type, &doctor, &patient, "09:00");
    let amended = VisitTypeAmendment {
        length: SlotLength::from_minutes(30).ok(),
        before: Some(buffer(10)),
        after: Some(buffer(20)),
        capacity: Some(capacity),
        ..VisitTypeAmendment::default()
    };
    hospital.does.amend_visit_type.execute(&ADMIN, visit_type.id(), &amended, None).expect("amended");
    let moved = moved(&hospital, &to(&booking, monday("13:30")));
    let footprint = Footprint { before: buffer(10), after: buffer(20), capacity };
    assert_eq!((moved.span().length(), moved.parts().footprint), (TimeDelta::minutes(30), footprint));
    // 13:20 to 14:20 is occupied, and shared only by visits of that type.
    assert_eq!(hospital.free_on(&doctor, MONDAY), 4);
    book_as(&hospital, &visit_type, &doctor, &hospital.patient(), "13:30");
    let third = book_as(&hospital, &visit_type, &doctor, &hospital.patient(), "08:00");
    assert_eq!(refused(&hospital, &to(&third, monday("13:30"))).refusals.all(), [Refusal::SlotTaken]);
    assert!(hospital.does.verify_store.execute().expect("verified").is_empty());
}

#[test]
fn buffers_of_what_is_there_stand_in_a_move_s_way() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let footprint = Footprint { before: buffer(1), ..Footprint::default() };
    let visit_type = hospital.visit_type(Terms { footprint, ..hours_at_halves() });
    book_as(&hospital, &visit_type, &doctor, &hospital.patient(), "10:00");
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    assert_eq!(refused(&hospital, &to(&booking, monday("09:00"))).refusals.all(), [Refusal::SlotTaken]);
    moved(&hospital, &to(&booking, monday("08:00")));
}

#[test]
fn a_seat_of_a_shared_doctor_is_given_up_and_taken_at_once() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let footprint = Footprint { capacity: Capacity::new(2).expect("a capacity"), ..Footprint::default() };
    let visit_type = hospital.visit_type(Terms { footprint, ..hours_at_halves() });
    let [one, _] = ["09:00"; 2].map(|time| book_as(&hospital, &visit_type, &doctor, &hospital.patient(), time));
    assert_eq!(moved(&hospital, &to(&one, monday("09:30"))).span().start(), monday("09:30"));
    let third = book_as(&hospital, &visit_type, &doctor, &hospital.patient(), "14:00");
    assert_eq!(refused(&hospital, &to(&third, monday("09:00"))).refusals.all(), [Refusal::SlotTaken]);
    assert!(hospital.does.verify_store.execute().expect("verified").is_empty());
}

#[test]
fn a_move_keeps_the_notice_of_where_it_goes_to() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let visit_type = hospital.visit_type(Terms { notice: Notice::new(120).expect("a notice"), ..hours_at_halves() });
    let booking = book_as(&hospital, &visit_type, &doctor, &hospital.patient(), "14:00");
    hospital.it_is(monday("08:00"));
    assert_eq!(refused(&hospital, &to(&booking, monday("09:30"))).refusals.all(), [Refusal::NoticeTooShort]);
    moved(&hospital, &to(&booking, monday("10:00")));
    // Away from what is too soon by now it can still be moved.
    moved(&hospital, &to(&booking, monday("15:00")));
}

#[test]
fn a_booking_that_was_left_outside_hours_moves_back_inside() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    hospital.mornings_only(&doctor, KEEP);
    assert!(hospital.find(&booking).parts().outside_hours);
    assert!(!moved(&hospital, &to(&booking, monday("08:00"))).parts().outside_hours);
    assert!(!hospital.find(&booking).parts().outside_hours);
}

#[test]
fn a_booking_that_nobody_came_to_yet_can_be_moved_after_its_start() {
    let hospital = Hospital::new();
    let booking = hospital.book(&hospital.doctor(), &hospital.patient(), monday("08:00"));
    hospital.it_is(monday("08:20"));
    assert_eq!(moved(&hospital, &to(&booking, monday("10:00"))).status(), BookingStatus::Booked);
}

#[test]
fn only_a_booking_that_is_there_and_has_not_changed_is_moved() {
    let hospital = Hospital::new();
    let booking = hospital.book(&hospital.doctor(), &hospital.patient(), monday("09:00"));
    let nothing = Reschedule { booking: BookingId::from_u128(404), ..to(&booking, monday("10:00")) };
    let nothing = hospital.does.reschedule_booking.execute(&ADMIN, &nothing);
    assert!(matches!(nothing, Err(PlaceBookingError::UnknownBooking)), "{nothing:?}");
    let as_seen = |expected| Reschedule { expected: Some(expected), ..to(&booking, monday("10:00")) };
    let changed = hospital.does.reschedule_booking.execute(&ADMIN, &as_seen(Revision::FIRST.next()));
    assert!(matches!(changed, Err(PlaceBookingError::Changed)), "{changed:?}");
    assert_eq!(hospital.find(&booking), booking);
    moved(&hospital, &as_seen(Revision::FIRST));
    let changed = hospital.does.reschedule_booking.execute(&ADMIN, &as_seen(Revision::FIRST));
    assert!(matches!(changed, Err(PlaceBookingError::Changed)), "{changed:?}");
}

/// Moves a booking from nine to ten over a mocked store: at the second look there is something `else_there`, and the move
/// itself is answered as given.
fn move_over(
    else_there: Option<Busy>,
    mut place: impl FnMut(usize) -> Result<(), StoreBookingError> + Send + 'static,
    times: impl Into<mockall::TimesRange>,
) -> Result<Booking, PlaceBookingError> {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    let (wanted, own) = (to(&booking, monday("10:00")), booking.busy());
    let (mut calendars, mut bookings, mut looks) = (MockCalendars::new(), MockBookings::new(), 0);
    calendars.expect_load().returning(move |id, _| {
        looks += 1;
        let busy = else_there.filter(|_| looks > 1).into_iter().chain([own]);
        let calendar = Calendar::new(id, founding_rules(), busy.collect());
        Ok(Some(Snapshot { calendar, rules: doctor.revision() }))
    });
    bookings.expect_find().returning(move |_| Ok(Some(booking.clone())));
    let mut tries = 0;
    bookings.expect_place().times(times).returning(move |change, _| {
        assert_eq!(change.seen, Revision::FIRST);
        tries += 1;
        place(tries)
    });
    let use_case = RescheduleBooking::new(
        gate(),
        Arc::new(calendars),
        Arc::new(MockVisitTypes::new()),
        Arc::new(bookings),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    use_case.execute(&ADMIN, &wanted)
}

#[test]
fn a_move_decided_on_what_has_changed_since_is_decided_again() {
    let stale_once = |tries| if tries == 1 { Err(StoreBookingError::Stale) } else { Ok(()) };
    let moved = move_over(None, stale_once, 2).expect("the second time");
    assert_eq!((moved.span().start(), moved.revision()), (monday("10:00"), Revision::FIRST.next()));
}

#[test]
fn a_move_that_others_always_outrun_ends() {
    let contended = move_over(None, |_| Err(StoreBookingError::Stale), 2..20);
    assert!(matches!(contended, Err(PlaceBookingError::Contended)), "{contended:?}");
}

#[test]
fn a_slot_lost_while_a_booking_moves_is_refused_as_what_it_has_become() {
    let ten = Span::new(monday("10:00"), monday("11:00")).expect("forwards");
    let held = Busy { held_until: Some(monday("00:00")), ..ten.into() };
    for (became, refusal) in [(ten.into(), Refusal::SlotTaken), (held, Refusal::SlotHeld)] {
        let lost = move_over(Some(became), |_| Err(StoreBookingError::DoctorBusy), 1);
        let Err(PlaceBookingError::Refused(it)) = lost else { panic!("{lost:?}") };
        assert_eq!(it.refusals.all(), [refusal]);
        assert_eq!(it.alternatives, [monday("08:00"), monday("13:00"), monday("14:00")]);
    }
}

#[test]
fn an_outage_while_moving_is_told_as_such() {
    let out = move_over(None, |_| Err(Unavailable::unreachable("the cable is out").into()), 1);
    assert!(matches!(out, Err(PlaceBookingError::Unavailable(_))), "{out:?}");
}
