//! Types, and the keywords and formats that belong to them.

use super::Schema;
use crate::lint::Report;
use crate::lint::structure::nearest;
use crate::rule::Rule;
use crate::vocabulary::{Format, KEYWORDS, Keyword, Type};

pub(super) fn types(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    if let (None, Some(node)) = (schema.kind, schema.get("type")) {
        let text = node.as_str().unwrap_or_default();
        let names = Type::ALL.map(Type::name);
        report.add(
            Rule::SchemaType,
            schema.key("type"),
            format!("`{text}` is not a type of OpenAPI 3.0"),
            nearest(text, names).map_or_else(
                || format!("use one of: {}; null is said by `nullable: true`", names.join(", ")),
                |near| format!("did you mean `{near}`?"),
            ),
        );
    }
    if schema.kind == Some(Type::Array) && schema.get("items").is_none() {
        report.add(
            Rule::ArrayItems,
            schema.visit.span,
            "an array needs `items`",
            "say what the array holds; without it every item is taken for any value",
        );
    }
    if schema.get("type").is_none() {
        untyped(report, schema);
    }
}

fn untyped(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let combines = ["allOf", "anyOf", "oneOf", "not"].iter().any(|name| schema.get(name).is_some());
    let mut is_empty = true;
    for Keyword { field, types, .. } in &KEYWORDS {
        let speaks_of_type = !types.is_empty() || matches!(field.name, "enum" | "format");
        if !speaks_of_type || schema.get(field.name).is_none() {
            continue;
        }
        is_empty &= types.is_empty();
        // What has properties is taken for an object.
        let is_implied = types == &[Type::Object] && schema.get("properties").is_some();
        if is_implied && !report.house() {
            continue;
        }
        // A list of required members may stand beside `allOf`, whose parts have the type.
        if !(combines && matches!(field.name, "required" | "properties")) {
            let kind = types.first().map_or("string", |kind| kind.name());
            report.add(
                Rule::UntypedSchema,
                schema.key(field.name),
                format!("`{}` has no `type` beside it, so the client takes any value", field.name),
                format!("add `type: {kind}`, or whichever type is meant"),
            );
        }
    }
    if !report.house() {
        return;
    }
    if schema.is_set("nullable") {
        // OpenAPI 3.0.3, section 4.7.24.1: it only adds to a type that the same schema names.
        report.add(
            Rule::NullableWithoutType,
            schema.key("nullable"),
            "`nullable` has no effect without `type` in the same schema",
            "put `nullable: true` beside the `type` that may be null: in the schema that is referred to, \
             or in one branch",
        );
    }
    if is_empty && !combines && !schema.is_named() {
        report.add(
            Rule::UntypedSchema,
            schema.visit.span,
            "this schema has no type, so the client takes any value",
            "add `type:`; where any JSON value is meant, give it a name under `components/schemas`",
        );
    }
}

pub(super) fn keywords(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    for Keyword { field, types, .. } in &KEYWORDS {
        let Some(kind) = schema.kind else { break };
        if schema.get(field.name).is_some() && !types.is_empty() && !types.contains(&kind) {
            let types: Vec<_> = types.iter().map(|kind| kind.name()).collect();
            report.add(
                Rule::KeywordType,
                schema.key(field.name),
                format!("`{}` says nothing about type `{}`", field.name, kind.name()),
                format!("remove it, or change the type to {}", types.join(" or ")),
            );
        }
    }
    let exempts = schema.get("x-exempt-values").is_some();
    let rules = ["format", "pattern", "minLength", "maxLength"];
    if exempts && !rules.iter().any(|name| schema.get(name).is_some()) {
        report.add(
            Rule::ExemptValues,
            schema.key("x-exempt-values"),
            "there is no rule that these values could be exempt from",
            "remove it, or add the `format`, `pattern` or length that was meant",
        );
    }
}

/// A format that is misspelt takes type and check away in silence, `password` the secrecy.
pub(super) fn formats(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let (Some(kind), Some(node)) = (schema.kind, schema.get("format")) else { return };
    let text = node.as_str().unwrap_or_default();
    let known: Vec<&str> = Format::of(kind).map(Format::name).collect();
    if known.contains(&text) {
        return;
    }
    let near = nearest(text, known.iter().copied());
    let elsewhere = Format::from_name(text);
    if near.is_none() && elsewhere.is_none() && !report.house() {
        return;
    }
    let help = match (near, elsewhere) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(format)) => {
            format!("`{text}` is a format of `type: {}`", format.types()[0].name())
        }
        (None, None) if known.is_empty() => "remove it".to_owned(),
        (None, None) => format!("use one of: {}; or remove it", known.join(", ")),
    };
    report.add(
        Rule::Format,
        node.span,
        format!("`{text}` is not a known format of type `{}`", kind.name()),
        help,
    );
}
