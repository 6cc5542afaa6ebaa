//! HTTP load from one thread: closed loop, in which each connection asks again once it is answered, or open loop, in
//! which requests are due at a rate, whether earlier ones are answered or not.
//!
//! A latency counts from when a request was to be sent. Where no connection is idle then, or the server stands still,
//! the time for which the request could not be sent is part of it, so that a stall shows in the latencies of all that
//! should have been sent meanwhile (no coordinated omission).

mod answer;
mod connection;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mio::{Events, Poll, Token};

pub(crate) use answer::Answer;
use connection::{Connection, Received};

use crate::histogram::Latencies;

/// How many connections are being opened at once before the clock starts: more would overflow the server's queue.
const OPENED_AT_ONCE: usize = 256;
/// How long opening all of them may take.
const OPENING: Duration = Duration::from_mins(1);
/// How many connections have one source address.
const OF_ONE_SOURCE: usize = 8_000;
/// How often it is looked for answers that are overdue.
const LOOK: Duration = Duration::from_millis(250);

/// What is asked, and by whom: connections are known by their number.
pub(crate) trait Load {
    /// Writes the next request of this connection, all of it.
    fn next(&mut self, who: usize, now: Instant, request: &mut Vec<u8>) -> Next;

    /// What was answered to it.
    fn answered(&mut self, _who: usize, _answer: &Answer<'_>, _times: Times) {}

    /// Nothing was answered, though it may have been done.
    fn lost(&mut self, _who: usize) {}
}

/// When a connection asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Now.
    Send,
    /// Not before then; only in a closed loop.
    After(Instant),
    /// Never again.
    Done,
}

/// What happened when to a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// When it was to be sent.
    pub(crate) intended: Instant,
    /// When it was sent.
    pub(crate) sent: Instant,
    /// When its answer was there.
    pub(crate) received: Instant,
}

/// When requests are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pace {
    /// Each connection asks again when it is answered.
    Closed,
    /// So many requests are due each second.
    Open {
        /// How many.
        per_second: f64,
    },
}

/// How much is asked.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Whom: connections take them in turn.
    pub(crate) servers: Vec<SocketAddr>,
    /// By how many connections.
    pub(crate) connections: usize,
    /// In which way.
    pub(crate) pace: Pace,
    /// For how long; `None`: until every connection is done.
    pub(crate) lasts: Option<Duration>,
    /// After how long an answer is no longer waited for.
    pub(crate) patience: Duration,
    /// After how long it ends, whatever is open.
    pub(crate) at_most: Duration,
    /// From which address of the loopback interface on they come, 127.0.0.x; `None`: from where the system wants.
    pub(crate) first_source: Option<u8>,
}

impl Plan {
    /// A closed loop of so many connections for so long.
    pub(crate) fn closed(server: SocketAddr, connections: usize, lasts: Duration) -> Self {
        Self {
            servers: vec![server],
            connections,
            pace: Pace::Closed,
            lasts: Some(lasts),
            patience: Duration::from_secs(30),
            at_most: lasts + Duration::from_secs(40),
            first_source: None,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// From when they were to be sent to when they were answered.
    pub(crate) latencies: Latencies,
    /// How many answers had which status.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// How many were not answered, since the connection broke.
    pub(crate) broken: u64,
    /// How many were not answered in time.
    pub(crate) overdue: u64,
    /// How many were due in an open loop, and never sent.
    pub(crate) unsent: u64,
    /// How many connections were opened anew.
    pub(crate) reopened: u64,
    /// How many were waiting for their answer at once, at most.
    pub(crate) most_in_flight: usize,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
}

impl Outcome {
    /// How many answers there were.
    pub(crate) fn answers(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// How many had this status.
    pub(crate) fn with(&self, status: u16) -> u64 {
        self.statuses.get(&status).copied().unwrap_or_default()
    }

    /// How many answers with this status there were a second.
    pub(crate) fn rate_of(&self, status: u16) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.with(status) as f64 / seconds } else { 0.0 }
    }

    /// How many requests had another answer than one with this status, or none.
    pub(crate) fn other_than(&self, status: u16) -> u64 {
        self.answers() - self.with(status) + self.broken + self.overdue + self.unsent
    }
}

/// Opens all connections, then asks as planned.
///
/// # Errors
///
/// When the connections cannot be opened.
pub(crate) fn run(plan: &Plan, load: &mut impl Load) -> Result<Outcome> {
    Generator::open(plan, load)?.run()
}

/// The same in two steps, so that several processes can begin at once.
pub(crate) struct Generator<'a, L> {
    plan: &'a Plan,
    load: &'a mut L,
    poll: Poll,
    connections: Vec<Connection>,
    begin: Instant,
    /// Who asks again when.
    timers: BinaryHeap<Reverse<(Instant, usize)>>,
    /// Who is free to send what is due in an open loop.
    idle: VecDeque<usize>,
    /// How many requests of an open loop were sent.
    sent: u64,
    in_flight: usize,
    done: usize,
    outcome: Outcome,
    buffer: Vec<u8>,
}

impl<'a, L: Load> Generator<'a, L> {
    /// Opens all connections.
    ///
    /// # Errors
    ///
    /// When they cannot be opened.
    pub(crate) fn open(plan: &'a Plan, load: &'a mut L) -> Result<Self> {
        let connection = |number: usize| {
            let source = plan.first_source.map(|first| first.saturating_add((number / OF_ONE_SOURCE) as u8));
            Connection::new(plan.servers[number % plan.servers.len()], source, Token(number))
        };
        let mut generator = Self {
            plan,
            load,
            poll: Poll::new().context("there is no epoll")?,
            connections: (0..plan.connections).map(connection).collect(),
            begin: Instant::now(),
            timers: BinaryHeap::new(),
            idle: VecDeque::new(),
            sent: 0,
            in_flight: 0,
            done: 0,
            outcome: Outcome::default(),
            buffer: vec![0; 64 * 1024],
        };
        generator.open_all()?;
        Ok(generator)
    }

    fn open_all(&mut self) -> Result<()> {
        let since = Instant::now();
        let mut events = Events::with_capacity(1024);
        let (mut begun, mut ready) = (0, 0);
        while ready < self.connections.len() {
            ensure!(since.elapsed() < OPENING, "only {ready} connections could be opened in {OPENING:?}");
            while begun < self.connections.len() && begun - ready < OPENED_AT_ONCE {
                self.connections[begun].open(&self.poll).context("a connection cannot be opened")?;
                begun += 1;
            }
            self.poll.poll(&mut events, Some(LOOK)).or_else(interrupted)?;
            for event in &events {
                let connection = &mut self.connections[event.token().0];
                if connection.is_opening() {
                    if connection.opened().context("a connection cannot be opened")? {
                        ready += 1;
                    }
                } else if event.is_read_closed() {
                    connection.close();
                }
            }
        }
        Ok(())
    }

    /// Asks as planned, and waits for what is answered.
    ///
    /// # Errors
    ///
    /// When the system does not go along.
    pub(crate) fn run(mut self) -> Result<Outcome> {
        let mut events = Events::with_capacity(4096);
        self.begin = Instant::now();
        let mut looked = self.begin;
        match self.plan.pace {
            Pace::Closed => (0..self.connections.len()).for_each(|who| self.ask(who, self.begin)),
            Pace::Open { .. } => self.idle.extend(0..self.connections.len()),
        }
        loop {
            self.send_what_is_due();
            let now = Instant::now();
            if self.has_ended(now) {
                break;
            }
            self.poll.poll(&mut events, Some(self.pause(now))).or_else(interrupted)?;
            for event in &events {
                let who = event.token().0;
                if event.is_writable() {
                    self.go_on_sending(who);
                }
                if event.is_readable() || event.is_read_closed() || event.is_error() {
                    self.receive(who, event.is_read_closed() || event.is_error());
                }
            }
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                self.give_up_what_is_overdue(looked);
            }
        }
        self.outcome.elapsed = self.begin.elapsed();
        self.count_what_was_never_sent();
        Ok(self.outcome)
    }

    fn end(&self) -> Option<Instant> {
        self.plan.lasts.map(|lasts| self.begin + lasts)
    }

    fn has_ended(&self, now: Instant) -> bool {
        if now >= self.begin + self.plan.at_most {
            return true;
        }
        let is_over = self.end().is_some_and(|end| now >= end);
        match self.plan.pace {
            Pace::Closed => self.in_flight == 0 && (is_over || self.done == self.connections.len()),
            Pace::Open { .. } => self.in_flight == 0 && is_over && self.due().is_none(),
        }
    }

    /// When the next request of an open loop is due, if there is one more.
    fn due(&self) -> Option<Instant> {
        let Pace::Open { per_second } = self.plan.pace else { return None };
        let due = self.begin + Duration::from_secs_f64(self.sent as f64 / per_second);
        self.end().is_none_or(|end| due < end).then_some(due)
    }

    /// How long there is nothing to do but to wait for answers.
    fn pause(&self, now: Instant) -> Duration {
        let timer = self.timers.peek().map(|Reverse((at, _))| *at);
        let due = self.due().filter(|_| !self.idle.is_empty());
        let next = [timer, due, self.end().filter(|end| *end > now)].into_iter().flatten().min();
        let left = next.map_or(LOOK, |at| at.saturating_duration_since(now)).min(LOOK);
        if left >= Duration::from_millis(1) {
            // The system rounds up to milliseconds: what is left then is waited for below.
            return Duration::from_millis(left.as_millis() as u64);
        }
        if !left.is_zero() {
            std::thread::sleep(left.min(Duration::from_micros(100)));
        }
        Duration::ZERO
    }

    fn send_what_is_due(&mut self) {
        let now = Instant::now();
        while let Some(Reverse((at, who))) = self.timers.peek().copied()
            && at <= now
        {
            self.timers.pop();
            self.ask(who, at);
        }
        while let Some(due) = self.due().filter(|due| *due <= now)
            && let Some(who) = self.idle.pop_front()
        {
            self.sent += 1;
            self.ask(who, due);
        }
    }

    /// Lets a connection ask, which was to be at `intended`.
    fn ask(&mut self, who: usize, intended: Instant) {
        let now = Instant::now();
        if matches!(self.plan.pace, Pace::Closed) && self.end().is_some_and(|end| now >= end) {
            return;
        }
        let connection = &mut self.connections[who];
        match self.load.next(who, now, connection.new_request(intended, now)) {
            Next::Send => {
                self.in_flight += 1;
                self.outcome.most_in_flight = self.outcome.most_in_flight.max(self.in_flight);
                self.send(who);
            }
            Next::After(at) => self.timers.push(Reverse((at, who))),
            Next::Done => self.done += 1,
        }
    }

    fn send(&mut self, who: usize) {
        if self.connections[who].is_closed() {
            self.outcome.reopened += 1;
            if self.connections[who].open(&self.poll).is_err() {
                return self.broke(who);
            }
        }
        self.go_on_sending(who);
    }

    fn go_on_sending(&mut self, who: usize) {
        let connection = &mut self.connections[who];
        if connection.is_opening() {
            match connection.opened() {
                Ok(true) => {}
                Ok(false) => return,
                Err(_) => return self.broke(who),
            }
        }
        if connection.send().is_err() {
            self.broke_off(who);
        }
    }

    fn receive(&mut self, who: usize, may_have_ended: bool) {
        let connection = &mut self.connections[who];
        if connection.is_closed() || connection.is_opening() {
            return;
        }
        match connection.receive(&mut self.buffer, may_have_ended) {
            Received::Some { has_ended } => self.read(who, has_ended),
            Received::Broken => self.broke_off(who),
        }
    }

    /// Reads the answer, if it is whole.
    fn read(&mut self, who: usize, has_ended: bool) {
        let connection = &mut self.connections[who];
        if !connection.is_waiting() {
            // Something that nobody has asked for, or the end of a connection that was long silent.
            if has_ended || connection.has_input() {
                connection.close();
            }
            return;
        }
        if !connection.has_input() {
            if has_ended {
                self.broke_off(who);
            }
            return;
        }
        let input = connection.take_input();
        match answer::read(&input, has_ended) {
            Ok(answer::Progress::Partial) => connection.give_back(input),
            Ok(answer::Progress::Whole(answer, used)) => {
                let received = Instant::now();
                let (intended, sent) = connection.answered();
                let times = Times { intended, sent, received };
                if answer.is_last || has_ended || used < input.len() {
                    connection.close();
                }
                *self.outcome.statuses.entry(answer.status).or_default() += 1;
                self.outcome.latencies.record(received.saturating_duration_since(intended));
                self.load.answered(who, &answer, times);
                let mut input = input;
                input.clear();
                self.connections[who].give_back(input);
                self.go_on(who);
            }
            Err(_) => {
                connection.close();
                self.broke(who);
            }
        }
    }

    /// What a connection does after an answer, or after it has got none.
    fn go_on(&mut self, who: usize) {
        self.in_flight -= 1;
        match self.plan.pace {
            Pace::Closed => self.ask(who, Instant::now()),
            Pace::Open { .. } => {
                self.idle.push_back(who);
                self.send_what_is_due();
            }
        }
    }

    /// A connection has ended without an answer. Where it was silent before, the server may have ended it just when the
    /// request was sent: then that is sent once more.
    fn broke_off(&mut self, who: usize) {
        let connection = &mut self.connections[who];
        let is_waiting = connection.is_waiting();
        let again = is_waiting && connection.may_send_again();
        connection.close();
        if again {
            connection.send_again();
            self.send(who);
        } else if is_waiting {
            self.broke(who);
        }
    }

    fn broke(&mut self, who: usize) {
        self.outcome.broken += 1;
        self.give_up(who, Instant::now());
    }

    fn give_up_what_is_overdue(&mut self, now: Instant) {
        for who in 0..self.connections.len() {
            let connection = &self.connections[who];
            if connection.is_waiting() && now.saturating_duration_since(connection.sent()) > self.plan.patience {
                self.outcome.overdue += 1;
                self.give_up(who, now);
            }
        }
    }

    fn give_up(&mut self, who: usize, now: Instant) {
        let connection = &mut self.connections[who];
        let (intended, _) = connection.answered();
        connection.close();
        self.outcome.latencies.record(now.saturating_duration_since(intended));
        self.load.lost(who);
        self.in_flight -= 1;
        match self.plan.pace {
            // Not at once: where nobody listens any more it would go round and round.
            Pace::Closed => self.timers.push(Reverse((now + Duration::from_millis(50), who))),
            Pace::Open { .. } => self.idle.push_back(who),
        }
    }

    /// What is due and was never sent has waited at least until now.
    fn count_what_was_never_sent(&mut self) {
        let now = Instant::now();
        while let Some(due) = self.due().filter(|due| *due <= now) {
            self.sent += 1;
            self.outcome.unsent += 1;
            self.outcome.latencies.record(now - due);
        }
        let open: Vec<_> = self.connections.iter().filter(|connection| connection.is_waiting()).collect();
        self.outcome.overdue += open.len() as u64;
        for connection in open {
            self.outcome.latencies.record(now.saturating_duration_since(connection.intended()));
        }
    }
}

/// A signal is no reason to stop waiting.
fn interrupted(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::Interrupted { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests;
