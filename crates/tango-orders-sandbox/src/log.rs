//! Lines on standard error, which never wait for whoever reads it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// How many lines may wait to be written.
const WAITING: usize = 4096;

/// Writes lines for people, and never keeps a request waiting.
///
/// A thread of its own writes them. A line that cannot be written, because nobody reads any more, the
/// disk is full, or 4096 lines wait already, is dropped and counted; once lines can be written again,
/// one says how many are missing. Clones write to the same place.
#[derive(Clone, Debug)]
pub struct Log {
    lines: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Message {
    Line(String),
    /// Whoever sent it wants to know when all lines before it were dealt with.
    Flush(SyncSender<()>),
}

impl Log {
    /// A log on standard error.
    pub fn to_stderr() -> Self {
        Self::to(io::stderr())
    }

    /// A log that is written somewhere else.
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        let (lines, waiting) = sync_channel(WAITING);
        let dropped = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&dropped);
        let thread = thread::Builder::new().name("log".to_owned());
        // Without a thread, every line is dropped.
        let _ = thread.spawn(move || write_lines(&waiting, writer, &counter));
        Self { lines, dropped }
    }

    /// Writes one line some time soon.
    pub fn write(&self, line: impl Into<String>) {
        if self.lines.try_send(Message::Line(line.into())).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many lines could not be written so far.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Waits until all lines are written, no longer than this; it blocks the thread.
    pub fn flush(&self, patience: Duration) {
        let (done, wait) = sync_channel(1);
        if self.lines.try_send(Message::Flush(done)).is_ok() {
            // A writer that is stuck is left behind.
            let _ = wait.recv_timeout(patience);
        }
    }
}

fn write_lines(waiting: &Receiver<Message>, mut writer: impl Write, dropped: &AtomicU64) {
    let mut told = 0;
    while let Ok(first) = waiting.recv() {
        let missing = dropped.load(Ordering::Relaxed).saturating_sub(told);
        let mut text = match missing {
            0 => String::new(),
            1 => "one line of this log is missing\n".to_owned(),
            _ => format!("{missing} lines of this log are missing\n"),
        };
        let mut count = 0;
        let mut flushes = Vec::new();
        for message in std::iter::once(first).chain(waiting.try_iter().take(WAITING)) {
            match message {
                Message::Line(line) => {
                    text.push_str(&line);
                    text.push('\n');
                    count += 1;
                }
                Message::Flush(done) => flushes.push(done),
            }
        }
        match writer.write_all(text.as_bytes()).and_then(|()| writer.flush()) {
            Ok(()) => told += missing,
            Err(_) => drop(dropped.fetch_add(count, Ordering::Relaxed)),
        }
    }
}
