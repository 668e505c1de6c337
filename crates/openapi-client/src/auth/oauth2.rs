//! Bearer tokens by OAuth 2.0, kept as long as they are good.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Deserialize;
use tokio::sync::OwnedMutexGuard;
use tokio::time::{self, Instant};

use super::credentials::{TokenError, TokenSource};
use crate::base_url::BaseUrl;
use crate::body::{self, BodyError};
use crate::setup_error::{InvalidValue, SetupError};
use crate::timeouts::{LONGEST, Timeouts};
use crate::transport::BoxFuture;
use crate::values::Secret;

/// How long a token lives if neither the response nor the application says: the hour of the examples in
/// RFC 6749.
const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// How long before its end a token is no longer used, at the most.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a refusal stands before the endpoint is asked again.
const REFUSED: Duration = Duration::from_secs(60);
/// The most bytes of a token response.
const BODY_LIMIT: usize = 64 << 10;

/// A source of bearer tokens that asks a token endpoint (RFC 6749), and keeps what it gets.
///
/// Servers may limit how many tokens a client gets. So clones share one token; it is used until the last
/// sixth of its life begins (the last 10 minutes of an hour), and from then on a call has it renewed in
/// the background while the old one serves. A call that finds no valid token waits for one request,
/// however many wait, and a caller that gives up does not abort it. A refusal stands for a minute before
/// the endpoint is asked again.
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
    /// Held by the one request that is under way.
    flight: Arc<tokio::sync::Mutex<()>>,
}

/// Sets up an [`OAuth2`].
#[must_use = "a builder does nothing until it builds a source"]
pub struct OAuth2Builder {
    url: BaseUrl,
    /// As it was given: a slash at the end makes another URL.
    text: String,
    client: Option<(String, Secret)>,
    account: Option<(String, Secret)>,
    scope: Option<String>,
    audience: Option<String>,
    lifetime: Duration,
    http: Option<reqwest::Client>,
}

struct Endpoint {
    url: Url,
    form: Secret,
    lifetime: Duration,
    http: reqwest::Client,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<(Instant, TokenError)>,
}

struct Token {
    secret: Secret,
    /// When to renew it.
    stale: Instant,
    /// When to stop using it.
    end: Instant,
}

/// What the endpoint returns; members that do not matter are left out.
#[derive(Deserialize)]
struct Grant {
    access_token: Secret,
    expires_in: Option<u64>,
    token_type: Option<String>,
}

impl OAuth2 {
    /// Sets up a source that asks this token endpoint.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the URL is none, is neither HTTPS nor on this machine, or carries a
    /// password, a query or a fragment.
    pub fn builder(token_endpoint: &str) -> Result<OAuth2Builder, SetupError> {
        Ok(OAuth2Builder {
            url: BaseUrl::of("token endpoint", token_endpoint)?,
            text: token_endpoint.to_owned(),
            client: None,
            account: None,
            scope: None,
            audience: None,
            lifetime: LIFETIME,
            http: None,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds it can leave it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn valid_token(&self) -> Result<Secret, TokenError> {
        if let Some(token) = self.cached() {
            return token;
        }
        let flight = Arc::clone(&self.flight).lock_owned().await;
        // Somebody else may have got one while this call waited.
        if let Some(token) = self.cached() {
            return token;
        }
        // As a task of its own, so that a token is not lost with the caller that asked for it.
        let request = tokio::spawn(self.clone().renew(flight));
        request.await.unwrap_or_else(|_| Err(TokenError::new("the runtime is shutting down")))
    }

    /// The token that serves, or the refusal that stands.
    fn cached(&self) -> Option<Result<Secret, TokenError>> {
        let now = Instant::now();
        let state = self.state();
        let failure = state.failure.as_ref().filter(|(since, _)| now < *since + REFUSED);
        match &state.token {
            Some(token) if now < token.end => {
                if now >= token.stale && failure.is_none() {
                    // Another call may be about it already.
                    if let Ok(flight) = Arc::clone(&self.flight).try_lock_owned() {
                        tokio::spawn(self.clone().renew(flight));
                    }
                }
                Some(Ok(token.secret.clone()))
            }
            _ => match failure {
                Some((_, error)) if !error.is_retryable() => Some(Err(error.clone())),
                _ => None,
            },
        }
    }

    async fn renew(self, flight: OwnedMutexGuard<()>) -> Result<Secret, TokenError> {
        let result = self.endpoint.grant().await;
        let mut state = self.state();
        let result = match result {
            Ok(token) => {
                let secret = token.secret.clone();
                *state = State { token: Some(token), failure: None };
                tracing::debug!("got a token");
                Ok(secret)
            }
            Err(error) => {
                tracing::warn!(%error, "got no token");
                state.failure = Some((Instant::now(), error.clone()));
                Err(error)
            }
        };
        drop(state);
        drop(flight);
        result
    }
}

impl TokenSource for OAuth2 {
    fn token(&self) -> BoxFuture<'_, Result<Secret, TokenError>> {
        Box::pin(self.valid_token())
    }
}

impl OAuth2Builder {
    /// The client that asks: without a service account, it is what gets the token (grant type
    /// `client_credentials`).
    pub fn client(mut self, id: &str, secret: &str) -> Self {
        self.client = Some((id.to_owned(), Secret::from(secret.to_owned())));
        self
    }

    /// The service account that gets the token (grant type `password`).
    pub fn service_account(mut self, username: &str, password: &str) -> Self {
        self.account = Some((username.to_owned(), Secret::from(password.to_owned())));
        self
    }

    /// What the token is good for (`scope`); several scopes are separated by spaces.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = Some(scope.to_owned());
        self
    }

    /// Whom the token is for (`audience`), which some servers ask for.
    pub fn audience(mut self, audience: &str) -> Self {
        self.audience = Some(audience.to_owned());
        self
    }

    /// How long a token lives if the response does not say (`expires_in`); an hour by default.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// An HTTP client of one's own; see [`ClientBuilder::http_client`](crate::ClientBuilder::http_client)
    /// for what is up to the caller then.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// A source that has no token yet.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the client is missing; [`SetupError::Tls`] if TLS cannot be set up.
    pub fn build(self) -> Result<OAuth2, SetupError> {
        let missing = || InvalidValue::new("oauth2 client", "must be set");
        let (id, secret) = self.client.as_ref().ok_or_else(missing)?;
        let mut fields =
            vec![("client_id", id.as_str()), ("client_secret", secret.expose_secret())];
        if let Some((username, password)) = &self.account {
            fields
                .extend([("username", username.as_str()), ("password", password.expose_secret())]);
        }
        let grant = if self.account.is_some() { "password" } else { "client_credentials" };
        fields.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        fields.extend(self.audience.as_deref().map(|audience| ("audience", audience)));
        fields.push(("grant_type", grant));
        let http = match self.http {
            Some(http) => http,
            None => self.url.http_client(Timeouts::default().connect)?,
        };
        // A query has the form of a form.
        let unreadable = |_| InvalidValue::new("token endpoint", "is not an absolute url");
        let mut url = Url::parse_with_params(&self.text, fields).map_err(unreadable)?;
        let form = Secret::from(url.query().unwrap_or_default().to_owned());
        url.set_query(None);
        Ok(OAuth2 {
            endpoint: Arc::new(Endpoint { url, form, lifetime: self.lifetime, http }),
            state: Arc::default(),
            flight: Arc::default(),
        })
    }
}

impl Endpoint {
    /// Asks for a token, once.
    async fn grant(&self) -> Result<Token, TokenError> {
        let timeouts = Timeouts::default();
        let asked = Instant::now();
        let end = asked + timeouts.attempt;
        let late = || TokenError::new("the token endpoint takes too long").retryable();
        let lost = |error: reqwest::Error| {
            let error = TokenError::new("the token endpoint cannot be reached or broke off")
                .with_source(error.without_url());
            error.retryable()
        };
        let mut request = Request::new(Method::POST, self.url.clone());
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        *request.body_mut() = Some(self.form.expose_secret().to_owned().into());
        let response = time::timeout_at(end, self.http.execute(request)).await;
        let response = response.map_err(|_| late())?.map_err(lost)?;
        let status = response.status();
        if response.url() != &self.url {
            return Err(TokenError::new("the token endpoint redirects"));
        }
        if !status.is_success() {
            let error = TokenError::new(format!(
                "the token endpoint answers with status {}",
                status.as_u16()
            ));
            return Err(if status.is_server_error() { error.retryable() } else { error });
        }
        let unreadable = || TokenError::new("the response of the token endpoint cannot be read");
        let body = match body::read(response, BODY_LIMIT, end, timeouts.stall).await {
            Ok(body) => body,
            Err(BodyError::Lost(error)) => {
                let message = "the token endpoint cannot be reached or broke off";
                return Err(TokenError::new(message).with_source(error).retryable());
            }
            Err(BodyError::Stalled | BodyError::TimedOut) => return Err(late()),
            Err(BodyError::TooLarge | BodyError::TooDeep) => return Err(unreadable()),
        };
        // serde's text would quote what it read.
        let grant: Grant = serde_json::from_slice(&body).map_err(|_| unreadable())?;
        if grant.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(TokenError::new("the token endpoint gives no bearer token"));
        }
        let life = grant.expires_in.map_or(self.lifetime, Duration::from_secs).min(LONGEST);
        Ok(Token {
            secret: grant.access_token,
            stale: asked + life / 6 * 5,
            end: asked + life - MARGIN.min(life / 60),
        })
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.endpoint.url.as_str();
        formatter.debug_struct("OAuth2").field("endpoint", &url).finish_non_exhaustive()
    }
}

impl fmt::Debug for OAuth2Builder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OAuth2Builder").field("url", &self.url).finish_non_exhaustive()
    }
}
