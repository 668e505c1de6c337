//! Why a response cannot be read.

use std::fmt;

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
