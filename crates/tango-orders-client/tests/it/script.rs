//! Scripts of a server without sockets that has pages.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tango_orders_client::reqwest::{self, Request, Response};
use tango_orders_client::{
    AuditClient, BoxFuture, Breach, Credentials, Environment, GetAsyncOrder, LineItems, Position,
    ResumeToken, Retry, Transport, TransportError, breach,
};
use tokio::runtime::{Builder, Runtime};

/// What a server does on its page number `page`, counted in the direction of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection breaks once.
    Lost,
    /// A page without line items comes before this one.
    EmptyPage,
    /// There is another page, it says, without a cursor; with an empty one if `true`.
    MissingCursor(bool),
    /// The cursor leads to this page again, or to an earlier one.
    RepeatedCursor(usize),
    /// Cursors are always new ones, and whatever they are, this page is returned.
    StuckPage,
}

#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) items: usize,
    pub(crate) page_size: usize,
    pub(crate) backwards: bool,
    pub(crate) prefetch: bool,
    /// After how many line items to stop and resume with the token, again and again.
    pub(crate) stops: Vec<usize>,
    pub(crate) faults: Vec<(usize, Fault)>,
}

/// Plays a script.
pub(crate) struct Server {
    script: Script,
    pub(crate) requests: AtomicUsize,
    faults: Mutex<Vec<(usize, Fault)>>,
}

impl Script {
    /// So many line items, forwards, and nothing goes wrong.
    pub(crate) fn plain(items: usize, page_size: usize) -> Self {
        let (backwards, prefetch) = (false, false);
        Self { items, page_size, backwards, prefetch, stops: Vec::new(), faults: Vec::new() }
    }

    /// Whether the server leads in a circle, and the stream is resumed somewhere: it then knows some of the
    /// earlier pages only.
    pub(crate) fn may_circle(&self) -> bool {
        let leads_back = |(_, fault): &(usize, Fault)| {
            matches!(fault, Fault::RepeatedCursor(_) | Fault::StuckPage)
        };
        let is_resumed =
            !self.stops.is_empty() || self.faults.iter().any(|(_, fault)| *fault == Fault::Lost);
        is_resumed && self.faults.iter().any(leads_back)
    }

    pub(crate) fn pages(&self) -> usize {
        self.items.div_ceil(self.page_size).max(1)
    }

    /// The line items in the order of the stream.
    fn ids(&self) -> Vec<String> {
        let ids = (1..=self.items).map(id);
        if self.backwards { ids.rev().collect() } else { ids.collect() }
    }

    /// What the stream is to yield and how it ends.
    pub(crate) fn expected(&self) -> (Vec<String>, Option<Breach>) {
        let mut ids = self.ids();
        let ends = self.faults.iter().filter_map(|&(page, fault)| match fault {
            Fault::MissingCursor(_) => Some((page, breach::MISSING_CURSOR)),
            // Whether page or cursor is known first depends on where the stream was resumed.
            Fault::RepeatedCursor(_) | Fault::StuckPage => Some((page, breach::REPEATED_PAGE)),
            _ => None,
        });
        // The last page has no next one, whatever the script says; it is the first fault that counts.
        let end = ends.filter(|(page, _)| *page + 1 < self.pages()).min_by_key(|(page, _)| *page);
        if let Some((page, _)) = end {
            ids.truncate((page + 1) * self.page_size);
        }
        (ids, end.map(|(_, breach)| breach))
    }
}

fn id(number: usize) -> String {
    format!("AA260115-1001-01-{number}")
}

impl Server {
    fn fault(&self, is_wanted: impl Fn(usize, Fault) -> bool) -> Option<Fault> {
        let faults = self.faults.lock().unwrap();
        faults.iter().find(|(page, fault)| is_wanted(*page, *fault)).map(|(_, fault)| *fault)
    }

    /// Like [`Server::fault`], for what happens once.
    fn take(&self, page: usize, fault: Fault) -> bool {
        let mut faults = self.faults.lock().unwrap();
        let found = faults.iter().position(|other| *other == (page, fault));
        found.map(|index| faults.remove(index)).is_some()
    }

    fn response(&self, request: &Request) -> Result<Value, TransportError> {
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        assert!(request.headers().contains_key("authorization"));
        let script = &self.script;
        let cursor = request.url().query_pairs().find(|(name, _)| name.ends_with("Cursor"));
        let page = cursor.map_or(0, |(name, cursor)| {
            assert_eq!(name, if script.backwards { "prevCursor" } else { "nextCursor" });
            let number = cursor.split('.').next().unwrap();
            number.parse().unwrap()
        });
        if self.take(page, Fault::Lost) {
            return Err(TransportError::lost("the script says so"));
        }
        let is_empty = self.take(page, Fault::EmptyPage);
        let ids: Vec<String> =
            script.ids().into_iter().skip(page * script.page_size).take(script.page_size).collect();
        let has_more = is_empty || page + 1 < script.pages();
        let cursor = match self
            .fault(|at, fault| at == page && !matches!(fault, Fault::Lost | Fault::EmptyPage))
        {
            _ if is_empty => json!(format!("{page}.{count}")),
            Some(Fault::MissingCursor(true)) => json!(""),
            Some(Fault::MissingCursor(false)) => Value::Null,
            Some(Fault::RepeatedCursor(earlier)) => json!(format!("{}.", page.min(earlier))),
            Some(Fault::StuckPage) => json!(format!("{page}.{count}")),
            _ => json!(format!("{}.", page + 1)),
        };
        let mut items: Vec<Value> = ids
            .iter()
            .map(|id| json!({ "referenceLineItemId": id, "lineItemStatus": "COMPLETE" }))
            .collect();
        if script.backwards {
            items.reverse();
        }
        let (name, flag, other) = if script.backwards {
            ("prevCursor", "prevPageAvailable", "nextPageAvailable")
        } else {
            ("nextCursor", "nextPageAvailable", "prevPageAvailable")
        };
        Ok(json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": "COMPLETE",
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": script.items,
            "pagination": {
                name: cursor, flag: has_more, other: true,
                "maxResults": script.page_size, "numberOfElements": items.len(),
            },
            "lineItems": if is_empty { json!("NONE") } else { json!(items) },
        }))
    }
}

pub(crate) struct Shared(pub(crate) Arc<Server>);

impl Transport for Shared {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = self.0.response(&request);
        Box::pin(async move {
            // The response is not there at once.
            tokio::task::yield_now().await;
            response.as_ref().map(answer).map_err(|_| TransportError::lost("the script says so"))
        })
    }
}

/// A response of a made-up server.
pub(crate) fn answer(body: &Value) -> Response {
    Response::from(http::Response::new(body.to_string()))
}

/// A client that sends by `transport`, without retries.
pub(crate) fn client(transport: impl Transport) -> AuditClient {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let builder = AuditClient::builder(Environment::Sandbox)
        .credentials(Credentials::bearer("token").unwrap())
        .http_client(HTTP.clone())
        .pace(Duration::ZERO)
        .retry(Retry::none());
    builder.transport(transport).build().unwrap()
}

pub(crate) fn serve(script: &Script) -> (GetAsyncOrder, Arc<Server>) {
    let server = Arc::new(Server {
        script: script.clone(),
        requests: AtomicUsize::new(0),
        faults: Mutex::new(script.faults.clone()),
    });
    let client = client(Shared(Arc::clone(&server)));
    let request = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
    let request = request.max_results(i64::try_from(script.page_size).unwrap());
    // Backwards, the stream starts behind the last page.
    let request =
        if script.backwards { request.at(Position::Previous("0.".to_owned())) } else { request };
    (request, server)
}

pub(crate) fn start(
    request: &GetAsyncOrder,
    script: &Script,
    token: Option<&ResumeToken>,
) -> LineItems {
    let items = request.clone().line_items().prefetch(script.prefetch);
    match token {
        Some(token) => items.resume(&token.to_text().parse().unwrap()),
        None if script.backwards => items.backwards(),
        None => items,
    }
}

pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(own_runtime);
    &RUNTIME
}

/// A runtime whose tasks nobody else drives.
pub(crate) fn own_runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}
