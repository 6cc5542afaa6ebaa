//! Seats: how several patients share a doctor at the same time, so that a store can guard each seat.
//!
//! At any moment there are at most as many patients with a doctor as the smallest capacity among their visits says. So a
//! visit alone with the doctor, of capacity 1, meets nobody; and what counts is how many are there at once, not how many
//! somebody meets in the course of a visit.
//!
//! A store keeps each visit on a seat of the doctor's, one of the first as many as its capacity, and refuses two on one
//! seat: as intervals of which never more than `n` share a moment can be coloured with `n` colours, taking the lowest free
//! one in the order of their starts, there is a seat for everybody; only sometimes others have to change theirs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{Capacity, Span, SpanSet};

/// A stretch in which a doctor is busy, buffers included, and with how many it can be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// From when until when.
    pub span: Span,
    /// The capacity of the visit that keeps the doctor busy.
    pub capacity: Capacity,
    /// From when on it does so no longer, where it is only held; `None`: it is booked.
    pub held_until: Option<DateTime<Utc>>,
}

/// Alone with the doctor.
impl From<Span> for Busy {
    fn from(span: Span) -> Self {
        Self { span, capacity: Capacity::default(), held_until: None }
    }
}

/// Where a visit sits: alone with the doctor, or on one of the seats that are numbered from 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seat {
    /// On all of them.
    Alone,
    /// On this one, from 1 to [`Capacity::MOST`].
    Number(u8),
}

impl Seat {
    /// Its number; 0 for whoever is alone.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Alone => 0,
            Self::Number(number) => number,
        }
    }

    /// The seat that has this [`number`](Self::number).
    #[must_use]
    pub fn from_number(number: u8) -> Self {
        if number == 0 { Self::Alone } else { Self::Number(number) }
    }
}

/// A visit on its seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seated<K> {
    /// Which visit.
    pub key: K,
    /// When, and with how many it can be shared.
    pub busy: Busy,
    /// Where.
    pub seat: Seat,
}

/// How a visit finds a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement<K> {
    /// Its seat.
    pub seat: Seat,
    /// Who has to move there first, by key.
    pub moves: Vec<(K, Seat)>,
}

/// A seat for `wanted` among those who are `there`: all of the doctor's visits that overlap it, those that overlap
/// these, and so on. `None` when there would be too many at some moment.
///
/// Those that overlap it are enough to tell whether there is room, and whether there is a seat without moves. Only who
/// moves may meet others.
#[must_use]
pub fn place<K: Copy + Ord>(there: &[Seated<K>], wanted: Busy) -> Option<Placement<K>> {
    let busy: Vec<_> = there.iter().map(|seated| seated.busy).collect();
    if full(&busy, wanted.capacity).overlaps(wanted.span) {
        return None;
    }
    if !wanted.capacity.is_shared() {
        return Some(Placement { seat: Seat::Alone, moves: vec![] });
    }
    let is_taken = |seat| there.iter().any(|seated| seated.seat == seat && seated.busy.span.overlaps(&wanted.span));
    let mut seats = (1..=wanted.capacity.get()).map(Seat::Number);
    match seats.find(|&seat| !is_taken(seat)) {
        Some(seat) => Some(Placement { seat, moves: vec![] }),
        None => Some(rearranged(there, wanted)),
    }
}

/// A place for a visit that may be beside the others that a patient has, for whom an overlap was set aside: `there` are
/// those that overlap it. `None` when there are too many.
///
/// Nobody shares a patient, so an ordinary visit is on all seats, and nothing that comes later is stored beside it. The
/// one that may is on a seat from 2 on, and the ordinary ones that it meets are left with seat 1. So no two ordinary visits
/// ever fit beside each other, whatever was set aside, and whoever writes.
#[must_use]
pub fn place_beside<K: Copy + Ord>(there: &[Seated<K>]) -> Option<Placement<K>> {
    let alone = there.iter().filter(|seated| seated.seat == Seat::Alone);
    let moves = alone.map(|seated| (seated.key, Seat::Number(1))).collect();
    let is_free = |seat: &Seat| there.iter().all(|seated| seated.seat != *seat);
    let seat = (2..=Capacity::MOST).map(Seat::Number).find(is_free)?;
    Some(Placement { seat, moves })
}

/// Everybody on the lowest free seat, in the order of their starts.
fn rearranged<K: Copy + Ord>(there: &[Seated<K>], wanted: Busy) -> Placement<K> {
    let shared = there.iter().filter(|seated| seated.busy.capacity.is_shared());
    let mut all: Vec<(Span, Option<(K, Seat)>)> =
        shared.map(|seated| (seated.busy.span, Some((seated.key, seated.seat)))).collect();
    all.push((wanted.span, None));
    all.sort_unstable_by_key(|&(span, who)| (span, who));
    // Until when each seat is taken.
    let mut taken: BTreeMap<u8, DateTime<Utc>> = BTreeMap::new();
    let mut placement = Placement { seat: Seat::Alone, moves: vec![] };
    for (span, who) in all {
        let lowest = (1..=Capacity::MOST).find(|seat| taken.get(seat).is_none_or(|end| *end <= span.start()));
        let number = lowest.unwrap_or(Capacity::MOST);
        taken.insert(number, span.end());
        match who {
            None => placement.seat = Seat::Number(number),
            Some((key, seat)) if seat != Seat::Number(number) => placement.moves.push((key, Seat::Number(number))),
            Some(_) => {}
        }
    }
    placement.moves.sort_unstable();
    placement
}

/// When a doctor who is `busy` has no room for one more visit of this capacity.
#[must_use]
pub(crate) fn full(busy: &[Busy], capacity: Capacity) -> SpanSet {
    if !capacity.is_shared() || busy.iter().all(|busy| !busy.capacity.is_shared()) {
        return busy.iter().map(|busy| busy.span).collect();
    }
    let ends = busy.iter().map(|busy| (busy.span.end(), false, busy.capacity));
    let mut edges: Vec<_> = busy.iter().map(|busy| (busy.span.start(), true, busy.capacity)).chain(ends).collect();
    // Whoever ends when another begins has left.
    edges.sort_unstable();
    let mut there: BTreeMap<Capacity, usize> = BTreeMap::new();
    let mut full = Vec::new();
    let mut since: Option<DateTime<Utc>> = None;
    for (at, begins, of) in edges {
        let count = there.entry(of).or_default();
        *count = if begins { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            there.remove(&of);
        }
        let smallest = there.keys().next().copied().unwrap_or(capacity).min(capacity);
        let is_full = there.values().sum::<usize>() >= usize::from(smallest.get());
        match since {
            None if is_full => since = Some(at),
            Some(start) if !is_full => {
                full.extend(Span::new(start, at));
                since = None;
            }
            _ => {}
        }
    }
    full.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn busy(start: i64, end: i64, capacity: u8) -> Busy {
        let at = |minute: i64| DateTime::from_timestamp(minute * 60, 0).expect("in range");
        Busy { span: Span::new(at(start), at(end)).expect("forwards"), capacity: of(capacity), held_until: None }
    }

    fn of(capacity: u8) -> Capacity {
        Capacity::new(capacity).expect("a capacity")
    }

    fn seated(key: u32, busy: Busy, seat: u8) -> Seated<u32> {
        Seated { key, busy, seat: Seat::from_number(seat) }
    }

    #[test]
    fn what_counts_is_how_many_are_there_at_once() {
        let one_after_the_other = [busy(0, 30, 2), busy(30, 60, 2)];
        assert!(!full(&one_after_the_other, of(2)).overlaps(busy(15, 45, 2).span));
        let at_once = [busy(0, 30, 2), busy(15, 45, 2)];
        assert_eq!(full(&at_once, of(2)).spans(), [busy(15, 30, 2).span]);
    }

    #[test]
    fn whoever_is_alone_with_the_doctor_meets_nobody() {
        assert_eq!(full(&[busy(0, 30, 1)], of(5)).spans(), [busy(0, 30, 1).span]);
        assert_eq!(full(&[busy(0, 30, 5)], of(1)).spans(), [busy(0, 30, 1).span]);
    }

    #[test]
    fn the_smallest_capacity_of_those_who_are_there_holds_for_all() {
        assert!(full(&[busy(0, 30, 2)], of(3)).spans().is_empty());
        assert_eq!(full(&[busy(0, 30, 2), busy(0, 30, 3)], of(3)).spans(), [busy(0, 30, 1).span]);
        assert!(full(&[busy(0, 30, 3), busy(0, 30, 3)], of(3)).spans().is_empty());
        assert_eq!(full(&[busy(0, 30, 3), busy(0, 30, 3)], of(2)).spans(), [busy(0, 30, 1).span]);
    }

    #[test]
    fn where_no_seat_is_free_throughout_others_move() {
        let there = [seated(1, busy(0, 10, 2), 1), seated(2, busy(10, 20, 2), 2)];
        let placement = place(&there, busy(5, 15, 2)).expect("there are two at most");
        assert_eq!(placement, Placement { seat: Seat::Number(2), moves: vec![(2, Seat::Number(1))] });
        assert_eq!(place(&there, busy(5, 15, 1)), None);
        let fuller = [there[0], there[1], seated(3, busy(12, 14, 2), 1)];
        assert_eq!(place(&fuller, busy(5, 15, 2)), None);
    }

    #[test]
    fn a_visit_beside_others_leaves_no_room_for_one_that_comes_later() {
        assert_eq!(place_beside::<u32>(&[]), Some(Placement { seat: Seat::Number(2), moves: vec![] }));
        let ordinary = [seated(1, busy(0, 30, 1), 0), seated(2, busy(30, 60, 1), 0), seated(3, busy(10, 20, 1), 2)];
        let placement = place_beside(&ordinary).expect("few are there");
        let moves = vec![(1, Seat::Number(1)), (2, Seat::Number(1))];
        assert_eq!(placement, Placement { seat: Seat::Number(3), moves });
        let crowd: Vec<_> = (1..=Capacity::MOST).map(|seat| seated(seat.into(), busy(0, 30, 1), seat)).collect();
        assert_eq!(place_beside(&crowd), None);
    }

    proptest! {
        /// Whatever comes in whatever order: two of a patient's visits overlap only where one of them was put beside the
        /// other, and a store that keeps seats apart accepts all of them.
        #[test]
        fn of_visits_that_overlap_one_was_put_beside_the_other_when_it_came(
            visits in proptest::collection::vec((0i64..40, 1i64..12, proptest::bool::ANY), 1..40),
        ) {
            let mut there: Vec<(Seated<u32>, bool)> = vec![];
            for (key, (start, length, beside)) in (0u32..).zip(visits) {
                let wanted = busy(start, start + length, 1);
                let meets = |(seated, _): &&(Seated<u32>, bool)| seated.busy.span.overlaps(&wanted.span);
                let met: Vec<_> = there.iter().filter(meets).map(|(seated, _)| *seated).collect();
                let placement =
                    if beside { place_beside(&met).expect("few") } else { Placement { seat: Seat::Alone, moves: vec![] } };
                if !beside && !met.is_empty() {
                    continue;
                }
                for (moved, seat) in placement.moves {
                    there.iter_mut().filter(|(seated, _)| seated.key == moved).for_each(|(it, _)| it.seat = seat);
                }
                there.push((Seated { key, busy: wanted, seat: placement.seat }, beside));
                for (index, (one, may)) in there.iter().enumerate() {
                    prop_assert_eq!(one.seat > Seat::Number(1), *may);
                    for (other, _) in &there[index + 1..] {
                        let apart = one.seat != Seat::Alone && other.seat != Seat::Alone && one.seat != other.seat;
                        prop_assert!(apart || !one.busy.span.overlaps(&other.busy.span), "{:?} {:?}", one, other);
                    }
                }
            }
        }

        /// Whatever comes in whatever order: a visit is seated exactly where there is room by the rule, and then nobody
        /// shares a seat, or sits beyond his or her capacity.
        #[test]
        fn everybody_for_whom_there_is_room_has_a_seat(
            visits in proptest::collection::vec((0i64..40, 1i64..12, 1u8..5), 1..40),
        ) {
            let mut there: Vec<Seated<u32>> = vec![];
            for (key, (start, length, capacity)) in (0u32..).zip(visits) {
                let wanted = busy(start, start + length, capacity);
                let room = (start..start + length).all(|minute| {
                    let now = |seated: &&Seated<u32>| seated.busy.span.overlaps(&busy(minute, minute + 1, 1).span);
                    let with: Vec<_> = there.iter().filter(now).map(|seated| seated.busy.capacity.get()).collect();
                    let smallest = with.iter().copied().min().unwrap_or(capacity).min(capacity);
                    with.len() < usize::from(smallest)
                });
                let placement = place(&there, wanted);
                prop_assert_eq!(placement.is_some(), room);
                let Some(Placement { seat, moves }) = placement else { continue };
                for (moved, seat) in moves {
                    there.iter_mut().filter(|seated| seated.key == moved).for_each(|seated| seated.seat = seat);
                }
                there.push(Seated { key, busy: wanted, seat });
                for (index, one) in there.iter().enumerate() {
                    let fits = if one.busy.capacity.is_shared() { 1..=one.busy.capacity.get() } else { 0..=0 };
                    prop_assert!(fits.contains(&one.seat.number()));
                    let conflict = there[index + 1..].iter().any(|other| {
                        one.busy.span.overlaps(&other.busy.span)
                            && (one.seat == other.seat || one.seat == Seat::Alone || other.seat == Seat::Alone)
                    });
                    prop_assert!(!conflict);
                }
            }
        }
    }
}
