//! The state of a sandbox, kept in a file from one run to the next.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::data::AsyncOrderPlan;
use crate::loaded::{self, LoadError, Loaded};
use crate::server::Server;

/// Which form the file has.
const VERSION: u32 = 1;

/// What orders a sandbox has.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) seed: u64,
    pub(crate) orders: u32,
    pub(crate) plans: Vec<AsyncOrderPlan>,
    pub(crate) loaded: Vec<Arc<Loaded>>,
    pub(crate) foreign: Vec<String>,
}

/// How far a sandbox has got.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reached {
    /// How much of its time has passed.
    pub(crate) elapsed: Duration,
    /// How many calls it got.
    pub(crate) calls: u64,
    /// How many requests its scenario took.
    pub(crate) scenario: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    version: u32,
    seed: u64,
    orders: u32,
    async_orders: Vec<AsyncOrderPlan>,
    foreign_customers: Vec<String>,
    /// As text, so that they are served byte for byte.
    payloads: Vec<String>,
    elapsed_milliseconds: u64,
    calls: u64,
    scenario_position: u64,
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
    Differs(PathBuf, &'static str, u64),
    /// A payload in the state cannot be served.
    Load(LoadError),
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
        }
    }
}

impl std::error::Error for ResumeError {}

/// Reads a state; nothing if there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<(Setup, Reached)>, ResumeError> {
    let text = match fs::read(path) {
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
    let payloads = file.payloads.into_iter().map(|text| loaded::parse(path, text.into_bytes()));
    let loaded = payloads.map(|loaded| loaded.map(Arc::new).map_err(ResumeError::Load));
    let setup = Setup {
        seed: file.seed,
        orders: file.orders,
        plans: file.async_orders,
        loaded: loaded.collect::<Result<_, _>>()?,
        foreign: file.foreign_customers,
    };
    let reached = Reached {
        elapsed: Duration::from_millis(file.elapsed_milliseconds),
        calls: file.calls,
        scenario: file.scenario_position,
    };
    Ok(Some((setup, reached)))
}

/// Writes the state whole or not at all, readable by its owner only: payloads may hold what redeems
/// a reward.
pub(crate) fn write(server: &Server, path: &Path) -> io::Result<()> {
    let Setup { seed, orders, plans, loaded, foreign } = &server.setup;
    let payloads = loaded.iter().map(|loaded| String::from_utf8_lossy(loaded.text()).into_owned());
    let file = File {
        version: VERSION,
        seed: *seed,
        orders: *orders,
        async_orders: plans.clone(),
        foreign_customers: foreign.clone(),
        payloads: payloads.collect(),
        elapsed_milliseconds: u64::try_from(server.clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        calls: server.calls.load(Ordering::Relaxed),
        scenario_position: server.faults.position.load(Ordering::Relaxed),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut temporary = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    serde_json::to_writer_pretty(&mut temporary, &file)?;
    temporary.write_all(b"\n")?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}
