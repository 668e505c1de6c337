//! What Tango says of an error, and what of it is printed.

use tango_orders_client::types::ErrorBody;
use tango_orders_client::{Error, Retry};

use crate::fake::{self, Fake};

async fn error(body: &'static str) -> Error {
    let fake = Fake::new(move |_| std::future::ready(Ok(fake::status(400, &[], body))));
    let client = fake::builder(&fake).retry(Retry::none()).build().unwrap();
    client.get_order("RA1").await.unwrap_err()
}

#[tokio::test]
async fn keys_and_field_errors_are_at_hand() {
    const BODY: &str = r#"{"i18nKey":"422.001","errors":[
        {"path":"a","i18nKey":"422.024","constraint":"NotNull"},{"message":"m"},{"i18nKey":"422.134"}]}"#;
    let error = error(BODY).await;
    let body = error.body().unwrap();
    assert_eq!(body.i18n_keys().collect::<Vec<_>>(), ["422.001", "422.024", "422.134"]);
    assert_eq!(body.errors.len(), 3);
    assert_eq!(body.errors[0].path.as_deref(), Some("a"));
    assert_eq!(
        error.to_string(),
        "the server refused the request with status 400 and code 422.001"
    );
}

#[tokio::test]
async fn what_a_server_calls_a_key_is_printed_only_if_it_is_one() {
    let body = r#"{"i18nKey":"CANARY","errors":[{"i18nKey":"CANARY"}],"requestId":"CAN ARY"}"#;
    let error = error(body).await;
    assert_eq!(error.body().into_iter().flat_map(ErrorBody::i18n_keys).count(), 2);
    let told = format!("{error} {error:?}");
    assert!(!told.contains("CANARY") && !told.contains("CAN ARY"), "{told}");
}

#[tokio::test]
async fn the_request_id_of_an_error_body_is_known() {
    assert_eq!(error(r#"{"requestId":"r-2"}"#).await.request_id(), Some("r-2"));
}

#[tokio::test]
async fn an_order_is_not_found_if_the_server_says_so_and_not_if_the_url_is_wrong() {
    let cases = [
        (404, r#"{"i18nKey":"404.005"}"#, true),
        (404, r#"{"i18nKey":"404.110"}"#, true),
        (404, r#"{"i18nKey":"404.017"}"#, true),
        (404, r#"{"errors":[{"i18nKey":"404.042"}]}"#, true),
        // Not found, whatever it was.
        (404, r#"{"i18nKey":"404.001"}"#, false),
        // Of the account.
        (404, r#"{"i18nKey":"404.015"}"#, false),
        (404, "{}", false),
        (404, "", false),
        (404, "<html></html>", false),
        (400, r#"{"i18nKey":"404.005"}"#, false),
    ];
    for (code, body, expected) in cases {
        let fake = Fake::new(move |_| std::future::ready(Ok(fake::status(code, &[], body))));
        let error = fake::builder(&fake).build().unwrap().get_order("RA1").await.unwrap_err();
        assert_eq!(error.is_not_found(), expected, "{code} {body}");
    }
}
