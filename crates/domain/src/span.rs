//! A stretch of time.

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

/// A half-open stretch of time: `start` is inside, `end` is not. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// A span would have ended at or before its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a span from {start} must end later than {end}")]
pub struct Backwards {
    /// The start that was given.
    pub start: DateTime<Utc>,
    /// The end that was given.
    pub end: DateTime<Utc>,
}

impl Span {
    /// The span from `start` up to, but without, `end`.
    ///
    /// # Errors
    ///
    /// [`Backwards`] unless `start` is before `end`.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, Backwards> {
        if start < end { Ok(Self { start, end }) } else { Err(Backwards { start, end }) }
    }

    /// Its first instant.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.end
    }

    /// How long it is, in elapsed time.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        self.end - self.start
    }

    /// Whether the two share an instant. Spans that touch do not.
    #[must_use]
    pub fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether all of `other` is inside.
    #[must_use]
    pub fn contains(&self, other: &Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// What the two share, if anything.
    #[must_use]
    pub fn intersection(&self, other: &Span) -> Option<Span> {
        Span::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).expect("in range")
    }

    fn span(start: i64, end: i64) -> Span {
        Span::new(at(start), at(end)).expect("forwards")
    }

    #[test]
    fn an_empty_or_backwards_span_is_refused() {
        assert!(Span::new(at(5), at(5)).is_err());
        assert!(Span::new(at(6), at(5)).is_err());
    }

    #[test]
    fn spans_that_touch_do_not_overlap() {
        assert!(!span(0, 10).overlaps(&span(10, 20)));
        assert!(!span(10, 20).overlaps(&span(0, 10)));
        assert!(span(0, 11).overlaps(&span(10, 20)));
    }

    #[test]
    fn the_intersection_is_what_both_contain() {
        assert_eq!(span(0, 10).intersection(&span(5, 20)), Some(span(5, 10)));
        assert_eq!(span(0, 10).intersection(&span(10, 20)), None);
        assert!(span(0, 10).contains(&span(0, 10)));
        assert!(!span(0, 10).contains(&span(5, 11)));
    }
}
