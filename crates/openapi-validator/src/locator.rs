//! Says where an offset of a payload is, after the run, and what may be shown of it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::json_string::{Decoded, plain_end};
use crate::parameters::{Location, Parameter};
use crate::source_map::{Name, SourceMap};

/// The names that may be shown, and those with values that must not be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vocabulary {
    pub(crate) source_map: &'static SourceMap,
    /// The parameters, if the payload is a request's.
    pub(crate) parameters: &'static [Parameter],
    /// Whether the payload is not JSON: what looks like a name may then be a value.
    pub(crate) broken: bool,
}

impl Vocabulary {
    /// What is known of a member's name, given as it stands between its quotes.
    pub(crate) fn name(self, raw: &[u8]) -> Name {
        decode(raw).map_or(Name::Unknown, |name| self.decoded_name(&name))
    }

    fn decoded_name(self, name: &str) -> Name {
        if let Some(parameter) = self.parameters.iter().find(|known| known.name == name) {
            return if self.source_map.is_secret(parameter.at) {
                Name::Secret
            } else {
                Name::Public
            };
        }
        if !self.parameters.is_empty() && Location::ALL.iter().any(|known| known.name() == name) {
            return Name::Public;
        }
        self.source_map.name(name)
    }

    /// A member's name, if it is known or looks like a name and not like a secret.
    pub(crate) fn shown(self, raw: &[u8]) -> Option<String> {
        let name = decode(raw)?;
        let is_shown =
            self.decoded_name(&name) != Name::Unknown || (!self.broken && is_plausible(&name));
        is_shown.then_some(name)
    }
}

fn decode(raw: &[u8]) -> Option<String> {
    /// Longer names are never shown.
    const LONGEST: usize = 200;
    let decoded: Vec<u8> = Decoded::new(raw).take(LONGEST + 1).collect();
    if decoded.len() > LONGEST { None } else { String::from_utf8(decoded).ok() }
}

fn is_plausible(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && name.bytes().filter(u8::is_ascii_digit).count() <= 2
}

/// Walks through the tokens of a payload, whether or not it is JSON.
///
/// Looking places up afterwards keeps the run itself free of any bookkeeping for them.
#[derive(Clone, Debug)]
pub(crate) struct Locator<'r> {
    bytes: &'r [u8],
    /// Where the walk is.
    pos: usize,
    frames: Vec<Frame>,
    /// Where the latest long string starts and ends: many findings may be in it.
    string: Option<(usize, usize)>,
}

/// Shorter strings are read again.
const LONG: usize = 1 << 10;

/// An array or object that is open, with the offset of its bracket.
#[derive(Clone, Debug)]
enum Frame {
    /// The place of the current item; none between items.
    Array { start: usize, index: usize, is_in_item: bool },
    /// The range of the current member's name; none between members. A string is a name only
    /// where one is due.
    Object { start: usize, name: Option<(usize, usize)>, is_name_due: bool },
}

/// A run of bytes that belong together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'r> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) raw: &'r [u8],
    pub(crate) role: Role,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Punctuation,
    /// The name of a member.
    Name,
    /// A string, a number, a literal name, or what is no token of JSON.
    Value,
}

impl<'r> Token<'r> {
    /// A string's text between its quotes.
    pub(crate) fn text(&self) -> Option<&'r [u8]> {
        self.raw.strip_prefix(b"\"")?.strip_suffix(b"\"")
    }
}

impl<'r> Locator<'r> {
    pub(crate) fn new(bytes: &'r [u8]) -> Self {
        Self { bytes, pos: 0, frames: Vec::new(), string: None }
    }

    /// The token that is next.
    pub(crate) fn token(&mut self) -> Option<Token<'r>> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.pos) {
            self.pos += 1;
        }
        let (end, role) = match self.bytes.get(self.pos)? {
            b'"' if self.is_name_next() => (self.string_end(), Role::Name),
            b'"' => (self.string_end(), Role::Value),
            b'{' | b'[' | b'}' | b']' | b',' | b':' => (self.pos + 1, Role::Punctuation),
            _ => (self.token_end(), Role::Value),
        };
        let raw = self.bytes.get(self.pos..end).unwrap_or_default();
        Some(Token { start: self.pos, end, raw, role })
    }

    /// Takes over what a walk that started from here has learnt.
    #[cfg(feature = "render")]
    pub(crate) fn learn(&mut self, ahead: &Self) {
        self.string = ahead.string;
    }

    /// Goes behind the token that is next.
    #[cfg(feature = "render")]
    pub(crate) fn pass(&mut self, token: Token<'_>) {
        self.begin(token);
        self.finish(token);
        self.pos = token.end;
    }

    /// Goes to the token that contains an offset, or the first one behind it, and enters it.
    pub(crate) fn seek(&mut self, offset: usize) -> Option<Token<'r>> {
        loop {
            let token = self.token()?;
            if token.start > offset {
                return Some(token);
            }
            self.begin(token);
            if offset < token.end {
                return Some(token);
            }
            self.finish(token);
            self.pos = token.end;
        }
    }

    /// The names of the members that the walk is inside of, as they stand between their quotes,
    /// the outermost first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'r [u8]> {
        self.frames.iter().filter_map(|frame| match frame {
            Frame::Object { name: Some((start, end)), .. } => self.bytes.get(*start..*end),
            _ => None,
        })
    }

    /// The offsets of the arrays, objects and names that the walk is inside of.
    pub(crate) fn around(&self) -> impl Iterator<Item = usize> {
        self.frames
            .iter()
            .flat_map(|frame| match frame {
                Frame::Array { start, .. } => [Some(*start), None],
                Frame::Object { start, name, .. } => {
                    [Some(*start), name.map(|(start, _)| start.saturating_sub(1))]
                }
            })
            .flatten()
    }

    /// Where the walk is, as a JSON Pointer; names that must not be shown are `***`.
    pub(crate) fn pointer(&self, vocabulary: Vocabulary) -> String {
        let mut pointer = String::new();
        for frame in &self.frames {
            match frame {
                Frame::Array { index, is_in_item: true, .. } => {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                }
                Frame::Object { name: Some((start, end)), .. } => {
                    pointer.push('/');
                    let raw = self.bytes.get(*start..*end).unwrap_or_default();
                    match vocabulary.shown(raw) {
                        Some(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                        None => pointer.push_str("***"),
                    }
                }
                _ => {}
            }
        }
        pointer
    }

    /// A second string where a name is due is a value whose colon is missing.
    fn is_name_next(&self) -> bool {
        match self.frames.last() {
            Some(Frame::Object { name, is_name_due: true, .. }) => {
                name.is_none_or(|(start, _)| start == self.pos + 1)
            }
            _ => false,
        }
    }

    /// What a token means before it is passed.
    fn begin(&mut self, token: Token<'_>) {
        match self.frames.last_mut() {
            Some(Frame::Object { name, .. }) if token.role == Role::Name => {
                let start = token.start + 1;
                *name = Some((start, token.end.saturating_sub(1).max(start)));
            }
            Some(Frame::Array { is_in_item, .. }) if !matches!(token.raw, b"," | b"]") => {
                *is_in_item = true;
            }
            _ => {}
        }
    }

    /// What a token means after it is passed.
    fn finish(&mut self, token: Token<'_>) {
        match token.raw {
            b"{" => {
                return self.frames.push(Frame::Object {
                    start: token.start,
                    name: None,
                    is_name_due: true,
                });
            }
            b"[" => {
                return self.frames.push(Frame::Array {
                    start: token.start,
                    index: 0,
                    is_in_item: false,
                });
            }
            b"}" | b"]" => drop(self.frames.pop()),
            _ => {}
        }
        match self.frames.last_mut() {
            Some(Frame::Array { index, is_in_item, .. }) => {
                *is_in_item = false;
                if token.raw == b"," {
                    *index += 1;
                }
            }
            Some(Frame::Object { name, is_name_due, .. }) => match token.raw {
                b":" => *is_name_due = false,
                [b'"', ..] if *is_name_due => {}
                _ => {
                    *name = None;
                    *is_name_due = token.raw == b",";
                }
            },
            None => {}
        }
    }

    fn string_end(&mut self) -> usize {
        if let Some((start, end)) = self.string
            && start == self.pos
        {
            return end;
        }
        let mut end = self.pos + 1;
        let end = loop {
            end = plain_end(self.bytes, end);
            match self.bytes.get(end) {
                None => break self.bytes.len(),
                Some(b'"') => break end + 1,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        };
        if end - self.pos > LONG {
            self.string = Some((self.pos, end));
        }
        end
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
}
