//! Streams of listed orders, against a server without sockets that keeps to the vendor's limits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tango_orders_client::reqwest::{Request, Response};
use tango_orders_client::{
    BoxFuture, Credentials, Environment, Error, Orders, Retry, SupportClient, Transport,
    TransportError, breach,
};

use crate::fake::status;

/// When the first order was placed.
const FIRST: &str = "2025-06-01T00:00:00Z";

/// Orders that were placed ten minutes after each other.
#[derive(Clone)]
struct Server {
    /// When each order was placed.
    orders: Arc<[Timestamp]>,
    /// The page that is always returned, whatever page is asked for.
    stuck_on: Option<u64>,
    /// Whether no orders are told by an error.
    refuses_nothing: bool,
    requests: Arc<Mutex<Vec<HashMap<String, String>>>>,
}

fn placed(number: u32) -> Timestamp {
    let first: Timestamp = FIRST.parse().unwrap();
    first + SignedDuration::from_mins(10 * i64::from(number))
}

fn id(number: usize) -> String {
    format!("RA-{number}")
}

impl Server {
    fn new(count: u32) -> Self {
        let orders = (0..count).map(placed).collect();
        Self { orders, stuck_on: None, refuses_nothing: false, requests: Arc::default() }
    }

    fn client(&self) -> SupportClient {
        SupportClient::builder(Environment::Sandbox)
            .pace(Duration::ZERO)
            .credentials(Credentials::bearer("token").unwrap())
            .retry(Retry::none())
            .transport(self.clone())
            .build()
            .unwrap()
    }

    fn respond(&self, query: &HashMap<String, String>) -> (u16, Value) {
        let number = |name: &str| query.get(name).map(|text| text.parse::<u64>().unwrap());
        let moment = |name: &str| query.get(name).map(|text| text.parse::<Timestamp>().unwrap());
        let (page, size) = (number("page").unwrap_or(0), number("elementsPerBlock").unwrap());
        let (start, end) = (moment("startDate"), moment("endDate"));
        let is_long = start.zip(end).is_some_and(|(start, end)| {
            end.duration_since(start) > SignedDuration::from_hours(24 * 100)
        });
        if is_long || (page + 1) * size > 10_000 {
            return (400, json!({ "i18nKey": "400.021" }));
        }
        let page = self.stuck_on.unwrap_or(page);
        let first = start.map_or(0, |start| self.orders.partition_point(|it| *it < start));
        let last =
            end.map_or(self.orders.len(), |end| self.orders.partition_point(|it| *it <= end));
        let found = first..last.max(first);
        if found.is_empty() && self.refuses_nothing {
            return (404, json!({ "i18nKey": "404.014" }));
        }
        let skipped = usize::try_from(page * size).unwrap();
        let order = |number: usize| {
            json!({
                "referenceOrderID": id(number), "amountCharged": {}, "status": "COMPLETE",
                "createdAt": self.orders[number].to_string(),
            })
        };
        let shown = found.clone().skip(skipped).take(usize::try_from(size).unwrap());
        let orders: Vec<Value> = shown.map(order).collect();
        let page = json!({
            "number": page, "elementsPerBlock": size,
            "resultCount": orders.len(), "totalCount": found.len(),
        });
        (200, json!({ "page": page, "orders": orders }))
    }
}

impl Transport for Server {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let query = request.url().query_pairs().into_owned().collect();
        let (code, body) = self.respond(&query);
        self.requests.lock().unwrap().push(query);
        Box::pin(std::future::ready(Ok(status(code, &[], &body.to_string()))))
    }
}

async fn collect(mut orders: Orders) -> (Vec<String>, Option<Error>) {
    let mut ids = Vec::new();
    while let Some(order) = orders.next().await {
        match order {
            Ok(order) => ids.push(order.reference_order_id),
            Err(error) => {
                assert!(orders.next().await.is_none(), "an error is the end");
                return (ids, Some(error));
            }
        }
    }
    (ids, None)
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(id).collect()
}

#[tokio::test]
async fn all_pages_are_asked_for_and_no_more() {
    for (count, size, requests) in
        [(0, 100, 1), (1, 100, 1), (100, 100, 1), (101, 100, 2), (7, 3, 3)]
    {
        let server = Server::new(count);
        let count = usize::try_from(count).unwrap();
        let request = server.client().list_orders().elements_per_block(size);
        let (found, error) = collect(request.orders()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(found, ids(count));
        assert_eq!(server.requests.lock().unwrap().len(), requests, "{count} by {size}");
    }
    let server = Server::new(250);
    let (found, _) = collect(server.client().list_orders().page(1).orders()).await;
    assert_eq!(found, ids(250)[100..], "from the request's page on, a hundred a page");
}

#[tokio::test]
async fn a_search_ends_with_the_error_of_the_server_where_it_refuses_to_go_on() {
    let (found, error) = collect(Server::new(10_001).client().list_orders().orders()).await;
    assert_eq!(found.len(), 10_000);
    assert!(matches!(error, Some(Error::Api { .. })), "{error:?}");
}

#[tokio::test]
async fn orders_beyond_the_limits_of_a_search_come_once_each() {
    // A hundred days hold 14,401 of them, and each period ends with one that starts the next.
    let server = Server::new(25_000);
    let request = server.client().list_orders().page(7).start_date("2020-01-01");
    let orders = request.orders_between(placed(0).into(), placed(24_999).into());
    let (found, error) = collect(orders).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(found, ids(25_000));
    // Fewer than 250 full pages are not possible; a few more are at the ends of periods.
    let requests = server.requests.lock().unwrap().len();
    assert!((250..260).contains(&requests), "{requests} requests");
}

#[tokio::test]
async fn a_period_of_a_moment_is_one_request() {
    let server = Server::new(10);
    let moment = placed(3).into();
    let (found, _) = collect(server.client().list_orders().orders_between(moment, moment)).await;
    assert_eq!(found, [id(3)]);
    let (found, error) =
        collect(server.client().list_orders().orders_between(placed(4).into(), moment)).await;
    assert_eq!((found.len(), error.is_none()), (0, true), "the server decides what that means");
    assert_eq!(server.requests.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn an_error_that_says_that_there_are_none_is_none() {
    let server = Server { refuses_nothing: true, ..Server::new(2) };
    let start = placed(0) - SignedDuration::from_hours(24 * 350);
    let request = server.client().list_orders();
    let (found, error) = collect(request.orders_between(start.into(), placed(9).into())).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(found, ids(2));
    assert_eq!(server.requests.lock().unwrap().len(), 4, "periods of 100 days");
}

#[tokio::test]
async fn a_server_that_repeats_a_page_is_found_out() {
    let server = Server { stuck_on: Some(0), ..Server::new(250) };
    let (found, error) = collect(server.client().list_orders().orders()).await;
    assert_eq!(found.len(), 100);
    let Some(Error::Contract { breach, .. }) = error else { panic!("{error:?}") };
    assert_eq!(breach, breach::REPEATED_PAGE);
}
