//! What tells Tango who is calling.

use std::env;
use std::time::Duration;

use openapi_client::{Credentials, InvalidValue, OAuth2, OAuth2Builder, SetupError};

/// The token endpoint of [`Environment::Sandbox`](crate::Environment::Sandbox).
pub const SANDBOX_TOKEN_ENDPOINT: &str = "https://sandbox-auth.tangocard.com/oauth/token";
/// The token endpoint of [`Environment::Production`](crate::Environment::Production).
pub const PRODUCTION_TOKEN_ENDPOINT: &str = "https://auth.tangocard.com/oauth/token";

/// How long a token lives (*Secure your connection with OAuth 2.0*).
const TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The environment variables that [`from_env`] reads.
const PLATFORM_NAME: &str = "TANGO_PLATFORM_NAME";
const PLATFORM_KEY: &str = "TANGO_PLATFORM_KEY";
const BEARER_TOKEN: &str = "TANGO_BEARER_TOKEN";

/// Reads `TANGO_PLATFORM_NAME` and `TANGO_PLATFORM_KEY`, or `TANGO_BEARER_TOKEN`, from the environment
/// of the process.
///
/// # Errors
///
/// [`SetupError::Invalid`] if none of them, only half of the pair, or both kinds are set, or if a value
/// is not allowed.
pub fn from_env() -> Result<Credentials, SetupError> {
    let read = |name: &'static str| match env::var(name) {
        Ok(value) if !value.is_empty() => Ok(Some(value)),
        Ok(_) | Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(InvalidValue::new(name, "is set to something else than text"))
        }
    };
    let invalid = |name, rule: &'static str| Err(InvalidValue::new(name, rule).into());
    match (read(PLATFORM_NAME)?, read(PLATFORM_KEY)?, read(BEARER_TOKEN)?) {
        (Some(name), Some(key), None) => Credentials::basic(&name, &key),
        (None, None, Some(token)) => Credentials::bearer(&token),
        (None, None, None) => {
            invalid(PLATFORM_NAME, "is not set, nor are TANGO_PLATFORM_KEY and TANGO_BEARER_TOKEN")
        }
        (None, Some(_), None) => invalid(PLATFORM_NAME, "is not set"),
        (Some(_), None, None) => invalid(PLATFORM_KEY, "is not set"),
        (_, _, Some(_)) => {
            invalid(BEARER_TOKEN, "is set, and so is a platform name or key: unset one")
        }
    }
}

/// Sets up a source of Tango's bearer tokens: with the scope `raas.all`, for the audience
/// `https://api.tangocard.com/`, which gives tokens of 24 hours.
///
/// A platform gets no more than one of them in 20 hours, so share the source.
///
/// ```no_run
/// use tango_orders_client::{Client, Credentials, Environment, SetupError, credentials};
///
/// # fn connect(id: &str, secret: &str) -> Result<Client, SetupError> {
/// let tokens = credentials::oauth2(credentials::SANDBOX_TOKEN_ENDPOINT)?;
/// let tokens = tokens.client(id, secret).build()?;
/// Client::builder(Environment::Sandbox).credentials(Credentials::token_source(tokens)).build()
/// # }
/// ```
///
/// # Errors
///
/// Those of [`OAuth2::builder`].
pub fn oauth2(token_endpoint: &str) -> Result<OAuth2Builder, SetupError> {
    let builder = OAuth2::builder(token_endpoint)?.scope("raas.all");
    Ok(builder.audience("https://api.tangocard.com/").lifetime(TOKEN_LIFETIME))
}
