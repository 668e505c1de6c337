use std::cmp::Ordering;
use std::collections::HashSet;

use openapi_client::{Decimal, DecimalError};
use proptest::prelude::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn digits_survive_as_they_come() {
    for text in [
        "0",
        "-0",
        "1",
        "10",
        "10.0",
        "10.00",
        "-3.50",
        "12345678901234567.89",
        "0.1",
        "1e2",
        "1E+2",
        "1.50e-7",
        "123456789012345678901234567890",
        "1e9999",
        "1e-9999",
        "1e10000",
        "-1.0e-99999999999999999999",
        "0e99999999999999999999",
    ] {
        assert_eq!(decimal(text).to_string(), text);
        assert_eq!(decimal(text).as_str(), text);
        let decoded: Decimal = serde_json::from_str(text).unwrap();
        assert_eq!(decoded.as_str(), text);
        let decoded: Decimal = serde_json::from_reader(text.as_bytes()).unwrap();
        assert_eq!(decoded.as_str(), text);
        assert_eq!(serde_json::to_string(&decoded).unwrap(), text);
    }
}

#[test]
fn a_value_in_between_loses_zeros_and_nothing_else() {
    let decoded: Decimal = serde_json::from_value(serde_json::json!(10.25)).unwrap();
    assert_eq!(decoded.as_str(), "10.25");
    assert_eq!(serde_json::to_value(&decoded).unwrap(), serde_json::json!(10.25));
}

#[test]
fn what_is_no_json_number_is_refused() {
    for text in [
        "",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1.e2",
        "1e",
        "1e+",
        "1e1.5",
        "0x1",
        "1_000",
        "1,5",
        " 1",
        "1 ",
        "NaN",
        "inf",
        "--1",
        "1e99999999999999999999.",
        "١",
        "1e2e3",
    ] {
        assert!(text.parse::<Decimal>().is_err(), "{text:?}");
    }
    for json in ["\"1\"", "null", "true", "[1]", "{}"] {
        let error = serde_json::from_str::<Decimal>(json).unwrap_err().to_string();
        assert!(error.starts_with("not a decimal number"), "{json}: {error}");
    }
}

#[test]
fn comparison_is_by_value() {
    use Ordering::{Equal, Greater, Less};
    for (left, order, right) in [
        ("0", Equal, "-0"),
        ("0", Equal, "0.000"),
        ("0", Equal, "0e5"),
        ("10", Equal, "10.00"),
        ("10", Equal, "1e1"),
        ("0.001", Equal, "1e-3"),
        ("100", Equal, "0.1e3"),
        ("9", Less, "10"),
        ("0.9", Less, "0.91"),
        ("0.09", Less, "0.1"),
        ("-1", Less, "0"),
        ("-1", Less, "1"),
        ("-1", Greater, "-2"),
        ("-0.1", Greater, "-0.11"),
        ("1e9999", Greater, "9e9998"),
        ("1e-9999", Greater, "0"),
        ("1e99999999999999999999", Greater, "9e9999"),
        ("-1e99999999999999999999", Less, "1e-99999999999999999999"),
        ("1e-99999999999999999999", Greater, "0"),
        ("0e99999999999999999999", Equal, "0"),
        ("12345678901234567.89", Less, "12345678901234567.9"),
    ] {
        assert_eq!(decimal(left).cmp(&decimal(right)), order, "{left} {right}");
        assert_eq!(decimal(right).cmp(&decimal(left)), order.reverse(), "{right} {left}");
    }
}

#[test]
fn calculations_are_exact_and_keep_the_finer_scale() {
    for (left, right, sum, difference) in [
        ("10.00", "0.5", "10.50", "9.50"),
        ("10", "0.50", "10.50", "9.50"),
        ("0.10", "0.20", "0.30", "-0.10"),
        ("-0.05", "0.05", "0.00", "-0.10"),
        ("1e2", "1", "101", "99"),
        ("1e-2", "1", "1.01", "-0.99"),
        ("1.5e1", "0", "15", "15"),
        ("0e5", "-0", "0", "0"),
        ("12345678901234567.89", "0.01", "12345678901234567.90", "12345678901234567.88"),
        (
            "99999999999999999999999999999999999998",
            "1",
            "99999999999999999999999999999999999999",
            "99999999999999999999999999999999999997",
        ),
    ] {
        assert_eq!(decimal(left).checked_add(&decimal(right)).unwrap().as_str(), sum);
        assert_eq!(decimal(left).checked_sub(&decimal(right)).unwrap().as_str(), difference);
    }
}

#[test]
fn a_calculation_with_too_many_digits_is_refused_at_once() {
    for (left, right) in [
        ("1e999999999", "1"),
        ("1e-999999999", "1"),
        ("0e-999999999", "0"),
        ("1e38", "1"),
        ("99999999999999999999999999999999999999", "1"),
        ("99999999999999999999999999999999999999", "0.1"),
        ("1e-39", "0"),
        ("1e99999999999999999999", "1e-99999999999999999999"),
    ] {
        for (left, right) in [(left, right), (right, left)] {
            let overflow = decimal(left).checked_add(&decimal(right)).unwrap_err();
            assert_eq!(overflow.to_string(), "a decimal number has too many digits");
        }
    }
    // Zero has no digits to write out before the point.
    assert_eq!(decimal("0e999999999").checked_add(&decimal("1")).unwrap().as_str(), "1");
}

#[test]
fn minor_units_are_whole_or_refused() {
    for (number, digits, units) in [
        ("10.5", 2, Ok(1050)),
        ("10.50", 1, Ok(105)),
        ("10.50", 0, Err(DecimalError::Fraction)),
        ("0e-30", 0, Ok(0)),
        ("1e3", 0, Ok(1000)),
        ("99999999999999999999999999999999999999", 0, Ok(10_i128.pow(38) - 1)),
        ("99999999999999999999999999999999999999", 2, Err(DecimalError::TooManyDigits)),
        ("1", u32::MAX, Err(DecimalError::TooManyDigits)),
        ("1e99", 2, Err(DecimalError::TooManyDigits)),
    ] {
        assert_eq!(decimal(number).minor_units(digits), units, "{number}, {digits}");
    }
    for (units, digits, number) in [
        (1050, 2, Ok("10.50")),
        (-5, 2, Ok("-0.05")),
        (7, 0, Ok("7")),
        (1, 38, Ok("0.00000000000000000000000000000000000001")),
        (1, 39, Err(DecimalError::TooManyDigits)),
        (1, u32::MAX, Err(DecimalError::TooManyDigits)),
        (i128::MIN, 2, Err(DecimalError::TooManyDigits)),
    ] {
        let found = Decimal::from_minor_units(units, digits);
        assert_eq!(found.as_ref().map(Decimal::as_str), number.as_ref().map(|text| *text));
    }
}

#[test]
fn other_decimal_numbers_have_the_same_digits_or_are_refused() {
    for text in ["10.50", "-0.05", "0", "12345678901234567.89", "79228162514264337593543950335"] {
        let other = rust_decimal::Decimal::try_from(&decimal(text)).unwrap();
        assert_eq!(other.to_string(), text);
        assert_eq!(Decimal::from(other).as_str(), text);
    }
    assert_eq!(rust_decimal::Decimal::try_from(&decimal("1.5e3")).unwrap().to_string(), "1500");
    for text in ["79228162514264337593543950336", "1e-29", "1e99"] {
        let refused = rust_decimal::Decimal::try_from(&decimal(text));
        assert_eq!(refused, Err(DecimalError::TooManyDigits), "{text}");
    }
}

fn cents(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.unsigned_abs() / 100, value.unsigned_abs() % 100)
}

proptest! {
    #[test]
    fn every_json_number_is_read_and_written_unchanged(
        text in r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?",
    ) {
        let decoded: Decimal = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_string(&decoded).unwrap(), text);
    }

    #[test]
    fn no_text_panics(text in ".{0,20}") {
        let _ = text.parse::<Decimal>().map(|value| (value.is_zero(), value.cmp(&value), value.checked_add(&value)));
    }

    #[test]
    fn amounts_compare_like_their_cents(left in any::<i64>(), right in any::<i64>()) {
        let order = decimal(&cents(left)).cmp(&decimal(&cents(right)));
        prop_assert_eq!(order, left.cmp(&right));
    }

    #[test]
    fn amounts_add_up_like_their_cents(left in -i64::MAX / 2..i64::MAX / 2, right in any::<i32>()) {
        let (left, right) = (left, i64::from(right));
        let (more, less) = (decimal(&cents(left)), decimal(&cents(right)));
        let expected = (cents(left + right), cents(left - right));
        let found = (more.checked_add(&less).unwrap(), more.checked_sub(&less).unwrap());
        prop_assert_eq!((found.0.to_string(), found.1.to_string()), expected);
    }

    #[test]
    fn equal_values_hash_alike(value in 1..i32::MAX, zeros in 0..20usize) {
        let plain = Decimal::from(i64::from(value));
        let long = decimal(&format!("{value}.0{}", "0".repeat(zeros)));
        let shifted = decimal(&format!("{value}{}e-{zeros}", "0".repeat(zeros)));
        let distinct = HashSet::from([plain, long, shifted]);
        prop_assert_eq!(distinct.len(), 1);
    }
}
