//! Equality of JSON values (JSON Schema, "Instance Equality"), without building them.
//!
//! Numbers are equal by value, strings by code points, objects by their members in any order.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::json_string::{self, Decoded};
use crate::number::Decimal;

/// Whether a value that was read before equals one of the document's.
///
/// Looks at no more of the value than the other one has.
pub(crate) fn is_equal(value: &[u8], known: &[u8]) -> bool {
    equal(&mut Text(value), &mut Text(known))
}

/// A total order of values in which equal ones, however they are written, are equal.
pub(crate) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    order(&mut Text(a), &mut Text(b))
}

/// A hash of a value that was read before: the same for equal values.
///
/// `known` may tell the hash and the end of an array that has been hashed before, by its length up to
/// the end of the value. Other values may have the same hash: whoever sends them can make them so.
pub(crate) fn fingerprint(value: &[u8], known: &impl Fn(usize) -> Option<(u128, usize)>) -> u128 {
    hash(&mut Text(value), known)
}

/// The hash of an array, from the hashes of its items.
pub(crate) struct ArrayHash(u128);

impl ArrayHash {
    pub(crate) const EMPTY: Self = Self(b'[' as u128);

    pub(crate) fn add(&mut self, item: u128) {
        self.0 = mix(self.0, item);
    }

    pub(crate) fn finish(&self) -> u128 {
        self.0
    }
}

fn equal(value: &mut Text<'_>, known: &mut Text<'_>) -> bool {
    match (value.next(), known.next()) {
        (Token::Object, Token::Object) => {
            let mut members = known.members();
            members.sort_by(|a, b| json_string::compare(a.0, b.0));
            let mut count = 0;
            while let Some(name) = value.member() {
                let place = members.binary_search_by(|member| json_string::compare(member.0, name));
                let Some((_, known)) = place.ok().and_then(|place| members.get(place)) else {
                    return false;
                };
                if !equal(value, &mut Text(known)) {
                    return false;
                }
                count += 1;
            }
            count == members.len()
        }
        (Token::Array, Token::Array) => loop {
            match (value.item(), known.item()) {
                (true, true) if equal(value, known) => {}
                (false, false) => return true,
                _ => return false,
            }
        },
        (Token::String(a), Token::String(b)) => json_string::compare(a, b).is_eq(),
        (Token::Number(a), Token::Number(b)) => Decimal::read(a).cmp(&Decimal::read(b)).is_eq(),
        (Token::Literal(a), Token::Literal(b)) => a == b,
        _ => false,
    }
}

fn order(a: &mut Text<'_>, b: &mut Text<'_>) -> Ordering {
    match (a.next(), b.next()) {
        (Token::Object, Token::Object) => {
            let (mut a, mut b) = (a.members(), b.members());
            a.sort_by(|a, b| json_string::compare(a.0, b.0));
            b.sort_by(|a, b| json_string::compare(a.0, b.0));
            let differences = a.iter().zip(&b).map(|(a, b)| {
                json_string::compare(a.0, b.0).then_with(|| order(&mut Text(a.1), &mut Text(b.1)))
            });
            differences
                .into_iter()
                .find(|order| order.is_ne())
                .unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Token::Array, Token::Array) => loop {
            match (a.item(), b.item()) {
                (true, true) => {
                    let order = order(a, b);
                    if order.is_ne() {
                        return order;
                    }
                }
                (a, b) => return a.cmp(&b),
            }
        },
        (Token::String(a), Token::String(b)) => json_string::compare(a, b),
        (Token::Number(a), Token::Number(b)) => Decimal::read(a).cmp(&Decimal::read(b)),
        (Token::Literal(a), Token::Literal(b)) => a.cmp(b),
        (a, b) => a.rank().cmp(&b.rank()),
    }
}

fn hash(text: &mut Text<'_>, known: &impl Fn(usize) -> Option<(u128, usize)>) -> u128 {
    text.skip_whitespace();
    let length = text.0.len();
    match text.next() {
        Token::Object => {
            let mut sum = 0_u128;
            while let Some(name) = text.member() {
                let name = feed(u128::from(b'"'), Decoded::new(name));
                sum = sum.wrapping_add(mix(name, hash(text, known)));
            }
            mix(sum, u128::from(b'{'))
        }
        Token::Array => {
            if let Some((hash, rest)) = known(length) {
                text.0 = text.0.get(text.0.len() - rest..).unwrap_or_default();
                return hash;
            }
            let mut state = ArrayHash::EMPTY;
            while text.item() {
                state.add(hash(text, known));
            }
            state.finish()
        }
        Token::String(raw) => feed(u128::from(b'"'), Decoded::new(raw)),
        Token::Number(token) => number(token),
        Token::Literal(name) => feed(u128::from(b't'), name.iter().copied()),
    }
}

/// What is left of a sound value.
struct Text<'p>(&'p [u8]);

/// How a value begins, or the whole of it.
enum Token<'p> {
    Object,
    Array,
    String(&'p [u8]),
    Number(&'p [u8]),
    Literal(&'p [u8]),
}

impl Token<'_> {
    fn rank(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::Number(_) => 1,
            Self::String(_) => 2,
            Self::Array => 3,
            Self::Object => 4,
        }
    }
}

impl<'p> Text<'p> {
    /// Reads a value, or the bracket that opens it.
    fn next(&mut self) -> Token<'p> {
        self.skip_whitespace();
        match self.0 {
            [b'{', ..] => {
                self.skip(1);
                Token::Object
            }
            [b'[', ..] => {
                self.skip(1);
                Token::Array
            }
            [b'"', ..] => Token::String(self.string()),
            [b'-' | b'0'..=b'9', ..] => Token::Number(self.token()),
            _ => Token::Literal(self.token()),
        }
    }

    /// Reads the name of the next member; none, and the closing brace, at the end.
    fn member(&mut self) -> Option<&'p [u8]> {
        if !self.item() {
            return None;
        }
        let name = self.string();
        self.skip_whitespace();
        self.skip(1);
        Some(name)
    }

    /// Whether another item or member comes; if not, reads the closing bracket.
    fn item(&mut self) -> bool {
        self.skip_whitespace();
        if let [b',', ..] = self.0 {
            self.skip(1);
            self.skip_whitespace();
        }
        let is_end = matches!(self.0, [] | [b']' | b'}', ..]);
        if is_end {
            self.skip(1);
        }
        !is_end
    }

    /// The members of an object whose brace has been read: names and values, as they are written.
    fn members(&mut self) -> Vec<(&'p [u8], &'p [u8])> {
        let mut members = Vec::new();
        while let Some(name) = self.member() {
            let before = self.0;
            self.skip_value();
            let length = before.len() - self.0.len();
            members.push((name, before.get(..length).unwrap_or_default()));
        }
        members
    }

    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        loop {
            self.skip_whitespace();
            match self.0 {
                [b'{' | b'[', ..] => {
                    self.skip(1);
                    depth += 1;
                }
                [b'}' | b']', ..] => {
                    self.skip(1);
                    depth = depth.saturating_sub(1);
                }
                [b'"', ..] => drop(self.string()),
                [b',' | b':', ..] => self.skip(1),
                [] => return,
                _ => drop(self.token()),
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) -> &'p [u8] {
        self.skip(1);
        let mut end = 0;
        while let Some(byte) = self.0.get(end) {
            match byte {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        let (raw, after) = self.0.split_at_checked(end).unwrap_or((self.0, &[]));
        self.0 = after;
        self.skip(1);
        raw
    }

    /// Reads a number or a literal name.
    fn token(&mut self) -> &'p [u8] {
        let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
        let length = self.0.iter().position(is_end).unwrap_or(self.0.len());
        // What no token can start with must not stall a loop.
        let (token, after) = self.0.split_at_checked(length.max(1)).unwrap_or((self.0, &[]));
        self.0 = after;
        token
    }

    fn skip(&mut self, count: usize) {
        self.0 = self.0.get(count..).unwrap_or_default();
    }

    fn skip_whitespace(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }
}

fn number(token: &[u8]) -> u128 {
    let decimal = Decimal::read(token);
    let digits = decimal.digits().map(|digit| digit + b'0');
    let state = feed(u128::from(b'0'), digits);
    let sign = u128::from(decimal.is_negative());
    #[expect(clippy::cast_sign_loss, reason = "the bits of the exponent are hashed")]
    let magnitude = decimal.magnitude() as u64;
    mix(mix(state, sign), u128::from(magnitude))
}

fn feed(state: u128, bytes: impl Iterator<Item = u8>) -> u128 {
    mix(bytes.fold(state, |state, byte| (state ^ u128::from(byte)).wrapping_mul(PRIME)), 1)
}

/// The prime of FNV-1a with 128 bits.
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;

fn mix(a: u128, b: u128) -> u128 {
    let mut state = (a.rotate_left(41) ^ b).wrapping_mul(PRIME);
    state ^= state >> 67;
    state = state.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    state ^ (state >> 59)
}
