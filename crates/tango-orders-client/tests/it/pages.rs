//! Streams of pages and line items.

use std::sync::atomic::Ordering;

use proptest::prelude::*;
use tango_orders_client::{Breach, Error, breach};

use crate::script::{Fault, Script, own_runtime, runtime, serve, start};
use crate::seeded;

/// Reads the stream of a script, resuming wherever it says, and after a lost connection.
async fn play(script: &Script) -> (Vec<String>, Option<Breach>, usize) {
    let (request, server) = serve(script);
    let mut yielded = Vec::new();
    let mut stops = script.stops.iter();
    let mut items = start(&request, script, None);
    let mut stop = stops.next().copied();
    let breach = loop {
        if stop == Some(0) {
            let token = items.resume_token();
            items = start(&request, script, Some(&token));
            stop = stops.next().copied();
            continue;
        }
        match items.next().await {
            None => break None,
            Some(Ok(item)) => {
                assert_eq!(items.total(), Some(i64::try_from(script.items).unwrap()));
                yielded.push(item.reference_line_item_id);
                stop = stop.map(|stop| stop - 1);
            }
            Some(Err(Error::Transport { .. })) => {
                assert!(items.next().await.is_none(), "an error ends the stream");
                let token = items.resume_token();
                items = start(&request, script, Some(&token));
            }
            Some(Err(Error::Contract { breach, .. })) => {
                assert!(items.next().await.is_none(), "an error ends the stream");
                // A stream that resumes there meets it again, and gets nothing twice.
                if breach == breach::MISSING_CURSOR {
                    let mut again = start(&request, script, Some(&items.resume_token()));
                    assert!(matches!(again.next().await, Some(Err(Error::Contract { .. }))));
                }
                break Some(breach);
            }
            Some(Err(error)) => panic!("{error:?}"),
        }
    };
    (yielded, breach, server.requests.load(Ordering::Relaxed))
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::Lost),
        3 => Just(Fault::EmptyPage),
        1 => any::<bool>().prop_map(Fault::MissingCursor),
        1 => (0..4_usize).prop_map(Fault::RepeatedCursor),
        1 => Just(Fault::StuckPage),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let stops = prop::collection::vec(0..6_usize, 0..5);
    let faults = prop::collection::vec((0..6_usize, fault()), 0..4);
    (0..25_usize, 1..6_usize, any::<bool>(), any::<bool>(), stops, faults).prop_map(
        |(items, page_size, backwards, prefetch, stops, faults)| Script {
            items,
            page_size,
            backwards,
            prefetch,
            stops,
            faults,
        },
    )
}

proptest! {
    #![proptest_config(seeded::histories())]

    #[test]
    fn nothing_is_lost_and_nothing_comes_twice(script in script()) {
        let (ids, breach, _) = runtime().block_on(play(&script));
        let (expected, end) = script.expected();
        if script.may_circle() {
            prop_assert!(ids.starts_with(&expected), "{:?}", ids);
        } else {
            prop_assert_eq!(ids, expected);
        }
        let breach = breach.map(|breach| match breach {
            breach::REPEATED_CURSOR => breach::REPEATED_PAGE,
            other => other,
        });
        prop_assert_eq!(breach, end);
    }
}

#[test]
fn a_breach_is_found_within_one_more_request() {
    for fault in [
        Fault::MissingCursor(true),
        Fault::MissingCursor(false),
        Fault::RepeatedCursor(0),
        Fault::RepeatedCursor(1),
        Fault::RepeatedCursor(2),
        Fault::StuckPage,
    ] {
        for (backwards, prefetch) in [(false, false), (false, true), (true, false), (true, true)] {
            let faults = vec![(2, fault)];
            let script = Script { backwards, prefetch, faults, ..Script::plain(20, 3) };
            let (request, server) = serve(&script);
            let error = runtime().block_on(async {
                let mut items = start(&request, &script, None);
                loop {
                    if let Err(error) = items.next().await.unwrap() {
                        break error;
                    }
                }
            });
            assert!(matches!(error, Error::Contract { .. }), "{error:?}");
            assert!(!error.is_transient() && error.response().is_some());
            let requests = server.requests.load(Ordering::Relaxed);
            assert!(requests <= 4, "{fault:?}: {requests} requests for 3 pages");
        }
    }
}

#[test]
fn pages_are_asked_for_when_they_are_needed_or_one_ahead() {
    for (prefetch, expected) in [(false, [1, 1, 2, 2, 3]), (true, [2, 2, 3, 3, 3])] {
        let script = Script { prefetch, ..Script::plain(5, 2) };
        let (request, server) = serve(&script);
        own_runtime().block_on(async {
            let mut items = start(&request, &script, None);
            assert_eq!(items.total(), None);
            assert_eq!(server.requests.load(Ordering::Relaxed), 0);
            for requests in expected {
                items.next().await.unwrap().unwrap();
                // What was asked for ahead is a task.
                tokio::task::yield_now().await;
                assert_eq!(server.requests.load(Ordering::Relaxed), requests);
            }
            assert!(items.next().await.is_none());
            assert!(items.next().await.is_none());
            let mut none = request.clone().resume(&items.resume_token());
            assert!(none.next().await.is_none());
        });
        assert_eq!(server.requests.load(Ordering::Relaxed), 3);
    }
}

#[test]
fn pages_come_whole_and_resume_after_the_last_one() {
    let (request, _) = serve(&Script::plain(5, 2));
    runtime().block_on(async {
        let mut pages = request.clone().pages().prefetch(true);
        let first = pages.next().await.unwrap().unwrap();
        assert_eq!((first.line_items.len(), pages.total()), (2, Some(5)));
        let mut rest = request.clone().pages().resume(&pages.resume_token());
        let mut sizes = Vec::new();
        while let Some(page) = rest.next().await.transpose().unwrap() {
            sizes.push(page.line_items.len());
        }
        assert_eq!(sizes, [2, 1]);
        // A page that was begun is handed out without what was yielded of it.
        let mut items = request.clone().line_items();
        items.next().await.unwrap().unwrap();
        let mut rest = request.clone().pages().resume(&items.resume_token());
        assert_eq!(rest.next().await.unwrap().unwrap().line_items.len(), 1);
    });
}
