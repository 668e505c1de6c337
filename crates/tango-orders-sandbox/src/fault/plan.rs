//! When the sandbox misbehaves.

use std::sync::atomic::{AtomicU64, Ordering};

use tango_orders_client::Operation;

use super::{Fault, Scenario};
use crate::data::Draw;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Operation(Operation),
    /// A bearer token.
    Token,
}

impl Target {
    /// As logs and scenarios name it.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.id(),
            Self::Token => "token",
        }
    }
}

/// All misbehaviour that a sandbox is set up for.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Each with how often it happens, from 0 to 1.
    pub(crate) random: Vec<(Fault, f64)>,
    pub(crate) scenario: Scenario,
    /// How many requests the scenario has taken.
    pub(crate) position: AtomicU64,
}

impl Faults {
    pub(crate) fn is_empty(&self) -> bool {
        self.random.is_empty() && self.scenario.is_empty()
    }

    /// What happens to a request without a wish of its own.
    ///
    /// What is left to chance follows from the draw, which is the request's own, and so does not depend
    /// on what other requests are there.
    pub(crate) fn next(&self, target: Target, draw: &mut Draw) -> Option<Fault> {
        if let Some(fault) = self.scripted(target) {
            return Some(fault);
        }
        let mut happens = |chance: f64| {
            let share = u32::try_from(draw.number() >> 32).unwrap_or(u32::MAX);
            f64::from(share) < chance * (f64::from(u32::MAX) + 1.0)
        };
        let mut random = self.random.iter();
        let found =
            random.find(|(fault, chance)| happens(*chance) && fault.idle_item(target).is_none());
        found.map(|(fault, _)| fault.clone())
    }

    fn scripted(&self, target: Target) -> Option<Fault> {
        let step_for = |position: u64| self.scenario.step(position, target);
        // Two requests at once never take the same step.
        let taken = self.position.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |position| {
            step_for(position).map(|_| self.scenario.after(position))
        });
        step_for(taken.ok()?).cloned()
    }
}
