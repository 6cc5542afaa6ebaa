//! What all changes of doctors' rules share: how they are asked for, and what they do to bookings there are.

use doctor_booking_application::{ChangeOptions, ChangeRulesError, IfAffected};
use doctor_booking_domain::{Booking, Revision};
use serde::Serialize;
use utoipa::ToSchema;

use crate::booking::BookingView;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::problem::Problem;
use crate::query::{FromQuery, Params};
use crate::violations::Read;

/// `?affected=keep` and `?dryRun=true`.
pub(crate) struct How {
    pub(crate) if_affected: IfAffected,
    pub(crate) dry_run: bool,
}

impl FromQuery for How {
    fn read(params: &mut Params) -> Read<Self> {
        let if_affected = params.one_of("affected", &[("keep", IfAffected::Keep)], Code::UnknownValue);
        let dry_run = params.flag("dryRun");
        Some(Self { if_affected: if_affected?.unwrap_or_default(), dry_run: dry_run?.unwrap_or_default() })
    }
}

impl How {
    /// For the use cases; only at a revision, if one is expected.
    pub(crate) fn options(&self, expected: Option<Revision>) -> ChangeOptions {
        let Self { if_affected, dry_run } = *self;
        ChangeOptions { expected, if_affected, dry_run }
    }

    /// Changes a doctor's rules this way, at the revisions that are wanted.
    ///
    /// `refused` says what is to be said where the change itself is not possible.
    pub(crate) fn change<T, R>(
        &self,
        if_match: &IfMatch,
        call: impl Fn(ChangeOptions) -> Result<T, ChangeRulesError<R>>,
        refused: impl FnOnce(R) -> Problem,
    ) -> Result<T, Problem> {
        let at = |expected| call(self.options(expected));
        if_match.attempt(at, |error| matches!(error, ChangeRulesError::Changed)).map_err(|error| match error {
            ChangeRulesError::UnknownDoctor => Problem::not_found("doctor"),
            ChangeRulesError::Changed => Problem::general(Code::PreconditionFailed),
            ChangeRulesError::Refused(refusal) => refused(refusal),
            ChangeRulesError::BookingsAffected(bookings) => affected(&bookings),
            ChangeRulesError::Contended => Problem::unavailable("others changed the doctor again and again"),
            ChangeRulesError::Unavailable(error) => error.into(),
        })
    }
}

/// The refusal of a change that would leave these bookings outside working hours.
pub(crate) fn affected(bookings: &[Booking]) -> Problem {
    let detail = match bookings.len() {
        1 => "one booking would be left outside working hours; ?affected=keep changes them all the same".to_owned(),
        many => {
            format!("{many} bookings would be left outside working hours; ?affected=keep changes them all the same")
        }
    };
    Problem::new(Code::BookingsAffected, detail).with_affected_bookings(views(bookings))
}

/// Bookings, shown.
pub(crate) fn views(bookings: &[Booking]) -> Vec<BookingView> {
    bookings.iter().map(BookingView::from).collect()
}

/// What a change has done to bookings there are, or would do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Affected)]
pub(crate) struct AffectedView {
    /// Bookings to come that the change leaves outside working hours, by start, as they were before it.
    pub(crate) affected_bookings: Vec<BookingView>,
}

impl AffectedView {
    pub(crate) fn of(bookings: &[Booking]) -> Self {
        Self { affected_bookings: views(bookings) }
    }
}
