//! What the client leaves out, each with a warning, so that the others are still generated.

use std::borrow::Cow;

use crate::model::{Model, Operation, Parameter};
use crate::rule::Rule;
use crate::source::{Finding, Span};

/// An operation that the client leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omission {
    /// The operation's `operationId`, or its method and path.
    pub operation: String,
    /// Why, in words that name no operation.
    pub reason: String,
}

/// What the client leaves out.
#[derive(Debug, Default)]
pub(super) struct Omissions {
    pub(super) operations: Vec<Omission>,
    /// Warnings of these and of what else is missing.
    pub(super) warnings: Vec<Finding>,
}

impl Omissions {
    /// Leaves out an operation that progenitor does not take.
    pub(super) fn omit(&mut self, model: &mut Model, index: usize, reason: &str) {
        let Operation { id, span, .. } = model.operations.remove(index);
        self.warnings.push(Finding::warning(
            Rule::ClientGenerator,
            &model.source,
            span,
            format!("the client leaves `{id}` out: {reason}"),
            "look for what the message names",
        ));
        self.operations.push(Omission { operation: id, reason: reason.to_owned() });
    }
}

/// The document without the operations that the client cannot call, and what is missing.
pub(super) fn sendable(model: &Model) -> (Cow<'_, Model>, Omissions) {
    let mut model = Cow::Borrowed(model);
    let mut operations = Vec::new();
    let mut warnings = Vec::new();
    if model.operations.is_empty() {
        warnings.push(Finding::warning(
            Rule::ClientGenerator,
            &model.source,
            model.span,
            "the client has nothing to call: the document has no operation",
            "add operations to `paths`, or generate the validator alone (`--only validator`)",
        ));
    }
    for index in (0..model.operations.len()).rev() {
        let operation = &model.operations[index];
        if let Some(Obstacle { rule, span, message, help }) = obstacle(operation) {
            let id = operation.id.clone();
            let text = format!("the client leaves `{id}` out: {message}");
            warnings.push(Finding::warning(rule, &model.source, span, text, help));
            operations.push(Omission { operation: id, reason: message });
            model.to_mut().operations.remove(index);
        } else {
            warnings.extend(unsent(&model, operation));
        }
    }
    operations.reverse();
    warnings.reverse();
    (model, Omissions { operations, warnings })
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
        && body.raw().is_none()
        && let Some(media) = body.content.first()
    {
        return Some(Obstacle {
            rule: Rule::RequestBody,
            span: media.span,
            message: format!("it does not send `{}`", media.name),
            help: "use one that is sent as a whole, such as application/json or \
                   application/octet-stream"
                .to_owned(),
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
