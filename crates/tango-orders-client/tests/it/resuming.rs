//! Tokens with which a stream goes on.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use proptest::prelude::*;
use serde_json::json;
use tango_orders_client::reqwest::{Request, Response};
use tango_orders_client::{
    BoxFuture, Error, Filter, Position, ResumeToken, Transport, TransportError, breach,
};

use crate::script::{Script, Shared, answer, client, runtime, serve};

#[test]
fn a_token_belongs_to_one_request() {
    let (request, server) = serve(&Script::plain(5, 2));
    runtime().block_on(async {
        let mut items = request.clone().line_items();
        items.next().await.unwrap().unwrap();
        let token = items.resume_token();
        let text = token.to_text();
        let json = serde_json::to_string(&token).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert!(serde_json::from_str::<ResumeToken>(&json).unwrap() == token);
        assert_eq!(text.parse::<ResumeToken>().unwrap(), token);
        assert_eq!(format!("{token:?}"), "ResumeToken([redacted])");
        assert!(!format!("{items:?} {request:?}").contains("AA260115"));
        let client = client(Shared(Arc::clone(&server)));
        let order = |customer| client.get_async_order(customer, "acme-rewards", "wellness-2026-01");
        let sent = server.requests.load(Ordering::Relaxed);
        for other in [
            order("acme").max_results(3),
            order("acme"),
            order("acm").max_results(2),
            client.get_async_order("acme", "acme-rewards", "wellness-2026-02").max_results(2),
            client.get_async_order("acme", "acme-reward", "swellness-2026-01").max_results(2),
            order("acme").max_results(2).failed_only(true),
            order("acme").max_results(2).filter(Filter::references(["a"])),
            order("acme").max_results(2).filter(Filter::external_references(["a"])),
        ] {
            let mut items = other.clone().resume(&token);
            let error = items.next().await.unwrap().unwrap_err();
            let Error::InvalidRequest(invalid) = &error else { panic!("{error:?}") };
            assert_eq!(invalid.parameter, "resume token");
            // What was refused is not made good by going through another stream.
            assert_eq!(items.resume_token(), token);
            assert!(items.next().await.is_none());
        }
        assert_eq!(server.requests.load(Ordering::Relaxed), sent);
        assert!(order("acme").max_results(2).resume(&token).next().await.unwrap().is_ok());
    });
    for text in ["", "!", "e30", "bnVsbA", "eyJ2ZXJzaW9uIjoxfQ"] {
        let error = text.parse::<ResumeToken>().unwrap_err();
        assert_eq!(error.to_string(), "not a resume token of this version of the client");
    }
}

#[test]
fn a_line_item_that_has_gone_is_not_resumed_after() {
    runtime().block_on(async {
        let (request, _) = serve(&Script::plain(3, 3));
        let mut items = request.line_items();
        items.next().await.unwrap().unwrap();
        items.next().await.unwrap().unwrap();
        let (request, _) = serve(&Script::plain(1, 3));
        let error = request.resume(&items.resume_token()).next().await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Contract { breach: breach::LOST_PLACE, .. }), "{error:?}");
    });
}

/// Serves pages of one line item, and leads from the last of them back to an earlier one; cursors look like
/// those of the sandbox.
struct Circle {
    pages: usize,
    back_to: usize,
}

impl Transport for Circle {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let cursor = request.url().query_pairs().find(|(name, _)| name == "nextCursor");
        let page: usize = cursor.map_or(0, |(_, cursor)| cursor[16..].parse().unwrap());
        let next = if page + 1 < self.pages { page + 1 } else { self.back_to };
        let body = json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": "COMPLETE",
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": self.pages,
            "pagination": {
                "nextPageAvailable": true, "nextCursor": format!("{0:016}{next:016}", 0),
                "prevPageAvailable": page > 0, "maxResults": 1, "numberOfElements": 1,
            },
            "lineItems": [{ "referenceLineItemId": page.to_string(), "lineItemStatus": "COMPLETE" }],
        });
        Box::pin(std::future::ready(Ok(answer(&body))))
    }
}

#[test]
fn a_token_stays_short_however_long_the_stream_is() {
    let client = client(Circle { pages: 100_000, back_to: 0 });
    let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01").max_results(1);
    let mut items = order.line_items();
    runtime().block_on(async {
        for count in 0..2_000 {
            let text = items.resume_token().to_text();
            assert!(text.len() < 100, "{} bytes after {count} pages", text.len());
            items.next().await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_circle_ends_even_if_each_page_is_asked_for_by_a_new_stream() {
    for (pages, back_to) in [(1, 0), (2, 1), (2, 0), (5, 0), (9, 5), (40, 3), (40, 39)] {
        let client = client(Circle { pages, back_to });
        let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
        let mut token = order.clone().line_items().resume_token();
        let mut seen = 0;
        let error = runtime().block_on(async {
            loop {
                let text = token.to_text();
                let mut items = order.clone().resume(&text.parse().unwrap());
                match items.next().await.unwrap() {
                    Ok(_) => seen += 1,
                    Err(error) => break error,
                }
                token = items.resume_token();
            }
        });
        let Error::Contract { breach, .. } = error else { panic!("{error:?}") };
        assert!([breach::REPEATED_PAGE, breach::REPEATED_CURSOR].contains(&breach));
        assert!(seen >= pages && seen <= 3 * pages, "{seen} of {pages} pages");
    }
}

proptest! {
    #[test]
    fn a_token_survives_as_text_whatever_the_cursor_is(
        cursor in prop_oneof![".{1,60}", "[A-Za-z0-9_-]{1,60}"],
        is_backwards: bool,
    ) {
        let client = client(Circle { pages: 1, back_to: 0 });
        let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
        let (position, items): (fn(String) -> Position, _) =
            if is_backwards { (Position::Previous, true) } else { (Position::Next, false) };
        let order = order.at(position(cursor));
        let stream = order.clone().line_items();
        let token = if items { stream.backwards() } else { stream }.resume_token();
        let text = token.to_text();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        prop_assert!(text.parse::<ResumeToken>().unwrap() == token);
    }

    #[test]
    fn no_text_is_a_token_that_is_written_in_another_way(text in "Ag[A-Za-z0-9_-]{0,90}") {
        if let Ok(token) = text.parse::<ResumeToken>() {
            prop_assert_eq!(token.to_text(), text);
        }
    }
}
