//! The strict view of the document: schemas and operations as the validator takes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::rule::Rule;
use crate::source::Finding;
use crate::source::{Document, Kind, METHODS, Node, Source, Span, escape, local_pointer};
use crate::vocabulary::{Effect, Keyword, is_json};

/// The JSON types of `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// A schema object, or a reference to one.
#[expect(clippy::struct_excessive_bools, reason = "a schema has that many yes-or-no keywords")]
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Where it stands, as a JSON Pointer.
    pub pointer: String,
    pub span: Span,
    /// The JSON Pointer that `$ref` names; everything else is then empty.
    pub reference: Option<String>,
    pub description: Option<String>,
    pub kind: Option<Type>,
    pub nullable: bool,
    pub values: Option<Vec<Node>>,
    pub properties: Option<Vec<(String, Schema)>>,
    pub required: Vec<String>,
    pub additional_properties: Option<AdditionalProperties>,
    pub min_properties: Option<u64>,
    pub max_properties: Option<u64>,
    pub items: Option<Box<Schema>>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<(String, Span)>,
    /// Numbers are kept as the document writes them.
    pub minimum: Option<String>,
    pub maximum: Option<String>,
    pub exclusive_minimum: bool,
    pub exclusive_maximum: bool,
    pub multiple_of: Option<String>,
    pub format: Option<String>,
    pub all_of: Vec<Schema>,
    pub any_of: Option<Vec<Schema>>,
    pub one_of: Option<Vec<Schema>>,
    pub not: Option<Box<Schema>>,
    pub discriminator: Option<Discriminator>,
    pub read_only: bool,
    pub write_only: bool,
    pub deprecated: bool,
    /// `x-extensible-enum`
    pub known_values: Vec<String>,
    /// `x-exempt-values`
    pub exempt_values: Vec<String>,
    /// `x-forbidden-properties`
    pub forbidden_properties: Vec<String>,
}

/// `additionalProperties`
#[derive(Clone, Debug)]
pub enum AdditionalProperties {
    Boolean(bool),
    Schema(Box<Schema>),
}

/// `discriminator`
#[derive(Clone, Debug)]
pub struct Discriminator {
    pub property_name: String,
    pub mapping: Vec<(String, String)>,
}

/// An operation with everything that the validator needs.
#[derive(Clone, Debug)]
pub struct Operation {
    pub pointer: String,
    pub span: Span,
    /// `operationId`, or the method and the path where there is none.
    pub id: String,
    pub method: String,
    pub path: String,
    pub parameters: Vec<Parameter>,
    /// The schema of the JSON request body.
    pub request_body: Option<Schema>,
    /// Statuses as the document writes them (`200`, `4XX`, `default`), with the schema of the JSON
    /// body.
    pub responses: Vec<(String, Option<Schema>)>,
    /// `x-mutually-exclusive`
    pub exclusive: Vec<Vec<String>>,
}

/// A parameter, references followed.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub pointer: String,
    pub span: Span,
    pub name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub location: String,
    pub required: bool,
    pub style: Option<String>,
    pub explode: Option<bool>,
    pub schema: Schema,
}

/// The strict view of a document.
#[derive(Clone, Debug)]
pub struct View {
    /// Every schema that has a place of its own: components in the order of the file, then other
    /// targets of references.
    pub schemas: Vec<(String, Schema)>,
    pub operations: Vec<Operation>,
    /// The line and column of each JSON Pointer that a finding may name.
    pub places: BTreeMap<String, (u32, u32)>,
}

impl View {
    /// Reads the document; everything that it cannot take is a finding.
    pub fn read(document: &Document) -> Result<Self, Vec<Finding>> {
        let mut reader = Reader {
            document,
            source: &document.source,
            findings: Vec::new(),
            places: BTreeMap::new(),
            targets: BTreeSet::new(),
        };
        let mut schemas = Vec::new();
        let components = "/components/schemas";
        for (key, node) in document.root.pointer(components).map_or(&[][..], Node::members) {
            let pointer = format!("{components}/{}", escape(&key.name));
            reader.place(&pointer, key.span);
            schemas.push((key.name.clone(), reader.schema(node, &pointer)));
        }
        let operations = reader.operations();
        let mut read: BTreeSet<String> =
            schemas.iter().map(|(_, schema)| schema.pointer.clone()).collect();
        // Reading a target may find further references.
        while let Some(target) = reader.targets.iter().find(|target| !read.contains(*target)) {
            let target = target.clone();
            read.insert(target.clone());
            if let Some(node) = document.root.pointer(&target) {
                let schema = reader.schema(node, &target);
                schemas.push((name_of(&target), schema));
            }
        }
        let Reader { findings, places, .. } = reader;
        if findings.is_empty() { Ok(Self { schemas, operations, places }) } else { Err(findings) }
    }
}

/// A name for a schema outside of the components, from the last parts of its place.
fn name_of(pointer: &str) -> String {
    let skipped = ["components", "schemas", "properties", "schema", "content"];
    let parts = pointer.split('/').filter(|part| !part.is_empty() && !skipped.contains(part));
    parts.collect::<Vec<_>>().join(" ")
}

/// Whether a keyword says nothing about validity.
fn is_annotation(name: &str) -> bool {
    Keyword::from_name(name).is_some_and(|keyword| keyword.effect == Effect::Annotation)
}

struct Reader<'d> {
    document: &'d Document,
    source: &'d Arc<Source>,
    findings: Vec<Finding>,
    places: BTreeMap<String, (u32, u32)>,
    targets: BTreeSet<String>,
}

impl Reader<'_> {
    fn place(&mut self, pointer: &str, span: Span) {
        self.places.insert(pointer.to_owned(), (span.line, span.column));
    }

    fn find(&mut self, rule: Rule, span: Span, message: String, help: &str) {
        self.findings.push(Finding::new(rule, self.source, span, message, help));
    }

    fn malformed(&mut self, node: &Node, keyword: &str, expected: &str) {
        self.malformed_part(node, &format!("`{keyword}`"), expected);
    }

    fn malformed_part(&mut self, node: &Node, part: &str, expected: &str) {
        self.find(
            Rule::MalformedKeyword,
            node.span,
            format!("{part} must be {expected}"),
            "write it as the OpenAPI Specification 3.0 has it",
        );
    }

    fn schema(&mut self, node: &Node, pointer: &str) -> Schema {
        let mut schema =
            Schema { pointer: pointer.to_owned(), span: node.span, ..Schema::default() };
        if !node.is_object() {
            self.malformed_part(node, "a schema", "an object");
            return schema;
        }
        if let Some(target) = node.get("$ref") {
            self.reference(node, target, &mut schema);
            return schema;
        }
        for (key, value) in node.members() {
            let pointer = format!("{pointer}/{}", escape(&key.name));
            if !is_annotation(&key.name) {
                self.place(&pointer, key.span);
            }
            self.keyword(&key.name, key.span, value, &pointer, &mut schema);
        }
        schema
    }

    fn reference(&mut self, node: &Node, target: &Node, schema: &mut Schema) {
        for (key, _) in node.members() {
            let is_ignored = key.name == "$ref"
                || is_annotation(&key.name)
                || key.name.starts_with("x-")
                || matches!(key.name.as_str(), "deprecated" | "readOnly" | "writeOnly");
            if !is_ignored {
                self.find(
                    Rule::IgnoredKeyword,
                    key.span,
                    format!("`{}` has no effect beside `$ref`", key.name),
                    "put the reference into `allOf`, with the keyword beside it",
                );
            }
        }
        schema.reference = self.target(target);
    }

    /// The JSON Pointer of a local reference that leads somewhere.
    fn target(&mut self, node: &Node) -> Option<String> {
        let Some(text) = node.as_str() else {
            self.malformed(node, "$ref", "a string");
            return None;
        };
        let Some(mut pointer) = local_pointer(text) else {
            self.find(
                Rule::RemoteReference,
                node.span,
                format!("`{text}` is not in this document"),
                "copy what it refers to into `components`",
            );
            return None;
        };
        let mut seen = BTreeSet::new();
        loop {
            let Some(target) = self.document.root.pointer(&pointer) else {
                self.find(
                    Rule::UnresolvedReference,
                    node.span,
                    format!("`{text}` leads to nothing"),
                    "correct the reference, or add what it refers to",
                );
                return None;
            };
            // A chain of references is as good as its end.
            match target.get("$ref").and_then(Node::as_str).and_then(local_pointer) {
                Some(next) if seen.insert(pointer.clone()) => pointer = next,
                Some(_) => {
                    self.find(
                        Rule::CircularReference,
                        node.span,
                        format!("`{text}` leads back to itself"),
                        "let one of the references end in a schema",
                    );
                    return None;
                }
                None => break,
            }
        }
        self.targets.insert(pointer.clone());
        Some(pointer)
    }

    fn keyword(&mut self, name: &str, span: Span, node: &Node, at: &str, schema: &mut Schema) {
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
            "format" => schema.format = self.string(name, node),
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
        let kind = match node.as_str() {
            Some("boolean") => Type::Boolean,
            Some("integer") => Type::Integer,
            Some("number") => Type::Number,
            Some("string") => Type::String,
            Some("array") => Type::Array,
            Some("object") => Type::Object,
            _ => {
                let types = "one of boolean, integer, number, string, array and object";
                self.malformed(node, "type", types);
                return None;
            }
        };
        Some(kind)
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

    fn strings(&mut self, name: &str, node: &Node) -> Vec<String> {
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
        const LONGEST: usize = 18;
        let divisor = self.number(name, node)?;
        let mantissa = divisor.split(['e', 'E']).next().unwrap_or_default();
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
        let is_zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        if divisor.starts_with('-') || is_zero || digits > LONGEST {
            self.malformed(node, name, "a number above zero of at most 18 digits");
            return None;
        }
        Some(divisor)
    }

    fn properties(&mut self, name: &str, node: &Node, at: &str) -> Vec<(String, Schema)> {
        if !node.is_object() {
            self.malformed(node, name, "an object");
        }
        let read = |(key, node): &(crate::source::Key, Node)| {
            let pointer = format!("{at}/{}", escape(&key.name));
            self.place(&pointer, key.span);
            (key.name.clone(), self.schema(node, &pointer))
        };
        node.members().iter().map(read).collect()
    }

    fn schemas(&mut self, name: &str, node: &Node, at: &str) -> Vec<Schema> {
        if node.items().is_empty() {
            self.malformed(node, name, "an array of at least one schema");
        }
        let read = |(index, item): (usize, &Node)| self.schema(item, &format!("{at}/{index}"));
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
        Some(Discriminator { property_name: property_name.to_owned(), mapping })
    }
}

impl<'d> Reader<'d> {
    fn operations(&mut self) -> Vec<Operation> {
        let mut operations = Vec::new();
        let document: &'d Document = self.document;
        for (path, item) in document.root.pointer("/paths").map_or(&[][..], Node::members) {
            let at = format!("/paths/{}", escape(&path.name));
            let (at, item) = self.follow(&at, item);
            for method in METHODS {
                if let (Some(key), Some(node)) = (item.key(method), item.get(method)) {
                    let pointer = format!("{at}/{method}");
                    self.place(&pointer, key.span);
                    operations.push(self.operation(&path.name, method, item, node, &at, &pointer));
                }
            }
        }
        operations
    }

    /// The end of a chain of references, with its place.
    fn follow(&mut self, at: &str, node: &'d Node) -> (String, &'d Node) {
        let (mut at, mut node) = (at.to_owned(), node);
        // No chain of references is longer than the document has nodes worth naming.
        for _ in 0..64 {
            let Some(reference) = node.get("$ref") else { break };
            let target = reference.as_str().and_then(local_pointer);
            let Some((end, pointer)) =
                target.and_then(|pointer| Some((self.document.root.pointer(&pointer)?, pointer)))
            else {
                self.find(
                    Rule::UnresolvedReference,
                    reference.span,
                    format!("`{}` leads to nothing", reference.as_str().unwrap_or_default()),
                    "correct the reference, or add what it refers to",
                );
                break;
            };
            at = pointer;
            node = end;
        }
        (at, node)
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        item: &'d Node,
        node: &'d Node,
        item_at: &str,
        pointer: &str,
    ) -> Operation {
        for name in ["parameters", "x-mutually-exclusive"] {
            if let Some(key) = node.key(name) {
                self.place(&format!("{pointer}/{name}"), key.span);
            }
        }
        let id = node.get("operationId").and_then(Node::as_str);
        let mut parameters = Vec::<Parameter>::new();
        for (owner, owner_at) in [(item, item_at), (node, pointer)] {
            let list = owner.get("parameters").map_or(&[][..], Node::items);
            for (index, parameter) in list.iter().enumerate() {
                let at = format!("{owner_at}/parameters/{index}");
                let Some(parameter) = self.parameter(&at, parameter) else { continue };
                // An operation overrides the parameters of its path.
                parameters.retain(|known| {
                    (&known.name, &known.location) != (&parameter.name, &parameter.location)
                });
                parameters.push(parameter);
            }
        }
        let mut exclusive = Vec::new();
        if let Some(groups) = node.get("x-mutually-exclusive") {
            for group in groups.items() {
                let names = self.strings("x-mutually-exclusive", group);
                for name in &names {
                    if !parameters.iter().any(|parameter| &parameter.name == name) {
                        self.find(
                            Rule::UnknownParameter,
                            group.span,
                            format!("the operation has no parameter `{name}`"),
                            "name parameters of this operation",
                        );
                    }
                }
                exclusive.push(names);
            }
        }
        let request_body = node.get("requestBody").and_then(|body| {
            let (at, body) = self.follow(&format!("{pointer}/requestBody"), body);
            self.json_schema(&at, body)
        });
        let mut responses = Vec::new();
        for (status, response) in node.get("responses").map_or(&[][..], Node::members) {
            if status.name.starts_with("x-") {
                continue;
            }
            let at = format!("{pointer}/responses/{}", escape(&status.name));
            let (at, response) = self.follow(&at, response);
            responses.push((status.name.clone(), self.json_schema(&at, response)));
        }
        Operation {
            pointer: pointer.to_owned(),
            span: node.span,
            id: id.map_or_else(|| format!("{method} {path}"), str::to_owned),
            method: method.to_owned(),
            path: path.to_owned(),
            parameters,
            request_body,
            responses,
            exclusive,
        }
    }

    /// The schema of the first media type that is JSON.
    fn json_schema(&mut self, at: &str, owner: &'d Node) -> Option<Schema> {
        let content = owner.get("content")?;
        let (media_type, value) = content.members().iter().find(|(key, _)| is_json(&key.name))?;
        let at = format!("{at}/content/{}/schema", escape(&media_type.name));
        let schema = value.get("schema")?;
        Some(self.schema(schema, &at))
    }

    fn parameter(&mut self, at: &str, node: &'d Node) -> Option<Parameter> {
        let (at, node) = self.follow(at, node);
        if node.get("$ref").is_some() {
            return None;
        }
        self.place(&at, node.span);
        for name in ["required", "explode"] {
            if let Some(key) = node.key(name) {
                self.place(&format!("{at}/{name}"), key.span);
            }
        }
        let (Some(name), Some(location)) =
            (node.get("name").and_then(Node::as_str), node.get("in").and_then(Node::as_str))
        else {
            self.malformed_part(node, "a parameter", "an object with `name` and `in`");
            return None;
        };
        let Some(schema) = node.get("schema") else {
            if matches!(location, "path" | "query") {
                self.find(
                    Rule::UnsupportedParameter,
                    node.span,
                    format!("the parameter `{name}` has no `schema`"),
                    "describe its value with `schema` instead of `content`",
                );
            }
            return None;
        };
        Some(Parameter {
            span: node.span,
            name: name.to_owned(),
            location: location.to_owned(),
            required: node.get("required").and_then(Node::as_bool).unwrap_or_default(),
            style: node.get("style").and_then(Node::as_str).map(str::to_owned),
            explode: node.get("explode").and_then(Node::as_bool),
            schema: self.schema(schema, &format!("{at}/schema")),
            pointer: at,
        })
    }
}
