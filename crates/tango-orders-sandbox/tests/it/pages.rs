use std::time::Duration;

use serde_json::{Value, json};
use tango_orders_sandbox::{AsyncOrderPlan, Clock, NoneFailed, Sandbox};

use crate::caller::{Response, async_order, get, members, page, request};

fn plan(count: u32, failed: u32) -> AsyncOrderPlan {
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
    plan.line_items(count).failed(failed)
}

/// All pages in one direction, each as a JSON value.
async fn walk(sandbox: &Sandbox, query: &[(&str, &str)], forward: bool, from: Value) -> Vec<Value> {
    let (cursor, flag, parameter) = if forward {
        ("nextCursor", "nextPageAvailable", "nextCursor")
    } else {
        ("prevCursor", "prevPageAvailable", "prevCursor")
    };
    let mut pages = vec![from];
    loop {
        let pagination = pages.last().unwrap()["pagination"].clone();
        if pagination[flag] != json!(true) {
            return pages;
        }
        let mut query = query.to_vec();
        query.push((parameter, pagination[cursor].as_str().unwrap()));
        let response = page(sandbox, "mine", &query).await;
        assert_eq!(response.status, 200);
        pages.push(response.json());
    }
}

#[tokio::test]
async fn every_line_item_is_seen_once_in_both_directions() {
    for (count, failed, size, failed_only) in
        [(0, 0, "3", "false"), (1, 0, "1", "false"), (10, 3, "3", "false"), (250, 40, "7", "true")]
    {
        let sandbox = Sandbox::builder().async_order(plan(count, failed)).start().await.unwrap();
        let query = [("maxResults", size), ("failedOnly", failed_only)];
        let first = page(&sandbox, "mine", &query).await.json();
        let pages = walk(&sandbox, &query, true, first).await;
        let seen: Vec<String> =
            pages.iter().flat_map(|page| members(page, "referenceLineItemId")).collect();
        let all =
            page(&sandbox, "mine", &[("maxResults", "500"), ("failedOnly", failed_only)]).await;
        assert_eq!(seen, members(&all.json(), "referenceLineItemId"));
        let expected = if failed_only == "true" { failed } else { count };
        assert_eq!(seen.len(), usize::try_from(expected).unwrap());

        let mut back = walk(&sandbox, &query, false, pages.last().unwrap().clone()).await;
        back.reverse();
        let lists = |pages: &[Value]| -> Vec<Vec<String>> {
            pages.iter().map(|page| members(page, "referenceLineItemId")).collect()
        };
        assert_eq!(lists(&back), lists(&pages));
    }
}

#[tokio::test]
async fn a_page_says_where_it_stands() {
    let sandbox = Sandbox::builder().async_order(plan(250, 0)).start().await.unwrap();
    let order = page(&sandbox, "mine", &[]).await.json();
    assert_eq!(order["totalLineItems"], 250);
    let pagination = &order["pagination"];
    assert_eq!(pagination["maxResults"], 100, "the default of the page");
    assert_eq!(pagination["numberOfElements"], 100);
    assert_eq!(pagination["prevPageAvailable"], false);
    assert_eq!(pagination["nextPageAvailable"], true);
    assert_eq!(order["lineItems"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn failed_only_shows_what_failed_and_nothing_else() {
    for (count, failed) in [(1, 1), (7, 7), (100, 1), (101, 13), (250, 249)] {
        let sandbox = Sandbox::builder().async_order(plan(count, failed)).start().await.unwrap();
        let all = page(&sandbox, "mine", &[("maxResults", "500")]).await.json();
        let of_all: Vec<Value> = all["lineItems"].as_array().unwrap().clone();
        let expected: Vec<Value> =
            of_all.into_iter().filter(|item| item["lineItemStatus"] == "FAILED").collect();
        assert_eq!(expected.len(), usize::try_from(failed).unwrap());
        let query = [("maxResults", "500"), ("failedOnly", "true")];
        assert_eq!(page(&sandbox, "mine", &query).await.json()["lineItems"], json!(expected));
        assert!(expected.iter().all(|item| item["lineItemErrors"][0]["errorCode"].is_string()));
    }
}

#[tokio::test]
async fn nothing_failed_is_said_in_every_documented_way() {
    for (shape, expected) in [
        (NoneFailed::None, Some(json!("NONE"))),
        (NoneFailed::NullWord, Some(json!("NULL"))),
        (NoneFailed::Null, Some(json!(null))),
        (NoneFailed::Empty, Some(json!([]))),
        (NoneFailed::Absent, None),
    ] {
        let sandbox = Sandbox::builder().async_order(plan(9, 0)).none_failed(shape).start();
        let sandbox = sandbox.await.unwrap();
        let order = page(&sandbox, "mine", &[("failedOnly", "true")]).await.json();
        assert_eq!(order.get("lineItems"), expected.as_ref());
        assert_eq!(order["pagination"]["numberOfElements"], 0);
        let all = page(&sandbox, "mine", &[]).await.json();
        assert_eq!(members(&all, "referenceLineItemId").len(), 9);
    }
}

#[tokio::test]
async fn line_items_are_found_by_either_reference() {
    let sandbox = Sandbox::builder()
        .async_order(plan(1_000_000, 10_000).with_duplicates())
        .start()
        .await
        .unwrap();
    let order = page(&sandbox, "mine", &[("maxResults", "1")]).await.json();
    let id = order["referenceOrderID"].as_str().unwrap().to_owned();
    let (first, last) = (format!("{id}-1"), format!("{id}-1000000"));
    let query = [
        ("referenceLineItemIds", last.as_str()),
        ("referenceLineItemIds", first.as_str()),
        ("referenceLineItemIds", first.as_str()),
        ("referenceLineItemIds", "unknown"),
    ];
    let before = sandbox.generated_line_items();
    let found = page(&sandbox, "mine", &query).await.json();
    assert_eq!(members(&found, "referenceLineItemId"), [first, last]);
    assert_eq!(sandbox.generated_line_items() - before, 2, "the others were not looked at");

    // Number 100 shares the reference of number 99.
    for (reference, expected) in [
        ("member-0099", vec![format!("{id}-99"), format!("{id}-100")]),
        ("member-0100", vec![]),
        ("member-0101", vec![format!("{id}-101")]),
        ("member-00101", vec![]),
        ("member-999999", vec![format!("{id}-999999"), format!("{id}-1000000")]),
        ("member-1000001", vec![]),
    ] {
        let query = [("externalLineItemReferenceIds", reference)];
        let found = page(&sandbox, "mine", &query).await.json();
        assert_eq!(members(&found, "referenceLineItemId"), expected, "{reference}");
    }
}

#[tokio::test]
async fn a_filter_goes_with_failed_only() {
    let sandbox = Sandbox::builder().async_order(plan(20, 2)).start().await.unwrap();
    let all = page(&sandbox, "mine", &[]).await.json();
    let failed: Vec<String> = all["lineItems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["lineItemStatus"] == "FAILED")
        .map(|item| item["referenceLineItemId"].as_str().unwrap().to_owned())
        .collect();
    let ids = members(&all, "referenceLineItemId");
    let mut query: Vec<(&str, &str)> =
        ids.iter().map(|id| ("referenceLineItemIds", id.as_str())).collect();
    query.push(("failedOnly", "true"));
    assert_eq!(
        members(&page(&sandbox, "mine", &query).await.json(), "referenceLineItemId"),
        failed
    );
}

#[tokio::test]
async fn a_page_costs_the_same_wherever_it_is() {
    let builder = Sandbox::builder().async_order(plan(1_000_000, 10_000));
    let sandbox = builder.start().await.unwrap();
    for failed_only in ["false", "true"] {
        let query = [("maxResults", "500"), ("failedOnly", failed_only)];
        let mut order = page(&sandbox, "mine", &query).await.json();
        // There is no way to jump, so the end is reached by going back from it: a page before the
        // first one does not exist, and a walk over failed items is twenty pages.
        let mut pages = 1;
        while order["pagination"]["nextPageAvailable"] == json!(true) && pages < 20 {
            let cursor = order["pagination"]["nextCursor"].as_str().unwrap();
            let before = sandbox.generated_line_items();
            order = page(&sandbox, "mine", &[&query[..], &[("nextCursor", cursor)]].concat())
                .await
                .json();
            assert_eq!(sandbox.generated_line_items() - before, 500);
            pages += 1;
        }
        if failed_only == "true" {
            assert_eq!(order["pagination"]["nextPageAvailable"], false, "20 pages of 500");
            let last = members(&order, "referenceLineItemId").pop().unwrap();
            let last: u32 = last.rsplit('-').next().unwrap().parse().unwrap();
            assert!(last > 999_900, "the last failed item is near the end: {last}");
        }
    }
}

#[tokio::test]
async fn a_page_is_rendered_once() {
    let sandbox = Sandbox::builder().async_order(plan(1000, 0)).start().await.unwrap();
    let first = page(&sandbox, "mine", &[]).await;
    let again = page(&sandbox, "mine", &[]).await;
    assert_eq!(first.body, again.body);
    assert_eq!(sandbox.generated_line_items(), 100);
}

fn error(response: &Response, status: u16, field: &str, key: &str) {
    assert_eq!(response.status, status, "{}", String::from_utf8_lossy(&response.body));
    let body = response.json();
    assert_eq!(body["errors"][0]["path"], field);
    assert_eq!(body["errors"][0]["i18nKey"], key);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let other = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "other").line_items(9);
    let builder = Sandbox::builder().async_order(plan(9, 5)).async_order(other);
    let sandbox = builder.clone().start().await.unwrap();
    let first = page(&sandbox, "mine", &[("maxResults", "2")]).await.json();
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();

    assert_eq!(page(&sandbox, "mine", &[("nextCursor", cursor)]).await.status, 200);
    let foreign = page(&sandbox, "other", &[("nextCursor", cursor)]).await;
    error(&foreign, 422, "nextCursor", "422.001");
    let filtered = page(&sandbox, "mine", &[("prevCursor", cursor), ("failedOnly", "true")]).await;
    error(&filtered, 422, "prevCursor", "422.001");
    for made_up in ["NjE=", "NjI=", "x", "%", &"A".repeat(32), &cursor.to_lowercase()] {
        error(
            &page(&sandbox, "mine", &[("nextCursor", made_up)]).await,
            400,
            "nextCursor",
            "400.001",
        );
    }
    // Another sandbox with the same seed takes it, one with another seed does not.
    let same = builder.clone().start().await.unwrap();
    assert_eq!(page(&same, "mine", &[("nextCursor", cursor)]).await.status, 200);
    let different = builder.seed(1).start().await.unwrap();
    error(&page(&different, "mine", &[("nextCursor", cursor)]).await, 400, "nextCursor", "400.001");
    // The newer reference has the empty string as the default of both.
    let empty = page(&sandbox, "mine", &[("nextCursor", ""), ("prevCursor", "")]).await;
    assert_eq!(members(&empty.json(), "referenceLineItemId").len(), 9);
}

#[tokio::test]
async fn a_cursor_expires() {
    let mut clock = Clock::manual();
    let sandbox = Sandbox::builder()
        .async_order(plan(9, 0))
        .clock(clock.clone())
        .cursor_lifetime(Duration::from_secs(60))
        .start()
        .await
        .unwrap();
    let first = page(&sandbox, "mine", &[("maxResults", "2")]).await.json();
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();
    clock.advance(Duration::from_secs(60));
    assert_eq!(page(&sandbox, "mine", &[("nextCursor", cursor)]).await.status, 200);
    clock.advance(Duration::from_secs(1));
    error(&page(&sandbox, "mine", &[("nextCursor", cursor)]).await, 422, "nextCursor", "422.001");
}

#[tokio::test]
async fn parameters_are_held_to_their_bounds() {
    let sandbox = Sandbox::builder().async_order(plan(9, 0)).start().await.unwrap();
    for (value, status, key) in [
        ("0", 422, "422.138"),
        ("-1", 422, "422.138"),
        ("501", 422, "422.139"),
        ("2147483647", 422, "422.139"),
        ("abc", 400, "400.001"),
        ("", 400, "400.001"),
        ("1.5", 400, "400.001"),
    ] {
        error(&page(&sandbox, "mine", &[("maxResults", value)]).await, status, "maxResults", key);
    }
    // It is no int32 at all.
    let huge = page(&sandbox, "mine", &[("maxResults", "99999999999999999999")]).await;
    assert_eq!(huge.status, 400);
    for value in ["1", "500", "5e2", "1.0"] {
        assert_eq!(page(&sandbox, "mine", &[("maxResults", value)]).await.status, 200, "{value}");
    }
    let twice = page(&sandbox, "mine", &[("maxResults", "1"), ("maxResults", "2")]).await;
    error(&twice, 400, "maxResults", "400.001");
    error(&page(&sandbox, "mine", &[("failedOnly", "yes")]).await, 400, "failedOnly", "400.001");

    for name in ["externalLineItemReferenceIds", "referenceLineItemIds"] {
        let ids: Vec<(&str, &str)> = (0..51).map(|_| (name, "x")).collect();
        error(&page(&sandbox, "mine", &ids).await, 422, name, "422.137");
        assert_eq!(page(&sandbox, "mine", &ids[1..]).await.status, 200);
    }
    let long = "x".repeat(101);
    let query = [("externalLineItemReferenceIds", long.as_str())];
    error(&page(&sandbox, "mine", &query).await, 422, "externalLineItemReferenceIds", "422.006");
    error(&page(&sandbox, &long, &[]).await, 422, "externalRefID", "422.110");
    assert_eq!(page(&sandbox, "mine", &[("unknown", "x")]).await.status, 200);
}

#[tokio::test]
async fn parameters_that_exclude_each_other_are_refused() {
    let sandbox = Sandbox::builder().async_order(plan(9, 0)).start().await.unwrap();
    let first = page(&sandbox, "mine", &[("maxResults", "2")]).await.json();
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();
    for query in [
        [("externalLineItemReferenceIds", "a"), ("referenceLineItemIds", "b")],
        [("nextCursor", cursor), ("prevCursor", cursor)],
    ] {
        let response = page(&sandbox, "mine", &query).await;
        assert_eq!(response.status, 422);
        assert_eq!(response.json()["i18nKey"], "422.001");
        assert_eq!(response.json().get("errors"), None);
    }
}

#[tokio::test]
async fn references_are_read_from_the_path_as_they_were_meant() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let path = "/asyncOrders/customers/globex-sample/accounts/globex-sample-rewards/\
                %C3%89t%C3%A9%202026%2F%C2%BD%20%26%20more";
    let order = get(&sandbox, path).await.json();
    assert_eq!(order["externalRefID"], "Été 2026/½ & more");
    let plus = Response::of(request(&sandbox, &format!("{}?maxResults=+", async_order("a")))).await;
    assert_eq!(plus.json()["errors"][0]["invalidValue"], " ");
}
