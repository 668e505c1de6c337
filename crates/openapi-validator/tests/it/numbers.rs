//! Numbers are compared by their digits.

use openapi_validator::{Bound, Flow, NumberFormat, NumberRules, Reader};

use crate::assert_verdicts;

const fn bound(value: &'static str, exclusive: bool) -> Bound {
    Bound { value, exclusive }
}

#[test]
fn whole_numbers_may_have_a_fraction_of_zero() {
    fn integer(reader: &mut Reader<'_>) -> Flow {
        reader.number(&NumberRules { integer: true, ..NumberRules::ANY })
    }
    assert_verdicts(
        integer,
        &[
            "0",
            "-0",
            "1.0",
            "1e2",
            "1.5e1",
            "-1200e-2",
            "0.0e-99999999999",
            "1e99999999999999999999",
        ],
        &["0.5", "1e-1", "1.05e1", "-0.0001", "\"1\"", "null", "true"],
    );
}

#[test]
fn bounds_are_exact_beyond_floats() {
    fn bounded(reader: &mut Reader<'_>) -> Flow {
        reader.number(&NumberRules {
            minimum: Some(bound("-0.1", false)),
            maximum: Some(bound("12345678901234567890.12", true)),
            ..NumberRules::ANY
        })
    }
    assert_verdicts(
        bounded,
        &[
            "0",
            "-0.1",
            "-1e-1",
            "-0.100",
            "12345678901234567890.119999999999",
            "1234567890123456789e1",
        ],
        &[
            "-0.10000000000000000001",
            "-1",
            "12345678901234567890.12",
            "12345678901234567890.120",
            "1.234567890123456789012e19",
            "1e400",
            "-1e400",
        ],
    );
}

#[test]
fn multiples_are_exact() {
    fn cents(reader: &mut Reader<'_>) -> Flow {
        reader.number(&NumberRules { multiple_of: Some("0.01"), ..NumberRules::ANY })
    }
    fn sevens(reader: &mut Reader<'_>) -> Flow {
        reader.number(&NumberRules { multiple_of: Some("7e1"), ..NumberRules::ANY })
    }
    assert_verdicts(
        cents,
        &["0", "0.01", "19.99", "4.35", "1e2", "12345678901234567890.10", "-0.03", "1e300"],
        &["0.001", "19.999", "1e-3", "0.015"],
    );
    assert_verdicts(
        sevens,
        &["0", "70", "-140", "7e5", "70.0", "777777777777777777777777777777770"],
        &["7", "71", "10", "700000000000000000001", "0.7", "1e300"],
    );
}

#[test]
fn formats_are_ranges() {
    fn int32(reader: &mut Reader<'_>) -> Flow {
        let format = Some(NumberFormat::Int32);
        reader.number(&NumberRules { integer: true, format, ..NumberRules::ANY })
    }
    fn int64(reader: &mut Reader<'_>) -> Flow {
        let format = Some(NumberFormat::Int64);
        reader.number(&NumberRules { integer: true, format, ..NumberRules::ANY })
    }
    fn float(reader: &mut Reader<'_>) -> Flow {
        reader.number(&NumberRules { format: Some(NumberFormat::Float), ..NumberRules::ANY })
    }
    fn double(reader: &mut Reader<'_>) -> Flow {
        reader.number(&NumberRules { format: Some(NumberFormat::Double), ..NumberRules::ANY })
    }
    assert_verdicts(int32, &["2147483647", "-2147483648"], &["2147483648", "-2147483649", "1e10"]);
    assert_verdicts(
        int64,
        &["9223372036854775807", "-9223372036854775808"],
        &["9223372036854775808", "-9223372036854775809"],
    );
    // The largest numbers in their usual spellings and in full; rounding overflows half a step above.
    assert_verdicts(
        float,
        &[
            "0.1",
            "0",
            "-1e-400",
            "3.4028235e38",
            "-3.4028235e38",
            "340282346638528859811704183484516925440",
            "340282356779733661637539395458142568447",
        ],
        &["340282356779733661637539395458142568448", "3.4028236e38", "3.5e38", "-1e39"],
    );
    assert_verdicts(
        double,
        &["1e308", "0.1", "1.7976931348623157e308", "-1.797693134862315807e308"],
        &["1.797693134862315808e308", "1e309", "-2e308"],
    );
}
