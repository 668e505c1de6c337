//! Everything that was found in a payload, with the places looked up when they are asked for.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::collector::{Collector, Mode};
use crate::finding::{Finding, Found, Kind, Problem, Severity, Suggestion, Types, similar};
use crate::locator::{Locator, Role, Token, Vocabulary};
use crate::options::Options;
use crate::parameters::{Parameter, is_literal};
use crate::reader::{Reader, Stop, Validator};
use crate::source_map::{Name, SourceMap};

/// Whether a payload obeys a schema; stops at the first error.
///
/// False, too, for a payload that reaches a limit of the options, of which nothing is known.
pub fn is_valid(
    source_map: &'static SourceMap,
    validator: Validator,
    payload: &[u8],
    options: &Options,
) -> bool {
    Reader::new(source_map, payload, *options, Mode::Verdict).payload(validator).is_ok()
}

/// Checks a payload against a schema and says everything that is wrong.
pub fn validate<'p>(
    source_map: &'static SourceMap,
    validator: Validator,
    payload: &'p [u8],
    options: &Options,
) -> Report<'p> {
    let mut reader = Reader::new(source_map, payload, *options, Mode::Collect);
    // Why it stopped, if it did, is among the findings.
    let _ = reader.payload(validator);
    Report::new(source_map, Cow::Borrowed(payload), reader.collector)
}

/// What was found in a payload.
///
/// Findings stand in the order of the payload. They hold no value of it, unless
/// [`Report::with_values`] asks for that. Names of members are part of a finding's JSON Pointer; a
/// name that the document does not know could be a secret used as a key, so it is shown only if it
/// is at most 40 ASCII letters, digits, `_` and `-`, starts with a letter and has at most two
/// digits, in a payload that is JSON. Any other is shown as `***`.
#[derive(Clone)]
pub struct Report<'p> {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) payload: Cow<'p, [u8]>,
    found: Vec<Found>,
    more: usize,
    errors: usize,
    reached_limit: bool,
    /// Whether what stands under no member known to the document may be secret.
    conceals: bool,
    values: bool,
}

/// Shows the findings and not the payload, which may hold secrets.
impl fmt::Debug for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.findings().map(|finding| alloc::format!("{finding}")))
            .finish()
    }
}

impl<'p> Report<'p> {
    pub(crate) fn new(
        source_map: &'static SourceMap,
        payload: Cow<'p, [u8]>,
        collector: Collector,
    ) -> Self {
        let mut found = collector.found;
        let reached_limit = collector.stopped == Some(Stop::Limit);
        let conceals = collector.conceals;
        let vocabulary =
            Vocabulary { source_map, parameters: &[], broken: collector.stopped.is_some() };
        if found.is_sorted_by(|a, b| a.offset < b.offset) {
            let (more, errors) = (collector.more, collector.errors);
            let values = false;
            return Self {
                vocabulary,
                payload,
                found,
                more,
                errors,
                reached_limit,
                conceals,
                values,
            };
        }
        // A value that two schemas describe is read twice and may be reported twice.
        found.sort_by_key(|found| found.offset);
        let mut unique: Vec<Found> = Vec::with_capacity(found.len());
        let mut repeated = 0;
        for found in found {
            let same_place = unique.iter().rev().take_while(|other| other.offset == found.offset);
            if same_place.clone().any(|other| *other == found || other.implies(&found)) {
                repeated += usize::from(found.severity == Severity::Error);
            } else {
                unique.push(found);
            }
        }
        Self {
            vocabulary,
            payload,
            found: unique,
            more: collector.more,
            errors: collector.errors - repeated,
            reached_limit,
            conceals,
            values: false,
        }
    }

    pub(crate) fn of_request(self, parameters: &'static [Parameter]) -> Self {
        Self { vocabulary: Vocabulary { parameters, ..self.vocabulary }, ..self }
    }

    /// Lets findings, and the excerpts beside them, quote values of the payload.
    ///
    /// What is secret stays hidden: values that a schema with `format: password` describes, and
    /// everything inside of a member that contains such a value. So does what the document does
    /// not know, since it could be a secret, everything in a payload that is not JSON, and in an
    /// excerpt everything that stands under no member.
    #[must_use]
    pub fn with_values(self) -> Self {
        Self { values: true, ..self }
    }

    /// Whether the whole payload was read and has no error; drift and notes do not count.
    pub fn is_valid(&self) -> bool {
        self.errors == 0
    }

    /// Whether the run ended at a limit of [`Options`](crate::Options), so that there is no verdict:
    /// the payload may obey the schema, but [`Report::is_valid`] does not say so.
    pub fn reached_limit(&self) -> bool {
        self.reached_limit
    }

    /// Whether there is nothing to say at all.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.more == 0
    }

    /// How many errors there are, listed or not.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// The findings in the order of the payload, at most as many as the options allow.
    ///
    /// Their places are looked up on the way, in one pass over the payload.
    pub fn findings(&self) -> Findings<'_> {
        Findings {
            report: self,
            found: self.found.iter(),
            locator: Locator::new(&self.payload),
            lines: Lines { bytes: &self.payload, counted: 0, line: 1, column: 1 },
        }
    }

    /// How many findings there are beyond those that are listed.
    pub fn more(&self) -> usize {
        self.more
    }

    /// Whether the value that a walk is at may be shown: it is that of members all of which the
    /// document knows to be public, inside of nothing that it does not know.
    ///
    /// `is_described` says that the schema of the value itself is known, and public.
    pub(crate) fn shows_value(&self, walk: &Locator<'_>, is_described: bool) -> bool {
        let is_known = walk.names().next().is_some() && self.more == 0;
        self.values
            && !self.conceals
            && !self.vocabulary.broken
            && (is_described || is_known)
            && walk.names().all(|name| self.vocabulary.name(name) == Name::Public)
            && !walk.around().any(|offset| self.is_unknown(offset))
    }

    /// Whether the document does not know what stands at an offset.
    fn is_unknown(&self, offset: usize) -> bool {
        let start = self.found.partition_point(|found| found.offset < offset);
        let here = self.found.iter().skip(start).take_while(|found| found.offset == offset);
        here.into_iter().any(|found| found.problem.is_about_the_unknown())
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
#[derive(Clone)]
pub struct Findings<'r> {
    report: &'r Report<'r>,
    found: core::slice::Iter<'r, Found>,
    locator: Locator<'r>,
    lines: Lines<'r>,
}

impl fmt::Debug for Findings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Findings").finish_non_exhaustive()
    }
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        let found = self.found.next()?;
        let vocabulary = self.report.vocabulary;
        let (line, column) = self.lines.line_and_column(found.offset);
        let token = self.locator.seek(found.offset);
        let pointer = self.locator.pointer(vocabulary);
        let rule = match found.keyword {
            "json" | "depth" => String::new(),
            keyword => alloc::format!("{}/{keyword}", found.at),
        };
        Some(Finding {
            severity: found.severity,
            suggestion: self.suggestion(found, token, &pointer),
            value: token.and_then(|token| self.value(found, token)),
            pointer,
            offset: found.offset,
            line,
            column,
            place: if rule.is_empty() { None } else { vocabulary.source_map.place(&rule) },
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

impl Findings<'_> {
    fn suggestion(
        &self,
        found: &Found,
        token: Option<Token<'_>>,
        pointer: &str,
    ) -> Option<Suggestion> {
        match found.problem {
            Problem::Missing(name) | Problem::MissingParameter(name) => {
                self.misspelt(name, found.offset, pointer)
            }
            Problem::Type { expected, actual } => retyped(expected, actual, token?),
            problem => problem.similar(self.text(found.offset)).map(Suggestion::Instead),
        }
    }

    /// The text that starts at an offset, without its quotes; none where it is too long for a name.
    fn text(&self, offset: usize) -> Option<&[u8]> {
        const LONGEST: usize = 1 << 10;
        let (quote, rest) = self.report.payload.get(offset..)?.split_first()?;
        let rest = rest.get(..LONGEST).unwrap_or(rest);
        let mut is_escaped = false;
        let end = rest.iter().position(|byte| {
            let is_end = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            is_end
        })?;
        if *quote == b'"' { rest.get(..end) } else { None }
    }

    /// The undocumented member of an object that its missing member is similar to.
    fn misspelt(&self, name: &'static str, start: usize, object: &str) -> Option<Suggestion> {
        /// Farther than so many bytes from the start of its object, a member is not looked for.
        const NEAR: usize = 1 << 16;
        let mut near = self.found.clone().take_while(|found| found.offset - start <= NEAR);
        let candidate = near.find(|found| {
            let text = self.text(found.offset);
            // Most are far from this name, which is told sooner than which name they are near to.
            found.problem.is_unknown_member()
                && (text.is_none_or(|text| similar(text, &[name]).is_some()))
                && found.problem.similar(text) == Some(name)
        })?;
        let mut locator = self.locator.clone();
        locator.seek(candidate.offset)?;
        let pointer = locator.pointer(self.report.vocabulary);
        let (parent, _) = pointer.rsplit_once('/')?;
        let written = self.report.vocabulary.shown(locator.names().last()?)?;
        (parent == object).then_some(Suggestion::Misspelt(written))
    }

    /// A value as the payload writes it, if it was asked for and is no secret.
    fn value(&self, found: &Found, token: Token<'_>) -> Option<String> {
        let is_shown = token.role == Role::Value
            && token.start == found.offset
            && found.keyword != "json"
            && !self.report.vocabulary.source_map.is_secret(found.at)
            && self.report.shows_value(&self.locator, true);
        is_shown.then(|| quoted(token.raw))
    }
}

/// How a value of the wrong type can be written in the right one.
fn retyped(expected: Types, actual: Kind, token: Token<'_>) -> Option<Suggestion> {
    match actual {
        Kind::Number | Kind::Boolean if expected.contains(Kind::String) => Some(Suggestion::Quoted),
        Kind::String => {
            let text = core::str::from_utf8(token.text()?).ok()?;
            let kind = match text {
                "true" | "false" => Kind::Boolean,
                "null" => Kind::Null,
                _ if is_literal(text) => Kind::Number,
                _ => return None,
            };
            let is_whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            let fits = expected.contains(kind)
                && (kind != Kind::Number || is_whole || expected.includes(Types::NUMBER));
            fits.then_some(Suggestion::Unquoted(kind))
        }
        _ => None,
    }
}

/// A value as text that is safe to print, cut if it is long.
pub(crate) fn quoted(raw: &[u8]) -> String {
    const LONGEST: usize = 60;
    // A character has at most four bytes.
    let start = raw.get(..4 * (LONGEST + 1)).unwrap_or(raw);
    let text = String::from_utf8_lossy(start);
    let mut quoted: String = text
        .chars()
        .take(LONGEST)
        .map(|character| if is_printable(character) { character } else { '\u{FFFD}' })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        quoted.push('…');
    }
    quoted
}

/// Control characters could steer a terminal, and marks of direction reorder what it shows.
fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Counts lines and columns up to offsets that ascend.
#[derive(Clone, Debug)]
struct Lines<'r> {
    bytes: &'r [u8],
    /// Up to where is counted.
    counted: usize,
    line: usize,
    column: usize,
}

impl Lines<'_> {
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
}
