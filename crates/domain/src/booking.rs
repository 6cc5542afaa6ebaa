//! Bookings.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    BookingId, Busy, DoctorId, Footprint, Marks, Offer, PatientId, Reason, Revision, SeriesId, Span, VisitTypeId, Zone,
};

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookingStatus {
    /// It will take place.
    Booked,
    /// The patient is there.
    Arrived,
    /// It has taken place.
    Fulfilled,
    /// It will not take place.
    Cancelled,
    /// The patient did not come.
    NoShow,
}

impl BookingStatus {
    /// Every status there is.
    pub const ALL: [Self; 5] = [Self::Booked, Self::Arrived, Self::Fulfilled, Self::Cancelled, Self::NoShow];

    /// Its name, as stores and front ends write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
            Self::NoShow => "no-show",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether a booking that stands here keeps its doctor and patient busy.
    #[must_use]
    pub fn is_live(self) -> bool {
        match self {
            Self::Booked | Self::Arrived | Self::Fulfilled => true,
            Self::Cancelled | Self::NoShow => false,
        }
    }

    /// Whether a visit that stands here is still to be held, so that it must not be left before a closed door.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Booked | Self::Arrived)
    }

    /// Where a booking that stands here can go.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Booked => &[Self::Arrived, Self::Cancelled, Self::NoShow],
            Self::Arrived => &[Self::Fulfilled],
            Self::Cancelled => &[Self::Booked],
            Self::Fulfilled | Self::NoShow => &[],
        }
    }
}

/// A booking cannot go where it was wanted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a booking that is {} cannot become {} now", .from.as_str(), .wanted.as_str())]
pub struct InvalidTransition {
    /// Where it stands.
    pub from: BookingStatus,
    /// Where it was wanted.
    pub wanted: BookingStatus,
    /// Where it can go now.
    pub allowed: Vec<BookingStatus>,
}

/// A patient's visit to a doctor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking(BookingParts);

/// Everything a booking is made of, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingParts {
    /// Which booking.
    pub id: BookingId,
    /// With whom.
    pub doctor: DoctorId,
    /// For whom.
    pub patient: PatientId,
    /// When. The length is what it was at the time of booking, and stays when slots or the visit type change.
    pub span: Span,
    /// What kind of visit it is; `None`: no particular kind.
    pub visit_type: Option<VisitTypeId>,
    /// The series to which it belongs.
    pub series: Option<SeriesId>,
    /// What it takes of the doctor, as it was at the time of booking.
    pub footprint: Footprint,
    /// On whose clock it was agreed: the doctor's zone at the time of booking.
    pub zone: Zone,
    /// Where it stands.
    pub status: BookingStatus,
    /// What for.
    pub reason: Option<Reason>,
    /// Why it was cancelled.
    pub cancel_reason: Option<Reason>,
    /// Whether it lies outside working hours: a later change of the doctor's rules left it there, or it was put there.
    pub outside_hours: bool,
    /// Whether it was put beside other visits of the patient's, if there were any: that they do not overlap was set
    /// aside. Others that come later still must not overlap it.
    pub beside_others: bool,
    /// How often it has changed.
    pub revision: Revision,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Booking {
    /// The booking that was stored as these parts.
    #[must_use]
    pub fn from_parts(parts: BookingParts) -> Self {
        Self(parts)
    }

    /// All of it.
    #[must_use]
    pub fn parts(&self) -> &BookingParts {
        &self.0
    }

    /// Which booking.
    #[must_use]
    pub fn id(&self) -> BookingId {
        self.0.id
    }

    /// When.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// What it keeps the doctor busy with, buffers included.
    #[must_use]
    pub fn busy(&self) -> Busy {
        let span = self.0.footprint.occupied(self.0.span);
        Busy { span, capacity: self.0.footprint.capacity, held_until: None }
    }

    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> BookingStatus {
        self.0.status
    }

    /// How often it has changed.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// With whom.
    #[must_use]
    pub fn doctor(&self) -> DoctorId {
        self.0.doctor
    }

    /// The booking as it is once cancelled; `None` when it already is, since cancelling again changes nothing.
    ///
    /// # Errors
    ///
    /// [`InvalidTransition`] when it has begun to take place, or the patient did not come.
    pub fn cancelled(&self, why: Reason, now: DateTime<Utc>) -> Result<Option<Self>, InvalidTransition> {
        if self.0.status == BookingStatus::Cancelled {
            return Ok(None);
        }
        let mut cancelled = self.become_status(BookingStatus::Cancelled, now)?;
        cancelled.0.cancel_reason = Some(why);
        Ok(Some(cancelled))
    }

    /// The booking once the patient is there.
    ///
    /// # Errors
    ///
    /// [`InvalidTransition`] unless it is booked.
    pub fn arrived(&self, now: DateTime<Utc>) -> Result<Self, InvalidTransition> {
        self.become_status(BookingStatus::Arrived, now)
    }

    /// The booking once it has taken place.
    ///
    /// # Errors
    ///
    /// [`InvalidTransition`] unless the patient has arrived.
    pub fn fulfilled(&self, now: DateTime<Utc>) -> Result<Self, InvalidTransition> {
        self.become_status(BookingStatus::Fulfilled, now)
    }

    /// The booking to which the patient did not come. Not before it should have started.
    ///
    /// # Errors
    ///
    /// [`InvalidTransition`] unless it is booked and its start has passed.
    pub fn no_show(&self, now: DateTime<Utc>) -> Result<Self, InvalidTransition> {
        self.become_status(BookingStatus::NoShow, now)
    }

    /// The cancelled booking as it is once it will take place after all; whether its slot is still free,
    /// [`Calendar::keeps`](crate::Calendar::keeps) tells.
    ///
    /// # Errors
    ///
    /// [`InvalidTransition`] unless it is cancelled.
    pub fn reinstated(&self, now: DateTime<Utc>) -> Result<Self, InvalidTransition> {
        let mut reinstated = self.become_status(BookingStatus::Booked, now)?;
        reinstated.0.cancel_reason = None;
        // Nothing is set aside for that.
        (reinstated.0.outside_hours, reinstated.0.beside_others) = (false, false);
        Ok(reinstated)
    }

    /// The booking as one of a series.
    #[must_use]
    pub fn of_series(mut self, series: SeriesId) -> Self {
        self.0.series = Some(series);
        self
    }

    /// The booking with these marks.
    #[must_use]
    pub fn with_marks(mut self, Marks { outside_hours, beside_others }: Marks) -> Self {
        (self.0.outside_hours, self.0.beside_others) = (outside_hours, beside_others);
        self
    }

    /// Whether the booking can still be moved.
    ///
    /// # Errors
    ///
    /// [`InvalidTransition`] unless it is booked.
    pub fn movable(&self, now: DateTime<Utc>) -> Result<(), InvalidTransition> {
        match self.0.status {
            BookingStatus::Booked => Ok(()),
            _ => Err(self.refused(BookingStatus::Booked, now)),
        }
    }

    /// The booking in another slot, perhaps with another doctor.
    ///
    /// # Errors
    ///
    /// [`InvalidTransition`] unless it is booked.
    pub fn moved(&self, to: &Offer, now: DateTime<Utc>) -> Result<Self, InvalidTransition> {
        self.movable(now)?;
        let mut parts = self.0.clone();
        to.put_into(&mut parts);
        Ok(Self(parts).changed(now))
    }

    fn become_status(&self, wanted: BookingStatus, now: DateTime<Utc>) -> Result<Self, InvalidTransition> {
        if !self.allowed(now).contains(&wanted) {
            return Err(self.refused(wanted, now));
        }
        let parts = BookingParts { status: wanted, ..self.0.clone() };
        Ok(Self(parts).changed(now))
    }

    /// Where the booking can go now.
    fn allowed(&self, now: DateTime<Utc>) -> Vec<BookingStatus> {
        let has_begun = self.0.span.start() <= now;
        let next = self.0.status.next().iter().copied();
        next.filter(|&status| status != BookingStatus::NoShow || has_begun).collect()
    }

    fn refused(&self, wanted: BookingStatus, now: DateTime<Utc>) -> InvalidTransition {
        InvalidTransition { from: self.0.status, wanted, allowed: self.allowed(now) }
    }

    /// The booking marked as outside working hours, or as inside again.
    #[must_use]
    pub(crate) fn marked(&self, outside_hours: bool, now: DateTime<Utc>) -> Self {
        let mut parts = self.0.clone();
        parts.outside_hours = outside_hours;
        Self(parts).changed(now)
    }

    fn changed(mut self, now: DateTime<Utc>) -> Self {
        self.0.revision = self.0.revision.next();
        self.0.updated_at = now;
        self
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn booking() -> Booking {
        let start = DateTime::from_timestamp(1_900_000_000, 0).expect("in range");
        Booking::from_parts(BookingParts {
            id: BookingId::from_u128(1),
            doctor: DoctorId::from_u128(2),
            patient: PatientId::from_u128(3),
            span: Span::new(start, start + TimeDelta::hours(1)).expect("forwards"),
            visit_type: None,
            series: None,
            footprint: Footprint::default(),
            zone: Zone::utc(),
            status: BookingStatus::Booked,
            reason: None,
            cancel_reason: None,
            outside_hours: false,
            beside_others: false,
            revision: Revision::FIRST,
            created_at: start,
            updated_at: start,
        })
    }

    fn why() -> Reason {
        Reason::parse("feels better").expect("valid")
    }

    /// A booking that stands here.
    fn at(status: BookingStatus) -> Booking {
        Booking::from_parts(BookingParts { status, ..booking().0 })
    }

    #[test]
    fn cancelling_frees_and_keeps_the_reason() {
        let now = booking().span().end();
        let cancelled = booking().cancelled(why(), now).expect("possible").expect("it was booked");
        assert!(!cancelled.status().is_live());
        assert_eq!(cancelled.parts().cancel_reason, Some(why()));
        assert_eq!((cancelled.revision(), cancelled.parts().updated_at), (Revision::FIRST.next(), now));
    }

    #[test]
    fn cancelling_again_changes_nothing() {
        assert_eq!(at(BookingStatus::Cancelled).cancelled(why(), booking().span().end()), Ok(None));
    }

    #[test]
    fn a_booking_goes_only_where_its_status_allows() {
        use BookingStatus::{Arrived, Booked, Cancelled, Fulfilled, NoShow};
        let later = booking().span().start();
        for from in BookingStatus::ALL {
            let it = at(from);
            let went = [
                (Arrived, it.arrived(later)),
                (Fulfilled, it.fulfilled(later)),
                (NoShow, it.no_show(later)),
                (Booked, it.reinstated(later)),
            ];
            for (wanted, went) in went {
                match went {
                    Ok(there) => assert!(from.next().contains(&wanted) && there.status() == wanted, "{from:?}"),
                    Err(refused) => {
                        assert!(!from.next().contains(&wanted), "{from:?} to {wanted:?}");
                        assert_eq!(refused, InvalidTransition { from, wanted, allowed: from.next().to_vec() });
                    }
                }
            }
            assert_eq!(it.cancelled(why(), later).is_ok(), matches!(from, Booked | Cancelled), "{from:?}");
        }
    }

    #[test]
    fn nobody_is_a_no_show_before_the_start() {
        let start = booking().span().start();
        let refused = booking().no_show(start - TimeDelta::microseconds(1)).expect_err("it has not begun");
        assert_eq!(refused.allowed, [BookingStatus::Arrived, BookingStatus::Cancelled]);
        assert!(booking().no_show(start).is_ok());
    }

    #[test]
    fn a_booking_that_is_reinstated_has_no_reason_to_be_cancelled_any_more() {
        let now = booking().span().start();
        let cancelled = booking().cancelled(why(), now).expect("possible").expect("it was booked");
        let reinstated = cancelled.reinstated(now).expect("it was cancelled");
        assert_eq!((reinstated.status(), &reinstated.parts().cancel_reason), (BookingStatus::Booked, &None));
    }
}
