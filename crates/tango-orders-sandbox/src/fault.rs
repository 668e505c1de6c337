//! Misbehaviour: what it is, and when it happens.

mod disguise;
mod parse;
mod plan;
mod scenario;

use std::time::Duration;

use axum::http::StatusCode;
use tango_orders_client::Operation;

use crate::data::Draw;
use crate::none_failed::NoneFailed;

pub(crate) use disguise::{Disguise, has_open_vocabulary, schema, success_schema};
pub use parse::ParseFaultError;
pub(crate) use plan::{Faults, Target};
pub use scenario::{Scenario, ScenarioError, Step};

/// One way to misbehave, or several at once.
///
/// It is written as a list with commas, in the header `X-Sandbox-Fault` as well as in options and
/// scenarios. It happens to calls that are let in, not to those without credentials:
///
/// | Item | What happens |
/// | --- | --- |
/// | `none` | nothing, whatever else is set up |
/// | `latency=200ms` | the response comes later; `50ms-2s` is uniform, `~200ms` is exponential with this mean |
/// | `503` | the response has this status, from 400 to 599 |
/// | `body=json`, `body=html`, `body=empty` | what the body of such a response is; JSON if not given |
/// | `retry-after=2`, `retry-after=date+2` | `Retry-After` of such a response, in seconds or as a date |
/// | `reset` | the connection is reset instead of a response |
/// | `truncated` | the connection closes after half of the body |
/// | `content-type=text/html` | the body is declared as something else |
/// | `unknown-members` | each object has a member that the document does not know |
/// | `unknown-values` | each open vocabulary has a value that the document does not know |
/// | `nulls` | each optional member is null |
/// | `ignore-filters` | filters by reference are ignored, as by a server that does not know them |
/// | `repeat-cursor` | `nextCursor` leads to the same page again, for ever |
/// | `none-failed=NULL` | what stands for the list if none failed: `NONE`, `NULL`, `null`, `[]`, `absent` |
///
/// Each item acts, or the whole is refused. So two of one kind are refused, and two of which one leaves
/// nothing to the other: after a `reset` there is no response, a status leaves no page, no line items and
/// no open vocabularies, a body that is not JSON has no members, and neither `nulls` nor `truncated` leaves
/// a page. The last three items are for the operation with pages only. What is set up for all requests passes those by on which it has nothing
/// to act; a header that asks for such a thing is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    pub(crate) latency: Option<Latency>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) body: Option<ErrorBodyKind>,
    pub(crate) retry_after: Option<RetryAfter>,
    pub(crate) breakage: Option<Breakage>,
    pub(crate) content_type: Option<String>,
    pub(crate) disguise: Disguise,
    pub(crate) ignore_filters: bool,
    pub(crate) repeat_cursor: bool,
    pub(crate) none_failed: Option<NoneFailed>,
}

/// How long a response takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Latency {
    /// Always as long.
    Constant(Duration),
    /// Anything between two bounds.
    Uniform(Duration, Duration),
    /// Mostly short and sometimes long, with this mean; ten times the mean at the most.
    Exponential(Duration),
}

/// What the body of an error response is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ErrorBodyKind {
    #[default]
    Json,
    Html,
    Empty,
}

/// When to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    /// The date that is so many seconds ahead.
    Date(u32),
}

/// How a response fails to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breakage {
    Reset,
    Truncated,
}

/// The longest latency.
const LONGEST: Duration = Duration::from_secs(600);

impl Latency {
    /// How long this time.
    pub(crate) fn duration(self, draw: &mut Draw) -> Duration {
        // 53 bits, which is what a float has.
        let share = |draw: &mut Draw| {
            let bits = u32::try_from(draw.number() >> 32).unwrap_or_default();
            (f64::from(bits) + 0.5) / (f64::from(u32::MAX) + 1.0)
        };
        match self {
            Self::Constant(time) => time,
            Self::Uniform(from, to) => from + to.saturating_sub(from).mul_f64(share(draw)),
            Self::Exponential(mean) => mean.mul_f64((-share(draw).ln()).min(10.0)).min(LONGEST),
        }
    }
}

impl Fault {
    /// Whether a page is another one than without the fault.
    pub(crate) fn changes_page(&self) -> bool {
        self.ignore_filters || self.repeat_cursor || self.none_failed.is_some()
    }

    /// The item that has nothing to act on in responses of this target, if there is one.
    pub(crate) fn idle_item(&self, target: Target) -> Option<&'static str> {
        let has_pages = target == Target::Operation(Operation::GetAsyncOrder);
        let has_values = || match target {
            Target::Operation(operation) => has_open_vocabulary(operation, self.disguise.nulls),
            Target::Token => false,
        };
        [
            ("ignore-filters", self.ignore_filters && !has_pages),
            ("repeat-cursor", self.repeat_cursor && !has_pages),
            ("none-failed", self.none_failed.is_some() && !has_pages),
            ("unknown-values", self.disguise.unknown_values && !has_values()),
        ]
        .into_iter()
        .find_map(|(item, is_idle)| is_idle.then_some(item))
    }
}

#[cfg(test)]
mod tests {
    // Nothing outside tells a latency from the time that everything else takes.
    use super::*;

    #[test]
    fn latencies_keep_to_their_distribution() {
        let mean = |latency: Latency| {
            let mut draw = Draw::new(7);
            let times = (0..10_000).map(|_| latency.duration(&mut draw).as_secs_f64());
            times.sum::<f64>() / 10_000.0
        };
        let time = Duration::from_millis(200);
        assert!((mean(Latency::Constant(time)) - 0.2).abs() < 1e-9);
        assert!((mean(Latency::Uniform(Duration::ZERO, time)) - 0.1).abs() < 0.003);
        assert!((mean(Latency::Exponential(time)) - 0.2).abs() < 0.006);
    }
}
