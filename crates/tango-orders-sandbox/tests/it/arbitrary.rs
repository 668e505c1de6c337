use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tango_orders_sandbox::Sandbox;
use tango_orders_validator::{Operation, Schema, is_valid, validate_response};

use crate::caller::{Response, async_order, request};

/// Names and values of a query: known names with values near the truth, and anything else.
fn query() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        Just("nextCursor".to_owned()),
        Just("prevCursor".to_owned()),
        Just("maxResults".to_owned()),
        Just("externalLineItemReferenceIds".to_owned()),
        Just("referenceLineItemIds".to_owned()),
        Just("failedOnly".to_owned()),
        any::<String>(),
    ];
    let value = prop_oneof![
        any::<String>(),
        any::<i64>().prop_map(|number| number.to_string()),
        (0..600_u32).prop_map(|number| number.to_string()),
        any::<bool>().prop_map(|value| value.to_string()),
        "[A-Za-z0-9_-]{32}",
        "member-[0-9]{1,5}",
        "AA260115-1001-01-[0-9]{1,12}",
    ];
    proptest::collection::vec((name, value), 0..6)
}

/// Whatever is sent gets a 200 that obeys the document, or an error that does; never a 5XX.
#[test]
fn no_request_brings_the_sandbox_down() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::builder().start()).unwrap();
    let call = |path: &str, query: &[(String, String)], fault: Option<&str>| {
        runtime.block_on(async {
            let mut request = request(&sandbox, path).query(query);
            if let Some(fault) = fault {
                request = request.header("X-Sandbox-Fault", fault);
            }
            Response::of(request).await
        })
    };
    let mut runner = TestRunner::new(ProptestConfig { cases: 300, ..ProptestConfig::default() });
    let input = (query(), any::<String>(), "[a-z0-9=,+%~ -]{0,20}", any::<bool>());
    let outcome = runner.run(&input, |(query, id, fault, is_known)| {
        // Two dots would leave the path of the operation before it is sent.
        prop_assume!(!matches!(id.as_str(), "" | "." | ".."));
        let id: String =
            percent_encoding::utf8_percent_encode(&id, percent_encoding::NON_ALPHANUMERIC)
                .collect();
        let path = async_order(if is_known { "wellness-2026-01" } else { &id });
        let response = call(&path, &query, None);
        match response.status {
            200 => {
                let report =
                    validate_response(Operation::GetAsyncOrder, 200, &response.body).unwrap();
                prop_assert_eq!(report.findings().count(), 0);
            }
            400 | 404 | 422 => prop_assert!(is_valid(Schema::ErrorBody, &response.body)),
            status => prop_assert!(false, "{path} {query:?} gave a {status}"),
        }
        let response = call(&format!("/orders/{id}"), &[], None);
        prop_assert!(matches!(response.status, 404 | 422), "{id} gave a {}", response.status);
        if fault.parse::<tango_orders_sandbox::Fault>().is_err() {
            let response = call("/orders/RA260115-1001-01", &[], Some(&fault));
            prop_assert_eq!(response.status, 400);
        }
        Ok(())
    });
    outcome.unwrap();
}
