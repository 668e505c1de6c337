//! The emitter of validators: what it refuses, and that what it emitted is fresh.

use std::path::Path;

use annotate_snippets::Renderer;
use insta::assert_snapshot;
use openapi_codegen::model::Model;
use openapi_codegen::output::Output;
use openapi_codegen::source::{Document, Finding};
use openapi_codegen::{source, validator};

fn outputs(path: &str, text: &str) -> Result<Vec<Output>, Vec<Finding>> {
    let document = Document::parse(path, text).expect("the document is YAML");
    Ok(validator::outputs(&Model::read(&document)?)?.0)
}

fn findings(text: &str) -> String {
    let document = Document::parse("openapi.yaml", text).expect("the document is YAML");
    let outputs = Model::read(&document).and_then(|model| validator::outputs(&model));
    let findings = outputs.map_or_else(|errors| errors, |(_, warnings)| warnings);
    source::render(&findings, &Renderer::plain())
}

#[test]
fn what_cannot_be_emitted_is_named_with_its_place() {
    assert_snapshot!(findings(
        r"openapi: 3.0.3
paths:
  /things:
    parameters:
      - { name: filter, in: query, schema: { type: object } }
      - { name: where, in: query, content: {} }
      - { in: query }
      - $ref: '#/components/parameters/Nowhere'
    get:
      operationId: get_things
      x-mutually-exclusive: [[filter, nothing]]
      parameters:
        - { name: deep, in: query, style: deepObject, schema: { type: array } }
      responses:
        many: { description: What is that? }
components:
  schemas:
    Typo: { type: string, maxLenght: 3 }
    Newer: { type: [string, 'null'], const: 1, if: {} }
    Lost: { $ref: '#/components/schemas/Nowhere' }
    Remote: { $ref: 'other.yaml#/Thing' }
    Circle: { $ref: '#/components/schemas/Round' }
    Round: { $ref: '#/components/schemas/Circle' }
    Beside: { $ref: '#/components/schemas/Typo', maxLength: 3 }
    Values:
      type: object
      required: true
      properties: [a]
      minProperties: -1
      nullable: maybe
    Numbers: { type: number, minimum: '1', multipleOf: 0, x-anything: { goes: true } }
    Made: { allOf: [], discriminator: { mapping: {} }, oneOf: 1 }
    NoSchema: 1
"
    ));
}

#[test]
fn patterns_that_are_not_supported_are_named() {
    assert_snapshot!(findings(
        r"openapi: 3.0.3
components:
  schemas:
    Ahead: { type: string, pattern: '^(?!x)' }
    Many: { type: string, pattern: '^(a{1000}){1000}$' }
    Back: { type: string, pattern: '(a)\1' }
    Open: { type: string, pattern: '[a' }
    Fine: { type: string, pattern: '^[a-z]+(-[a-z]+)*$' }
    NoText: { type: string, enum: [1] }
"
    ));
}

#[test]
fn schemas_that_are_made_of_themselves_are_named() {
    assert_snapshot!(findings(
        r"openapi: 3.0.3
components:
  schemas:
    Any: { anyOf: [{ $ref: '#/components/schemas/Any' }, { type: string }] }
    Not: { not: { $ref: '#/components/schemas/Not' } }
    Ping: { oneOf: [{ type: integer }, { allOf: [{ $ref: '#/components/schemas/Pong' }] }] }
    Pong: { not: { anyOf: [{ type: string }, { $ref: '#/components/schemas/Ping' }] } }
    User of one: { allOf: [{ $ref: '#/components/schemas/Ping' }] }
    Tree: { anyOf: [{ type: array, items: { $ref: '#/components/schemas/Tree' } }, { type: integer }] }
"
    ));
}

/// The places of the schemas whose functions accept everything.
fn accepting_everything(document: &Document) -> Vec<String> {
    let model = Model::read(document).expect("the document can be read");
    let outputs = validator::outputs(&model).expect("the document can be emitted");
    let mut places = Vec::new();
    for output in &outputs.0 {
        let lines: Vec<&str> = output.contents.lines().map(str::trim).collect();
        for lines in lines.windows(4) {
            if let [doc, function, "reader.any()", "}"] = lines
                && function.contains("fn ")
                && doc.ends_with('`')
            {
                let place = doc.split('`').nth(1).expect("functions say what they are for");
                places.push(place.trim_start_matches('#').to_owned());
            }
        }
    }
    places
}

#[test]
fn only_schemas_that_say_nothing_accept_everything() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut count = 0;
    for path in [
        "openapi/tango-orders.yaml",
        "crates/openapi-validator/tests/it/every_keyword/openapi.yaml",
        "tests/third_party/github/openapi.json",
        "tests/third_party/json_schema_test_suite/openapi.json",
    ] {
        let text = std::fs::read_to_string(root.join(path)).expect("the document is there");
        let document = Document::parse(path, text).expect("it is YAML");
        for place in accepting_everything(&document) {
            let schema = document.root.pointer(&place).expect("the place exists");
            for (key, value) in schema.members() {
                let annotations = ["title", "description", "default", "example", "nullable"];
                let says_nothing = annotations.contains(&key.name.as_str())
                    || key.name.starts_with("x-")
                    || value.as_bool() == Some(false)
                    || (key.name == "format" && value.as_str() == Some("unknown"));
                assert!(says_nothing, "{path}{place} has `{}`", key.name);
            }
            count += 1;
        }
    }
    assert!(count > 0, "some schemas say nothing");
}

#[test]
fn parameters_that_are_written_in_an_unsupported_way_are_named() {
    assert_snapshot!(findings(
        r"openapi: 3.0.3
paths:
  /things/{id}:
    get:
      operationId: get_thing
      parameters:
        - { name: id, in: path, required: true, style: matrix, schema: { type: string } }
        - { name: members, in: query, schema: { type: object } }
        - { name: lists, in: query, style: deepObject, schema: { type: object, properties: { a: { type: array } } } }
        - { name: others, in: query, style: deepObject, schema: { type: object, additionalProperties: { type: integer } } }
        - { name: parts, in: query, style: deepObject, schema: { type: object, allOf: [{ properties: { a: { type: integer } } }] } }
        - { name: fine, in: query, style: deepObject, schema: { type: object, properties: { a: { type: integer } } } }
      responses:
        '204': { description: Nothing. }
"
    ));
}

/// One file of what is emitted for a document.
fn emitted(text: &str, file: &str) -> String {
    let outputs = outputs("openapi.yaml", text).expect("the document can be emitted");
    let output = outputs.into_iter().find(|output| output.path == Path::new(file));
    output.expect("the file is emitted").contents
}

const SECTIONS: &str = r"openapi: 3.0.3
paths:
  /things:
    parameters:
      - { name: pin, in: query, schema: { $ref: '#/components/schemas/Pin' } }
    get:
      operationId: get_things
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Thing' }
components:
  schemas:
    Free: { type: object, properties: { text: { type: string } } }
    Pin: { type: string, format: password }
    Thing:
      allOf:
        - $ref: '#/components/schemas/Named'
        - properties:
            pins: { type: array, items: { $ref: '#/components/schemas/Pin' } }
            free: { $ref: '#/components/schemas/Free' }
    Named:
      type: object
      properties:
        name: { type: string }
";

#[test]
fn the_source_map_tells_places_by_section_and_what_is_secret() {
    assert_snapshot!(emitted(SECTIONS, "source_map.rs"));
}

#[test]
fn an_edit_changes_its_section_and_one_number_of_each_later_one() {
    let before = emitted(SECTIONS, "source_map.rs");
    let after = SECTIONS.replace(
        "    Pin: { type: string,",
        "    Pin:\n      # What opens it.\n      { type: string,",
    );
    let after = emitted(&after, "source_map.rs");
    let changed: Vec<(&str, &str)> =
        before.lines().zip(after.lines()).filter(|(before, after)| before != after).collect();
    assert_eq!(before.lines().count(), after.lines().count());
    let changed: Vec<String> = changed
        .into_iter()
        .map(|(before, after)| format!("{} -> {}", before.trim(), after.trim()))
        .collect();
    assert_snapshot!(changed.join("\n"));
}

#[test]
fn an_empty_document_is_enough() {
    assert_eq!(findings("openapi: 3.0.3\n"), "");
}

#[test]
fn names_that_collide_or_are_no_identifiers_get_their_own_modules() {
    let names = [
        "type",
        "Type",
        "mod",
        "gen",
        "1st",
        "''",
        "💥",
        "a.b",
        "a-b",
        "Self",
        "scalars",
        "validate",
        "openapi_validator",
    ];
    let schemas = names.map(|name| format!("{name}: {{ type: object }}"));
    let text = format!("openapi: 3.0.3\ncomponents:\n  schemas: {{ {} }}\n", schemas.join(", "));
    let outputs = outputs("openapi.yaml", &text).expect("the document is fine");
    let paths: Vec<String> =
        outputs.iter().map(|output| output.path.display().to_string()).collect();
    let mut distinct = paths.clone();
    distinct.dedup_by_key(|path| path.to_lowercase());
    assert_eq!(paths, distinct);
    assert_snapshot!(paths.join("\n"));
}

#[test]
fn functions_have_names_that_neither_rust_nor_the_runtime_reserves() {
    let text = r"
openapi: 3.0.3
components:
  schemas:
    gen: { type: string }
    string: { type: string }
    Thing:
      type: object
      properties:
        gen: { type: string, maxLength: 1 }
        any: { type: string, maxLength: 2 }
        string: { type: string, maxLength: 3 }
        reader: { type: string, maxLength: 4 }
        validate: { type: string, maxLength: 5 }
";
    let functions = |file| {
        let code = emitted(text, file);
        let names = code.lines().filter_map(|line| line.split_once("fn ")?.1.split_once('('));
        names.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(functions("schemas/scalars.rs"), ["gen2", "string2"]);
    let expected = ["validate", "gen2", "any2", "string2", "reader2", "validate2"];
    assert_eq!(functions("schemas/thing.rs"), expected);
}

#[test]
fn the_code_that_the_runtime_is_tested_with_is_fresh() {
    let folder = "crates/openapi-validator/tests/it/every_keyword";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let text = std::fs::read_to_string(root.join("openapi.yaml")).expect("the document is there");
    let path = format!("{folder}/openapi.yaml");
    let generate = || outputs(&path, &text).expect("it is supported");
    let (outputs, again) = (generate(), generate());
    assert_eq!(outputs, again, "the same input must give the same bytes");
    for output in &outputs {
        let path = root.join("generated").join(&output.path);
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == output.contents, "{} is not fresh, see mod.rs beside", path.display());
    }
}
