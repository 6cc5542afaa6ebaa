//! Whom to tell of events, and how often to try.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;

use crate::doctor::replace;
use crate::{Revision, WebhookId, What};

/// Where a webhook is told of events: an absolute URL with `https` or `http`, of 2,000 characters at most, without a user,
/// white space or a fragment. Whether it may be reached at all, whoever sends has to see.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookUrl(String);

/// A text is no URL of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be an https or http URL of at most {} characters, without a user or a fragment", WebhookUrl::MOST)]
pub struct InvalidWebhookUrl;

impl WebhookUrl {
    /// The most characters it may have.
    pub const MOST: usize = 2_000;

    /// The URL of this text.
    ///
    /// # Errors
    ///
    /// [`InvalidWebhookUrl`].
    pub fn parse(text: &str) -> Result<Self, InvalidWebhookUrl> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(InvalidWebhookUrl)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let fine = text.len() <= Self::MOST
            && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\' | b'"' | b'<' | b'>'))
            && !authority.is_empty()
            && !authority.starts_with(':')
            && !authority.contains('@');
        if fine { Ok(Self(text.to_owned())) } else { Err(InvalidWebhookUrl) }
    }

    /// The URL itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Without what follows the host: it may hold a secret.
impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookUrl(…)")
    }
}

/// With what messages to a webhook are signed: 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret([u8; 32]);

impl WebhookSecret {
    /// The secret of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Without the secret.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// Somebody who wants to be told of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook(WebhookParts);

/// Everything a webhook is made of, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookParts {
    /// Which webhook.
    pub id: WebhookId,
    /// Where it is told.
    pub url: WebhookUrl,
    /// Of what it is told; `None`: of everything.
    pub events: Option<BTreeSet<What>>,
    /// With what messages to it are signed.
    pub secret: WebhookSecret,
    /// Whether it is told at all. What happens while it is not, it is never told.
    pub active: bool,
    /// How often any of this has changed.
    pub revision: Revision,
    /// When it was entered: it is told of what happens from then on.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What to change about a webhook; `None` stays as it is, `Some(None)` is everything.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct WebhookAmendment {
    /// Another place.
    pub url: Option<WebhookUrl>,
    /// Other events.
    pub events: Option<Option<BTreeSet<What>>>,
    /// Whether it is told at all.
    pub active: Option<bool>,
}

impl Webhook {
    /// A webhook that was not there before.
    #[must_use]
    pub fn new(
        id: WebhookId,
        url: WebhookUrl,
        events: Option<BTreeSet<What>>,
        secret: WebhookSecret,
        now: DateTime<Utc>,
    ) -> Self {
        let revision = Revision::FIRST;
        Self(WebhookParts { id, url, events, secret, active: true, revision, created_at: now, updated_at: now })
    }

    /// The webhook that was stored as these parts.
    #[must_use]
    pub fn from_parts(parts: WebhookParts) -> Self {
        Self(parts)
    }

    /// All of it.
    #[must_use]
    pub fn parts(&self) -> &WebhookParts {
        &self.0
    }

    /// Which webhook.
    #[must_use]
    pub fn id(&self) -> WebhookId {
        self.0.id
    }

    /// How often it has changed.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// Whether it is to be told of this.
    #[must_use]
    pub fn wants(&self, what: What) -> bool {
        self.0.active && self.0.events.as_ref().is_none_or(|events| events.contains(&what))
    }

    /// The webhook with some things changed, one revision later.
    #[must_use]
    pub fn amended(&self, amendment: WebhookAmendment, now: DateTime<Utc>) -> Self {
        let WebhookAmendment { url, events, active } = amendment;
        let mut parts = self.0.clone();
        replace(&mut parts.url, url);
        replace(&mut parts.events, events);
        replace(&mut parts.active, active);
        Self(WebhookParts { revision: self.0.revision.next(), updated_at: now, ..parts })
    }
}

/// When a message that was not accepted is sent again: after 5 seconds, and after longer and longer waits, for a day.
#[derive(Clone, Copy, Debug)]
pub struct Backoff;

impl Backoff {
    /// How long after the first attempt the last one is at most.
    pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);
    const WAITS: [i64; 8] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];

    /// When to try again a message that was first sent at `first`, and has now failed `attempts` times; `None`: no more.
    #[must_use]
    pub fn next(first: DateTime<Utc>, attempts: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(Self::WAITS.len() - 1);
        let next = now + TimeDelta::seconds(Self::WAITS[index]);
        (next <= first + Self::GIVE_UP_AFTER).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_at_an_http_url_without_a_user() {
        for good in ["https://example.org", "http://127.0.0.1:8080/a?b=c", "https://[::1]/x"] {
            assert!(WebhookUrl::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "ftp://a", "https://", "https://:80", "https://a@b", "https://a b", "https://a#b", "//a", "https:///x"]
        {
            assert!(WebhookUrl::parse(bad).is_err(), "{bad}");
        }
        assert!(WebhookUrl::parse(&format!("https://{}", "a".repeat(1_993))).is_err());
    }

    #[test]
    fn neither_secret_nor_url_show_in_debug_output() {
        let url = WebhookUrl::parse("https://example.org/secret").expect("valid");
        let shown = format!("{url:?} {:?}", WebhookSecret::from_bytes([42; 32]));
        assert!(!shown.contains("secret/") && !shown.contains("example") && !shown.contains("42"), "{shown}");
    }

    #[test]
    fn a_message_is_tried_again_ever_more_slowly_for_a_day_and_then_no_more() {
        let first = DateTime::UNIX_EPOCH;
        let (mut now, mut attempts, mut waits) = (first, 1, vec![]);
        while let Some(next) = Backoff::next(first, attempts, now) {
            waits.push((next - now).num_seconds());
            (now, attempts) = (next, attempts + 1);
        }
        assert!(waits.is_sorted() && waits[0] == 5 && waits.len() > 8, "{waits:?}");
        assert!(now > first + TimeDelta::hours(19) && now <= first + Backoff::GIVE_UP_AFTER);
    }

    #[test]
    fn a_webhook_is_told_of_what_it_wants_while_it_is_active() {
        let url = WebhookUrl::parse("https://example.org").expect("valid");
        let secret = WebhookSecret::from_bytes([0; 32]);
        let all = Webhook::new(WebhookId::from_u128(1), url, None, secret, DateTime::UNIX_EPOCH);
        assert!(What::ALL.iter().all(|&what| all.wants(what)));
        let only = WebhookAmendment { events: Some(Some([What::BookingCreated].into())), ..Default::default() };
        let only = all.amended(only, DateTime::UNIX_EPOCH);
        assert!(only.wants(What::BookingCreated) && !only.wants(What::BookingMoved));
        let off = WebhookAmendment { active: Some(false), ..Default::default() };
        assert!(!only.amended(off, DateTime::UNIX_EPOCH).wants(What::BookingCreated));
    }
}
