//! Those who wait are offered what becomes free, in the order of the line.

use std::collections::HashSet;

use chrono::TimeDelta;
use doctor_booking_application::{
    BookSlotError, Cancellation, JoinWaitlistError, NewVisitType, NewWaiting, OFFERED_FOR, WaitingFilter, Wanted,
};
use doctor_booking_domain::{
    Booking, DateRange, DoctorId, Hold, PatientId, SlotLength, Specialty, Terms, VisitTypeId, VisitTypeName, WaitFor,
    Waiting, WaitingStatus, What,
};
use doctor_booking_ports::{Limit, PageRequest};

use crate::hospital::{ADMIN, date, reason};
use crate::in_time::InTime;

const MONDAY: &str = "2030-01-07";

/// What is held for somebody who waits.
fn held(time: &InTime, waiting: &Waiting) -> Hold {
    let WaitingStatus::Offered { hold, .. } = time.place(waiting).parts().status else { panic!("nothing is offered") };
    time.does.find_hold.execute(&ADMIN, hold).expect("found").expect("there")
}

fn cancel(time: &InTime, booking: &Booking) {
    let cancellation = Cancellation { booking: booking.id(), reason: reason("ill"), expected: None };
    time.does.cancel_booking.execute(&ADMIN, &cancellation).expect("cancelled");
}

/// Takes what is offered.
fn take(time: &InTime, waiting: &Waiting) -> Result<Booking, BookSlotError> {
    let hold = held(time, waiting);
    let wanted = Wanted {
        doctor: hold.doctor,
        patient: waiting.parts().patient,
        start: hold.span.start(),
        visit_type: hold.visit_type,
        hold: Some(hold.id),
        reason: None,
        set_aside: None,
    };
    time.does.book_slot.execute(&ADMIN, &wanted, None)
}

#[test]
fn of_a_hundred_who_wait_for_thirty_slots_the_first_thirty_get_one_each_and_then_the_next() {
    let time = InTime::new();
    let doctor = time.doctor("cardiology");
    let bookings = time.fill(&doctor, MONDAY);
    assert_eq!(bookings.len(), 32);
    let line: Vec<_> = (0..100).map(|_| time.wait(WaitFor::Doctor(doctor.id()), None, MONDAY, MONDAY)).collect();
    assert_eq!(time.offer(), 0, "nothing is free");

    bookings.iter().take(30).for_each(|booking| cancel(&time, booking));
    assert_eq!(time.offer(), 30);
    assert!(line[..30].iter().all(|waiting| time.is_offered(waiting)), "the first in line");
    assert!(!line[30..].iter().any(|waiting| time.is_offered(waiting)), "nobody else");
    let slots = |line: &[Waiting]| line.iter().map(|waiting| held(&time, waiting).span.start()).collect::<HashSet<_>>();
    assert_eq!(slots(&line[..30]).len(), 30, "no slot is offered twice");
    assert_eq!(time.offer(), 0, "and nothing is left");

    // Ten take it, and twenty let it pass.
    for waiting in &line[..10] {
        let hold = held(&time, waiting);
        let booking = take(&time, waiting).expect("it is held for whoever waits");
        assert_eq!((booking.span(), booking.parts().patient), (hold.span, waiting.parts().patient));
        assert_eq!(time.place(waiting).parts().status, WaitingStatus::Booked);
    }
    time.pass(OFFERED_FOR - TimeDelta::seconds(1));
    assert_eq!(time.offer(), 0, "it is held to the end");
    time.pass(TimeDelta::seconds(1));
    assert_eq!(time.offer(), 20);
    assert!(line[30..50].iter().all(|waiting| time.is_offered(waiting)), "the next in line");
    assert!(!line[10..30].iter().chain(&line[50..]).any(|waiting| time.is_offered(waiting)));
    assert_eq!(slots(&line[30..50]).len(), 20);

    // Whoever let it pass comes last, in the order there was.
    for next in [50..70, 70..90] {
        time.pass(OFFERED_FOR);
        assert_eq!(time.offer(), 20);
        assert!(line[next].iter().all(|waiting| time.is_offered(waiting)));
    }
    time.pass(OFFERED_FOR);
    assert_eq!(time.offer(), 20);
    assert!(
        line[90..].iter().chain(&line[10..20]).all(|waiting| time.is_offered(waiting)),
        "the end, then those again"
    );
    assert_eq!(time.happened(What::WaitlistOffered).len(), 30 + 4 * 20);
    assert_eq!(time.does.verify_store.execute().expect("looked"), vec![]);
}

#[test]
fn what_is_held_for_somebody_else_nobody_can_book() {
    let time = InTime::new();
    let doctor = time.doctor("cardiology");
    let booking = time.fill(&doctor, MONDAY).remove(0);
    let waiting = time.wait(WaitFor::Doctor(doctor.id()), None, MONDAY, MONDAY);
    cancel(&time, &booking);
    assert_eq!(time.offer(), 1);
    let patient = time.patient();
    let wanted = crate::hospital::wanted(&doctor, &patient, booking.span().start());
    let refused = time.does.book_slot.execute(&ADMIN, &wanted, None);
    assert!(matches!(refused, Err(BookSlotError::Refused(_))), "{refused:?}");
    // Who waits has other holds, and as many as anybody.
    take(&time, &waiting).expect("booked");
    assert_eq!(time.offer(), 0, "who has booked waits no longer");
}

#[test]
fn who_leaves_gives_it_to_the_next_one() {
    let time = InTime::new();
    let doctor = time.doctor("cardiology");
    let booking = time.fill(&doctor, MONDAY).remove(0);
    let line: Vec<_> = (0..2).map(|_| time.wait(WaitFor::Doctor(doctor.id()), None, MONDAY, MONDAY)).collect();
    cancel(&time, &booking);
    assert_eq!(time.offer(), 1);
    let leave = &time.does.leave_waitlist;
    assert!(leave.execute(&ADMIN, line[0].id()).expect("answered"));
    assert!(!leave.execute(&ADMIN, line[0].id()).expect("answered"), "once");
    assert_eq!(time.offer(), 1);
    assert_eq!(held(&time, &line[1]).span, booking.span());
    let left = time.happened(What::WaitlistLeft);
    assert_eq!((left.len(), left[0].patient), (1, Some(line[0].parts().patient)));
}

#[test]
fn whoever_waits_for_a_specialty_gets_the_earliest_slot_of_any_of_its_doctors() {
    let time = InTime::new();
    let (one, other, surgeon) = (time.doctor("Cardiology"), time.doctor("cardiology"), time.doctor("surgery"));
    let (first, second) = (time.fill(&one, MONDAY), time.fill(&other, MONDAY));
    let third = time.fill(&surgeon, MONDAY);
    let cardiology = || WaitFor::Specialty(Specialty::parse("CARDIOLOGY").expect("valid"));
    let waiting = time.wait(cardiology(), None, MONDAY, MONDAY);
    cancel(&time, &third[0]);
    assert_eq!(time.offer(), 0, "a surgeon's is no use");
    cancel(&time, &first[5]);
    cancel(&time, &second[3]);
    assert_eq!(time.offer(), 1);
    let hold = held(&time, &waiting);
    assert_eq!((hold.doctor, hold.span), (other.id(), second[3].span()), "the earliest");
}

#[test]
fn a_slot_suits_when_a_visit_of_the_type_fits_on_one_of_the_dates() {
    let time = InTime::new();
    let doctor = time.doctor("cardiology");
    let bookings = time.fill(&doctor, MONDAY);
    let half_an_hour = Terms::plain(SlotLength::from_minutes(30).expect("valid"));
    let new = NewVisitType { name: VisitTypeName::parse("Check-up").expect("valid"), terms: half_an_hour };
    let visit_type = time.does.add_visit_type.execute(&ADMIN, new, None).expect("entered").id();
    let wanted = || WaitFor::Doctor(doctor.id());
    let long = time.wait(wanted(), Some(visit_type), MONDAY, MONDAY);
    let late = time.wait(wanted(), None, "2030-01-08", "2030-01-13");
    let short = time.wait(wanted(), None, "2030-01-01", "2030-03-31");

    // Who can come on any Monday has one at once, since the next one is all free.
    assert_eq!(time.offer(), 1);
    assert!(time.is_offered(&short));
    cancel(&time, &bookings[0]);
    assert_eq!(time.offer(), 0, "a quarter of an hour is too short");
    cancel(&time, &bookings[1]);
    assert_eq!(time.offer(), 1);
    let hold = held(&time, &long);
    assert_eq!((hold.span.start(), hold.span.end()), (bookings[0].span().start(), bookings[1].span().end()));
    assert_eq!(hold.visit_type, Some(visit_type));
    assert!(!time.is_offered(&late), "there is no Monday among the dates");
}

#[test]
fn dates_that_are_over_are_offered_to_nobody() {
    let time = InTime::new();
    let doctor = time.doctor("cardiology");
    let waiting = time.wait(WaitFor::Doctor(doctor.id()), None, "2029-12-03", "2029-12-03");
    time.set("2029-12-03T21:00:01Z".parse().expect("an instant"));
    assert_eq!(time.offer(), 0, "the doctor has gone home");
    assert_eq!(time.place(&waiting).parts().status, WaitingStatus::Waiting);
}

#[test]
fn what_is_named_has_to_be_there_and_a_range_has_at_most_92_days() {
    let time = InTime::new();
    let (doctor, patient) = (time.doctor("cardiology"), time.patient());
    let join = |change: &dyn Fn(&mut NewWaiting)| {
        let dates = DateRange::new(date("2030-01-01"), date("2030-04-02")).expect("in order");
        let wanted = WaitFor::Doctor(doctor.id());
        let mut new = NewWaiting { patient: patient.id(), wanted, visit_type: None, dates };
        change(&mut new);
        time.does.join_waitlist.execute(&ADMIN, new, None)
    };
    let nobody = 0xffff;
    let unknown = join(&|new| new.wanted = WaitFor::Doctor(DoctorId::from_u128(nobody)));
    assert!(matches!(unknown, Err(JoinWaitlistError::UnknownDoctor)), "{unknown:?}");
    let unknown = join(&|new| new.patient = PatientId::from_u128(nobody));
    assert!(matches!(unknown, Err(JoinWaitlistError::UnknownPatient)), "{unknown:?}");
    let unknown = join(&|new| new.visit_type = Some(VisitTypeId::from_u128(nobody)));
    assert!(matches!(unknown, Err(JoinWaitlistError::UnknownVisitType)), "{unknown:?}");
    let long = join(&|new| new.dates = DateRange::new(date("2030-01-01"), date("2030-04-03")).expect("in order"));
    assert!(matches!(long, Err(JoinWaitlistError::RangeTooLong)), "{long:?}");
    let page = PageRequest::first(Limit::default());
    let listed = || time.does.list_waitlist.execute(&ADMIN, &WaitingFilter::default(), &page).expect("listed");
    assert_eq!(listed().items, vec![]);
    assert_eq!(time.happened(What::WaitlistJoined).len(), 0);
    let waiting = join(&|_| {}).expect("92 days are fine");
    assert_eq!(listed().items, [waiting]);
}
