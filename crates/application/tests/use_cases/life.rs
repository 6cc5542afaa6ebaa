//! What becomes of a booking: it takes place, or does not, or does after all.

use std::sync::Arc;

use chrono::TimeDelta;
use doctor_booking_application::{
    Advance, AdvanceBooking, BookSlotError, Cancellation, ChangeBookingError, NewHours, PlaceBookingError, Refused,
    ReinstateBooking, Reschedule, Wanted, Week,
};
use doctor_booking_domain::{
    Booking, BookingId, BookingStatus, Calendar, Doctor, DoctorAmendment, InvalidTransition, Refusal, Revision,
    SlotLength, SlotStatus, Terms, What,
};
use doctor_booking_ports::{
    MockBookings, MockCalendars, MockVisitTypes, SaveError, Snapshot, StoreBookingError, Unavailable,
};

use crate::hospital::{
    ADMIN, Counting, Hospital, KEEP, MONDAY, OTHER, Standing, founding_rules, gate, monday, reason, wanted,
};

use BookingStatus::{Arrived, Booked, Cancelled, Fulfilled, NoShow};

/// Nine o'clock, when it has begun.
fn at_nine() -> (Hospital, Doctor, Booking) {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    hospital.it_is(monday("09:00"));
    (hospital, doctor, booking)
}

fn advance(hospital: &Hospital, booking: &Booking, advance: Advance) -> Result<Booking, ChangeBookingError> {
    hospital.does.advance_booking.execute(&ADMIN, booking.id(), advance, None)
}

fn reinstate(hospital: &Hospital, booking: &Booking) -> Result<Booking, PlaceBookingError> {
    hospital.does.reinstate_booking.execute(&ADMIN, booking.id(), None)
}

fn refused_to_reinstate(hospital: &Hospital, booking: &Booking) -> Refused {
    let reinstated = reinstate(hospital, booking);
    let Err(PlaceBookingError::Refused(it)) = reinstated else { panic!("{reinstated:?}") };
    *it
}

/// Makes of a booking what is wanted, by the use case for it.
fn make(hospital: &Hospital, booking: &Booking, wanted: BookingStatus) -> Result<Booking, InvalidTransition> {
    let advanced = |how| match advance(hospital, booking, how) {
        Ok(after) => Ok(after),
        Err(ChangeBookingError::InvalidTransition(refused)) => Err(refused),
        Err(error) => panic!("{error:?}"),
    };
    match wanted {
        Arrived => advanced(Advance::Arrive),
        Fulfilled => advanced(Advance::Fulfil),
        NoShow => advanced(Advance::NoShow),
        Cancelled => {
            let cancel = Cancellation { booking: booking.id(), reason: reason("feels better"), expected: None };
            match hospital.does.cancel_booking.execute(&ADMIN, &cancel) {
                Ok(after) => Ok(after),
                Err(ChangeBookingError::InvalidTransition(refused)) => Err(refused),
                Err(error) => panic!("{error:?}"),
            }
        }
        Booked => match reinstate(hospital, booking) {
            Ok(after) => Ok(after),
            Err(PlaceBookingError::InvalidTransition(refused)) => Err(refused),
            Err(error) => panic!("{error:?}"),
        },
    }
}

/// How a booking comes to stand there.
fn way_to(status: BookingStatus) -> &'static [BookingStatus] {
    match status {
        Booked => &[],
        Arrived => &[Arrived],
        Fulfilled => &[Arrived, Fulfilled],
        Cancelled => &[Cancelled],
        NoShow => &[NoShow],
    }
}

#[test]
fn a_booking_goes_where_its_status_allows_and_is_told_where_else_it_could() {
    for from in BookingStatus::ALL {
        for wanted in BookingStatus::ALL {
            let (hospital, _, booking) = at_nine();
            let way = way_to(from).iter();
            let before = way.fold(booking, |booking, &next| make(&hospital, &booking, next).expect("it is allowed"));
            assert_eq!(before.status(), from);
            let told = hospital.told_of(&before).len();
            match make(&hospital, &before, wanted) {
                Ok(after) if from == wanted => {
                    assert_eq!((from, &after), (Cancelled, &before), "only cancelling again changes nothing");
                    assert_eq!(hospital.told_of(&before).len(), told);
                }
                Ok(after) => {
                    assert!(from.next().contains(&wanted), "from {from:?} to {wanted:?}");
                    assert_eq!((after.status(), after.revision()), (wanted, before.revision().next()));
                    assert_eq!(hospital.find(&before), after);
                }
                Err(refused) => {
                    assert!(!from.next().contains(&wanted), "from {from:?} to {wanted:?}");
                    assert_eq!(refused, InvalidTransition { from, wanted, allowed: from.next().to_vec() });
                    assert_eq!((hospital.find(&before), hospital.told_of(&before).len()), (before, told));
                }
            }
        }
    }
}

#[test]
fn nobody_is_a_no_show_before_the_start_and_what_is_allowed_then_does_not_say_so() {
    let (hospital, _, booking) = at_nine();
    hospital.it_is(monday("09:00") - TimeDelta::microseconds(1));
    let refused = make(&hospital, &booking, NoShow).expect_err("it has not begun");
    assert_eq!(refused, InvalidTransition { from: Booked, wanted: NoShow, allowed: vec![Arrived, Cancelled] });
    assert_eq!(refused.to_string(), "a booking that is booked cannot become no-show now");
    hospital.it_is(monday("09:00"));
    assert_eq!(make(&hospital, &booking, NoShow).expect("it has begun").status(), NoShow);
}

#[test]
fn a_visit_that_takes_place_keeps_its_time_and_one_to_which_nobody_comes_gives_it_back() {
    let (hospital, doctor, booking) = at_nine();
    let half_hours = hospital.visit_type(Terms::plain(SlotLength::from_minutes(30).expect("a length")));
    let half_past = |doctor: &Doctor| {
        let visit_type = Some(half_hours.id());
        let wanted = Wanted { visit_type, ..wanted(doctor, &hospital.patient(), monday("09:30")) };
        hospital.does.book_slot.execute(&ADMIN, &wanted, None)
    };
    for status in [Arrived, Fulfilled] {
        let booking = make(&hospital, &booking, status).expect("it is allowed");
        assert!(half_past(&doctor).is_err(), "{:?}", booking.status());
    }
    let (other, patient) = (hospital.doctor(), hospital.patient());
    let missed = hospital.book(&other, &patient, monday("09:00"));
    make(&hospital, &missed, NoShow).expect("it has begun");
    half_past(&other).expect("the rest of it is free");
}

#[test]
fn what_becomes_of_a_booking_is_asked_of_one_that_is_there_and_has_not_changed() {
    let (hospital, _, booking) = at_nine();
    let expected = Some(Revision::FIRST.next());
    for how in [Advance::Arrive, Advance::Fulfil, Advance::NoShow] {
        let changed = hospital.does.advance_booking.execute(&ADMIN, booking.id(), how, expected);
        assert!(matches!(changed, Err(ChangeBookingError::Changed)), "{changed:?}");
        let nothing = hospital.does.advance_booking.execute(&ADMIN, BookingId::from_u128(404), how, None);
        assert!(matches!(nothing, Err(ChangeBookingError::UnknownBooking)), "{nothing:?}");
    }
    let arrive = |expected| hospital.does.advance_booking.execute(&ADMIN, booking.id(), Advance::Arrive, expected);
    let arrived = arrive(Some(booking.revision())).expect("as it was seen");
    assert_eq!(arrived.parts().updated_at, monday("09:00"));
    assert!(matches!(arrive(Some(booking.revision())), Err(ChangeBookingError::Changed)));
}

#[test]
fn cancelling_twice_changes_nothing_and_is_told_once() {
    let (hospital, _, booking) = at_nine();
    let first = hospital.cancel(&booking);
    hospital.it_is(monday("09:30"));
    let cancel = Cancellation { booking: booking.id(), reason: reason("another reason"), expected: None };
    let second = hospital.does.cancel_booking.execute(&OTHER, &cancel).expect("still cancelled");
    assert_eq!((&first, hospital.find(&booking)), (&second, first.clone()));
    let told: Vec<_> = hospital.told_of(&booking).iter().map(|entry| entry.what).collect();
    assert_eq!(told, [What::BookingCreated, What::BookingCancelled]);
    let as_seen = Cancellation { expected: Some(booking.revision()), ..cancel };
    let changed = hospital.does.cancel_booking.execute(&ADMIN, &as_seen);
    assert!(matches!(changed, Err(ChangeBookingError::Changed)), "{changed:?}");
}

#[test]
fn a_reinstated_booking_is_as_it_was_and_has_its_time_again() {
    let (hospital, doctor, booking) = at_nine();
    let cancelled = hospital.cancel(&booking);
    let reinstated = reinstate(&hospital, &booking).expect("it starts now, and is free");
    assert_eq!(reinstated.status(), Booked);
    assert_eq!((reinstated.span(), &reinstated.parts().cancel_reason), (booking.span(), &None));
    assert_eq!(reinstated.revision(), cancelled.revision().next());
    assert_eq!(hospital.find(&booking), reinstated);
    assert_eq!(hospital.statuses_on(&doctor, MONDAY)[1], SlotStatus::Booked);
    let patient = booking.parts().patient;
    let elsewhere = Wanted { patient, ..wanted(&hospital.doctor(), &hospital.patient(), monday("09:00")) };
    let busy = hospital.does.book_slot.execute(&ADMIN, &elsewhere, None);
    assert!(matches!(busy, Err(BookSlotError::PatientBusy)), "{busy:?}");
    hospital.cancel(&booking);
    reinstate(&hospital, &booking).expect("as often as one likes");
}

#[test]
fn a_booking_is_not_reinstated_into_what_somebody_else_has_or_holds() {
    let (hospital, doctor, booking) = at_nine();
    let cancelled = hospital.cancel(&booking);
    let hold = hospital.hold(&OTHER, &doctor, monday("09:00"));
    let refused = refused_to_reinstate(&hospital, &booking);
    assert_eq!(refused.refusals.all(), [Refusal::SlotHeld]);
    hospital.confirm(&OTHER, &hold, &hospital.patient()).expect("confirmed");
    let refused = refused_to_reinstate(&hospital, &booking);
    assert_eq!(refused.refusals.all(), [Refusal::SlotTaken]);
    assert_eq!(refused.alternatives, [monday("10:00"), monday("13:00"), monday("14:00")]);
    assert_eq!(hospital.find(&booking), cancelled, "nothing has happened to it");
    assert_eq!(hospital.told_of(&booking).len(), 2);
}

#[test]
fn a_booking_is_not_reinstated_once_its_start_has_passed() {
    let (hospital, _, booking) = at_nine();
    hospital.cancel(&booking);
    hospital.it_is(monday("09:00") + TimeDelta::microseconds(1));
    assert_eq!(refused_to_reinstate(&hospital, &booking).refusals.all(), [Refusal::InPast]);
}

#[test]
fn a_booking_is_not_reinstated_outside_hours_that_have_changed_since() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    hospital.cancel(&booking);
    hospital.mornings_only(&doctor, KEEP);
    let refused = refused_to_reinstate(&hospital, &booking);
    assert_eq!(refused.refusals.all(), [Refusal::OutsideWorkingHours]);
    assert_eq!(refused.alternatives, [monday("08:00"), monday("09:00"), monday("10:00")]);
    let gone = DoctorAmendment { active: Some(false), ..DoctorAmendment::default() };
    hospital.does.amend_doctor.execute(&ADMIN, doctor.id(), &gone, KEEP).expect("amended");
    let refused = refused_to_reinstate(&hospital, &booking);
    assert_eq!(refused.refusals.all(), [Refusal::DoctorInactive, Refusal::OutsideWorkingHours]);
}

#[test]
fn a_booking_that_was_outside_hours_when_it_was_cancelled_comes_back_inside() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    hospital.mornings_only(&doctor, KEEP);
    assert!(hospital.cancel(&booking).parts().outside_hours);
    let founding = doctor.rules().hours.versions()[0].weekly().clone();
    let week = Week::Whole(founding);
    let new = NewHours { effective_from: None, week };
    hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &new, KEEP).expect("changed");
    let reinstated = reinstate(&hospital, &booking).expect("the doctor works then again");
    assert!(!reinstated.parts().outside_hours);
    assert!(!hospital.find(&booking).parts().outside_hours);
}

#[test]
fn a_booking_is_reinstated_as_it_was_agreed_off_today_s_grid_and_of_a_type_that_is_gone() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let visit_type = hospital.visit_type(Terms::plain(SlotLength::from_minutes(30).expect("a length")));
    let half_past =
        Wanted { visit_type: Some(visit_type.id()), ..wanted(&doctor, &hospital.patient(), monday("08:30")) };
    let booking = hospital.does.book_slot.execute(&ADMIN, &half_past, None).expect("booked");
    hospital.cancel(&booking);
    hospital.does.retire_visit_type.execute(&ADMIN, visit_type.id(), None).expect("retired");
    let reinstated = reinstate(&hospital, &booking).expect("its time is free");
    assert_eq!((reinstated.span(), reinstated.parts().visit_type), (booking.span(), Some(visit_type.id())));
}

#[test]
fn a_booking_is_not_reinstated_for_a_patient_who_is_elsewhere_then() {
    let hospital = Hospital::new();
    let patient = hospital.patient();
    let booking = hospital.book(&hospital.doctor(), &patient, monday("09:00"));
    let cancelled = hospital.cancel(&booking);
    hospital.book(&hospital.doctor(), &patient, monday("09:00"));
    let busy = reinstate(&hospital, &booking);
    assert!(matches!(busy, Err(PlaceBookingError::PatientBusy)), "{busy:?}");
    assert_eq!(hospital.find(&booking), cancelled);
}

#[test]
fn only_a_booking_that_is_there_and_has_not_changed_is_reinstated() {
    let (hospital, _, booking) = at_nine();
    let cancelled = hospital.cancel(&booking);
    let reinstate = |id, expected| hospital.does.reinstate_booking.execute(&ADMIN, id, expected);
    let nothing = reinstate(BookingId::from_u128(404), None);
    assert!(matches!(nothing, Err(PlaceBookingError::UnknownBooking)), "{nothing:?}");
    let changed = reinstate(booking.id(), Some(booking.revision()));
    assert!(matches!(changed, Err(PlaceBookingError::Changed)), "{changed:?}");
    reinstate(booking.id(), Some(cancelled.revision())).expect("as it was seen");
}

#[test]
fn what_has_begun_to_happen_is_not_moved() {
    for status in [Arrived, Fulfilled, Cancelled, NoShow] {
        let (hospital, _, booking) = at_nine();
        for &next in way_to(status) {
            make(&hospital, &booking, next).expect("it is allowed");
        }
        let before = hospital.find(&booking);
        let to = Reschedule {
            booking: booking.id(),
            start: monday("13:00"),
            doctor: None,
            reason: None,
            set_aside: None,
            expected: None,
        };
        let moved = hospital.does.reschedule_booking.execute(&ADMIN, &to);
        let Err(PlaceBookingError::InvalidTransition(refused)) = moved else { panic!("{moved:?}") };
        assert_eq!(refused, InvalidTransition { from: status, wanted: Booked, allowed: status.next().to_vec() });
        assert_eq!(hospital.find(&booking), before);
    }
}

/// A booking that has been cancelled, and a calendar in which its slot is free.
fn cancelled_and_free() -> (Booking, MockCalendars) {
    let (hospital, doctor, booking) = at_nine();
    let mut calendars = MockCalendars::new();
    calendars.expect_load().returning(move |id, _| {
        Ok(Some(Snapshot { calendar: Calendar::new(id, founding_rules(), vec![]), rules: doctor.revision() }))
    });
    (hospital.cancel(&booking), calendars)
}

fn reinstate_over(calendars: MockCalendars, bookings: MockBookings) -> Result<Booking, PlaceBookingError> {
    let use_case = ReinstateBooking::new(
        gate(),
        Arc::new(calendars),
        Arc::new(MockVisitTypes::new()),
        Arc::new(bookings),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    use_case.execute(&ADMIN, BookingId::from_u128(1), None)
}

#[test]
fn what_comes_in_between_is_looked_at_again_before_a_booking_is_reinstated() {
    let between: [fn() -> StoreBookingError; 2] = [|| StoreBookingError::Stale, || StoreBookingError::DoctorBusy];
    for came in between {
        let (booking, calendars) = cancelled_and_free();
        let mut bookings = MockBookings::new();
        bookings.expect_find().times(2).returning(move |_| Ok(Some(booking.clone())));
        let mut tries = 0;
        bookings.expect_place().times(2).returning(move |_, _| {
            tries += 1;
            if tries == 1 { Err(came()) } else { Ok(()) }
        });
        assert_eq!(reinstate_over(calendars, bookings).expect("the second time").status(), Booked);
    }
}

#[test]
fn a_reinstatement_that_others_always_outrun_ends() {
    let (booking, calendars) = cancelled_and_free();
    let mut bookings = MockBookings::new();
    bookings.expect_find().returning(move |_| Ok(Some(booking.clone())));
    bookings.expect_place().times(2..20).returning(|_, _| Err(StoreBookingError::Stale));
    let contended = reinstate_over(calendars, bookings);
    assert!(matches!(contended, Err(PlaceBookingError::Contended)), "{contended:?}");
}

#[test]
fn an_outage_while_reinstating_is_told_as_such() {
    let (booking, calendars) = cancelled_and_free();
    let mut bookings = MockBookings::new();
    bookings.expect_find().returning(move |_| Ok(Some(booking.clone())));
    let away = || Err(Unavailable::unreachable("the cable is out").into());
    bookings.expect_place().times(1).returning(move |_, _| away());
    let out = reinstate_over(calendars, bookings);
    assert!(matches!(out, Err(PlaceBookingError::Unavailable(_))), "{out:?}");
}

#[test]
fn a_patient_who_arrives_while_the_booking_changes_has_arrived_all_the_same() {
    let (_, _, booking) = at_nine();
    let mut bookings = MockBookings::new();
    bookings.expect_find().times(2).returning(move |_| Ok(Some(booking.clone())));
    let mut tries = 0;
    bookings.expect_save().times(2).returning(move |_| {
        tries += 1;
        if tries == 1 { Err(SaveError::Stale) } else { Ok(()) }
    });
    let use_case =
        AdvanceBooking::new(gate(), Arc::new(bookings), Arc::new(Standing::default()), Arc::new(Counting::default()));
    let arrived = use_case.execute(&ADMIN, BookingId::from_u128(1), Advance::Arrive, None);
    assert_eq!(arrived.expect("the second time").status(), Arrived);
}
