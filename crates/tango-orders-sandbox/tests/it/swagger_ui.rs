use std::path::Path;

use serde_json::Value;
use tango_orders_sandbox::{DEFAULT_KEY, DEFAULT_PLATFORM, Sandbox};

use crate::browser::Browser;
use crate::caller::{Response, client};

#[tokio::test]
async fn swagger_ui_comes_with_the_sandbox() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let root = format!("http://{}", sandbox.address());
    let get = async |path: &str| Response::of(client().get(format!("{root}{path}"))).await;
    for (path, content_type) in [
        ("/swagger-ui", "text/html"),
        ("/swagger-ui/", "text/html"),
        ("/swagger-ui/index.html", "text/html"),
        ("/swagger-ui/swagger-ui.css", "text/css"),
        ("/swagger-ui/swagger-ui-bundle.js", "text/javascript"),
        ("/swagger-ui/favicon-32x32.png", "image/png"),
    ] {
        let response = get(path).await;
        assert_eq!(
            (response.status, response.header("content-type")),
            (200, content_type),
            "{path}"
        );
    }
    let start = get("/swagger-ui/swagger-initializer.js").await;
    let start = String::from_utf8(start.body).unwrap();
    assert!(start.contains("\"url\": \"/openapi.json\""), "{start}");
    for path in ["/swagger-ui/nothing.js", "/swagger-ui/../Cargo.toml", "/swagger-ui/%2e%2e/a"] {
        assert_eq!(get(path).await.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; run it with `cargo test -p tango-orders-sandbox -- --ignored`"]
async fn people_can_try_the_operations_in_a_browser() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut browser = Browser::start(1280, 1000);
    browser.open(&format!("http://{}/", sandbox.address()));
    let curl = browser.text("pre");
    assert!(curl.contains(&sandbox.url()), "the page shows where it is: {curl}");
    browser.screenshot(&picture("index.png"));
    browser.click("a[href='/swagger-ui/']");
    browser.text(".opblock");

    // Without credentials there is nothing to see.
    assert_eq!(execute(&mut browser, "get_order").0, "401");

    authorise(&mut browser, |browser| {
        browser.fill("#auth-basic-username", DEFAULT_PLATFORM);
        browser.fill("#auth-basic-password", DEFAULT_KEY);
        browser.click(".auth-container:has(#auth-basic-username) button[type=submit]");
    });
    let (status, order) = execute(&mut browser, "get_order");
    assert_eq!((status.as_str(), &order["referenceOrderID"]), ("200", &"RA260115-1001-02".into()));
    browser.screenshot(&picture("swagger-ui-order.png"));
    browser.click("#operations-support-get_order .opblock-summary-control");

    let (status, page) = execute(&mut browser, "get_async_order");
    assert_eq!((status.as_str(), &page["totalLineItems"]), ("200", &250.into()));
    assert_eq!(page["lineItems"].as_array().unwrap().len(), 100);
    browser.screenshot(&picture("swagger-ui-async-order.png"));

    let seen: Vec<_> = sandbox
        .requests()
        .into_iter()
        .filter_map(|request| Some((request.operation?, request.status, request.target)))
        .collect();
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(browser.requested_from_others(sandbox.address()), Vec::<&str>::new());
    let complaints = &browser.complaints;
    // The refusal above is one.
    assert!(complaints.len() == 1 && complaints[0].contains("401"), "{complaints:?}");
}

fn picture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Opens the dialog for credentials, and closes it.
fn authorise(browser: &mut Browser, act: impl FnOnce(&mut Browser)) {
    browser.click(".auth-wrapper .authorize");
    act(browser);
    browser.click(".btn-done");
}

/// Tries an operation with the values that stand there; status and body of the response.
fn execute(browser: &mut Browser, operation: &str) -> (String, Value) {
    let block = format!(".opblock[id$='-{operation}']");
    let is_open = browser.evaluate(&format!("!!document.querySelector(\"{block}.is-open\")"));
    if is_open == false {
        browser.click(&format!("{block} .opblock-summary-control"));
        browser.click(&format!("{block} .try-out__btn"));
    }
    let has_reply = browser.evaluate(&format!("!!document.querySelector(\"{block} .btn-clear\")"));
    if has_reply == true {
        browser.click(&format!("{block} .btn-clear"));
    }
    browser.click(&format!("{block} .execute"));
    let live = format!("{block} .live-responses-table .response");
    let status = browser.text(&format!("{live} .response-col_status"));
    let body = browser.text(&format!("{live} .highlight-code code"));
    (status.trim().to_owned(), serde_json::from_str(&body).unwrap())
}
