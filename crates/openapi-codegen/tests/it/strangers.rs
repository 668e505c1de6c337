//! What the lint says of other people's documents.

use openapi_codegen::lint;
use openapi_codegen::model::Model;
use openapi_codegen::rule::{Rule, Rules, Severity};
use openapi_codegen::source::Document;

use crate::{BASE, edit, render};

type Expected = &'static [(Rule, Severity)];

/// What to change in [`BASE`], into what, and what the generator says of it in other people's
/// documents.
const STRANGE: &[(&str, &str, Expected)] = {
    use Severity::{Error, Warning};
    &[
        ("format: int32", "format: uint32", &[(Rule::Format, Warning)]),
        ("format: int32", "format: percent", &[]),
        ("format: int32", "format: date", &[(Rule::Format, Warning)]),
        (
            "        kind:\n          $ref: '#/components/schemas/Kind'",
            "        kind:\n          nullable: true\n          $ref: '#/components/schemas/Kind'",
            &[(Rule::ReferenceSiblings, Warning)],
        ),
        (
            "        kind:\n          $ref: '#/components/schemas/Kind'",
            "        kind:\n          description: A kind.\n          x-order: 1\n          $ref: '#/components/schemas/Kind'",
            &[],
        ),
        ("x-extensible-enum:", "x-extensible-enums:", &[(Rule::UnknownExtension, Warning)]),
        ("          type: boolean", "          type: boolean\n          x-nullable: true", &[]),
        (
            "          type: boolean\n",
            "          minLength: 1\n",
            &[(Rule::UntypedSchema, Warning)],
        ),
        ("          type: boolean\n", "", &[]),
        (
            "          type: boolean\n",
            "          properties: {a: {type: string}}\n          required: [a]\n",
            &[],
        ),
        (
            "          type: boolean\n",
            "          additionalProperties: {type: string}\n",
            &[(Rule::UntypedSchema, Warning)],
        ),
        ("minimum: 1", "minLength: 1", &[(Rule::KeywordType, Warning)]),
        ("enum: [NONE]", "enum: [NONE, null]", &[(Rule::Enum, Warning)]),
        ("enum: [NONE]", "nullable: true\n      enum: [NONE, null]", &[]),
        ("enum: [NONE]", "enum: [NONE, NONE]", &[(Rule::Enum, Warning)]),
        (
            "      format: int32\n      minimum: 1\n      maximum: 100",
            "      maximum: 18446744073709551615",
            &[],
        ),
        ("maximum: 100", "maximum: 3000000000", &[(Rule::Bounds, Warning)]),
        ("maximum: 100", "maximum: 1e400", &[(Rule::Bounds, Warning)]),
        ("minimum: 1", "multipleOf: 0", &[(Rule::WrongType, Error)]),
        ("minimum: 1", "multipleOf: 0.12345678901234567890", &[]),
        ("enum: [NONE]", "enum: []", &[(Rule::Enum, Warning)]),
        ("  /pets/{petId}:", "  '/pets/ {petId}':", &[(Rule::Path, Warning)]),
        (
            "      responses:\n        '201'",
            "      requestBody: {content: {no media type: {}}}\n      responses:\n        '201'",
            &[(Rule::WrongType, Warning)],
        ),
        ("components:\n", "components:\n  x-schemas: {Sort: {type: strin}}\n", &[]),
        ("      operationId: get_pet\n", "", &[]),
        ("operationId: get_pet\n", "operationId: list_pets\n", &[(Rule::OperationId, Error)]),
        ("operationId: get_pet\n", "operationId: listPets\n", &[]),
        ("    Kind:\n", "    'Kin d': {type: object}\n    Kind:\n", &[]),
        (
            "          schema:\n            type: string\n      responses:\n        '201'",
            "          content: {application/json: {schema: {type: string}}}\n      responses:\n        '201'",
            &[],
        ),
        (
            "      items:\n        $ref: '#/components/schemas/Pet'\n",
            "",
            &[(Rule::ArrayItems, Warning)],
        ),
        ("      description: It did not work.\n", "", &[(Rule::MissingKey, Warning)]),
        ("          in: query\n", "", &[(Rule::MissingKey, Error), (Rule::Parameter, Error)]),
        (
            "          type: boolean",
            "          type: boolean\n          const: true",
            &[(Rule::UnknownKey, Error)],
        ),
        ("type: boolean", "type: bool", &[(Rule::SchemaType, Error)]),
        (
            "      operationId: get_pet\n",
            "      operationId: get_pet\n      callbacks: {seen: {$ref: '#/components/callbacks/Seen'}}\n",
            &[(Rule::UnresolvedReference, Error)],
        ),
        (
            "components:\n",
            "components:\n  callbacks:\n    Seen: {$ref: '#/components/callbacks/Met'}\n    Met: {'{$request.query.url}': {post: {responses: {default: {description: D}}}}}\n",
            &[],
        ),
        (
            "components:\n",
            "components:\n  callbacks:\n    Met: {'{$request.query.url}': {post: {response: {}}}}\n",
            &[(Rule::MissingKey, Warning), (Rule::UnknownKey, Error)],
        ),
        ("- basic: []", "- basik: []", &[(Rule::SecurityScheme, Error)]),
    ]
};

#[test]
fn what_openapi_permits_does_not_refuse_the_documents_of_others() {
    for (from, to, expected) in STRANGE {
        let document = Document::parse("openapi.yaml", edit(BASE, from, to)).unwrap();
        let findings = lint::findings(&document, Rules::Generator);
        let mut found: Vec<_> =
            findings.iter().map(|finding| (finding.rule, finding.severity)).collect();
        found.sort_unstable();
        assert_eq!(found, *expected, "{from:?} → {to:?}\n{}", render(&findings));
    }
}

/// A document of a stranger with these component schemas.
fn stranger(schemas: &str) -> Document {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}"
    );
    Document::parse("openapi.yaml", text).unwrap()
}

#[test]
fn a_schema_that_applies_itself_to_the_same_value_is_a_finding() {
    let reference = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
    let (a, b) = (reference("A"), reference("B"));
    let cases = [
        (format!("    A: {{allOf: [{a}]}}"), 1),
        (format!("    A: {{anyOf: [{{type: string}}, {a}]}}"), 1),
        (format!("    A: {{oneOf: [{{type: string}}, {a}]}}"), 1),
        (format!("    A: {{not: {a}}}"), 1),
        (format!("    A: {{allOf: [{{anyOf: [{{not: {b}}}]}}]}}\n    B: {a}"), 1),
        (format!("    A: {a}"), 1),
        (format!("    A: {b}\n    B: {a}"), 1),
        (format!("    A: {{allOf: [{a}, {b}]}}\n    B: {{anyOf: [{b}, {a}]}}"), 3),
        (format!("    A: {{properties: {{a: {a}}}, additionalProperties: {a}}}"), 0),
        (format!("    A: {{type: array, items: {a}}}"), 0),
        (
            format!("    A: {{allOf: [{b}, {b}]}}\n    B: {{properties: {{a: {{anyOf: [{a}]}}}}}}"),
            0,
        ),
    ];
    for (schemas, expected) in cases {
        let findings = lint::findings(&stranger(&schemas), Rules::Generator);
        let circles = findings.iter().filter(|finding| finding.rule == Rule::CircularReference);
        assert_eq!(circles.count(), expected, "{schemas}\n{}", render(&findings));
    }
}

#[test]
fn a_chain_of_references_may_be_as_long_as_it_likes() {
    let links = 3_000;
    let mut schemas = format!("    A{links}: {{type: string}}\n");
    for link in 0..links {
        schemas.push_str(&format!("    A{link}: {{$ref: '#/components/schemas/A{}'}}\n", link + 1));
    }
    let document = stranger(&schemas);
    let first = document.resolve("#/components/schemas/A0").unwrap();
    assert_eq!(document.follow(first).unwrap().get("type").unwrap().as_str(), Some("string"));
    assert_eq!(lint::findings(&document, Rules::Generator).len(), 0);
}

#[test]
fn deep_composition_needs_no_deep_stack() {
    let links = 2_000;
    let mut schemas =
        format!("    A{links}: {{type: object, properties: {{z: {{type: string}}}}}}\n");
    for link in 0..links {
        let next = format!("{{$ref: '#/components/schemas/A{}'}}", link + 1);
        schemas.push_str(&format!("    A{link}: {{allOf: [{next}]}}\n"));
    }
    let schemas = schemas.replace("    A0: {", "    A0: {example: {z: z, y: y}, ");
    let document = stranger(&schemas);
    assert_eq!(lint::findings(&document, Rules::Generator).len(), 0);
    let findings = lint::illustrations(&document, &[], Rules::Generator);
    let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, [Rule::ExampleDrift]);
    Model::read(&document).unwrap();
}

#[test]
fn what_an_extension_holds_may_be_referred_to_and_is_then_checked() {
    for (schema, expected) in [("{type: string}", 0), ("{type: strin}", 1)] {
        let text = edit(BASE, "$ref: '#/components/schemas/Kind'", "$ref: '#/x-schemas/Kind'");
        let text = format!("{text}x-schemas: {{Kind: {schema}}}\n");
        let document = Document::parse("openapi.yaml", text).unwrap();
        let findings = lint::findings(&document, Rules::Generator);
        assert_eq!(findings.len(), expected, "{}", render(&findings));
        assert_eq!(Model::read(&document).is_ok(), expected == 0);
    }
}

#[test]
fn any_place_of_the_document_may_be_referred_to() {
    let pointer = "#/paths/~1pets~1%7BpetId%7D/get/responses/200/content/application~1json/schema";
    let text = edit(BASE, "$ref: '#/components/schemas/Kind'", &format!("$ref: '{pointer}'"));
    let text = edit(&text, "  /pets:\n", "  /cats: {$ref: '#/paths/~1pets'}\n  /pets:\n");
    let document = Document::parse("openapi.yaml", text).unwrap();
    let findings = lint::findings(&document, Rules::Generator);
    assert_eq!(findings.len(), 0, "{}", render(&findings));
    let paths: Vec<_> =
        document.operations().map(|operation| operation.path.name.as_str()).collect();
    assert_eq!(paths, ["/cats", "/pets", "/pets/{petId}"]);
    // The house wants a name for everything that is used twice.
    let findings = lint::findings(&document, Rules::House);
    assert!(findings.iter().any(|finding| finding.rule == Rule::ReferenceTarget));
}
