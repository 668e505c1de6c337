//! The head of a request: what is checked and decoded before anybody asks which operation it is for.

use std::borrow::Cow;

use axum::http::{HeaderMap, Request, StatusCode, Version, header};
use percent_encoding::percent_decode_str;

use crate::error_response::ErrorResponse;

/// A value with its percent-encoding undone.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, ErrorResponse> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        let is_encoded = after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
        if !is_encoded {
            let message = "A percent sign in the address stands without two hexadecimal digits.";
            return Err(ErrorResponse::bad_request(message));
        }
        rest = after;
    }
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map_err(|_| {
        ErrorResponse::bad_request("The address holds percent-encoding that is no UTF-8.")
    })
}

/// The parameters of a query, in their order.
pub(crate) fn query(text: &str) -> Result<Vec<(String, String)>, ErrorResponse> {
    let mut parameters = pairs(text)?;
    // A cursor that is empty is none: it is the default in the vendor's newer reference.
    parameters.retain(|(name, value)| {
        !(value.is_empty() && matches!(name.as_str(), "nextCursor" | "prevCursor"))
    });
    Ok(parameters)
}

/// Names and values as they stand in queries and in forms, in their order.
pub(crate) fn pairs(text: &str) -> Result<Vec<(String, String)>, ErrorResponse> {
    let read = |text: &str| decode(&text.replace('+', " ")).map(Cow::into_owned);
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| Ok((read(name)?, read(value)?))).collect()
}

/// The largest body that a request may have, in bytes; no operation reads one.
const MAX_BODY: u64 = 64 << 10;

/// Whether it is clear where the request goes and where it ends.
pub(crate) fn check_framing<B>(request: &Request<B>) -> Result<(), ErrorResponse> {
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST).iter().count();
    // RFC 9112, section 3.2.
    if hosts > 1 || hosts == 0 && request.version() == Version::HTTP_11 {
        let message = "Exactly one `Host` is needed.";
        return Err(ErrorResponse::bad_request(message).closing());
    }
    // With a length beside it, the coding may be an attempt at smuggling a request (RFC 9112, section
    // 6.1); what reads the request drops that length.
    if headers.contains_key(header::TRANSFER_ENCODING) {
        let message = "A body needs a `Content-Length`.";
        let status = StatusCode::LENGTH_REQUIRED;
        return Err(ErrorResponse::whole_request(status, "411.001", message, Vec::new()).closing());
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length.is_some_and(|length| length.parse().map_or(true, |length: u64| length > MAX_BODY)) {
        let message = "The body is too large.";
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(ErrorResponse::whole_request(status, "413.001", message, Vec::new()).closing());
    }
    Ok(())
}

/// Whether the request speaks JSON: "Only JSON in and out", says the vendor.
pub(crate) fn check_media_types(headers: &HeaderMap) -> Result<(), ErrorResponse> {
    let mut accepted = headers.get_all(header::ACCEPT).iter().peekable();
    let is_limited = accepted.peek().is_some();
    if is_limited && !accepted.any(|value| accepts_json(value.to_str().unwrap_or_default())) {
        let message = "Only application/json can be sent. Accept it, or leave `Accept` out.";
        return Err(ErrorResponse::whole_request(
            StatusCode::NOT_ACCEPTABLE,
            "406.001",
            message,
            Vec::new(),
        ));
    }
    let has_body = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
    let content = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let is_json = content.is_none_or(|content| is(content, "application/json"));
    if has_body && !is_json {
        let message = "Only application/json can be read.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(ErrorResponse::whole_request(status, "415.001", message, Vec::new()));
    }
    Ok(())
}

fn accepts_json(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let is_refused = range.split(';').skip(1).any(|parameter| {
            let weight = parameter.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            weight.is_some_and(|weight| weight <= 0.0)
        });
        !is_refused
            && ["application/json", "application/*", "*/*"].iter().any(|known| is(range, known))
    })
}

fn is(media_type: &str, known: &str) -> bool {
    media_type.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(known))
}
