//! What tells the server who is calling.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

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
    /// [`SetupError::Invalid`] if the name contains a colon, which would end it early.
    pub fn basic(username: &str, password: &str) -> Result<Self, SetupError> {
        if username.contains(':') {
            let rule = "contains a colon";
            return Err(InvalidValue::of_text("user name", rule, username).into());
        }
        let pair = STANDARD.encode(format!("{username}:{password}"));
        let value = secret_header("user name and password", &format!("Basic {pair}"))?;
        Ok(Self(Kind::Fixed(AUTHORIZATION, value)))
    }

    /// A bearer token (RFC 6750).
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the token is empty or has characters that no header can carry.
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
            InvalidValue::of_text("header of the api key", "is not the name of a header", header)
        })?;
        Ok(Self(Kind::Fixed(name, secret_header("api key", key)?)))
    }

    /// Bearer tokens of a source, which is asked before every request.
    pub fn token_source(source: impl TokenSource) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }

    /// Adds them to the headers of a request.
    pub(crate) async fn authorize(&self, headers: &mut HeaderMap) -> Result<(), TokenError> {
        match &self.0 {
            Kind::None => {}
            Kind::Fixed(name, value) => drop(headers.insert(name, value.clone())),
            Kind::Source(source) => {
                let token = source.token().await?;
                let unusable = |invalid: InvalidValue| TokenError::new(invalid.to_string());
                let value = bearer_header(token.expose_secret()).map_err(unusable)?;
                headers.insert(AUTHORIZATION, value);
            }
        }
        Ok(())
    }
}

fn bearer_header(token: &str) -> Result<HeaderValue, InvalidValue> {
    if token.is_empty() {
        return Err(InvalidValue::new("bearer token", "is empty"));
    }
    secret_header("bearer token", &format!("Bearer {token}"))
}

fn secret_header(name: &'static str, value: &str) -> Result<HeaderValue, InvalidValue> {
    let rule = "has characters that no header can carry";
    let mut header =
        HeaderValue::from_str(value).map_err(|_| InvalidValue::of_text(name, rule, value))?;
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
    is_retryable: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl TokenError {
    /// There is no token; the message is a fragment without a secret.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), is_retryable: false, source: None }
    }

    /// Says that asking again later may help.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.is_retryable = true;
        self
    }

    /// Adds the cause, which is printed with the error: it must not hold a secret.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Whether asking again later may help.
    pub fn is_retryable(&self) -> bool {
        self.is_retryable
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
