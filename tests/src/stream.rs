//! A client of server-sent events.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, BodyReader};

use crate::Client;

/// How long a stream may be silent: it has a heartbeat every 15 seconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// Somebody who listens to events.
pub struct Stream {
    lines: BufReader<BodyReader<'static>>,
    /// The last position it was told.
    pub last: i64,
}

/// An event that was told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its position.
    pub position: i64,
    /// Its type.
    pub kind: String,
    /// What it says.
    pub event: Value,
}

impl Stream {
    /// Begins after a position, or now.
    #[must_use]
    pub fn open(client: &Client, after: Option<i64>) -> Self {
        let agent: Agent = Agent::config_builder().timeout_per_read(Some(PATIENCE)).build().into();
        let request = agent.get(format!("{}/api/v1/events", client.url()));
        let mut request = client.with_credential(request);
        if let Some(after) = after {
            request = request.header("Last-Event-ID", after.to_string());
        }
        let answer = request.call().expect("a stream");
        let lines = BufReader::new(answer.into_body().into_reader());
        let mut stream = Self { lines, last: after.unwrap_or_default() };
        // Once this has come, the server listens: nothing that happens now is missed.
        while !stream.line().expect("a beginning").is_empty() {}
        stream
    }

    /// One line; `None` at the end.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.lines.read_line(&mut line).ok()?;
        let line = line.trim_end().to_owned();
        // Who is told of some events only is told no positions.
        if let Some(position) = line.strip_prefix("id: ").and_then(|id| id.parse().ok()) {
            self.last = position;
        }
        (read > 0).then_some(line)
    }

    /// The next event, once there is one; `None` at the end.
    pub fn next_event(&mut self) -> Option<Told> {
        let (mut kind, mut event) = (None, None);
        loop {
            let line = self.line()?;
            if let Some(text) = line.strip_prefix("event: ") {
                kind = Some(text.to_owned());
            } else if let Some(text) = line.strip_prefix("data: ") {
                event = Some(serde_json::from_str(text).expect("JSON"));
            } else if let (true, Some(kind), Some(event)) = (line.is_empty(), kind.take(), event.take()) {
                return Some(Told { position: self.last, kind, event });
            }
        }
    }

    /// The next so many events.
    pub fn events(&mut self, count: usize) -> Vec<Told> {
        (0..count).map(|_| self.next_event().expect("an event")).collect()
    }

    /// The next event of a type; others are passed over.
    pub fn next_of(&mut self, kind: &str) -> Told {
        loop {
            let told = self.next_event().expect("an event");
            if told.kind == kind {
                return told;
            }
        }
    }
}
