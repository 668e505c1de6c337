//! What can go wrong with a call.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::credentials::TokenError;
use crate::generated::types::{ErrorBody, ErrorItem};
use crate::reply::Reply;
use crate::transport::TransportError;

/// Why a call did not return what was asked for, sorted by what the caller can do about it.
///
/// | variant | what to do |
/// | --- | --- |
/// | [`InvalidRequest`](Self::InvalidRequest) | mend the parameter; nothing was sent |
/// | [`Token`](Self::Token) | look after the credentials; nothing was sent |
/// | [`Api`](Self::Api) | go by [`i18n_keys`](Self::i18n_keys) and [`field_errors`](Self::field_errors) |
/// | [`Unexpected`](Self::Unexpected) | go by the status: something before the server answered |
/// | [`Decode`](Self::Decode) | report it: the client does not know this form |
/// | [`Transport`](Self::Transport) | call again later: both operations only read |
/// | [`Timeout`](Self::Timeout) | call again later, or allow more time |
/// | [`Contract`](Self::Contract) | look at base URL, proxy and limits: the server must not do that |
///
/// No error prints the body of a reply, a URL or a secret, neither by `Display` nor by `Debug`: a
/// reply may carry what redeems a reward, a URL has identifiers, and an error body may repeat what
/// the request said of a person. An error body in the documented form is kept, for those who ask
/// for it by [`Error::body`].
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent: a parameter, the base URL or the credentials break a rule.
    #[non_exhaustive]
    InvalidRequest {
        /// What is wrong.
        parameter: &'static str,
        /// The rule that it breaks.
        rule: Cow<'static, str>,
        /// The length of the value in bytes; the value itself may be personal.
        length: usize,
    },
    /// Nothing was sent: the token source has no token.
    #[non_exhaustive]
    Token {
        /// Why it has none.
        source: TokenError,
    },
    /// The server refused the request, with an error body in the documented form.
    #[non_exhaustive]
    Api {
        /// What is known of the reply.
        reply: Box<Reply>,
        /// What the server says; of it, only keys and request id are printed.
        body: Box<ErrorBody>,
    },
    /// The reply has a status that the operation does not have, such as 204, or is an error without a
    /// body in the documented form: HTML from a proxy, nothing at all, half of it.
    #[non_exhaustive]
    Unexpected {
        /// What is known of the reply.
        reply: Box<Reply>,
    },
    /// The reply is a success, and what it holds cannot be read.
    #[non_exhaustive]
    Decode {
        /// What is known of the reply.
        reply: Box<Reply>,
        /// Where reading stopped.
        source: DecodeError,
    },
    /// The request or the reply was lost on the way: no connection, or a broken one.
    #[non_exhaustive]
    Transport {
        /// How many requests were sent.
        attempts: u32,
        /// What is known of the reply, if it was lost after its headers.
        reply: Option<Box<Reply>>,
        /// What was lost.
        source: TransportError,
    },
    /// It took too long.
    #[non_exhaustive]
    Timeout {
        /// Which of the time-outs struck.
        phase: TimeoutPhase,
        /// How long that one is.
        limit: Duration,
        /// How many requests were sent.
        attempts: u32,
        /// What is known of the reply, if it began in time.
        reply: Option<Box<Reply>>,
    },
    /// The server did what its contract rules out.
    #[non_exhaustive]
    Contract {
        /// What it did.
        breach: Breach,
        /// What is known of the reply, if one reply is to blame.
        reply: Option<Box<Reply>>,
    },
}

/// Which time-out struck; see [`Timeouts`](crate::Timeouts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// No connection came about.
    Connect,
    /// One request with its reply took too long.
    Attempt,
    /// The call as a whole, with all its attempts and the pauses between them, took too long.
    Operation,
    /// The body of a reply stood still.
    Stall,
    /// An async order was not done; see [`Schedule`](crate::Schedule).
    Wait,
}

/// What a server must not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Breach {
    /// It answers with a redirection, or an HTTP client of one's own has followed one. Neither
    /// operation has any.
    Redirection,
    /// The body has more bytes than the client takes, after decompression.
    TooLarge {
        /// How many it takes.
        limit: usize,
    },
    /// There is another page, and no cursor leads to it.
    MissingCursor,
    /// A cursor leads to a page that was there before.
    RepeatedCursor,
    /// A page starts with the same line item as an earlier one.
    RepeatedPage,
    /// Far more pages without line items follow each other than the order has line items.
    EmptyPages,
    /// The line item after which to resume is not on its page any more.
    LostPlace,
    /// A line item came back that the filter excludes: the server ignores the filter.
    ExcludedLineItem,
    /// A line item came back that did not fail, although only failed ones were asked for.
    LineItemNotFailed,
}

/// Where the reading of a reply stopped, and why; without a word of the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// What kind of error it is.
    pub kind: DecodeErrorKind,
    /// The line of the reply, starting at 1; 0 if unknown.
    pub line: usize,
    /// The column in bytes, starting at 1; 0 if unknown.
    pub column: usize,
}

/// What kind of error stopped the reading of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// It is not JSON.
    Syntax,
    /// It ends within a value, or is empty.
    Incomplete,
    /// It is JSON, and a member is missing or has another type.
    Data,
    /// Arrays and objects are nested 128 deep or deeper.
    TooDeep,
}

impl Error {
    pub(crate) fn invalid(
        parameter: &'static str,
        rule: impl Into<Cow<'static, str>>,
        value: &str,
    ) -> Self {
        Self::InvalidRequest { parameter, rule: rule.into(), length: value.len() }
    }

    /// What is known of the reply, if there was one.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::InvalidRequest { .. } | Self::Token { .. } => None,
            Self::Api { reply, .. } | Self::Unexpected { reply } | Self::Decode { reply, .. } => {
                Some(reply)
            }
            Self::Transport { reply, .. }
            | Self::Timeout { reply, .. }
            | Self::Contract { reply, .. } => reply.as_deref(),
        }
    }

    /// The status of the reply, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.reply().map(Reply::status)
    }

    /// What Tango's support asks for: the header `X-REQUEST-ID`, or `requestId` of the error body.
    pub fn request_id(&self) -> Option<&str> {
        self.reply().and_then(Reply::request_id)
    }

    /// How long the server asks to wait before the next request, counted from its reply.
    pub fn retry_after(&self) -> Option<Duration> {
        self.reply().and_then(Reply::retry_after)
    }

    /// What the server says of the error, if it says so in the documented form.
    pub fn body(&self) -> Option<&ErrorBody> {
        match self {
            Self::Api { body, .. } => Some(body),
            _ => None,
        }
    }

    /// The errors of single fields, if the server lists any.
    pub fn field_errors(&self) -> &[ErrorItem] {
        self.body().map_or(&[], |body| &body.errors)
    }

    /// The keys that tell what is wrong whatever the wording: that of the request as a whole first,
    /// then those of single fields.
    pub fn i18n_keys(&self) -> impl Iterator<Item = &str> {
        let whole = self.body().and_then(|body| body.i18n_key.as_deref());
        whole
            .into_iter()
            .chain(self.field_errors().iter().filter_map(|item| item.i18n_key.as_deref()))
    }

    /// Whether the same call may succeed later.
    ///
    /// True for 429, 502, 503 and 504, for what was lost on the way, and for what took too long.
    /// The client has already tried again by its [`Retry`](crate::Retry); wait for
    /// [`Error::retry_after`] at least.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Api { reply, .. } | Self::Unexpected { reply } => is_transient(reply.status()),
            Self::Transport { .. } | Self::Timeout { .. } => true,
            Self::Token { source } => source.is_retryable(),
            Self::InvalidRequest { .. } | Self::Decode { .. } | Self::Contract { .. } => false,
        }
    }
}

/// Whether the server asks to try again: 429 for the rate, 502 to 504 for what is down.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502..=504)
}

/// Whether a key has the form of one, and so can be printed: digits and a dot.
fn is_key(key: &str) -> bool {
    key.len() <= 16 && key.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest { parameter, rule, length } => {
                write!(formatter, "the {parameter} ({length} bytes) {rule}")
            }
            Self::Token { .. } => formatter.write_str("there is no token to authenticate with"),
            Self::Api { reply, .. } => {
                let status = reply.status().as_u16();
                write!(formatter, "the server refused the request with status {status}")?;
                match self.i18n_keys().find(|key| is_key(key)) {
                    Some(key) => write!(formatter, " and key {key}"),
                    None => Ok(()),
                }
            }
            Self::Unexpected { reply } => {
                let status = reply.status().as_u16();
                write!(formatter, "the reply with status {status} is of no documented form")
            }
            Self::Decode { reply, .. } => {
                write!(
                    formatter,
                    "the reply with status {} cannot be read",
                    reply.status().as_u16()
                )
            }
            Self::Transport { .. } => {
                formatter.write_str("the server cannot be reached or broke off")
            }
            Self::Timeout { phase, limit, .. } => {
                let what = match phase {
                    TimeoutPhase::Connect => "no connection came about",
                    TimeoutPhase::Attempt => "there was no complete reply",
                    TimeoutPhase::Operation => "the call was not done",
                    TimeoutPhase::Stall => "the reply stood still",
                    TimeoutPhase::Wait => "the order was not done",
                };
                write!(formatter, "{what} within {limit:?}")
            }
            Self::Contract { breach, reply } => {
                let status = reply.as_ref().map(|reply| reply.status().as_u16());
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
                write!(formatter, "the reply has more than {limit} bytes")
            }
            Self::MissingCursor => {
                formatter.write_str("the server says that there is another page and gives no cursor")
            }
            Self::RepeatedCursor => {
                formatter.write_str("the server leads to a page that was there before")
            }
            Self::RepeatedPage => formatter.write_str("the server returned a page twice"),
            Self::EmptyPages => formatter.write_str("the server returns one empty page after another"),
            Self::LostPlace => formatter
                .write_str("the line item after which to resume is not on its page any more"),
            Self::ExcludedLineItem => {
                formatter.write_str("the server returned a line item that the filter excludes")
            }
            Self::LineItemNotFailed => formatter.write_str(
                "the server returned a line item that did not fail, although only failed ones were asked for",
            ),
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
            Self::Token { source } => {
                formatter.debug_struct("Token").field("source", source).finish()
            }
            Self::Api { reply, .. } => {
                let keys: Vec<&str> = self.i18n_keys().filter(|key| is_key(key)).collect();
                formatter
                    .debug_struct("Api")
                    .field("reply", reply)
                    .field("i18n_keys", &keys)
                    .finish_non_exhaustive()
            }
            Self::Unexpected { reply } => {
                formatter.debug_struct("Unexpected").field("reply", reply).finish()
            }
            Self::Decode { reply, source } => formatter
                .debug_struct("Decode")
                .field("reply", reply)
                .field("source", source)
                .finish(),
            Self::Transport { attempts, reply, source } => formatter
                .debug_struct("Transport")
                .field("attempts", attempts)
                .field("reply", reply)
                .field("source", source)
                .finish(),
            Self::Timeout { phase, limit, attempts, reply } => formatter
                .debug_struct("Timeout")
                .field("phase", phase)
                .field("limit", limit)
                .field("attempts", attempts)
                .field("reply", reply)
                .finish(),
            Self::Contract { breach, reply } => formatter
                .debug_struct("Contract")
                .field("breach", breach)
                .field("reply", reply)
                .finish(),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token { source } => Some(source),
            Self::Decode { source, .. } => Some(source),
            Self::Transport { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl DecodeError {
    /// Where exactly does not matter.
    pub(crate) const TOO_DEEP: Self = Self { kind: DecodeErrorKind::TooDeep, line: 0, column: 0 };
}

impl From<&serde_json::Error> for DecodeError {
    /// Takes the place only: serde's text quotes values.
    fn from(error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let kind = match error.classify() {
            Category::Eof | Category::Io => DecodeErrorKind::Incomplete,
            Category::Syntax => DecodeErrorKind::Syntax,
            Category::Data => DecodeErrorKind::Data,
        };
        Self { kind, line: error.line(), column: error.column() }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            DecodeErrorKind::Syntax => "it is not JSON",
            DecodeErrorKind::Incomplete => "it ends too early",
            DecodeErrorKind::Data => "a member is missing or has another type",
            DecodeErrorKind::TooDeep => "it is nested too deep",
        };
        match self.line {
            0 => formatter.write_str(what),
            line => write!(formatter, "{what}, at line {line}, column {}", self.column),
        }
    }
}

impl std::error::Error for DecodeError {}
