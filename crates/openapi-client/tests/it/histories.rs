//! Whatever calls have been through, the next one costs no more than if those had never been, apart from
//! the pace that requests keep which were really sent.
//!
//! A history is a mix of calls that end, that are dropped, that are left alone half done and that go on
//! later, on two runtimes, with a token source and a server that are slow or fail. Time is paused.

use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use openapi_client::reqwest::{self, Request, Response};
use openapi_client::{
    BoxFuture, Credentials, Secret, TokenError, TokenSource, Transport, TransportError,
};
use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{self, Instant};

use crate::api::{BASE_URL, Client, Error, Thing};
use crate::{fake, seeded};

const PACE: Duration = Duration::from_secs(1);
/// A timer may be late by so much.
const TICK: Duration = Duration::from_millis(1);

/// How the token source or the server behaves.
#[derive(Clone, Copy, Debug)]
struct Manner {
    /// In milliseconds.
    takes: u64,
    does: Does,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Answer,
    Fail,
    /// 401 of the server, and a failure that lasts of the token source.
    Refuse,
}

const WELL: Manner = Manner { takes: 0, does: Does::Answer };

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A call that is polled for so many milliseconds, and kept or dropped if it is not done then.
    Call { patience: u64, is_kept: bool, token: Manner, server: Manner },
    /// The oldest of the calls that were kept goes on for so many milliseconds.
    GoOn { patience: u64 },
    /// Nothing happens for so many milliseconds.
    Rest(u64),
}

/// What the token source and the server share with the history.
#[derive(Clone)]
struct World(Arc<Mutex<State>>);

struct State {
    token: Manner,
    server: Manner,
    sent: Vec<Instant>,
}

impl TokenSource for World {
    fn token(&self) -> BoxFuture<'_, Result<Secret, TokenError>> {
        let manner = self.0.lock().unwrap().token;
        Box::pin(async move {
            time::sleep(Duration::from_millis(manner.takes)).await;
            match manner.does {
                Does::Answer => Ok("token".to_owned().into()),
                Does::Fail => Err(TokenError::new("is away").transient()),
                Does::Refuse => Err(TokenError::new("refuses")),
            }
        })
    }
}

impl Transport for World {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let mut state = self.0.lock().unwrap();
        state.sent.push(Instant::now());
        let manner = state.server;
        Box::pin(async move {
            time::sleep(Duration::from_millis(manner.takes)).await;
            match manner.does {
                Does::Answer => Ok(fake::status(200, &[], r#"{"id":"1"}"#)),
                Does::Fail => Err(TransportError::lost("the history says so")),
                Does::Refuse => Ok(fake::status(401, &[], "")),
            }
        })
    }
}

type Call = Pin<Box<dyn Future<Output = Result<Thing, Error>> + Send>>;

/// Two runtimes whose clocks are kept together: each stands still while the other one runs.
struct Runtimes {
    runtimes: [Runtime; 2],
    now: Instant,
}

impl Runtimes {
    fn new() -> Self {
        let new =
            || Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let runtimes = [new(), new()];
        let now = runtimes.each_ref().map(|runtime| runtime.block_on(async { Instant::now() }));
        Self { now: now[0].max(now[1]), runtimes }
    }

    fn run<T>(&mut self, which: usize, future: impl Future<Output = T>) -> T {
        let now = self.now;
        let (value, now) = self.runtimes[which].block_on(async {
            time::advance(now.saturating_duration_since(Instant::now())).await;
            (future.await, Instant::now())
        });
        self.now = now.max(self.now);
        value
    }
}

fn play(history: &[(usize, Step)], last: usize) {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let state = State { token: WELL, server: WELL, sent: Vec::new() };
    let world = World(Arc::new(Mutex::new(state)));
    let client = Client::builder(BASE_URL).http_client(HTTP.clone()).transport(world.clone());
    let client = client.credentials(Credentials::token_source(world.clone())).pace(PACE);
    let client = client.build().unwrap();
    let mut runtimes = Runtimes::new();
    let mut kept: Vec<(usize, Call)> = Vec::new();
    let behave = |token, server| {
        let mut state = world.0.lock().unwrap();
        (state.token, state.server) = (token, server);
    };
    for &(which, step) in history {
        let (which, mut call, patience, is_kept) = match step {
            Step::Call { patience, is_kept, token, server } => {
                behave(token, server);
                (which, client.get_thing("1").into_future() as Call, patience, is_kept)
            }
            Step::GoOn { .. } if kept.is_empty() => continue,
            Step::GoOn { patience } => {
                // A call belongs to the runtime on which it began.
                let (which, call) = kept.remove(0);
                (which, call, patience, true)
            }
            Step::Rest(millis) => {
                runtimes.run(which, async { time::sleep(Duration::from_millis(millis)).await });
                continue;
            }
        };
        let patience = Duration::from_millis(patience);
        let is_done =
            runtimes.run(which, async { time::timeout(patience, &mut call).await.is_ok() });
        if !is_done && is_kept {
            kept.push((which, call));
        }
    }

    behave(WELL, WELL);
    let sent = world.0.lock().unwrap().sent.clone();
    for pair in sent.windows(2) {
        assert!(pair[1] - pair[0] >= PACE, "requests keep to the pace");
    }
    let start = runtimes.now;
    let result = runtimes.run(last, async { client.get_thing("1").await });
    result.unwrap();
    let turn = sent.last().map_or(start, |last| start.max(*last + PACE));
    let cost = world.0.lock().unwrap().sent.last().unwrap().saturating_duration_since(turn);
    assert!(cost <= TICK, "the next call costs {cost:?} more than it should");
}

fn manner() -> impl Strategy<Value = Manner> {
    let does = prop_oneof![4 => Just(Does::Answer), 2 => Just(Does::Fail), 1 => Just(Does::Refuse)];
    (prop_oneof![Just(0), 0..3_000_u64, 0..60_000_u64], does)
        .prop_map(|(takes, does)| Manner { takes, does })
}

fn step() -> impl Strategy<Value = Step> {
    let patience = || prop_oneof![0..20_u64, 0..3_000_u64, 0..100_000_u64];
    let call = (patience(), any::<bool>(), manner(), manner());
    prop_oneof![
        6 => call.prop_map(|(patience, is_kept, token, server)| {
            Step::Call { patience, is_kept, token, server }
        }),
        2 => patience().prop_map(|patience| Step::GoOn { patience }),
        1 => (0..5_000_u64).prop_map(Step::Rest),
    ]
}

proptest! {
    #![proptest_config(seeded::histories())]

    #[test]
    fn the_next_call_costs_no_more_whatever_others_have_been_through(
        history in prop::collection::vec((0..2_usize, step()), 0..25),
        last in 0..2_usize,
    ) {
        play(&history, last);
    }
}
