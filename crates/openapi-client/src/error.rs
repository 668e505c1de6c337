//! What can go wrong with a call.

mod decode_error;
mod print;

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde::de::DeserializeOwned;

pub use self::decode_error::{DecodeError, DecodeErrorKind};
use crate::auth::TokenError;
use crate::response::ResponseHead;
use crate::setup_error::{InvalidValue, SetupError};
use crate::transport::TransportError;
use crate::values::{
    AnyValue, Decimal, Html, Integer, List, Map, Private, Secret, Timestamp, WordsForEmpty,
};

/// What a server says of an error: the schema of an operation's error responses.
pub trait ErrorBody: DeserializeOwned + fmt::Debug + Send + Sync + 'static {
    /// What the server calls the request; counts if no header says it.
    fn request_id(&self) -> Option<&str> {
        None
    }

    /// Whether a response of status 404 says that what was asked for does not exist, rather than that the
    /// URL leads nowhere; the body is absent if it is not in the documented form.
    ///
    /// By default, the documented form tells.
    fn is_not_found(body: Option<&Self>) -> bool {
        body.is_some()
    }

    /// What tells programs which error it is, whatever the wording.
    ///
    /// It is printed with the error, so return it only if it has the form of a code.
    fn code(&self) -> Option<&str> {
        None
    }
}

/// No schema: the document says nothing of the operation's error responses, so that the status has to do.
impl ErrorBody for () {
    fn is_not_found(_: Option<&Self>) -> bool {
        true
    }
}

// Schemas that are no objects: the document calls them by no name of their own.
impl ErrorBody for AnyValue {}
impl ErrorBody for Decimal {}
impl ErrorBody for Html {}
impl ErrorBody for Integer {}
impl ErrorBody for Private {}
impl ErrorBody for Secret {}
impl ErrorBody for String {}
impl ErrorBody for Timestamp {}
impl ErrorBody for bool {}
impl ErrorBody for f64 {}
impl<T: ErrorBody> ErrorBody for Option<T> {}
impl<T: ErrorBody> ErrorBody for Vec<T> {}
impl<T: ErrorBody, W: WordsForEmpty + Send + Sync + 'static> ErrorBody for List<T, W> {}
impl<K: Ord + ErrorBody, V: ErrorBody> ErrorBody for Map<K, V> {}

/// Why a call did not return what was asked for, sorted by what the caller can do about it; `B` is what
/// the server says of an error.
///
/// | variant | what to do |
/// | --- | --- |
/// | [`InvalidRequest`](Self::InvalidRequest) | correct the parameter; nothing was sent |
/// | [`Token`](Self::Token) | look after the credentials |
/// | [`Api`](Self::Api) | go by [`body`](Self::body) |
/// | [`Unexpected`](Self::Unexpected) | go by the status: something before the server answered |
/// | [`Decode`](Self::Decode) | report it: the client does not know this form |
/// | [`Transport`](Self::Transport) | call again later if [`is_transient`](Self::is_transient), else look at TLS |
/// | [`Timeout`](Self::Timeout) | call again later, or allow more time |
/// | [`Contract`](Self::Contract) | look at base URL, proxy and limits: the server must not do that |
///
/// What matters most is told by predicates, whatever the variant: a 503 is [`Api`](Self::Api) or
/// [`Unexpected`](Self::Unexpected) by its body, and [`is_unavailable`](Self::is_unavailable) in either
/// case.
///
/// No error prints the body of a response, a URL or a secret, neither by `Display` nor by `Debug`: a
/// response may carry secrets, a URL has identifiers, and an error body may repeat what the request said
/// of a person. An error body in the documented form is kept, for those who ask for it by
/// [`Error::body`].
#[non_exhaustive]
pub enum Error<B> {
    /// Nothing was sent: a parameter or a part of the setup breaks a rule.
    InvalidRequest(InvalidValue),
    /// The token source has no token, so that nothing was sent, or not once more.
    #[non_exhaustive]
    Token {
        /// What is known of the last response, if an earlier attempt brought one.
        response: Option<Box<ResponseHead>>,
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
        /// What is known of the response, if it was lost after its headers, or else of the last one that
        /// an earlier attempt brought.
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
        /// What is known of the response, if it began in time, or else of the last one that an earlier
        /// attempt brought.
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

impl<B> Error<B> {
    /// The server broke a rule of the API with this response.
    pub fn contract(breach: Breach, response: &ResponseHead) -> Self {
        Self::Contract { breach, response: Some(Box::new(response.clone())) }
    }

    /// What the caller waited for, with this many requests, did not come about within the limit; the last
    /// response says so.
    pub fn wait(limit: Duration, attempts: u32, response: &ResponseHead) -> Self {
        let response = Some(Box::new(response.clone()));
        Self::Timeout { phase: TimeoutPhase::Wait, limit, attempts, response }
    }

    /// What is known of the response, if there was one: the last one, if there were several attempts.
    pub fn response(&self) -> Option<&ResponseHead> {
        match self {
            Self::InvalidRequest(_) => None,
            Self::Api { response, .. }
            | Self::Unexpected { response }
            | Self::Decode { response, .. } => Some(response),
            Self::Token { response, .. }
            | Self::Transport { response, .. }
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

    /// How long to wait before the next request: what the server asks for, counted from its response,
    /// or the token source, counted from its error.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Token { source, .. } => source.retry_after(),
            _ => self.response().and_then(ResponseHead::retry_after),
        }
    }

    /// What the server says of the error, if it says so in the documented form.
    pub fn body(&self) -> Option<&B> {
        match self {
            Self::Api { body, .. } => Some(body),
            _ => None,
        }
    }

    /// Whether the server has too many requests of this caller: status 429, whatever the body.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the server does not accept the credentials: status 401, whatever the body, or a refusal of
    /// the token source.
    pub fn is_unauthorized(&self) -> bool {
        match self {
            Self::Token { source, .. } => !source.is_transient(),
            _ => self.status() == Some(StatusCode::UNAUTHORIZED),
        }
    }

    /// Whether the server, or what stands before it, is down for now: status 502, 503 or 504, whatever
    /// the body.
    pub fn is_unavailable(&self) -> bool {
        self.status().is_some_and(|status| matches!(status.as_u16(), 502..=504))
    }

    /// Whether the same call may succeed later, if the operation may be repeated at all.
    ///
    /// True for 429 and any 5XX, whatever the body; for what was lost on the way and for what took too
    /// long; for a token source that says so. False for what time does not heal: a refusal, a response
    /// of another form, a TLS certificate that is not valid. The client
    /// has already tried again by its [`Retry`](crate::Retry); wait for [`Error::retry_after`] at least.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Api { response, .. } | Self::Unexpected { response } => {
                is_transient(response.status())
            }
            Self::Transport { source, .. } => source.is_transient(),
            Self::Timeout { .. } => true,
            Self::Token { source, .. } => source.is_transient(),
            Self::InvalidRequest(_) | Self::Decode { .. } | Self::Contract { .. } => false,
        }
    }
}

impl<B: ErrorBody> Error<B> {
    /// Whether the server says that what was asked for does not exist.
    ///
    /// Status 404 is not enough: whatever stands at a wrong base URL returns it, too. It is
    /// [`ErrorBody::is_not_found`] that tells.
    pub fn is_not_found(&self) -> bool {
        let is_refusal = matches!(self, Self::Api { .. } | Self::Unexpected { .. });
        is_refusal && self.status() == Some(StatusCode::NOT_FOUND) && B::is_not_found(self.body())
    }
}

impl Error<()> {
    /// The same error with what is known of an earlier response, if it has none of its own.
    pub(crate) fn or_response(mut self, earlier: Option<Box<ResponseHead>>) -> Self {
        if let Self::Token { response, .. }
        | Self::Transport { response, .. }
        | Self::Timeout { response, .. } = &mut self
            && response.is_none()
        {
            *response = earlier;
        }
        self
    }

    /// The same error of an operation that has a schema of error bodies.
    pub(crate) fn of_operation<B>(self) -> Error<B> {
        match self {
            Self::InvalidRequest(invalid) => Error::InvalidRequest(invalid),
            Self::Token { response, source } => Error::Token { response, source },
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

/// Whether time may heal it: 429 for the rate, 5XX for what is wrong with the server.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}
