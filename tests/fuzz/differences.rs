//! Why the generated validators and the jsonschema crate may differ on a payload.

use serde_json::Value;

/// A known reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// We report a duplicate member, a parser keeps the last one.
    Duplicate,
    /// We take decimals as they are written, the other one takes the nearest `f64`.
    ExactDecimal,
    /// The other one accepts a `date-time` with something else than digits in it.
    DateTime,
    /// The other one decodes `xn--` labels, which is the matter of `idn-hostname`.
    Punycode,
    /// `serde_json` refuses a number beyond `f64`, so there is nothing to ask about.
    Range,
    /// `serde_json` reads 127 levels, we read 128 unless the options say otherwise.
    Depth,
}

/// What parsing loses of a JSON text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// How many members its objects have, repeated ones included.
    pub members: usize,
    /// How many arrays and objects stand inside each other.
    pub depth: usize,
    /// Whether it has a number whose digits an `f64` may not keep.
    pub has_inexact_number: bool,
}

impl Text {
    /// Reads a text that is JSON; of any other, this says nothing.
    pub fn of(json: &[u8]) -> Self {
        let mut text = Self::default();
        let mut depth = 0_usize;
        let mut rest = json;
        while let [byte, after @ ..] = rest {
            let length = match byte {
                b'"' => string(after),
                b'-' | b'0'..=b'9' => text.number(rest),
                _ => 0,
            };
            match byte {
                b':' => text.members += 1,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            text.depth = text.depth.max(depth);
            rest = after.get(length..).unwrap_or_default();
        }
        text
    }

    /// Whether a parser that made this value of the text has lost a member.
    pub fn has_duplicate(&self, value: &Value) -> bool {
        members(value) < self.members
    }

    /// Takes a number into account and returns how many bytes follow its first.
    fn number(&mut self, text: &[u8]) -> usize {
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = text.iter().take_while(|byte| is_part(byte)).count();
        let token = &text[..length];
        let digits = token.iter().filter(|byte| byte.is_ascii_digit()).count();
        let has_exponent = token.iter().any(|byte| matches!(byte, b'e' | b'E'));
        self.has_inexact_number |= digits > 15 || has_exponent;
        length - 1
    }
}

/// How many bytes of a string follow its opening quote.
fn string(text: &[u8]) -> usize {
    let mut length = 0;
    while let Some(byte) = text.get(length) {
        match byte {
            b'"' => return length + 1,
            b'\\' => length += 2,
            _ => length += 1,
        }
    }
    length
}

fn members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(members).sum(),
        Value::Object(inner) => inner.len() + inner.values().map(members).sum::<usize>(),
        _ => 0,
    }
}
