//! The client of documents that others write: what is generated, and what is left out with a warning.

use openapi_codegen::client;
use openapi_codegen::model::Model;
use openapi_codegen::source::{Document, Finding};

/// The code of a client of one operation, without blanks, and the warnings.
fn generated(operation: &str, schemas: &str) -> (String, Vec<Finding>) {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    {operation}\n\
         components:\n  schemas:\n    Cat: {{type: object, properties: {{name: {{type: string}}}}}}\n    \
         Dog: {{type: object, properties: {{name: {{type: string}}}}}}\n{schemas}"
    );
    let document = Document::parse("openapi.yaml", text).expect("it is YAML");
    let generated = Model::read(&document).and_then(|model| client::generate(&model));
    let (client, warnings) = generated.unwrap_or_else(|errors| panic!("{errors:#?}"));
    let code: String = client.outputs.into_iter().map(|output| output.contents).collect();
    (code.split_whitespace().collect(), warnings)
}

const JSON: &str = "content: {application/json: {schema: {$ref: '#/components/schemas";

#[test]
fn a_method_has_one_value_and_one_error_whatever_the_statuses_have() {
    let cat = format!("{{description: D, {JSON}/Cat'}}}}}}}}");
    let dog = format!("{{description: D, {JSON}/Dog'}}}}}}}}");
    let list = "{description: D, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Cat'}}}}}";
    let empty = "{description: D}";
    let raw = "{description: D, content: {image/png: {}}}";
    for (responses, value, error) in [
        (format!("200: {cat}, 201: {cat}"), "types::Cat", "()"),
        (format!("200: {cat}, 204: {empty}"), "::std::option::Option<types::Cat>", "()"),
        (
            format!("200: {list}, 204: {empty}"),
            "::std::option::Option<::std::vec::Vec<types::Cat>>",
            "()",
        ),
        (format!("200: {cat}, 201: {dog}"), "::openapi_client::AnyValue", "()"),
        (format!("200: {cat}, 206: {raw}"), "RawBody", "()"),
        (format!("204: {empty}, 400: {cat}, 401: {empty}"), "()", "types::Cat"),
        (format!("204: {empty}, 400: {cat}, 502: {raw}"), "()", "types::Cat"),
        (format!("204: {empty}, 4XX: {cat}, default: {dog}"), "()", "::openapi_client::AnyValue"),
        (format!("204: {empty}, 302: {dog}, default: {cat}"), "()", "types::Cat"),
    ] {
        let operation = format!("get: {{responses: {{{responses}}}}}");
        let (code, warnings) = generated(&operation, "");
        assert!(warnings.is_empty(), "{responses}: {warnings:?}");
        for expected in [format!("typeValue={value};"), format!("typeErrorBody={error};")] {
            assert!(code.contains(&expected), "{responses}: {expected} is missing");
        }
    }
}

#[test]
fn parameters_are_sent_in_the_style_of_the_document() {
    let list = "schema: {type: array, items: {type: string}}";
    let object = "schema: {type: object, properties: {a: {type: string}}}";
    for (parameter, expected) in [
        (format!("in: query, {list}"), "&QueryParam::new(\"q\",&q)"),
        (format!("in: query, explode: false, {list}"), "Delimited(\",\"))"),
        (format!("in: query, style: pipeDelimited, {list}"), "Delimited(\"|\"))"),
        (format!("in: query, style: spaceDelimited, {list}"), "Delimited(\"\"))"),
        (format!("in: query, style: spaceDelimited, explode: true, {list}"), "&QueryParam::new("),
        (format!("in: query, style: deepObject, {object}"), "QueryStyle::DeepObject)"),
        (format!("in: header, {list}"), "header_map.append(\"q\",value.to_string()"),
    ] {
        let operation = format!(
            "get: {{parameters: [{{name: q, {parameter}}}], responses: {{200: {{description: D}}}}}}"
        );
        let (code, warnings) = generated(&operation, "");
        assert!(warnings.is_empty(), "{parameter}: {warnings:?}");
        assert!(code.contains(expected), "{parameter}: {expected} is missing in {code}");
    }
}

#[test]
fn headers_that_are_no_parameters_are_not_sent() {
    let (code, _) = generated(
        "get: {parameters: [{name: Accept, in: header, schema: {type: string}}], responses: {200: {description: D}}}",
        "",
    );
    assert!(code.contains("parameters:&[]"), "{code}");
}

#[test]
fn methods_without_a_function_of_their_own_are_called_by_name() {
    for (method, expected) in [
        ("options", "request(reqwest::Method::OPTIONS,url)"),
        ("trace", "request(reqwest::Method::TRACE,url)"),
        ("delete", ".delete(url)"),
    ] {
        let operation = format!("{method}: {{responses: {{200: {{description: D}}}}}}");
        let (code, _) = generated(&operation, "");
        assert!(code.contains(expected), "{method}: {code}");
    }
}

#[test]
fn an_operation_that_cannot_be_called_is_left_out_by_name() {
    for (operation, reason) in [
        (
            "requestBody: {content: {multipart/form-data: {}}}",
            "the client leaves `one` out: it does not send `multipart/form-data`",
        ),
        (
            "parameters: [{name: c, in: cookie, required: true, schema: {type: string}}]",
            "the client leaves `one` out: it does not send the cookie `c`",
        ),
        (
            "parameters: [{name: key, in: path, required: true, style: label, schema: {type: string}}]",
            "the client leaves `one` out: it does not write `key` in the style `label`",
        ),
        (
            "parameters: [{name: c, in: cookie, schema: {type: string}}]",
            "`c` is a cookie, which the client does not send",
        ),
    ] {
        let other = "get: {operationId: other, responses: {200: {description: D}}}";
        let one = format!(
            "{other}\n    post: {{operationId: one, {operation}, responses: {{200: {{description: D}}}}}}"
        );
        let (code, warnings) = generated(&one, "");
        let messages: Vec<&str> = warnings.iter().map(|finding| &*finding.message).collect();
        assert_eq!(messages, [reason]);
        assert!(warnings.iter().all(|finding| !finding.is_error() && finding.span.line == 6));
        assert!(code.contains("structOther"), "{code}");
        assert_eq!(code.contains("structOne"), !reason.contains("leaves"), "{operation}");
    }
}

#[test]
fn a_client_without_an_operation_to_call_is_a_finding() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
    let document = Document::parse("openapi.yaml", text).expect("it is YAML");
    let generated = Model::read(&document).and_then(|model| client::generate(&model));
    let findings = generated.expect_err("there is nothing to call");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].message.contains("no operation that could be called"), "{findings:?}");
}

#[test]
fn a_choice_of_a_list_and_another_value_holds_the_tolerant_list() {
    let (code, _) = generated(
        "get: {responses: {200: {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/P'}}}}}}",
        "    P: {oneOf: [{type: integer}, {type: array, items: {type: integer}}]}\n",
    );
    assert!(code.contains("From<::openapi_client::List<::openapi_client::Integer>>forP"), "{code}");
}

fn response_of(schemas: &str) -> String {
    let operation = "get: {responses: {200: {description: D, content: {application/json: {schema: {$ref: '#/components/schemas/P'}}}}}}";
    generated(operation, schemas).0
}

#[test]
fn a_discriminator_decides_what_an_object_is() {
    let branches = "[{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]";
    for (choice, discriminator, cat, dog) in [
        ("oneOf", "{propertyName: kind}", "Some(\"Cat\")", "Some(\"Dog\")"),
        ("anyOf", "{propertyName: kind}", "Some(\"Cat\")", "Some(\"Dog\")"),
        (
            "oneOf",
            "{propertyName: kind, mapping: {c: '#/components/schemas/Cat', d: Dog}}",
            "Some(\"c\"|\"Cat\")",
            "Some(\"d\"|\"Dog\")",
        ),
        ("oneOf", "{propertyName: kind, mapping: {Cat: Dog}}", "", "Some(\"Cat\"|\"Dog\")"),
    ] {
        let schemas = format!("    P: {{{choice}: {branches}, discriminator: {discriminator}}}\n");
        let code = response_of(&schemas);
        let code = code.replace('{', "");
        for (arm, variant) in [(cat, "Cat"), (dog, "Dog")] {
            let read = format!("{arm}=>returnvalue.read().map(Self::{variant})");
            assert_eq!(code.contains(&read), !arm.is_empty(), "{discriminator}: {read} in {code}");
        }
        assert!(code.contains("value.member(\"kind\")"), "{discriminator}");
        assert!(code.contains("::openapi_client::AnyValue),}"), "{discriminator}");
    }
}

#[test]
fn words_beside_any_text_are_an_open_vocabulary() {
    for choice in ["anyOf", "oneOf"] {
        let code = response_of(&format!(
            "    P: {{type: object, properties: {{model: {{{choice}: [{{type: string}}, {{type: string, enum: [a-1, b-2]}}]}}}}}}\n"
        ));
        assert!(code.contains("pubmodel:Option<PModel>"), "{code}");
        assert!(code.contains("\"a-1\"") && code.contains("open_enum!"), "{code}");
    }
}

#[test]
fn a_choice_of_values_that_are_no_objects_is_one_of_them() {
    let code = response_of("    P: {anyOf: [{type: integer}, {type: boolean}]}\n");
    assert!(code.contains("pubenumP{"), "{code}");
}

#[test]
fn further_members_are_reachable_if_the_document_says_what_they_hold() {
    for (further, is_reachable) in [("{type: integer}", true), ("true", false), ("false", false)] {
        let code = response_of(&format!(
            "    P: {{type: object, properties: {{id: {{type: string}}}}, additionalProperties: {further}}}\n"
        ));
        assert_eq!(
            code.contains("pubextra:::openapi_client::Map<String,::openapi_client::Integer>"),
            is_reachable,
            "{further}: {code}"
        );
    }
}

#[test]
fn names_that_rust_cannot_tell_apart_are_numbered_and_keep_their_name_on_the_wire() {
    let code = response_of(
        "    P: {type: object, properties: {Notes: {type: boolean}, notes: {type: boolean}, extra: {type: boolean}}}\n",
    );
    for (name, field) in [("Notes", "notes"), ("notes", "notes2"), ("extra", "extra2")] {
        let member = format!(
            "#[serde(rename=\"{name}\",skip_serializing_if=\"Option::is_none\")]pub{field}:"
        );
        assert!(code.contains(&member), "{member} is missing in {code}");
    }
    let (code, _) = generated(
        "get: {parameters: [{name: q, in: query, schema: {type: string, enum: [name, Name, -name]}}], responses: {200: {description: D}}}",
        "",
    );
    for (value, variant) in [("name", "Name"), ("Name", "Name2"), ("-name", "Name3")] {
        let text = format!("Self::{variant}=>f.write_str(\"{value}\")");
        assert!(code.contains(&text), "{text} is missing in {code}");
    }
}

#[test]
fn what_others_are_built_on_is_any_of_them_if_a_discriminator_tells_which() {
    let base = "    P: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {r: R}}}\n";
    let built = "    Q: {allOf: [{$ref: '#/components/schemas/P'}]}\n    R: {allOf: [{$ref: '#/components/schemas/Q'}, {properties: {n: {type: boolean}}}]}\n";
    let code = response_of(base);
    assert!(code.contains("pubstructP{") && !code.contains("PBase"), "{code}");
    let code = response_of(&format!("{base}{built}"));
    for expected in [
        "pubenumP{Q(QBase),R(R),Base(PBase),}",
        "Some(\"Q\")=>returnvalue.read().map(Self::Q)",
        "Some(\"r\"|\"R\")=>returnvalue.read().map(Self::R)",
        "_=>{}}value.read().map(Self::Base)",
        "pubn:Option<bool>",
    ] {
        assert!(code.contains(expected), "{expected} is missing in {code}");
    }
}
