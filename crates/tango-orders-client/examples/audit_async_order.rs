//! Audits an async order: waits until it is done, then tells who received what and how, and what
//! failed, without ever seeing what redeems a reward.
//!
//! ```text
//! TANGO_BASE_URL=http://127.0.0.1:8080/raas/v2 TANGO_BEARER_TOKEN=… \
//!     cargo run -p tango-orders-client --example audit_async_order -- acme-health acme-health-rewards wellness-2026-01
//! ```
//!
//! Without `TANGO_BASE_URL` it asks the vendor's sandbox, which takes `--features reqwest/rustls`.

use std::env;
use std::error::Error;
use std::io::{self, Write};

use tango_orders_client::types::{LineItem, LineItemStatus, OrderCharge, Recipient};
use tango_orders_client::{AuditClient, Environment, Private, Schedule, credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [customer, account, external_ref] = arguments.as_slice() else {
        return Err("expected a customer, an account and an external reference".into());
    };
    let environment = match env::var("TANGO_BASE_URL") {
        Ok(url) => Environment::at(&url)?,
        Err(_) => Environment::Sandbox,
    };
    let client = AuditClient::builder(environment).credentials(credentials::from_env()?).build()?;
    run(&client, customer, account, external_ref, &mut io::stdout()).await
}

/// Writes the audit of one order; the last line tells how many of its line items are not delivered.
pub async fn run(
    client: &AuditClient,
    customer: &str,
    account: &str,
    external_ref: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let order = client.get_async_order(customer, account, external_ref).max_results(500);

    let done = order.clone().wait(Schedule::default()).await?;
    writeln!(out, "{external_ref}: {}, {} line items", done.order_status, done.total_line_items)?;
    if let Some(total) = done.amount_charged.as_ref().and_then(OrderCharge::total_money) {
        writeln!(out, "charged {total}")?;
    }
    for error in &done.order_errors {
        writeln!(out, "error {}", error.error_code.as_deref().unwrap_or("without a code"))?;
    }

    let mut undelivered = 0;
    let mut items = order.line_items().prefetch(true);
    while let Some(item) = items.next().await.transpose()? {
        writeln!(out, "{}", line(&item))?;
        if item.line_item_status != LineItemStatus::Complete {
            undelivered += 1;
            for error in &item.line_item_errors {
                let code = error.error_code.as_deref().unwrap_or("without a code");
                // The text of an error may tell of a person, so it is read by name.
                let text = error.error_message.as_ref().map_or("", |text| text.as_str());
                writeln!(out, "  error {code}: {text}")?;
            }
        }
    }
    writeln!(out, "{undelivered} not delivered")?;
    Ok(())
}

/// Who received what and how.
fn line(item: &LineItem) -> String {
    let to = item.recipient.as_ref().map(name).filter(|name| !name.is_empty());
    let how = item.delivery_method.as_ref().map_or("?", |method| method.as_str());
    let what = item.reward_name.as_deref().unwrap_or("?");
    format!(
        "{} {} {what} to {} by {how}{}",
        item.external_ref_line_item_id.as_deref().unwrap_or(&item.reference_line_item_id),
        item.line_item_status,
        to.as_deref().unwrap_or("?"),
        item.delivery_status.as_ref().map_or_else(String::new, |status| format!(" ({status})")),
    )
}

fn name(recipient: &Recipient) -> String {
    let names = [&recipient.first_name, &recipient.last_name];
    let names = names.into_iter().flatten().map(Private::as_str);
    names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
}
