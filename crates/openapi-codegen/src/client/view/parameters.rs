//! Parameters: plain values, whose rules the generated requests check before they are sent.

use serde_json::{Value, json};

use super::View;
use super::names::part;
use super::operations::object_of;
use super::shape::{is_decimal, is_open_enum, values};
use crate::model::{Operation, Parameter, Schema, Type};

impl<'m> View<'m> {
    pub(super) fn parameter(&mut self, operation: &Operation, parameter: &'m Parameter) -> Value {
        // It becomes an item of a Markdown list, whose further lines are indented.
        let description = parameter.description.as_deref();
        let description = description.map(|text| text.trim().replace('\n', "\n  "));
        let place = part(&operation.id, &parameter.name);
        let schema = match parameter.media_type {
            None if parameter.location == "query" => self.plain(&parameter.schema, &place),
            None => self.word(&parameter.schema, &place),
            // The text is written in a language of its own.
            Some(_) => json!({ "type": "string" }),
        };
        Value::Object(object_of([
            ("name", json!(parameter.name)),
            ("in", json!(parameter.location)),
            ("required", json!(parameter.required)),
            ("description", json!(description)),
            ("schema", schema),
        ]))
    }

    /// A value of a parameter: a list, an object, or what is written as one word.
    fn plain(&mut self, schema: &'m Schema, place: &str) -> Value {
        let parts = self.model.whole(schema);
        match parts.iter().find_map(|part| part.kind) {
            Some(Type::Array) => {
                let items = parts.iter().find_map(|part| part.items.as_deref());
                let items = items.map_or_else(
                    || json!({ "type": "string" }),
                    |items| self.word(items, &part(place, "item")),
                );
                json!({ "type": "array", "items": items })
            }
            Some(Type::Object) => self.strict(schema, place),
            None if parts.iter().any(|part| part.properties.is_some()) => {
                self.strict(schema, place)
            }
            _ => self.word(schema, place),
        }
    }

    /// A value that is written as one word: where the document leaves open which type it has, text, and
    /// so a list or an object in a path or a header. A decimal is handed over as its digits.
    fn word(&mut self, schema: &'m Schema, place: &str) -> Value {
        let parts = self.model.whole(schema);
        if let Some(vocabulary) = parts.iter().find(|part| values(self.model, part).is_some()) {
            if let Some(name) = self.names.request(&vocabulary.pointer) {
                return self.request_reference(&vocabulary.pointer, &name);
            }
            // Without a name, an open vocabulary is text like any other.
            if !is_open_enum(self.model, vocabulary) {
                return self.strict(vocabulary, place);
            }
        }
        match parts.iter().find_map(|part| part.kind) {
            Some(Type::Boolean) => json!({ "type": "boolean" }),
            Some(Type::Integer) => json!({ "type": "integer", "format": "int64" }),
            Some(Type::Number) if !parts.iter().any(|part| is_decimal(part)) => {
                json!({ "type": "number", "format": "double" })
            }
            _ => json!({ "type": "string" }),
        }
    }
}
