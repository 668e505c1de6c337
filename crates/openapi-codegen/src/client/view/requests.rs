//! What a request carries: every rule kept, except what changes no value on the wire.

use serde_json::{Map, Value, json};

use super::bounds::bounds;
use super::names::{self, part};
use super::shape::{choice, combinators, describe, is_open_enum, typed_format, values};
use super::{Json, Reached, View, component_reference};
use crate::model::{AdditionalProperties, Schema, Type};
use crate::naming::Scope;

impl<'m> View<'m> {
    /// A component of a request.
    pub(super) fn request_component(&mut self, pointer: &str) {
        if let (Some(name), Some(schema)) =
            (self.names.request(pointer), self.model.target(pointer))
        {
            self.request_type(&name, schema);
        }
    }

    /// A schema that gets a type of its own, which has no null: where it is used, null is allowed.
    fn request_type(&mut self, name: &str, schema: &'m Schema) {
        // What is sent may be held to a closed vocabulary, unless it is marked as open.
        if is_open_enum(schema) {
            return self.add_open_enum(name, schema);
        }
        let strict = self.strict_shape(schema, name);
        self.add(name, schema, false, strict, bounds(schema));
    }

    /// A schema in some place, which is called so if the schema gets a type of its own.
    pub(super) fn strict(&mut self, schema: &'m Schema, place: &str) -> Value {
        if let Some(pointer) = &schema.reference {
            let target = self.model.target(pointer);
            let reference = match self.names.request(pointer) {
                Some(name) => self.request_reference(pointer, &name),
                None => return json!({}),
            };
            return used(reference, target.is_some_and(|target| target.nullable));
        }
        let is_struct = schema.properties.as_ref().is_some_and(|members| !members.is_empty());
        let is_narrow = schema.min_length.is_some() || schema.max_length.is_some();
        let has_type =
            is_struct || is_narrow || values(schema).is_some() || !bounds(schema).is_empty();
        if is_open_enum(schema) || has_type && combinators(schema).next().is_none() {
            let name = self.names.lifted(place);
            self.request_type(&name, schema);
            return used(component_reference(&name), schema.nullable);
        }
        let mut strict = self.strict_shape(schema, place);
        if schema.nullable {
            strict.insert("nullable".to_owned(), json!(true));
        }
        Value::Object(strict)
    }

    /// The type of a component of a request, which has this name.
    pub(super) fn request_reference(&mut self, pointer: &str, name: &str) -> Value {
        self.reach(Reached::Request(pointer.to_owned()));
        component_reference(name)
    }

    /// All but whether null is allowed, and what is not for typify to check.
    fn strict_shape(&mut self, schema: &'m Schema, place: &str) -> Json {
        let mut strict = Map::new();
        let mut insert = |key: &str, value: Value| drop(strict.insert(key.to_owned(), value));
        let implied = schema.properties.as_ref().map(|_| Type::Object);
        let kind = schema.kind.or(implied);
        if let Some(kind) = kind {
            insert("type", json!(kind.name()));
        }
        // Names come from components. A default is the server's business: a client that sends nothing
        // gets it. A pattern would take a regex engine into the client.
        match (kind, typed_format(schema)) {
            // The limits of `int32` are rules like others.
            (Some(Type::Integer), _) => insert("format", json!("int64")),
            (_, Some(format)) => insert("format", json!(format.name())),
            _ => {}
        }
        if let Some(words) = schema.words() {
            let mut scope = Scope::default();
            let words = words.into_iter().map(|word| self.names.value(&mut scope, word));
            insert("enum", words.collect());
        }
        // typify would compare a length with 0, which the compiler warns of.
        if let Some(least) = schema.min_length.filter(|&least| least > 0) {
            insert("minLength", json!(least));
        }
        if let Some(most) = schema.max_length {
            insert("maxLength", json!(most));
        }
        for (combinator, branches) in combinators(schema) {
            let branches = branches.iter().enumerate().map(|(index, branch)| {
                self.strict(branch, &part(place, &format!("variant{index}")))
            });
            let branches = branches.collect();
            insert(choice(self.model, combinator, schema), branches);
        }
        if let Some(not) = &schema.not {
            insert("not", self.strict(not, &part(place, "not")));
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
        let mut required = schema.required.clone();
        if let Some(properties) = &schema.properties {
            let mut sent = Map::new();
            let mut scope = names::members();
            for (name, property) in properties {
                if property.is_sent(self.model) {
                    let key = self.names.member(&mut scope, name);
                    required.iter_mut().filter(|known| *known == name).for_each(|known| {
                        known.clone_from(&key);
                    });
                    sent.insert(key, self.strict(property, &part(place, name)));
                } else {
                    required.retain(|known| known != name);
                }
            }
            insert("properties", Value::Object(sent));
        }
        if !required.is_empty() {
            insert("required", json!(required));
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

/// A type where it is used.
fn used(reference: Value, nullable: bool) -> Value {
    if nullable { json!({ "allOf": [reference], "nullable": true }) } else { reference }
}
