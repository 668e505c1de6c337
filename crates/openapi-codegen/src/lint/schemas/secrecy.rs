//! What must not be printed, and what must not be there.

use std::collections::HashSet;

use super::Schema;
use crate::lint::Report;
use crate::rule::Rule;
use crate::source::Node;
use crate::vocabulary::Format;

/// What redeems a reward, or tells of a person by its very format, has no place in a log.
pub(super) fn loggable(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let format = schema.get("format").and_then(Node::as_str).and_then(Format::from_name);
    if schema.is_set("x-loggable")
        && let Some(format) = format.filter(|format| format.is_secret() || *format == Format::Email)
    {
        report.add(
            Rule::Loggable,
            schema.key("x-loggable"),
            format!("text of the format `{}` must not stand in logs", format.name()),
            "remove `x-loggable`; without it the client prints no text",
        );
    }
}

/// What a schema forbids at any depth must not be declared at any depth, and neither may a secret.
pub(super) fn forbidden<'d>(report: &mut Report<'d>, schema: &Schema<'_, 'd>) {
    let Some(list) = schema.get("x-forbidden-properties") else { return };
    let names: Vec<&str> = list.items().iter().filter_map(Node::as_str).collect();
    let promise = schema.key("x-forbidden-properties");
    let mut seen: HashSet<*const Node> = HashSet::new();
    let mut open = vec![schema.visit.node];
    while let Some(node) = open.pop() {
        let Some(node) = report.document.follow(node) else { continue };
        if !seen.insert(node) {
            continue;
        }
        if node.get("format").and_then(Node::as_str) == Some("password") {
            let span = node.key("format").map_or(node.span, |key| key.span);
            let finding = report
                .finding(
                    Rule::ForbiddenProperty,
                    span,
                    "a secret is within reach of a schema that promises to carry none",
                    "remove the member that leads here, or the promise",
                )
                .with_related(promise, "the promise");
            report.push(finding);
        }
        for (key, _) in node.get("properties").into_iter().flat_map(Node::members) {
            if names.contains(&key.name.as_str()) {
                let finding = report
                    .finding(
                        Rule::ForbiddenProperty,
                        key.span,
                        format!("`{}` is declared within a schema that forbids it", key.name),
                        "remove the property, or take it off the list",
                    )
                    .with_related(promise, "forbidden here");
                report.push(finding);
            }
        }
        open.extend(node.subschemas());
    }
}
