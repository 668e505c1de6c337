//! Reads the document; everything that has no meaning is a finding.

mod operation;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use super::direction::Directions;
use super::kinds::Kinds;
use super::{Model, Server, Tag};
use crate::rule::Rule;
use crate::source::{Document, Finding, Key, Node, Span, Unresolved, escape};

/// Reads all but the directions, which follow from the rest.
pub(super) fn read(document: &Document) -> Result<Model, Vec<Finding>> {
    let mut reader = Reader::new(document);
    let root = &document.root;
    let info = |name: &str| root.get("info").and_then(|info| text(info, name)).unwrap_or_default();
    let described = |section: &str, name: &str| {
        let items = root.get(section).map_or(&[][..], Node::items).iter();
        let read = |item: &Node| Some((item.span, text(item, name)?, text(item, "description")));
        items.filter_map(read).collect::<Vec<_>>()
    };
    let servers = described("servers", "url").into_iter();
    let servers = servers.map(|(span, url, description)| Server { span, url, description });
    let tags = described("tags", "name").into_iter();
    let tags = tags.map(|(span, name, description)| Tag { span, name, description });

    let mut schemas = Vec::new();
    let components = "/components/schemas";
    for (key, node) in root.pointer(components).map_or(&[][..], Node::members) {
        let pointer = format!("{components}/{}", escape(&key.name));
        reader.place(&pointer, key.span);
        schemas.push((key.name.clone(), reader.schema(node, &pointer)));
    }
    let operations = reader.operations();
    // Reading a target may find further references.
    while let Some(target) = reader.targets.pop() {
        if let Some(node) = root.pointer(&target) {
            schemas.push((name_of(&target), reader.schema(node, &target)));
        }
    }
    if !reader.findings.is_empty() {
        return Err(reader.findings);
    }
    let pointers = schemas.iter().enumerate();
    Ok(Model {
        source: document.source.clone(),
        span: root.span,
        title: info("title"),
        version: info("version"),
        servers: servers.collect(),
        tags: tags.collect(),
        index: pointers.map(|(index, (_, schema))| (schema.pointer.clone(), index)).collect(),
        schemas,
        operations,
        places: reader.places,
        directions: Directions::default(),
        kinds: Kinds::default(),
    })
}

/// A name for a schema outside of the components, from the last parts of its place.
fn name_of(pointer: &str) -> String {
    let skipped = ["components", "schemas", "properties", "schema", "content"];
    let parts = pointer.split('/').filter(|part| !part.is_empty() && !skipped.contains(part));
    parts.collect::<Vec<_>>().join(" ")
}

fn text(node: &Node, name: &str) -> Option<String> {
    node.get(name).and_then(Node::as_str).map(str::to_owned)
}

fn flag(node: &Node, name: &str) -> bool {
    node.get(name).and_then(Node::as_bool).unwrap_or_default()
}

struct Reader<'d> {
    document: &'d Document,
    findings: Vec<Finding>,
    places: BTreeMap<String, (u32, u32)>,
    /// The schemas that are read or about to be, by their JSON Pointers.
    known: BTreeSet<String>,
    /// Those of them that are not components and yet to be read.
    targets: Vec<String>,
}

impl<'d> Reader<'d> {
    fn new(document: &'d Document) -> Self {
        let schemas = document.root.pointer("/components/schemas").map_or(&[][..], Node::members);
        let pointer = |key: &Key| format!("/components/schemas/{}", escape(&key.name));
        Self {
            document,
            known: schemas.iter().map(|(key, _)| pointer(key)).collect(),
            findings: Vec::new(),
            places: BTreeMap::new(),
            targets: Vec::new(),
        }
    }

    /// The object that is meant, with its place: the node itself, or what its reference means.
    fn follow(&mut self, at: &str, node: &'d Node) -> Option<(String, &'d Node)> {
        let why = match self.document.target(at.to_owned(), node) {
            Ok(target) => return Some(target),
            Err(why) => why,
        };
        let reference = node.get("$ref").unwrap_or(node);
        let text = reference.as_str().unwrap_or_default();
        let (rule, message, help) = match why {
            Unresolved::NoText => {
                self.malformed(reference, "$ref", "a string");
                return None;
            }
            Unresolved::Remote => (
                Rule::RemoteReference,
                format!("`{text}` is not in this document"),
                "copy what it refers to into `components`",
            ),
            Unresolved::Nothing => (
                Rule::UnresolvedReference,
                format!("`{text}` leads to nothing"),
                "correct the reference, or add what it refers to",
            ),
            Unresolved::Circle => (
                Rule::CircularReference,
                format!("`{text}` leads back to itself"),
                "let one of the references lead elsewhere",
            ),
        };
        self.find(rule, reference.span, message, help);
        None
    }

    fn place(&mut self, pointer: &str, span: Span) {
        self.places.insert(pointer.to_owned(), (span.line, span.column));
    }

    fn find(&mut self, rule: Rule, span: Span, message: String, help: &str) {
        self.findings.push(Finding::new(rule, &self.document.source, span, message, help));
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
}
