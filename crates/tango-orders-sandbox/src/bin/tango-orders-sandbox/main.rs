//! `tango-orders-sandbox`: the sandbox as a server on its own.

#![deny(clippy::print_stderr, clippy::print_stdout, reason = "whoever reads may be gone")]

mod arguments;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use rustix::process::{Resource, getrlimit, setrlimit};
use tango_orders_sandbox::{Log, Sandbox};
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::spawn_blocking;

use arguments::Arguments;

/// How long the last lines of the log may take.
const LAST_LINES: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    raise_limit_of_descriptors();
    let log = Log::to_stderr();
    let result = Runtime::new().context("start its threads").and_then(|runtime| {
        let result = runtime.block_on(run(arguments, &log));
        // What still reads or writes a file is left behind.
        runtime.shutdown_background();
        result
    });
    let code = match result {
        Ok(code) => code,
        Err(error) => {
            log.write(format!("error: failed to {error:#}"));
            ExitCode::FAILURE
        }
    };
    log.flush(LAST_LINES);
    code
}

/// Lets as many connections be open as the system allows.
fn raise_limit_of_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // If it fails, there are as many as before.
    let _ = setrlimit(Resource::Nofile, limit);
}

/// The signals that end the sandbox.
struct Signals {
    interrupted: Signal,
    terminated: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind, name| signal(kind).with_context(|| format!("listen for {name}"));
        Ok(Self {
            interrupted: listen(SignalKind::interrupt(), "SIGINT")?,
            terminated: listen(SignalKind::terminate(), "SIGTERM")?,
        })
    }

    /// The exit code of a process that such a signal ends, once there is one.
    async fn next(&mut self) -> ExitCode {
        let number = tokio::select! {
            _ = self.interrupted.recv() => SignalKind::interrupt().as_raw_value(),
            _ = self.terminated.recv() => SignalKind::terminate().as_raw_value(),
        };
        ExitCode::from(128 + u8::try_from(number).unwrap_or_default())
    }
}

async fn run(arguments: Arguments, log: &Log) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let is_quiet = arguments.quiet;
    let state = arguments.state.clone();
    let sandbox = tokio::select! {
        sandbox = start(arguments, log) => sandbox?,
        // There is nothing to keep yet.
        _ = signals.next() => return Ok(ExitCode::SUCCESS),
    };
    signals.next().await;
    tokio::select! {
        ended = end(sandbox, state, is_quiet, log) => ended.map(|()| ExitCode::SUCCESS),
        // Whoever asks a second time wants it now.
        code = signals.next() => Ok(code),
    }
}

/// Starts the sandbox, and says where it is and what is odd about it.
async fn start(arguments: Arguments, log: &Log) -> anyhow::Result<Arc<Sandbox>> {
    let requests = log.clone();
    let state = arguments.state.clone();
    // A file may be anything, such as a pipe to which nobody writes.
    let builder = spawn_blocking(move || arguments.builder(&requests)).await??;
    let sandbox = Arc::new(builder.start().await?);
    save(&sandbox, state.as_ref()).await?;
    for note in sandbox.replaced() {
        log.write(format!("note: {note}"));
    }
    let address = sandbox.address();
    if !address.ip().is_loopback() {
        log.write(format!(
            "warning: whoever reaches {address} can look at what is loaded; \
             `--listen 127.0.0.1:{}` keeps it to this machine",
            address.port()
        ));
    }
    let out = Log::to(io::stdout());
    let url = sandbox.url();
    out.write(format!("The sandbox is at http://{address}/ and its API at {url}"));
    Ok(sandbox)
}

async fn save(sandbox: &Arc<Sandbox>, state: Option<&PathBuf>) -> anyhow::Result<()> {
    let Some(path) = state else { return Ok(()) };
    let sandbox = Arc::clone(sandbox);
    let saved = spawn_blocking(move || sandbox.save_state()).await?;
    saved.with_context(|| format!("write the state {}", path.display()))
}

/// Keeps the state before anything else, and then once more: requests that were open count as well.
async fn end(
    sandbox: Arc<Sandbox>,
    state: Option<PathBuf>,
    is_quiet: bool,
    log: &Log,
) -> anyhow::Result<()> {
    let saved = save(&sandbox, state.as_ref()).await;
    sandbox.stop().await;
    let saved = saved.and(save(&sandbox, state.as_ref()).await);
    if !is_quiet {
        log.write("stopping");
    }
    saved
}
