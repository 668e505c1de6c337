//! The sandbox in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::Failure;

/// A sandbox, which ends when this is dropped.
pub struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Builds and starts the command `tango-orders-sandbox`.
    ///
    /// # Errors
    ///
    /// It cannot be built or started.
    pub fn start() -> Result<Self, Failure> {
        let mut process = Command::new(env!("CARGO"))
            .args(["run", "--release", "--quiet", "--package", "tango-orders-sandbox", "--"])
            .args(["--listen", "127.0.0.1:0", "--quiet"])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("read what the sandbox prints")?;
        // From here on, a failure ends the process.
        let mut server = Self { process, url: String::new() };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        // As in `The sandbox is at http://127.0.0.1:8080/ and its API at http://…`.
        let url = line.trim_end().rsplit(' ').next().filter(|url| url.starts_with("http://"));
        url.ok_or("start the sandbox, see what cargo says")?.clone_into(&mut server.url);
        Ok(server)
    }

    /// The base URL of the API.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
