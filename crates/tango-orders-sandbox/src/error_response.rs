//! Error responses, in the two families that the vendor has.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;
use tango_orders_client::types::{ErrorBody, ErrorItem};
use tango_orders_client::{Exposed, List};
use tango_orders_validator::{Report, Severity};

/// The error that a request is answered with.
///
/// A handler returns it; [`ErrorResponse::render`] makes the body when path, time and request id are
/// known.
#[derive(Clone, Debug)]
pub(crate) struct ErrorResponse(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    reason: Reason,
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Clone, Debug)]
enum Reason {
    /// The request as a whole: a message at the top and no `errors`.
    Request { key: &'static str, message: String, replacements: Vec<Value> },
    /// Single fields: `errors`, and no message at the top.
    Fields(Vec<ErrorItem>),
}

impl ErrorResponse {
    /// An error of the request as a whole, under a key of the vendor's catalogue.
    pub(crate) fn whole_request(
        status: StatusCode,
        key: &'static str,
        message: impl Into<String>,
        replacements: Vec<Value>,
    ) -> Self {
        let reason = Reason::Request { key, message: message.into(), replacements };
        Self(Box::new(Parts { status, reason, headers: Vec::new() }))
    }

    /// An error of one field.
    pub(crate) fn field(
        status: StatusCode,
        path: &'static str,
        key: &'static str,
        message: &'static str,
        value: &str,
    ) -> Self {
        let mut item = ErrorItem::default();
        item.path = Some(path.to_owned());
        item.i18n_key = Some(key.to_owned());
        item.message = Some(message.into());
        item.invalid_value = Some(Value::from(value).into());
        Self::fields(status, vec![item])
    }

    fn fields(status: StatusCode, items: Vec<ErrorItem>) -> Self {
        Self(Box::new(Parts { status, reason: Reason::Fields(items), headers: Vec::new() }))
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// Ends the connection too: the bytes that follow on it may be no request.
    #[must_use]
    pub(crate) fn closing(self) -> Self {
        self.with_header(header::CONNECTION, HeaderValue::from_static("close"))
    }

    pub(crate) fn bad_request(message: &'static str) -> Self {
        Self::whole_request(StatusCode::BAD_REQUEST, "400.001", message, Vec::new())
    }

    /// A search that goes beyond what can be reached.
    pub(crate) fn beyond_the_last_result(limit: u64) -> Self {
        let message = format!("The search goes beyond the {limit} results that can be reached.");
        let replacements = vec![limit.to_string().into()];
        Self::whole_request(StatusCode::BAD_REQUEST, "400.021", message, replacements)
    }

    /// More calls of an operation than its limit allows.
    pub(crate) fn too_many_requests(operation: &str, limit: u32) -> Self {
        let calls = if limit == 1 { "call" } else { "calls" };
        let message = format!("The limit of {limit} {calls} per second was reached.");
        let replacements = vec![operation.into(), limit.to_string().into()];
        Self::whole_request(StatusCode::TOO_MANY_REQUESTS, "429.008", message, replacements)
    }

    /// The sandbox itself failed.
    pub(crate) fn internal_server_error() -> Self {
        let message = "The sandbox could not write this response.";
        Self::whole_request(StatusCode::INTERNAL_SERVER_ERROR, "500.001", message, Vec::new())
    }

    /// Nothing is at this address.
    pub(crate) fn not_found() -> Self {
        let message = "There is nothing at this address.";
        Self::whole_request(StatusCode::NOT_FOUND, "404.001", message, Vec::new())
    }

    /// There is no order with this identifier, or none that the caller may see.
    pub(crate) fn no_such_order(id: &str) -> Self {
        let message = "There is no such order.";
        Self::whole_request(StatusCode::NOT_FOUND, "404.005", message, vec![id.into()])
    }

    /// The address exists, and does not take this method.
    pub(crate) fn method_not_allowed() -> Self {
        let message = "The method is not supported here.";
        Self::whole_request(StatusCode::METHOD_NOT_ALLOWED, "405.001", message, Vec::new())
    }

    /// What the validator finds wrong with the parameters of a request.
    ///
    /// What cannot be read is a 400, what can be read and breaks a bound is a 422.
    pub(crate) fn from_report(report: &Report<'_>, query: &[(&str, &str)]) -> Option<Self> {
        let errors = report.findings().filter(|finding| finding.severity() == Severity::Error);
        let mut status = None;
        let mut items = Vec::new();
        for finding in errors {
            let keyword = finding.keyword();
            if keyword == "x-mutually-exclusive" {
                let message = "Parameters that exclude each other were sent together.";
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Some(Self::whole_request(status, "422.001", message, Vec::new()));
            }
            let name = finding.pointer().split('/').nth(2).unwrap_or_default();
            let (found, key) = match (keyword, name) {
                ("minLength" | "maxLength", "currencyCode") => (400, "400.011"),
                ("maximum", "elementsPerBlock") => (400, "422.042"),
                ("minLength", "startDate" | "endDate") => (400, "422.044"),
                ("maxLength", "externalRefID") => (422, "422.110"),
                ("maxLength", _) => (422, "422.006"),
                ("minLength", _) => (422, "422.135"),
                ("minimum", _) => (422, "422.138"),
                ("maximum", _) => (422, "422.139"),
                ("maxItems", _) => (422, "422.137"),
                _ => (400, "400.001"),
            };
            status = Some(status.map_or(found, |status: u16| status.min(found)));
            // A list is not repeated, a single value is.
            let mut sent = query.iter().filter(|(sent, _)| *sent == name).map(|(_, value)| *value);
            let value = match (sent.next(), sent.next()) {
                (Some(value), None) => value.parse::<i64>().map_or(value.into(), Value::from),
                _ => Value::Null,
            };
            let mut item = ErrorItem::default();
            item.path = Some(name.to_owned());
            item.i18n_key = Some(key.to_owned());
            item.i18n_token_replacements = List::from(vec![Value::from(name).into()]);
            item.message = Some(finding.message().into());
            item.invalid_value = Some(value.into());
            items.push(item);
        }
        let status = StatusCode::from_u16(status?).unwrap_or(StatusCode::BAD_REQUEST);
        Some(Self::fields(status, items))
    }

    /// The response to the request with this id and path.
    pub(crate) fn render(self, request_id: &str, path: &str, now: Timestamp) -> Response {
        let Parts { status, reason, headers } = *self.0;
        let mut body = ErrorBody::default();
        body.timestamp = Some(now.into());
        body.request_id = Some(request_id.to_owned());
        body.path = Some(path.into());
        body.http_code = Some(i64::from(status.as_u16()).into());
        body.http_phrase = status.canonical_reason().map(str::to_owned);
        match reason {
            Reason::Request { key, message, replacements } => {
                body.i18n_key = Some(key.to_owned());
                body.message = Some(message.into());
                body.i18n_token_replacements = replacements.into_iter().map(Into::into).collect();
            }
            Reason::Fields(items) => body.errors = List::from(items),
        }
        // A body of strings and numbers can be written.
        let body = serde_json::to_vec(&Exposed::new(&body)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, JSON);
        response.headers_mut().extend(headers);
        response
    }
}

/// The media type of every response of the API.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

impl IntoResponse for ErrorResponse {
    /// Carries the error to where it is rendered.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.0.status;
        response.extensions_mut().insert(self);
        response
    }
}
