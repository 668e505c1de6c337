//! Bad input of every kind; after it the sandbox answers as before, and nothing has panicked.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::binary::Running;

const ORDER: &str = "/raas/v2/orders/RA260115-1001-01";

/// The rest of a request that is accepted.
const REST: &str = "authorization: Bearer sandbox-token\r\n\r\n";

fn connect(running: &Running) -> TcpStream {
    let stream = TcpStream::connect(&running.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// All that comes back until the server closes the connection, which it has to do.
fn exchange(running: &Running, sent: &[u8]) -> String {
    let mut stream = connect(running);
    // The server may hang up before all is sent.
    let _ = stream.write_all(sent);
    let _ = stream.shutdown(Shutdown::Write);
    read_to_end(&mut stream)
}

fn read_to_end(stream: &mut TcpStream) -> String {
    let mut response = Vec::new();
    if let Err(error) = stream.read_to_end(&mut response) {
        let is_closed = error.kind() == std::io::ErrorKind::ConnectionReset;
        assert!(is_closed, "the connection stays open: {error}");
    }
    String::from_utf8_lossy(&response).into_owned()
}

/// Checks that the sandbox answers as before, and that it ends as it should.
fn is_well(running: Running) {
    let sent = format!("GET {ORDER} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{REST}");
    let response = exchange(&running, sent.as_bytes());
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    // A panic would stand in the log.
    assert_eq!(running.stop("-TERM"), (Some(0), String::new()));
}

fn get(target: &[u8], headers: &str) -> Vec<u8> {
    [b"GET ", target, b" HTTP/1.1\r\n", headers.as_bytes(), REST.as_bytes()].concat()
}

#[test]
fn what_breaks_http_is_refused() {
    let running = Running::with(&["--quiet"]);
    let long = "x".repeat(1 << 20);
    let order = ORDER.as_bytes();
    let after = |start: &str| get(order, &format!("host: a\r\n{start}\r\n"));
    let requests: Vec<(&str, Vec<u8>)> = vec![
        ("oversized request line", get(format!("/{long}").as_bytes(), "host: a\r\n")),
        ("oversized query", get(format!("{ORDER}?{long}").as_bytes(), "host: a\r\n")),
        ("oversized header", after(&format!("a: {long}"))),
        ("oversized name of a header", after(&format!("{long}: a"))),
        ("too many headers", after(&"a: b\r\n".repeat(5000))),
        ("oversized method", [long.as_bytes(), b" / HTTP/1.1\r\nhost: a\r\n\r\n"].concat()),
        ("half an escape", get(b"/raas/v2/orders/%4", "host: a\r\n")),
        ("an escape that is none", get(b"/raas/v2/orders/%zz", "host: a\r\n")),
        ("escaped bytes that are no UTF-8", get(b"/raas/v2/orders/%c3%28", "host: a\r\n")),
        ("escaped overlong UTF-8", get(b"/raas/v2/%c0%ae%c0%ae", "host: a\r\n")),
        ("bytes that are no UTF-8", get(b"/raas/v2/orders/\xff\xfe", "host: a\r\n")),
        ("escaped NUL", get(b"/raas/v2/orders/%00", "host: a\r\n")),
        ("NUL in the target", get(b"/raas/v2/orders/\0", "host: a\r\n")),
        ("NUL in a header", after("a: b\0c")),
        ("NUL in the name of a header", after("a\0: b")),
        ("no UTF-8 in the credentials", get(order, "host: a\r\nauthorization: Basic \u{80}\r\n")),
        ("version 0.9", b"GET /\r\n\r\n".to_vec()),
        ("version 1.2", b"GET / HTTP/1.2\r\nhost: a\r\n\r\n".to_vec()),
        ("version 2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("a version that is none", b"GET / HTTP/x\r\n\r\n".to_vec()),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec()),
        ("no host", get(order, "")),
        ("two hosts", get(order, "host: a\r\nhost: b\r\n")),
        ("a header without a colon", after("nonsense")),
        ("space before the colon", after("a : b")),
        ("a folded header", after("a: b\r\n c")),
        ("a header without a name", after(": b")),
        ("length and coding", after("content-length: 5\r\ntransfer-encoding: chunked")),
        ("coding and length", after("transfer-encoding: chunked\r\ncontent-length: 5")),
        ("an unknown coding", after("transfer-encoding: gzip")),
        ("two lengths", after("content-length: 1\r\ncontent-length: 2")),
        ("a list of lengths", after("content-length: 1, 2")),
        ("a negative length", after("content-length: -1")),
        ("a length that is none", after("content-length: ten")),
        ("a length beyond 64 bits", after("content-length: 99999999999999999999999")),
        ("a huge length", after("content-length: 10000000000")),
        ("a proxy's request", b"CONNECT example.com:443 HTTP/1.1\r\nhost: a\r\n\r\n".to_vec()),
        ("all of the server", b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n".to_vec()),
        ("noise", (0..5000_u32).map(|it| ((it * 193) >> 3).to_le_bytes()[0]).collect()),
        ("nothing", Vec::new()),
        ("half a request", b"GET / HT".to_vec()),
    ];
    for (name, request) in requests {
        let response = exchange(&running, &request);
        let is_refused = response.is_empty() || response.starts_with("HTTP/1.1 4");
        assert!(is_refused, "{name}: {}", response.chars().take(300).collect::<String>());
        // Nothing that follows what is wrong is taken for a request.
        assert_eq!(response.matches("HTTP/1.1 200").count(), 0, "{name}");
    }
    is_well(running);
}

#[test]
fn a_request_is_not_smuggled_in_the_body_of_another() {
    let running = Running::with(&["--quiet"]);
    let inner = format!("GET {ORDER} HTTP/1.1\r\nhost: a\r\n{REST}");
    for framing in [
        format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", inner.len() + 5),
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n".to_owned(),
        "transfer-encoding: chunked\r\n".to_owned(),
        format!("content-length: 0\r\ncontent-length: {}\r\n", inner.len()),
    ] {
        let mut sent = get(ORDER.as_bytes(), &format!("host: a\r\n{framing}"));
        sent.extend(b"0\r\n\r\n");
        sent.extend(inner.as_bytes());
        let response = exchange(&running, &sent);
        // A response may be lost if the connection is closed while bytes are still unread.
        assert!(response.is_empty() || response.starts_with("HTTP/1.1 4"), "{framing}: {response}");
        assert!(response.matches("HTTP/1.1").count() < 2, "{framing}: {response}");
    }
    is_well(running);
}

#[test]
fn who_dribbles_is_cut_off() {
    let running = Running::with(&["--quiet", "--header-timeout", "1"]);
    let body = format!("GET {ORDER} HTTP/1.1\r\nhost: a\r\ncontent-length: 60000\r\n{REST}");
    for (start, is_answered) in [("GET / HTTP/1.1\r\na: ", false), (body.as_str(), true)] {
        let mut stream = connect(&running);
        let started = Instant::now();
        stream.write_all(start.as_bytes()).unwrap();
        // A byte now and then keeps nobody waiting.
        while stream.write_all(b"x").is_ok() {
            assert!(started.elapsed() < Duration::from_secs(30), "{start}");
            std::thread::sleep(Duration::from_millis(50));
        }
        // The response may be lost with the connection.
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        let response = String::from_utf8_lossy(&response);
        let is_expected = if is_answered { "HTTP/1.1 200" } else { "HTTP/1.1 408" };
        assert!(response.is_empty() || response.starts_with(is_expected), "{response}");
    }
    is_well(running);
}

#[test]
fn huge_bodies_are_not_read() {
    let running = Running::with(&["--quiet"]);
    let mut stream = connect(&running);
    let length = 1_u64 << 40;
    let head = format!("GET {ORDER} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n{REST}");
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = vec![b'x'; 1 << 20];
    let mut sent = 0;
    while stream.write_all(&chunk).is_ok() {
        sent += 1;
        assert!(sent < 256, "the server reads on");
    }
    // One that is announced and awaits a word is refused before it is sent.
    let head = format!(
        "GET {ORDER} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\nexpect: 100-continue\r\n{REST}"
    );
    let response = exchange(&running, head.as_bytes());
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
    is_well(running);
}

#[test]
fn thousands_of_short_connections_leave_nothing_behind() {
    let running = Running::with(&["--quiet"]);
    for number in 0..3000 {
        let mut stream = connect(&running);
        match number % 3 {
            0 => {}
            1 => stream.write_all(b"GET / HTT").unwrap(),
            // Gone before the response is read.
            _ => stream.write_all(&get(ORDER.as_bytes(), "host: a\r\n")).unwrap(),
        }
    }
    let descriptors = || {
        let folder = format!("/proc/{}/fd", running.id());
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    };
    let started = Instant::now();
    while descriptors() > 50 {
        assert!(started.elapsed() < Duration::from_secs(30), "{} are open", descriptors());
        std::thread::sleep(Duration::from_millis(50));
    }
    is_well(running);
}

#[test]
fn half_open_connections_are_answered_and_closed() {
    let running = Running::with(&["--quiet"]);
    // A client that has said all may still listen.
    let response = exchange(&running, &get(ORDER.as_bytes(), "host: a\r\n"));
    assert!(response.starts_with("HTTP/1.1 200") && response.ends_with('}'), "{response}");
    // One that will never listen costs nobody else anything.
    let deaf: Vec<TcpStream> = (0..50)
        .map(|_| {
            let mut stream = connect(&running);
            stream.write_all(&get(ORDER.as_bytes(), "host: a\r\n").repeat(500)).unwrap();
            stream
        })
        .collect();
    let response = exchange(&running, &get(ORDER.as_bytes(), "host: a\r\nconnection: close\r\n"));
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    drop(deaf);
    is_well(running);
}
