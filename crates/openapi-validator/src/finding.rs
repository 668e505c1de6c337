//! What is wrong with a payload: where, by which rule, and what was probably meant.

use alloc::string::{String, ToString};
use core::fmt;

use crate::number::Bound;
use crate::text::Decoded;

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
    /// what RFC 8259 asks of any JSON text.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The keyword that was violated; `json` for what RFC 8259 asks of any JSON text.
    pub fn keyword(&self) -> &'static str {
        self.keyword
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
            None if self.rule.is_empty() => formatter.write_str(" [RFC 8259]"),
            None => write!(formatter, " [#{}]", self.rule),
        }
    }
}

/// A finding before its place in the payload is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// What is wrong, in terms of the document only.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Problem {
    Json(&'static str),
    Duplicate,
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

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `null`
    Null = Types::NULL.0,
    /// `true` or `false`
    Boolean = Types::BOOLEAN.0,
    /// A number, whole or not.
    Number = Types::NUMBER.or(Types::INTEGER).0,
    /// A string.
    String = Types::STRING.0,
    /// An array.
    Array = Types::ARRAY.0,
    /// An object.
    Object = Types::OBJECT.0,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// A set of JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// No type.
    pub const NONE: Self = Self(0);
    /// `null`
    pub const NULL: Self = Self(1);
    /// Booleans.
    pub const BOOLEAN: Self = Self(2);
    /// Numbers.
    pub const NUMBER: Self = Self(4);
    /// Strings.
    pub const STRING: Self = Self(8);
    /// Arrays.
    pub const ARRAY: Self = Self(16);
    /// Objects.
    pub const OBJECT: Self = Self(32);
    /// Whole numbers.
    pub const INTEGER: Self = Self(64);
    /// Every type.
    pub const ALL: Self = Self(63);

    /// Both sets together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether a value of this type may be in the set.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & kind as u8 != 0
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::OBJECT, "an object"),
            (Self::ARRAY, "an array"),
            (Self::STRING, "a string"),
            (Self::NUMBER, "a number"),
            (Self::INTEGER, "an integer"),
            (Self::BOOLEAN, "a boolean"),
            (Self::NULL, "null"),
        ];
        let mut first = true;
        for (_, name) in names.iter().filter(|(set, _)| self.0 & set.0 != 0) {
            if !first {
                f.write_str(" or ")?;
            }
            f.write_str(name)?;
            first = false;
        }
        Ok(())
    }
}

/// The candidate that differs from a text of the payload only in case, or in at most two
/// characters (one for short texts).
pub(crate) fn similar(raw: &[u8], candidates: &[&'static str]) -> Option<&'static str> {
    /// Longer texts are not names.
    const LONGEST: usize = 64;
    let mut buffer = [0; LONGEST];
    let mut length = 0;
    for byte in Decoded::new(raw) {
        *buffer.get_mut(length)? = byte;
        length += 1;
    }
    let text = buffer.get(..length)?;
    let same = |candidate: &&&'static str| candidate.as_bytes().eq_ignore_ascii_case(text);
    if let Some(candidate) = candidates.iter().find(same) {
        return Some(candidate);
    }
    let allowed = match length {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    let nearest = candidates
        .iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(text, candidate.as_bytes()), candidate))
        .min_by_key(|(distance, _)| *distance)?;
    (nearest.0 <= allowed).then_some(*nearest.1)
}

/// How many characters have to be inserted, removed, replaced, or swapped with their neighbour, to
/// make one short text of the other, without regard to case.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: [usize; 65] = [0; 65];
    let mut row: [usize; 65] = core::array::from_fn(|index| index);
    let mut previous = None;
    for (i, x) in a.iter().enumerate() {
        let last = row;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        let mut neighbour = None;
        for (j, y) in b.iter().enumerate() {
            let at =
                |row: &[usize; 65], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let mut cost = at(&last, j) + usize::from(!x.eq_ignore_ascii_case(y));
            cost = cost.min(left + 1).min(at(&last, j + 1) + 1);
            let is_swapped =
                |p: &u8, q: &u8| p.eq_ignore_ascii_case(y) && q.eq_ignore_ascii_case(x);
            if let (Some(p), Some(q), Some(j)) = (previous, neighbour, j.checked_sub(1))
                && is_swapped(p, q)
            {
                cost = cost.min(at(&before, j) + 1);
            }
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = cost;
            }
            left = cost;
            neighbour = Some(y);
        }
        before = last;
        previous = Some(x);
    }
    row.get(b.len()).copied().unwrap_or(usize::MAX)
}
