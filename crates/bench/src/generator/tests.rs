//! The generator against tiny servers that do as they are told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A server that answers the n-th request of a connection as `answer` says; `None` ends the connection.
fn server(answer: impl Fn(usize) -> Option<&'static str> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || serve(stream.expect("a connection"), &*answer));
        }
    });
    address
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(usize) -> Option<&'static str>) {
    stream.set_nodelay(true).expect("it is a socket");
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
    for number in 0.. {
        loop {
            match lines.next() {
                Some(Ok(line)) if line.is_empty() => break,
                Some(Ok(_)) => {}
                _ => return,
            }
        }
        let Some(text) = answer(number) else { return };
        if stream.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// Asks so often, and keeps what was answered.
struct Some {
    left: usize,
    answers: Vec<(u16, Option<u64>, String)>,
}

impl Some {
    fn requests(left: usize) -> Self {
        Self { left, answers: vec![] }
    }
}

impl Load for Some {
    fn next(&mut self, _: usize, _: Instant, request: &mut Vec<u8>) -> Next {
        if self.left == 0 {
            return Next::Done;
        }
        self.left -= 1;
        request.extend_from_slice(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        Next::Send
    }

    fn answered(&mut self, _: usize, answer: &Answer<'_>, _: Times) {
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        self.answers.push((answer.status, answer.retry_after, body));
    }
}

fn plan(server: SocketAddr, connections: usize) -> Plan {
    Plan { lasts: None, ..Plan::closed(server, connections, Duration::from_secs(5)) }
}

#[test]
fn every_kind_of_answer_is_read() {
    let address = server(|number| {
        Some(match number {
            0 => OK,
            1 => "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            2 => "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n",
            _ => "HTTP/1.1 204 No Content\r\n\r\n",
        })
    });
    let mut load = Some::requests(4);
    let outcome = run(&plan(address, 1), &mut load).expect("it runs");
    let expected = [(200, None, "ok"), (200, None, "hello"), (503, Some(7), ""), (204, None, "")];
    assert_eq!(load.answers, expected.map(|(status, retry, body)| (status, retry, body.to_owned())));
    assert_eq!((outcome.answers(), outcome.with(200), outcome.reopened, outcome.broken), (4, 2, 0, 0));
}

#[test]
fn a_connection_that_the_server_closes_is_opened_again() {
    // It says so.
    let says_so = server(|_| Some("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok"));
    let outcome = run(&plan(says_so, 1), &mut Some::requests(3)).expect("it runs");
    assert_eq!((outcome.with(200), outcome.reopened, outcome.broken), (3, 2, 0));
    // It does not say so, and the request is on its way already.
    let does_not = server(|number| (number == 0).then_some(OK));
    let outcome = run(&plan(does_not, 1), &mut Some::requests(3)).expect("it runs");
    assert_eq!((outcome.with(200), outcome.reopened, outcome.broken), (3, 2, 0));
}

#[test]
fn a_request_that_is_never_answered_is_counted() {
    let breaks = server(|_| None);
    let outcome = run(&plan(breaks, 1), &mut Some::requests(2)).expect("it runs");
    assert_eq!((outcome.answers(), outcome.broken), (0, 2));
    let hangs = server(|_| {
        std::thread::sleep(Duration::from_secs(10));
        None
    });
    let plan = Plan { patience: Duration::from_millis(100), ..plan(hangs, 1) };
    let outcome = run(&plan, &mut Some::requests(1)).expect("it runs");
    assert_eq!((outcome.answers(), outcome.overdue, outcome.latencies.count()), (0, 1, 1));
}

#[test]
fn a_closed_loop_keeps_all_connections_busy() {
    static BUSY: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let address = server(|_| {
        MOST.fetch_max(BUSY.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        BUSY.fetch_sub(1, Ordering::SeqCst);
        Some(OK)
    });
    let plan = Plan::closed(address, 8, Duration::from_millis(400));
    let outcome = run(&plan, &mut Some::requests(usize::MAX)).expect("it runs");
    assert_eq!((outcome.most_in_flight, MOST.load(Ordering::SeqCst)), (8, 8));
    // Twenty rounds at most; on a busy machine fewer.
    assert!((8..=168).contains(&outcome.with(200)), "{outcome:?}");
    assert!(outcome.latencies.quantile(0.0) >= Duration::from_millis(19), "{outcome:?}");
}

#[test]
fn an_open_loop_counts_from_when_it_was_to_send() {
    // One connection, a request each 10 ms; the server stands still for 400 ms at the 21st, so some 40 are late.
    let address = server(|number| {
        if number == 20 {
            std::thread::sleep(Duration::from_millis(400));
        }
        Some(OK)
    });
    let open = Pace::Open { per_second: 100.0 };
    let plan = Plan { pace: open, ..Plan::closed(address, 1, Duration::from_secs(1)) };
    let outcome = run(&plan, &mut Some::requests(usize::MAX)).expect("it runs");
    assert_eq!((outcome.with(200), outcome.unsent), (100, 0));
    // A closed loop would have seen one slow answer among a hundred. Here, a fifth of all waited for 200 ms and more.
    assert!(outcome.latencies.quantile(0.85) >= Duration::from_millis(150), "{outcome:?}");
    assert!(outcome.latencies.max() >= Duration::from_millis(390), "{outcome:?}");
}

#[test]
fn what_could_never_be_sent_is_counted_too() {
    let address = server(|_| {
        std::thread::sleep(Duration::from_millis(500));
        Some(OK)
    });
    let open = Pace::Open { per_second: 100.0 };
    let lasts = Duration::from_millis(300);
    let plan = Plan { pace: open, at_most: lasts, ..Plan::closed(address, 1, lasts) };
    let outcome = run(&plan, &mut Some::requests(usize::MAX)).expect("it runs");
    assert_eq!((outcome.answers(), outcome.overdue), (0, 1));
    assert!(outcome.unsent >= 25 && outcome.latencies.max() >= Duration::from_millis(250), "{outcome:?}");
}

#[test]
fn connections_may_come_from_several_addresses() {
    let address = server(|_| Some(OK));
    let plan = Plan { first_source: Some(2), ..plan(address, 3) };
    assert_eq!(run(&plan, &mut Some::requests(9)).expect("it runs").with(200), 9);
}
