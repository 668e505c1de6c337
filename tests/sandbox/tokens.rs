//! The client's source of tokens against the sandbox's token endpoint.

use std::time::Duration;

use tango_orders_client::{Client, Credentials, Environment, OAuth2, credentials};
use tango_orders_sandbox::{
    Clock, DEFAULT_CLIENT, DEFAULT_KEY, DEFAULT_PLATFORM, DEFAULT_SECRET, Sandbox, Scenario,
};

const ORDER: &str = "RA260115-1001-02";

fn client(sandbox: &Sandbox, tokens: OAuth2) -> Client {
    Client::builder(Environment::at(&sandbox.url()).unwrap())
        .credentials(Credentials::token_source(tokens))
        .build()
        .unwrap()
}

fn tokens(sandbox: &Sandbox, secret: &str) -> OAuth2 {
    let tokens = credentials::oauth2(&sandbox.token_url()).unwrap();
    tokens.client(DEFAULT_CLIENT, secret).build().unwrap()
}

/// What was asked for, in its order: operations, and `token`.
fn asked(sandbox: &Sandbox) -> Vec<(&'static str, u16)> {
    let requests = sandbox.requests();
    requests.iter().map(|it| (it.operation.unwrap_or("-"), it.status)).collect()
}

#[tokio::test]
async fn one_token_serves_all_calls() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox, tokens(&sandbox, DEFAULT_SECRET));
    for _ in 0..3 {
        client.get_order(ORDER).await.unwrap();
    }
    let order = ("get_order", 200);
    assert_eq!(asked(&sandbox), [("token", 200), order, order, order]);
}

#[tokio::test]
async fn a_service_account_gets_a_token_as_well() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let tokens = credentials::oauth2(&sandbox.token_url()).unwrap();
    let tokens = tokens.client(DEFAULT_CLIENT, DEFAULT_SECRET);
    let tokens = tokens.service_account(DEFAULT_PLATFORM, DEFAULT_KEY).build().unwrap();
    client(&sandbox, tokens).get_order(ORDER).await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_an_error_of_the_call() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = client(&sandbox, tokens(&sandbox, "wrong"));
    client.get_order(ORDER).await.unwrap_err();
    client.get_order(ORDER).await.unwrap_err();
    assert_eq!(asked(&sandbox), [("token", 401)], "nobody is asked who would refuse again");
}

#[tokio::test]
async fn a_token_that_the_server_forgot_is_asked_for_once_more() {
    let mut clock = Clock::manual();
    let sandbox = Sandbox::builder().clock(clock.clone()).start().await.unwrap();
    let client = client(&sandbox, tokens(&sandbox, DEFAULT_SECRET));
    client.get_order(ORDER).await.unwrap();
    // To the server a day is over, to the client it is not.
    clock.advance(Duration::from_secs(86_401));
    client.get_order(ORDER).await.unwrap();
    let order = ("get_order", 200);
    let expected = [("token", 200), order, ("get_order", 401), ("token", 200), order];
    assert_eq!(asked(&sandbox), expected);
}

#[tokio::test]
async fn an_overloaded_token_endpoint_is_asked_once_more() {
    let yaml = "steps: [{ fault: '503', operation: token }]";
    let builder = Sandbox::builder().scenario(Scenario::parse(yaml).unwrap());
    let sandbox = builder.start().await.unwrap();
    let client = client(&sandbox, tokens(&sandbox, DEFAULT_SECRET));
    client.get_order(ORDER).await.unwrap();
    assert_eq!(asked(&sandbox), [("token", 503), ("token", 200), ("get_order", 200)]);
}
