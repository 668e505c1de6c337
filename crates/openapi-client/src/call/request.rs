//! Requests: what generated builders have in common.

use std::fmt;

use super::connection::Connection;
use crate::check::{self, Parameter};
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

    /// The values of the parameters, in the order of the operation's
    /// [`parameters`](OperationDescription::parameters).
    fn parameters(&self) -> Vec<&dyn Parameter>;

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
#[doc(hidden)]
pub fn debug_request<R: Request>(
    request: &R,
    name: &str,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let set = check::is_set(request).into_iter();
    let set: Vec<_> = set.filter_map(|(name, is_set)| is_set.then_some(name)).collect();
    formatter.debug_struct(name).field("set", &set).finish_non_exhaustive()
}

/// Implements what all requests have in common: they can be awaited, with or without the whole
/// response, and `Debug` tells which parameters are set, but no values.
#[macro_export]
macro_rules! request {
    ($request:ident) => {
        impl $request {
            /// Returns status, request id, headers and attempts together with the value.
            pub fn with_response(self) -> $crate::WithResponse<Self> {
                $crate::WithResponse::new(self)
            }
        }

        impl ::std::future::IntoFuture for $request {
            type Output = ::std::result::Result<
                <Self as $crate::Request>::Value,
                $crate::Error<<Self as $crate::Request>::ErrorBody>,
            >;
            type IntoFuture = $crate::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(async move {
                    let response = $crate::Request::send(&self, false).await;
                    response.map($crate::Response::into_value)
                })
            }
        }

        impl ::std::fmt::Debug for $request {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::debug_request(self, ::std::stringify!($request), formatter)
            }
        }
    };
}
