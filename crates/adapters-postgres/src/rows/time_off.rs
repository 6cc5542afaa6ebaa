//! Rows of `time_off`.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{DoctorId, Reason, Span, TimeOff};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::Senseless;
use crate::schema::time_off;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = time_off, check_for_backend(Pg))]
pub(crate) struct TimeOffRow {
    doctor_id: Uuid,
    id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    reason: Option<String>,
    created_at: DateTime<Utc>,
}

/// A stretch in which a doctor is away, without the reason, which is nobody's business.
#[derive(Queryable, Selectable)]
#[diesel(table_name = time_off, check_for_backend(Pg))]
pub(crate) struct AwayRow {
    doctor_id: Uuid,
    id: Uuid,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl From<&TimeOff> for TimeOffRow {
    fn from(away: &TimeOff) -> Self {
        Self {
            doctor_id: away.doctor.uuid(),
            id: away.id.uuid(),
            starts_at: away.span.start(),
            ends_at: away.span.end(),
            reason: away.reason.as_ref().map(|reason| reason.as_str().to_owned()),
            created_at: away.created_at,
        }
    }
}

impl TryFrom<TimeOffRow> for TimeOff {
    type Error = Unavailable;

    fn try_from(row: TimeOffRow) -> Result<Self, Unavailable> {
        let parse = || -> Result<_, Senseless> {
            Ok(Self {
                id: row.id.into(),
                doctor: row.doctor_id.into(),
                span: Span::new(row.starts_at, row.ends_at)?,
                reason: row.reason.as_deref().map(Reason::parse).transpose()?,
                created_at: row.created_at,
            })
        };
        parse().map_err(|error| Unavailable::inconsistent("time_off", &row.id, error))
    }
}

impl AwayRow {
    /// Who is away, and when.
    pub(crate) fn parse(&self) -> Result<(DoctorId, Span), Unavailable> {
        let span = Span::new(self.starts_at, self.ends_at);
        let span = span.map_err(|error| Unavailable::inconsistent("time_off", &self.id, error))?;
        Ok((self.doctor_id.into(), span))
    }
}
