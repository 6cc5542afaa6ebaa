//! What the ports promise when many want something at once.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use doctor_booking_domain::{Booking, Doctor, DoctorAmendment, DoctorParts, Name, PatientAmendment, Revision};
use doctor_booking_ports::{
    ClosureStep, ExceptionChange, Outlook, RulesChange, SaveError, Snapshot, StoreBookingError,
};

use crate::at_once::{Answers, assert_nothing_overlaps, at_once, live, live_of, same_doctor, same_patient, together};
use crate::{Fixture, given};

/// The doctor, no longer working after noon.
fn without_afternoon(doctor: &Doctor) -> Doctor {
    doctor.with_hours(given::workdays("08:00", "12:00"), given::later())
}

// For one slot, or for different ones.

pub fn of_64_at_once_for_one_slot_exactly_one_gets_it(store: &Fixture) {
    let doctor = store.doctor();
    let wanted: Vec<_> = (0..64).map(|_| store.offered(&doctor, &store.patient(), given::monday(9, 0))).collect();

    let results = at_once(&wanted, |(booking, rules)| store.put(booking, *rules));

    assert_eq!(Answers::of(&results), Answers { stored: 1, doctor_busy: 63, ..Answers::default() });
    for ((booking, _), result) in wanted.iter().zip(&results) {
        assert_eq!(store.found(booking).is_some(), result.is_ok());
    }
}

pub fn of_64_at_once_for_64_slots_of_one_doctor_everybody_gets_one(store: &Fixture) {
    let all_day = given::workdays("00:00", "24:00");
    let rules = given::rules().with_hours(all_day).with_slot(given::slot(15));
    let doctor = store.doctor_of(DoctorParts { rules, ..given::doctor() });
    let start = |index: i64| given::monday(0, 0) + TimeDelta::minutes(15 * index);
    let wanted: Vec<_> = (0..64).map(|index| store.offered(&doctor, &store.patient(), start(index))).collect();

    let results = at_once(&wanted, |(booking, rules)| store.put(booking, *rules));

    assert_eq!(Answers::of(&results), Answers { stored: 64, ..Answers::default() });
    assert_eq!(live(store).len(), 64);
}

pub fn of_64_at_once_for_one_patient_at_64_times_every_one_is_stored(store: &Fixture) {
    let patient = store.patient();
    let start = |index: i64| given::monday(0, 0) + TimeDelta::minutes(15 * index);
    let wanted: Vec<_> = (0..64).map(|index| (store.doctor(), given::stretch(start(index), 15))).collect();

    let results = at_once(&wanted, |(doctor, span)| store.try_book(doctor, &patient, *span));

    assert_eq!(Answers::of(&results), Answers { stored: 64, ..Answers::default() });
    assert_eq!(live(store).len(), 64);
}

pub fn of_64_at_once_who_share_neither_doctor_nor_patient_everybody_is_stored(store: &Fixture) {
    let wanted: Vec<_> =
        (0..64).map(|_| store.offered(&store.doctor(), &store.patient(), given::monday(9, 0))).collect();

    let results = at_once(&wanted, |(booking, rules)| store.put(booking, *rules));

    assert_eq!(Answers::of(&results), Answers { stored: 64, ..Answers::default() });
}

pub fn bookings_that_touch_are_both_stored_at_once(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    for round in 0..16 {
        let day = given::monday(9, 0) + TimeDelta::days(round);
        let touching = [given::stretch(day, 30), given::stretch(day + TimeDelta::minutes(30), 30)];
        let results = at_once(touching, |span| store.try_book(&doctor, &patient, span));
        assert_eq!(Answers::of(&results), Answers { stored: 2, ..Answers::default() });
    }
}

// For times that overlap.

pub fn of_many_at_once_for_times_that_all_overlap_exactly_one_is_stored(store: &Fixture) {
    let doctor = store.doctor();
    let wanted: Vec<_> = (0..32)
        .map(|index| (store.patient(), given::stretch(given::monday(9, 0) + TimeDelta::minutes(index), 60)))
        .collect();

    let results = at_once(&wanted, |(patient, span)| store.try_book(&doctor, patient, *span));

    assert_eq!(Answers::of(&results), Answers { stored: 1, doctor_busy: 31, ..Answers::default() });
    assert_eq!(live(store).len(), 1);
}

pub fn of_one_patients_visits_to_32_doctors_at_times_that_overlap_exactly_one_is_stored(store: &Fixture) {
    let patient = store.patient();
    let wanted: Vec<_> = (0..32)
        .map(|index| (store.doctor(), given::stretch(given::monday(9, 0) + TimeDelta::minutes(index), 60)))
        .collect();

    let results = at_once(&wanted, |(doctor, span)| store.try_book(doctor, &patient, *span));

    assert_eq!(Answers::of(&results), Answers { stored: 1, patient_busy: 31, ..Answers::default() });
    for ((doctor, span), result) in wanted.iter().zip(&results) {
        let has_room = store.try_book(doctor, &store.patient(), *span).is_ok();
        assert_eq!(has_room, result.is_err(), "who refused the patient has room for another");
    }
}

pub fn whoever_is_refused_met_somebody_who_is_there(store: &Fixture) {
    // Three doctors, three patients, and stretches of which each overlaps a few others.
    let doctors: Vec<_> = (0..3).map(|_| store.doctor()).collect();
    let patients: Vec<_> = (0..3).map(|_| store.patient()).collect();
    for round in 0..5 {
        let day = given::monday(8, 0) + TimeDelta::days(round);
        let pairs = doctors.iter().flat_map(|doctor| patients.iter().map(move |patient| (doctor, patient)));
        let wanted: Vec<_> = pairs
            .cycle()
            .zip((0..36).map(|index| given::stretch(day + TimeDelta::minutes(5 * index), 45)))
            .map(|((doctor, patient), span)| Booking::from_parts(given::booking(doctor, patient, span)))
            .collect();

        let results = at_once(&wanted, |booking| store.put(booking, Revision::FIRST));

        assert_eq!(Answers::of(&results).stale, 0);
        let there = live(store);
        assert_nothing_overlaps(&there);
        for (booking, result) in wanted.iter().zip(&results) {
            let meets = |same: fn(&Booking, &Booking) -> bool| {
                there.iter().any(|other| same(other, booking) && other.span().overlaps(&booking.span()))
            };
            match result {
                Ok(()) => assert_eq!(store.found(booking).as_ref(), Some(booking)),
                Err(StoreBookingError::DoctorBusy) => assert!(meets(same_doctor), "the doctor was said to be busy"),
                Err(_) => assert!(meets(same_patient), "the patient was said to be busy"),
            }
        }
    }
}

pub fn two_doctors_and_two_patients_crosswise_never_block_each_other(store: &Fixture) {
    // Whichever pair is first, the other two are left for each other.
    let (doctors, patients) = ([store.doctor(), store.doctor()], [store.patient(), store.patient()]);
    for round in 0..20 {
        let span = given::stretch(given::monday(9, 0) + TimeDelta::days(round), 60);
        let pairs = [(0, 0), (1, 1), (0, 1), (1, 0)];
        let results = at_once(pairs, |(doctor, patient)| store.try_book(&doctors[doctor], &patients[patient], span));
        assert_eq!(Answers::of(&results).stored, 2);
        let stored: Vec<_> =
            pairs.iter().zip(results).filter(|(_, result)| result.is_ok()).map(|(pair, _)| pair).collect();
        assert!(matches!(stored[..], [(0, 0), (1, 1)] | [(0, 1), (1, 0)]), "in round {round}: {stored:?}");
    }
}

// While bookings are cancelled.

pub fn of_two_who_cancel_at_once_one_is_stale(store: &Fixture) {
    let (doctor, patient) = (store.doctor(), store.patient());
    for round in 0..20 {
        let booking = store.booked(&doctor, &patient, given::monday(9, 0));
        let ways = ["feels better", "has moved away"].map(|why| {
            booking.cancelled(given::reason(why), given::later()).expect("possible").expect("it was booked")
        });

        let results = at_once(&ways, |way| store.save(way, booking.revision()));

        let winner = match &results[..] {
            [Ok(()), Err(SaveError::Stale)] => &ways[0],
            [Err(SaveError::Stale), Ok(())] => &ways[1],
            others => panic!("in round {round}: {others:?}"),
        };
        assert_eq!(store.found(&booking).as_ref(), Some(winner));
    }
}

pub fn a_slot_given_back_goes_to_one_other_at_most(store: &Fixture) {
    let doctor = store.doctor();
    let patients: Vec<_> = (0..7).map(|_| store.patient()).collect();
    let nine = given::stretch(given::monday(9, 0), 60);
    for round in 0..20 {
        let booking = store.booked(&doctor, &patients[0], nine.start());
        let cancelled = given::cancelled(&booking);

        let answers = at_once(&patients, |patient| {
            if patient == &patients[0] {
                store.save(&cancelled, booking.revision()).expect("nobody else has changed it");
                return None;
            }
            Some(store.try_book(&doctor, patient, nine))
        });

        let others: Vec<_> = answers.into_iter().flatten().collect();
        let Answers { stored, doctor_busy, .. } = Answers::of(&others);
        assert!(stored <= 1 && stored + doctor_busy == 6, "in round {round}: {others:?}");
        let there = live(store);
        let winner: Vec<_> = others.into_iter().flatten().collect();
        assert_eq!(there, winner, "in round {round}");
        match winner.first() {
            Some(winner) => store.cancel(winner),
            None => assert!(store.is_free(&doctor, nine.start()), "in round {round}"),
        }
    }
}

// While rules change.

pub fn of_changes_decided_on_one_revision_exactly_one_is_saved(store: &Fixture) {
    let doctor = store.doctor();
    let seen = store.seen(&doctor);
    let changes: Vec<_> = (1..=8)
        .map(|index| {
            let slot = Some(given::slot(5 * index));
            let amendment = DoctorAmendment { slot, ..DoctorAmendment::default() };
            given::change(doctor.amended(amendment, given::later()), &seen)
        })
        .collect();

    let results = at_once(&changes, |change| store.doctors.save(change));

    let (saved, stale): (Vec<_>, Vec<_>) = changes.iter().zip(results).partition(|(_, result)| result.is_ok());
    assert!(stale.iter().all(|(_, result)| matches!(result, Err(SaveError::Stale))), "{stale:?}");
    let [(winner, _)] = &saved[..] else { panic!("{} were saved", saved.len()) };
    assert_eq!(store.seen(&doctor).doctor, winner.doctor);
}

pub fn of_a_patients_changes_decided_on_one_revision_exactly_one_is_saved(store: &Fixture) {
    let patient = store.patient();
    let changed: Vec<_> = ["Ann", "Bea", "Cat", "Dora", "Eve", "Fay", "Gil", "Hal"]
        .map(|first| {
            let first_name = Name::parse(first).ok();
            patient.amended(PatientAmendment { first_name, ..PatientAmendment::default() }, given::later())
        })
        .into();

    let results = at_once(&changed, |changed| store.patients.save(changed, patient.revision()));

    let (saved, stale): (Vec<_>, Vec<_>) = changed.iter().zip(results).partition(|(_, result)| result.is_ok());
    assert!(stale.iter().all(|(_, result)| matches!(result, Err(SaveError::Stale))), "{stale:?}");
    let [(winner, _)] = &saved[..] else { panic!("{} were saved", saved.len()) };
    assert_eq!(store.patients.find(patient.id()).expect("the store answers").as_ref(), Some(*winner));
}

pub fn of_a_change_of_rules_and_a_booking_decided_before_it_exactly_one_is_stored(store: &Fixture) {
    for round in 0..50 {
        let (doctor, patient) = (store.doctor(), store.patient());
        let change = given::change(without_afternoon(&doctor), &store.seen(&doctor));
        let (booking, rules) = store.offered(&doctor, &patient, given::monday(14, 0));

        let (saved, stored) = together(|| store.doctors.save(&change), || store.put(&booking, rules));

        match (saved, stored) {
            (Ok(()), Err(StoreBookingError::Stale)) => {
                assert_eq!(store.found(&booking), None);
                assert_eq!(store.seen(&doctor).doctor, change.doctor);
                assert!(store.is_free(&doctor, given::monday(9, 0)));
            }
            (Err(SaveError::Stale), Ok(())) => {
                assert_eq!(store.found(&booking), Some(booking));
                assert_eq!(store.seen(&doctor).doctor, doctor);
            }
            others => panic!("in round {round}: {others:?}"),
        }
    }
}

/// A change that leaves Monday at 14 o'clock outside and a booking of that time: whichever comes first, the other
/// knows.
fn never_misses_a_booking(store: &Fixture, decide: impl Fn(&Outlook) -> RulesChange + Sync) {
    for round in 0..50 {
        let (doctor, patient) = (store.doctor(), store.patient());

        // Both look and decide while the other is at it.
        let (change, booked) = together(
            || {
                let change = decide(&store.seen(&doctor));
                store.doctors.save(&change).map(|()| change)
            },
            || {
                let Snapshot { calendar, rules } = store.calendar(&doctor);
                let offer = calendar.offer(given::monday(14, 0), given::now()).ok()?;
                let booking = offer.for_patient(given::booking_id(), patient.id(), None, given::now());
                Some(store.put(&booking, rules).map(|()| booking))
            },
        );

        match (change, booked) {
            // The change came first: the booking is refused by the domain, or it is stale.
            (Ok(change), None | Some(Err(StoreBookingError::Stale))) => {
                assert!(change.judged.bookings.is_empty());
                assert_eq!(live_of(store, &doctor), []);
            }
            // The booking came first and the change has judged it.
            (Ok(change), Some(Ok(booking))) => {
                assert_eq!(change.judged.bookings, [(booking.id(), booking.revision())], "in round {round}");
                assert_eq!(live_of(store, &doctor), change.marked);
                assert!(change.marked[0].parts().outside_hours);
            }
            // The booking came first, and the change had not seen it.
            (Err(SaveError::Stale), Some(Ok(booking))) => {
                assert_eq!(live_of(store, &doctor), [booking]);
                assert_eq!(store.seen(&doctor).doctor, doctor);
            }
            others => panic!("in round {round}: {others:?}"),
        }
    }
}

pub fn a_change_of_rules_and_a_booking_never_miss_each_other(store: &Fixture) {
    never_misses_a_booking(store, |seen| given::change(without_afternoon(&seen.doctor), seen));
}

pub fn an_override_and_a_booking_never_miss_each_other(store: &Fixture) {
    let morning = given::override_of(given::january(7), &[("08:00", "12:00")]);
    never_misses_a_booking(store, |seen| given::exception(morning.clone(), None, seen));
}

pub fn time_off_and_a_booking_never_miss_each_other(store: &Fixture) {
    never_misses_a_booking(store, |seen| {
        let away = given::time_off(&seen.doctor, given::stretch(given::monday(14, 30), 5));
        given::exception(ExceptionChange::TimeOff(away), None, seen)
    });
}

pub fn a_change_of_rules_and_a_cancellation_never_miss_each_other(store: &Fixture) {
    for round in 0..50 {
        let (doctor, patient) = (store.doctor(), store.patient());
        let booking = store.booked(&doctor, &patient, given::monday(14, 0));
        let change = given::change(without_afternoon(&doctor), &store.seen(&doctor));
        let cancelled = given::cancelled(&booking);

        let (saved, cancelling) =
            together(|| store.doctors.save(&change), || store.save(&cancelled, booking.revision()));

        match (saved, cancelling) {
            (Ok(()), Err(SaveError::Stale)) => {
                assert_eq!(live_of(store, &doctor), change.marked);
                assert_eq!(store.seen(&doctor).doctor, change.doctor);
            }
            (Err(SaveError::Stale), Ok(())) => {
                assert_eq!(store.found(&booking), Some(cancelled));
                assert_eq!(store.seen(&doctor).doctor, doctor);
            }
            others => panic!("in round {round}: {others:?}"),
        }
    }
}

pub fn of_exceptions_decided_on_one_revision_exactly_one_is_saved(store: &Fixture) {
    let doctor = store.doctor();
    for _ in 0..20 {
        let (seen, there) = (store.seen(&doctor), store.seen(&doctor).exceptions.time_off.len());
        let changes: Vec<_> = (0..4)
            .map(|_| ExceptionChange::TimeOff(given::time_off(&doctor, given::stretch(given::monday(9, 0), 60))))
            .map(|what| given::exception(what, None, &seen))
            .collect();

        let results = at_once(&changes, |change| store.doctors.save(change));

        let (saved, stale): (Vec<_>, Vec<_>) = results.iter().partition(|result| result.is_ok());
        assert!(stale.iter().all(|result| matches!(result, Err(SaveError::Stale))), "{stale:?}");
        assert_eq!(saved.len(), 1);
        let after = store.seen(&doctor);
        assert_eq!(after.doctor, seen.doctor.revised(given::later()));
        assert_eq!(after.exceptions.time_off.len(), there + 1);
    }
}

// While the hospital closes.

/// Mondays of which no booking around one may lie on another.
fn mondays() -> impl Iterator<Item = NaiveDate> {
    (0..50).map(|weeks| given::january(7) + Days::new(7 * weeks))
}

fn at_two(date: NaiveDate) -> DateTime<Utc> {
    date.and_hms_opt(14, 0, 0).expect("a time").and_utc()
}

fn add(date: NaiveDate) -> ClosureStep {
    ClosureStep::Add(given::closure(date))
}

fn is_there(store: &Fixture, step: &ClosureStep) -> bool {
    store.closures.find(step.closure().id).expect("the store answers").is_some()
}

pub fn of_a_closure_and_a_booking_decided_before_it_exactly_one_is_stored(store: &Fixture) {
    for date in mondays() {
        let (doctor, patient) = (store.doctor(), store.patient());
        let change = store.closing(add(date));
        let (booking, rules) = store.offered(&doctor, &patient, at_two(date));

        let (saved, stored) = together(|| store.closures.save(&change), || store.put(&booking, rules));

        match (saved, stored) {
            (Ok(()), Err(StoreBookingError::Stale)) => {
                assert_eq!(store.found(&booking), None);
                assert_eq!(store.seen(&doctor).doctor, doctor.revised(change.as_of));
            }
            (Err(SaveError::Stale), Ok(())) => {
                assert_eq!(store.found(&booking), Some(booking));
                assert_eq!(store.seen(&doctor).doctor, doctor);
            }
            others => panic!("on {date}: {others:?}"),
        }
    }
}

pub fn a_closure_and_a_booking_never_miss_each_other(store: &Fixture) {
    for date in mondays() {
        let (doctor, patient) = (store.doctor(), store.patient());

        // Both look and decide while the other is at it.
        let (change, booked) = together(
            || {
                let change = store.closing(add(date));
                store.closures.save(&change).map(|()| change)
            },
            || {
                let Snapshot { calendar, rules } = store.calendar_around(&doctor, date);
                let offer = calendar.offer(at_two(date), given::now()).ok()?;
                let booking = offer.for_patient(given::booking_id(), patient.id(), None, given::now());
                Some(store.put(&booking, rules).map(|()| booking))
            },
        );

        match (change, booked) {
            // The closure came first: the booking is refused by the domain, or it is stale.
            (Ok(change), None | Some(Err(StoreBookingError::Stale))) => {
                assert!(change.bookings.is_empty());
                assert_eq!(live_of(store, &doctor), []);
            }
            // The booking came first and the closure has looked at it.
            (Ok(change), Some(Ok(booking))) => {
                assert_eq!(change.bookings, [(booking.id(), booking.revision())], "on {date}");
                assert_eq!(live_of(store, &doctor), change.marked);
                assert!(change.marked[0].parts().outside_hours);
            }
            // The booking came first, and the closure had not seen it.
            (Err(SaveError::Stale), Some(Ok(booking))) => {
                assert_eq!(live_of(store, &doctor), [booking]);
                assert_eq!(store.seen(&doctor).doctor, doctor);
            }
            others => panic!("on {date}: {others:?}"),
        }
    }
}

pub fn a_closure_and_a_cancellation_never_miss_each_other(store: &Fixture) {
    for date in mondays() {
        let doctor = store.doctor();
        let booking = store.booked(&doctor, &store.patient(), at_two(date));
        let change = store.closing(add(date));
        let cancelled = given::cancelled(&booking);

        let (saved, cancelling) =
            together(|| store.closures.save(&change), || store.save(&cancelled, booking.revision()));

        match (saved, cancelling) {
            (Ok(()), Err(SaveError::Stale)) => assert_eq!(live_of(store, &doctor), change.marked),
            (Err(SaveError::Stale), Ok(())) => {
                assert_eq!(store.found(&booking), Some(cancelled));
                assert!(!is_there(store, &change.step));
            }
            others => panic!("on {date}: {others:?}"),
        }
    }
}

pub fn of_closures_that_looked_at_the_same_doctor_exactly_one_is_saved(store: &Fixture) {
    let doctor = store.doctor();
    for date in mondays().take(20) {
        store.booked(&doctor, &store.patient(), at_two(date));
        let before = store.seen(&doctor).doctor;
        let changes: Vec<_> = (0..4).map(|_| store.closing(add(date))).collect();

        let results = at_once(&changes, |change| store.closures.save(change));

        let (saved, stale): (Vec<_>, Vec<_>) = changes.iter().zip(results).partition(|(_, result)| result.is_ok());
        assert!(stale.iter().all(|(_, result)| matches!(result, Err(SaveError::Stale))), "{stale:?}");
        assert!(stale.iter().all(|(change, _)| !is_there(store, &change.step)));
        let [(winner, _)] = &saved[..] else { panic!("{} were saved", saved.len()) };
        assert!(is_there(store, &winner.step));
        assert_eq!(store.seen(&doctor).doctor, before.revised(winner.as_of), "only once");
    }
}

pub fn closures_of_dates_on_which_nobody_is_booked_are_all_saved_at_once(store: &Fixture) {
    let doctor = store.doctor();
    let changes: Vec<_> = mondays().take(16).map(|date| store.closing(add(date))).collect();

    let results = at_once(&changes, |change| store.closures.save(change));

    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert!(changes.iter().all(|change| is_there(store, &change.step)));
    assert_eq!(store.seen(&doctor).doctor.revision().number(), 17, "one later for each");
}

pub fn a_closure_and_a_change_of_rules_never_miss_each_other(store: &Fixture) {
    for date in mondays() {
        let doctor = store.doctor();
        let booking = store.booked(&doctor, &store.patient(), at_two(date));
        let closing = store.closing(add(date));
        let change = given::change(without_afternoon(&doctor), &store.seen(&doctor));

        let (closed, changed) = together(|| store.closures.save(&closing), || store.doctors.save(&change));

        match (closed, changed) {
            (Ok(()), Err(SaveError::Stale)) => {
                assert_eq!(store.seen(&doctor).doctor, doctor.revised(closing.as_of));
                assert_eq!(live_of(store, &doctor), closing.marked);
            }
            (Err(SaveError::Stale), Ok(())) => {
                assert_eq!(store.seen(&doctor).doctor, change.doctor);
                assert!(!is_there(store, &closing.step));
                assert_eq!(live_of(store, &doctor), change.marked);
            }
            others => panic!("on {date}: {others:?}"),
        }
        assert_eq!(store.found(&booking).map(|booking| booking.revision().number()), Some(2));
    }
}
