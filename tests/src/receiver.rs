//! A receiver of webhooks on loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Channel, channel};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// Far longer than a message should take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A receiver of webhooks.
pub struct Receiver {
    /// Where it is.
    pub url: String,
    messages: Channel<Received>,
}

/// A message that has arrived.
#[derive(Clone, Debug)]
pub struct Received {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Receiver {
    /// One that answers its messages with these statuses, then with the last of them for ever; 0: with nothing.
    #[must_use]
    pub fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let (tell, messages) = channel();
        std::thread::spawn(move || {
            let mut hanging = Vec::new();
            for (index, stream) in listener.incoming().enumerate() {
                let mut stream = stream.expect("a connection");
                let Some(message) = Received::read(&stream) else { continue };
                let status = statuses.get(index).or(statuses.last()).copied().unwrap_or(204);
                // Told before it is answered: so whoever has been told knows that no other was answered since.
                if tell.send(message).is_err() {
                    return;
                }
                if status == 0 {
                    hanging.push(stream);
                } else {
                    let _ = write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                }
            }
        });
        Self { url, messages }
    }

    /// The next message, once it has arrived.
    #[must_use]
    pub fn message(&self) -> Received {
        self.messages.recv_timeout(PATIENCE).expect("a message")
    }

    /// Whether nothing has arrived.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.messages.try_recv().is_err()
    }
}

impl Received {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut lines = BufReader::new(stream);
        let mut received = Self { headers: vec![], body: vec![] };
        let mut line = String::new();
        lines.read_line(&mut line).ok().filter(|&read| read > 0)?;
        loop {
            line.clear();
            lines.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            received.headers.push((name.to_lowercase(), value.to_owned()));
        }
        received.body.resize(received.header("content-length").parse().ok()?, 0);
        lines.read_exact(&mut received.body).ok()?;
        Some(received)
    }

    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// What it says.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// Checks that it is signed with this secret, as it was shown.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = secret.strip_prefix("whsec_").expect("it begins so");
        let mut mac = Hmac::<Sha256>::new_from_slice(&BASE64_STANDARD.decode(key).expect("Base64")).expect("a key");
        mac.update(format!("{}.{}.", self.header("webhook-id"), self.header("webhook-timestamp")).as_bytes());
        mac.update(&self.body);
        let signature = self.header("webhook-signature").strip_prefix("v1,").expect("version 1");
        mac.verify_slice(&BASE64_STANDARD.decode(signature).expect("Base64")).is_ok()
    }
}
