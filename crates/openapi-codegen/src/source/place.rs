//! Files, and places in them.

use std::ops::Range;

/// A file that findings point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user gave it, for findings.
    pub path: String,
    /// What generated code calls the file; it must not depend on where the file lies.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A range of bytes, and the line and column (1-based, in characters) where it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub line: u32,
    pub column: u32,
}

impl Span {
    /// The place at a line and a column (both 1-based, the column in characters).
    pub fn at(text: &str, line: usize, column: usize) -> Self {
        let before: usize =
            text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(before..).unwrap_or_default();
        let within: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let start = before + within;
        Self { start, end: start, line: number(line), column: number(column) }
    }

    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}
