//! Everything that was found in a payload, with the places looked up when they are asked for.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::cursor::{Cursor, Log, Options, Validator};
use crate::document::{Document, Name};
use crate::finding::{Finding, Found, Severity};
use crate::text::{Decoded, plain_end};

/// Whether a payload obeys a schema; stops at the first error.
pub fn is_valid(
    document: &'static Document,
    validator: Validator,
    payload: &[u8],
    options: &Options,
) -> bool {
    Cursor::new(document, payload, *options, false).payload(validator).is_ok()
}

/// Checks a payload against a schema and says everything that is wrong.
pub fn validate<'p>(
    document: &'static Document,
    validator: Validator,
    payload: &'p [u8],
    options: &Options,
) -> Report<'p> {
    let mut cursor = Cursor::new(document, payload, *options, true);
    // A stop means that the JSON is broken, and is among the findings.
    let _ = cursor.payload(validator);
    Report::new(document, Cow::Borrowed(payload), cursor.log)
}

/// What was found in a payload.
///
/// Findings stand in the order of the payload. They hold no value of it. Names of members are part
/// of a finding's JSON Pointer; a name that the document does not know could be a secret used as a
/// key, so it is shown only if it is at most 40 ASCII letters, digits, `_` and `-`, starts with a
/// letter and has at most two digits. Any other is shown as `***`.
#[derive(Clone, Debug)]
pub struct Report<'p> {
    document: &'static Document,
    payload: Cow<'p, [u8]>,
    found: Vec<Found>,
    more: usize,
    errors: usize,
}

impl<'p> Report<'p> {
    pub(crate) fn new(document: &'static Document, payload: Cow<'p, [u8]>, log: Log) -> Self {
        let mut found = log.found;
        // A value that two schemas describe is read twice and may be reported twice.
        found.sort_by_key(|found| found.offset);
        let mut unique: Vec<Found> = Vec::with_capacity(found.len());
        let mut repeated = 0;
        for found in found {
            let same_place = unique.iter().rev().take_while(|other| other.offset == found.offset);
            if same_place.clone().any(|other| *other == found) {
                repeated += usize::from(found.severity == Severity::Error);
            } else {
                unique.push(found);
            }
        }
        let errors = log.errors - repeated;
        Self { document, payload, found: unique, more: log.more, errors }
    }

    /// Whether there is no error; drift and notes do not count.
    pub fn is_valid(&self) -> bool {
        self.errors == 0
    }

    /// Whether there is nothing to say at all.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.more == 0
    }

    /// The findings in the order of the payload, at most as many as the options allow.
    ///
    /// Their places are looked up on the way, in one pass over the payload.
    pub fn findings(&self) -> Findings<'_> {
        Findings {
            document: self.document,
            found: self.found.iter(),
            locator: Locator::new(self.document, &self.payload),
        }
    }

    /// How many findings there are beyond those that are listed.
    pub fn more(&self) -> usize {
        self.more
    }
}

impl fmt::Display for Report<'_> {
    /// One line for each finding, and one that counts the rest.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in self.findings() {
            writeln!(formatter, "{finding}")?;
        }
        match self.more {
            0 => Ok(()),
            more => writeln!(formatter, "and {more} more"),
        }
    }
}

/// Iterates over the findings of a [`Report`].
#[derive(Clone, Debug)]
pub struct Findings<'r> {
    document: &'static Document,
    found: core::slice::Iter<'r, Found>,
    locator: Locator<'r>,
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        let found = self.found.next()?;
        let (line, column) = self.locator.line_and_column(found.offset);
        let rule = match found.keyword {
            "json" => String::new(),
            keyword => alloc::format!("{}/{keyword}", found.at),
        };
        Some(Finding {
            severity: found.severity,
            pointer: self.locator.pointer(found.offset),
            offset: found.offset,
            line,
            column,
            place: if rule.is_empty() { None } else { self.document.place(&rule) },
            rule,
            keyword: found.keyword,
            problem: found.problem,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.found.size_hint()
    }
}

impl ExactSizeIterator for Findings<'_> {}

/// Walks through a payload that was read up to some offset, to say where the offset is.
///
/// Looking places up afterwards keeps the run itself free of any bookkeeping for them.
#[derive(Clone, Debug)]
struct Locator<'r> {
    document: &'static Document,
    bytes: &'r [u8],
    /// Where the walk is.
    pos: usize,
    frames: Vec<Frame>,
    /// Up to where lines and columns are counted.
    counted: usize,
    line: usize,
    column: usize,
}

/// An array or object that is open.
#[derive(Clone, Debug)]
enum Frame {
    /// The place of the current item; none between items.
    Array { index: usize, is_in_item: bool },
    /// The range of the current member's name; none between members. A string is a name only
    /// where one is due.
    Object { name: Option<(usize, usize)>, is_name_due: bool },
}

impl<'r> Locator<'r> {
    fn new(document: &'static Document, bytes: &'r [u8]) -> Self {
        Self { document, bytes, pos: 0, frames: Vec::new(), counted: 0, line: 1, column: 1 }
    }

    fn line_and_column(&mut self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.bytes.len());
        for byte in self.bytes.get(self.counted..offset).unwrap_or_default() {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.column = 1;
                }
                0x80..=0xBF => {}
                _ => self.column += 1,
            }
        }
        self.counted = offset;
        (self.line, self.column)
    }

    fn pointer(&mut self, offset: usize) -> String {
        loop {
            while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.pos) {
                self.pos += 1;
            }
            let Some(&byte) = self.bytes.get(self.pos) else { break };
            if self.pos > offset {
                break;
            }
            let end = match byte {
                b'"' => self.string_end(),
                b'{' | b'[' | b'}' | b']' | b',' | b':' => self.pos + 1,
                _ => self.token_end(),
            };
            self.begin(byte, end);
            if offset < end {
                break;
            }
            self.finish(byte);
            self.pos = end;
        }
        self.path()
    }

    /// What a token means before it is passed.
    fn begin(&mut self, byte: u8, end: usize) {
        let start = self.pos + 1;
        match self.frames.last_mut() {
            Some(Frame::Object { name, is_name_due: true }) if byte == b'"' => {
                *name = Some((start, end.saturating_sub(1).max(start)));
            }
            Some(Frame::Array { is_in_item, .. }) if !matches!(byte, b',' | b']') => {
                *is_in_item = true;
            }
            _ => {}
        }
    }

    /// What a token means after it is passed.
    fn finish(&mut self, byte: u8) {
        match byte {
            b'{' => return self.frames.push(Frame::Object { name: None, is_name_due: true }),
            b'[' => return self.frames.push(Frame::Array { index: 0, is_in_item: false }),
            b'}' | b']' => drop(self.frames.pop()),
            _ => {}
        }
        match self.frames.last_mut() {
            Some(Frame::Array { index, is_in_item }) => {
                *is_in_item = false;
                if byte == b',' {
                    *index += 1;
                }
            }
            Some(Frame::Object { name, is_name_due }) => match byte {
                b':' => *is_name_due = false,
                b'"' if *is_name_due => {}
                _ => {
                    *name = None;
                    *is_name_due = byte == b',';
                }
            },
            None => {}
        }
    }

    fn string_end(&self) -> usize {
        let mut end = self.pos + 1;
        loop {
            end = plain_end(self.bytes, end);
            match self.bytes.get(end) {
                None => return self.bytes.len(),
                Some(b'"') => return end + 1,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
    }

    fn token_end(&self) -> usize {
        let rest = self.bytes.get(self.pos..).unwrap_or_default();
        let length = rest.iter().position(|byte| {
            matches!(
                byte,
                b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"'
            )
        });
        self.pos + length.unwrap_or(rest.len()).max(1)
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for frame in &self.frames {
            match frame {
                Frame::Array { index, is_in_item: true } => {
                    path.push('/');
                    path.push_str(&index.to_string());
                }
                Frame::Object { name: Some((start, end)), .. } => {
                    path.push('/');
                    let raw = self.bytes.get(*start..*end).unwrap_or_default();
                    self.push_name(&mut path, raw);
                }
                _ => {}
            }
        }
        path
    }

    fn push_name(&self, path: &mut String, raw: &[u8]) {
        let decoded: Vec<u8> = Decoded::new(raw).take(LONGEST + 1).collect();
        match core::str::from_utf8(&decoded) {
            Ok(name) if is_plausible(name) || self.document.name(name) != Name::Unknown => {
                path.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            _ => path.push_str("***"),
        }
    }
}

/// Longer names are never shown.
const LONGEST: usize = 200;

fn is_plausible(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && name.bytes().filter(u8::is_ascii_digit).count() <= 2
}
