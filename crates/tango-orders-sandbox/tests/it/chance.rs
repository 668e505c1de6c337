//! What is left to chance follows from the seed and from the number of a request.

use std::collections::BTreeMap;
use std::sync::Arc;

use tango_orders_sandbox::Sandbox;
use tokio::task::JoinSet;

use crate::caller::{Response, request};

const REQUESTS: usize = 400;

/// What each request got, by its id, if so many are under way at a time.
async fn statuses(seed: u64, at_a_time: usize) -> BTreeMap<String, u16> {
    let builder = Sandbox::builder().seed(seed).fault_sometimes("503".parse().unwrap(), 0.2);
    let builder = builder.fault_sometimes("latency=0ms-2ms, 404".parse().unwrap(), 0.3);
    let sandbox = Arc::new(builder.start().await.unwrap());
    let mut calls = JoinSet::new();
    let mut statuses = BTreeMap::new();
    let mut keep = |response: Response| {
        statuses.insert(response.header("x-request-id").to_owned(), response.status);
    };
    for number in 0..REQUESTS {
        if calls.len() == at_a_time {
            keep(calls.join_next().await.unwrap().unwrap());
        }
        let path = format!("/orders/RA260115-1001-{:02}", 1 + number % 19);
        let call = request(&sandbox, &path);
        calls.spawn(async move { Response::of(call).await });
    }
    calls.join_all().await.into_iter().for_each(keep);
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_means_the_same_however_many_requests_there_are_at_a_time() {
    let one_by_one = statuses(7, 1).await;
    assert_eq!(one_by_one.len(), REQUESTS);
    let count = |status| one_by_one.values().filter(|known| **known == status).count();
    assert!((50..110).contains(&count(503)), "{}", count(503));
    assert!((60..140).contains(&count(404)), "{}", count(404));
    for at_a_time in [4, 32] {
        assert_eq!(statuses(7, at_a_time).await, one_by_one, "{at_a_time} at a time");
    }
    assert_ne!(statuses(8, 1).await, one_by_one);
}
