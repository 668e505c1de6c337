//! A parsed file, its references, and its operations.

use std::sync::Arc;

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
        yaml::read(source)
    }

    /// [`parse`](Self::parse), of a file with another name in generated code.
    pub fn parse_named(
        path: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Self, Vec<Finding>> {
        yaml::read(Arc::new(Source { path: path.into(), name: name.into(), text: text.into() }))
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
