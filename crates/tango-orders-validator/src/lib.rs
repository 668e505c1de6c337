//! Validators of Tango's order responses and requests, generated from `openapi/tango-orders.yaml`.
//!
//! ```
//! use tango_orders_validator::{Operation, validate_response};
//!
//! let body = br#"{"referenceOrderId":"RA260115-1001-02","createdAt":"2026-02-30T00:00:00Z"}"#;
//! let report = validate_response(Operation::GetOrder, 200, body)?;
//! assert!(!report.is_valid());
//! for finding in report.findings() {
//!     println!("{finding}");
//! }
//! # Ok::<(), tango_orders_validator::NoSchema>(())
//! ```
//!
//! Findings show no value of the payload, unless [`Report::with_values`] asks for it, and never one
//! of a credential. What they say, and how keywords are read where JSON Schema leaves room, is
//! written in the documentation of [`openapi_validator`].
//!
//! The feature `render` adds `Report::render`, for people. Without it there are one line for each
//! finding (`Display`), [`Report::to_json`], [`Report::to_basic_output`] and [`Report::to_sarif`].

mod generated;

pub use generated::operations::Operation;
pub use generated::schemas::Schema;
use generated::source_map::SOURCE_MAP;
#[cfg(feature = "render")]
pub use openapi_validator::Colours;
pub use openapi_validator::{
    Direction, Finding, Findings, NoSchema, Options, Place, Report, Request, Severity, Suggestion,
};

/// The document that the validators were generated from, in YAML; the places of rules point into it.
pub const OPENAPI: &str = include_str!("../openapi/tango-orders.yaml");

/// Whether a payload obeys a schema; stops at the first error.
///
/// Drift does not count: a response with undocumented members is valid.
pub fn is_valid(schema: Schema, payload: &[u8]) -> bool {
    openapi_validator::is_valid(&SOURCE_MAP, schema.validator(), payload, &Options::default())
}

/// Checks a payload against a schema and says everything that is wrong.
pub fn validate(schema: Schema, payload: &[u8]) -> Report<'_> {
    validate_with(schema, payload, &Options::default())
}

/// [`validate`], with limits and a direction of one's own.
pub fn validate_with<'p>(schema: Schema, payload: &'p [u8], options: &Options) -> Report<'p> {
    openapi_validator::validate(&SOURCE_MAP, schema.validator(), payload, options)
}

/// Checks the body of a response.
///
/// # Errors
///
/// The operation declares no response with this status, or none with a JSON schema.
pub fn validate_response(
    operation: Operation,
    status: u16,
    body: &[u8],
) -> Result<Report<'_>, NoSchema> {
    validate_response_with(operation, status, body, &Options::default())
}

/// [`validate_response`], with limits of one's own; the direction is [`Direction::Response`].
///
/// # Errors
///
/// The operation declares no response with this status, or none with a JSON schema.
pub fn validate_response_with<'p>(
    operation: Operation,
    status: u16,
    body: &'p [u8],
    options: &Options,
) -> Result<Report<'p>, NoSchema> {
    let validator = operation.response(status).validator(operation.id(), status)?;
    let options = Options { direction: Direction::Response, ..*options };
    Ok(openapi_validator::validate(&SOURCE_MAP, validator, body, &options))
}

/// Checks the parameters of a request.
///
/// The findings point into the parameters as one JSON object, as in `/query/maxResults`.
pub fn validate_request(operation: Operation, request: Request<'_>) -> Report<'static> {
    validate_request_with(operation, request, &Options::default())
}

/// [`validate_request`], with limits of one's own; the direction is [`Direction::Request`].
pub fn validate_request_with(
    operation: Operation,
    request: Request<'_>,
    options: &Options,
) -> Report<'static> {
    openapi_validator::validate_request(&SOURCE_MAP, operation.rules(), request, options)
}
