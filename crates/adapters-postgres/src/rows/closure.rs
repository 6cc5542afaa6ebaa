//! Rows of `closures`.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{Closure, ClosureName};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use crate::schema::closures;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = closures, check_for_backend(Pg))]
pub(crate) struct ClosureRow {
    id: Uuid,
    date: NaiveDate,
    name: String,
    created_at: DateTime<Utc>,
}

impl From<&Closure> for ClosureRow {
    fn from(closure: &Closure) -> Self {
        Self {
            id: closure.id.uuid(),
            date: closure.date,
            name: closure.name.as_str().to_owned(),
            created_at: closure.created_at,
        }
    }
}

impl TryFrom<ClosureRow> for Closure {
    type Error = Unavailable;

    fn try_from(row: ClosureRow) -> Result<Self, Unavailable> {
        let name = ClosureName::parse(&row.name);
        let name = name.map_err(|error| Unavailable::inconsistent("closures", &row.id, error))?;
        Ok(Self { id: row.id.into(), date: row.date, name, created_at: row.created_at })
    }
}
