//! What has happened: who changed what, when and why, and what it was before.

use std::collections::BTreeSet;
use std::sync::Arc;

use doctor_booking_application::{
    AddClosure, Advance, Cancellation, ChangeOptions, HoldSlot, NewClosure, NewHours, NewTimeOff, ReleaseHold,
    RemoveClosure, RemoveOverride, Reschedule, UpdateWorkingHours, Wanted, Week,
};
use doctor_booking_domain::{
    Actor, Booking, BookingId, Calendar, CallerId, Closure, ClosureId, ClosureName, Doctor, DoctorAmendment, DoctorId,
    Email, Entry, Exceptions, Facts, Name, OfferedTypes, Overrides, PatientAmendment, PatientId, Phone, Revision, Role,
    SlotLength, Span, Terms, Upcoming, What, Who, Window,
};
use doctor_booking_ports::{
    MockCalendars, MockClosures, MockDoctors, MockHolds, MockVisitTypes, Outlook, SaveError, Snapshot,
};

use crate::hospital::{
    ADMIN, Counting, DRY, Hospital, KEEP, MONDAY, NOW, OTHER, REFUSE, Standing, at, date, first_page, founding_rules,
    gate, monday, mornings_only, reason, wanted, wanted_hold,
};

fn facts(of: &[(&str, &str)]) -> Facts {
    of.iter().copied().collect()
}

fn nothing() -> Facts {
    Facts::default()
}

fn whats(told: &[Entry]) -> Vec<What> {
    told.iter().map(|entry| entry.what).collect()
}

fn last(told: Vec<Entry>) -> Entry {
    told.into_iter().last().expect("something is told")
}

fn to(booking: &Booking, time: &str) -> Reschedule {
    Reschedule {
        booking: booking.id(),
        start: monday(time),
        doctor: None,
        reason: None,
        set_aside: None,
        expected: None,
    }
}

fn window(start: &str, end: &str) -> Window {
    Window::parse(start, end).expect("valid")
}

fn morning_off(doctor: &Doctor) -> NewTimeOff {
    let span = Span::new(monday("08:00"), monday("11:00")).expect("forwards");
    NewTimeOff { doctor: doctor.id(), span, reason: Some(reason("conference")) }
}

fn epiphany() -> NewClosure {
    NewClosure { date: date(MONDAY), name: ClosureName::parse("Epiphany, observed").expect("valid") }
}

fn afternoons_too() -> NewHours {
    let founding = founding_rules().hours.versions()[0].weekly().clone();
    NewHours { effective_from: None, week: Week::Whole(founding) }
}

#[test]
fn a_booking_that_is_made_is_told_with_all_that_is_known_of_it() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let visit_type = hospital.visit_type(Terms::plain(SlotLength::from_minutes(30).expect("a length")));
    let wanted = Wanted {
        visit_type: Some(visit_type.id()),
        reason: Some(reason("headaches")),
        ..wanted(&doctor, &patient, monday("09:00"))
    };
    let booking = hospital.does.book_slot.execute(&OTHER, &wanted, None).expect("booked");
    let told = hospital.told_of(&booking);
    let after = facts(&[
        ("doctorId", &doctor.id().to_string()),
        ("patientId", &patient.id().to_string()),
        ("start", "2030-01-07T09:00:00-05:00"),
        ("end", "2030-01-07T09:30:00-05:00"),
        ("timeZone", "America/New_York"),
        ("visitType", &visit_type.id().to_string()),
        ("status", "booked"),
        ("reason", "headaches"),
        ("outsideHours", "false"),
    ]);
    let expected = Entry {
        id: told[0].id,
        what: What::BookingCreated,
        at: at(NOW),
        who: Who::Caller(OTHER.caller),
        why: None,
        doctor: Some(doctor.id()),
        patient: Some(patient.id()),
        booking: Some(booking.id()),
        before: nothing(),
        after,
    };
    assert_eq!(told, [expected]);
}

#[test]
fn every_change_of_a_booking_is_told_once_with_who_when_why_and_what_was_before() {
    let hospital = Hospital::new();
    let (doctor, other, patient) = (hospital.doctor(), hospital.doctor(), hospital.patient());
    let booking = hospital.book(&doctor, &patient, monday("09:00"));
    let (id, does) = (booking.id(), &hospital.does);
    let told = |what, who, time, why: Option<&str>, before: &[(&str, &str)], after: &[(&str, &str)]| {
        let told = hospital.told_of(&booking);
        let entry = Entry {
            id: last(told.clone()).id,
            what,
            at: monday(time),
            who: Who::Caller(who),
            why: why.map(reason),
            doctor: Some(hospital.find(&booking).doctor()),
            patient: Some(patient.id()),
            booking: Some(id),
            before: facts(before),
            after: facts(after),
        };
        assert_eq!(told.last(), Some(&entry));
        told.len()
    };

    hospital.it_is(monday("07:00"));
    let move_on = Reschedule { reason: Some(reason("the train is late")), ..to(&booking, "10:00") };
    does.reschedule_booking.execute(&OTHER, &move_on).expect("moved");
    let before = [("start", "2030-01-07T09:00:00-05:00"), ("end", "2030-01-07T10:00:00-05:00")];
    let after = [("start", "2030-01-07T10:00:00-05:00"), ("end", "2030-01-07T11:00:00-05:00")];
    let why = Some("the train is late");
    assert_eq!(told(What::BookingMoved, OTHER.caller, "07:00", why, &before, &after), 2);

    hospital.it_is(monday("07:01"));
    does.reschedule_booking
        .execute(&ADMIN, &Reschedule { doctor: Some(other.id()), ..to(&booking, "10:00") })
        .expect("moved");
    let (one, another) = (doctor.id().to_string(), other.id().to_string());
    let (before, after) = ([("doctorId", one.as_str())], [("doctorId", another.as_str())]);
    assert_eq!(told(What::BookingMoved, ADMIN.caller, "07:01", None, &before, &after), 3);

    hospital.it_is(monday("07:02"));
    let cancel = Cancellation { booking: id, reason: reason("feels better"), expected: None };
    does.cancel_booking.execute(&OTHER, &cancel).expect("cancelled");
    let cancelled = [("status", "cancelled"), ("cancelReason", "feels better")];
    let why = Some("feels better");
    assert_eq!(told(What::BookingCancelled, OTHER.caller, "07:02", why, &[("status", "booked")], &cancelled), 4);

    hospital.it_is(monday("07:03"));
    does.reinstate_booking.execute(&ADMIN, id, None).expect("reinstated");
    assert_eq!(told(What::BookingReinstated, ADMIN.caller, "07:03", None, &cancelled, &[("status", "booked")]), 5);

    hospital.it_is(monday("09:55"));
    does.advance_booking.execute(&OTHER, id, Advance::Arrive, None).expect("arrived");
    let (booked, arrived) = ([("status", "booked")], [("status", "arrived")]);
    assert_eq!(told(What::BookingArrived, OTHER.caller, "09:55", None, &booked, &arrived), 6);

    hospital.it_is(monday("10:50"));
    does.advance_booking.execute(&ADMIN, id, Advance::Fulfil, None).expect("fulfilled");
    assert_eq!(told(What::BookingFulfilled, ADMIN.caller, "10:50", None, &arrived, &[("status", "fulfilled")]), 7);

    let ids: BTreeSet<_> = hospital.told_of(&booking).iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), 7);
}

#[test]
fn a_no_show_is_told_once() {
    let hospital = Hospital::new();
    let booking = hospital.book(&hospital.doctor(), &hospital.patient(), monday("09:00"));
    hospital.it_is(monday("09:20"));
    hospital.does.advance_booking.execute(&OTHER, booking.id(), Advance::NoShow, None).expect("it has begun");
    let told = hospital.told_of(&booking);
    assert_eq!(whats(&told), [What::BookingCreated, What::BookingNoShow]);
    assert_eq!((told[1].at, told[1].who), (monday("09:20"), Who::Caller(OTHER.caller)));
    assert_eq!((&told[1].before, &told[1].after), (&facts(&[("status", "booked")]), &facts(&[("status", "no-show")])));
}

#[test]
fn a_hold_that_becomes_a_booking_is_told_as_a_booking_that_was_made() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let hold = hospital.hold(&OTHER, &doctor, monday("09:00"));
    let booking = hospital.confirm(&OTHER, &hold, &hospital.patient()).expect("confirmed");
    let told = hospital.told_of(&booking);
    assert_eq!(whats(&told), [What::BookingCreated]);
    assert_eq!((told[0].who, &told[0].before), (Who::Caller(OTHER.caller), &nothing()));
    assert_eq!(whats(&hospital.told_of_rules(&doctor)), [What::DoctorCreated], "holds are no rules");
}

#[test]
fn a_booking_that_a_change_of_rules_marks_is_told_of_as_well_and_others_are_not() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let [inside, outside] = ["09:00", "13:00"].map(|time| hospital.book(&doctor, &hospital.patient(), monday(time)));
    let (off, on) = (facts(&[("outsideHours", "false")]), facts(&[("outsideHours", "true")]));
    let marked = |after: &Facts, count| {
        let told = hospital.told_of(&outside);
        assert_eq!(told.len(), count);
        let entry = last(told);
        assert_eq!((entry.what, entry.who), (What::BookingMarked, Who::Caller(OTHER.caller)));
        assert_eq!((entry.doctor, entry.patient), (Some(doctor.id()), Some(outside.parts().patient)));
        assert_eq!((&entry.before, &entry.after), (if *after == on { &off } else { &on }, after));
        assert_eq!(hospital.told_of(&inside).len(), 1);
    };
    let does = &hospital.does;
    does.update_working_hours.execute(&OTHER, doctor.id(), &mornings_only(), KEEP).expect("changed");
    marked(&on, 2);
    does.update_working_hours.execute(&OTHER, doctor.id(), &afternoons_too(), KEEP).expect("changed");
    marked(&off, 3);
    does.set_override.execute(&OTHER, doctor.id(), date(MONDAY), &[window("08:00", "11:00")], KEEP).expect("set");
    marked(&on, 4);
    does.remove_override.execute(&OTHER, doctor.id(), date(MONDAY), KEEP).expect("removed");
    marked(&off, 5);
    hospital.cancel(&inside);
    let (_, told) =
        (does.add_closure.execute(&OTHER, epiphany(), KEEP, None).expect("closed"), hospital.told_of(&outside));
    assert_eq!((whats(&told)[5..].to_vec(), &told[5].after), (vec![What::BookingMarked], &on));
    assert_eq!(told[5].who, Who::Caller(OTHER.caller));
    assert_eq!(hospital.told_of(&inside).len(), 2, "what is cancelled is not marked");
}

#[test]
fn a_doctor_s_history_has_hours_overrides_time_off_and_what_else_was_changed() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let (id, does) = (doctor.id(), &hospital.does);
    let hours = "Mon 08:00–11:00 13:00–16:00";
    let told = |what, time: &str, before: &[(&str, &str)], after: &[(&str, &str)]| {
        let told = hospital.told_of_rules(&doctor);
        let entry = Entry {
            id: last(told.clone()).id,
            what,
            at: at(time),
            who: Who::Caller(OTHER.caller),
            why: None,
            doctor: Some(id),
            patient: None,
            booking: None,
            before: facts(before),
            after: facts(after),
        };
        assert_eq!(told.last(), Some(&entry));
        told.len()
    };
    let created = last(hospital.told_of_rules(&doctor));
    let known = facts(&[
        ("firstName", "Jon"),
        ("lastName", "Snow"),
        ("specialty", "cardiology"),
        ("timeZone", "America/New_York"),
        ("slotMinutes", "60"),
        ("visitTypes", "all"),
        ("active", "true"),
        ("workingHours since ever", hours),
    ]);
    assert_eq!((created.what, created.who, created.at), (What::DoctorCreated, Who::Caller(ADMIN.caller), at(NOW)));
    assert_eq!((created.before, created.after), (nothing(), known));

    hospital.it_is(at("2029-12-02T00:00:00Z"));
    let february = NewHours { effective_from: Some(date("2030-02-01")), ..mornings_only() };
    does.update_working_hours.execute(&OTHER, id, &february, REFUSE).expect("changed");
    let version = [("workingHours from 2030-02-01", "Mon 08:00–11:00")];
    assert_eq!(told(What::HoursChanged, "2029-12-02T00:00:00Z", &[], &version), 2);

    hospital.it_is(at("2029-12-03T00:00:00Z"));
    does.remove_working_hours.execute(&OTHER, id, date("2030-02-01"), REFUSE).expect("removed");
    assert_eq!(told(What::HoursChanged, "2029-12-03T00:00:00Z", &version, &[]), 3);

    hospital.it_is(at("2029-12-04T00:00:00Z"));
    does.set_override.execute(&OTHER, id, date(MONDAY), &[window("18:00", "20:00")], REFUSE).expect("set");
    let evening = [("date", MONDAY), ("windows", "18:00–20:00")];
    assert_eq!(told(What::OverrideSet, "2029-12-04T00:00:00Z", &[], &evening), 4);

    hospital.it_is(at("2029-12-05T00:00:00Z"));
    does.set_override.execute(&OTHER, id, date(MONDAY), &[], REFUSE).expect("set");
    let closed = [("date", MONDAY), ("windows", "closed")];
    assert_eq!(told(What::OverrideSet, "2029-12-05T00:00:00Z", &evening, &closed), 5);

    hospital.it_is(at("2029-12-06T00:00:00Z"));
    does.remove_override.execute(&OTHER, id, date(MONDAY), REFUSE).expect("removed");
    assert_eq!(told(What::OverrideRemoved, "2029-12-06T00:00:00Z", &closed, &[]), 6);

    hospital.it_is(at("2029-12-07T00:00:00Z"));
    let (away, _) = does.add_time_off.execute(&OTHER, &morning_off(&doctor), REFUSE, None).expect("entered");
    let away_id = away.id.to_string();
    let off = [
        ("timeOffId", away_id.as_str()),
        ("start", "2030-01-07T08:00:00-05:00"),
        ("end", "2030-01-07T11:00:00-05:00"),
        ("reason", "conference"),
    ];
    assert_eq!(told(What::TimeOffAdded, "2029-12-07T00:00:00Z", &[], &off), 7);

    hospital.it_is(at("2029-12-08T00:00:00Z"));
    does.remove_time_off.execute(&OTHER, id, away.id, REFUSE).expect("removed");
    assert_eq!(told(What::TimeOffRemoved, "2029-12-08T00:00:00Z", &off, &[]), 8);

    hospital.it_is(at("2029-12-09T00:00:00Z"));
    let amendment = DoctorAmendment {
        last_name: Name::parse("Targaryen").ok(),
        visit_types: Some(OfferedTypes::Only([].into())),
        active: Some(false),
        ..DoctorAmendment::default()
    };
    does.amend_doctor.execute(&OTHER, id, &amendment, REFUSE).expect("amended");
    let before = [("lastName", "Snow"), ("visitTypes", "all"), ("active", "true")];
    let after = [("lastName", "Targaryen"), ("visitTypes", "none"), ("active", "false")];
    assert_eq!(told(What::DoctorChanged, "2029-12-09T00:00:00Z", &before, &after), 9);

    let ids: BTreeSet<_> = hospital.told_of_rules(&doctor).iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), 9);
}

#[test]
fn a_doctor_s_history_has_no_bookings_no_closures_and_nothing_of_others() {
    let hospital = Hospital::new();
    let (doctor, other) = (hospital.doctor(), hospital.doctor());
    let booking = hospital.book(&doctor, &hospital.patient(), monday("09:00"));
    hospital.cancel(&booking);
    hospital.does.add_closure.execute(&ADMIN, epiphany(), KEEP, None).expect("closed");
    hospital.does.add_time_off.execute(&ADMIN, &morning_off(&other), KEEP, None).expect("entered");
    assert_eq!(whats(&hospital.told_of_rules(&doctor)), [What::DoctorCreated]);
}

#[test]
fn of_an_override_that_is_past_is_told_what_it_was() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let set = |windows: &[Window]| {
        hospital.does.set_override.execute(&ADMIN, doctor.id(), date(MONDAY), windows, REFUSE).expect("set");
        last(hospital.told_of_rules(&doctor))
    };
    set(&[window("18:00", "20:00")]);
    hospital.it_is(at("2030-06-01T00:00:00Z"));
    let before = facts(&[("date", MONDAY), ("windows", "18:00–20:00")]);
    let closed = set(&[]);
    assert_eq!((closed.what, &closed.before), (What::OverrideSet, &before));
    hospital.does.remove_override.execute(&ADMIN, doctor.id(), date(MONDAY), REFUSE).expect("removed");
    let removed = last(hospital.told_of_rules(&doctor));
    assert_eq!((removed.what, removed.before, removed.after), (What::OverrideRemoved, closed.after, nothing()));
}

#[test]
fn an_override_that_was_replaced_in_between_is_told_as_what_was_removed() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let id = doctor.id();
    let evening = [window("18:00", "20:00")];
    hospital.does.set_override.execute(&ADMIN, id, date(MONDAY), &evening, REFUSE).expect("set");
    // When it was looked for, it was another one.
    let mut calendars = MockCalendars::new();
    let older = Overrides::default().with(date(MONDAY), vec![window("06:00", "07:00")]);
    calendars.expect_overrides().returning(move |_, _| Ok(older.clone()));
    let remove = RemoveOverride::new(
        gate(),
        Arc::clone(&hospital.stores.doctors),
        Arc::new(calendars),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    remove.execute(&ADMIN, id, date(MONDAY), REFUSE).expect("removed");
    let told = hospital.told_of_rules(&doctor);
    let removed: Vec<_> = told.iter().filter(|entry| entry.what == What::OverrideRemoved).collect();
    assert_eq!(removed.len(), 1);
    assert_eq!(removed[0].before, facts(&[("date", MONDAY), ("windows", "18:00–20:00")]));
}

#[test]
fn what_changes_nothing_is_told_nowhere() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let (id, does) = (doctor.id(), &hospital.does);
    let booking = hospital.book(&doctor, &patient, monday("13:00"));
    let taken = hospital.book(&doctor, &hospital.patient(), monday("14:00"));
    let cancelled = hospital.book(&doctor, &hospital.patient(), monday("15:00"));
    hospital.cancel(&cancelled);
    let told = || {
        let bookings = [&booking, &taken, &cancelled].map(|booking| hospital.told_of(booking));
        (hospital.told_of_rules(&doctor), bookings)
    };
    let before = told();
    let (closed, away) = ([], NewTimeOff { span: booking.span(), ..morning_off(&doctor) });
    let gone = DoctorAmendment { active: Some(false), ..DoctorAmendment::default() };

    for options in [DRY, REFUSE] {
        let is_dry = options == DRY;
        assert_eq!(does.update_working_hours.execute(&ADMIN, id, &mornings_only(), options).is_ok(), is_dry);
        assert_eq!(does.set_override.execute(&ADMIN, id, date(MONDAY), &closed, options).is_ok(), is_dry);
        assert_eq!(does.add_time_off.execute(&ADMIN, &away, options, None).is_ok(), is_dry);
        assert_eq!(does.add_closure.execute(&ADMIN, epiphany(), options, None).is_ok(), is_dry);
        assert_eq!(does.amend_doctor.execute(&ADMIN, id, &gone, options).is_ok(), is_dry);
    }
    let not_there = does.remove_override.execute(&ADMIN, id, date(MONDAY), REFUSE);
    assert!(not_there.is_err());
    let stale = ChangeOptions { expected: Some(Revision::FIRST.next()), ..KEEP };
    assert!(does.amend_doctor.execute(&ADMIN, id, &gone, stale).is_err());

    assert!(does.reschedule_booking.execute(&ADMIN, &to(&booking, "14:00")).is_err());
    assert!(does.advance_booking.execute(&ADMIN, booking.id(), Advance::Fulfil, None).is_err());
    assert!(does.advance_booking.execute(&ADMIN, booking.id(), Advance::NoShow, None).is_err());
    assert!(does.reinstate_booking.execute(&ADMIN, booking.id(), None).is_err());
    hospital.cancel(&cancelled);
    assert!(does.book_slot.execute(&ADMIN, &wanted(&doctor, &patient, monday("14:00")), None).is_err());
    assert_eq!(told(), before);
}

#[test]
fn what_is_not_there_has_no_history() {
    let hospital = Hospital::new();
    let booking = hospital.does.find_booking_history.execute(&ADMIN, BookingId::from_u128(404), &first_page());
    assert_eq!(booking.expect("the store answers"), None);
    let doctor = hospital.does.find_doctor_history.execute(&ADMIN, DoctorId::from_u128(404), &first_page());
    assert_eq!(doctor.expect("the store answers"), None);
}

#[test]
fn no_entry_ever_names_a_patient() {
    let hospital = Hospital::new();
    let (doctor, patient, does) = (hospital.doctor(), hospital.patient(), &hospital.does);
    let amendment = PatientAmendment {
        email: Some(Email::parse("arya@winterfell.example").ok()),
        phone: Some(Phone::parse("+1 555 0100").ok()),
        ..PatientAmendment::default()
    };
    does.amend_patient.execute(&ADMIN, patient.id(), &amendment, None).expect("amended");
    let booking = hospital.book(&doctor, &patient, monday("13:00"));
    hospital.mornings_only(&doctor, KEEP);
    does.reschedule_booking.execute(&ADMIN, &to(&booking, "09:00")).expect("moved");
    hospital.cancel(&booking);
    does.reinstate_booking.execute(&ADMIN, booking.id(), None).expect("reinstated");
    does.advance_booking.execute(&ADMIN, booking.id(), Advance::Arrive, None).expect("arrived");
    let mut told = hospital.told_of(&booking);
    assert_eq!(told.len(), 6);
    told.extend(hospital.told_of_rules(&doctor));
    for entry in &told {
        let all: Vec<String> =
            entry.before.iter().chain(entry.after.iter()).map(|(name, fact)| format!("{name}: {fact}")).collect();
        let text = format!("{} {entry:?} {}", all.join(" "), entry.why.as_ref().map_or("", |why| why.as_str()));
        for name in ["arya", "stark", "winterfell", "555 0100"] {
            assert!(!text.to_lowercase().contains(name), "{text}");
        }
    }
}

/// Has exactly this entry been handed over to be written?
fn is_only(history: &[Entry], what: What, before: &Facts, after: &Facts) -> bool {
    let [entry] = history else { return false };
    let by = (entry.what, entry.who, entry.at, entry.booking, entry.patient);
    by == (what, Who::Caller(OTHER.caller), at(NOW), None, None) && (&entry.before, &entry.after) == (before, after)
}

#[test]
fn a_slot_that_is_held_and_given_back_is_told_once_each() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let hold = hospital.hold(&OTHER, &doctor, monday("09:00"));
    let known = |id: String| {
        facts(&[
            ("holdId", &id),
            ("start", "2030-01-07T09:00:00-05:00"),
            ("end", "2030-01-07T10:00:00-05:00"),
            ("expiresAt", "2029-11-30T19:05:00-05:00"),
        ])
    };
    let (id, mut calendars, mut holds) = (doctor.id(), MockCalendars::new(), MockHolds::new());
    calendars.expect_load().returning(move |_, _| {
        Ok(Some(Snapshot { calendar: Calendar::new(id, founding_rules(), vec![]), rules: Revision::FIRST }))
    });
    holds
        .expect_store()
        .times(1)
        .withf(move |new| {
            new.along.history[0].doctor == Some(id)
                && is_only(&new.along.history, What::HoldCreated, &nothing(), &known(new.hold.id.to_string()))
        })
        .returning(|_| Ok(()));
    let hold_slot = HoldSlot::new(
        gate(),
        Arc::new(calendars),
        Arc::new(MockVisitTypes::new()),
        Arc::new(holds),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    hold_slot.execute(&OTHER, wanted_hold(&doctor, monday("09:00")), None).expect("held");

    let (mut holds, there, hold_id) = (MockHolds::new(), hold.clone(), hold.id);
    holds.expect_find().returning(move |_| Ok(Some(there.clone())));
    holds
        .expect_release()
        .times(1)
        .withf(move |_, along| is_only(&along.history, What::HoldReleased, &known(hold_id.to_string()), &nothing()))
        .returning(|_, _| Ok(true));
    let release =
        ReleaseHold::new(gate(), Arc::new(holds), Arc::new(Standing::default()), Arc::new(Counting::default()));
    let stranger = Actor::new(CallerId::from_u128(78), Role::Patient(PatientId::from_u128(78)));
    assert!(!release.execute(&stranger, hold.id).expect("it is somebody else's"));
    assert!(release.execute(&OTHER, hold.id).expect("released"));
}

#[test]
fn a_closure_that_comes_or_goes_is_told_once_and_concerns_every_doctor() {
    let closure =
        Closure { id: ClosureId::from_u128(1), date: date(MONDAY), name: epiphany().name, created_at: at(NOW) };
    let known = || {
        facts(&[("closureId", &ClosureId::from_u128(1).to_string()), ("date", MONDAY), ("name", "Epiphany, observed")])
    };
    let mut closures = MockClosures::new();
    closures.expect_outlooks().returning(|_, _| Ok(vec![]));
    closures.expect_find().returning(move |_| Ok(Some(closure.clone())));
    closures
        .expect_save()
        .times(1)
        .withf(move |change| {
            let history = &change.along.history;
            history[0].doctor.is_none() && is_only(history, What::ClosureAdded, &nothing(), &known())
        })
        .returning(|_| Ok(()));
    closures
        .expect_save()
        .times(1)
        .withf(move |change| {
            let history = &change.along.history;
            history[0].doctor.is_none() && is_only(history, What::ClosureRemoved, &known(), &nothing())
        })
        .returning(|_| Ok(()));
    let closures = Arc::new(closures);
    let (clock, ids) = (Arc::new(Standing::default()), Arc::new(Counting::default()));
    let add = AddClosure::new(gate(), Arc::clone(&closures) as _, Arc::clone(&clock) as _, Arc::clone(&ids) as _);
    add.execute(&OTHER, epiphany(), REFUSE, None).expect("closed");
    let remove = RemoveClosure::new(gate(), closures, clock, ids);
    remove.execute(&OTHER, ClosureId::from_u128(1), REFUSE).expect("open again");
}

#[test]
fn a_change_that_is_decided_again_is_told_once() {
    let hospital = Hospital::new();
    let doctor = hospital.doctor();
    let mut doctors = MockDoctors::new();
    doctors.expect_outlook().times(2).returning(move |_, as_of| {
        let upcoming = Upcoming { as_of, bookings: vec![], holds: vec![] };
        Ok(Some(Outlook { doctor: doctor.clone(), exceptions: Exceptions::default(), upcoming }))
    });
    let mut tries = 0;
    doctors.expect_save().times(2).returning(move |change| {
        assert_eq!(change.along.history.len(), 1);
        tries += 1;
        if tries == 1 { Err(SaveError::Stale) } else { Ok(()) }
    });
    let use_case = UpdateWorkingHours::new(
        gate(),
        Arc::new(doctors),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    use_case.execute(&ADMIN, DoctorId::from_u128(1), &mornings_only(), REFUSE).expect("the second time");
}
