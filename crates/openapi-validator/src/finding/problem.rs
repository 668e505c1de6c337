//! What is wrong, and how it is said.

use core::fmt;

use super::similar::similar;
use super::types::{Kind, Types};
use crate::number::Bound;

/// What is wrong, in terms of the document only.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Problem {
    Json(&'static str),
    Duplicate,
    TooDeep { limit: u8 },
    TooComposed { limit: usize },
    Type { expected: Types, actual: Kind },
    Missing(&'static str),
    Undocumented { names: &'static [&'static str], elsewhere: &'static [&'static str] },
    NotAllowed { names: &'static [&'static str] },
    ForbiddenMember(&'static str),
    TooFewMembers { minimum: usize },
    TooManyMembers { maximum: usize },
    TooFewItems { minimum: usize },
    TooManyItems { maximum: usize },
    NotUnique,
    TooShort { minimum: u64 },
    TooLong { maximum: u64 },
    Pattern(&'static str),
    Format(&'static str),
    Enum { values: &'static [&'static str] },
    UnknownValue { known: &'static [&'static str] },
    Minimum(Bound),
    Maximum(Bound),
    MultipleOf(&'static str),
    NoBranch { count: usize },
    ManyBranches,
    Not,
    Deprecated,
    ReadOnly,
    WriteOnly,
    MissingParameter(&'static str),
    RepeatedParameter,
    UnknownParameter { similar: Option<&'static str> },
    Exclusive(&'static [&'static str]),
}

impl PartialEq for Problem {
    fn eq(&self, other: &Self) -> bool {
        // Two findings of one rule at one place say the same.
        core::mem::discriminant(self) == core::mem::discriminant(other)
            && match (self, other) {
                (Self::Missing(a), Self::Missing(b)) | (Self::Json(a), Self::Json(b)) => a == b,
                _ => true,
            }
    }
}

impl Eq for Problem {}

impl Problem {
    /// The name or value of the document that the payload's text was probably meant to be.
    ///
    /// Looked for when a finding is read, not when it is made: most never are.
    pub(crate) fn similar(self, text: Option<&[u8]>) -> Option<&'static str> {
        match self {
            Self::Undocumented { names, elsewhere } => {
                similar(text?, names).or_else(|| similar(text?, elsewhere))
            }
            Self::NotAllowed { names: candidates }
            | Self::UnknownValue { known: candidates }
            | Self::Enum { values: candidates } => similar(text?, candidates),
            Self::UnknownParameter { similar } => similar,
            _ => None,
        }
    }

    /// Whether the document does not know what is inside of the value that this is about.
    pub(crate) fn is_about_the_unknown(self) -> bool {
        self.is_unknown_member() || matches!(self, Self::Type { .. } | Self::NoBranch { .. })
    }

    /// Whether the payload has a member here that the document does not know.
    pub(crate) fn is_unknown_member(self) -> bool {
        matches!(
            self,
            Self::Undocumented { .. } | Self::NotAllowed { .. } | Self::UnknownParameter { .. }
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Json(flaw) => f.write_str(flaw),
            Self::Duplicate => f.write_str("this member stands twice in its object"),
            Self::TooDeep { limit } => write!(
                f,
                "arrays and objects are nested more than {limit} deep, which is the limit: there is \
                 no verdict"
            ),
            Self::TooComposed { limit } => write!(
                f,
                "more than {limit} schemas that contain each other say who sends members of this \
                 value, which is the limit: there is no verdict"
            ),
            Self::Type { expected, actual } => {
                if expected.contains(actual) {
                    write!(f, "expected {expected}, found a number with a fraction")
                } else {
                    write!(f, "expected {expected}, found {actual}")
                }
            }
            Self::Missing(name) => write!(f, "the required member `{name}` is missing"),
            Self::Undocumented { .. } => f.write_str("this member is not documented"),
            Self::NotAllowed { .. } => f.write_str("this member is not allowed"),
            Self::ForbiddenMember(name) => {
                write!(f, "a member `{name}` must not occur anywhere in this payload")
            }
            Self::TooFewMembers { minimum } => {
                write!(f, "expected at least {}", Count(minimum, "member"))
            }
            Self::TooManyMembers { maximum } => {
                write!(f, "expected at most {}", Count(maximum, "member"))
            }
            Self::TooFewItems { minimum } => {
                write!(f, "expected at least {}", Count(minimum, "item"))
            }
            Self::TooManyItems { maximum } => {
                write!(f, "expected at most {}", Count(maximum, "item"))
            }
            Self::NotUnique => f.write_str("this item equals an earlier one"),
            Self::TooShort { minimum } => {
                write!(f, "expected at least {}", Count(minimum, "character"))
            }
            Self::TooLong { maximum } => {
                write!(f, "expected at most {}", Count(maximum, "character"))
            }
            Self::Pattern(pattern) => write!(f, "the text does not match the pattern `{pattern}`"),
            Self::Format(format) => {
                write!(f, "the value is not a valid `{format}`")?;
                match example(format) {
                    Some(example) => write!(f, ", such as `{example}`"),
                    None => Ok(()),
                }
            }
            Self::Enum { values, .. } => {
                f.write_str("expected ")?;
                list(f, values, "or")
            }
            Self::UnknownValue { known } => {
                f.write_str("this value is not documented, unlike ")?;
                list(f, known, "and")
            }
            Self::Minimum(bound) => {
                let word = if bound.exclusive { "more than" } else { "at least" };
                write!(f, "expected {word} {}", bound.value)
            }
            Self::Maximum(bound) => {
                let word = if bound.exclusive { "less than" } else { "at most" };
                write!(f, "expected {word} {}", bound.value)
            }
            Self::MultipleOf(divisor) => write!(f, "expected a multiple of {divisor}"),
            Self::NoBranch { count } => {
                write!(f, "the value fits none of {count} alternatives; the nearest follows")
            }
            Self::ManyBranches => f.write_str("the value fits more than one alternative"),
            Self::Not => f.write_str("the value fits a schema that it must not fit"),
            Self::Deprecated => f.write_str("this is deprecated"),
            Self::ReadOnly => f.write_str("this belongs into responses only"),
            Self::WriteOnly => f.write_str("this belongs into requests only"),
            Self::MissingParameter(name) => {
                write!(f, "the required parameter `{name}` is missing")
            }
            Self::RepeatedParameter => f.write_str("this parameter may be given only once"),
            Self::UnknownParameter { .. } => f.write_str("this parameter is not documented"),
            Self::Exclusive(names) => {
                f.write_str("at most one of the parameters ")?;
                list(f, names, "and")?;
                f.write_str(" may be given")
            }
        }
    }
}

/// How values of a format are written, where its name does not tell.
fn example(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-15T09:30:00Z",
        "date" => "2026-01-15",
        "email" => "ada@example.com",
        "uri" => "https://example.com/a?b=c",
        "uuid" => "5f0c0de0-0000-4000-8000-000000000001",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "decimal" => "10.25",
        _ => return None,
    })
}

/// A number of things, in words.
pub(crate) struct Count<N>(pub(crate) N, pub(crate) &'static str);

impl<N: fmt::Display + PartialEq + From<u8>> fmt::Display for Count<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == N::from(1) { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}

/// Long lists are cut: the rule's place has the rest.
fn list(f: &mut fmt::Formatter<'_>, values: &[&str], word: &str) -> fmt::Result {
    /// How many values are shown at most, and in how many bytes; the first one is always shown.
    const SHOWN: (usize, usize) = (8, 160);
    let mut bytes = 0;
    let fitting = values.iter().take_while(|value| {
        bytes += value.len();
        bytes <= SHOWN.1
    });
    let fitting = fitting.count().clamp(1, SHOWN.0);
    let shown = if fitting < values.len() { fitting.min(SHOWN.0 - 1) } else { fitting };
    for (index, value) in values.iter().take(shown).enumerate() {
        let between = match index {
            0 => "",
            _ if index + 1 == values.len() => &alloc::format!(" {word} "),
            _ => ", ",
        };
        write!(f, "{between}`{value}`")?;
    }
    match values.len().saturating_sub(shown) {
        0 => Ok(()),
        more if word == "or" => write!(f, " or one of {more} more"),
        more => write!(f, " {word} {more} more"),
    }
}
