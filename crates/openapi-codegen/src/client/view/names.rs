//! What types, members and values are called.

use std::collections::BTreeMap;

use super::shape::{is_named, is_open_enum};
use crate::model::Model;
use crate::naming::{self, Scope};

/// Names that generated types must not have, since generated code means the standard library's.
const STANDARD: [&str; 12] = [
    "Box", "Default", "Err", "From", "None", "Ok", "Option", "Result", "Some", "String", "TryFrom",
    "Vec",
];

/// What a name ends in that stands for another one: no letter or digit, so that Rust names are made as
/// if it were not there, and not to be found in any document.
const MARKS: [char; 10] = [
    '\u{e000}', '\u{e001}', '\u{e002}', '\u{e003}', '\u{e004}', '\u{e005}', '\u{e006}', '\u{e007}',
    '\u{e008}', '\u{e009}',
];

/// All names of the view.
pub(super) struct Names {
    types: Scope,
    /// By the JSON Pointers of the schemas.
    responses: BTreeMap<String, String>,
    requests: BTreeMap<String, String>,
    /// The names that stand for others, with these.
    pub(super) renamed: BTreeMap<String, String>,
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
                if direction.request
                    && direction.response
                    && is_named(model, schema)
                    && !is_open_enum(schema)
                {
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
        Self { types, responses, requests, renamed: BTreeMap::new() }
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

    /// The name of a member in the view.
    pub(super) fn member(&mut self, scope: &mut Scope, name: &str) -> String {
        let plain = naming::field_name(name);
        let own = scope.field_name(name).to_string();
        self.different(&plain, own, name)
    }

    /// The name of a value in the view.
    pub(super) fn value(&mut self, scope: &mut Scope, value: &str) -> String {
        let plain = naming::type_name(value);
        let own = scope.type_name(value).to_string();
        self.different(&plain, own, value)
    }

    /// The name itself, or one that stands for it and becomes another name in Rust.
    fn different(&mut self, plain: &str, own: String, name: &str) -> String {
        if plain == own {
            return name.to_owned();
        }
        let digits = self.renamed.len().to_string();
        let digits = digits.chars().filter_map(|digit| digit.to_digit(10));
        let marks: String = digits.filter_map(|digit| MARKS.get(digit as usize)).collect();
        let stand_in = own + &marks;
        self.renamed.insert(stand_in.clone(), name.to_owned());
        stand_in
    }
}

/// The scope of a struct's members; typify calls one that holds all others `extra`.
pub(super) fn members() -> Scope {
    Scope::with(&["extra"])
}

/// What a part of a schema is called if it gets a type of its own.
pub(super) fn part(of: &str, name: &str) -> String {
    format!("{of}-{name}")
}
