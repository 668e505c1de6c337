//! A parsed file, its references, and its operations.

use std::path::Path;
use std::sync::Arc;

use super::files;
use super::finding::Finding;
use super::place::Source;
use super::tree::{Key, Node, local_pointer};
use super::yaml;

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

/// Why a reference leads to no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// `$ref` is no string.
    NoText,
    /// It leads out of the document.
    Remote,
    /// There is nothing at its end.
    Nothing,
    /// Its references lead in a circle.
    Circle,
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
        yaml::read(Arc::new(Source::new(path.clone(), path, text)))
    }

    /// [`parse`](Self::parse), of a file with another name in generated code.
    pub fn parse_named(
        path: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Self, Vec<Finding>> {
        yaml::read(Arc::new(Source::new(path, name, text)))
    }

    /// The document with the files that it refers to, which are those of its folder and of the folders
    /// within: they become a member of it ([`FILES`](super::FILES)).
    ///
    /// # Errors
    ///
    /// A file cannot be read, or lies elsewhere, or there are too many.
    pub fn with_files(self, path: &Path) -> Result<Self, Vec<Finding>> {
        files::gather(self, path)
    }

    /// The node that a local reference (`#/components/schemas/Order`) points to.
    pub fn resolve(&self, reference: &str) -> Option<&Node> {
        self.root.pointer(&local_pointer(reference)?)
    }

    /// The object that is meant: the node itself, or what its chain of references ends in.
    pub fn follow<'d>(&'d self, node: &'d Node) -> Option<&'d Node> {
        self.target(String::new(), node).ok().map(|(_, node)| node)
    }

    /// [`follow`](Self::follow), with the JSON Pointer of the end, for a node at the given one.
    ///
    /// # Errors
    ///
    /// The chain has no end.
    pub fn target<'d>(
        &'d self,
        pointer: String,
        node: &'d Node,
    ) -> Result<(String, &'d Node), Unresolved> {
        let (mut pointer, mut node) = (pointer, node);
        // The second walks at half the speed: in a circle, the first meets it (Floyd).
        let mut second = node;
        let mut is_even = false;
        while let Some(reference) = node.get("$ref") {
            let text = reference.as_str().ok_or(Unresolved::NoText)?;
            pointer = local_pointer(text).ok_or(Unresolved::Remote)?;
            node = self.root.pointer(&pointer).ok_or(Unresolved::Nothing)?;
            if std::ptr::eq(node, second) {
                return Err(Unresolved::Circle);
            }
            if is_even {
                let reference = second.get("$ref").and_then(Node::as_str).unwrap_or_default();
                second = self.resolve(reference).ok_or(Unresolved::Nothing)?;
            }
            is_even = !is_even;
        }
        Ok((pointer, node))
    }

    /// The operations of all paths, each with its path item (references followed), the key of its
    /// path, and that of its method.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.root.get("paths").into_iter().flat_map(Node::members);
        let items = paths.filter_map(|(path, item)| Some((path, self.follow(item)?)));
        items.flat_map(|(path, item)| {
            let operations = item.members().iter();
            operations
                .filter(|(method, node)| {
                    METHODS.contains(&method.name.as_str()) && node.is_object()
                })
                .map(move |(method, node)| Operation { path, item, method, node })
        })
    }
}
