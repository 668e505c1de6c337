//! Tells the application what the document does not know.

use std::cell::RefCell;
use std::collections::HashSet;
use std::pin::Pin;

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
    /// Where the response has it first, as a JSON pointer (RFC 6901), such as `/lineItems/0/status`. In
    /// what may be of several forms, it is where that begins. Keys of maps are a part of it.
    pub pointer: String,
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
    static NOTES: RefCell<Notes>;
}

/// What a response has that the document does not know.
#[derive(Default)]
struct Notes {
    /// Whether there is anything at all: where it is, is looked for only then.
    is_any: bool,
    /// While it is looked for, the names and numbers that lead to what is being decoded.
    path: Option<Vec<String>>,
    found: Vec<Note>,
}

/// A vocabulary, a value, and where it is.
pub(crate) struct Note {
    vocabulary: &'static str,
    value: String,
    pointer: String,
}

/// Notes a value that a vocabulary does not know, for the [`Observer`] of the call that decodes it; the
/// macro [`open_enum!`](crate::open_enum) calls it.
pub fn note_unknown(vocabulary: &'static str, value: &str) {
    // Outside of a call nobody asks for it.
    let _ = NOTES.try_with(|notes| {
        let notes = &mut *notes.borrow_mut();
        notes.is_any = true;
        if let Some(path) = &notes.path {
            let mut pointer = String::new();
            for part in path {
                pointer.push('/');
                pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
            }
            notes.found.push(Note { vocabulary, value: value.to_owned(), pointer });
        }
    });
}

/// Begins with a member or an item.
pub(crate) fn enter(part: String) {
    with_path(|path| path.push(part));
}

/// Is done with it.
pub(crate) fn leave() {
    with_path(|path| drop(path.pop()));
}

fn with_path(change: impl FnOnce(&mut Vec<String>)) {
    let _ = NOTES.try_with(|notes| notes.borrow_mut().path.as_mut().map(change));
}

/// Decodes once more, to see where things are, if decoding has noted any.
pub(crate) fn locate(again: impl FnOnce()) {
    let begin = |notes: &RefCell<Notes>| {
        let notes = &mut *notes.borrow_mut();
        if notes.is_any {
            notes.path = Some(Vec::new());
        }
        notes.is_any
    };
    if NOTES.try_with(begin).unwrap_or(false) {
        again();
        let _ = NOTES.try_with(|notes| notes.borrow_mut().path = None);
    }
}

/// Runs a call; returns what comes of it, and which unknown values its response has, each once.
pub(crate) async fn noting<T>(call: Pin<&mut impl Future<Output = T>>) -> (T, Vec<Note>) {
    let noted = async {
        let output = call.await;
        (output, NOTES.with(RefCell::take).found)
    };
    let (output, mut found) = NOTES.scope(RefCell::default(), noted).await;
    let mut known = HashSet::new();
    found.retain(|note| known.insert((note.vocabulary, note.value.clone())));
    (output, found)
}

/// Tells the observer of unknown values.
pub(crate) fn tell(
    observer: &dyn Observer,
    operation: &'static str,
    request_id: Option<&str>,
    found: Vec<Note>,
) {
    for Note { vocabulary, value, pointer } in found {
        let request_id = request_id.map(str::to_owned);
        observer.unknown_value(&UnknownValue { operation, request_id, vocabulary, value, pointer });
    }
}
