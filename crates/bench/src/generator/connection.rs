//! One connection, and the request that is on it.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Interest, Poll, Token};
use socket2::{Domain, Protocol, Socket, Type};

/// A connection, open or not.
#[expect(clippy::struct_excessive_bools, reason = "each is about something else, and all combinations occur")]
pub(super) struct Connection {
    server: SocketAddr,
    source: Option<Ipv4Addr>,
    token: Token,
    stream: Option<TcpStream>,
    is_opening: bool,
    /// Whether anything was answered on this stream.
    was_used: bool,
    /// Whether the request was sent a second time.
    is_second_try: bool,
    is_waiting: bool,
    request: Vec<u8>,
    written: usize,
    input: Vec<u8>,
    intended: Instant,
    sent: Instant,
}

/// What was received.
pub(super) enum Received {
    /// Something, or nothing.
    Some {
        /// Whether nothing more comes.
        has_ended: bool,
    },
    /// The connection is broken.
    Broken,
}

impl Connection {
    pub(super) fn new(server: SocketAddr, source: Option<u8>, token: Token) -> Self {
        let now = Instant::now();
        Self {
            server,
            source: source.map(|last| Ipv4Addr::new(127, 0, 0, last)),
            token,
            stream: None,
            is_opening: false,
            was_used: false,
            is_second_try: false,
            is_waiting: false,
            request: Vec::new(),
            written: 0,
            input: Vec::new(),
            intended: now,
            sent: now,
        }
    }

    /// Begins to open it.
    pub(super) fn open(&mut self, poll: &Poll) -> Result<()> {
        let socket = Socket::new(Domain::for_address(self.server), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        if let Some(source) = self.source {
            socket.bind(&SocketAddr::from((source, 0)).into())?;
        }
        match socket.connect(&self.server.into()) {
            Ok(()) => {}
            Err(error) if matches!(error.raw_os_error(), Some(code) if code == IN_PROGRESS) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        let mut stream = TcpStream::from_std(socket.into());
        poll.registry().register(&mut stream, self.token, Interest::READABLE | Interest::WRITABLE)?;
        self.stream = Some(stream);
        self.is_opening = true;
        self.was_used = false;
        self.input.clear();
        Ok(())
    }

    /// Whether it is open by now.
    pub(super) fn opened(&mut self) -> Result<bool> {
        let Some(stream) = &self.stream else { return Err(Error::from(ErrorKind::NotConnected)) };
        if let Some(error) = stream.take_error()? {
            return Err(error);
        }
        match stream.peer_addr() {
            Ok(_) => {
                self.is_opening = false;
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) fn close(&mut self) {
        self.stream = None;
        self.is_opening = false;
        self.input.clear();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.stream.is_none()
    }

    pub(super) fn is_opening(&self) -> bool {
        self.is_opening
    }

    /// Whether a request is waiting for its answer.
    pub(super) fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    pub(super) fn intended(&self) -> Instant {
        self.intended
    }

    pub(super) fn sent(&self) -> Instant {
        self.sent
    }

    /// Where the next request is to be written, which counts from `intended`.
    pub(super) fn new_request(&mut self, intended: Instant, now: Instant) -> &mut Vec<u8> {
        self.request.clear();
        self.written = 0;
        self.is_second_try = false;
        (self.intended, self.sent) = (intended, now);
        &mut self.request
    }

    /// Sends what is left of the request, as far as it goes.
    pub(super) fn send(&mut self) -> Result<()> {
        let Some(stream) = &mut self.stream else { return Ok(()) };
        if self.written < self.request.len() {
            self.is_waiting = true;
        }
        while self.written < self.request.len() {
            match stream.write(&self.request[self.written..]) {
                Ok(0) => return Err(Error::from(ErrorKind::WriteZero)),
                Ok(written) => self.written += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Takes in what is there. A read that does not fill the buffer has emptied the socket, unless the end has come.
    pub(super) fn receive(&mut self, buffer: &mut [u8], may_have_ended: bool) -> Received {
        let Some(stream) = &mut self.stream else { return Received::Some { has_ended: true } };
        loop {
            match stream.read(buffer) {
                Ok(0) => return Received::Some { has_ended: true },
                Ok(read) => {
                    self.input.extend_from_slice(&buffer[..read]);
                    if read < buffer.len() && !may_have_ended {
                        return Received::Some { has_ended: false };
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Received::Some { has_ended: false },
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Received::Broken,
            }
        }
    }

    pub(super) fn has_input(&self) -> bool {
        !self.input.is_empty()
    }

    pub(super) fn take_input(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.input)
    }

    pub(super) fn give_back(&mut self, input: Vec<u8>) {
        self.input = input;
    }

    /// The request has its answer, or will have none; when it was to be sent, and when it was.
    pub(super) fn answered(&mut self) -> (Instant, Instant) {
        self.was_used = true;
        self.is_waiting = false;
        (self.intended, self.sent)
    }

    /// Whether the server may have ended the connection before the request came.
    pub(super) fn may_send_again(&self) -> bool {
        self.was_used && !self.is_second_try && self.input.is_empty()
    }

    /// Prepares to send the request once more.
    pub(super) fn send_again(&mut self) {
        self.written = 0;
        self.is_second_try = true;
    }
}

/// `EINPROGRESS`: it is being opened.
const IN_PROGRESS: i32 = rustix::io::Errno::INPROGRESS.raw_os_error();
