//! Booking and cancelling, over a store in memory.

use crate::hospital::{ADMIN, Hospital, monday, reason, wanted};
use chrono::TimeDelta;
use doctor_booking_application::{BookSlotError, Cancellation, ChangeBookingError, MOST_ALTERNATIVES};
use doctor_booking_domain::{BookingId, BookingStatus, DoctorId, PatientId, Refusal, Revision};

#[test]
fn an_opening_is_booked_and_no_longer_free() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 6);
    let booking = hospital.book(&doctor, &patient, monday("08:00"));
    assert_eq!(booking.span().length(), TimeDelta::hours(1));
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 5);
    let found = hospital.does.find_booking.execute(&ADMIN, booking.id()).expect("found");
    assert_eq!(found, Some(booking));
}

#[test]
fn booking_a_taken_slot_is_refused_with_the_nearest_free_starts() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    let again = hospital.does.book_slot.execute(&ADMIN, &wanted(&doctor, &hospital.patient(), monday("09:00")), None);
    let Err(BookSlotError::Refused(it)) = again else { panic!("{again:?}") };
    assert_eq!(it.refusals.all(), [Refusal::SlotTaken]);
    assert_eq!(it.alternatives, [monday("08:00"), monday("10:00"), monday("13:00")]);
    assert_eq!(it.zone.name(), "America/New_York");
}

#[test]
fn booking_sixteen_is_refused_as_outside_working_hours() {
    let hospital = Hospital::new();
    let refused = hospital.does.book_slot.execute(
        &ADMIN,
        &wanted(&hospital.doctor(), &hospital.patient(), monday("16:00")),
        None,
    );
    let Err(BookSlotError::Refused(it)) = refused else { panic!("{refused:?}") };
    assert_eq!(it.refusals.all(), [Refusal::OutsideWorkingHours]);
    assert_eq!(it.alternatives.len(), MOST_ALTERNATIVES);
}

#[test]
fn a_start_in_the_past_is_refused_with_starts_to_come() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    hospital.it_is(monday("10:30"));
    let refused = hospital.does.book_slot.execute(&ADMIN, &wanted(&doctor, &patient, monday("08:00")), None);
    let Err(BookSlotError::Refused(it)) = refused else { panic!("{refused:?}") };
    assert_eq!(it.refusals.all(), [Refusal::InPast]);
    assert_eq!(it.alternatives, [monday("13:00"), monday("14:00"), monday("15:00")]);
}

#[test]
fn a_patient_cannot_be_in_two_places() {
    let hospital = Hospital::new();
    let patient = hospital.patient();
    hospital.book(&hospital.doctor(), &patient, monday("08:00"));
    let other = hospital.does.book_slot.execute(&ADMIN, &wanted(&hospital.doctor(), &patient, monday("08:00")), None);
    assert!(matches!(other, Err(BookSlotError::PatientBusy)), "{other:?}");
}

#[test]
fn who_is_unknown_cannot_book_and_breaks_no_list() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let mut for_nobody = wanted(&doctor, &patient, monday("08:00"));
    for_nobody.patient = PatientId::from_u128(404);
    let nobody = hospital.does.book_slot.execute(&ADMIN, &for_nobody, None);
    assert!(matches!(nobody, Err(BookSlotError::UnknownPatient)), "{nobody:?}");
    let mut with_nobody = wanted(&doctor, &patient, monday("08:00"));
    with_nobody.doctor = DoctorId::from_u128(404);
    let nobody = hospital.does.book_slot.execute(&ADMIN, &with_nobody, None);
    assert!(matches!(nobody, Err(BookSlotError::UnknownDoctor)), "{nobody:?}");
    let page = hospital.does.list_bookings.execute(
        &ADMIN,
        &doctor_booking_application::BookingFilter::default(),
        &doctor_booking_application::PageRequest::first(doctor_booking_application::Limit::default()),
    );
    assert_eq!(page.expect("listed").items, []);
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 6);
}

#[test]
fn a_cancelled_booking_frees_its_slot() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let booking = hospital.book(&doctor, &patient, monday("08:00"));
    let cancel = Cancellation { booking: booking.id(), reason: reason("feels better"), expected: None };
    let cancelled = hospital.does.cancel_booking.execute(&ADMIN, &cancel).expect("cancelled");
    assert_eq!(cancelled.status(), BookingStatus::Cancelled);
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 6);
    hospital.book(&doctor, &patient, monday("08:00"));
}

#[test]
fn cancelling_again_changes_nothing() {
    let hospital = Hospital::new();
    let booking = hospital.book(&hospital.doctor(), &hospital.patient(), monday("08:00"));
    let cancel = |why| Cancellation { booking: booking.id(), reason: reason(why), expected: None };
    let first = hospital.does.cancel_booking.execute(&ADMIN, &cancel("feels better")).expect("cancelled");
    let second = hospital.does.cancel_booking.execute(&ADMIN, &cancel("another reason")).expect("still cancelled");
    assert_eq!(first, second);
}

#[test]
fn a_cancellation_of_something_else_than_was_seen_is_refused() {
    let hospital = Hospital::new();
    let booking = hospital.book(&hospital.doctor(), &hospital.patient(), monday("08:00"));
    let expected = Some(Revision::FIRST.next());
    let cancel = Cancellation { booking: booking.id(), reason: reason("feels better"), expected };
    let refused = hospital.does.cancel_booking.execute(&ADMIN, &cancel);
    assert!(matches!(refused, Err(ChangeBookingError::Changed)), "{refused:?}");
    let unknown = Cancellation { booking: BookingId::from_u128(404), expected: None, ..cancel };
    let refused = hospital.does.cancel_booking.execute(&ADMIN, &unknown);
    assert!(matches!(refused, Err(ChangeBookingError::UnknownBooking)), "{refused:?}");
}
