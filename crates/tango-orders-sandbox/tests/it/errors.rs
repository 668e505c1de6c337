use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use tango_orders_sandbox::{DEFAULT_TOKEN, Sandbox};
use tango_orders_validator::{Schema, validate};

use crate::caller::{Response, async_order, client, get, request};

/// Checks what every error response has, and that it is an error of the request as a whole.
fn whole_request(response: &Response, status: u16, key: &str) {
    let body = any_error(response, status);
    assert_eq!(body["i18nKey"], key);
    assert!(body["message"].is_string());
    assert_eq!(body.get("errors"), None);
}

fn fields(response: &Response, status: u16, path: &str, key: &str) {
    let body = any_error(response, status);
    assert_eq!(body["errors"][0]["path"], path);
    assert_eq!(body["errors"][0]["i18nKey"], key);
    assert_eq!(body.get("message"), None);
    assert_eq!(body.get("i18nKey"), None);
}

fn any_error(response: &Response, status: u16) -> serde_json::Value {
    assert_eq!(response.status, status, "{}", String::from_utf8_lossy(&response.body));
    assert_eq!(response.header("content-type"), "application/json");
    let report = validate(Schema::ErrorBody, &response.body);
    assert_eq!(report.findings().count(), 0, "{:?}", report.findings().collect::<Vec<_>>());
    let body = response.json();
    assert_eq!(body["requestId"], response.header("x-request-id"));
    assert_eq!(body["httpCode"], status);
    assert!(body["path"].as_str().unwrap().starts_with('/'));
    body
}

#[tokio::test]
async fn credentials_are_asked_for() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let url = format!("{}/orders/RA260115-1001-01", sandbox.url());
    let call = |authorization: Option<&str>| {
        let request = client().get(&url);
        Response::of(match authorization {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        })
    };
    whole_request(&call(None).await, 401, "401.502");
    for (value, key) in [
        ("Basic c2FuZGJveDp3cm9uZw==", "401.501"),
        ("Basic", "401.501"),
        ("Basic !", "401.501"),
        ("Bearer wrong", "401.501"),
        ("Bearer", "401.501"),
        ("Digest x", "401.001"),
    ] {
        let response = call(Some(value)).await;
        whole_request(&response, 401, key);
        assert_eq!(response.header("www-authenticate"), "Basic realm=\"sandbox\", Bearer");
    }
    for value in ["Basic c2FuZGJveDpzYW5kYm94LWtleQ==", "basic c2FuZGJveDpzYW5kYm94LWtleQ=="] {
        assert_eq!(call(Some(value)).await.status, 200);
    }
    assert_eq!(call(Some(&format!("bearer {DEFAULT_TOKEN}"))).await.status, 200);
    // Nothing is told of what exists before the caller is known.
    for path in ["/orders/unknown", "/nowhere", &async_order("wellness-2026-01")] {
        let response = Response::of(client().post(format!("{}{path}", sandbox.url()))).await;
        whole_request(&response, 401, "401.502");
    }
}

#[tokio::test]
async fn other_credentials_replace_the_default_ones() {
    let builder = Sandbox::builder().platform("mine", "k:e:y").platform("yours", "").token("t");
    let sandbox = builder.start().await.unwrap();
    let call = || client().get(format!("{}/orders/RA260115-1001-01", sandbox.url()));
    assert_eq!(Response::of(call().basic_auth("mine", Some("k:e:y"))).await.status, 200);
    assert_eq!(Response::of(call().basic_auth("yours", Some(""))).await.status, 200);
    assert_eq!(Response::of(call().bearer_auth("t")).await.status, 200);
    whole_request(&get(&sandbox, "/orders/RA260115-1001-01").await, 401, "401.501");
    whole_request(&Response::of(call().bearer_auth(DEFAULT_TOKEN)).await, 401, "401.501");
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let order = get(&sandbox, "/orders/RA260115-1001-99X").await;
    whole_request(&order, 404, "404.005");
    assert_eq!(order.json()["i18nTokenReplacements"][0], "RA260115-1001-99X");
    let base = "/asyncOrders/customers";
    let missing = get(&sandbox, &format!("{base}/nobody/accounts/a/r")).await;
    fields(&missing, 404, "customerIdentifier", "404.002");
    let missing = get(&sandbox, &format!("{base}/acme-health/accounts/a/r")).await;
    fields(&missing, 404, "accountIdentifier", "404.003");
    whole_request(&get(&sandbox, &async_order("unknown")).await, 404, "404.110");
    let empty = get(&sandbox, &format!("{base}//accounts/a/r")).await;
    fields(&empty, 422, "customerIdentifier", "422.135");
    for path in ["", "/", "/order", "/orders/", "/orders/a/b", "/asyncOrders"] {
        whole_request(&get(&sandbox, path).await, 404, "404.001");
    }
}

#[tokio::test]
async fn what_belongs_to_others_stays_theirs() {
    let sandbox = Sandbox::builder().foreign_customer("hooli-sample").start().await.unwrap();
    for customer in ["other-company", "hooli-sample"] {
        let path = format!("/asyncOrders/customers/{customer}/accounts/any/not-yours");
        fields(&get(&sandbox, &path).await, 403, "customerIdentifier", "403.007");
    }
    // The last of the ready-made async orders is the foreign one.
    whole_request(&get(&sandbox, "/orders/AA260115-1016-01").await, 404, "404.005");
    assert_eq!(get(&sandbox, "/orders/AA260115-1015-01").await.status, 200);
}

#[tokio::test]
async fn methods_and_media_types_are_checked() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let order = "/orders/RA260115-1001-01";
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let url = format!("{}{order}", sandbox.url());
        let call = client().request(method, url).bearer_auth(DEFAULT_TOKEN);
        let response = Response::of(call).await;
        whole_request(&response, 405, "405.001");
        assert_eq!(response.header("allow"), "GET,HEAD");
    }
    let call = |accept: &str| Response::of(request(&sandbox, order).header(ACCEPT, accept));
    for accept in ["text/html", "application/json;q=0", "text/html, image/*", ""] {
        whole_request(&call(accept).await, 406, "406.001");
    }
    for accept in
        ["application/json", "*/*", "text/html, */*;q=0.1", "APPLICATION/JSON; charset=utf-8"]
    {
        assert_eq!(call(accept).await.status, 200, "{accept}");
    }
    let form = request(&sandbox, order).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    whole_request(&Response::of(form.body("a=b")).await, 415, "415.001");
    let json = request(&sandbox, order).header(CONTENT_TYPE, "application/json").body("{}");
    assert_eq!(Response::of(json).await.status, 200);
    let head = client().head(format!("{}{order}", sandbox.url())).bearer_auth(DEFAULT_TOKEN);
    let head = Response::of(head).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn every_reply_has_a_request_id_of_its_own() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for path in ["/orders/RA260115-1001-01", "/orders/x", "/nowhere"] {
        for _ in 0..3 {
            seen.insert(get(&sandbox, path).await.header("x-request-id").to_owned());
        }
    }
    let page = Response::of(client().get(format!("http://{}/", sandbox.address()))).await;
    seen.insert(page.header("x-request-id").to_owned());
    assert_eq!(seen.len(), 10);
    assert!(seen.iter().all(|id| id.len() == 36), "{seen:?}");
}

#[tokio::test]
async fn requests_are_recorded_without_what_is_secret() {
    let sandbox = Sandbox::builder().record(2).start().await.unwrap();
    for path in ["/orders/a", "/orders/b?x=y", "/nowhere"] {
        get(&sandbox, path).await;
    }
    let requests = sandbox.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (request.target.as_str(), request.operation, request.status))
        .collect();
    let expected =
        [("/raas/v2/orders/b?x=y", Some("get_order"), 404), ("/raas/v2/nowhere", None, 404)];
    assert_eq!(seen, expected);
    for request in &requests {
        assert_eq!(request.method, "GET");
        assert_eq!(request.header("authorization"), Some("[redacted]"));
    }
}
