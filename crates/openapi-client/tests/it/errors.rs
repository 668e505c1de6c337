//! What errors tell, to people and to programs.

use std::error::Error as _;
use std::time::Duration;

use openapi_client::{Breach, Retry, TimeoutPhase, Timeouts, TransportError};

use crate::api::{Client, Error};
use crate::fake::{self, Answer, Fake};

async fn error(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Error {
    let fake = Fake::new(move |_| std::future::ready(answer()));
    let client: Client = fake::builder(&fake).retry(Retry::none()).build().unwrap();
    client.get_thing("1").await.unwrap_err()
}

#[tokio::test]
async fn status_request_id_and_retry_after_survive_any_body() {
    let bodies = ["", "<html>", "{", "[]", "{}", r#"{"requestId":"other"}"#, r#"{"code":null}"#];
    for body in bodies {
        for code in [400, 404, 429, 500, 502, 503, 504, 599] {
            let headers = [("x-request-id", "r-1"), ("retry-after", "7")];
            let error = error(move || Ok(fake::status(code, &headers, body))).await;
            assert_eq!(error.status().unwrap().as_u16(), code);
            assert_eq!(error.request_id(), Some("r-1"));
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
            assert_eq!(error.is_transient(), matches!(code, 429 | 500..=599));
            // An error body is an object, all of whose members may be absent.
            let is_api = body.starts_with('{') && body.ends_with('}');
            assert_eq!(matches!(error, Error::Api { .. }), is_api, "{body}: {error:?}");
        }
    }
    let error = error(|| Ok(fake::status(404, &[], r#"{"requestId":"r-2"}"#))).await;
    assert_eq!(error.request_id(), Some("r-2"));
}

#[tokio::test]
async fn of_an_error_body_code_and_request_id_are_printed_if_they_are_some() {
    let body = r#"{"code":"CANARY","message":"CANARY","requestId":"CAN ARY"}"#;
    let error = error(move || Ok(fake::status(400, &[], body))).await;
    assert!(error.body().unwrap().message.is_some());
    let told = format!("{error} {error:?}");
    assert!(!told.contains("CANARY") && !told.contains("CAN ARY"), "{told}");
    let error = self::error(|| Ok(fake::status(400, &[], r#"{"code":"17"}"#))).await;
    assert_eq!(error.to_string(), "the server refused the request with status 400 and code 17");
}

#[tokio::test(start_paused = true)]
async fn each_error_is_a_fragment_that_leaves_its_source_to_its_source() {
    let silent = Fake::new(|_| std::future::pending());
    let timeouts = Timeouts { operation: Duration::from_secs(9), ..Timeouts::default() };
    let silent = fake::builder(&silent).timeouts(timeouts).build().unwrap();
    let errors = [
        error(|| Ok(fake::status(401, &[], "{}"))).await,
        error(|| Ok(fake::status(401, &[], ""))).await,
        error(|| Ok(fake::status(302, &[], ""))).await,
        error(|| Ok(fake::status(200, &[], "{}"))).await,
        error(|| Ok(fake::status(200, &[], "{]"))).await,
        error(|| Ok(fake::status(200, &[], ""))).await,
        error(|| Err(TransportError::connect("no route to host"))).await,
        error(|| Err(TransportError::lost("reset by peer"))).await,
        silent.get_thing("1").await.unwrap_err(),
        silent.get_thing("..").await.unwrap_err(),
    ];
    let mut told = String::new();
    for error in &errors {
        let mut line = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            assert!(!line.contains(&cause.to_string()), "{line} repeats {cause}");
            line = format!("{line}: {cause}");
            source = cause.source();
        }
        assert!(line.starts_with(char::is_lowercase) && !line.ends_with('.'), "{line}");
        told += &format!("{line}\n");
    }
    assert_eq!(
        told,
        "the server refused the request with status 401\n\
         the response with status 401 is of no documented form\n\
         the server redirects to another url (status 302)\n\
         the response with status 200 cannot be read: a member is missing or has another type, at line 1, column 2\n\
         the response with status 200 cannot be read: it is not JSON, at line 1, column 2\n\
         the response with status 200 cannot be read: it ends too early, at line 1, column 0\n\
         the server cannot be reached or broke off: no connection came about: no route to host\n\
         the server cannot be reached or broke off: the connection broke before the response was complete: reset by peer\n\
         the call was not done within 9s\n\
         the id (2 bytes) is a relative path\n"
    );
    assert!(matches!(errors[2], Error::Contract { breach: Breach::Redirection, .. }));
    assert!(matches!(errors[8], Error::Timeout { phase: TimeoutPhase::Operation, .. }));
}

#[tokio::test(start_paused = true)]
async fn a_time_out_may_be_as_long_as_can_be() {
    let fake = Fake::new(|_| std::future::ready(Ok(fake::status(503, &[], ""))));
    let longest = Duration::MAX;
    let all = Timeouts { connect: longest, attempt: longest, operation: longest, stall: longest };
    let retry = Retry { base: longest, cap: longest, retries: 2 };
    let client = fake::builder(&fake).timeouts(all).retry(retry).pace(longest).build().unwrap();
    client.get_thing("1").await.unwrap_err();
    let none = Timeouts { stall: Duration::ZERO, ..all };
    let error = fake::builder(&fake).timeouts(none).build().unwrap_err();
    assert_eq!(error.to_string(), "the time-out is zero, which leaves no time for anything");
}

/// What a status with a body is, and what else there may be of it.
fn predicates(error: &Error) -> [bool; 5] {
    [
        error.is_not_found(),
        error.is_rate_limited(),
        error.is_unauthorized(),
        error.is_unavailable(),
        error.is_transient(),
    ]
}

#[tokio::test]
async fn predicates_go_by_what_happened_whatever_the_body() {
    let [none, not_found, rate_limited, unauthorized, unavailable, transient] = [
        [false, false, false, false, false],
        [true, false, false, false, false],
        [false, true, false, false, true],
        [false, false, true, false, false],
        [false, false, false, true, true],
        [false, false, false, false, true],
    ];
    let cases = [
        (400, "{}", none),
        (401, "{}", unauthorized),
        (401, "", unauthorized),
        (403, "{}", none),
        (404, "{}", not_found),
        // Whatever stands at a wrong base URL.
        (404, "", none),
        (404, "<html></html>", none),
        (429, "{}", rate_limited),
        (429, "", rate_limited),
        (500, "{}", transient),
        (502, "<html></html>", unavailable),
        (503, "{}", unavailable),
        (503, "", unavailable),
        (504, "", unavailable),
    ];
    for (code, body, expected) in cases {
        let error = error(move || Ok(fake::status(code, &[], body))).await;
        assert_eq!(predicates(&error), expected, "{code} {body}");
    }
    assert_eq!(predicates(&error(|| Err(TransportError::lost("reset"))).await), transient);
    assert_eq!(predicates(&error(|| Err(TransportError::connect("refused"))).await), transient);
    assert_eq!(predicates(&error(|| Err(TransportError::tls("expired"))).await), none);
}
