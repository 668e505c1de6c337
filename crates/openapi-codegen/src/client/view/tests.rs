//! What becomes of schemas, by direction.

use serde_json::{Value, json};

use super::{Bound, PRIVATE_TEXT, RESPONSE_INTEGER, TolerantView};
use crate::model::Model;
use crate::source::Document;

/// The view of a document with one operation, whose request and response have these schemas.
fn view(request: &str, response: &str, components: &str) -> TolerantView {
    let text = format!(
        "openapi: 3.0.3
info: {{ title: T, version: '1' }}
paths:
  /things:
    post:
      operationId: add_thing
      requestBody:
        content: {{ application/json: {{ schema: {request} }} }}
      responses:
        '200':
          description: The thing.
          content: {{ application/json: {{ schema: {response} }} }}
components:
  schemas: {components}
"
    );
    let document = Document::parse("api.yaml", text).expect("the document of the test is YAML");
    let model = Model::read(&document).expect("the document of the test is OpenAPI");
    super::view(&model).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// A part of the view: of the operations, or of the schemas with a type of their own.
fn at(view: &TolerantView, pointer: &str) -> Value {
    if let Some(place) = pointer.strip_prefix("/components/schemas") {
        let schemas = view.types.iter().map(|named| (named.name.clone(), named.schema.clone()));
        let schemas = Value::Object(schemas.collect());
        return schemas.pointer(place).cloned().unwrap_or_default();
    }
    let api = serde_json::to_value(&view.api).expect("it was JSON before");
    api.pointer(pointer).cloned().unwrap_or_default()
}

fn loosened(response: &str, components: &str) -> Value {
    let content = "/paths/~1things/post/responses/200/content/application~1json/schema";
    at(&view("{}", response, components), content)
}

#[test]
fn responses_lose_every_rule_beyond_their_shape() {
    let components = "
    Code: { type: string, pattern: '^a$', nullable: true, example: a }
    Codes: { type: array, items: { $ref: '#/components/schemas/Code' } }
    Word: { type: string, enum: [NONE] }
    Some: { oneOf: [{ $ref: '#/components/schemas/Codes' }, { $ref: '#/components/schemas/Word' }] }
    Ring: { type: array, items: { $ref: '#/components/schemas/Ring' } }";
    let integer = json!({ "type": "integer", "format": RESPONSE_INTEGER });
    let string = json!({ "type": "string", "format": PRIVATE_TEXT });
    let nullable = json!({ "type": "string", "format": PRIVATE_TEXT, "nullable": true });
    for (schema, expected) in [
        ("{ type: string, minLength: 1, maxLength: 2, pattern: a, default: b }", string.clone()),
        ("{ type: string, x-loggable: false }", string.clone()),
        ("{ type: string, x-loggable: true }", json!({ "type": "string" })),
        (
            "{ type: string, format: password, x-loggable: true }",
            json!({ "type": "string", "format": "password" }),
        ),
        ("{ type: string, format: email }", string.clone()),
        ("{ type: string, format: date-time }", json!({ "type": "string", "format": "date-time" })),
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
        ("{ $ref: '#/components/schemas/Code' }", nullable.clone()),
        ("{ $ref: '#/components/schemas/Some' }", json!({ "type": "array", "items": nullable })),
        (
            "{ allOf: [{ $ref: '#/components/schemas/Some' }], nullable: true, description: D. }",
            json!({ "type": "array", "description": "D.", "items": nullable }),
        ),
        ("{ $ref: '#/components/schemas/Ring' }", json!({ "type": "array", "items": {} })),
    ] {
        assert_eq!(loosened(schema, components), expected, "{schema}");
    }
}

#[test]
fn members_keep_null_only_where_it_differs_from_absence() {
    let response = "{
        type: object, additionalProperties: false, x-forbidden-properties: [pin],
        required: [must, list],
        properties: {
            must: { type: string, nullable: true },
            may: { type: string, nullable: true },
            list: { type: array, nullable: true, items: { type: string } } } }";
    let view = view("{}", response, "{}");
    let string = json!({ "type": "string", "format": PRIVATE_TEXT });
    assert_eq!(
        at(&view, "/components/schemas/AddThingResponse"),
        json!({
            "type": "object",
            "required": ["must", "list"],
            "properties": {
                "must": { "type": "string", "format": PRIVATE_TEXT, "nullable": true },
                "may": string,
                "list": { "type": "array", "items": string },
            },
        })
    );
    assert_eq!(view.types[0].members, ["must", "may", "list"]);
}

#[test]
fn structs_and_enums_keep_their_names_in_responses() {
    let components = "
    Thing: { type: object, properties: { state: { $ref: '#/components/schemas/State' }, size: { type: string, enum: [S, M] } } }
    Alias: { allOf: [{ $ref: '#/components/schemas/Thing' }], description: D. }
    State: { type: string, x-extensible-enum: [A, B], description: S. }
    Unused: { type: string }";
    let view = view("{}", "{ $ref: '#/components/schemas/Alias' }", components);
    assert_eq!(
        at(&view, "/components/schemas"),
        json!({
            "Thing": {
                "type": "object",
                "properties": {
                    "state": {
                        "allOf": [{ "$ref": "#/components/schemas/State" }],
                        "description": "S.",
                    },
                    "size": { "$ref": "#/components/schemas/ThingSize" },
                },
            },
            "ThingSize": { "type": "string" },
            "State": { "type": "string", "description": "S." },
        })
    );
    let enums: Vec<_> = view.enums.iter().map(|open| (&*open.name, &open.values[..])).collect();
    let values = |values: [&str; 2]| values.map(str::to_owned);
    assert_eq!(enums, [("ThingSize", &values(["S", "M"])[..]), ("State", &values(["A", "B"])[..])]);
}

#[test]
fn requests_stay_strict() {
    let components = "
    Id: { type: string, minLength: 1, pattern: '^a', example: a, x-exempt-values: [b] }
    Only: { type: string, enum: [A] }
    Open: { type: string, x-extensible-enum: [A] }
    Filter: {
        type: object,
        required: [id, at],
        properties: {
            at: { type: string, readOnly: true },
            id: { $ref: '#/components/schemas/Id' },
            only: { $ref: '#/components/schemas/Only' },
            open: { $ref: '#/components/schemas/Open' } } }";
    let view = view(
        "{ $ref: '#/components/schemas/Filter' }",
        "{ $ref: '#/components/schemas/Id' }",
        components,
    );
    assert_eq!(
        at(&view, "/components/schemas/Id"),
        json!({
            "type": "string", "minLength": 1,
            "description": "The server checks that it matches `^a`.",
        })
    );
    assert_eq!(at(&view, "/components/schemas/Only"), json!({ "type": "string", "enum": ["A"] }));
    let filter = at(&view, "/components/schemas/Filter");
    assert_eq!(filter["required"], json!(["id"]));
    assert!(filter["properties"].get("at").is_none(), "{filter}");
    let names: Vec<_> = view.enums.into_iter().map(|open| open.name).collect();
    assert_eq!(names, ["Open"]);
}

/// The bounds that a schema of a request leaves to the constructor of its type.
fn bounds(schema: &str) -> Vec<Bound> {
    let view = view(schema, "{ type: string }", "{}");
    assert!(view.types.iter().all(|named| named.name == "AddThingBody"), "{:?}", view.types);
    view.types.into_iter().flat_map(|named| named.bounds).collect()
}

#[test]
fn limits_of_numbers_and_lists_in_requests_are_kept_for_their_constructors() {
    let least = |number: i64| Bound::Least { number: number.to_string(), is_exclusive: false };
    let most = |number: i64| Bound::Most { number: number.to_string(), is_exclusive: false };
    for (schema, expected) in [
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
            vec![Bound::Least { number: "1".to_owned(), is_exclusive: true }],
        ),
        (
            "{ type: array, items: { type: string }, minItems: 1, maxItems: 3, uniqueItems: true }",
            vec![Bound::FewestItems(1), Bound::MostItems(3), Bound::Distinct],
        ),
        ("{ type: array, items: { type: string }, minItems: 0 }", vec![]),
    ] {
        assert_eq!(bounds(schema), expected, "{schema}");
    }
}

#[test]
fn what_both_sides_carry_is_strict_in_requests_under_a_name_of_its_own() {
    let components = "
    Thing: { type: object, properties: { code: { $ref: '#/components/schemas/Code' }, state: { $ref: '#/components/schemas/State' } } }
    ThingRequest: { type: string }
    Code: { type: string, enum: [A] }
    State: { type: string, x-extensible-enum: [A] }";
    let both = "{ type: object, properties: { a: { $ref: '#/components/schemas/Thing' }, b: { $ref: '#/components/schemas/ThingRequest' } } }";
    let view = view(both, both, components);
    let schemas = at(&view, "/components/schemas");
    let names: Vec<&str> = view.types.iter().map(|named| named.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "AddThingBody",
            "AddThingResponse",
            "Thing",
            "ThingRequest2",
            "ThingRequest",
            "Code",
            "CodeRequest",
            "State",
        ]
    );
    assert_eq!(schemas["Code"], json!({ "type": "string" }));
    assert_eq!(schemas["CodeRequest"], json!({ "type": "string", "enum": ["A"] }));
    assert_eq!(
        schemas["ThingRequest2"]["properties"]["code"]["$ref"],
        "#/components/schemas/CodeRequest"
    );
    assert_eq!(
        schemas["AddThingBody"]["properties"]["a"]["$ref"],
        "#/components/schemas/ThingRequest2"
    );
}

#[test]
fn names_that_rust_cannot_tell_apart_are_numbered() {
    let components = "
    Foo_Bar: { type: object, properties: { Notes: { type: string }, notes: { type: string }, extra: { type: string } } }
    FooBar: { type: object, properties: { x: { type: string } } }
    Option: { type: object, properties: { x: { $ref: '#/components/schemas/FooBar' }, y: { $ref: '#/components/schemas/Foo_Bar' } } }";
    let request = "{ type: object, required: [Order], properties: { order: { type: string, enum: [name, Name, -name] }, Order: { type: string } } }";
    let view = view(request, "{ $ref: '#/components/schemas/Option' }", components);
    let names: Vec<&str> = view.types.iter().map(|named| named.name.as_str()).collect();
    assert_eq!(names, ["AddThingBody", "AddThingBodyOrder", "FooBar", "FooBar2", "Option2"]);
}

#[test]
fn responses_are_told_in_the_words_that_progenitor_reads() {
    for (content, expected) in [
        ("application/json: {}", "application/json"),
        ("application/json; charset=utf-8: {}", "application/json"),
        ("application/problem+json: {}", "application/json"),
        ("application/vnd.x+JSON; v=1: {}", "application/json"),
        ("text/html: {}", "text/html"),
        ("text/html: {}, application/json: {}", "application/json"),
    ] {
        let text = format!(
            "openapi: 3.0.3
info: {{ title: T, version: '1' }}
paths:
  /things:
    get:
      operationId: get_thing
      responses: {{ default: {{ description: D, content: {{ {content} }} }}, 5XX: {{ description: D }} }}
    put:
      operationId: put_thing
      responses: {{ '200': {{ description: D }}, default: {{ description: D }}, 5XX: {{ description: E }} }}
"
        );
        let document = Document::parse("api.yaml", text).expect("it is YAML");
        let view = super::view(&Model::read(&document).expect("it is OpenAPI"));
        let view = view.unwrap_or_else(|findings| panic!("{findings:#?}"));
        let content = at(&view, "/paths/~1things/get/responses/default/content");
        let names: Vec<&String> = content.as_object().expect("it is an object").keys().collect();
        assert_eq!(names, [expected]);
        let responses = at(&view, "/paths/~1things/put/responses");
        let told: Vec<String> = responses
            .as_object()
            .expect("it is an object")
            .iter()
            .map(|(status, response)| format!("{status} {}", response["description"]))
            .collect();
        assert_eq!(told, ["200 \"D\"", "4XX \"D\"", "5XX \"E\""]);
    }
}
