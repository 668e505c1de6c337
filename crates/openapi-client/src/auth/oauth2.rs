//! Bearer tokens by OAuth 2.0, kept as long as they are good.

mod builder;
mod endpoint;
mod moment;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::runtime;
use tokio::sync::watch;
use tokio::time::Instant;

pub use self::builder::OAuth2Builder;
use self::endpoint::{Endpoint, Grant};
use self::moment::Moment;
use super::credentials::{TokenError, TokenSource};
use crate::base_url::BaseUrl;
use crate::setup_error::SetupError;
use crate::transport::BoxFuture;
use crate::values::Secret;

/// How long before its end a token is no longer used, at the most.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a failure stands before the endpoint is asked again, at the most unless the endpoint says
/// so; a refusal stands so long.
const STANDS: Duration = Duration::from_secs(60);
/// How long the first of several failures stands that may pass; each one stands twice as long as the one
/// before.
const FIRST: Duration = Duration::from_secs(1);

/// A source of bearer tokens that asks a token endpoint (RFC 6749), and keeps what it gets.
///
/// Servers may limit how many tokens a client gets. So clones share one token; it is used until the last
/// sixth of its life begins (the last 10 minutes of an hour), and from then on a call has it renewed in
/// the background while the old one serves. Its life is counted by two clocks, so that neither a
/// suspended machine nor a clock that is set back lengthens it.
///
/// There is one request at a time. All that find no valid token wait for it and share its outcome. It
/// runs on a thread of its own, so that it ends whatever becomes of the callers and their runtimes, and
/// a token that was granted is not lost with the caller that asked for it.
///
/// What goes wrong:
///
/// - After a 5XX or a lost connection the endpoint is asked once more, within half a second.
/// - A failure that may pass then stands for a second, the next one in a row for two, and so on up to a
///   minute, or for as long as `Retry-After` says: meanwhile calls get it at once, and the endpoint is
///   left in peace. So it is with 429, without a second request before.
/// - A refusal stands for a minute.
/// - A token that the API refuses by 401 is dropped, and a new one is asked for. That happens once
///   in five sixths of a token's life: an API that refuses each token does not use them up.
///
/// The secrets that it was given are overwritten in memory once its last clone is dropped; what TLS has
/// buffered of a request is beyond its reach.
///
/// A token is lost with the process: keep one process, or a [`TokenSource`] of your own that shares it.
///
/// ```no_run
/// use openapi_client::{Credentials, OAuth2, SetupError};
///
/// # fn connect(id: &str, secret: &str) -> Result<Credentials, SetupError> {
/// let tokens = OAuth2::builder("https://auth.example.com/oauth/token")?;
/// let tokens = tokens.client(id, secret).scope("orders.read").build()?;
/// Ok(Credentials::token_source(tokens))
/// # }
/// ```
#[derive(Clone)]
pub struct OAuth2 {
    endpoint: Arc<Endpoint>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<Failure>,
    flight: Option<Flight>,
    /// When a token was dropped because the API refused it, and for how long no other one is.
    replaced: Option<(Moment, Duration)>,
}

type Outcome = Result<Secret, TokenError>;

/// The request that is under way, by where its outcome will be.
type Flight = watch::Receiver<Option<Outcome>>;

struct Token {
    secret: Secret,
    asked: Moment,
    life: Duration,
}

/// The last request brought no token.
struct Failure {
    error: TokenError,
    since: Moment,
    stands: Duration,
    /// How many failures there were one after the other.
    count: u32,
}

/// What a caller gets.
enum Answer {
    Now(Outcome),
    Later(Flight),
}

impl OAuth2 {
    /// Sets up a source that asks this token endpoint.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the URL is none, is neither HTTPS nor on this machine, or carries a
    /// password, a query or a fragment.
    pub fn builder(token_endpoint: &str) -> Result<OAuth2Builder, SetupError> {
        let url = BaseUrl::of("token endpoint", token_endpoint)?;
        Ok(OAuth2Builder::new(url, token_endpoint))
    }

    fn new(endpoint: Endpoint) -> Self {
        Self { endpoint: Arc::new(endpoint), state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds it can leave it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn valid_token(&self) -> Outcome {
        let mut flight = match self.answer() {
            Answer::Now(outcome) => return outcome,
            Answer::Later(flight) => flight,
        };
        let outcome =
            flight.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        outcome.unwrap_or_else(|| Err(TokenError::new("the request for a token ended early")))
    }

    /// The token that serves, the failure that stands, or the request that all wait for.
    fn answer(&self) -> Answer {
        let now = Moment::now();
        let mut state = self.state();
        let failure = state.failure.as_ref().and_then(|failure| failure.standing(now));
        let serving = state.token.as_ref().filter(|token| token.serves(now));
        let Some(token) = serving else {
            return match failure {
                Some(error) => Answer::Now(Err(error)),
                None => Answer::Later(self.flight(&mut state, now)),
            };
        };
        let secret = token.secret.clone();
        if token.is_stale(now) && failure.is_none() {
            // Nobody waits for it.
            drop(self.flight(&mut state, now));
        }
        Answer::Now(Ok(secret))
    }

    /// The request that is under way, or one that starts now.
    fn flight(&self, state: &mut State, now: Moment) -> Flight {
        // One that has come to no end, by a panic, is over.
        if let Some(flight) = state.flight.as_ref().filter(|flight| flight.has_changed().is_ok()) {
            return flight.clone();
        }
        let (sender, flight) = watch::channel(None);
        let source = self.clone();
        let thread = thread::Builder::new().name("oauth2-token".to_owned());
        // Without a thread, the sender is dropped, and that is the outcome.
        let _ = thread.spawn(move || source.fly(now, &sender));
        state.flight = Some(flight.clone());
        flight
    }

    /// Asks the endpoint and tells all that wait.
    fn fly(&self, asked: Moment, sender: &watch::Sender<Option<Outcome>>) {
        let start = Instant::now();
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let result = match runtime {
            Ok(runtime) => runtime.block_on(self.endpoint.grant()),
            Err(error) => Err(TokenError::new("no request can be made").with_source(error)),
        };
        let mut state = self.state();
        let outcome = match result {
            Ok(Grant { token, life }) => {
                tracing::debug!("got a token");
                state.token = Some(Token { secret: token.clone(), asked, life });
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                tracing::warn!(%error, "got no token");
                let count = state.failure.as_ref().map_or(0, |failure| failure.count);
                let since = asked + start.elapsed();
                let failure = Failure::new(error, since, count.saturating_add(1));
                let error = failure.standing(since).unwrap_or_else(|| failure.error.clone());
                state.failure = Some(failure);
                Err(error)
            }
        };
        state.flight = None;
        drop(state);
        sender.send_replace(Some(outcome));
    }
}

impl Token {
    /// Whether to renew it.
    fn is_stale(&self, now: Moment) -> bool {
        self.asked.until(now) >= self.fresh()
    }

    /// How long there is no need to renew it.
    fn fresh(&self) -> Duration {
        self.life / 6 * 5
    }

    /// Whether to use it.
    fn serves(&self, now: Moment) -> bool {
        self.asked.until(now) + MARGIN.min(self.life / 60) < self.life
    }
}

impl Failure {
    fn new(error: TokenError, since: Moment, count: u32) -> Self {
        let doubled = 2_u32.saturating_pow(count.saturating_sub(1));
        let stands =
            if error.is_transient() { FIRST.saturating_mul(doubled).min(STANDS) } else { STANDS };
        let stands = stands.max(error.retry_after().unwrap_or_default());
        Self { error, since, stands, count }
    }

    /// The failure, if it still stands, with the time that it will.
    fn standing(&self, now: Moment) -> Option<TokenError> {
        let left = self.stands.checked_sub(self.since.until(now)).filter(|left| !left.is_zero())?;
        let error = self.error.clone();
        Some(if error.is_transient() { error.with_retry_after(left) } else { error })
    }
}

impl TokenSource for OAuth2 {
    fn token(&self) -> BoxFuture<'_, Outcome> {
        Box::pin(self.valid_token())
    }

    fn invalidate(&self, token: &Secret) {
        let now = Moment::now();
        let mut state = self.state();
        let Some(held) = &state.token else { return };
        // Another call may have reported it, and a new one be there.
        if held.secret.expose_secret() != token.expose_secret() {
            return;
        }
        if state.replaced.is_some_and(|(at, rest)| at.until(now) < rest) {
            return;
        }
        state.replaced = Some((now, held.fresh()));
        state.token = None;
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.endpoint.url.as_str();
        formatter.debug_struct("OAuth2").field("endpoint", &url).finish_non_exhaustive()
    }
}
