//! Numbers with all the digits that the document has.

use std::cmp::Ordering;
use std::fmt;

/// A number in the form of JSON (RFC 8259, section 6), as the document writes it.
///
/// `1.50` stays `1.50`, and neither `1e400` nor an integer of 30 digits loses anything. Comparison is
/// by value: `1`, `1.0` and `10e-1` are equal.
#[derive(Clone, Debug)]
pub struct Number {
    text: String,
    is_negative: bool,
    /// The digits without zeros at either end; none for zero.
    digits: Vec<u8>,
    /// The power of ten that the first digit stands before: 0.05 is `5` and -1.
    magnitude: i64,
}

impl Number {
    /// Reads a JSON number.
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let are_digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
        if !are_digits(whole)
            || (whole.len() > 1 && whole.starts_with('0'))
            || !fraction.is_none_or(are_digits)
            || !unsigned.is_none_or(are_digits)
        {
            return None;
        }
        // No text in memory is long enough for its digits to matter beside an exponent out of range.
        let limit =
            if exponent.is_some_and(|text| text.starts_with('-')) { i64::MIN } else { i64::MAX };
        let exponent = exponent.map_or(0, |text| text.parse().unwrap_or(limit));
        let mut digits: Vec<u8> =
            whole.bytes().chain(fraction.unwrap_or_default().bytes()).collect();
        let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
        digits.drain(..zeros);
        digits.truncate(digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1));
        let places = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let magnitude = places(whole.len()).saturating_sub(places(zeros)).saturating_add(exponent);
        Some(Self {
            text: text.to_owned(),
            is_negative: is_negative && !digits.is_empty(),
            magnitude: if digits.is_empty() { 0 } else { magnitude },
            digits,
        })
    }

    /// The text of the document.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    pub fn is_negative(&self) -> bool {
        self.is_negative
    }

    /// Whether it has no fraction; `1.0` has none.
    pub fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|length| length <= self.magnitude)
            || self.is_zero()
    }

    /// The value, if it is an integer of that many bits.
    pub fn as_i128(&self) -> Option<i128> {
        const MOST_DIGITS: i64 = 39;
        if !self.is_integer() || self.magnitude > MOST_DIGITS {
            return None;
        }
        let length = usize::try_from(self.magnitude).ok()?;
        let zeros = std::iter::repeat(&b'0');
        let digits = self.digits.iter().chain(zeros).take(length);
        let sign = if self.is_negative { -1 } else { 1 };
        digits
            .map(|digit| sign * i128::from(digit - b'0'))
            .try_fold(0_i128, |value, digit| value.checked_mul(10)?.checked_add(digit))
    }

    /// The value, if it is an integer of 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        i64::try_from(self.as_i128()?).ok()
    }

    /// The value, if it is an integer from 0 of 64 bits.
    pub fn as_u64(&self) -> Option<u64> {
        u64::try_from(self.as_i128()?).ok()
    }

    /// The nearest number that `serde_json` can hold; what is out of the range of `f64` becomes its
    /// limit.
    pub fn to_json(&self) -> serde_json::Number {
        if let Ok(number) = self.text.parse::<serde_json::Number>() {
            return number;
        }
        let limit = if self.is_negative { f64::MIN } else { f64::MAX };
        serde_json::Number::from_f64(limit).unwrap_or_else(|| 0.into())
    }

    /// The same text for numbers of the same value.
    pub(super) fn canonical(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let digits: String = self.digits.iter().copied().map(char::from).collect();
        format!("{sign}0.{digits}e{}", self.magnitude)
    }

    fn magnitude_cmp(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => (self.magnitude, &self.digits).cmp(&(other.magnitude, &other.digits)),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.magnitude_cmp(other),
            (true, true) => other.magnitude_cmp(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::parse(&value.to_string()).expect("an integer is a JSON number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn only_json_numbers_are_numbers() {
        for text in
            ["0", "-0", "1.50", "1e400", "-1E-7", "1e+5", "0.0", "123456789012345678901234567890"]
        {
            assert_eq!(number(text).as_str(), text);
        }
        for text in
            ["", "-", "+1", "01", ".5", "5.", "1e", "1e+", "0x1F", "1_000", ".inf", "1 ", "--1"]
        {
            assert!(Number::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn values_are_compared_by_all_their_digits() {
        let ascending = [
            "-1e400",
            "-2",
            "-1.5",
            "-1",
            "-1e-400",
            "0",
            "1e-99999999999999999999",
            "1e-400",
            "0.05",
            "0.5",
            "1",
            "1.0000000000000000001",
            "9",
            "10",
            "18446744073709551615",
            "18446744073709551616",
            "1e400",
            "1e99999999999999999999",
        ];
        for pair in ascending.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        for (one, other) in
            [("1", "1.0"), ("10e-1", "1"), ("-0", "0.00"), ("100", "1e2"), ("0e9", "0")]
        {
            assert_eq!(number(one), number(other));
            assert_eq!(number(one).canonical(), number(other).canonical());
        }
    }

    #[test]
    fn integers_are_told_by_their_value() {
        for (text, value) in [
            ("1.0", Some(1)),
            ("1.5", None),
            ("-12e2", Some(-1200)),
            ("1e-400", None),
            ("1e400", None),
            ("0e400", Some(0)),
            ("-170141183460469231731687303715884105728", Some(i128::MIN)),
            ("170141183460469231731687303715884105728", None),
        ] {
            assert_eq!(number(text).as_i128(), value, "{text}");
        }
        assert!(number("1e400").is_integer());
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(number("18446744073709551616").as_u64(), None);
        assert_eq!(number("-1").as_u64(), None);
    }

    #[test]
    fn what_json_cannot_hold_becomes_its_limit() {
        assert_eq!(number("1.50").to_json().to_string(), "1.5");
        assert_eq!(number("1e400").to_json().as_f64(), Some(f64::MAX));
        assert_eq!(number("-1e400").to_json().as_f64(), Some(f64::MIN));
    }
}
