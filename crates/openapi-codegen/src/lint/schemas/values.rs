//! Bounds, and lists of values.

use serde_json::Value;

use super::Schema;
use crate::lint::Report;
use crate::rule::Rule;
use crate::source::{Kind, Node};
use crate::vocabulary::{Format, Type};

pub(super) fn bounds(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let format = schema.get("format").and_then(Node::as_str).and_then(Format::from_name);
    let (least, greatest) = format.and_then(Format::range).unwrap_or((i64::MIN, i64::MAX));
    for keyword in ["minimum", "maximum"] {
        if let (Some(Type::Integer), Some(node)) = (schema.kind, schema.get(keyword))
            && let Kind::Number(bound) = &node.kind
            && !bound.as_i64().is_some_and(|bound| (least..=greatest).contains(&bound))
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
            Some(Kind::Number(number)) => Some(number),
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
        && matches!(&multiple.kind, Kind::Number(number) if number.is_negative() || number.is_zero())
    {
        report.add(
            Rule::Bounds,
            multiple.span,
            "`multipleOf` must be above 0",
            "write a positive number",
        );
    }
}

pub(super) fn enums(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
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
                    format!("{value} is not of type `{}`", schema.kind.map_or("any", Type::name)),
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
}

fn fits(schema: &Schema<'_, '_>, value: &Value) -> bool {
    match schema.kind {
        Some(Type::String) => value.is_string() || (value.is_null() && schema.is_set("nullable")),
        Some(Type::Integer | Type::Number) => {
            value.is_number() || (value.is_null() && schema.is_set("nullable"))
        }
        Some(Type::Boolean) => value.is_boolean(),
        _ => true,
    }
}
