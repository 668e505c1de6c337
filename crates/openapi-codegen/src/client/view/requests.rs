//! What a request carries: every rule kept, except what changes no value on the wire.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::bounds::bounds;
use super::flat::Flat;
use super::names::part;
use super::shape::{allows_null, branches, describe, has_own_type, is_open_enum, typed_format};
use super::{Json, Reached, SENT_SECRET, View, component_reference};
use crate::model::{AdditionalProperties, Schema, Type};
use crate::vocabulary::Format;

impl View<'_> {
    /// A component of a request.
    pub(super) fn request_component(&mut self, pointer: &str) {
        let (Some(name), Some(schema)) = (self.names.request(pointer), self.model.target(pointer))
        else {
            return;
        };
        if self.model.base_discriminator(pointer).is_some() {
            self.kinds(&name, schema, false);
        } else if let Flat::Whole(schema) = self.flat(schema) {
            self.request_type(&name, &schema);
        }
    }

    /// The members of a component that others are built on.
    pub(super) fn request_base(&mut self, pointer: &str) {
        if let (Some(name), Some(schema)) =
            (self.names.request(pointer), self.model.target(pointer))
            && let Flat::Whole(schema) = self.flat(schema)
        {
            let name = self.names.base(name);
            self.request_type(&name, &schema);
        }
    }

    /// A schema that gets a type of its own, which has no null: where it is used, null is allowed.
    fn request_type(&mut self, name: &str, schema: &Schema) {
        // What is sent may be held to a closed vocabulary, unless it is marked as open.
        if is_open_enum(self.model, schema) {
            return self.add_open_enum(name, schema);
        }
        if !branches(schema).is_empty() {
            return self.union(name, schema, false);
        }
        let strict = self.strict_shape(schema, name);
        self.add(name, schema, false, strict, None);
    }

    /// A schema in some place, which is called so if the schema gets a type of its own.
    pub(super) fn strict(&mut self, schema: &Schema, place: &str) -> Value {
        if let Some(pointer) = &schema.reference {
            return self.strict_reference(pointer);
        }
        if self.is_too_deep(schema) {
            return json!({});
        }
        let nullable = allows_null(self.model, schema);
        self.depth += 1;
        let strict = match self.flat(schema) {
            Flat::Alias(pointer) => used(self.strict_reference(&pointer), nullable),
            Flat::Whole(whole) => {
                let is_narrow = whole.min_length.is_some() || whole.max_length.is_some();
                let has_type = has_own_type(self.model, &whole)
                    || !branches(&whole).is_empty()
                    || !whole.required.is_empty()
                    || is_narrow
                    || !bounds(&whole).is_empty();
                if has_type {
                    let name = self.names.lifted(place);
                    self.request_type(&name, &whole);
                    used(component_reference(&name), nullable)
                } else {
                    let mut strict = self.strict_shape(&whole, place);
                    if nullable {
                        strict.insert("nullable".to_owned(), json!(true));
                    }
                    Value::Object(strict)
                }
            }
        };
        self.depth -= 1;
        strict
    }

    /// A component where it is used.
    fn strict_reference(&mut self, pointer: &str) -> Value {
        let Some(target) = self.model.target(pointer) else { return json!({}) };
        let nullable = allows_null(self.model, target);
        let is_base = self.model.base_discriminator(pointer).is_some();
        let alias = if let Some(known) = self.aliases.get(pointer) {
            known.clone()
        } else {
            let alias = match self.flat(target) {
                Flat::Alias(pointer) if !is_base => Some(pointer),
                _ => None,
            };
            self.aliases.insert(pointer.to_owned(), alias.clone());
            alias
        };
        let meant = alias.unwrap_or_else(|| pointer.to_owned());
        let reference = match self.names.request(&meant) {
            Some(name) => self.request_reference(&meant, &name),
            None => return json!({}),
        };
        used(reference, nullable)
    }

    /// The type of a component of a request, which has this name.
    pub(super) fn request_reference(&mut self, pointer: &str, name: &str) -> Value {
        self.reach(Reached::Request(pointer.to_owned()));
        component_reference(name)
    }

    /// All but whether null is allowed, and what nobody can check before it is sent.
    fn strict_shape(&mut self, schema: &Schema, place: &str) -> Json {
        let mut strict = Map::new();
        let mut insert = |key: &str, value: Value| drop(strict.insert(key.to_owned(), value));
        let implied = schema.properties.as_ref().map(|_| Type::Object);
        let kind = schema.kind.or(implied);
        if let Some(kind) = kind {
            insert("type", json!(kind.name()));
        }
        // Names come from components. What a value is not, no type can say. A default is the server's
        // business: a client that sends nothing gets it. A pattern would take a regex engine into the
        // client.
        match (kind, typed_format(schema)) {
            // The limits of `int32` are rules like others.
            (Some(Type::Integer), _) => insert("format", json!("int64")),
            (_, Some(Format::Password)) => insert("format", json!(SENT_SECRET)),
            // The markup is the caller's own.
            (_, Some(Format::Html)) => {}
            (_, Some(format)) => insert("format", json!(format.name())),
            _ => {}
        }
        if let Some(words) = schema.words() {
            insert("enum", json!(words));
        }
        // The compiler warns of a length that is compared with 0.
        if let Some(least) = schema.min_length.filter(|&least| least > 0) {
            insert("minLength", json!(least));
        }
        if let Some(most) = schema.max_length {
            insert("maxLength", json!(most));
        }
        if let Some(items) = &schema.items {
            insert("items", self.strict(items, &part(place, "item")));
        }
        match &schema.additional_properties {
            Some(AdditionalProperties::Boolean(any)) => insert("additionalProperties", json!(any)),
            Some(AdditionalProperties::Schema(values)) => {
                insert("additionalProperties", self.strict(values, &part(place, "value")));
            }
            None => {}
        }
        if schema.properties.is_some() || !schema.required.is_empty() {
            let needed: BTreeSet<&str> = schema.required.iter().map(String::as_str).collect();
            let mut required = Vec::new();
            let mut sent = Map::new();
            let undescribed = Schema::default();
            let properties = schema.properties.iter().flatten().map(|(name, it)| (name, it));
            for (name, property) in properties.chain(undescribed_members(schema, &undescribed)) {
                if property.is_sent(self.model) {
                    if needed.contains(name.as_str()) {
                        required.push(name);
                    }
                    sent.insert(name.clone(), self.strict(property, &part(place, name)));
                }
            }
            insert("properties", Value::Object(sent));
            if !required.is_empty() {
                insert("required", json!(required));
            }
        }
        describe(&mut strict, schema);
        if let Some((pattern, _)) = &schema.pattern {
            let text = strict.get("description").and_then(Value::as_str).unwrap_or_default();
            let text = format!("{text}\nThe server checks that it matches `{pattern}`.");
            strict.insert("description".to_owned(), json!(text.trim()));
        }
        strict
    }
}

/// The members that a schema requires without a word of what they are.
fn undescribed_members<'s>(
    schema: &'s Schema,
    any: &'s Schema,
) -> impl Iterator<Item = (&'s String, &'s Schema)> {
    let described: BTreeSet<&String> =
        schema.properties.iter().flatten().map(|(name, _)| name).collect();
    schema
        .required
        .iter()
        .filter(move |name| !described.contains(name))
        .map(move |name| (name, any))
}

/// A type where it is used.
fn used(reference: Value, nullable: bool) -> Value {
    let is_bare = reference.get("$ref").is_some();
    if nullable && is_bare { json!({ "allOf": [reference], "nullable": true }) } else { reference }
}
