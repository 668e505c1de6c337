//! What formats mean, written a second time and as plainly as possible.
//!
//! The other formats that the validator checks have tests of their own; here it matters that a format
//! is one more rule among others.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;

/// Whether a string has a format.
pub fn string_has(format: &str, text: &str) -> bool {
    match format {
        "byte" => is_base64(text),
        "date" => is_date(text),
        "ipv4" => is_ipv4(text),
        "uuid" => is_uuid(text),
        _ => true,
    }
}

/// Whether a number has a format.
pub fn number_has(format: &str, number: &BigDecimal) -> bool {
    let power = |exponent: u32| BigInt::from(2).pow(exponent);
    // Greater numbers round to infinity.
    let rounds_to_finite = |limit: BigInt| number.abs() < BigDecimal::from(limit);
    let is_between =
        |low: i64, high: i64| (BigDecimal::from(low)..=BigDecimal::from(high)).contains(number);
    match format {
        "int32" => is_between(i32::MIN.into(), i32::MAX.into()),
        "int64" => is_between(i64::MIN, i64::MAX),
        "float" => rounds_to_finite(power(128) - power(103)),
        "double" => rounds_to_finite(power(1024) - power(970)),
        _ => true,
    }
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let is_of_alphabet =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '/');
    text.len().is_multiple_of(4) && text.len() - body.len() <= 2 && body.chars().all(is_of_alphabet)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let number = |text: &str, length: usize| {
        let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u32>().unwrap_or_default())
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn is_ipv4(text: &str) -> bool {
    let is_byte = |part: &str| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number && (part.len() == 1 || !part.starts_with('0')) && part.parse::<u8>().is_ok()
    };
    text.split('.').count() == 4 && text.split('.').all(is_byte)
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text.chars().all(|character| character == '-' || character.is_ascii_hexdigit())
}
