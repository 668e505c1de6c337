//! What errors print: no body, no URL, no secret.

use std::fmt;

use super::{Breach, Error, ErrorBody, TimeoutPhase};

impl<B: ErrorBody> fmt::Display for Error<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(invalid) => invalid.fmt(formatter),
            Self::Token { .. } => formatter.write_str("there is no token to authenticate with"),
            Self::Api { response, body } => {
                let status = response.status().as_u16();
                write!(formatter, "the server refused the request with status {status}")?;
                match body.code() {
                    Some(code) => write!(formatter, " and code {code}"),
                    None => Ok(()),
                }
            }
            Self::Unexpected { response } => {
                let status = response.status().as_u16();
                write!(formatter, "the response with status {status} is of no documented form")
            }
            Self::Decode { response, .. } => {
                write!(
                    formatter,
                    "the response with status {} cannot be read",
                    response.status().as_u16()
                )
            }
            Self::Transport { .. } => {
                formatter.write_str("the server cannot be reached or broke off")
            }
            Self::Timeout { phase, limit, .. } => {
                let what = match phase {
                    TimeoutPhase::Connect => "no connection came about",
                    TimeoutPhase::Attempt => "there was no complete response",
                    TimeoutPhase::Operation => "the call was not done",
                    TimeoutPhase::Stall => "the response stood still",
                    TimeoutPhase::Wait => "what was waited for did not come about",
                };
                write!(formatter, "{what} within {limit:?}")
            }
            Self::Contract { breach, response } => {
                let status = response.as_ref().map(|response| response.status().as_u16());
                breach.fmt(formatter)?;
                match status {
                    Some(status) => write!(formatter, " (status {status})"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redirection => formatter.write_str("the server redirects to another url"),
            Self::TooLarge { limit } => {
                write!(formatter, "the response has more than {limit} bytes")
            }
            Self::Rule(rule) => formatter.write_str(rule),
        }
    }
}

impl<B: ErrorBody> fmt::Debug for Error<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(invalid) => {
                formatter.debug_tuple("InvalidRequest").field(invalid).finish()
            }
            Self::Token { response, source } => formatter
                .debug_struct("Token")
                .field("response", response)
                .field("source", source)
                .finish(),
            Self::Api { response, body } => formatter
                .debug_struct("Api")
                .field("response", response)
                .field("code", &body.code())
                .finish_non_exhaustive(),
            Self::Unexpected { response } => {
                formatter.debug_struct("Unexpected").field("response", response).finish()
            }
            Self::Decode { response, source } => formatter
                .debug_struct("Decode")
                .field("response", response)
                .field("source", source)
                .finish(),
            Self::Transport { attempts, response, source } => formatter
                .debug_struct("Transport")
                .field("attempts", attempts)
                .field("response", response)
                .field("source", source)
                .finish(),
            Self::Timeout { phase, limit, attempts, response } => formatter
                .debug_struct("Timeout")
                .field("phase", phase)
                .field("limit", limit)
                .field("attempts", attempts)
                .field("response", response)
                .finish(),
            Self::Contract { breach, response } => formatter
                .debug_struct("Contract")
                .field("breach", breach)
                .field("response", response)
                .finish(),
        }
    }
}

impl<B: ErrorBody> std::error::Error for Error<B> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token { source, .. } => Some(source),
            Self::Decode { source, .. } => Some(source),
            Self::Transport { source, .. } => Some(source),
            _ => None,
        }
    }
}
