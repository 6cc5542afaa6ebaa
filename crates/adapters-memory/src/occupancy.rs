//! What keeps doctors and patients busy.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    Booking, BookingId, Busy, DoctorId, Footprint, PatientId, Placement, Seat, Seated, Span, place,
};

/// Who can be busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Doctor(DoctorId),
    Patient(PatientId),
}

/// What occupies somebody, and where it sits.
#[derive(Clone, Copy, Debug)]
struct Taken {
    busy: Busy,
    seat: Seat,
}

/// The stretches of everybody, by their start and by what they belong to. None is longer than
/// [`Footprint::MOST_MINUTES`], so that what reaches into a stretch of time does not begin long before it.
#[derive(Debug, Default)]
pub(crate) struct Occupancy(BTreeMap<Subject, BTreeMap<(DateTime<Utc>, BookingId), Taken>>);

impl Occupancy {
    /// What of the subject's overlaps `span`, by start.
    fn overlapping(&self, subject: Subject, span: Span) -> impl DoubleEndedIterator<Item = Seated<BookingId>> {
        let longest = TimeDelta::minutes(Footprint::MOST_MINUTES.into());
        let since = span.start().checked_sub_signed(longest).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let from = (since, BookingId::from_u128(0));
        let until = (span.end(), BookingId::from_u128(0));
        let near = self.0.get(&subject).into_iter().flat_map(move |taken| taken.range(from..until));
        near.filter(move |(_, taken)| taken.busy.span.overlaps(&span))
            .map(|(&(_, key), &Taken { busy, seat })| Seated { key, busy, seat })
    }

    /// A seat for what would keep the subject busy, and who has to move for it; `None` when there is no room.
    pub(crate) fn room(&self, subject: Subject, wanted: Busy) -> Option<Placement<BookingId>> {
        // Whoever overlaps it, whoever overlaps these, and so on.
        let mut whole = wanted.span;
        loop {
            let there: Vec<_> = self.overlapping(subject, whole).collect();
            let start = there.iter().map(|seated| seated.busy.span.start()).fold(whole.start(), Ord::min);
            let end = there.iter().map(|seated| seated.busy.span.end()).fold(whole.end(), Ord::max);
            match Span::new(start, end) {
                Ok(wider) if wider != whole => whole = wider,
                _ => return place(&there, wanted),
            }
        }
    }

    /// What occupies the subject in `span`, whole, and by start.
    pub(crate) fn during(&self, subject: Subject, span: Span) -> Vec<Busy> {
        self.overlapping(subject, span).map(|seated| seated.busy).collect()
    }

    /// The bookings that occupy the subject and may end after `moment`.
    pub(crate) fn after(&self, subject: Subject, moment: DateTime<Utc>) -> impl Iterator<Item = BookingId> {
        let rest = Span::new(moment, DateTime::<Utc>::MAX_UTC).ok();
        rest.into_iter().flat_map(move |rest| self.overlapping(subject, rest)).map(|seated| seated.key)
    }

    /// Occupies the subject, for whom there is room as `placement` says.
    pub(crate) fn occupy(&mut self, subject: Subject, by: BookingId, busy: Busy, placement: &Placement<BookingId>) {
        let taken = self.0.entry(subject).or_default();
        for &(moved, seat) in &placement.moves {
            taken.iter_mut().filter(|((_, by), _)| *by == moved).for_each(|(_, taken)| taken.seat = seat);
        }
        taken.insert((busy.span.start(), by), Taken { busy, seat: placement.seat });
    }

    /// Gives back what the booking occupied.
    pub(crate) fn release(&mut self, booking: &Booking) {
        for (subject, busy) in occupied(booking) {
            if let Some(taken) = self.0.get_mut(&subject) {
                taken.remove(&(busy.span.start(), booking.id()));
            }
        }
    }
}

/// Whom a booking occupies, and with what: the doctor first.
pub(crate) fn occupied(booking: &Booking) -> [(Subject, Busy); 2] {
    let doctor = Subject::Doctor(booking.parts().doctor);
    let patient = Subject::Patient(booking.parts().patient);
    [(doctor, booking.busy()), (patient, booking.span().into())]
}
