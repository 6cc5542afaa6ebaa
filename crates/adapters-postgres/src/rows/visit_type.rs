//! Rows of `visit_types`.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use doctor_booking_domain::{Horizon, Notice, Revision, SlotLength, Terms, VisitType, VisitTypeName, VisitTypeParts};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::{Senseless, footprint};
use crate::schema::visit_types;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = visit_types, treat_none_as_null = true, check_for_backend(Pg))]
pub(crate) struct VisitTypeRow {
    id: Uuid,
    name: String,
    name_key: String,
    minutes: i32,
    step_minutes: Option<i32>,
    buffer_before_minutes: i32,
    buffer_after_minutes: i32,
    min_notice_minutes: i32,
    max_days_ahead: Option<i32>,
    capacity: i16,
    retired: bool,
    revision: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<&VisitType> for VisitTypeRow {
    fn from(visit_type: &VisitType) -> Self {
        let VisitTypeParts { name, terms, .. } = visit_type.parts();
        let Terms { length, step, footprint, notice, horizon } = terms;
        Self {
            id: visit_type.id().uuid(),
            name: name.as_str().to_owned(),
            name_key: name.key().as_str().to_owned(),
            minutes: length.minutes().into(),
            step_minutes: step.map(|step| step.minutes().into()),
            buffer_before_minutes: footprint.before.get().into(),
            buffer_after_minutes: footprint.after.get().into(),
            min_notice_minutes: i32::try_from(notice.get()).expect("at most a year"),
            max_days_ahead: horizon.map(|horizon| horizon.get().into()),
            capacity: footprint.capacity.get().into(),
            retired: visit_type.parts().retired,
            revision: visit_type.revision().number(),
            created_at: visit_type.parts().created_at,
            updated_at: visit_type.parts().updated_at,
        }
    }
}

impl TryFrom<VisitTypeRow> for VisitType {
    type Error = Unavailable;

    fn try_from(row: VisitTypeRow) -> Result<Self, Unavailable> {
        parse(&row).map_err(|error| Unavailable::inconsistent("visit_types", &row.id, error))
    }
}

fn parse(row: &VisitTypeRow) -> Result<VisitType, Senseless> {
    Ok(VisitType::from_parts(VisitTypeParts {
        id: row.id.into(),
        name: VisitTypeName::parse(&row.name)?,
        terms: terms(row)?,
        retired: row.retired,
        revision: Revision::from_number(row.revision),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })?)
}

fn terms(row: &VisitTypeRow) -> Result<Terms, Senseless> {
    let length = |minutes: i32| -> Result<_, Senseless> { Ok(SlotLength::from_minutes(minutes.try_into()?)?) };
    let horizon = |days: i32| -> Result<_, Senseless> { Ok(Horizon::new(days.try_into()?)?) };
    Ok(Terms {
        length: length(row.minutes)?,
        step: row.step_minutes.map(length).transpose()?,
        footprint: footprint(row.buffer_before_minutes, row.buffer_after_minutes, row.capacity)?,
        notice: Notice::new(row.min_notice_minutes.try_into()?)?,
        horizon: row.max_days_ahead.map(horizon).transpose()?,
    })
}
