//! Every property of a response is shown by a sample, and known to all that is generated or written
//! beside the document.

use std::collections::{BTreeMap, BTreeSet};

use crate::DOCUMENT;
use openapi_codegen::source::Node;
use serde_json::{Value, json};
use tango_orders_sandbox::{DEFAULT_KEY, DEFAULT_PLATFORM, Sandbox};
use tango_orders_validator::{Operation, validate};

use super::response_schemas::response_schemas;
use crate::{DECODED, SPEC, schema_named};

/// Where a property has to occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Sample,
    Types,
    Validator,
    Sandbox,
}

use Column::{Sample as InSamples, Sandbox as InSandbox, Types, Validator};

/// Properties that rightly do not occur somewhere, each with the reason.
const EXCEPTIONS: &[(&str, Column, &str)] = &[
    ("ErrorBody.code", InSamples, "the pages deprecate it and show no payload that has it"),
    ("ErrorBody.code", InSandbox, "deprecated: the sandbox sends `i18nKey`"),
    ("ErrorItem.code", InSandbox, "only older responses have it, says the document"),
    (
        "ErrorItem.constraint",
        InSandbox,
        "it names rules for the body of a request, which no operation has",
    ),
];

/// A property by the name of its component schema and its own.
type Property = (String, String);

/// Walks values along the schemas of the document, and notes which properties occur.
#[derive(Default)]
struct Walk {
    found: BTreeSet<Property>,
}

impl Walk {
    /// Notes the properties of a value that has a component schema.
    fn component(&mut self, name: &str, value: &Value) {
        let schema = SPEC.document.root.pointer(&format!("/components/schemas/{name}"));
        self.schema(Some(name), schema.expect("the document has the schema"), value);
    }

    fn schema(&mut self, name: Option<&str>, schema: &Node, value: &Value) {
        if let Some(reference) = schema.get("$ref").and_then(Node::as_str) {
            let name = reference.strip_prefix("#/components/schemas/").expect("a component");
            return self.component(name, value);
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for part in schema.get(keyword).map_or(&[][..], Node::items) {
                self.schema(None, part, value);
            }
        }
        for (property, schema) in schema.get("properties").map_or(&[][..], Node::members) {
            let value = value.get(&property.name).unwrap_or(&Value::Null);
            if !value.is_null() {
                let name = name.expect("an object of a response is a component of its own");
                self.found.insert((name.to_owned(), property.name.clone()));
                self.schema(None, schema, value);
            }
        }
        if let (Some(schema), Some(items)) = (schema.get("items"), value.as_array()) {
            for item in items {
                self.schema(None, schema, item);
            }
        }
        let rest = schema.get("additionalProperties").filter(|schema| schema.is_object());
        if let (Some(schema), Some(members)) = (rest, value.as_object()) {
            for member in members.values() {
                self.schema(None, schema, member);
            }
        }
    }
}

/// The properties of all schemas that a response has, also inside of others, with their places.
fn properties() -> BTreeMap<Property, String> {
    let mut properties = BTreeMap::new();
    let mut names: Vec<&str> = response_schemas(&SPEC.document).into_iter().collect();
    let mut seen: BTreeSet<&str> = names.iter().copied().collect();
    while let Some(name) = names.pop() {
        let schema = SPEC.document.root.pointer(&format!("/components/schemas/{name}"));
        let schema = schema.expect("the document has the schema");
        for (key, _) in schema.get("properties").map_or(&[][..], Node::members) {
            let place = format!("{DOCUMENT}:{}:{}", key.span.line, key.span.column);
            properties.insert((name.to_owned(), key.name.clone()), place);
        }
        let mut inner = vec![schema];
        while let Some(schema) = inner.pop() {
            let reference = schema.get("$ref").and_then(Node::as_str);
            let name = reference.and_then(|it| it.strip_prefix("#/components/schemas/"));
            names.extend(name.filter(|name| seen.insert(name)));
            inner.extend(schema.subschemas());
        }
    }
    properties
}

/// Which sample shows a property first.
fn samples() -> BTreeMap<Property, &'static str> {
    let mut shown = BTreeMap::new();
    for sample in &SPEC.samples {
        let mut walk = Walk::default();
        walk.component(sample.schema(&SPEC.document).expect("it names a schema"), &sample.value);
        for property in walk.found {
            shown.entry(property).or_insert(sample.name.as_str());
        }
    }
    shown
}

/// The properties that the client's types have: those of the JSON Schemas that schemars makes of
/// them.
fn types() -> BTreeSet<Property> {
    let mut found = BTreeSet::new();
    for decoded in DECODED {
        let schema = (decoded.json_schema)();
        let definitions = schema["$defs"].as_object().into_iter().flatten();
        let definitions = definitions.map(|(name, definition)| (name.as_str(), definition));
        for (name, definition) in definitions.chain([(decoded.schema, &schema)]) {
            let properties = definition["properties"].as_object().into_iter().flatten();
            found.extend(properties.map(|(property, _)| (name.to_owned(), property.clone())));
        }
    }
    found
}

/// Whether the validator of the schema takes the member for a documented one.
fn validator_knows((schema, name): &Property) -> bool {
    let payload = json!({ name: null }).to_string();
    let report = validate(schema_named(schema), payload.as_bytes());
    !report.findings().any(|finding| finding.keyword() == "properties")
}

/// What the sandbox answers to whatever its home page lists, and to requests that it has to refuse.
async fn sandbox() -> BTreeSet<Property> {
    let sandbox = Sandbox::builder().start().await.expect("the sandbox starts");
    let root = format!("http://{}", sandbox.address());
    let http = reqwest::Client::new();
    let page = http.get(&root).send().await.expect("it answers").text().await.expect("a text");
    let links: Vec<&str> = page
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| format!("{root}{link}").starts_with(&sandbox.url()))
        .collect();
    assert!(links.len() > 20, "the home page lists orders to try: {links:?}");
    let mut walk = Walk::default();
    let mut ids = BTreeSet::new();
    for link in links {
        let url = format!("{root}{link}");
        let call = || http.get(&url).basic_auth(DEFAULT_PLATFORM, Some(DEFAULT_KEY));
        let calls = [
            call(),
            http.get(&url),
            call().query(&[("maxResults", "0")]),
            call().header("X-Sandbox-Fault", "429"),
        ];
        for call in calls {
            let response = call.send().await.expect("it answers");
            let status = response.status().as_u16();
            let id = sandbox.requests().pop().and_then(|request| request.operation);
            let body: Value = response.json().await.expect("it is JSON");
            // A request without credentials gets to no operation.
            let id = id.unwrap_or(Operation::ALL[0].id());
            if status == 200 {
                ids.insert(id);
            }
            let schema =
                openapi_codegen::samples::response_schema(&SPEC.document, id, &status.to_string());
            if let Some(schema) = schema {
                walk.component(schema, &body);
            }
        }
    }
    for operation in Operation::ALL {
        assert!(ids.contains(operation.id()), "the home page links to {}", operation.id());
    }
    walk.found
}

#[tokio::test]
async fn every_property_is_shown_by_a_sample() {
    let (samples, types, sandbox) = (samples(), types(), sandbox().await);
    let mut missing = Vec::new();
    let mut used = BTreeSet::new();
    for (property, place) in properties() {
        let (schema, name) = &property;
        let member = format!("{schema}.{name}");
        let sample = samples.get(&property);
        let columns = [
            (
                InSamples,
                sample.is_some(),
                "no sample shows it: add it to a payload in openapi/samples/",
            ),
            (
                Types,
                types.contains(&property),
                "no type of the client has it: run `cargo xtask codegen`",
            ),
            (
                Validator,
                validator_knows(&property),
                "the validator does not know it: run `cargo xtask codegen`",
            ),
            (
                InSandbox,
                sandbox.contains(&property),
                "the sandbox never sends it: fill it in crates/tango-orders-sandbox/src/data/",
            ),
        ];
        let marks = columns.map(|(_, is_there, _)| if is_there { "yes" } else { "no" });
        println!("{member}: {} {marks:?}", sample.unwrap_or(&"-"));
        for (column, is_there, advice) in columns {
            let exception = EXCEPTIONS
                .iter()
                .position(|(known, place, _)| (*known, *place) == (member.as_str(), column));
            match exception {
                _ if is_there => {}
                Some(exception) => drop(used.insert(exception)),
                None => missing.push(format!("{place} {member}: {advice}")),
            }
        }
    }
    assert!(
        missing.is_empty(),
        "members that are not everywhere; do what is said, or add an exception with its reason in \
         tests/document/coverage.rs:\n{}",
        missing.join("\n")
    );
    let unused = EXCEPTIONS.iter().enumerate().filter(|(index, _)| !used.contains(index));
    let unused: Vec<_> = unused.map(|(_, exception)| exception).collect();
    assert!(unused.is_empty(), "remove these exceptions, which nothing needs: {unused:#?}");
}
