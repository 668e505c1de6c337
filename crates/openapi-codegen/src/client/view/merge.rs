//! What several schemas say of one value, in one schema.

use super::flat::{Choice, both, members, united};
use crate::model::{AdditionalProperties, Model, Schema, Type};
use crate::source::Node;

/// Why no value can be what all parts say.
pub(super) struct Conflict(pub String);

/// One schema that says what all parts say, but for their choices, which follow.
pub(super) fn merge(
    model: &Model,
    whole: &Schema,
    parts: &[&Schema],
) -> Result<(Schema, Vec<Choice>), Conflict> {
    let kind = parts.iter().filter_map(|part| part.kind).try_fold(None, |known, kind| {
        match (known, kind) {
            (None, kind) => Ok(Some(kind)),
            (Some(known), kind) if known == kind => Ok(Some(known)),
            (Some(Type::Number | Type::Integer), Type::Number | Type::Integer) => {
                Ok(Some(Type::Integer))
            }
            (Some(known), kind) => Err(Conflict(format!(
                "one is of type {}, one of type {}",
                known.name(),
                kind.name()
            ))),
        }
    })?;
    let choices = parts.iter().flat_map(|part| choices(model, part)).collect::<Vec<_>>();
    let any = |flag: fn(&Schema) -> bool| parts.iter().any(|part| flag(part));
    let allows_null = any(|part| part.nullable)
        || parts.iter().any(|part| part.alternatives().any(|branch| model.is_null(branch)));
    let (minimum, exclusive_minimum) =
        tightest(parts, |part| Some((part.minimum.as_ref()?, part.exclusive_minimum)), f64::gt);
    let (maximum, exclusive_maximum) =
        tightest(parts, |part| Some((part.maximum.as_ref()?, part.exclusive_maximum)), f64::lt);
    let items = parts.iter().filter_map(|part| part.items.as_deref()).fold(None, |known, items| {
        Some(match known {
            Some(known) if items.is_same(&known) => known,
            Some(known) => both(&known, items),
            None => items.clone(),
        })
    });
    let merged = Schema {
        pointer: whole.pointer.clone(),
        span: whole.span,
        reference: None,
        description: whole.description.clone(),
        kind,
        nullable: allows_null,
        values: values(parts)?,
        properties: members(parts),
        required: united(parts.iter().map(|part| &part.required)),
        additional_properties: further(parts),
        min_properties: most(parts, |part| part.min_properties),
        max_properties: least(parts, |part| part.max_properties),
        items: items.map(Box::new),
        min_items: most(parts, |part| part.min_items),
        max_items: least(parts, |part| part.max_items),
        unique_items: any(|part| part.unique_items),
        min_length: most(parts, |part| part.min_length),
        max_length: least(parts, |part| part.max_length),
        pattern: parts.iter().find_map(|part| part.pattern.clone()),
        minimum,
        maximum,
        exclusive_minimum,
        exclusive_maximum,
        multiple_of: parts.iter().find_map(|part| part.multiple_of.clone()),
        format: parts.iter().find_map(|part| part.format),
        all_of: Vec::new(),
        any_of: None,
        one_of: None,
        not: None,
        discriminator: None,
        read_only: any(|part| part.read_only),
        write_only: any(|part| part.write_only),
        deprecated: whole.deprecated,
        known_values: parts
            .iter()
            .find(|part| !part.known_values.is_empty())
            .map(|part| part.known_values.clone())
            .unwrap_or_default(),
        exempt_values: united(parts.iter().map(|part| &part.exempt_values)),
        forbidden_properties: united(parts.iter().map(|part| &part.forbidden_properties)),
        loggable: any(|part| part.loggable),
        request_id: any(|part| part.request_id),
    };
    Ok((merged, choices))
}

/// The choices of a part, without null, which is no alternative of its own.
fn choices(model: &Model, part: &Schema) -> Vec<Choice> {
    let of = |branches: &Vec<Schema>| {
        let branches = branches.iter().filter(|branch| !model.is_null(branch)).cloned();
        Choice { branches: branches.collect(), discriminator: part.discriminator.clone() }
    };
    if model.only_alternative(part).is_some() {
        return Vec::new();
    }
    let choices = part.one_of.iter().chain(&part.any_of).map(of);
    choices.filter(|choice| !choice.branches.is_empty()).collect()
}

/// The values that all parts allow which list any.
fn values(parts: &[&Schema]) -> Result<Option<Vec<Node>>, Conflict> {
    let mut lists = parts.iter().filter_map(|part| part.values.as_ref());
    let Some(first) = lists.next() else { return Ok(None) };
    let mut values = first.clone();
    for list in lists {
        let words: std::collections::BTreeSet<_> = list.iter().filter_map(Node::as_str).collect();
        values.retain(|value| value.as_str().is_none_or(|word| words.contains(word)));
    }
    if values.is_empty() && !first.is_empty() {
        return Err(Conflict("they have no value in common".to_owned()));
    }
    Ok(Some(values))
}

/// What further members hold. That there are none is said by a part for itself, which others refute.
fn further(parts: &[&Schema]) -> Option<AdditionalProperties> {
    let all = || parts.iter().filter_map(|part| part.additional_properties.as_ref());
    let typed = all().find(|further| matches!(further, AdditionalProperties::Schema(_)));
    let typed =
        typed.or_else(|| all().find(|it| matches!(it, AdditionalProperties::Boolean(true))));
    typed.cloned()
}

fn most(parts: &[&Schema], size: fn(&Schema) -> Option<u64>) -> Option<u64> {
    parts.iter().filter_map(|part| size(part)).max()
}

fn least(parts: &[&Schema], size: fn(&Schema) -> Option<u64>) -> Option<u64> {
    parts.iter().filter_map(|part| size(part)).min()
}

/// The bound that implies all others, and whether it is exclusive.
fn tightest<'s>(
    parts: &[&'s Schema],
    bound: fn(&'s Schema) -> Option<(&'s String, bool)>,
    is_tighter: fn(&f64, &f64) -> bool,
) -> (Option<String>, bool) {
    let mut tightest: Option<(&String, bool)> = None;
    for (number, is_exclusive) in parts.iter().filter_map(|part| bound(part)) {
        let value = |number: &String| number.parse::<f64>().unwrap_or_default();
        let is_better = tightest.is_none_or(|(known, known_exclusive)| {
            let (known, number) = (value(known), value(number));
            is_tighter(&number, &known) || number.total_cmp(&known).is_eq() && !known_exclusive
        });
        if is_better {
            tightest = Some((number, is_exclusive));
        }
    }
    (tightest.map(|(number, _)| number.clone()), tightest.is_some_and(|(_, exclusive)| exclusive))
}
