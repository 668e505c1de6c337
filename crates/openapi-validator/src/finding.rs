//! What is wrong with a payload: where, by which rule, and what was probably meant.

mod problem;
mod similar;
mod types;

use alloc::string::{String, ToString};
use core::fmt;

#[cfg(feature = "render")]
pub(crate) use problem::Count;
pub(crate) use problem::Problem;
pub(crate) use similar::similar;
pub use types::{Kind, Types};

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing, and common: a deprecated member.
    Note,
    /// The payload has something that the document does not know: an undocumented member, or an
    /// undocumented value of an open enum.
    Drift,
    /// The payload breaks a rule.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Note => "note",
            Self::Drift => "drift",
            Self::Error => "error",
        })
    }
}

/// One thing that is wrong with a payload.
///
/// It holds no value of the payload, unless [`Report::with_values`](crate::Report::with_values)
/// asked for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(crate) severity: Severity,
    pub(crate) pointer: String,
    pub(crate) offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) rule: String,
    pub(crate) keyword: &'static str,
    pub(crate) place: Option<Place>,
    pub(crate) problem: Problem,
    pub(crate) suggestion: Option<Suggestion>,
    pub(crate) value: Option<String>,
}

/// What was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suggestion {
    /// A name or value of the document, in place of the one that is found.
    Instead(&'static str),
    /// The missing member is there, written like this.
    Misspelt(String),
    /// What the string holds, without the quotes.
    Unquoted(Kind),
    /// The same in quotes.
    Quoted,
}

impl fmt::Display for Suggestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instead(name) => write!(formatter, "did you mean `{name}`?"),
            Self::Misspelt(written) => write!(formatter, "is it misspelt as `{written}`?"),
            Self::Unquoted(Kind::Number) => formatter.write_str("write the number without quotes"),
            Self::Unquoted(_) => formatter.write_str("write it without quotes"),
            Self::Quoted => formatter.write_str("write it in quotes"),
        }
    }
}

/// A place in the OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path of the document, as it was given to the generator.
    pub source: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

impl Finding {
    /// How serious it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The value it is about, as a JSON Pointer (RFC 6901) into the payload.
    ///
    /// A member's name is shown if the document knows it, or if it looks like a name and not like
    /// a secret; any other is shown as `***`. See [`Report`](crate::Report).
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Where the value starts in the payload, in bytes from 0.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Where the value starts in the payload: the line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Where the value starts in the payload: the column, from 1, in characters.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The rule, as a JSON Pointer into the OpenAPI document that ends in the keyword; empty for
    /// what RFC 8259 asks of any JSON text, and where a limit of the run is reached.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The keyword that was violated; `json` for what RFC 8259 asks of any JSON text, and `depth`
    /// where the limit of [`Options::depth`](crate::Options::depth) is reached.
    pub fn keyword(&self) -> &'static str {
        self.keyword
    }

    /// What is broken, for people: the rule, or what holds without the document.
    pub(crate) fn basis(&self) -> &str {
        match (self.rule.as_str(), self.keyword) {
            ("", "depth") => "a limit of this run",
            ("", _) => "RFC 8259",
            (rule, _) => rule,
        }
    }

    /// The place of the rule in the OpenAPI document.
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// What is wrong, as a lowercase fragment.
    pub fn message(&self) -> String {
        match &self.value {
            Some(value) => alloc::format!("{} (it is `{value}`)", self.problem),
            None => self.problem.to_string(),
        }
    }

    /// What was probably meant.
    pub fn suggestion(&self) -> Option<&Suggestion> {
        self.suggestion.as_ref()
    }

    /// The value, as the payload writes it, cut if it is long; none unless
    /// [`Report::with_values`](crate::Report::with_values) asked for it, and none of a secret.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at ", self.severity)?;
        if self.pointer.is_empty() {
            formatter.write_str("the top")?;
        } else {
            formatter.write_str(&self.pointer)?;
        }
        write!(formatter, " ({}:{}): {}", self.line, self.column, self.message())?;
        if let Some(suggestion) = self.suggestion() {
            write!(formatter, "; {suggestion}")?;
        }
        match self.place {
            Some(Place { source, line, column }) => {
                write!(formatter, " [{source}:{line}:{column} #{}]", self.rule)
            }
            None if self.rule.is_empty() => write!(formatter, " [{}]", self.basis()),
            None => write!(formatter, " [#{}]", self.rule),
        }
    }
}

/// A finding before its place in the payload is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) severity: Severity,
    pub(crate) offset: usize,
    pub(crate) at: &'static str,
    pub(crate) keyword: &'static str,
    pub(crate) problem: Problem,
}

impl Found {
    /// Whether another finding at the same place adds nothing: a member that is forbidden need not
    /// be documented.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        matches!(
            (self.problem, other.problem),
            (Problem::ForbiddenMember(_), Problem::Undocumented { .. })
        )
    }
}
