//! References to other files, which are read into the document that refers to them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::Document;
use super::finding::Finding;
use super::place::{Part, Source, Span};
use super::tree::{Key, Kind, Members, Node, escape, percent_decoded};
use crate::rule::Rule;

/// The member of a document that holds the files that it refers to, by their paths.
pub const FILES: &str = "x-referenced-files";

/// Members that hold values, in which nothing is a reference.
const VALUES: [&str; 4] = ["default", "enum", "example", "value"];

/// Members that hold objects by names, which may be spelled like any other key.
const MAPS: [&str; 15] = [
    "callbacks",
    "content",
    "encoding",
    "examples",
    "headers",
    "links",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
];

/// A reference as a file has it that was read into a document.
pub fn as_written(reference: &str) -> String {
    let rest = reference.strip_prefix("#/").and_then(|rest| rest.strip_prefix(FILES));
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix('/')) else {
        return reference.to_owned();
    };
    let (file, pointer) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let file = percent_decoded(file).replace("~1", "/").replace("~0", "~");
    if pointer.is_empty() { file } else { format!("{file}#{pointer}") }
}

/// Reads the files that a document at this path refers to, which are those of its folder and of the
/// folders within.
///
/// They become a member of the document, and references to them references within it. At most 1,000
/// files of 64 MiB together are read, each with the bounds of any document.
///
/// # Errors
///
/// A file cannot be read, or lies elsewhere.
pub(super) fn gather(document: Document, path: &Path) -> Result<Document, Vec<Finding>> {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let opened = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let mut gathering = Gathering {
        canonical: opened.canonicalize().unwrap_or_default(),
        folder,
        own: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        text: String::new(),
        parts: Vec::new(),
        files: BTreeMap::new(),
        open: Vec::new(),
        flaws: Vec::new(),
        findings: Vec::new(),
    };
    let Document { source, mut root } = document;
    gathering.text.push_str(&source.text);
    let known = root.clone();
    gathering.visit(&mut root, Role::Object, "", &known);
    while let Some(name) = gathering.open.pop() {
        let Some(mut tree) = gathering.files.remove(&name) else { continue };
        gathering.files.insert(name.clone(), Node { span: tree.span, kind: Kind::Null });
        gathering.visit(&mut tree, Role::Object, &name, &known);
        gathering.files.insert(name, tree);
    }
    let Gathering { text, parts, files, flaws, mut findings, .. } = gathering;
    if parts.is_empty() && flaws.is_empty() && findings.is_empty() {
        return Ok(Document { source, root });
    }
    let (path, name) = (source.path.clone(), source.name.clone());
    let source = Arc::new(Source { path, name, text, parts });
    if !flaws.is_empty() || !findings.is_empty() {
        findings.extend(flaws.into_iter().map(|Flaw { rule, span, message, help }| {
            Finding::new(rule, &source, span, message, help)
        }));
        return Err(findings);
    }
    let span = root.span;
    let files: Members =
        files.into_iter().map(|(name, tree)| (Key { span: tree.span, name }, tree)).collect();
    let member = (Key { span, name: FILES.to_owned() }, Node { span, kind: Kind::Object(files) });
    let members = root.members().iter().filter(|(key, _)| key.name != FILES).cloned();
    root.kind = Kind::Object(members.chain([member]).collect());
    Ok(Document { source, root })
}

/// What the members of an object are.
#[derive(Clone, Copy)]
enum Role {
    /// Fixed fields.
    Object,
    /// Objects by names.
    Map,
    /// The values of a discriminator, with the schemas that they stand for.
    Mapping,
}

/// What is wrong with a reference.
struct Flaw {
    rule: Rule,
    span: Span,
    message: String,
    help: &'static str,
}

struct Gathering {
    /// The folder of the document, as it is shown and as the system knows it.
    folder: PathBuf,
    canonical: PathBuf,
    /// The name of the document's file.
    own: String,
    /// The text of the document and of all files, one behind the other.
    text: String,
    parts: Vec<Part>,
    files: BTreeMap<String, Node>,
    /// The files in which references are still to be looked at.
    open: Vec<String>,
    flaws: Vec<Flaw>,
    findings: Vec<Finding>,
}

impl Gathering {
    fn flaw(&mut self, rule: Rule, span: Span, message: String, help: &'static str) {
        self.flaws.push(Flaw { rule, span, message, help });
    }

    /// Looks at the references of a part of a file, which is the document if it has no name.
    fn visit(&mut self, node: &mut Node, role: Role, file: &str, document: &Node) {
        match &mut node.kind {
            Kind::Array(items) => {
                for item in items {
                    self.visit(item, Role::Object, file, document);
                }
            }
            Kind::Object(members) => {
                for (key, value) in members.iter_mut() {
                    let name = key.name.as_str();
                    let is_reference = match role {
                        Role::Object => name == "$ref",
                        Role::Map => false,
                        Role::Mapping => is_file(value),
                    };
                    if let (true, Kind::String(text)) = (is_reference, &mut value.kind) {
                        if let Some(target) = self.target(text, value.span, file, document) {
                            *text = target;
                        }
                        continue;
                    }
                    let inner = match role {
                        Role::Object if VALUES.contains(&name) || name.starts_with("x-") => {
                            continue;
                        }
                        Role::Object if name == "mapping" => Role::Mapping,
                        Role::Object if MAPS.contains(&name) => Role::Map,
                        _ => Role::Object,
                    };
                    self.visit(value, inner, file, document);
                }
            }
            _ => {}
        }
    }

    /// The reference within the document that a reference in a file becomes, if it has to.
    fn target(&mut self, text: &str, span: Span, file: &str, document: &Node) -> Option<String> {
        let within = |name: &str, fragment: &str| {
            let name = escape(name).replace('%', "%25");
            // Whole files are often referred to by `#/`.
            format!("#/{FILES}/{name}{}", if fragment == "/" { "" } else { fragment })
        };
        if let Some(fragment) = text.strip_prefix('#') {
            return (!file.is_empty()).then(|| within(file, fragment));
        }
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        // `components/schemas/Name` lacks the mark of a reference within the document.
        let bare = format!("/{}", text.trim_start_matches('/'));
        if is_url(path) || file.is_empty() && document.pointer(&bare).is_some() {
            return None;
        }
        let decoded = percent_decoded(path);
        if decoded.contains(char::is_control) {
            self.flaw(
                Rule::UnresolvedReference,
                span,
                format!("`{}` is not a URI", text.escape_debug()),
                "write a path and a JSON Pointer, such as `file.yaml#/Name`",
            );
            return None;
        }
        let Some(name) = beside(file, &decoded) else {
            self.flaw(
                Rule::RemoteReference,
                span,
                format!("`{text}` leads out of the folder of the document"),
                "put the file into the folder of the document, or into one within",
            );
            return None;
        };
        if name == self.own {
            return Some(format!("#{fragment}"));
        }
        if !fragment.is_empty() && !fragment.starts_with('/') {
            self.flaw(
                Rule::UnresolvedReference,
                span,
                format!("`{text}` does not end with a JSON Pointer"),
                "write a slash after `#`, such as in `file.yaml#/Name`",
            );
            return None;
        }
        (self.files.contains_key(&name) || self.read(&name, text, span))
            .then(|| within(&name, fragment))
    }

    /// Reads a file, and tells whether that was possible.
    fn read(&mut self, name: &str, text: &str, span: Span) -> bool {
        const MOST_FILES: usize = 1_000;
        const MOST_BYTES: usize = 64 << 20;
        let path = self.canonical.join(name);
        let bytes = match path.canonicalize() {
            Ok(path) if !path.starts_with(&self.canonical) => {
                self.flaw(
                    Rule::RemoteReference,
                    span,
                    format!("`{text}` leads out of the folder of the document"),
                    "put the file itself into the folder, not a link to it",
                );
                return false;
            }
            Ok(path) => fs::read(path),
            Err(error) => Err(error),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                self.flaw(
                    Rule::UnresolvedReference,
                    span,
                    format!("`{text}` names a file that cannot be read: {error}"),
                    "correct the path, which begins at the folder of the file in which it stands, or put \
                     the file there",
                );
                return false;
            }
        };
        if self.files.len() >= MOST_FILES || self.text.len() + bytes.len() > MOST_BYTES {
            self.flaw(
                Rule::DocumentSize,
                span,
                format!("the document refers to more than {MOST_FILES} files or 64 MiB of them"),
                "put what is used into fewer or smaller files",
            );
            return false;
        }
        let shown = self.folder.join(name).display().to_string();
        let Ok(read) = String::from_utf8(bytes) else {
            self.flaw(
                Rule::Utf8,
                span,
                format!("`{shown}` is not UTF-8"),
                "save the file as UTF-8 text",
            );
            return false;
        };
        match Document::parse(shown.clone(), read) {
            Ok(Document { source, mut root }) => {
                let start = self.text.len();
                self.parts.push(Part { start, path: shown });
                self.text.push_str(&source.text);
                root.shift(start);
                self.files.insert(name.to_owned(), root);
                self.open.push(name.to_owned());
                true
            }
            Err(found) => {
                self.findings.extend(found);
                false
            }
        }
    }
}

/// Whether a value of `mapping` of a discriminator names a file, not a schema.
fn is_file(node: &Node) -> bool {
    node.as_str().is_some_and(|text| {
        let path = text.split('#').next().unwrap_or_default();
        text.contains('/') || [".json", ".yaml", ".yml"].iter().any(|end| path.ends_with(end))
    })
}

/// The path from the folder of the document to what a path in one of its files leads to; `None` if
/// that is elsewhere.
fn beside(file: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    if path.starts_with('/') || path.contains('\\') {
        return None;
    }
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

/// Whether a reference begins with a scheme or a host (RFC 3986, section 4.2).
fn is_url(path: &str) -> bool {
    let is_scheme = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    path.starts_with("//") || path.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme))
}
