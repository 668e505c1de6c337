//! An OpenAPI document in a normal form in which two documents can be compared, whichever version of
//! OpenAPI they follow and however they use references.

use std::collections::{BTreeMap, BTreeSet};

use openapi_codegen::source::{Document, Node, escape};
use serde_json::{Value, json};

/// A part of a document: what is said of it, and the parts that it has.
#[derive(Debug, Default)]
pub struct Described {
    /// JSON Pointer of the part.
    pub pointer: String,
    /// What is said, with the JSON Pointer of each.
    pub facts: BTreeMap<String, (Value, String)>,
    pub parts: BTreeMap<String, Described>,
}

/// The normal form of a document.
///
/// - Operations go by their `operationId`, parameters by place and name, links, media types and
///   members by name: order is nothing.
/// - A component has a name of its own if it is an object or a vocabulary; any other dissolves into
///   where it is referred to, which may have a description of its own.
/// - Null as an alternative (OpenAPI 3.1) and `nullable` (3.0) are the same.
/// - A choice between a list and some words is the list, with its `words` and their type.
/// - Whether a member may be left out and whether it may be null is one fact, its `presence`.
/// - A default that OpenAPI has is written out.
/// - Whatever has no rule here is a fact as it stands, so that nothing is overlooked.
pub fn described(document: &Document) -> Described {
    Reader { document }.document()
}

struct Reader<'d> {
    document: &'d Document,
}

/// A node with its JSON Pointer.
#[derive(Clone)]
struct At<'d> {
    node: &'d Node,
    pointer: String,
}

impl<'d> At<'d> {
    fn members(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let pointer = self.pointer.clone();
        self.node.members().iter().map(move |(key, node)| {
            let pointer = format!("{pointer}/{}", escape(&key.name));
            (key.name.as_str(), At { node, pointer })
        })
    }

    fn get(&self, name: &str) -> Option<Self> {
        let node = self.node.get(name)?;
        Some(At { node, pointer: format!("{}/{}", self.pointer, escape(name)) })
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        let pointer = self.pointer.clone();
        let items = self.node.items().iter().enumerate();
        items.map(move |(index, node)| At { node, pointer: format!("{pointer}/{index}") })
    }

    fn text(&self, name: &str) -> String {
        self.node.get(name).and_then(Node::as_str).unwrap_or_default().to_owned()
    }
}

impl Described {
    fn at(place: &At<'_>) -> Self {
        Self { pointer: place.pointer.clone(), ..Self::default() }
    }

    fn say(&mut self, name: &str, value: Value, at: &At<'_>) {
        self.facts.insert(name.to_owned(), (value, at.pointer.clone()));
    }

    /// Takes a member in as it stands; how a text is broken into lines is nothing.
    fn keep(&mut self, name: &str, at: &At<'_>) {
        let value = match at.node.as_str() {
            Some(text) => text.split_whitespace().collect::<Vec<_>>().join(" ").into(),
            None => at.node.to_json(),
        };
        self.say(name, value, at);
    }

    fn default_to(&mut self, name: &str, value: Value) {
        let pointer = self.pointer.clone();
        self.facts.entry(name.to_owned()).or_insert((value, pointer));
    }

    fn add(&mut self, name: impl Into<String>, part: Described) {
        self.parts.insert(name.into(), part);
    }
}

impl<'d> Reader<'d> {
    fn document(&self) -> Described {
        let root = At { node: &self.document.root, pointer: String::new() };
        let mut document = Described::at(&root);
        for (name, member) in root.members() {
            match name {
                "paths" => self.paths(&member, &mut document),
                "tags" => {
                    for tag in member.items() {
                        document.add(format!("tag {}", tag.text("name")), verbatim(&tag));
                    }
                }
                "components" => {
                    for (kind, components) in member.members() {
                        for (name, component) in components.members() {
                            self.component(kind, name, &component, &mut document);
                        }
                    }
                }
                "info" => {
                    let mut info = Described::at(&member);
                    member.members().for_each(|(name, member)| info.keep(name, &member));
                    document.add("info", info);
                }
                _ => document.keep(name, &member),
            }
        }
        document
    }

    fn component(&self, kind: &str, name: &str, at: &At<'d>, document: &mut Described) {
        match kind {
            "schemas" if keeps_name(at.node) => {
                let is_object = at.node.get("properties").is_some();
                let kind = if is_object { "schema" } else { "vocabulary" };
                document.add(format!("{kind} {name}"), self.schema(at));
            }
            // These stand where they are referred to.
            "schemas" | "responses" | "parameters" => {}
            _ => document.add(format!("{kind} {name}"), verbatim(at)),
        }
    }

    fn paths(&self, paths: &At<'d>, document: &mut Described) {
        for (path, item) in paths.members() {
            for (method, operation) in item.members() {
                let mut described = self.operation(&operation);
                described.say("path", path.into(), &item);
                described.say("method", method.into(), &operation);
                document.add(format!("operation {}", operation.text("operationId")), described);
            }
        }
    }

    fn operation(&self, at: &At<'d>) -> Described {
        let mut operation = Described::at(at);
        for (name, member) in at.members() {
            match name {
                "parameters" => {
                    for parameter in member.items() {
                        let name = format!("{} {}", parameter.text("in"), parameter.text("name"));
                        operation.add(name, self.parameter(&parameter));
                    }
                }
                "responses" => {
                    for (status, response) in member.members() {
                        operation.add(status, self.response(&response));
                    }
                }
                _ => operation.keep(name, &member),
            }
        }
        operation
    }

    fn parameter(&self, at: &At<'d>) -> Described {
        let mut parameter = Described::at(at);
        let is_in_query = at.text("in") == "query";
        for (name, member) in at.members() {
            match name {
                "schema" => parameter.add("schema", self.schema(&member)),
                _ => parameter.keep(name, &member),
            }
        }
        parameter.default_to("required", false.into());
        parameter.default_to("style", if is_in_query { "form" } else { "simple" }.into());
        parameter.default_to("explode", is_in_query.into());
        parameter
    }

    fn response(&self, at: &At<'d>) -> Described {
        let (at, _) = self.follow(at.clone());
        let mut response = Described::at(&at);
        for (name, member) in at.members() {
            match name {
                "content" => {
                    for (name, media_type) in member.members() {
                        let mut described = Described::at(&media_type);
                        for (name, member) in media_type.members() {
                            match name {
                                "schema" => described.add("schema", self.schema(&member)),
                                _ => described.keep(name, &member),
                            }
                        }
                        response.add(name, described);
                    }
                }
                "links" | "headers" => {
                    for (name, member) in member.members() {
                        response.add(name, verbatim(&member));
                    }
                }
                _ => response.keep(name, &member),
            }
        }
        response
    }

    /// The node that is meant, and the description beside the reference.
    fn follow(&self, mut at: At<'d>) -> (At<'d>, Option<At<'d>>) {
        let mut description = None;
        // A chain of references is short.
        for _ in 0..8 {
            let target = at.node.get("$ref").and_then(Node::as_str);
            let Some(target) = target.and_then(|target| target.strip_prefix('#')) else { break };
            let Some(node) = self.document.root.pointer(target) else { break };
            description = description.or_else(|| at.get("description"));
            at = At { node, pointer: target.to_owned() };
        }
        (at, description)
    }

    fn schema(&self, at: &At<'d>) -> Described {
        let mut schema = Described::at(at);
        self.read_schema(at, &mut schema);
        schema
    }

    /// Takes in what a schema says, and what it refers to where that has no name of its own.
    fn read_schema(&self, at: &At<'d>, schema: &mut Described) {
        let required: BTreeSet<&str> = at
            .node
            .get("required")
            .into_iter()
            .flat_map(|list| list.items().iter().filter_map(Node::as_str))
            .collect();
        for (name, member) in at.members() {
            match name {
                "$ref" => self.reference(at, schema),
                "allOf" | "oneOf" => self.choice(name, &member, schema),
                "type" => read_type(&member, schema),
                "properties" => {
                    for (name, property) in member.members() {
                        let mut described = self.schema(&property);
                        let is_nullable = described.facts.remove("nullable").is_some();
                        let presence = match (required.contains(name), is_nullable) {
                            (true, false) => "required",
                            (true, true) => "required or null",
                            (false, false) => "optional",
                            (false, true) => "optional or null",
                        };
                        described.say("presence", presence.into(), &property);
                        schema.add(name, described);
                    }
                }
                "required" => {
                    let undeclared: Vec<&str> = required
                        .iter()
                        .filter(|name| {
                            at.node.get("properties").is_none_or(|node| node.get(name).is_none())
                        })
                        .copied()
                        .collect();
                    if !undeclared.is_empty() {
                        schema.say("required", undeclared.into(), &member);
                    }
                }
                "items" => schema.add("items", self.schema(&member)),
                "additionalProperties" if member.node.is_object() => {
                    schema.add("additionalProperties", self.schema(&member));
                }
                // The names of members are strings anyway.
                "propertyNames" if member.node.to_json() == json!({ "type": "string" }) => {}
                "nullable" if member.node.as_bool() == Some(false) => {}
                _ => schema.keep(name, &member),
            }
        }
    }

    fn reference(&self, at: &At<'d>, schema: &mut Described) {
        let (target, description) = self.follow(at.clone());
        let name = target.pointer.rsplit('/').next().unwrap_or_default();
        if target.node.get("$ref").is_some() {
            // It leads nowhere.
            schema.say("$ref", target.text("$ref").into(), at);
        } else if keeps_name(target.node) {
            schema.say("$ref", name.into(), at);
            if let Some(nullable) = target.get("nullable") {
                schema.keep("nullable", &nullable);
            }
        } else {
            self.read_schema(&target, schema);
        }
        if let Some(description) = description {
            schema.keep("description", &description);
        }
    }

    fn choice(&self, name: &str, choice: &At<'d>, schema: &mut Described) {
        let is_null = |at: &At<'_>| at.node.to_json() == json!({ "type": "null" });
        let (nulls, others): (Vec<_>, Vec<_>) = choice.items().partition(is_null);
        if !nulls.is_empty() {
            schema.say("nullable", true.into(), choice);
        }
        match others.as_slice() {
            [only] => self.beneath(only, schema),
            [list, words] if name == "oneOf" && list.text("type") == "array" => {
                let (words, _) = self.follow(words.clone());
                match (words.get("enum"), words.get("type")) {
                    (Some(words), Some(kind)) => {
                        self.beneath(list, schema);
                        schema.keep("words", &words);
                        schema.keep("type of words", &kind);
                    }
                    _ => schema.keep(name, choice),
                }
            }
            _ => schema.keep(name, choice),
        }
    }

    /// Takes in a schema within a schema; what is said beside it counts more.
    fn beneath(&self, at: &At<'d>, schema: &mut Described) {
        let read = self.schema(at);
        for (name, fact) in read.facts {
            schema.facts.entry(name).or_insert(fact);
        }
        schema.parts.extend(read.parts);
    }
}

/// Whether a component is an object or a vocabulary.
fn keeps_name(schema: &Node) -> bool {
    ["properties", "x-extensible-enum"].iter().any(|name| schema.get(name).is_some())
}

fn read_type(at: &At<'_>, schema: &mut Described) {
    let types: Vec<At<'_>> = at.items().filter(|item| item.node.as_str() != Some("null")).collect();
    match types.as_slice() {
        [only] => {
            schema.keep("type", only);
            if at.node.items().len() > 1 {
                schema.say("nullable", true.into(), at);
            }
        }
        _ => schema.keep("type", at),
    }
}

fn verbatim(at: &At<'_>) -> Described {
    let mut described = Described::at(at);
    for (name, member) in at.members() {
        if member.node.is_object() {
            described.add(name, verbatim(&member));
        } else {
            described.keep(name, &member);
        }
    }
    described
}
