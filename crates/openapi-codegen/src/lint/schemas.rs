//! Schemas: what would loosen a type in silence, and what a reader needs to find.

use std::collections::HashSet;

use serde_json::Value;

use super::objects::Object;
use super::operations::is_written;
use super::structure::{Visit, nearest};
use super::{Report, of_kind};
use crate::rule::Rule;
use crate::source::{Kind, Node, Span};

const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// The type that each assertion speaks of; on any other it says nothing.
const KEYWORD_TYPES: [(&str, &[&str]); 20] = [
    ("minLength", &["string"]),
    ("maxLength", &["string"]),
    ("pattern", &["string"]),
    ("x-extensible-enum", &["string"]),
    ("x-exempt-values", &["string"]),
    ("x-loggable", &["string"]),
    ("minimum", &["integer", "number"]),
    ("maximum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("multipleOf", &["integer", "number"]),
    ("items", &["array"]),
    ("minItems", &["array"]),
    ("maxItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("properties", &["object"]),
    ("additionalProperties", &["object"]),
    ("required", &["object"]),
    ("minProperties", &["object"]),
    ("maxProperties", &["object"]),
];

/// What narrows a string so far that it deserves a name.
const NARROWING: [&str; 7] =
    ["enum", "x-extensible-enum", "pattern", "minLength", "maxLength", "minimum", "maximum"];

/// The formats that the generated crates know, by type; any other is an annotation to them.
const FORMATS: [(&str, &[&str]); 3] = [
    (
        "string",
        &[
            "date-time",
            "date",
            "email",
            "uri",
            "uuid",
            "hostname",
            "ipv4",
            "ipv6",
            "byte",
            "binary",
            "password",
            "html",
        ],
    ),
    ("number", &["decimal", "float", "double"]),
    ("integer", &["int32", "int64"]),
];

const APPLICATORS: [&str; 4] = ["allOf", "anyOf", "oneOf", "not"];

pub(super) fn check<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
    for visit in of_kind(visits, Object::Schema) {
        let schema = Schema { visit, kind: visit.node.get("type").and_then(Node::as_str) };
        types(report, &schema);
        keywords(report, &schema);
        formats(report, &schema);
        bounds(report, &schema);
        enums(report, &schema);
        if report.house() {
            names(report, &schema);
            closed_object(report, &schema);
            prose(report, &schema);
            required(report, &schema);
            precision(report, &schema);
        }
        forbidden(report, &schema);
        loggable(report, &schema);
    }
    if report.house() {
        shared_constraints(report, visits);
    }
}

struct Schema<'v, 'd> {
    visit: &'v Visit<'d>,
    kind: Option<&'d str>,
}

impl<'d> Schema<'_, 'd> {
    fn get(&self, name: &str) -> Option<&'d Node> {
        self.visit.node.get(name)
    }

    /// The place of a key, for findings about its value.
    fn key(&self, name: &str) -> Span {
        self.visit.node.key(name).map_or(self.visit.span, |key| key.span)
    }

    fn is_set(&self, name: &str) -> bool {
        self.get(name).and_then(Node::as_bool) == Some(true)
    }

    /// Whether it stands directly under `components/schemas`.
    fn is_named(&self) -> bool {
        self.parent("/components/schemas").is_some_and(|name| !name.contains('/'))
    }

    /// Whether it is the schema of a member.
    fn is_property(&self) -> bool {
        self.visit.pointer.rsplit('/').nth(1) == Some("properties")
    }

    fn parent(&self, prefix: &str) -> Option<&str> {
        self.visit.pointer.strip_prefix(prefix)?.strip_prefix('/')
    }
}

fn types(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if let Some(kind) = schema.kind
        && !TYPES.contains(&kind)
    {
        let near = nearest(kind, TYPES);
        report.add(
            Rule::SchemaType,
            schema.key("type"),
            format!("`{kind}` is not a type of OpenAPI 3.0"),
            near.map_or_else(
                || format!("use one of: {}; null is said by `nullable: true`", TYPES.join(", ")),
                |near| format!("did you mean `{near}`?"),
            ),
        );
    }
    if schema.kind == Some("array") && schema.get("items").is_none() {
        report.add(
            Rule::ArrayItems,
            schema.visit.span,
            "an array needs `items`",
            "say what the array holds; without it every item is taken for any value",
        );
    }
    let combines = APPLICATORS.iter().any(|name| schema.get(name).is_some());
    if schema.get("type").is_none() {
        let assertions =
            KEYWORD_TYPES.iter().map(|(keyword, _)| *keyword).chain(["enum", "format"]);
        for keyword in assertions.filter(|keyword| schema.get(keyword).is_some()) {
            let kinds = KEYWORD_TYPES
                .iter()
                .find(|(name, _)| *name == keyword)
                .map_or("string", |(_, kinds)| kinds[0]);
            // A list of required members may stand beside `allOf`, whose parts have the type.
            if !(combines && matches!(keyword, "required" | "properties")) {
                report.add(
                    Rule::UntypedSchema,
                    schema.key(keyword),
                    format!("`{keyword}` has no `type` beside it, so the client takes any value"),
                    format!("add `type: {kinds}`, or whichever type is meant"),
                );
            }
        }
        if report.house() && schema.is_set("nullable") {
            // OpenAPI 3.0.3, section 4.7.24.1: it only adds to a type that the same schema names.
            report.add(
                Rule::NullableWithoutType,
                schema.key("nullable"),
                "`nullable` has no effect without `type` in the same schema",
                "put `nullable: true` beside the `type` that may be null: in the schema that is referred to, \
                 or in one branch",
            );
        }
        let is_empty = !KEYWORD_TYPES.iter().any(|(keyword, _)| schema.get(keyword).is_some());
        if report.house() && is_empty && !combines && !schema.is_named() {
            report.add(
                Rule::UntypedSchema,
                schema.visit.span,
                "this schema has no type, so the client takes any value",
                "add `type:`; where any JSON value is meant, give it a name under `components/schemas`",
            );
        }
    }
}

fn keywords(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    for (keyword, kinds) in KEYWORD_TYPES {
        let Some(kind) = schema.kind else { break };
        if schema.get(keyword).is_some() && !kinds.contains(&kind) && TYPES.contains(&kind) {
            report.add(
                Rule::KeywordType,
                schema.key(keyword),
                format!("`{keyword}` says nothing about type `{kind}`"),
                format!("remove it, or change the type to {}", kinds.join(" or ")),
            );
        }
    }
    let exempts = schema.get("x-exempt-values").is_some();
    if exempts
        && !["format", "pattern", "minLength", "maxLength"]
            .iter()
            .any(|name| schema.get(name).is_some())
    {
        report.add(
            Rule::ExemptValues,
            schema.key("x-exempt-values"),
            "there is no rule that these values could be exempt from",
            "remove it, or add the `format`, `pattern` or length that was meant",
        );
    }
}

/// A format that is misspelt takes type and check away in silence, `password` the secrecy.
fn formats(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let (Some(kind), Some(format)) = (schema.kind, schema.get("format")) else { return };
    let text = format.as_str().unwrap_or_default();
    let known = FORMATS.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, known)| known);
    if known.contains(&text) {
        return;
    }
    let near = nearest(text, known.iter().copied());
    let elsewhere = FORMATS.iter().find(|(_, known)| known.contains(&text));
    if near.is_none() && elsewhere.is_none() && !report.house() {
        return;
    }
    let help = match (near, elsewhere) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some((kind, _))) => format!("`{text}` is a format of `type: {kind}`"),
        (None, None) if known.is_empty() => "remove it".to_owned(),
        (None, None) => format!("use one of: {}; or remove it", known.join(", ")),
    };
    report.add(
        Rule::Format,
        format.span,
        format!("`{text}` is not a known format of type `{kind}`"),
        help,
    );
}

fn bounds(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let range = match schema.get("format").and_then(Node::as_str) {
        Some("int32") => i64::from(i32::MIN)..=i64::from(i32::MAX),
        _ => i64::MIN..=i64::MAX,
    };
    for keyword in ["minimum", "maximum"] {
        if let (Some("integer"), Some(node)) = (schema.kind, schema.get(keyword))
            && let Kind::Number(bound) = &node.kind
            && !bound.as_i64().is_some_and(|bound| range.contains(&bound))
        {
            report.add(
                Rule::Bounds,
                node.span,
                format!("`{keyword}` is not a number that the format can hold"),
                "write a whole number within the range of `int32` or `int64`",
            );
        }
    }
    let pairs = [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ];
    for (low, high) in pairs {
        let number = |name| match schema.get(name).map(|node| &node.kind) {
            Some(Kind::Number(number)) => number.as_f64(),
            _ => None,
        };
        if let (Some(least), Some(most)) = (number(low), number(high))
            && least > most
        {
            let finding = report
                .finding(
                    Rule::Bounds,
                    schema.key(high),
                    format!("`{high}` is below `{low}`, so no value fits"),
                    "correct one of the two",
                )
                .with_related(schema.key(low), format!("`{low}` is here"));
            report.push(finding);
        }
    }
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if schema.is_set(exclusive) && schema.get(bound).is_none() {
            report.add(
                Rule::Bounds,
                schema.key(exclusive),
                format!("`{exclusive}` has no `{bound}` to exclude"),
                format!("add `{bound}:`; in OpenAPI 3.0 `{exclusive}` only says how that is meant"),
            );
        }
    }
    if let Some(multiple) = schema.get("multipleOf")
        && matches!(&multiple.kind, Kind::Number(number) if number.as_f64().is_none_or(|value| value <= 0.0))
    {
        report.add(
            Rule::Bounds,
            multiple.span,
            "`multipleOf` must be above 0",
            "write a positive number",
        );
    }
}

fn enums(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    for keyword in ["enum", "x-extensible-enum", "x-exempt-values", "x-forbidden-properties"] {
        let Some(list) = schema.get(keyword) else { continue };
        if list.items().is_empty() {
            report.add(
                Rule::Enum,
                schema.key(keyword),
                format!("`{keyword}` lists nothing"),
                "list at least one value",
            );
        }
        let mut seen: Vec<Value> = Vec::new();
        for item in list.items() {
            let value = item.to_json();
            if seen.contains(&value) {
                report.add(
                    Rule::Enum,
                    item.span,
                    "this value is listed twice",
                    "remove one of the two",
                );
            }
            if keyword == "enum" && !fits(schema, &value) {
                report.add(
                    Rule::Enum,
                    item.span,
                    format!("{value} is not of type `{}`", schema.kind.unwrap_or_default()),
                    "write a value of the type; YAML reads `NULL`, `no` and `1` as something else than strings, \
                     so quote them",
                );
            }
            seen.push(value);
        }
    }
    if schema.get("enum").is_some() && schema.get("x-extensible-enum").is_some() {
        report.add(
            Rule::Enum,
            schema.key("x-extensible-enum"),
            "an enum is either open or closed",
            "keep `x-extensible-enum` if other values may come, `enum` if they may not",
        );
    }
    if report.house() {
        enum_forms(report, schema);
    }
}

fn fits(schema: &Schema<'_, '_>, value: &Value) -> bool {
    match schema.kind {
        Some("string") => value.is_string() || (value.is_null() && schema.is_set("nullable")),
        Some("integer" | "number") => {
            value.is_number() || (value.is_null() && schema.is_set("nullable"))
        }
        Some("boolean") => value.is_boolean(),
        _ => true,
    }
}

fn enum_forms(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.get("enum").is_some() && schema.kind != Some("string") {
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

fn names(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.is_named() {
        return;
    }
    let narrowed = NARROWING.iter().find(|name| schema.get(name).is_some());
    if let (Some(keyword), Some("string")) = (narrowed, schema.kind) {
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
    if schema.kind == Some("object") && schema.get("properties").is_some() {
        report.add(
            Rule::InlineObject,
            schema.key("properties"),
            "an object without a name gets a mechanical one in the client",
            "move the schema to `components/schemas` and refer to it",
        );
    }
}

fn prose(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
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
fn closed_object(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.get("additionalProperties").and_then(Node::as_bool) == Some(false) {
        report.add(
            Rule::ClosedObject,
            schema.key("additionalProperties"),
            "an object that takes no further members breaks with the next one that the server adds",
            "remove it; undocumented members are reported as drift anyway",
        );
    }
}

/// What a request is held to would also be demanded of replies, or be dropped for both.
fn shared_constraints<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
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
                format!("`{}` constrains requests and replies at once", key.name),
                "give the reply a schema of its own, with what a reply is known to keep to",
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

fn required(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
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

fn precision(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if schema.kind == Some("number") && schema.get("format").is_none() {
        report.add(
            Rule::NumberFormat,
            schema.key("type"),
            "a number without a format loses digits in the client",
            "add `format: decimal` for money and rates, `double` where digits may be lost",
        );
    }
    if schema.kind == Some("integer") && schema.get("format").is_none() {
        report.add(
            Rule::NumberFormat,
            schema.key("type"),
            "an integer without a format has no width in the client",
            "add `format: int32` or `format: int64`",
        );
    }
}

/// What redeems a reward, or tells of a person by its very format, has no place in a log.
fn loggable(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let format = schema.get("format").and_then(Node::as_str).unwrap_or_default();
    if schema.is_set("x-loggable") && ["password", "html", "email"].contains(&format) {
        report.add(
            Rule::Loggable,
            schema.key("x-loggable"),
            format!("text of the format `{format}` must not stand in logs"),
            "remove `x-loggable`; without it the client prints no text",
        );
    }
}

/// What a schema forbids at any depth must not be declared at any depth, and neither may a secret.
fn forbidden<'d>(report: &mut Report<'d>, schema: &Schema<'_, 'd>) {
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
