//! Rows of `idempotency`.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_ports::{Claim, IdempotencyKey, KeptAnswer, Unavailable};
use serde_json::Value;
use uuid::Uuid;

use super::Senseless;
use crate::schema::idempotency;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, check_for_backend(Pg))]
pub(crate) struct AnswerRow {
    caller: Uuid,
    key: String,
    fingerprint: Vec<u8>,
    status: i16,
    headers: Value,
    body: Vec<u8>,
    at: DateTime<Utc>,
}

impl From<&KeptAnswer> for AnswerRow {
    fn from(answer: &KeptAnswer) -> Self {
        let pair = |(name, value): &(String, String)| Value::from(vec![name.as_str(), value.as_str()]);
        Self {
            caller: answer.claim.caller.uuid(),
            key: answer.claim.key.as_str().to_owned(),
            fingerprint: answer.claim.fingerprint.to_vec(),
            status: i16::try_from(answer.status).unwrap_or(i16::MAX),
            headers: answer.headers.iter().map(pair).collect(),
            body: answer.body.clone(),
            at: answer.at,
        }
    }
}

impl TryFrom<AnswerRow> for KeptAnswer {
    type Error = Unavailable;

    fn try_from(row: AnswerRow) -> Result<Self, Unavailable> {
        let caller = row.caller;
        // Whose it is tells enough: the key is the caller's own.
        parse(row).map_err(|error| Unavailable::inconsistent("idempotency", &caller, error))
    }
}

fn parse(row: AnswerRow) -> Result<KeptAnswer, Senseless> {
    let claim = Claim {
        caller: row.caller.into(),
        key: IdempotencyKey::parse(&row.key).ok_or("it is no key")?,
        fingerprint: row.fingerprint.try_into().map_err(|_| "a fingerprint has 32 bytes")?,
    };
    let headers = serde_json::from_value(row.headers)?;
    Ok(KeptAnswer { claim, status: row.status.try_into()?, headers, body: row.body, at: row.at })
}
