//! Rows of `tokens`.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{Insertable, Queryable, Selectable};
use doctor_booking_domain::{CallerId, DoctorId, PatientId, Role, Token, TokenDigest, TokenId, TokenName};
use doctor_booking_ports::Unavailable;
use uuid::Uuid;

use super::Senseless;
use crate::schema::tokens;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens, check_for_backend(Pg))]
pub(crate) struct TokenRow {
    id: Uuid,
    name: String,
    role: String,
    doctor_id: Option<Uuid>,
    patient_id: Option<Uuid>,
    digest: Vec<u8>,
    session_of: Option<Uuid>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
}

impl TokenRow {
    pub(crate) fn new(token: &Token, digest: &TokenDigest) -> Self {
        let Token { id, name, role, session_of, expires_at, revoked_at, last_used_at, created_by, created_at } = token;
        Self {
            id: id.uuid(),
            name: name.as_str().to_owned(),
            role: role.as_str().to_owned(),
            doctor_id: role.doctor().map(DoctorId::uuid),
            patient_id: role.patient().map(PatientId::uuid),
            digest: digest.bytes().to_vec(),
            session_of: session_of.map(TokenId::uuid),
            expires_at: *expires_at,
            revoked_at: *revoked_at,
            last_used_at: *last_used_at,
            created_by: created_by.map(CallerId::uuid),
            created_at: *created_at,
        }
    }

    pub(crate) fn with_digest(self) -> Result<(Token, TokenDigest), Unavailable> {
        parse(&self).map_err(|error| Unavailable::inconsistent("tokens", &self.id, error))
    }
}

impl TryFrom<TokenRow> for Token {
    type Error = Unavailable;

    fn try_from(row: TokenRow) -> Result<Self, Unavailable> {
        row.with_digest().map(|(token, _)| token)
    }
}

fn parse(row: &TokenRow) -> Result<(Token, TokenDigest), Senseless> {
    let (doctor, patient) = (row.doctor_id.map(DoctorId::from), row.patient_id.map(PatientId::from));
    let role = Role::find(&row.role, doctor, patient).filter(|role| *role != Role::Nobody);
    let token = Token {
        id: row.id.into(),
        name: TokenName::parse(&row.name)?,
        role: role
            .ok_or_else(|| format!("nobody with a token is called {:?}, or whose it is does not fit", row.role))?,
        session_of: row.session_of.map(TokenId::from),
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        last_used_at: row.last_used_at,
        created_by: row.created_by.map(CallerId::from),
        created_at: row.created_at,
    };
    let digest: [u8; 32] = row.digest.as_slice().try_into().map_err(|_| "a digest has 32 bytes")?;
    Ok((token, TokenDigest::new(digest)))
}
