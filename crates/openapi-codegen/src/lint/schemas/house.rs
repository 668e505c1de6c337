//! What this project asks of its own schemas.

use std::collections::HashSet;

use super::{NARROWING, Schema};
use crate::lint::operations::is_written;
use crate::lint::structure::{Visit, nearest};
use crate::lint::{Report, of_kind};
use crate::rule::Rule;
use crate::source::Node;
use crate::vocabulary::{Object, Type};

pub(super) fn enum_forms(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.get("enum").is_some() && schema.kind != Some(Type::String) {
        report.add(
            Rule::EnumType,
            schema.key("enum"),
            "progenitor generates code that does not compile for an enum of anything but strings",
            "add `type: string`, or use `minimum` and `maximum`",
        );
    }
    for keyword in ["anyOf", "oneOf"] {
        let branches = schema.get(keyword).map(Node::items).unwrap_or_default();
        let resolved: Vec<&Node> =
            branches.iter().filter_map(|node| report.document.follow(node)).collect();
        let is_string = |node: &Node| node.get("type").and_then(Node::as_str) == Some("string");
        let closed = resolved.iter().any(|node| is_string(node) && node.get("enum").is_some());
        let open = resolved.iter().any(|node| is_string(node) && node.get("enum").is_none());
        if closed && open {
            report.add(
                Rule::OpenEnum,
                schema.key(keyword),
                "an enum beside any other string becomes a wrong type in the client",
                "write one `type: string` with `x-extensible-enum` that lists the known values",
            );
        }
    }
}

pub(super) fn names(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.is_named() {
        return;
    }
    let narrowed = NARROWING.iter().find(|name| schema.get(name).is_some());
    if let (Some(keyword), Some(Type::String)) = (narrowed, schema.kind) {
        let (rule, what) = if keyword.ends_with("enum") {
            (Rule::InlineEnum, "an enum")
        } else {
            (Rule::InlineConstraint, "a constrained string")
        };
        report.add(
            rule,
            schema.key(keyword),
            format!("{what} without a name gets a mechanical one in the client"),
            "move the schema to `components/schemas` and refer to it",
        );
    }
    if schema.kind == Some(Type::Object) && schema.get("properties").is_some() {
        report.add(
            Rule::InlineObject,
            schema.key("properties"),
            "an object without a name gets a mechanical one in the client",
            "move the schema to `components/schemas` and refer to it",
        );
    }
}

pub(super) fn prose(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let named = schema.is_named();
    if (named || schema.is_property()) && !schema.get("description").is_some_and(is_written) {
        report.add(
            Rule::MissingDescription,
            schema.visit.span,
            if named {
                "this schema has no description"
            } else {
                "this property has no description"
            },
            "say in `description:` what it means, for a reader who has nothing but this file",
        );
    }
    if named && schema.get("example").is_none() {
        report.add(
            Rule::MissingExample,
            schema.visit.span,
            "this schema has no example",
            "add `example:` with a value that is plausible and obviously made up",
        );
    }
}

/// The vendor adds members at any time, so nothing that it sends may be closed.
pub(super) fn closed_object(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.get("additionalProperties").and_then(Node::as_bool) == Some(false) {
        report.add(
            Rule::ClosedObject,
            schema.key("additionalProperties"),
            "an object that takes no further members breaks with the next one that the server adds",
            "remove it; undocumented members are reported as drift anyway",
        );
    }
}

/// What a request is held to would also be demanded of responses, or be dropped for both.
pub(super) fn shared_constraints<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
    let parameters =
        of_kind(visits, Object::Parameter).filter_map(|visit| visit.node.get("schema"));
    let sent = reach(report, parameters);
    let responses = of_kind(visits, Object::Response).filter_map(|visit| visit.node.get("content"));
    let media = responses.flat_map(Node::members).filter_map(|(_, media)| media.get("schema"));
    let received = reach(report, media);
    let schemas = report.document.root.pointer("/components/schemas");
    for (key, node) in schemas.into_iter().flat_map(Node::members) {
        let constrained = NARROWING.iter().any(|keyword| node.get(keyword).is_some());
        let address: *const Node = node;
        if constrained && sent.contains(&address) && received.contains(&address) {
            report.add(
                Rule::SharedConstraint,
                key.span,
                format!("`{}` constrains requests and responses at once", key.name),
                "give the response a schema of its own, with what responses are known to obey",
            );
        }
    }
}

/// Every schema that can be reached from some.
fn reach<'d>(report: &Report<'d>, from: impl Iterator<Item = &'d Node>) -> HashSet<*const Node> {
    let mut seen = HashSet::new();
    let mut open: Vec<&Node> = from.collect();
    while let Some(node) = open.pop() {
        let Some(node) = report.document.follow(node) else { continue };
        if seen.insert(std::ptr::from_ref(node)) {
            open.extend(node.subschemas());
        }
    }
    seen
}

pub(super) fn required(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let properties = schema.get("properties").map(Node::members).unwrap_or_default();
    for name in schema.get("required").into_iter().flat_map(Node::items) {
        let text = name.as_str().unwrap_or_default();
        if !properties.iter().any(|(key, _)| key.name == text) && schema.get("allOf").is_none() {
            let near = nearest(text, properties.iter().map(|(key, _)| key.name.as_str()));
            report.add(
                Rule::Required,
                name.span,
                format!("`{text}` is required but not one of the properties"),
                near.map_or_else(
                    || "declare it under `properties`, or remove it here".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            );
        }
    }
}

pub(super) fn precision(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.kind == Some(Type::Number) && schema.get("format").is_none() {
        report.add(
            Rule::NumberFormat,
            schema.key("type"),
            "a number without a format loses digits in the client",
            "add `format: decimal` for money and rates, `double` where digits may be lost",
        );
    }
    if schema.kind == Some(Type::Integer) && schema.get("format").is_none() {
        report.add(
            Rule::NumberFormat,
            schema.key("type"),
            "an integer without a format has no width in the client",
            "add `format: int32` or `format: int64`",
        );
    }
}
