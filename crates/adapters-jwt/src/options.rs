//! What has to be known of an identity provider.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;
use ureq::http::Uri;

/// Whom to believe, and where it says what.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where its keys are.
    pub keys: KeySource,
    /// What it calls itself: the only `iss` that is believed.
    pub issuer: String,
    /// What it calls this service: has to be in `aud`. `None`: `aud` is not looked at, so that a statement for any service
    /// of the provider's is one for this service.
    pub audience: Option<String>,
    /// The claim with the role, or with the roles. One that begins with `/` is a JSON pointer (RFC 6901), such as
    /// `/realm_access/roles`.
    pub role_claim: String,
    /// The claim with the subject; a JSON pointer likewise.
    pub subject_claim: String,
}

impl Options {
    /// The role in `role`, the subject in `sub`, for any audience.
    pub fn new(keys: KeySource, issuer: impl Into<String>) -> Self {
        Self {
            keys,
            issuer: issuer.into(),
            audience: None,
            role_claim: Self::ROLE_CLAIM.to_owned(),
            subject_claim: Self::SUBJECT_CLAIM.to_owned(),
        }
    }

    /// The claim with the role, unless told otherwise.
    pub const ROLE_CLAIM: &str = "role";
    /// The claim with the subject, unless told otherwise.
    pub const SUBJECT_CLAIM: &str = "sub";

    /// That nothing is empty: what is would fit whatever says nothing.
    pub(crate) fn check(&self) -> Result<(), WrongOptions> {
        let audience = self.audience.as_deref().unwrap_or("any");
        for (what, text) in [
            ("issuer", self.issuer.as_str()),
            ("audience", audience),
            ("claim with the role", &self.role_claim),
            ("claim with the subject", &self.subject_claim),
        ] {
            if text.is_empty() {
                return Err(WrongOptions::Empty(what));
            }
        }
        Ok(())
    }
}

/// Where the keys of an identity provider are, as a JWKS (RFC 7517).
///
/// As text: a URL if it begins with `http://` or `https://`, and else a path. `Debug` shows no more of a URL than its host.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// In this file.
    File(PathBuf),
    /// At this URL; `https`, or `http` at this machine.
    Url(String),
}

impl FromStr for KeySource {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        let is_url = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        Ok(if is_url { Self::Url(text.to_owned()) } else { Self::File(text.into()) })
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Url(url) => {
                let uri: Option<Uri> = url.parse().ok();
                let host = uri.as_ref().and_then(Uri::host).unwrap_or("?");
                f.debug_tuple("Url").field(&host).finish()
            }
        }
    }
}

/// Why nobody can be identified with these [`Options`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WrongOptions {
    /// Something is empty.
    #[error("the {0} of the identity provider is empty")]
    Empty(&'static str),
    /// The keys are at what is no URL.
    #[error("the URL of the identity provider's keys is none")]
    NotAUrl,
    /// Whoever is on the way could exchange the keys.
    #[error("the identity provider's keys have to be at an https URL: http is for this machine only, not for {host}")]
    NotSecure {
        /// Where they are.
        host: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_begins_like_a_url_is_one_and_all_else_is_a_path() {
        for url in ["https://id.example/jwks", "http://localhost:8080/keys", "HTTPS://id.example/"] {
            assert_eq!(url.parse(), Ok(KeySource::Url(url.to_owned())));
        }
        for path in ["keys.json", "/etc/keys.json", "https:/x", "ftp://id.example/keys", "https", "a/http://b"] {
            assert_eq!(path.parse(), Ok(KeySource::File(path.into())));
        }
    }

    #[test]
    fn debug_tells_no_more_of_a_url_than_its_host() {
        let url = KeySource::Url("https://me:sesame@id.example:8443/secret?key=sesame".to_owned());
        let told = format!("{:?}", Options::new(url, "https://id.example/"));
        assert!(told.contains("Url(\"id.example\")"), "{told}");
        assert!(!told.contains("sesame") && !told.contains("secret"), "{told}");
        assert_eq!(format!("{:?}", KeySource::Url("http://se same".to_owned())), "Url(\"?\")");
    }
}
