//! Judges payloads three times and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use fastrand::Rng;
use jsonschema::ValidatorMap;
use openapi_codegen::json_schema;
use openapi_codegen::source::Document;
use openapi_validator::{Direction, Options, SourceMap, Validator, is_valid, validate};

use crate::batch::Settings;
use crate::evaluator::{Evaluator, has_foreign_values};
use crate::json::Json;
use crate::random::payloads::{self, Size};
use crate::schema::{Components, Schema, document};

/// The generated validators of a batch.
#[derive(Clone, Debug)]
pub struct Generated {
    pub source_map: &'static SourceMap,
    /// By the name of the schema.
    pub validators: Vec<(&'static str, Validator)>,
}

/// How long a payload may take for each of its bytes, with the schemas of one group: generous for a
/// busy machine, and far below what reading a value once more on each level costs.
const LIMIT: Duration = Duration::from_micros(20);

/// Longer times are measured again.
const USUAL: Duration = Duration::from_nanos(500);

/// For so many payloads that witnesses judge, there is a deep one.
const DEEP: usize = 50;

/// How often one verdict reads its payload.
const RUNS: u32 = 3;

/// How many disagreements are shown.
const SHOWN: usize = 20;

/// What was counted.
#[derive(Debug, Default)]
struct Counts {
    payloads: usize,
    valid: usize,
    /// Payloads that the crate jsonschema judged, too.
    witnessed: usize,
    disagreements: usize,
    slowest: Duration,
    /// Payloads as deep as a validator reads.
    deep: usize,
    slowest_deep: Duration,
}

/// Judges all payloads of a run and prints what was found.
///
/// # Errors
///
/// The witness refuses the schemas.
pub fn run(settings: &Settings, batches: &[Generated]) -> anyhow::Result<ExitCode> {
    let mut counts = Counts::default();
    for (number, generated) in batches.iter().enumerate() {
        Batch::new(settings, number, generated)?.judge(&mut counts);
        eprintln!("batch {} of {}: {} payloads", number + 1, batches.len(), counts.payloads);
    }
    println!(
        "seed {}: {} schemas, {} payloads, {} of them valid, {} judged by jsonschema, too; \
         {} disagreements; at most {:?} a byte, and {:?} of {} deep ones",
        settings.seed,
        settings.schemas,
        counts.payloads,
        counts.valid,
        counts.witnessed,
        counts.disagreements,
        counts.slowest,
        counts.slowest_deep,
        counts.deep,
    );
    Ok(if counts.disagreements == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One batch, with its witnesses.
struct Batch<'a> {
    settings: &'a Settings,
    number: usize,
    generated: &'a Generated,
    components: Components,
    /// Schemas of which jsonschema knows less than the document says.
    is_beyond: BTreeSet<String>,
    witnesses: ValidatorMap,
}

impl<'a> Batch<'a> {
    fn new(
        settings: &'a Settings,
        number: usize,
        generated: &'a Generated,
    ) -> anyhow::Result<Self> {
        let components = settings.components(number);
        let source = Document::parse("random.json", document(&components).plain())
            .map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
        let witnesses = json_schema::validators(&json_schema::bundle(&source))
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("compile the schemas for jsonschema")?;
        let is_beyond = beyond(&components);
        Ok(Self { settings, number, generated, components, is_beyond, witnesses })
    }

    fn judge(&self, counts: &mut Counts) {
        let mut random = self.settings.random(self.number, "payloads");
        let validators: BTreeMap<&str, Validator> =
            self.generated.validators.iter().copied().collect();
        for (name, schema) in &self.components {
            let validator = validators[name.as_str()];
            let case = |random: &mut Rng, size| {
                let payload = payloads::payload(random, &self.components, schema, size);
                let direction = match random.u8(..4) {
                    0 => Direction::Request,
                    1 => Direction::Response,
                    _ => Direction::Unspecified,
                };
                let text = if random.bool() { payload.plain() } else { payload.dressed(random) };
                (Case { batch: self, name, schema, validator, direction }, payload, text)
            };
            for _ in 0..self.settings.payloads {
                let (case, payload, text) = case(&mut random, Size::SMALL);
                case.judge(&payload, &text, counts);
            }
            // The witnesses would take too long for these; the clock is all that there is to see.
            for _ in 0..self.settings.payloads / DEEP {
                let (case, payload, text) = case(&mut random, Size::DEEP);
                case.clock(&payload, &text, counts);
            }
        }
    }
}

/// A schema that is tried.
struct Case<'a> {
    batch: &'a Batch<'a>,
    name: &'a str,
    schema: &'a Schema,
    validator: Validator,
    direction: Direction,
}

impl Case<'_> {
    fn judge(&self, payload: &Json, text: &str, counts: &mut Counts) {
        counts.payloads += 1;
        let (verdict, time) = self.timed(text);
        counts.slowest = counts.slowest.max(time);
        counts.valid += usize::from(verdict == Ok(true));
        let expected = self.expected(payload);
        let witness = self.witness(payload, text);
        counts.witnessed += usize::from(witness.is_some());
        let agrees = verdict == Ok(expected) && witness.is_none_or(|it| it == expected);
        if agrees && time <= LIMIT {
            return;
        }
        counts.disagreements += 1;
        if counts.disagreements <= SHOWN {
            let small = if agrees { payload.clone() } else { self.reduced(payload.clone()) };
            let verdict = self.verdict(&small.plain());
            println!(
                "{} ({:?}): generated {verdict:?}, evaluator {}, jsonschema {:?}, {time:?} a byte\n{}\npayload {}\n",
                self.name,
                self.direction,
                self.expected(&small),
                self.witness(&small, &small.plain()),
                self.shown_schemas(),
                small.plain(),
            );
        }
    }

    /// Judges a payload that may be deep, only to see how long it takes.
    fn clock(&self, payload: &Json, text: &str, counts: &mut Counts) {
        let (verdict, time) = self.timed(text);
        counts.deep += 1;
        counts.slowest_deep = counts.slowest_deep.max(time);
        let is_too_deep = payload.depth() > usize::from(Options::default().depth);
        if time > LIMIT || (verdict.is_err() && !is_too_deep) {
            counts.disagreements += 1;
            if counts.disagreements <= SHOWN {
                let (schemas, payload) = (self.shown_schemas(), payload.plain());
                println!(
                    "{} ({:?}): {verdict:?}, {time:?} a byte\n{schemas}\npayload {payload}\n",
                    self.name, self.direction
                );
            }
        }
    }

    /// The verdict, and how long it took for each byte.
    fn timed(&self, text: &str) -> (Result<bool, String>, Duration) {
        // Small payloads are dominated by what a run costs.
        let bytes = u32::try_from(text.len().max(64)).unwrap_or(u32::MAX);
        let once = || {
            let start = Instant::now();
            let verdict = self.verdict(text);
            (verdict, start.elapsed() / RUNS / bytes)
        };
        let (verdict, mut time) = once();
        // Something else may have run on this core meanwhile.
        for _ in 0..20 {
            if time > USUAL {
                time = time.min(once().1);
            }
        }
        (verdict, time)
    }

    /// The verdict of the generated validator, which does not depend on how it is asked for.
    fn verdict(&self, text: &str) -> Result<bool, String> {
        let options = Options { direction: self.direction, ..Options::default() };
        let map = self.batch.generated.source_map;
        let verdict = is_valid(map, self.validator, text.as_bytes(), &options);
        let report = validate(map, self.validator, text.as_bytes(), &options);
        let options = Options { findings: 1, notes: true, ..options };
        let few = validate(map, self.validator, text.as_bytes(), &options);
        if report.reached_limit() || few.reached_limit() {
            return Err(format!("a limit was reached: {report}"));
        }
        if report.is_valid() != verdict || few.is_valid() != verdict {
            return Err(format!("{verdict}, but {report} and {few}"));
        }
        Ok(verdict)
    }

    fn expected(&self, payload: &Json) -> bool {
        let evaluator = Evaluator { components: &self.batch.components, direction: self.direction };
        evaluator.is_valid(self.schema, payload)
    }

    /// The verdict of jsonschema, where it can have one.
    fn witness(&self, payload: &Json, text: &str) -> Option<bool> {
        let is_apart = self.direction != Direction::Unspecified
            || self.batch.is_beyond.contains(self.name)
            || payload.has_inexact_number()
            || payload.has_duplicate();
        if is_apart {
            return None;
        }
        let value = serde_json::from_str(text).ok()?;
        Some(self.batch.witnesses[&json_schema::definition(self.name)].is_valid(&value))
    }

    /// A smaller payload on which they still disagree.
    fn reduced(&self, mut payload: Json) -> Json {
        let disagrees = |payload: &Json| {
            let text = payload.plain();
            let expected = self.expected(payload);
            self.verdict(&text) != Ok(expected)
                || self.witness(payload, &text).is_some_and(|it| it != expected)
        };
        while let Some(smaller) = smaller(&payload).into_iter().find(|it| disagrees(it)) {
            payload = smaller;
        }
        payload
    }

    /// The schema and those that it refers to, as the document has them.
    fn shown_schemas(&self) -> String {
        let is_near = |name: &str| group(name) == group(self.name);
        let schemas = self.batch.components.iter().filter(|(name, _)| is_near(name));
        schemas.map(|(name, schema)| format!("{name}: {}\n", schema.to_json().plain())).collect()
    }
}

/// The payloads that lack one item or member, or have something simpler in its place.
fn smaller(payload: &Json) -> Vec<Json> {
    let mut all = Vec::new();
    for place in 0..payload.size() {
        let mut edit = |edit: &mut dyn FnMut(&mut Json) -> bool| {
            let mut copy = payload.clone();
            let is_changed = copy.nth_mut(&mut place.clone()).is_some_and(|value| edit(value));
            if is_changed {
                all.push(copy);
            }
        };
        for index in 0..64 {
            edit(&mut |value| match value {
                Json::Array(items) if index < items.len() => {
                    items.remove(index);
                    true
                }
                Json::Object(members) if index < members.len() => {
                    members.remove(index);
                    true
                }
                _ => false,
            });
        }
        edit(&mut |value| {
            let is_large = matches!(value, Json::Array(_) | Json::Object(_));
            if is_large {
                *value = Json::Null;
            }
            is_large
        });
    }
    all
}

/// What the names of schemas have in common that may refer to each other.
fn group(name: &str) -> &str {
    name.trim_end_matches(char::is_alphabetic)
}

/// The groups of schemas in which something is said that jsonschema does not know or rounds.
fn beyond(components: &Components) -> BTreeSet<String> {
    let mut groups = BTreeSet::new();
    for (name, schema) in components {
        schema.visit(&mut |schema| {
            let Schema::Rules(rules) = schema else { return };
            let numbers = rules.minimum.iter().chain(&rules.maximum).map(|bound| &bound.number);
            let rounds = numbers
                .chain(&rules.multiple_of)
                .map(Json::number)
                .chain(rules.values.iter().flatten().cloned())
                .any(|value| value.has_inexact_number());
            // A quotient of two `f64` is no witness for a fraction.
            let divides = rules.multiple_of.as_ref().is_some_and(|of| of.contains('.'));
            let is_unknown = rules.kind.is_some_and(|kind| has_foreign_values(kind, rules))
                || matches!(rules.format, Some("byte" | "float" | "double"))
                || rules.pattern.is_some_and(is_rewritten);
            if rounds || divides || is_unknown {
                groups.insert(group(name));
            }
        });
    }
    components.keys().filter(|name| groups.contains(group(name))).cloned().collect()
}

/// Whether jsonschema translates a pattern to another dialect, in which it means something else.
fn is_rewritten(pattern: &str) -> bool {
    pattern.contains("\\s")
        || pattern.contains("\\w")
        || pattern.contains("\\b")
        || pattern.contains("\\B")
}
