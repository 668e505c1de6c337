//! What becomes of a schema, whichever way it goes.

use serde_json::{Value, json};

use super::Json;
use crate::model::{Model, Schema, Type};
use crate::vocabulary::Format;

/// The values of a vocabulary, open (`x-extensible-enum`) or closed (`enum`).
pub(super) fn values(schema: &Schema) -> Option<Vec<String>> {
    if let Some(words) = open_choice(schema) {
        return Some(words);
    }
    if is_open_enum(schema) {
        return Some(schema.known_values.clone());
    }
    let words = schema.words().filter(|words| !words.is_empty())?;
    Some(words.into_iter().map(str::to_owned).collect())
}

/// Whether a vocabulary is marked as open.
pub(super) fn is_open_enum(schema: &Schema) -> bool {
    let is_marked = schema.kind == Some(Type::String) && !schema.known_values.is_empty();
    is_marked || open_choice(schema).is_some()
}

/// The words of a choice between some words and any text, which is an open vocabulary.
fn open_choice(schema: &Schema) -> Option<Vec<String>> {
    let branches = schema.any_of.as_deref().or(schema.one_of.as_deref())?;
    let is_text = |branch: &&Schema| {
        branch.kind == Some(Type::String) && branch.values.is_none() && branch.format.is_none()
    };
    let (texts, others): (Vec<&Schema>, Vec<&Schema>) = branches.iter().partition(is_text);
    let mut words: Vec<String> = Vec::new();
    for other in others {
        for word in other.words()? {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    (!texts.is_empty() && !words.is_empty()).then_some(words)
}

/// What typify calls a choice: it reads `anyOf` as all parts of one object, which only objects have.
pub(super) fn choice<'k>(model: &Model, combinator: &'k str, schema: &Schema) -> &'k str {
    let branches = schema.any_of.iter().flatten();
    let mut kinds = branches.map(|branch| {
        let whole = model.whole(branch);
        whole.iter().any(|part| part.kind == Some(Type::Object) || part.properties.is_some())
    });
    let is_choice = schema.discriminator.is_some() || !kinds.all(|is_object| is_object);
    if combinator == "anyOf" && is_choice { "oneOf" } else { combinator }
}

/// The combinators of a schema with their branches, without those that have none.
pub(super) fn combinators(schema: &Schema) -> impl Iterator<Item = (&'static str, &[Schema])> {
    [
        ("allOf", schema.all_of.as_slice()),
        ("oneOf", schema.one_of.as_deref().unwrap_or_default()),
        ("anyOf", schema.any_of.as_deref().unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(_, branches)| !branches.is_empty())
}

/// Whether a schema becomes a struct or an enum in responses.
pub(super) fn is_named(model: &Model, schema: &Schema) -> bool {
    // A combinator around one reference is an alias, which needs no second name.
    let is_around_one = combinators(schema)
        .filter_map(|(_, branches)| <&[Schema; 1]>::try_from(branches).ok())
        .any(|[only]| only.reference.is_none() && is_named(model, only));
    is_around_one || has_own_type(model, schema)
}

/// Whether a schema is a struct or an enum of its own, and not just around one.
pub(super) fn has_own_type(model: &Model, schema: &Schema) -> bool {
    let has_properties = schema.properties.as_ref().is_some_and(|members| !members.is_empty());
    let is_choice = combinators(schema).any(|(_, branches)| branches.len() > 1);
    let is_list = list_branch(model, schema).is_some();
    has_properties || (is_choice && !is_list) || values(schema).is_some()
}

/// The list of a choice between one list and some words, with the words.
pub(super) fn list_branch<'m>(
    model: &'m Model,
    schema: &'m Schema,
) -> Option<(&'m Schema, Vec<String>)> {
    let branches = schema.one_of.as_deref().or(schema.any_of.as_deref())?;
    let (lists, others): (Vec<&Schema>, Vec<&Schema>) =
        branches.iter().partition(|branch| model.resolve(branch).kind == Some(Type::Array));
    let [list] = lists[..] else { return None };
    let words = others.into_iter().map(|other| values(model.resolve(other)));
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
