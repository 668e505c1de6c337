//! Operations, their parameters and their bodies.

use super::{Reader, flag, is_elsewhere, text};
use crate::model::{MediaType, Operation, Parameter, RequestBody, Response};
use crate::rule::Rule;
use crate::source::{METHODS, Node, escape};

/// A path item of the document.
#[derive(Clone, Copy)]
struct PathItem<'d, 'p> {
    path: &'d str,
    node: &'d Node,
    pointer: &'p str,
    /// Whether the names of its operations are not those of another path.
    is_own: bool,
}

impl<'d> Reader<'d> {
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let mut operations = Vec::new();
        let document = self.document;
        for (path, node) in document.root.pointer("/paths").map_or(&[][..], Node::members) {
            let at = format!("/paths/{}", escape(&path.name));
            let Some((pointer, node)) = self.follow(&at, node) else { continue };
            // One that is a reference has the operations of another, which have their names, unless
            // this is the first that has them.
            let is_own =
                pointer == at || is_elsewhere(&pointer) && self.items.insert(pointer.clone());
            let item = PathItem { path: &path.name, node, pointer: &pointer, is_own };
            for method in METHODS {
                if let (Some(key), Some(node)) = (node.key(method), node.get(method)) {
                    let pointer = format!("{pointer}/{method}");
                    self.place(&pointer, key.span);
                    operations.push(self.operation(item, method, node, pointer));
                }
            }
        }
        operations
    }

    fn operation(
        &mut self,
        item: PathItem<'d, '_>,
        method: &str,
        node: &'d Node,
        pointer: String,
    ) -> Operation {
        for name in ["parameters", "x-mutually-exclusive"] {
            if let Some(key) = node.key(name) {
                self.place(&format!("{pointer}/{name}"), key.span);
            }
        }
        let parameters = self.parameters(item, node, &pointer);
        let exclusive = self.exclusive(node, &parameters);
        let request_body = node.get("requestBody").and_then(|body| {
            let (at, body) = self.follow(&format!("{pointer}/requestBody"), body)?;
            Some(RequestBody {
                span: body.span,
                description: text(body, "description"),
                required: flag(body, "required"),
                content: self.content(&at, body),
            })
        });
        let mut responses = Vec::new();
        for (status, response) in node.get("responses").map_or(&[][..], Node::members) {
            if status.name.starts_with("x-") {
                continue;
            }
            let at = format!("{pointer}/responses/{}", escape(&status.name));
            let Some((at, response)) = self.follow(&at, response) else { continue };
            responses.push(Response {
                span: status.span,
                status: status.name.clone(),
                description: text(response, "description").unwrap_or_default(),
                content: self.content(&at, response),
            });
        }
        let tags = node.get("tags").map_or(&[][..], Node::items).iter();
        let security = node.get("security").or_else(|| self.document.root.get("security"));
        let schemes = |alternative: &Node| {
            alternative.members().iter().map(|(key, _)| key.name.clone()).collect()
        };
        let path = item.path;
        let id = text(node, "operationId").filter(|_| item.is_own);
        Operation {
            span: node.span,
            id: id.unwrap_or_else(|| format!("{method} {path}")),
            method: method.to_owned(),
            path: path.to_owned(),
            summary: text(node, "summary"),
            description: text(node, "description"),
            deprecated: flag(node, "deprecated"),
            tags: tags.filter_map(Node::as_str).map(str::to_owned).collect(),
            parameters,
            request_body,
            responses,
            exclusive,
            security: security.map_or(&[][..], Node::items).iter().map(schemes).collect(),
            pointer,
        }
    }

    fn parameters(&mut self, item: PathItem<'d, '_>, node: &'d Node, at: &str) -> Vec<Parameter> {
        let mut parameters = Vec::<Parameter>::new();
        for (owner, at) in [(item.node, item.pointer), (node, at)] {
            let list = owner.get("parameters").map_or(&[][..], Node::items);
            for (index, parameter) in list.iter().enumerate() {
                let at = format!("{at}/parameters/{index}");
                let Some(parameter) = self.parameter(&at, parameter) else { continue };
                // An operation overrides the parameters of its path.
                parameters.retain(|known| {
                    (&known.name, &known.location) != (&parameter.name, &parameter.location)
                });
                parameters.push(parameter);
            }
        }
        parameters
    }

    fn parameter(&mut self, at: &str, node: &'d Node) -> Option<Parameter> {
        let (at, node) = self.follow(at, node)?;
        self.place(&at, node.span);
        for name in ["required", "explode"] {
            if let Some(key) = node.key(name) {
                self.place(&format!("{at}/{name}"), key.span);
            }
        }
        let (Some(name), Some(location)) = (text(node, "name"), text(node, "in")) else {
            self.malformed_part(node, "a parameter", "an object with `name` and `in`");
            return None;
        };
        let content = self.content(&at, node).into_iter().next();
        let (schema, media_type) = match (node.get("schema"), content) {
            (Some(schema), _) => (self.schema(schema, &format!("{at}/schema")), None),
            (None, Some(media)) => (media.schema.unwrap_or_default(), Some(media.name)),
            (None, None) => {
                self.find(
                    Rule::Parameter,
                    node.span,
                    format!("the parameter `{name}` has no `schema`"),
                    "describe its value with `schema`",
                );
                return None;
            }
        };
        Some(Parameter {
            span: node.span,
            name,
            location,
            description: text(node, "description"),
            required: flag(node, "required"),
            deprecated: flag(node, "deprecated"),
            style: text(node, "style"),
            explode: node.get("explode").and_then(Node::as_bool),
            media_type,
            schema,
            pointer: at,
        })
    }

    fn exclusive(&mut self, node: &Node, parameters: &[Parameter]) -> Vec<Vec<String>> {
        let mut exclusive = Vec::new();
        for group in node.get("x-mutually-exclusive").map_or(&[][..], Node::items) {
            let names = self.strings("x-mutually-exclusive", group);
            for name in &names {
                if !parameters.iter().any(|parameter| &parameter.name == name) {
                    self.find(
                        Rule::UnknownParameter,
                        group.span,
                        format!("the operation has no parameter `{name}`"),
                        "name parameters of this operation",
                    );
                }
            }
            exclusive.push(names);
        }
        exclusive
    }

    fn content(&mut self, at: &str, owner: &'d Node) -> Vec<MediaType> {
        let mut content = Vec::new();
        for (name, media) in owner.get("content").map_or(&[][..], Node::members) {
            let at = format!("{at}/content/{}/schema", escape(&name.name));
            let schema = media.get("schema").map(|schema| self.schema(schema, &at));
            content.push(MediaType { span: name.span, name: name.name.clone(), schema });
        }
        content
    }
}
