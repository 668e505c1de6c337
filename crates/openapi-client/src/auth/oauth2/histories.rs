//! Histories of callers, of an endpoint that grants, fails, refuses and says nothing, of an API that
//! refuses tokens, and of threads that are lost; clocks are made up.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use proptest::prelude::*;

use super::*;

#[path = "../../../tests/it/seeded.rs"]
mod seeded;

const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
enum Step {
    /// So many callers ask at once.
    Ask(usize),
    /// Seconds pass; a silent endpoint lets them.
    Pass(u64),
    /// The request that is under way, if there is one, comes to its end.
    Land(Landing),
    /// The API refuses the token that was handed out last.
    Refuse,
    /// The thread of the request that is under way is lost.
    Lose,
}

#[derive(Clone, Copy, Debug)]
enum Landing {
    Grant,
    /// 5XX, 429, silence; with so many seconds in `Retry-After`.
    Fail(Option<u64>),
    Decline,
}

/// A request by its number.
#[derive(Clone)]
struct Request {
    number: usize,
    is_alive: Rc<Cell<bool>>,
    outcome: Rc<RefCell<Option<Outcome>>>,
}

impl Flight for Request {
    fn is_alive(&self) -> bool {
        self.is_alive.get()
    }
}

#[derive(Default)]
struct History {
    state: State<Request>,
    /// All requests, each with its start.
    requests: Vec<(Moment, Request)>,
    /// Callers that wait, by the request that they wait for.
    waiting: Vec<Request>,
    granted: usize,
    refused: Vec<String>,
    last: Option<String>,
    /// Until when the endpoint wants to be left in peace.
    peace: Option<Moment>,
}

impl History {
    fn under_way(&self) -> Option<(Moment, Request)> {
        let (asked, request) = self.requests.last()?;
        let is_under_way = request.is_alive() && request.outcome.borrow().is_none();
        is_under_way.then(|| (*asked, request.clone()))
    }

    /// One caller asks; what it gets at once is checked.
    fn ask(&mut self, now: Moment) -> Option<Outcome> {
        let is_under_way = self.under_way().is_some();
        let number = self.requests.len();
        let mut started = None;
        let answer = self.state.answer(now, || {
            let request =
                Request { number, is_alive: Rc::new(Cell::new(true)), outcome: Rc::default() };
            started.insert(request).clone()
        });
        if let Some(request) = started {
            assert!(!is_under_way, "one request at a time");
            if let Some(peace) = self.peace {
                assert!(now.until(peace).is_zero(), "the endpoint is left in peace");
            }
            self.requests.push((now, request));
        }
        match answer {
            Answer::Later(request) => {
                assert_eq!(request.number + 1, self.requests.len(), "all wait for the same one");
                self.waiting.push(request);
                None
            }
            Answer::Now(outcome) => {
                if let Ok(token) = &outcome {
                    self.last = Some(token.expose_secret().to_owned());
                }
                Some(outcome)
            }
        }
    }

    fn land(&mut self, now: Moment, landing: Landing) {
        let Some((asked, request)) = self.under_way() else { return };
        let result = match landing {
            Landing::Grant => {
                self.granted += 1;
                Ok(Grant { token: self.granted.to_string().into(), life: LIFE })
            }
            Landing::Fail(wait) => {
                let error = TokenError::new("fails").transient();
                Err(wait.map_or(error.clone(), |wait| error.with_retry_after(seconds(wait))))
            }
            Landing::Decline => Err(TokenError::new("declines")),
        };
        let outcome = self.state.land(asked, now, result);
        if let Err(error) = &outcome {
            self.peace = Some(now + error.retry_after().unwrap_or(MINUTE));
            assert_eq!(error.is_transient(), matches!(landing, Landing::Fail(_)));
        } else {
            self.peace = None;
        }
        *request.outcome.borrow_mut() = Some(outcome);
        // Whoever waits has the one outcome.
        let waiting = std::mem::take(&mut self.waiting);
        let (got, left) = waiting.into_iter().partition(|caller| caller.number == request.number);
        self.waiting = left;
        let got: Vec<Request> = got;
        for caller in &got {
            if let Some(Ok(token)) = &*caller.outcome.borrow() {
                self.last = Some(token.expose_secret().to_owned());
            }
        }
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn play(steps: &[Step]) {
    let start = Moment::now();
    let mut now = start;
    let mut history = History::default();
    for step in steps {
        match *step {
            Step::Ask(callers) => {
                for _ in 0..callers {
                    if let Some(Ok(token)) = history.ask(now) {
                        let latest = history.granted.to_string();
                        assert_eq!(token.expose_secret(), latest, "the latest token serves");
                    }
                }
            }
            Step::Pass(passed) => now = now + seconds(passed),
            Step::Land(landing) => history.land(now, landing),
            Step::Refuse => {
                let Some(token) = history.last.clone() else { continue };
                history.state.invalidate(now, &token.clone().into());
                history.refused.push(token);
            }
            Step::Lose => {
                if let Some((_, request)) = history.under_way() {
                    request.is_alive.set(false);
                    // Its callers are told by the channel that was dropped.
                    history.waiting.retain(|caller| caller.number != request.number);
                }
            }
        }
    }

    // At the most one token in five sixths of a life, and one more for those that the API refuses.
    let lives = start.until(now).as_secs() / (LIFE / 6 * 5).as_secs() + 1;
    assert!(history.granted as u64 <= 2 * lives, "{} tokens", history.granted);

    // Whatever has been: once the endpoint is well and was left in peace, the next call gets a token by one
    // request at the most.
    history.land(now, Landing::Grant);
    if let Some(peace) = history.peace {
        now = now + now.until(peace);
    }
    let requests = history.requests.len();
    if history.ask(now).is_none() {
        history.land(now, Landing::Grant);
    }
    assert!(history.requests.len() <= requests + 1);
    assert!(history.waiting.is_empty(), "nobody waits for ever");
    assert!(history.ask(now).is_some_and(|outcome| outcome.is_ok()));
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop::option::weighted(0.3, 0..200_u64);
    let landing = prop_oneof![
        3 => Just(Landing::Grant),
        3 => wait.prop_map(Landing::Fail),
        1 => Just(Landing::Decline),
    ];
    prop_oneof![
        4 => (1..60_usize).prop_map(Step::Ask),
        2 => prop_oneof![0..5_u64, 0..120_u64, 0..100_000_u64].prop_map(Step::Pass),
        4 => landing.prop_map(Step::Land),
        1 => Just(Step::Refuse),
        1 => Just(Step::Lose),
    ]
}

proptest! {
    #![proptest_config(seeded::histories())]

    #[test]
    fn the_endpoint_bears_little_and_callers_wait_for_one_request(
        steps in prop::collection::vec(step(), 0..60),
    ) {
        play(&steps);
    }
}
