//! Exact decimal numbers.

mod conversions;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

/// Comparison takes a larger exponent for this one, and a smaller one for its negative: such numbers
/// occur in no response that means something, and comparing them must stay cheap.
const MAX_EXPONENT: i64 = 1 << 60;

/// The most digits of a number that is calculated with, and the most of them after its point.
const MAX_DIGITS: u32 = 38;
/// The largest number of so many digits.
const MAX_COEFFICIENT: u128 = 10_u128.pow(MAX_DIGITS) - 1;

/// A decimal number with the digits that it had in the response (`format: decimal`).
///
/// Nothing is rounded and no zero is lost: `10.00` is written as `10.00` again, and
/// `12345678901234567.89` survives, which a binary float would not let it.
///
/// Comparison is by value: `10`, `10.00` and `1e1` are equal, `-0` equals `0`. The exponent has no
/// bound, so do not write the digits out without looking at it. Calculations have one, and are exact
/// within it; the result has as many digits after the point as whichever number has more of them.
///
/// The digits survive `serde_json::from_str`, `from_slice` and `from_reader`. A `serde_json::Value`
/// has only binary floats (unless its `arbitrary_precision` is on), so what came through one has
/// lost its zeros before it gets here. Other formats than JSON are not supported.
#[derive(Clone)]
pub struct Decimal {
    /// A JSON number (RFC 8259, section 6).
    text: Box<str>,
}

/// Why a number cannot be calculated with, or told in another form, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// The number, or the result, has more than 38 digits, zeros on either side included, or more than
    /// the other form has room for.
    TooManyDigits,
    /// The number has a fraction of what is counted.
    Fraction,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::TooManyDigits => "a decimal number has too many digits",
            Self::Fraction => "a decimal number is no whole number of minor units",
        })
    }
}

impl std::error::Error for DecimalError {}

/// The text is not a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseDecimalError(());

impl fmt::Display for ParseDecimalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a decimal number as JSON writes it")
    }
}

impl std::error::Error for ParseDecimalError {}

impl Decimal {
    /// The number as it stood in the response.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the value is zero.
    pub fn is_zero(&self) -> bool {
        self.parts().magnitude().is_none()
    }

    /// The sum, exactly: `10.00` and `0.5` make `10.50`.
    ///
    /// # Errors
    ///
    /// [`DecimalError::TooManyDigits`] if a number or the sum has more than 38 digits.
    pub fn checked_add(&self, other: &Self) -> Result<Self, DecimalError> {
        self.combine(other, i128::checked_add)
    }

    /// The difference, exactly: `10.00` less `0.5` makes `9.50`.
    ///
    /// # Errors
    ///
    /// [`DecimalError::TooManyDigits`] if a number or the difference has more than 38 digits.
    pub fn checked_sub(&self, other: &Self) -> Result<Self, DecimalError> {
        self.combine(other, i128::checked_sub)
    }

    fn combine(
        &self,
        other: &Self,
        operation: fn(i128, i128) -> Option<i128>,
    ) -> Result<Self, DecimalError> {
        let combined = || {
            let (left, right) = (self.parts().scaled()?, other.parts().scaled()?);
            let scale = left.scale.max(right.scale);
            let coefficient = operation(left.at(scale)?, right.at(scale)?)?;
            (coefficient.unsigned_abs() <= MAX_COEFFICIENT).then_some(Scaled { coefficient, scale })
        };
        combined().map(Self::from).ok_or(DecimalError::TooManyDigits)
    }

    fn parts(&self) -> Parts<'_> {
        // The text was parsed when the value was made.
        Parts::parse(&self.text).unwrap_or(Parts::ZERO)
    }
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(Box::from(text))
    }
}

impl TryFrom<Box<str>> for Decimal {
    type Error = ParseDecimalError;

    fn try_from(text: Box<str>) -> Result<Self, Self::Error> {
        match Parts::parse(&text) {
            Some(_) => Ok(Self { text }),
            None => Err(ParseDecimalError(())),
        }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self { text: value.to_string().into() }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Decimal({})", self.text)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.parts(), other.parts());
        match (left.magnitude(), right.magnitude()) {
            (None, None) => Ordering::Equal,
            (Some(_), None) => left.sign(),
            (None, Some(_)) => right.sign().reverse(),
            (Some(mine), Some(others)) => left.sign().cmp(&right.sign()).then_with(|| {
                let by_size = mine.cmp(&others);
                if left.is_negative { by_size.reverse() } else { by_size }
            }),
        }
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let parts = self.parts();
        match parts.magnitude() {
            None => false.hash(state),
            Some(magnitude) => {
                parts.is_negative.hash(state);
                magnitude.point.hash(state);
                magnitude.digits().for_each(|digit| digit.hash(state));
            }
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.text.to_string()).map_err(ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::try_from(Box::<str>::from(raw)).map_err(de::Error::custom)
    }
}

crate::values::describe::describe!(Decimal, number, "decimal");

/// A JSON number, taken apart.
#[derive(Clone, Copy)]
struct Parts<'t> {
    is_negative: bool,
    integer: &'t str,
    fraction: &'t str,
    exponent: i64,
}

impl<'t> Parts<'t> {
    const ZERO: Self = Self { is_negative: false, integer: "0", fraction: "", exponent: 0 };

    fn parse(text: &'t str) -> Option<Self> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text),
        };
        let (significand, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((significand, exponent)) => (significand, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (integer, fraction) = match significand.split_once('.') {
            Some((integer, fraction)) if is_digits(fraction) => (integer, fraction),
            Some(_) => return None,
            None => (significand, ""),
        };
        let has_leading_zero = integer.len() > 1 && integer.starts_with('0');
        (is_digits(integer) && !has_leading_zero).then_some(Self {
            is_negative,
            integer,
            fraction,
            exponent,
        })
    }

    /// The number for calculating with it; none if it has too many digits.
    fn scaled(self) -> Option<Scaled> {
        let digits = self.integer.bytes().chain(self.fraction.bytes());
        let size = digits
            .map(|digit| i128::from(digit - b'0'))
            .try_fold(0_i128, |size, digit| size.checked_mul(10)?.checked_add(digit))?;
        let coefficient = if self.is_negative { -size } else { size };
        let scale = i64::try_from(self.fraction.len()).ok()? - self.exponent;
        let scaled = match u32::try_from(scale) {
            Ok(scale) => Scaled { coefficient, scale },
            Err(_) if size == 0 => Scaled { coefficient: 0, scale: 0 },
            Err(_) => {
                let zeros = u32::try_from(scale.checked_neg()?).ok()?;
                Scaled { coefficient, scale: 0 }.times_ten_to(zeros)?
            }
        };
        let fits =
            scaled.scale <= MAX_DIGITS && scaled.coefficient.unsigned_abs() <= MAX_COEFFICIENT;
        fits.then_some(scaled)
    }

    /// How the number compares with zero, if it is not zero.
    fn sign(self) -> Ordering {
        if self.is_negative { Ordering::Less } else { Ordering::Greater }
    }

    /// The size of the number; none for zero.
    fn magnitude(self) -> Option<Magnitude<'t>> {
        let all = || self.integer.bytes().chain(self.fraction.bytes());
        let leading_zeros = all().position(|digit| digit != b'0')?;
        let trailing_zeros = all().rev().position(|digit| digit != b'0')?;
        let end = self.integer.len() + self.fraction.len() - trailing_zeros;
        let point = i64::try_from(self.integer.len()).ok()? - i64::try_from(leading_zeros).ok()?
            + self.exponent;
        Some(Magnitude { parts: self, leading_zeros, end, point })
    }
}

/// `coefficient / 10^scale`
#[derive(Clone, Copy)]
struct Scaled {
    coefficient: i128,
    scale: u32,
}

impl Scaled {
    /// The coefficient for another scale, not smaller than this one.
    fn at(self, scale: u32) -> Option<i128> {
        self.times_ten_to(scale.checked_sub(self.scale)?).map(|scaled| scaled.coefficient)
    }

    fn times_ten_to(self, zeros: u32) -> Option<Self> {
        let coefficient = self.coefficient.checked_mul(10_i128.checked_pow(zeros)?)?;
        Some(Self { coefficient, ..self })
    }
}

impl From<Scaled> for Decimal {
    fn from(scaled: Scaled) -> Self {
        Self { text: scaled.to_string().into() }
    }
}

impl fmt::Display for Scaled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let size = self.coefficient.unsigned_abs();
        match 10_u128.checked_pow(self.scale) {
            None | Some(1) => write!(formatter, "{sign}{size}"),
            Some(one) => {
                let width = usize::try_from(self.scale).unwrap_or_default();
                write!(formatter, "{sign}{}.{:0width$}", size / one, size % one)
            }
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !is_digits(digits) {
        return None;
    }
    // Only an exponent of many digits is no `i64`; nothing but its sign matters then.
    let most = if text.starts_with('-') { -MAX_EXPONENT } else { MAX_EXPONENT };
    Some(text.parse().unwrap_or(most).clamp(-MAX_EXPONENT, MAX_EXPONENT))
}

/// `0.d₁d₂d₃… × 10^point`, where neither the first nor the last digit is zero.
struct Magnitude<'t> {
    parts: Parts<'t>,
    leading_zeros: usize,
    end: usize,
    point: i64,
}

impl<'t> Magnitude<'t> {
    fn digits(&self) -> impl Iterator<Item = u8> + use<'t> {
        let Parts { integer, fraction, .. } = self.parts;
        integer.bytes().chain(fraction.bytes()).take(self.end).skip(self.leading_zeros)
    }

    fn cmp(&self, other: &Self) -> Ordering {
        self.point.cmp(&other.point).then_with(|| self.digits().cmp(other.digits()))
    }
}
