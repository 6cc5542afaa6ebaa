//! What is written together with a change, in its own transaction.

use chrono::{DateTime, Utc};
use doctor_booking_domain::{CallerId, Entry};

/// What is written together with a change, or not at all: what the history tells of it, and the answer that a repeated
/// request gets.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Along {
    /// What has happened, in order.
    pub history: Vec<Entry>,
    /// What a caller who repeats the request will be answered. Where that request has been answered already, the change
    /// is not made.
    pub answer: Option<KeptAnswer>,
}

impl Along {
    /// Nothing but this entry.
    #[must_use]
    pub fn entry(entry: Entry) -> Self {
        Self { history: vec![entry], answer: None }
    }
}

/// By what a caller says that a request is the same as one before: 1–255 visible ASCII characters. It belongs to the
/// caller who used it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The most characters it may have.
    pub const MOST: usize = 255;

    /// The key of this text; `None` unless it has 1–255 visible ASCII characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fine = (1..=Self::MOST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fine.then(|| Self(text.to_owned()))
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A request that may come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose.
    pub caller: CallerId,
    /// By what it is known again.
    pub key: IdempotencyKey,
    /// What was asked for, as a digest: the same key for something else is a mistake.
    pub fingerprint: [u8; 32],
}

/// What was answered to a request, as the front end wrote it, so that it can be answered again to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// To which request.
    pub claim: Claim,
    /// Its status, 200–599.
    pub status: u16,
    /// Its headers that matter, by lower-case name.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// When.
    pub at: DateTime<Utc>,
}
