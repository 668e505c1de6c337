//! A headless Chromium, driven by the `DevTools` protocol.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    calls: u64,
    session: Option<String>,
    /// The addresses that the page asked for.
    pub(crate) requested: Vec<String>,
    /// What went wrong in the page: uncaught exceptions and errors in the console.
    pub(crate) complaints: Vec<String>,
    _profile: TempDir,
}

impl Browser {
    /// Starts `chromium`, or what the environment variable `CHROMIUM` names.
    pub(crate) fn start(width: u32, height: u32) -> Self {
        let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        let profile = TempDir::new().unwrap();
        // The protocol is spoken over the descriptors 3 and 4, which only a shell can set up.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>&2", &program])
            .args(["--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run"])
            // It refuses to sandbox itself if it is run by root; the only page is our own.
            .args(["--no-sandbox", "--disable-dev-shm-usage"])
            // It talks to nobody but this machine.
            .args(["--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
            .args(["--disable-background-networking", "--disable-component-update"])
            .arg(format!("--window-size={width},{height}"))
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for message in output.split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { break };
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            child,
            input,
            messages,
            calls: 0,
            session: None,
            requested: Vec::new(),
            complaints: Vec::new(),
            _profile: profile,
        };
        let page = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": page["targetId"], "flatten": true});
        let session = browser.call("Target.attachToTarget", &attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Network", "Runtime", "Log"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.calls += 1;
        let id = self.calls;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        write!(self.input, "{message}\0").expect("start Chromium; is it installed?");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let rest = deadline.saturating_duration_since(Instant::now());
            let hint = "get an answer from Chromium; is it installed?";
            let answer = self.messages.recv_timeout(rest).expect(hint);
            if answer["id"] == id {
                assert_eq!(answer.get("error"), None, "{method} {parameters}");
                return answer["result"].clone();
            }
            self.take_note(&answer);
        }
    }

    fn take_note(&mut self, event: &Value) {
        let parameters = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                self.requested.extend(parameters["request"]["url"].as_str().map(str::to_owned));
            }
            "Runtime.exceptionThrown" => self.complaints.push(parameters.to_string()),
            "Log.entryAdded" if parameters["entry"]["level"] == "error" => {
                self.complaints.push(parameters["entry"].to_string());
            }
            _ => {}
        }
    }

    pub(crate) fn open(&mut self, url: &str) {
        self.call("Page.navigate", &json!({"url": url}));
        self.wait_for("document.readyState === 'complete' || undefined");
    }

    /// The value of an expression of JavaScript.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let parameters =
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let outcome = self.call("Runtime.evaluate", &parameters);
        assert_eq!(outcome.get("exceptionDetails"), None, "{expression}");
        outcome["result"]["value"].clone()
    }

    /// The value of an expression, as soon as it has one.
    pub(crate) fn wait_for(&mut self, expression: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let value = self.evaluate(expression);
            if !value.is_null() {
                return value;
            }
            assert!(Instant::now() < deadline, "{expression} has no value");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The text of an element, once it is there.
    pub(crate) fn text(&mut self, selector: &str) -> String {
        let expression = format!("document.querySelector({})?.textContent", quoted(selector));
        self.wait_for(&expression).as_str().unwrap().to_owned()
    }

    /// Clicks with the mouse on an element, once it is there and nothing covers it.
    pub(crate) fn click(&mut self, selector: &str) {
        let point = self.wait_for(&format!(
            "(() => {{
                const element = document.querySelector({});
                element?.scrollIntoView({{ block: 'center', behavior: 'instant' }});
                const box = element?.getBoundingClientRect();
                if (!box?.width) return undefined;
                const point = {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
                const hit = document.elementFromPoint(point.x, point.y);
                return element.contains(hit) ? point : undefined;
            }})()",
            quoted(selector)
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let (x, y) = (&point["x"], &point["y"]);
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Writes into a field, in place of what it holds.
    pub(crate) fn fill(&mut self, selector: &str, text: &str) {
        self.click(selector);
        self.evaluate(&format!("document.querySelector({}).select()", quoted(selector)));
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Writes the whole page as a PNG file.
    pub(crate) fn screenshot(&mut self, path: &Path) {
        let picture = self.call("Page.captureScreenshot", &json!({"captureBeyondViewport": true}));
        let picture = STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::write(path, picture).unwrap();
    }

    /// The requests that went elsewhere, if any did.
    pub(crate) fn requested_from_others(&self, own: SocketAddr) -> Vec<&str> {
        let own = format!("http://{own}/");
        let is_own = |url: &str| url.starts_with(&own) || url.starts_with("data:");
        self.requested.iter().map(String::as_str).filter(|url| !is_own(url)).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
