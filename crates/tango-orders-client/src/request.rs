//! Requests: what they take, and how it is checked before anything is sent.

use std::fmt;
use std::sync::Arc;

use crate::builder::Core;
use crate::error::Error;
use crate::exchange::{Call, Operation};
use crate::excluded;
use crate::generated::types::{AsyncOrder, Order};
use crate::reply::Response;
use crate::transport::BoxFuture;

/// The longest reference of a line item, in characters.
///
/// The document says so of the caller's own references; Tango's have about 20 characters.
const MAX_REFERENCE: usize = 100;

/// Asks for one order; await it to send it.
///
/// ```no_run
/// # async fn look_up(client: &tango_orders_client::SupportClient) -> Result<(), tango_orders_client::Error> {
/// let order = client.order("RA260115-1001-02").await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::InvalidRequest`] before anything is sent if the identifier is empty or could lead to
/// another route; otherwise any other [`Error`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct OrderRequest {
    core: Arc<Core>,
    reference_order_id: String,
}

/// Asks for the status of an async order and a page of its line items; await it to send it.
///
/// By default that is the first page of all line items.
///
/// ```no_run
/// # use tango_orders_client::Filter;
/// # async fn audit(client: &tango_orders_client::AuditClient) -> Result<(), tango_orders_client::Error> {
/// let page = client
///     .async_order("acme", "acme-rewards", "wellness-2026-01")
///     .max_results(500)
///     .filter(Filter::external_references(["member-0001", "member-0002"]))
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::InvalidRequest`] before anything is sent if an identifier is empty, is longer than
/// documented, or could lead to another route, or if a limit is broken; otherwise any other [`Error`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct AsyncOrderRequest {
    core: Arc<Core>,
    /// Customer, account, and external reference.
    pub(crate) identifiers: [String; 3],
    pub(crate) position: Option<Position>,
    pub(crate) max_results: Option<u32>,
    pub(crate) filter: Option<Filter>,
    pub(crate) failed_only: bool,
}

/// A request that returns more than the value: status, request id, headers, attempts; await it to send
/// it.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct WithResponse<R> {
    request: R,
    keep_body: bool,
}

/// A place in the list of line items, told by a cursor of an earlier page.
#[derive(Clone, PartialEq, Eq)]
pub enum Position {
    /// The page after the one whose `pagination.next_cursor` this is.
    Next(String),
    /// The page before the one whose `pagination.prev_cursor` this is.
    Previous(String),
}

/// Picks line items by reference, 1 to 50 of up to 100 characters; the server takes one kind of
/// reference at a time.
#[derive(Clone, PartialEq, Eq)]
pub enum Filter {
    /// The caller's own references.
    ExternalReferences(Vec<String>),
    /// Tango's identifiers.
    References(Vec<String>),
}

impl Filter {
    /// Line items with one of these references of the caller's.
    pub fn external_references<I: IntoIterator<Item: Into<String>>>(references: I) -> Self {
        Self::ExternalReferences(references.into_iter().map(Into::into).collect())
    }

    /// Line items with one of these identifiers of Tango's.
    pub fn references<I: IntoIterator<Item: Into<String>>>(references: I) -> Self {
        Self::References(references.into_iter().map(Into::into).collect())
    }
}

impl OrderRequest {
    pub(crate) fn new(core: &Arc<Core>, reference_order_id: String) -> Self {
        Self { core: Arc::clone(core), reference_order_id }
    }

    /// Returns status, request id, headers and attempts together with the order.
    pub fn with_response(self) -> WithResponse<Self> {
        WithResponse { request: self, keep_body: false }
    }

    async fn send(&self, keep_body: bool) -> Result<Response<Order>, Error> {
        let id = path_parameter("reference order id", &self.reference_order_id)?;
        let call = Call::new(&self.core, Operation::GetOrder);
        call.finish(call.client.get_order(id), keep_body).await
    }
}

impl AsyncOrderRequest {
    pub(crate) fn new(core: &Arc<Core>, identifiers: [String; 3]) -> Self {
        Self {
            core: Arc::clone(core),
            identifiers,
            position: None,
            max_results: None,
            filter: None,
            failed_only: false,
        }
    }

    /// Where to go on; without it, at the beginning.
    ///
    /// Keep filter, page size and `failed_only` the same from page to page.
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// The most line items of a page: 1 to 500, where the server's default is 100.
    pub fn max_results(mut self, most: u32) -> Self {
        self.max_results = Some(most);
        self
    }

    /// Only line items with one of these references.
    ///
    /// A server that knows the filter by another name may ignore it in silence and return all line
    /// items. If one comes back that was not asked for, the result is [`Error::Contract`].
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Only line items that failed.
    ///
    /// If one comes back that is complete or pending, without a hint of failure, the result is
    /// [`Error::Contract`].
    pub fn failed_only(mut self, failed_only: bool) -> Self {
        self.failed_only = failed_only;
        self
    }

    /// Returns status, request id, headers and attempts together with the page.
    pub fn with_response(self) -> WithResponse<Self> {
        WithResponse { request: self, keep_body: false }
    }

    pub(crate) async fn send(&self, keep_body: bool) -> Result<Response<AsyncOrder>, Error> {
        let [customer, account, external_ref] = &self.identifiers;
        let customer = path_parameter("customer identifier", customer)?;
        let account = path_parameter("account identifier", account)?;
        let external_ref = path_parameter("external reference", external_ref)?;
        let external_ref = reference("external reference", external_ref)?;
        let (next, previous) = match &self.position {
            Some(Position::Next(cursor)) => (Some(cursor.as_str()), None),
            Some(Position::Previous(cursor)) => (None, Some(cursor.as_str())),
            None => (None, None),
        };
        let (external_references, references) = match &self.filter {
            Some(Filter::ExternalReferences(ids)) => (Some(external_references(ids)?), None),
            Some(Filter::References(ids)) => (None, Some(references(ids)?)),
            None => (None, None),
        };
        let max_results = self.max_results.map(page_size).transpose()?;
        let call = Call::new(&self.core, Operation::GetAsyncOrder);
        let reply = call.client.get_async_order(
            customer,
            account,
            external_ref,
            external_references,
            self.failed_only.then_some(true),
            max_results,
            next,
            previous,
            references,
        );
        let response = call.finish(reply, keep_body).await?;
        match excluded::breach(self, &response.value.line_items) {
            Some(breach) => Err(Error::Contract { breach, reply: Some(Box::new(response.reply)) }),
            None => Ok(response),
        }
    }
}

impl<R> WithResponse<R> {
    /// Keeps the body of the reply as it came, for [`Response::body`].
    pub fn with_body(mut self) -> Self {
        self.keep_body = true;
        self
    }
}

impl IntoFuture for OrderRequest {
    type Output = Result<Order, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send(false).await.map(Response::into_value) })
    }
}

impl IntoFuture for AsyncOrderRequest {
    type Output = Result<AsyncOrder, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send(false).await.map(Response::into_value) })
    }
}

impl IntoFuture for WithResponse<OrderRequest> {
    type Output = Result<Response<Order>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.request.send(self.keep_body).await })
    }
}

impl IntoFuture for WithResponse<AsyncOrderRequest> {
    type Output = Result<Response<AsyncOrder>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.request.send(self.keep_body).await })
    }
}

fn external_references(ids: &Vec<String>) -> Result<&Vec<String>, Error> {
    for id in ids {
        reference("external reference of a line item", id)?;
    }
    list("list of external references", ids)
}

fn references(ids: &Vec<String>) -> Result<&Vec<String>, Error> {
    for id in ids {
        reference("reference of a line item", id)?;
    }
    list("list of references", ids)
}

fn reference<'v>(name: &'static str, value: &'v str) -> Result<&'v str, Error> {
    if value.chars().count() > MAX_REFERENCE {
        return Err(Error::invalid(name, "is longer than 100 characters", value));
    }
    Ok(value)
}

/// A list without references would not be sent, and the server would return all line items.
fn list<'v>(name: &'static str, ids: &'v Vec<String>) -> Result<&'v Vec<String>, Error> {
    let rule = match ids.len() {
        0 => "is empty, which would ask for all line items",
        1..=50 => return Ok(ids),
        _ => "is longer than 50 items",
    };
    Err(Error::invalid(name, rule, &ids.concat()))
}

fn page_size(most: u32) -> Result<i64, Error> {
    let rule = match most {
        0 => "is less than 1",
        1..=500 => return Ok(most.into()),
        _ => "is more than 500",
    };
    Err(Error::invalid("page size", rule, &most.to_string()))
}

/// Reads a value that becomes one segment of the path, and nothing else.
///
/// URL parsers drop or resolve `.` and `..`, also behind a backslash (WHATWG URL), servers may cut a
/// segment at a semicolon and decode an escaped slash, and an empty segment calls another
/// operation. None of these is part of an identifier, so they are refused rather than escaped.
fn path_parameter<'v>(name: &'static str, value: &'v str) -> Result<&'v str, Error> {
    let refused = |character: char| matches!(character, '/' | '\\' | ';') || character.is_control();
    let rule = if value.is_empty() {
        "is empty"
    } else if matches!(value, "." | "..") {
        "is a relative path"
    } else if value.contains(refused) {
        "has a slash, a backslash, a semicolon or a control character"
    } else {
        return Ok(value);
    };
    Err(Error::invalid(name, rule, value))
}

// Identifiers, references and cursors may be personal: `Debug` tells how many there are.

impl fmt::Debug for OrderRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OrderRequest").finish_non_exhaustive()
    }
}

impl fmt::Debug for AsyncOrderRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AsyncOrderRequest")
            .field("position", &self.position)
            .field("max_results", &self.max_results)
            .field("filter", &self.filter)
            .field("failed_only", &self.failed_only)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Next(_) => "Next(..)",
            Self::Previous(_) => "Previous(..)",
        })
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, ids) = match self {
            Self::ExternalReferences(ids) => ("ExternalReferences", ids),
            Self::References(ids) => ("References", ids),
        };
        write!(formatter, "{name}({} of them)", ids.len())
    }
}
