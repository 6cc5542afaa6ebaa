//! What a store in memory never does: it is away, or something changes between looking and saving.

use std::sync::Arc;

use crate::hospital::{
    ADMIN, Counting, Hospital, Standing, founding_rules, gate, monday, mornings_only, reason, wanted,
};
use doctor_booking_application::{
    Affected, AmendPatient, AmendPatientError, BookSlot, BookSlotError, CancelBooking, Cancellation,
    ChangeBookingError, ChangeOptions, ChangeRulesError, UpdateWorkingHours,
};
use doctor_booking_domain::{
    Booking, Busy, Calendar, Doctor, Exceptions, PatientAmendment, PatientId, Refusal, Revision, Span, Upcoming,
};
use doctor_booking_ports::{
    MockBookings, MockCalendars, MockDoctors, MockHolds, MockPatients, MockVisitTypes, Outlook, SaveError, Snapshot,
    StoreBookingError, Unavailable,
};

fn away() -> Unavailable {
    Unavailable::unreachable("the cable is out")
}

fn seen(doctor: &Doctor) -> Snapshot {
    Snapshot { calendar: Calendar::new(doctor.id(), founding_rules(), vec![]), rules: doctor.revision() }
}

fn some_booking() -> Booking {
    let hospital = Hospital::new();
    hospital.book(&hospital.doctor(), &hospital.patient(), monday("08:00"))
}

fn book(calendars: MockCalendars, bookings: MockBookings) -> Result<Booking, BookSlotError> {
    let hospital = Hospital::new();
    let wanted = wanted(&hospital.doctor(), &hospital.patient(), monday("08:00"));
    let use_case = BookSlot::new(
        gate(),
        Arc::new(calendars),
        Arc::new(MockVisitTypes::new()),
        Arc::new(MockHolds::new()),
        Arc::new(bookings),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    use_case.execute(&ADMIN, &wanted, None)
}

#[test]
fn a_booking_decided_on_old_rules_is_decided_again_on_the_new_ones() {
    let doctor = Hospital::new().doctor();
    let mut calendars = MockCalendars::new();
    let mut revision = Revision::FIRST;
    calendars.expect_load().times(2).returning(move |_, _| {
        revision = revision.next();
        Ok(Some(Snapshot { rules: revision, ..seen(&doctor) }))
    });
    let mut bookings = MockBookings::new();
    let second = Revision::FIRST.next().next();
    bookings
        .expect_store()
        .times(2)
        .returning(move |new| if new.decided_on == second { Ok(()) } else { Err(StoreBookingError::Stale) });
    assert!(book(calendars, bookings).is_ok());
}

#[test]
fn rules_that_change_again_and_again_end_a_booking_after_a_few_tries() {
    let doctor = Hospital::new().doctor();
    let mut calendars = MockCalendars::new();
    calendars.expect_load().times(2..20).returning(move |_, _| Ok(Some(seen(&doctor))));
    let mut bookings = MockBookings::new();
    bookings.expect_store().times(2..20).returning(|_| Err(StoreBookingError::Stale));
    let contended = book(calendars, bookings);
    assert!(matches!(contended, Err(BookSlotError::Contended)), "{contended:?}");
}

#[test]
fn a_slot_lost_between_looking_and_storing_is_refused_as_taken_with_alternatives() {
    let doctor = Hospital::new().doctor();
    let mut calendars = MockCalendars::new();
    calendars.expect_load().returning(move |_, _| Ok(Some(seen(&doctor))));
    let mut bookings = MockBookings::new();
    bookings.expect_store().times(1).returning(|_| Err(StoreBookingError::DoctorBusy));
    let lost = book(calendars, bookings);
    let Err(BookSlotError::Refused(it)) = lost else { panic!("{lost:?}") };
    assert_eq!(it.refusals.first(), Refusal::SlotTaken);
    assert_eq!(it.alternatives, [monday("09:00"), monday("10:00"), monday("13:00")]);
}

#[test]
fn a_slot_that_somebody_holds_between_looking_and_storing_is_told_as_held() {
    let (doctor, mut looks) = (Hospital::new().doctor(), 0);
    let eight = Span::new(monday("08:00"), monday("09:00")).expect("forwards");
    let held = Busy { held_until: Some(monday("00:00")), ..eight.into() };
    let mut calendars = MockCalendars::new();
    calendars.expect_load().returning(move |_, _| {
        looks += 1;
        let busy = if looks == 1 { vec![] } else { vec![held] };
        Ok(Some(Snapshot { calendar: Calendar::new(doctor.id(), founding_rules(), busy), ..seen(&doctor) }))
    });
    let mut bookings = MockBookings::new();
    bookings.expect_store().times(1).returning(|_| Err(StoreBookingError::DoctorBusy));
    let lost = book(calendars, bookings);
    let Err(BookSlotError::Refused(it)) = lost else { panic!("{lost:?}") };
    assert_eq!(it.refusals.all(), [Refusal::SlotHeld]);
}

#[test]
fn an_outage_is_told_as_such_and_stores_nothing() {
    let mut calendars = MockCalendars::new();
    calendars.expect_load().returning(|_, _| Err(away()));
    let mut bookings = MockBookings::new();
    bookings.expect_store().never();
    let out = book(calendars, bookings);
    assert!(matches!(out, Err(BookSlotError::Unavailable(_))), "{out:?}");
}

#[test]
fn hours_are_judged_again_when_a_booking_came_in_between() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let mut doctors = MockDoctors::new();
    let booking = some_booking();
    let (mut looks, found) = (0, doctor.clone());
    doctors.expect_outlook().times(2).returning(move |_, as_of| {
        looks += 1;
        let bookings = if looks == 1 { vec![] } else { vec![booking.clone()] };
        let upcoming = Upcoming { as_of, bookings, holds: vec![] };
        Ok(Some(Outlook { doctor: found.clone(), exceptions: Exceptions::default(), upcoming }))
    });
    doctors.expect_save().times(1).returning(|_| Err(SaveError::Stale));
    let use_case = UpdateWorkingHours::new(
        gate(),
        Arc::new(doctors),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    let closed = doctor_booking_application::NewHours {
        effective_from: None,
        week: doctor_booking_application::Week::Whole(doctor_booking_domain::Weekly::default()),
    };
    let refused = use_case.execute(&ADMIN, doctor.id(), &closed, ChangeOptions::default());
    assert!(matches!(refused, Err(ChangeRulesError::BookingsAffected(ref all)) if all.count() == 1), "{refused:?}");
}

#[test]
fn hours_are_judged_again_when_a_slot_was_held_in_between() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let hold = hospital.hold(&ADMIN, &doctor, monday("13:00"));
    let (mut doctors, mut looks, found, there) = (MockDoctors::new(), 0, doctor.clone(), hold.clone());
    doctors.expect_outlook().times(2).returning(move |_, as_of| {
        looks += 1;
        let holds = if looks == 1 { vec![] } else { vec![there.clone()] };
        let upcoming = Upcoming { as_of, bookings: vec![], holds };
        Ok(Some(Outlook { doctor: found.clone(), exceptions: Exceptions::default(), upcoming }))
    });
    doctors.expect_save().times(1).returning(|_| Err(SaveError::Stale));
    let use_case = UpdateWorkingHours::new(
        gate(),
        Arc::new(doctors),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    let refused = use_case.execute(&ADMIN, doctor.id(), &mornings_only(), ChangeOptions::default());
    let Err(ChangeRulesError::BookingsAffected(affected)) = refused else { panic!("{refused:?}") };
    assert_eq!(affected, Affected { bookings: vec![], holds: vec![hold], hides_holds: false });
}

#[test]
fn a_cancellation_that_others_always_outrun_ends() {
    let booking = some_booking();
    let mut bookings = MockBookings::new();
    let id = booking.id();
    bookings.expect_find().returning(move |_| Ok(Some(booking.clone())));
    bookings.expect_save().times(2..20).returning(|_| Err(SaveError::Stale));
    let use_case =
        CancelBooking::new(gate(), Arc::new(bookings), Arc::new(Standing::default()), Arc::new(Counting::default()));
    let cancel = Cancellation { booking: id, reason: reason("feels better"), expected: None };
    let contended = use_case.execute(&ADMIN, &cancel);
    assert!(matches!(contended, Err(ChangeBookingError::Contended)), "{contended:?}");
}

#[test]
fn a_patient_who_changed_meanwhile_is_amended_as_he_or_she_now_is() {
    let hospital = Hospital::new();
    let (before, mut patients, mut tries) = (hospital.patient(), MockPatients::new(), 0);
    patients.expect_find().times(2).returning(move |_| Ok(Some(before.clone())));
    patients.expect_save().times(2).returning(move |_, _| {
        tries += 1;
        if tries == 1 { Err(SaveError::Stale) } else { Ok(()) }
    });
    let use_case = AmendPatient::new(gate(), Arc::new(patients), Arc::new(Standing::default()));
    assert!(use_case.execute(&ADMIN, PatientId::from_u128(1), &PatientAmendment::default(), None).is_ok());
    let expected = Some(Revision::FIRST.next());
    let patient = hospital.patient();
    let refused = hospital.does.amend_patient.execute(&ADMIN, patient.id(), &PatientAmendment::default(), expected);
    assert!(matches!(refused, Err(AmendPatientError::Changed)), "{refused:?}");
}
