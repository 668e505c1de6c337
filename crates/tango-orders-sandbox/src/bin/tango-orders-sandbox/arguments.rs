//! What the command is told.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use tango_orders_sandbox::{Builder, Fault, Log, NoneFailed, Sandbox, Scenario};

/// A local server that behaves like Tango's read operations on orders.
///
/// It needs no account and no network, and has the same data each time. Open the address that it
/// prints in a browser to see which orders there are.
#[derive(Parser)]
#[command(version, after_long_help = SCENARIO)]
pub(crate) struct Arguments {
    /// The address to listen on: an address or `localhost`, and a port. The port alone, as in 8080 or
    /// :8080, is one of 127.0.0.1.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "HOST:PORT", value_parser = address)]
    listen: SocketAddr,

    /// A name of this machine under which it is asked, such as that of a container; repeat it for more.
    ///
    /// Requests for other hosts are refused, since a page of the web can make its own name lead here.
    /// Addresses, `localhost` and names without a dot need not be named.
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,

    /// What all data follows from: the same seed gives the same responses; 0 if not given.
    #[arg(long)]
    seed: Option<u64>,

    /// How many orders there are to look up, a million at the most; 1000 if not given.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    orders: Option<u32>,

    /// Have no orders but those of `--load`.
    #[arg(long, conflicts_with = "orders")]
    no_ready_made: bool,

    /// A file to keep the state in: its orders, its time, and how far its scenario has got.
    ///
    /// It is read at the start if it is there, and written at the start and at the end. One sandbox has
    /// it at a time.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// A JSON payload of either operation to serve, or a folder of them; repeat it for more.
    ///
    /// Each must obey the OpenAPI document. One that does not is an error, which says what is wrong and where.
    /// It takes the place of a generated order with the same identifier, which is said.
    #[arg(long, value_name = "FILE")]
    load: Vec<PathBuf>,

    /// A platform name and its key to accept as HTTP Basic, instead of `sandbox:sandbox-key`; repeat
    /// it for more.
    #[arg(long, value_name = "NAME:KEY", value_parser = platform)]
    platform: Vec<(String, String)>,

    /// A bearer token to accept, instead of `sandbox-token`; repeat it for more.
    #[arg(long)]
    token: Vec<String>,

    /// A client id and its secret to give tokens to at `/oauth/token`, instead of
    /// `sandbox-client:sandbox-secret`; repeat it for more.
    #[arg(long, value_name = "ID:SECRET", value_parser = client)]
    client: Vec<(String, String)>,

    /// For how many seconds of the sandbox's time a client gets no second token of 24 hours; 0 for no
    /// limit.
    #[arg(long, default_value_t = 72_000, value_name = "SECONDS")]
    token_interval: u32,

    /// A customer who exists and is not yours: asking for its async orders is refused with a 403, and
    /// looking up one of its orders with a 404.
    #[arg(long, value_name = "CUSTOMER")]
    foreign_customer: Vec<String>,

    /// How many times as fast as real time the sandbox's time runs, a million at the most; 0 stops it.
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR", value_parser = factor, allow_negative_numbers = true)]
    time_scale: f64,

    /// What stands in place of the list of line items if `failedOnly` is asked for and none failed:
    /// the string NONE or NULL, null, a list without items, or no member at all.
    #[arg(long, default_value = "NONE", value_name = "NONE|NULL|null|[]|absent")]
    none_failed: NoneFailed,

    /// How many seconds of the sandbox's time a cursor can be used for; for ever if not given.
    #[arg(long, value_name = "SECONDS")]
    cursor_lifetime: Option<u32>,

    /// What goes wrong with requests, such as `503, body=html`; `10%:reset` for a tenth of them.
    ///
    /// Repeat it for more: the first that happens to a request is the only one. A request overrules it
    /// by the header `X-Sandbox-Fault`, and so does a scenario. Items, with commas between them:
    /// none; latency=200ms, 50ms-2s or ~200ms (exponential); a status from 400 to 599, with
    /// body=json, html or empty, and retry-after=2 or date+2; reset; truncated;
    /// content-type=TYPE; unknown-members; unknown-values; nulls; ignore-filters; repeat-cursor;
    /// none-failed=NONE, NULL, null, [] or absent. Each of them acts, or the fault is refused.
    #[arg(long, value_name = "[SHARE%:]FAULT", value_parser = fault)]
    fault: Vec<(Fault, f64)>,

    /// A YAML file that says what goes wrong request by request.
    ///
    /// It has `steps`, each with a `fault`, and if wanted with `times` (1) and `operation` (any; `token`
    /// for requests for a token); `repeat: true` starts again at the end. An example is below.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// How many calls of each operation are taken in a second of the sandbox's time; more get a 429. The
    /// vendor allows 1.
    #[arg(long, value_name = "CALLS", value_parser = clap::value_parser!(u32).range(1..=1000))]
    calls_per_second: Option<u32>,

    /// How many seconds a client may take for the head of a request, and be idle before it.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    header_timeout: u64,

    /// Write no line for each request.
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// What stands behind the options.
const SCENARIO: &str = "\
Scenario:
  The first two requests meet an overloaded gateway, the next page of an async order is cut
  off, the next request for a token is refused, and then all is well:

    steps:
      - fault: 503, body=html, retry-after=2
        times: 2
      - fault: truncated
        operation: get_async_order
      - fault: '429'
        operation: token

  The same for one request, whatever else is set up:

    curl -u sandbox:sandbox-key -H 'X-Sandbox-Fault: 503, body=html, latency=1s' \\
      http://127.0.0.1:8080/raas/v2/orders/RA260115-1001-02

Token:
  curl -d grant_type=client_credentials -d client_id=sandbox-client \\
    -d client_secret=sandbox-secret http://127.0.0.1:8080/oauth/token";

fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.strip_prefix(':').unwrap_or(text);
    if let Ok(port) = text.parse::<u16>() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let mut found: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map_err(|error| format!("{error}; write an address and a port, as in 127.0.0.1:8080"))?
        .collect();
    // Of the two that `localhost` has, the one that every tool tries.
    found.sort_by_key(SocketAddr::is_ipv6);
    found.first().copied().ok_or_else(|| "it has no address".to_owned())
}

fn pair(text: &str, advice: &'static str) -> Result<(String, String), &'static str> {
    let (name, key) = text.split_once(':').ok_or(advice)?;
    Ok((name.to_owned(), key.to_owned()))
}

fn platform(text: &str) -> Result<(String, String), &'static str> {
    pair(text, "write the name, a colon, and the key")
}

fn client(text: &str) -> Result<(String, String), &'static str> {
    pair(text, "write the id, a colon, and the secret")
}

fn factor(text: &str) -> Result<f64, &'static str> {
    let factor = text.parse().ok().filter(|factor: &f64| (0.0..=1e6).contains(factor));
    factor.ok_or("write a number from 0 to 1000000, such as 60 or 0.5")
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

impl Arguments {
    /// The sandbox that they describe: files are read, and that of the state is taken.
    pub(crate) fn builder(self, log: &Log) -> anyhow::Result<Builder> {
        let mut builder = Sandbox::builder()
            .address(self.listen)
            .time_scale(self.time_scale)
            .none_failed(self.none_failed)
            .header_timeout(Duration::from_secs(self.header_timeout))
            .token_interval(Duration::from_secs(self.token_interval.into()))
            .record(0);
        if !self.quiet {
            builder = builder.log(log.clone());
        }
        if self.no_ready_made {
            builder = builder.without_ready_made();
        }
        if let Some(seed) = self.seed {
            builder = builder.seed(seed);
        }
        if let Some(count) = self.orders {
            builder = builder.orders(count);
        }
        if let Some(path) = &self.state {
            builder = builder.state(path)?;
        }
        if let Some(seconds) = self.cursor_lifetime {
            builder = builder.cursor_lifetime(Duration::from_secs(seconds.into()));
        }
        for (fault, share) in self.fault {
            builder = builder.fault_sometimes(fault, share);
        }
        if let Some(path) = &self.scenario {
            let text = fs::read_to_string(path);
            let text = text.with_context(|| format!("read {}", path.display()))?;
            let scenario = Scenario::parse(&text);
            builder =
                builder.scenario(scenario.with_context(|| format!("use {}", path.display()))?);
        }
        if let Some(calls) = self.calls_per_second {
            builder = builder.calls_per_second(calls);
        }
        for path in &self.load {
            builder = builder.load(path)?;
        }
        for name in &self.host {
            builder = builder.host(name);
        }
        for (name, key) in &self.platform {
            builder = builder.platform(name, key);
        }
        for token in &self.token {
            builder = builder.token(token);
        }
        for (id, secret) in &self.client {
            builder = builder.client(id, secret);
        }
        for customer in &self.foreign_customer {
            builder = builder.foreign_customer(customer);
        }
        Ok(builder)
    }
}
