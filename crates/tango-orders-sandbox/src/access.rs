//! Which credentials are accepted.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error_response::ErrorResponse;
use crate::token::{Tokens, Worth};
use crate::{DEFAULT_KEY, DEFAULT_PLATFORM, DEFAULT_TOKEN};

/// The credentials that are accepted, as they stand in the `Authorization` header after the scheme.
#[derive(Clone)]
pub(crate) struct Access {
    basic: Vec<String>,
    bearer: Vec<String>,
}

impl Access {
    pub(crate) fn new(basic: &[(String, String)], bearer: &[String]) -> Self {
        let basic = basic.iter().map(|(name, key)| STANDARD.encode(format!("{name}:{key}")));
        Self { basic: basic.collect(), bearer: bearer.to_vec() }
    }

    /// Whether the credentials are those that are accepted if no others are given.
    pub(crate) fn accepts_defaults(&self) -> bool {
        let default = STANDARD.encode(format!("{DEFAULT_PLATFORM}:{DEFAULT_KEY}"));
        self.basic.contains(&default) && self.bearer.iter().any(|token| token == DEFAULT_TOKEN)
    }

    /// Whether the credentials are accepted: those that the sandbox was started with, and the tokens
    /// that it granted and that are good at this moment.
    pub(crate) fn check(
        &self,
        headers: &HeaderMap,
        tokens: &Tokens,
        now: Duration,
    ) -> Result<(), ErrorResponse> {
        let refuse = |key, message| {
            // RFC 9110, section 15.5.2, asks for a challenge.
            let challenge = HeaderValue::from_static("Basic realm=\"sandbox\", Bearer");
            let error =
                ErrorResponse::whole_request(StatusCode::UNAUTHORIZED, key, message, Vec::new());
            Err(error.with_header(header::WWW_AUTHENTICATE, challenge))
        };
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return refuse("401.502", "Full authentication is needed to access this resource.");
        };
        let text = value.to_str().unwrap_or_default();
        let (scheme, credentials) = text.split_once(' ').unwrap_or((text, ""));
        let credentials = credentials.trim();
        if scheme.eq_ignore_ascii_case("basic") {
            if self.basic.iter().any(|known| known == credentials) {
                return Ok(());
            }
            let message = "Authentication failed. Check the platform name and the platform key.";
            return refuse("401.501", message);
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            if self.bearer.iter().any(|known| known == credentials) {
                return Ok(());
            }
            return match tokens.worth(credentials, now) {
                Worth::Good => Ok(()),
                Worth::Expired => refuse("401.501", "The token has expired. Fetch a new one."),
                Worth::Unknown => refuse("401.501", "Authentication failed. Fetch a new token."),
            };
        }
        refuse("401.001", "Basic authentication is needed.")
    }
}
