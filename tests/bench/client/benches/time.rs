//! The client beside `reqwest` and `serde_json`, against a sandbox in a process of its own:
//! `cargo bench -p client-bench`.
//!
//! The contenders take turns call by call, in every order, on one thread.
//! `wall` is the time of a call, the server's share included; `cpu` is what the thread worked for it.
//! Each is the ratio of medians to the contender that it is compared with, and in brackets the interval
//! that holds it in 95 of 100 cases (bootstrap over the rounds).

use std::hint::black_box;
use std::time::{Duration, Instant};

use client_bench::{ASYNC_ORDER, Failure, ORDER, Plain, Server, client, runtime};
use rustix::time::{ClockId, clock_gettime};
use tango_orders_client::{Client, Observer};
use tokio::runtime::Runtime;
use validator_bench::Random;

/// How many line items are streamed.
const STREAMED: usize = 100_000;
/// How often the ratio is taken of rounds that are drawn anew.
const DRAWS: usize = 400;

/// Is told of findings, so responses are validated, and does nothing with them.
struct Nobody;

impl Observer for Nobody {}

/// What the contenders do.
#[derive(Clone, Copy)]
enum Task {
    Order,
    Page(i64),
    Stream,
}

/// Who does it.
struct Contenders {
    plain: Plain,
    client: Client,
    validating: Client,
}

/// The times of one call, in nanoseconds: on the wall, and of this thread.
#[derive(Clone, Copy)]
struct Cost([f64; 2]);

fn main() -> Result<(), Failure> {
    let server = Server::start()?;
    let runtime = runtime()?;
    let contenders = Contenders {
        plain: Plain::new(server.url())?,
        client: client(server.url())?.build()?,
        validating: client(server.url())?.observer(Nobody).build()?,
    };
    // Names of tasks, as in `cargo bench … -- order 'page of 500'`; without any, all.
    let names: Vec<_> = std::env::args().skip(1).filter(|name| !name.starts_with("--")).collect();
    let tasks = [
        ("order", Task::Order, 6000),
        ("page of 100", Task::Page(100), 3000),
        ("page of 500", Task::Page(500), 1000),
        ("100,000 line items", Task::Stream, 31),
    ];
    for (name, task, rounds) in tasks {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            compare(name, &contenders, task, rounds, &runtime)?;
        }
    }
    Ok(())
}

impl Contenders {
    const COUNT: usize = 3;

    /// Lets one of them do it; returns how many orders or line items it has read.
    async fn perform(&self, contender: usize, task: Task) -> Result<usize, Failure> {
        let client = match contender {
            0 => return self.perform_plainly(task).await,
            1 => &self.client,
            _ => &self.validating,
        };
        let [customer, account, reference] = ASYNC_ORDER;
        let request = client.get_async_order(customer, account, reference);
        Ok(match task {
            Task::Order => {
                black_box(client.get_order(ORDER).await?);
                1
            }
            Task::Page(size) => black_box(request.max_results(size).await?).line_items.len(),
            Task::Stream => {
                let mut items = request.max_results(500).line_items();
                let mut seen = 0;
                while seen < STREAMED {
                    let Some(item) = items.next().await else { break };
                    black_box(item?);
                    seen += 1;
                }
                seen
            }
        })
    }

    async fn perform_plainly(&self, task: Task) -> Result<usize, Failure> {
        Ok(match task {
            Task::Order => {
                black_box(self.plain.order(ORDER).await?);
                1
            }
            Task::Page(size) => black_box(self.plain.page(size, None).await?).line_items.len(),
            Task::Stream => {
                self.plain.line_items(500, STREAMED, |item| drop(black_box(item))).await?
            }
        })
    }
}

/// Prints what one task costs each of them.
fn compare(
    name: &str,
    contenders: &Contenders,
    task: Task,
    rounds: usize,
    runtime: &Runtime,
) -> Result<(), Failure> {
    let expected = match task {
        Task::Order => 1,
        Task::Page(size) => usize::try_from(size)?,
        Task::Stream => STREAMED,
    };
    let mut costs = vec![Vec::new(); Contenders::COUNT];
    for round in 0..rounds {
        for turn in 0..Contenders::COUNT {
            // Each follows each of the others, and nobody itself.
            let turn = (round + turn) % Contenders::COUNT;
            let is_reverse = round / Contenders::COUNT % 2 == 1;
            let contender = if is_reverse { Contenders::COUNT - 1 - turn } else { turn };
            let (start, worked) = (Instant::now(), thread_time());
            let read = runtime.block_on(contenders.perform(contender, task))?;
            let worked = thread_time().saturating_sub(worked);
            assert_eq!(read, expected, "{name}");
            costs[contender].push(Cost([start.elapsed(), worked].map(nanoseconds)));
        }
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    println!("\n{name}, {rounds} rounds, load {load}");
    let [plain, client, validating] = &costs[..] else { return Err("compare three".into()) };
    row("reqwest + serde_json", plain, None);
    row("client", client, Some(plain));
    row("client, validating", validating, Some(client));
    Ok(())
}

/// Prints medians, and what they are to those of another contender.
fn row(name: &str, costs: &[Cost], base: Option<&Vec<Cost>>) {
    print!("  {name:<22}");
    for (kind, label) in ["wall", "cpu"].into_iter().enumerate() {
        let times = |costs: &[Cost]| costs.iter().map(|cost| cost.0[kind]).collect::<Vec<_>>();
        let own = times(costs);
        print!("{:>12.1} µs {label}", median(own.clone()) / 1e3);
        let Some(base) = base else { continue };
        let base = times(base);
        let [low, high] = interval(&own, &base);
        let ratio = median(own) / median(base);
        print!("{ratio:>7.3} × [{low:.3}, {high:.3}]");
    }
    println!();
}

/// Between which bounds the ratio of medians is if rounds are drawn anew, in 95 of 100 cases.
fn interval(own: &[f64], base: &[f64]) -> [f64; 2] {
    let mut random = Random::new(1);
    let mut ratios: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let draw: Vec<usize> = own.iter().map(|_| random.below(own.len())).collect();
            let pick = |times: &[f64]| median(draw.iter().map(|round| times[*round]).collect());
            pick(own) / pick(base)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    [ratios[DRAWS / 40], ratios[DRAWS - 1 - DRAWS / 40]]
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// How long this thread has worked, in the kernel as well.
fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 nanoseconds")]
fn nanoseconds(time: Duration) -> f64 {
    time.as_nanos() as f64
}
