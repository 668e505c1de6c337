//! What a filter should have kept away.

use serde_json::{Value, json};
use tango_orders_client::reqwest::{Request, Response};
use tango_orders_client::{
    BoxFuture, Breach, Error, Filter, GetAsyncOrder, Transport, TransportError, breach,
};

use crate::script::{answer, client, runtime};

/// Answers every request with a page of one line item.
struct OneItem(Value);

impl Transport for OneItem {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let page = json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": "COMPLETE",
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": 1,
            "pagination": {
                "nextPageAvailable": false, "prevPageAvailable": false,
                "maxResults": 100, "numberOfElements": 1,
            },
            "lineItems": [self.0],
        });
        Box::pin(std::future::ready(Ok(answer(&page))))
    }
}

fn breach(item: Value, ask: impl Fn(GetAsyncOrder) -> GetAsyncOrder) -> Option<Breach> {
    let client = client(OneItem(item));
    let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
    let order = ask(order);
    let single = runtime().block_on(order.clone().into_future());
    match runtime().block_on(async { order.line_items().next().await.unwrap() }) {
        Ok(_) if single.is_ok() => None,
        Ok(_) => panic!("{single:?}"),
        Err(Error::Contract { breach, .. }) => Some(breach),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_line_item_that_a_filter_excludes_is_no_answer() {
    let item = json!({
        "referenceLineItemId": "AA-1", "externalRefLineItemID": "member-1",
        "lineItemStatus": "COMPLETE",
    });
    let nameless = json!({ "referenceLineItemId": "AA-1", "lineItemStatus": "COMPLETE" });
    let excluded = Some(breach::EXCLUDED_LINE_ITEM);
    for (item, filter, expected) in [
        (&item, Filter::references(["AA-1"]), None),
        (&item, Filter::references(["AA-2", "aa-1"]), None),
        (&item, Filter::references(["AA-2"]), excluded),
        (&item, Filter::references(["AA-11"]), excluded),
        (&item, Filter::external_references(["member-1"]), None),
        (&item, Filter::external_references(["AA-1"]), excluded),
        // It does not say what its reference is.
        (&nameless, Filter::external_references(["member-1"]), None),
        (&nameless, Filter::references(["AA-2"]), excluded),
    ] {
        let found = breach(item.clone(), |order| order.filter(filter.clone()));
        assert_eq!(found, expected, "{item} {filter:?}");
    }
}

#[test]
fn a_line_item_that_did_not_fail_is_no_failed_one() {
    let not_failed = Some(breach::LINE_ITEM_NOT_FAILED);
    let errors = json!([{ "errorCode": "503.035" }]);
    let none = json!([]);
    for (status, delivery, errors, expected) in [
        ("COMPLETE", json!("DELIVERED"), &none, not_failed),
        ("COMPLETE", Value::Null, &Value::Null, not_failed),
        ("PENDING", json!("PENDING"), &none, not_failed),
        ("FAILED", json!("DELIVERED"), &none, None),
        ("COMPLETE", json!("FAILED"), &none, None),
        ("COMPLETE", json!("BOUNCED_IN_2027"), &none, None),
        ("COMPLETE", json!("DELIVERED"), &errors, None),
        ("CANCELLED", Value::Null, &none, None),
        ("RETURNED", json!("DELIVERED"), &none, None),
        ("NEW_IN_2027", Value::Null, &none, None),
    ] {
        let item = json!({
            "referenceLineItemId": "AA-1", "lineItemStatus": status, "deliveryStatus": delivery,
            "lineItemErrors": errors,
        });
        assert_eq!(breach(item.clone(), |order| order.failed_only(true)), expected, "{item}");
        assert_eq!(breach(item, |order| order), None);
    }
}
