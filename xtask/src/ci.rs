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
    ("tests", "cargo test --workspace"),
    ("documentation", "cargo doc --workspace --no-deps --all-features"),
    // `cargo install --locked cargo-deny` if it is missing.
    ("dependencies", "cargo deny --config .deny.toml check bans licenses sources"),
];

/// Features that an application may choose for the client, and how many crates they may bring.
const CLIENT_FEATURES: [(&str, usize); 4] =
    [("", 110), ("html", 110), ("reqwest/rustls", 130), ("html,reqwest/rustls", 130)];

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
    println!("== crates of the client: cargo tree");
    if let Err(error) = count_crates() {
        println!("{error:#}");
        failed.push("crates of the client");
    }
    if failed.is_empty() {
        println!("== all {} steps passed", STEPS.len() + 1);
        return Ok(ExitCode::SUCCESS);
    }
    println!("== failed: {}", failed.join(", "));
    Ok(ExitCode::FAILURE)
}

/// Counts what the client brings, and compares it with its limits and with what README.md tells.
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
    let readme = std::fs::read_to_string("README.md").context("failed to read README.md")?;
    let published = readme.lines().any(|line| {
        line.starts_with("| crates that `tango-orders-client` brings") && line.contains(&counts)
    });
    ensure!(published, "README.md does not tell that the client brings {counts} crates");
    println!("{counts}");
    Ok(())
}
