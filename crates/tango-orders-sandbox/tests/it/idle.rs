use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::binary::Running;

const CONNECTIONS: usize = 10_000;

/// What they may cost together, in KiB.
const LIMIT: u64 = 300 << 10;

const REQUEST: &[u8] = b"HEAD /raas/v2/orders/RA260115-1001-01 HTTP/1.1\r\nhost: localhost\r\n\
    authorization: Bearer sandbox-token\r\n\r\n";

#[test]
fn ten_thousand_idle_connections_cost_less_than_300_mib() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let needed = u64::try_from(CONNECTIONS).unwrap() + 500;
    let allowed = limit.maximum.is_none_or(|allowed| allowed >= needed);
    assert!(allowed, "this needs {needed} descriptors: raise the hard limit with `ulimit -Hn`");

    let running = Running::with(&["--quiet", "--header-timeout", "600"]);
    let before = resident(running.id());
    let mut connections: Vec<TcpStream> = (0..CONNECTIONS)
        .map(|_| {
            let mut stream = TcpStream::connect(&running.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream.write_all(REQUEST).unwrap();
            stream
        })
        .collect();
    connections.iter_mut().for_each(read_reply);
    let idle = resident(running.id());
    println!("{CONNECTIONS} idle connections: {idle} KiB, {before} KiB without them");
    assert!(idle < LIMIT, "{idle} KiB");
    // All of them are alive.
    for stream in &mut connections {
        stream.write_all(REQUEST).unwrap();
    }
    connections.iter_mut().for_each(read_reply);
    drop(connections);
    assert_eq!(running.stop("-TERM"), (Some(0), String::new()));
}

/// Reads a response without a body.
fn read_reply(stream: &mut TcpStream) {
    let mut response = Vec::new();
    while !response.ends_with(b"\r\n\r\n") {
        let mut part = [0; 1024];
        let count = stream.read(&mut part).unwrap();
        assert!(count > 0, "the connection was closed");
        response.extend(&part[..count]);
    }
    assert!(response.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&response));
}

/// How much memory a process has, in KiB.
fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
