//! Receivers of all kinds, on loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use doctor_booking_adapters_webhook::{HttpMessenger, Reach};
use doctor_booking_domain::{EntryId, WebhookSecret, WebhookUrl};
use doctor_booking_ports::{Message, Messenger, NotAccepted};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What the tests are willing to wait for a receiver that gives no answer.
const PATIENCE: Duration = Duration::from_millis(500);
/// Far more than that, and far less than forever.
const SOON: Duration = Duration::from_secs(20);
const BODY: &[u8] = br#"{"type":"booking.created","patientId":"0190"}"#;

/// A request as it came.
struct Request {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|&read| read > 0)?;
        let mut headers = Vec::new();
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let Some((name, value)) = header.trim_end().split_once(": ") else { break };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let mut request = Self { line: line.trim_end().to_owned(), headers, body: vec![] };
        request.body.resize(request.header("content-length").parse().ok()?, 0);
        reader.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Listens on loopback, and does this with every connection, one after the other; what came is told.
fn receiver(answer: impl Fn(&mut TcpStream) + Send + 'static) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/hook?key=sesame", listener.local_addr().expect("an address"));
    let (tell, told) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let Some(request) = Request::read(&stream) else { continue };
            let _ = tell.send(request);
            answer(&mut stream);
        }
    });
    (url, told)
}

fn says(answer: &'static str) -> impl Fn(&mut TcpStream) + Send + 'static {
    move |stream| {
        let _ = stream.write_all(answer.as_bytes());
    }
}

fn message(url: &str) -> Message {
    Message {
        id: EntryId::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0042),
        url: WebhookUrl::parse(url).expect("a URL"),
        secret: WebhookSecret::from_bytes([7; 32]),
        at: DateTime::from_timestamp(1_893_456_000, 999_999_000).expect("an instant"),
        body: BODY.to_vec(),
    }
}

fn send_anywhere(url: &str) -> Result<(), NotAccepted> {
    HttpMessenger::with_patience(Reach::Anywhere, PATIENCE).send(&message(url))
}

/// It fails, soon, for this reason, and tells nothing that it should not.
#[track_caller]
fn refused(url: &str, reason: &str) {
    let since = Instant::now();
    let error = send_anywhere(url).expect_err("not accepted").to_string();
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
    assert_eq!(error, reason);
    for secret in ["127.0.0.1", "hook", "sesame", "patient", "0190", "gossip"] {
        assert!(!error.contains(secret), "{error}");
    }
}

#[test]
fn a_message_that_is_answered_with_a_2xx_is_accepted() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 202 Accepted\r\ncontent-length: 6\r\n\r\ngossip",
        "HTTP/1.1 299 Fine\r\n\r\nuntil the end",
    ] {
        let (url, told) = receiver(says(answer));
        assert_eq!(send_anywhere(&url), Ok(()), "{answer}");
        assert_eq!(told.iter().next().expect("a request").body, BODY);
    }
}

#[test]
fn a_message_is_signed_as_standard_webhooks_says() {
    let (url, told) = receiver(says("HTTP/1.1 204 No Content\r\n\r\n"));
    send_anywhere(&url).expect("accepted");
    let request = told.iter().next().expect("a request");
    assert_eq!(request.line, "POST /hook?key=sesame HTTP/1.1");
    assert_eq!(request.header("content-type"), "application/json");
    assert!(request.header("user-agent").starts_with("doctor-booking/"));
    assert_eq!(request.header("webhook-id"), "msg_01900000-0000-7000-8000-000000000042");
    assert_eq!(request.header("webhook-timestamp"), "1893456000");

    let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).expect("any key");
    mac.update(b"msg_01900000-0000-7000-8000-000000000042.1893456000.");
    mac.update(&request.body);
    let signature = request.header("webhook-signature").strip_prefix("v1,").expect("version 1");
    mac.verify_slice(&STANDARD.decode(signature).expect("Base64")).expect("the signature is right");
}

#[test]
fn other_statuses_are_not_accepted_and_redirects_not_followed() {
    for (answer, reason) in [
        ("HTTP/1.1 500 Gossip\r\ncontent-length: 6\r\n\r\ngossip", "the status was 500"),
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "the status was 404"),
        ("HTTP/1.1 304 Not Modified\r\n\r\n", "the status was 304"),
    ] {
        let (url, _told) = receiver(says(answer));
        refused(&url, reason);
    }
    let (elsewhere, told) = receiver(says("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    for status in [301, 302, 303, 307, 308] {
        let location = elsewhere.clone();
        let (url, _told) = receiver(move |stream| {
            let _ = write!(stream, "HTTP/1.1 {status} Gossip\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        });
        refused(&url, &format!("the status was {status}"));
    }
    assert!(told.try_recv().is_err(), "nobody was sent elsewhere");
}

#[test]
fn a_receiver_that_hangs_is_given_up() {
    let (url, _told) = receiver(|_| thread::sleep(SOON));
    refused(&url, "there was no answer in time");
    // Nobody takes the connection.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    refused(&format!("http://{}/", listener.local_addr().expect("an address")), "there was no answer in time");
}

#[test]
fn a_receiver_that_trickles_its_answer_is_given_up() {
    for (first, piece) in
        [("HTTP/1.1 200 OK\r\nx: ", "y"), ("HTTP/1.1 200 OK\r\n", "x: y\r\n"), ("", "HTTP/1.1 103 Early Hints\r\n\r\n")]
    {
        let (url, _told) = receiver(move |stream| {
            let _ = stream.write_all(first.as_bytes());
            while stream.write_all(piece.as_bytes()).is_ok() {
                thread::sleep(Duration::from_millis(50));
            }
        });
        refused(&url, "there was no answer in time");
    }
}

#[test]
fn a_receiver_that_never_ends_is_not_listened_to_for_long() {
    let endless = |first: &'static [u8], piece: &'static [u8]| {
        move |stream: &mut TcpStream| {
            let _ = stream.write_all(first);
            while stream.write_all(piece).is_ok() {}
        }
    };
    let since = Instant::now();
    let (url, _told) = receiver(endless(b"HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 4096]));
    assert_eq!(send_anywhere(&url), Ok(()), "the status was there, more is not asked for");
    let (url, _told) = receiver(endless(b"HTTP/1.1 200 OK\r\n", b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"));
    refused(&url, "the answer was not one of HTTP");
    let (url, _told) = receiver(endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"));
    send_anywhere(&url).expect_err("not accepted");
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
}

#[test]
fn a_receiver_that_reads_slowly_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut piece = [0; 4096];
        while stream.read(&mut piece).is_ok_and(|read| read > 0) {
            thread::sleep(Duration::from_millis(100));
        }
    });
    let since = Instant::now();
    let much = Message { body: vec![b' '; 32 << 20], ..message(&url) };
    let error = HttpMessenger::with_patience(Reach::Anywhere, PATIENCE).send(&much).expect_err("not accepted");
    assert_eq!(error.to_string(), "there was no answer in time");
    assert!(since.elapsed() < SOON, "it took {:?}", since.elapsed());
}

#[test]
fn a_receiver_that_closes_early_or_speaks_otherwise_has_not_accepted() {
    for (answer, reason) in [
        ("", "the connection failed"),
        ("HTTP/1.1 200", "the connection failed"),
        ("HTTP/1.1 200 OK\r\nx: y\r\n", "the connection failed"),
        ("gossip gossip gossip\r\n\r\n", "the answer was not one of HTTP"),
    ] {
        let (url, _told) = receiver(says(answer));
        refused(&url, reason);
    }
}

#[test]
fn nobody_at_home_has_not_accepted() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    refused(&format!("http://{address}/"), "the connection was refused");
    refused("http://nobody.invalid/", "the host was not found");
    refused("http://[::1/", "the URL cannot be sent to");
}

#[test]
fn who_speaks_no_tls_is_not_reached_by_https() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://{}/", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.expect("a connection").write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        }
    });
    refused(&url, "no secure connection came about");
}

#[test]
fn nothing_is_sent_to_an_address_that_is_not_public() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("it can be");
    let port = listener.local_addr().expect("an address").port();
    let messenger = HttpMessenger::default();
    // By name, and in every way of writing an address that the resolver understands.
    for host in
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f000001", "0.0.0.0"]
    {
        let error = messenger.send(&message(&format!("http://{host}:{port}/"))).expect_err("refused");
        assert_eq!(error.to_string(), "the address is not a public one", "{host}");
        assert!(listener.accept().is_err(), "nobody came by {host}");
    }
    for host in ["10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fd00::1]", "[fe80::1]"] {
        let error = messenger.send(&message(&format!("http://{host}/"))).expect_err("refused");
        assert_eq!(error.to_string(), "the address is not a public one", "{host}");
    }
}

#[test]
fn the_environments_proxy_is_not_asked() {
    // In a process of its own, since the environment is everybody's.
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", proxy.local_addr().expect("an address"));
    if std::env::var_os("WITH_A_PROXY").is_some() {
        let error = HttpMessenger::default().send(&message("http://127.0.0.1:9/")).expect_err("refused");
        assert_eq!(error.to_string(), "the address is not a public one");
        return;
    }
    proxy.set_nonblocking(true).expect("it can be");
    let mut test = std::process::Command::new(std::env::current_exe().expect("this test"));
    test.args(["--exact", "the_environments_proxy_is_not_asked"]).env("WITH_A_PROXY", "1");
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        test.env(name, &address);
    }
    assert!(test.output().expect("it runs").status.success());
    assert!(proxy.accept().is_err(), "nobody asked the proxy");
}
