//! What [`AuditLog`](doctor_booking_ports::AuditLog) promises.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{Action, AuditEntry, Concerned, EntryId, Outcome, RequestId, Role};
use doctor_booking_ports::{AuditFilter, AuditPosition, Limit, Page, PageRequest};

use crate::at_once::at_once;
use crate::{Fixture, given};

fn at(minutes: i64) -> DateTime<Utc> {
    given::now() + TimeDelta::minutes(minutes)
}

fn record(store: &Fixture, lines: &[AuditEntry]) {
    store.audit.record(lines).expect("the lines are written");
}

/// The lines that pass the filter, in pages of so many.
fn read_by(store: &Fixture, filter: &AuditFilter, most: u16) -> Vec<AuditEntry> {
    given::read_by(most, |page: &PageRequest<Reverse<AuditPosition>>| {
        let page = PageRequest { after: page.after.map(|Reverse(after)| after), limit: page.limit };
        let Page { items, next } = store.audit.list(filter, &page)?;
        Ok(Page { items, next: next.map(Reverse) })
    })
}

fn listed(store: &Fixture, filter: &AuditFilter) -> Vec<AuditEntry> {
    read_by(store, filter, Limit::MOST)
}

/// Those of the lines that are wanted, the latest first.
fn expected(lines: &[AuditEntry], wanted: impl Fn(&AuditEntry) -> bool) -> Vec<AuditEntry> {
    let mut wanted: Vec<_> = lines.iter().filter(|line| wanted(line)).cloned().collect();
    wanted.sort_unstable_by_key(|line| Reverse(AuditPosition::from(line)));
    wanted
}

/// Lines of two callers about two patients and about none, of three actions with both outcomes, at different times.
fn lines() -> Vec<AuditEntry> {
    let callers = [None, Some(given::caller_id()), Some(given::caller_id())];
    let patients = [None, Some(given::patient_id()), Some(given::patient_id())];
    let mut all = vec![];
    for (caller, patient) in callers.into_iter().flat_map(|caller| patients.map(|patient| (caller, patient))) {
        for action in [Action::ReadPatients, Action::ReadBookings, Action::Cancel] {
            for (outcome, minutes) in [(Outcome::Seen, 0), (Outcome::Refused, 1)] {
                let concerned = Concerned { patient, ..Concerned::default() };
                all.push(AuditEntry { caller, action, outcome, concerned, at: at(minutes), ..given::line() });
            }
        }
    }
    all
}

pub fn lines_are_found_as_they_were_written(store: &Fixture) {
    let mut all = vec![];
    for (index, action) in (0..).zip(Action::ALL) {
        for (role, outcome) in Role::NAMES.into_iter().zip([Outcome::Seen, Outcome::Refused].into_iter().cycle()) {
            let full = index % 2 == 0;
            all.push(AuditEntry {
                id: given::entry_id(),
                at: at(index) + TimeDelta::microseconds(index),
                caller: full.then(given::caller_id),
                role,
                action: *action,
                outcome,
                concerned: Concerned {
                    doctor: full.then(given::doctor_id),
                    patient: full.then(given::patient_id),
                    booking: full.then(given::booking_id),
                },
                request: full.then(|| RequestId::parse("0190-7._Z").expect("an id")),
            });
        }
    }
    record(store, &all);
    assert_eq!(listed(store, &AuditFilter::default()), expected(&all, |_| true));
}

pub fn lines_are_written_together_or_not_at_all(store: &Fixture) {
    let there = given::line();
    record(store, std::slice::from_ref(&there));
    let (new, other) = (given::line(), given::line());
    let changed = AuditEntry { outcome: Outcome::Refused, ..there.clone() };
    assert!(store.audit.record(&[new.clone(), changed]).is_err(), "a line is never written in the place of another");
    assert!(store.audit.record(&[new.clone(), other, new]).is_err(), "nor twice");
    assert_eq!(listed(store, &AuditFilter::default()), [there]);
}

pub fn where_there_is_nothing_to_write_nothing_is_written(store: &Fixture) {
    record(store, &[]);
    assert_eq!(listed(store, &AuditFilter::default()), []);
}

pub fn lines_are_listed_by_time_the_latest_first_then_by_id(store: &Fixture) {
    let mut ids: Vec<EntryId> = (0..9).map(|_| given::entry_id()).collect();
    ids.sort_unstable();
    let line = |(index, minutes): (usize, i64)| AuditEntry { id: ids[index], at: at(minutes), ..given::line() };
    let in_order = [(2, 9), (8, 5), (5, 5), (1, 5), (0, 3), (7, 2), (6, 1), (4, 1), (3, -60)].map(line);
    for index in [4, 0, 8, 2, 6, 1, 7, 3, 5] {
        record(store, &in_order[index..=index]);
    }
    for most in [1, 2, 3, 4, 8, 9, 200] {
        assert_eq!(read_by(store, &AuditFilter::default(), most), in_order, "in pages of {most}");
    }
}

pub fn lines_a_microsecond_apart_are_listed_in_order(store: &Fixture) {
    let line = |microseconds| AuditEntry { at: at(0) + TimeDelta::microseconds(microseconds), ..given::line() };
    let in_order = [2, 1, 0, -1].map(line);
    record(store, &in_order);
    assert_eq!(read_by(store, &AuditFilter::default(), 1), in_order);
}

pub fn lines_are_filtered_by_everything_one_can_ask_for(store: &Fixture) {
    let all = lines();
    record(store, &all);
    let (caller, patient) = (all[53].caller, all[53].concerned.patient);
    assert!(caller.is_some() && patient.is_some());
    let none = AuditFilter::default();
    for (filter, count) in [
        (none, 54),
        (AuditFilter { patient, ..none }, 18),
        (AuditFilter { caller, ..none }, 18),
        (AuditFilter { patient, caller, ..none }, 6),
        (AuditFilter { action: Some(Action::Cancel), ..none }, 18),
        (AuditFilter { outcome: Some(Outcome::Seen), ..none }, 27),
        (AuditFilter { outcome: Some(Outcome::Refused), ..none }, 27),
        (AuditFilter { patient, outcome: Some(Outcome::Refused), ..none }, 9),
        (AuditFilter { patient: Some(given::patient_id()), ..none }, 0),
        (AuditFilter { caller: Some(given::caller_id()), ..none }, 0),
        (AuditFilter { action: Some(Action::SignIn), ..none }, 0),
        (AuditFilter { patient, caller, action: Some(Action::Cancel), outcome: Some(Outcome::Seen), ..none }, 1),
    ] {
        let wanted = expected(&all, |line| {
            filter.patient.is_none_or(|patient| line.concerned.patient == Some(patient))
                && filter.caller.is_none_or(|caller| line.caller == Some(caller))
                && filter.action.is_none_or(|action| line.action == action)
                && filter.outcome.is_none_or(|outcome| line.outcome == outcome)
        });
        assert_eq!(wanted.len(), count, "{filter:?}");
        for most in [1, 5, 200] {
            assert_eq!(read_by(store, &filter, most), wanted, "{filter:?} in pages of {most}");
        }
    }
}

pub fn lines_are_filtered_by_time_from_an_instant_on_and_before_another(store: &Fixture) {
    let all: Vec<_> = (0..5).map(|minutes| AuditEntry { at: at(minutes), ..given::line() }).collect();
    record(store, &all);
    let moment = TimeDelta::microseconds(1);
    for (from, to) in [
        (Some(at(1)), Some(at(3))),
        (Some(at(1) + moment), Some(at(3) + moment)),
        (Some(at(2)), None),
        (None, Some(at(2))),
        (Some(at(3)), Some(at(1))),
    ] {
        let wanted = expected(&all, |line| from.is_none_or(|from| line.at >= from) && to.is_none_or(|to| line.at < to));
        let filter = AuditFilter { from, to, ..AuditFilter::default() };
        assert_eq!(read_by(store, &filter, 2), wanted, "{from:?} to {to:?}");
    }
}

pub fn pages_of_lines_stay_right_while_lines_are_written(store: &Fixture) {
    let line = |minutes: i64| AuditEntry { at: at(minutes), ..given::line() };
    let all: Vec<_> = (0..7).map(line).collect();
    let page = |after| {
        let request = PageRequest { after, limit: given::limit(2) };
        let page = store.audit.list(&AuditFilter::default(), &request).expect("the store answers");
        (page.items, page.next)
    };
    let those = |indexes: &[usize]| indexes.iter().map(|&index| all[index].clone()).collect::<Vec<_>>();

    record(store, &those(&[5, 3, 1, 0]));
    let (first, next) = page(None);
    record(store, &those(&[6, 4, 2]));
    let (second, after_that) = page(next);
    let (third, end) = page(after_that);

    assert_eq!([first, second, third], [those(&[5, 3]), those(&[2, 1]), those(&[0])]);
    assert_eq!(end, None);
}

pub fn many_lines_are_written_at_once(store: &Fixture) {
    let all: Vec<_> = (0..3_500).map(|_| given::line()).collect();
    record(store, &all);
    assert_eq!(listed(store, &AuditFilter::default()), expected(&all, |_| true));
}

pub fn of_what_many_write_at_once_nothing_gets_lost(store: &Fixture) {
    let written = at_once(0..8, |_| {
        let own: Vec<_> = (0..10).map(|_| [given::line(), given::line()]).collect();
        for lines in &own {
            record(store, lines);
        }
        own.concat()
    });
    assert_eq!(listed(store, &AuditFilter::default()), expected(&written.concat(), |_| true));
}
