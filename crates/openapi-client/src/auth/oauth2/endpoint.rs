//! The token endpoint.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Method, Request, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{self, Instant};

use crate::auth::credentials::{TokenError, bearer_header};
use crate::body::{self, BodyError};
use crate::builder;
use crate::pause;
use crate::pause::{RATE_PAUSE, random};
use crate::timeouts::{LONGEST, Timeouts};
use crate::transport::TransportError;
use crate::values::Secret;

/// The most bytes of a token response.
const BODY_LIMIT: usize = 64 << 10;
/// The longest pause before the endpoint is asked once more.
const PAUSE: Duration = Duration::from_millis(500);

pub(super) struct Endpoint {
    pub(super) url: Url,
    pub(super) form: Secret,
    /// How long a token lives if the response does not say.
    pub(super) lifetime: Duration,
    pub(super) http: reqwest::Client,
}

/// A token, and how long it lives.
pub(super) struct Grant {
    pub(super) token: Secret,
    pub(super) life: Duration,
}

/// What the endpoint returns; members that do not matter are left out.
#[derive(Deserialize)]
struct Response {
    access_token: Secret,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    token_type: Value,
}

impl Endpoint {
    /// Asks for a token, and once more after what may be over in a moment: any 5XX or a lost connection,
    /// unless the endpoint says when to come back.
    pub(super) async fn grant(&self) -> Result<Grant, TokenError> {
        match self.ask().await {
            Err(error) if error.is_transient() && error.retry_after().is_none() => {
                tracing::debug!(%error, "asking for a token again");
                time::sleep(PAUSE.mul_f64(random())).await;
                self.ask().await
            }
            result => result,
        }
    }

    async fn ask(&self) -> Result<Grant, TokenError> {
        let timeouts = Timeouts::default();
        let end = Instant::now() + timeouts.attempt;
        let late = || TokenError::new("the token endpoint takes too long").transient();
        let response = time::timeout_at(end, self.http.execute(self.request())).await;
        let response = response.map_err(|_| late())?.map_err(|error| lost(error.into()))?;
        let status = response.status();
        if response.url() != &self.url {
            return Err(TokenError::new("the token endpoint redirects"));
        }
        if !status.is_success() {
            return Err(refusal(status, pause::retry_after(response.headers())));
        }
        let unreadable = || TokenError::new("the response of the token endpoint cannot be read");
        let body = match body::read(response, BODY_LIMIT, end, timeouts.stall).await {
            Ok(body) => body,
            Err(BodyError::Lost(error)) => return Err(lost(error)),
            Err(BodyError::Stalled | BodyError::TimedOut) => return Err(late()),
            Err(BodyError::TooLarge) => return Err(unreadable()),
        };
        // serde's text would quote what it read.
        let response: Response = serde_json::from_slice(&body).map_err(|_| unreadable())?;
        let kind = response.token_type.as_str().unwrap_or("bearer");
        if !kind.eq_ignore_ascii_case("bearer") {
            return Err(TokenError::new("the token endpoint gives no bearer token"));
        }
        let token = response.access_token;
        bearer_header(token.expose_secret())
            .map_err(|_| TokenError::new("the token endpoint gives a token that cannot be sent"))?;
        let life = seconds(&response.expires_in).unwrap_or(self.lifetime).min(LONGEST);
        Ok(Grant { token, life })
    }

    fn request(&self) -> Request {
        let mut request = Request::new(Method::POST, self.url.clone());
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let name = HeaderValue::from_static(builder::USER_AGENT);
        request.headers_mut().insert(USER_AGENT, name);
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        *request.body_mut() = Some(Bytes::from_owner(Form(self.form.clone())).into());
        request
    }
}

/// A body that is overwritten in memory once it is sent.
struct Form(Secret);

impl AsRef<[u8]> for Form {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

fn lost(error: TransportError) -> TokenError {
    let is_transient = error.is_transient();
    let message = "the token endpoint cannot be reached or broke off";
    let error = TokenError::new(message).with_source(error);
    if is_transient { error.transient() } else { error }
}

/// What a status other than success says; 429 and any 5XX are no refusals for good.
fn refusal(status: StatusCode, retry_after: Option<Duration>) -> TokenError {
    let error =
        TokenError::new(format!("the token endpoint answers with status {}", status.as_u16()));
    if status == StatusCode::TOO_MANY_REQUESTS {
        return error.transient().with_retry_after(retry_after.unwrap_or_default().max(RATE_PAUSE));
    }
    let error = if status.is_server_error() { error.transient() } else { error };
    match retry_after {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    }
}

/// A number of seconds however it is written: `86400`, `86400.0`, `"86400"`. One that makes no sense is
/// as good as none: the token is there all the same.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let is_life = seconds.is_finite() && seconds > 0.0;
    is_life.then(|| Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST))
}
