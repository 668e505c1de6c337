//! Files, and places in them.

use std::ops::Range;

/// A file that findings point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user gave it, for findings.
    pub path: String,
    /// What generated code calls the file; it must not depend on where the file lies.
    pub name: String,
    /// The whole text, followed by those of the files that it refers to.
    pub text: String,
    /// These files, in the order of their texts.
    pub parts: Vec<Part>,
}

/// A file that another one refers to.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// Where its text begins, in bytes.
    pub start: usize,
    /// Its path, for findings.
    pub path: String,
}

impl Source {
    /// A file by itself.
    pub fn new(path: impl Into<String>, name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), name: name.into(), text: text.into(), parts: Vec::new() }
    }

    /// The path and the text of the file in which a place is, and where the text begins.
    pub fn file(&self, span: Span) -> (&str, &str, usize) {
        let index = self.parts.partition_point(|part| part.start <= span.start);
        let end = self.parts.get(index).map_or(self.text.len(), |part| part.start);
        let (path, start) = match index.checked_sub(1).and_then(|index| self.parts.get(index)) {
            Some(part) => (part.path.as_str(), part.start),
            None => (self.path.as_str(), 0),
        };
        (path, self.text.get(start..end).unwrap_or_default(), start)
    }
}

/// A range of bytes of a [`Source`], and the line and column (1-based, in characters) of its file
/// where it starts.
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
