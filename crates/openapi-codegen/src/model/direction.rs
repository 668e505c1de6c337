//! Which way schemas go: to the server, from it, or both.

use std::collections::BTreeMap;

use super::{Model, Schema};

/// Where a schema is carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Direction {
    /// By some request: a parameter or a body.
    pub request: bool,
    /// By some response.
    pub response: bool,
}

/// The direction of every schema that a reference can name, by its JSON Pointer.
#[derive(Clone, Debug, Default)]
pub(super) struct Directions(BTreeMap<String, Direction>);

impl Directions {
    pub(super) fn new(model: &Model) -> Self {
        let mut directions = Self::default();
        let mut requests = Vec::new();
        let mut responses = Vec::new();
        for operation in &model.operations {
            requests.extend(operation.parameters.iter().map(|parameter| &parameter.schema));
            let bodies = operation.request_body.iter().flat_map(|body| &body.content);
            requests.extend(bodies.filter_map(|media| media.schema.as_ref()));
            let bodies = operation.responses.iter().flat_map(|response| &response.content);
            responses.extend(bodies.filter_map(|media| media.schema.as_ref()));
        }
        directions.reach(model, requests, |direction| &mut direction.request, Schema::is_sent);
        let received = Schema::is_received;
        directions.reach(model, responses, |direction| &mut direction.response, received);
        directions
    }

    pub(super) fn of(&self, pointer: &str) -> Direction {
        self.0.get(pointer).copied().unwrap_or_default()
    }

    /// Marks everything that can be reached from some schemas through members that are carried.
    fn reach<'m>(
        &mut self,
        model: &'m Model,
        mut open: Vec<&'m Schema>,
        mark: fn(&mut Direction) -> &mut bool,
        is_carried: fn(&Schema, &Model) -> bool,
    ) {
        while let Some(schema) = open.pop() {
            if let Some(pointer) = &schema.reference {
                let marked = mark(self.0.entry(pointer.clone()).or_default());
                if !std::mem::replace(marked, true) {
                    open.extend(model.target(pointer));
                    self.reach_kinds(model, pointer, mark, &mut open);
                }
                continue;
            }
            let properties = schema.properties.iter().flatten().map(|(_, property)| property);
            open.extend(properties.filter(|property| is_carried(property, model)));
            open.extend(schema.parts());
        }
    }
}

impl Directions {
    /// Marks what may stand in place of a schema that others are built on.
    fn reach_kinds<'m>(
        &mut self,
        model: &'m Model,
        pointer: &str,
        mark: fn(&mut Direction) -> &mut bool,
        open: &mut Vec<&'m Schema>,
    ) {
        if model.base_discriminator(pointer).is_none() {
            return;
        }
        for kind in model.built_on(pointer) {
            let marked = mark(self.0.entry(kind.to_owned()).or_default());
            if !std::mem::replace(marked, true) {
                open.extend(model.target(kind));
            }
        }
    }
}

impl Schema {
    /// Whether a property of this schema is part of requests.
    pub fn is_sent(&self, model: &Model) -> bool {
        !model.whole(self).iter().any(|part| part.read_only)
    }

    /// Whether a property of this schema is part of responses.
    pub fn is_received(&self, model: &Model) -> bool {
        !model.whole(self).iter().any(|part| part.write_only)
    }
}
