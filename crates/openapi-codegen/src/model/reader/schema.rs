//! Schema objects, keyword by keyword.

use std::collections::BTreeSet;

use super::Reader;
use crate::model::{AdditionalProperties, Discriminator, Schema, Type};
use crate::rule::Rule;
use crate::source::{Key, Kind, Node, Span, escape};
use crate::vocabulary::{Effect, Format, Keyword};

/// Whether a keyword says nothing about validity.
fn is_annotation(name: &str) -> bool {
    Keyword::from_name(name).is_some_and(|keyword| keyword.effect == Effect::Annotation)
}

impl<'d> Reader<'d> {
    pub(super) fn schema(&mut self, node: &'d Node, pointer: &str) -> Schema {
        let mut schema =
            Schema { pointer: pointer.to_owned(), span: node.span, ..Schema::default() };
        if !node.is_object() {
            self.malformed_part(node, "a schema", "an object");
            return schema;
        }
        if node.get("$ref").is_some() {
            schema.reference = self.reference(node);
            return schema;
        }
        for (key, value) in node.members() {
            let pointer = format!("{pointer}/{}", escape(&key.name));
            if !is_annotation(&key.name) {
                self.place(&pointer, key.span);
            }
            self.keyword(&key.name, key.span, value, &pointer, &mut schema);
        }
        // `enum: [null]` beside `type: string` means null: where no value is of the type, the list
        // decides.
        let has_no_string =
            |values: &Vec<Node>| values.iter().all(|value| value.as_str().is_none());
        if schema.kind == Some(Type::String) && schema.values.as_ref().is_some_and(has_no_string) {
            schema.kind = None;
        }
        schema
    }

    /// The JSON Pointer of what a reference to a schema means: the end of a chain of references.
    /// What else the object has is ignored (OpenAPI 3.0.3, section 4.7.23).
    fn reference(&mut self, node: &'d Node) -> Option<String> {
        let (pointer, _) = self.follow("", node)?;
        if self.known.insert(pointer.clone()) {
            self.targets.push(pointer.clone());
        }
        Some(pointer)
    }

    fn keyword(&mut self, name: &str, span: Span, node: &'d Node, at: &str, schema: &mut Schema) {
        match name {
            "type" => schema.kind = self.kind(node),
            "nullable" => schema.nullable = self.boolean(name, node),
            "enum" => {
                if !matches!(node.kind, Kind::Array(_)) {
                    self.malformed(node, name, "an array");
                }
                schema.values = Some(node.items().to_vec());
            }
            "properties" => schema.properties = Some(self.properties(name, node, at)),
            "required" => {
                schema.required = self.strings(name, node);
                // A name that is listed twice is still one member.
                let mut seen = BTreeSet::new();
                schema.required.retain(|name| seen.insert(name.clone()));
            }
            "additionalProperties" => {
                schema.additional_properties = Some(match node.as_bool() {
                    Some(value) => AdditionalProperties::Boolean(value),
                    None => AdditionalProperties::Schema(Box::new(self.schema(node, at))),
                });
            }
            "minProperties" => schema.min_properties = self.size(name, node),
            "maxProperties" => schema.max_properties = self.size(name, node),
            "items" => schema.items = Some(Box::new(self.schema(node, at))),
            "minItems" => schema.min_items = self.size(name, node),
            "maxItems" => schema.max_items = self.size(name, node),
            "uniqueItems" => schema.unique_items = self.boolean(name, node),
            "minLength" => schema.min_length = self.size(name, node),
            "maxLength" => schema.max_length = self.size(name, node),
            "pattern" => schema.pattern = self.string(name, node).map(|text| (text, node.span)),
            "minimum" => schema.minimum = self.number(name, node),
            "maximum" => schema.maximum = self.number(name, node),
            "exclusiveMinimum" => schema.exclusive_minimum = self.boolean(name, node),
            "exclusiveMaximum" => schema.exclusive_maximum = self.boolean(name, node),
            "multipleOf" => schema.multiple_of = self.divisor(name, node),
            "format" => {
                schema.format =
                    self.string(name, node).and_then(|format| Format::from_name(&format));
            }
            "allOf" => schema.all_of = self.schemas(name, node, at),
            "anyOf" => schema.any_of = Some(self.schemas(name, node, at)),
            "oneOf" => schema.one_of = Some(self.schemas(name, node, at)),
            "not" => schema.not = Some(Box::new(self.schema(node, at))),
            "discriminator" => schema.discriminator = self.discriminator(name, node),
            "readOnly" => schema.read_only = self.boolean(name, node),
            "writeOnly" => schema.write_only = self.boolean(name, node),
            "deprecated" => schema.deprecated = self.boolean(name, node),
            "x-extensible-enum" => schema.known_values = self.strings(name, node),
            "x-exempt-values" => schema.exempt_values = self.strings(name, node),
            "x-forbidden-properties" => schema.forbidden_properties = self.strings(name, node),
            "x-loggable" => schema.loggable = self.boolean(name, node),
            "x-request-id" => schema.request_id = self.boolean(name, node),
            "description" => schema.description = node.as_str().map(str::to_owned),
            _ if is_annotation(name) || name.starts_with("x-") => {}
            _ => self.find(
                Rule::UnsupportedKeyword,
                span,
                format!("`{name}` is not a keyword of an OpenAPI 3.0 schema"),
                "correct its spelling, or name it `x-…` if it is an extension",
            ),
        }
    }

    fn kind(&mut self, node: &Node) -> Option<Type> {
        let kind = node.as_str().and_then(Type::from_name);
        if kind.is_none() {
            let types = "one of boolean, integer, number, string, array and object";
            self.malformed(node, "type", types);
        }
        kind
    }

    fn boolean(&mut self, name: &str, node: &Node) -> bool {
        node.as_bool().unwrap_or_else(|| {
            self.malformed(node, name, "true or false");
            false
        })
    }

    fn size(&mut self, name: &str, node: &Node) -> Option<u64> {
        let size = node.as_u64();
        if size.is_none() {
            self.malformed(node, name, "a whole number that is not negative");
        }
        size
    }

    fn string(&mut self, name: &str, node: &Node) -> Option<String> {
        let text = node.as_str().map(str::to_owned);
        if text.is_none() {
            self.malformed(node, name, "a string");
        }
        text
    }

    pub(super) fn strings(&mut self, name: &str, node: &Node) -> Vec<String> {
        let strings: Option<Vec<_>> = match &node.kind {
            Kind::Array(items) => {
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
            }
            _ => None,
        };
        strings.unwrap_or_else(|| {
            self.malformed(node, name, "an array of strings");
            Vec::new()
        })
    }

    /// A number with all the digits that the document has.
    fn number(&mut self, name: &str, node: &Node) -> Option<String> {
        let Kind::Number(number) = &node.kind else {
            self.malformed(node, name, "a number");
            return None;
        };
        Some(number.as_str().to_owned())
    }

    fn divisor(&mut self, name: &str, node: &Node) -> Option<String> {
        let divisor = self.number(name, node)?;
        let mantissa = divisor.split(['e', 'E']).next().unwrap_or_default();
        let is_zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        if divisor.starts_with('-') || is_zero {
            self.malformed(node, name, "a number above zero");
            return None;
        }
        Some(divisor)
    }

    fn properties(&mut self, name: &str, node: &'d Node, at: &str) -> Vec<(String, Schema)> {
        if !node.is_object() {
            self.malformed(node, name, "an object");
        }
        let read = |(key, node): &'d (Key, Node)| {
            let pointer = format!("{at}/{}", escape(&key.name));
            self.place(&pointer, key.span);
            (key.name.clone(), self.schema(node, &pointer))
        };
        node.members().iter().map(read).collect()
    }

    fn schemas(&mut self, name: &str, node: &'d Node, at: &str) -> Vec<Schema> {
        if node.items().is_empty() {
            self.malformed(node, name, "an array of at least one schema");
        }
        let read = |(index, item): (usize, &'d Node)| self.schema(item, &format!("{at}/{index}"));
        node.items().iter().enumerate().map(read).collect()
    }

    fn discriminator(&mut self, name: &str, node: &Node) -> Option<Discriminator> {
        let Some(property_name) = node.get("propertyName").and_then(Node::as_str) else {
            self.malformed(node, name, "an object with a `propertyName`");
            return None;
        };
        let mut mapping = Vec::new();
        for (key, value) in node.get("mapping").map_or(&[][..], Node::members) {
            if let Some(target) = self.string("mapping", value) {
                mapping.push((key.name.clone(), target));
            }
        }
        Some(Discriminator { span: node.span, property_name: property_name.to_owned(), mapping })
    }
}
