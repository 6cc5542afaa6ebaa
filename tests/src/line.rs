//! A connection on which anything can be said.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a story waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection on which anything can be said.
pub struct Line(TcpStream);

impl Line {
    /// A connection to the server at `url`.
    #[must_use]
    pub fn open(url: &str) -> Self {
        let address = url.strip_prefix("http://").expect("a URL");
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        Self(stream)
    }

    /// Says something, all of it.
    pub fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).expect("it is taken");
    }

    /// Says as much as is taken: the connection may end while there is still something to say.
    pub fn try_to_say(&mut self, text: &str) {
        let _ = self.0.write_all(text.as_bytes());
    }

    /// Says one piece after the other until nobody listens any more; how long that took.
    pub fn dribble(&mut self, piece: &str) -> Duration {
        let since = Instant::now();
        while since.elapsed() < PATIENCE && self.0.write_all(piece.as_bytes()).is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
        since.elapsed()
    }

    /// All that is answered until the connection ends.
    #[must_use]
    pub fn hear(&mut self) -> String {
        let mut heard = Vec::new();
        match self.0.read_to_end(&mut heard) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("the connection is still open"),
            _ => String::from_utf8_lossy(&heard).into_owned(),
        }
    }

    /// The next answer's status, and its body as far as `Content-Length` says.
    pub fn answer(&mut self) -> (u16, String) {
        let (mut bytes, mut byte) = (Vec::new(), [0]);
        while !bytes.ends_with(b"\r\n\r\n") {
            assert_eq!(self.0.read(&mut byte).expect("an answer"), 1, "{}", String::from_utf8_lossy(&bytes));
            bytes.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&bytes).to_lowercase();
        let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.split_once('\r'));
        let mut body = vec![0; length.map_or(0, |(length, _)| length.parse().expect("a number"))];
        self.0.read_exact(&mut body).expect("a body");
        (head.split(' ').nth(1).expect("a status").parse().expect("a number"), String::from_utf8_lossy(&body).into())
    }

    /// A request that has no body, with more headers.
    pub fn get(&mut self, path: &str, headers: &str) -> (u16, String) {
        self.say(&format!("GET {path} HTTP/1.1\r\nHost: clinic\r\n{headers}\r\n"));
        self.answer()
    }
}
