//! How a sandbox is set up.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::access::Access;
use crate::clock::Clock;
use crate::connections::{self, Limits};
use crate::data::AsyncOrderPlan;
use crate::fault::{Fault, Faults, Limiter, Scenario};
use crate::loaded::{self, LoadError, Loaded};
use crate::none_failed::NoneFailed;
use crate::observer::Observer;
use crate::orders::{Ambiguous, Orders};
use crate::ready_made;
use crate::server::{Bodies, Server, router};
use crate::state::{self, Reached, ResumeError, Setup};
use crate::{DEFAULT_KEY, DEFAULT_PLATFORM, DEFAULT_TOKEN, Sandbox};

/// How many orders there are for `get_order`, if the caller does not say.
const ORDERS: u32 = 1000;

/// Why a sandbox did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// It cannot listen on this address.
    Listen(SocketAddr, io::Error),
    /// A payload cannot be served.
    Load(LoadError),
    /// Two orders have the same key or identifier.
    Ambiguous(String),
    /// Its document cannot be written.
    Document(serde_json::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => write!(formatter, "listen on {address}: {error}"),
            Self::Load(error) => error.fmt(formatter),
            Self::Ambiguous(key) => {
                write!(formatter, "take in two orders that are both `{key}`; rename one")
            }
            Self::Document(error) => write!(formatter, "write the document: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<Ambiguous> for StartError {
    fn from(error: Ambiguous) -> Self {
        Self::Ambiguous(error.0)
    }
}

impl From<LoadError> for StartError {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

/// A sandbox before it starts.
#[derive(Clone)]
pub struct Builder {
    address: SocketAddr,
    seed: Option<u64>,
    orders: Option<u32>,
    plans: Vec<AsyncOrderPlan>,
    loaded: Vec<Arc<Loaded>>,
    foreign: Vec<String>,
    reached: Reached,
    basic: Vec<(String, String)>,
    bearer: Vec<String>,
    clock: Clock,
    none_failed: NoneFailed,
    cursor_lifetime: Option<Duration>,
    faults: Vec<(Fault, f64)>,
    scenario: Scenario,
    calls_per_second: Option<u32>,
    log: bool,
    record: usize,
    limits: Limits,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: None,
            orders: None,
            plans: ready_made::async_orders().into_iter().map(|(plan, _)| plan).collect(),
            loaded: Vec::new(),
            foreign: vec![ready_made::FOREIGN_CUSTOMER.to_owned()],
            reached: Reached::default(),
            basic: Vec::new(),
            bearer: Vec::new(),
            clock: Clock::running(1.0),
            none_failed: NoneFailed::default(),
            cursor_lifetime: None,
            faults: Vec::new(),
            scenario: Scenario::default(),
            calls_per_second: None,
            log: false,
            record: 1000,
            limits: Limits::default(),
        }
    }
}

impl Builder {
    /// Where to listen; a free port of 127.0.0.1 by default.
    #[must_use]
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// What all data follows from; 0 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// How many orders there are for `get_order`; 1000 by default, a million at the most.
    #[must_use]
    pub fn orders(mut self, count: u32) -> Self {
        self.orders = Some(count.min(1_000_000));
        self
    }

    /// Adds an async order to the ready-made ones.
    #[must_use]
    pub fn async_order(mut self, plan: AsyncOrderPlan) -> Self {
        self.plans.push(plan);
        self
    }

    /// Takes the ready-made async orders away, and those that were added before.
    #[must_use]
    pub fn without_async_orders(mut self) -> Self {
        self.plans.clear();
        self
    }

    /// Adds a customer who exists and is not the caller's: asking for one of its orders is a 403.
    #[must_use]
    pub fn foreign_customer(mut self, customer: &str) -> Self {
        self.foreign.push(customer.to_owned());
        self
    }

    /// Adds the payload of a file, or of each file of a folder whose name ends in `.json`.
    ///
    /// A response of `get_order` is served byte for byte. A response of `get_async_order` is served page
    /// by page; `totalLineItems` then is the number of line items that it holds.
    ///
    /// # Errors
    ///
    /// A file cannot be read, breaks the OpenAPI document, or lacks what it is asked for by.
    pub fn load(mut self, path: &Path) -> Result<Self, LoadError> {
        loaded::load(path)?.into_iter().for_each(|loaded| self.add(loaded));
        Ok(self)
    }

    fn add(&mut self, loaded: Loaded) {
        // What a resumed state has already is not another order.
        if !self.loaded.iter().any(|known| known.text() == loaded.text()) {
            self.loaded.push(Arc::new(loaded));
        }
    }

    /// Goes on where [`Sandbox::save`] left off: with the same orders, at the same time.
    ///
    /// Orders that were added before are dropped in favour of those of the state. If there is no such
    /// file, nothing is changed.
    ///
    /// # Errors
    ///
    /// The file is not a state, or its seed or number of orders is not the one that was set before.
    pub fn resume(mut self, path: &Path) -> Result<Self, ResumeError> {
        let Some((setup, reached)) = state::read(path)? else { return Ok(self) };
        let differs = |name, value| Err(ResumeError::Differs(path.to_owned(), name, value));
        if self.seed.is_some_and(|seed| seed != setup.seed) {
            return differs("seed", setup.seed);
        }
        if self.orders.is_some_and(|orders| orders != setup.orders) {
            return differs("number of orders", setup.orders.into());
        }
        self.seed = Some(setup.seed);
        self.orders = Some(setup.orders);
        self.plans = setup.plans;
        self.loaded = setup.loaded;
        self.foreign = setup.foreign;
        self.reached = reached;
        Ok(self)
    }

    /// Adds a payload, as [`Builder::load`] does.
    ///
    /// # Errors
    ///
    /// The payload breaks the OpenAPI document, or lacks what it is asked for by.
    pub fn payload(mut self, payload: impl Into<Vec<u8>>) -> Result<Self, LoadError> {
        let name = PathBuf::from("payload");
        self.add(loaded::parse(&name, payload.into())?);
        Ok(self)
    }

    /// Accepts a platform name and its key; [`DEFAULT_PLATFORM`] and [`DEFAULT_KEY`] if none is
    /// given.
    #[must_use]
    pub fn platform(mut self, name: &str, key: &str) -> Self {
        self.basic.push((name.to_owned(), key.to_owned()));
        self
    }

    /// Accepts a bearer token; [`DEFAULT_TOKEN`] if none is given.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.bearer.push(token.to_owned());
        self
    }

    /// Where the sandbox's time comes from; real time by default.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Lets the sandbox's time run so many times as fast as real time.
    #[must_use]
    pub fn time_scale(self, scale: f64) -> Self {
        self.clock(Clock::running(scale))
    }

    /// What stands for the list of line items if none failed.
    #[must_use]
    pub fn none_failed(mut self, none_failed: NoneFailed) -> Self {
        self.none_failed = none_failed;
        self
    }

    /// For how long a cursor can be used, in whole seconds of the sandbox's time; for ever by
    /// default.
    #[must_use]
    pub fn cursor_lifetime(mut self, lifetime: Duration) -> Self {
        self.cursor_lifetime = Some(lifetime);
        self
    }

    /// Lets something go wrong with every request that has no `X-Sandbox-Fault` of its own.
    #[must_use]
    pub fn fault(self, fault: Fault) -> Self {
        self.fault_sometimes(fault, 1.0)
    }

    /// Lets something go wrong with a share of the requests, from 0 (none) to 1 (all).
    ///
    /// Of several faults, the first one that happens is the only one. Which requests meet it follows
    /// from the seed and the number of the request.
    #[must_use]
    pub fn fault_sometimes(mut self, fault: Fault, share: f64) -> Self {
        self.faults.push((fault, share));
        self
    }

    /// Lets things go wrong in a sequence; other faults wait until it is over.
    #[must_use]
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = scenario;
        self
    }

    /// Takes so many calls of each operation in a second of the sandbox's time, evenly spread; more
    /// are refused with a 429. The vendor allows one. Without it, there is no limit.
    #[must_use]
    pub fn calls_per_second(mut self, calls: u32) -> Self {
        self.calls_per_second = Some(calls);
        self
    }

    /// Whether to write a line for each request to standard error; not by default.
    #[must_use]
    pub fn log(mut self, log: bool) -> Self {
        self.log = log;
        self
    }

    /// How many requests [`Sandbox::requests`] remembers, the last ones; 1000 by default.
    #[must_use]
    pub fn record(mut self, count: usize) -> Self {
        self.record = count;
        self
    }

    /// How long a client may take for the head of a request, and may be idle before it; 30 seconds
    /// by default.
    #[must_use]
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.limits.header_timeout = timeout;
        self
    }

    /// Starts the server, on the runtime of tokio that this is called in.
    ///
    /// # Errors
    ///
    /// It cannot listen on the address, or two orders have the same key.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let setup = Setup {
            seed: self.seed.unwrap_or_default(),
            orders: self.orders.unwrap_or(ORDERS),
            plans: self.plans,
            loaded: self.loaded,
            foreign: self.foreign,
        };
        let orders = Orders::new(&setup)?;
        let mut clock = self.clock;
        clock.advance(self.reached.elapsed);
        let mut basic = self.basic;
        if basic.is_empty() {
            basic.push((DEFAULT_PLATFORM.to_owned(), DEFAULT_KEY.to_owned()));
        }
        let mut bearer = self.bearer;
        if bearer.is_empty() {
            bearer.push(DEFAULT_TOKEN.to_owned());
        }
        let server = Arc::new(Server {
            seed: setup.seed,
            setup,
            orders,
            access: Access::new(&basic, &bearer),
            clock,
            none_failed: self.none_failed,
            cursor_lifetime: self.cursor_lifetime,
            observer: Observer::new(self.log, self.record),
            bodies: Bodies::default(),
            calls: AtomicU64::new(self.reached.calls),
            faults: Faults {
                random: self.faults,
                scenario: self.scenario,
                position: AtomicU64::new(self.reached.scenario),
            },
            limiter: self.calls_per_second.map(Limiter::new),
        });
        let router = router(&server).map_err(StartError::Document)?;
        let fail = |error| StartError::Listen(self.address, error);
        let listener = TcpListener::bind(self.address).await.map_err(fail)?;
        let address = listener.local_addr().map_err(fail)?;
        let (stop, stopped) = watch::channel(false);
        let serving =
            connections::serve(listener, Arc::clone(&server), router, self.limits, stopped);
        let task = Some(tokio::spawn(serving));
        Ok(Sandbox { address, server, stop, task })
    }
}
