//! The clinic that is measured: which doctors, patients and slots there are, known by their numbers.

use anyhow::{Context, Result};
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// The zone of every doctor: one with daylight saving.
pub(crate) const ZONE: &str = "Europe/Berlin";
/// How long a slot is, in minutes.
pub(crate) const MINUTES: i64 = 15;
/// How many slots a day has: every day from 8 to 16 o'clock.
pub(crate) const OF_A_DAY: u64 = 32;
/// The first of them, in the doctor's hours.
pub(crate) const OPENS: i8 = 8;

/// Which doctors, patients and days there are.
#[derive(Clone, Debug)]
pub(crate) struct Clinic {
    /// How many doctors.
    pub(crate) doctors: u64,
    /// How many patients, no fewer than doctors: so nobody is with two at once.
    pub(crate) patients: u64,
    /// The first day that is booked.
    first: Date,
    /// When each day that is booked opens.
    opens: Vec<Timestamp>,
}

/// A slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Whose.
    pub(crate) doctor: u64,
    /// On the how-many-th day, from 0.
    pub(crate) day: u64,
    /// The how-many-th of that day, from 0.
    pub(crate) of_day: u64,
}

impl Clinic {
    /// One whose days begin the day after tomorrow: so nobody is reminded of a visit meanwhile.
    ///
    /// # Errors
    ///
    /// When there is no such zone or date.
    pub(crate) fn new(doctors: u64, patients: u64, days: u64) -> Result<Self> {
        let zone = TimeZone::get(ZONE).context("the zone is not known")?;
        let first = today(&zone).checked_add(Span::new().days(3))?;
        let opens = (0..days as i64).map(|day| {
            let opens = first.checked_add(Span::new().days(day))?.to_datetime(time(OPENS, 0, 0, 0));
            Ok(zone.to_zoned(opens)?.timestamp())
        });
        let opens = opens.collect::<Result<_, jiff::Error>>()?;
        Ok(Self { doctors, patients: patients.max(doctors), first, opens })
    }

    /// How many days are booked.
    pub(crate) fn days(&self) -> u64 {
        self.opens.len() as u64
    }

    /// The date of a day.
    pub(crate) fn date(&self, day: u64) -> Date {
        self.first.saturating_add(Span::new().days(day as i64))
    }

    /// When it opens so many days before the first that is booked.
    ///
    /// # Errors
    ///
    /// When there is no such date.
    pub(crate) fn before(&self, days: i64) -> Result<Timestamp> {
        let zone = TimeZone::get(ZONE).context("the zone is not known")?;
        let date = self.first.checked_sub(Span::new().days(days))?;
        Ok(zone.to_zoned(date.to_datetime(time(OPENS, 0, 0, 0)))?.timestamp())
    }

    /// Two parts of all slots, so many each: whoever has one part is in nobody's way who has the other.
    pub(crate) fn of_a_part(&self) -> u64 {
        self.doctors * self.days() * OF_A_DAY / 2
    }

    /// The `number`-th slot of a part, 0 or 1, in an order that looks like chance.
    pub(crate) fn slot(&self, part: u64, number: u64) -> Slot {
        let number = permuted(number % self.of_a_part(), self.of_a_part());
        let (doctor, rest) = (number % self.doctors, number / self.doctors);
        let half = OF_A_DAY / 2;
        Slot { doctor, day: rest / half, of_day: rest % half * 2 + part }
    }

    /// When a slot starts.
    pub(crate) fn start(&self, slot: Slot) -> Timestamp {
        self.opens[slot.day as usize] + SignedDuration::from_mins(slot.of_day as i64 * MINUTES)
    }

    /// A patient who has nothing else at the time of that slot.
    pub(crate) fn patient(&self, slot: Slot) -> u64 {
        ((slot.day * OF_A_DAY + slot.of_day) * self.doctors + slot.doctor) % self.patients
    }
}

/// The id of a doctor: made from the number, so that SQL can make it, too.
pub(crate) fn doctor_id(number: u64) -> String {
    format!("00000000-0000-7000-8000-{number:012x}")
}

/// The id of a patient.
pub(crate) fn patient_id(number: u64) -> String {
    format!("00000000-0001-7000-8000-{number:012x}")
}

/// The date that it is in a zone.
pub(crate) fn today(zone: &TimeZone) -> Date {
    // Not that of `std`, which the service's own crates must not ask.
    Timestamp::now().to_zoned(zone.clone()).date()
}

/// A number below `count` for each below `count`, all different: a Feistel network that is walked until it stays below.
pub(crate) fn permuted(number: u64, count: u64) -> u64 {
    let half_bits = (64 - count.max(2).leading_zeros()).div_ceil(2);
    let mask = (1_u64 << half_bits) - 1;
    let mut at = number;
    loop {
        let (mut left, mut right) = (at >> half_bits, at & mask);
        for round in 1..=4_u64 {
            let mixed = (right ^ (round << 40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (left, right) = (right, left ^ (mixed >> 33) & mask);
        }
        at = left << half_bits | right;
        if at < count {
            return at;
        }
    }
}

/// Numbers that look like chance, and are the same each time.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One below `count`, which is not 0 (splitmix64).
    pub(crate) fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % count
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_number_comes_once() {
        for count in [1, 2, 7, 1_000, 4_097] {
            let all: HashSet<_> = (0..count).map(|number| permuted(number, count)).collect();
            assert!(all.len() as u64 == count && all.iter().all(|number| *number < count), "{count}");
        }
    }

    #[test]
    fn slots_of_both_parts_are_all_different_and_nobody_is_at_two_places_at_once() {
        let clinic = Clinic::new(7, 11, 3).expect("a clinic");
        let parts = (0..2).flat_map(|part| (0..clinic.of_a_part()).map(move |number| (part, number)));
        let slots: Vec<_> = parts.map(|(part, number)| clinic.slot(part, number)).collect();
        let times: HashSet<_> = slots.iter().map(|slot| (slot.doctor, clinic.start(*slot))).collect();
        let visits: HashSet<_> = slots.iter().map(|slot| (clinic.patient(*slot), clinic.start(*slot))).collect();
        assert_eq!((times.len(), visits.len()), (7 * 3 * 32, 7 * 3 * 32));
    }
}
