//! What a response may hold: the shape of its schema, and nothing that could keep it from decoding.

use serde_json::{Map, Value, json};

use super::names::{self, part};
use super::shape::{
    choice, combinators, describe, has_own_type, is_named, list_branch, typed_format, values,
};
use super::{Json, PRIVATE_TEXT, RESPONSE_INTEGER, Reached, View, component_reference, object};
use crate::model::{AdditionalProperties, Schema, Type};
use crate::vocabulary::Format;

/// A schema of a response, and whether null may stand in its place.
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
    fn drop_null(self) -> Value {
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
            None => !["allOf", "oneOf", "anyOf"].iter().any(|&key| self.schema.contains_key(key)),
        }
    }
}

impl<'m> View<'m> {
    /// A component that keeps its name in responses.
    pub(super) fn response_component(&mut self, pointer: &str) {
        if let (Some(name), Some(schema)) =
            (self.names.response(pointer), self.model.target(pointer))
        {
            self.response_type(&name, schema);
        }
    }

    /// A schema that gets a type of its own.
    fn response_type(&mut self, name: &str, schema: &'m Schema) {
        if values(schema).is_some() {
            return self.add_open_enum(name, schema);
        }
        // A component that allows null does so where it is used, not here: the type of that name has
        // no null.
        let loose = self.described_shape(schema, name).schema;
        self.add(name, schema, true, loose, Vec::new());
    }

    /// A schema in some place, which is called so if the schema gets a type of its own.
    pub(super) fn loose(&mut self, schema: &'m Schema, place: &str) -> Loose {
        if let Some(pointer) = &schema.reference {
            return self.loose_reference(pointer, place);
        }
        if !has_own_type(self.model, schema) {
            return self.described_shape(schema, place);
        }
        let name = self.names.lifted(place);
        self.response_type(&name, schema);
        let mut named = Map::new();
        named.insert("allOf".to_owned(), json!([component_reference(&name)]));
        describe(&mut named, schema);
        Loose { schema: named, nullable: schema.nullable }
    }

    fn described_shape(&mut self, schema: &'m Schema, place: &str) -> Loose {
        let mut loose = self.loose_shape(schema, place);
        loose.nullable |= schema.nullable;
        describe(&mut loose.schema, schema);
        loose
    }

    fn loose_reference(&mut self, pointer: &str, place: &str) -> Loose {
        let Some(target) = self.model.target(pointer) else { return Loose::new(Map::new()) };
        if is_named(self.model, target)
            && let Some(name) = self.names.response(pointer)
        {
            self.reach(Reached::Response(pointer.to_owned()));
            let mut schema = Map::new();
            schema.insert("allOf".to_owned(), json!([component_reference(&name)]));
            return Loose { schema, nullable: target.nullable };
        }
        if self.dissolving.iter().any(|known| known == pointer) {
            // A list of itself has no end; its inner lists are left untyped.
            return Loose::new(Map::new());
        }
        self.dissolving.push(pointer.to_owned());
        let loose = self.loose(target, place);
        self.dissolving.pop();
        loose
    }

    fn loose_shape(&mut self, schema: &'m Schema, place: &str) -> Loose {
        if let Some((list, words)) = list_branch(self.model, schema) {
            for word in words {
                if !self.empty_lists.contains(&word) {
                    self.empty_lists.push(word);
                }
            }
            return self.loose(list, place);
        }
        if let Some((combinator, branches)) = combinators(schema).next() {
            let has_members = combinator == "allOf" && schema.properties.is_some();
            if let ([only], false) = (branches, has_members) {
                return self.loose(only, place);
            }
            let mut loose: Vec<Value> = Vec::new();
            for (index, branch) in branches.iter().enumerate() {
                let place = part(place, &format!("variant{index}"));
                loose.push(self.loose(branch, &place).drop_null());
            }
            if has_members {
                loose.push(self.loose_object(schema, place).drop_null());
            }
            let combinator = choice(self.model, combinator, schema);
            return Loose::new(object(json!({ combinator: loose })));
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

    fn loose_object(&mut self, schema: &'m Schema, place: &str) -> Loose {
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
        let mut required = Vec::new();
        let mut scope = names::members();
        for (name, property) in properties {
            let mut member = self.loose(property, &part(place, name));
            // A bare reference says nothing of its own, but the field of a struct should.
            if property.reference.is_some()
                && let Some(text) = &self.model.resolve(property).description
            {
                member.schema.entry("description").or_insert_with(|| json!(first_line(text)));
            }
            let key = self.names.member(&mut scope, name);
            let is_required = schema.required.contains(name);
            if is_required {
                required.push(key.clone());
            }
            let member = if is_required { member.keep_null() } else { member.drop_null() };
            tolerant.insert(key, member);
        }
        let mut loose =
            object(json!({ "type": "object", "properties": tolerant, "required": required }));
        if let Some(AdditionalProperties::Schema(values)) = &schema.additional_properties {
            let values = self.loose(values, &part(place, "value")).drop_null();
            loose.insert("additionalProperties".to_owned(), values);
        }
        Loose::new(loose)
    }
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}
