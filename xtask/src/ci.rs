//! `cargo xtask ci`: what has to pass before a change is pushed.

use std::process::{Command, ExitCode};

/// A step's name and its command line.
const STEPS: [(&str, &str); 6] = [
    ("format", "cargo fmt --all --check"),
    ("lints", "cargo clippy --workspace --all-targets --all-features -- --deny warnings"),
    ("generated code", "cargo xtask codegen --check"),
    // README.md's own command.
    ("tests", "cargo test --workspace"),
    ("documentation", "cargo doc --workspace --no-deps --all-features"),
    // `cargo install --locked cargo-deny` if it is missing.
    ("dependencies", "cargo deny --config .deny.toml check bans licenses sources"),
];

/// Runs every step, so that one run tells all that is wrong.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut failed = Vec::new();
    for (name, command) in STEPS {
        println!("== {name}: {command}");
        let mut words = command.split(' ');
        let program = words.next().unwrap_or_default();
        if !Command::new(program).args(words).status()?.success() {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("== all {} steps passed", STEPS.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("== failed: {}", failed.join(", "));
    Ok(ExitCode::FAILURE)
}
