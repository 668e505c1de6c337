//! A server that misbehaves below HTTP, as no HTTP library can: each fault is told as what it is, in
//! time, and harms neither the process nor the next call.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use openapi_client::{DecodeErrorKind, Retry, TimeoutPhase, Timeouts};
use socket2::SockRef;

use crate::api::{Client, Error};

const THING: &str = r#"{"id":"1"}"#;

const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_millis(300),
    attempt: Duration::from_millis(400),
    operation: Duration::from_millis(900),
    stall: Duration::from_millis(200),
};
/// How much longer than its time-out a call may take.
const OVERSHOOT: Duration = Duration::from_millis(100);
/// How often a call may take longer, on a machine that does other things too, before it counts.
const ATTEMPTS: usize = 3;

/// What a server does with a connection whose request it has read.
type Fault = fn(&mut TcpStream, body: &str) -> std::io::Result<()>;

/// Serves connections with a fault until it is asked no more.
///
/// The threads end with the connections, and the last one with the process.
fn serve(fault: Fault) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
                while request(&stream).is_some() {
                    // The client hangs up in many of these cases.
                    if fault(&mut stream, THING).is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

/// Reads the head of a request, if there is one.
fn request(stream: &TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.find(String::is_empty).map(drop)
}

fn reset(stream: &TcpStream) -> std::io::Result<()> {
    SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
    stream.shutdown(Shutdown::Read)?;
    // Dropping the stream now sends RST instead of FIN.
    Err(std::io::ErrorKind::ConnectionReset.into())
}

/// Sends the bytes slowly, for longer than any time-out.
fn trickle(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    for byte in bytes.iter().cycle().take(100) {
        stream.write_all(&[*byte])?;
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn reset_before_headers(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    reset(stream)
}

fn reset_after_headers(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nx-request-id: r-1\r\ncontent-length: 99\r\n\r\n")?;
    // Long enough for the client to read them: a reset overtakes what is not read yet.
    thread::sleep(Duration::from_millis(50));
    reset(stream)
}

fn end_of_file_in_the_body(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    let half = &body[..body.len() / 2];
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nx-request-id: r-1\r\ncontent-length: {length}\r\n\r\n{half}"
    )?;
    stream.shutdown(Shutdown::Both)
}

fn length_too_short(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    let length = body.len() - 9;
    write!(stream, "HTTP/1.1 200 OK\r\nx-request-id: r-1\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn two_lengths(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\ncontent-length: 9\r\n\r\n{body}")
}

fn bad_chunk(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    let half = &body[..body.len() / 2];
    write!(stream, "HTTP/1.1 200 OK\r\nx-request-id: r-1\r\ntransfer-encoding: chunked\r\n\r\n")?;
    write!(stream, "{:x}\r\n{half}\r\nZZ\r\n", half.len())
}

fn bytes_after_the_body(stream: &mut TcpStream, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nx-request-id: r-1\r\ncontent-length: {length}\r\n\r\n{body}{body}"
    )
}

fn storm_of_1xx(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    // A break now and then: hyper reads them without one, and would starve the other calls of a test
    // that is not optimised.
    loop {
        for _ in 0..10 {
            stream.write_all(b"HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n")?;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn half_close(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    thread::sleep(Duration::from_secs(2));
    Ok(())
}

fn slow_headers(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    trickle(
        stream,
        b"HTTP/1.1 200 OK\r\nx-a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    )
}

fn slow_body(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nx-request-id: r-1\r\ncontent-length: 999\r\n\r\n")?;
    trickle(stream, b" ")
}

fn body_stands_still(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nx-request-id: r-1\r\ncontent-length: 999\r\n\r\n{")?;
    thread::sleep(Duration::from_secs(2));
    Ok(())
}

fn silence(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    thread::sleep(Duration::from_secs(2));
    stream.shutdown(Shutdown::Both)
}

fn giant_header(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nx-a: ")?;
    let piece = [b'a'; 4096];
    // It has no end: the client has to stop reading.
    loop {
        stream.write_all(&piece)?;
    }
}

fn not_http(stream: &mut TcpStream, _: &str) -> std::io::Result<()> {
    stream.write_all(b"\x15\x03\x03\x00\x02\x02\x28")?;
    stream.shutdown(Shutdown::Both)
}

/// What a call should come to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Value,
    Refused,
    /// Broken off, before or after the headers.
    Lost {
        headers: bool,
    },
    Incomplete,
    Timeout {
        phase: TimeoutPhase,
        headers: bool,
    },
}

fn outcome<T>(result: &Result<T, Error>) -> Outcome {
    let headers = |error: &Error| {
        let told = error.status().is_some();
        // If there were headers, their request id survives.
        assert_eq!(error.request_id().is_some(), told, "{error:?}");
        told
    };
    match result {
        Ok(_) => Outcome::Value,
        Err(Error::Transport { source, .. }) if source.is_connect() => Outcome::Refused,
        Err(error @ Error::Transport { .. }) => Outcome::Lost { headers: headers(error) },
        Err(error @ Error::Timeout { phase, .. }) => {
            Outcome::Timeout { phase: *phase, headers: headers(error) }
        }
        Err(Error::Decode { source, .. }) if source.kind == DecodeErrorKind::Incomplete => {
            Outcome::Incomplete
        }
        Err(error) => panic!("{error:?}"),
    }
}

fn client(url: &str, retry: Retry) -> Client {
    Client::builder(url).timeouts(TIMEOUTS).retry(retry).build().unwrap()
}

/// A call comes to what it should, in time.
///
/// A call that fails so every time fails by itself, and not for what else the machine does.
async fn in_time(
    name: &str,
    url: &str,
    retry: Retry,
    limit: Duration,
    is_right: impl Fn(Outcome) -> bool,
) {
    let mut wrong = Vec::new();
    for _ in 0..ATTEMPTS {
        let client = client(url, retry);
        let start = Instant::now();
        let result = client.get_thing("1").await;
        let taken = start.elapsed();
        let outcome = outcome(&result);
        if taken <= limit + OVERSHOOT && is_right(outcome) {
            return;
        }
        wrong.push((outcome, taken));
    }
    panic!("{name} comes to {wrong:?} where {limit:?} are allowed")
}

fn faults() -> Vec<(&'static str, Option<Fault>, Outcome)> {
    use Outcome::{Incomplete, Lost, Refused, Timeout, Value};
    let attempt = |headers| Timeout { phase: TimeoutPhase::Attempt, headers };
    vec![
        ("refused", None, Refused),
        ("reset before headers", Some(reset_before_headers), Lost { headers: false }),
        ("reset after headers", Some(reset_after_headers), Lost { headers: true }),
        ("end of file in the body", Some(end_of_file_in_the_body), Lost { headers: true }),
        ("length too short", Some(length_too_short), Incomplete),
        ("two lengths", Some(two_lengths), Lost { headers: false }),
        ("bad chunk", Some(bad_chunk), Lost { headers: true }),
        ("bytes after the body", Some(bytes_after_the_body), Value),
        ("storm of 1xx", Some(storm_of_1xx), attempt(false)),
        ("half-close", Some(half_close), Lost { headers: false }),
        ("slow headers", Some(slow_headers), attempt(false)),
        ("slow body", Some(slow_body), attempt(true)),
        (
            "body stands still",
            Some(body_stands_still),
            Timeout { phase: TimeoutPhase::Stall, headers: true },
        ),
        ("silence", Some(silence), attempt(false)),
        ("giant header", Some(giant_header), Lost { headers: false }),
        ("not HTTP", Some(not_http), Lost { headers: false }),
    ]
}

fn url_of(fault: Option<Fault>) -> String {
    fault.map_or_else(
        || {
            // A port that was free a moment ago.
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            format!("http://{}/v1", listener.local_addr().unwrap())
        },
        serve,
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_is_told_as_what_it_is_and_in_time() {
    for (name, fault, expected) in faults() {
        let is_right = |told| told == expected;
        in_time(name, &url_of(fault), Retry::none(), TIMEOUTS.attempt, is_right).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_with_retries_ends_in_time() {
    let retry = Retry { base: Duration::from_millis(20), ..Retry::default() };
    let mut calls = tokio::task::JoinSet::new();
    for (name, fault, expected) in faults() {
        calls.spawn(async move {
            let is_value = |outcome: Outcome| outcome == Outcome::Value;
            let is_right = |told| is_value(told) == is_value(expected);
            in_time(name, &url_of(fault), retry, TIMEOUTS.operation, is_right).await;
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
}
