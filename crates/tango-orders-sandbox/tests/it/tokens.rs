//! Tokens as the vendor's authorization server grants them.

use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;
use tango_orders_sandbox::{Clock, Sandbox, Scenario};

use crate::caller::{Response, client};

const CLIENT: [(&str, &str); 2] =
    [("client_id", "sandbox-client"), ("client_secret", "sandbox-secret")];
const GRANT: (&str, &str) = ("grant_type", "client_credentials");
const FIVE_MINUTES: (&str, &str) = ("audience", "tango-api.bhn.com/fiveminute");

/// A request for a token.
fn post(url: &str, form: &[(&str, &str)]) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    client().post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
}

async fn ask(sandbox: &Sandbox, form: &[(&str, &str)]) -> Response {
    Response::of(post(&sandbox.token_url(), form)).await
}

fn granted(response: &Response) -> String {
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    response.json()["access_token"].as_str().unwrap().to_owned()
}

/// The status of a call with a token, and the key of its error.
async fn call(sandbox: &Sandbox, token: &str) -> (u16, Value) {
    let url = format!("{}/orders/RA260115-1001-01", sandbox.url());
    let response = Response::of(client().get(url).bearer_auth(token)).await;
    (response.status, response.json()["i18nKey"].clone())
}

#[tokio::test]
async fn a_client_gets_a_token_that_lives_as_long_as_its_audience_says() {
    let mut clock = Clock::manual();
    let sandbox = Sandbox::builder().clock(clock.clone()).start().await.unwrap();
    let response = ask(&sandbox, &[&[GRANT], &CLIENT[..]].concat()).await;
    let body = response.json();
    assert_eq!((&body["token_type"], &body["scope"]), (&"Bearer".into(), &"raas.all".into()));
    assert_eq!(body["expires_in"], 86_400);
    assert_eq!(response.header("cache-control"), "no-store");
    assert_eq!(response.header("content-type"), "application/json");
    let day = granted(&response);
    let form = [&[GRANT, FIVE_MINUTES, ("scope", "raas.all")], &CLIENT[..]].concat();
    let response = ask(&sandbox, &form).await;
    assert_eq!(response.json()["expires_in"], 300);
    let short = granted(&response);
    assert_ne!(granted(&ask(&sandbox, &form).await), short, "each is another one");

    clock.advance(Duration::from_secs(299));
    assert_eq!(call(&sandbox, &short).await.0, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(call(&sandbox, &short).await, (401, "401.501".into()));
    clock.advance(Duration::from_secs(86_400 - 301));
    assert_eq!(call(&sandbox, &day).await.0, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(call(&sandbox, &day).await, (401, "401.501".into()));
    let (start, end) = day.split_at(day.len() - 1);
    for made_up in ["x", "", &format!("{start}{}", if end == "A" { "Q" } else { "A" })] {
        assert_eq!(call(&sandbox, made_up).await.0, 401, "{made_up}");
    }
}

#[tokio::test]
async fn a_client_gets_one_token_of_a_day_in_twenty_hours() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let mut clock = Clock::manual();
    let builder = Sandbox::builder().client("one", "1").client("two", "2");
    let sandbox = builder.clone().clock(clock.clone()).start().await.unwrap();
    let form = |id, secret| [GRANT, ("client_id", id), ("client_secret", secret)];
    let token = granted(&ask(&sandbox, &form("one", "1")).await);
    granted(&ask(&sandbox, &form("two", "2")).await);
    clock.advance(Duration::from_secs(20 * 3600 - 1));
    let refused = ask(&sandbox, &form("one", "1")).await;
    assert_eq!((refused.status, &refused.json()["error"]), (400, &"invalid_request".into()));
    let description = refused.json()["error_description"].as_str().unwrap().to_owned();
    assert!(description.contains("daily rate limit"), "{description}");
    sandbox.save(&file).unwrap();

    // Neither a restart nor a second sandbox makes it forget.
    let mut later = Clock::manual();
    let resumed = builder.clone().clock(later.clone()).resume(&file).unwrap();
    let resumed = resumed.start().await.unwrap();
    assert_eq!(call(&resumed, &token).await.0, 200);
    assert_eq!(ask(&resumed, &form("one", "1")).await.status, 400);
    later.advance(Duration::from_secs(1));
    assert_ne!(granted(&ask(&resumed, &form("one", "1")).await), token);

    let sandbox = builder.token_interval(Duration::ZERO).start().await.unwrap();
    for _ in 0..3 {
        granted(&ask(&sandbox, &form("one", "1")).await);
    }
}

#[tokio::test]
async fn a_request_that_is_wrong_is_refused_in_the_words_of_the_standard() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let [id, secret] = CLIENT;
    let password = ("grant_type", "password");
    let user = [("username", "sandbox"), ("password", "sandbox-key")];
    for (form, status, error) in [
        (&[][..], 400, "invalid_request"),
        (&[GRANT], 400, "invalid_request"),
        (&[GRANT, id], 400, "invalid_request"),
        (&[GRANT, GRANT, id, secret], 400, "invalid_request"),
        (&[GRANT, id, ("client_secret", "wrong")], 401, "invalid_client"),
        (&[GRANT, ("client_id", "who"), secret], 401, "invalid_client"),
        (&[("grant_type", "device"), id, secret], 400, "unsupported_grant_type"),
        (&[password, id, secret], 400, "invalid_request"),
        (&[password, id, secret, user[0], ("password", "no")], 400, "invalid_grant"),
        (&[GRANT, id, secret, ("scope", "all")], 400, "invalid_scope"),
        (&[GRANT, id, secret, ("audience", "https://example.com/")], 400, "invalid_request"),
    ] {
        let response = ask(&sandbox, form).await;
        assert_eq!(response.status, status, "{form:?}");
        assert_eq!(response.json()["error"], error, "{form:?}");
        let challenge = if status == 401 { "Basic realm=\"sandbox\"" } else { "" };
        assert_eq!(response.header("www-authenticate"), challenge);
    }
    let url = sandbox.token_url();
    assert_eq!(Response::of(client().get(&url)).await.status, 405);
    let json = client().post(&url).header("content-type", "application/json").body("{}");
    assert_eq!(Response::of(json).await.json()["error"], "invalid_request");
    // None of them has taken the client's turn, and both ways to name it are good.
    let basic = |id, secret| post(&url, &[GRANT]).basic_auth(id, Some(secret));
    assert_eq!(Response::of(basic("sandbox-client", "wrong")).await.status, 401);
    let twice = post(&url, &[GRANT, secret]).basic_auth("sandbox-client", Some("sandbox-secret"));
    assert_eq!(Response::of(twice).await.json()["error"], "invalid_request");
    granted(&Response::of(basic("sandbox-client", "sandbox-secret")).await);
    let form = [&[password, FIVE_MINUTES], &CLIENT[..], &user].concat();
    let token = granted(&ask(&sandbox, &form).await);
    assert_eq!(call(&sandbox, &token).await.0, 200);
}

#[tokio::test]
async fn requests_for_tokens_go_wrong_as_well() {
    let yaml = "steps: [{ fault: '503', operation: token }, { fault: '500' }]";
    let builder = Sandbox::builder().scenario(Scenario::parse(yaml).unwrap());
    let sandbox = builder.token_interval(Duration::ZERO).start().await.unwrap();
    let form = [&[GRANT], &CLIENT[..]].concat();
    // The step waits for its request, and a step for operations passes by those for tokens.
    assert_eq!(call(&sandbox, "sandbox-token").await.0, 200);
    assert_eq!(ask(&sandbox, &form).await.status, 503);
    granted(&ask(&sandbox, &form).await);
    assert_eq!(call(&sandbox, "sandbox-token").await.0, 500);
    let faulty = async |fault: &str| {
        let request = post(&sandbox.token_url(), &form);
        Response::of(request.header("X-Sandbox-Fault", fault)).await
    };
    let limited = faulty("429, retry-after=3").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "3"));
    let odd = faulty("unknown-members, nulls").await.json();
    assert!(odd["expires_in"].is_null() && odd["access_token"].is_string(), "{odd}");
    assert!(odd["addedBySandbox"].is_object(), "{odd}");
    assert_eq!(faulty("unknown-values").await.status, 400);
    let recorded = sandbox.requests();
    assert_eq!(recorded.iter().filter(|it| it.operation == Some("token")).count(), 5);
    let builder = Sandbox::builder().fault_sometimes("503".parse().unwrap(), 1.0);
    assert_eq!(ask(&builder.start().await.unwrap(), &form).await.status, 503);
}
