//! What becomes of a schema, whichever way it goes.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};

use super::Json;
use crate::model::{Model, Schema, Type};
use crate::vocabulary::Format;

/// The values of a vocabulary, open (`x-extensible-enum`) or closed (`enum`).
pub(super) fn values(model: &Model, schema: &Schema) -> Option<Vec<String>> {
    if let Some(words) = open_choice(model, schema) {
        return Some(words);
    }
    if is_marked(schema) {
        return Some(schema.known_values.clone());
    }
    let words = schema.words().filter(|words| !words.is_empty())?;
    Some(words.into_iter().map(str::to_owned).collect())
}

/// Whether a vocabulary is open.
pub(super) fn is_open_enum(model: &Model, schema: &Schema) -> bool {
    is_marked(schema) || open_choice(model, schema).is_some()
}

/// Whether a vocabulary is marked as open.
fn is_marked(schema: &Schema) -> bool {
    schema.kind == Some(Type::String) && !schema.known_values.is_empty()
}

/// The words of a choice between some words and any text, which is an open vocabulary.
fn open_choice(model: &Model, schema: &Schema) -> Option<Vec<String>> {
    if !schema.is_choice() || model.only_alternative(schema).is_some() {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let mut known = BTreeSet::new();
    let mut has_text = false;
    // What stands within others comes last, since anything else mostly ends the search.
    let mut open: VecDeque<&Schema> = schema.alternatives().collect();
    while let Some(branch) = open.pop_front() {
        if model.is_null(branch) {
            continue;
        }
        let parts = model.whole(branch);
        let is_choice =
            |part: &&&Schema| part.is_choice() && model.only_alternative(part).is_none();
        if let Some(inner) = parts.iter().find(is_choice) {
            open.extend(inner.alternatives());
            continue;
        }
        let vocabulary = parts.iter().find_map(|part| {
            if is_marked(part) {
                Some(part.known_values.iter().map(String::as_str).collect())
            } else {
                part.words()
            }
        });
        if let Some(more) = vocabulary {
            let more = more.into_iter().filter(|word| known.insert((*word).to_owned()));
            words.extend(more.map(str::to_owned));
        } else {
            let is_text = parts.iter().any(|part| part.kind == Some(Type::String))
                && parts.iter().all(|part| part.values.is_none() && part.format.is_none());
            if !is_text {
                return None;
            }
            has_text = true;
        }
    }
    (has_text && !words.is_empty()).then_some(words)
}

/// Whether null may stand in place of a value: a part says so, or an alternative.
pub(super) fn allows_null(model: &Model, schema: &Schema) -> bool {
    model.whole(schema).into_iter().any(|part| {
        part.nullable
            || part
                .alternatives()
                .any(|branch| model.is_null(branch) || model.resolve(branch).nullable)
    })
}

/// The alternatives of a schema, in which `allOf` and choices of one are resolved.
pub(super) fn branches(schema: &Schema) -> &[Schema] {
    schema.one_of.as_deref().or(schema.any_of.as_deref()).unwrap_or_default()
}

/// Whether a schema without `allOf` is a struct or an enum of its own.
pub(super) fn has_own_type(model: &Model, schema: &Schema) -> bool {
    let has_properties = schema.properties.as_ref().is_some_and(|members| !members.is_empty());
    let is_choice = schema.is_choice()
        && model.only_alternative(schema).is_none()
        && list_branch(model, schema).is_none();
    has_properties || is_choice || values(model, schema).is_some()
}

/// The list of a choice between one list and some words, with the words.
pub(super) fn list_branch<'m>(
    model: &'m Model,
    schema: &'m Schema,
) -> Option<(&'m Schema, Vec<String>)> {
    let is_list = |branch: &&Schema| model.kind(branch) == Some(Type::Array);
    let (lists, others): (Vec<&Schema>, Vec<&Schema>) = branches(schema).iter().partition(is_list);
    let [list] = lists[..] else { return None };
    let words = others.into_iter().map(|other| values(model, model.resolve(other)));
    Some((list, words.collect::<Option<Vec<_>>>()?.concat()))
}

/// Whether a number keeps all its digits (`format: decimal`).
pub(in super::super) fn is_decimal(schema: &Schema) -> bool {
    schema.kind == Some(Type::Number) && schema.format == Some(Format::Decimal)
}

/// The format of a schema, if it makes a type of its own.
pub(super) fn typed_format(schema: &Schema) -> Option<Format> {
    schema.format.filter(|format| {
        matches!(
            (schema.kind, format),
            (
                Some(Type::String),
                Format::Binary | Format::DateTime | Format::Password | Format::Html
            ) | (Some(Type::Number), Format::Decimal | Format::Float | Format::Double)
                | (Some(Type::Integer), Format::Int32 | Format::Int64)
        )
    })
}

/// Takes description and deprecation over; progenitor forgets the latter.
pub(super) fn describe(json: &mut Json, from: &Schema) {
    let inherited = json.get("description").and_then(Value::as_str).map(str::to_owned);
    let mut description = from.description.clone().or(inherited).unwrap_or_default();
    let says_so = description.to_lowercase().contains("deprecated");
    if from.deprecated && !says_so {
        description.push_str("\n\nDeprecated.");
    }
    if !description.is_empty() {
        json.insert("description".to_owned(), json!(description.trim()));
    }
}
