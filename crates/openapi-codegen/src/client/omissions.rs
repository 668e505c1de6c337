//! What the client leaves out, each with a warning, so that the others are still generated.

use std::borrow::Cow;

use crate::model::{Model, Operation, Parameter};
use crate::rule::Rule;
use crate::source::{Finding, Span};

/// The media types of request bodies that the client can send, beside JSON.
const BODIES: [&str; 3] =
    ["application/octet-stream", "application/x-www-form-urlencoded", "text/plain"];

/// The document without the operations that the client cannot call, and warnings of what is missing.
pub(super) fn sendable(model: &Model) -> (Cow<'_, Model>, Vec<Finding>) {
    let mut model = Cow::Borrowed(model);
    let mut warnings = Vec::new();
    for index in (0..model.operations.len()).rev() {
        let operation = &model.operations[index];
        if let Some(Obstacle { rule, span, message, help }) = obstacle(operation) {
            let message = format!("the client leaves `{}` out: {message}", operation.id);
            warnings.push(Finding::warning(rule, &model.source, span, message, help));
            model.to_mut().operations.remove(index);
        } else {
            warnings.extend(unsent(&model, operation));
        }
    }
    warnings.reverse();
    (model, warnings)
}

/// Leaves out an operation that progenitor does not take.
pub(super) fn omit(model: &mut Model, index: usize, reason: &str) -> Finding {
    let operation = model.operations.remove(index);
    Finding::warning(
        Rule::ClientGenerator,
        &model.source,
        operation.span,
        format!("the client leaves `{}` out: {reason}", operation.id),
        "look for what the message names",
    )
}

/// Why the client cannot call an operation.
struct Obstacle {
    rule: Rule,
    span: Span,
    message: String,
    help: String,
}

fn obstacle(operation: &Operation) -> Option<Obstacle> {
    if let Some(body) = &operation.request_body
        && body.json().is_none()
        && !body.content.iter().any(|media| BODIES.contains(&media.essence()))
        && let Some(media) = body.content.first()
    {
        return Some(Obstacle {
            rule: Rule::RequestBody,
            span: media.span,
            message: format!("it does not send `{}`", media.name),
            help: format!("use application/json or one of: {}", BODIES.join(", ")),
        });
    }
    if let Some(response) = operation.responses.iter().find(|response| response.status == "101") {
        return Some(Obstacle {
            rule: Rule::ClientGenerator,
            span: response.span,
            message: "it does not switch protocols".to_owned(),
            help: "call the operation by a client for WebSocket".to_owned(),
        });
    }
    operation.parameters.iter().find_map(|parameter| {
        let Parameter { name, span, .. } = parameter;
        let (message, help) = match (parameter.location.as_str(), parameter.style()) {
            ("cookie", _) if parameter.required => (
                format!("it does not send the cookie `{name}`"),
                "send it in the query or in a header",
            ),
            ("path", style @ ("label" | "matrix")) => (
                format!("it does not write `{name}` in the style `{style}`"),
                "remove `style`; the client writes parameters of the path as they are",
            ),
            _ => return None,
        };
        Some(Obstacle { rule: Rule::ClientParameter, span: *span, message, help: help.to_owned() })
    })
}

/// Warns of parameters that the client leaves out.
fn unsent(model: &Model, operation: &Operation) -> Vec<Finding> {
    let cookies = operation.parameters.iter().filter(|parameter| parameter.location == "cookie");
    let warning = |cookie: &Parameter| {
        Finding::warning(
            Rule::ClientParameter,
            &model.source,
            cookie.span,
            format!("`{}` is a cookie, which the client does not send", cookie.name),
            "send it in the query or in a header",
        )
    };
    cookies.map(warning).collect()
}
