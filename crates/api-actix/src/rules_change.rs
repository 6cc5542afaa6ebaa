//! What all changes of doctors' rules share: how they are asked for, and what they do to bookings there are.

use doctor_booking_application::{Affected, ChangeOptions, ChangeRulesError, IfAffected};
use doctor_booking_domain::{Hold, Revision};
use serde::Serialize;
use utoipa::ToSchema;

use crate::booking::BookingView;
use crate::code::Code;
use crate::etag::IfMatch;
use crate::problem::Problem;
use crate::query::{FromQuery, Params};
use crate::schema;
use crate::values::local;
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
            ChangeRulesError::Answered => Problem::answered(),
            ChangeRulesError::Contended => Problem::unavailable("others changed the doctor again and again"),
            ChangeRulesError::Forbidden => Problem::general(Code::Forbidden),
            ChangeRulesError::Unavailable(error) => error.into(),
        })
    }
}

/// The refusal of a change that would leave these bookings outside working hours.
pub(crate) fn affected(affected: &Affected) -> Problem {
    let count = |count, one: &str| match count {
        0 => None,
        1 => Some(format!("one {one}")),
        many => Some(format!("{many} {one}s")),
    };
    let counts = [count(affected.bookings.len(), "booking"), count(affected.holds.len(), "hold")];
    let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(" and ");
    let detail = format!("{counts} would be left outside working hours; ?affected=keep changes them all the same");
    Problem::new(Code::BookingsAffected, detail).with_affected(AffectedView::of(affected))
}

/// A slot that is held for somebody. All its instants have the offset of its doctor's zone.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AffectedHold, examples(json!({
    "id": "01900000-0000-7000-8000-000000000007", "doctorId": "01900000-0000-7000-8000-000000000001",
    "start": "2030-01-07T08:00:00-05:00", "end": "2030-01-07T09:00:00-05:00",
    "expiresAt": "2029-12-01T04:35:00-05:00"
})))]
pub(crate) struct AffectedHoldView {
    /// Which hold; null for who may not know of holds.
    #[schema(value_type = Option<schema::Id>, required = true)]
    id: Option<String>,
    /// With whom.
    #[schema(value_type = schema::Id)]
    doctor_id: String,
    /// When the visit would start.
    #[schema(value_type = schema::Instant)]
    start: String,
    /// When it would end.
    #[schema(value_type = schema::Instant)]
    end: String,
    /// Until when the slot is held; null for who may not know of holds.
    #[schema(value_type = Option<schema::Instant>, required = true)]
    expires_at: Option<String>,
}

impl AffectedHoldView {
    fn new(Hold { id, doctor, span, zone, expires_at, .. }: &Hold, is_named: bool) -> Self {
        Self {
            id: is_named.then(|| id.to_string()),
            doctor_id: doctor.to_string(),
            start: local(span.start(), zone),
            end: local(span.end(), zone),
            expires_at: is_named.then(|| local(*expires_at, zone)),
        }
    }
}

/// What a change has done to bookings and holds there are, or would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Affected)]
pub(crate) struct AffectedView {
    /// Bookings to come that the change leaves outside working hours, by start, as they were before it.
    pub(crate) affected_bookings: Vec<BookingView>,
    /// Slots that are held at the moment and that the change leaves outside working hours, by start. Such a hold cannot
    /// become a booking any more.
    pub(crate) affected_holds: Vec<AffectedHoldView>,
}

impl AffectedView {
    pub(crate) fn of(affected: &Affected) -> Self {
        Self {
            affected_bookings: affected.bookings.iter().map(BookingView::from).collect(),
            affected_holds: affected
                .holds
                .iter()
                .map(|hold| AffectedHoldView::new(hold, !affected.hides_holds))
                .collect(),
        }
    }
}
