//! A doctor's time: what is offered, what is taken, and whether something can be booked.

mod day;
mod offer;
mod refusal;
mod schedule;

use chrono::{DateTime, Utc};

pub use day::{Day, NothingFree, Slot, SlotStatus};
pub use offer::Offer;
pub use refusal::{Refusal, Refusals};
pub use schedule::{Opening, Schedule};

use crate::{DateRange, DoctorId, Rules, Span};

/// A doctor's rules together with what is booked: everything a decision needs.
///
/// It knows what is booked only where it was told. Whoever makes one for a range of dates gives what is booked in
/// [`DateRange::reach`].
#[derive(Clone, Debug)]
pub struct Calendar {
    doctor: DoctorId,
    rules: Rules,
    /// By start. Stretches of one doctor never overlap, so they are by end as well.
    busy: Vec<Span>,
}

impl Calendar {
    /// The calendar of a doctor by these rules, `busy` in these stretches (in any order).
    #[must_use]
    pub fn new(doctor: DoctorId, rules: Rules, mut busy: Vec<Span>) -> Self {
        busy.sort_unstable();
        Self { doctor, rules, busy }
    }

    /// Whose it is.
    #[must_use]
    pub fn doctor(&self) -> DoctorId {
        self.doctor
    }

    /// By which rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    fn schedule(&self) -> Schedule<'_> {
        Schedule::new(&self.rules.zone, &self.rules.hours, &self.rules.overrides)
    }

    fn is_busy(&self, wanted: Span) -> bool {
        let ahead = self.busy.partition_point(|busy| busy.start() < wanted.end());
        ahead.checked_sub(1).is_some_and(|last| self.busy[last].end() > wanted.start())
    }

    /// What a slot is to someone who looks at it now: the one answer behind showing and booking.
    fn status(&self, slot: Span, now: DateTime<Utc>) -> SlotStatus {
        if self.is_busy(slot) {
            SlotStatus::Booked
        } else if slot.start() < now {
            SlotStatus::Past
        } else {
            SlotStatus::Free
        }
    }

    /// Every date of the range with its openings and slots. A slot belongs to the civil date on which it starts.
    ///
    /// An inactive doctor has none.
    #[must_use]
    pub fn days(&self, range: DateRange, now: DateTime<Utc>) -> Vec<Day> {
        let openings = if self.rules.active { self.schedule().openings(range) } else { vec![] };
        let mut days: Vec<Day> = range.dates().map(Day::empty).collect();
        for opening in &openings {
            self.put_opening(*opening, range, &mut days);
            self.put_slots(*opening, range, &mut days, now);
        }
        for day in &mut days {
            day.reason = self.why_nothing_is_free(day, now);
        }
        days
    }

    /// The parts of an opening that lie in each of the dates.
    fn put_opening(&self, opening: Opening, range: DateRange, days: &mut [Day]) {
        let zone = &self.rules.zone;
        let first = zone.date(opening.span().start()).max(range.from());
        let Ok(dates) = DateRange::new(first, zone.date(opening.span().end()).min(range.to())) else { return };
        for date in dates.dates() {
            let next = date.succ_opt().unwrap_or(date);
            let part = Span::new(zone.midnight(date), zone.midnight(next)).ok();
            let part = part.and_then(|day| day.intersection(&opening.span()));
            if let Some((part, day)) = part.zip(day_of(days, range, date)) {
                day.openings.push(part);
            }
        }
    }

    fn put_slots(&self, opening: Opening, range: DateRange, days: &mut [Day], now: DateTime<Utc>) {
        let reach = range.reach();
        for slot in opening.slots(self.rules.slot, reach) {
            if let Some(day) = day_of(days, range, self.rules.zone.date(slot.start())) {
                day.slots.push(Slot { span: slot, status: self.status(slot, now) });
            }
        }
    }

    fn why_nothing_is_free(&self, day: &Day, now: DateTime<Utc>) -> Option<NothingFree> {
        if day.free_count() > 0 {
            return None;
        }
        let rules = &self.rules;
        Some(if !rules.active {
            NothingFree::DoctorInactive
        } else if !rules.zone.has_date(day.date) {
            NothingFree::DateDoesNotExist
        } else if day.openings.is_empty() {
            match rules.overrides.on(day.date) {
                Some([]) => NothingFree::ClosedOverride,
                None if rules.hours.windows_on(day.date).is_empty() => NothingFree::NoWorkingHours,
                Some(_) | None => NothingFree::DstGap,
            }
        } else if day.slots.is_empty() {
            NothingFree::NoGapLongEnough
        } else if day.slots.iter().all(|slot| slot.span.start() < now) {
            NothingFree::InPast
        } else {
            NothingFree::FullyBooked
        })
    }

    /// Decides whether a visit can start at `start`: the very slot that [`days`](Self::days) shows as free.
    ///
    /// # Errors
    ///
    /// Every [`Refusal`] that stands in the way, not only the first.
    pub fn offer(&self, start: DateTime<Utc>, now: DateTime<Utc>) -> Result<Offer, Refusals> {
        let rules = &self.rules;
        let mut refusals = Vec::new();
        if !rules.active {
            refusals.push(Refusal::DoctorInactive);
        }
        if start < now {
            refusals.push(Refusal::InPast);
        }
        let end = start.checked_add_signed(rules.slot.duration()).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let Ok(wanted) = Span::new(start, end) else {
            // The last instant there is: nobody works then.
            refusals.push(Refusal::OutsideWorkingHours);
            return Err(Refusals::new(refusals[0], refusals));
        };
        let schedule = self.schedule();
        if !schedule.covers(wanted) {
            refusals.push(Refusal::OutsideWorkingHours);
        } else if !schedule
            .openings(DateRange::day(rules.zone.date(start)))
            .iter()
            .any(|o| o.has_slot(rules.slot, wanted))
        {
            refusals.push(Refusal::OffGrid);
        }
        if self.is_busy(wanted) {
            refusals.push(Refusal::SlotTaken);
        }
        match refusals.first() {
            Some(&first) => Err(Refusals::new(first, refusals)),
            None => Ok(Offer::new(self.doctor, wanted, rules.zone.clone())),
        }
    }

    /// The free starts nearest to `wanted` among those on the dates of `range`, at most `most`, the earliest first.
    #[must_use]
    pub fn alternatives(
        &self,
        wanted: DateTime<Utc>,
        range: DateRange,
        most: usize,
        now: DateTime<Utc>,
    ) -> Vec<DateTime<Utc>> {
        let mut starts: Vec<_> = self
            .days(range, now)
            .iter()
            .flat_map(Day::free)
            .map(|slot| slot.span.start())
            .filter(|&start| start != wanted)
            .collect();
        starts.sort_unstable_by_key(|start| ((*start - wanted).abs(), *start));
        starts.truncate(most);
        starts.sort_unstable();
        starts
    }
}

fn day_of(days: &mut [Day], range: DateRange, date: chrono::NaiveDate) -> Option<&mut Day> {
    let index = usize::try_from((date - range.from()).num_days()).ok()?;
    days.get_mut(index)
}

#[cfg(test)]
mod tests;
