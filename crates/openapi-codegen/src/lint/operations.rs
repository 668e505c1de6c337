//! Operations, their parameters and their responses.

mod bodies;
mod parameters;

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;

use super::structure::{Visit, nearest};
use super::{Report, of_kind};
use crate::rule::Rule;
use crate::source::{Key, Node, Span};
use crate::vocabulary::Object;

pub(super) fn check<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
    let document = report.document;
    let mut ids = HashMap::new();
    let mut templates = HashMap::new();
    for (path, _) in document.root.get("paths").into_iter().flat_map(Node::members) {
        template(report, path, &mut templates);
    }
    let mut seen = HashSet::new();
    for operation in document.operations() {
        // A path item that is a reference has the operations of another.
        if seen.insert(std::ptr::from_ref(operation.node)) {
            id(report, operation.method, operation.node, &mut ids);
        }
        parameters::check(report, operation);
        bodies::responses(report, operation.node);
        bodies::request(report, operation.node);
        if report.house() {
            prose(report, operation.method, operation.node);
            tags(report, operation.node);
        }
    }
    security(report, visits);
    if report.house() {
        for object in
            [Object::Parameter, Object::Response, Object::Header, Object::Tag, Object::Server]
        {
            for visit in of_kind(visits, object) {
                described(report, visit);
            }
        }
    }
}

fn template(report: &mut Report<'_>, path: &Key, templates: &mut HashMap<String, Span>) {
    let mut shape = String::new();
    for part in path.name.split_inclusive(['{', '}']) {
        // What stands before a closing brace is a name, which tells no paths apart.
        shape.push_str(if part.ends_with('}') { "}" } else { part });
    }
    if path.name.matches('{').count() != path.name.matches('}').count() {
        report.add(
            Rule::Path,
            path.span,
            format!("a brace of `{}` has no partner", path.name),
            "write each parameter as `{name}`",
        );
    }
    if let Some(first) = templates.insert(shape, path.span) {
        let finding = report
            .finding(
                Rule::AmbiguousPath,
                path.span,
                format!("`{}` matches the same requests as another path", path.name),
                "merge the two path items, or change one path; parameter names do not tell paths apart",
            )
            .with_related(first, "the other path");
        report.push(finding);
    }
    if path.name.contains(char::is_whitespace) {
        report.add(
            Rule::Path,
            path.span,
            "a path holds no blanks",
            "remove the blank; one that is meant is written `%20`",
        );
    }
}

fn id<'d>(
    report: &mut Report<'d>,
    method: &Key,
    operation: &'d Node,
    ids: &mut HashMap<&'d str, Span>,
) {
    let Some(id) = operation.get("operationId").filter(|id| id.as_str().is_some()) else {
        if report.house() {
            report.add(
                Rule::OperationId,
                method.span,
                "this operation has no `operationId`",
                "add a unique one in snake case, such as `get_order`; methods and samples are named after it",
            );
        }
        return;
    };
    let text = id.as_str().unwrap_or_default();
    let name = text.to_snake_case();
    if report.house() && name != text {
        report.add(
            Rule::OperationId,
            id.span,
            format!("`{text}` is not in snake case"),
            format!(
                "write `{}`; methods and samples are named after it",
                if name.is_empty() { "get_order" } else { &name }
            ),
        );
    }
    if let Some(first) = ids.insert(text, id.span) {
        let finding = report
            .finding(
                Rule::OperationId,
                id.span,
                format!("two operations are called `{text}`"),
                "rename one; methods are named after it",
            )
            .with_related(first, "the first one");
        report.push(finding);
    }
}

fn prose(report: &mut Report<'_>, method: &Key, operation: &Node) {
    for key in ["summary", "description"] {
        if !operation.get(key).is_some_and(is_written) {
            report.add(
                Rule::MissingDescription,
                method.span,
                format!("this operation has no `{key}`"),
                format!("add `{key}:`; it becomes the documentation of the generated method"),
            );
        }
    }
}

fn described(report: &mut Report<'_>, visit: &Visit<'_>) {
    if !visit.node.get("description").is_some_and(is_written) {
        report.add(
            Rule::MissingDescription,
            visit.span,
            format!("{} has no description", visit.object.name()),
            "say in `description:` what it means, for a reader who has nothing but this file",
        );
    }
}

/// Whether a text says anything.
pub(super) fn is_written(node: &Node) -> bool {
    node.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn tags(report: &mut Report<'_>, operation: &Node) {
    let document = report.document;
    let declared: Vec<&str> = document
        .root
        .get("tags")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|tag| tag.get("name")?.as_str())
        .collect();
    let used = operation.get("tags");
    if used.is_none_or(|tags| tags.items().is_empty()) {
        let span = operation.key("operationId").map_or(operation.span, |key| key.span);
        report.add(
            Rule::Tag,
            span,
            "this operation has no tag",
            match declared.as_slice() {
                [] => "declare one under the top-level `tags`, and add it here".to_owned(),
                declared => format!("add one of: {}", declared.join(", ")),
            },
        );
    }
    for tag in used.into_iter().flat_map(Node::items) {
        let text = tag.as_str().unwrap_or_default();
        if !declared.contains(&text) {
            report.add(
                Rule::Tag,
                tag.span,
                format!("the tag `{text}` is not declared"),
                format!(
                    "declare it under the top-level `tags`, or use one of: {}",
                    declared.join(", ")
                ),
            );
        }
    }
}

fn security(report: &mut Report<'_>, visits: &[Visit<'_>]) {
    let document = report.document;
    let schemes = document.root.pointer("/components/securitySchemes");
    let names: Vec<&str> =
        schemes.into_iter().flat_map(Node::members).map(|(key, _)| key.name.as_str()).collect();
    let holders = of_kind(visits, Object::OpenApi).chain(of_kind(visits, Object::Operation));
    for (scheme, _) in holders
        .filter_map(|visit| visit.node.get("security"))
        .flat_map(Node::items)
        .flat_map(Node::members)
    {
        if !names.contains(&scheme.name.as_str()) {
            let near = nearest(&scheme.name, names.iter().copied());
            report.add(
                Rule::SecurityScheme,
                scheme.span,
                format!("there is no security scheme `{}`", scheme.name),
                near.map_or_else(
                    || "declare it under `components/securitySchemes`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            );
        }
    }
}
