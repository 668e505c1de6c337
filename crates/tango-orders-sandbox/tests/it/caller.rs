//! Somebody who calls a sandbox.

use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tango_orders_sandbox::{DEFAULT_KEY, DEFAULT_PLATFORM, Sandbox};

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

thread_local! {
    /// Each test has a thread of its own, so a client's connections belong to one test.
    static CLIENT: Client = Client::new();
}

pub(crate) fn client() -> Client {
    CLIENT.with(Client::clone)
}

/// A request that the sandbox accepts.
pub(crate) fn request(sandbox: &Sandbox, path: &str) -> RequestBuilder {
    let url = format!("{}{path}", sandbox.url());
    client().get(url).basic_auth(DEFAULT_PLATFORM, Some(DEFAULT_KEY))
}

pub(crate) async fn get(sandbox: &Sandbox, path: &str) -> Response {
    Response::of(request(sandbox, path)).await
}

/// The path of an async order of the customer that every sandbox has.
pub(crate) fn async_order(reference: &str) -> String {
    format!("/asyncOrders/customers/acme-health/accounts/acme-health-rewards/{reference}")
}

/// A page of such an order.
pub(crate) async fn page(sandbox: &Sandbox, reference: &str, query: &[(&str, &str)]) -> Response {
    Response::of(request(sandbox, &async_order(reference)).query(query)).await
}

/// What the line items of a page have under this name.
pub(crate) fn members(page: &Value, name: &str) -> Vec<String> {
    let items = page["lineItems"].as_array().map_or(&[][..], Vec::as_slice);
    items.iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
}
