//! Clients that are gone, or never read, and what they keep of the server.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::binary::Running;

/// How many files and sockets a process has open.
fn descriptors(running: &Running) -> usize {
    fs::read_dir(format!("/proc/{}/fd", running.id())).unwrap().count()
}

fn wait_for(running: &Running, expected: usize, patience: Duration) {
    let started = Instant::now();
    while descriptors(running) > expected {
        let count = descriptors(running);
        assert!(started.elapsed() < patience, "{count} descriptors, {expected} before");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn request(path: &str, fault: &str) -> Vec<u8> {
    format!(
        "GET /raas/v2{path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sandbox-token\r\n\
         x-sandbox-fault: {fault}\r\n\r\n"
    )
    .into_bytes()
}

#[test]
fn clients_that_left_during_a_latency_free_their_descriptors() {
    let running = Running::with(&["--quiet"]);
    let before = descriptors(&running);
    let mut clients: Vec<TcpStream> = (0..100)
        .map(|number| {
            let mut stream = TcpStream::connect(&running.address).unwrap();
            let request = request("/orders/RA260115-1001-01", "latency=600s");
            // Some have sent a second request already.
            stream.write_all(&request.repeat(1 + number % 2)).unwrap();
            stream
        })
        .collect();
    let patient = clients.split_off(50);
    let deadline = Instant::now() + Duration::from_secs(10);
    while descriptors(&running) < before + 100 {
        assert!(Instant::now() < deadline, "not all were accepted");
    }
    drop(clients);
    wait_for(&running, before + 50, Duration::from_secs(8));
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(descriptors(&running), before + 50, "who is there is waited for");
    drop(patient);
    wait_for(&running, before, Duration::from_secs(8));
}

#[test]
fn clients_that_never_read_free_their_descriptors() {
    let running = Running::with(&["--quiet", "--header-timeout", "1"]);
    let before = descriptors(&running);
    let page = "/asyncOrders/customers/acme-health/accounts/acme-health-rewards/wellness-million\
                ?maxResults=500";
    let requests = request(page, "none").repeat(60);
    let clients: Vec<TcpStream> = (0..10)
        .map(|_| {
            let mut stream = TcpStream::connect(&running.address).unwrap();
            stream.set_nonblocking(true).unwrap();
            // What does not fit in is not sent.
            let _ = stream.write(&requests);
            stream
        })
        .collect();
    wait_for(&running, before, Duration::from_secs(60));
    drop(clients);
    assert_eq!(running.stop("-TERM").0, Some(0));
}

#[test]
fn a_client_that_has_said_all_still_gets_its_response() {
    let running = Running::with(&["--quiet"]);
    let mut stream = TcpStream::connect(&running.address).unwrap();
    stream.write_all(&request("/orders/RA260115-1001-01", "latency=1s")).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}
