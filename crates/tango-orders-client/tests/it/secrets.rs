//! Whatever happens to a call, nothing that is printed or logged tells a secret or anything of a
//! person.

use std::cell::Cell;
use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, Once};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tango_orders_client::{
    BoxFuture, Client, Credentials, Environment, Error, Filter, OAuth2, Position, Progress,
    Response, Retry, Schedule, Secret, Timeouts, TokenError, TokenSource,
};

use crate::observing::{Log, old_log};
use crate::server::response;

const CANARY: &str = "CANARY";
/// How bytes of it print, and what of it survives base64, whatever stands before it.
const DISGUISED: [&str; 4] = ["67, 65, 78, 65, 82, 89", "Q0FOQVJZ", "NBTkFSW", "DQU5BUl"];

fn hits(text: &str) -> usize {
    text.matches(CANARY).count()
        + DISGUISED.iter().map(|form| text.matches(form).count()).sum::<usize>()
}

/// Members that may be printed; any other string of a response is a canary, those of members that are
/// yet to come included.
const PRINTABLE: [&str; 30] = [
    "accountIdentifier",
    "accountNumber",
    "campaign",
    "completedAt",
    "createdAt",
    "credentialType",
    "currencyCode",
    "customerIdentifier",
    "deliveryMethod",
    "deliveryStatus",
    "errorCode",
    "errorCodeName",
    "etid",
    "externalRefID",
    "externalRefLineItemID",
    "field",
    "lineItemId",
    "lineItemStatus",
    "orderClientSource",
    "orderStatus",
    "ptid",
    "purchaseOrderNumber",
    "referenceLineItemID",
    "referenceLineItemId",
    "referenceOrderID",
    "rewardName",
    "scheduledDeliveryDate",
    "status",
    "type",
    "utid",
];

/// Puts canaries into a response.
fn mark(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mark),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(text) if !PRINTABLE.contains(&&**name) => *text = canary(name),
                    Value::Object(map)
                        if name == "credentials" || name.starts_with("duplicate") =>
                    {
                        let marked = |(key, value): (String, Value)| {
                            let value = if value.is_string() { canary(&key).into() } else { value };
                            (canary(&key), value)
                        };
                        *map = std::mem::take(map).into_iter().map(marked).collect::<Map<_, _>>();
                    }
                    member => mark(member),
                }
            }
            members.insert(canary("member"), canary("member").into());
        }
        _ => {}
    }
}

fn canary(name: &str) -> String {
    format!("{CANARY}-{name}")
}

fn person() -> Value {
    json!({
        "firstName": "", "lastName": "", "email": "", "mobileNumber": "",
        "address": {
            "streetLine1": "", "streetLine2": "", "city": "", "stateOrProvince": "", "country": "",
            "postalCode": "", "companyName": "",
        },
    })
}

fn order() -> Value {
    const SAMPLE: &str = include_str!("../../../../openapi/samples/get_order.200.realistic.json");
    let mut order: Value = serde_json::from_str(SAMPLE).unwrap();
    for name in ["sender", "recipient"] {
        order[name] = person();
    }
    for name in ["notes", "message", "emailSubject"] {
        order[name] = "".into();
    }
    order["reward"]["credentials"] = json!({ "claimCode": "", "redemptionUrl": "" });
    order["reward"]["redemptionInstructions"] = "".into();
    order["asyncOrderEntity"] = json!({
        "status": "FAILED",
        "failedLineItems": [{ "errors": [{ "field": "f", "message": "" }] }],
        "duplicateLineItemRefIds": { "member-0001": 2 },
    });
    mark(&mut order);
    order
}

fn async_order() -> Value {
    const SAMPLE: &str =
        include_str!("../../../../openapi/samples/get_async_order.200.realistic.json");
    let mut order: Value = serde_json::from_str(SAMPLE).unwrap();
    order["sender"] = person();
    order["notes"] = "".into();
    for item in order["lineItems"].as_array_mut().unwrap() {
        item["recipient"] = person();
    }
    mark(&mut order);
    order["pagination"]["nextPageAvailable"] = false.into();
    order
}

/// What an error body may tell; the keys are what support needs.
fn refusal() -> Value {
    json!({
        "i18nKey": "422.009", "requestId": "r-1", "path": canary("path"), "message": canary("message"),
        "i18nTokenReplacements": [canary("token"), { CANARY: CANARY }],
        "errors": [{
            "path": "recipient.email", "message": canary("message"), "invalidValue": canary("value"),
            "i18nTokenReplacements": [canary("token")], "constraint": "Email",
        }],
        CANARY: CANARY,
    })
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Order,
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

const OPERATIONS: [Operation; 4] =
    [Operation::Order, Operation::Page, Operation::LineItems, Operation::Wait];
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
    let refusal = refusal().to_string();
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
        ("another document", json("200 OK", &refusal)),
        ("a word", json("200 OK", &json!(CANARY).to_string())),
        ("nothing", json("200 OK", "")),
        ("depth", json("200 OK", &format!("{}\"{CANARY}\"", "[".repeat(200)))),
        ("length", json("200 OK", &format!("\"{}\"", CANARY.repeat(20_000)))),
        ("html", Answer::Bytes(response("200 OK", "text/html", &html))),
        ("no content", json("204 No Content", "")),
        ("a redirection", json(&format!("302 Found\r\nlocation: /{CANARY}"), &refusal)),
        ("gzip that is none", json("200 OK\r\ncontent-encoding: gzip", &text)),
        ("a chunk that is none", Answer::Bytes(format!("{chunked}{CANARY}\r\n{CANARY}").into())),
        ("a status line that is none", Answer::Bytes(format!("{CANARY}\r\n\r\n").into_bytes())),
        (
            "a header that is none",
            Answer::Bytes(format!("HTTP/1.1 200 OK\r\n{CANARY}\r\n\r\n").into()),
        ),
        ("a reason", json(&format!("500 {CANARY}"), &refusal)),
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
        answers.push(("a refusal", json(status, &refusal)));
        answers.push(("a refusal in html", Answer::Bytes(response(status, "text/html", &html))));
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
        let body = if path.contains("/orders/") { order() } else { async_order() };
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
fn told<T: Debug>(result: Result<T, Error>) -> String {
    let mut told = String::new();
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
            (self::told(response.map(Response::into_value)), is_ok)
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
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let old = old_log();
    let server = serve();
    let kinds: Vec<&str> = answers(&order()).into_iter().map(|(name, _)| name).collect();
    let (mut scenarios, mut successes) = (0, 0);
    for (number, kind) in kinds.iter().enumerate() {
        for operation in OPERATIONS {
            for login in LOGINS {
                let (told, is_ok) =
                    play(operation, login, &server, (number, kind.ends_with("silence"))).await;
                assert_eq!(hits(&told), 0, "{kind}, {operation:?}, {login:?}: {told}");
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
        let line = text.lines().find(|line| hits(line) > 0);
        assert_eq!(line, None);
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
        assert!(hits(text) > 0, "{text}");
    }
    let page = client.get_async_order("a", "b", "c").await.unwrap();
    let item = page.line_items.first().unwrap();
    let name = item.recipient.as_ref().unwrap().last_name.as_ref().unwrap();
    assert!(hits(name.as_str()) > 0);
    let log = Log::default();
    {
        let _guard = tracing::subscriber::set_default(log.clone());
        tracing::trace!(name = name.as_str(), "not redacted");
    }
    assert!(hits(&log.text.lock().unwrap()) > 0);
}
