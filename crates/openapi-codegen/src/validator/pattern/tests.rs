//! What the runtime makes of compiled patterns, and what Node makes of them where it is installed.

use std::process::{Command, Stdio};

use openapi_validator::{Automaton, Pattern};

use super::{PatternError, compile};

/// A compiled pattern as the runtime has it; tests may leak.
fn pattern(source: &str) -> Result<Pattern, PatternError> {
    let (automaton, _) = compile(source)?;
    let rows = automaton.next.into_iter().map(|row| &*row.leak());
    Ok(Pattern::new(Automaton {
        source: source.to_owned().leak(),
        ranges: automaton.ranges.leak(),
        next: rows.collect::<Vec<_>>().leak(),
        start: automaton.start,
        accepting: automaton.accepting.leak(),
    }))
}

/// Pattern, texts that match, texts that do not.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

const ROWS: &[Row] = &[
    ("^[A-Z]{3}$", &["USD"], &["usd", "US", "USDX", "", "USD\n"]),
    ("^[uU][0-9]+$", &["U1", "u123"], &["U", "1U", "U1x"]),
    ("a", &["a", "xa", "ax"], &["", "b"]),
    ("a|b$", &["a", "ab", "xb", "ax"], &["bx", ""]),
    ("^$", &[""], &["a"]),
    ("", &["", "a", "é"], &[]),
    (".*", &["", "a", "\n"], &[]),
    ("^[a-z]*", &["", "A", "a1"], &[]),
    ("(?:)", &["", "x"], &[]),
    ("^a*$", &["", "a", "aaa"], &["b", "ab"]),
    ("^(ab|cd)?e$", &["e", "abe", "cde"], &["ae", "abcde"]),
    (r"^\d{2,}$", &["12", "123"], &["1", "a12", "١٢"]),
    (r"^\w+\s\S$", &["ab c", "a\u{a0}é"], &["ab", "é c"]),
    ("^[^a-c]$", &["d", "é", "😀"], &["a", "", "dd"]),
    ("^.$", &["a", "😀"], &["\n", "\u{2028}", "ab"]),
    (r"^\u{1F600}$", &["😀"], &["a"]),
    (r"^\uD83D\uDE00$", &["😀"], &["a"]),
    (r"^[\w.-]+$", &["a.b-c"], &["a b"]),
    ("^a{0}b$", &["b"], &["ab"]),
    ("^a{2}b{1,2}$", &["aab", "aabb"], &["ab", "aabbb"]),
    ("x*", &["", "y"], &[]),
    (r"^\p{Script=Greek}\P{Lu}$", &["αβ", "Αβ"], &["αΒ", "ab"]),
    (r"^[\p{L}\p{Nd}_]{1,1000}$", &["é٣_"], &["", "a b", "€"]),
    ("^(a|ab)(c|bcd)$", &["ac", "abc", "abcd", "abbcd"], &["ab", "abcdx"]),
    ("(?:^a|b)+$", &["a", "ab", "xb", "bb"], &["xa", "aa1", ""]),
    // Braces that are no quantifiers, and counts that no text reaches.
    (r"^a{,2}$", &["a{,2}"], &["a", "aa"]),
    ("^a{+5}$", &["a{5}", "a{{{5}"], &["aaaaa", "a{+5}"]),
    ("^a{99999999999}$", &[], &["a{99999999999}", "a"]),
    ("^(?:a?){99999999999}$", &["", "aa"], &["b"]),
    ("^a{1,99999999999}$", &["a", "aaa"], &["", "b"]),
    ("^x{$", &["x{"], &["x"]),
    // Properties, by the names that ECMA-262 has; others are no properties without the flag.
    (r"^\p{Lu}\p{Lowercase}$", &["Éa"], &["éa", "p{Lu}p{Lowercase}"]),
    (r"^\p{lu}$", &["p{lu}"], &["A"]),
    (r"^\p{Latin}$", &["p{Latin}"], &["a"]),
    (r"^\p{L$", &["p{L"], &["a"]),
    (r"^\pL$", &["pL"], &["a"]),
    // Annex B.
    (r"^[\w-.]+$", &["a-.b"], &["a b", "/"]),
    (r"^\a\-\:\é$", &["a-:é"], &["\\a"]),
    (r"^]}$", &["]}"], &[""]),
    (r"^\1\8\x\u$", &["\u{1}8xu"], &["1"]),
    (r"^\k<a>$", &["k<a>"], &["a"]),
    (r"^\c$", &["\\c"], &["c"]),
    (r"^[\c]$", &["\\", "c"], &["\\c", "x"]),
    (r"^[[:alpha:]]$", &["a]", ":]"], &["a", "b]"]),
    // Word boundaries.
    (r"\bcat\b", &["cat", "a cat.", "é cat"], &["cats", "concat", ""]),
    (r"\Bat", &["cat"], &["at", "c at"]),
    (r"\b", &["a", " a"], &["", " é"]),
    (r"^\b$", &[], &["", "a"]),
    // Looking ahead and behind.
    (r"^(?=.*\d)(?=.*[a-z])\S{4,}$", &["abc1", "1abc"], &["abcd", "1234", "ab1", "abc 1"]),
    ("^(?!x)", &["", "y"], &["x", "xy"]),
    ("(?!a)", &["", "a", "b"], &[]),
    ("^(?!.*--)[a-z-]+$", &["a-b"], &["a--b", ""]),
    ("^(?:(?!ab).)*$", &["", "ba", "aab".split_at(1).0], &["ab", "xaby"]),
    ("foo(?!bar)", &["foo", "foobaz", "foobarfoo"], &["foobar", "bar"]),
    ("foo(?=bar$)", &["foobar"], &["foo", "foobarx"]),
    ("^(?=a|b$).{2}$", &["ax", "aa"], &["bx", "ba"]),
    ("^(?!a$|b)", &["", "ax", "c"], &["a", "b", "bx"]),
    (r"(?<=\$)\d", &["$1", "a$2"], &["1", "$", "$ 1"]),
    ("(?<!a)b", &["b", "cb", "abb"], &["ab", "", "a"]),
    ("^(?<!a)", &["", "a"], &[]),
    (r"^(?=\bfoo)f", &["foo"], &["fo", " foo"]),
    ("(?:(?=a)|b)c", &["bc"], &["ac", "c"]),
];

#[test]
fn patterns_match_what_ecma_262_says() {
    for (source, good, bad) in ROWS {
        let pattern = pattern(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        for text in *good {
            assert!(pattern.is_match(text), "{source} must match {text:?}");
        }
        for text in *bad {
            assert!(!pattern.is_match(text), "{source} must not match {text:?}");
        }
    }
}

/// What Node says for each pattern and text of the table; none where it is not installed.
fn node() -> Option<Vec<Option<bool>>> {
    const SCRIPT: &str = "
        const regex = (source) => {
          try { return new RegExp(source, 'u'); } catch { return new RegExp(source); }
        };
        const test = ([source, text]) => {
          // Node itself runs out of stack where it counts far.
          try { return regex(source).test(text); } catch { return null; }
        };
        const rows = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        console.log(JSON.stringify(rows.map(test)));";
    let mut node = Command::new("node")
        .args(["-e", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let rows: Vec<(&str, &str)> = ROWS
        .iter()
        .flat_map(|(source, good, bad)| good.iter().chain(*bad).map(|text| (*source, *text)))
        .collect();
    serde_json::to_writer(node.stdin.take().expect("it is piped"), &rows).expect("node reads");
    let output = node.wait_with_output().expect("node ends");
    Some(serde_json::from_slice(&output.stdout).expect("node answers with one list"))
}

#[test]
fn the_table_of_patterns_is_what_node_says() {
    let Some(answers) = node() else { return };
    let expected = ROWS.iter().flat_map(|(source, good, bad)| {
        let good = good.iter().map(|text| (*source, *text, true));
        good.chain(bad.iter().map(|text| (*source, *text, false)))
    });
    for ((source, text, expected), answer) in expected.zip(answers) {
        assert_eq!(answer.unwrap_or(expected), expected, "Node on {source} and {text:?}");
    }
}

#[test]
fn what_is_not_supported_is_named() {
    let table = [
        (r"(a)\1", "a reference to a group"),
        (r"(?<a>b)\k<a>", "a reference to a group"),
        ("(?i:a)", "this kind of group"),
        ("(a", "a `(` without its `)`"),
        ("a)", "a `)` without its `(`"),
        ("[a", "a `[` without its `]`"),
        ("*", "a `*` with nothing before it"),
        ("{2}", "a `{` with nothing before it"),
        ("a++", "a quantifier behind a quantifier"),
        ("a{2}{3}", "a quantifier behind a quantifier"),
        ("a{3,2}", "a quantifier whose bounds are out of order"),
        ("[b-a]", "a range whose ends are out of order"),
        ("(a{1000}){1000}", "so many repetitions"),
        // Followed from each place at which it may begin.
        ("Y{1600}[ab]{60}", "so many repetitions"),
        ("(?=a(?<=b))", "looking behind while looking ahead"),
    ];
    for (source, expected) in table {
        let problem = compile(source).map(|_| ()).unwrap_err();
        assert_eq!(problem.to_string(), expected, "{source}");
    }
}
