//! Working time laid out on the line of instants.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};

use crate::{DateRange, Overrides, SlotLength, Span, Window, WorkingHours, Zone};

/// A run of working time longer than this is cut on Mondays.
const LONGEST_RUN: TimeDelta = TimeDelta::days(7);
/// How many dates either side of a range are looked at for the ends of a run: enough to see that it is longer than
/// [`LONGEST_RUN`], and to meet a Monday even where the zone skipped one.
const LOOK_AROUND: u64 = 15;

/// Resolved working time: windows that touch are one opening, across midnight too. Slots are counted from its start.
///
/// Where a doctor works without a break for more than a week, so that there would be no start to count from, the run
/// is cut where Monday's first window starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening(Span);

impl Opening {
    /// From when until when.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0
    }

    /// The slots in it that start in `reach`, so far apart and so long: in elapsed time, from the opening's start on.
    pub(super) fn slots(self, step: SlotLength, length: SlotLength, reach: Span) -> impl Iterator<Item = Span> {
        let (step, every) = (step.duration(), i64::from(step.minutes()));
        let skipped = (reach.start() - self.0.start()).num_minutes().max(0) / every;
        let skipped = TimeDelta::try_minutes(skipped.saturating_mul(every));
        let first = skipped.and_then(|skipped| self.0.start().checked_add_signed(skipped));
        std::iter::successors(first, move |start| start.checked_add_signed(step))
            .map_while(move |start| Span::new(start, start.checked_add_signed(length.duration())?).ok())
            .take_while(move |slot| slot.end() <= self.0.end() && slot.start() < reach.end())
    }

    /// Whether `wanted` is one of its slots.
    pub(super) fn has_slot(self, step: SlotLength, length: SlotLength, wanted: Span) -> bool {
        self.slots(step, length, wanted).next() == Some(wanted)
    }
}

/// The layout of a doctor's working time: which windows hold on which date, and when that is.
#[derive(Clone, Copy, Debug)]
pub struct Schedule<'a> {
    zone: &'a Zone,
    hours: &'a WorkingHours,
    overrides: &'a Overrides,
}

/// Working time without a break, and where it may be cut.
#[derive(Default)]
struct Run {
    span: Option<Span>,
    mondays: Vec<DateTime<Utc>>,
}

impl<'a> Schedule<'a> {
    /// The layout of these hours and overrides on the clocks of `zone`.
    #[must_use]
    pub fn new(zone: &'a Zone, hours: &'a WorkingHours, overrides: &'a Overrides) -> Self {
        Self { zone, hours, overrides }
    }

    /// The dates whose overrides, and closures, can matter to what happens in `span` in any zone.
    #[must_use]
    pub fn dates_around(span: Span) -> DateRange {
        let dates = DateRange::new(span.start().date_naive(), span.end().date_naive());
        dates.unwrap_or_else(|_| DateRange::day(span.start().date_naive())).widened(LOOK_AROUND + 3)
    }

    /// The first date whose override, or closure, can matter to what happens at `moment` or later in any zone.
    #[must_use]
    pub fn dates_since(moment: DateTime<Utc>) -> NaiveDate {
        DateRange::day(moment.date_naive()).widened(LOOK_AROUND + 3).from()
    }

    /// The windows that start on a date: its own, or else those of the version in force.
    fn windows_on(&self, date: NaiveDate) -> &'a [Window] {
        self.overrides.on(date).unwrap_or_else(|| self.hours.windows_on(date))
    }

    /// The working time that starts on a date, in order; what a transition swallowed is left out.
    fn laid(&self, date: NaiveDate) -> impl Iterator<Item = Span> + use<'a> {
        let zone = self.zone;
        let next = date.succ_opt().unwrap_or(date);
        self.windows_on(date).iter().filter_map(move |window| {
            // A skipped date has no windows. Those of one day shrink to nothing by themselves, a night would not.
            if window.is_overnight() && !zone.has_date(date) {
                return None;
            }
            let ends_on = if window.is_overnight() { next } else { date };
            Span::new(zone.instant(window.start().on(date)), zone.instant(window.end().on(ends_on))).ok()
        })
    }

    /// Every run of working time that starts or lasts on one of the dates or their neighbours, whole, up to
    /// [`LOOK_AROUND`] dates further.
    fn runs(&self, range: DateRange) -> Vec<Run> {
        let near = range.widened(1);
        let far = near.widened(LOOK_AROUND);
        let mut runs: Vec<Run> = Vec::new();
        // Backwards from the first date, only as long as the run goes on. Where the clocks skip a date, or the end of
        // one, a night reaches the date after the next: so two dates are asked.
        let mut before = Vec::new();
        let mut begins = self.first_start(near.from()).unwrap_or_else(|| self.zone.midnight(range.from()));
        let mut date = near.from();
        while let Some(day_before) = date.pred_opt().filter(|&day| day >= far.from()) {
            let reaches = self.last_end(day_before).max(day_before.pred_opt().and_then(|day| self.last_end(day)));
            if reaches.is_none_or(|end| end < begins) {
                break;
            }
            before.push(day_before);
            begins = self.first_start(day_before).unwrap_or(begins);
            date = day_before;
        }
        for date in before.into_iter().rev().chain(near.dates()) {
            self.append(date, &mut runs);
        }
        // Forwards from the last, likewise.
        let mut date = near.to();
        while let Some(next) = date.succ_opt().filter(|&day| day <= far.to()) {
            let ends = runs.last().and_then(|run| run.span).map(|span| span.end());
            let starts = self.first_start(next).or_else(|| self.first_start(next.succ_opt()?));
            if starts.zip(ends).is_none_or(|(start, end)| start > end) {
                break;
            }
            self.append(next, &mut runs);
            date = next;
        }
        runs
    }

    fn first_start(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.laid(date).next().map(|span| span.start())
    }

    fn last_end(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.laid(date).map(|span| span.end()).max()
    }

    fn append(&self, date: NaiveDate, runs: &mut Vec<Run>) {
        for (index, span) in self.laid(date).enumerate() {
            let monday = (index == 0 && date.weekday() == Weekday::Mon).then_some(span.start());
            match runs.last_mut() {
                Some(Run { span: Some(run), mondays }) if span.start() <= run.end() => {
                    mondays.extend(monday);
                    *run = Span::new(run.start(), run.end().max(span.end())).unwrap_or(*run);
                }
                _ => runs.push(Run { span: Some(span), mondays: vec![] }),
            }
        }
    }

    /// The openings that may have something to do with the dates of `range`: all that start or last on one of them.
    /// Each is whole, so that its slots are counted from its own start whatever the range.
    #[must_use]
    pub fn openings(&self, range: DateRange) -> Vec<Opening> {
        let mut openings = Vec::new();
        for run in self.runs(range) {
            let Some(span) = run.span else { continue };
            let mut start = span.start();
            if span.length() > LONGEST_RUN {
                for cut in run.mondays {
                    openings.extend(Span::new(start, cut).map(Opening));
                    start = cut;
                }
            }
            openings.extend(Span::new(start, span.end()).map(Opening));
        }
        openings
    }

    /// Whether all of `wanted` is working time.
    #[must_use]
    pub fn covers(&self, wanted: Span) -> bool {
        let (first, last) = (self.zone.date(wanted.start()), self.zone.date(wanted.end()));
        // Where the clocks go back over midnight, the end may be on the earlier date.
        let dates = DateRange::new(first.min(last), first.max(last));
        dates.is_ok_and(|dates| self.runs(dates).iter().any(|run| run.span.is_some_and(|run| run.contains(&wanted))))
    }
}
