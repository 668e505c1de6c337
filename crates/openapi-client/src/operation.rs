//! What the document says of an operation.

use crate::check::Rule;

/// An operation as the document describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperationDescription {
    /// The `operationId`.
    pub id: &'static str,
    /// The method in capital letters.
    pub method: &'static str,
    /// The path template, such as `/orders/{id}`: all that is logged of a URL.
    pub path: &'static str,
    /// The parameters, those of the path item first.
    pub parameters: &'static [ParameterDescription],
    /// The responses by status (`200`, `4XX`, `default`), each with the name of its component schema
    /// if it has one.
    pub responses: &'static [(&'static str, Option<&'static str>)],
    /// Groups of parameters of which at most one may be sent (`x-mutually-exclusive`).
    pub exclusive: &'static [&'static [&'static str]],
    /// Whether the method is idempotent (RFC 9110, section 9.2.2), so that a request may be repeated.
    pub is_idempotent: bool,
}

/// A parameter as the document describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterDescription {
    /// The name in the document.
    pub name: &'static str,
    /// Where it is sent.
    pub location: Location,
    /// What its schema demands, as far as it is checked before anything is sent.
    pub rules: &'static [Rule],
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// As one segment of the path, or a part of one.
    Path,
    /// In the query; a list repeats the name.
    Query,
    /// As a header.
    Header,
}

impl ParameterDescription {
    /// A parameter of the path.
    pub const fn path(name: &'static str, rules: &'static [Rule]) -> Self {
        Self { name, location: Location::Path, rules }
    }

    /// A parameter of the query.
    pub const fn query(name: &'static str, rules: &'static [Rule]) -> Self {
        Self { name, location: Location::Query, rules }
    }

    /// A header.
    pub const fn header(name: &'static str, rules: &'static [Rule]) -> Self {
        Self { name, location: Location::Header, rules }
    }
}
