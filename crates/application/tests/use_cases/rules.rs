//! Changing a doctor's rules, over a store in memory.

use doctor_booking_ports::{MockDoctors, MockVisitTypes, Outlook};

use crate::hospital::{
    ADMIN, Counting, Hospital, KEEP, REFUSE, Standing, at, date, gate, monday, mornings_only, weekly,
};
use std::sync::Arc;

use chrono::Weekday;
use doctor_booking_application::{
    Affected, AmendDoctor, ChangeOptions, ChangeRulesError, FindAvailabilityError, HoursInForce, HoursRefusal,
    NewHours, RemovalRefusal, Week,
};
use doctor_booking_domain::{
    DateRange, DoctorAmendment, DoctorId, Exceptions, Name, Revision, Upcoming, Weekly, WorkingHours,
};

#[test]
fn new_hours_hold_at_once() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let changed = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), REFUSE);
    assert_eq!(changed.expect("changed").doctor.revision(), Revision::FIRST.next());
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 3);
}

#[test]
fn hours_that_would_strand_a_patient_are_refused_and_nothing_changes() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    let refused = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), REFUSE);
    let Err(ChangeRulesError::BookingsAffected(affected)) = refused else { panic!("{refused:?}") };
    assert_eq!(affected, Affected { bookings: vec![booking], holds: vec![], hides_holds: false });
    let after = hospital.does.find_doctor.execute(&ADMIN, doctor.id()).expect("found");
    assert_eq!(after, Some(doctor));
}

#[test]
fn a_dry_run_tells_the_same_and_stores_nothing() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    let options = ChangeOptions { dry_run: true, ..REFUSE };
    let told = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), options);
    assert_eq!(told.expect("told").affected, Affected { bookings: vec![booking], holds: vec![], hides_holds: false });
    let after = hospital.does.find_doctor.execute(&ADMIN, doctor.id()).expect("found");
    assert_eq!(after, Some(doctor));
}

#[test]
fn kept_bookings_stay_and_are_marked() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    let changed = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), KEEP);
    assert_eq!(changed.expect("changed").affected.count(), 1);
    let kept = hospital.does.find_booking.execute(&ADMIN, booking.id()).expect("found").expect("there");
    assert!(kept.parts().outside_hours && kept.status().is_live());
}

#[test]
fn past_and_cancelled_bookings_never_count() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    let next = hospital.book(&doctor, &hospital.patient(), monday("13:00") + chrono::TimeDelta::days(7));
    hospital.it_is(at("2030-01-14T00:00:00Z"));
    let change = || hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &mornings_only(), REFUSE);
    let refused = change();
    let Err(ChangeRulesError::BookingsAffected(affected)) = refused else { panic!("{refused:?}") };
    assert_eq!(affected, Affected { bookings: vec![next.clone()], holds: vec![], hides_holds: false });
    hospital.cancel(&next);
    assert_eq!(change().expect("nobody is left").affected, Affected::default());
}

#[test]
fn some_days_change_and_the_others_stay_as_they_are_in_force() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let tuesdays = weekly(&[(Weekday::Tue, "09:00", "12:00")]).on(Weekday::Tue).to_vec();
    let new = NewHours { effective_from: Some(date("2030-02-01")), week: Week::Days(vec![(Weekday::Tue, tuesdays)]) };
    hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &new, REFUSE).expect("changed");
    assert_eq!((hospital.free_on(&doctor, "2030-01-08"), hospital.free_on(&doctor, "2030-02-05")), (0, 3));
    assert_eq!(hospital.free_on(&doctor, "2030-02-04"), 6);
    let (doctor, in_force) = hospital
        .does
        .find_working_hours
        .execute(&ADMIN, doctor.id(), Some(date("2030-01-31")))
        .expect("found")
        .expect("there");
    assert_eq!((in_force.effective_from, in_force.effective_to), (None, Some(date("2030-01-31"))));
    let versions = HoursInForce::all(&doctor);
    assert_eq!(versions.len(), 2);
    assert_eq!((versions[1].effective_from, versions[1].effective_to), (Some(date("2030-02-01")), None));
}

#[test]
fn impossible_hours_are_refused() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let nights = weekly(&[(Weekday::Sun, "22:00", "06:00")]);
    let new =
        NewHours { effective_from: None, week: Week::Days(vec![(Weekday::Sun, nights.on(Weekday::Sun).to_vec())]) };
    hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &new, REFUSE).expect("it ends before eight");
    let early = weekly(&[(Weekday::Mon, "05:00", "07:00")]).on(Weekday::Mon).to_vec();
    let new = NewHours { effective_from: None, week: Week::Days(vec![(Weekday::Mon, early)]) };
    let refused = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &new, REFUSE);
    assert!(matches!(refused, Err(ChangeRulesError::Refused(HoursRefusal::WindowsOverlap(_)))), "{refused:?}");
    let next = NewHours {
        effective_from: Some(date("2030-01-07")),
        week: Week::Whole(weekly(&[(Weekday::Mon, "05:00", "07:00")])),
    };
    let refused = hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &next, REFUSE);
    assert!(matches!(refused, Err(ChangeRulesError::Refused(HoursRefusal::VersionOverlap(_)))), "{refused:?}");
}

#[test]
fn a_version_can_be_removed_but_only_one_that_is_there() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let from = date("2030-01-01");
    let new = NewHours { effective_from: Some(from), ..mornings_only() };
    hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &new, REFUSE).expect("changed");
    let remove = |from| hospital.does.remove_working_hours.execute(&ADMIN, doctor.id(), from, REFUSE);
    let refused = remove(date("2030-01-02"));
    assert!(matches!(refused, Err(ChangeRulesError::Refused(RemovalRefusal::UnknownVersion(_)))), "{refused:?}");
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 3);
    remove(from).expect("removed");
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 6);
}

#[test]
fn a_change_of_something_else_than_was_seen_is_refused() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let options = ChangeOptions { expected: Some(Revision::FIRST.next()), ..REFUSE };
    let refused = hospital.does.amend_doctor.execute(&ADMIN, doctor.id(), &DoctorAmendment::default(), options);
    assert!(matches!(refused, Err(ChangeRulesError::Changed)), "{refused:?}");
    let unknown = DoctorId::from_u128(404);
    let refused = hospital.does.amend_doctor.execute(&ADMIN, unknown, &DoctorAmendment::default(), options);
    assert!(matches!(refused, Err(ChangeRulesError::UnknownDoctor)), "{refused:?}");
}

#[test]
fn a_range_is_answered_up_to_92_days() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let until = |to| DateRange::new(date("2030-01-01"), date(to)).expect("forwards");
    let find = |range| hospital.does.find_availability.execute(&ADMIN, doctor.id(), range, None);
    assert_eq!(find(until("2030-04-02")).expect("found").days.len(), 92);
    assert!(matches!(find(until("2030-04-03")), Err(FindAvailabilityError::RangeTooLong)));
}

#[test]
fn another_name_strands_nobody_even_where_a_booking_lies_outside() {
    // A booking outside hours that is not marked, as newer zone rules could leave it.
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let booking = hospital.book(&doctor, &hospital.patient(), monday("13:00"));
    let mut doctors = MockDoctors::new();
    let shorter = doctor.with_hours(WorkingHours::none(), booking.span().start());
    doctors.expect_outlook().returning(move |_, as_of| {
        let upcoming = Upcoming { as_of, bookings: vec![booking.clone()], holds: vec![] };
        Ok(Some(Outlook { doctor: shorter.clone(), exceptions: Exceptions::default(), upcoming }))
    });
    doctors.expect_save().times(1).withf(|change| change.marked.is_empty()).returning(|_| Ok(()));
    let rename = AmendDoctor::new(
        gate(),
        Arc::new(doctors),
        Arc::new(MockVisitTypes::new()),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    let amendment = DoctorAmendment { last_name: Name::parse("Targaryen").ok(), ..DoctorAmendment::default() };
    let renamed = rename.execute(&ADMIN, doctor.id(), &amendment, REFUSE).expect("renamed");
    assert_eq!(renamed.affected, Affected::default());
}

#[test]
fn hours_since_ever_change_nothing_while_a_later_version_is_in_force() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let later = NewHours { effective_from: Some(date("2029-01-01")), ..mornings_only() };
    hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &later, REFUSE).expect("changed");
    let closed = NewHours { effective_from: None, week: Week::Whole(Weekly::default()) };
    hospital.does.update_working_hours.execute(&ADMIN, doctor.id(), &closed, REFUSE).expect("changed");
    assert_eq!(hospital.free_on(&doctor, "2030-01-07"), 3);
}
