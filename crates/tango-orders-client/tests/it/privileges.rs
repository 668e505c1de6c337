//! Those who must not see what redeems a reward cannot.

use std::env;
use std::process::Command;

use schemars::schema_for;
use serde_json::Value;
use tango_orders_client::openapi_client::Connection;
use tango_orders_client::types::{AsyncOrder, Order, OrderList};
use tango_orders_client::{
    AuditClient, BaseUrl, Client, ClientBuilder, Credentials, Environment, Retry, SetupError,
    SupportClient, credentials,
};

use crate::fake::{self, Fake};

/// Whether a schema, or one that it refers to, has a member of a secret type.
fn has_secrets(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members.get("format").is_some_and(|format| format == "password" || format == "html")
                || members.keys().any(|name| name.to_lowercase().contains("credential"))
                || members.values().any(has_secrets)
        }
        Value::Array(items) => items.iter().any(has_secrets),
        _ => false,
    }
}

#[test]
fn what_an_audit_or_a_list_returns_has_no_place_for_credentials() {
    assert!(has_secrets(schema_for!(Order).as_value()), "this is how they are found");
    assert!(!has_secrets(schema_for!(AsyncOrder).as_value()));
    assert!(!has_secrets(schema_for!(OrderList).as_value()));
}

fn build<C: From<Connection>>(builder: ClientBuilder<C>, fake: &Fake) -> C {
    let builder = builder.credentials(Credentials::bearer("token").unwrap());
    builder.retry(Retry::none()).transport(fake.clone()).build().unwrap()
}

#[tokio::test]
async fn a_client_for_one_operation_calls_that_one() {
    let fake = Fake::new(|_| std::future::ready(Ok(fake::status(404, &[], ""))));
    let all = build(Client::builder(Environment::Sandbox), &fake);
    let audit = build(AuditClient::builder(Environment::Sandbox), &fake);
    let support = build(SupportClient::builder(Environment::Sandbox), &fake);
    for audit in [audit, all.audit()] {
        audit.get_async_order("c", "a", "r").await.unwrap_err();
        assert!(fake.requests()[0].url().path().contains("/asyncOrders/"));
    }
    for support in [support, all.support()] {
        support.get_order("RA1").await.unwrap_err();
        assert!(fake.requests()[0].url().path().ends_with("/orders/RA1"));
        support.list_orders().await.unwrap_err();
        assert!(fake.requests()[0].url().path().ends_with("/orders"));
    }
}

#[test]
fn credentials_have_to_be_chosen() {
    let error = Client::builder(Environment::Production).build().unwrap_err();
    assert_eq!(error.to_string(), "the credentials must be chosen");
}

#[test]
fn environments_have_their_addresses() {
    for (environment, url) in [
        (Environment::Sandbox, "https://integration-api.tangocard.com/raas/v2"),
        (Environment::Production, "https://api.tangocard.com/raas/v2"),
    ] {
        assert_eq!(BaseUrl::parse(url).unwrap(), environment.clone().into());
        let client = Client::builder(environment);
        let client = client.credentials(Credentials::bearer("token").unwrap()).build().unwrap();
        assert!(format!("{client:?}").contains(url), "{client:?}");
    }
}

/// Runs the test of that name in a process of its own, where it finds these variables.
fn in_a_process(test: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env("IN_A_PROCESS", "yes");
    for name in ["TANGO_PLATFORM_NAME", "TANGO_PLATFORM_KEY", "TANGO_BEARER_TOKEN"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.lines().find_map(|line| line.split_once("told: ")).unwrap().1.to_owned()
}

#[tokio::test]
async fn credentials_come_from_the_environment() {
    if env::var_os("IN_A_PROCESS").is_some() {
        let fake = Fake::new(|_| std::future::ready(Ok(fake::status(404, &[], ""))));
        let told = match credentials::from_env() {
            Ok(credentials) => {
                let client = fake::builder(&fake).credentials(credentials).build().unwrap();
                client.get_order("RA1").await.unwrap_err();
                fake.requests()[0].headers()["authorization"].to_str().unwrap().to_owned()
            }
            Err(error @ SetupError::Invalid(_)) => error.to_string(),
            Err(error) => panic!("{error:?}"),
        };
        println!("told: {told}");
        return;
    }
    let [name, key, token] = [
        ("TANGO_PLATFORM_NAME", "platform"),
        ("TANGO_PLATFORM_KEY", "SECRET"),
        ("TANGO_BEARER_TOKEN", "SECRET"),
    ];
    let empty = ("TANGO_BEARER_TOKEN", "");
    let colon = ("TANGO_PLATFORM_NAME", "a:b");
    for (variables, expected) in [
        (vec![name, key], "Basic cGxhdGZvcm06U0VDUkVU"),
        (vec![name, key, empty], "Basic cGxhdGZvcm06U0VDUkVU"),
        (vec![token], "Bearer SECRET"),
        (
            vec![],
            "the TANGO_PLATFORM_NAME is not set, nor are TANGO_PLATFORM_KEY and \
             TANGO_BEARER_TOKEN",
        ),
        (vec![name], "the TANGO_PLATFORM_KEY is not set"),
        (vec![key], "the TANGO_PLATFORM_NAME is not set"),
        (
            vec![name, key, token],
            "the TANGO_BEARER_TOKEN is set, and so is a platform name or key: unset one",
        ),
        (vec![colon, key], "the user name contains a colon"),
    ] {
        let told = in_a_process("privileges::credentials_come_from_the_environment", &variables);
        assert_eq!(told, expected, "{variables:?}");
    }
}
