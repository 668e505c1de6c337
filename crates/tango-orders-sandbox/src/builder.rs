//! How a sandbox is set up.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::access::Access;
use crate::bounds::check_bounds;
use crate::clock::Clock;
use crate::connections::{self, Limits};
use crate::data::{AsyncOrderPlan, OrderPlan};
use crate::fault::{Fault, Faults, Scenario};
use crate::hosts::Hosts;
use crate::loaded::{self, LoadError, Loaded};
use crate::log::Log;
use crate::none_failed::NoneFailed;
use crate::observer::Observer;
use crate::orders::Orders;
use crate::rate::Limiter;
use crate::ready_made;
use crate::seal::Seal;
use crate::server::{Bodies, Server, router};
use crate::start_error::StartError;
use crate::state::{self, Claim, InUse, Reached, ResumeError, Setup};
use crate::token::Tokens;
use crate::{
    DEFAULT_CLIENT, DEFAULT_KEY, DEFAULT_PLATFORM, DEFAULT_SECRET, DEFAULT_TOKEN, Sandbox,
};

/// How many orders there are for `get_order`, if the caller does not say.
const ORDERS: u32 = 1000;

/// For how long a client gets no second token of a day.
const TOKEN_INTERVAL: Duration = Duration::from_secs(20 * 60 * 60);

/// A sandbox before it starts.
#[derive(Clone)]
pub struct Builder {
    address: SocketAddr,
    hosts: Hosts,
    seed: Option<u64>,
    orders: Option<u32>,
    plans: Vec<AsyncOrderPlan>,
    order_plans: Vec<OrderPlan>,
    loaded: Vec<Arc<Loaded>>,
    /// How many of them come from a state.
    resumed: usize,
    foreign: BTreeSet<String>,
    is_bare: bool,
    reached: Reached,
    claim: Option<Arc<Mutex<Claim>>>,
    basic: Vec<(String, String)>,
    bearer: Vec<String>,
    clients: Vec<(String, String)>,
    token_interval: Duration,
    clock: Clock,
    none_failed: NoneFailed,
    cursor_lifetime: Option<Duration>,
    faults: Vec<(Fault, f64)>,
    scenario: Scenario,
    calls_per_second: Option<u32>,
    log: Option<Log>,
    record: usize,
    limits: Limits,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            hosts: Hosts::default(),
            seed: None,
            orders: None,
            plans: ready_made::async_orders().into_iter().map(|(plan, _)| plan).collect(),
            order_plans: Vec::new(),
            loaded: Vec::new(),
            resumed: 0,
            foreign: BTreeSet::from([ready_made::FOREIGN_CUSTOMER.to_owned()]),
            is_bare: false,
            reached: Reached::default(),
            claim: None,
            basic: Vec::new(),
            bearer: Vec::new(),
            clients: Vec::new(),
            token_interval: TOKEN_INTERVAL,
            clock: Clock::running(1.0),
            none_failed: NoneFailed::default(),
            cursor_lifetime: None,
            faults: Vec::new(),
            scenario: Scenario::default(),
            calls_per_second: None,
            log: None,
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

    /// Answers requests for this host as well; a page of the web can make its own name lead here, so
    /// that others are refused with a 421 unless they are addresses, `localhost`, or have no dot.
    #[must_use]
    pub fn host(mut self, name: &str) -> Self {
        self.hosts.allow(name);
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
        self.orders = Some(count);
        self
    }

    /// Adds an order to look up; it takes the place of a generated one with the same identifier.
    #[must_use]
    pub fn order(mut self, plan: OrderPlan) -> Self {
        self.order_plans.push(plan);
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

    /// Has no orders but those that are loaded or planned from now on, and no foreign customer.
    #[must_use]
    pub fn without_ready_made(mut self) -> Self {
        self.orders = Some(0);
        self.plans.clear();
        self.order_plans.clear();
        self.foreign.clear();
        self.is_bare = true;
        self
    }

    /// Adds a customer who exists and is not the caller's: asking for one of its async orders is a 403,
    /// looking one of its orders up by the identifier a 404, and no list has any.
    #[must_use]
    pub fn foreign_customer(mut self, customer: &str) -> Self {
        self.foreign.insert(customer.to_owned());
        self
    }

    /// Adds the payload of a file, or of each file of a folder whose name ends in `.json`.
    ///
    /// A response of `get_order` is served byte for byte. A response of `get_async_order` is served page
    /// by page; `totalLineItems` then is the number of line items that it holds, and `get_order` shows the
    /// first of them, unless a response of its own with the same identifier is loaded.
    ///
    /// A loaded order takes the place of a generated one ([`Sandbox::replaced`] tells), and of one that a
    /// resumed state has.
    ///
    /// # Errors
    ///
    /// A file cannot be read, breaks the OpenAPI document, or lacks what it is asked for by.
    pub fn load(mut self, path: &Path) -> Result<Self, LoadError> {
        loaded::load(path)?.into_iter().for_each(|loaded| self.add(loaded));
        Ok(self)
    }

    fn add(&mut self, loaded: Loaded) {
        let mut known = self.loaded.iter().enumerate();
        match known.find(|(_, known)| known.is_same(&loaded)).map(|(index, _)| index) {
            Some(index) if index < self.resumed => {
                if let Some(known) = self.loaded.get_mut(index) {
                    *known = Arc::new(loaded);
                }
            }
            // The same bytes once more are not another order.
            Some(index) if self.loaded.get(index).is_some_and(|it| it.text == loaded.text) => {}
            _ => self.loaded.push(Arc::new(loaded)),
        }
    }

    /// Keeps the state in a file: goes on where it left off, as [`Builder::resume`] does, and has the
    /// file for itself until the sandbox is dropped; [`Sandbox::save_state`] writes it.
    ///
    /// # Errors
    ///
    /// Those of [`Builder::resume`], or another sandbox has the file.
    pub fn state(mut self, path: &Path) -> Result<Self, ResumeError> {
        let claim = Claim::of(path).map_err(|error| match error.get_ref() {
            Some(cause) if cause.is::<InUse>() => ResumeError::InUse(path.to_owned()),
            _ => ResumeError::Read(path.to_owned(), error),
        })?;
        self = self.resume(path)?;
        self.claim = Some(Arc::new(Mutex::new(claim)));
        Ok(self)
    }

    /// Goes on where [`Sandbox::save`] left off: with the same orders, at the same time.
    ///
    /// Orders that were added before are dropped in favour of those of the state. If there is no such
    /// file, nothing is changed.
    ///
    /// # Errors
    ///
    /// The file is not a state, or its seed or number of orders is not the one that was set before, or it
    /// has ready-made orders and none were asked for.
    pub fn resume(mut self, path: &Path) -> Result<Self, ResumeError> {
        let Some((setup, reached)) = state::read(path)? else { return Ok(self) };
        let differs = |name, value: String| Err(ResumeError::Differs(path.to_owned(), name, value));
        if self.seed.is_some_and(|seed| seed != setup.seed) {
            return differs("seed", setup.seed.to_string());
        }
        if self.orders.is_some_and(|orders| orders != setup.orders) {
            return differs("number of generated orders", setup.orders.to_string());
        }
        let ready_made = setup.plans.iter().filter(|plan| ready_made::has(plan)).count();
        if self.is_bare && ready_made > 0 {
            return differs("number of ready-made async orders", ready_made.to_string());
        }
        self.seed = Some(setup.seed);
        self.orders = Some(setup.orders);
        self.plans = setup.plans;
        self.order_plans = setup.order_plans;
        self.resumed = setup.loaded.len();
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

    /// Gives tokens to this client, by its id and secret; to [`DEFAULT_CLIENT`] with [`DEFAULT_SECRET`] if
    /// none is given.
    ///
    /// They are asked for at `/oauth/token`, by `client_credentials` or by `password`; then user name and
    /// password are those of a platform.
    #[must_use]
    pub fn client(mut self, id: &str, secret: &str) -> Self {
        self.clients.push((id.to_owned(), secret.to_owned()));
        self
    }

    /// For how much of the sandbox's time a client gets no second token of 24 hours; 20 hours by
    /// default, as at the vendor's, and no limit if it is zero.
    #[must_use]
    pub fn token_interval(mut self, interval: Duration) -> Self {
        self.token_interval = interval;
        self
    }

    /// Where the sandbox's time comes from; real time by default.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Lets the sandbox's time run so many times as fast as real time; a million times at the most.
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

    /// Takes so many calls of each operation in a second of the sandbox's time, from 1 to 1000, evenly
    /// spread to the millisecond; more are refused with a 429. The vendor allows one. Without it, there
    /// is no limit.
    #[must_use]
    pub fn calls_per_second(mut self, calls: u32) -> Self {
        self.calls_per_second = Some(calls);
        self
    }

    /// Writes a line for each request; not by default.
    #[must_use]
    pub fn log(mut self, log: Log) -> Self {
        self.log = Some(log);
        self
    }

    /// How many requests [`Sandbox::requests`] remembers, the last ones; 1000 by default.
    #[must_use]
    pub fn record(mut self, count: usize) -> Self {
        self.record = count;
        self
    }

    /// How long a client may take for the head of a request, and may be idle before it; 30 seconds
    /// by default, from a millisecond to a day.
    #[must_use]
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.limits.header_timeout = timeout;
        self
    }

    /// Starts the server, on the runtime of tokio that this is called in.
    ///
    /// # Errors
    ///
    /// It cannot listen on the address, a number is out of its bounds, or two orders have the same key.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let setup = Setup {
            seed: self.seed.unwrap_or_default(),
            orders: self.orders.unwrap_or(ORDERS),
            plans: self.plans,
            order_plans: self.order_plans,
            loaded: self.loaded,
            foreign: self.foreign,
        };
        let scale = self.clock.scale().unwrap_or_default();
        let calls = self.calls_per_second;
        check_bounds(&setup, &self.faults, scale, calls, self.limits.header_timeout)?;
        let orders = Orders::new(&setup)?;
        let mut clock = self.clock;
        clock.advance(self.reached.elapsed);
        let mut basic = self.basic;
        if basic.is_empty() {
            basic.push((DEFAULT_PLATFORM.to_owned(), DEFAULT_KEY.to_owned()));
        }
        let mut clients = self.clients;
        if clients.is_empty() {
            clients.push((DEFAULT_CLIENT.to_owned(), DEFAULT_SECRET.to_owned()));
        }
        let mut bearer = self.bearer;
        if bearer.is_empty() {
            bearer.push(DEFAULT_TOKEN.to_owned());
        }
        let seal = Seal::new(setup.seed);
        let tokens = Tokens::new(
            clients,
            basic.clone(),
            self.token_interval,
            seal.clone(),
            self.reached.tokens,
        );
        let server = Arc::new(Server {
            seed: setup.seed,
            id_seed: u64::from_be_bytes(seal.of("request", [])),
            tokens,
            seal,
            hosts: self.hosts,
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
        let task = Mutex::new(Some(tokio::spawn(serving)));
        Ok(Sandbox { address, server, stop, task, claim: self.claim })
    }
}
