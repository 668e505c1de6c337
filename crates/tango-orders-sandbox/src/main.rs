//! `tango-orders-sandbox`: the sandbox as a server on its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use rustix::process::{Resource, getrlimit, setrlimit};
use tango_orders_sandbox::{Builder, Fault, NoneFailed, Sandbox, Scenario};
use tokio::signal::unix::{SignalKind, signal};

/// A local server that behaves like Tango's read operations on orders.
///
/// It needs no account and no network, and has the same data each time. Open the address that it
/// prints in a browser to see which orders there are.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "HOST:PORT")]
    listen: SocketAddr,

    /// What all data follows from: the same seed gives the same responses; 0 if not given.
    #[arg(long)]
    seed: Option<u64>,

    /// How many orders there are to look up, a million at the most; 1000 if not given.
    #[arg(long, value_name = "COUNT")]
    orders: Option<u32>,

    /// A file to keep the state in: its orders, its time, and how far its scenario has got.
    ///
    /// It is read at the start if it is there, and written at the start and at the end.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// A JSON payload of either operation to serve, or a folder of them; repeat it for more.
    ///
    /// Each must obey the OpenAPI document. One that does not is an error, which says what is wrong and where.
    #[arg(long, value_name = "FILE")]
    load: Vec<PathBuf>,

    /// A platform name and its key to accept as HTTP Basic, instead of `sandbox:sandbox-key`; repeat
    /// it for more.
    #[arg(long, value_name = "NAME:KEY", value_parser = platform)]
    platform: Vec<(String, String)>,

    /// A bearer token to accept, instead of `sandbox-token`; repeat it for more.
    #[arg(long)]
    token: Vec<String>,

    /// A customer who exists and is not yours: asking for its orders is refused with a 403.
    #[arg(long, value_name = "CUSTOMER")]
    foreign_customer: Vec<String>,

    /// How many times as fast as real time the sandbox's time runs; 0 stops it.
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR", value_parser = factor, allow_negative_numbers = true)]
    time_scale: f64,

    /// What stands in place of the list of line items if `failedOnly` is asked for and none failed:
    /// the string NONE or NULL, null, a list without items, or no member at all.
    #[arg(long, default_value = "NONE", value_name = "NONE|NULL|null|[]|absent")]
    none_failed: NoneFailed,

    /// How many seconds of the sandbox's time a cursor can be used for; for ever if not given.
    #[arg(long, value_name = "SECONDS")]
    cursor_lifetime: Option<u64>,

    /// What goes wrong with requests, such as `503, body=html`; `10%:reset` for a tenth of them.
    ///
    /// Repeat it for more: the first that happens to a request is the only one. A request overrules it
    /// by the header `X-Sandbox-Fault`, and so does a scenario. Items, with commas between them:
    /// none; latency=200ms, 50ms-2s or ~200ms (exponential); a status from 400 to 599, with
    /// body=json, html or empty, and retry-after=2 or date+2; reset; truncated;
    /// content-type=TYPE; unknown-members; unknown-values; nulls; ignore-filters; repeat-cursor;
    /// none-failed=NONE, NULL, null, [] or absent.
    #[arg(long, value_name = "[SHARE%:]FAULT", value_parser = fault)]
    fault: Vec<(Fault, f64)>,

    /// A YAML file that says what goes wrong request by request.
    ///
    /// It has `steps`, each with a `fault`, and if wanted with `times` (1) and `operation` (any);
    /// `repeat: true` starts again at the end.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// How many calls of each operation are taken in a second; more get a 429. The vendor allows 1.
    #[arg(long, value_name = "CALLS", value_parser = clap::value_parser!(u32).range(1..=1000))]
    calls_per_second: Option<u32>,

    /// How many seconds a client may take for the head of a request, and be idle before it.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    header_timeout: u64,

    /// Write no line for each request.
    #[arg(long)]
    quiet: bool,
}

fn platform(text: &str) -> Result<(String, String), &'static str> {
    let (name, key) = text.split_once(':').ok_or("write the name, a colon, and the key")?;
    Ok((name.to_owned(), key.to_owned()))
}

fn factor(text: &str) -> Result<f64, &'static str> {
    let factor = text.parse().ok().filter(|factor: &f64| factor.is_finite() && *factor >= 0.0);
    factor.ok_or("write a number that is not negative, such as 60 or 0.5")
}

fn fault(text: &str) -> Result<(Fault, f64), String> {
    let (share, fault) = match text.split_once("%:") {
        Some((share, fault)) => {
            let share = share.parse().ok().filter(|share: &f64| (0.0..=100.0).contains(share));
            (share.ok_or("write a share from 0 to 100, as in `10%:503`")? / 100.0, fault)
        }
        None => (1.0, text),
    };
    let fault = fault.parse::<Fault>().map_err(|error| format!("failed to {error}"))?;
    Ok((fault, share))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: failed to {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Lets as many connections be open as the system allows.
fn raise_limit_of_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // If it fails, there are as many as before.
    let _ = setrlimit(Resource::Nofile, limit);
}

#[tokio::main]
async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    raise_limit_of_descriptors();
    let mut interrupted = signal(SignalKind::interrupt()).context("listen for SIGINT")?;
    let mut terminated = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
    let sandbox = builder(arguments)?.start().await?;
    let save = || match &arguments.state {
        Some(path) => {
            sandbox.save(path).with_context(|| format!("write the state {}", path.display()))
        }
        None => Ok(()),
    };
    save()?;
    println!("The sandbox is at http://{}/ and its API at {}", sandbox.address(), sandbox.url());
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    if !arguments.quiet {
        eprintln!("stopping");
    }
    let saved = save();
    sandbox.shutdown().await;
    saved
}

fn builder(arguments: &Arguments) -> anyhow::Result<Builder> {
    let mut builder = Sandbox::builder()
        .address(arguments.listen)
        .time_scale(arguments.time_scale)
        .none_failed(arguments.none_failed)
        .header_timeout(Duration::from_secs(arguments.header_timeout))
        .log(!arguments.quiet)
        .record(0);
    if let Some(seed) = arguments.seed {
        builder = builder.seed(seed);
    }
    if let Some(count) = arguments.orders {
        builder = builder.orders(count);
    }
    if let Some(path) = &arguments.state {
        builder = builder.resume(path)?;
    }
    if let Some(seconds) = arguments.cursor_lifetime {
        builder = builder.cursor_lifetime(Duration::from_secs(seconds));
    }
    for (fault, share) in &arguments.fault {
        builder = builder.fault_sometimes(fault.clone(), *share);
    }
    if let Some(path) = &arguments.scenario {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        builder = builder.scenario(Scenario::parse(&text)?);
    }
    if let Some(calls) = arguments.calls_per_second {
        builder = builder.calls_per_second(calls);
    }
    for path in &arguments.load {
        builder = builder.load(path)?;
    }
    for (name, key) in &arguments.platform {
        builder = builder.platform(name, key);
    }
    for token in &arguments.token {
        builder = builder.token(token);
    }
    for customer in &arguments.foreign_customer {
        builder = builder.foreign_customer(customer);
    }
    Ok(builder)
}
