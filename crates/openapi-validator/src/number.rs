//! Numbers, exact: what counts are the decimal digits of the payload, never a float.

use core::cmp::Ordering;

use crate::finding::{Problem, Types};
use crate::reader::{Flow, Reader, Stop};

/// What a number has to obey.
#[derive(Clone, Copy, Debug)]
pub struct NumberRules {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Whether `null` is accepted.
    pub nullable: bool,
    /// Whether the value has to be a whole number (`type: integer`); `1.0` and `1e2` are.
    pub integer: bool,
    /// The smallest value.
    pub minimum: Option<Bound>,
    /// The largest value.
    pub maximum: Option<Bound>,
    /// What the value has to be a multiple of, a positive number.
    pub multiple_of: Option<&'static str>,
    /// The range of `format` (`int32`, `int64`, `float`, `double`).
    pub format: Option<NumberFormat>,
}

/// A limit of a number.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The limit, as the document writes it.
    pub value: &'static str,
    /// Whether the limit itself is outside.
    pub exclusive: bool,
}

/// A range of numbers that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFormat {
    /// What 32 bits with a sign hold.
    Int32,
    /// What 64 bits with a sign hold.
    Int64,
    /// What does not overflow IEEE 754 single precision.
    Float,
    /// What does not overflow IEEE 754 double precision.
    Double,
}

/// Where rounding to single precision overflows: half a step above its largest number, 2^128 - 2^103.
const FLOAT_LIMIT: &str = "340282356779733661637539395458142568448";
/// Where rounding to double precision overflows: half a step above its largest number, 2^1024 - 2^970.
const DOUBLE_LIMIT: &str = "\
    17976931348623158079372897140530341507993413271003782693617377898044496829276475\
    09466490179775872070963302864166928879109465555478519404026306574886715058206819\
    08902000708383676273854845817711531764475730270069855571366959622842914819860834\
    936475292719074168444365510704342711559699508093042880177904174497792";

impl NumberFormat {
    /// Whether the format can hold a number.
    fn holds(self, number: &Decimal<'_>) -> bool {
        let is_between = |low: &str, high: &str| {
            number.cmp(&Decimal::read(low.as_bytes())).is_ge()
                && number.cmp(&Decimal::read(high.as_bytes())).is_le()
        };
        let is_below = |limit: &str| number.cmp_magnitude(&Decimal::read(limit.as_bytes())).is_lt();
        match self {
            Self::Int32 => is_between("-2147483648", "2147483647"),
            Self::Int64 => is_between("-9223372036854775808", "9223372036854775807"),
            Self::Float => is_below(FLOAT_LIMIT),
            Self::Double => is_below(DOUBLE_LIMIT),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float => "float",
            Self::Double => "double",
        }
    }
}

impl NumberRules {
    /// Any number.
    pub const ANY: Self = Self {
        at: "",
        nullable: false,
        integer: false,
        minimum: None,
        maximum: None,
        multiple_of: None,
        format: None,
    };
}

impl NumberRules {
    /// Whether a plain number obeys; if not, that takes a closer look.
    #[inline(always)]
    fn surely_accept(&self, token: &[u8]) -> bool {
        /// What every format can hold.
        const SHORT: usize = 9;
        let has_rules = self.integer
            || self.minimum.is_some()
            || self.maximum.is_some()
            || self.format.is_some()
            || self.multiple_of.is_some();
        // Of two whole numbers, the longer one is greater, as neither has leading zeros.
        let compare = |bound: Bound| {
            let limit = bound.value.as_bytes();
            let order = token.len().cmp(&limit.len()).then_with(|| token.cmp(limit));
            let is_simple = !bound.exclusive && limit.iter().all(u8::is_ascii_digit);
            is_simple.then_some(order)
        };
        !has_rules
            || (!token.contains(&b'.')
                && self.minimum.is_none_or(|bound| compare(bound).is_some_and(Ordering::is_ge))
                && self.maximum.is_none_or(|bound| compare(bound).is_some_and(Ordering::is_le))
                && (self.format.is_none() || token.len() <= SHORT)
                && self.multiple_of.is_none())
    }
}

/// Splits a short number without sign and exponent from what comes after it; none for any other.
#[inline]
fn plain(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    const ONES: u64 = u64::MAX / 0xFF;
    let word = u64::from_le_bytes(*bytes.first_chunk()?) ^ (ONES * 0x30);
    // The highest bit of each byte that is no digit.
    let others = (((word & (ONES * 0x7F)) + ONES * 0x76) | word) & (ONES * 0x80);
    let place = |flags: u64| (flags.trailing_zeros() / 8) as usize;
    let mut end = place(others);
    if end == 0 || (end > 1 && bytes.first() == Some(&b'0')) {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        let point = end;
        end = place(others & others.wrapping_sub(1));
        if end == point + 1 {
            return None;
        }
    }
    // A number of eight characters or more ends beyond the word.
    if end >= 8 || matches!(bytes.get(end), Some(b'e' | b'E')) {
        return None;
    }
    bytes.split_at_checked(end)
}

/// How many decimal digits there are at the start.
#[inline]
fn digits(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len())
}

impl<'p> Reader<'p> {
    /// Reads a number.
    ///
    /// Inlined with constant rules, so that a check that they do not ask for costs nothing.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the rules are constants, most checks vanish")]
    pub fn number(&mut self, rules: &NumberRules) -> Flow {
        if let Some((token, rest)) = plain(self.rest)
            && rules.surely_accept(token)
        {
            self.rest = rest;
            return Ok(());
        }
        self.any_number(rules)
    }

    /// Reads a number, however it is written, and says what is wrong with it.
    #[inline(never)]
    fn any_number(&mut self, rules: &NumberRules) -> Flow {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            let expected = if rules.integer { Types::INTEGER } else { Types::NUMBER };
            if !self.starts(expected, rules.at, rules.nullable)? {
                return Ok(());
            }
        }
        let start = self.pos();
        let token = self.numeral()?;
        if rules.integer || rules.minimum.is_some() || rules.maximum.is_some() {
            self.check_bounds(rules, start, token)?;
        }
        if rules.multiple_of.is_some() || rules.format.is_some() {
            self.check_rest(rules, start, token)?;
        }
        Ok(())
    }

    fn check_bounds(&mut self, rules: &NumberRules, start: usize, token: &[u8]) -> Flow {
        let number = Decimal::read(token);
        if rules.integer && !number.is_integer() {
            let actual = crate::finding::Kind::Number;
            let problem = Problem::Type { expected: Types::INTEGER, actual };
            return self.error(start, rules.at, "type", problem);
        }
        if let Some(bound) = rules.minimum {
            let order = number.cmp(&Decimal::read(bound.value.as_bytes()));
            if order.is_lt() || (bound.exclusive && order.is_eq()) {
                self.error(start, rules.at, "minimum", Problem::Minimum(bound))?;
            }
        }
        if let Some(bound) = rules.maximum {
            let order = number.cmp(&Decimal::read(bound.value.as_bytes()));
            if order.is_gt() || (bound.exclusive && order.is_eq()) {
                self.error(start, rules.at, "maximum", Problem::Maximum(bound))?;
            }
        }
        Ok(())
    }

    fn check_rest(&mut self, rules: &NumberRules, start: usize, token: &[u8]) -> Flow {
        let number = Decimal::read(token);
        if let Some(divisor) = rules.multiple_of
            && !number.is_multiple_of(&Decimal::read(divisor.as_bytes()))
        {
            self.error(start, rules.at, "multipleOf", Problem::MultipleOf(divisor))?;
        }
        if let Some(format) = rules.format
            && !format.holds(&number)
        {
            self.error(start, rules.at, "format", Problem::Format(format.name()))?;
        }
        Ok(())
    }

    /// Reads a number by its grammar (RFC 8259, section 6); a sign or digit is next.
    pub(crate) fn numeral(&mut self) -> Result<&'p [u8], Stop> {
        let rest = self.rest;
        let (length, flaw) = numeral(rest);
        self.skip(length);
        match flaw {
            None => Ok(rest.get(..length).unwrap_or_default()),
            Some(flaw) => self.broken(flaw).map(|()| rest),
        }
    }
}

/// The length of the number at the start of `bytes`, or of what can be read of it, and what is
/// wrong after that.
fn numeral(bytes: &[u8]) -> (usize, Option<&'static str>) {
    const NO_DIGIT: Option<&str> = Some("expected a digit");
    let start = usize::from(bytes.first() == Some(&b'-'));
    let mut end = start + digits(bytes.get(start..).unwrap_or_default());
    if end == start {
        return (start, NO_DIGIT);
    }
    if end > start + 1 && bytes.get(start) == Some(&b'0') {
        return (start + 1, Some("a number has no leading zeros"));
    }
    if bytes.get(end) == Some(&b'.') {
        let start = end + 1;
        end = start + digits(bytes.get(start..).unwrap_or_default());
        if end == start {
            return (start, NO_DIGIT);
        }
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let start = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = start + digits(bytes.get(start..).unwrap_or_default());
        if end == start {
            return (start, NO_DIGIT);
        }
    }
    (end, None)
}

/// A number as it is written, compared by value: `1`, `1.0` and `10e-1` are equal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal<'p> {
    negative: bool,
    /// The digits before and after the point, without zeros at the outer ends.
    whole: &'p [u8],
    fraction: &'p [u8],
    /// Where the point stands, counted from the first digit: `0.5` has 0, `5` has 1, `50` has 2.
    magnitude: i64,
}

impl<'p> Decimal<'p> {
    /// Reads a number that obeys the grammar.
    pub(crate) fn read(token: &'p [u8]) -> Self {
        let (negative, token) = match token {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, token),
        };
        let mut parts = token.splitn(2, |byte| matches!(byte, b'e' | b'E'));
        let digits = parts.next().unwrap_or_default();
        let exponent = exponent(parts.next().unwrap_or_default());
        let mut parts = digits.splitn(2, |byte| *byte == b'.');
        let whole = without_leading_zeros(parts.next().unwrap_or_default());
        let fraction = without_trailing_zeros(parts.next().unwrap_or_default());
        if whole.is_empty() {
            let significant = without_leading_zeros(fraction);
            if significant.is_empty() {
                return Self { negative: false, whole, fraction: &[], magnitude: 0 };
            }
            let magnitude = exponent.saturating_sub(signed(fraction.len() - significant.len()));
            return Self { negative, whole, fraction: significant, magnitude };
        }
        let magnitude = exponent.saturating_add(signed(whole.len()));
        let whole = if fraction.is_empty() { without_trailing_zeros(whole) } else { whole };
        Self { negative, whole, fraction, magnitude }
    }

    /// The significant digits as values, without zeros at either end; none for zero.
    pub(crate) fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.iter().chain(self.fraction).map(|digit| digit & 0x0F)
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.negative
    }

    pub(crate) fn magnitude(&self) -> i64 {
        self.magnitude
    }

    fn len(&self) -> usize {
        self.whole.len() + self.fraction.len()
    }

    fn is_zero(&self) -> bool {
        self.len() == 0
    }

    fn is_integer(&self) -> bool {
        self.magnitude >= signed(self.len())
    }

    pub(crate) fn cmp(&self, other: &Decimal<'_>) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) if other.negative => return Ordering::Greater,
            (true, false) => return Ordering::Less,
            (false, true) if self.negative => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        match (self.negative, other.negative) {
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            _ => {}
        }
        let order = self.cmp_digits(other);
        if self.negative { order.reverse() } else { order }
    }

    /// Compares without the sign; the other one is not zero.
    fn cmp_magnitude(&self, other: &Decimal<'_>) -> Ordering {
        if self.is_zero() { Ordering::Less } else { self.cmp_digits(other) }
    }

    fn cmp_digits(&self, other: &Decimal<'_>) -> Ordering {
        self.magnitude.cmp(&other.magnitude).then_with(|| self.digits().cmp(other.digits()))
    }

    /// Whether this is a whole multiple of a divisor of at most 18 digits; of nothing else.
    fn is_multiple_of(&self, divisor: &Decimal<'_>) -> bool {
        if self.is_zero() {
            return true;
        }
        let modulus = divisor
            .digits()
            .fold(0_u64, |value, digit| value.saturating_mul(10).saturating_add(u64::from(digit)));
        // Both are written as a whole number times a power of ten. Neither whole number ends in
        // zero, so the quotient is whole only if our power is not the smaller one.
        let ours = self.magnitude.saturating_sub(signed(self.len()));
        let theirs = divisor.magnitude.saturating_sub(signed(divisor.len()));
        let Ok(shift) = u64::try_from(ours.saturating_sub(theirs)) else { return false };
        if modulus == 0 {
            return false;
        }
        let modulus = u128::from(modulus);
        let remainder =
            self.digits().fold(0, |value, digit| (value * 10 + u128::from(digit)) % modulus);
        (remainder * power_of_ten(shift, modulus)).is_multiple_of(modulus)
    }
}

fn power_of_ten(mut exponent: u64, modulus: u128) -> u128 {
    let mut result = 1 % modulus;
    let mut base = 10 % modulus;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    result
}

/// The value of an exponent; one beyond all sense saturates.
fn exponent(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let value = digits.iter().fold(0_i64, |value, digit| {
        value.saturating_mul(10).saturating_add(i64::from(digit & 0x0F)).min(i64::MAX / 4)
    });
    if negative { -value } else { value }
}

fn without_leading_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    digits.get(zeros..).unwrap_or_default()
}

fn without_trailing_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
    digits.get(..digits.len() - zeros).unwrap_or_default()
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX / 4)
}
