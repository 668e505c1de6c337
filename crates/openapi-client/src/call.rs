//! One call: its attempts, what they bring, and what the caller gets of it.

mod attempt;
mod budget;
mod connection;
mod pace;
mod request;
mod retry;
mod route;
mod send;
mod spawned;
mod transfer;

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use progenitor_client::ResponseValue;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

pub(crate) use self::budget::Budget;
pub use self::connection::Connection;
pub(crate) use self::connection::{Inspect, Inspectors, Shared};
pub(crate) use self::pace::Pace;
pub use self::request::{Request, WithResponse, debug_request};
pub use self::retry::Retry;
pub use self::spawned::Spawned;
use crate::error::{Error, ErrorBody};
use crate::observer;
use crate::operation::OperationDescription;
use crate::response::{RawBody, Response, ResponseHead};
use crate::setup_error::InvalidValue;
use crate::{check, decode};

/// One call of an operation; a generated client holds it for progenitor's hooks.
///
/// progenitor forgets the status of a response that it cannot read, knows neither time-outs nor limits,
/// and keeps the bytes of a response in its errors. So the hooks read responses to the end, note here
/// what there is to know, and hand it bytes to decode.
pub struct Call {
    connection: Connection,
    operation: &'static OperationDescription,
    outcome: Mutex<Option<Result<Received, Error<()>>>>,
}

/// What a method of progenitor's client makes of a request.
type Sent<R> = Result<
    ResponseValue<<R as Request>::Value>,
    progenitor_client::Error<<R as Request>::ErrorBody>,
>;

/// A response, read to its end.
struct Received {
    head: ResponseHead,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    /// Checks the parameters of a request; the call is not made yet.
    ///
    /// # Errors
    ///
    /// A parameter breaks a rule of the document, or could lead to another route.
    pub fn new<R: Request>(request: &R) -> Result<Self, InvalidValue> {
        check::request(request)?;
        let connection = request.connection().clone();
        Ok(Self { connection, operation: R::OPERATION, outcome: Mutex::default() })
    }

    /// Makes the call, by a method of progenitor's client that holds it, and turns progenitor's result
    /// into ours. What cannot be read ends here.
    ///
    /// # Errors
    ///
    /// Whatever went wrong with the call, or what an inspector found
    /// ([`ClientBuilder::inspect`](crate::ClientBuilder::inspect)).
    pub async fn finish<R: Request>(
        &self,
        request: &R,
        // By reference: a future that is moved into another one takes its room twice.
        call: Pin<&mut impl Future<Output = Sent<R>>>,
        keep_body: bool,
    ) -> Result<Response<R::Value>, Error<R::ErrorBody>> {
        use progenitor_client::Error as Failure;
        let observer = self.connection.0.observer.as_deref();
        let (result, unknown) = match observer {
            Some(_) => observer::noting(call).await,
            None => (call.await, Vec::new()),
        };
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(outcome) = outcome else {
            return Err(InvalidValue::new("request", "cannot be built").into());
        };
        let Received { head, headers, body } = outcome.map_err(Error::of_operation)?;
        if let Some(observer) = observer {
            observer::tell(observer, self.operation.id, head.request_id(), unknown);
        }
        Err(match result {
            Ok(value) => {
                let value = value.into_inner();
                if let Err(breach) = self.connection.0.inspectors.run(request, &value) {
                    return Err(Error::contract(breach, &head));
                }
                // Copied, because it may be a part of a larger buffer of the connection.
                let body = keep_body.then(|| RawBody(Bytes::copy_from_slice(&body)));
                return Ok(Response { value, head, headers, body });
            }
            Err(Failure::ErrorResponse(error)) => refused(head, error.into_inner()),
            Err(Failure::InvalidResponsePayload(json, error)) if head.status().is_success() => {
                let source = decode::error(&json, &error);
                Error::Decode { response: Box::new(head), source }
            }
            // A status that the document does not list for the operation; the error body is known all
            // the same.
            Err(Failure::UnexpectedResponse(_)) if is_error(head.status()) => {
                match decode::decode(&body) {
                    Ok(body) => refused(head, body),
                    Err(_) => Error::Unexpected { response: Box::new(head) },
                }
            }
            Err(_) => Error::Unexpected { response: Box::new(head) },
        })
    }
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn refused<B: ErrorBody>(head: ResponseHead, body: B) -> Error<B> {
    let head = head.or_request_id(body.request_id());
    Error::Api { response: Box::new(head), body: Box::new(body) }
}
