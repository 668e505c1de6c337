//! How the command ends, whatever becomes of its log, its clients and its files.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::binary::{BINARY, Running};

const ORDER: &str = "/raas/v2/orders/RA260115-1001-01";

/// How long stopping may take.
const STOPPING: Duration = Duration::from_secs(2);

/// How many calls the state says that there were.
fn calls(state: &Path) -> u64 {
    let state: serde_json::Value = serde_json::from_slice(&fs::read(state).unwrap()).unwrap();
    state["calls"].as_u64().unwrap()
}

/// A request that is not answered for ten minutes.
fn open_request(running: &Running) -> TcpStream {
    let mut stream = TcpStream::connect(&running.address).unwrap();
    let request = format!(
        "GET {ORDER} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sandbox-token\r\n\
         x-sandbox-fault: latency=600s\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

#[tokio::test]
async fn a_log_that_cannot_be_written_breaks_no_reply_and_loses_no_state() {
    let folder = tempfile::tempdir().unwrap();
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    let full = || Stdio::from(OpenOptions::new().write(true).open("/dev/full").unwrap());
    for (name, stderr) in [("closed", closed()), ("full", full())] {
        let state = folder.path().join(name);
        let mut command = Command::new(BINARY);
        command.args(["--listen", "127.0.0.1:0", "--state"]).arg(&state).stderr(stderr);
        let running = Running::spawned(command);
        for _ in 0..3 {
            assert_eq!(running.get(ORDER).await.0, 200, "{name}");
        }
        assert_eq!(running.end("-TERM"), Some(0), "{name}");
        assert_eq!(calls(&state), 3, "{name}");
    }
}

#[tokio::test]
async fn stopping_takes_at_most_two_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let running = Running::with(&["--quiet", "--state", state.to_str().unwrap()]);
    let _open: Vec<TcpStream> = (0..20).map(|_| open_request(&running)).collect();
    assert_eq!(running.get(ORDER).await.0, 200);
    let started = Instant::now();
    assert_eq!(running.stop("-TERM"), (Some(0), String::new()));
    let took = started.elapsed();
    assert!(took < STOPPING, "{took:?}");
    assert_eq!(calls(&state), 21);
}

#[tokio::test]
async fn a_second_signal_stops_at_once_and_the_state_is_there() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state.json");
        let running = Running::with(&["--quiet", "--state", state.to_str().unwrap()]);
        let mut open = open_request(&running);
        assert_eq!(running.get(ORDER).await.0, 200);
        running.signal(signal);
        // Nobody is let in any more once the state is kept.
        while TcpStream::connect(&running.address).is_ok() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let started = Instant::now();
        assert_eq!(running.end(signal), Some(code));
        let took = started.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert_eq!(calls(&state), 2);
        assert_eq!(open.read(&mut [0]).unwrap_or(0), 0);
    }
}

#[test]
fn signals_are_heard_while_payloads_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for signal in ["-INT", "-TERM"] {
        let mut command = Command::new(BINARY);
        command.args(["--quiet", "--listen", "127.0.0.1:0", "--load"]).arg(&pipe);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        // It opens the pipe to read it, and waits for what never comes.
        let _writer = File::options().write(true).open(&pipe).unwrap();
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let started = Instant::now();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        let took = started.elapsed();
        assert!(took < STOPPING, "{took:?}");
    }
}
