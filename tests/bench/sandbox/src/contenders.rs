//! The servers that are compared, each a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use tempfile::TempDir;

use crate::{AUTHORIZATION, TARGETS};

/// Under what the sandbox has its operations.
const BASE_PATH: &str = "/raas/v2";

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it ends when this is dropped.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    address: SocketAddr,
    base_path: &'static str,
    child: Child,
}

impl Contender {
    /// A server that prints its address in the first line.
    fn start(name: &'static str, command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context(name)?;
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().context("read its output")?).read_line(&mut line)?;
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.with_context(|| format!("start {name}: {line}"))?.parse()?;
        Ok(Self { name, address, base_path: BASE_PATH, child })
    }

    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{}{target}", self.address, self.base_path)
    }

    /// The body of a response, which has to be a 200.
    fn body(&self, target: &str) -> anyhow::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address)?;
        let path = self.base_path;
        write!(
            stream,
            "GET {path}{target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             {AUTHORIZATION}\r\n\r\n"
        )?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response)?;
        let end = response.windows(4).position(|window| window == b"\r\n\r\n");
        let body = response.split_off(end.context("find the end of the headers")? + 4);
        let head = String::from_utf8_lossy(&response);
        ensure!(head.starts_with("HTTP/1.1 200"), "get {target} of {}: {head}", self.name);
        Ok(body)
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The sandbox, the bare handler and Prism, and both but the second once more with a log of each
/// request, as they come; all of them answering.
pub(crate) fn start() -> anyhow::Result<[Contender; 5]> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.join("../../..").canonicalize()?;
    let sandbox = start_sandbox("the sandbox", &root, &["--quiet"])?;
    let bodies = TempDir::new()?;
    let mut bare = Command::new(std::env::current_exe()?);
    bare.arg("bare");
    for (name, target) in TARGETS {
        let file = bodies.path().join(name);
        std::fs::write(&file, sandbox.body(target)?)?;
        bare.arg(file);
    }
    let bare = Contender::start("a bare handler", &mut bare)?;
    for (_, target) in TARGETS {
        ensure!(bare.body(target)? == sandbox.body(target)?, "serve the same bytes of {target}");
    }
    let prism = start_prism("Prism", here, &root, &["--verboseLevel", "silent"])?;
    let logging = start_sandbox("the sandbox with its log", &root, &[])?;
    let logging_prism = start_prism("Prism with its log", here, &root, &[])?;
    Ok([sandbox, bare, prism, logging, logging_prism])
}

fn start_sandbox(name: &'static str, root: &Path, options: &[&str]) -> anyhow::Result<Contender> {
    let build = Command::new("cargo")
        .args(["build", "--release", "--package", "tango-orders-sandbox"])
        .current_dir(root)
        .status()?;
    ensure!(build.success(), "build the sandbox");
    let mut command = Command::new(root.join("target/release/tango-orders-sandbox"));
    command.args(["--listen", "127.0.0.1:0"]).args(options).stderr(Stdio::null());
    Contender::start(name, &mut command)
}

fn start_prism(
    name: &'static str,
    here: &Path,
    root: &Path,
    options: &[&str],
) -> anyhow::Result<Contender> {
    if !here.join("node_modules").exists() {
        let install = Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(here)
            .status();
        ensure!(install.context("run npm")?.success(), "install Prism");
    }
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let child = Command::new("node")
        .arg(here.join("node_modules/@stoplight/prism-cli/dist/index.js"))
        .args(["mock", "--host", "127.0.0.1", "--port", &address.port().to_string()])
        .args(options)
        .arg(root.join("openapi/tango-orders.yaml"))
        .stdout(Stdio::null())
        .spawn()
        .context("run node")?;
    let prism = Contender { name, address, base_path: "", child };
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(address).is_err() {
        ensure!(Instant::now() < deadline, "start Prism in {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    for (_, target) in TARGETS {
        prism.body(target)?;
    }
    Ok(prism)
}

/// Serves the same bytes from memory, and checks nothing.
#[tokio::main]
pub(crate) async fn serve_bare(files: Vec<String>) -> anyhow::Result<()> {
    let mut router = Router::new();
    for ((_, target), file) in TARGETS.iter().zip(files.into_iter().map(PathBuf::from)) {
        let body = Bytes::from(std::fs::read(file)?);
        let path = target.split('?').next().unwrap_or_default();
        let response = async move || ([(CONTENT_TYPE, "application/json")], body.clone());
        router = router.route(&format!("{BASE_PATH}{path}"), get(response));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
