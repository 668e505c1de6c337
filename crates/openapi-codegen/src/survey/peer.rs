//! Another generator, which is run beside this one.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// A command that takes the path of a document as its last argument, and succeeds if it can generate
/// from it.
#[derive(Clone, Debug)]
pub struct Peer {
    words: Vec<String>,
}

impl Peer {
    /// A command with its arguments, between blanks.
    ///
    /// # Errors
    ///
    /// There is no word in it.
    pub fn new(command: &str) -> anyhow::Result<Self> {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        ensure!(!words.is_empty(), "run the peer: its command is empty");
        Ok(Self { words })
    }

    /// Whether it takes a document, and how long that takes it.
    pub(super) fn run(&self, document: &Path) -> anyhow::Result<(bool, Duration)> {
        const PATIENCE: Duration = Duration::from_secs(100);
        let start = Instant::now();
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).arg(document);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("run {}", self.words[0]))?;
        loop {
            if let Some(status) = child.try_wait().context("wait for the peer")? {
                return Ok((status.success(), start.elapsed()));
            }
            if start.elapsed() > PATIENCE {
                child.kill().context("end the peer")?;
                child.wait().context("end the peer")?;
                return Ok((false, start.elapsed()));
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_takes_what_its_command_succeeds_with() -> anyhow::Result<()> {
        assert!(Peer::new("test -e")?.run(Path::new("Cargo.toml"))?.0);
        assert!(!Peer::new("test -e")?.run(Path::new("nothing"))?.0);
        assert!(Peer::new(" ").is_err());
        Ok(())
    }
}
