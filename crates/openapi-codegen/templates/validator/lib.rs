#![doc = include_str!("../README.md")]

mod generated;

pub use generated::operations::Operation;
pub use generated::schemas::Schema;
use generated::source_map::SOURCE_MAP;
#[cfg(feature = "render")]
pub use openapi_validator::Colours;
pub use openapi_validator::{
    self, Direction, Finding, Findings, NoSchema, Options, Place, Report, Request, Severity,
    Suggestion,
};

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
