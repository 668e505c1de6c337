//! What examples and samples have and the document does not know: members, and values of
//! vocabularies.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::structure::nearest;
use crate::source::{Document, Kind, Node, Span};

/// A member or a value that no schema knows.
pub(super) struct Drift {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: String,
}

/// Compares values with the schemas of one document.
pub(super) struct Search<'d> {
    document: &'d Document,
    /// Values that some schema exempts from its rules stand for a value rather than being one.
    placeholders: HashSet<&'d str>,
    known: HashMap<Vec<*const Node>, Rc<Known<'d>>>,
    found: Vec<Drift>,
}

impl<'d> Search<'d> {
    pub(super) fn new(document: &'d Document, schemas: impl Iterator<Item = &'d Node>) -> Self {
        let lists = schemas.filter_map(|schema| schema.get("x-exempt-values"));
        let placeholders = lists.flat_map(Node::items).filter_map(Node::as_str).collect();
        Self { document, placeholders, known: HashMap::new(), found: Vec::new() }
    }

    /// What a value has and its schema does not know.
    pub(super) fn drift(&mut self, value: &Node, schema: &'d Node) -> Vec<Drift> {
        self.value(value, &[schema]);
        std::mem::take(&mut self.found)
    }

    fn value(&mut self, value: &Node, schemas: &[&'d Node]) {
        let known = self.known(schemas);
        match &value.kind {
            Kind::Object(members) => {
                for (key, member) in members.iter() {
                    if let Some(schemas) = known.properties.get(key.name.as_str()) {
                        self.value(member, schemas);
                    } else if !known.others.is_empty() {
                        self.value(member, &known.others);
                    } else if !known.is_open {
                        let names = known.properties.keys().copied();
                        self.found.push(Drift {
                            span: key.span,
                            message: format!(
                                "has a member `{}` that its schema does not know",
                                key.name
                            ),
                            help: nearest(&key.name, names).map_or_else(
                                || "declare it under `properties`, or remove it here".to_owned(),
                                |near| format!("did you mean `{near}`?"),
                            ),
                        });
                    }
                }
            }
            Kind::Array(items) if !known.items.is_empty() => {
                for item in items {
                    self.value(item, &known.items);
                }
            }
            Kind::String(text)
                if !known.words.is_empty()
                    && !known.takes_any_text
                    && !known.words.contains(text.as_str())
                    && !self.placeholders.contains(text.as_str()) =>
            {
                self.found.push(Drift {
                    span: value.span,
                    message: format!(
                        "has `{text}`, which is none of the values that its schema lists"
                    ),
                    help: nearest(text, known.words.iter().copied()).map_or_else(
                        || "add it to the list, or write one of the list here".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    ),
                });
            }
            _ => {}
        }
    }

    fn known(&mut self, schemas: &[&'d Node]) -> Rc<Known<'d>> {
        let key: Vec<*const Node> =
            schemas.iter().map(|schema| std::ptr::from_ref(*schema)).collect();
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let mut known = Known::default();
        let mut seen = HashSet::new();
        for schema in schemas {
            known.collect(self.document, schema, false, &mut seen);
        }
        known.is_open |= known.properties.is_empty();
        let known = Rc::new(known);
        self.known.insert(key, Rc::clone(&known));
        known
    }
}

/// What some schemas know together. A member that one alternative knows is known, whichever fits.
#[derive(Default)]
struct Known<'d> {
    properties: BTreeMap<&'d str, Vec<&'d Node>>,
    /// The schemas of members that have no name of their own.
    others: Vec<&'d Node>,
    /// Whether the document says that any other member may be there.
    is_open: bool,
    items: Vec<&'d Node>,
    /// The values of open and closed vocabularies.
    words: HashSet<&'d str>,
    /// Whether an alternative is a string without a vocabulary.
    takes_any_text: bool,
}

impl<'d> Known<'d> {
    fn collect(
        &mut self,
        document: &'d Document,
        schema: &'d Node,
        is_part: bool,
        seen: &mut HashSet<*const Node>,
    ) {
        let Some(schema) = document.follow(schema) else {
            self.is_open = true;
            self.takes_any_text = true;
            return;
        };
        if !seen.insert(schema) {
            return;
        }
        for (key, property) in schema.get("properties").into_iter().flat_map(Node::members) {
            self.properties.entry(&key.name).or_default().push(property);
        }
        match schema.get("additionalProperties") {
            Some(node) if node.is_object() => self.others.push(node),
            Some(node) => self.is_open |= node.as_bool() == Some(true),
            None => {}
        }
        self.items.extend(schema.get("items"));
        let lists = ["enum", "x-extensible-enum"].map(|name| schema.get(name));
        let has_list = lists.iter().any(Option::is_some);
        let words = lists.into_iter().flatten().flat_map(Node::items).filter_map(Node::as_str);
        self.words.extend(words);
        let parts = ["allOf", "anyOf", "oneOf"].map(|name| (name, schema.get(name)));
        let has_parts = parts.iter().any(|(_, node)| node.is_some());
        // A part of `allOf` that says nothing of members or values leaves that to the others.
        if !is_part && !has_parts {
            let kind = schema.get("type").and_then(Node::as_str);
            let is_free = schema.get("properties").is_none() && !has_list;
            self.is_open |= is_free && matches!(kind, None | Some("object"));
            self.takes_any_text |= is_free && matches!(kind, None | Some("string"));
        }
        for (name, node) in parts {
            for part in node.into_iter().flat_map(Node::items) {
                self.collect(document, part, is_part || name == "allOf", seen);
            }
        }
    }
}
