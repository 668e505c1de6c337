use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tango_orders_sandbox::{Log, Sandbox};

use crate::caller::get;

const PATIENCE: Duration = Duration::from_secs(10);

/// A place to write to that may be full.
#[derive(Clone, Default)]
struct Disk {
    is_full: Arc<Mutex<bool>>,
    text: Arc<Mutex<Vec<u8>>>,
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if *self.is_full.lock().unwrap() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.text.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_that_cannot_be_written_are_counted_and_told_of_later() {
    let disk = Disk::default();
    let log = Log::to(disk.clone());
    let say = |lines: &[&str]| {
        for line in lines {
            log.write(*line);
        }
        log.flush(PATIENCE);
    };
    say(&["one"]);
    *disk.is_full.lock().unwrap() = true;
    say(&["two"]);
    assert_eq!(log.dropped(), 1);
    *disk.is_full.lock().unwrap() = false;
    say(&["three"]);
    *disk.is_full.lock().unwrap() = true;
    say(&["four"]);
    say(&["five", "six"]);
    *disk.is_full.lock().unwrap() = false;
    say(&["seven", "eight"]);
    let text = String::from_utf8(disk.text.lock().unwrap().clone()).unwrap();
    let expected = "one\none line of this log is missing\nthree\n\
                    3 lines of this log are missing\nseven\neight\n";
    assert_eq!(text, expected);
    assert_eq!(log.dropped(), 4);
}

/// Somebody who reads nothing until told to.
struct Pipe(Receiver<()>, Sender<usize>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.recv().unwrap();
        self.1.send(bytes.len()).unwrap();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_that_waits_keeps_no_request_waiting() {
    let (go, wait) = channel();
    let (written, seen) = channel();
    let log = Log::to(Pipe(wait, written));
    let sandbox = Sandbox::builder().log(log.clone()).start().await.unwrap();
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(get(&sandbox, "/orders/RA260115-1001-01").await.status, 200);
    }
    log.flush(Duration::from_millis(50));
    sandbox.shutdown().await;
    assert!(started.elapsed() < PATIENCE);
    // However much is said, memory is bounded.
    for _ in 0..10_000 {
        log.write("x");
    }
    assert!(log.dropped() > 5_000, "{}", log.dropped());
    go.send(()).unwrap();
    assert!(seen.recv_timeout(PATIENCE).unwrap() > 0);
}
