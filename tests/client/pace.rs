//! The pace that calls keep by default, against a server that takes as many as the vendor does.

use std::future::{pending, ready};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use reqwest::{Request, Response};
use tango_orders_client::{
    BoxFuture, Client, Credentials, Environment, Retry, Transport, TransportError,
};
use tango_orders_sandbox::{Clock, DEFAULT_KEY, DEFAULT_PLATFORM, Sandbox};
use tokio::runtime::Builder;
use tokio::time::Instant;

/// Takes requests for the vendor to a sandbox, whose time is that of the test.
struct Detour {
    address: String,
    time: Mutex<(Clock, Instant)>,
}

impl Detour {
    fn exchange(&self, request: &Request) -> std::io::Result<Response> {
        let mut stream = TcpStream::connect(&self.address)?;
        let (path, host) = (request.url().path(), &self.address);
        let credentials = request.headers()["authorization"].to_str().unwrap();
        let head = format!("host: {host}\r\nauthorization: {credentials}\r\nconnection: close");
        write!(stream, "GET {path} HTTP/1.1\r\n{head}\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap();
        Ok(http::Response::builder().status(status).body(body.to_owned()).unwrap().into())
    }
}

impl Transport for Detour {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (clock, last) = &mut *self.time.lock().unwrap();
        let now = Instant::now();
        clock.advance(now - *last);
        *last = now;
        Box::pin(ready(self.exchange(&request).map_err(TransportError::lost)))
    }
}

/// A sandbox that takes one call per second of this clock, on a thread of its own.
fn sandbox(clock: Clock) -> String {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let sandbox = Sandbox::builder().calls_per_second(1).clock(clock);
            let sandbox = sandbox.start().await.unwrap();
            let url = reqwest::Url::parse(&sandbox.url()).unwrap();
            sender.send(url.socket_addrs(|| None).unwrap()[0].to_string()).unwrap();
            pending::<()>().await;
        });
    });
    receiver.recv().unwrap()
}

/// Makes 60 calls one after the other; returns how many had to be repeated or failed, and how long it took.
async fn sixty_calls(pace: Option<Duration>) -> (usize, Duration) {
    let clock = Clock::manual();
    let address = sandbox(clock.clone());
    let start = Instant::now();
    let builder = Client::builder(Environment::Production)
        .credentials(Credentials::basic(DEFAULT_PLATFORM, DEFAULT_KEY).unwrap())
        .retry(Retry::none())
        .transport(Detour { address, time: Mutex::new((clock, start)) });
    let client = match pace {
        Some(pace) => builder.pace(pace).build(),
        None => builder.build(),
    };
    let client = Arc::new(client.unwrap());
    let mut refused = 0;
    for _ in 0..60 {
        let result = client.get_order("RA260115-1001-02").await;
        match result {
            Ok(_) => {}
            Err(error) if error.is_rate_limited() => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    (refused, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn sixty_calls_at_the_default_pace_meet_no_limit() {
    let (refused, took) = sixty_calls(None).await;
    assert_eq!((refused, took), (0, Duration::from_secs(59)));
    // The server has the limit.
    let (refused, _) = sixty_calls(Some(Duration::from_millis(900))).await;
    assert!(refused > 0, "a faster pace meets it");
}
