//! Looks an order up at the support desk: what was sent to whom and how, whether it arrived, and
//! what to do next. What redeems the reward is shown only if that is asked for.
//!
//! ```text
//! TANGO_BASE_URL=http://127.0.0.1:8080/raas/v2 TANGO_BEARER_TOKEN=… \
//!     cargo run -p tango-orders-client --example support_lookup -- RA260115-1001-02 [--reveal]
//! ```
//!
//! Without `TANGO_BASE_URL` it asks the vendor's sandbox, which takes `--features reqwest/rustls`.

use std::env;
use std::error::Error;
use std::io::{self, Write};

use tango_orders_client::types::{Denomination, LineItemStatus, Order, Recipient};
use tango_orders_client::{Environment, Private, SupportClient, credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (id, reveal) = match arguments.as_slice() {
        [id] => (id, false),
        [id, reveal] if reveal == "--reveal" => (id, true),
        _ => return Err("expected the reference of an order, and perhaps --reveal".into()),
    };
    let environment = match env::var("TANGO_BASE_URL") {
        Ok(url) => Environment::at(&url)?,
        Err(_) => Environment::Sandbox,
    };
    let client =
        SupportClient::builder(environment).credentials(credentials::from_env()?).build()?;
    run(&client, id, reveal, &mut io::stdout()).await
}

/// Writes what the desk needs to know of one order.
pub async fn run(
    client: &SupportClient,
    reference_order_id: &str,
    reveal: bool,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let order = client.get_order(reference_order_id).await?;

    writeln!(out, "order     {} of {}", order.reference_order_id, order.created_at)?;
    writeln!(out, "reward    {}", order.reward_name.as_deref().unwrap_or("?"))?;
    if let Some(value) = order.denomination.as_ref().and_then(Denomination::value_money) {
        writeln!(out, "value     {value}")?;
    }
    if let Some(charged) = order.amount_charged.total_money() {
        writeln!(out, "charged   {charged}")?;
    }
    if let Some(sender) = &order.sender {
        let texts = [&sender.first_name, &sender.last_name, &sender.email];
        writeln!(out, "sender    {}", joined(texts))?;
    }
    if let Some(recipient) = &order.recipient {
        let Recipient { first_name, last_name, email, mobile_number, .. } = recipient;
        writeln!(out, "recipient {}", joined([first_name, last_name, email, mobile_number]))?;
    }
    let method = order.delivery_method.as_ref().map_or("?", |method| method.as_str());
    writeln!(out, "delivery  {method}")?;
    writeln!(out, "order is  {}", order.order_status.as_ref().unwrap_or(&order.status))?;
    if let Some(status) = &order.line_item_status {
        writeln!(out, "reward is {status}")?;
    }

    for credential in order.reward.iter().flat_map(|reward| &reward.credential_list) {
        let label = credential.label.as_str();
        // The one place that reads a secret, and only for those who asked for it.
        let value = if reveal { credential.value.expose_secret() } else { "(hidden)" };
        writeln!(out, "{label}: {value}")?;
    }
    writeln!(out, "next      {}", next_step(&order))?;
    Ok(())
}

/// What to do for a recipient who says that nothing arrived.
fn next_step(order: &Order) -> String {
    let item = order.reference_line_item_id.as_deref().unwrap_or("the line item");
    match order.line_item_status {
        Some(LineItemStatus::Complete) => format!("check the address, then resend {item}"),
        Some(LineItemStatus::Pending) => "wait: an order may take a business day".to_owned(),
        Some(LineItemStatus::Failed | LineItemStatus::Returned) => {
            format!("correct the recipient, then reissue {item}")
        }
        Some(LineItemStatus::Cancelled | LineItemStatus::Deleted) => {
            "nothing: the reward was taken back".to_owned()
        }
        _ => format!("ask Tango's support about {}", order.reference_order_id),
    }
}

/// The texts that there are, read by name since they tell of a person.
fn joined<const N: usize>(texts: [&Option<Private>; N]) -> String {
    let texts = texts.into_iter().flatten().map(Private::as_str);
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}
