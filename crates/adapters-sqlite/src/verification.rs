//! Whether what is stored fits together.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use doctor_booking_ports::{Inconsistency, MOST_INCONSISTENCIES, Unavailable, Verification};
use uuid::Uuid;

use crate::SqliteStore;
use crate::pools::Pools;
use crate::unavailable::Abort;

/// [`Verification`] on SQLite. It asks the tables themselves and trusts no constraint and no trigger, which can be dropped
/// or switched off.
#[derive(Clone, Debug)]
pub struct SqliteVerification(Pools);

impl SqliteVerification {
    /// Looks through `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Verification for SqliteVerification {
    fn verify(&self, _: DateTime<Utc>) -> Result<Vec<Inconsistency>, Unavailable> {
        let most = i64::try_from(MOST_INCONSISTENCIES).unwrap_or(i64::MAX);
        let mut found = self.0.read(|connection| {
            let mut all = Vec::new();
            for &Check { table, what, misfits } in CHECKS {
                // Diesel has no words for most of it: tables that are asked about twice, and rows that are calculated.
                let query = diesel::sql_query(format!("{misfits} LIMIT ?")).bind::<BigInt, _>(most);
                let rows: Vec<Misfit> = query.load(connection)?;
                all.extend(rows.iter().map(|row| Inconsistency { table, key: row.key(), what: what.to_owned() }));
            }
            Ok::<_, Abort<Unavailable>>(all)
        })?;
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_INCONSISTENCIES);
        Ok(found)
    }
}

/// A row that does not fit.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Sqlite))]
struct Misfit {
    /// What the id is of, where the table has several things.
    #[diesel(sql_type = Text)]
    of: String,
    /// A number, or an id in hexadecimal.
    #[diesel(sql_type = Text)]
    key: String,
}

impl Misfit {
    fn key(&self) -> String {
        let key = Uuid::try_parse(&self.key).map_or_else(|_| self.key.clone(), |id| id.to_string());
        format!("{} {key}", self.of).trim_start().to_owned()
    }
}

/// Something that must not be there.
struct Check {
    table: &'static str,
    what: &'static str,
    /// The question that finds its keys. Each goes through one table once, and looks at others by an index.
    misfits: &'static str,
}

const NOT_OCCUPIED: &str = "what it should occupy is not occupied";
const WRONGLY_OCCUPIED: &str = "it occupies what it should not";
const NOBODY: &str = "its doctor or patient is not there";

const CHECKS: &[Check] = &[
    Check {
        table: "occupancy",
        what: NOT_OCCUPIED,
        misfits: "
            SELECT 'booking' AS of, lower(hex(id)) AS key FROM bookings
            WHERE status IN ('booked', 'arrived', 'fulfilled') AND NOT EXISTS (
                SELECT 1 FROM occupancy AS taken
                WHERE taken.kind = 1 AND taken.subject = doctor_id AND taken.booking = id AND taken.live
                    AND taken.starts_at = bookings.starts_at - buffer_before_minutes * 60000000
                    AND taken.ends_at = bookings.ends_at + buffer_after_minutes * 60000000
                    AND taken.capacity = bookings.capacity AND taken.held_until IS NULL
            )",
    },
    Check {
        table: "occupancy",
        what: NOT_OCCUPIED,
        misfits: "
            SELECT 'booking' AS of, lower(hex(id)) AS key FROM bookings
            WHERE status IN ('booked', 'arrived', 'fulfilled') AND NOT EXISTS (
                SELECT 1 FROM occupancy AS taken
                WHERE taken.kind = 2 AND taken.subject = patient_id AND taken.booking = id AND taken.live
                    AND taken.starts_at = bookings.starts_at AND taken.ends_at = bookings.ends_at
                    AND taken.capacity = 1 AND taken.held_until IS NULL
                    AND (taken.seat > 1) = bookings.beside_others
            )",
    },
    Check {
        table: "occupancy",
        what: NOT_OCCUPIED,
        misfits: "
            SELECT 'hold' AS of, lower(hex(id)) AS key FROM holds
            WHERE NOT EXISTS (
                SELECT 1 FROM occupancy AS taken
                WHERE taken.kind = 1 AND taken.subject = doctor_id AND taken.booking = id AND taken.live
                    AND taken.starts_at = holds.starts_at - buffer_before_minutes * 60000000
                    AND taken.ends_at = holds.ends_at + buffer_after_minutes * 60000000
                    AND taken.capacity = holds.capacity AND taken.held_until = expires_at
            )",
    },
    Check {
        table: "occupancy",
        what: WRONGLY_OCCUPIED,
        misfits: "
            SELECT 'booking' AS of, lower(hex(booking)) AS key FROM occupancy AS taken
            WHERE live AND held_until IS NULL AND NOT EXISTS (
                SELECT 1 FROM bookings
                WHERE id = taken.booking AND status IN ('booked', 'arrived', 'fulfilled')
                    AND CASE taken.kind
                        WHEN 1 THEN doctor_id = taken.subject AND capacity = taken.capacity
                            AND starts_at - buffer_before_minutes * 60000000 = taken.starts_at
                            AND ends_at + buffer_after_minutes * 60000000 = taken.ends_at
                        ELSE patient_id = taken.subject AND taken.capacity = 1
                            AND (taken.seat > 1) = beside_others AND starts_at = taken.starts_at AND ends_at = taken.ends_at
                    END
            )",
    },
    Check {
        table: "occupancy",
        what: WRONGLY_OCCUPIED,
        misfits: "
            SELECT 'hold' AS of, lower(hex(booking)) AS key FROM occupancy AS taken
            WHERE held_until IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM holds
                WHERE id = taken.booking AND taken.live AND taken.kind = 1 AND doctor_id = taken.subject
                    AND capacity = taken.capacity AND expires_at = taken.held_until
                    AND starts_at - buffer_before_minutes * 60000000 = taken.starts_at
                    AND ends_at + buffer_after_minutes * 60000000 = taken.ends_at
            )",
    },
    Check {
        table: "occupancy",
        what: "it overlaps another",
        misfits: "
            SELECT CASE WHEN other.held_until IS NULL THEN 'booking' ELSE 'hold' END AS of,
                lower(hex(other.booking)) AS key
            FROM occupancy AS one CROSS JOIN occupancy AS other
            WHERE one.live AND other.live AND other.kind = one.kind AND other.subject = one.subject
                AND other.starts_at >= one.starts_at AND other.starts_at < one.ends_at
                AND (other.starts_at, other.booking) > (one.starts_at, one.booking)
                AND (other.seat = one.seat OR other.seat = 0 OR one.seat = 0)",
    },
    Check {
        table: "occupancy",
        what: "there are more at once than can be",
        misfits: "
            SELECT CASE WHEN last.held_until IS NULL THEN 'booking' ELSE 'hold' END AS of,
                lower(hex(last.booking)) AS key
            FROM occupancy AS last
            WHERE last.kind = 1 AND last.live AND last.seat > 0 AND (
                SELECT count(*) > min(there.capacity) FROM occupancy AS there
                WHERE there.kind = 1 AND there.subject = last.subject AND there.live
                    AND there.starts_at <= last.starts_at AND there.starts_at > last.starts_at - 86400000000
                    AND there.ends_at > last.starts_at
            )",
    },
    Check {
        table: "occupancy",
        what: "it is on a seat that is not there",
        misfits: "
            SELECT CASE WHEN held_until IS NULL THEN 'booking' ELSE 'hold' END AS of, lower(hex(booking)) AS key
            FROM occupancy
            WHERE live AND NOT (
                (kind = 2 AND seat BETWEEN 0 AND 50)
                OR (capacity = 1 AND seat = 0) OR (capacity > 1 AND seat BETWEEN 1 AND capacity)
            )",
    },
    Check {
        table: "bookings",
        what: NOBODY,
        misfits: "
            SELECT '' AS of, lower(hex(id)) AS key FROM bookings
            WHERE doctor_id NOT IN (SELECT id FROM doctors) OR patient_id NOT IN (SELECT id FROM patients)",
    },
    Check {
        table: "holds",
        what: NOBODY,
        misfits: "
            SELECT '' AS of, lower(hex(id)) AS key FROM holds WHERE doctor_id NOT IN (SELECT id FROM doctors)",
    },
    Check {
        table: "waitlist",
        what: NOBODY,
        misfits: "
            SELECT '' AS of, lower(hex(id)) AS key FROM waitlist
            WHERE patient_id NOT IN (SELECT id FROM patients)
                OR (doctor_id IS NOT NULL AND doctor_id NOT IN (SELECT id FROM doctors))",
    },
    Check {
        table: "history",
        what: "there is a gap before it",
        misfits: "
            SELECT '' AS of, CAST(position AS TEXT) AS key FROM history AS entry
            WHERE position <> 1 AND NOT EXISTS (SELECT 1 FROM history WHERE position = entry.position - 1)",
    },
    Check {
        table: "webhooks",
        what: "it was told of what has not happened",
        misfits: "
            SELECT '' AS of, lower(hex(id)) AS key FROM webhooks
            WHERE told_up_to > (SELECT coalesce(max(position), 0) FROM history)",
    },
    Check {
        table: "deliveries",
        what: "its webhook or event is not there",
        misfits: "
            SELECT '' AS of, lower(hex(id)) AS key FROM deliveries
            WHERE webhook_id NOT IN (SELECT id FROM webhooks) OR position NOT IN (SELECT position FROM history)",
    },
    Check {
        table: "tokens",
        what: NOBODY,
        misfits: "
            SELECT '' AS of, lower(hex(id)) AS key FROM tokens
            WHERE (doctor_id IS NOT NULL AND doctor_id NOT IN (SELECT id FROM doctors))
                OR (patient_id IS NOT NULL AND patient_id NOT IN (SELECT id FROM patients))",
    },
    Check {
        table: "tokens",
        what: "the token that it is a session of is not there",
        misfits: "
            SELECT '' AS of, lower(hex(id)) AS key FROM tokens AS session
            WHERE session_of IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM tokens WHERE id = session.session_of AND session_of IS NULL
            )",
    },
    Check {
        table: "tokens",
        what: "it is live, but its token is revoked",
        misfits: "
            SELECT '' AS of, lower(hex(session.id)) AS key
            FROM tokens AS session JOIN tokens AS token ON token.id = session.session_of
            WHERE session.revoked_at IS NULL AND token.revoked_at IS NOT NULL AND token.session_of IS NULL",
    },
];
