//! Overrides, time off and closures, and the free time around them, over a store in memory.

use std::sync::Arc;

use chrono::{TimeDelta, Weekday};
use doctor_booking_application::{
    AddClosure, CalendarFilter, ChangeClosureError, ChangeOptions, ChangeRulesError, Limit, NewClosure, NewTimeOff,
    RemoveOverride, SearchAvailabilityError,
};
use doctor_booking_domain::{
    ClosureId, ClosureName, DateRange, Doctor, Overrides, Refusal, Rule, SearchKey, Span, TimeOffId, Window,
};
use doctor_booking_ports::{MockCalendars, MockClosures, MockDoctors, Outlook, SaveError};

use crate::hospital::{
    ADMIN, Counting, DRY, Hospital, KEEP, MONDAY, REFUSE, Standing, at, date, gate, monday, reason, wanted, weekly,
};

fn morning(doctor: &Doctor) -> NewTimeOff {
    let span = Span::new(monday("08:00"), monday("11:00")).expect("forwards");
    NewTimeOff { doctor: doctor.id(), span, reason: Some(reason("conference")) }
}

fn epiphany() -> NewClosure {
    NewClosure { date: date(MONDAY), name: ClosureName::parse("Epiphany, observed").expect("valid") }
}

#[test]
fn an_override_replaces_a_date_until_it_is_removed() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let evening = [Window::parse("18:00", "20:00").expect("valid")];
    hospital.does.set_override.execute(&ADMIN, doctor.id(), date(MONDAY), &evening, REFUSE).expect("set");
    assert_eq!(hospital.free_on(&doctor, MONDAY), 2);
    let dates = DateRange::day(date(MONDAY));
    let listed = hospital.does.list_overrides.execute(&ADMIN, doctor.id(), dates).expect("listed");
    assert_eq!(listed.on(date(MONDAY)), Some(&evening[..]));
    hospital.does.remove_override.execute(&ADMIN, doctor.id(), date(MONDAY), REFUSE).expect("removed");
    assert_eq!(hospital.free_on(&doctor, MONDAY), 6);
    let again = hospital.does.remove_override.execute(&ADMIN, doctor.id(), date(MONDAY), REFUSE);
    assert!(matches!(again, Err(ChangeRulesError::Refused(_))), "{again:?}");
}

#[test]
fn each_departure_from_the_week_is_refused_where_it_would_strand_a_patient_and_marks_whom_it_keeps() {
    type Change = fn(&Hospital, &Doctor, ChangeOptions) -> Result<usize, usize>;
    fn stranded<T, R: std::fmt::Debug>(
        changed: Result<T, ChangeRulesError<R>>,
        of: fn(T) -> usize,
    ) -> Result<usize, usize> {
        match changed {
            Ok(changed) => Ok(of(changed)),
            Err(ChangeRulesError::BookingsAffected(all)) => Err(all.count()),
            Err(error) => panic!("{error:?}"),
        }
    }
    let close: Change = |hospital, doctor, options| {
        let changed = hospital.does.set_override.execute(&ADMIN, doctor.id(), date(MONDAY), &[], options);
        stranded(changed, |changed| changed.affected.count())
    };
    let away: Change = |hospital, doctor, options| {
        let changed = hospital.does.add_time_off.execute(&ADMIN, &morning(doctor), options, None);
        stranded(changed, |(_, changed)| changed.affected.count())
    };
    let closure: Change =
        |hospital, _, options| match hospital.does.add_closure.execute(&ADMIN, epiphany(), options, None) {
            Ok(changed) => Ok(changed.affected.count()),
            Err(ChangeClosureError::BookingsAffected(all)) => Err(all.count()),
            Err(error) => panic!("{error:?}"),
        };
    for change in [close, away, closure] {
        let hospital = Hospital::new();
        let doctor = hospital.doctor();
        let booking = hospital.book(&doctor, &hospital.patient(), monday("09:00"));
        assert_eq!(change(&hospital, &doctor, DRY), Ok(1));
        assert_eq!(change(&hospital, &doctor, REFUSE), Err(1));
        assert_eq!(hospital.free_on(&doctor, MONDAY), 5, "nothing was stored");
        assert_eq!(change(&hospital, &doctor, KEEP), Ok(1));
        let kept = hospital.does.find_booking.execute(&ADMIN, booking.id()).expect("found").expect("there");
        assert!(kept.parts().outside_hours && kept.status().is_live());
        let late =
            hospital.does.book_slot.execute(&ADMIN, &wanted(&doctor, &hospital.patient(), monday("08:00")), None);
        assert!(late.is_err(), "the time is not offered any more");
    }
}

#[test]
fn what_comes_back_inside_loses_its_mark() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    let (away, _) = hospital.does.add_time_off.execute(&ADMIN, &morning(&doctor), KEEP, None).expect("entered");
    let closed = hospital.does.add_closure.execute(&ADMIN, epiphany(), KEEP, None).expect("closed").closure;
    let is_outside = || {
        let found = hospital.does.find_booking.execute(&ADMIN, booking.id()).expect("found").expect("there");
        found.parts().outside_hours
    };
    hospital.does.remove_time_off.execute(&ADMIN, doctor.id(), away.id, REFUSE).expect("removed");
    assert!(is_outside(), "the hospital is still closed");
    hospital.does.remove_closure.execute(&ADMIN, closed.id, REFUSE).expect("removed");
    assert!(!is_outside());
}

#[test]
fn what_is_not_there_cannot_be_removed() {
    let hospital = Hospital::new();
    let (doctor, other) = (hospital.doctor(), hospital.doctor());
    let (away, _) = hospital.does.add_time_off.execute(&ADMIN, &morning(&doctor), REFUSE, None).expect("entered");
    for (whose, id) in [(other.id(), away.id), (doctor.id(), TimeOffId::from_u128(404))] {
        let refused = hospital.does.remove_time_off.execute(&ADMIN, whose, id, REFUSE);
        assert!(matches!(refused, Err(ChangeRulesError::Refused(_))), "{refused:?}");
    }
    let refused = hospital.does.remove_closure.execute(&ADMIN, ClosureId::from_u128(404), REFUSE);
    assert!(matches!(refused, Err(ChangeClosureError::UnknownClosure)), "{refused:?}");
}

#[test]
fn a_closure_that_others_always_outrun_ends() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let mut closures = MockClosures::new();
    closures.expect_outlooks().returning(move |_, as_of| {
        let upcoming = doctor_booking_domain::Upcoming { as_of, bookings: vec![], holds: vec![] };
        Ok(vec![Outlook { doctor: doctor.clone(), exceptions: doctor_booking_domain::Exceptions::default(), upcoming }])
    });
    closures.expect_save().times(2..20).returning(|_| Err(SaveError::Stale));
    let add = AddClosure::new(gate(), Arc::new(closures), Arc::new(Standing::default()), Arc::new(Counting::default()));
    let contended = add.execute(&ADMIN, epiphany(), REFUSE, None);
    assert!(matches!(contended, Err(ChangeClosureError::Contended)), "{contended:?}");
}

#[test]
fn what_somebody_else_removed_meanwhile_is_not_there() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.does.set_override.execute(&ADMIN, doctor.id(), date(MONDAY), &[], REFUSE).expect("set");
    let seen = hospital.stores.doctors.outlook(doctor.id(), at("2029-12-01T00:00:00Z")).expect("found");
    let mut doctors = MockDoctors::new();
    doctors.expect_outlook().returning(move |_, _| Ok(seen.clone()));
    doctors.expect_save().returning(|_| Err(SaveError::Stale));
    let (mut calendars, mut looks) = (MockCalendars::new(), 0);
    calendars.expect_overrides().times(2).returning(move |_, _| {
        looks += 1;
        let there = Overrides::default();
        Ok(if looks == 1 { there.with(date(MONDAY), vec![]) } else { there })
    });
    let remove = RemoveOverride::new(
        gate(),
        Arc::new(doctors),
        Arc::new(calendars),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    let refused = remove.execute(&ADMIN, doctor.id(), date(MONDAY), REFUSE);
    assert!(matches!(refused, Err(ChangeRulesError::Refused(_))), "{refused:?}");
}

#[test]
fn the_earliest_free_slots_of_many_doctors_are_found_by_start_then_doctor() {
    let hospital = Hospital::new();
    let (first, second) = (hospital.doctor(), hospital.doctor());
    hospital.book(&first, &hospital.patient(), monday("08:00"));
    let week = DateRange::new(date(MONDAY), date("2030-01-13")).expect("forwards");
    let search = |which: &CalendarFilter, limit| {
        let limit = Limit::new(limit).expect("in range");
        let found = hospital.does.search_availability.execute(&ADMIN, which, week, None, limit).expect("found");
        found.into_iter().map(|slot| (slot.span.start(), slot.doctor)).collect::<Vec<_>>()
    };
    let earliest = [(monday("08:00"), second.id()), (monday("09:00"), first.id()), (monday("09:00"), second.id())];
    assert_eq!(search(&CalendarFilter::default(), 3), earliest);
    let only = CalendarFilter { doctors: vec![first.id()], specialty: Some(SearchKey::of("Cardiology")) };
    assert_eq!(search(&only, 200).len(), 5);
    let none = CalendarFilter { specialty: Some(SearchKey::of("dermatology")), ..CalendarFilter::default() };
    assert_eq!(search(&none, 200), []);
    let long = DateRange::new(date("2030-01-01"), date("2030-04-03")).expect("forwards");
    let refused = hospital.does.search_availability.execute(&ADMIN, &only, long, None, Limit::default());
    assert!(matches!(refused, Err(SearchAvailabilityError::RangeTooLong)));
}

#[test]
fn the_next_slot_is_searched_for_a_year_and_says_how_far() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let next = |after| hospital.does.find_next_slot.execute(&ADMIN, doctor.id(), after, None).expect("found");
    let found = next(Some(monday("08:00") + TimeDelta::microseconds(1)));
    assert_eq!(found.slot.map(|slot| slot.span.start()), Some(monday("09:00")));
    let from_now = next(Some(at("2000-01-01T00:00:00Z")));
    assert_eq!(from_now.slot.map(|slot| slot.span.start()), Some(at("2029-12-03T08:00:00-05:00")));
    let none = weekly(&[(Weekday::Mon, "08:00", "08:30")]);
    let new = doctor_booking_application::NewHours {
        effective_from: None,
        week: doctor_booking_application::Week::Whole(none),
    };
    hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &new, REFUSE).expect("changed");
    let nothing = next(None);
    assert_eq!((nothing.slot, nothing.searched_to), (None, date("2030-12-01")));
}

#[test]
fn an_explanation_names_the_rule_that_a_refusal_is_about() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.does.add_time_off.execute(&ADMIN, &morning(&doctor), REFUSE, None).expect("entered");
    let told = hospital.does.explain_start.execute(&ADMIN, doctor.id(), monday("08:00"), None).expect("told");
    let failed: Vec<_> = told.findings.iter().filter(|found| !found.passed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].rule, failed[0].rule.refusal()), (Rule::NoTimeOff, Refusal::OutsideWorkingHours));
    assert_eq!(failed[0].blocked_by, Some(morning(&doctor).span));
}
