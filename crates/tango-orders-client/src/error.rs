//! What Tango says of an error.

use crate::generated::types::ErrorBody;

/// Keys of status 404 that say that there is no such order or line item. Others tell of customers,
/// accounts, or that the URL leads nowhere, which is what a wrong base URL brings (`404.001`).
const NO_SUCH_ORDER: [&str; 5] = ["404.005", "404.017", "404.042", "404.092", "404.110"];

/// Why a call did not return what was asked for; its [`body`](openapi_client::Error::body) is Tango's.
pub type Error = openapi_client::Error<ErrorBody>;

impl ErrorBody {
    /// The keys that tell what is wrong whatever the wording: that of the request as a whole first,
    /// then those of single fields.
    pub fn i18n_keys(&self) -> impl Iterator<Item = &str> {
        let fields = self.errors.iter().map(|item| &item.i18n_key);
        std::iter::once(&self.i18n_key).chain(fields).filter_map(Option::as_deref)
    }
}

impl openapi_client::ErrorBody for ErrorBody {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn is_not_found(body: Option<&Self>) -> bool {
        body.is_some_and(|body| body.i18n_keys().any(|key| NO_SUCH_ORDER.contains(&key)))
    }

    fn code(&self) -> Option<&str> {
        self.i18n_keys().find(|key| is_key(key))
    }
}

/// Whether a key has the form of one, and so can be printed: digits and a dot.
fn is_key(key: &str) -> bool {
    key.len() <= 16 && key.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}
