//! The contenders that are not Rust, each in a process of its own: ajv in Node, and Blaze in the
//! `jsonschema` command of the same makers. `npm ci` in this package's folder installs both.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The folder with `package.json` and, once they are installed, the packages.
pub const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// A Node process that has ajv, and waits for commands.
pub struct Ajv {
    process: Child,
    commands: ChildStdin,
    responses: BufReader<ChildStdout>,
}

impl Ajv {
    /// Starts Node; what is missing, if that fails.
    pub fn start() -> Result<Self, String> {
        installed("ajv")?;
        let mut process = Command::new("node")
            .arg(Path::new(FOLDER).join("ajv.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| {
                format!("can't run `node`, which has to be Node 20 or later: {error}")
            })?;
        let commands = process.stdin.take().ok_or("has no standard input")?;
        let responses = BufReader::new(process.stdout.take().ok_or("has no standard output")?);
        let mut ajv = Self { process, commands, responses };
        ajv.response()?;
        Ok(ajv)
    }

    /// Hands the documents over, and says whether each is valid.
    pub fn load(
        &mut self,
        schema: &Path,
        file: &Path,
        lengths: &[usize],
    ) -> Result<Vec<bool>, String> {
        let command =
            json!({ "command": "load", "schema": schema, "file": file, "lengths": lengths });
        serde_json::from_value(self.call(&command)?).map_err(|error| error.to_string())
    }

    /// Works for a while from bytes (`whole`) or on parsed values (`parsed`): nanoseconds per document.
    pub fn turn(&mut self, command: &str, time: Duration) -> Result<f64, String> {
        let response =
            self.call(&json!({ "command": command, "milliseconds": time.as_millis() as u64 }))?;
        response.as_f64().ok_or_else(|| format!("expected a number, found {response}"))
    }

    /// Validates the lines of a file: seconds.
    pub fn archive(&mut self, schema: &Path, file: &Path) -> Result<f64, String> {
        let response = self.call(&json!({ "command": "archive", "schema": schema, "file": file }))?;
        match (&response["all"], response["seconds"].as_f64()) {
            (Value::Bool(true), Some(seconds)) => Ok(seconds),
            _ => Err(format!("expected all lines to be valid, found {response}")),
        }
    }

    fn call(&mut self, command: &Value) -> Result<Value, String> {
        writeln!(self.commands, "{command}").map_err(|error| error.to_string())?;
        self.response()
    }

    fn response(&mut self) -> Result<Value, String> {
        let mut line = String::new();
        self.responses.read_line(&mut line).map_err(|error| error.to_string())?;
        serde_json::from_str(&line).map_err(|_| "Node has ended, see its message above".to_owned())
    }
}

impl Drop for Ajv {
    fn drop(&mut self) {
        // The process may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Blaze has no binding that could be called from here, so its command is given a long and a short
/// file, and the difference is counted: parsing, copying and validating, without the start.
pub struct Blaze {
    binary: PathBuf,
    schema: PathBuf,
    long: (PathBuf, usize),
    short: (PathBuf, usize),
    /// How often `--benchmark` validates each document of the short file.
    loops: usize,
}

impl Blaze {
    /// How many bytes are validated in one turn, roughly.
    const TURN: usize = 6_000_000;

    /// Writes the two files, and checks that every document of them is found valid.
    pub fn load(schema: &Path, folder: &Path, documents: &[Vec<u8>]) -> Result<Self, String> {
        let binary = Self::binary()?;
        if documents.iter().any(|document| document.contains(&b'\n')) {
            return Err("its command reads one document a line".to_owned());
        }
        let bytes = documents.iter().map(Vec::len).sum::<usize>().max(1);
        let repeat = Self::TURN.div_ceil(bytes) + 1;
        let mut lines = Vec::new();
        for document in documents {
            lines.extend_from_slice(document);
            lines.push(b'\n');
        }
        let write = |name: &str, times: usize| {
            let path = folder.join(name);
            fs::write(&path, lines.repeat(times)).map_err(|error| error.to_string())?;
            Ok::<_, String>((path, times * documents.len()))
        };
        let blaze = Self {
            binary,
            schema: schema.to_owned(),
            long: write("long.jsonl", repeat)?,
            short: write("short.jsonl", 1)?,
            loops: repeat,
        };
        blaze.seconds(&blaze.short.0)?;
        Ok(blaze)
    }

    /// Nanoseconds per document, from bytes.
    pub fn whole(&self) -> Result<f64, String> {
        let seconds = self.seconds(&self.long.0)? - self.seconds(&self.short.0)?;
        Ok(seconds * 1e9 / (self.long.1 - self.short.1) as f64)
    }

    /// Nanoseconds per parsed document, as the command measures it.
    pub fn parsed(&self) -> Result<f64, String> {
        let loops = self.loops.to_string();
        let output = self.run(&self.short.0, &["--benchmark", "--loop", &loops])?;
        // One line for each document, as in `short.jsonl[3]: PASS 1.730 +- 0.369 us (0.024)`.
        let times = output.lines().map(|line| {
            let time = line.split_once("PASS ").and_then(|(_, rest)| rest.split(' ').next());
            time.and_then(|time| time.parse::<f64>().ok()).map(|microseconds| microseconds * 1e3)
        });
        let times: Option<Vec<f64>> = times.collect();
        times.filter(|times| times.len() == self.short.1).map(crate::median).ok_or_else(|| {
            format!("expected a time for each of {} documents, found {output}", self.short.1)
        })
    }

    /// Seconds for all lines of a file, its start included.
    pub fn archive(schema: &Path, file: &Path) -> Result<f64, String> {
        let nothing = (PathBuf::new(), 0);
        let binary = Self::binary()?;
        Self { binary, schema: schema.to_owned(), long: nothing.clone(), short: nothing, loops: 1 }
            .seconds(file)
    }

    fn binary() -> Result<PathBuf, String> {
        let package = installed("@sourcemeta/jsonschema")?;
        let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
        let processor =
            if cfg!(target_arch = "aarch64") { "arm64" } else { std::env::consts::ARCH };
        let path = package.join(format!("build/github-releases/jsonschema-{system}-{processor}"));
        if path.exists() { Ok(path) } else { Err(format!("there is no {}", path.display())) }
    }

    fn seconds(&self, file: &Path) -> Result<f64, String> {
        let start = Instant::now();
        self.run(file, &[])?;
        Ok(start.elapsed().as_secs_f64())
    }

    fn run(&self, file: &Path, options: &[&str]) -> Result<String, String> {
        let output = Command::new(&self.binary)
            .arg("validate")
            .args([&self.schema, file])
            .args(["--fast", "--format-assertion"])
            .args(options)
            .output()
            .map_err(|error| format!("can't run {}: {error}", self.binary.display()))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            let message = String::from_utf8_lossy(&output.stderr);
            let message: String = message.chars().take(300).collect();
            Err(format!("the command ended with {}: {}", output.status, message.trim()))
        }
    }
}

/// The folder of an npm package, or what to do about its absence.
fn installed(package: &str) -> Result<PathBuf, String> {
    let path = Path::new(FOLDER).join("node_modules").join(package);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("the package is not installed, run `npm ci --prefix {FOLDER}`"))
    }
}
