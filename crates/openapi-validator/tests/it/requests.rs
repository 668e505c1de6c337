//! The parameters of requests.

use insta::assert_snapshot;
use openapi_validator::{
    ArrayRules, BooleanRules, Bound, Flow, Location, NumberRules, OperationRules, Options,
    Parameter, Reader, Request, Response, Scalar, StringRules, Style, validate_request,
};

use crate::SOURCE_MAP;

fn id(reader: &mut Reader<'_>) -> Flow {
    reader.string(&StringRules { at: "/id", min_length: 1, ..StringRules::ANY })
}

fn ids(reader: &mut Reader<'_>) -> Flow {
    reader.array(&ArrayRules { at: "/ids", max_items: 2, ..ArrayRules::ANY }, id)
}

fn size(reader: &mut Reader<'_>) -> Flow {
    reader.number(&NumberRules {
        at: "/size",
        integer: true,
        maximum: Some(Bound { value: "500", exclusive: false }),
        ..NumberRules::ANY
    })
}

fn flag(reader: &mut Reader<'_>) -> Flow {
    reader.boolean(&BooleanRules { at: "/flag", nullable: false })
}

const fn parameter(
    name: &'static str,
    location: Location,
    style: Style,
    validator: openapi_validator::Validator,
) -> Parameter {
    Parameter { at: "/parameter", name, location, required: false, style, validator }
}

static OPERATION: OperationRules = OperationRules {
    at: "/operation",
    parameters: &[
        Parameter {
            required: true,
            ..parameter("orderID", Location::Path, Style::Single(Scalar::Text), id)
        },
        parameter("maxResults", Location::Query, Style::Single(Scalar::Literal), size),
        parameter("failedOnly", Location::Query, Style::Single(Scalar::Literal), flag),
        parameter("ids", Location::Query, Style::Repeated(Scalar::Text), ids),
        parameter("others", Location::Query, Style::Separated(Scalar::Text, ','), ids),
    ],
    exclusive: &[&["ids", "others"]],
};

#[track_caller]
fn report(path: &[(&str, &str)], query: &[(&str, &str)]) -> String {
    let request = Request { path, query, ..Request::default() };
    let report = validate_request(&SOURCE_MAP, &OPERATION, request, &Options::default());
    assert_eq!(report.is_valid(), !report.to_string().contains("error"));
    report.to_string()
}

#[test]
fn a_request_that_obeys_has_no_findings() {
    let order = ("orderID", "A-\"1\"\n");
    assert_eq!(report(&[order], &[]), "");
    let query = [("ids", "1"), ("maxResults", "32"), ("ids", "a,b"), ("failedOnly", "true")];
    assert_eq!(report(&[order], &query), "");
    assert_eq!(report(&[order], &[("others", "a,b"), ("maxResults", "1.0")]), "");
}

#[test]
fn what_is_wrong_with_a_request_is_said() {
    assert_snapshot!(report(
        &[],
        &[
            ("maxResults", "501"),
            ("failedOnly", "yes"),
            ("ids", "1"),
            ("ids", ""),
            ("ids", "3"),
            ("others", "1"),
            ("maxresults", "5"),
            ("orderID", "x"),
        ],
    ));
    assert_snapshot!(report(&[("orderID", "")], &[("maxResults", "1"), ("maxResults", "2x")]));
}

#[test]
fn a_status_without_a_schema_is_told() {
    let undeclared = Response::Undeclared.validator("get_order", 418).unwrap_err();
    let undescribed = Response::NoSchema.validator("get_order", 204).unwrap_err();
    assert_snapshot!(undeclared, @"`get_order` declares no response with status 418");
    assert_snapshot!(undescribed, @"`get_order` declares no JSON schema for responses with status 204");
}
