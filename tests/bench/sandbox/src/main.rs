//! How many requests per second the sandbox answers, beside a bare handler and Prism.
//!
//! `cargo run --release --manifest-path tests/bench/sandbox/Cargo.toml`; it needs `wrk` and `npm`.

mod contenders;

use std::process::Command;

use anyhow::{Context, ensure};

use contenders::Contender;

/// How often each contender gets its turn.
const ROUNDS: usize = 5;

/// How many seconds a turn takes.
const SECONDS: u32 = 2;

/// How many connections ask at the same time.
const CONNECTIONS: u32 = 64;

/// Of the user name `sandbox` and the password `sandbox-key`.
const AUTHORIZATION: &str = "Authorization: Basic c2FuZGJveDpzYW5kYm94LWtleQ==";

/// What is asked for, and what it is called.
const TARGETS: [(&str, &str); 2] = [
    ("order", "/orders/RA260115-1001-02"),
    (
        "page of 100",
        "/asyncOrders/customers/acme-health/accounts/acme-health-rewards/wellness-2026-01\
         ?maxResults=100",
    ),
];

/// By how much the sandbox may be slower than a bare handler.
const OF_BARE: f64 = 0.8;

/// By how much it has to be faster than Prism, both as they come: with a log of each request.
///
/// Without logs a bare handler is not that much faster either: most of the time is the kernel's.
const OF_PRISM: f64 = 20.0;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("bare") {
        return contenders::serve_bare(arguments.collect());
    }
    let mut contenders = contenders::start()?;
    // Node compiles what is used often, so the first turn counts for nobody.
    for contender in &mut contenders {
        for (_, target) in TARGETS {
            requests_per_second(contender, target)?;
        }
    }
    let mut rates = [const { [const { Vec::new() }; 5] }; TARGETS.len()];
    for round in 0..ROUNDS {
        for ((name, target), rates) in TARGETS.iter().zip(&mut rates) {
            // Nobody is always the first.
            for turn in 0..contenders.len() {
                let place = (turn + round) % contenders.len();
                let rate = requests_per_second(&mut contenders[place], target)?;
                eprintln!("round {round}, {name}, {}: {rate:.0}/s", contenders[place].name);
                rates[place].push(rate);
            }
        }
    }
    let names = contenders.each_ref().map(|contender| contender.name).join(" | ");
    println!("| | {names} | of the bare handler | of Prism | of Prism, both with logs |");
    println!("| --- | {}", "---: | ".repeat(8));
    let mut is_fast = true;
    for ((name, _), rates) in TARGETS.iter().zip(rates) {
        let rates = rates.map(median);
        let [sandbox, bare, prism, logging, logging_prism] = rates;
        let ratios = [sandbox / bare, sandbox / prism, logging / logging_prism];
        is_fast &= ratios[0] >= OF_BARE && ratios[2] >= OF_PRISM;
        let rates = rates.map(|rate| format!("{rate:.0}/s")).join(" | ");
        let ratios = ratios.map(|ratio| format!("{ratio:.2} ×")).join(" | ");
        println!("| {name} | {rates} | {ratios} |");
    }
    println!("medians of {ROUNDS} rounds of {SECONDS} s with {CONNECTIONS} connections");
    ensure!(
        is_fast,
        "reach {OF_BARE} × of the bare handler and {OF_PRISM} × of Prism with its log"
    );
    Ok(())
}

/// Asks one contender for as long as a turn takes.
fn requests_per_second(contender: &mut Contender, target: &str) -> anyhow::Result<f64> {
    let output = Command::new("wrk")
        .args(["--threads=1", &format!("--connections={CONNECTIONS}")])
        .args([&format!("--duration={SECONDS}s"), "--header", AUTHORIZATION])
        .arg(contender.url(target))
        .output()
        .context("run wrk; install it with `apt-get install wrk`")?;
    let report = String::from_utf8(output.stdout)?;
    ensure!(output.status.success() && !report.contains("Non-2xx"), "measure: {report}");
    let rate = report.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    rate.with_context(|| format!("find the rate in {report}"))?.trim().parse().context("read it")
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
