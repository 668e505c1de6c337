//! The position in a payload, and the JSON grammar (RFC 8259) read from there.

use core::fmt;

use crate::applicators::Composition;
use crate::array::ArrayRules;
use crate::collector::{Collector, Mode};
use crate::finding::{Found, Kind, Problem, Severity, Types};
use crate::json_string::{Form, JsonString, plain, plain_end, unindented};
use crate::memo::Memo;
use crate::object::{Names, ObjectRules};
use crate::options::{Direction, Options};
use crate::source_map::SourceMap;

/// What a validating function returns: go on, or stop here.
pub type Flow = Result<(), Stop>;

/// Why nothing after this point is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// There is an error, and a verdict is all that was asked for.
    Invalid,
    /// The payload is not JSON from here on.
    NotJson,
    /// A limit of [`Options`] is reached: there is no verdict.
    Limit,
}

/// A function that reads one value and checks it against one schema.
pub type Validator = fn(&mut Reader<'_>) -> Flow;

/// A position in a payload, with everything that a run has to remember.
///
/// Generated functions receive it, read one value and leave it after that value.
pub struct Reader<'p> {
    pub(crate) bytes: &'p [u8],
    /// What is still to be read.
    pub(crate) rest: &'p [u8],
    pub(crate) depth: u8,
    /// The innermost composition, if any, that is being read for.
    pub(crate) composition: Option<Composition>,
    /// How many values are read several times, each inside of the one before.
    pub(crate) passes: usize,
    pub(crate) memo: Memo,
    /// How many arrays with unique items are open.
    pub(crate) unique_depth: usize,
    /// The rules of [`SourceMap::forbidden`] that hold here, as bits.
    pub(crate) forbidding: u64,
    pub(crate) options: Options,
    pub(crate) source_map: &'static SourceMap,
    /// The latest name of a member that was not expected.
    pub(crate) name: JsonString<'p>,
    pub(crate) names: Names,
    pub(crate) collector: Collector,
    /// Why the run ended before its end.
    pub(crate) stopped: Option<Found>,
}

/// Shows where it stands and not the payload, which may hold secrets.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reader").field("offset", &self.pos()).finish_non_exhaustive()
    }
}

impl<'p> Reader<'p> {
    pub(crate) fn new(
        source_map: &'static SourceMap,
        bytes: &'p [u8],
        options: Options,
        mode: Mode,
    ) -> Self {
        Self {
            bytes,
            rest: bytes,
            depth: 0,
            composition: None,
            passes: 0,
            memo: Memo::default(),
            unique_depth: 0,
            forbidding: 0,
            options,
            source_map,
            name: JsonString { start: 1, raw: &[], form: Form::Ascii },
            names: Names::default(),
            collector: Collector::new(mode),
            stopped: None,
        }
    }

    /// Reads a whole payload: one value, and nothing but whitespace around it.
    pub(crate) fn payload(&mut self, validator: Validator) -> Flow {
        self.only(validator).or_else(|stop| self.report_stop(stop))
    }

    /// Reports why the run ended before the payload did.
    #[cold]
    fn report_stop(&mut self, stop: Stop) -> Flow {
        self.collector.stopped = Some(stop);
        if let Some(found) = self.stopped {
            self.record(found)?;
        }
        Err(stop)
    }

    fn only(&mut self, validator: Validator) -> Flow {
        validator(self)?;
        self.skip_whitespace();
        if !self.rest.is_empty() {
            return self.broken("expected the end of the payload");
        }
        Ok(())
    }

    /// Where the next value starts.
    #[inline]
    pub fn mark(&mut self) -> usize {
        self.skip_whitespace();
        self.pos()
    }

    /// Goes back to a place that [`Reader::mark`] gave, to read the same value again.
    #[inline]
    pub fn rewind(&mut self, mark: usize) {
        self.seek(mark);
    }

    /// The JSON type of the next value by its first byte; none where no value starts.
    pub fn kind(&mut self) -> Option<Kind> {
        self.skip_whitespace();
        *KINDS.get(usize::from(self.peek()?))?
    }

    /// Reads `null` if it is next.
    pub fn null(&mut self) -> bool {
        self.skip_whitespace();
        self.literal(b"null")
    }

    /// Reads any value; the grammar, the depth, duplicate and forbidden members are still checked.
    pub fn any(&mut self) -> Flow {
        let kind = self.kind();
        self.any_of_kind(kind)
    }

    /// Reads any value, whose kind is known.
    fn any_of_kind(&mut self, kind: Option<Kind>) -> Flow {
        match kind {
            Some(Kind::Object) => self.once(any_object),
            Some(Kind::Array) => self.once(any_array),
            Some(Kind::String) => self.json_string().map(drop),
            Some(Kind::Number) => self.numeral().map(drop),
            Some(Kind::Boolean) if self.literal(b"true") || self.literal(b"false") => Ok(()),
            Some(Kind::Null) if self.literal(b"null") => Ok(()),
            _ => self.broken("expected a JSON value"),
        }
    }

    /// Reports an instance of a deprecated schema, if notes were asked for.
    #[inline]
    pub fn deprecated(&mut self, at: &'static str) -> Flow {
        if !self.options.notes {
            return Ok(());
        }
        let offset = self.mark();
        self.report(Severity::Note, offset, at, "deprecated", Problem::Deprecated)
    }

    /// Reports an instance of a `readOnly` schema in a request.
    #[inline]
    pub fn read_only(&mut self, at: &'static str) -> Flow {
        if self.options.direction != Direction::Request {
            return Ok(());
        }
        let offset = self.mark();
        self.report(Severity::Drift, offset, at, "readOnly", Problem::ReadOnly)
    }

    /// Reports an instance of a `writeOnly` schema in a response.
    #[inline]
    pub fn write_only(&mut self, at: &'static str) -> Flow {
        if self.options.direction != Direction::Response {
            return Ok(());
        }
        let offset = self.mark();
        self.report(Severity::Drift, offset, at, "writeOnly", Problem::WriteOnly)
    }

    /// Hides all values of the payload in reports, if it begins here: it has secrets under names
    /// that are the payload's own (`additionalProperties`).
    pub fn conceal(&mut self) {
        self.collector.conceals |= self.depth == 0;
    }

    /// Lets a rule of [`SourceMap::forbidden`] hold from here on; returns what held before.
    #[inline]
    pub fn forbid(&mut self, rule: usize) -> u64 {
        let before = self.forbidding;
        self.forbidding |= crate::object::bit(rule);
        before
    }

    /// Lets only those rules hold that held before [`Reader::forbid`].
    #[inline]
    pub fn permit(&mut self, before: u64) {
        self.forbidding = before;
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The offset of what is still to be read.
    #[inline]
    pub(crate) fn pos(&self) -> usize {
        self.bytes.len() - self.rest.len()
    }

    #[inline]
    pub(crate) fn seek(&mut self, pos: usize) {
        self.rest = self.bytes.get(pos..).unwrap_or_default();
    }

    #[inline]
    pub(crate) fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    #[inline]
    pub(crate) fn skip_whitespace(&mut self) {
        // On the wire there is none, which takes one comparison to see.
        if let Some(..=b' ') = self.peek() {
            self.skip_some_whitespace();
        }
    }

    #[inline(never)]
    fn skip_some_whitespace(&mut self) {
        let mut rest = self.rest;
        while let [b' ' | b'\t' | b'\n' | b'\r', after @ ..] = rest {
            rest = unindented(after);
        }
        self.rest = rest;
    }

    /// Reads a literal name if it is next.
    #[inline]
    pub(crate) fn literal(&mut self, name: &[u8]) -> bool {
        let Some(rest) = self.rest.strip_prefix(name) else { return false };
        self.rest = rest;
        true
    }

    /// Whether a value of an expected type is next; if not, the value is read and reported.
    #[cold]
    pub(crate) fn starts(
        &mut self,
        expected: Types,
        at: &'static str,
        nullable: bool,
    ) -> Result<bool, Stop> {
        let Some(kind) = self.kind() else {
            self.broken("expected a JSON value")?;
            return Ok(false);
        };
        if expected.contains(kind) {
            return Ok(true);
        }
        if nullable && self.literal(b"null") {
            return Ok(false);
        }
        let expected = if nullable { expected.or(Types::NULL) } else { expected };
        self.mistyped(expected, kind, at, "type")?;
        Ok(false)
    }

    /// Reads and reports a value of a type that is not expected; `actual` is its type by its first
    /// byte.
    #[cold]
    pub(crate) fn mistyped(
        &mut self,
        expected: Types,
        actual: Kind,
        at: &'static str,
        keyword: &'static str,
    ) -> Flow {
        let offset = self.pos();
        let problem = Problem::Type { expected, actual };
        if matches!(actual, Kind::Object | Kind::Array) {
            self.error(offset, at, keyword, problem)?;
            return self.any_of_kind(Some(actual));
        }
        // What is not JSON has no type: `tango` is no boolean.
        self.any_of_kind(Some(actual))?;
        self.error(offset, at, keyword, problem)
    }

    /// Enters an array or object, whose first byte is next.
    #[inline]
    pub(crate) fn enter(&mut self) -> Flow {
        if self.depth >= self.options.depth {
            return self.too_deep();
        }
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.wrapping_sub(1);
    }

    /// Reads a string, whose opening quote is next.
    #[inline]
    pub(crate) fn json_string(&mut self) -> Result<JsonString<'p>, Stop> {
        let start = self.pos() + 1;
        if let Some((raw, rest)) = plain(self.rest) {
            self.rest = rest;
            return Ok(JsonString { start, raw, form: Form::Ascii });
        }
        self.any_json_string(start)
    }

    /// Reads a string, however it is written; `start` is the offset behind its opening quote.
    #[inline(never)]
    pub(crate) fn any_json_string(&mut self, start: usize) -> Result<JsonString<'p>, Stop> {
        let bytes = self.bytes;
        let mut form = Form::Ascii;
        let mut is_ascii = true;
        let mut sound = true;
        let mut end = start;
        loop {
            end = plain_end(bytes, end);
            match bytes.get(end..).unwrap_or_default() {
                [] => {
                    self.seek(start - 1);
                    self.broken("the string does not end")?;
                }
                [b'"', ..] => break,
                [b'\\', b'"' | b'\\' | b'/' | b'n', ..] => {
                    form = Form::Escaped;
                    end += 2;
                }
                rest @ [b'\\', ..] => {
                    form = Form::Escaped;
                    let (length, flaw) = crate::json_string::escape(rest);
                    if let Some(flaw) = flaw {
                        sound = false;
                        self.error(end, "", "json", Problem::Json(flaw))?;
                    }
                    end += length;
                }
                [..0x20, ..] => {
                    sound = false;
                    let flaw = Problem::Json("a control character must be written as an escape");
                    self.error(end, "", "json", flaw)?;
                    end += 1;
                }
                rest => {
                    is_ascii = false;
                    if form == Form::Ascii {
                        form = Form::Unicode;
                    }
                    end += rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
                }
            }
        }
        self.seek(end + 1);
        let raw = bytes.get(start..end).unwrap_or_default();
        if !is_ascii && let Err(error) = core::str::from_utf8(raw) {
            sound = false;
            let flaw = Problem::Json("the text is not UTF-8");
            self.error(start + error.valid_up_to(), "", "json", flaw)?;
        }
        Ok(JsonString { start, raw, form: if sound { form } else { Form::Broken } })
    }

    /// Reports an error.
    #[cold]
    #[inline]
    pub(crate) fn error(
        &mut self,
        offset: usize,
        at: &'static str,
        keyword: &'static str,
        problem: Problem,
    ) -> Flow {
        self.report(Severity::Error, offset, at, keyword, problem)
    }

    /// Reports something.
    #[cold]
    #[inline]
    pub(crate) fn report(
        &mut self,
        severity: Severity,
        offset: usize,
        at: &'static str,
        keyword: &'static str,
        problem: Problem,
    ) -> Flow {
        self.record(Found { severity, offset, at, keyword, problem })
    }

    /// Keeps or counts a finding; the first error stops a run that is for a verdict only.
    #[inline(never)]
    fn record(&mut self, found: Found) -> Flow {
        let is_error = found.severity == Severity::Error;
        self.collector.errors = self.collector.errors.saturating_add(usize::from(is_error));
        self.collector.remarks |= !is_error;
        match self.collector.mode {
            Mode::Verdict if is_error => return Err(Stop::Invalid),
            Mode::Verdict | Mode::Count => {}
            Mode::Collect => self.collector.keep(found, self.options.findings),
        }
        Ok(())
    }

    /// Stops because the JSON cannot be read on.
    #[cold]
    pub(crate) fn broken(&mut self, flaw: &'static str) -> Flow {
        self.stop(Stop::NotJson, "json", Problem::Json(flaw))
    }

    #[cold]
    #[inline(never)]
    fn too_deep(&mut self) -> Flow {
        let limit = self.options.depth;
        self.stop(Stop::Limit, "depth", Problem::TooDeep { limit })
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn too_composed(&mut self, limit: usize) -> Flow {
        self.stop(Stop::Limit, "depth", Problem::TooComposed { limit })
    }

    /// Stops for a reason that is no verdict of a schema, and that a trial must not take for one.
    #[cold]
    fn stop(&mut self, stop: Stop, keyword: &'static str, problem: Problem) -> Flow {
        let offset = self.pos();
        self.stopped = Some(Found { severity: Severity::Error, offset, at: "", keyword, problem });
        Err(stop)
    }
}

/// The kind of a value by its first byte.
static KINDS: [Option<Kind>; 256] = {
    let mut kinds = [None; 256];
    let mut rest: &mut [Option<Kind>] = &mut kinds;
    let mut byte = 0_u8;
    while let [kind, others @ ..] = rest {
        *kind = match byte {
            b'{' => Some(Kind::Object),
            b'[' => Some(Kind::Array),
            b'"' => Some(Kind::String),
            b'-' | b'0'..=b'9' => Some(Kind::Number),
            b't' | b'f' => Some(Kind::Boolean),
            b'n' => Some(Kind::Null),
            _ => None,
        };
        byte = byte.wrapping_add(1);
        rest = others;
    }
    kinds
};

/// Reads any object, if one is next.
fn any_object(reader: &mut Reader<'_>) -> Flow {
    const FREE: ObjectRules<0> = ObjectRules::ANY;
    if !reader.object(&FREE)? {
        return Ok(());
    }
    let (mut object, mut seen) = reader.members();
    while reader.member(&mut object, &mut seen, &FREE)?.is_some() {
        reader.any()?;
    }
    reader.close(&object, seen, &FREE)
}

/// Reads any array, if one is next.
fn any_array(reader: &mut Reader<'_>) -> Flow {
    reader.array(&ArrayRules::ANY, Reader::any)
}

/// Reads any value, as a [`Validator`].
pub fn any(reader: &mut Reader<'_>) -> Flow {
    reader.any()
}
