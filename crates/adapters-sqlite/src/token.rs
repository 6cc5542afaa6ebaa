//! By what callers are known.

use std::error::Error;

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Binary;
use diesel::sqlite::Sqlite;
use doctor_booking_domain::{CallerId, DoctorId, PatientId, Role, Token, TokenDigest, TokenId, TokenName};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, Tokens, Unavailable};
use thiserror::Error;

use crate::pools::Pools;
use crate::schema::tokens;
use crate::unavailable::{Abort, not_added};
use crate::value::{Id, Micros};
use crate::{SqliteStore, along};

/// [`Tokens`] on SQLite.
#[derive(Clone, Debug)]
pub struct SqliteTokens(Pools);

impl SqliteTokens {
    /// The tokens in `store`.
    #[must_use]
    pub fn new(store: &SqliteStore) -> Self {
        Self(store.pools())
    }
}

impl Tokens for SqliteTokens {
    fn add(&self, token: &Token, digest: &TokenDigest, along: &Along) -> Result<(), AddError> {
        self.0.write(|connection| {
            along::write(connection, along)?;
            insert(connection, token, digest)
        })
    }

    fn add_first(&self, token: &Token, digest: &TokenDigest) -> Result<bool, Unavailable> {
        self.0.write(|connection| {
            let is_there = diesel::select(exists(tokens::table.select(tokens::id))).get_result::<bool>(connection)?;
            if !is_there {
                insert::<Unavailable>(connection, token, digest)?;
            }
            Ok(!is_there)
        })
    }

    fn add_session(&self, session: &Token, digest: &TokenDigest) -> Result<bool, Unavailable> {
        let Some(of) = session.session_of.map(Id::from) else { return Ok(false) };
        // As `Token::is_live`. What is a session itself has none.
        let lasts = tokens::expires_at.is_null().or(tokens::expires_at.gt(Micros::floor(session.created_at)));
        let live = tokens::table.find(of).filter(tokens::session_of.is_null());
        let live = live.filter(tokens::revoked_at.is_null()).filter(lasts.assume_not_null());
        self.0.write(|connection| {
            let is_live = diesel::select(exists(live)).get_result::<bool>(connection)?;
            if is_live {
                insert::<Unavailable>(connection, session, digest)?;
            }
            Ok(is_live)
        })
    }

    fn locate(&self, locator: [u8; 16]) -> Result<Option<(Token, TokenDigest)>, Unavailable> {
        // In the very words of the index; Diesel would put values there.
        let located = tokens::table.filter(sql::<Binary>("substr(digest, 1, 16)").eq(locator.to_vec()));
        self.0.read(|connection| {
            let row = located.select(TokenRow::as_select()).first(connection).optional()?;
            Ok(row.map(TokenRow::with_digest).transpose()?)
        })
    }

    fn find(&self, id: TokenId) -> Result<Option<Token>, Unavailable> {
        self.0.read(|connection| {
            let row = tokens::table.find(Id::from(id)).select(TokenRow::as_select()).first(connection).optional()?;
            Ok(row.map(Token::try_from).transpose()?)
        })
    }

    fn list(&self, page: &PageRequest<TokenId>) -> Result<Page<Token, TokenId>, Unavailable> {
        self.0.read(|connection| {
            let all = tokens::table.filter(tokens::session_of.is_null());
            let mut query = all.select(TokenRow::as_select()).into_boxed();
            if let Some(after) = page.after {
                query = query.filter(tokens::id.gt(Id::from(after)));
            }
            let one_more = i64::from(page.limit.get()) + 1;
            let rows = query.order(tokens::id).limit(one_more).load(connection)?;
            let found = rows.into_iter().map(Token::try_from).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::cut(found, page.limit, |token| token.id))
        })
    }

    fn revoke(&self, id: TokenId, at: DateTime<Utc>) -> Result<bool, Unavailable> {
        let id = Id::from(id);
        let own = tokens::table.filter(tokens::id.eq(id).or(tokens::session_of.assume_not_null().eq(id)));
        self.0.write(|connection| {
            let is_there = diesel::select(exists(tokens::table.find(id))).get_result::<bool>(connection)?;
            diesel::update(own.filter(tokens::revoked_at.is_null()))
                .set(tokens::revoked_at.eq(Some(Micros::floor(at))))
                .execute(connection)?;
            Ok(is_there)
        })
    }

    fn used(&self, id: TokenId, at: DateTime<Utc>) -> Result<(), Unavailable> {
        let at = Micros::floor(at);
        let earlier = tokens::last_used_at.is_null().or(tokens::last_used_at.lt(at).assume_not_null());
        let unless_later = tokens::table.find(Id::from(id)).filter(earlier);
        self.0.write(|connection| {
            diesel::update(unless_later).set(tokens::last_used_at.eq(Some(at))).execute(connection)?;
            Ok(())
        })
    }

    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable> {
        let before = Micros::ceil(before);
        let ended = tokens::revoked_at.lt(before).or(tokens::expires_at.lt(before));
        let sessions = tokens::table.filter(tokens::session_of.is_not_null()).filter(ended);
        self.0.write(|connection| Ok(diesel::delete(sessions).execute(connection)?))
    }
}

fn insert<E: From<Unavailable>>(
    connection: &mut SqliteConnection,
    token: &Token,
    digest: &TokenDigest,
) -> Result<(), Abort<E>> {
    diesel::insert_into(tokens::table)
        .values(TokenRow::new(token, digest))
        .execute(connection)
        .map_err(|error| not_added("tokens", &token.id, error))?;
    Ok(())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct TokenRow {
    id: Id,
    name: String,
    role: String,
    doctor_id: Option<Id>,
    patient_id: Option<Id>,
    digest: Vec<u8>,
    session_of: Option<Id>,
    expires_at: Option<Micros>,
    revoked_at: Option<Micros>,
    last_used_at: Option<Micros>,
    created_by: Option<Id>,
    created_at: Micros,
}

impl TokenRow {
    fn new(token: &Token, digest: &TokenDigest) -> Self {
        let Token { id, name, role, session_of, expires_at, revoked_at, last_used_at, created_by, created_at } = token;
        Self {
            id: (*id).into(),
            name: name.as_str().to_owned(),
            role: role.as_str().to_owned(),
            doctor_id: role.doctor().map(Id::from),
            patient_id: role.patient().map(Id::from),
            digest: digest.bytes().to_vec(),
            session_of: session_of.map(Id::from),
            expires_at: expires_at.map(Micros::floor),
            revoked_at: revoked_at.map(Micros::floor),
            last_used_at: last_used_at.map(Micros::floor),
            created_by: created_by.map(Id::from),
            created_at: Micros::floor(*created_at),
        }
    }

    fn with_digest(self) -> Result<(Token, TokenDigest), Unavailable> {
        let id = TokenId::from(self.id);
        parse(id, &self).map_err(|error| Unavailable::inconsistent("tokens", &id, error))
    }
}

impl TryFrom<TokenRow> for Token {
    type Error = Unavailable;

    fn try_from(row: TokenRow) -> Result<Self, Unavailable> {
        row.with_digest().map(|(token, _)| token)
    }
}

#[derive(Debug, Error)]
enum Unfit {
    #[error("its role is unknown, or nobody's")]
    Role,
    #[error("its digest has not 32 bytes")]
    Digest,
}

fn parse(id: TokenId, row: &TokenRow) -> Result<(Token, TokenDigest), Box<dyn Error + Send + Sync>> {
    let (doctor, patient) = (row.doctor_id.map(DoctorId::from), row.patient_id.map(PatientId::from));
    let role = Role::find(&row.role, doctor, patient).filter(|role| *role != Role::Nobody).ok_or(Unfit::Role)?;
    let token = Token {
        id,
        name: TokenName::parse(&row.name)?,
        role,
        session_of: row.session_of.map(TokenId::from),
        expires_at: row.expires_at.map(Micros::instant).transpose()?,
        revoked_at: row.revoked_at.map(Micros::instant).transpose()?,
        last_used_at: row.last_used_at.map(Micros::instant).transpose()?,
        created_by: row.created_by.map(CallerId::from),
        created_at: row.created_at.instant()?,
    };
    let digest: [u8; 32] = row.digest.as_slice().try_into().map_err(|_| Unfit::Digest)?;
    Ok((token, TokenDigest::new(digest)))
}
