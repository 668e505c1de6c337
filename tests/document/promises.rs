//! What the document promises of schemas that carry no credentials.

use std::collections::BTreeSet;

use openapi_codegen::source::Node;

use crate::SPEC;

/// Credential types that redeem nothing.
const HARMLESS: [&str; 1] = ["expirationDate"];

fn names<'d>(schema: &'d Node, key: &str) -> BTreeSet<&'d str> {
    schema.get(key).map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect()
}

#[test]
fn a_schema_without_credentials_forbids_every_name_of_one() {
    let schemas = SPEC.document.root.pointer("/components/schemas").expect("there are schemas");
    let schema = |name| schemas.get(name).expect("the schema is declared");
    let types = names(schema("CredentialType"), "x-extensible-enum");
    let reward = schema("Reward").get("properties").expect("a reward has members").members();
    let credential = types.into_iter().filter(|name| !HARMLESS.contains(name));
    let every: BTreeSet<&str> =
        credential.chain(reward.iter().map(|(key, _)| key.name.as_str())).collect();
    let promises: Vec<(&str, BTreeSet<&str>)> = schemas
        .members()
        .iter()
        .map(|(key, schema)| (key.name.as_str(), names(schema, "x-forbidden-properties")))
        .filter(|(_, forbidden)| !forbidden.is_empty())
        .collect();
    let (_, first) = promises.first().expect("a schema promises to carry no credentials");
    for (name, forbidden) in &promises {
        let missing: Vec<_> = every.difference(forbidden).collect();
        assert!(missing.is_empty(), "{name} does not forbid {missing:?}");
        assert_eq!(forbidden, first, "{name} forbids other names than another schema");
    }
}
