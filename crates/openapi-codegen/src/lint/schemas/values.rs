//! Bounds, and lists of values.

use std::collections::HashSet;

use super::Schema;
use crate::lint::Report;
use crate::rule::Rule;
use crate::source::{Kind, Node};
use crate::vocabulary::{Format, Type};

pub(super) fn bounds(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    let format = schema.get("format").and_then(Node::as_str).and_then(Format::from_name);
    let range = format.and_then(Format::range);
    for keyword in ["minimum", "maximum"] {
        // A format bounds its values already, and a bound outside excludes or allows nothing.
        if let (Some(Type::Integer), Some((least, greatest)), Some(Kind::Number(bound))) =
            (schema.kind, range, schema.get(keyword).map(|node| &node.kind))
            && (*bound < least.into() || *bound > greatest.into())
        {
            report.add(
                Rule::Bounds,
                schema.key(keyword),
                format!("`{keyword}` is not a number that the format can hold"),
                format!("write a number from {least} to {greatest}, or change the format"),
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
            Rule::WrongType,
            multiple.span,
            "`multipleOf` must be above 0",
            "write a positive number",
        );
    }
}

pub(super) fn enums(report: &mut Report<'_>, schema: &Schema<'_, '_>) {
    for keyword in ["enum", "x-extensible-enum", "x-exempt-values", "x-forbidden-properties"] {
        let Some(list) = schema.get(keyword) else { continue };
        // JSON Schema (wright-00, section 5.20) only says that it should have one.
        if list.items().is_empty() {
            report.add(
                Rule::Enum,
                schema.key(keyword),
                format!("`{keyword}` lists nothing"),
                "list at least one value",
            );
        }
        let mut seen = HashSet::new();
        for item in list.items() {
            if !seen.insert(item.canonical()) {
                report.add(
                    Rule::Enum,
                    item.span,
                    "this value is listed twice",
                    "remove one of the two",
                );
            }
            if keyword == "enum" && !fits(schema, item) {
                report.add(
                    Rule::Enum,
                    item.span,
                    format!(
                        "{} is not of type `{}`",
                        item.to_json(),
                        schema.kind.map_or("any", Type::name)
                    ),
                    "write a value of the type; YAML reads `NULL`, `no` and `1` as something else than strings, \
                     so quote them",
                );
            }
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

fn fits(schema: &Schema<'_, '_>, value: &Node) -> bool {
    match (schema.kind, &value.kind) {
        (Some(_), Kind::Null) => schema.is_set("nullable"),
        (Some(Type::Null), _) => false,
        (Some(Type::String), kind) => matches!(kind, Kind::String(_)),
        (Some(Type::Number), kind) => matches!(kind, Kind::Number(_)),
        (Some(Type::Integer), kind) => {
            matches!(kind, Kind::Number(number) if number.is_integer())
        }
        (Some(Type::Boolean), kind) => matches!(kind, Kind::Bool(_)),
        (Some(Type::Array), kind) => matches!(kind, Kind::Array(_)),
        (Some(Type::Object), kind) => matches!(kind, Kind::Object(_)),
        (None, _) => true,
    }
}
