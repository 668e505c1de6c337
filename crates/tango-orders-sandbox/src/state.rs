//! The state of a sandbox, kept in a file from one run to the next.

mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::bounds::{MOST_FAILED, MOST_LINE_ITEMS, MOST_ORDERS};
use crate::clock::LONGEST;
use crate::data::{AsyncOrderPlan, OrderPlan};
use crate::loaded::{self, LoadError, Loaded};
use crate::server::Server;

pub(crate) use file::{Claim, InUse};

/// Which form the file has.
const VERSION: u32 = 2;

/// The largest number that is a count of requests: a sandbox cannot get more.
const MOST: u64 = 1 << 53;

/// What orders a sandbox has.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) seed: u64,
    pub(crate) orders: u32,
    pub(crate) plans: Vec<AsyncOrderPlan>,
    pub(crate) order_plans: Vec<OrderPlan>,
    pub(crate) loaded: Vec<Arc<Loaded>>,
    pub(crate) foreign: BTreeSet<String>,
}

/// How far a sandbox has got.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reached {
    /// How much of its time has passed.
    pub(crate) elapsed: Duration,
    /// How many calls it got.
    pub(crate) calls: u64,
    /// How many requests its scenario took.
    pub(crate) scenario: u64,
    /// When each client got its last token of a day.
    pub(crate) tokens: BTreeMap<String, Duration>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    version: u32,
    seed: u64,
    orders: u32,
    async_orders: Vec<AsyncOrderPlan>,
    planned_orders: Vec<OrderPlan>,
    foreign_customers: BTreeSet<String>,
    /// As text, so that they are served byte for byte.
    payloads: Vec<String>,
    elapsed_milliseconds: u64,
    calls: u64,
    scenario_position: u64,
    /// In milliseconds of the sandbox's time.
    tokens_granted: BTreeMap<String, u64>,
}

/// A state cannot be resumed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ResumeError {
    /// The file cannot be read.
    Read(PathBuf, io::Error),
    /// The file is not a state, or is of another version of the sandbox.
    Form(PathBuf, String),
    /// What was asked for contradicts the state: its name, and the value that the state has.
    Differs(PathBuf, &'static str, String),
    /// A payload in the state cannot be served.
    Load(LoadError),
    /// Another sandbox keeps its state in the file.
    InUse(PathBuf),
}

impl fmt::Display for ResumeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => {
                write!(formatter, "read the state {}: {error}", path.display())
            }
            Self::Form(path, error) => write!(
                formatter,
                "resume the state {}: {error}; delete the file to start anew",
                path.display()
            ),
            Self::Differs(path, name, value) => write!(
                formatter,
                "resume the state {}: its {name} is {value}, not what was asked for; leave it out, \
                 or delete the file to start anew",
                path.display()
            ),
            Self::Load(error) => write!(formatter, "resume the state: {error}"),
            Self::InUse(path) => write!(
                formatter,
                "resume the state {}: {InUse}; stop it, or name another file",
                path.display()
            ),
        }
    }
}

impl std::error::Error for ResumeError {}

/// Reads a state; nothing if there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<(Setup, Reached)>, ResumeError> {
    let text = match std::fs::read(path) {
        // Somebody was stopped before anything was kept.
        Ok(text) if text.is_empty() => return Ok(None),
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ResumeError::Read(path.to_owned(), error)),
    };
    let fail = |error: String| ResumeError::Form(path.to_owned(), error);
    let file: File = serde_json::from_slice(&text).map_err(|error| {
        // The error of serde_json may quote the text, which may hold what redeems a reward.
        fail(format!("line {}, column {}: not a state", error.line(), error.column()))
    })?;
    if file.version != VERSION {
        return Err(fail(format!("its version is {}, not {VERSION}", file.version)));
    }
    let longest = u64::try_from(LONGEST.as_millis()).unwrap_or(u64::MAX);
    let granted = file.tokens_granted.values().map(|time| ("tokensGranted", *time, longest));
    let plans = file.async_orders.iter().flat_map(|plan| {
        let failed = plan.failed.min(plan.line_items);
        [("line_items", plan.line_items, MOST_LINE_ITEMS), ("failed", failed, MOST_FAILED)]
    });
    let small = std::iter::once(("orders", file.orders, MOST_ORDERS)).chain(plans);
    let small = small.map(|(name, value, bound)| (name, value.into(), bound.into()));
    let numbers = [
        ("elapsedMilliseconds", file.elapsed_milliseconds, longest),
        ("calls", file.calls, MOST),
        ("scenarioPosition", file.scenario_position, MOST),
    ];
    for (name, value, bound) in numbers.into_iter().chain(granted).chain(small) {
        if value > bound {
            return Err(fail(format!("its {name} is {value}, more than {bound}")));
        }
    }
    let payloads = file.payloads.into_iter().map(|text| loaded::parse(path, text.into_bytes()));
    let loaded = payloads.map(|loaded| loaded.map(Arc::new).map_err(ResumeError::Load));
    let setup = Setup {
        seed: file.seed,
        orders: file.orders,
        plans: file.async_orders,
        order_plans: file.planned_orders,
        loaded: loaded.collect::<Result<_, _>>()?,
        foreign: file.foreign_customers,
    };
    let tokens = file.tokens_granted.into_iter();
    let reached = Reached {
        elapsed: Duration::from_millis(file.elapsed_milliseconds),
        calls: file.calls,
        scenario: file.scenario_position,
        tokens: tokens.map(|(id, time)| (id, Duration::from_millis(time))).collect(),
    };
    Ok(Some((setup, reached)))
}

/// The state as it is now, in the form of the file.
pub(crate) fn text(server: &Server) -> serde_json::Result<Vec<u8>> {
    let Setup { seed, orders, plans, order_plans, loaded, foreign } = &server.setup;
    let payloads = loaded.iter().map(|loaded| String::from_utf8_lossy(&loaded.text).into_owned());
    let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let tokens = server.tokens.granted().into_iter();
    let file = File {
        version: VERSION,
        seed: *seed,
        orders: *orders,
        async_orders: plans.clone(),
        planned_orders: order_plans.clone(),
        foreign_customers: foreign.clone(),
        payloads: payloads.collect(),
        elapsed_milliseconds: milliseconds(server.clock.elapsed()),
        calls: server.calls.load(Ordering::Relaxed),
        scenario_position: server.faults.position.load(Ordering::Relaxed),
        tokens_granted: tokens.map(|(id, time)| (id, milliseconds(time))).collect(),
    };
    let mut text = serde_json::to_vec_pretty(&file)?;
    text.push(b'\n');
    Ok(text)
}
