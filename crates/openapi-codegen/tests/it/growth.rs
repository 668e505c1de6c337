//! What is generated grows like the document, however its schemas are made of each other.

use std::thread;

use openapi_codegen::client;
use openapi_codegen::model::Model;
use openapi_codegen::source::Document;

/// The bytes of a client that sends and receives the first of so many schemas, each made of the next.
fn size(schemas: usize, link: fn(usize, &str) -> String) -> usize {
    let first = "{application/json: {schema: {$ref: '#/components/schemas/S0'}}}";
    let mut text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    post:\n      \
         requestBody: {{content: {first}}}\n      responses: {{200: {{description: D, content: {first}}}}}\n\
         components:\n  schemas:\n    S{schemas}: {{type: object, properties: {{z: {{type: string}}}}}}\n"
    );
    for number in 0..schemas {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}", number + 1);
        text.push_str(&format!("    S{number}: {}\n", link(number, &next)));
    }
    let document = Document::parse("openapi.yaml", text).unwrap();
    let generated = Model::read(&document).and_then(|model| client::generate(&model));
    let (client, _) = generated.unwrap_or_else(|findings| panic!("{findings:#?}"));
    client.outputs.iter().map(|output| output.contents.len()).sum()
}

/// Writes a schema by its number and a reference to the next one.
type Link = fn(usize, &str) -> String;

#[test]
fn a_client_grows_no_faster_than_its_document() {
    let links: [(&str, Link); 8] = [
        ("all of the next and a member", |number, next| {
            format!(
                "{{type: object, allOf: [{next}], properties: {{p{number}: {{type: string}}}}}}"
            )
        }),
        ("all of the next", |_, next| format!("{{allOf: [{next}]}}")),
        ("all of the next, twice", |_, next| format!("{{allOf: [{next}, {next}]}}")),
        ("a list of the next", |_, next| format!("{{type: array, items: {next}}}")),
        ("the next, or a list of it", |_, next| {
            format!("{{oneOf: [{next}, {{type: array, items: {next}}}]}}")
        }),
        ("a list of the next, or of lists of it", |_, next| {
            format!("{{type: array, items: {{anyOf: [{next}, {{type: array, items: {next}}}]}}}}")
        }),
        ("a map of the next, or of maps of it", |_, next| {
            format!(
                "{{type: object, additionalProperties: {{oneOf: [{next}, {{type: object, additionalProperties: {next}}}]}}}}"
            )
        }),
        ("the next, or null", |_, next| format!("{{oneOf: [{next}, {{enum: [null]}}]}}")),
    ];
    for (name, link) in links {
        let [few, some, many] = [50, 100, 200].map(|schemas| size(schemas, link));
        assert!(
            many - some <= (some - few) * 9 / 4 + 1_000,
            "{name}: {few}, {some} and {many} bytes of 50, 100 and 200 schemas"
        );
    }
}

#[test]
fn schemas_may_be_made_of_each_other_as_deep_as_they_like() {
    let run = || {
        size(2_000, |number, next| {
            format!(
                "{{type: object, allOf: [{next}], properties: {{p{number}: {{type: string}}}}}}"
            )
        });
        size(2_000, |_, next| format!("{{type: array, items: {next}}}"));
        size(1_000, |_, next| format!("{{oneOf: [{next}, {{type: boolean}}]}}"));
        size(200, |number, next| {
            format!(
                "{{allOf: [{{properties: {{p{number}: {{type: string}}}}}}, {{oneOf: [{next}, {{type: object, properties: {{q: {{type: string}}}}}}]}}]}}"
            )
        });
    };
    // That of a thread which nobody asked for more.
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
    thread.join().unwrap();
}
