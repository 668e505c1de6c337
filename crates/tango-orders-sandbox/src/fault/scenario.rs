//! Misbehaviour in a sequence, request by request.

use std::fmt;

use serde::Deserialize;
use tango_orders_client::Operation;

use super::plan::Target;
use super::{Fault, ParseFaultError};

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
///   - operation: token          # for requests for a token, which take no other steps
///     fault: 503
///   - fault: none
/// ```
///
/// A request takes the step that is next, unless that is for another operation, or has nothing to act
/// on in a response of this one: then it is answered as if there was no scenario, and the step waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    steps: Vec<Step>,
    repeat: bool,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    target: Option<Target>,
    times: u64,
    fault: Fault,
}

impl Step {
    /// A fault for one request, of any operation.
    pub fn new(fault: Fault) -> Self {
        Self { target: None, times: 1, fault }
    }

    /// For so many requests.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// For requests of this operation only.
    #[must_use]
    pub fn operation(self, operation: Operation) -> Self {
        Self { target: Some(Target::Operation(operation)), ..self }
    }

    /// For requests for a token only.
    #[must_use]
    pub fn token(self) -> Self {
        Self { target: Some(Target::Token), ..self }
    }

    /// Whether a request for this takes the step.
    fn is_for(&self, target: Target) -> bool {
        let is_meant = match self.target {
            Some(only) => only == target,
            None => target != Target::Token,
        };
        is_meant && self.fault.idle_item(target).is_none()
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
    /// A step has an item of a fault that has nothing to act on in responses of its operation.
    Idle(usize, &'static str),
    /// A step is for no request at all.
    Never(usize),
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
                    "read step {step} of the scenario: there is no operation `{name}`; write one of {known}, token"
                )
            }
            Self::Idle(step, item) => write!(
                formatter,
                "read step {step} of the scenario: `{item}` has nothing to act on in responses of its operation"
            ),
            Self::Never(step) => {
                write!(
                    formatter,
                    "read step {step} of the scenario: `times` is 0; leave the step out"
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
            let target = match step.operation {
                Some(name) if name == Target::Token.id() => Some(Target::Token),
                Some(name) => match Operation::from_id(&name) {
                    Some(operation) => Some(Target::Operation(operation)),
                    None => return Err(ScenarioError::Operation(number, name)),
                },
                None => None,
            };
            let fault: Fault =
                step.fault.parse().map_err(|error| ScenarioError::Fault(number, error))?;
            if let Some(item) = target.and_then(|target| fault.idle_item(target)) {
                return Err(ScenarioError::Idle(number, item));
            }
            if step.times == 0 {
                return Err(ScenarioError::Never(number));
            }
            steps.push(Step { target, times: step.times, fault });
        }
        let scenario = Self { steps, repeat: file.repeat };
        if scenario.is_empty() { Err(ScenarioError::Empty) } else { Ok(scenario) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.length() == 0
    }

    /// How many requests it takes.
    fn length(&self) -> u64 {
        self.steps.iter().map(|step| step.times).fold(0, u64::saturating_add)
    }

    /// What happens to a request for this after so many others; nothing if the step is not for it.
    pub(super) fn step(&self, position: u64, target: Target) -> Option<&Fault> {
        let mut position = match self.length() {
            0 => return None,
            length if self.repeat => position % length,
            _ => position,
        };
        let step = self.steps.iter().find(|step| {
            let is_this = position < step.times;
            position = position.saturating_sub(step.times);
            is_this
        });
        step.filter(|step| step.is_for(target)).map(|step| &step.fault)
    }

    /// The position after this one; where a sequence repeats, it starts again.
    pub(super) fn after(&self, position: u64) -> u64 {
        match self.length() {
            0 => position,
            length if self.repeat => (position % length + 1) % length,
            _ => position.saturating_add(1),
        }
    }
}
