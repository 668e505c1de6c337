//! What tells the server who is calling.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::setup_error::{InvalidValue, SetupError};
use crate::transport::BoxFuture;
use crate::values::Secret;

/// What a client authenticates with; never printed.
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    None,
    Fixed(HeaderName, HeaderValue),
    Source(Arc<dyn TokenSource>),
}

/// Provides bearer tokens that do not live for ever.
///
/// It is asked before every request, so it has to keep its token, as [`OAuth2`](crate::OAuth2) does.
pub trait TokenSource: Send + Sync + 'static {
    /// A token that is valid now.
    fn token(&self) -> BoxFuture<'_, Result<Secret, TokenError>>;

    /// The server refuses this token by 401: if there can be another one, the next
    /// [`TokenSource::token`] should bring it.
    ///
    /// Calls that run side by side report the same token, and a server may refuse a new one as well, so
    /// take care not to ask for tokens again and again. By default nothing happens.
    fn invalidate(&self, token: &Secret) {
        let _ = token;
    }
}

impl Credentials {
    /// No credentials, for a server that asks for none.
    pub fn none() -> Self {
        Self(Kind::None)
    }

    /// HTTP Basic (RFC 7617): a user name and a password.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the name contains a colon, which would end it early, or either contains
    /// a control character, such as the line end of a file.
    pub fn basic(username: &str, password: &str) -> Result<Self, SetupError> {
        if username.contains(':') {
            return Err(InvalidValue::new("user name", "contains a colon").into());
        }
        for (name, text) in [("user name", username), ("password", password)] {
            if text.chars().any(char::is_control) {
                return Err(InvalidValue::new(name, "contains a control character").into());
            }
        }
        let pair = STANDARD.encode(format!("{username}:{password}"));
        let value = secret_header("user name and password", &format!("Basic {pair}"))?;
        Ok(Self(Kind::Fixed(AUTHORIZATION, value)))
    }

    /// A bearer token (RFC 6750).
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the token is empty, or contains anything else than visible characters of
    /// ASCII: blanks and line ends are those of the file where it stands.
    pub fn bearer(token: &str) -> Result<Self, SetupError> {
        Ok(Self(Kind::Fixed(AUTHORIZATION, bearer_header(token)?)))
    }

    /// A key in a header of its own (`apiKey` of OpenAPI).
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the name is not that of a header, or the key has characters that no
    /// header can carry.
    pub fn api_key(header: &str, key: &str) -> Result<Self, SetupError> {
        let name = header.parse().map_err(|_| {
            InvalidValue::new("header of the api key", "is not the name of a header")
        })?;
        Ok(Self(Kind::Fixed(name, secret_header("api key", key)?)))
    }

    /// Bearer tokens of a source, which is asked before every request.
    pub fn token_source(source: impl TokenSource) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }

    /// Adds them to the headers of a request; returns the token if it comes of a source.
    pub(crate) async fn authorize(
        &self,
        headers: &mut HeaderMap,
    ) -> Result<Option<Secret>, TokenError> {
        match &self.0 {
            Kind::None => Ok(None),
            Kind::Fixed(name, value) => {
                headers.insert(name, value.clone());
                Ok(None)
            }
            Kind::Source(source) => {
                let token = source.token().await?;
                let unusable = |invalid: InvalidValue| TokenError::new(invalid.to_string());
                let value = bearer_header(token.expose_secret()).map_err(unusable)?;
                headers.insert(AUTHORIZATION, value);
                Ok(Some(token))
            }
        }
    }

    /// Reports that the server refuses this token; returns whether there is another one.
    pub(crate) async fn replace(&self, token: &Secret) -> bool {
        let Kind::Source(source) = &self.0 else { return false };
        source.invalidate(token);
        source.token().await.is_ok_and(|other| other.expose_secret() != token.expose_secret())
    }
}

pub(super) fn bearer_header(token: &str) -> Result<HeaderValue, InvalidValue> {
    if token.is_empty() {
        return Err(InvalidValue::new("bearer token", "is empty"));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let rule = "contains a blank, a control character, or one that is not ASCII";
        return Err(InvalidValue::new("bearer token", rule));
    }
    secret_header("bearer token", &format!("Bearer {token}"))
}

fn secret_header(name: &'static str, value: &str) -> Result<HeaderValue, InvalidValue> {
    let rule = "has characters that no header can carry";
    let mut header = HeaderValue::from_str(value).map_err(|_| InvalidValue::new(name, rule))?;
    // Keeps it out of reqwest's own logs.
    header.set_sensitive(true);
    Ok(header)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials([redacted])")
    }
}

/// Why a token source has no token; it holds no secret.
#[derive(Clone, Debug)]
pub struct TokenError {
    message: Cow<'static, str>,
    is_transient: bool,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl TokenError {
    /// There is no token; the message is a fragment without a secret.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), is_transient: false, retry_after: None, source: None }
    }

    /// Says that asking again later may help.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.is_transient = true;
        self
    }

    /// Says how long to wait before asking again.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Adds the cause, which is printed with the error: it must not hold a secret.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// How long to wait before asking again, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether asking again later may help.
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for TokenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
