//! What tells the server who is calling.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;

use crate::error::Error;

/// What a client authenticates with; never printed.
#[derive(Clone)]
pub struct Credentials {
    authorization: HeaderValue,
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
        Self::header("platform name and key", &format!("Basic {pair}"))
    }

    /// A bearer token (RFC 6750).
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if the token has characters that no header can carry.
    pub fn bearer(token: &str) -> Result<Self, Error> {
        Self::header("bearer token", &format!("Bearer {token}"))
    }

    fn header(name: &'static str, value: &str) -> Result<Self, Error> {
        let mut authorization = HeaderValue::from_str(value)
            .map_err(|_| Error::invalid(name, "has characters that no header can carry", value))?;
        // Keeps it out of reqwest's own logs.
        authorization.set_sensitive(true);
        Ok(Self { authorization })
    }

    pub(crate) fn authorization(&self) -> HeaderValue {
        self.authorization.clone()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials([redacted])")
    }
}
