//! Operations: their responses and parameters.

use insta::assert_snapshot;
use openapi_validator::{Options, Request, Response, validate_request};
use proptest::prelude::*;

use super::generated::operations::Operation;
use super::generated::source_map::SOURCE_MAP;

#[test]
fn operations_have_responses_and_parameters() {
    let get = Operation::GetThing;
    assert!(matches!(get.response(200), Response::Schema(_)));
    assert!(matches!(get.response(204), Response::NoSchema));
    assert!(matches!(get.response(404), Response::Schema(_)));
    assert!(matches!(get.response(500), Response::Schema(_)));
    assert!(get.request_body().is_none());
    let put = Operation::PutThingsId;
    assert!(matches!(put.response(200), Response::NoSchema));
    assert!(matches!(put.response(500), Response::Undeclared));
    assert!(put.request_body().is_some());
    let options = Options::default();
    let report = |request: Request<'_>| {
        validate_request(&SOURCE_MAP, get.rules(), request, &options).to_string()
    };
    let trace: &[_] = &[("x-trace", "1")];
    let request = |id: &str, query: &[(&str, &str)]| {
        report(Request { path: &[("id", id)], query, headers: trace, ..Request::default() })
    };
    assert_eq!(request("AB", &[("limit", "3"), ("tags", "a"), ("tags", "1")]), "");
    assert_eq!(
        request("AB", &[("labels", "1,2"), ("filter[since]", "3"), ("filter[name]", "AB1")]),
        ""
    );
    // A choice takes a text by the branch that it fits.
    let window = |text: &str| request("AB", &[("window", text)]);
    assert_eq!((window("7"), window("auto")), (String::new(), String::new()));
    assert!(window("0").contains("oneOf"), "{}", window("0"));
    assert!(window("never").contains("oneOf"), "{}", window("never"));
    assert_eq!(request("AB", &[("windows", "true"), ("windows", "12"), ("windows", "abc")]), "");
    assert!(request("AB", &[("windows", "true"), ("windows", "1234")]).contains("maxLength"));
    let all = Request {
        path: &[("id", "AB")],
        query: &[],
        headers: &[("X-TRACE", "12"), ("x-parts", "1, 2,"), ("Accept", "*/*"), ("x-parts", "3")],
        cookies: &[("session", "12"), ("other", "a")],
    };
    assert_eq!(report(all), "");
    assert_snapshot!(report(Request {
        path: &[("id", "AB")],
        query: &[
            ("filter[since]", "0"),
            ("filter[nam]", "AB"),
            ("filter", "x"),
            ("filter[name][x]", "")
        ],
        headers: &[("x-Parts", "1"), ("x-parts", "two")],
        cookies: &[("session", "twelve"), ("Session", "1")],
    }));
    assert_snapshot!(report(Request {
        path: &[("id", "AB")],
        query: &[("filter[since]", "1"), ("filter[since]", "2")],
        headers: &[("x-trace", "1"), ("X-Trace", "12345")],
        cookies: &[],
    }));
    assert_snapshot!(request(
        "A",
        &[("limit", "11"), ("tags", "x"), ("labels", "1,x"), ("limt", "")]
    ));
}

/// Parameters of a request, by their names.
type Given = &'static [(&'static str, &'static str)];

#[test]
fn a_parameter_is_read_as_its_style_and_its_schema_say() {
    let cases: &[(&str, Given, &[&str])] = &[
        // Each member of an exploded object stands for itself.
        ("query", &[("least", "1"), ("most", "2")], &[]),
        ("query", &[("least", "0"), ("most", "x")], &["minimum", "type"]),
        ("query", &[("leest", "1")], &["parameters"]),
        ("query", &[("area", "x,1,y,2")], &[]),
        ("query", &[("area", "x,1,y")], &["type"]),
        ("query", &[("path", "x|1|y|2")], &[]),
        ("query", &[("path", "x|1|z|2")], &["additionalProperties"]),
        ("query", &[("size[w]", "3"), ("size[h]", "4")], &[]),
        ("query", &[("size[w]", "wide")], &["type"]),
        ("query", &[("json", "{\"a\": [1]}")], &[]),
        ("query", &[("json", "{\"a\": 1}")], &["type"]),
        ("query", &[("json", "a=1")], &["content"]),
        ("query", &[("json", "{}"), ("json", "{}")], &["explode"]),
        // What is not read is still known, and may be anything.
        ("query", &[("xml", "<a/>"), ("nested[a][b]", "1"), ("list", "a"), ("list", "b")], &[]),
        ("header", &[("X-Range", "from=1, to=2")], &[]),
        ("header", &[("X-Range", "from=1"), ("x-range", "to=z")], &["type"]),
        ("header", &[("X-Json", "[1, 2]")], &[]),
        ("header", &[("X-Json", "[1, \"2\"]")], &["type"]),
        ("cookie", &[("theme", "dark"), ("zoom", "2")], &[]),
        ("cookie", &[("zoom", "wide")], &["type"]),
    ];
    for (location, given, expected) in cases {
        let mut request = Request { path: &[("at", ";at=1")], ..Request::default() };
        match *location {
            "query" => request.query = given,
            "header" => request.headers = given,
            _ => request.cookies = given,
        }
        let rules = Operation::Search.rules();
        let report = validate_request(&SOURCE_MAP, rules, request, &Options::default());
        let found: Vec<_> = report.findings().map(|finding| finding.keyword()).collect();
        assert_eq!(found, *expected, "{given:?}\n{report}");
    }
}

#[test]
fn an_object_of_parameters_takes_those_that_nobody_else_has() {
    let report = |query| {
        let rules = Operation::FindOpen.rules();
        let request = Request { query, ..Request::default() };
        let report = validate_request(&SOURCE_MAP, rules, request, &Options::default());
        report.findings().map(|finding| finding.keyword()).collect::<Vec<_>>()
    };
    assert_eq!(report(&[("page", "1"), ("a", "1"), ("b", "2")]), [""; 0]);
    assert_eq!(report(&[("page", "x"), ("a", "1"), ("b", "y")]), ["type", "type"]);
    // It is required, and what it requires is missing.
    assert_eq!(report(&[("page", "1"), ("b", "2")]), ["required"]);
    assert_eq!(report(&[("page", "1")]), ["required"]);
}

/// Names that mean something to an operation, and any others.
fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    let known = [
        "id", "limit", "tags", "labels", "x-trace", "X-Parts", "session", "filter", "least",
        "area", "path", "size[w]", "json", "list", "X-Range", "zoom", "page",
    ];
    let member = ["[since]", "[name]", "[", "]", "[]", "[[]]", "[since][name]"];
    let name = prop_oneof![
        prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        prop::sample::select(member.to_vec()).prop_map(|member| format!("filter{member}")),
        any::<String>(),
    ];
    let value = prop_oneof!["-?[0-9]{0,3}[.e]?[0-9]?", "[a-z, \t\"\\\\]{0,5}", any::<String>()];
    prop::collection::vec((name, value), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_request_has_a_verdict(
        path in parameters(), query in parameters(), headers in parameters(), cookies in parameters(),
    ) {
        let [path, query, headers, cookies] = [&path, &query, &headers, &cookies].map(|given| {
            given.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()
        });
        let request = Request { path: &path, query: &query, headers: &headers, cookies: &cookies };
        for operation in [Operation::GetThing, Operation::Search, Operation::FindOpen] {
            let rules = operation.rules();
            let report = validate_request(&SOURCE_MAP, rules, request, &Options::default());
            for finding in report.findings() {
                // The parameters are written as JSON by us, so only the member of an object can be wrong
                // with it.
                let is_repeated = finding.message() == "this member stands twice in its object"
                    && finding.pointer().matches('/').count() == 3;
                prop_assert!(finding.keyword() != "json" || is_repeated, "{finding}");
            }
            let shown = report.with_values();
            prop_assert_eq!(shown.is_empty(), shown.to_string().is_empty());
        }
    }
}
