//! What the ports promise when everything happens at once.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use doctor_booking_domain::{Booking, BookingId, DateRange, Doctor, DoctorAmendment, Impact, Patient};
use doctor_booking_ports::{
    ClosureStep, ExceptionChange, Outlook, RulesChange, SaveError, Snapshot, StoreBookingError,
};

use crate::at_once::{Answers, assert_nothing_overlaps, at_once, live};
use crate::{Fixture, given};

pub fn in_a_crowd_nothing_overlaps_and_nothing_gets_lost(store: &Fixture) {
    let doctors: Vec<_> = (0..3).map(|_| store.doctor()).collect();
    let patients: Vec<_> = (0..4).map(|_| store.patient()).collect();

    let kept = at_once(0..19, |number: u64| {
        let mut member = Member { store, doctors: &doctors, patients: &patients, dice: Dice(number) };
        match number {
            0..3 => member.changes_rules(),
            3 => member.closes_and_opens(),
            _ => member.books_and_cancels(),
        }
    });

    let there = live(store);
    assert_nothing_overlaps(&there);
    let mut kept = kept.concat();
    kept.sort_unstable();
    let mut found: Vec<_> = there.iter().map(Booking::id).collect();
    found.sort_unstable();
    assert_eq!(found, kept, "exactly what was acknowledged is there");
    for doctor in &doctors {
        let Outlook { doctor, exceptions, upcoming } = store.seen(doctor);
        assert_eq!(
            Impact::of(&doctor, &exceptions, &upcoming, given::later()).marked,
            [],
            "every mark is as the rules demand"
        );
        for booking in &upcoming.bookings {
            let refused = store.try_book(&doctor, &store.patient(), booking.span());
            assert!(matches!(refused, Err(StoreBookingError::DoctorBusy)));
        }
    }
}

/// Somebody in a crowd.
struct Member<'a> {
    store: &'a Fixture,
    doctors: &'a [Doctor],
    patients: &'a [Patient],
    dice: Dice,
}

impl Member<'_> {
    /// Books what is offered here and there, and cancels a third of it. The bookings that stay.
    fn books_and_cancels(&mut self) -> Vec<BookingId> {
        let mut kept = Vec::new();
        for _ in 0..16 {
            let doctor = &self.doctors[self.dice.below(self.doctors.len())];
            let patient = &self.patients[self.dice.below(self.patients.len())];
            let Snapshot { calendar, rules } = self.store.calendar(doctor);
            let days = calendar.days(DateRange::day(given::january(7)), given::now());
            let slots: Vec<_> = days.iter().flat_map(|day| &day.slots).take(8).collect();
            let start = slots[self.dice.below(slots.len())].span.start();
            let Ok(offer) = calendar.offer(start, given::now()) else { continue };
            let booking = offer.for_patient(given::booking_id(), patient.id(), None, given::now());
            let result = self.store.put(&booking, rules);
            if Answers::of([&result]).stored == 0 {
                continue;
            }
            if self.dice.below(3) == 0 {
                self.cancels(&booking);
            } else {
                kept.push(booking.id());
            }
        }
        kept
    }

    /// Cancels, however often a change of rules gets in between.
    fn cancels(&self, booking: &Booking) {
        for _ in 0..100 {
            let found = self.store.found(booking).expect("what was acknowledged is there");
            match self.store.save(&given::cancelled(&found), found.revision()) {
                Ok(()) => return,
                Err(SaveError::Stale) => {}
                Err(error @ (SaveError::Answered | SaveError::Unavailable(_))) => {
                    panic!("only because many ask at once: {error:?}")
                }
            }
        }
        panic!("a cancellation was stale 100 times");
    }

    /// Changes a doctor's slot length, hours or single dates now and then. No bookings.
    fn changes_rules(&mut self) -> Vec<BookingId> {
        for _ in 0..12 {
            let seen = self.store.seen(&self.doctors[self.dice.below(self.doctors.len())]);
            let slot = Some(given::slot([30, 45, 60][self.dice.below(3)]));
            let until = ["12:00", "18:00"][self.dice.below(2)];
            let change = match self.dice.below(4) {
                0 => {
                    let amendment = DoctorAmendment { slot, ..DoctorAmendment::default() };
                    given::change(seen.doctor.amended(amendment, given::later()), &seen)
                }
                1 => given::change(seen.doctor.with_hours(given::workdays("08:00", until), given::later()), &seen),
                2 => given::exception(given::override_of(given::january(7), &[("09:00", until)]), None, &seen),
                _ => self.comes_back_or_leaves(&seen),
            };
            Self::saved_or_stale(&self.store.doctors.save(&change));
        }
        vec![]
    }

    /// The doctor is no longer away, or else is from now on.
    fn comes_back_or_leaves(&self, seen: &Outlook) -> RulesChange {
        let all = self.store.calendars.time_off(seen.doctor.id(), &given::whole()).expect("the store answers");
        let Some(there) = all.items.first() else {
            let away = given::time_off(&seen.doctor, given::stretch(given::monday(10, 15), 60));
            return given::exception(ExceptionChange::TimeOff(away), None, seen);
        };
        given::exception(ExceptionChange::NoTimeOff(there.id), Some(there.span), seen)
    }

    /// Closes the hospital and opens it again. No bookings.
    fn closes_and_opens(&mut self) -> Vec<BookingId> {
        for _ in 0..20 {
            let there = self.store.closures.list(&given::whole()).expect("the store answers").items.pop();
            let step = there.map_or_else(|| ClosureStep::Add(given::closure(given::january(7))), ClosureStep::Remove);
            Self::saved_or_stale(&self.store.closures.save(&self.store.closing(step)));
        }
        vec![]
    }

    fn saved_or_stale(saved: &Result<(), SaveError>) {
        assert!(matches!(saved, Ok(()) | Err(SaveError::Stale)), "only because many ask at once: {saved:?}");
    }
}

/// Numbers that look random and are the same in every run (a linear congruential generator, constants by Knuth).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}
