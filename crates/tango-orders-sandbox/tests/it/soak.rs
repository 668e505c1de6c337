//! Many requests over many connections, a tenth of which go wrong: what they leave behind.
//!
//! `cargo test --release -p tango-orders-sandbox --test it soak -- --nocapture` with
//! `SOAK_REQUESTS=2000000 SOAK_CONNECTIONS=1000` in the environment is the whole of it.

use std::fs;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::binary::Running;

/// Each with how often it happens: ten in a hundred together.
const FAULTS: [&str; 5] =
    ["4%:503", "2%:reset", "2%:truncated", "1%:latency=1ms-20ms", "1%:unknown-members, nulls"];

/// How much more memory the second half may leave than the first, in KiB.
const GROWTH: u64 = 4 << 10;

/// How much memory pages may take that are kept for the next time they are asked for, in KiB.
const PAGES: u64 = 40 << 10;

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// How much memory a process has, in KiB.
fn resident(running: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn descriptors(running: &Running) -> usize {
    fs::read_dir(format!("/proc/{}/fd", running.id())).unwrap().count()
}

/// What is asked for, by the number of the request: orders, pages at random, and errors.
fn path(number: u64) -> String {
    // Any odd factor scatters the numbers.
    let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let order = "/raas/v2/asyncOrders/customers/acme-health/accounts/acme-health-rewards";
    match number % 4 {
        0 => format!("/raas/v2/orders/RA260115-1001-{:02}", 1 + scattered % 19),
        1 => format!("{order}/wellness-2026-01?maxResults={}", 1 + scattered % 50),
        2 => format!("{order}/wellness-million?maxResults={}&failedOnly=true", 1 + scattered % 50),
        _ => format!("/raas/v2/orders/none-{scattered}"),
    }
}

/// Reads one response; how many bytes its body has.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<u16> {
    buffer.clear();
    let head = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let length = text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let length: usize = length.unwrap().parse().unwrap();
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(text.get(9..12).unwrap().parse().unwrap())
}

/// Asks until all requests are made; how many were answered with a 200, and how many went wrong.
async fn ask(address: String, next: Arc<AtomicU64>, end: u64) -> (u64, u64) {
    let (mut good, mut wrong) = (0, 0);
    let mut buffer = Vec::new();
    let mut connection: Option<TcpStream> = None;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= end {
            return (good, wrong);
        }
        let mut stream = match connection.take() {
            Some(stream) => stream,
            None => TcpStream::connect(&address).await.unwrap(),
        };
        let request = format!(
            "GET {} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sandbox-token\r\n\r\n",
            path(number)
        );
        let sent = stream.write_all(request.as_bytes()).await;
        match if sent.is_ok() { read(&mut stream, &mut buffer).await } else { sent.map(|()| 0) } {
            Ok(status) => {
                good += u64::from(status == 200);
                wrong += u64::from(status == 503);
                connection = Some(stream);
            }
            Err(_) => wrong += 1,
        }
    }
}

/// Makes so many requests; how many went wrong.
async fn round(running: &Running, requests: u64, connections: u64) -> u64 {
    let next = Arc::new(AtomicU64::new(0));
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        clients.spawn(ask(running.address.clone(), Arc::clone(&next), requests));
    }
    let outcomes = clients.join_all().await;
    let good: u64 = outcomes.iter().map(|(good, _)| good).sum();
    assert!(good > requests / 2, "{good} of {requests}");
    outcomes.iter().map(|(_, wrong)| wrong).sum()
}

/// Waits until the connections of clients that are gone are closed.
async fn settled(running: &Running, before: usize) -> usize {
    let deadline = Instant::now() + Duration::from_secs(20);
    while descriptors(running) > before && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    descriptors(running)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_descriptors_stay_flat_whatever_goes_wrong() {
    let requests = from_environment("SOAK_REQUESTS", 8_000);
    let connections = from_environment("SOAK_CONNECTIONS", 100);
    let mut options = vec!["--quiet", "--seed", "7"];
    options.extend(FAULTS.iter().flat_map(|fault| ["--fault", fault]));
    let running = Running::with(&options);
    let before = descriptors(&running);
    println!("at the start: {} KiB, {before} descriptors", resident(&running));
    let started = Instant::now();
    let mut memory = Vec::new();
    for part in 1..=4 {
        let wrong = round(&running, requests / 4, connections).await;
        let share = wrong * 400 / requests;
        assert!((5..=12).contains(&share), "{share} % went wrong");
        assert_eq!(settled(&running, before).await, before);
        memory.push(resident(&running));
        let made = requests / 4 * part;
        println!("after {made} requests: {} KiB, {before} descriptors", memory[memory.len() - 1]);
    }
    println!("{requests} requests over {connections} connections took {:?}", started.elapsed());
    let growth = memory[3].saturating_sub(memory[1]);
    assert!(growth < GROWTH, "the second half left {growth} KiB");
    assert_eq!(running.stop("-TERM").0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_at_random_keep_to_their_memory() {
    let pages = from_environment("SOAK_REQUESTS", 8_000) / 16;
    let running = Running::with(&["--quiet"]);
    let get = async |stream: &mut TcpStream, cursor: &str, size: u64| {
        let query = format!("maxResults={size}&nextCursor={cursor}");
        let order = "/raas/v2/asyncOrders/customers/acme-health/accounts/acme-health-rewards";
        let request = format!(
            "GET {order}/wellness-million?{query} HTTP/1.1\r\nhost: localhost\r\n\
             authorization: Bearer sandbox-token\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut buffer = Vec::new();
        assert_eq!(read(stream, &mut buffer).await.unwrap(), 200);
        let text = String::from_utf8_lossy(&buffer).into_owned();
        let cursor = text.split("\"nextCursor\":\"").nth(1).and_then(|rest| rest.split('"').next());
        cursor.unwrap().to_owned()
    };
    let mut stream = TcpStream::connect(&running.address).await.unwrap();
    get(&mut stream, "", 100).await;
    let before = resident(&running);
    let mut clients = JoinSet::new();
    for client in 0..8 {
        let mut stream = TcpStream::connect(&running.address).await.unwrap();
        let mut cursor = String::new();
        clients.spawn(async move {
            for number in 0..pages / 8 {
                // Sizes and places differ from client to client, so that nothing is asked for twice.
                let size = 50 + (number * 97 + client * 13) % 450;
                cursor = get(&mut stream, &cursor, size).await;
            }
        });
    }
    clients.join_all().await;
    let grown = resident(&running).saturating_sub(before);
    println!("{pages} pages at random: {grown} KiB more than the {before} KiB before them");
    assert!(grown < PAGES, "{grown} KiB");
}
