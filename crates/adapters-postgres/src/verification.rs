//! Whether what is stored fits together.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};
use doctor_booking_ports::{Inconsistency, MOST_INCONSISTENCIES, Unavailable, Verification};

use crate::pool::Pool;

/// [`Verification`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgVerification(Pool);

impl PgVerification {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Verification for PgVerification {
    /// A question for each kind of thing that can be wrong, however much there is. What is held no longer is still
    /// occupied until it is cleared away: so it does not matter what time it is.
    fn verify(&self, _: DateTime<Utc>) -> Result<Vec<Inconsistency>, Unavailable> {
        let mut connection = self.0.get()?;
        // One snapshot for all questions: what is changed meanwhile is seen by none of them, and need not wait.
        let found = connection.build_transaction().repeatable_read().read_only().run(all);
        let mut found = found.map_err(Unavailable::unreachable)?;
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_INCONSISTENCIES);
        Ok(found)
    }
}

/// A question about a table, whose answers are the keys of what is wrong, and what that is.
type Question = (&'static str, &'static str);

const QUESTIONS: [Question; 7] = [
    ("occupancy", OCCUPIED),
    ("occupancy", OVERLAPPING),
    ("occupancy", CROWDED),
    ("bookings", STRANGERS),
    ("events", GAPS),
    ("history", UNTOLD),
    ("tokens", UNFOUNDED),
];

/// What live bookings and holds should occupy, beside what is occupied.
const OCCUPIED: &str = "
    WITH expected AS (
        SELECT 1 AS kind, doctor_id AS subject, id AS booking, capacity, NULL::timestamptz AS held_until, false AS beside,
            tstzrange(starts_at - buffer_before_minutes * interval '1 minute',
                ends_at + buffer_after_minutes * interval '1 minute') AS during
        FROM bookings WHERE status IN ('booked', 'arrived', 'fulfilled')
        UNION ALL
        SELECT 2, patient_id, id, 1, NULL, beside_others, tstzrange(starts_at, ends_at)
        FROM bookings WHERE status IN ('booked', 'arrived', 'fulfilled')
        UNION ALL
        SELECT 1, doctor_id, id, capacity, expires_at, false,
            tstzrange(starts_at - buffer_before_minutes * interval '1 minute',
                ends_at + buffer_after_minutes * interval '1 minute')
        FROM holds
    ), there AS (
        SELECT kind, subject, booking, capacity, held_until, during, seat FROM occupancy WHERE live
    )
    SELECT CASE WHEN coalesce(expected.held_until, there.held_until) IS NULL THEN 'booking ' ELSE 'hold ' END
            || booking AS key,
        CASE WHEN there.during IS NULL THEN 'what it should occupy is not occupied'
            WHEN expected.during IS NULL THEN 'it occupies what it should not'
            ELSE 'it occupies otherwise than it should' END AS what
    FROM expected FULL JOIN there USING (kind, subject, booking)
    WHERE expected.during IS NULL OR there.during IS NULL OR expected.during <> there.during
        OR expected.capacity <> there.capacity OR expected.held_until IS DISTINCT FROM there.held_until
        OR NOT (CASE WHEN kind = 2 THEN (there.seat > 1) = expected.beside WHEN there.capacity = 1 THEN there.seat = 0 ELSE there.seat BETWEEN 1 AND there.capacity END)";

/// What overlaps something before it that sits on the same seat, or is alone, or overlaps anything where it should be
/// alone. By the latest end of all that began before, so that it takes one pass, whether there is an index or not.
const OVERLAPPING: &str = "
    SELECT CASE WHEN held_until IS NULL THEN 'booking ' ELSE 'hold ' END || booking AS key, 'it overlaps another' AS what
    FROM (
        SELECT booking, held_until, seat, lower(during) AS start,
            max(upper(during)) OVER (PARTITION BY kind, subject, seat ORDER BY lower(during), booking
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS same_seat_until,
            max(upper(during)) FILTER (WHERE seat = 0) OVER before AS alone_until,
            max(upper(during)) OVER before AS busy_until
        FROM occupancy WHERE live
        WINDOW before AS (PARTITION BY kind, subject ORDER BY lower(during), booking
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) AS beside
    WHERE same_seat_until > start OR alone_until > start OR (seat = 0 AND busy_until > start)";

/// Where more share a doctor, when one of them comes, than one of them says. The constraint knows nothing of that.
const CROWDED: &str = "
    SELECT CASE WHEN one.held_until IS NULL THEN 'booking ' ELSE 'hold ' END || one.booking AS key,
        'there are too many with it' AS what
    FROM occupancy AS one JOIN occupancy AS other
        ON other.kind = one.kind AND other.subject = one.subject AND other.during @> lower(one.during)
    WHERE one.kind = 1 AND one.live AND other.live AND one.seat > 0 AND other.seat > 0
    GROUP BY one.kind, one.subject, one.booking, one.held_until
    HAVING count(*) > min(other.capacity)";

/// Whose doctor or patient there is not. Of a doctor the database says so itself, but only of whoever writes from now on.
const STRANGERS: &str = "
    SELECT bookings.id::text AS key, 'its doctor or patient is not there' AS what
    FROM bookings
    WHERE NOT EXISTS (SELECT FROM patients WHERE patients.id = bookings.patient_id)
        OR NOT EXISTS (SELECT FROM doctors WHERE doctors.id = bookings.doctor_id)
    UNION ALL
    SELECT id::text, 'it is there twice' FROM bookings GROUP BY id HAVING count(*) > 1";

const GAPS: &str = "
    SELECT position::text AS key, 'what comes before it is missing' AS what
    FROM (SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS before FROM events) AS numbered
    WHERE position <> before + 1
    UNION ALL
    SELECT position::text, 'there is no such entry' FROM events
    WHERE NOT EXISTS (SELECT FROM history WHERE history.id = events.entry_id)
    UNION ALL
    SELECT position::text, 'it concerns others than its entry' FROM events JOIN history ON history.id = events.entry_id
    WHERE (events.doctor_id, events.patient_id) IS DISTINCT FROM (history.doctor_id, history.patient_id)";

/// Entries that are no event and wait for none, or are one and still wait.
const UNTOLD: &str = "
    SELECT id::text AS key, 'it is an event once, or is still to be one' AS what
    FROM history
    WHERE (SELECT count(*) FROM events WHERE events.entry_id = history.id)
        + (SELECT count(*) FROM outbox WHERE outbox.entry_id = history.id) <> 1";

/// Tokens of somebody who is not there, and sessions that are not a token's, or live longer.
const UNFOUNDED: &str = "
    SELECT id::text AS key, 'its doctor or patient is not there' AS what FROM tokens
    WHERE (doctor_id IS NOT NULL AND NOT EXISTS (SELECT FROM doctors WHERE doctors.id = tokens.doctor_id))
        OR (patient_id IS NOT NULL AND NOT EXISTS (SELECT FROM patients WHERE patients.id = tokens.patient_id))
    UNION ALL
    SELECT session.id::text, CASE WHEN token.id IS NULL THEN 'the token that it is a session of is not there'
            ELSE 'it is live, but its token is revoked' END
    FROM tokens AS session LEFT JOIN tokens AS token ON token.id = session.session_of AND token.session_of IS NULL
    WHERE session.session_of IS NOT NULL
        AND (token.id IS NULL OR (session.revoked_at IS NULL AND token.revoked_at IS NOT NULL))";

#[derive(QueryableByName)]
struct Wrong {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    what: String,
}

fn all(connection: &mut PgConnection) -> QueryResult<Vec<Inconsistency>> {
    // It looks at everything there is, which may take long. Nobody waits for it.
    connection.batch_execute("SET LOCAL statement_timeout = 0")?;
    let mut found = Vec::new();
    for (table, question) in QUESTIONS {
        let wrong: Vec<Wrong> =
            sql_query(format!("SELECT key, what FROM ({question}) AS wrong ORDER BY key, what LIMIT $1"))
                .bind::<BigInt, _>(i64::try_from(MOST_INCONSISTENCIES).unwrap_or(i64::MAX))
                .load(connection)?;
        found.extend(wrong.into_iter().map(|Wrong { key, what }| Inconsistency { table, key, what }));
    }
    Ok(found)
}
