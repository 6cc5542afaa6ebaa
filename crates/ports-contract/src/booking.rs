//! What [`Bookings`](doctor_booking_ports::Bookings) promise to one after the other. [`races`](crate::races) has what
//! they promise to many at once.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    Booking, BookingId, BookingParts, BookingStatus, Doctor, DoctorAmendment, DoctorParts, Footprint, Patient,
    Revision, Rules, Span,
};
use doctor_booking_ports::{BookingFilter, PageRequest, SaveError, StoreBookingError};

use crate::{Fixture, given};

/// The bookings that pass the filter.
fn listed(store: &Fixture, filter: &BookingFilter) -> Vec<Booking> {
    let page = store.bookings.list(filter, &given::whole()).expect("the store answers");
    assert_eq!(page.next, None);
    page.items
}

fn ids<'a>(bookings: impl IntoIterator<Item = &'a Booking>) -> Vec<BookingId> {
    bookings.into_iter().map(Booking::id).collect()
}

/// So many microseconds after 9 o'clock.
fn nine_and(microseconds: i64) -> DateTime<Utc> {
    given::monday(9, 0) + TimeDelta::microseconds(microseconds)
}

fn span(start: DateTime<Utc>, end: DateTime<Utc>) -> Span {
    Span::new(start, end).expect("forwards")
}

// Found as stored.

pub fn a_booking_is_found_as_stored(store: &Fixture) {
    let rules = Rules::new(given::zone("America/Argentina/Buenos_Aires")).with_hours(given::workdays("08:00", "18:00"));
    let doctor = store.doctor_of(DoctorParts { rules, ..given::doctor() });
    let booking = store.booked(&doctor, &store.patient(), given::monday(12, 0));
    assert_eq!(store.found(&booking), Some(booking));
}

pub fn every_part_of_a_booking_is_found_as_stored(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = Booking::from_parts(BookingParts {
        zone: given::zone("Asia/Kathmandu"),
        reason: Some(given::reason("Fieber & Husten,\n\tseit „gestern“ 🤒 'x' %_\\")),
        visit_type: Some(given::visit_type_id()),
        series: Some(given::series_id()),
        footprint: Footprint { before: given::buffer(7), after: given::buffer(480), ..given::shared_by(50) },
        outside_hours: true,
        beside_others: true,
        revision: Revision::from_number(7),
        created_at: given::now(),
        updated_at: given::later(),
        ..given::booking(&doctor, &patient, span(nine_and(1), nine_and(3_600_999_999)))
    });
    store.put(&booking, doctor.revision()).expect("the booking is stored");
    assert_eq!(store.found(&booking), Some(booking));
}

pub fn a_booking_stored_as_cancelled_is_found_as_stored_and_occupies_nobody(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let imported = Booking::from_parts(BookingParts {
        status: BookingStatus::Cancelled,
        cancel_reason: Some(given::reason("moved away")),
        ..given::booking(&doctor, &patient, given::stretch(given::monday(9, 0), 60))
    });
    store.put(&imported, doctor.revision()).expect("the booking is stored");
    assert_eq!(store.found(&imported), Some(imported));
    store.booked(&doctor, &patient, given::monday(9, 0));
}

pub fn a_booking_that_is_not_there_is_not_found(store: &Fixture) {
    store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    assert_eq!(store.bookings.find(given::booking_id()).expect("the store answers"), None);
}

// Refused, and nothing is left behind.

pub fn whatever_overlaps_a_doctors_booking_is_refused(store: &Fixture) {
    let doctor = store.doctor();
    let noon = given::stretch(given::monday(12, 0), 60);
    let stored = store.try_book(&doctor, &store.patient(), noon).expect("the booking is stored");
    for (what, overlapping) in [
        ("the same time", noon),
        ("its end", span(noon.start() - TimeDelta::hours(1), noon.start() + TimeDelta::microseconds(1))),
        ("its start", span(noon.end() - TimeDelta::microseconds(1), noon.end() + TimeDelta::hours(1))),
        ("a time inside", given::stretch(given::monday(12, 20), 20)),
        ("a time around", given::stretch(given::monday(11, 0), 180)),
        ("the same start, shorter", given::stretch(noon.start(), 5)),
        ("the same start, longer", given::stretch(noon.start(), 90)),
    ] {
        let refused = store.try_book(&doctor, &store.patient(), overlapping);
        assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)), "{what}: {refused:?}");
    }
    assert_eq!(listed(store, &BookingFilter::default()), [stored]);
}

pub fn whatever_overlaps_a_patients_booking_is_refused(store: &Fixture) {
    let patient = store.patient();
    let noon = given::stretch(given::monday(12, 0), 60);
    let stored = store.try_book(&store.doctor(), &patient, noon).expect("the booking is stored");
    for (what, overlapping) in [
        ("the same time", noon),
        ("its end", span(noon.start() - TimeDelta::hours(1), noon.start() + TimeDelta::microseconds(1))),
        ("its start", span(noon.end() - TimeDelta::microseconds(1), noon.end() + TimeDelta::hours(1))),
        ("a time inside", given::stretch(given::monday(12, 20), 20)),
        ("a time around", given::stretch(given::monday(11, 0), 180)),
    ] {
        let refused = store.try_book(&store.doctor(), &patient, overlapping);
        assert!(matches!(refused, Err(StoreBookingError::PatientBusy)), "{what}: {refused:?}");
    }
    assert_eq!(listed(store, &BookingFilter::default()), [stored]);
}

pub fn where_both_are_busy_the_doctor_is_named(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let nine = given::stretch(given::monday(9, 0), 60);
    store.try_book(&doctor, &patient, nine).expect("the booking is stored");
    assert!(matches!(store.try_book(&doctor, &patient, nine), Err(StoreBookingError::DoctorBusy)));

    store.try_book(&store.doctor(), &patient, given::stretch(given::monday(11, 0), 60)).expect("the booking is stored");
    store
        .try_book(&doctor, &store.patient(), given::stretch(given::monday(11, 30), 60))
        .expect("the booking is stored");
    let by_different_bookings = store.try_book(&doctor, &patient, given::stretch(given::monday(11, 45), 30));
    assert!(matches!(by_different_bookings, Err(StoreBookingError::DoctorBusy)));
}

pub fn bookings_that_touch_do_not_overlap(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    for (start, end) in [(2_000_001, 3_000_000), (1_000_000, 2_000_000), (2_000_000, 2_000_001), (0, 1_000_000)] {
        store
            .try_book(&doctor, &patient, span(nine_and(start), nine_and(end)))
            .expect("it touches, to the microsecond");
    }
    assert_eq!(listed(store, &BookingFilter::default()).len(), 4);
}

pub fn doctors_and_patients_are_busy_only_for_themselves(store: &Fixture) {
    for _ in 0..3 {
        store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    }
    assert_eq!(listed(store, &BookingFilter::default()).len(), 3);
}

pub fn a_booking_refused_for_the_patient_leaves_nothing_behind(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    store.booked(&store.doctor(), &patient, given::monday(9, 0));
    let (refused, rules) = store.offered(&doctor, &patient, given::monday(9, 0));

    assert!(matches!(store.put(&refused, rules), Err(StoreBookingError::PatientBusy)));

    assert_eq!(store.found(&refused), None);
    assert!(store.is_free(&doctor, given::monday(9, 0)));
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
}

pub fn a_booking_refused_for_the_doctor_leaves_nothing_behind(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let (refused, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
    store.booked(&doctor, &store.patient(), given::monday(9, 0));

    assert!(matches!(store.put(&refused, rules), Err(StoreBookingError::DoctorBusy)));

    assert_eq!(store.found(&refused), None);
    store.booked(&store.doctor(), &patient, given::monday(9, 0));
}

pub fn a_refused_booking_can_be_stored_once_there_is_room(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let (refused, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
    let in_the_way = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    assert!(matches!(store.put(&refused, rules), Err(StoreBookingError::DoctorBusy)));
    store.cancel(&in_the_way);
    store.put(&refused, rules).expect("the booking is stored");
    assert_eq!(store.found(&refused), Some(refused));
}

pub fn a_booking_for_a_patient_who_is_not_there_is_refused_and_leaves_nothing_behind(store: &Fixture) {
    let doctor = store.doctor();
    let nobody = Patient::from_parts(given::patient());
    let (refused, rules) = store.offered(&doctor, &nobody, given::monday(9, 0));

    assert!(matches!(store.put(&refused, rules), Err(StoreBookingError::UnknownPatient)));

    assert_eq!(store.found(&refused), None);
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
}

pub fn a_booking_with_a_doctor_who_is_not_there_is_stale_and_leaves_nothing_behind(store: &Fixture) {
    let patient = store.patient();
    let nobody = Doctor::from_parts(given::doctor());
    let nine = given::stretch(given::monday(9, 0), 60);

    assert!(matches!(store.try_book(&nobody, &patient, nine), Err(StoreBookingError::Stale)));

    assert_eq!(listed(store, &BookingFilter::default()), []);
    store.booked(&store.doctor(), &patient, given::monday(9, 0));
}

pub fn a_booking_decided_on_rules_that_have_since_changed_is_stale_and_leaves_nothing_behind(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let (refused, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
    store.change(&doctor.with_hours(given::workdays("08:00", "12:00"), given::later()));

    assert!(matches!(store.put(&refused, rules), Err(StoreBookingError::Stale)));
    assert_eq!(store.found(&refused), None);
    assert!(store.is_free(&doctor, given::monday(9, 0)));
    store.booked(&store.doctor(), &patient, given::monday(9, 0));

    assert!(matches!(store.put(&refused, rules.next().next()), Err(StoreBookingError::Stale)), "nor ahead");
}

pub fn a_stale_booking_is_stale_also_where_the_doctor_is_busy(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let (refused, rules) = store.offered(&doctor, &patient, given::monday(9, 0));
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    store.change(&doctor.with_hours(given::workdays("08:00", "12:00"), given::later()));
    assert!(matches!(store.put(&refused, rules), Err(StoreBookingError::Stale)));
}

pub fn no_booking_takes_the_place_of_another_with_its_id(store: &Fixture) {
    let doctor = store.doctor();
    let stored = store.booked(&doctor, &store.patient(), given::monday(9, 0));
    let ten = given::stretch(given::monday(10, 0), 60);
    let same_id =
        Booking::from_parts(BookingParts { id: stored.id(), ..given::booking(&doctor, &store.patient(), ten) });

    assert!(store.put(&same_id, doctor.revision()).is_err());

    assert_eq!(store.found(&stored), Some(stored));
    assert!(store.is_free(&doctor, ten.start()), "nor does it occupy anybody");
}

// Cancelled.

pub fn a_cancelled_booking_is_found_as_saved(store: &Fixture) {
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    let cancelled = booking.cancelled(given::reason("fühlt sich besser,\nsagt sie"), given::later());
    let cancelled = cancelled.expect("it was booked");
    let cancelled = cancelled.expect("it was booked");
    store.save(&cancelled, booking.revision()).expect("the booking is saved");
    assert_eq!(store.found(&booking), Some(cancelled));
}

pub fn a_cancelled_booking_occupies_nobody(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));

    store.cancel(&booking);

    assert!(store.is_free(&doctor, given::monday(9, 0)));
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    store.booked(&store.doctor(), &patient, given::monday(9, 0));
    assert_eq!(store.found(&booking), Some(given::cancelled(&booking)), "and is kept");
}

pub fn a_slot_can_be_booked_and_cancelled_again_and_again(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    for _ in 0..3 {
        store.cancel(&store.booked(&doctor, &patient, given::monday(9, 0)));
    }
    store.booked(&doctor, &patient, given::monday(9, 0));
    assert_eq!(listed(store, &BookingFilter::default()).len(), 4);
}

pub fn cancelling_gives_back_only_what_the_booking_occupied(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let [before, booking, after] = [8, 9, 10].map(|hour| store.booked(&doctor, &patient, given::monday(hour, 0)));

    store.cancel(&booking);

    for still_taken in [before.span(), after.span()] {
        let refused = store.try_book(&doctor, &store.patient(), still_taken);
        assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)));
        let refused = store.try_book(&store.doctor(), &patient, still_taken);
        assert!(matches!(refused, Err(StoreBookingError::PatientBusy)));
    }
}

pub fn saving_changes_neither_when_nor_with_whom(store: &Fixture) {
    let booking = store.booked(&store.doctor(), &store.patient(), given::monday(9, 0));
    let moved = Booking::from_parts(BookingParts {
        doctor: store.doctor().id(),
        patient: store.patient().id(),
        span: given::stretch(given::monday(10, 0), 60),
        zone: given::zone("Asia/Kathmandu"),
        created_at: given::later(),
        ..given::cancelled(&booking).parts().clone()
    });
    store.save(&moved, booking.revision()).expect("the booking is saved");
    assert_eq!(store.found(&booking), Some(given::cancelled(&booking)));
}

pub fn a_live_booking_that_is_saved_keeps_what_it_occupies(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));
    let reworded = Booking::from_parts(BookingParts {
        reason: Some(given::reason("a cough")),
        revision: booking.revision().next(),
        updated_at: given::later(),
        ..booking.parts().clone()
    });
    store.save(&reworded, booking.revision()).expect("the booking is saved");
    assert_eq!(store.found(&booking), Some(reworded));
    assert!(!store.is_free(&doctor, given::monday(9, 0)));
    let refused = store.try_book(&store.doctor(), &patient, booking.span());
    assert!(matches!(refused, Err(StoreBookingError::PatientBusy)));
}

pub fn a_booking_saved_on_an_older_revision_is_stale(store: &Fixture) {
    let doctor = store.doctor();
    let booking = store.booked(&doctor, &store.patient(), given::monday(10, 0));
    store.change(&doctor.with_hours(given::workdays("08:00", "09:00"), given::later()));
    let marked = store.found(&booking);

    let too_late = store.save(&given::cancelled(&booking), booking.revision());

    assert!(matches!(too_late, Err(SaveError::Stale)));
    assert_eq!(store.found(&booking), marked);
    let refused = store.try_book(&doctor_as_found(store, &doctor), &store.patient(), booking.span());
    assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)), "nothing was given back");
}

fn doctor_as_found(store: &Fixture, doctor: &Doctor) -> Doctor {
    store.seen(doctor).doctor
}

pub fn a_booking_that_is_not_there_is_stale_when_saved(store: &Fixture) {
    let nine = given::stretch(given::monday(9, 0), 60);
    let nothing = Booking::from_parts(given::booking(&store.doctor(), &store.patient(), nine));
    let saved = store.save(&given::cancelled(&nothing), nothing.revision());
    assert!(matches!(saved, Err(SaveError::Stale)));
    assert_eq!(store.found(&nothing), None);
}

pub fn a_cancelled_booking_cannot_be_saved_into_the_time_of_another(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let booking = store.booked(&doctor, &patient, given::monday(9, 0));
    store.cancel(&booking);
    let cancelled = given::cancelled(&booking);
    let instead = store.booked(&doctor, &store.patient(), given::monday(9, 0));

    let revision = cancelled.revision().next();
    let revived = BookingParts { status: BookingStatus::Booked, revision, ..cancelled.parts().clone() };
    assert!(store.save(&Booking::from_parts(revived), cancelled.revision()).is_err());

    let live = BookingFilter { status: Some(BookingStatus::Booked), ..BookingFilter::default() };
    assert_eq!(listed(store, &live), [instead]);
    assert_eq!(store.found(&booking), Some(cancelled));
}

// Lists.

pub fn bookings_are_listed_by_start_then_id(store: &Fixture) {
    let mut at_nine: Vec<_> =
        (0..4).map(|_| store.booked(&store.doctor(), &store.patient(), given::monday(9, 0))).collect();
    at_nine.sort_by_key(Booking::id);
    let at_eight = store.booked(&store.doctor(), &store.patient(), given::monday(8, 0));
    let at_ten = store.booked(&store.doctor(), &store.patient(), given::monday(10, 0));
    let in_order: Vec<_> = [at_eight].into_iter().chain(at_nine).chain([at_ten]).collect();
    assert_eq!(listed(store, &BookingFilter::default()), in_order);
}

pub fn starts_a_microsecond_apart_are_listed_in_order(store: &Fixture) {
    let book = |microseconds| {
        let span = span(nine_and(microseconds), nine_and(microseconds + 1_000_000));
        store.try_book(&store.doctor(), &store.patient(), span).expect("the booking is stored")
    };
    let in_order = {
        let [third, first, fourth, second] = [1_000_000, 0, 1_000_001, 999_999].map(book);
        [first, second, third, fourth]
    };
    assert_eq!(listed(store, &BookingFilter::default()), in_order);
    let from = BookingFilter { from: Some(nine_and(1_000_000)), ..BookingFilter::default() };
    assert_eq!(listed(store, &from), in_order[2..]);
    let to = BookingFilter { to: Some(nine_and(1_000_000)), ..BookingFilter::default() };
    assert_eq!(listed(store, &to), in_order[..2]);
}

pub fn bookings_are_filtered_by_doctor_and_patient(store: &Fixture) {
    let (doctor, colleague) = (store.doctor(), store.doctor());
    let (patient, neighbour) = (store.patient(), store.patient());
    let one = store.booked(&doctor, &patient, given::monday(8, 0));
    let two = store.booked(&doctor, &neighbour, given::monday(9, 0));
    let three = store.booked(&colleague, &patient, given::monday(10, 0));

    let of = |doctor: Option<&Doctor>, patient: Option<&Patient>| {
        let (doctor, patient) = (doctor.map(Doctor::id), patient.map(Patient::id));
        ids(&listed(store, &BookingFilter { doctor, patient, ..BookingFilter::default() }))
    };

    assert_eq!(of(Some(&doctor), None), ids([&one, &two]));
    assert_eq!(of(None, Some(&patient)), ids([&one, &three]));
    assert_eq!(of(Some(&doctor), Some(&neighbour)), ids([&two]));
    assert_eq!(of(Some(&colleague), Some(&neighbour)), []);
}

pub fn bookings_are_filtered_by_when_they_start_from_inclusive_to_exclusive(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let [eight, nine, ten] = [8, 9, 10].map(|hour| store.booked(&doctor, &patient, given::monday(hour, 0)));

    let between = |from, to| ids(&listed(store, &BookingFilter { from, to, ..BookingFilter::default() }));

    assert_eq!(between(Some(given::monday(9, 0)), None), ids([&nine, &ten]));
    assert_eq!(between(None, Some(given::monday(9, 0))), ids([&eight]));
    assert_eq!(between(Some(given::monday(9, 0)), Some(given::monday(10, 0))), ids([&nine]));
    assert_eq!(between(Some(given::monday(8, 30)), Some(given::monday(9, 0))), [], "the start counts, not the rest");
    assert_eq!(between(Some(given::monday(10, 0)), Some(given::monday(8, 0))), []);
}

pub fn bookings_are_filtered_by_their_date_on_the_clock_on_which_they_were_agreed(store: &Fixture) {
    // Around midnight in UTC, where the date is another in the east and in the west.
    let book = |zone, minutes| {
        let (doctor, patient) = (store.doctor(), store.patient());
        let start = given::monday(0, 0) + TimeDelta::minutes(minutes);
        let booking = given::booking(&doctor, &patient, given::stretch(start, 60));
        let booking = Booking::from_parts(BookingParts { zone: given::zone(zone), ..booking });
        store.put(&booking, doctor.revision()).expect("the booking is stored");
        // The doctor moves on; the booking stays on the clock on which it was agreed.
        let zone = Some(given::zone("Pacific/Honolulu"));
        store.change(&doctor.amended(DoctorAmendment { zone, ..DoctorAmendment::default() }, given::later()));
        booking.id()
    };
    let sunday = [book("America/New_York", -31), book("UTC", -30)];
    let monday = [book("Europe/Berlin", -29), book("UTC", 0), book("America/New_York", 301)];
    let tuesday = [book("Pacific/Kiritimati", 602)];

    let between = |from: Option<u32>, to: Option<u32>| {
        let (from_date, to_date) = (from.map(given::january), to.map(given::january));
        ids(&listed(store, &BookingFilter { from_date, to_date, ..BookingFilter::default() }))
    };

    assert_eq!(between(Some(7), Some(7)), monday, "both dates count");
    assert_eq!(between(None, Some(6)), sunday);
    assert_eq!(between(Some(8), None), tuesday);
    assert_eq!(between(Some(6), Some(7)), [&sunday[..], &monday].concat());
    assert!(between(Some(7), Some(6)).is_empty());
}

pub fn bookings_are_filtered_by_where_they_stand(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let [kept, cancelled] = [8, 9].map(|hour| store.booked(&doctor, &patient, given::monday(hour, 0)));
    store.cancel(&cancelled);

    let standing = |status| ids(&listed(store, &BookingFilter { status, ..BookingFilter::default() }));

    assert_eq!(standing(Some(BookingStatus::Booked)), ids([&kept]));
    assert_eq!(standing(Some(BookingStatus::Cancelled)), ids([&cancelled]));
    assert_eq!(standing(None), ids([&kept, &cancelled]));
}

pub fn a_listed_booking_passes_every_filter_at_once(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    let [_early, wanted, _late] = [8, 10, 12].map(|hour| store.booked(&doctor, &patient, given::monday(hour, 0)));
    store.cancel(&store.booked(&doctor, &patient, given::monday(11, 0)));
    store.booked(&doctor, &store.patient(), given::monday(9, 0));
    store.booked(&store.doctor(), &patient, given::monday(9, 0));
    let filter = BookingFilter {
        doctor: Some(doctor.id()),
        patient: Some(patient.id()),
        from: Some(given::monday(9, 0)),
        to: Some(given::monday(12, 0)),
        from_date: Some(given::january(7)),
        to_date: Some(given::january(7)),
        status: Some(BookingStatus::Booked),
    };
    assert_eq!(listed(store, &filter), [wanted]);
}

pub fn read_in_pages_bookings_are_the_same(store: &Fixture) {
    let patient = store.patient();
    for hour in 8..12 {
        store.booked(&store.doctor(), &patient, given::monday(hour, 0));
        store.booked(&store.doctor(), &store.patient(), given::monday(hour, 0));
    }
    for filter in [BookingFilter::default(), BookingFilter { patient: Some(patient.id()), ..BookingFilter::default() }]
    {
        let whole = listed(store, &filter);
        for most in 1..=9 {
            let read = given::read_by(most, |page| store.bookings.list(&filter, page));
            assert_eq!(read, whole, "in pages of {most}");
        }
    }
}

pub fn pages_of_bookings_stay_right_while_bookings_are_added(store: &Fixture) {
    let mut in_order: Vec<_> = (0..5).map(|_| given::booking_id()).collect();
    in_order.sort_unstable();
    let add = |id, hour| {
        let (doctor, patient) = (store.doctor(), store.patient());
        let span = given::stretch(given::monday(hour, 0), 60);
        let booking = Booking::from_parts(BookingParts { id, ..given::booking(&doctor, &patient, span) });
        store.put(&booking, doctor.revision()).expect("the booking is stored");
        id
    };
    let page = |after| {
        let request = PageRequest { after, limit: given::limit(2) };
        let page = store.bookings.list(&BookingFilter::default(), &request).expect("the store answers");
        (ids(&page.items), page.next)
    };

    let eight = add(given::booking_id(), 8);
    for index in [2, 4] {
        add(in_order[index], 9);
    }
    let ten = add(given::booking_id(), 10);
    let (first, next) = page(None);
    for index in [0, 1, 3] {
        add(in_order[index], 9);
    }
    add(given::booking_id(), 7);
    let eleven = add(given::booking_id(), 11);
    let (second, after_that) = page(next);
    let (third, end) = page(after_that);

    let expected = [vec![eight, in_order[2]], vec![in_order[3], in_order[4]], vec![ten, eleven]];
    assert_eq!([first, second, third], expected);
    assert_eq!(end, None);
}
