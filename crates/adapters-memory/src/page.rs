//! Long lists, a page at a time.

use doctor_booking_ports::{Page, PageRequest};

/// The page that was asked for of all `items`, which come in any order.
pub(crate) fn page<'a, T: Clone + 'a, P: Ord + 'a>(
    items: impl Iterator<Item = &'a T>,
    request: &PageRequest<P>,
    position: impl Fn(&T) -> P,
) -> Page<T, P> {
    let mut rest: Vec<_> = items
        .map(|item| (position(item), item))
        .filter(|(at, _)| request.after.as_ref().is_none_or(|after| at > after))
        .collect();
    rest.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let read = usize::from(request.limit.get()) + 1;
    Page::cut(rest.into_iter().take(read).map(|(_, item)| item.clone()).collect(), request.limit, position)
}
