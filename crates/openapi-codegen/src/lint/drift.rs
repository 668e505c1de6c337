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
        let mut open: Vec<_> = schemas.iter().map(|schema| (*schema, false)).collect();
        while let Some((schema, is_part)) = open.pop() {
            match self.document.follow(schema) {
                Some(schema) if seen.insert(std::ptr::from_ref(schema)) => {
                    known.add(schema, is_part);
                    open.extend(parts(schema, is_part));
                }
                Some(_) => {}
                None => {
                    known.is_open = true;
                    known.takes_any_text = true;
                }
            }
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
    /// Adds what a schema says itself; a part of `allOf` leaves to the others what it does not say.
    fn add(&mut self, schema: &'d Node, is_part: bool) {
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
        if !is_part && parts(schema, is_part).next().is_none() {
            let kind = schema.get("type").and_then(Node::as_str);
            let is_free = schema.get("properties").is_none() && !has_list;
            self.is_open |= is_free && matches!(kind, None | Some("object"));
            self.takes_any_text |= is_free && matches!(kind, None | Some("string"));
        }
    }
}

/// The schemas that a schema consists of, with whether they are parts of `allOf`.
fn parts(schema: &Node, is_part: bool) -> impl Iterator<Item = (&Node, bool)> {
    ["allOf", "anyOf", "oneOf"].into_iter().flat_map(move |name| {
        let items = schema.get(name).map_or(&[][..], Node::items).iter();
        items.map(move |part| (part, is_part || name == "allOf"))
    })
}
