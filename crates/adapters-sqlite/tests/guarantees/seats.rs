//! Seats of a doctor who is shared: what the triggers refuse, by raw SQL.

use doctor_booking_domain::Footprint;

use crate::database::{Database, SUBJECT, blob, is_overlap};

/// What occupies [`SUBJECT`], a doctor; on seat 0, whom nobody shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    start: i64,
    end: i64,
    seat: u8,
    live: bool,
}

/// On this seat from one instant to another.
fn on(seat: u8, start: i64, end: i64) -> Row {
    Row { start, end, seat, live: true }
}

impl Row {
    fn meets(&self, other: &Self) -> bool {
        let one_seat = self.seat == other.seat || self.seat == 0 || other.seat == 0;
        self.live && other.live && one_seat && self.start < other.end && other.start < self.end
    }

    /// The values of its columns from `starts_at` on, but for the booking.
    fn values(&self) -> [i64; 5] {
        let capacity = if self.seat == 0 { 1 } else { 4 };
        [self.start, self.end, i64::from(self.live), capacity, i64::from(self.seat)]
    }

    fn insert(&self, booking: u128) -> String {
        let [start, end, live, capacity, seat] = self.values();
        let (subject, booking) = (blob(SUBJECT), blob(booking));
        format!(
            "INSERT INTO occupancy (kind, subject, starts_at, ends_at, booking, live, capacity, seat)
             VALUES (1, {subject}, {start}, {end}, {booking}, {live}, {capacity}, {seat})"
        )
    }

    fn update(&self, booking: u128) -> String {
        let [start, end, live, capacity, seat] = self.values();
        let booking = blob(booking);
        format!(
            "UPDATE occupancy SET starts_at = {start}, ends_at = {end}, live = {live}, capacity = {capacity},
             seat = {seat} WHERE booking = {booking}"
        )
    }
}

#[test]
fn two_on_one_seat_are_refused_and_so_is_who_meets_somebody_who_is_alone() {
    let there = [on(1, 2, 4), on(2, 3, 6), on(0, 6, 8), on(2, 8, 10), on(1, 8, 20)];
    for (index, other) in there.iter().enumerate() {
        assert!(there[index + 1..].iter().all(|one| !one.meets(other)));
    }
    let database = &mut Database::new();
    for (booking, row) in (1..).zip(there) {
        database.execute(&row.insert(booking)).expect("there is room");
    }
    database.execute(&on(3, 100, 101).insert(9)).expect("there is room");
    for start in 0..12 {
        for (end, seat) in (start + 1..13).flat_map(|end| (0..=3).map(move |seat| (end, seat))) {
            let wanted = on(seat, start, end);
            // Somebody new, a stranger from elsewhere, and neighbours, who may overlap where they were themselves.
            let (stranger, neighbours) = (9, [1, 3, 5]);
            let moves = neighbours.into_iter().chain([stranger]).map(|booking| (booking, wanted.update(booking)));
            for (booking, statement) in moves.chain([(10, wanted.insert(10))]) {
                let mut others = (1..).zip(there).filter(|&(other, _)| other != booking);
                let expected = others.any(|(_, other)| wanted.meets(&other));
                database.execute("SAVEPOINT before").expect("a savepoint");
                assert_eq!(is_overlap(database, &statement), expected, "{booking} to {wanted:?}");
                database.execute("ROLLBACK TO before; RELEASE before").expect("as before");
            }
        }
    }
}

/// Numbers that look like chance, the same in every run: Knuth's MMIX generator.
fn numbers() -> impl Iterator<Item = i64> {
    let next =
        |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(next(&2030), next).map(|state| (state >> 33).cast_signed())
}

#[test]
fn whatever_is_written_one_after_the_other_nobody_ever_meets_anybody() {
    let database = &mut Database::new();
    database.execute("BEGIN").expect("a transaction");
    let mut there: Vec<Option<Row>> = vec![None; 40];
    let mut numbers = numbers();
    let mut below = move |most: i64| numbers.next().expect("without end") % most;
    let (mut written, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let booking = usize::try_from(below(40)).expect("small");
        let start = below(60);
        // Mostly shared, or whoever is alone would leave no room.
        let seat = [0, 1, 1, 2, 2, 3, 3, 4][usize::try_from(below(8)).expect("small")];
        let wanted = Row { live: below(8) > 0, ..on(seat, start, start + 1 + below(12)) };
        let mut others = there.iter().enumerate().filter(|&(other, _)| other != booking);
        let expected = others.any(|(_, other)| other.is_some_and(|other| wanted.meets(&other)));
        let key = u128::try_from(booking).expect("small");
        let statement = if there[booking].is_some() { wanted.update(key) } else { wanted.insert(key) };
        assert_eq!(is_overlap(database, &statement), expected, "{statement}: {there:?}");
        if expected {
            refused += 1;
        } else {
            written += 1;
            there[booking] = Some(wanted);
        }
    }
    assert!(written > 500 && refused > 500, "{written} written, {refused} refused");
}

#[test]
fn what_began_24_hours_before_is_seen_behind_however_many_on_other_seats() {
    const DAY: i64 = Footprint::MOST_MINUTES as i64 * 60_000_000;
    let database = &mut Database::new();
    database.execute(&on(1, 0, DAY).insert(1)).expect("there is room");
    for (booking, part) in (100..).zip(0..50) {
        let start = part * DAY / 50;
        database.execute(&on(2, start, start + DAY / 50).insert(booking)).expect("there is room");
    }
    for seat in [0, 1] {
        assert!(is_overlap(database, &on(seat, DAY - 1, DAY + 10).insert(2)), "{seat}");
        assert!(is_overlap(database, &on(seat, DAY - 1, 2 * DAY - 1).insert(2)), "{seat}");
    }
    database.execute(&on(2, DAY, DAY + 10).insert(2)).expect("it is over");
    database.execute(&on(1, DAY, 2 * DAY).insert(3)).expect("it is over");
    assert!(is_overlap(database, &format!("UPDATE occupancy SET starts_at = {DAY} - 1 WHERE booking = {}", blob(3))));
}

#[test]
fn nobody_gets_another_seat_while_somebody_is_there() {
    let database = &mut Database::new();
    database.execute(&on(1, 0, 10).insert(1)).expect("there is room");
    database.execute(&on(2, 0, 10).insert(2)).expect("there is room");
    database.execute(&Row { live: false, ..on(1, 0, 10) }.insert(3)).expect("it is not live");
    let (one, two, three) = (blob(1), blob(2), blob(3));
    for statement in [
        format!("UPDATE occupancy SET seat = 2 WHERE booking = {one}"),
        format!("UPDATE occupancy SET seat = 1 WHERE booking = {two}"),
        format!("UPDATE occupancy SET seat = 0, capacity = 1 WHERE booking = {one}"),
        format!("UPDATE occupancy SET live = 1 WHERE booking = {three}"),
        // Two cannot change places in one step either.
        format!("UPDATE occupancy SET seat = 3 - seat WHERE booking IN ({one}, {two})"),
        "UPDATE OR REPLACE occupancy SET seat = 1".to_owned(),
        "UPDATE OR IGNORE occupancy SET seat = 1".to_owned(),
        on(1, 5, 6).insert(3) + " ON CONFLICT DO UPDATE SET live = 1",
        on(2, 5, 6).insert(4).replace("INSERT", "INSERT OR REPLACE"),
        on(2, 5, 6).insert(4).replace("INSERT", "INSERT OR IGNORE"),
        on(2, 5, 6).insert(4).replace(", 2)", ", '2')"),
    ] {
        assert!(is_overlap(database, &statement), "{statement}");
    }
    database
        .execute(&format!(
            "UPDATE occupancy SET live = 0 WHERE booking IN ({one}, {two});
             UPDATE occupancy SET live = 1, seat = 3 - seat WHERE booking IN ({one}, {two})"
        ))
        .expect("they stand up first");
    assert_eq!(database.count("occupancy WHERE live"), 2);
}
