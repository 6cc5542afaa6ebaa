//! Many stretches of time as one.

use crate::Span;

/// Any number of stretches as one: in order, and where they touch or overlap, joined.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SpanSet(Vec<Span>);

impl SpanSet {
    /// The stretches, in order. They neither touch nor overlap.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether it shares an instant with `wanted`.
    #[must_use]
    pub fn overlaps(&self, wanted: Span) -> bool {
        self.first_overlap(wanted).is_some()
    }

    /// The first stretch that shares an instant with `wanted`.
    #[must_use]
    pub fn first_overlap(&self, wanted: Span) -> Option<Span> {
        let over = self.0.partition_point(|span| span.end() <= wanted.start());
        self.0.get(over).copied().filter(|span| span.overlaps(&wanted))
    }

    /// What of `whole` is outside, in order.
    #[must_use]
    pub fn leave(&self, whole: Span) -> Vec<Span> {
        let mut left = Vec::new();
        let mut start = whole.start();
        let over = self.0.partition_point(|span| span.end() <= whole.start());
        for span in self.0[over..].iter().take_while(|span| span.start() < whole.end()) {
            left.extend(Span::new(start, span.start()));
            start = span.end();
        }
        left.extend(Span::new(start, whole.end()));
        left
    }
}

impl FromIterator<Span> for SpanSet {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        let mut spans: Vec<_> = spans.into_iter().collect();
        spans.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut().filter(|last| span.start() <= last.end()) {
                Some(last) => *last = Span::new(last.start(), last.end().max(span.end())).unwrap_or(*last),
                None => joined.push(span),
            }
        }
        Self(joined)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn span(start: i64, end: i64) -> Span {
        let at = |minute: i64| DateTime::from_timestamp(minute * 60, 0).expect("in range");
        Span::new(at(start), at(end)).expect("forwards")
    }

    fn set() -> SpanSet {
        [span(30, 40), span(10, 20), span(15, 25), span(25, 28)].into_iter().collect()
    }

    #[test]
    fn stretches_that_touch_or_overlap_are_joined() {
        assert_eq!(set().spans(), [span(10, 28), span(30, 40)]);
    }

    #[test]
    fn what_touches_does_not_overlap() {
        assert!(!set().overlaps(span(28, 30)) && !set().overlaps(span(0, 10)) && !set().overlaps(span(40, 50)));
        assert!(set().overlaps(span(27, 30)) && set().overlaps(span(0, 100)) && set().overlaps(span(12, 13)));
        assert!(!SpanSet::default().overlaps(span(0, 1)));
    }

    #[test]
    fn what_is_left_lies_between() {
        assert_eq!(set().leave(span(0, 35)), [span(0, 10), span(28, 30)]);
        assert_eq!(set().leave(span(12, 28)), []);
        assert_eq!(set().leave(span(50, 60)), [span(50, 60)]);
    }
}
