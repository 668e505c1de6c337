//! Names, texts, numbers and patterns from which chance chooses: few, so that they meet.

/// Names of members.
pub const NAMES: [&str; 9] = ["a", "b", "c", "d", "kind", "", "é", "x/y", "long_name_of_a_member"];

/// Patterns, each with texts that it matches, or nearly so.
pub const PATTERNS: [(&str, &[&str]); 26] = [
    ("", &["", "a"]),
    (".*", &["", "\n", "a"]),
    ("^[a-z]*", &["", "A", "abc"]),
    ("^[a-z]+$", &["", "abc", "abC", "abc\n"]),
    ("^[A-Z]{2}-\\d{4}$", &["AB-1234", "AB-123", "AB-12345", "ab-1234"]),
    ("\\d", &["a1", "1", "a", "٣"]),
    ("^\\w+\\s\\w+$", &["a b", "ab", "a  b", "a\u{a0}b"]),
    ("(foo|bar)baz", &["foobaz", "xbarbazx", "foo", "barba"]),
    ("^(?:a|ab)(?:c|bcd)$", &["ac", "abcd", "abc", "ab"]),
    ("^.$", &["a", "😀", "", "ab", "\n", "é"]),
    ("^.{2,3}$", &["ab", "😀😀😀", "a", "abcd"]),
    ("[^a]", &["a", "b", "", "aab"]),
    ("^[\\u00e0-\\u00ff]+$", &["é", "e", "éà", "Ā"]),
    ("^\\u{1F600}", &["😀", "😁", "a😀"]),
    ("a{2,}$", &["aa", "a", "baaa", "aab"]),
    ("^a*?b$", &["b", "aab", "aa", "ba"]),
    ("\\bfoo\\b", &["foo", "a foo b", "food", "foo-"]),
    ("^\\B", &["", "a", " a"]),
    ("^(?=.*\\d)[a-z\\d]+$", &["a1", "a", "1", "A1"]),
    ("^(?!foo)", &["foo", "fo", "", "barfoo"]),
    ("\\p{Lu}", &["a", "A", "É", "é"]),
    ("^\\P{L}+$", &["12", "1a", "", "!?"]),
    ("^[\\w.+-]+@[\\w-]+\\.[a-z]{2,4}$", &["a.b+c@d-e.org", "a@b", "@b.org", "a@b.museum"]),
    ("x|^$", &["", "x", "y", "axb"]),
    ("^(a(b(c)?)?)*$", &["", "ab", "abca", "acb"]),
    ("[\\s\\S]{3}", &["ab", "abc", "a\nb", "é😀"]),
];

/// Formats of strings, each with texts that have it, or nearly so.
pub const FORMATS: [(&str, &[&str]); 4] = [
    ("byte", &["", "QQ==", "QUI=", "QUJD", "QQ=", "Q===", "QQ==QQ==", "Q U J D", "QUJ_"]),
    ("date", &["2024-02-29", "2023-02-29", "2000-02-29", "1900-02-29", "2024-13-01", "2024-1-01"]),
    ("ipv4", &["127.0.0.1", "256.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.04", "255.255.255.255"]),
    (
        "uuid",
        &[
            "123e4567-e89b-12d3-a456-426614174000",
            "00000000-0000-0000-0000-000000000000",
            "123E4567-E89B-12D3-A456-42661417400G",
            "123e4567e89b12d3a456426614174000",
        ],
    ),
];

/// Other texts.
pub const TEXTS: [&str; 12] =
    ["", "a", "b", "A", "é", "😀", "foo", "null", "1", "\u{0}", "a\"b\\c", "e\u{301}"];

/// Numbers of a document; some cannot be told from others by an `f64`.
pub const NUMBERS: [&str; 22] = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "5",
    "10",
    "100",
    "0.1",
    "0.3",
    "1.5",
    "-2.5",
    "1.0",
    "1e2",
    "0.01",
    "9007199254740992",
    "9007199254740993",
    "18446744073709551615",
    "18446744073709551616",
    "1e400",
    "-1e400",
    "1e-400",
];

/// Divisors of a document.
pub const DIVISORS: [&str; 9] = ["1", "2", "3", "0.1", "0.01", "2.5", "0.3", "1e2", "1e-3"];

/// Numbers at the limits of formats, and spellings of small ones.
pub const SPELLINGS: [&str; 20] = [
    "-0",
    "0.0",
    "0e0",
    "1.00",
    "10e-1",
    "0.1e1",
    "100E-2",
    "3.0",
    "2.50",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "3.40282347e38",
    "3.5e38",
    "1.7976931348623157e308",
    "1.8e308",
];
