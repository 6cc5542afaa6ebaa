//! Where a doctor's time departs from the week: overrides, time off, closures.

use chrono::NaiveDate;

use crate::{Overrides, Span, SpanSet, Zone};

/// Where a doctor's time departs from the week.
///
/// Overrides replace a date's windows before anything is laid out; time off and closures are taken away from what was
/// laid out, and always win. They leave the grid of slots as it is: slots that meet them are blocked.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Exceptions {
    /// Dates with windows of their own.
    pub overrides: Overrides,
    /// When the doctor is away, in any order.
    pub time_off: Vec<Span>,
    /// Dates on which the hospital is closed, in any order.
    pub closures: Vec<NaiveDate>,
}

impl Exceptions {
    /// The same without one stretch of time off.
    #[must_use]
    pub fn without_time_off(mut self, away: Span) -> Self {
        if let Some(index) = self.time_off.iter().position(|&span| span == away) {
            self.time_off.swap_remove(index);
        }
        self
    }

    /// The same without one closure on `date`; where there are two on it, it stays closed.
    #[must_use]
    pub fn without_closure(mut self, date: NaiveDate) -> Self {
        if let Some(index) = self.closures.iter().position(|&closed| closed == date) {
            self.closures.swap_remove(index);
        }
        self
    }

    /// The closures, from midnight to midnight on the clocks of `zone`.
    #[must_use]
    pub(crate) fn closed(&self, zone: &Zone) -> SpanSet {
        let whole = |date: &NaiveDate| Span::new(zone.midnight(*date), zone.midnight(date.succ_opt()?)).ok();
        self.closures.iter().filter_map(whole).collect()
    }

    /// The time off, and the closures as [`closed`](Self::closed) laid them out.
    #[must_use]
    pub(crate) fn blocked(&self, closed: &SpanSet) -> SpanSet {
        self.time_off.iter().chain(closed.spans()).copied().collect()
    }
}
