//! Numbers at the edges of their types.

use std::time::Duration;

use tango_orders_sandbox::{AsyncOrderPlan, Builder, Clock, Sandbox, Scenario};

use crate::caller::{get, page};

const ORDER: &str = "/orders/RA260115-1001-01";

type SetUp = fn(Builder, AsyncOrderPlan) -> Builder;

#[tokio::test]
async fn a_number_out_of_its_bounds_is_named() {
    let plan = || AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
    let set_up: [(&str, SetUp); 14] = [
        ("orders", |it, _| it.orders(1_000_001)),
        ("orders", |it, _| it.orders(u32::MAX)),
        ("line items", |it, plan| it.async_order(plan.line_items(1 << 31))),
        ("line items", |it, plan| it.async_order(plan.line_items(1 << 30).failed(u32::MAX))),
        ("share", |it, _| it.fault_sometimes("503".parse().unwrap(), 1.5)),
        ("share", |it, _| it.fault_sometimes("503".parse().unwrap(), f64::NAN)),
        ("scale", |it, _| it.time_scale(1e15)),
        ("scale", |it, _| it.time_scale(f64::NAN)),
        ("scale", |it, _| it.time_scale(-1.0)),
        ("scale", |it, _| it.time_scale(f64::INFINITY)),
        ("calls", |it, _| it.calls_per_second(0)),
        ("calls", |it, _| it.calls_per_second(1001)),
        ("head", |it, _| it.header_timeout(Duration::MAX)),
        ("head", |it, _| it.header_timeout(Duration::ZERO)),
    ];
    for (name, set_up) in set_up {
        let error = set_up(Sandbox::builder(), plan()).start().await.unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("it has to be"), "{error}");
    }
}

#[tokio::test]
async fn a_number_at_its_bound_is_served() {
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
    let plan = plan.line_items(i32::MAX.unsigned_abs()).failed(1000).with_duplicates();
    let plan = plan.placed(i64::MIN).takes(u64::MAX);
    let builder = Sandbox::builder().async_order(plan).time_scale(1e6).calls_per_second(1000);
    let builder = builder.cursor_lifetime(Duration::MAX).token_interval(Duration::MAX);
    let sandbox = builder.header_timeout(Duration::from_secs(86_400)).start().await.unwrap();
    assert_eq!(get(&sandbox, ORDER).await.status, 200);
    let order = page(&sandbox, "mine", &[]).await.json();
    assert_eq!(order["totalLineItems"], i32::MAX);
    let cursor = order["pagination"]["nextCursor"].as_str().unwrap();
    assert_eq!(page(&sandbox, "mine", &[("nextCursor", cursor)]).await.status, 200);
}

#[tokio::test]
async fn time_ends_and_does_not_turn_back() {
    let mut clock = Clock::manual();
    let builder = Sandbox::builder().clock(clock.clone()).calls_per_second(1);
    let sandbox = builder.cursor_lifetime(Duration::from_secs(60)).start().await.unwrap();
    let mut before = clock.now();
    for by in [Duration::from_secs(1), Duration::from_secs(1 << 36), Duration::MAX, Duration::MAX] {
        clock.advance(by);
        assert!(clock.now() >= before);
        before = clock.now();
        let order = page(&sandbox, "wellness-2026-01", &[]).await;
        assert!(matches!(order.status, 200 | 429), "{}", order.status);
        assert_eq!(get(&sandbox, "/orders/nope").await.json()["timestamp"], before.to_string());
    }
    assert_eq!(before.to_string().get(..4), Some("9990"));
    let mut running = Clock::running(1e6);
    running.advance(Duration::MAX);
    assert_eq!(running.now(), before);
    assert!(Clock::running(1e300).now() <= before);
}

#[tokio::test]
async fn numbers_of_a_state_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let scenario = Scenario::parse("repeat: true\nsteps: [{ fault: '503' }, { fault: '500' }]");
    let scenario = scenario.unwrap();
    let builder = || Sandbox::builder().clock(Clock::manual()).calls_per_second(1);
    let sandbox = builder().start().await.unwrap();
    sandbox.save(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    for (name, most) in [
        ("elapsedMilliseconds", 7_970_u64 * 365 * 86_400_000),
        ("calls", 1 << 53),
        ("scenarioPosition", 1 << 53),
    ] {
        let with = |number: u64| {
            std::fs::write(
                &file,
                text.replace(&format!("\"{name}\": 0"), &format!("\"{name}\": {number}")),
            )
            .unwrap();
            builder().scenario(scenario.clone()).resume(&file)
        };
        for number in [most + 1, u64::MAX] {
            let error = with(number).err().unwrap().to_string();
            assert!(
                error.contains(&format!("its {name} is {number}, more than {most}")),
                "{error}"
            );
        }
        let sandbox = with(most).unwrap().start().await.unwrap();
        let mut statuses = Vec::new();
        for path in [ORDER, "/orders", "/asyncOrders/customers/a/accounts/b/c"] {
            statuses.push(get(&sandbox, path).await.status);
        }
        assert_eq!(statuses, [503, 500, 503], "{name}");
    }
    for (name, number, most) in
        [("orders", 1000, 1_000_000), ("line_items", 250, i32::MAX.unsigned_abs())]
    {
        let [from, to] = [number, u32::MAX].map(|number| format!("\"{name}\": {number},"));
        std::fs::write(&file, text.replace(&from, &to)).unwrap();
        let error = builder().resume(&file).err().unwrap().to_string();
        let expected = format!("its {name} is 4294967295, more than {most}");
        assert!(error.contains(&expected), "{error}");
    }
}
