//! Instructions per byte, counted by callgrind: `cargo bench -p validator-bench --bench instructions`.
//!
//! The program runs itself under valgrind, for one pass and for two passes over each set; the
//! difference is one pass, whatever the start and the making of documents cost.

use std::hint::black_box;
use std::process::{Command, ExitCode};

use serde::de::IgnoredAny;
use tango_orders_validator::{is_valid, validate};
use validator_bench::{Set, sets};

const CONTENDERS: [&str; 3] = ["is_valid", "validate", "IgnoredAny"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|argument| argument == "--passes") {
        Some(index) => {
            passes(&arguments[index + 1], &arguments[index + 2], &arguments[index + 3]);
            ExitCode::SUCCESS
        }
        None => table(),
    }
}

/// What is measured.
fn passes(set: &str, contender: &str, count: &str) {
    let sets = sets();
    let set = sets.iter().find(|known| known.name == set).expect("a set of this name");
    let documents = set.documents();
    for _ in 0..count.parse::<usize>().expect("a number of passes") {
        for document in &documents {
            let document = black_box(document.as_slice());
            let verdict = match contender {
                "is_valid" => is_valid(set.schema(), document),
                "validate" => validate(set.schema(), document).is_valid(),
                _ => serde_json::from_slice::<IgnoredAny>(document).is_ok() && set.is_valid,
            };
            assert_eq!(verdict, set.is_valid, "{}", String::from_utf8_lossy(document));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
fn table() -> ExitCode {
    println!(
        "instructions per byte{:>49}{:>12}{:>12}",
        CONTENDERS[0], CONTENDERS[1], CONTENDERS[2]
    );
    // Names, as in `cargo bench … -- order 'page of 100'`; without any, every set.
    let names: Vec<_> = std::env::args().skip(1).filter(|name| !name.starts_with("--")).collect();
    for set in sets() {
        if !names.is_empty() && !names.iter().any(|name| name == set.name) {
            continue;
        }
        let documents = set.documents();
        let bytes: usize = documents.iter().map(Vec::len).sum();
        print!("{:<40}{:>8} B/doc", set.name, bytes / documents.len());
        for contender in CONTENDERS {
            let counts = (instructions(&set, contender, "1"), instructions(&set, contender, "2"));
            let (Some(one), Some(two)) = counts else {
                println!("\nvalgrind did not run; is it installed?");
                return ExitCode::FAILURE;
            };
            print!("{:>12.2}", (two - one) / bytes as f64);
        }
        println!();
    }
    ExitCode::SUCCESS
}

fn instructions(set: &Set, contender: &str, count: &str) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args(["--passes", set.name, contender, count])
        .output()
        .ok()?;
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}");
    let collected = report.lines().find_map(|line| line.split_once("Collected :"))?;
    collected.1.trim().parse().ok()
}
