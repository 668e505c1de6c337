//! What operations send and receive.

use crate::lint::Report;
use crate::lint::structure::nearest;
use crate::rule::Rule;
use crate::source::{Key, Node, Span};
use crate::vocabulary::is_json;

/// What a client gets to decode, which must be one thing per operation for all errors, and one for
/// all successes.
#[derive(PartialEq)]
enum Body {
    None,
    Raw,
    Json(String),
}

impl Body {
    fn name(&self) -> String {
        match self {
            Self::None => "no body".into(),
            Self::Raw => "a body that is not JSON".into(),
            Self::Json(reference) => format!("`{reference}`"),
        }
    }
}

pub(super) fn responses<'d>(report: &mut Report<'d>, operation: &'d Node) {
    let mut first_success = None;
    let mut first_error = None;
    for (status, node) in operation.get("responses").into_iter().flat_map(Node::members) {
        if status.name.starts_with("x-") {
            continue;
        }
        let Some(response) = report.document.follow(node) else { continue };
        let body = body(report, status, response);
        let success = match status.name.as_bytes() {
            [b'2', ..] => true,
            // The client takes `default` for every error.
            [b'4' | b'5', ..] | b"default" => false,
            // Informational responses and redirections are not what the client waits for.
            _ => continue,
        };
        let first: &mut Option<(Body, Span, String)> =
            if success { &mut first_success } else { &mut first_error };
        match first {
            None => *first = Some((body, status.span, status.name.clone())),
            // The client reads what differs as any value.
            Some((first, _, _)) if *first == body || !report.house() => {}
            Some((first, span, name)) => {
                let what = if success { "success" } else { "error" };
                let finding = report
                    .finding(
                        if success { Rule::SuccessSchema } else { Rule::ErrorSchema },
                        status.span,
                        format!(
                            "the {what} {} has {}, but {name} has {}",
                            status.name,
                            body.name(),
                            first.name()
                        ),
                        format!(
                            "give all {what} responses of the operation one schema under \
                             `components/schemas`; a client decodes one {what} type per operation"
                        ),
                    )
                    .with_related(*span, format!("{name} is declared here"));
                report.push(finding);
            }
        }
    }
}

fn body(report: &mut Report<'_>, status: &Key, response: &Node) -> Body {
    let content = response.get("content").map(Node::members).unwrap_or_default();
    for (key, _) in content {
        let near = nearest(&key.name, ["application/json"]).filter(|near| *near != key.name);
        if near.is_some() {
            report.add(
                Rule::MediaType,
                key.span,
                format!("the media type `{}` looks misspelt", key.name),
                "did you mean `application/json`?",
            );
        }
    }
    let json = content.iter().find(|(key, _)| is_json(&key.name));
    let json = json.or_else(|| content.iter().find(|(key, _)| is_range(&key.name)));
    match json {
        None if content.is_empty() => Body::None,
        None => Body::Raw,
        Some((key, media)) => {
            let Some(schema) = media.get("schema") else {
                if report.house() {
                    report.add(
                        Rule::ResponseSchema,
                        key.span,
                        format!("the JSON body of {} has no schema", status.name),
                        "add `schema:` with a reference to one of `components/schemas`",
                    );
                }
                return Body::Json("{}".to_owned());
            };
            let reference = schema.get("$ref").and_then(Node::as_str);
            if reference.is_none() && report.house() {
                report.add(
                    Rule::ResponseSchema,
                    key.span,
                    format!("the schema of {} has no name", status.name),
                    "move it to `components/schemas` and refer to it",
                );
            }
            Body::Json(reference.map_or_else(|| schema.to_json().to_string(), str::to_owned))
        }
    }
}

pub(super) fn request<'d>(report: &mut Report<'d>, operation: &'d Node) {
    let Some(body) = operation.get("requestBody").and_then(|node| report.document.follow(node))
    else {
        return;
    };
    let content = body.get("content").map(Node::members).unwrap_or_default();
    for (media, node) in content {
        if report.house() && node.get("schema").is_none() {
            report.add(
                Rule::RequestBody,
                media.span,
                "the request body has no schema",
                "add `schema:` with a reference to one of `components/schemas`",
            );
        }
    }
}

/// Whether a range stands for all media types and thus for JSON.
fn is_range(name: &str) -> bool {
    matches!(name.split(';').next().unwrap_or_default().trim(), "*/*" | "application/*")
}
