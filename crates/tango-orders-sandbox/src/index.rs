//! The page for people.

use std::fmt::Write;

use crate::api::BASE_PATH;
use crate::data::OrderData;
use crate::ready_made;
use crate::server::Server;

/// How many of the generated orders are listed; their states repeat after so many.
const ORDERS: u32 = 20;

/// The page at `/`: what this is, and what there is to try.
pub(crate) fn page(server: &Server) -> String {
    let mut orders = String::new();
    for number in 0..ORDERS.min(server.orders.generated.count) {
        let id = OrderData::id(number);
        let summary = server.orders.generated.summary(number);
        row(&mut orders, &id, &format!("/orders/{id}"), &summary);
    }
    let notes = ready_made::async_orders();
    let mut async_orders = String::new();
    for order in &server.orders.asynchronous {
        let (customer, account, reference) = order.key();
        let path = format!(
            "/asyncOrders/customers/{}/accounts/{}/{}",
            segment(customer),
            segment(account),
            segment(reference)
        );
        let note = notes.iter().find(|(plan, _)| {
            (plan.customer.as_str(), plan.account.as_str(), plan.reference.as_str()) == order.key()
        });
        let status = order.status(server.clock.now()).map(|status| status.to_string());
        let summary = format!(
            "{}: {} line items{}",
            status.unwrap_or_default(),
            order.total(),
            note.map(|(_, note)| format!("; {note}")).unwrap_or_default()
        );
        row(&mut async_orders, reference, &path, &summary);
    }
    TEMPLATE
        .replace("{base}", BASE_PATH)
        .replace("{seed}", &server.seed.to_string())
        .replace("{count}", &server.orders.generated.count.to_string())
        .replace("{orders}", &orders)
        .replace("{async_orders}", &async_orders)
}

fn row(rows: &mut String, name: &str, path: &str, summary: &str) {
    let (name, path, summary) = (escape(name), escape(path), escape(summary));
    let _ = writeln!(
        rows,
        "<tr><td><a href=\"{BASE_PATH}{path}\">{name}</a></td><td>{summary}</td></tr>"
    );
}

/// A segment of a path.
fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%2D", "-")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const TEMPLATE: &str = include_str!("index.html");
