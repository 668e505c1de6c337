//! Names as typify and progenitor make them, and those that would not compile.

use std::collections::BTreeMap;

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::view::TolerantView;
use crate::rule::Rule;
use crate::source::Finding;
use crate::source::{Document, Key, Node, Span};

/// What the generated client and its hooks are called by.
const CLIENT: [&str; 8] =
    ["api_version", "baseurl", "client", "exec", "inner", "new_with_client", "post", "pre"];

/// What generated code calls without a path.
const STANDARD: [&str; 5] = ["Box", "Option", "Result", "String", "Vec"];

/// The name of the type that a schema becomes.
pub(super) fn type_name(name: &str) -> String {
    words(name).to_upper_camel_case()
}

/// The name of the field or the argument that a property or a parameter becomes.
fn field_name(name: &str) -> String {
    words(name).to_snake_case()
}

/// What a name is split at, and what it is not.
fn words(name: &str) -> String {
    match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => name.replace('\'', "").replace(|character: char| !character.is_alphanumeric(), "-"),
    }
}

/// Names that differ in the document and not in Rust, or that Rust has already.
pub(super) fn findings(document: &Document, view: &TolerantView) -> Vec<Finding> {
    let mut names = Names { document, findings: Vec::new() };
    let root = &document.root;
    for operation in document.operations() {
        names.method(operation.node);
        names.arguments(operation.item, operation.node);
    }
    let components = root.pointer("/components/schemas").map(Node::members).unwrap_or_default();
    let reached = view.api.components.as_ref().map(|components| &components.schemas);
    let is_reached =
        |key: &Key| reached.is_some_and(|schemas| schemas.contains_key(key.name.as_str()));
    let types = components.iter().map(|(key, _)| key).filter(|key| is_reached(key));
    names.types(types);
    for (key, schema) in components {
        if is_reached(key) && !view.enums.iter().any(|open| open.name == key.name) {
            names.variants(schema);
        }
    }
    let mut schemas: Vec<&Node> = components.iter().map(|(_, schema)| schema).collect();
    in_place(root, &mut schemas);
    while let Some(schema) = schemas.pop() {
        names.fields(schema);
        schemas.extend(schema.subschemas());
    }
    names.findings.sort_by_key(|finding| finding.span);
    names.findings.dedup_by_key(|finding| finding.span);
    names.findings
}

/// The schemas of parameters and bodies.
fn in_place<'d>(node: &'d Node, schemas: &mut Vec<&'d Node>) {
    for (key, value) in node.members() {
        match key.name.as_str() {
            "schema" => schemas.push(value),
            "example" | "examples" | "schemas" => {}
            _ => in_place(value, schemas),
        }
    }
    node.items().iter().for_each(|item| in_place(item, schemas));
}

struct Names<'d> {
    document: &'d Document,
    findings: Vec<Finding>,
}

impl<'d> Names<'d> {
    fn taken(&mut self, span: Span, message: String, help: &str) {
        self.findings.push(Finding::new(
            Rule::NameClash,
            &self.document.source,
            span,
            message,
            help,
        ));
    }

    fn method(&mut self, operation: &Node) {
        let Some(id) = operation.get("operationId") else { return };
        let name = field_name(id.as_str().unwrap_or_default());
        if CLIENT.contains(&name.as_str()) {
            let message = format!("the generated client has a method `{name}` of its own");
            self.taken(id.span, message, "give the operation another `operationId`");
        }
    }

    fn arguments(&mut self, item: &'d Node, operation: &'d Node) {
        let mut declared = BTreeMap::new();
        for list in [item, operation].into_iter().filter_map(|node| node.get("parameters")) {
            for node in list.items() {
                let Some(parameter) = self.document.follow(node) else { continue };
                let text = |key| parameter.get(key).and_then(Node::as_str).unwrap_or_default();
                // An operation's parameter takes the place of the path's.
                declared.insert((text("name"), text("in")), node.span);
            }
        }
        let body = operation.key("requestBody").map(|key| (("body", "body"), key.span));
        let mut named: BTreeMap<String, (&str, Span)> = BTreeMap::new();
        for ((name, _), span) in declared.into_iter().chain(body) {
            match named.get(&field_name(name)) {
                None => drop(named.insert(field_name(name), (name, span))),
                Some(&(other, first)) if other == name && name != "body" => self.clash(
                    Rule::Parameter,
                    (span, first),
                    format!("`{name}` is a parameter in two places, and one argument in Rust"),
                    "rename one of the two",
                ),
                Some(&(_, first)) => self.clash(
                    Rule::NameClash,
                    (span, first),
                    format!("`{name}` becomes `{}` in Rust, and so does another", field_name(name)),
                    "rename one of the two",
                ),
            }
        }
    }

    fn types(&mut self, keys: impl Iterator<Item = &'d Key>) {
        let mut named: BTreeMap<String, Span> = BTreeMap::new();
        for key in keys {
            let name = type_name(&key.name);
            if STANDARD.contains(&name.as_str()) {
                let message = format!("a schema called `{}` hides Rust's `{name}`", key.name);
                self.taken(key.span, message, "rename the schema and what refers to it");
            }
            match named.get(&name) {
                None => drop(named.insert(name, key.span)),
                Some(&first) => self.clash(
                    Rule::NameClash,
                    (key.span, first),
                    format!("`{}` becomes `{name}` in Rust, and so does another", key.name),
                    "rename one of the schemas and what refers to it",
                ),
            }
        }
    }

    fn fields(&mut self, schema: &'d Node) {
        let mut named: BTreeMap<String, &Key> = BTreeMap::new();
        let mut keys = Vec::new();
        self.properties(schema, 0, &mut keys);
        for key in keys {
            match named.get(&field_name(&key.name)) {
                None => drop(named.insert(field_name(&key.name), key)),
                Some(first) if first.name == key.name => {}
                Some(first) => {
                    let name = field_name(&key.name);
                    self.clash(
                        Rule::NameClash,
                        (key.span, first.span),
                        format!("`{}` becomes `{name}` in Rust, and so does another", key.name),
                        "rename one of the properties",
                    );
                }
            }
        }
    }

    /// The properties that one type gets, those of `allOf` among them.
    fn properties(&self, schema: &'d Node, depth: usize, keys: &mut Vec<&'d Key>) {
        keys.extend(
            schema.get("properties").into_iter().flat_map(Node::members).map(|(key, _)| key),
        );
        // A schema that consists of itself has its own rule.
        if depth < 16 {
            for branch in schema.get("allOf").map(Node::items).unwrap_or_default() {
                self.properties(self.document.follow(branch).unwrap_or(branch), depth + 1, keys);
            }
        }
    }

    /// typify tries two sets of names for the values of a closed enum.
    fn variants(&mut self, schema: &Node) {
        let values = schema.get("enum").map(Node::items).unwrap_or_default();
        let second = |value: &str| {
            type_name(&value.replace(|character: char| !character.is_alphanumeric(), "X"))
        };
        if let (Some(clash), Some(_)) = (same(values, type_name), same(values, second)) {
            let (first, again) = clash;
            let value = again.as_str().unwrap_or_default();
            self.clash(
                Rule::NameClash,
                (again.span, first.span),
                format!("`{value}` becomes `{}` in Rust, and so does another", type_name(value)),
                "write `x-extensible-enum`, which numbers such values, or leave one out",
            );
        }
    }

    fn clash(&mut self, rule: Rule, (span, first): (Span, Span), message: String, help: &str) {
        let finding = Finding::new(rule, &self.document.source, span, message, help);
        self.findings.push(finding.with_related(first, "the other one"));
    }
}

/// The first two values that get one name.
fn same(values: &[Node], name: impl Fn(&str) -> String) -> Option<(&Node, &Node)> {
    let mut named = BTreeMap::new();
    let mut values = values.iter().filter(|value| value.as_str().is_some());
    values.find_map(|value| {
        let first = named.insert(name(value.as_str().unwrap_or_default()), value)?;
        Some((first, value))
    })
}

#[cfg(test)]
mod tests {
    use super::super::view;
    use super::*;

    /// A document whose one operation has these members, with these components.
    fn run(operation: &str, components: &str) -> Vec<(Rule, String, Option<u32>)> {
        let text = format!(
            "openapi: 3.0.3
info: {{ title: T, version: '1' }}
paths:
  /things/{{id}}:
    get:
      responses: {{ '200': {{ description: D, content: {{ application/json: {{ schema: {{ type: array, items: {{ $ref: '#/components/schemas/Root' }} }} }} }} }} }}
      {operation}
components:
  schemas:
    Root: {{ type: object, properties: {{ a: {{ $ref: '#/components/schemas/A' }}, b: {{ $ref: '#/components/schemas/B' }} }} }}
{components}
"
        );
        let document = Document::parse("api.yaml", text).expect("the document is YAML");
        let view = view::view(&document).expect("the document is OpenAPI");
        let findings = findings(&document, &view).into_iter();
        let related = |finding: &Finding| finding.related.first().map(|other| other.span.line);
        findings.map(|f| (f.rule, f.message.clone(), related(&f))).collect()
    }

    #[test]
    fn names_that_rust_cannot_tell_apart_are_findings_with_both_places() {
        let id = "operationId: get_thing";
        for (operation, components, message, has_other) in [
            ("operationId: newWithClient", "", "the generated client has a method `new_with_client` of its own", false),
            ("operationId: new", "", "", false),
            (
                "parameters: [{ name: id, in: path, required: true, schema: {} }, { name: id, in: query, schema: {} }]",
                "",
                "`id` is a parameter in two places, and one argument in Rust",
                true,
            ),
            (
                "parameters: [{ name: maxResults, in: query, schema: {} }, { name: max-results, in: query, schema: {} }]",
                "",
                "`maxResults` becomes `max_results` in Rust, and so does another",
                true,
            ),
            (
                "parameters: [{ name: Body, in: query, schema: {} }]\n      requestBody: { content: {} }",
                "",
                "`body` becomes `body` in Rust, and so does another",
                true,
            ),
            (
                id,
                "    A: { type: object, properties: { Notes: { type: string }, notes: { type: string } } }",
                "`notes` becomes `notes` in Rust, and so does another",
                true,
            ),
            (
                id,
                "    A: { allOf: [{ $ref: '#/components/schemas/B' }, { type: object, properties: { fooBar: {} } }] }
    B: { type: object, properties: { foo_bar: {} } }",
                "`fooBar` becomes `foo_bar` in Rust, and so does another",
                true,
            ),
            (
                id,
                "    A: { type: object, properties: { x: { $ref: '#/components/schemas/Foo_Bar' }, y: { $ref: '#/components/schemas/FooBar' } } }
    Foo_Bar: { type: object, properties: { x: {} } }
    FooBar: { type: object, properties: { x: {} } }",
                "`FooBar` becomes `FooBar` in Rust, and so does another",
                true,
            ),
            (
                id,
                "    A: { $ref: '#/components/schemas/Option' }
    Option: { type: object, properties: { x: {} } }",
                "a schema called `Option` hides Rust's `Option`",
                false,
            ),
            (
                "parameters: [{ name: sort, in: query, schema: { $ref: '#/components/schemas/Sort' } }]",
                "    Sort: { type: string, enum: [Name, name] }",
                "`name` becomes `Name` in Rust, and so does another",
                true,
            ),
            (
                "parameters: [{ name: sort, in: query, schema: { $ref: '#/components/schemas/Sort' } }]",
                "    Sort: { type: string, enum: [name, -name] }",
                "",
                false,
            ),
        ] {
            let found = run(operation, components);
            let expected: Vec<&str> = Some(message).filter(|text| !text.is_empty()).into_iter().collect();
            let messages: Vec<&str> = found.iter().map(|(_, message, _)| message.as_str()).collect();
            assert_eq!(messages, expected, "{operation} {components}");
            assert!(found.iter().all(|(_, _, other)| other.is_some() == has_other), "{found:?}");
        }
    }
}
