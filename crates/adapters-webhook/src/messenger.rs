//! Sending a message.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use doctor_booking_ports::{Message, Messenger, NotAccepted};
use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::transport::DefaultConnector;

use crate::resolver::{Lookout, NotPublic};
use crate::signature::signature;

/// How long looking up a name, connecting, sending and the answer's head may take together.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read at most, in bytes: its status and its headers.
const MOST_READ: usize = 8 * 1024;
/// Who we say that we are.
const USER_AGENT: &str = concat!("doctor-booking/", env!("CARGO_PKG_VERSION"));

/// Where messages may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reach {
    /// To public addresses only.
    #[default]
    Public,
    /// To every address, this machine's own among them: for receivers in the same network, and for tests.
    Anywhere,
}

/// The port [`Messenger`] over HTTP.
#[derive(Clone, Debug)]
pub struct HttpMessenger {
    reach: Reach,
    patience: Duration,
    config: Config,
}

impl HttpMessenger {
    /// A messenger that goes as far as this.
    #[must_use]
    pub fn new(reach: Reach) -> Self {
        Self::with_patience(reach, PATIENCE)
    }

    /// A messenger that gives up after another time than ten seconds.
    #[must_use]
    pub fn with_patience(reach: Reach, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(MOST_READ)
            .input_buffer_size(MOST_READ)
            .proxy(None)
            .user_agent(USER_AGENT)
            .build();
        Self { reach, patience, config }
    }

    /// Sends it; the number of the answer's status.
    fn status(&self, message: &Message) -> Result<u16, &'static str> {
        let id = format!("msg_{}", message.id);
        let timestamp = message.at.timestamp();
        // One for this message alone: so no connection is kept that was looked at long ago, and it can be cut off.
        let lookout = Lookout { reach: self.reach };
        let agent = Agent::with_parts(self.config.clone(), DefaultConnector::default(), lookout);
        let request = agent
            .post(message.url.as_str())
            .content_type("application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signature(message.secret.as_bytes(), &id, timestamp, &message.body));
        let (done, is_done) = channel::<()>();
        thread::scope(|scope| {
            // The client's own time starts anew with every piece that a receiver takes: whoever takes pieces small enough
            // would never come to an end.
            let (patience, to_cut) = (self.patience, agent.clone());
            let cut_off = move || {
                let late = is_done.recv_timeout(patience) == Err(RecvTimeoutError::Timeout);
                if late {
                    to_cut.shutdown();
                }
                late
            };
            let cut_off = thread::Builder::new().spawn_scoped(scope, cut_off).map_err(|_| "there was no thread")?;
            let answer = request.send(&message.body[..]);
            drop(done);
            match answer {
                Ok(answer) => Ok(answer.status().as_u16()),
                Err(_) if cut_off.join().unwrap_or(true) => Err(LATE),
                Err(error) => Err(reason(&error)),
            }
        })
    }
}

impl Default for HttpMessenger {
    fn default() -> Self {
        Self::new(Reach::default())
    }
}

impl Messenger for HttpMessenger {
    fn send(&self, message: &Message) -> Result<(), NotAccepted> {
        match self.status(message) {
            Ok(200..=299) => Ok(()),
            Ok(status) => Err(NotAccepted(format!("the status was {status}"))),
            Err(reason) => Err(NotAccepted(reason.to_owned())),
        }
    }
}

const LATE: &str = "there was no answer in time";

/// What went wrong, in words that tell nothing of the URL, the message or the answer.
fn reason(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => LATE,
        ureq::Error::HostNotFound => "the host was not found",
        ureq::Error::Other(error) if error.is::<NotPublic>() => "the address is not a public one",
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "the URL cannot be sent to",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "no secure connection came about",
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => "the answer was not one of HTTP",
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => "the connection was refused",
            std::io::ErrorKind::TimedOut => LATE,
            // What rustls finds wrong, such as a certificate, comes as this.
            std::io::ErrorKind::InvalidData => "no secure connection came about",
            _ => "the connection failed",
        },
        _ => "it could not be sent",
    }
}
