//! Errors that several ports share.

use std::error::Error;

use thiserror::Error;

/// The store could not answer. Nothing was changed; only where the connection broke during the commit itself, nobody can
/// tell but by looking again.
#[derive(Debug, Error)]
pub enum Unavailable {
    /// It cannot be reached, is too busy, or broke off: trying again later may help.
    #[error("the store cannot answer")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// What it holds makes no sense: only a person can help.
    #[error("table {table}, key {key}: what is stored there makes no sense")]
    Inconsistent {
        /// In which table.
        table: &'static str,
        /// Under which key. Never a name.
        key: String,
        /// What is wrong with it. Never what it says about a patient.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl Unavailable {
    /// The store cannot be reached, is too busy, or broke off.
    pub fn unreachable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unreachable(source.into())
    }

    /// A row that makes no sense.
    pub fn inconsistent(
        table: &'static str,
        key: &impl ToString,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Inconsistent { table, key: key.to_string(), source: source.into() }
    }
}

/// Why something new was not stored.
#[derive(Debug, Error)]
pub enum AddError {
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Why a change of something that is there was not stored.
#[derive(Debug, Error)]
pub enum SaveError {
    /// It has changed since it was loaded: load and decide again.
    #[error("it has changed in the meantime")]
    Stale,
    /// The request has been answered already.
    #[error("the request has been answered already")]
    Answered,
    /// The store could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}
