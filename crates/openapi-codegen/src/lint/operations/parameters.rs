//! Parameters of operations.

use std::collections::{BTreeMap, HashMap};

use crate::lint::Report;
use crate::lint::structure::nearest;
use crate::rule::Rule;
use crate::source::{Node, Operation, Span};
use crate::vocabulary::Format;

pub(super) fn check<'d>(report: &mut Report<'d>, operation: Operation<'d>) {
    let Operation { path, item, method, node: operation } = operation;
    let lists = [item.get("parameters"), operation.get("parameters")];
    let mut declared: BTreeMap<(&str, &str), (Span, &'d Node)> = BTreeMap::new();
    for list in lists.into_iter().flatten() {
        let mut here = HashMap::new();
        for node in list.items() {
            let Some(parameter) = report.document.follow(node) else { continue };
            let text = |key| parameter.get(key).and_then(Node::as_str).unwrap_or_default();
            let (name, place) = (text("name"), text("in"));
            if let Some(first) = here.insert((name, place), node.span) {
                let finding = report
                    .finding(
                        Rule::Parameter,
                        node.span,
                        format!("the {place} parameter `{name}` is declared twice"),
                        "keep one of the two",
                    )
                    .with_related(first, "declared here first");
                report.push(finding);
            }
            declared.insert((name, place), (node.span, parameter));
        }
    }
    for ((name, place), (span, parameter)) in &declared {
        form(report, name, place, *span, parameter);
        secret(report, name, *span, parameter);
        if *place == "path" && !path.name.contains(&format!("{{{name}}}")) {
            report.add(
                Rule::PathParameter,
                *span,
                format!("`{}` has no place for the path parameter `{name}`", path.name),
                format!("put `{{{name}}}` into the path, or remove the parameter"),
            );
        }
    }
    for name in placeholders(&path.name) {
        if !declared.contains_key(&(name, "path")) {
            let near = nearest(
                name,
                declared.keys().filter(|(_, place)| *place == "path").map(|(name, _)| *name),
            );
            report.add(
                Rule::PathParameter,
                method.span,
                format!("the path's `{{{name}}}` is not declared by this operation"),
                near.map_or_else(
                    || {
                        "declare it under `parameters` with `in: path` and `required: true`"
                            .to_owned()
                    },
                    |near| format!("did you mean `{near}`?"),
                ),
            );
        }
    }
    exclusive(report, operation, &declared);
}

fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// What OpenAPI asks of a parameter (3.0.3, section 4.7.12).
fn form(report: &mut Report<'_>, name: &str, place: &str, span: Span, parameter: &Node) {
    const STYLES: [(&str, &[&str]); 4] = [
        ("path", &["simple", "label", "matrix"]),
        ("query", &["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
        ("header", &["simple"]),
        ("cookie", &["form"]),
    ];
    let Some((_, styles)) = STYLES.iter().find(|(known, _)| *known == place) else {
        let near = nearest(place, STYLES.map(|(place, _)| place));
        return report.add(
            Rule::Parameter,
            parameter.get("in").map_or(span, |node| node.span),
            format!("`{place}` is not a place of a parameter"),
            near.map_or_else(
                || "use `path`, `query`, `header` or `cookie`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            ),
        );
    };
    let mut add = |message: String, help: &str| report.add(Rule::Parameter, span, message, help);
    let style = parameter.get("style");
    if let Some(style) = style.and_then(Node::as_str).filter(|style| !styles.contains(style)) {
        add(
            format!("`{name}` has the style `{style}`, which a {place} does not have"),
            &format!("use one of: {}", styles.join(", ")),
        );
    }
    if place == "path" && parameter.get("required").and_then(Node::as_bool) != Some(true) {
        add(format!("the path parameter `{name}` is not required"), "add `required: true`");
    }
    match (parameter.get("schema"), parameter.get("content")) {
        (None, None) => add(format!("`{name}` has no schema"), "add `schema:`"),
        (Some(_), Some(_)) => add(
            format!("`{name}` has both `schema` and `content`"),
            "keep `schema` for plain values, `content` for text of a media type",
        ),
        (None, Some(content)) if content.members().len() != 1 => add(
            format!("the `content` of `{name}` does not have one media type"),
            "keep the one that is sent",
        ),
        _ => {}
    }
}

/// What the house rules say of secrets: URLs and headers are logged on their way.
fn secret(report: &mut Report<'_>, name: &str, span: Span, parameter: &Node) {
    let document = report.document;
    let schema = parameter.get("schema").and_then(|schema| document.follow(schema));
    let format = schema.and_then(|schema| schema.get("format")?.as_str());
    if report.house() && format.and_then(Format::from_name).is_some_and(Format::is_secret) {
        report.add(
            Rule::ClientParameter,
            span,
            format!("`{name}` is secret or HTML, which has no place in a URL or a header"),
            "remove the format, or send it in the body",
        );
    }
}

fn exclusive(
    report: &mut Report<'_>,
    operation: &Node,
    declared: &BTreeMap<(&str, &str), (Span, &Node)>,
) {
    for group in operation.get("x-mutually-exclusive").into_iter().flat_map(Node::items) {
        if group.items().len() < 2 {
            report.add(
                Rule::MutuallyExclusive,
                group.span,
                "a group of one parameter excludes nothing",
                "name at least two parameters",
            );
        }
        for name in group.items() {
            let text = name.as_str().unwrap_or_default();
            let parameter = declared.iter().find(|((declared, _), _)| *declared == text);
            let Some((_, (span, parameter))) = parameter else {
                let near = nearest(text, declared.keys().map(|(name, _)| *name));
                report.add(
                    Rule::MutuallyExclusive,
                    name.span,
                    format!("`{text}` is not a parameter of this operation"),
                    near.map_or_else(
                        || "name parameters of this operation".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    ),
                );
                continue;
            };
            if parameter.get("required").and_then(Node::as_bool) == Some(true) {
                let finding = report
                    .finding(
                        Rule::MutuallyExclusive,
                        name.span,
                        format!("`{text}` is required, so nothing can be sent instead of it"),
                        "make the parameter optional, or take it out of the group",
                    )
                    .with_related(*span, "required here");
                report.push(finding);
            }
        }
    }
}
