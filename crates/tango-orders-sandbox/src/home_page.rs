//! The page for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use axum::http::{HeaderMap, header};
use tango_orders_client::Operation;
use tango_orders_client::openapi_client::{Location, OperationDescription};

use crate::async_order::AnyAsyncOrder;
use crate::data::OrderData;
use crate::endpoint::BASE_PATH;
use crate::ready_made;
use crate::server::Server;
use crate::{DEFAULT_CLIENT, DEFAULT_KEY, DEFAULT_PLATFORM, DEFAULT_SECRET, DEFAULT_TOKEN};

/// How many of the generated orders are listed; their states repeat after so many.
const ORDERS: u32 = 20;

/// How many of the orders are listed that were loaded or planned.
const OTHERS: usize = 200;

/// How many of the async orders are listed.
const ASYNC_ORDERS: usize = 200;

/// The page at `/`: what this is, and what there is to try.
pub(crate) fn render(server: &Server, headers: &HeaderMap) -> String {
    let credentials = if server.access.accepts_defaults() {
        "HTTP Basic with the name <code>{platform}</code> and the key <code>{key}</code>, or the \
         bearer token <code>{token}</code>."
    } else {
        "This sandbox was started with credentials of its own; put them in place of \
         <code>{platform}:{key}</code> below."
    };
    let swagger_ui = if cfg!(feature = "swagger-ui") {
        "<p><a class=\"button\" href=\"/swagger-ui/\">Try it in Swagger UI</a></p>"
    } else {
        ""
    };
    TEMPLATE
        .replace("{credentials}", credentials)
        .replace("{swagger_ui}", swagger_ui)
        .replace("{base}", BASE_PATH)
        .replace("{platform}", DEFAULT_PLATFORM)
        .replace("{key}", DEFAULT_KEY)
        .replace("{token}", DEFAULT_TOKEN)
        .replace("{client}", DEFAULT_CLIENT)
        .replace("{secret}", DEFAULT_SECRET)
        .replace("{origin}", &origin(headers))
        .replace("{seed}", &server.seed.to_string())
        .replace("{loaded}", &others(server))
        .replace("{count}", &grouped(server.orders.generated.count))
        .replace("{lists}", &lists())
        .replace("{orders}", &orders(server))
        .replace("{async_orders}", &async_orders(server))
}

/// What stands before a path, as the reader of the page has it.
fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // It stands in a line for a shell.
    let is_plain = |host: &&str| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-_[]".contains(&byte))
    };
    format!("http://{}", host.filter(is_plain).unwrap_or("127.0.0.1:8080"))
}

/// The operations that need no identifier.
fn lists() -> String {
    let mut rows = String::new();
    for operation in Operation::ALL {
        let OperationDescription { id, method, path, parameters, .. } = operation.description();
        if !parameters.iter().any(|parameter| parameter.location == Location::Path) {
            row(&mut rows, id, path, method, path);
        }
    }
    rows
}

/// How many orders there are beside the generated ones.
fn others(server: &Server) -> String {
    let counts = [(server.orders.loaded.len(), "loaded"), (server.orders.planned.len(), "planned")];
    let mut words = String::new();
    for (count, kind) in counts.into_iter().filter(|(count, _)| *count > 0) {
        words += &format!(", after {count} that were {kind}");
    }
    words
}

fn orders(server: &Server) -> String {
    let generated = server.orders.generated;
    let mut rows = String::new();
    let mut seen = BTreeSet::new();
    let now = server.clock.now();
    let loaded = server.orders.loaded.iter().map(|(_, order)| (order.clone(), "loaded"));
    let planned = server.orders.planned.iter().map(|plan| plan.order(server.seed, now));
    let others = loaded.chain(planned.map(|order| (order, "planned"))).take(OTHERS);
    for (order, kind) in others {
        let id = order.reference_order_id;
        row(&mut rows, &id, &order_path(&id), &order.status.to_string(), kind);
        seen.insert(id);
    }
    for number in 0..ORDERS.min(generated.count) {
        let id = OrderData::id(number);
        if seen.contains(&id) {
            continue;
        }
        let (state, summary) = generated.summary(number);
        row(&mut rows, &id, &order_path(&id), &state.to_string(), &summary);
    }
    rows
}

fn order_path(id: &str) -> String {
    format!("/orders/{}", segment(id))
}

fn async_orders(server: &Server) -> String {
    let notes = ready_made::async_orders();
    let mut rows = String::new();
    for order in server.orders.asynchronous.iter().take(ASYNC_ORDERS) {
        let (customer, account, reference) = order.key();
        let path = format!(
            "/asyncOrders/customers/{}/accounts/{}/{}",
            segment(customer),
            segment(account),
            segment(reference)
        );
        let status = order.status(server.clock.now()).map(|status| status.to_string());
        let note = match order {
            AnyAsyncOrder::Loaded(_) => "loaded",
            AnyAsyncOrder::Generated(data) => {
                notes.iter().find(|(plan, _)| *plan == data.plan).map_or("", |(_, note)| note)
            }
        };
        let items = match order.total() {
            0 => "no line items".to_owned(),
            1 => "1 line item".to_owned(),
            total => format!("{} line items", grouped(total)),
        };
        let summary = [&items, note].into_iter().filter(|part| !part.is_empty());
        let summary = summary.collect::<Vec<&str>>().join("; ");
        let name = format!("{customer} / {account} / {reference}");
        row(&mut rows, &name, &path, &status.unwrap_or_default(), &summary);
    }
    rows
}

fn row(rows: &mut String, name: &str, path: &str, state: &str, summary: &str) {
    let [name, path, state, summary] = [name, path, state, summary].map(escape);
    let _ = writeln!(
        rows,
        "<tr><td><a href=\"{BASE_PATH}{path}\">{name}</a></td><td>{state}</td><td>{summary}</td></tr>"
    );
}

/// A number with commas, as in 1,000,000.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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

const TEMPLATE: &str = include_str!("home_page.html");
