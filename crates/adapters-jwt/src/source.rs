//! Reading keys from where they are.

use std::fs::{self, File};
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use ureq::Agent;
use ureq::http::Uri;

use crate::key::KeySet;
use crate::options::{KeySource, WrongOptions};

/// How long looking up a name, connecting, sending and reading may take together.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// How much is read at most, in bytes. A set of ten keys with their certificates has about 20 KiB.
const MOST: u64 = 1024 * 1024;
/// How much of an answer's head is read at most, in bytes.
const MOST_HEAD: usize = 16 * 1024;
/// Who we say that we are.
const USER_AGENT: &str = concat!("doctor-booking/", env!("CARGO_PKG_VERSION"));

/// A place with keys.
pub(crate) enum Source {
    File(PathBuf),
    Url { uri: Uri, host: String, agent: Agent },
}

/// By what it is seen that a file has changed: when it was written, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(SystemTime, u64);

impl Source {
    pub(crate) fn new(source: &KeySource, patience: Duration) -> Result<Self, WrongOptions> {
        let url = match source {
            KeySource::File(path) => return Ok(Self::File(path.clone())),
            KeySource::Url(url) => url,
        };
        let uri: Uri = url.parse().map_err(|_| WrongOptions::NotAUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(WrongOptions::NotAUrl)?.to_owned();
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_here(&host) => {}
            Some("http") => return Err(WrongOptions::NotSecure { host }),
            _ => return Err(WrongOptions::NotAUrl),
        }
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(MOST_HEAD)
            .max_idle_connections(0)
            .proxy(None)
            .user_agent(USER_AGENT)
            .build();
        Ok(Self::Url { uri, host, agent: config.into() })
    }

    /// What to call it in a log.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Url { host, .. } => host.clone(),
        }
    }

    /// What changes with what is there; nothing, where that cannot be told without reading.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        let Self::File(path) = self else { return None };
        let metadata = fs::metadata(path).ok()?;
        Some(Stamp(metadata.modified().ok()?, metadata.len()))
    }

    /// The keys that are there; otherwise why not, in words that tell nothing of what is there.
    pub(crate) fn read(&self) -> Result<KeySet, String> {
        let jwks = match self {
            Self::File(path) => read_file(path).map_err(|error| reason_of_file(&error).to_owned()),
            Self::Url { uri, agent, .. } => read_url(agent, uri),
        }?;
        KeySet::parse(&jwks).ok_or_else(|| "it is not a set of keys (JWKS)".to_owned())
    }
}

/// Whether a host is this machine, whatever a resolver says.
fn is_here(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn read_file(path: &PathBuf) -> io::Result<Vec<u8>> {
    // A pipe would be waited for, and have nothing to read the next time.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut jwks = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut jwks)?;
    if jwks.len() as u64 > MOST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(jwks) }
}

fn reason_of_file(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "the file may not be read",
        io::ErrorKind::InvalidInput => "it is not a file",
        io::ErrorKind::FileTooLarge => TOO_LONG,
        _ => "the file cannot be read",
    }
}

fn read_url(agent: &Agent, uri: &Uri) -> Result<Vec<u8>, String> {
    let answer = agent.get(uri).header("accept", "application/jwk-set+json, application/json").call();
    let mut answer = answer.map_err(|error| reason_of_url(&error))?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(format!("the status was {status}"));
    }
    let body = answer.body_mut().with_config().limit(MOST).read_to_vec();
    body.map_err(|error| reason_of_url(&error).to_owned())
}

const LATE: &str = "there was no answer in time";
const TOO_LONG: &str = "it is longer than 1 MiB";

/// What went wrong, in words that tell nothing of the URL or the answer.
fn reason_of_url(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => LATE,
        ureq::Error::HostNotFound => "the host was not found",
        ureq::Error::BodyExceedsLimit(_) => TOO_LONG,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "the URL cannot be read from",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "no secure connection came about",
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => "the answer was not one of HTTP",
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => "the connection was refused",
            io::ErrorKind::TimedOut => LATE,
            // What rustls finds wrong, such as a certificate, comes as this.
            io::ErrorKind::InvalidData => "no secure connection came about",
            _ => "the connection failed",
        },
        _ => "it could not be read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Result<Source, WrongOptions> {
        Source::new(&KeySource::Url(url.to_owned()), PATIENCE)
    }

    #[test]
    fn keys_come_by_https_or_from_this_machine() {
        for fine in [
            "https://id.example/jwks",
            "HTTPS://id.example/jwks",
            "http://localhost:8080/jwks",
            "http://127.0.0.1/jwks",
            "http://127.9.9.9:1/",
            "http://[::1]:8080/jwks",
        ] {
            assert!(at(fine).is_ok(), "{fine}");
        }
        for host in ["id.example", "10.0.0.1", "127.0.0.1.id.example", "localhost.id.example", "127.1", "[::2]"] {
            let error = at(&format!("http://{host}:80/jwks?key=sesame")).err().expect("refused");
            assert_eq!(error, WrongOptions::NotSecure { host: host.to_owned() });
        }
        assert_eq!(
            at("http://localhost@id.example/").err(),
            Some(WrongOptions::NotSecure { host: "id.example".to_owned() })
        );
        for wrong in ["https://", "https:///jwks", "http://a b/", "id.example", "ftp://localhost/", "/jwks", ""] {
            assert_eq!(at(wrong).err(), Some(WrongOptions::NotAUrl), "{wrong}");
        }
    }
}
