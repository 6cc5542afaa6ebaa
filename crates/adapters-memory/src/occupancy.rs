//! What keeps doctors and patients busy.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_domain::{
    Booking, BookingId, Busy, DoctorId, Footprint, HoldId, PatientId, Placement, Seat, Seated, Span, place,
    place_beside,
};

/// Who can be busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Doctor(DoctorId),
    Patient(PatientId),
}

/// By what somebody is kept busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    Booking(BookingId),
    Hold(HoldId),
}

impl By {
    const FIRST: Self = Self::Booking(BookingId::from_u128(0));
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Booking(id) => write!(f, "booking {id}"),
            Self::Hold(id) => write!(f, "hold {id}"),
        }
    }
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
pub(crate) struct Occupancy(BTreeMap<Subject, BTreeMap<(DateTime<Utc>, By), Taken>>);

impl Occupancy {
    /// What of the subject's overlaps `span`, by start.
    fn overlapping(&self, subject: Subject, span: Span) -> impl DoubleEndedIterator<Item = Seated<By>> {
        let longest = TimeDelta::minutes(Footprint::MOST_MINUTES.into());
        let since = span.start().checked_sub_signed(longest).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let (from, until) = ((since, By::FIRST), (span.end(), By::FIRST));
        let near = self.0.get(&subject).into_iter().flat_map(move |taken| taken.range(from..until));
        near.filter(move |(_, taken)| taken.busy.span.overlaps(&span))
            .map(|(&(_, key), &Taken { busy, seat })| Seated { key, busy, seat })
    }

    /// A seat for what would keep the subject busy `by` something, and who has to move for it; `None` when there is no
    /// room. What it occupies itself already, and what is held no longer `now`, is in nobody's way.
    pub(crate) fn room(&self, subject: Subject, wanted: Busy, by: By, now: DateTime<Utc>) -> Option<Placement<By>> {
        let counts = |seated: &Seated<By>| seated.key != by && seated.busy.held_until.is_none_or(|until| now < until);
        // Whoever overlaps it, whoever overlaps these, and so on.
        let mut whole = wanted.span;
        loop {
            let there: Vec<_> = self.overlapping(subject, whole).filter(counts).collect();
            let start = there.iter().map(|seated| seated.busy.span.start()).fold(whole.start(), Ord::min);
            let end = there.iter().map(|seated| seated.busy.span.end()).fold(whole.end(), Ord::max);
            match Span::new(start, end) {
                Ok(wider) if wider != whole => whole = wider,
                _ => return place(&there, wanted),
            }
        }
    }

    /// A seat for a visit of the subject's that may be beside others; what is its own already is in nobody's way.
    pub(crate) fn room_beside(&self, subject: Subject, wanted: Busy, by: By) -> Option<Placement<By>> {
        let there: Vec<_> = self.overlapping(subject, wanted.span).filter(|seated| seated.key != by).collect();
        place_beside(&there)
    }

    /// On which seat of the subject's something sits that keeps it busy from then on.
    pub(crate) fn seat(&self, subject: Subject, by: By, from: DateTime<Utc>) -> Option<Seat> {
        self.0.get(&subject)?.get(&(from, by)).map(|taken| taken.seat)
    }

    /// What occupies the subject in `span`, whole, and by start.
    pub(crate) fn during(&self, subject: Subject, span: Span) -> Vec<Busy> {
        self.overlapping(subject, span).map(|seated| seated.busy).collect()
    }

    /// The bookings that occupy the subject and may end after `moment`.
    pub(crate) fn after(&self, subject: Subject, moment: DateTime<Utc>) -> impl Iterator<Item = BookingId> {
        let rest = Span::new(moment, DateTime::<Utc>::MAX_UTC).ok();
        let found = rest.into_iter().flat_map(move |rest| self.overlapping(subject, rest));
        found.filter_map(|seated| match seated.key {
            By::Booking(id) => Some(id),
            By::Hold(_) => None,
        })
    }

    /// Occupies the subject, for whom there is room as `placement` says.
    pub(crate) fn occupy(&mut self, subject: Subject, by: By, busy: Busy, placement: &Placement<By>) {
        let taken = self.0.entry(subject).or_default();
        for &(moved, seat) in &placement.moves {
            taken.iter_mut().filter(|((_, by), _)| *by == moved).for_each(|(_, taken)| taken.seat = seat);
        }
        taken.insert((busy.span.start(), by), Taken { busy, seat: placement.seat });
    }

    /// Gives back what kept the subject busy.
    pub(crate) fn release(&mut self, subject: Subject, by: By, busy: Busy) {
        if let Some(taken) = self.0.get_mut(&subject) {
            taken.remove(&(busy.span.start(), by));
        }
    }

    /// Everything that keeps anybody busy.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Subject, By, Busy)> {
        let of_one = |(&subject, taken): (&Subject, &BTreeMap<_, Taken>)| {
            taken.iter().map(|(&(_, by), taken)| (subject, by, taken.busy)).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of_one)
    }

    /// What shares a seat with something else at the same time, or is not alone although it should be.
    pub(crate) fn crowded(&self) -> Vec<String> {
        let mut found = Vec::new();
        for &subject in self.0.keys() {
            let all = Span::new(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC).ok();
            let all: Vec<_> = all.into_iter().flat_map(|all| self.overlapping(subject, all)).collect();
            for (index, one) in all.iter().enumerate() {
                let near = all[index + 1..].iter().take_while(|other| other.busy.span.start() < one.busy.span.end());
                let share = |other: &&Seated<By>| {
                    one.seat == other.seat || one.seat == Seat::Alone || other.seat == Seat::Alone
                };
                found.extend(near.filter(share).map(|other| other.key.to_string()));
            }
        }
        found
    }
}

/// Whom a booking occupies, and with what: the doctor first.
pub(crate) fn occupied(booking: &Booking) -> [(Subject, Busy); 2] {
    let doctor = Subject::Doctor(booking.doctor());
    let patient = Subject::Patient(booking.parts().patient);
    [(doctor, booking.busy()), (patient, booking.span().into())]
}
