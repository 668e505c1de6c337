//! The walk that checks a document against the objects of OpenAPI 3.0.3.

use std::collections::HashSet;

use crate::rule::{Rule, Rules};
use crate::source::Finding;
use crate::source::{Document, Key, Kind, Node, Span, escape, local_pointer};
use crate::vocabulary::{Effect, Field, Keyword, Object, Shape, media_type};
use Object as O;
use Shape::{
    AdditionalProperties, Any, AnyList, AnyMap, Bool, Callbacks, Count, Groups, List, Map, Number,
    One, Paths, Responses, Security, Text, TextMap, Texts,
};

/// An object of the document, as the walk met it.
pub(super) struct Visit<'d> {
    pub(super) object: Object,
    pub(super) node: &'d Node,
    /// The JSON Pointer of the node.
    pub(super) pointer: String,
    /// The key that leads to the node, or the node itself where no key does.
    pub(super) span: Span,
}

/// Visits every object in document order, and reports what the specification has no place for.
pub(super) fn walk<'d>(
    document: &'d Document,
    rules: Rules,
    findings: &mut Vec<Finding>,
) -> Vec<Visit<'d>> {
    let mut walk = Walk {
        document,
        rules,
        findings,
        visits: Vec::new(),
        references: Vec::new(),
        visited: HashSet::new(),
    };
    walk.object(O::OpenApi, &document.root, "", document.root.span);
    while let Some((object, pointer)) = walk.references.pop() {
        if let Some(node) = document.root.pointer(&pointer)
            && !walk.visited.contains(&std::ptr::from_ref(node))
        {
            walk.object(object, node, &pointer, node.span);
        }
    }
    walk.visits
}

/// Keys that OpenAPI requires and nothing is generated from.
const HARMLESS: [&str; 7] =
    ["default", "description", "info", "paths", "responses", "title", "version"];

struct Walk<'d, 'f> {
    document: &'d Document,
    rules: Rules,
    findings: &'f mut Vec<Finding>,
    visits: Vec<Visit<'d>>,
    /// What references name, and as what: it may stand where nothing else leads to, in another file or
    /// in an extension.
    references: Vec<(Object, String)>,
    visited: HashSet<*const Node>,
}

impl<'d> Walk<'d, '_> {
    fn report(&mut self, rule: Rule, span: Span, message: String, help: String) {
        self.findings.push(Finding::new(rule, &self.document.source, span, message, help));
    }

    fn object(&mut self, object: Object, node: &'d Node, pointer: &str, span: Span) {
        if !node.is_object() {
            self.wrong_type(node, span, object.name());
            return;
        }
        self.visits.push(Visit { object, node, pointer: pointer.to_owned(), span });
        self.note(object, node);
        if object.components().is_some() && node.get("$ref").is_some() {
            return self.reference(object, node);
        }
        let fields = object.fields();
        for (key, value) in node.members() {
            let pointer = format!("{pointer}/{}", escape(&key.name));
            match fields.iter().find(|field| field.name == key.name) {
                Some(field) => self.shape(field.shape, key, value, &pointer),
                None => self.unknown_key(object, key, fields),
            }
        }
        for field in fields.iter().filter(|field| field.required && node.get(field.name).is_none())
        {
            let message = format!("{} needs the key `{}`", object.name(), field.name);
            let help = format!("add `{}:`", field.name);
            let source = &self.document.source;
            self.findings.push(if HARMLESS.contains(&field.name) {
                Finding::warning(Rule::MissingKey, source, span, message, help)
            } else {
                Finding::new(Rule::MissingKey, source, span, message, help)
            });
        }
    }

    /// Notes what is visited, and what a reference leads to.
    fn note(&mut self, object: Object, node: &'d Node) {
        self.visited.insert(node);
        let reference = node.get("$ref").and_then(Node::as_str);
        self.references.extend(reference.and_then(local_pointer).map(|pointer| (object, pointer)));
    }

    fn reference(&mut self, object: Object, node: &'d Node) {
        for (key, _) in node.members().iter().filter(|(key, _)| key.name != "$ref") {
            // That a description is ignored changes nothing.
            let is_prose = matches!(key.name.as_str(), "description" | "summary")
                || key.name.starts_with("x-")
                || (object == O::Schema
                    && Keyword::from_name(&key.name)
                        .is_some_and(|keyword| keyword.effect == Effect::Annotation));
            if is_prose && self.rules != Rules::House {
                continue;
            }
            self.report(
                Rule::ReferenceSiblings,
                key.span,
                format!("`{}` beside `$ref` has no effect in OpenAPI 3.0", key.name),
                if object == O::Schema {
                    "move it to the schema that is referred to, or write `allOf: [{$ref: …}]` beside it".into()
                } else {
                    format!("move it to {} that is referred to", object.name().replacen("a ", "the ", 1))
                },
            );
        }
    }

    fn unknown_key(&mut self, object: Object, key: &Key, fields: &[Field]) {
        let is_extension = key.name.starts_with("x-");
        let candidates = fields.iter().map(|field| field.name);
        let near =
            nearest(&key.name, candidates.filter(|name| name.starts_with("x-") == is_extension));
        if is_extension {
            // Other people's extensions are none of our business; a misspelt one of ours is.
            if let Some(near) = near {
                self.report(
                    Rule::UnknownExtension,
                    key.span,
                    format!("the extension `{}` has no effect", key.name),
                    format!("did you mean `{near}`?"),
                );
            }
            return;
        }
        let help = near.map_or_else(
            || {
                let names: Vec<_> = fields.iter().map(|field| field.name).collect();
                format!("keys that may stand here: {}", names.join(", "))
            },
            |name| format!("did you mean `{name}`?"),
        );
        let message = format!("{} has no key `{}`", object.name(), key.name);
        self.report(Rule::UnknownKey, key.span, message, help);
    }

    fn wrong_type(&mut self, node: &Node, span: Span, expected: &str) {
        let found = match node.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "a list",
            Kind::Object(_) => "a mapping",
        };
        // A mapping or a list may be long, so its key stands for it.
        let is_scalar = !matches!(node.kind, Kind::Array(_) | Kind::Object(_));
        let help = match (&node.kind, expected) {
            (Kind::Array(_), "a string") => {
                "name one; a type that may be null says so by `nullable: true`".to_owned()
            }
            (Kind::Null, _) => format!("write {expected} after the key, or remove the key"),
            (Kind::Number(_) | Kind::Bool(_), "a string") => "put the value in quotes".to_owned(),
            _ => format!("write {expected}"),
        };
        self.report(
            Rule::WrongType,
            if is_scalar && node.span.start < node.span.end { node.span } else { span },
            format!("expected {expected} here, found {found}"),
            help,
        );
    }

    fn shape(&mut self, shape: Shape, key: &Key, node: &'d Node, pointer: &str) {
        let is = |fits: bool, expected: &'static str| if fits { None } else { Some(expected) };
        let wrong = match shape {
            Any => None,
            Text => is(matches!(node.kind, Kind::String(_)), "a string"),
            Bool => is(matches!(node.kind, Kind::Bool(_)), "`true` or `false`"),
            Count => is(node.as_u64().is_some(), "a whole number from 0"),
            Number => is(matches!(node.kind, Kind::Number(_)), "a number"),
            AnyList => is(matches!(node.kind, Kind::Array(_)), "a list"),
            AnyMap => is(node.is_object(), "a mapping"),
            Texts => is(is_texts(node), "a list of strings"),
            TextMap => is(
                node.is_object()
                    && node.members().iter().all(|(_, value)| value.as_str().is_some()),
                "a mapping of strings",
            ),
            Groups => is(
                matches!(&node.kind, Kind::Array(groups) if groups.iter().all(is_texts)),
                "a list of lists of parameter names",
            ),
            Security => is(
                matches!(&node.kind, Kind::Array(items) if items.iter().all(|item| {
                    item.is_object() && item.members().iter().all(|(_, scopes)| is_texts(scopes))
                })),
                "a list of mappings from a security scheme to its scopes",
            ),
            One(object) => return self.object(object, node, pointer, key.span),
            AdditionalProperties => {
                return match node.kind {
                    Kind::Bool(_) => (),
                    _ => self.object(O::Schema, node, pointer, key.span),
                };
            }
            List(object) => {
                for (index, item) in node.items().iter().enumerate() {
                    self.object(object, item, &format!("{pointer}/{index}"), item.span);
                }
                is(matches!(node.kind, Kind::Array(_)), "a list")
            }
            Map(object) => {
                let names = node.members().iter().map(|(key, _)| key);
                for key in names.filter(|_| object == O::MediaType) {
                    self.media_type(key);
                }
                self.map(object, node, pointer);
                is(node.is_object(), "a mapping")
            }
            Paths => {
                for (path, _) in node.members() {
                    if !path.name.starts_with('/') && !path.name.starts_with("x-") {
                        self.report(
                            Rule::Path,
                            path.span,
                            format!("the path `{}` does not start with a slash", path.name),
                            "paths are appended to the server's URL; start them with `/`".into(),
                        );
                    }
                }
                self.map(O::PathItem, node, pointer);
                is(node.is_object(), "a mapping")
            }
            Responses => {
                for (status, _) in node.members() {
                    self.status(status);
                }
                self.map(O::Response, node, pointer);
                if node.is_object() && node.members().is_empty() {
                    self.report(
                        Rule::EmptyResponses,
                        key.span,
                        "the operation has no response".into(),
                        "list at least one, such as `'200': {description: …}` or `default`".into(),
                    );
                }
                is(node.is_object(), "a mapping from status codes to responses")
            }
            Callbacks => {
                for (name, callback) in node.members() {
                    self.callback(name, callback, &format!("{pointer}/{}", escape(&name.name)));
                }
                is(node.is_object(), "a mapping")
            }
        };
        if let Some(expected) = wrong {
            self.wrong_type(node, key.span, expected);
        }
    }

    fn callback(&mut self, name: &Key, node: &'d Node, pointer: &str) {
        if !node.is_object() {
            return self.wrong_type(node, name.span, O::Callback.name());
        }
        let pointer = pointer.to_owned();
        let reference = node.get("$ref").is_some();
        self.visits.push(Visit {
            object: O::Callback,
            node,
            pointer: pointer.clone(),
            span: name.span,
        });
        self.note(O::Callback, node);
        if reference {
            self.reference(O::Callback, node);
        } else {
            self.map(O::PathItem, node, &pointer);
        }
    }

    fn map(&mut self, object: Object, node: &'d Node, pointer: &str) {
        for (key, value) in
            node.members().iter().filter(|(key, _)| !is_map_extension(object, &key.name))
        {
            self.object(object, value, &format!("{pointer}/{}", escape(&key.name)), key.span);
        }
    }

    /// Nothing but what a media type says is made of one that is none.
    fn media_type(&mut self, name: &Key) {
        if media_type(&name.name).is_none() && !name.name.starts_with("x-") {
            self.findings.push(Finding::warning(
                Rule::WrongType,
                &self.document.source,
                name.span,
                format!("`{}` is not a media type", name.name.escape_debug()),
                "write a type and a subtype, such as `application/json`, or a range, such as `image/*`",
            ));
        }
    }

    fn status(&mut self, status: &Key) {
        let name = status.name.as_bytes();
        let code =
            matches!(name, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'X', b'X']);
        if !code && status.name != "default" && !status.name.starts_with("x-") {
            self.report(
                Rule::StatusCode,
                status.span,
                format!("`{}` is not a status code", status.name),
                "write a quoted code ('404'), a range ('4XX') or `default`".into(),
            );
        }
    }
}

/// Only paths and responses are maps that may hold extensions; a header may well be called `x-…`.
fn is_map_extension(object: Object, name: &str) -> bool {
    matches!(object, O::PathItem | O::Response) && name.starts_with("x-")
}

fn is_texts(node: &Node) -> bool {
    matches!(&node.kind, Kind::Array(items) if items.iter().all(|item| item.as_str().is_some()))
}

/// The name that was probably meant: equal but for case, or at most two edits away.
pub(super) fn nearest<'n>(
    name: &str,
    candidates: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let folded = name.to_lowercase();
    candidates
        .into_iter()
        // Each edit changes the length by one at most, which is told sooner than a distance.
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 2 * 4)
        .map(|candidate| {
            (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= 2 && *distance * 3 <= candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}
