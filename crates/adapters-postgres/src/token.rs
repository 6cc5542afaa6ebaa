//! By what callers are known.
//!
//! Whoever adds a session holds the row of its token in share mode while it is written, and whoever revokes the token
//! holds that row alone before looking for sessions. So of the two the later sees what the earlier has done.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Binary;
use doctor_booking_domain::{Token, TokenDigest, TokenId};
use doctor_booking_ports::{AddError, Along, Page, PageRequest, Tokens, Unavailable};
use uuid::Uuid;

use crate::pool::Pool;
use crate::rows::TokenRow;
use crate::schema::tokens;
use crate::transaction::Abort;
use crate::{instant, turn};

/// [`Tokens`] on PostgreSQL.
#[derive(Clone, Debug)]
pub struct PgTokens(Pool);

impl PgTokens {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

impl Tokens for PgTokens {
    fn add(&self, token: &Token, digest: &TokenDigest, along: &Along) -> Result<(), AddError> {
        self.0.change(along, |connection| Ok(insert(connection, token, digest)?))
    }

    fn add_first(&self, token: &Token, digest: &TokenDigest) -> Result<bool, Unavailable> {
        self.0.transaction(|connection| {
            turn::first_token(connection)?;
            // A statement after the lock, so that it sees what the one before has added.
            let is_there: bool = diesel::select(exists(tokens::table.select(tokens::id))).get_result(connection)?;
            if !is_there {
                insert(connection, token, digest)?;
            }
            Ok::<_, Abort<Unavailable>>(!is_there)
        })
    }

    fn add_session(&self, session: &Token, digest: &TokenDigest) -> Result<bool, Unavailable> {
        let Some(of) = session.session_of else { return Ok(false) };
        let now = instant::floor(session.created_at);
        self.0.transaction(|connection| {
            // As `Token::is_live`. What is a session itself has none. Should somebody be about to revoke the token, the
            // row is looked at once more when that has come to an end.
            let lasts = tokens::expires_at.is_null().or(tokens::expires_at.gt(now).assume_not_null());
            let live = tokens::table.find(of.uuid()).filter(tokens::session_of.is_null());
            let live = live.filter(tokens::revoked_at.is_null()).filter(lasts).select(tokens::id).for_share();
            let is_live = live.first::<Uuid>(connection).optional()?.is_some();
            if is_live {
                insert(connection, session, digest)?;
            }
            Ok::<_, Abort<Unavailable>>(is_live)
        })
    }

    fn locate(&self, locator: [u8; 16]) -> Result<Option<(Token, TokenDigest)>, Unavailable> {
        // SQL, since the index is on just that: it serves here as long as the numbers are no parameters.
        let row = tokens::table
            .filter(sql::<Binary>("substr(digest, 1, 16)").eq(locator.to_vec()))
            .select(TokenRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(TokenRow::with_digest).transpose()
    }

    fn find(&self, id: TokenId) -> Result<Option<Token>, Unavailable> {
        let row = tokens::table
            .find(id.uuid())
            .select(TokenRow::as_select())
            .first(&mut self.0.get()?)
            .optional()
            .map_err(Unavailable::unreachable)?;
        row.map(Token::try_from).transpose()
    }

    fn list(&self, page: &PageRequest<TokenId>) -> Result<Page<Token, TokenId>, Unavailable> {
        let all = tokens::table.filter(tokens::session_of.is_null());
        let mut query = all.select(TokenRow::as_select()).into_boxed();
        if let Some(after) = page.after {
            query = query.filter(tokens::id.gt(after.uuid()));
        }
        let rows = query
            .order(tokens::id)
            .limit(i64::from(page.limit.get()) + 1)
            .load(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        let items = rows.into_iter().map(Token::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(items, page.limit, |token| token.id))
    }

    fn revoke(&self, id: TokenId, at: DateTime<Utc>) -> Result<bool, Unavailable> {
        let (id, at) = (id.uuid(), instant::floor(at));
        self.0.transaction(|connection| {
            let held = tokens::table.find(id).select(tokens::id).for_no_key_update();
            if held.first::<Uuid>(connection).optional()?.is_none() {
                return Ok(false);
            }
            // A statement after the lock, so that it sees every session that was added before.
            let own = tokens::id.eq(id).or(tokens::session_of.eq(id).assume_not_null());
            diesel::update(tokens::table.filter(own).filter(tokens::revoked_at.is_null()))
                .set(tokens::revoked_at.eq(at))
                .execute(connection)?;
            Ok::<_, Abort<Unavailable>>(true)
        })
    }

    fn used(&self, id: TokenId, at: DateTime<Utc>) -> Result<(), Unavailable> {
        let at = instant::floor(at);
        let earlier = tokens::last_used_at.is_null().or(tokens::last_used_at.lt(at).assume_not_null());
        diesel::update(tokens::table.find(id.uuid()).filter(earlier))
            .set(tokens::last_used_at.eq(at))
            .execute(&mut self.0.get()?)
            .map_err(Unavailable::unreachable)?;
        Ok(())
    }

    fn sweep(&self, before: DateTime<Utc>) -> Result<usize, Unavailable> {
        let before = instant::ceil(before);
        self.0.transaction(|connection| {
            // Those that somebody else is about to revoke, or to sweep, are passed over: so nobody waits in a circle.
            let ended = tokens::revoked_at.lt(before).or(tokens::expires_at.lt(before));
            let ended: Vec<Uuid> = tokens::table
                .filter(tokens::session_of.is_not_null())
                .filter(ended)
                .select(tokens::id)
                .for_update()
                .skip_locked()
                .load(connection)?;
            let swept = tokens::table.filter(tokens::id.eq_any(ended));
            Ok::<_, Abort<Unavailable>>(diesel::delete(swept).execute(connection)?)
        })
    }
}

fn insert(connection: &mut PgConnection, token: &Token, digest: &TokenDigest) -> QueryResult<()> {
    diesel::insert_into(tokens::table).values(TokenRow::new(token, digest)).execute(connection)?;
    Ok(())
}
