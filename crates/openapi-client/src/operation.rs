//! What the document says of an operation.

/// An operation as the document describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationDescription {
    /// The `operationId`.
    pub id: &'static str,
    /// The method in capital letters.
    pub method: &'static str,
    /// The path template, such as `/orders/{id}`: all that is logged of a URL.
    pub path: &'static str,
    /// The responses by status (`200`, `4XX`, `default`), each with the name of its component schema
    /// if it has one.
    pub responses: &'static [(&'static str, Option<&'static str>)],
    /// Groups of parameters of which at most one may be sent (`x-mutually-exclusive`).
    pub exclusive: &'static [&'static [&'static str]],
    /// Whether the method is idempotent (RFC 9110, section 9.2.2), so that a request may be repeated.
    pub is_idempotent: bool,
}
