//! Long lists, a page at a time.

use thiserror::Error;

/// How many items a page has at most: 1–200, 50 unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u16);

/// A limit outside 1–200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a page has from 1 to {} items", Limit::MOST)]
pub struct LimitOutOfRange;

impl Limit {
    /// The largest page.
    pub const MOST: u16 = 200;

    /// A page of at most so many items.
    ///
    /// # Errors
    ///
    /// [`LimitOutOfRange`] outside 1–200.
    pub fn new(limit: u16) -> Result<Self, LimitOutOfRange> {
        if (1..=Self::MOST).contains(&limit) { Ok(Self(limit)) } else { Err(LimitOutOfRange) }
    }

    /// As a number, 1–200.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// Which page of a list: what comes after a position, or the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest<P> {
    /// The position of the last item already seen.
    pub after: Option<P>,
    /// How many items at most.
    pub limit: Limit,
}

impl<P> PageRequest<P> {
    /// The first page, with at most `limit` items.
    #[must_use]
    pub fn first(limit: Limit) -> Self {
        Self { after: None, limit }
    }
}

/// One page of a list. Positions are those of items, so pages stay right while items are added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, P> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The position of the last item, if more come after it.
    pub next: Option<P>,
}

impl<T, P> Page<T, P> {
    /// The page of `items`, which a store has read up to one item beyond the limit.
    pub fn cut(mut items: Vec<T>, limit: Limit, position: impl Fn(&T) -> P) -> Self {
        let more = items.len() > usize::from(limit.get());
        items.truncate(usize::from(limit.get()));
        let next = items.last().filter(|_| more).map(position);
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_from_1_to_200() {
        assert_eq!(Limit::new(0), Err(LimitOutOfRange));
        assert_eq!(Limit::new(201), Err(LimitOutOfRange));
        assert_eq!(Limit::new(1).map(Limit::get), Ok(1));
        assert_eq!(Limit::default().get(), 50);
    }

    #[test]
    fn only_a_page_with_more_behind_it_has_a_next() {
        let limit = Limit::new(2).expect("in range");
        assert_eq!(Page::cut(vec![1, 2], limit, |n| *n).next, None);
        assert_eq!(Page::cut(vec![1, 2, 3], limit, |n| *n), Page { items: vec![1, 2], next: Some(2) });
    }
}
