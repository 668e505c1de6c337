//! Responses as JSON without what is secret.

use std::cell::Cell;
use std::fmt;

#[cfg(not(feature = "serialize"))]
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

/// What stands in place of what is not shown.
const HIDDEN: &str = "***";

/// A value of a response that can be written as JSON without its secrets, for logs and tickets.
///
/// In place of a [`Secret`](crate::Secret), an [`Html`](crate::Html) and an
/// [`AnyValue`](crate::AnyValue) stands `***`; so it does in place of [`Private`](crate::Private) text and
/// of the keys of a [`Map`](crate::Map), unless they are asked for by [`Redacted::with_private`].
/// Everything else is written as it came. So it is whatever features are on.
///
/// ```
/// use openapi_client::{Private, Redacted, Secret};
///
/// # fn main() -> serde_json::Result<()> {
/// let pair = (Secret::from("4711".to_owned()), Private::from("Ada"));
/// assert_eq!(serde_json::to_string(&Redacted::new(&pair))?, r#"["***","***"]"#);
/// let shown = Redacted::new(&pair).with_private();
/// assert_eq!(serde_json::to_string(&shown)?, r#"["***","Ada"]"#);
/// # Ok(())
/// # }
/// ```
pub struct Redacted<'v, T: ?Sized> {
    value: &'v T,
    shown: Shown,
}

/// A value of a response that can be written as JSON with its secrets in clear, for those who hand a
/// response on, such as a server that stands in for another one.
///
/// It needs no feature, so whoever uses it switches nothing on for anybody else.
///
/// ```
/// use openapi_client::{Exposed, Secret};
///
/// # fn main() -> serde_json::Result<()> {
/// let secret = Secret::from("4711".to_owned());
/// assert_eq!(serde_json::to_string(&Exposed::new(&secret))?, r#""4711""#);
/// # Ok(())
/// # }
/// ```
pub struct Exposed<'v, T: ?Sized> {
    value: &'v T,
}

/// What is shown beside what anybody may see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Private,
    All,
}

/// Who may see a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Private,
    Secret,
}

thread_local! {
    /// Set while a [`Redacted`] or an [`Exposed`] is being written, by the thread that writes it.
    static SHOWN: Cell<Option<Shown>> = const { Cell::new(None) };
}

impl<'v, T: ?Sized> Redacted<'v, T> {
    /// Shows neither secrets nor private text.
    pub fn new(value: &'v T) -> Self {
        Self { value, shown: Shown::Nothing }
    }

    /// Shows private text, which may tell of a person, but no secrets.
    #[must_use]
    pub fn with_private(self) -> Self {
        Self { shown: Shown::Private, ..self }
    }
}

impl<'v, T: ?Sized> Exposed<'v, T> {
    /// Shows everything.
    pub fn new(value: &'v T) -> Self {
        Self { value }
    }
}

impl<T: Serialize + ?Sized> Serialize for Redacted<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let _scope = Scope::enter(self.shown);
        self.value.serialize(serializer)
    }
}

impl<T: Serialize + ?Sized> Serialize for Exposed<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let _scope = Scope::enter(Shown::All);
        self.value.serialize(serializer)
    }
}

/// Lets something be shown, until it is dropped, by a panic even.
struct Scope(Option<Shown>);

impl Scope {
    fn enter(shown: Shown) -> Self {
        Self(SHOWN.replace(Some(shown)))
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        SHOWN.set(self.0);
    }
}

impl<T: ?Sized> fmt::Debug for Exposed<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Exposed").finish_non_exhaustive()
    }
}

impl<T: ?Sized> fmt::Debug for Redacted<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Redacted").finish_non_exhaustive()
    }
}

/// Whether keys of maps are hidden.
pub(super) fn are_keys_hidden() -> bool {
    SHOWN.get() == Some(Shown::Nothing)
}

/// What stands in place of the key with this number, starting at 0; no two are the same.
pub(super) fn hidden_key(index: usize) -> String {
    if index == 0 { HIDDEN.to_owned() } else { format!("{HIDDEN} {}", index.saturating_add(1)) }
}

/// Writes a value that is not for everybody.
///
/// Within a [`Redacted`] or an [`Exposed`], it is hidden or shown. Anywhere else, only the feature
/// `serialize` lets it be written: an error tells of a response that would have been logged by accident,
/// where three stars would be kept in place of a secret without anybody noticing.
pub(super) fn serialize<S: Serializer>(
    kind: Kind,
    value: &(impl Serialize + ?Sized),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match (SHOWN.get(), kind) {
        (Some(Shown::All), _) | (Some(Shown::Private), Kind::Private) => {
            value.serialize(serializer)
        }
        (Some(_), _) => serializer.serialize_str(HIDDEN),
        #[cfg(feature = "serialize")]
        (None, _) => value.serialize(serializer),
        #[cfg(not(feature = "serialize"))]
        (None, _) => Err(S::Error::custom(
            "a secret or private value is written by `Redacted` or `Exposed` only",
        )),
    }
}
