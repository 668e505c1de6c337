//! Reads YAML, of which JSON is a part, into a tree of located nodes.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Location, NonFiniteFloatPolicy, Spanned};

use super::document::Document;
use super::finding::Finding;
use super::number::Number;
use super::place::{Source, Span};
use super::tree::{Key, Kind, Node};
use crate::rule::Rule;

/// How deep lists and mappings may stand within each other.
const MOST_NESTED: usize = 64;

/// How many nodes aliases may add to a text.
const MOST_ALIASED: usize = 250_000;

/// Parses a file.
pub(super) fn read(source: Arc<Source>) -> Result<Document, Vec<Finding>> {
    // Without aliases, a text has no more nodes than bytes, and at most two events for each.
    let size = source.text.len();
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MOST_NESTED,
            max_nodes: size + MOST_ALIASED,
            max_events: 2 * (size + MOST_ALIASED),
            max_aliases: size,
            max_anchors: size,
            // Many aliases of one anchor are harmless as long as the whole stays small.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MOST_ALIASED },
        // Whether a number is too large for a float is of no interest: its text is kept.
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        with_snippet: false,
    };
    let parsed = serde_saphyr::from_str_with_options::<Spanned<Raw>>(&source.text, options);
    let raw = match parsed {
        Ok(raw) => raw,
        Err(error) => {
            let span = error.location().map_or_else(Span::default, |at| span(&source.text, at));
            let (rule, message, help) = reason(&error);
            return Err(vec![Finding::new(rule, &source, span, message, help)]);
        }
    };
    let mut builder = Builder { source: &source, findings: Vec::new() };
    let root = builder.node(raw);
    if builder.findings.is_empty() { Ok(Document { source, root }) } else { Err(builder.findings) }
}

/// What is wrong, in the parser's own words without the place that the finding shows anyway, and
/// what to do about it.
fn reason(error: &serde_saphyr::Error) -> (Rule, String, &'static str) {
    let text = error.without_snippet().to_string();
    let line = text.lines().next().unwrap_or_default();
    // What follows a semicolon is advice for programmers.
    let reason = line.split(" at line ").next().unwrap_or_default();
    let reason = reason.split("; use ").next().unwrap_or_default();
    if reason.starts_with("budget breached: Depth") {
        return (
            Rule::DocumentSize,
            format!("the file is nested deeper than {MOST_NESTED} levels"),
            "give inner parts a name under `components` and refer to them",
        );
    }
    if reason.starts_with("budget breached") || reason.starts_with("alias replay") {
        return (
            Rule::DocumentSize,
            format!("the file's aliases add more than {MOST_ALIASED} nodes to it"),
            "write `$ref` in place of aliases: what it refers to is not copied",
        );
    }
    (
        Rule::WellFormedYaml,
        format!("cannot read the file as YAML: {reason}"),
        "correct the syntax here or just above: indent with blanks, quote a text that holds `: ` or \
         ` #` or starts with a mark, and keep one document in a file",
    )
}

fn span(text: &str, location: Location) -> Span {
    let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    let number = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    match (location.span().byte_offset(), location.span().byte_len()) {
        (Some(offset), Some(length)) => Span {
            start: size(offset).min(text.len()),
            end: size(offset + length).min(text.len()),
            line: number(location.line()),
            column: number(location.column()),
        },
        _ => Span::at(text, size(location.line()), size(location.column())),
    }
}

/// A node as the parser delivers it, with duplicate keys still in it.
enum Raw {
    Null,
    Bool(bool),
    /// A number in the form of JSON, for where the document writes it in another one (`0x1F`).
    Number(String),
    String(String),
    Array(Vec<Spanned<Raw>>),
    Object(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Raw::Object(members))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Deserialize::deserialize(deserializer)
    }
}

struct Builder<'s> {
    source: &'s Arc<Source>,
    findings: Vec<Finding>,
}

impl Builder<'_> {
    fn node(&mut self, raw: Spanned<Raw>) -> Node {
        let span = span(&self.source.text, raw.defined);
        let kind = match raw.value {
            Raw::Null => Kind::Null,
            Raw::Bool(value) => Kind::Bool(value),
            Raw::Number(number) => self.number(span, &number),
            Raw::String(text) => Kind::String(text),
            Raw::Array(items) => {
                Kind::Array(items.into_iter().map(|item| self.node(item)).collect())
            }
            Raw::Object(members) => Kind::Object(self.members(members).into_iter().collect()),
        };
        Node { span, kind }
    }

    /// A number as the document writes it, or as the parser read it if that is no JSON.
    fn number(&mut self, span: Span, read: &str) -> Kind {
        let written = self.source.text.get(span.range()).unwrap_or_default();
        if let Some(number) = Number::parse(written).or_else(|| Number::parse(read)) {
            return Kind::Number(number);
        }
        self.findings.push(Finding::new(
            Rule::WellFormedYaml,
            self.source,
            span,
            "this number has no form in JSON",
            "write a finite decimal number, or quote the text",
        ));
        Kind::Null
    }

    fn members(&mut self, raw: Vec<(Spanned<String>, Spanned<Raw>)>) -> Vec<(Key, Node)> {
        let mut seen = HashMap::<String, Span>::new();
        let mut members = Vec::with_capacity(raw.len());
        for (name, value) in raw {
            let key = Key { span: span(&self.source.text, name.defined), name: name.value };
            let node = self.node(value);
            if let Some(first) = seen.get(&key.name) {
                self.findings.push(
                    Finding::new(
                        Rule::DuplicateKey,
                        self.source,
                        key.span,
                        format!("the key `{}` stands twice in one mapping", key.name),
                        "keep one of the two, or rename one; a parser that accepts both loses one \
                         in silence",
                    )
                    .with_related(*first, "it stands here first"),
                );
            } else {
                seen.insert(key.name.clone(), key.span);
                members.push((key, node));
            }
        }
        members
    }
}
