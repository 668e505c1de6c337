use std::collections::BTreeSet;

use tango_orders_sandbox::{Operation, Sandbox};

use crate::caller::{Response, client};

#[tokio::test]
async fn the_document_is_served_without_credentials() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let url = format!("http://{}/openapi.json", sandbox.address());
    let response = Response::of(client().get(url)).await;
    assert_eq!((response.status, response.header("content-type")), (200, "application/json"));
    let expected = serde_json::to_value(tango_orders_sandbox::document()).unwrap();
    assert_eq!(response.json(), expected);
    let operations: BTreeSet<&str> = expected["paths"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(|item| item["get"]["operationId"].as_str())
        .collect();
    let known: BTreeSet<&str> = Operation::ALL.iter().map(|known| known.id()).collect();
    assert_eq!(operations, known);
}

#[tokio::test]
async fn the_page_for_people_lists_orders_that_exist() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let root = format!("http://{}", sandbox.address());
    let response = Response::of(client().get(&root)).await;
    assert_eq!(response.header("content-type"), "text/html; charset=utf-8");
    let page = String::from_utf8(response.body).unwrap();
    let links: Vec<&str> = page
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|link| link.starts_with('/'))
        .collect();
    assert!(links.len() > 30, "{links:?}");
    for link in links {
        let call = client().get(format!("{root}{link}")).bearer_auth("sandbox-token");
        let status = Response::of(call).await.status;
        let expected = if link.contains("other-company") { 403 } else { 200 };
        assert_eq!(status, expected, "{link}");
    }
    for foreign in ["https://", "src=", "url("] {
        assert!(!page.contains(foreign), "the page needs nothing from elsewhere: {foreign}");
    }
}
