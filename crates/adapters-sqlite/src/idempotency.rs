//! Requests that come again.

use std::error::Error;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::CallerId;
use doctor_booking_ports::{Claim, Idempotency, IdempotencyKey, KeptAnswer, Unavailable};
use thiserror::Error;

use crate::SqliteStore;
use crate::pools::Pools;
use crate::schema::idempotency;
use crate::unavailable::not_written;
use crate::value::{Id, Micros};

/// [`Idempotency`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteIdempotency(Pools);

impl SqliteIdempotency {
    /// The answers kept in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Idempotency for SqliteIdempotency {
    fn find(&self, caller: CallerId, key: &IdempotencyKey) -> Result<Option<KeptAnswer>, Unavailable> {
        self.0.read(|connection| {
            let query = idempotency::table.find((Id::from(caller), key.as_str())).select(AnswerRow::as_select());
            let row = query.first(connection).optional()?;
            Ok(row.map(KeptAnswer::try_from).transpose()?)
        })
    }

    fn keep(&self, answer: &KeptAnswer) -> Result<bool, Unavailable> {
        self.0.write(|connection| Ok(keep(connection, answer)?))
    }

    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable> {
        let old = idempotency::table.filter(idempotency::at.lt(Micros::ceil(before)));
        self.0.write(|connection| Ok(diesel::delete(old).execute(connection)?))
    }
}

/// Keeps an answer unless there is one already; whether it was kept.
pub(crate) fn keep(connection: &mut SqliteConnection, answer: &KeptAnswer) -> QueryResult<bool> {
    let KeptAnswer { claim: Claim { caller, key, fingerprint }, status, headers, body, at } = answer;
    let row = AnswerRow {
        caller: (*caller).into(),
        key: key.as_str().to_owned(),
        fingerprint: fingerprint.to_vec(),
        status: (*status).into(),
        headers: serde_json::to_string(headers).map_err(not_written)?,
        body: body.clone(),
        at: Micros::floor(*at),
    };
    let kept = diesel::insert_into(idempotency::table)
        .values(row)
        .on_conflict((idempotency::caller, idempotency::key))
        .do_nothing()
        .execute(connection)?;
    Ok(kept > 0)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct AnswerRow {
    caller: Id,
    key: String,
    fingerprint: Vec<u8>,
    status: i32,
    headers: String,
    body: Vec<u8>,
    at: Micros,
}

impl TryFrom<AnswerRow> for KeptAnswer {
    type Error = Unavailable;

    fn try_from(row: AnswerRow) -> Result<Self, Unavailable> {
        // Without the caller's key, in which anything may stand.
        let caller = row.caller;
        parse(row).map_err(|error| Unavailable::inconsistent("idempotency", &caller, error))
    }
}

#[derive(Debug, Error)]
#[error("a key has from 1 to {} visible characters, a fingerprint 32 bytes", IdempotencyKey::MOST)]
struct NoClaim;

fn parse(row: AnswerRow) -> Result<KeptAnswer, Box<dyn Error + Send + Sync>> {
    let claim = Claim {
        caller: row.caller.into(),
        key: IdempotencyKey::parse(&row.key).ok_or(NoClaim)?,
        fingerprint: row.fingerprint.try_into().map_err(|_| NoClaim)?,
    };
    Ok(KeptAnswer {
        claim,
        status: u16::try_from(row.status)?,
        headers: serde_json::from_str(&row.headers)?,
        body: row.body,
        at: row.at.instant()?,
    })
}
