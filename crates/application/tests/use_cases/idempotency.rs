//! Requests that come again: what was made is not made again, and what was answered is kept.

use std::cell::Cell;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_application::{
    ANSWERS_KEPT, AddVisitTypeError, BookSlot, BookSlotError, BookingFilter, ChangeClosureError, ChangeRulesError,
    Claim, ClosureChanged, DoctorFilter, HoldSlotError, IdempotencyKey, KeptAnswer, MakeError, NewClosure, NewTimeOff,
    NewVisitType, Once, PatientFilter, RulesChanged, Written,
};
use doctor_booking_domain::{
    Actor, Booking, Calendar, ClosureName, Doctor, Hold, Patient, Revision, SlotLength, Span, Terms, TimeOff,
    VisitType, VisitTypeName,
};
use doctor_booking_ports::{
    MockBookings, MockCalendars, MockHolds, MockVisitTypes, Snapshot, StoreBookingError, VisitTypeFilter,
};

use crate::hospital::{
    ADMIN, Counting, DRY, Hospital, KEEP, MONDAY, NOW, OTHER, REFUSE, Standing, arya, at, date, first_page,
    founding_rules, gate, jon_snow, monday, wanted, wanted_hold,
};

fn key() -> IdempotencyKey {
    IdempotencyKey::parse("6f1e-again").expect("a key")
}

fn claim(who: &Actor) -> Claim {
    Claim { caller: who.caller, key: key(), fingerprint: [7; 32] }
}

fn written(id: &impl ToString) -> Written {
    let id = id.to_string();
    Written { status: 201, headers: vec![("location".to_owned(), format!("/here/{id}"))], body: id.into_bytes() }
}

fn kept(hospital: &Hospital, who: &Actor) -> Option<KeptAnswer> {
    hospital.does.keep_answers.find(who, &key()).expect("the store answers")
}

fn answer(who: &Actor, written: Written, at: DateTime<Utc>) -> KeptAnswer {
    let Written { status, headers, body } = written;
    KeptAnswer { claim: claim(who), status, headers, body, at }
}

/// Why nothing was made.
#[derive(Debug, PartialEq, Eq)]
enum NotMade {
    Answered,
    Otherwise(String),
}

/// Makes something, the n-th time where there is room for it; answers its id.
type Make = fn(&Hospital, (&Doctor, &Patient), &Actor, usize) -> Result<String, NotMade>;

macro_rules! not_made {
    ($result:expr, $answered:pat) => {
        $result.map_err(|error| match error {
            $answered => NotMade::Answered,
            error => NotMade::Otherwise(format!("{error:?}")),
        })
    };
}

const EVERY: [(&str, Make); 7] = [
    ("doctor", |hospital, _, who, _| {
        let once = Once { claim: &claim(who), write: &|doctor: &Doctor| written(&doctor.id()) };
        let made = hospital.does.register_doctor.execute(who, jon_snow(), Some(&once));
        not_made!(made, MakeError::Answered).map(|doctor| doctor.id().to_string())
    }),
    ("patient", |hospital, _, who, _| {
        let once = Once { claim: &claim(who), write: &|patient: &Patient| written(&patient.id()) };
        let made = hospital.does.register_patient.execute(who, arya(), Some(&once));
        not_made!(made, MakeError::Answered).map(|patient| patient.id().to_string())
    }),
    ("visit type", |hospital, _, who, _| {
        let once = Once { claim: &claim(who), write: &|visit_type: &VisitType| written(&visit_type.id()) };
        let terms = Terms::plain(SlotLength::default());
        let new = NewVisitType { name: VisitTypeName::parse("Check-up").expect("a name"), terms };
        let made = hospital.does.add_visit_type.execute(who, new, Some(&once));
        not_made!(made, AddVisitTypeError::Answered).map(|visit_type| visit_type.id().to_string())
    }),
    ("booking", |hospital, (doctor, patient), who, nth| {
        let once = Once { claim: &claim(who), write: &|booking: &Booking| written(&booking.id()) };
        let wanted = wanted(doctor, patient, monday(["08:00", "09:00", "10:00"][nth]));
        let made = hospital.does.book_slot.execute(who, &wanted, Some(&once));
        not_made!(made, BookSlotError::Answered).map(|booking| booking.id().to_string())
    }),
    ("hold", |hospital, (doctor, _), who, nth| {
        let once = Once { claim: &claim(who), write: &|hold: &Hold| written(&hold.id) };
        let wanted = wanted_hold(doctor, monday(["08:00", "09:00", "10:00"][nth]));
        let made = hospital.does.hold_slot.execute(who, wanted, Some(&once));
        not_made!(made, HoldSlotError::Answered).map(|hold| hold.id.to_string())
    }),
    ("time off", |hospital, (doctor, _), who, _| {
        let write = |(away, _): &(TimeOff, RulesChanged)| written(&away.id);
        let made = hospital.does.add_time_off.execute(
            who,
            &half_an_hour_off(doctor),
            REFUSE,
            Some(&Once { claim: &claim(who), write: &write }),
        );
        not_made!(made, ChangeRulesError::Answered).map(|(away, _)| away.id.to_string())
    }),
    ("closure", |hospital, _, who, _| {
        let once = Once { claim: &claim(who), write: &|changed: &ClosureChanged| written(&changed.closure.id) };
        let made = hospital.does.add_closure.execute(who, epiphany(), REFUSE, Some(&once));
        not_made!(made, ChangeClosureError::Answered).map(|changed| changed.closure.id.to_string())
    }),
];

fn half_an_hour_off(doctor: &Doctor) -> NewTimeOff {
    let span = Span::new(monday("14:00"), monday("14:30")).expect("forwards");
    NewTimeOff { doctor: doctor.id(), span, reason: None }
}

fn epiphany() -> NewClosure {
    NewClosure { date: date(MONDAY), name: ClosureName::parse("Epiphany, observed").expect("valid") }
}

/// Everything that can be made, as far as it can be seen from outside.
fn everything(hospital: &Hospital, doctor: &Doctor) -> impl PartialEq + std::fmt::Debug + use<> {
    let does = &hospital.does;
    (
        does.list_doctors.execute(&ADMIN, &DoctorFilter::default(), &first_page()).expect("listed").items,
        does.list_patients.execute(&ADMIN, &PatientFilter::default(), &first_page()).expect("listed").items,
        does.list_visit_types.execute(&ADMIN, &VisitTypeFilter::default(), &first_page()).expect("listed").items,
        does.list_bookings.execute(&ADMIN, &BookingFilter::default(), &first_page()).expect("listed").items,
        does.list_time_off.execute(&ADMIN, doctor.id(), &first_page()).expect("listed").map(|(_, page)| page.items),
        does.list_closures.execute(&ADMIN, &first_page()).expect("listed").items,
        hospital.statuses_on(doctor, MONDAY),
        hospital.told_of_rules(doctor),
    )
}

#[test]
fn whatever_is_made_keeps_the_written_answer_and_is_not_made_again() {
    for (what, make) in EVERY {
        let hospital = Hospital::new();
        let (doctor, patient) = (hospital.doctor(), hospital.patient());
        let there = (&doctor, &patient);
        assert_eq!(kept(&hospital, &ADMIN), None);
        let id = make(&hospital, there, &ADMIN, 0).expect("made");
        let first = answer(&ADMIN, written(&id), at(NOW));
        assert_eq!(kept(&hospital, &ADMIN).as_ref(), Some(&first), "{what}");
        let before = everything(&hospital, &doctor);
        hospital.it_is(at(NOW) + TimeDelta::minutes(1));
        assert_eq!(make(&hospital, there, &ADMIN, 1), Err(NotMade::Answered), "{what}");
        assert_eq!(everything(&hospital, &doctor), before, "{what}");
        assert_eq!(kept(&hospital, &ADMIN), Some(first), "{what}");
    }
}

#[test]
fn a_key_belongs_to_the_caller_who_used_it() {
    for (what, make) in EVERY {
        let hospital = Hospital::new();
        let (doctor, patient) = (hospital.doctor(), hospital.patient());
        let there = (&doctor, &patient);
        let mine = make(&hospital, there, &ADMIN, 0).expect("made");
        assert_eq!(kept(&hospital, &OTHER), None, "{what}");
        let theirs = make(&hospital, there, &OTHER, 1).expect("made");
        assert_ne!(mine, theirs, "{what}");
        assert_eq!(kept(&hospital, &ADMIN), Some(answer(&ADMIN, written(&mine), at(NOW))), "{what}");
        assert_eq!(kept(&hospital, &OTHER), Some(answer(&OTHER, written(&theirs), at(NOW))), "{what}");
    }
}

#[test]
fn a_request_that_was_answered_with_a_refusal_makes_nothing_either() {
    for (what, make) in EVERY {
        let hospital = Hospital::new();
        let (doctor, patient) = (hospital.doctor(), hospital.patient());
        let refusal = Written { status: 409, headers: vec![], body: b"no".to_vec() };
        assert!(hospital.does.keep_answers.keep(&claim(&ADMIN), &refusal).expect("kept"));
        let before = everything(&hospital, &doctor);
        assert_eq!(make(&hospital, (&doctor, &patient), &ADMIN, 0), Err(NotMade::Answered), "{what}");
        assert_eq!(everything(&hospital, &doctor), before, "{what}");
        make(&hospital, (&doctor, &patient), &OTHER, 0).expect("the key is somebody else's");
    }
}

#[test]
fn a_refused_request_keeps_no_answer() {
    let hospital = Hospital::new();
    let (doctor, patient, does) = (hospital.doctor(), hospital.patient(), &hospital.does);
    hospital.book(&doctor, &patient, monday("14:00"));
    let claim = claim(&ADMIN);
    let of_booking = |booking: &Booking| written(&booking.id());
    let of_booking = Once { claim: &claim, write: &of_booking };
    let taken = does.book_slot.execute(&ADMIN, &wanted(&doctor, &patient, monday("14:00")), Some(&of_booking));
    assert!(matches!(taken, Err(BookSlotError::Refused(_))), "{taken:?}");
    let elsewhere = wanted(&hospital.doctor(), &patient, monday("14:00"));
    let busy = does.book_slot.execute(&ADMIN, &elsewhere, Some(&of_booking));
    assert!(matches!(busy, Err(BookSlotError::PatientBusy)), "{busy:?}");
    let of_hold = |hold: &Hold| written(&hold.id);
    let of_hold = Once { claim: &claim, write: &of_hold };
    let held = does.hold_slot.execute(&ADMIN, wanted_hold(&doctor, monday("14:00")), Some(&of_hold));
    assert!(matches!(held, Err(HoldSlotError::Refused(_))), "{held:?}");
    let of_time_off = |(away, _): &(TimeOff, RulesChanged)| written(&away.id);
    let of_time_off = Once { claim: &claim, write: &of_time_off };
    let of_closure = |changed: &ClosureChanged| written(&changed.closure.id);
    let of_closure = Once { claim: &claim, write: &of_closure };
    for options in [DRY, REFUSE] {
        let away = does.add_time_off.execute(&ADMIN, &half_an_hour_off(&doctor), options, Some(&of_time_off));
        let closed = does.add_closure.execute(&ADMIN, epiphany(), options, Some(&of_closure));
        assert_eq!((away.is_ok(), closed.is_ok()), (options == DRY, options == DRY));
    }
    assert_eq!(kept(&hospital, &ADMIN), None);
    does.add_time_off
        .execute(&ADMIN, &half_an_hour_off(&doctor), KEEP, Some(&of_time_off))
        .expect("nothing was answered yet");
    assert!(kept(&hospital, &ADMIN).is_some());
}

#[test]
fn what_is_kept_by_itself_is_found_as_it_was_kept_and_kept_once() {
    let hospital = Hospital::new();
    let keep = |who: &Actor, written: &Written| hospital.does.keep_answers.keep(&claim(who), written).expect("kept");
    let first = Written { status: 422, headers: vec![("retry-after".into(), "1".into())], body: vec![0, 255, b'\n'] };
    assert!(keep(&ADMIN, &first));
    hospital.it_is(at(NOW) + TimeDelta::microseconds(1));
    assert!(!keep(&ADMIN, &written(&"another")));
    assert_eq!(kept(&hospital, &ADMIN), Some(answer(&ADMIN, first, at(NOW))));
    assert_eq!(kept(&hospital, &OTHER), None);
    assert!(keep(&OTHER, &written(&"another")));
    let later = at(NOW) + TimeDelta::microseconds(1);
    assert_eq!(kept(&hospital, &OTHER), Some(answer(&OTHER, written(&"another"), later)));
    let other_key = IdempotencyKey::parse("6f1e").expect("a key");
    assert_eq!(hospital.does.keep_answers.find(&ADMIN, &other_key).expect("the store answers"), None);
}

#[test]
fn an_answer_is_kept_for_a_day_and_then_the_key_is_new() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let (_, book) = EVERY[3];
    book(&hospital, (&doctor, &patient), &ADMIN, 0).expect("made");
    hospital.it_is(at(NOW) + ANSWERS_KEPT);
    assert_eq!(hospital.does.sweep.execute().expect("swept").answers, 0);
    assert!(kept(&hospital, &ADMIN).is_some());
    assert_eq!(book(&hospital, (&doctor, &patient), &ADMIN, 1), Err(NotMade::Answered));
    hospital.it_is(at("2029-12-02T00:00:00.000001Z"));
    assert_eq!(hospital.does.sweep.execute().expect("swept").answers, 1);
    assert_eq!(kept(&hospital, &ADMIN), None);
    book(&hospital, (&doctor, &patient), &ADMIN, 1).expect("made");
}

#[test]
fn a_booking_that_is_decided_again_keeps_the_answer_about_what_was_made_in_the_end() {
    let hospital = Hospital::new();
    let (doctor, patient) = (hospital.doctor(), hospital.patient());
    let (id, mut calendars, mut bookings) = (doctor.id(), MockCalendars::new(), MockBookings::new());
    calendars.expect_load().times(2).returning(move |_, _| {
        let calendar = Calendar::new(id, founding_rules(), vec![]);
        Ok(Some(Snapshot { calendar, rules: Revision::FIRST }))
    });
    let mut tries = 0;
    bookings.expect_store().times(2).returning(move |new| {
        let kept = new.along.answer.as_ref().expect("an answer goes along");
        assert_eq!(kept, &answer(&ADMIN, written(&new.booking.id()), at(NOW)));
        tries += 1;
        if tries == 1 { Err(StoreBookingError::Stale) } else { Ok(()) }
    });
    let use_case = BookSlot::new(
        gate(),
        Arc::new(calendars),
        Arc::new(MockVisitTypes::new()),
        Arc::new(MockHolds::new()),
        Arc::new(bookings),
        Arc::new(Standing::default()),
        Arc::new(Counting::default()),
    );
    let last = Cell::new(None);
    let write = |booking: &Booking| {
        last.set(Some(booking.id()));
        written(&booking.id())
    };
    let once = Once { claim: &claim(&ADMIN), write: &write };
    let booking = use_case.execute(&ADMIN, &wanted(&doctor, &patient, monday("08:00")), Some(&once));
    assert_eq!(last.get(), Some(booking.expect("the second time").id()));
}
