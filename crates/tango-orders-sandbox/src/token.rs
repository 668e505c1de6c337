//! Bearer tokens, as the vendor's authorization server grants them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::error_response::ErrorResponse;
use crate::fault::Target;
use crate::request_head;
use crate::seal::Seal;
use crate::server::{self, Arrival, Server};

/// Where tokens are asked for.
pub(crate) const PATH: &str = "/oauth/token";

/// The audiences that the vendor documents, each with how long its tokens live.
const AUDIENCES: [(&str, Duration); 2] = [
    (DAILY, Duration::from_secs(86_400)),
    ("tango-api.bhn.com/fiveminute", Duration::from_secs(300)),
];

/// The audience whose tokens are rare.
const DAILY: &str = "https://api.tangocard.com/";

const SCOPE: &str = "raas.all";

/// How long the body of a request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many bytes the body of a request may have.
const MAX_BODY: usize = 64 << 10;

/// How many bytes of a token seal it.
const SEAL: usize = 16;

/// Grants tokens and knows them again.
///
/// Nothing is kept of a token: it says itself until when it is good, and is sealed.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Those who may ask: client ids and secrets.
    clients: Vec<(String, String)>,
    /// Service accounts: user names and passwords.
    accounts: Vec<(String, String)>,
    /// For how long a client gets no second token of a day.
    interval: Duration,
    seal: Seal,
    /// When each client got its last token of a day, in the sandbox's time.
    granted: Mutex<BTreeMap<String, Duration>>,
}

/// What a token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    Good,
    Expired,
    Unknown,
}

/// Why no token is granted, in the words of RFC 6749, section 5.2.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Refusal {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into() }
    }
}

impl Tokens {
    pub(crate) fn new(
        clients: Vec<(String, String)>,
        accounts: Vec<(String, String)>,
        interval: Duration,
        seal: Seal,
        granted: BTreeMap<String, Duration>,
    ) -> Self {
        Self { clients, accounts, interval, seal, granted: Mutex::new(granted) }
    }

    /// When each client got its last token of a day.
    pub(crate) fn granted(&self) -> BTreeMap<String, Duration> {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a token is worth at a moment of the sandbox's time.
    pub(crate) fn worth(&self, token: &str, now: Duration) -> Worth {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return Worth::Unknown };
        let Some((said, seal)) = bytes.split_last_chunk::<SEAL>() else { return Worth::Unknown };
        let is_ours = self.seal.is_of("token", [said], seal);
        let Some((end, _)) = said.split_first_chunk().filter(|_| is_ours) else {
            return Worth::Unknown;
        };
        let end = Duration::from_millis(u64::from_be_bytes(*end));
        if now < end { Worth::Good } else { Worth::Expired }
    }

    /// A token that is good for so long; the number of the request makes it another one each time.
    fn token(&self, number: u64, now: Duration, life: Duration) -> String {
        let end = u64::try_from((now + life).as_millis()).unwrap_or(u64::MAX);
        let said = [end.to_be_bytes(), number.to_be_bytes()].concat();
        let seal: [u8; SEAL] = self.seal.of("token", [&said[..]]);
        URL_SAFE_NO_PAD.encode([&said[..], &seal].concat())
    }

    /// The response to a form, from a client who may have named itself in a header.
    fn grant(
        &self,
        form: &[(String, String)],
        basic: Option<(String, String)>,
        number: u64,
        now: Duration,
    ) -> Result<Value, Refusal> {
        let value = |name: &str| {
            let mut found = form.iter().filter(|(known, _)| known == name);
            match (found.next(), found.next()) {
                (_, Some(_)) => {
                    Err(Refusal::new("invalid_request", format!("there is more than one {name}")))
                }
                (found, None) => Ok(found.map(|(_, value)| value.as_str())),
            }
        };
        let needed = |name: &str| {
            value(name)?
                .ok_or_else(|| Refusal::new("invalid_request", format!("there is no {name}")))
        };
        let grant_type = needed("grant_type")?;
        let (id, secret) = match basic {
            Some(_) if value("client_secret")?.is_some() => {
                let description = "the client's secret is in the header and in the form";
                return Err(Refusal::new("invalid_request", description));
            }
            Some(client) => client,
            None => (needed("client_id")?.to_owned(), needed("client_secret")?.to_owned()),
        };
        if !self.clients.iter().any(|(known, key)| *known == id && *key == secret) {
            let description = "there is no such client, or its secret is another one";
            let refusal = Refusal::new("invalid_client", description);
            return Err(Refusal { status: StatusCode::UNAUTHORIZED, ..refusal });
        }
        match grant_type {
            "client_credentials" => {}
            "password" => {
                let (name, password) = (needed("username")?, needed("password")?);
                if !self.accounts.iter().any(|(known, key)| known == name && key == password) {
                    let description = "there is no such account, or its password is another one";
                    return Err(Refusal::new("invalid_grant", description));
                }
            }
            _ => {
                let description = "write client_credentials or password";
                return Err(Refusal::new("unsupported_grant_type", description));
            }
        }
        if value("scope")?.is_some_and(|scope| scope != SCOPE) {
            return Err(Refusal::new("invalid_scope", format!("the only scope is {SCOPE}")));
        }
        let audience = value("audience")?.unwrap_or(DAILY);
        let Some((_, life)) = AUDIENCES.iter().find(|(known, _)| *known == audience) else {
            let [one, other] = AUDIENCES.map(|(known, _)| known);
            let description = format!("the audience is {one} or {other}");
            return Err(Refusal::new("invalid_request", description));
        };
        if audience == DAILY {
            self.take_turn(id, now)?;
        }
        Ok(json!({
            "access_token": self.token(number, now, *life),
            "scope": SCOPE,
            "expires_in": life.as_secs(),
            "token_type": "Bearer",
        }))
    }

    fn take_turn(&self, client: String, now: Duration) -> Result<(), Refusal> {
        let mut granted = self.granted.lock().unwrap_or_else(PoisonError::into_inner);
        let next = granted.get(&client).map(|last| last.saturating_add(self.interval));
        if next.is_some_and(|next| now < next) {
            let hours = self.interval.as_secs_f64() / 3600.0;
            let description = format!(
                "the daily rate limit was reached: one token of 24 hours is granted in {hours} hours"
            );
            return Err(Refusal::new("invalid_request", description));
        }
        granted.insert(client, now);
        Ok(())
    }
}

/// What the members of a response are, for faults that change them.
pub(crate) fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        json!({
            "properties": { "access_token": {}, "token_type": {}, "scope": {}, "expires_in": {},
                "error": {}, "error_description": {} },
            "required": ["access_token", "token_type", "error"],
        })
    });
    &SCHEMA
}

/// Answers a request for a token.
pub(crate) async fn respond(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let number = head.extensions.get().map_or(0, |arrival: &Arrival| arrival.number);
    let form = form(&head.headers, body).await;
    let grant = |_: &_| {
        let now = server.clock.elapsed();
        let granted =
            basic(&head.headers).and_then(|basic| server.tokens.grant(&form?, basic, number, now));
        match granted {
            Ok(granted) => answer(StatusCode::OK, &granted),
            Err(Refusal { status, error, description }) => {
                let refusal = json!({ "error": error, "error_description": description });
                let mut response = answer(status, &refusal);
                if status == StatusCode::UNAUTHORIZED {
                    let challenge = HeaderValue::from_static("Basic realm=\"sandbox\"");
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                }
                response
            }
        }
    };
    server.under_fault(Target::Token, &head, Ok(()), grant).await
}

fn answer(status: StatusCode, value: &Value) -> Response {
    let mut response = server::json(Bytes::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The members of the form.
async fn form(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, Refusal> {
    let fail = |description: &str| Refusal::new("invalid_request", description);
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let content_type = content_type.and_then(|it| it.split(';').next()).unwrap_or_default();
    if !content_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(fail("the body is no application/x-www-form-urlencoded"));
    }
    let read = tokio::time::timeout(PATIENCE, to_bytes(body, MAX_BODY)).await;
    let body = read.ok().and_then(Result::ok).ok_or_else(|| fail("the body did not arrive"))?;
    let text = std::str::from_utf8(&body).map_err(|_| fail("the form is no UTF-8"))?;
    request_head::pairs(text).map_err(|_: ErrorResponse| fail("the form cannot be read"))
}

/// The client's id and secret of a header (RFC 6749, section 2.3.1), if there is one.
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refusal> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let read = || {
        let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
        let bytes = STANDARD.decode(credentials.trim()).ok()?;
        let text =
            String::from_utf8(bytes).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let (id, secret) = text.split_once(':')?;
        // Both are encoded as in a form before they are joined.
        let mut pair = request_head::pairs(&format!("{id}={secret}")).ok()?;
        pair.pop()
    };
    read().map(Some).ok_or_else(|| Refusal {
        status: StatusCode::UNAUTHORIZED,
        ..Refusal::new("invalid_client", "the header `Authorization` holds no client")
    })
}
