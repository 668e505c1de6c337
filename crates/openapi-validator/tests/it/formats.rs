//! Each format with texts that are in it and texts that are not.

use openapi_validator::{Automaton, Flow, Format, Pattern, Reader, StringRules, Validator};

use crate::{assert_verdicts, validate};

macro_rules! format {
    ($format:ident) => {{
        fn check(reader: &mut Reader<'_>) -> Flow {
            reader.string(&StringRules { format: Some(Format::$format), ..StringRules::ANY })
        }
        check as Validator
    }};
}

/// Checks each text as it is, and with its first character written as an escape.
#[track_caller]
fn assert_format(validator: Validator, good: &[&str], bad: &[&str]) {
    for (texts, expected) in [(good, true), (bad, false)] {
        for text in texts {
            let plain = std::format!("\"{text}\"");
            assert_eq!(validate(validator, plain.as_bytes()).is_valid(), expected, "{text}");
            if let Some(first) =
                text.chars().next().filter(|first| first.is_ascii() && *first != '\\')
            {
                let rest = &text[1..];
                let escaped = std::format!("\"\\u{:04x}{rest}\"", u32::from(first));
                assert_eq!(validate(validator, escaped.as_bytes()).is_valid(), expected, "{text}");
            }
        }
    }
}

#[test]
fn a_date_time_is_a_moment_that_exists() {
    assert_format(
        format!(DateTime),
        &[
            "2026-01-15T09:30:00Z",
            "2026-01-15t09:30:00z",
            "2024-02-29T00:00:00.123456789Z",
            "2000-02-29T23:59:59+23:59",
            "1990-12-31T23:59:60Z",
            "1990-12-31T15:59:60-08:00",
            "1991-01-01T00:59:60+01:00",
            "0000-01-01T00:00:00-00:00",
        ],
        &[
            "",
            "2026-01-15",
            "2026-01-15T09:30:00",
            "2026-01-15 09:30:00Z",
            "2026-01-15T09:30Z",
            "2026-1-15T09:30:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-15T24:00:00Z",
            "2026-01-15T00:60:00Z",
            "2026-01-15T00:00:61Z",
            "2026-01-15T00:00:60Z",
            "2026-01-15T23:59:60+01:00",
            "2026-01-15T00:00:00.Z",
            "2026-01-15T00:00:00,5Z",
            "2026-01-15T00:00:00+24:00",
            "2026-01-15T00:00:00+01:60",
            "2026-01-15T00:00:00+0100",
            "2026-01-15T00:00:00Zx",
            "20-1-05-24T00:00:00Z",
            "２026-01-15T09:30:00Z",
        ],
    );
    assert_format(
        format!(Date),
        &["2026-01-15", "2024-02-29"],
        &["2026-02-29", "2026-01-15T", "26-01-15", "2026/01/15", "20260115"],
    );
}

#[test]
fn an_email_is_a_mailbox() {
    let long = std::format!("{}@example.com", "a".repeat(64));
    let longer = std::format!("{}@example.com", "a".repeat(65));
    assert_format(
        format!(Email),
        &[
            "a@b",
            "ada@example.com",
            "ada+tag.x!#$%&'*/=?^_`{|}~-@sub.example.co",
            r#"\"a b@c\"@example.com"#,
            r#"\"\"@example.com"#,
            "a@[127.0.0.1]",
            "a@[IPv6:::1]",
            "a@[x-tag:content]",
            "a@[tag::/?]",
            "a@[192.000.2.1]",
            &long,
        ],
        &[
            "",
            "ada",
            "@example.com",
            "ada@",
            ".a@b",
            r#"\"\t\"@x.org"#,
            "a@[tag:]",
            "a@[-:x]",
            "a@[tag-:x]",
            "a@[tag:a b]",
            "a@[IPv6:x]",
            "a@[1.2.3]",
            "a@[1.2.3.256]",
            "a.@b",
            "a..b@c",
            "a b@c",
            "a@b@c",
            "a@-b",
            "a@b-",
            "a@b..c",
            "a@b c",
            "a@[256.0.0.1]",
            "a@[::1]",
            "Ada <ada@example.com>",
            "é@example.com",
            "a@exämple.com",
            &longer,
        ],
    );
}

#[test]
fn a_uri_has_a_scheme() {
    assert_format(
        format!(Uri),
        &[
            "https://example.com/a/b?c=d&e#f?/",
            "http://user:p%20w@example.com:8080",
            "http://[::1]:80/",
            "http://[v1.a:b]/",
            "urn:isbn:0-486-27557-4",
            "mailto:ada@example.com",
            "a:",
            "file:///etc",
            "http://example.com?",
            "tel:+1-816-555-1212",
        ],
        &[
            "",
            "/a/b",
            "example.com",
            "//example.com",
            "1a:b",
            "http://a b",
            "http://example.com/%zz",
            "http://example.com/%2",
            "http://exa[mple.com",
            "http://[::1",
            "http://[::g]/",
            "http://example.com:80a/",
            "http://a/#b#c",
            "http://é/",
            "http://a/<b>",
            "http://a|b",
            ":a",
        ],
    );
}

#[test]
fn other_formats_have_their_written_forms() {
    assert_format(
        format!(Uuid),
        &["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
        &[
            "",
            "123e4567e89b12d3a456426614174000",
            "123e4567-e89b-12d3-a456-42661417400",
            "{}",
            "123e4567-e89b-12d3-a456-42661417400g",
            "123e4567-e89b-12d3-a456-4266141740000",
        ],
    );
    let label = "a".repeat(63);
    let name = std::format!("{label}.{label}.{label}.{}", "a".repeat(61));
    assert_format(
        format!(Hostname),
        &["a", "example.com", "xn--bcher-kva.example", "1.2", "a-b.c", &name],
        &[
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "-a",
            "a-",
            "a_b",
            "é",
            &std::format!("{label}a"),
            &std::format!("{name}a"),
        ],
    );
    assert_format(
        format!(Ipv4),
        &["0.0.0.0", "255.255.255.255"],
        &["", "256.0.0.0", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "a.b.reader.d"],
    );
    assert_format(
        format!(Ipv6),
        &["::", "::1", "2001:db8::8a2e:370:7334", "::ffff:192.0.2.1"],
        &["", ":", "1::2::3", "12345::", "::g", "fe80::1%eth0", "1.2.3.4"],
    );
    assert_format(
        format!(Byte),
        &["", "QQ==", "QUI=", "QUJD", "+/+/"],
        &["Q", "QQ", "QUI", "QQ=", "Q===", "=QQQ", "QQ==QQ==", "-_-_", "QU JD"],
    );
    assert_format(
        format!(Decimal),
        &["0", "10.00", "-1", "+1.5", "007", "12345678901234567890.0"],
        &["", "-", ".5", "5.", "1e3", "1,5", "1.2.3", " 1", "1 ", "١"],
    );
}

#[test]
fn a_pattern_is_searched_for_in_the_decoded_text() {
    // `^[A-Z]{2}$` and `é`, as the emitter compiles them.
    const TWO: Pattern = Pattern::new(Automaton {
        source: "^[A-Z]{2}$",
        ranges: &[('A', 1), ('[', 0)],
        next: &[&[0, 0], &[1, 1], &[0, 3], &[0, 4], &[0, 0]],
        start: 2,
        accepting: &[4],
    });
    const ACCENT: Pattern = Pattern::new(Automaton {
        source: "é",
        ranges: &[('é', 1), ('ê', 0)],
        next: &[&[0, 0], &[1, 1], &[2, 1]],
        start: 2,
        accepting: &[],
    });
    fn two(reader: &mut Reader<'_>) -> Flow {
        reader.string(&StringRules {
            pattern: Some(&TWO),
            exempt: &["any", ""],
            ..StringRules::ANY
        })
    }
    fn accent(reader: &mut Reader<'_>) -> Flow {
        reader.string(&StringRules { pattern: Some(&ACCENT), ..StringRules::ANY })
    }
    assert_verdicts(
        two,
        &[r#""AZ""#, r#""\u0041Z""#, r#""any""#, r#""\u0061ny""#, r#""""#],
        &[r#""A""#, r#""az""#, r#""AZA""#, r#""AÉ""#, r#""Any""#],
    );
    assert_verdicts(accent, &[r#""xéx""#, r#""\u00e9""#, r#""😀é""#], &[r#""e""#, r#""ê😀""#]);
}
