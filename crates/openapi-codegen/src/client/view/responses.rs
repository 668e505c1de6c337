//! What a response may hold: the shape of its schema, and nothing that could keep it from decoding.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::flat::Flat;
use super::names::part;
use super::shape::{
    allows_null, branches, describe, has_own_type, list_branch, typed_format, values,
};
use super::{Json, PRIVATE_TEXT, RESPONSE_INTEGER, Reached, View, component_reference, object};
use crate::model::{AdditionalProperties, Schema, Type};
use crate::vocabulary::Format;

/// A schema of a response, and whether null may stand in its place.
#[derive(Clone)]
pub(super) struct Loose {
    schema: Json,
    nullable: bool,
}

impl Loose {
    fn new(schema: Json) -> Self {
        Self { schema, nullable: false }
    }

    /// The schema for a place where null does not mean "absent".
    pub(super) fn keep_null(mut self) -> Value {
        if self.nullable && !self.reads_null() {
            self.schema.insert("nullable".to_owned(), json!(true));
        }
        self.drop_null()
    }

    /// The schema for a member that may be absent: null is read in the same way.
    pub(super) fn drop_null(self) -> Value {
        // A reference that has no description of its own needs no `allOf` around it.
        let alone = self.schema.len() == 1;
        match self.schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            Some([reference]) if alone => reference.clone(),
            _ => Value::Object(self.schema),
        }
    }

    /// The schema for a place that may be empty, which is not what null means for a list.
    pub(super) fn or_nothing(mut self) -> Value {
        if !self.schema.is_empty() {
            self.schema.insert("nullable".to_owned(), json!(true));
        }
        Value::Object(self.schema)
    }

    /// Lists and maps read null as "empty", and an untyped value may be null anyway.
    fn reads_null(&self) -> bool {
        match self.schema.get("type").and_then(Value::as_str) {
            Some("array") => true,
            Some("object") => !self.schema.contains_key("properties"),
            Some(_) => false,
            None => !self.schema.contains_key("allOf"),
        }
    }
}

/// How many lists and maps without names may stand within each other.
const MOST_DISSOLVED: usize = 8;

impl View<'_> {
    /// A component that keeps its name in responses.
    pub(super) fn response_component(&mut self, pointer: &str) {
        let (Some(name), Some(schema)) = (self.names.response(pointer), self.model.target(pointer))
        else {
            return;
        };
        if self.model.base_discriminator(pointer).is_some() {
            self.kinds(&name, schema, true);
        } else if let Flat::Whole(schema) = self.flat(schema) {
            self.response_type(&name, &schema);
        }
    }

    /// The members of a component that others are built on.
    pub(super) fn response_base(&mut self, pointer: &str) {
        if let (Some(name), Some(schema)) =
            (self.names.response(pointer), self.model.target(pointer))
            && let Flat::Whole(schema) = self.flat(schema)
        {
            let name = self.names.base(name);
            self.response_type(&name, &schema);
        }
    }

    /// A schema that gets a type of its own.
    fn response_type(&mut self, name: &str, schema: &Schema) {
        if values(self.model, schema).is_some() {
            return self.add_open_enum(name, schema);
        }
        if !branches(schema).is_empty() && list_branch(self.model, schema).is_none() {
            return self.union(name, schema, true);
        }
        // A component that allows null does so where it is used, not here: the type of that name has
        // no null.
        let loose = self.described_shape(schema, name).schema;
        self.add(name, schema, true, loose, None);
    }

    /// A schema in some place, which is called so if the schema gets a type of its own.
    pub(super) fn loose(&mut self, schema: &Schema, place: &str) -> Loose {
        if let Some(pointer) = &schema.reference {
            return self.loose_reference(pointer, place);
        }
        if self.is_too_deep(schema) {
            return Loose::new(Map::new());
        }
        self.depth += 1;
        let mut loose = match self.flat(schema) {
            Flat::Alias(pointer) => self.loose_reference(&pointer, place),
            Flat::Whole(whole) if has_own_type(self.model, &whole) => {
                let name = self.names.lifted(place);
                self.response_type(&name, &whole);
                named(&name)
            }
            Flat::Whole(whole) => self.loose_shape(&whole, place),
        };
        self.depth -= 1;
        loose.nullable |= allows_null(self.model, schema);
        describe(&mut loose.schema, schema);
        loose
    }

    fn described_shape(&mut self, schema: &Schema, place: &str) -> Loose {
        let mut loose = self.loose_shape(schema, place);
        loose.nullable |= schema.nullable;
        describe(&mut loose.schema, schema);
        loose
    }

    fn loose_reference(&mut self, pointer: &str, place: &str) -> Loose {
        if let Some(known) = self.dissolved.get(pointer) {
            return known.clone();
        }
        let Some(target) = self.model.target(pointer) else { return Loose::new(Map::new()) };
        let flat = self.flat(target);
        let is_base = self.model.base_discriminator(pointer).is_some();
        let has_own_type = match &flat {
            Flat::Whole(whole) => has_own_type(self.model, whole),
            Flat::Alias(_) => false,
        };
        let loose = if (is_base || has_own_type)
            && let Some(name) = self.names.response(pointer)
        {
            self.reach(Reached::Response(pointer.to_owned()));
            Loose { nullable: allows_null(self.model, target), ..named(&name) }
        } else if self.dissolving.iter().any(|known| known == pointer) {
            // A list of itself has no end; its inner lists are left untyped.
            return Loose::new(Map::new());
        } else if self.dissolving.len() == MOST_DISSOLVED
            && let Some(name) = self.names.name_response(pointer)
        {
            self.reach(Reached::Response(pointer.to_owned()));
            Loose { nullable: allows_null(self.model, target), ..named(&name) }
        } else {
            self.dissolving.push(pointer.to_owned());
            let loose = self.loose(target, place);
            self.dissolving.pop();
            loose
        };
        self.dissolved.insert(pointer.to_owned(), loose.clone());
        loose
    }

    fn loose_shape(&mut self, schema: &Schema, place: &str) -> Loose {
        let model = self.model;
        if let Some((list, words)) = list_branch(model, schema) {
            for word in words {
                if !self.empty_lists.contains(&word) {
                    self.empty_lists.push(word);
                }
            }
            return self.loose(list, place);
        }
        let shape = match schema.kind {
            Some(Type::String) => match typed_format(schema) {
                Some(format) => json!({ "type": "string", "format": format.name() }),
                None if schema.loggable => json!({ "type": "string" }),
                None => json!({ "type": "string", "format": PRIVATE_TEXT }),
            },
            Some(Type::Number) if typed_format(schema) == Some(Format::Decimal) => {
                json!({ "type": "number", "format": "decimal" })
            }
            // As wide as Rust allows: a count that outgrows the documented 32 bits still decodes.
            Some(Type::Integer) => json!({ "type": "integer", "format": RESPONSE_INTEGER }),
            Some(Type::Array) => {
                let place = part(place, "item");
                let items = schema.items.as_deref();
                let items =
                    items.map_or_else(|| json!({}), |items| self.loose(items, &place).keep_null());
                json!({ "type": "array", "items": items })
            }
            Some(Type::Object) => return self.loose_object(schema, place),
            _ if schema.properties.is_some() => return self.loose_object(schema, place),
            Some(kind @ (Type::Number | Type::Boolean)) => json!({ "type": kind.name() }),
            Some(Type::Null) | None => json!({}),
        };
        Loose::new(object(shape))
    }

    fn loose_object(&mut self, schema: &Schema, place: &str) -> Loose {
        let properties = schema.properties.iter().flatten();
        let properties: Vec<_> =
            properties.filter(|(_, property)| property.is_received(self.model)).collect();
        if properties.is_empty() {
            // A map. Without a schema for its values, any value will do.
            let values = match &schema.additional_properties {
                Some(AdditionalProperties::Schema(values)) => {
                    self.loose(values, &part(place, "value")).drop_null()
                }
                _ => json!({}),
            };
            return Loose::new(object(json!({ "type": "object", "additionalProperties": values })));
        }
        // Unknown members are ignored, unless the document says what they hold.
        let mut tolerant = Map::new();
        let needed: BTreeSet<&str> = schema.required.iter().map(String::as_str).collect();
        let mut required = Vec::new();
        for (name, property) in properties {
            let mut member = self.loose(property, &part(place, name));
            // A bare reference says nothing of its own, but the field of a struct should.
            if property.reference.is_some()
                && let Some(text) = &self.model.resolve(property).description
            {
                member.schema.entry("description").or_insert_with(|| json!(first_line(text)));
            }
            let is_required = needed.contains(name.as_str());
            if is_required {
                required.push(name.as_str());
            }
            let member = if is_required { member.keep_null() } else { member.drop_null() };
            tolerant.insert(name.clone(), member);
        }
        let mut loose = object(json!({ "type": "object", "properties": tolerant }));
        if !required.is_empty() {
            loose.insert("required".to_owned(), json!(required));
        }
        if let Some(AdditionalProperties::Schema(values)) = &schema.additional_properties {
            let values = self.loose(values, &part(place, "value")).drop_null();
            loose.insert("additionalProperties".to_owned(), values);
        }
        Loose::new(loose)
    }
}

/// The type of this name.
fn named(name: &str) -> Loose {
    let mut schema = Map::new();
    schema.insert("allOf".to_owned(), json!([component_reference(name)]));
    Loose::new(schema)
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}
