//! The tolerant view of a document: what a client reads, whatever the server adds or leaves out.
//!
//! A validator reports every deviation; a client must live with most of them.
//! So whatever a reply's schema demands beyond its shape is dropped here (patterns, lengths, bounds,
//! closed vocabularies), null is as good as absent for whatever is optional, and components that
//! are no more than a constrained string or number dissolve into the plain type.
//! What a request carries stays strict.
//!
//! Three rules look odd on paper and are what makes the generated types readable:
//!
//! - text of a reply is private (it may tell of a person) unless it is a vocabulary or the document
//!   marks it with `x-loggable`, so that forgetting a mark hides too much rather than too little;
//! - a component keeps its name in replies only if it becomes a struct or an enum;
//! - a choice between a list and some words (`oneOf: [array, enum]`) is the list, since the list
//!   type of a client reads all such words of its document as "no items".

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use openapiv3::OpenAPI;
use serde_json::{Map, Number, Value, json};

use crate::document::{Document, METHODS};
use crate::finding::Finding;

/// A document as the client generator is to see it.
pub struct TolerantView {
    /// Only operations and the schemas that they reach; without vendor extensions and examples.
    pub api: OpenAPI,
    /// The vocabularies that replies may extend, by name.
    pub enums: Vec<OpenEnum>,
    /// The words that may stand in place of a list of a response and mean that it has no items.
    pub empty_lists: Vec<String>,
    /// What numbers and lists of requests are held to, by the component's name. typify knows no
    /// such rules, so [`TolerantView::api`] does not have them.
    pub bounds: BTreeMap<String, Vec<Bound>>,
}

/// A rule for a number or a list that a request carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    Least { number: Number, is_exclusive: bool },
    Most { number: Number, is_exclusive: bool },
    MultipleOf(i64),
    FewestItems(u64),
    MostItems(u64),
    Distinct,
}

/// A named string schema whose documented values are not the only ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEnum {
    pub name: String,
    pub description: String,
    /// In the order of the document.
    pub values: Vec<String>,
}

type Schema = Map<String, Value>;

/// The format of all integers of replies, by which the client generator knows them: they are written
/// in more ways than those of requests.
pub const REPLIED_INTEGER: &str = "replied-integer";

/// The format of all text of replies that the document does not call loggable, by which the client
/// generator knows it.
pub const PRIVATE_TEXT: &str = "private-text";

/// What combines schemas.
const COMBINATORS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Derives the tolerant view.
pub fn view(document: &Document) -> Result<TolerantView, Vec<Finding>> {
    let root = document.root.to_json();
    let (tolerant, mut deriving) = derive(&root);
    match serde_json::from_value(tolerant) {
        Ok(api) => {
            let enums = std::mem::take(&mut deriving.enums).into_values().collect();
            let Deriving { bounds, empty_lists, .. } = deriving;
            Ok(TolerantView { api, enums, empty_lists, bounds })
        }
        Err(error) => Err(vec![Finding::new(
            "openapi-3.0",
            &document.source,
            document.root.span,
            format!("the document is no OpenAPI 3.0 that the client generator reads: {error}"),
            "compare the document with the OpenAPI specification, version 3.0.3",
        )]),
    }
}

/// Derives twice: which components both sides reach is known only after the first time.
fn derive(root: &Value) -> (Value, Deriving<'_>) {
    let mut first = Deriving::new(root, BTreeMap::new());
    let tolerant = first.document();
    let strict_names = first.strict_names();
    if strict_names.is_empty() {
        return (tolerant, first);
    }
    let mut second = Deriving::new(root, strict_names);
    (second.document(), second)
}

struct Deriving<'d> {
    root: &'d Value,
    /// What components are called in requests if replies have the name for their loose form.
    strict_names: BTreeMap<String, String>,
    /// Schemas that stand in a parameter and need a name, since a type of its own checks them.
    lifted: BTreeMap<String, Value>,
    bounds: BTreeMap<String, Vec<Bound>>,
    /// Components that keep their name in replies, and those yet to be looked at.
    replies: Reached,
    requests: Reached,
    enums: BTreeMap<String, OpenEnum>,
    /// The words that mean "no items" in place of a list, in the order of the document.
    empty_lists: Vec<String>,
    /// Components that are being dissolved, against endless recursion.
    dissolving: Vec<String>,
}

#[derive(Default)]
struct Reached {
    names: BTreeSet<String>,
    pending: Vec<String>,
}

impl Reached {
    fn add(&mut self, name: &str) {
        if self.names.insert(name.to_owned()) {
            self.pending.push(name.to_owned());
        }
    }
}

/// A schema of a reply, and whether null may stand in its place.
struct Loose {
    schema: Schema,
    nullable: bool,
}

impl Loose {
    fn new(schema: Schema) -> Self {
        Self { schema, nullable: false }
    }

    /// The schema for a place where null does not mean "absent".
    fn keep_null(mut self) -> Value {
        if self.nullable && !self.reads_null() {
            self.schema.insert("nullable".to_owned(), json!(true));
        }
        self.drop_null()
    }

    /// The schema for a member that may be absent: null is read in the same way.
    fn drop_null(self) -> Value {
        // A reference that has no description of its own needs no `allOf` around it.
        let alone = self.schema.len() == 1;
        match self.schema.get("allOf").map(|branches| items(Some(branches))) {
            Some([reference]) if alone => reference.clone(),
            _ => Value::Object(self.schema),
        }
    }

    /// Lists and maps read null as "empty", and an untyped value may be null anyway.
    fn reads_null(&self) -> bool {
        match type_of(&self.schema) {
            Some("array") => true,
            Some("object") => !self.schema.contains_key("properties"),
            Some(_) => false,
            None => !COMBINATORS.iter().any(|&key| self.schema.contains_key(key)),
        }
    }
}

impl<'d> Deriving<'d> {
    fn new(root: &'d Value, strict_names: BTreeMap<String, String>) -> Self {
        Self {
            root,
            strict_names,
            lifted: BTreeMap::new(),
            bounds: BTreeMap::new(),
            replies: Reached::default(),
            requests: Reached::default(),
            enums: BTreeMap::new(),
            empty_lists: Vec::new(),
            dissolving: Vec::new(),
        }
    }

    fn document(&mut self) -> Value {
        let mut paths = Map::new();
        for (path, item) in members(self.root.get("paths")) {
            paths.insert(path.clone(), self.path_item(item));
        }
        let schemas = self.schemas();
        let mut info = pick(self.root.get("info"), &["title", "version"]);
        info.entry("title").or_insert_with(|| json!(""));
        info.entry("version").or_insert_with(|| json!(""));
        json!({
            "openapi": self.root.get("openapi"),
            "info": info,
            "paths": paths,
            "components": { "schemas": schemas },
        })
    }

    /// A second name for each component that both sides reach; an open enum is the same in both.
    fn strict_names(&self) -> BTreeMap<String, String> {
        let shared = self.requests.names.intersection(&self.replies.names);
        let is_open = |name: &str| {
            self.component(name).is_some_and(|schema| schema.get("x-extensible-enum").is_some())
        };
        let free = |name: &str| {
            let mut strict = format!("{}Request", name.to_upper_camel_case());
            while self.has_type(&strict) {
                strict.push_str("Request");
            }
            strict
        };
        shared.filter(|name| !is_open(name)).map(|name| (name.clone(), free(name))).collect()
    }

    fn path_item(&mut self, item: &Value) -> Value {
        let shared = self.parameters(item);
        let mut tolerant = Map::new();
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                tolerant.insert(method.to_owned(), self.operation(operation));
            }
        }
        tolerant.insert("parameters".to_owned(), shared);
        Value::Object(tolerant)
    }

    fn operation(&mut self, operation: &Value) -> Value {
        let mut tolerant =
            pick(Some(operation), &["operationId", "summary", "description", "tags"]);
        tolerant.insert("parameters".to_owned(), self.parameters(operation));
        if let Some(body) = operation.get("requestBody") {
            let body = self.resolve(body);
            let mut strict = pick(Some(body), &["description", "required"]);
            strict.insert("content".to_owned(), self.content(body, Self::strict));
            tolerant.insert("requestBody".to_owned(), Value::Object(strict));
        }
        let mut responses = Map::new();
        for (status, response) in members(operation.get("responses")) {
            let response = self.resolve(response);
            let mut loose = pick(Some(response), &["description"]);
            loose.entry("description").or_insert_with(|| json!(""));
            let mut content = self.content(response, |view, schema| view.loose(schema).keep_null());
            name_json(&mut content);
            loose.insert("content".to_owned(), content);
            responses.insert(status.clone(), Value::Object(loose));
        }
        spell_out_default(&mut responses);
        tolerant.insert("responses".to_owned(), Value::Object(responses));
        Value::Object(tolerant)
    }

    fn parameters(&mut self, of: &Value) -> Value {
        items(of.get("parameters"))
            .iter()
            .map(|parameter| {
                let parameter = self.resolve(parameter);
                let mut strict = pick(
                    Some(parameter),
                    &[
                        "name",
                        "in",
                        "required",
                        "description",
                        "style",
                        "explode",
                        "allowReserved",
                        "allowEmptyValue",
                    ],
                );
                if let Some(Value::String(description)) = strict.get_mut("description") {
                    // It becomes an item of a Markdown list, whose further lines are indented.
                    *description = description.trim().replace('\n', "\n  ");
                }
                if let Some(schema) = parameter.get("schema") {
                    let schema = self.strict(schema);
                    let schema = self.lift(parameter.get("name"), schema);
                    strict.insert("schema".to_owned(), schema);
                }
                if parameter.get("content").is_some() {
                    strict.insert("content".to_owned(), self.content(parameter, Self::strict));
                }
                Value::Object(strict)
            })
            .collect()
    }

    fn content(&mut self, of: &Value, derive: fn(&mut Self, &Value) -> Value) -> Value {
        let mut content = Map::new();
        for (media_type, media) in members(of.get("content")) {
            let mut tolerant = Map::new();
            if let Some(schema) = media.get("schema") {
                tolerant.insert("schema".to_owned(), derive(self, schema));
            }
            content.insert(media_type.clone(), Value::Object(tolerant));
        }
        Value::Object(content)
    }

    /// The components that were reached.
    fn schemas(&mut self) -> Value {
        let mut schemas = Map::new();
        while let Some(name) = self.replies.pending.pop() {
            if let Some(schema) = self.component(&name) {
                let loose = self.loose_component(&name, schema);
                schemas.insert(name, Value::Object(loose));
            }
        }
        let mut requests = std::mem::take(&mut self.lifted);
        while let Some(name) = self.requests.pending.pop() {
            if let Some(schema) = self.component(&name) {
                // What is sent may be held to a closed vocabulary, unless it is marked as open.
                let open = schema.get("x-extensible-enum").and_then(|_| open_values(schema));
                let strict = match open {
                    Some(values) => Value::Object(self.open_enum(&name, schema, values)),
                    None => self.strict(schema),
                };
                let name = self.strict_names.get(&name).cloned().unwrap_or(name);
                requests.insert(name, strict);
            }
        }
        for (name, mut strict) in requests {
            let bounds = strict.as_object_mut().map(take_bounds).unwrap_or_default();
            if !bounds.is_empty() {
                self.bounds.insert(name.clone(), bounds);
            }
            schemas.insert(name, strict);
        }
        Value::Object(schemas)
    }

    /// Whether a component becomes a type of this name.
    fn has_type(&self, name: &str) -> bool {
        let schemas = self.root.pointer("/components/schemas");
        members(schemas).iter().any(|(other, _)| other.to_upper_camel_case() == name)
    }

    fn component(&self, name: &str) -> Option<&'d Value> {
        self.root.get("components")?.get("schemas")?.get(name)
    }

    fn resolve<'v>(&self, value: &'v Value) -> &'v Value
    where
        'd: 'v,
    {
        let mut value = value;
        // A chain of references is as long as the document at most, even if it is a ring.
        for _ in 0..64 {
            match reference(value)
                .and_then(|reference| self.root.pointer(reference.strip_prefix('#')?))
            {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    /// What a request carries: every rule kept, except what changes no value on the wire.
    fn strict(&mut self, schema: &Value) -> Value {
        let Value::Object(members) = schema else { return schema.clone() };
        if let Some(name) = reference(schema).and_then(component_name) {
            self.requests.add(name);
            let strict = self.strict_names.get(name).map_or(name, String::as_str);
            return json!({ "$ref": component_reference(strict) });
        }
        let mut strict = Map::new();
        for (key, value) in members {
            let value = match key.as_str() {
                // Names come from components. A default is the server's business: a client that
                // sends nothing gets it. A pattern would take a regex engine into the client.
                "title" | "default" | "example" | "externalDocs" | "xml" | "deprecated"
                | "discriminator" | "pattern" => continue,
                // typify would compare with nought, which the compiler warns of.
                "minLength" | "minItems" | "minProperties" if value == &json!(0) => continue,
                extension if extension.starts_with("x-") => continue,
                "format" if !has_type(schema, value) => continue,
                "properties" => each_member(value, |schema| self.strict(schema)),
                "allOf" | "oneOf" | "anyOf" => {
                    items(Some(value)).iter().map(|schema| self.strict(schema)).collect()
                }
                "items" | "not" | "additionalProperties" => self.strict(value),
                _ => value.clone(),
            };
            strict.insert(key.clone(), value);
        }
        describe(&mut strict, members);
        if let Some(pattern) = members.get("pattern").and_then(Value::as_str) {
            let text = strict.get("description").and_then(Value::as_str).unwrap_or_default();
            let text = format!("{text}\nThe server checks that it matches `{pattern}`.");
            strict.insert("description".to_owned(), json!(text.trim()));
        }
        Value::Object(strict)
    }

    /// Moves a parameter's schema to the components if a type of its own is to check it.
    fn lift(&mut self, name: Option<&Value>, schema: Value) -> Value {
        let has_bounds = |schema: &Value| {
            schema.as_object().is_some_and(|schema| !take_bounds(&mut schema.clone()).is_empty())
        };
        let Some(name) = name.and_then(Value::as_str).filter(|_| has_bounds(&schema)) else {
            return schema;
        };
        let mut lifted = name.to_upper_camel_case();
        while self.has_type(&lifted)
            || self.lifted.get(&lifted).is_some_and(|other| *other != schema)
        {
            lifted.push_str("Parameter");
        }
        self.lifted.insert(lifted.clone(), schema);
        json!({ "$ref": component_reference(&lifted) })
    }

    /// A component of a reply that keeps its name.
    fn loose_component(&mut self, name: &str, schema: &Value) -> Schema {
        match open_values(schema) {
            Some(values) => self.open_enum(name, schema, values),
            // A component that allows null does so where it is used, not here: the type of that
            // name has no null.
            None => self.loose(schema).schema,
        }
    }

    fn open_enum(&mut self, name: &str, schema: &Value, values: Vec<String>) -> Schema {
        let plain = plain(schema, json!({ "type": "string" }));
        let description = plain.get("description").and_then(Value::as_str).unwrap_or_default();
        let description = description.to_owned();
        self.enums.insert(name.to_owned(), OpenEnum { name: name.to_owned(), description, values });
        plain
    }

    fn loose(&mut self, schema: &Value) -> Loose {
        if let Some(name) = reference(schema).and_then(component_name) {
            return self.loose_reference(name);
        }
        let Value::Object(members) = schema else { return Loose::new(Map::new()) };
        let nullable = members.get("nullable") == Some(&json!(true));
        let mut loose = self.loose_shape(schema, members);
        loose.nullable |= nullable;
        describe(&mut loose.schema, members);
        loose
    }

    fn loose_reference(&mut self, name: &str) -> Loose {
        let Some(component) = self.component(name) else { return Loose::new(Map::new()) };
        if self.is_named(component) {
            self.replies.add(name);
            let mut schema = Map::new();
            schema.insert("allOf".to_owned(), json!([{ "$ref": component_reference(name) }]));
            let nullable = component.get("nullable") == Some(&json!(true));
            return Loose { schema, nullable };
        }
        if self.dissolving.iter().any(|known| known == name) {
            // A list of itself has no end; its inner lists are left untyped.
            return Loose::new(Map::new());
        }
        self.dissolving.push(name.to_owned());
        let loose = self.loose(component);
        self.dissolving.pop();
        loose
    }

    /// Whether a component becomes a struct or an enum of its name.
    fn is_named(&self, schema: &Value) -> bool {
        let is_list = list_branch(self, schema).is_some();
        // A combinator around one reference is an alias, which needs no second name.
        let is_choice = COMBINATORS.iter().any(|&key| match items(schema.get(key)) {
            [] => false,
            [only] => reference(only).is_none() && self.is_named(only),
            _ => !is_list,
        });
        is_choice || open_values(schema).is_some() || !members(schema.get("properties")).is_empty()
    }

    fn loose_shape(&mut self, schema: &Value, members: &Schema) -> Loose {
        if let Some((list, words)) = list_branch(self, schema) {
            for word in words {
                if !self.empty_lists.contains(&word) {
                    self.empty_lists.push(word);
                }
            }
            return self.loose(list);
        }
        for combinator in COMBINATORS {
            let has_members = combinator == "allOf" && members.contains_key("properties");
            match items(members.get(combinator)) {
                [] => {}
                [only] if !has_members => return self.loose(only),
                branches => {
                    let mut branches: Vec<Value> =
                        branches.iter().map(|branch| self.loose(branch).drop_null()).collect();
                    if has_members {
                        branches.push(self.loose_object(members).drop_null());
                    }
                    let mut loose = Map::new();
                    loose.insert(combinator.to_owned(), Value::Array(branches));
                    return Loose::new(loose);
                }
            }
        }
        let shape = match type_of(members) {
            Some("string") => match members.get("format") {
                Some(format) if has_type(schema, format) => json!({
                    "type": "string", "format": format,
                }),
                _ if members.get("x-loggable") == Some(&json!(true)) => json!({ "type": "string" }),
                _ => json!({ "type": "string", "format": PRIVATE_TEXT }),
            },
            Some("number") => match members.get("format") {
                Some(format) if format == "decimal" => json!({
                    "type": "number", "format": format,
                }),
                _ => json!({ "type": "number" }),
            },
            // As wide as Rust allows: a count that outgrows the documented 32 bits still decodes.
            Some("integer") => json!({ "type": "integer", "format": REPLIED_INTEGER }),
            Some("boolean") => json!({ "type": "boolean" }),
            Some("array") => {
                let items = members
                    .get("items")
                    .map_or_else(|| json!({}), |items| self.loose(items).keep_null());
                json!({ "type": "array", "items": items })
            }
            Some("object") => return self.loose_object(members),
            _ if members.contains_key("properties") => return self.loose_object(members),
            _ => json!({}),
        };
        Loose::new(object(shape))
    }

    fn loose_object(&mut self, object: &Schema) -> Loose {
        let required = object.get("required").cloned().unwrap_or_else(|| json!([]));
        let properties = members(object.get("properties"));
        let mut loose = Map::new();
        loose.insert("type".to_owned(), json!("object"));
        if properties.is_empty() {
            // A map. Without a schema for its values, any value will do.
            let values = match object.get("additionalProperties") {
                Some(values @ Value::Object(_)) => self.loose(values).drop_null(),
                _ => json!({}),
            };
            loose.insert("additionalProperties".to_owned(), values);
            return Loose::new(loose);
        }
        // Unknown members are ignored, so `additionalProperties` has nothing to say.
        let mut tolerant = Map::new();
        for (name, schema) in properties {
            let mut member = self.loose(schema);
            // A bare reference says nothing of its own, but the field of a struct should.
            if let Some(component) =
                reference(schema).and_then(component_name).and_then(|name| self.component(name))
                && let Some(text) = component.get("description").and_then(Value::as_str)
            {
                member.schema.entry("description").or_insert_with(|| json!(first_line(text)));
            }
            let is_required = items(Some(&required)).iter().any(|known| known == name);
            let schema = if is_required { member.keep_null() } else { member.drop_null() };
            tolerant.insert(name.clone(), schema);
        }
        loose.insert("properties".to_owned(), Value::Object(tolerant));
        loose.insert("required".to_owned(), required);
        Loose::new(loose)
    }
}

/// Whether a media type is JSON: `application/json`, or one with the suffix `+json` (RFC 6839).
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// Calls JSON by the one media type that progenitor reads as JSON, not as bytes.
fn name_json(content: &mut Value) {
    const JSON: &str = "application/json";
    let Value::Object(content) = content else { return };
    let name = content.keys().find(|name| name.starts_with(JSON));
    let name = name.or_else(|| content.keys().find(|name| is_json(name))).cloned();
    if let Some(media) = name.and_then(|name| content.remove(&name)) {
        content.insert(JSON.to_owned(), media);
    }
}

/// Beside a success, `default` means the errors; progenitor takes it for both.
fn spell_out_default(responses: &mut Schema) {
    if !responses.keys().any(|status| status.starts_with('2')) {
        return;
    }
    if let Some(default) = responses.remove("default") {
        for range in ["4XX", "5XX"] {
            responses.entry(range).or_insert_with(|| default.clone());
        }
    }
}

/// Takes the rules out that typify does not know, or knows by odd types such as `NonZeroU32`.
fn take_bounds(schema: &mut Schema) -> Vec<Bound> {
    if schema.get("nullable") == Some(&json!(true)) {
        return Vec::new();
    }
    match type_of(schema) {
        Some("integer") => take_integer_bounds(schema),
        Some("number") => {
            let mut bounds = Vec::new();
            if let Some((number, is_exclusive)) = take_limit(schema, "minimum", "exclusiveMinimum")
            {
                bounds.push(Bound::Least { number, is_exclusive });
            }
            if let Some((number, is_exclusive)) = take_limit(schema, "maximum", "exclusiveMaximum")
            {
                bounds.push(Bound::Most { number, is_exclusive });
            }
            bounds
        }
        Some("array") => {
            let mut take = |key: &str| schema.remove(key);
            let fewest = take("minItems").as_ref().and_then(Value::as_u64);
            let most = take("maxItems").as_ref().and_then(Value::as_u64);
            let distinct = take("uniqueItems") == Some(json!(true));
            let fewest = fewest.filter(|&count| count > 0).map(Bound::FewestItems);
            let rules = [fewest, most.map(Bound::MostItems), distinct.then_some(Bound::Distinct)];
            rules.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// Whole limits of a 64-bit integer, those of its format among them.
fn take_integer_bounds(schema: &mut Schema) -> Vec<Bound> {
    let least = take_limit(schema, "minimum", "exclusiveMinimum");
    let mut least = least.and_then(|(number, is_exclusive)| {
        if is_exclusive {
            whole(&number, f64::floor)?.checked_add(1)
        } else {
            whole(&number, f64::ceil)
        }
    });
    let most = take_limit(schema, "maximum", "exclusiveMaximum");
    let mut most = most.and_then(|(number, is_exclusive)| {
        if is_exclusive {
            whole(&number, f64::ceil)?.checked_sub(1)
        } else {
            whole(&number, f64::floor)
        }
    });
    if schema.get("format") == Some(&json!("int32")) {
        least = Some(least.map_or(i32::MIN.into(), |least| least.max(i32::MIN.into())));
        most = Some(most.map_or(i32::MAX.into(), |most| most.min(i32::MAX.into())));
    }
    schema.insert("format".to_owned(), json!("int64"));
    let multiple = schema.remove("multipleOf").as_ref().and_then(Value::as_i64);
    let least = least.map(|least| Bound::Least { number: least.into(), is_exclusive: false });
    let most = most.map(|most| Bound::Most { number: most.into(), is_exclusive: false });
    let multiple = multiple.filter(|&multiple| multiple > 1).map(Bound::MultipleOf);
    [least, most, multiple].into_iter().flatten().collect()
}

fn whole(number: &Number, round: fn(f64) -> f64) -> Option<i64> {
    number.as_i64().or_else(|| round(number.as_f64()?).to_string().parse().ok())
}

fn take_limit(schema: &mut Schema, limit: &str, exclusive: &str) -> Option<(Number, bool)> {
    let is_exclusive = schema.remove(exclusive) == Some(json!(true));
    match schema.remove(limit) {
        Some(Value::Number(number)) => Some((number, is_exclusive)),
        _ => None,
    }
}

/// The values of a named vocabulary, open (`x-extensible-enum`) or closed (`enum`).
fn open_values(schema: &Value) -> Option<Vec<String>> {
    if schema.get("type").and_then(Value::as_str) != Some("string") {
        return None;
    }
    let values = schema.get("x-extensible-enum").or_else(|| schema.get("enum"))?;
    let values = items(Some(values)).iter().filter_map(Value::as_str);
    Some(values.map(str::to_owned).collect())
}

/// The list of a choice between one list and some words, and those words.
fn list_branch<'d>(view: &Deriving<'d>, schema: &'d Value) -> Option<(&'d Value, Vec<String>)> {
    let branches = ["oneOf", "anyOf"].iter().find_map(|&key| schema.get(key))?;
    let (lists, others): (Vec<&Value>, Vec<&Value>) = items(Some(branches))
        .iter()
        .partition(|branch| type_of_value(view.resolve(branch)) == Some("array"));
    let [list] = lists[..] else { return None };
    let words = others.iter().map(|other| open_values(view.resolve(other)));
    Some((list, words.collect::<Option<Vec<_>>>()?.concat()))
}

/// Whether this format makes a type of its own.
fn has_type(schema: &Value, format: &Value) -> bool {
    matches!(
        (type_of_value(schema), format.as_str()),
        (Some("string"), Some("binary" | "date-time" | "password" | "html"))
            | (Some("number"), Some("decimal" | "float" | "double"))
            | (Some("integer"), Some("int32" | "int64"))
    )
}

/// Takes description and deprecation over; progenitor forgets the latter.
fn describe(schema: &mut Schema, from: &Schema) {
    let own = from.get("description").and_then(Value::as_str).map(str::to_owned);
    let inherited = schema.get("description").and_then(Value::as_str).map(str::to_owned);
    let mut description = own.or(inherited).unwrap_or_default();
    let says_so = description.to_lowercase().contains("deprecated");
    if from.get("deprecated") == Some(&json!(true)) && !says_so {
        description.push_str("\n\nDeprecated.");
    }
    if !description.is_empty() {
        schema.insert("description".to_owned(), json!(description.trim()));
    }
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}

fn plain(schema: &Value, shape: Value) -> Schema {
    let mut plain = object(shape);
    if let Value::Object(members) = schema {
        describe(&mut plain, members);
    }
    plain
}

fn object(value: Value) -> Schema {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn type_of(schema: &Schema) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

fn type_of_value(schema: &Value) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

fn reference(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

fn component_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

fn component_reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn members(value: Option<&Value>) -> Vec<(&String, &Value)> {
    value.and_then(Value::as_object).map(|members| members.iter().collect()).unwrap_or_default()
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn each_member(value: &Value, mut derive: impl FnMut(&Value) -> Value) -> Value {
    members(Some(value)).into_iter().map(|(name, value)| (name.clone(), derive(value))).collect()
}

fn pick(value: Option<&Value>, keys: &[&str]) -> Schema {
    members(value)
        .into_iter()
        .filter(|(key, _)| keys.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::document::Document;

    /// A document with one operation, whose parameter and reply have these schemas.
    fn document(parameter: &str, reply: &str, components: &str) -> Document {
        let text = format!(
            "openapi: 3.0.3
info: {{ title: T, version: '1' }}
paths:
  /things/{{id}}:
    get:
      operationId: get_thing
      parameters:
        - {{ name: id, in: path, required: true, schema: {parameter} }}
      responses:
        '200':
          description: The thing.
          content: {{ application/json: {{ schema: {reply} }} }}
components:
  schemas: {components}
"
        );
        Document::parse("api.yaml", text).expect("the document of the test is YAML")
    }

    fn derive(parameter: &str, reply: &str, components: &str) -> (Value, Vec<OpenEnum>) {
        let root = document(parameter, reply, components).root.to_json();
        let (document, deriving) = super::derive(&root);
        (document, deriving.enums.into_values().collect())
    }

    fn loosened(reply: &str, components: &str) -> Value {
        let (document, _) = derive("{ type: string }", reply, components);
        document["paths"]["/things/{id}"]["get"]["responses"]["200"]["content"]["application/json"]
            ["schema"]
            .clone()
    }

    #[test]
    fn replies_lose_every_rule_beyond_their_shape() {
        let components = "
    Code: { type: string, pattern: '^a$', nullable: true, example: a }
    Codes: { type: array, items: { $ref: '#/components/schemas/Code' } }
    Word: { type: string, enum: [NONE] }
    Some: { oneOf: [{ $ref: '#/components/schemas/Codes' }, { $ref: '#/components/schemas/Word' }] }
    Ring: { type: array, items: { $ref: '#/components/schemas/Ring' } }";
        let integer = json!({ "type": "integer", "format": REPLIED_INTEGER });
        let string = json!({ "type": "string", "format": PRIVATE_TEXT });
        for (schema, expected) in [
            (
                "{ type: string, minLength: 1, maxLength: 2, pattern: a, default: b }",
                string.clone(),
            ),
            ("{ type: string, enum: [a] }", string.clone()),
            ("{ type: string, x-loggable: false }", string.clone()),
            ("{ type: string, x-loggable: true }", json!({ "type": "string" })),
            (
                "{ type: string, format: password, x-loggable: true }",
                json!({ "type": "string", "format": "password" }),
            ),
            ("{ type: string, format: email }", string.clone()),
            (
                "{ type: string, format: date-time }",
                json!({ "type": "string", "format": "date-time" }),
            ),
            (
                "{ type: string, format: password, minLength: 9 }",
                json!({ "type": "string", "format": "password" }),
            ),
            ("{ type: integer, format: int32, minimum: 0, maximum: 5 }", integer.clone()),
            ("{ type: integer, enum: [1, 2] }", integer),
            ("{ type: number, multipleOf: 0.01 }", json!({ "type": "number" })),
            (
                "{ type: number, format: decimal, minimum: 0 }",
                json!({ "type": "number", "format": "decimal" }),
            ),
            (
                "{ type: boolean, deprecated: true }",
                json!({ "type": "boolean", "description": "Deprecated." }),
            ),
            (
                "{ type: array, minItems: 1, uniqueItems: true, items: { type: string } }",
                json!({ "type": "array", "items": string }),
            ),
            ("{ type: array }", json!({ "type": "array", "items": {} })),
            ("{ type: object }", json!({ "type": "object", "additionalProperties": {} })),
            (
                "{ type: object, additionalProperties: { type: string, nullable: true } }",
                json!({ "type": "object", "additionalProperties": string }),
            ),
            ("{ description: Any. }", json!({ "description": "Any." })),
            (
                "{ $ref: '#/components/schemas/Code' }",
                json!({ "type": "string", "format": PRIVATE_TEXT, "nullable": true }),
            ),
            (
                "{ $ref: '#/components/schemas/Some' }",
                json!({ "type": "array", "items": { "type": "string", "format": PRIVATE_TEXT, "nullable": true } }),
            ),
            (
                "{ allOf: [{ $ref: '#/components/schemas/Some' }], nullable: true, description: D. }",
                json!({
                    "type": "array", "description": "D.",
                    "items": { "type": "string", "format": PRIVATE_TEXT, "nullable": true },
                }),
            ),
            ("{ $ref: '#/components/schemas/Ring' }", json!({ "type": "array", "items": {} })),
        ] {
            assert_eq!(loosened(schema, components), expected, "{schema}");
        }
    }

    #[test]
    fn members_keep_null_only_where_it_differs_from_absence() {
        let reply = "{
            type: object, additionalProperties: false, x-forbidden-properties: [pin],
            required: [must, list],
            properties: {
                must: { type: string, nullable: true },
                may: { type: string, nullable: true },
                list: { type: array, nullable: true, items: { type: string } } } }";
        assert_eq!(
            loosened(reply, "{}"),
            json!({
                "type": "object",
                "required": ["must", "list"],
                "properties": {
                    "must": { "type": "string", "format": PRIVATE_TEXT, "nullable": true },
                    "may": { "type": "string", "format": PRIVATE_TEXT },
                    "list": { "type": "array", "items": { "type": "string", "format": PRIVATE_TEXT } },
                },
            })
        );
    }

    #[test]
    fn structs_and_enums_keep_their_names_in_replies() {
        let components = "
    Thing: { type: object, properties: { state: { $ref: '#/components/schemas/State' } } }
    Alias: { allOf: [{ $ref: '#/components/schemas/Thing' }], description: D. }
    State: { type: string, x-extensible-enum: [A, B], description: S. }
    Unused: { type: string }";
        let (document, enums) =
            derive("{ type: string }", "{ $ref: '#/components/schemas/Alias' }", components);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Thing": {
                    "type": "object",
                    "required": [],
                    "properties": {
                        "state": {
                            "allOf": [{ "$ref": "#/components/schemas/State" }],
                            "description": "S.",
                        },
                    },
                },
                "State": { "type": "string", "description": "S." },
            })
        );
        let values = vec!["A".to_owned(), "B".to_owned()];
        let description = "S.".to_owned();
        assert_eq!(enums, [OpenEnum { name: "State".to_owned(), description, values }]);
    }

    #[test]
    fn requests_stay_strict() {
        let components = "
    Id: { type: string, minLength: 1, pattern: '^a', example: a, x-exempt-values: [b] }
    Only: { type: string, enum: [A] }
    Open: { type: string, x-extensible-enum: [A] }
    Filter: {
        type: object,
        properties: {
            id: { $ref: '#/components/schemas/Id' },
            only: { $ref: '#/components/schemas/Only' },
            open: { $ref: '#/components/schemas/Open' } } }";
        let (document, enums) = derive(
            "{ $ref: '#/components/schemas/Filter' }",
            "{ $ref: '#/components/schemas/Id' }",
            components,
        );
        assert_eq!(
            document["components"]["schemas"]["Id"],
            json!({
                "type": "string", "minLength": 1,
                "description": "The server checks that it matches `^a`.",
            })
        );
        assert_eq!(
            document["components"]["schemas"]["Only"],
            json!({ "type": "string", "enum": ["A"] })
        );
        let names: Vec<_> = enums.into_iter().map(|open| open.name).collect();
        assert_eq!(names, ["Open"]);
    }

    /// The bounds that a parameter's schema leaves to its constructor.
    fn bounds(parameter: &str) -> Vec<Bound> {
        let document = document(parameter, "{ type: string }", "{}");
        let view = view(&document).expect("the document of the test is OpenAPI");
        assert!(view.bounds.keys().all(|name| name == "Id"), "{:?}", view.bounds);
        view.bounds.into_values().flatten().collect()
    }

    #[test]
    fn limits_of_numbers_and_lists_in_requests_are_kept_for_their_constructors() {
        let least = |number: i64| Bound::Least { number: number.into(), is_exclusive: false };
        let most = |number: i64| Bound::Most { number: number.into(), is_exclusive: false };
        for (parameter, expected) in [
            ("{ type: integer }", vec![]),
            ("{ type: integer, minimum: 1, maximum: 5 }", vec![least(1), most(5)]),
            (
                "{ type: integer, minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: true }",
                vec![least(2), most(4)],
            ),
            ("{ type: integer, minimum: 0.5, maximum: 5.5 }", vec![least(1), most(5)]),
            (
                "{ type: integer, format: int32, minimum: 0, multipleOf: 5 }",
                vec![least(0), most(i32::MAX.into()), Bound::MultipleOf(5)],
            ),
            (
                "{ type: number, minimum: 1, exclusiveMinimum: true }",
                vec![Bound::Least { number: 1.into(), is_exclusive: true }],
            ),
            (
                "{ type: array, items: { type: string }, minItems: 1, maxItems: 3, uniqueItems: true }",
                vec![Bound::FewestItems(1), Bound::MostItems(3), Bound::Distinct],
            ),
            ("{ type: array, items: { type: string }, minItems: 0 }", vec![]),
        ] {
            assert_eq!(bounds(parameter), expected, "{parameter}");
        }
    }

    #[test]
    fn what_both_sides_carry_is_strict_in_requests_under_a_name_of_its_own() {
        let components = "
    Thing: { type: object, properties: { code: { $ref: '#/components/schemas/Code' }, state: { $ref: '#/components/schemas/State' } } }
    ThingRequest: { type: string }
    Code: { type: string, enum: [A] }
    State: { type: string, x-extensible-enum: [A] }";
        let thing = "{ $ref: '#/components/schemas/Thing' }";
        let (document, _) = derive(thing, thing, components);
        let schemas = &document["components"]["schemas"];
        let names: Vec<&String> = schemas.as_object().unwrap().keys().collect();
        assert_eq!(names, ["Code", "CodeRequest", "State", "Thing", "ThingRequestRequest"]);
        assert_eq!(schemas["Code"], json!({ "type": "string" }));
        assert_eq!(schemas["CodeRequest"], json!({ "type": "string", "enum": ["A"] }));
        assert_eq!(
            schemas["ThingRequestRequest"]["properties"]["code"]["$ref"],
            "#/components/schemas/CodeRequest"
        );
        assert_eq!(
            document["paths"]["/things/{id}"]["get"]["parameters"][0]["schema"]["$ref"],
            "#/components/schemas/ThingRequestRequest"
        );
    }

    #[test]
    fn responses_are_told_in_the_words_that_progenitor_reads() {
        let spelled = |responses: Value| {
            let mut responses = object(responses);
            spell_out_default(&mut responses);
            responses
                .into_iter()
                .map(|(status, value)| format!("{status} {value}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(spelled(json!({ "200": 1, "default": 2 })), ["200 1", "4XX 2", "5XX 2"]);
        assert_eq!(
            spelled(json!({ "2XX": 1, "404": 3, "5XX": 4, "default": 2 })),
            ["2XX 1", "404 3", "4XX 2", "5XX 4"]
        );
        assert_eq!(spelled(json!({ "default": 2 })), ["default 2"]);
        for (name, is_json) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/problem+json", true),
            ("application/vnd.x+JSON; v=1", true),
            ("text/html", false),
        ] {
            let mut content = json!({ name: {} });
            name_json(&mut content);
            assert_eq!(content.get("application/json").is_some(), is_json, "{name}");
        }
    }
}
