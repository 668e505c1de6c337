//! Tells the application what the document does not know.

use std::cell::RefCell;
use std::collections::HashSet;

#[cfg(feature = "validate")]
use reqwest::StatusCode;
use tokio::task_local;

#[cfg(feature = "validate")]
use crate::operation::OperationDescription;

/// Is told what responses hold that the document does not know; by default it does nothing.
///
/// It is called while a call is under way, so it should be quick: count, or pass it on.
pub trait Observer: Send + Sync + 'static {
    /// A response has a value that its vocabulary does not know, such as a new order status. It is told
    /// once for a response, however often the response has it.
    ///
    /// The call succeeds all the same; the value is in the response as `Unknown`.
    fn unknown_value(&self, seen: &UnknownValue) {
        let _ = seen;
    }

    /// A response deviates from the document: it has members or values that the document does not know
    /// (drift), or breaks a rule; reading it may have succeeded all the same.
    ///
    /// Only with the feature `validate` and a [`Validator`](crate::Validator), for every response with a
    /// status that the document lists. The report shows no values, unless it is told to.
    #[cfg(feature = "validate")]
    fn findings(&self, operation: &'static str, report: &openapi_validator::Report<'_>) {
        let _ = (operation, report);
    }
}

/// A value that a vocabulary does not know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnknownValue {
    /// The operation whose response has it, such as `get_order`.
    pub operation: &'static str,
    /// What the server calls the request, if it says so.
    pub request_id: Option<String>,
    /// The vocabulary, by the name of its type, such as `OrderStatus`.
    pub vocabulary: &'static str,
    /// The value as it came.
    pub value: String,
}

/// Checks the body of a response of an operation against the document; nothing if the document has no
/// schema for the status. Generated validators do that.
#[cfg(feature = "validate")]
pub type Validator = for<'b> fn(
    &OperationDescription,
    StatusCode,
    &'b [u8],
    &openapi_validator::Options,
) -> Option<openapi_validator::Report<'b>>;

task_local! {
    /// What the response that is being decoded has; set for calls of a client with an observer.
    static UNKNOWN: RefCell<Vec<(&'static str, String)>>;
}

/// Notes a value that a vocabulary does not know, for the [`Observer`] of the call that decodes it; the
/// macro [`open_enum!`](crate::open_enum) calls it.
pub fn note_unknown(vocabulary: &'static str, value: &str) {
    // Outside of a call nobody asks for it.
    let _ = UNKNOWN.try_with(|seen| seen.borrow_mut().push((vocabulary, value.to_owned())));
}

/// Runs a call; returns what comes of it, and which unknown values its response has, each once.
pub(crate) async fn noting<T>(call: impl Future<Output = T>) -> (T, Vec<(&'static str, String)>) {
    let noted = async {
        let output = call.await;
        (output, UNKNOWN.with(RefCell::take))
    };
    let (output, mut seen) = UNKNOWN.scope(RefCell::default(), noted).await;
    let mut known = HashSet::new();
    seen.retain(|value| known.insert(value.clone()));
    (output, seen)
}

/// Tells the observer of unknown values.
pub(crate) fn tell(
    observer: &dyn Observer,
    operation: &'static str,
    request_id: Option<&str>,
    seen: Vec<(&'static str, String)>,
) {
    for (vocabulary, value) in seen {
        let request_id = request_id.map(str::to_owned);
        observer.unknown_value(&UnknownValue { operation, request_id, vocabulary, value });
    }
}
