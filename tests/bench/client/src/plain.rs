//! The calls of the client as one writes them without it.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::redirect;
use serde::de::DeserializeOwned;
use tango_orders_client::types::{AsyncOrder, LineItem, Order};

use crate::{ASYNC_ORDER, Failure, authorization};

/// `reqwest` and `serde_json`, set up as the client sets them up, and nothing around them: no
/// time-outs, no retries, no limits, no checks.
pub struct Plain {
    http: reqwest::Client,
    authorization: HeaderValue,
    url: String,
}

impl Plain {
    /// For a sandbox at this URL.
    ///
    /// # Errors
    ///
    /// `reqwest` cannot be set up.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .build()?;
        Ok(Self { http, authorization: authorization(), url: url.to_owned() })
    }

    /// Looks an order up.
    ///
    /// # Errors
    ///
    /// There is no response, or it cannot be read.
    pub async fn order(&self, id: &str) -> Result<Order, Failure> {
        self.get(&format!("{}/orders/{id}", self.url), &[]).await
    }

    /// Asks for a page of the async order.
    ///
    /// # Errors
    ///
    /// There is no response, or it cannot be read.
    pub async fn page(&self, size: i64, cursor: Option<&str>) -> Result<AsyncOrder, Failure> {
        let [customer, account, reference] = ASYNC_ORDER;
        let path = format!("asyncOrders/customers/{customer}/accounts/{account}/{reference}");
        let size = size.to_string();
        let query = [("maxResults", Some(&*size)), ("nextCursor", cursor)];
        self.get(&format!("{}/{path}", self.url), &query).await
    }

    /// Hands out the first line items of the async order, page after page; returns how many.
    ///
    /// # Errors
    ///
    /// There is no response, or it cannot be read.
    pub async fn line_items(
        &self,
        size: i64,
        count: usize,
        mut each: impl FnMut(LineItem),
    ) -> Result<usize, Failure> {
        let (mut seen, mut cursor) = (0, None);
        loop {
            let page = self.page(size, cursor.as_deref()).await?;
            for item in page.line_items {
                each(item);
                seen += 1;
                if seen == count {
                    return Ok(seen);
                }
            }
            cursor = page.pagination.next_cursor.map(String::from);
            if !page.pagination.next_page_available || cursor.is_none() {
                return Ok(seen);
            }
        }
    }

    async fn get<T: DeserializeOwned>(
        &self,
        url: &str,
        query: &[(&str, Option<&str>)],
    ) -> Result<T, Failure> {
        let request = self
            .http
            .get(url)
            .query(query)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(AUTHORIZATION, self.authorization.clone());
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }
}
