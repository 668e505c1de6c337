//! The client against the sandbox: the two examples, and streams over pages that a server makes.

use std::collections::BTreeSet;
use std::time::Duration;

use tango_orders_client::types::{LineItemStatus, OrderStatus, OrderStatusFilter};
use tango_orders_client::{
    Client, Credentials, Decimal, Environment, Filter, GetAsyncOrder, LineItems, Orders, Position,
    Schedule,
};
use tango_orders_sandbox::{AsyncOrderPlan, DEFAULT_KEY, DEFAULT_PLATFORM, NoneFailed, Sandbox};

use crate::client::{audit_async_order, support_lookup};

const CUSTOMER: &str = "acme-health";
const ACCOUNT: &str = "acme-health-rewards";

fn client(sandbox: &Sandbox) -> Client {
    Client::builder(Environment::at(&sandbox.url()).unwrap())
        .credentials(Credentials::basic(DEFAULT_PLATFORM, DEFAULT_KEY).unwrap())
        .build()
        .unwrap()
}

fn wellness(client: &Client) -> GetAsyncOrder {
    client.get_async_order(CUSTOMER, ACCOUNT, "wellness-2026-01")
}

async fn collect(mut items: LineItems) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(item) = items.next().await.transpose().unwrap() {
        ids.push(item.reference_line_item_id);
    }
    ids
}

#[tokio::test]
async fn an_async_order_is_audited() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox).audit();
    let mut out = Vec::new();
    let run = audit_async_order::run(&client, CUSTOMER, ACCOUNT, "wellness-2026-01", &mut out);
    run.await.unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.starts_with("wellness-2026-01: PARTIAL, 250 line items\ncharged "), "{out}");
    let count = |status: &str| out.lines().filter(|line| line.contains(status)).count();
    // One more came back.
    assert_eq!((count(" FAILED "), count(" COMPLETE "), count(" RETURNED ")), (12, 237, 1));
    assert!(out.ends_with("\n13 not delivered\n"), "{out}");
}

#[tokio::test]
async fn an_order_is_looked_up() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox);
    let id = wellness(&client).await.unwrap().reference_order_id.unwrap();
    let order = client.get_order(&*id).await.unwrap();
    let secrets: Vec<_> = order.reward.iter().flat_map(|reward| &reward.credential_list).collect();
    assert!(!secrets.is_empty());
    for reveal in [false, true] {
        let mut out = Vec::new();
        support_lookup::run(&client.support(), &id, reveal, &mut out).await.unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with(&format!("order     {id} of 2026-01-")), "{out}");
        for secret in &secrets {
            assert_eq!(out.contains(secret.value.expose_secret()), reveal, "{out}");
        }
    }
}

#[tokio::test]
async fn the_order_of_a_recipient_is_found_by_mail_address_and_looked_up() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox).support();
    let known = client.get_order("RA260115-1001-02").await.unwrap();
    let address = known.recipient.as_ref().unwrap().email.as_ref().unwrap().as_str();
    let list = client.list_orders().recipient_email(address).elements_per_block(25).await.unwrap();
    assert_eq!((i64::from(list.page.number), i64::from(list.page.total_count)), (0, 1));
    let id = &list.orders.first().unwrap().reference_order_id;
    let order = client.get_order(id.as_str()).await.unwrap();
    assert_eq!(order.reference_order_id, known.reference_order_id);
    assert!(order.reward.is_some_and(|reward| !reward.credential_list.is_empty()));
}

#[tokio::test]
async fn orders_come_page_after_page_and_period_after_period() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox).support();
    let request = || client.list_orders().account_identifier(ACCOUNT);
    let collect = async |mut orders: Orders| {
        let mut ids = BTreeSet::new();
        while let Some(order) = orders.next().await.transpose().unwrap() {
            assert!(ids.insert(order.reference_order_id), "it came before");
        }
        ids
    };
    let all = collect(request().orders()).await;
    assert!(all.len() > 1000, "{}", all.len());
    assert_eq!(collect(request().elements_per_block(33).orders()).await, all);
    // Orders of version 1 are years older than the others.
    let start = "2018-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let end = "2026-01-15T09:30:00Z".parse::<jiff::Timestamp>().unwrap();
    assert_eq!(collect(request().orders_between(start.into(), end.into())).await, all);
}

#[tokio::test]
async fn an_amount_is_sent_with_its_digits() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox).support();
    let amount: Decimal = "15.00".parse().unwrap();
    let request = client.list_orders().min_amount(amount.clone()).max_amount(amount.clone());
    let list = request.order_status(OrderStatusFilter::Complete).await.unwrap();
    let sent = sandbox.requests().pop().unwrap().target;
    assert!(sent.contains("minAmount=15.00&") && sent.contains("orderStatus=COMPLETE"), "{sent}");
    assert!(!list.orders.is_empty());
    for order in &list.orders {
        let value = order.denomination.as_ref().and_then(|it| it.value.as_ref());
        assert_eq!(value, Some(&amount));
    }
}

#[tokio::test]
async fn all_line_items_come_in_either_direction_and_after_any_pause() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox);
    let expected = collect(wellness(&client).line_items()).await;
    assert_eq!(expected.len(), 250);
    for page_size in [7, 100, 500] {
        let order = wellness(&client).max_results(page_size);
        assert_eq!(collect(order.clone().line_items().prefetch(true)).await, expected);
        let mut pages = order.clone().pages();
        let mut last = None;
        while let Some(page) = pages.next().await.transpose().unwrap() {
            last = Some(page);
        }
        assert_eq!(pages.total(), Some(250));
        // Behind the last page is where the way back begins.
        let last = last.unwrap();
        let ids = last.line_items.iter().map(|item| item.reference_line_item_id.clone());
        let mut backwards: Vec<String> = ids.rev().collect();
        if last.pagination.prev_page_available {
            let cursor = last.pagination.prev_cursor.unwrap();
            let order = order.clone().at(Position::Previous(cursor.into()));
            backwards.extend(collect(order.line_items().backwards()).await);
        }
        backwards.reverse();
        assert_eq!(backwards, expected);
    }
    for pause in [0, 1, 99, 100, 101, 249, 250] {
        let mut items = wellness(&client).line_items().prefetch(pause % 2 == 1);
        for _ in 0..pause {
            items.next().await.unwrap().unwrap();
        }
        let token = items.resume_token().to_text().parse().unwrap();
        let rest = collect(wellness(&client).resume(&token)).await;
        assert_eq!(rest, expected[pause..]);
    }
}

#[tokio::test]
async fn filters_are_kept_to() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox);
    let failed = collect(wellness(&client).failed_only(true).max_results(5).line_items()).await;
    assert_eq!(failed.len(), 12);
    let chosen = wellness(&client).filter(Filter::references(&failed[..3]));
    assert_eq!(collect(chosen.line_items()).await, failed[..3]);
    let item = wellness(&client).await.unwrap().line_items.into_vec().remove(0);
    let external = item.external_ref_line_item_id.unwrap();
    let chosen = wellness(&client).filter(Filter::external_references([external]));
    assert!(collect(chosen.line_items()).await.contains(&item.reference_line_item_id));
}

#[tokio::test]
async fn whatever_stands_for_no_failed_line_items_is_none() {
    use NoneFailed::{Absent, Empty, None, Null, NullWord};
    for none_failed in [None, NullWord, Null, Empty, Absent] {
        let sandbox = Sandbox::builder().none_failed(none_failed).start().await.unwrap();
        let order = client(&sandbox).get_async_order(CUSTOMER, ACCOUNT, "wellness-2026-02");
        let failed = collect(order.clone().failed_only(true).line_items()).await;
        assert!(failed.is_empty(), "{none_failed:?}");
        assert_eq!(collect(order.line_items()).await.len(), 40);
    }
}

#[tokio::test]
async fn an_order_is_waited_for() {
    let plan = AsyncOrderPlan::new(CUSTOMER, ACCOUNT, "slow").line_items(3).placed(0).takes(600);
    let sandbox = Sandbox::builder().async_order(plan).time_scale(1000.0).start().await.unwrap();
    let order = client(&sandbox).get_async_order(CUSTOMER, ACCOUNT, "slow");
    let schedule = Schedule { first: Duration::from_secs(1), ..Schedule::default() };
    let done = order.wait(schedule).await.unwrap();
    assert_eq!(done.order_status, OrderStatus::Complete);
    let is_done = |status: &LineItemStatus| *status == LineItemStatus::Complete;
    assert!(done.line_items.iter().all(|item| is_done(&item.line_item_status)));
}
