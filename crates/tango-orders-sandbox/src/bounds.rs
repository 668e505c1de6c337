//! Between which bounds the numbers of a sandbox are.

use std::time::Duration;

use crate::clock::FASTEST;
use crate::data::AsyncOrderPlan;
use crate::fault::Fault;
use crate::start_error::StartError;
use crate::state::Setup;

/// How many orders there can be.
pub(crate) const MOST_ORDERS: u32 = 1_000_000;

/// How many line items an async order can have: `totalLineItems` is an int32.
pub(crate) const MOST_LINE_ITEMS: u32 = i32::MAX.unsigned_abs();

/// How many line items of an async order can fail.
pub(crate) const MOST_FAILED: u32 = 10_000_000;

/// How many calls of each operation a limit can allow in a second.
const MOST_CALLS: u32 = 1000;

/// How long a client may take for the head of a request, at the most.
const LONGEST_HEADER_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether all numbers are within the bounds in which time and money can be counted.
pub(crate) fn check_bounds(
    setup: &Setup,
    faults: &[(Fault, f64)],
    time_scale: f64,
    calls_per_second: Option<u32>,
    header_timeout: Duration,
) -> Result<(), StartError> {
    let has = |problem: fn(&AsyncOrderPlan) -> bool| setup.plans.iter().any(problem);
    let out_of_bounds = [
        (setup.orders > MOST_ORDERS, "the number of orders", "a million at the most"),
        (
            has(|plan| plan.line_items > MOST_LINE_ITEMS),
            "the number of line items",
            "2,147,483,647 at the most",
        ),
        (
            has(|plan| plan.failed.min(plan.line_items) > MOST_FAILED),
            "the number of failed line items",
            "ten million at the most",
        ),
        (
            faults.iter().any(|(_, share)| !(0.0..=1.0).contains(share)),
            "the share of a fault",
            "from 0 to 1",
        ),
        (!(0.0..=FASTEST).contains(&time_scale), "the scale of time", "from 0 to 1000000"),
        (
            calls_per_second.is_some_and(|calls| !(1..=MOST_CALLS).contains(&calls)),
            "the calls per second",
            "from 1 to 1000",
        ),
        (
            header_timeout < Duration::from_millis(1) || header_timeout > LONGEST_HEADER_TIMEOUT,
            "the time for the head of a request",
            "from a millisecond to a day",
        ),
    ];
    let broken = out_of_bounds.into_iter().find(|(is_broken, ..)| *is_broken);
    broken.map_or(Ok(()), |(_, name, bound)| Err(StartError::Bound(name, bound)))
}
