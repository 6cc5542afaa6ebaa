//! How long answers took.

use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest that is told apart: an hour, in microseconds.
const LONGEST: u64 = 3_600_000_000;

/// Latencies, to three digits, from a microsecond on.
#[derive(Clone)]
pub(crate) struct Latencies(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Self {
        // From one on to more than two, with no more than five digits: it can be had.
        Self(Histogram::new_with_bounds(1, LONGEST, 3).unwrap_or_else(|_| unreachable!("it can be had")))
    }
}

impl fmt::Debug for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [half, most, max] = [self.quantile(0.5), self.quantile(0.99), self.max()].map(told);
        write!(f, "{} latencies, p50 {half}, p99 {most}, max {max}", self.count())
    }
}

impl Latencies {
    /// Adds one.
    pub(crate) fn record(&mut self, latency: Duration) {
        self.0.saturating_record(micros(latency));
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// What this part of all of them, 0 to 1, was not above.
    pub(crate) fn quantile(&self, part: f64) -> Duration {
        Duration::from_micros(if self.0.is_empty() { 0 } else { self.0.value_at_quantile(part) })
    }

    /// The longest.
    pub(crate) fn max(&self) -> Duration {
        Duration::from_micros(self.0.max())
    }

    /// Adds all of another's.
    pub(crate) fn add(&mut self, other: &Self) {
        // They have the same bounds, so that there is nothing that would not fit.
        let _ = self.0.add(&other.0);
    }

    /// As pairs of microseconds and how often, to be sent to another process.
    pub(crate) fn pairs(&self) -> Vec<(u64, u64)> {
        self.0.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value())).collect()
    }

    /// What [`pairs`](Self::pairs) has told.
    pub(crate) fn from_pairs(pairs: &[(u64, u64)]) -> Self {
        let mut latencies = Self::default();
        for (micros, count) in pairs {
            latencies.0.saturating_record_n(*micros, *count);
        }
        latencies
    }
}

fn micros(latency: Duration) -> u64 {
    u64::try_from(latency.as_micros()).unwrap_or(u64::MAX).max(1)
}

/// A latency as people read it: `0.84 ms`, `12.3 ms`, `1.25 s`.
pub(crate) fn told(latency: Duration) -> String {
    let millis = latency.as_secs_f64() * 1000.0;
    match millis {
        ..10.0 => format!("{millis:.2} ms"),
        ..100.0 => format!("{millis:.1} ms"),
        ..1000.0 => format!("{millis:.0} ms"),
        _ => format!("{:.2} s", millis / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundred() -> Latencies {
        let mut latencies = Latencies::default();
        (1..=100).for_each(|millis| latencies.record(Duration::from_millis(millis)));
        latencies
    }

    fn is_about(latency: Duration, millis: u64) -> bool {
        let wanted = Duration::from_millis(millis);
        latency.abs_diff(wanted) <= wanted / 500
    }

    #[test]
    fn quantiles_are_to_three_digits() {
        let latencies = hundred();
        assert!(is_about(latencies.quantile(0.5), 50) && is_about(latencies.quantile(0.99), 99));
        assert!(is_about(latencies.max(), 100));
        assert_eq!(Latencies::default().quantile(0.5), Duration::ZERO);
    }

    #[test]
    fn what_was_sent_to_another_process_is_the_same_there() {
        let mut twice = Latencies::from_pairs(&hundred().pairs());
        twice.add(&hundred());
        assert_eq!(twice.count(), 200);
        assert!(is_about(twice.quantile(0.99), 99));
    }

    #[test]
    fn a_long_latency_is_counted_as_long_as_it_is() {
        let mut latencies = Latencies::default();
        latencies.record(Duration::from_mins(5));
        assert!(is_about(latencies.max(), 300_000));
    }

    #[test]
    fn latencies_are_told_in_what_suits_them() {
        let told = |micros| told(Duration::from_micros(micros));
        assert_eq!(
            [told(840), told(12_340), told(123_400), told(1_250_000)],
            ["0.84 ms", "12.3 ms", "123 ms", "1.25 s"]
        );
    }
}
