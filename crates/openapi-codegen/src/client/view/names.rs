//! What types, members and values are called.

use std::collections::BTreeMap;

use super::shape::{has_own_type, is_open_enum};
use crate::model::{Model, Schema};
use crate::naming::Scope;

/// Names that generated types must not have, since generated code means the standard library's.
const STANDARD: [&str; 12] = [
    "Box", "Default", "Err", "From", "None", "Ok", "Option", "Result", "Some", "String", "TryFrom",
    "Vec",
];

/// All names of the view.
pub(super) struct Names {
    types: Scope,
    /// By the JSON Pointers of the schemas.
    responses: BTreeMap<String, String>,
    requests: BTreeMap<String, String>,
    /// Of schemas that others are built on, those of their own members; by the names of the others.
    bases: BTreeMap<String, String>,
}

impl Names {
    /// Names all schemas that references name.
    ///
    /// Where both sides have a type of one schema, that of requests is another one, except for open
    /// enums, which are the same in both.
    pub(super) fn new(model: &Model) -> Self {
        let mut types = Scope::with(&STANDARD);
        let mut responses = BTreeMap::new();
        let mut both = Vec::new();
        for (name, schema) in &model.schemas {
            let direction = model.direction(&schema.pointer);
            if direction.request || direction.response {
                let type_name = types.type_name(name).to_string();
                if direction.request && direction.response && is_named(model, schema) {
                    both.push((schema, type_name.clone()));
                }
                responses.insert(schema.pointer.clone(), type_name);
            }
        }
        let mut requests = responses.clone();
        for (schema, name) in both {
            let name = types.type_name(&format!("{name}Request")).to_string();
            requests.insert(schema.pointer.clone(), name);
        }
        Self { types, responses, requests, bases: BTreeMap::new() }
    }

    pub(super) fn response(&self, pointer: &str) -> Option<String> {
        self.responses.get(pointer).cloned()
    }

    pub(super) fn request(&self, pointer: &str) -> Option<String> {
        self.requests.get(pointer).cloned()
    }

    /// A name for a schema that stands in some place, which is called so.
    pub(super) fn lifted(&mut self, place: &str) -> String {
        self.types.type_name(place).to_string()
    }

    /// Gives a schema a type of its own in responses that has none otherwise, such as a list.
    pub(super) fn name_response(&mut self, pointer: &str) -> Option<String> {
        let plain = self.responses.get(pointer)?;
        let own = self.types.type_name(plain).to_string();
        self.responses.insert(pointer.to_owned(), own.clone());
        Some(own)
    }

    /// The name for the members of a schema whose type of this name stands for what is built on it, too.
    pub(super) fn base(&mut self, name: String) -> String {
        if let Some(base) = self.bases.get(&name) {
            return base.clone();
        }
        let base = self.types.type_name(&format!("{name}Base")).to_string();
        self.bases.insert(name, base.clone());
        base
    }
}

/// Whether the types of a schema differ in requests and responses.
fn is_named(model: &Model, schema: &Schema) -> bool {
    let parts = model.whole(schema);
    parts.iter().any(|part| has_own_type(model, part))
        && !parts.iter().any(|part| is_open_enum(model, part))
}

/// What a part of a schema is called if it gets a type of its own.
pub(super) fn part(of: &str, name: &str) -> String {
    format!("{of}-{name}")
}
