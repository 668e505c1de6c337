use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::caller::client;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_tango-orders-sandbox");

/// The binary on a free port; it is killed with the test.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
}

impl Running {
    fn start(mut command: Command) -> Self {
        command.stderr(Stdio::piped());
        Self::spawned(command)
    }

    /// One whose standard error goes where the command says.
    pub(crate) fn spawned(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        Self { address: address.unwrap_or_else(|| panic!("no address: {line}")).to_owned(), child }
    }

    pub(crate) fn with(arguments: &[&str]) -> Self {
        let mut command = Command::new(BINARY);
        command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        Self::start(command)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let url = format!("http://{}{path}", self.address);
        let response = client().get(url).bearer_auth("sandbox-token").send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let kill = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }

    /// Asks it to stop, and returns its exit code.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().unwrap().code()
    }

    /// Asks it to stop, and returns its exit code and what it wrote to standard error.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn help_explains_every_switch() {
    let output = Command::new(BINARY).arg("--help").output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[tokio::test]
async fn the_log_holds_nothing_of_what_was_sent_or_returned() {
    let running = Running::with(&[]);
    let (status, order) = running.get("/raas/v2/orders/RA260115-1001-01").await;
    assert_eq!(status, 200);
    let order: serde_json::Value = serde_json::from_str(&order).unwrap();
    running.get("/raas/v2/orders/ada@example.com?token=topsecret").await;
    running.get("/anywhere/topsecret").await;
    let (code, log) = running.stop("-INT");
    assert_eq!(code, Some(0));
    let lines: Vec<&str> = log.lines().collect();
    assert!(lines[0].starts_with("GET get_order 200 "), "{log}");
    assert!(lines[1].starts_with("GET get_order 404 "), "{log}");
    assert!(lines[2].starts_with("GET - 404 "), "{log}");
    assert_eq!(lines[3..], ["stopping"]);
    let code = order["reward"]["credentialList"][0]["value"].as_str().unwrap();
    for secret in [code, "sandbox-token", "topsecret", "@", "RA260115"] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}

#[tokio::test]
async fn it_stops_when_it_is_told_and_keeps_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let file = file.to_str().unwrap();
    for signal in ["-TERM", "-INT"] {
        let running = Running::with(&["--quiet", "--seed", "7", "--state", file]);
        assert_eq!(running.get("/openapi.json").await.0, 200);
        assert_eq!(running.stop(signal), (Some(0), String::new()));
        assert!(Path::new(file).exists());
    }
    let output = Command::new(BINARY).args(["--seed", "8", "--state", file]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: failed to resume the state "), "{error}");
}

#[test]
fn what_it_cannot_do_is_said() {
    let mut messages = String::new();
    for arguments in [
        &["--load", "nowhere.json"][..],
        &["--scenario", "nowhere.yaml"],
        &["--fault", "nonsense"],
        &["--fault", "200%:reset"],
        &["--time-scale", "-1"],
        &["--platform", "name"],
        &["--time-scale", "1e300"],
        &["--calls-per-second", "0"],
        &["--calls-per-second", "1001"],
        &["--header-timeout", "18446744073709551615"],
        &["--orders", "1000001"],
        &["--orders", "5", "--no-ready-made"],
        &["--fault", "503, truncate"],
        &["--listen", "nowhere"],
    ] {
        let output = Command::new(BINARY).args(arguments).output().unwrap();
        assert!(!output.status.success());
        messages += &String::from_utf8(output.stderr).unwrap();
        messages.push('\n');
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn an_error_names_the_file_that_it_is_in() {
    let folder = tempfile::tempdir().unwrap();
    for (option, text, problem) in [
        ("--scenario", "steps: [{ fault: resett }]", "read step 1 of the scenario: "),
        ("--load", "{}", "which breaks the document"),
        ("--state", "{}", "not a state"),
    ] {
        let file = folder.path().join(option.trim_start_matches('-'));
        std::fs::write(&file, text).unwrap();
        let output = Command::new(BINARY).arg(option).arg(&file).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8(output.stderr).unwrap();
        let name = file.to_str().unwrap();
        assert!(error.contains(name) && error.contains(problem), "{error}");
    }
}

#[tokio::test]
async fn addresses_may_be_short_and_what_is_odd_is_said() {
    let samples = "../../openapi/samples/get_order.200.realistic.json";
    for (listen, start) in [
        ("localhost:0", "127.0.0.1:"),
        ("0", "127.0.0.1:"),
        (":0", "127.0.0.1:"),
        ("[::1]:0", "[::1]:"),
    ] {
        let mut command = Command::new(BINARY);
        command.args(["--quiet", "--listen", listen]).stderr(Stdio::piped());
        let running = Running::spawned(command);
        assert!(running.address.starts_with(start), "{listen}: {}", running.address);
        assert_eq!(running.stop("-TERM"), (Some(0), String::new()));
    }
    let mut command = Command::new(BINARY);
    command.args(["--quiet", "--listen", "0.0.0.0:0", "--load", samples]).stderr(Stdio::piped());
    let (code, said) = Running::spawned(command).stop("-TERM");
    assert_eq!(code, Some(0));
    assert!(said.contains("takes the place of the generated order RA260115-1001-02"), "{said}");
    assert!(said.contains("warning: whoever reaches 0.0.0.0:"), "{said}");
}

/// The commands of the README.
fn commands() -> Vec<String> {
    let readme = include_str!("../../README.md");
    let blocks = readme.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_commands_of_the_readme_work() {
    let commands = commands();
    let [start, look_up, walk, token] = &commands[..] else { panic!("four: {commands:?}") };
    // The binary that is built already, on a port that is free.
    assert!(start.starts_with("cargo run -p tango-orders-sandbox -- --listen 127.0.0.1:8080"));
    let start = start
        .replace("cargo run -p tango-orders-sandbox --", &format!("exec {BINARY}"))
        .replace("127.0.0.1:8080", "127.0.0.1:0");
    let mut command = Command::new("sh");
    command.args(["-ec", &start]);
    let running = Running::start(command);
    let run = |command: &str| {
        assert!(command.contains("127.0.0.1:8080"), "{command}");
        let command = command.replace("127.0.0.1:8080", &running.address);
        let output = Command::new("sh").args(["-ec", &command]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let order: serde_json::Value = serde_json::from_str(&run(look_up)).unwrap();
    assert_eq!(order["referenceOrderID"], "RA260115-1001-02");
    let pages = run(walk);
    let items = pages.lines().map(|page| {
        let page: serde_json::Value = serde_json::from_str(page).unwrap();
        page["lineItems"].as_array().unwrap().len()
    });
    assert_eq!(items.collect::<Vec<_>>(), [100, 100, 50]);
    let order: serde_json::Value = serde_json::from_str(&run(token)).unwrap();
    assert_eq!(order["referenceOrderID"], "RA260115-1001-02");
    // The same in Python, where there is one.
    let python = include_str!("../../README.md").split("```python\n").nth(1).unwrap();
    let python = python.split("```").next().unwrap().replace("127.0.0.1:8080", &running.address);
    if let Ok(output) = Command::new("python3").args(["-c", &python]).output() {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "COMPLETE\n", "{output:?}");
    }
}
