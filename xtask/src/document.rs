//! YAML and JSON files as trees in which every node knows its place.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::{DuplicateKeyPolicy, Location, Spanned};

use crate::finding::Finding;

/// A file that findings point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user gave it, for findings.
    pub path: String,
    /// What generated code calls the file; it must not depend on where the file lies.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A range of bytes, and the line and column (1-based, in characters) where it starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub line: u32,
    pub column: u32,
}

impl Span {
    /// The place at a line and a column (both 1-based, the column in characters).
    pub fn at(text: &str, line: usize, column: usize) -> Self {
        let before: usize =
            text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text.get(before..).unwrap_or_default();
        let within: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let start = before + within;
        Self { start, end: start, line: number(line), column: number(column) }
    }

    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// The fixed fields of a path item that hold operations.
pub const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'d> {
    pub path: &'d Key,
    pub item: &'d Node,
    pub method: &'d Key,
    pub node: &'d Node,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub span: Span,
    pub kind: Kind,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub enum Kind {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(String),
    Array(Vec<Node>),
    /// Members in the order of the file, without duplicates.
    Object(Vec<(Key, Node)>),
}

/// A member's name with its place.
#[derive(Clone, Debug)]
pub struct Key {
    pub span: Span,
    pub name: String,
}

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Document {
    pub source: Arc<Source>,
    pub root: Node,
}

impl Document {
    /// Parses YAML, of which JSON is a part.
    ///
    /// Every duplicate key is a finding, and so is a document that grows without bound through its
    /// aliases.
    pub fn parse(path: impl Into<String>, text: impl Into<String>) -> Result<Self, Vec<Finding>> {
        let path = path.into();
        let source = Arc::new(Source { name: path.clone(), path, text: text.into() });
        Self::read(source)
    }

    /// [`parse`](Self::parse), of a file with another name in generated code.
    pub fn parse_named(
        path: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Self, Vec<Finding>> {
        Self::read(Arc::new(Source { path: path.into(), name: name.into(), text: text.into() }))
    }

    fn read(source: Arc<Source>) -> Result<Self, Vec<Finding>> {
        // Without aliases, a text has no more nodes than bytes, and at most two events for each.
        let size = source.text.len();
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_nodes: size.max(250_000),
                max_events: (2 * size).max(1_000_000),
            },
            duplicate_keys: DuplicateKeyPolicy::PassThrough,
            strict_booleans: true,
            with_snippet: false,
        };
        let parsed = serde_saphyr::from_str_with_options::<Spanned<Raw>>(&source.text, options);
        let raw = match parsed {
            Ok(raw) => raw,
            Err(error) => {
                let span = error.location().map_or_else(Span::default, |at| span(&source.text, at));
                return Err(vec![Finding::new(
                    "well-formed-yaml",
                    &source,
                    span,
                    format!("cannot read the file as YAML: {}", reason(&error)),
                    "mend the syntax here or just above: indent with blanks, quote a text that holds `: ` or \
                     ` #` or starts with a mark, and keep one document in a file",
                )]);
            }
        };
        let mut builder = Builder { source: &source, findings: Vec::new() };
        let root = builder.node(raw);
        if builder.findings.is_empty() { Ok(Self { source, root }) } else { Err(builder.findings) }
    }

    /// The node that a local reference (`#/components/schemas/Order`) points to.
    pub fn resolve(&self, reference: &str) -> Option<&Node> {
        self.root.pointer(&local_pointer(reference)?)
    }

    /// The object that is meant: the node itself, or what its chain of references ends in.
    pub fn follow<'d>(&'d self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        // A chain of references is short; a longer one is a circle, which leads nowhere.
        for _ in 0..64 {
            match node.get("$ref").and_then(Node::as_str) {
                Some(reference) => node = self.resolve(reference)?,
                None => return Some(node),
            }
        }
        None
    }

    /// The operations of all paths, each with its path item, the key of its path, and that of its
    /// method.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.root.get("paths").into_iter().flat_map(Node::members).flat_map(|(path, item)| {
            let operations = item.members().iter();
            operations
                .filter(|(method, node)| {
                    METHODS.contains(&method.name.as_str()) && node.is_object()
                })
                .map(move |(method, node)| Operation { path, item, method, node })
        })
    }
}

impl Node {
    /// The member of an object.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members().iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The name of a member, with its place.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.members().iter().find(|(key, _)| key.name == name).map(|(key, _)| key)
    }

    /// The members of an object; none for any other node.
    pub fn members(&self) -> &[(Key, Node)] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array; none for any other node.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// The schemas that stand directly within a schema object.
    pub fn subschemas(&self) -> impl Iterator<Item = &Node> {
        let properties = self.get("properties").into_iter().flat_map(Node::members);
        let single = ["items", "additionalProperties", "not"].into_iter();
        let lists = ["allOf", "anyOf", "oneOf"].into_iter();
        properties
            .map(|(_, property)| property)
            .chain(single.filter_map(|name| self.get(name)).filter(|node| node.is_object()))
            .chain(lists.filter_map(|name| self.get(name)).flat_map(Node::items))
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_u64(&self) -> Option<u64> {
        match &self.kind {
            Kind::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    pub fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object(_))
    }

    /// The node at a JSON Pointer (RFC 6901).
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |node, token| {
            let token = unescape(token);
            match &node.kind {
                Kind::Array(items) => items.get(token.parse::<usize>().ok()?),
                _ => node.get(&token),
            }
        })
    }

    /// The deepest node on the way to a JSON Pointer, for values that end early.
    pub fn nearest(&self, pointer: &str) -> &Node {
        let mut end = pointer.len();
        loop {
            if let Some(node) = self.pointer(&pointer[..end]) {
                return node;
            }
            end = pointer[..end].rfind('/').unwrap_or(0);
        }
    }

    /// The value without its places.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Array(items) => items.iter().map(Node::to_json).collect(),
            Kind::Object(members) => Value::Object(
                members.iter().map(|(key, node)| (key.name.clone(), node.to_json())).collect(),
            ),
        }
    }
}

/// Escapes a name for use in a JSON Pointer (RFC 6901).
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// The JSON Pointer in a reference into its own document (`#/components/schemas/Order`), which is a
/// URI fragment and thus percent-encoded (RFC 6901, section 6).
pub fn local_pointer(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let mut rest = fragment.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((first, after)) = rest.split_first() {
        let digit = |index: usize| char::from(*after.get(index)?).to_digit(16);
        let code = (*first == b'%').then(|| Some(digit(0)? * 16 + digit(1)?)).flatten();
        // A sign without two digits is no escape and means itself.
        bytes.push(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The parser's own sentence, without the place that the finding shows anyway.
fn reason(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let line = text.lines().next().unwrap_or_default();
    // What follows a semicolon is advice for programmers.
    let reason = line.split(" at line ").next().unwrap_or_default();
    let reason = reason.split("; use ").next().unwrap_or_default();
    if reason.starts_with("budget breached") {
        return format!("it is nested too deep, or its aliases make it too large ({reason})");
    }
    reason.to_owned()
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
    Number(serde_json::Number),
    NoJsonNumber,
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
        Ok(Raw::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Raw::NoJsonNumber, Raw::Number))
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
            Raw::Number(number) => Kind::Number(number),
            Raw::NoJsonNumber => {
                self.findings.push(Finding::new(
                    "well-formed-yaml",
                    self.source,
                    span,
                    "this number has no form in JSON",
                    "write a finite decimal number, or quote the text",
                ));
                Kind::Null
            }
            Raw::String(text) => Kind::String(text),
            Raw::Array(items) => {
                Kind::Array(items.into_iter().map(|item| self.node(item)).collect())
            }
            Raw::Object(members) => Kind::Object(self.members(members)),
        };
        Node { span, kind }
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
                        "duplicate-key",
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
