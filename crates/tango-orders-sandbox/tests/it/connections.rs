use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tango_orders_sandbox::Sandbox;

use crate::caller::get;

const ORDER: &str = "/orders/RA260115-1001-01";

fn connect(sandbox: &Sandbox) -> TcpStream {
    let stream = TcpStream::connect(sandbox.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// All that comes back until the server closes the connection.
fn exchange(sandbox: &Sandbox, sent: &[u8]) -> String {
    let mut stream = connect(sandbox);
    // The server may hang up before all is sent.
    let _ = stream.write_all(sent);
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    String::from_utf8_lossy(&response).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_gets_a_4xx_or_a_closed_connection() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let huge = "x".repeat(100_000);
    let many = "a: b\r\n".repeat(200);
    for (sent, status) in [
        ("nonsense\r\n\r\n".to_owned(), "400"),
        ("\0\0\0\0".to_owned(), "400"),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), "400"),
        ("GET /a b HTTP/1.1\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n".to_owned(), "400"),
        (format!("GET / HTTP/1.1\r\na: {huge}\r\n\r\n"), "431"),
        (format!("GET /{huge} HTTP/1.1\r\n\r\n"), "414"),
        (format!("GET / HTTP/1.1\r\n{many}\r\n"), "431"),
    ] {
        let response = exchange(&sandbox, sent.as_bytes());
        let start: String = sent.chars().take(40).collect();
        let is_refused = response.is_empty() || response.starts_with(&format!("HTTP/1.1 {status}"));
        let is_other_refusal = response.starts_with("HTTP/1.1 4");
        assert!(is_refused || is_other_refusal, "{start:?}: {response}");
    }
    assert_eq!(get(&sandbox, ORDER).await.status, 200, "the server lives");
}

#[tokio::test(flavor = "multi_thread")]
async fn percent_encoding_has_to_be_whole() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    for path in ["/orders/%", "/orders/%4", "/orders/%zz", "/orders/%ff", "/%", "/orders/a%C3"] {
        let response = raw_get(&sandbox, path);
        assert!(response.starts_with("HTTP/1.1 400"), "{path}: {response}");
        assert!(response.contains("\"i18nKey\":\"400.001\""));
    }
    for query in ["maxResults=%", "%zz=1", "x=%ff"] {
        let path = format!("{}?{query}", crate::caller::async_order("wellness-2026-01"));
        let response = raw_get(&sandbox, &path);
        assert!(response.starts_with("HTTP/1.1 400"), "{query}: {response}");
    }
}

/// A request whose address no HTTP client would send.
fn raw_get(sandbox: &Sandbox, path: &str) -> String {
    let head = format!(
        "GET /raas/v2{path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
         authorization: Bearer sandbox-token\r\n\r\n"
    );
    exchange(sandbox, head.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn pipelined_requests_are_answered_in_order() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut sent = String::new();
    for number in 1..=19 {
        let close = if number == 19 { "connection: close\r\n" } else { "" };
        sent += &format!(
            "GET /raas/v2/orders/RA260115-1001-{number:02} HTTP/1.1\r\nhost: a\r\n{close}\
             authorization: Bearer sandbox-token\r\n\r\n"
        );
    }
    let responses = exchange(&sandbox, sent.as_bytes());
    let ids: Vec<&str> = responses
        .split("\"referenceOrderID\":\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(ids.len(), 19, "{responses}");
    assert!(ids.is_sorted_by_key(|id| id.rsplit('-').next()), "{ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_slow_with_headers_is_cut_off() {
    let builder = Sandbox::builder().header_timeout(Duration::from_secs(1));
    let sandbox = builder.start().await.unwrap();
    for start in ["", "GET / HTTP/1.1\r\nhost: "] {
        let response = exchange(&sandbox, start.as_bytes());
        assert!(response.is_empty() || response.starts_with("HTTP/1.1 408"), "{response}");
    }
    assert_eq!(get(&sandbox, ORDER).await.status, 200, "the server lives");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_request_ends_before_the_sandbox_does() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut open = connect(&sandbox);
    write!(
        open,
        "GET /raas/v2{ORDER} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer sandbox-token\r\n\
         x-sandbox-fault: latency=500ms\r\n\r\n"
    )
    .unwrap();
    // Connections are accepted in turn: once a later one is served, the first one is.
    assert_eq!(get(&sandbox, ORDER).await.status, 200);
    let address = sandbox.address();
    sandbox.shutdown().await;
    let mut response = String::new();
    open.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200") && response.ends_with('}'), "{response}");
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_sandbox_is_gone() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut idle = connect(&sandbox);
    drop(sandbox);
    assert_eq!(idle.read(&mut [0]).unwrap_or(0), 0, "the connection is closed");
}
