//! What can go wrong with a call.

use std::fmt;

use reqwest::StatusCode;

use crate::generated::types::ErrorBody;

/// Why a call did not return what was asked for, sorted by what the caller can do about it.
///
/// No error prints the body of a reply, neither by `Display` nor by `Debug`: a reply may carry what
/// redeems a reward, and an error body may repeat what the request said of a person. An error body
/// in the documented form is kept, for those who ask for it by [`Error::body`].
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent: a parameter, the base URL or the credentials break a rule.
    #[non_exhaustive]
    InvalidRequest {
        /// What is wrong.
        parameter: &'static str,
        /// The rule that it breaks.
        rule: String,
        /// The length of the value in bytes; the value itself may be personal.
        length: usize,
    },
    /// The server refused the request, with an error body in the documented form.
    #[non_exhaustive]
    Api {
        /// The status of the reply.
        status: StatusCode,
        /// What the server says; of it, only key and request id are printed.
        body: Box<ErrorBody>,
    },
    /// The reply has a status that the operation does not have, such as 204 or a redirection, or is
    /// an error without a body in the documented form: HTML from a proxy, nothing at all, half of it.
    #[non_exhaustive]
    Unexpected {
        /// The status of the reply.
        status: StatusCode,
    },
    /// The reply is a success, and what it holds cannot be read.
    #[non_exhaustive]
    Decode {
        /// The status of the reply.
        status: StatusCode,
        /// Where reading stopped.
        source: DecodeError,
    },
    /// The request or the reply was lost on the way: no connection, a broken one, a time-out.
    Transport(reqwest::Error),
}

/// Where the reading of a reply stopped, and why; without a word of the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// What kind of error it is.
    pub category: serde_json::error::Category,
    /// The line of the reply, starting at 1; 0 if unknown.
    pub line: usize,
    /// The column in bytes, starting at 1; 0 if unknown.
    pub column: usize,
}

impl Error {
    pub(crate) fn invalid(parameter: &'static str, rule: impl Into<String>, value: &str) -> Self {
        Self::InvalidRequest { parameter, rule: rule.into(), length: value.len() }
    }

    /// The status of the reply, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::InvalidRequest { .. } => None,
            Self::Api { status, .. }
            | Self::Unexpected { status }
            | Self::Decode { status, .. } => Some(*status),
            Self::Transport(error) => error.status(),
        }
    }

    /// What the server says of the error, if it says so in the documented form.
    pub fn body(&self) -> Option<&ErrorBody> {
        match self {
            Self::Api { body, .. } => Some(body),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest { parameter, rule, length } => {
                write!(formatter, "the {parameter} ({length} bytes) {rule}")
            }
            Self::Api { status, body } => {
                write!(
                    formatter,
                    "the server refused the request with status {}",
                    status.as_u16()
                )?;
                match &body.i18n_key {
                    Some(key) => write!(formatter, " and key {key}"),
                    None => Ok(()),
                }
            }
            Self::Unexpected { status } => {
                write!(
                    formatter,
                    "the reply with status {} is of no documented form",
                    status.as_u16()
                )
            }
            Self::Decode { status, .. } => {
                write!(formatter, "the reply with status {} cannot be read", status.as_u16())
            }
            Self::Transport(_) => formatter.write_str("the server cannot be reached or broke off"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest { parameter, rule, length } => formatter
                .debug_struct("InvalidRequest")
                .field("parameter", parameter)
                .field("rule", rule)
                .field("length", length)
                .finish(),
            Self::Api { status, body } => formatter
                .debug_struct("Api")
                .field("status", status)
                .field("i18n_key", &body.i18n_key)
                .field("request_id", &body.request_id)
                .finish_non_exhaustive(),
            Self::Unexpected { status } => {
                formatter.debug_struct("Unexpected").field("status", status).finish()
            }
            Self::Decode { status, source } => formatter
                .debug_struct("Decode")
                .field("status", status)
                .field("source", source)
                .finish(),
            Self::Transport(error) => formatter.debug_tuple("Transport").field(error).finish(),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Decode { source, .. } => Some(source),
            Self::Transport(error) => Some(error),
            _ => None,
        }
    }
}

impl From<&serde_json::Error> for DecodeError {
    /// Takes the place only: serde's text quotes values.
    fn from(error: &serde_json::Error) -> Self {
        Self { category: error.classify(), line: error.line(), column: error.column() }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use serde_json::error::Category;
        let what = match self.category {
            Category::Io => "it broke off",
            Category::Syntax => "it is not JSON",
            Category::Data => "a member is missing or has another type",
            Category::Eof => "it ends too early",
        };
        write!(formatter, "{what}, at line {}, column {}", self.line, self.column)
    }
}

impl std::error::Error for DecodeError {}
