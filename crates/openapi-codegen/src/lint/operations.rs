//! Operations, their parameters and their responses.

use std::collections::{BTreeMap, HashMap};

use heck::ToSnakeCase;

use super::objects::Object;
use super::structure::{Visit, nearest};
use super::{Report, of_kind};
use crate::rule::Rule;
use crate::source::{Key, Node, Operation, Span};
use crate::vocabulary::is_json;

pub(super) fn check<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
    let document = report.document;
    let mut ids = HashMap::new();
    let mut templates = HashMap::new();
    for (path, _) in document.root.get("paths").into_iter().flat_map(Node::members) {
        template(report, path, &mut templates);
    }
    for operation in document.operations() {
        id(report, operation.method, operation.node, &mut ids);
        parameters(report, operation);
        responses(report, operation.node);
        request_body(report, operation.node);
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
    ids: &mut HashMap<String, Span>,
) {
    let Some(id) = operation.get("operationId").filter(|id| id.as_str().is_some()) else {
        return report.add(
            Rule::OperationId,
            method.span,
            "this operation has no `operationId`",
            "add a unique one in snake case, such as `get_order`; methods and samples are named after it",
        );
    };
    let text = id.as_str().unwrap_or_default();
    let name = text.to_snake_case();
    if name.is_empty() || (report.house() && name != text) {
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
    if let Some(first) = ids.insert(name, id.span) {
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

fn parameters<'d>(report: &mut Report<'d>, operation: Operation<'d>) {
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
    for (((name, _), _), ((again, _), (span, _))) in declared.iter().zip(declared.iter().skip(1)) {
        if name == again {
            report.add(
                Rule::Parameter,
                *span,
                format!("two parameters are called `{name}`, which the generated method cannot tell apart"),
                "rename one of the two",
            );
        }
    }
    for ((name, place), (span, parameter)) in &declared {
        parameter_form(report, name, place, *span, parameter);
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

fn parameter_form(report: &mut Report<'_>, name: &str, place: &str, span: Span, parameter: &Node) {
    let style = parameter.get("style").and_then(Node::as_str);
    let expected = match place {
        "path" | "header" => "simple",
        "query" => "form",
        _ => {
            let near = nearest(place, ["path", "query", "header"]);
            let span = parameter.get("in").map_or(span, |node| node.span);
            return report.add(
                Rule::Parameter,
                span,
                format!("`{place}` is not a place that the client can send a parameter in"),
                near.map_or_else(
                    || "use `path`, `query` or `header`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            );
        }
    };
    let document = report.document;
    let mut add = |message: String, help: &str| report.add(Rule::Parameter, span, message, help);
    let schema = parameter.get("schema").and_then(|schema| document.follow(schema));
    let text = |key| schema.and_then(|schema| schema.get(key)).and_then(Node::as_str);
    if place != "query" && matches!(text("type"), Some("array" | "object")) {
        add(
            format!("`{name}` is a list or an object, which has no place in a {place}"),
            "send it in the query, or declare the text that is sent",
        );
    }
    if matches!(text("format"), Some("password" | "html")) {
        add(
            format!("`{name}` is secret or HTML, which has no place in a URL or a header"),
            "remove the format, or send it in the body",
        );
    }
    if style.is_some_and(|style| style != expected) {
        add(
            format!("`{name}` has a style that the generated client cannot send"),
            "remove `style`; path and header parameters are `simple`, query parameters `form`",
        );
    }
    if place == "query" && parameter.get("explode").and_then(Node::as_bool) == Some(false) {
        add(
            format!("`{name}` is not exploded, which the generated client cannot send"),
            "remove `explode: false`; a list repeats the parameter's name",
        );
    }
    if parameter.get("schema").is_none() {
        add(
            format!("`{name}` has no schema"),
            "add `schema:`; `content` is not supported for parameters",
        );
    }
    if place == "path" && parameter.get("required").and_then(Node::as_bool) != Some(true) {
        add(format!("the path parameter `{name}` is not required"), "add `required: true`");
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

fn responses<'d>(report: &mut Report<'d>, operation: &'d Node) {
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
            // The client takes neither informational replies nor redirections for a reply.
            _ => continue,
        };
        let first: &mut Option<(Body, Span, String)> =
            if success { &mut first_success } else { &mut first_error };
        match first {
            None => *first = Some((body, status.span, status.name.clone())),
            Some((first, _, _)) if *first == body => {}
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
    let plain = content.iter().find(|(key, _)| key.name.starts_with("application/json"));
    let json = plain.or_else(|| content.iter().find(|(key, _)| is_json(&key.name)));
    match json {
        None if content.is_empty() => Body::None,
        None => Body::Raw,
        Some((key, media)) => {
            let Some(schema) = media.get("schema") else {
                report.add(
                    Rule::ResponseSchema,
                    key.span,
                    format!("the JSON body of {} has no schema", status.name),
                    "add `schema:` with a reference to one of `components/schemas`",
                );
                return Body::Raw;
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

/// The media types of request bodies that progenitor knows.
const BODIES: [&str; 4] = [
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/plain",
];

fn request_body<'d>(report: &mut Report<'d>, operation: &'d Node) {
    let Some((key, node)) = operation.members().iter().find(|(key, _)| key.name == "requestBody")
    else {
        return;
    };
    let Some(body) = report.document.follow(node) else { return };
    let content = body.get("content").map(Node::members).unwrap_or_default();
    if content.len() > 1 {
        report.add(
            Rule::RequestBody,
            key.span,
            "the request body has more than one media type",
            "keep the one that the client is to send",
        );
    }
    for (media, node) in content {
        if !BODIES.contains(&media.name.as_str()) {
            report.add(
                Rule::RequestBody,
                media.span,
                format!("the client cannot send `{}`", media.name),
                format!("use one of: {}", BODIES.join(", ")),
            );
        }
        if node.get("schema").is_none() {
            report.add(
                Rule::RequestBody,
                media.span,
                "the request body has no schema",
                "add `schema:` with a reference to one of `components/schemas`",
            );
        }
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
            format!("add one of: {}", declared.join(", ")),
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
