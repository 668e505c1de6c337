//! Schemas: what would loosen a type in silence, and what a reader needs to find.

mod house;
mod secrecy;
mod types;
mod values;

use super::structure::Visit;
use super::{Report, of_kind};
use crate::source::{Node, Span};
use crate::vocabulary::{Object, Type};

/// What narrows a string so far that it deserves a name.
const NARROWING: [&str; 7] =
    ["enum", "x-extensible-enum", "pattern", "minLength", "maxLength", "minimum", "maximum"];

pub(super) fn check<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
    for visit in of_kind(visits, Object::Schema) {
        let schema = Schema::new(visit);
        types::types(report, &schema);
        types::keywords(report, &schema);
        types::formats(report, &schema);
        values::bounds(report, &schema);
        values::enums(report, &schema);
        if report.house() {
            house::enum_forms(report, &schema);
            house::names(report, &schema);
            house::closed_object(report, &schema);
            house::prose(report, &schema);
            house::required(report, &schema);
            house::precision(report, &schema);
        }
        secrecy::forbidden(report, &schema);
        secrecy::loggable(report, &schema);
    }
    if report.house() {
        house::shared_constraints(report, visits);
    }
}

struct Schema<'v, 'd> {
    visit: &'v Visit<'d>,
    kind: Option<Type>,
}

impl<'v, 'd> Schema<'v, 'd> {
    fn new(visit: &'v Visit<'d>) -> Self {
        let kind = visit.node.get("type").and_then(Node::as_str).and_then(Type::from_name);
        Self { visit, kind }
    }

    fn get(&self, name: &str) -> Option<&'d Node> {
        self.visit.node.get(name)
    }

    /// The place of a key, for findings about its value.
    fn key(&self, name: &str) -> Span {
        self.visit.node.key(name).map_or(self.visit.span, |key| key.span)
    }

    fn is_set(&self, name: &str) -> bool {
        self.get(name).and_then(Node::as_bool) == Some(true)
    }

    /// Whether it stands directly under `components/schemas`.
    fn is_named(&self) -> bool {
        self.parent("/components/schemas").is_some_and(|name| !name.contains('/'))
    }

    /// Whether it is the schema of a member.
    fn is_property(&self) -> bool {
        self.visit.pointer.rsplit('/').nth(1) == Some("properties")
    }

    fn parent(&self, prefix: &str) -> Option<&str> {
        self.visit.pointer.strip_prefix(prefix)?.strip_prefix('/')
    }
}
