//! `cargo xtask ci`: what has to pass before a change is pushed.

use std::collections::BTreeSet;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, ensure};

/// A step's name and its command line.
const STEPS: [(&str, &str); 6] = [
    ("format", "cargo fmt --all --check"),
    ("lints", "cargo clippy --workspace --all-targets --all-features -- --deny warnings"),
    ("generated code", "cargo xtask codegen --check"),
    // README.md's own command.
    ("tests", "cargo test --workspace --no-fail-fast"),
    ("documentation", "cargo doc --workspace --no-deps --all-features"),
    ("dependencies", "cargo deny --config .deny.toml check bans licenses sources"),
];

/// Features that an application may choose for the client, and how many crates they may bring.
const CLIENT_FEATURES: [(&str, usize); 4] =
    [("", 110), ("html", 110), ("reqwest/rustls", 130), ("html,reqwest/rustls", 130)];

/// Where that is published.
const FIGURES: &str = "tests/bench/README.md";

/// The step that has no command line of its own.
const CRATES: &str = "crates of the client";

/// Runs every step, so that one run tells all that is wrong.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    require_cargo_deny()?;
    let mut failed = Vec::new();
    for (name, command) in STEPS {
        println!("== {name}: {command}");
        let mut words = command.split(' ');
        let program = words.next().unwrap_or_default();
        if !Command::new(program).args(words).status()?.success() {
            failed.push(name);
        }
    }
    println!("== {CRATES}: cargo tree");
    if let Err(error) = count_crates() {
        println!("{error:#}");
        failed.push(CRATES);
    }
    if failed.is_empty() {
        println!("== all {} steps passed", STEPS.len() + 1);
        return Ok(ExitCode::SUCCESS);
    }
    println!("== failed: {}", failed.join(", "));
    Ok(ExitCode::FAILURE)
}

/// The one program that does not come with Rust: better missed now than after all other steps.
fn require_cargo_deny() -> anyhow::Result<()> {
    let output = Command::new("cargo").args(["deny", "--version"]).output();
    ensure!(
        output.context("run cargo")?.status.success(),
        "run cargo deny, which is not installed: `cargo install --locked cargo-deny` installs it"
    );
    Ok(())
}

/// Counts what the client brings, and compares it with its limits and with what is published.
fn count_crates() -> anyhow::Result<()> {
    let mut counts = Vec::new();
    for (features, limit) in CLIENT_FEATURES {
        let output = Command::new("cargo")
            .args(["tree", "--package=tango-orders-client", "--edges=normal", "--prefix=none"])
            .args(["--no-dedupe", "--features", features])
            .output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8(output.stdout)?;
        let count = tree.lines().collect::<BTreeSet<_>>().len();
        ensure!(count <= limit, "{count} crates with the features `{features}`, at most {limit}");
        counts.push(count.to_string());
    }
    let counts = counts.join(", ");
    let figures =
        std::fs::read_to_string(FIGURES).with_context(|| format!("failed to read {FIGURES}"))?;
    let published = figures.lines().any(|line| {
        line.starts_with("| crates that `tango-orders-client` brings") && line.contains(&counts)
    });
    ensure!(published, "{FIGURES} does not tell that the client brings {counts} crates");
    println!("{counts}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn help_names_every_step() {
        let command = crate::Arguments::command();
        let ci = command.find_subcommand("ci").expect("there is such a command");
        let about = ci.get_about().expect("it has a description").to_string();
        let steps = STEPS.iter().map(|(name, _)| *name).chain([CRATES]).collect::<Vec<_>>();
        assert_eq!(about, format!("Run what CI runs: {}", steps.join(", ")));
    }
}
