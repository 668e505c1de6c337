//! Requests: what generated builders have in common.

use std::fmt;

use super::connection::Connection;
use crate::error::{Error, ErrorBody};
use crate::operation::OperationDescription;
use crate::response::Response;
use crate::transport::BoxFuture;

/// A request of one operation with its parameters, which generated builders are.
pub trait Request: Clone + Send + Sync + 'static {
    /// What a success brings.
    type Value: Send + 'static;
    /// What the server says of an error.
    type ErrorBody: ErrorBody;
    /// What the document says of the operation.
    const OPERATION: &'static OperationDescription;

    /// What the client shares that made the request.
    fn connection(&self) -> &Connection;

    /// Checks the parameters and sends the request; `keep_body` keeps the body for [`Response::body`].
    fn send(
        &self,
        keep_body: bool,
    ) -> impl Future<Output = Result<Response<Self::Value>, Error<Self::ErrorBody>>> + Send;
}

/// A request that returns more than the value: status, request id, headers, attempts; await it to send
/// it.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct WithResponse<R> {
    request: R,
    keep_body: bool,
}

impl<R: Request> WithResponse<R> {
    /// The request, with its whole response.
    pub fn new(request: R) -> Self {
        Self { request, keep_body: false }
    }

    /// Keeps the body of the response as it came, for [`Response::body`].
    pub fn with_body(mut self) -> Self {
        self.keep_body = true;
        self
    }
}

impl<R: Request> IntoFuture for WithResponse<R> {
    type Output = Result<Response<R::Value>, Error<R::ErrorBody>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.request.send(self.keep_body).await })
    }
}

/// Prints a request by the names of the parameters that are set: their values may be personal.
pub fn debug_request(
    name: &str,
    is_set: &[(&'static str, bool)],
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let set: Vec<_> = is_set.iter().filter_map(|(name, is_set)| is_set.then_some(name)).collect();
    formatter.debug_struct(name).field("set", &set).finish_non_exhaustive()
}
