//! What keeps doctors and patients busy.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use doctor_booking_domain::{Booking, BookingId, DoctorId, PatientId, Span};

/// Who can be busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Doctor(DoctorId),
    Patient(PatientId),
}

/// Until when something is occupied, and by what.
#[derive(Clone, Copy, Debug)]
struct Taken {
    end: DateTime<Utc>,
    by: BookingId,
}

/// The stretches of everybody by their start. Those of one subject never overlap, so they are by end as well, and
/// whether another fits in can be seen from the last that starts before its end.
#[derive(Debug, Default)]
pub(crate) struct Occupancy(BTreeMap<Subject, BTreeMap<DateTime<Utc>, Taken>>);

impl Occupancy {
    /// Whether nothing occupies the subject in `span`.
    pub(crate) fn is_free(&self, subject: Subject, span: Span) -> bool {
        let last_before = |taken: &BTreeMap<_, Taken>| taken.range(..span.end()).next_back().map(|(_, last)| last.end);
        self.0.get(&subject).and_then(last_before).is_none_or(|end| end <= span.start())
    }

    /// What occupies the subject in `span`, whole, and by start.
    pub(crate) fn during(&self, subject: Subject, span: Span) -> Vec<Span> {
        let starts_before = self.0.get(&subject).into_iter().flat_map(|taken| taken.range(..span.end()).rev());
        let mut found: Vec<_> = starts_before
            .take_while(|(_, taken)| taken.end > span.start())
            .filter_map(|(&start, taken)| Span::new(start, taken.end).ok())
            .collect();
        found.reverse();
        found
    }

    /// The bookings that occupy the subject and end after `moment`.
    pub(crate) fn after(&self, subject: Subject, moment: DateTime<Utc>) -> impl Iterator<Item = BookingId> {
        let latest_first = self.0.get(&subject).into_iter().flat_map(|taken| taken.values().rev());
        latest_first.take_while(move |taken| taken.end > moment).map(|taken| taken.by)
    }

    /// Occupies doctor and patient, both of whom have to be free.
    pub(crate) fn occupy(&mut self, booking: &Booking) {
        let taken = Taken { end: booking.span().end(), by: booking.id() };
        for subject in subjects(booking) {
            self.0.entry(subject).or_default().insert(booking.span().start(), taken);
        }
    }

    /// Gives back what the booking occupied.
    pub(crate) fn release(&mut self, booking: &Booking) {
        for subject in subjects(booking) {
            if let Some(taken) = self.0.get_mut(&subject) {
                taken.remove(&booking.span().start());
            }
        }
    }
}

fn subjects(booking: &Booking) -> [Subject; 2] {
    [Subject::Doctor(booking.parts().doctor), Subject::Patient(booking.parts().patient)]
}
