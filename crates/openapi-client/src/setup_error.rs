//! What is wrong before anything is sent.

use std::borrow::Cow;
use std::fmt;

use crate::transport::TransportError;

/// A value that breaks a rule: which one, which rule, and how long it is. The value itself may be
/// personal or secret, and is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidValue {
    /// What the value is of: a parameter by the name that the document gives it, or a part of the
    /// setup such as `base url`.
    pub parameter: &'static str,
    /// The rule that it breaks, as a fragment: `is longer than 100 characters`.
    pub rule: Cow<'static, str>,
    /// The length of a text in bytes.
    pub length: Option<usize>,
}

impl InvalidValue {
    /// A value that breaks a rule, which is a fragment such as `is not set`.
    pub fn new(parameter: &'static str, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { parameter, rule: rule.into(), length: None }
    }

    /// A text that breaks a rule; only its length is kept.
    pub fn of_text(
        parameter: &'static str,
        rule: impl Into<Cow<'static, str>>,
        text: &str,
    ) -> Self {
        Self { length: Some(text.len()), ..Self::new(parameter, rule) }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parameter, rule, length } = self;
        match length {
            Some(length) => write!(formatter, "the {parameter} ({length} bytes) {rule}"),
            None => write!(formatter, "the {parameter} {rule}"),
        }
    }
}

impl std::error::Error for InvalidValue {}

/// Why a client or its credentials cannot be set up.
#[derive(Debug)]
#[non_exhaustive]
pub enum SetupError {
    /// A part of the setup breaks a rule.
    Invalid(InvalidValue),
    /// TLS cannot be set up; usually because the application chose none of reqwest's TLS features.
    Tls(TransportError),
}

impl From<InvalidValue> for SetupError {
    fn from(invalid: InvalidValue) -> Self {
        Self::Invalid(invalid)
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(formatter),
            Self::Tls(_) => formatter.write_str("TLS cannot be set up"),
        }
    }
}

impl std::error::Error for SetupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Invalid(_) => None,
            Self::Tls(source) => Some(source),
        }
    }
}
