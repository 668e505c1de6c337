//! Values in which every node knows its place, and JSON Pointers into them.

use std::collections::HashMap;
use std::ops::Deref;

use serde_json::Value;

use super::number::Number;
use super::place::Span;
use crate::vocabulary::{Effect, Keyword, Shape};

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
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Members),
}

/// Members in the order of the file, without duplicates.
#[derive(Clone, Debug, Default)]
pub struct Members {
    list: Vec<(Key, Node)>,
    /// Where each name stands, for objects of which a search would take long.
    index: HashMap<String, usize>,
}

impl Members {
    /// Up to so many members are compared one by one.
    const FEW: usize = 16;

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&Key, &mut Node)> {
        self.list.iter_mut().map(|(key, node)| (&*key, node))
    }

    fn position(&self, name: &str) -> Option<usize> {
        if self.list.len() <= Self::FEW {
            return self.list.iter().position(|(key, _)| key.name == name);
        }
        self.index.get(name).copied()
    }
}

impl FromIterator<(Key, Node)> for Members {
    fn from_iter<I: IntoIterator<Item = (Key, Node)>>(members: I) -> Self {
        let list: Vec<(Key, Node)> = members.into_iter().collect();
        let names = list.iter().map(|(key, _)| key.name.clone());
        let index = if list.len() <= Self::FEW {
            HashMap::new()
        } else {
            names.enumerate().map(|(index, name)| (name, index)).collect()
        };
        Self { list, index }
    }
}

impl Deref for Members {
    type Target = [(Key, Node)];

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

/// A member's name with its place.
#[derive(Clone, Debug)]
pub struct Key {
    pub span: Span,
    pub name: String,
}

impl Node {
    /// The member of an object.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.member(name).map(|(_, node)| node)
    }

    /// The name of a member, with its place.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.member(name).map(|(key, _)| key)
    }

    fn member(&self, name: &str) -> Option<&(Key, Node)> {
        match &self.kind {
            Kind::Object(members) => members.position(name).map(|index| &members[index]),
            _ => None,
        }
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

    /// Moves all places by a number of bytes.
    pub(super) fn shift(&mut self, bytes: usize) {
        let shift = |span: &mut Span| {
            span.start += bytes;
            span.end += bytes;
        };
        shift(&mut self.span);
        match &mut self.kind {
            Kind::Array(items) => items.iter_mut().for_each(|item| item.shift(bytes)),
            Kind::Object(members) => {
                for (key, node) in &mut members.list {
                    shift(&mut key.span);
                    node.shift(bytes);
                }
            }
            _ => {}
        }
    }

    /// The schemas that stand directly within a schema object.
    pub fn subschemas(&self) -> impl Iterator<Item = &Node> {
        let applicators = Keyword::of(Effect::Applicator);
        let values =
            applicators.filter_map(|keyword| Some((keyword, self.get(keyword.field.name)?)));
        values.flat_map(|(keyword, value)| {
            let single = matches!(keyword.field.shape, Shape::One(_) | Shape::AdditionalProperties);
            let members = if single { &[] } else { value.members() };
            let single = Some(value).filter(|value| single && value.is_object());
            single.into_iter().chain(value.items()).chain(members.iter().map(|(_, node)| node))
        })
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

    /// The value without its places; numbers as exactly as `serde_json` can hold them.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => Value::Number(number.to_json()),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Array(items) => items.iter().map(Node::to_json).collect(),
            Kind::Object(members) => Value::Object(
                members.iter().map(|(key, node)| (key.name.clone(), node.to_json())).collect(),
            ),
        }
    }
}

impl Node {
    /// The value as JSON on one line, with numbers as the document writes them.
    pub fn json(&self) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        match &self.kind {
            Kind::Number(number) => number.to_string(),
            Kind::Array(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Kind::Object(members) => {
                let members = members.iter();
                let members: Vec<String> = members
                    .map(|(key, node)| format!("{}:{}", quoted(&key.name), node.json()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::String(text) => quoted(text),
        }
    }

    /// The same text for equal values: members in any order, numbers in any spelling.
    pub fn canonical(&self) -> String {
        match &self.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(number) => number.canonical(),
            Kind::String(text) => format!("{text:?}"),
            Kind::Array(items) => {
                let items: Vec<String> = items.iter().map(Self::canonical).collect();
                format!("[{}]", items.join(","))
            }
            Kind::Object(members) => {
                let mut members: Vec<String> = members
                    .iter()
                    .map(|(key, node)| format!("{:?}:{}", key.name, node.canonical()))
                    .collect();
                members.sort_unstable();
                format!("{{{}}}", members.join(","))
            }
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
    reference.strip_prefix('#').map(percent_decoded)
}

/// A text in which `%` and two digits stood for a byte (RFC 3986, section 2.1).
pub(super) fn percent_decoded(text: &str) -> String {
    let mut rest = text.as_bytes();
    let mut bytes = Vec::with_capacity(text.len());
    while let Some((first, after)) = rest.split_first() {
        let digit = |index: usize| char::from(*after.get(index)?).to_digit(16);
        let code = (*first == b'%').then(|| Some(digit(0)? * 16 + digit(1)?)).flatten();
        // A sign without two digits is no escape and means itself.
        bytes.push(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
