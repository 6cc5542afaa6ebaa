//! Kinds of visits, from entering one to booking it.

use std::sync::Arc;

use chrono::TimeDelta;
use doctor_booking_application::{
    AddVisitTypeError, AmendVisitTypeError, BookSlot, BookSlotError, CalendarFilter, ChangeOptions, ChangeRulesError,
    FindAvailabilityError, Limit, NewVisitType, SearchAvailabilityError, Wanted,
};
use doctor_booking_domain::{
    Booking, Calendar, Capacity, Doctor, DoctorAmendment, Footprint, Horizon, Notice, OfferedTypes, Patient, Refusal,
    Revision, SlotLength, Terms, VisitType, VisitTypeAmendment, VisitTypeId, VisitTypeName,
};
use doctor_booking_ports::{MockBookings, MockCalendars, MockHolds, MockVisitTypes, Snapshot, StoreBookingError};

use crate::hospital::{ADMIN, Counting, Hospital, Standing, date, day, founding_rules, gate, monday, wanted};

fn half_hours() -> Terms {
    Terms::plain(SlotLength::from_minutes(30).expect("a length"))
}

fn new(terms: Terms) -> NewVisitType {
    NewVisitType { name: VisitTypeName::parse("Check-up").expect("a name"), terms }
}

fn wanted_as(visit_type: VisitTypeId, doctor: &Doctor, patient: &Patient, time: &str) -> Wanted {
    Wanted { visit_type: Some(visit_type), ..wanted(doctor, patient, monday(time)) }
}

fn book(
    hospital: &Hospital,
    visit_type: &VisitType,
    doctor: &Doctor,
    patient: &Patient,
    time: &str,
) -> Result<Booking, BookSlotError> {
    hospital.does.book_slot.execute(&ADMIN, &wanted_as(visit_type.id(), doctor, patient, time), None)
}

fn offers(hospital: &Hospital, doctor: &Doctor, types: OfferedTypes) {
    let amendment = DoctorAmendment { visit_types: Some(types), ..DoctorAmendment::default() };
    hospital.does.amend_doctor.execute(&ADMIN, doctor.id(), &amendment, ChangeOptions::default()).expect("amended");
}

#[test]
fn a_visit_of_a_type_is_shown_and_booked_as_the_type_says() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let short = hospital.visit_type(half_hours());
    let find = |visit_type: Option<VisitTypeId>| {
        let range = day("2030-01-07");
        hospital.does.find_availability.execute(&ADMIN, doctor.id(), range, visit_type).expect("found").days[0]
            .free_count()
    };
    assert_eq!((find(None), find(Some(short.id()))), (6, 12));
    let booking = book(&hospital, &short, &doctor, &patient, "08:30").expect("booked");
    assert_eq!(booking.span().length(), TimeDelta::minutes(30));
    assert_eq!(booking.parts().visit_type, Some(short.id()));
    assert_eq!((find(None), find(Some(short.id()))), (5, 11));
}

#[test]
fn what_a_booking_was_agreed_as_it_stays_when_its_type_changes() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let short = hospital.visit_type(half_hours());
    let booking = book(&hospital, &short, &doctor, &patient, "08:00").expect("booked");
    let longer = VisitTypeAmendment { length: SlotLength::from_minutes(45).ok(), ..VisitTypeAmendment::default() };
    let longer = hospital.does.amend_visit_type.execute(&ADMIN, short.id(), &longer, None).expect("amended");
    hospital.does.retire_visit_type.execute(&ADMIN, short.id(), Some(longer.revision())).expect("retired");
    let found = hospital.does.find_booking.execute(&ADMIN, booking.id()).expect("found");
    assert_eq!(found, Some(booking));
}

#[test]
fn a_retired_type_takes_no_new_bookings_and_is_retired_once() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let short = hospital.visit_type(half_hours());
    let retired = hospital.does.retire_visit_type.execute(&ADMIN, short.id(), None).expect("retired");
    assert_eq!(hospital.does.retire_visit_type.execute(&ADMIN, short.id(), None).expect("still"), retired);
    let refused = book(&hospital, &short, &doctor, &patient, "08:00");
    let Err(BookSlotError::Refused(it)) = refused else { panic!("{refused:?}") };
    assert_eq!((it.refusals.all(), it.alternatives), ([Refusal::VisitTypeNotOffered].as_slice(), vec![]));
    let shown = hospital.does.find_availability.execute(&ADMIN, doctor.id(), day("2030-01-07"), Some(short.id()));
    assert!(matches!(shown, Err(FindAvailabilityError::NotOffered)), "{shown:?}");
    let next = hospital.does.find_next_slot.execute(&ADMIN, doctor.id(), None, Some(short.id()));
    assert!(matches!(next, Err(FindAvailabilityError::NotOffered)), "{next:?}");
}

#[test]
fn a_doctor_offers_every_type_until_some_are_named() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let (short, other) = (hospital.visit_type(half_hours()), hospital.visit_type(half_hours()));
    offers(&hospital, &doctor, OfferedTypes::Only([other.id()].into()));
    let refused = book(&hospital, &short, &doctor, &patient, "08:00");
    assert!(matches!(refused, Err(BookSlotError::Refused(_))), "{refused:?}");
    book(&hospital, &other, &doctor, &patient, "08:00").expect("booked");
    offers(&hospital, &doctor, OfferedTypes::All);
    book(&hospital, &short, &doctor, &patient, "08:30").expect("booked");
}

#[test]
fn no_doctor_can_offer_a_type_that_is_not_there() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let there = hospital.visit_type(half_hours());
    let nowhere = VisitTypeId::from_u128(404);
    let types = Some(OfferedTypes::Only([there.id(), nowhere].into()));
    let amendment = DoctorAmendment { visit_types: types, ..DoctorAmendment::default() };
    let refused = hospital.does.amend_doctor.execute(&ADMIN, doctor.id(), &amendment, ChangeOptions::default());
    let Err(ChangeRulesError::Refused(unknown)) = refused else { panic!("{refused:?}") };
    assert_eq!(unknown.0, [nowhere]);
}

#[test]
fn a_type_that_is_not_there_is_told_as_such_everywhere() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let (nowhere, does) = (VisitTypeId::from_u128(404), &hospital.does);
    let booked = does.book_slot.execute(&ADMIN, &wanted_as(nowhere, &doctor, &patient, "08:00"), None);
    assert!(matches!(booked, Err(BookSlotError::UnknownVisitType)), "{booked:?}");
    let unknown = |error: FindAvailabilityError| matches!(error, FindAvailabilityError::UnknownVisitType);
    let (id, monday) = (doctor.id(), day("2030-01-07"));
    assert!(does.find_availability.execute(&ADMIN, id, monday, Some(nowhere)).is_err_and(unknown));
    assert!(does.find_next_slot.execute(&ADMIN, id, None, Some(nowhere)).is_err_and(unknown));
    assert!(
        does.explain_start.execute(&ADMIN, id, crate::hospital::monday("08:00"), Some(nowhere)).is_err_and(unknown)
    );
    let all = CalendarFilter::default();
    let searched = does.search_availability.execute(&ADMIN, &all, monday, Some(nowhere), Limit::default());
    assert!(matches!(searched, Err(SearchAvailabilityError::UnknownVisitType)), "{searched:?}");
    assert_eq!(does.find_visit_type.execute(&ADMIN, nowhere).expect("found"), None);
    let amended = does.amend_visit_type.execute(&ADMIN, nowhere, &VisitTypeAmendment::default(), None);
    assert!(matches!(amended, Err(AmendVisitTypeError::UnknownVisitType)), "{amended:?}");
}

#[test]
fn a_search_by_type_finds_only_doctors_who_offer_it() {
    let hospital = Hospital::new();
    let (one, other) = (hospital.doctor(), hospital.doctor());
    let short = hospital.visit_type(half_hours());
    offers(&hospital, &one, OfferedTypes::Only([].into()));
    let all = CalendarFilter::default();
    let search = |visit_type| {
        let found =
            hospital.does.search_availability.execute(&ADMIN, &all, day("2030-01-07"), visit_type, Limit::default());
        found.expect("found").into_iter().map(|slot| slot.doctor).collect::<Vec<_>>()
    };
    assert_eq!(search(Some(short.id())), [other.id()].repeat(12));
    assert_eq!(search(None).iter().filter(|&&doctor| doctor == one.id()).count(), 6);
}

#[test]
fn the_next_slot_is_searched_as_far_as_the_horizon() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    // It is 30 November there: the first Monday that can be booked is the third, and that one cannot any more.
    let terms = |days| Terms { horizon: Horizon::new(days).ok(), ..half_hours() };
    let (near, far) = (hospital.visit_type(terms(2)), hospital.visit_type(terms(3)));
    let next = |visit_type: &VisitType| {
        hospital.does.find_next_slot.execute(&ADMIN, doctor.id(), None, Some(visit_type.id())).expect("found")
    };
    assert_eq!((next(&near).slot, next(&near).searched_to), (None, date("2029-12-02")));
    assert!(next(&far).slot.is_some());
    assert_eq!(next(&far).searched_to, date("2029-12-03"));
}

#[test]
fn whoever_wants_what_is_too_far_ahead_is_offered_what_is_not() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let month = hospital.visit_type(Terms { horizon: Horizon::new(30).ok(), ..half_hours() });
    let much_later = Wanted {
        start: monday("08:00") + TimeDelta::days(7 * 52),
        ..wanted_as(month.id(), &doctor, &patient, "08:00")
    };
    let refused = hospital.does.book_slot.execute(&ADMIN, &much_later, None);
    let Err(BookSlotError::Refused(it)) = refused else { panic!("{refused:?}") };
    assert_eq!(it.refusals.all(), [Refusal::BeyondHorizon]);
    // It is 30 November there, so the last Monday is that of 24 December.
    let last = ["14:30", "15:00", "15:30"].map(|time| monday(time) - TimeDelta::days(14));
    assert_eq!(it.alternatives, last);
}

#[test]
fn seats_of_a_shared_doctor_are_sold_one_by_one() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let footprint = Footprint { capacity: Capacity::new(2).expect("a capacity"), ..Footprint::default() };
    let group = hospital.visit_type(Terms { footprint, ..half_hours() });
    for _ in 0..2 {
        book(&hospital, &group, &doctor, &hospital.patient(), "08:00").expect("there is room");
    }
    let refused = book(&hospital, &group, &doctor, &hospital.patient(), "08:00");
    let Err(BookSlotError::Refused(it)) = refused else { panic!("{refused:?}") };
    assert_eq!(it.refusals.all(), [Refusal::SlotTaken]);
    assert_eq!(it.alternatives[0], monday("08:30"));
}

#[test]
fn a_notice_longer_than_the_horizon_is_not_entered() {
    let hospital = Hospital::new();
    let terms =
        Terms { notice: Notice::new(3 * 24 * 60).expect("a notice"), horizon: Horizon::new(2).ok(), ..half_hours() };
    let refused = hospital.does.add_visit_type.execute(&ADMIN, new(terms), None);
    assert!(matches!(refused, Err(AddVisitTypeError::NoticeBeyondHorizon(_))), "{refused:?}");
    let two_days = hospital.visit_type(Terms { horizon: Horizon::new(2).ok(), ..half_hours() });
    let amendment = VisitTypeAmendment { notice: Notice::new(3 * 24 * 60).ok(), ..VisitTypeAmendment::default() };
    let refused = hospital.does.amend_visit_type.execute(&ADMIN, two_days.id(), &amendment, None);
    assert!(matches!(refused, Err(AmendVisitTypeError::NoticeBeyondHorizon(_))), "{refused:?}");
}

#[test]
fn a_type_that_has_changed_since_it_was_looked_at_is_left_alone() {
    let hospital = Hospital::new();
    let short = hospital.visit_type(half_hours());
    let rename = |expected| {
        let amendment =
            VisitTypeAmendment { name: VisitTypeName::parse("Other").ok(), ..VisitTypeAmendment::default() };
        hospital.does.amend_visit_type.execute(&ADMIN, short.id(), &amendment, Some(expected))
    };
    rename(Revision::FIRST).expect("as it was seen");
    assert!(matches!(rename(Revision::FIRST), Err(AmendVisitTypeError::Changed)));
}

#[test]
fn a_type_that_changes_between_looking_and_storing_is_looked_at_again() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let short = hospital.visit_type(half_hours());
    let retired = short.retired(monday("08:00")).expect("it was not");
    let mut visit_types = MockVisitTypes::new();
    let mut looks = 0;
    let found = short.clone();
    visit_types.expect_find().returning(move |_| {
        looks += 1;
        Ok(Some(if looks == 1 { found.clone() } else { retired.clone() }))
    });
    let mut calendars = MockCalendars::new();
    let id = doctor.id();
    calendars.expect_load().returning(move |_, _| {
        Ok(Some(Snapshot { calendar: Calendar::new(id, founding_rules(), vec![]), rules: Revision::FIRST }))
    });
    let mut bookings = MockBookings::new();
    bookings.expect_store().times(1).returning(|_| Err(StoreBookingError::Stale));
    let use_case = BookSlot::new(
        gate(),
        Arc::new(calendars),
        Arc::new(visit_types),
        Arc::new(MockHolds::new()),
        Arc::new(bookings),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    let refused = use_case.execute(&ADMIN, &wanted_as(short.id(), &doctor, &patient, "08:00"), None);
    assert!(matches!(refused, Err(BookSlotError::Refused(_))), "{refused:?}");
}
