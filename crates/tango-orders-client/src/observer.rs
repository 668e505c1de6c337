//! Tells the application what the document does not know.

use std::cell::RefCell;

use tokio::task_local;

/// Is told what replies hold that the document does not know; by default it does nothing.
///
/// It is called while a call is under way, so it should be quick: count, or pass it on.
pub trait Observer: Send + Sync + 'static {
    /// A reply has a value that its vocabulary does not know, such as a new order status.
    ///
    /// The call succeeds all the same; the value is in the reply as `Unknown`.
    fn unknown_value(&self, seen: &UnknownValue) {
        let _ = seen;
    }

    /// A reply deviates from the document: it has members or values that the document does not know
    /// (drift), or breaks a rule; reading it may have succeeded all the same.
    ///
    /// Only with the feature `validate`, for every reply with a status that the document lists. The
    /// report shows no values, unless it is told to.
    #[cfg(feature = "validate")]
    fn findings(&self, operation: &'static str, report: &tango_orders_validator::Report<'_>) {
        let _ = (operation, report);
    }
}

/// A value that a vocabulary does not know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnknownValue {
    /// The operation whose reply has it, such as `get_order`.
    pub operation: &'static str,
    /// The vocabulary, by the name of its type, such as `OrderStatus`.
    pub vocabulary: &'static str,
    /// The value as it came.
    pub value: String,
}

task_local! {
    /// What the reply that is being decoded has; set for calls of a client with an observer.
    static UNKNOWN: RefCell<Vec<(&'static str, String)>>;
}

/// Notes a value that a vocabulary does not know; called while decoding.
pub(crate) fn note_unknown(vocabulary: &'static str, value: &str) {
    // Outside of a call nobody asks for it.
    let _ = UNKNOWN.try_with(|seen| seen.borrow_mut().push((vocabulary, value.to_owned())));
}

/// Runs a call and tells the observer which unknown values its reply has.
pub(crate) async fn observed<T>(
    observer: &dyn Observer,
    operation: &'static str,
    call: impl Future<Output = T>,
) -> T {
    let noticed = async {
        let output = call.await;
        (output, UNKNOWN.with(RefCell::take))
    };
    let (output, seen) = UNKNOWN.scope(RefCell::default(), noticed).await;
    for (vocabulary, value) in seen {
        observer.unknown_value(&UnknownValue { operation, vocabulary, value });
    }
    output
}
