//! Whatever happens to a call, nothing that is printed or logged tells a secret or anything of a
//! person.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tango_orders_client::{
    BoxFuture, Client, Credentials, Environment, Error, Filter, OAuth2, Position, Progress,
    Redacted, Response, Retry, Schedule, Secret, Timeouts, TokenError, TokenSource,
};

use super::canaries::{CANARY, async_order, body, canary, leaks, list, order, secrets_among};
use super::log::{listen, old_log};
use super::server::response;

#[derive(Clone, Copy, Debug)]
enum Operation {
    Order,
    List,
    Orders,
    Page,
    LineItems,
    Wait,
}

#[derive(Clone, Copy, Debug)]
enum Login {
    Basic,
    Bearer,
    Source,
    OAuth,
}

const OPERATIONS: [Operation; 6] = [
    Operation::Order,
    Operation::List,
    Operation::Orders,
    Operation::Page,
    Operation::LineItems,
    Operation::Wait,
];
const LOGINS: [Login; 4] = [Login::Basic, Login::Bearer, Login::Source, Login::OAuth];

/// What a server does with a connection.
enum Answer {
    Bytes(Vec<u8>),
    /// Sends this much, and then nothing, without closing.
    Stall(Vec<u8>),
}

/// The ways of the server, by name.
fn answers(body: &Value) -> Vec<(&'static str, Answer)> {
    let json = |status: &str, body: &str| Answer::Bytes(response(status, "application/json", body));
    let text = body.to_string();
    let error = self::body("ErrorBody").to_string();
    let html = format!("<html>{CANARY}</html>");
    let cut = text.get(..text.len() / 2).unwrap();
    let with = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        body.to_string()
    };
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut answers = vec![
        ("all is well", json("200 OK", &text)),
        (
            "a cookie",
            json(&format!("200 OK\r\nset-cookie: {CANARY}\r\nx-{CANARY}: {CANARY}"), &text),
        ),
        ("half a body", Answer::Bytes(format!("{head}{cut}").into_bytes())),
        ("half a document", json("200 OK", cut)),
        ("a moment that is none", json("200 OK", &with("createdAt", canary("moment").into()))),
        ("a status that is none", json("200 OK", &with("status", json!([CANARY])))),
        ("a list that is none", json("200 OK", &with("lineItems", canary("word").into()))),
        ("a charge that is none", json("200 OK", &with("amountCharged", canary("charge").into()))),
        ("another document", json("200 OK", &error)),
        ("a word", json("200 OK", &json!(CANARY).to_string())),
        ("nothing", json("200 OK", "")),
        ("depth", json("200 OK", &format!("{}\"{CANARY}\"", "[".repeat(200)))),
        ("length", json("200 OK", &format!("\"{}\"", CANARY.repeat(20_000)))),
        ("html", Answer::Bytes(response("200 OK", "text/html", &html))),
        ("no content", json("204 No Content", "")),
        ("a redirection", json(&format!("302 Found\r\nlocation: /{CANARY}"), &error)),
        ("gzip that is none", json("200 OK\r\ncontent-encoding: gzip", &text)),
        ("a chunk that is none", Answer::Bytes(format!("{chunked}{CANARY}\r\n{CANARY}").into())),
        ("a status line that is none", Answer::Bytes(format!("{CANARY}\r\n\r\n").into_bytes())),
        (
            "a header that is none",
            Answer::Bytes(format!("HTTP/1.1 200 OK\r\n{CANARY}\r\n\r\n").into()),
        ),
        ("a reason", json(&format!("500 {CANARY}"), &error)),
        ("no response", Answer::Bytes(Vec::new())),
        ("silence", Answer::Stall(Vec::new())),
        ("half a body, then silence", Answer::Stall(format!("{head}{cut}").into_bytes())),
    ];
    for status in [
        "400 Bad Request",
        "401 Unauthorized\r\nwww-authenticate: Basic realm=\"CANARY\"",
        "403 Forbidden",
        "404 Not Found",
        "418 I'm a teapot",
        "422 Unprocessable Entity",
        "429 Too Many Requests\r\nretry-after: CANARY",
        "500 Internal Server Error",
        "503 Service Unavailable",
    ] {
        answers.push(("an error", json(status, &error)));
        answers.push(("an error in html", Answer::Bytes(response(status, "text/html", &html))));
    }
    answers
}

/// Answers each request by the number in its path; grants tokens as well.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || talk(stream.unwrap()));
        }
    });
    base_url
}

fn talk(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut path = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(target) = line.strip_prefix("GET ").or(line.strip_prefix("POST ")) {
            target.clone_into(&mut path);
        } else if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let answer = if path.starts_with("/token") {
        let _ = reader.read_exact(&mut vec![0; length]);
        let grant = json!({
            "access_token": canary("token"), "expires_in": 86400, "token_type": "Bearer",
        });
        Answer::Bytes(response("200 OK", "application/json", &grant.to_string()))
    } else {
        let number: usize = path.split('/').nth(1).unwrap().parse().unwrap();
        let body = if path.contains("/asyncOrders/") {
            async_order()
        } else if path.contains("/orders/") {
            order()
        } else {
            list()
        };
        answers(&body).swap_remove(number).1
    };
    // The client may be gone.
    match answer {
        Answer::Bytes(bytes) => drop(stream.write_all(&bytes)),
        Answer::Stall(bytes) => {
            let _ = stream.write_all(&bytes);
            // Until the client has had enough.
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = stream.read(&mut [0]);
        }
    }
}

#[derive(Debug)]
struct Source;

impl TokenSource for Source {
    fn token(&self) -> BoxFuture<'_, Result<Secret, TokenError>> {
        Box::pin(std::future::ready(Ok(Secret::from(canary("token")))))
    }
}

fn credentials(login: Login, server: &str) -> Credentials {
    match login {
        Login::Basic => Credentials::basic(&canary("name"), &canary("key")).unwrap(),
        Login::Bearer => Credentials::bearer(&canary("token")).unwrap(),
        Login::Source => Credentials::token_source(Source),
        Login::OAuth => {
            let source = OAuth2::builder(&format!("{server}/token")).unwrap();
            let source = source.client(&canary("client"), &canary("secret"));
            Credentials::token_source(source.build().unwrap())
        }
    }
}

/// Everything that one may print, or be shown when a program panics.
fn told<T: Debug + Serialize>(result: Result<T, Error>) -> String {
    let mut told = String::new();
    if let Ok(value) = &result {
        told.push_str(&serde_json::to_string(&Redacted::new(value)).unwrap());
        let shown = serde_json::to_string(&Redacted::new(value).with_private()).unwrap();
        assert!(!leaks(&shown).is_empty(), "private text is shown by choice");
        assert_eq!(secrets_among(&leaks(&shown)), BTreeSet::new());
    }
    let mut tell = |value: &dyn Debug| write!(told, "{value:?}\n{value:#?}\n").unwrap();
    match &result {
        Ok(value) => tell(value),
        Err(error) => tell(error),
    }
    if let Err(error) = &result {
        let mut source: Option<&dyn StdError> = Some(error);
        while let Some(error) = source {
            write!(told, "{error}\n{error:#}\n{error:?}\n{error:#?}\n").unwrap();
            source = error.source();
        }
    }
    let panics = || match &result {
        Ok(_) => drop(result.unwrap_err()),
        Err(_) => drop(result.unwrap()),
    };
    let payload = quietly(|| panic::catch_unwind(AssertUnwindSafe(panics))).unwrap_err();
    let message = payload.downcast_ref::<String>().expect("`unwrap` panics with a text");
    assert!(message.starts_with("called `Result::unwrap"), "{message}");
    told + message
}

/// Keeps panics of this thread off the terminal.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    thread_local! {
        static QUIET: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let value = run();
    QUIET.set(false);
    value
}

/// Makes one call; returns what can be printed of it, and whether it succeeded.
async fn play(
    operation: Operation,
    login: Login,
    server: &str,
    (number, is_silent): (usize, bool),
) -> (String, bool) {
    let mut timeouts = Timeouts::default();
    if is_silent {
        timeouts.attempt = Duration::from_millis(250);
    }
    let credentials = credentials(login, server);
    let mut told = format!("{credentials:?}{credentials:#?}");
    let builder = Client::builder(Environment::at(&format!("{server}/{number}")).unwrap())
        .credentials(credentials)
        .timeouts(timeouts)
        .body_limit(100_000)
        .retry(Retry::none());
    write!(told, "{builder:?}").unwrap();
    let client = builder.build().unwrap();
    write!(told, "{client:?} {:?} {:?}", client.audit(), client.support()).unwrap();
    let async_order = client.get_async_order(canary("customer"), canary("account"), canary("ref"));
    let (text, is_ok) = match operation {
        Operation::Order => {
            let request = client.get_order(canary("order"));
            write!(told, "{request:?}").unwrap();
            let response = request.with_response().with_body().await;
            let is_ok = response.is_ok();
            write!(told, "{response:?} {:?}", response.as_ref().ok().map(|r| r.body())).unwrap();
            // What it is turned into holds the secrets, and what turns it may log nothing of them.
            let reward = response.as_ref().ok().and_then(|order| order.value().reward.as_ref());
            if let Some(markup) = reward.and_then(|reward| reward.redemption_instructions.as_ref())
            {
                assert!(
                    !leaks(&markup.to_plain_text()).is_empty()
                        && !leaks(&markup.sanitize()).is_empty()
                );
            }
            (self::told(response.map(Response::into_value)), is_ok)
        }
        Operation::List => {
            let request = client.list_orders().recipient_email(canary("mail"));
            write!(told, "{request:?}").unwrap();
            let response = request.with_response().with_body().await;
            let is_ok = response.is_ok();
            write!(told, "{response:?}").unwrap();
            (self::told(response.map(Response::into_value)), is_ok)
        }
        Operation::Orders => {
            let mut orders = client.list_orders().notes(canary("notes")).orders();
            let order = orders.next().await.transpose();
            write!(told, "{orders:?}").unwrap();
            let is_ok = order.is_ok();
            (self::told(order), is_ok)
        }
        Operation::Page => {
            let request = async_order
                .filter(Filter::external_references([CANARY]))
                .at(Position::Next(canary("cursor")));
            write!(told, "{request:?}").unwrap();
            let page = request.await;
            let is_ok = page.is_ok();
            (self::told(page), is_ok)
        }
        Operation::LineItems => {
            let mut items = async_order.line_items().prefetch(true);
            let item = items.next().await.transpose();
            write!(told, "{items:?} {:?}", items.resume_token()).unwrap();
            let is_ok = item.is_ok();
            (self::told(item), is_ok)
        }
        Operation::Wait => {
            let schedule = Schedule { give_up_after: Duration::ZERO, ..Schedule::default() };
            let wait = async_order.wait(schedule);
            write!(told, "{wait:?}").unwrap();
            let progress = Arc::new(Mutex::new(String::new()));
            let noted = Arc::clone(&progress);
            let note =
                move |progress: &Progress<'_>| *noted.lock().unwrap() = format!("{progress:?}");
            let order = wait.on_progress(note).await;
            told.push_str(&progress.lock().unwrap());
            let is_ok = order.is_ok();
            (self::told(order), is_ok)
        }
    };
    (told + &text, is_ok)
}

#[tokio::test]
async fn nothing_that_is_printed_or_logged_tells_a_secret() {
    let (log, _guard) = listen();
    let old = old_log();
    let server = serve();
    let kinds: Vec<&str> = answers(&order()).into_iter().map(|(name, _)| name).collect();
    let (mut scenarios, mut successes) = (0, 0);
    for (number, kind) in kinds.iter().enumerate() {
        for operation in OPERATIONS {
            for login in LOGINS {
                let (told, is_ok) =
                    play(operation, login, &server, (number, kind.ends_with("silence"))).await;
                let leaks = leaks(&told);
                assert!(leaks.is_empty(), "{kind}, {operation:?}, {login:?}: prints {leaks:?}");
                scenarios += 1;
                successes += usize::from(is_ok);
            }
        }
    }
    assert!(scenarios >= 200 && successes >= 32, "{scenarios} scenarios, {successes} successes");
    assert!(successes < scenarios / 2, "{scenarios} scenarios, {successes} successes");
    let (new, old) = (log.text.lock().unwrap(), old.0.lock().unwrap());
    assert!(new.matches("openapi_client.attempt").count() >= scenarios);
    assert!(old.matches("starting new connection").count() >= scenarios);
    for text in [&*new, &*old] {
        assert_eq!(leaks(text), BTreeSet::new(), "the log tells these");
    }
}

#[tokio::test]
async fn a_print_that_is_not_redacted_is_caught() {
    let server = serve();
    let environment = Environment::at(&format!("{server}/0")).unwrap();
    let credentials = credentials(Login::OAuth, &server);
    let client = Client::builder(environment).credentials(credentials).build();
    let client = client.unwrap();
    let order = client.get_order("RA1").await.unwrap();
    let reward = order.reward.as_ref().unwrap();
    let recipient = order.recipient.as_ref().unwrap();
    let address = recipient.address.as_ref().unwrap();
    let credential = reward.credential_list.first().unwrap();
    for text in [
        recipient.first_name.as_ref().unwrap().as_str(),
        recipient.mobile_number.as_ref().unwrap().as_str(),
        address.street_line2.as_ref().unwrap().as_str(),
        order.sender.as_ref().unwrap().email.as_ref().unwrap().as_str(),
        order.notes.as_ref().unwrap().as_str(),
        credential.value.expose_secret(),
        reward.redemption_instructions.as_ref().unwrap().expose_markup(),
        &serde_json::to_string(&order).unwrap(),
        &format!("{:?}", credential.value.expose_secret().as_bytes()),
        // Basic authentication, as it stands in the header.
        "Basic Q0FOQVJZLW5hbWU6Q0FOQVJZLWtleQ==",
        "eENBTkFSWQ==",
        "eHhDQU5BUlk=",
    ] {
        assert!(!leaks(text).is_empty(), "{text}");
    }
    let notes = order.notes.as_ref().unwrap();
    assert_eq!(leaks(notes.as_str()), BTreeSet::from(["Order.notes".to_owned()]));
    let page = client.get_async_order("a", "b", "c").await.unwrap();
    let item = page.line_items.first().unwrap();
    let name = item.recipient.as_ref().unwrap().last_name.as_ref().unwrap();
    assert!(!leaks(name.as_str()).is_empty());
    let (log, _guard) = listen();
    tracing::trace!(name = name.as_str(), "not redacted");
    assert_eq!(leaks(&log.text.lock().unwrap()).len(), 1);
}
