//! What tells the server who is calling.

use std::borrow::Cow;
use std::env;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;

use crate::error::Error;
use crate::secret::Secret;
use crate::transport::BoxFuture;

/// The environment variables that [`Credentials::from_env`] reads.
const PLATFORM_NAME: &str = "TANGO_PLATFORM_NAME";
const PLATFORM_KEY: &str = "TANGO_PLATFORM_KEY";
const BEARER_TOKEN: &str = "TANGO_BEARER_TOKEN";

/// What a client authenticates with; never printed.
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    Fixed(HeaderValue),
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
    /// HTTP Basic (RFC 7617): platform name and platform key.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if the name contains a colon, which would end it early.
    pub fn basic(platform_name: &str, platform_key: &str) -> Result<Self, Error> {
        if platform_name.contains(':') {
            return Err(Error::invalid("platform name", "contains a colon", platform_name));
        }
        let pair = STANDARD.encode(format!("{platform_name}:{platform_key}"));
        header("platform name and key", &format!("Basic {pair}")).map(Kind::Fixed).map(Self)
    }

    /// A bearer token (RFC 6750).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if the token has characters that no header can carry.
    pub fn bearer(token: &str) -> Result<Self, Error> {
        bearer_header(token).map(Kind::Fixed).map(Self)
    }

    /// Bearer tokens of a source, which is asked before every request.
    pub fn token_source(source: impl TokenSource) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }

    /// Reads `TANGO_PLATFORM_NAME` and `TANGO_PLATFORM_KEY`, or `TANGO_BEARER_TOKEN`, from the
    /// environment of the process.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if none of them, only half of the pair, or both kinds are set, or if a
    /// value is not allowed.
    pub fn from_env() -> Result<Self, Error> {
        let read = |name: &'static str| match env::var(name) {
            Ok(value) if !value.is_empty() => Ok(Some(value)),
            Ok(_) | Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => {
                Err(Error::invalid(name, "is set to something else than text", ""))
            }
        };
        match (read(PLATFORM_NAME)?, read(PLATFORM_KEY)?, read(BEARER_TOKEN)?) {
            (Some(name), Some(key), None) => Self::basic(&name, &key),
            (None, None, Some(token)) => Self::bearer(&token),
            (None, None, None) => Err(Error::invalid(
                PLATFORM_NAME,
                "is not set, nor are TANGO_PLATFORM_KEY and TANGO_BEARER_TOKEN",
                "",
            )),
            (None, Some(_), None) => Err(Error::invalid(PLATFORM_NAME, "is not set", "")),
            (Some(_), None, None) => Err(Error::invalid(PLATFORM_KEY, "is not set", "")),
            (_, _, Some(_)) => Err(Error::invalid(
                BEARER_TOKEN,
                "is set, and so is a platform name or key: unset one",
                "",
            )),
        }
    }

    /// The value of the header `Authorization`.
    pub(crate) async fn authorization(&self) -> Result<HeaderValue, Error> {
        match &self.0 {
            Kind::Fixed(value) => Ok(value.clone()),
            Kind::Source(source) => {
                let token = source.token().await.map_err(|source| Error::Token { source })?;
                bearer_header(token.expose_secret())
            }
        }
    }
}

fn bearer_header(token: &str) -> Result<HeaderValue, Error> {
    if token.is_empty() {
        return Err(Error::invalid("bearer token", "is empty", ""));
    }
    header("bearer token", &format!("Bearer {token}"))
}

fn header(name: &'static str, value: &str) -> Result<HeaderValue, Error> {
    let mut authorization = HeaderValue::from_str(value)
        .map_err(|_| Error::invalid(name, "has characters that no header can carry", value))?;
    // Keeps it out of reqwest's own logs.
    authorization.set_sensitive(true);
    Ok(authorization)
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
