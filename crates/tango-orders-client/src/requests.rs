//! Requests, one type for each operation of the document.

use ::openapi_client::check::{self, Number, Rule};
use ::openapi_client::{
    BoxFuture, Call, Connection, Error, InvalidValue, OperationDescription, Request, Response,
    WithResponse, debug_request,
};

use crate::generated::{Client, requests, types};
use crate::operations::Operation;

/// Get the status of an async order; await it to send it.
///
/// # Errors
///
/// [`Error::InvalidRequest`] before anything is sent if a parameter breaks a rule of the document or
/// could lead to another route; otherwise any other [`Error`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetAsyncOrder {
    pub(crate) connection: Connection,
    pub(crate) customer_identifier: String,
    pub(crate) account_identifier: String,
    pub(crate) external_ref_id: String,
    pub(crate) prev_cursor: Option<String>,
    pub(crate) next_cursor: Option<String>,
    pub(crate) max_results: Option<i64>,
    pub(crate) external_line_item_reference_ids: Option<Vec<String>>,
    pub(crate) reference_line_item_ids: Option<Vec<String>>,
    pub(crate) failed_only: Option<bool>,
}

impl GetAsyncOrder {
    pub(crate) fn new(
        connection: Connection,
        customer_identifier: String,
        account_identifier: String,
        external_ref_id: String,
    ) -> Self {
        Self {
            connection,
            customer_identifier,
            account_identifier,
            external_ref_id,
            prev_cursor: None,
            next_cursor: None,
            max_results: None,
            external_line_item_reference_ids: None,
            reference_line_item_ids: None,
            failed_only: None,
        }
    }

    /// Asks for the page before the one that returned this cursor.
    /// Takes `pagination.prevCursor` of an earlier response; not sent on the first call.
    /// Not sent together with `nextCursor`.
    pub fn prev_cursor(mut self, prev_cursor: impl Into<String>) -> Self {
        self.prev_cursor = Some(prev_cursor.into());
        self
    }

    /// Asks for the page after the one that returned this cursor.
    /// Takes `pagination.nextCursor` of an earlier response; not sent on the first call.
    /// Not sent together with `prevCursor`.
    pub fn next_cursor(mut self, next_cursor: impl Into<String>) -> Self {
        self.next_cursor = Some(next_cursor.into());
        self
    }

    /// The most line items that the page may hold, from 1 to 500; 100 if not sent.
    pub fn max_results(mut self, max_results: i64) -> Self {
        self.max_results = Some(max_results);
        self
    }

    /// Only line items with one of these references of the caller's, which responses call
    /// `externalRefLineItemID`.
    /// Repeat the parameter for each reference, 50 times at the most.
    /// Not sent together with `referenceLineItemIds`.
    /// A server that does not know the name of this filter returns all line items, so compare what
    /// comes back with what was asked for.
    pub fn external_line_item_reference_ids(
        mut self,
        external_line_item_reference_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values = external_line_item_reference_ids.into_iter().map(Into::into).collect();
        self.external_line_item_reference_ids = Some(values);
        self
    }

    /// Only line items with one of these identifiers of Tango's, which responses call
    /// `referenceLineItemId`.
    /// Repeat the parameter for each identifier, 50 times at the most.
    /// Not sent together with `externalLineItemReferenceIds`.
    /// A server that does not know the name of this filter returns all line items, so compare what
    /// comes back with what was asked for.
    pub fn reference_line_item_ids(
        mut self,
        reference_line_item_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values = reference_line_item_ids.into_iter().map(Into::into).collect();
        self.reference_line_item_ids = Some(values);
        self
    }

    /// True for line items that failed, and no others.
    /// If none failed, `lineItems` of the response may be `NONE` or `NULL` instead of a list.
    pub fn failed_only(mut self, failed_only: bool) -> Self {
        self.failed_only = Some(failed_only);
        self
    }

    /// Returns status, request id, headers and attempts together with the value.
    pub fn with_response(self) -> WithResponse<Self> {
        WithResponse::new(self)
    }

    /// Which optional parameters are set, by their names in the document.
    fn is_set(&self) -> [(&'static str, bool); 6] {
        [
            ("prevCursor", self.prev_cursor.is_some()),
            ("nextCursor", self.next_cursor.is_some()),
            ("maxResults", self.max_results.is_some()),
            ("externalLineItemReferenceIds", self.external_line_item_reference_ids.is_some()),
            ("referenceLineItemIds", self.reference_line_item_ids.is_some()),
            ("failedOnly", self.failed_only.is_some()),
        ]
    }

    fn check(&self) -> Result<(), InvalidValue> {
        check::path_segment("customerIdentifier", &self.customer_identifier)?;
        check::path_segment("accountIdentifier", &self.account_identifier)?;
        check::path_segment("externalRefID", &self.external_ref_id)?;
        check::parameter("customerIdentifier", &self.customer_identifier, &[Rule::MinLength(1)])?;
        check::parameter("accountIdentifier", &self.account_identifier, &[Rule::MinLength(1)])?;
        check::parameter(
            "externalRefID",
            &self.external_ref_id,
            &[Rule::MinLength(1), Rule::MaxLength(100)],
        )?;
        check::parameter(
            "maxResults",
            &self.max_results,
            &[Rule::Minimum(Number::Integer(1)), Rule::Maximum(Number::Integer(500))],
        )?;
        check::parameter(
            "externalLineItemReferenceIds",
            &self.external_line_item_reference_ids,
            &[Rule::MaxItems(50), Rule::Items(&[Rule::MaxLength(100)])],
        )?;
        check::parameter(
            "referenceLineItemIds",
            &self.reference_line_item_ids,
            &[Rule::MaxItems(50)],
        )?;
        check::exclusive(Self::OPERATION.exclusive, &self.is_set())
    }
}

impl Request for GetAsyncOrder {
    type Value = types::AsyncOrder;
    type ErrorBody = types::ErrorBody;
    const OPERATION: &'static OperationDescription = Operation::GetAsyncOrder.description();

    fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn send(&self, keep_body: bool) -> Result<Response<Self::Value>, Error<Self::ErrorBody>> {
        self.check()?;
        let client = client(&self.connection, Self::OPERATION);
        let (customer_identifier, account_identifier) =
            (typed(&*self.customer_identifier)?, typed(&*self.account_identifier)?);
        let external_ref_id = typed(&*self.external_ref_id)?;
        let external_line_item_reference_ids = self
            .external_line_item_reference_ids
            .as_ref()
            .map(|ids| ids.iter().map(|id| typed(&**id)).collect::<Result<Vec<_>, _>>())
            .transpose()?
            .map(typed_list)
            .transpose()?;
        let max_results = self.max_results.map(typed_list).transpose()?;
        let next_cursor = self.next_cursor.clone().map(requests::Cursor);
        let prev_cursor = self.prev_cursor.clone().map(requests::Cursor);
        let reference_line_item_ids =
            self.reference_line_item_ids.clone().map(typed_list).transpose()?;
        let call = client.get_async_order(
            &customer_identifier,
            &account_identifier,
            &external_ref_id,
            external_line_item_reference_ids.as_ref(),
            self.failed_only,
            max_results.as_ref(),
            next_cursor.as_ref(),
            prev_cursor.as_ref(),
            reference_line_item_ids.as_ref(),
        );
        client.inner.finish(self, call, keep_body).await
    }
}

impl IntoFuture for GetAsyncOrder {
    type Output = Result<types::AsyncOrder, Error<types::ErrorBody>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send(false).await.map(Response::into_value) })
    }
}

impl ::std::fmt::Debug for GetAsyncOrder {
    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        debug_request("GetAsyncOrder", &self.is_set(), formatter)
    }
}

/// Get one order with its reward; await it to send it.
///
/// # Errors
///
/// [`Error::InvalidRequest`] before anything is sent if a parameter breaks a rule of the document or
/// could lead to another route; otherwise any other [`Error`].
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetOrder {
    pub(crate) connection: Connection,
    pub(crate) reference_order_id: String,
}

impl GetOrder {
    pub(crate) fn new(connection: Connection, reference_order_id: String) -> Self {
        Self { connection, reference_order_id }
    }

    /// Returns status, request id, headers and attempts together with the value.
    pub fn with_response(self) -> WithResponse<Self> {
        WithResponse::new(self)
    }

    fn check(&self) -> Result<(), InvalidValue> {
        check::path_segment("referenceOrderID", &self.reference_order_id)?;
        check::parameter("referenceOrderID", &self.reference_order_id, &[Rule::MinLength(1)])
    }
}

impl Request for GetOrder {
    type Value = types::Order;
    type ErrorBody = types::ErrorBody;
    const OPERATION: &'static OperationDescription = Operation::GetOrder.description();

    fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn send(&self, keep_body: bool) -> Result<Response<Self::Value>, Error<Self::ErrorBody>> {
        self.check()?;
        let client = client(&self.connection, Self::OPERATION);
        let reference_order_id = typed(&*self.reference_order_id)?;
        let call = client.get_order(&reference_order_id);
        client.inner.finish(self, call, keep_body).await
    }
}

impl IntoFuture for GetOrder {
    type Output = Result<types::Order, Error<types::ErrorBody>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send(false).await.map(Response::into_value) })
    }
}

impl ::std::fmt::Debug for GetOrder {
    fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        debug_request("GetOrder", &[], formatter)
    }
}

/// progenitor's client for one call.
fn client(connection: &Connection, operation: &'static OperationDescription) -> Client {
    Client::new_with_client(
        connection.base_url(),
        connection.http_client().clone(),
        Call::new(connection.clone(), operation),
    )
}

impl ::progenitor_client::ClientHooks<Call> for Client {
    async fn pre<E>(
        &self,
        request: &mut ::reqwest::Request,
        _: &::progenitor_client::OperationInfo,
    ) -> Result<(), ::progenitor_client::Error<E>> {
        // progenitor adds it to every request; the server knows no such header.
        request.headers_mut().remove("api-version");
        self.inner.pre(request)
    }

    async fn exec(
        &self,
        request: ::reqwest::Request,
        _: &::progenitor_client::OperationInfo,
    ) -> ::reqwest::Result<::reqwest::Response> {
        self.inner.exec(request).await
    }
}

// progenitor's methods still take types of their own, with the rules that were checked above.

fn typed<T: ::std::str::FromStr>(value: &str) -> Result<T, InvalidValue> {
    value.parse().map_err(|_| InvalidValue::new("request", "cannot be built"))
}

fn typed_list<V, T: TryFrom<V>>(value: V) -> Result<T, InvalidValue> {
    value.try_into().map_err(|_| InvalidValue::new("request", "cannot be built"))
}
