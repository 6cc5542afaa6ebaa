//! One request at a time, for what is not measured.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::generator::{self, Answer, Load, Next, Plan, Times};

/// Somebody who has a token.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    server: SocketAddr,
    token: String,
}

impl Client {
    pub(crate) fn new(server: SocketAddr, token: &str) -> Self {
        Self { server, token: token.to_owned() }
    }

    /// What is answered to a `GET`, which has to be 200, and how long that took.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub(crate) fn get(&self, path: &str) -> Result<(Value, Duration)> {
        self.ask(get(path, &self.token), 200)
    }

    /// What is answered to a `POST`, which has to be 201.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub(crate) fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Result<Value> {
        Ok(self.ask(post(path, &self.token, key, &body.to_string()), 201)?.0)
    }

    /// What is answered to a `PUT`, which has to be 200.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub(crate) fn put(&self, path: &str, body: &Value) -> Result<Value> {
        let mut request = post(path, &self.token, None, &body.to_string());
        request.splice(..4, *b"PUT");
        Ok(self.ask(request, 200)?.0)
    }

    fn ask(&self, request: Vec<u8>, status: u16) -> Result<(Value, Duration)> {
        let mut once = Once { request: Some(request), answer: None };
        let plan = Plan { lasts: None, ..Plan::closed(self.server, 1, Duration::from_secs(30)) };
        generator::run(&plan, &mut once)?;
        let (got, body, took) = once.answer.context("the server does not answer")?;
        ensure!(got == status, "the server answers {got}: {}", String::from_utf8_lossy(&body));
        match serde_json::from_slice(&body) {
            Ok(value) => Ok((value, took)),
            Err(error) => bail!("the server answers no JSON: {error}"),
        }
    }
}

/// A request without a body.
pub(crate) fn get(path: &str, token: &str) -> Vec<u8> {
    let mut request = Vec::new();
    write_get(&mut request, path, token);
    request
}

/// Writes a request without a body.
pub(crate) fn write_get(request: &mut Vec<u8>, path: &str, token: &str) {
    for part in ["GET ", path, " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ", token, "\r\n\r\n"] {
        request.extend_from_slice(part.as_bytes());
    }
}

/// A request with a body of JSON.
pub(crate) fn post(path: &str, token: &str, key: Option<&str>, body: &str) -> Vec<u8> {
    let mut request = Vec::new();
    write_post(&mut request, path, token, key, body);
    request
}

/// Writes a request with a body of JSON.
pub(crate) fn write_post(request: &mut Vec<u8>, path: &str, token: &str, key: Option<&str>, body: &str) {
    let length = body.len().to_string();
    for part in ["POST ", path, " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ", token] {
        request.extend_from_slice(part.as_bytes());
    }
    if let Some(key) = key {
        for part in ["\r\nIdempotency-Key: ", key] {
            request.extend_from_slice(part.as_bytes());
        }
    }
    for part in ["\r\nContent-Type: application/json\r\nContent-Length: ", &length, "\r\n\r\n", body] {
        request.extend_from_slice(part.as_bytes());
    }
}

struct Once {
    request: Option<Vec<u8>>,
    answer: Option<(u16, Vec<u8>, Duration)>,
}

impl Load for Once {
    fn next(&mut self, _: usize, _: std::time::Instant, request: &mut Vec<u8>) -> Next {
        let Some(wanted) = self.request.take() else { return Next::Done };
        request.extend_from_slice(&wanted);
        Next::Send
    }

    fn answered(&mut self, _: usize, answer: &Answer<'_>, times: Times) {
        self.answer = Some((answer.status, answer.body.to_vec(), times.received - times.sent));
    }
}
