//! Bearer tokens by OAuth 2.0, kept as long as they are good.
//!
//! The request is made here rather than by the crate `oauth2`. Its version 5 takes reqwest 0.12 or a
//! closure, and with the closure it would build the form and read the response, about a hundred lines, for
//! chrono, rand, sha2 and seven more crates; it leaves the client secret in memory, and throws a granted
//! token away whose `expires_in` is written as text or with a fraction. Keeping tokens, back-off and
//! `Retry-After` are no part of it.

mod builder;
mod endpoint;
mod moment;
mod state;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::runtime;
use tokio::sync::watch;
use tokio::time::Instant;

pub use self::builder::OAuth2Builder;
use self::endpoint::Endpoint;
use self::moment::Moment;
use self::state::{Answer, Flight, Outcome, State};
use super::credentials::{TokenError, TokenSource};
use crate::base_url::BaseUrl;
use crate::setup_error::SetupError;
use crate::transport::BoxFuture;
use crate::values::Secret;

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
    state: Arc<Mutex<State<Landing>>>,
}

/// The request that is under way, by where its outcome will be.
type Landing = watch::Receiver<Option<Outcome>>;

impl Flight for Landing {
    fn is_alive(&self) -> bool {
        // One that has come to no end, by a panic, is over.
        self.has_changed().is_ok()
    }
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

    fn state(&self) -> MutexGuard<'_, State<Landing>> {
        // Nothing that holds it can leave it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn valid_token(&self) -> Outcome {
        let now = Moment::now();
        let answer = self.state().answer(now, || self.start(now));
        let mut landing = match answer {
            Answer::Now(outcome) => return outcome,
            Answer::Later(landing) => landing,
        };
        let outcome =
            landing.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        outcome.unwrap_or_else(|| Err(TokenError::new("the request for a token ended early")))
    }

    /// Starts a request.
    fn start(&self, now: Moment) -> Landing {
        let (sender, landing) = watch::channel(None);
        let source = self.clone();
        let thread = thread::Builder::new().name("oauth2-token".to_owned());
        // Without a thread, the sender is dropped, and that is the outcome.
        let _ = thread.spawn(move || source.fly(now, &sender));
        landing
    }

    /// Asks the endpoint and tells all that wait.
    fn fly(&self, asked: Moment, sender: &watch::Sender<Option<Outcome>>) {
        let start = Instant::now();
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let result = match runtime {
            Ok(runtime) => runtime.block_on(self.endpoint.grant()),
            Err(error) => Err(TokenError::new("no request can be made").with_source(error)),
        };
        match &result {
            Ok(_) => tracing::debug!("got a token"),
            Err(error) => tracing::warn!(%error, "got no token"),
        }
        let outcome = self.state().land(asked, asked + start.elapsed(), result);
        sender.send_replace(Some(outcome));
    }
}

impl TokenSource for OAuth2 {
    fn token(&self) -> BoxFuture<'_, Outcome> {
        Box::pin(self.valid_token())
    }

    fn invalidate(&self, token: &Secret) {
        self.state().invalidate(Moment::now(), token);
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.endpoint.url.as_str();
        formatter.debug_struct("OAuth2").field("endpoint", &url).finish_non_exhaustive()
    }
}
