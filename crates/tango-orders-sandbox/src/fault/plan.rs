//! When the sandbox misbehaves.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Deserialize;
use tango_orders_client::Operation;

use super::{Fault, ParseFaultError};
use crate::data::Draw;

/// A sequence of misbehaviour, request by request.
///
/// It is a YAML file:
///
/// ```yaml
/// repeat: true                  # start again at its end; false if not given
/// steps:
///   - fault: 503, body=html     # as in the header
///     times: 2                  # for so many requests; 1 if not given
///   - operation: get_order      # for this operation only; any if not given
///     fault: reset
///   - fault: none
/// ```
///
/// A request takes the step that is next, unless that is for another operation: then it is answered
/// as if there was no scenario, and the step waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    steps: Vec<Step>,
    repeat: bool,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    operation: Option<Operation>,
    times: u64,
    fault: Fault,
}

impl Step {
    /// A fault for one request, of any operation.
    pub fn new(fault: Fault) -> Self {
        Self { operation: None, times: 1, fault }
    }

    /// For so many requests.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// For requests of this operation only.
    #[must_use]
    pub fn operation(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }
}

/// A scenario cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ScenarioError {
    /// It is not YAML of this form; the text says what is wrong and where.
    Form(String),
    /// A step has a fault that cannot be read; steps are counted from 1.
    Fault(usize, ParseFaultError),
    /// A step names an operation that does not exist.
    Operation(usize, String),
    /// It has no step that takes a request.
    Empty,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(text) => write!(formatter, "read the scenario: {text}"),
            Self::Fault(step, error) => {
                write!(formatter, "read step {step} of the scenario: {error}")
            }
            Self::Operation(step, name) => {
                let known: Vec<&str> = Operation::ALL.iter().map(|known| known.id()).collect();
                let known = known.join(", ");
                write!(
                    formatter,
                    "read step {step} of the scenario: there is no operation `{name}`; write one of {known}"
                )
            }
            Self::Empty => formatter.write_str("read the scenario: it has no steps"),
        }
    }
}

impl std::error::Error for ScenarioError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioFile {
    #[serde(default)]
    repeat: bool,
    steps: Vec<StepFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFile {
    operation: Option<String>,
    #[serde(default = "once")]
    times: u64,
    fault: String,
}

fn once() -> u64 {
    1
}

impl Scenario {
    /// A sequence; with `repeat`, it starts again at its end.
    pub fn new(steps: Vec<Step>, repeat: bool) -> Self {
        Self { steps, repeat }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// The text is not YAML of this form, or names what does not exist.
    pub fn parse(yaml: &str) -> Result<Self, ScenarioError> {
        let file: ScenarioFile = serde_saphyr::from_str(yaml).map_err(|error| {
            let text = error.to_string();
            ScenarioError::Form(text.strip_prefix("error: ").unwrap_or(&text).to_owned())
        })?;
        let mut steps = Vec::new();
        for (number, step) in (1..).zip(file.steps) {
            let operation = match step.operation {
                Some(name) => {
                    Some(Operation::from_id(&name).ok_or(ScenarioError::Operation(number, name))?)
                }
                None => None,
            };
            let fault = step.fault.parse().map_err(|error| ScenarioError::Fault(number, error))?;
            steps.push(Step { operation, times: step.times, fault });
        }
        let scenario = Self { steps, repeat: file.repeat };
        if scenario.length() == 0 { Err(ScenarioError::Empty) } else { Ok(scenario) }
    }

    /// How many requests it takes.
    fn length(&self) -> u64 {
        self.steps.iter().map(|step| step.times).fold(0, u64::saturating_add)
    }

    /// The step that comes after so many requests.
    fn step(&self, position: u64) -> Option<&Step> {
        let mut position = match self.length() {
            0 => return None,
            length if self.repeat => position % length,
            _ => position,
        };
        self.steps.iter().find(|step| {
            let is_this = position < step.times;
            position = position.saturating_sub(step.times);
            is_this
        })
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
        self.random.is_empty() && self.scenario.steps.is_empty()
    }

    /// What happens to a request without a wish of its own.
    pub(crate) fn next(&self, operation: Operation, draw: &mut Draw) -> Option<Fault> {
        if let Some(fault) = self.scripted(operation) {
            return Some(fault);
        }
        let mut happens = |chance: f64| {
            let share = u32::try_from(draw.number() >> 32).unwrap_or(u32::MAX);
            f64::from(share) < chance * (f64::from(u32::MAX) + 1.0)
        };
        self.random.iter().find(|(_, chance)| happens(*chance)).map(|(fault, _)| fault.clone())
    }

    fn scripted(&self, operation: Operation) -> Option<Fault> {
        let step_for = |position: u64| {
            let step = self.scenario.step(position)?;
            step.operation.is_none_or(|only| only == operation).then_some(step)
        };
        // Two requests at once never take the same step.
        let taken = self.position.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |position| {
            step_for(position).map(|_| position + 1)
        });
        step_for(taken.ok()?).map(|step| step.fault.clone())
    }
}

/// How many calls per second each operation takes.
#[derive(Debug)]
pub(crate) struct Limiter {
    pub(crate) calls_per_second: u32,
    /// When the next call is taken, in milliseconds of the sandbox's time; one for each operation.
    next: [AtomicU64; Operation::ALL.len()],
}

impl Limiter {
    pub(crate) fn new(calls_per_second: u32) -> Self {
        Self { calls_per_second, next: [const { AtomicU64::new(0) }; Operation::ALL.len()] }
    }

    /// Takes a call, or refuses it because it comes too soon.
    pub(crate) fn take(&self, operation: Operation, elapsed: Duration) -> bool {
        let now = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let interval = 1000 / u64::from(self.calls_per_second.max(1));
        let next = Operation::ALL.iter().zip(&self.next).find(|(known, _)| **known == operation);
        let Some((_, next)) = next else { return true };
        let taken = next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
            (next <= now).then_some(now + interval)
        });
        taken.is_ok()
    }
}
