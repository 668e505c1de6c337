//! Patterns, and what the runtime makes of them, beside Node; README.md says how to run it.
#![no_main]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};

use openapi_codegen::validator::pattern::{self, PatternError, compile};
use openapi_validator::{Automaton, Pattern};
use serde_json::{Value, json};

/// How many characters a text has at most: the witness goes back and forth in it.
const LONGEST: usize = 10;

/// Answers a pattern and its texts, a line each, by which of them it matches; `null` if it is none.
const SCRIPT: &str = r#"
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { pattern, texts } = JSON.parse(line);
  let regex = null;
  for (const flags of ["u", ""]) {
    try { regex = new RegExp(pattern, flags); break; } catch { }
  }
  console.log(JSON.stringify(regex && texts.map((text) => regex.test(text))));
});
"#;

static WITNESS: LazyLock<Mutex<Node>> = LazyLock::new(|| Mutex::new(Node::start()));

libfuzzer_sys::fuzz_target!(|input: &str| {
    let mut lines = input.split('\r');
    let source = lines.next().unwrap_or_default();
    let compiled = compile(source);
    if counts_far(source) {
        // The witness would count, too; that we do not take long is all there is to see.
        return;
    }
    let texts: Vec<&str> = lines.filter(|text| text.chars().count() <= LONGEST).collect();
    let expected = WITNESS.lock().expect("a panic ends the process").judge(source, &texts);
    match compiled {
        Ok((automaton, _)) => {
            let pattern = leaked(source, automaton);
            let found: Vec<bool> = texts.iter().map(|text| pattern.is_match(text)).collect();
            assert_eq!(Some(found), expected, "`{source}` and {texts:?}");
        }
        Err(PatternError::Unsupported(_)) => {}
        Err(PatternError::Syntax(problem)) => {
            assert!(expected.is_none(), "`{source}` is refused: {problem}");
        }
    }
});

/// Whether a pattern may have a count of three digits.
fn counts_far(source: &str) -> bool {
    source.as_bytes().windows(3).any(|bytes| bytes.iter().all(u8::is_ascii_digit))
}

/// The engine of JavaScript, in a process that waits for lines.
struct Node {
    /// Ends with this process, whose end it reads.
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Node {
    fn start() -> Self {
        let mut process = Command::new("node")
            .args(["-e", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let (input, output) = input.zip(output).expect("both are pipes");
        Self { _process: process, input, output: BufReader::new(output) }
    }

    /// Which texts a pattern matches, with the flag `u` if it can have it; none if it is no pattern.
    fn judge(&mut self, pattern: &str, texts: &[&str]) -> Option<Vec<bool>> {
        writeln!(self.input, "{}", json!({ "pattern": pattern, "texts": texts }))
            .expect("it reads");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("it answers");
        let answer: Value = serde_json::from_str(&answer).expect("it answers in JSON");
        let verdicts = answer.as_array()?.iter();
        Some(verdicts.map(|verdict| verdict.as_bool() == Some(true)).collect())
    }
}

/// The runtime takes what lives as long as the program. A pattern takes about a kilobyte.
fn leaked(source: &str, automaton: pattern::Automaton) -> Pattern {
    let rows = automaton.next.into_iter().map(|row| &*row.leak());
    Pattern::new(Automaton {
        source: source.to_owned().leak(),
        ranges: automaton.ranges.leak(),
        next: rows.collect::<Vec<_>>().leak(),
        start: automaton.start,
        accepting: automaton.accepting.leak(),
    })
}
