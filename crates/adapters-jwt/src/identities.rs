//! From a JWT to who that is.

use std::fmt;
use std::time::Instant;

use chrono::{DateTime, Utc};
use doctor_booking_ports::{Identities, Identity, NotIdentified};

use crate::claims::identity;
use crate::key::NoKey;
use crate::keys::{Keys, Wanted};
use crate::options::{Options, WrongOptions};
use crate::source::{PATIENCE, Source};
use crate::statement::Statement;

/// The port [`Identities`] for JWTs of one identity provider.
pub struct JwtIdentities {
    options: Options,
    keys: Keys,
}

impl JwtIdentities {
    /// Believes the identity provider of these options. Reads nothing yet.
    ///
    /// # Errors
    ///
    /// [`WrongOptions`].
    pub fn new(options: Options) -> Result<Self, WrongOptions> {
        options.check()?;
        let keys = Keys::new(Source::new(&options.keys, PATIENCE)?);
        Ok(Self { options, keys })
    }

    /// Has the keys read, if they were not, so that whoever starts a service learns at once what is wrong with them.
    ///
    /// # Errors
    ///
    /// [`NotIdentified::Unavailable`]. It may get better: `identify` tries again.
    pub fn check(&self) -> Result<(), NotIdentified> {
        self.keys.get(Wanted::Fresh, Instant::now()).map(drop)
    }

    /// [`identify`](Identities::identify), where the keys' age is as at this instant.
    pub(crate) fn identify_at(
        &self,
        statement: &str,
        now: DateTime<Utc>,
        at: Instant,
    ) -> Result<Identity, NotIdentified> {
        let statement = Statement::parse(statement)?;
        let (id, algorithm) = (statement.key_id.as_deref(), statement.algorithm);
        let mut keys = self.keys.get(Wanted::Fresh, at)?;
        if matches!(keys.find(id, algorithm), Err(NoKey::Unknown)) {
            keys = self.keys.get(Wanted::Others, at)?;
        }
        let key = keys.find(id, algorithm).map_err(|reason| {
            NotIdentified::Refused(match reason {
                NoKey::Unknown => "the JWT is signed with a key that is not known",
                NoKey::Unfit => "the JWT is signed with a key that is not for its algorithm",
                NoKey::Ambiguous => "the JWT does not say with which key it is signed",
            })
        })?;
        identity(&statement.claims(key)?, &self.options, now)
    }
}

impl fmt::Debug for JwtIdentities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtIdentities").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Identities for JwtIdentities {
    fn identify(&self, statement: &str, now: DateTime<Utc>) -> Result<Identity, NotIdentified> {
        self.identify_at(statement, now, Instant::now())
    }
}
