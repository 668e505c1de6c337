//! Where two documents in normal form differ.

use std::collections::BTreeSet;
use std::fmt;

use openapi_codegen::source::Document;
use serde_json::Value;

use super::described::{Described, described};

/// The contract and the sandbox differ in one fact, or one of them lacks a part.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Names of parts, from the document's root.
    pub place: Vec<String>,
    /// What is said differently; the part itself if nothing.
    pub fact: Option<String>,
    pub contract: Side,
    pub sandbox: Side,
}

/// What one of the documents says.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Nothing if it is silent.
    pub value: Option<Value>,
    /// JSON Pointer of the fact, or of the part that lacks it.
    pub pointer: String,
}

/// All differences, those on purpose included.
pub fn differences(contract: &Described, sandbox: &Described) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(contract, sandbox, &mut Vec::new(), &mut found);
    found
}

fn compare(
    contract: &Described,
    sandbox: &Described,
    place: &mut Vec<String>,
    found: &mut Vec<Difference>,
) {
    let names: BTreeSet<&String> = contract.facts.keys().chain(sandbox.facts.keys()).collect();
    for name in names {
        let [contract, sandbox] = [contract, sandbox].map(|part| match part.facts.get(name) {
            Some((value, pointer)) => Side { value: Some(value.clone()), pointer: pointer.clone() },
            None => Side { value: None, pointer: part.pointer.clone() },
        });
        if contract.value != sandbox.value {
            let fact = Some(name.clone());
            found.push(Difference { place: place.clone(), fact, contract, sandbox });
        }
    }
    let names: BTreeSet<&String> = contract.parts.keys().chain(sandbox.parts.keys()).collect();
    for name in names {
        place.push(name.clone());
        if let (Some(contract), Some(sandbox)) = (contract.parts.get(name), sandbox.parts.get(name))
        {
            compare(contract, sandbox, place, found);
        } else {
            let [contract, sandbox] =
                [contract, sandbox].map(|whole| match whole.parts.get(name) {
                    Some(part) => {
                        Side { value: Some("there".into()), pointer: part.pointer.clone() }
                    }
                    None => Side { value: None, pointer: whole.pointer.clone() },
                });
            found.push(Difference { place: place.clone(), fact: None, contract, sandbox });
        }
        place.pop();
    }
}

/// A difference with its places on both sides.
pub struct Located<'d> {
    pub difference: &'d Difference,
    pub contract: &'d Document,
}

impl fmt::Display for Located<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { place, fact, contract, sandbox } = self.difference;
        let span = self.contract.root.nearest(&contract.pointer).span;
        let path = &self.contract.source.name;
        let place = if place.is_empty() { "the document".to_owned() } else { place.join(" / ") };
        let fact = fact.as_ref().map(|fact| format!(": {fact}")).unwrap_or_default();
        writeln!(formatter, "{place}{fact}")?;
        let says = |side: &Side| match (&side.value, self.difference.fact.is_some()) {
            (Some(value), true) => format!("says {value}"),
            (None, true) => "says nothing".to_owned(),
            (Some(_), false) => "has it".to_owned(),
            (None, false) => "lacks it".to_owned(),
        };
        writeln!(
            formatter,
            "  the contract {}\n    {path}:{}:{} #{}",
            says(contract),
            span.line,
            span.column,
            contract.pointer
        )?;
        write!(formatter, "  the sandbox {}\n    /openapi.json #{}", says(sandbox), sandbox.pointer)
    }
}

#[test]
fn a_difference_is_told_with_its_place_in_the_document() {
    let text = "openapi: 3.0.3
info: { title: Pets, version: 1.0.0 }
paths:
  /pets:
    get:
      operationId: list_pets
      description: Lists pets.
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 100 } }
      responses: {}
";
    let parse = |text: &str| Document::parse("pets.yaml", text).expect("it is YAML");
    let contract = parse(text);
    let sandbox = parse(&text.replace("100", "50").replace("      description: Lists pets.\n", ""));
    let found = differences(&described(&contract), &described(&sandbox));
    let told: Vec<String> = found
        .iter()
        .map(|difference| Located { difference, contract: &contract }.to_string())
        .collect();
    assert_eq!(
        told,
        [
            "operation list_pets: description
  the contract says \"Lists pets.\"
    pets.yaml:7:20 #/paths/~1pets/get/description
  the sandbox says nothing
    /openapi.json #/paths/~1pets/get",
            "operation list_pets / query limit / schema: maximum
  the contract says 100
    pets.yaml:9:71 #/paths/~1pets/get/parameters/0/schema/maximum
  the sandbox says 50
    /openapi.json #/paths/~1pets/get/parameters/0/schema/maximum",
        ]
    );
}
