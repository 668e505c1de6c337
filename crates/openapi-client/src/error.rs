//! What can go wrong with a call.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use crate::auth::TokenError;
use crate::response::ResponseHead;
use crate::setup_error::{InvalidValue, SetupError};
use crate::transport::TransportError;

/// What a server says of an error: the schema of an operation's error responses.
pub trait ErrorBody: DeserializeOwned + fmt::Debug + Send + Sync + 'static {
    /// What the server calls the request; counts if no header says it.
    fn request_id(&self) -> Option<&str> {
        None
    }

    /// What tells programs which error it is, whatever the wording.
    ///
    /// It is printed with the error, so return it only if it has the form of a code.
    fn code(&self) -> Option<&str> {
        None
    }
}

/// No schema: the document says nothing of the operation's error responses.
impl ErrorBody for () {}

/// Why a call did not return what was asked for, sorted by what the caller can do about it; `B` is what
/// the server says of an error.
///
/// | variant | what to do |
/// | --- | --- |
/// | [`InvalidRequest`](Self::InvalidRequest) | correct the parameter; nothing was sent |
/// | [`Token`](Self::Token) | look after the credentials; nothing was sent |
/// | [`Api`](Self::Api) | go by [`body`](Self::body) |
/// | [`Unexpected`](Self::Unexpected) | go by the status: something before the server answered |
/// | [`Decode`](Self::Decode) | report it: the client does not know this form |
/// | [`Transport`](Self::Transport) | call again later, if the operation may be repeated |
/// | [`Timeout`](Self::Timeout) | call again later, or allow more time |
/// | [`Contract`](Self::Contract) | look at base URL, proxy and limits: the server must not do that |
///
/// No error prints the body of a response, a URL or a secret, neither by `Display` nor by `Debug`: a
/// response may carry secrets, a URL has identifiers, and an error body may repeat what the request said
/// of a person. An error body in the documented form is kept, for those who ask for it by
/// [`Error::body`].
#[non_exhaustive]
pub enum Error<B> {
    /// Nothing was sent: a parameter or a part of the setup breaks a rule.
    InvalidRequest(InvalidValue),
    /// Nothing was sent: the token source has no token.
    #[non_exhaustive]
    Token {
        /// Why it has none.
        source: TokenError,
    },
    /// The server refused the request, with an error body in the documented form.
    #[non_exhaustive]
    Api {
        /// What is known of the response.
        response: Box<ResponseHead>,
        /// What the server says; of it, only code and request id are printed.
        body: Box<B>,
    },
    /// The response has a status that the operation does not have, such as 204, or is an error without a
    /// body in the documented form: HTML from a proxy, nothing at all, half of it.
    #[non_exhaustive]
    Unexpected {
        /// What is known of the response.
        response: Box<ResponseHead>,
    },
    /// The response is a success, and what it holds cannot be read.
    #[non_exhaustive]
    Decode {
        /// What is known of the response.
        response: Box<ResponseHead>,
        /// Where reading stopped.
        source: DecodeError,
    },
    /// The request or the response was lost on the way: no connection, or a broken one.
    #[non_exhaustive]
    Transport {
        /// How many requests were sent.
        attempts: u32,
        /// What is known of the response, if it was lost after its headers.
        response: Option<Box<ResponseHead>>,
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
        /// What is known of the response, if it began in time.
        response: Option<Box<ResponseHead>>,
    },
    /// The server did what its contract rules out.
    #[non_exhaustive]
    Contract {
        /// What it did.
        breach: Breach,
        /// What is known of the response, if one response is to blame.
        response: Option<Box<ResponseHead>>,
    },
}

/// Which time-out struck; see [`Timeouts`](crate::Timeouts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// No connection came about.
    Connect,
    /// One request with its response took too long.
    Attempt,
    /// The call as a whole, with all its attempts and the pauses between them, took too long.
    Operation,
    /// The body of a response stood still.
    Stall,
    /// What the caller waits for, call after call, did not come about.
    Wait,
}

/// What a server must not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Breach {
    /// It answers with a redirection, or an HTTP client of one's own has followed one.
    Redirection,
    /// The body has more bytes than the client takes, after decompression.
    TooLarge {
        /// How many it takes.
        limit: usize,
    },
    /// It breaks another rule of the API, which this fragment states, such as `the server returned a page
    /// twice`. Only what the client of that API checks for.
    Rule(&'static str),
}

/// Where the reading of a response stopped, and why; without a word of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// What kind of error it is.
    pub kind: DecodeErrorKind,
    /// The line of the response, starting at 1; 0 if unknown.
    pub line: usize,
    /// The column in bytes, starting at 1; 0 if unknown.
    pub column: usize,
}

/// What kind of error stopped the reading of a response.
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

impl<B> Error<B> {
    /// The server broke a rule of the API with this response.
    pub fn contract(breach: Breach, response: &ResponseHead) -> Self {
        Self::Contract { breach, response: Some(Box::new(response.clone())) }
    }

    /// What the caller waited for, with this many requests, did not come about within the limit.
    pub fn wait(limit: Duration, attempts: u32) -> Self {
        Self::Timeout { phase: TimeoutPhase::Wait, limit, attempts, response: None }
    }

    /// What is known of the response, if there was one.
    pub fn response(&self) -> Option<&ResponseHead> {
        match self {
            Self::InvalidRequest(_) | Self::Token { .. } => None,
            Self::Api { response, .. }
            | Self::Unexpected { response }
            | Self::Decode { response, .. } => Some(response),
            Self::Transport { response, .. }
            | Self::Timeout { response, .. }
            | Self::Contract { response, .. } => response.as_deref(),
        }
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(ResponseHead::status)
    }

    /// What the server calls the request: the header `X-Request-ID`, or what the error body says. A
    /// support desk asks for it.
    pub fn request_id(&self) -> Option<&str> {
        self.response().and_then(ResponseHead::request_id)
    }

    /// How long the server asks to wait before the next request, counted from its response.
    pub fn retry_after(&self) -> Option<Duration> {
        self.response().and_then(ResponseHead::retry_after)
    }

    /// What the server says of the error, if it says so in the documented form.
    pub fn body(&self) -> Option<&B> {
        match self {
            Self::Api { body, .. } => Some(body),
            _ => None,
        }
    }

    /// Whether the same call may succeed later, if the operation may be repeated at all.
    ///
    /// True for 429, 502, 503 and 504, for what was lost on the way, and for what took too long.
    /// The client has already tried again by its [`Retry`](crate::Retry); wait for
    /// [`Error::retry_after`] at least.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Api { response, .. } | Self::Unexpected { response } => {
                is_transient(response.status())
            }
            Self::Transport { .. } | Self::Timeout { .. } => true,
            Self::Token { source } => source.is_retryable(),
            Self::InvalidRequest(_) | Self::Decode { .. } | Self::Contract { .. } => false,
        }
    }
}

impl Error<()> {
    /// The same error of an operation that has a schema of error bodies.
    pub(crate) fn of_operation<B>(self) -> Error<B> {
        match self {
            Self::InvalidRequest(invalid) => Error::InvalidRequest(invalid),
            Self::Token { source } => Error::Token { source },
            Self::Api { response, .. } | Self::Unexpected { response } => {
                Error::Unexpected { response }
            }
            Self::Decode { response, source } => Error::Decode { response, source },
            Self::Transport { attempts, response, source } => {
                Error::Transport { attempts, response, source }
            }
            Self::Timeout { phase, limit, attempts, response } => {
                Error::Timeout { phase, limit, attempts, response }
            }
            Self::Contract { breach, response } => Error::Contract { breach, response },
        }
    }
}

impl<B> From<InvalidValue> for Error<B> {
    fn from(invalid: InvalidValue) -> Self {
        Self::InvalidRequest(invalid)
    }
}

impl<B> From<SetupError> for Error<B> {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Invalid(invalid) => Self::InvalidRequest(invalid),
            SetupError::Tls(source) => Self::Transport { attempts: 0, response: None, source },
        }
    }
}

/// Whether the server asks to try again: 429 for the rate, 502 to 504 for what is down.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502..=504)
}

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
            Self::Token { source } => {
                formatter.debug_struct("Token").field("source", source).finish()
            }
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
