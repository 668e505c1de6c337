//! The orders that all filters match, without their rewards.

use axum::body::Bytes;
use axum::http::StatusCode;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tango_orders_client::types::{
    DeliveryMethod, LineItemStatus, Order, OrderStatus, Page, Recipient, Sender,
};
use tango_orders_client::{Decimal, ListOrders, Operation, Private};
use utoipa::openapi::link::{Link, LinkBuilder};

use super::{Endpoint, Parameters, in_query, json_of};
use crate::error_response::ErrorResponse;
use crate::fault::Fault;
use crate::parameter::Parameter;
use crate::server::Server;

/// How many orders a page holds if the request does not say; the vendor's number is not known.
const DEFAULT_SIZE: u64 = 25;

/// How many results of a search can be reached.
const REACHABLE: u64 = 10_000;

/// How long a period may be.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 100);

/// A filter whose value is one of the order's, but for the case of letters.
struct Filter {
    name: &'static str,
    words: &'static str,
    value: fn(&Order) -> Option<&str>,
    /// All values that there are, if they are few.
    known: fn() -> Vec<&'static str>,
    is_deprecated: bool,
}

const fn filter(
    name: &'static str,
    words: &'static str,
    value: fn(&Order) -> Option<&str>,
) -> Filter {
    Filter { name, words, value, known: Vec::new, is_deprecated: false }
}

const FILTERS: &[Filter] = &[
    filter("accountIdentifier", "The account.", |order| order.account_identifier.as_deref()),
    filter("customerIdentifier", "The customer.", |order| order.customer_identifier.as_deref()),
    filter("externalRefID", "The caller's reference.", |order| order.external_ref_id.as_deref()),
    filter("currencyCode", "The currency of the reward.", |order| {
        order.denomination.as_ref()?.currency_code.as_deref()
    }),
    filter("utid", "The item of the catalogue.", |order| order.utid.as_deref()),
    filter("ptid", "The template of a physical reward.", |order| order.ptid.as_deref()),
    filter("rewardName", "The name of the reward.", |order| order.reward_name.as_deref()),
    filter("senderFirstName", "The sender.", |order| of_sender(order, |it| &it.first_name)),
    filter("senderLastName", "The sender.", |order| of_sender(order, |it| &it.last_name)),
    filter("senderEmail", "The sender.", |order| of_sender(order, |it| &it.email)),
    filter("recipientEmail", "The recipient.", |order| of_recipient(order, |it| &it.email)),
    filter("recipientMobileNumber", "The recipient.", |order| {
        of_recipient(order, |it| &it.mobile_number)
    }),
    filter("recipientFirstName", "The recipient.", |order| {
        of_recipient(order, |it| &it.first_name)
    }),
    filter("recipientLastName", "The recipient.", |order| of_recipient(order, |it| &it.last_name)),
    Filter {
        known: || DeliveryMethod::KNOWN.iter().map(DeliveryMethod::as_str).collect(),
        ..filter("deliveryMethod", "How it is delivered.", |order| {
            order.delivery_method.as_ref().map(DeliveryMethod::as_str)
        })
    },
    Filter {
        known: || OrderStatus::KNOWN.iter().map(OrderStatus::as_str).collect(),
        is_deprecated: true,
        ..filter("status", "The state; deprecated, use `orderStatus`.", |order| {
            Some(order.status.as_str())
        })
    },
    Filter {
        known: || OrderStatus::KNOWN.iter().map(OrderStatus::as_str).collect(),
        ..filter("orderStatus", "The state.", |order| {
            Some(order.order_status.as_ref().unwrap_or(&order.status).as_str())
        })
    },
    Filter {
        known: || LineItemStatus::KNOWN.iter().map(LineItemStatus::as_str).collect(),
        ..filter("lineItemStatus", "The state of the reward.", |order| {
            order.line_item_status.as_ref().map(LineItemStatus::as_str)
        })
    },
    filter("campaign", "The caller's label.", |order| order.campaign.as_deref()),
    filter("notes", "The caller's notes.", |order| order.notes.as_ref().map(Private::as_str)),
    filter("lineItemNotes", "Notes of a line item; no order of the sandbox has any.", |_| None),
    filter("purchaseOrderNumber", "The caller's purchase order number.", |order| {
        order.purchase_order_number.as_deref()
    }),
];

fn of_sender(order: &Order, member: fn(&Sender) -> &Option<Private>) -> Option<&str> {
    member(order.sender.as_ref()?).as_ref().map(Private::as_str)
}

fn of_recipient(order: &Order, member: fn(&Recipient) -> &Option<Private>) -> Option<&str> {
    member(order.recipient.as_ref()?).as_ref().map(Private::as_str)
}

/// A page of orders; an order without its reward is a listed one.
#[derive(Serialize)]
struct Listing {
    page: Page,
    orders: Vec<Order>,
}

impl Endpoint for ListOrders {
    const SERVES: Operation = Operation::ListOrders;
    const TAG: &'static str = "support";
    const SUMMARY: &'static str = "List orders without their rewards";
    const RETURNS: &'static str = "One page of orders, without reward credentials.";

    fn reads() -> Vec<Parameter> {
        let filters = FILTERS.iter().map(|filter| {
            let parameter = Parameter::one_of(filter.name, (filter.known)()).words(filter.words);
            if filter.is_deprecated { parameter.deprecated() } else { parameter }
        });
        let others = [
            Parameter::text("startDate").words("Placed at this time or later."),
            Parameter::text("endDate").words("Placed until this time; a day is included."),
            Parameter::integer("elementsPerBlock").words("How many orders a page may hold."),
            Parameter::integer("page").words("The number of the page; the first one is 0."),
            Parameter::decimal("minAmount").words("The least face value."),
            Parameter::decimal("maxAmount").words("The greatest face value."),
            Parameter::boolean("sendEmail")
                .words("Whether the reward was mailed; deprecated, use `deliveryMethod`.")
                .deprecated(),
        ];
        filters.chain(others).collect()
    }

    fn links() -> Vec<(&'static str, Link)> {
        let first = LinkBuilder::new()
            .operation_id(Operation::GetOrder.id())
            .description("The first order of the page with its reward, if there is one.")
            .parameter("referenceOrderID", "$response.body#/orders/0/referenceOrderID");
        vec![("first_order", first.build())]
    }

    fn respond(
        server: &Server,
        parameters: &Parameters<'_>,
        _: &Fault,
    ) -> Result<Bytes, ErrorResponse> {
        let now = server.context().now;
        let search = Search::read(parameters, now)?;
        let (number, size) = (search.page, search.size);
        let reachable = number.checked_add(1).and_then(|pages| pages.checked_mul(size));
        if reachable.is_none_or(|reachable| reachable > REACHABLE) {
            return Err(ErrorResponse::beyond_the_last_result(REACHABLE));
        }
        let start = number * size;
        let (mut orders, mut total) = (Vec::new(), 0_u64);
        for order in server.orders.all(now).filter(|order| search.matches(order)) {
            if (start..start + size).contains(&total) {
                orders.push(order);
            }
            total += 1;
        }
        for order in &mut orders {
            order.reward = None;
        }
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX).into();
        let page = Page::new(
            count(number),
            count(size),
            count(u64::try_from(orders.len()).unwrap_or_default()),
            count(total),
        );
        server.body(None, || json_of(&Listing { page, orders }))
    }
}

/// What a request asks for.
struct Search<'q> {
    page: u64,
    size: u64,
    filters: Vec<(&'static Filter, &'q str)>,
    send_email: Option<bool>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    least: Option<Decimal>,
    greatest: Option<Decimal>,
}

impl<'q> Search<'q> {
    /// Reads parameters that the validator has let pass.
    fn read(parameters: &Parameters<'q>, now: Timestamp) -> Result<Self, ErrorResponse> {
        let value = |name| in_query(parameters, name);
        let number = |name| value(name).and_then(super::whole).map(u64::from);
        let amount = |name| value(name).and_then(|text| text.parse().ok());
        let filters = FILTERS.iter().filter_map(|filter| Some((filter, value(filter.name)?)));
        let moment = |name, is_end| value(name).map(|text| moment(name, text, is_end)).transpose();
        let search = Self {
            page: number("page").unwrap_or_default(),
            size: number("elementsPerBlock").unwrap_or(DEFAULT_SIZE),
            filters: filters.collect(),
            send_email: value("sendEmail").map(|value| value == "true"),
            start: moment("startDate", false)?,
            end: moment("endDate", true)?,
            least: amount("minAmount"),
            greatest: amount("maxAmount"),
        };
        search.check_period(value("endDate").unwrap_or_default(), now)?;
        Ok(search)
    }

    fn check_period(&self, text: &str, now: Timestamp) -> Result<(), ErrorResponse> {
        let Some(end) = self.end else { return Ok(()) };
        let refuse = |key, message| {
            Err(ErrorResponse::field(StatusCode::BAD_REQUEST, "endDate", key, message, text))
        };
        // The day of today has not ended yet.
        if end > end_of_day(now).unwrap_or(now) || end > now && text.len() > "2026-01-15".len() {
            return refuse("422.045", "The end of the period is in the future.");
        }
        match self.start.map(|start| end.duration_since(start)) {
            Some(period) if period < SignedDuration::ZERO => {
                refuse("422.041", "The period ends before it starts.")
            }
            Some(period) if period > LONGEST => {
                refuse("422.043", "The period is longer than 100 days.")
            }
            _ => Ok(()),
        }
    }

    fn matches(&self, order: &Order) -> bool {
        let amount = order.denomination.as_ref().and_then(|it| it.value.as_ref());
        let is = |(filter, value): &(&Filter, &str)| {
            (filter.value)(order).is_some_and(|found| found.to_lowercase() == value.to_lowercase())
        };
        let placed = *order.created_at;
        self.start.is_none_or(|start| placed >= start)
            && self.end.is_none_or(|end| placed <= end)
            && self.send_email.is_none_or(|sent| order.send_email.unwrap_or_default() == sent)
            && self.least.as_ref().is_none_or(|least| amount.is_some_and(|it| it >= least))
            && self.greatest.as_ref().is_none_or(|most| amount.is_some_and(|it| it <= most))
            && self.filters.iter().all(is)
    }
}

/// A moment, or the first or last one of a day.
fn moment(name: &'static str, text: &str, is_end: bool) -> Result<Timestamp, ErrorResponse> {
    let of_day = || {
        let day = text.parse::<Date>().ok().filter(|_| text.len() == "2026-01-15".len())?;
        let start = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
        if is_end { end_of_day(start) } else { Some(start) }
    };
    text.parse::<Timestamp>().ok().or_else(of_day).ok_or_else(|| {
        let message = "This is neither a day nor a moment of RFC 3339.";
        ErrorResponse::field(StatusCode::BAD_REQUEST, name, "422.044", message, text)
    })
}

/// The last moment of a day in UTC.
fn end_of_day(moment: Timestamp) -> Option<Timestamp> {
    moment.to_zoned(TimeZone::UTC).end_of_day().ok().map(|end| end.timestamp())
}
