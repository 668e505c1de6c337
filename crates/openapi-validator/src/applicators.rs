//! Schemas made of schemas (`allOf`, `anyOf`, `oneOf`, `not`), and values from a list.

use core::mem;

use crate::collector::Collector;
use crate::equality::fingerprint;
use crate::finding::{Kind, Problem, Types};
use crate::json_string::Decoded;
use crate::object::ObjectRules;
use crate::reader::{Flow, Reader, Stop, Validator};

/// One of the schemas of `anyOf` or `oneOf`.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    /// The JSON types that it may accept.
    pub types: Types,
    /// Reads a value and checks it against the schema.
    pub validator: Validator,
}

/// What `anyOf` or `oneOf` asks for.
#[derive(Clone, Copy, Debug)]
pub struct ChoiceRules {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// `anyOf` or `oneOf`.
    pub keyword: &'static str,
    /// Whether no second branch may accept the value.
    pub exactly_one: bool,
    /// The member that names the branch (`discriminator`), with the branch for each of its values.
    pub discriminator: Option<Discriminator>,
}

/// A member whose value names the branch that is meant.
#[derive(Clone, Copy, Debug)]
pub struct Discriminator {
    /// The name of the member.
    pub property_name: &'static str,
    /// Its values, each with the place of its branch.
    pub mapping: &'static [(&'static str, usize)],
}

/// How a trial run of a schema ended.
enum Trial {
    Accepted { end: usize, remarks: bool },
    Rejected,
}

impl Reader<'_> {
    /// Reads a value that `anyOf` or `oneOf` describes.
    ///
    /// The JSON type decides where it can; otherwise each branch that may accept the type is tried
    /// from the start of the value. If all reject it, the branch that is nearest explains: the one
    /// that the discriminator names, or else the one with the fewest errors.
    pub fn choice(&mut self, rules: &ChoiceRules, branches: &[Branch]) -> Flow {
        let Some(kind) = self.kind() else { return self.any() };
        let mut fitting = branches.iter().filter(|branch| branch.types.contains(kind));
        match (fitting.next(), fitting.next()) {
            (None, _) => self.no_branch(rules, branches, kind),
            (Some(only), None) => (only.validator)(self),
            _ => self.try_branches(rules, branches, kind),
        }
    }

    /// Reads a value that must not obey a schema.
    pub fn not(&mut self, at: &'static str, validator: Validator) -> Flow {
        let start = self.mark();
        let trial = self.attempt(validator)?;
        self.seek(start);
        self.any()?;
        if matches!(trial, Trial::Accepted { .. }) {
            self.error(start, at, "not", Problem::Not)?;
        }
        Ok(())
    }

    /// Reads a value of which a schema describes only a part: its object does not report members
    /// that it does not document.
    pub fn part(&mut self, validator: Validator) -> Flow {
        let shared = self.shared.replace(self.depth);
        validator(self)?;
        self.shared = shared;
        Ok(())
    }

    /// Checks that the value from `mark` to here equals one of some values, written as JSON.
    pub fn enumeration(
        &mut self,
        mark: usize,
        at: &'static str,
        nullable: bool,
        values: &'static [&'static str],
    ) -> Flow {
        let value = self.bytes.get(mark..self.pos()).unwrap_or_default();
        if nullable && value == b"null" {
            return Ok(());
        }
        let found = fingerprint(value);
        if !values.iter().any(|known| fingerprint(known.as_bytes()) == found) {
            self.error(mark, at, "enum", Problem::Enum { values })?;
        }
        Ok(())
    }

    #[cold]
    fn no_branch(&mut self, rules: &ChoiceRules, branches: &[Branch], actual: Kind) -> Flow {
        let expected = branches.iter().fold(Types::NONE, |types, branch| types.or(branch.types));
        let problem = Problem::Type { expected, actual };
        self.error(self.pos(), rules.at, rules.keyword, problem)?;
        self.any()
    }

    fn try_branches(&mut self, rules: &ChoiceRules, branches: &[Branch], kind: Kind) -> Flow {
        let start = self.pos();
        let mut accepted: Option<(usize, bool, Validator)> = None;
        for branch in branches.iter().filter(|branch| branch.types.contains(kind)) {
            self.seek(start);
            let Trial::Accepted { end, remarks } = self.attempt(branch.validator)? else {
                continue;
            };
            if accepted.is_some() {
                self.seek(end);
                return self.error(start, rules.at, rules.keyword, Problem::ManyBranches);
            }
            accepted = Some((end, remarks, branch.validator));
            if !rules.exactly_one {
                break;
            }
        }
        match accepted {
            Some((end, false, _)) => {
                self.seek(end);
                Ok(())
            }
            // Once more, for what it has to remark.
            Some((_, true, validator)) => {
                self.seek(start);
                validator(self)
            }
            None => self.explain(rules, branches, start, kind),
        }
    }

    /// Runs a schema for its verdict only.
    fn attempt(&mut self, validator: Validator) -> Result<Trial, Stop> {
        let start = self.pos();
        let (outcome, collector, end) = self.isolated(validator, false)?;
        if collector.broken {
            // Every reading of this value ends here; one of them reports it.
            self.seek(start);
            self.any()?;
        }
        match outcome {
            Ok(()) => Ok(Trial::Accepted { end, remarks: collector.remarks }),
            Err(Stop) => Ok(Trial::Rejected),
        }
    }

    /// Runs a schema with a collector of its own; everything but the position is as before.
    ///
    /// Schemas that contain each other in several branches could be tried in exponentially many
    /// ways; the number of bytes that are read on trial is bounded by the length of the payload.
    fn isolated(
        &mut self,
        validator: Validator,
        collect: bool,
    ) -> Result<(Flow, Collector, usize), Stop> {
        const OFTEN: usize = 256;
        if self.tried / OFTEN > self.bytes.len() {
            self.broken("there are too many ways to read this value")?;
        }
        let start = self.pos();
        let collector = mem::replace(&mut self.collector, Collector::new(collect));
        let (depth, shared, forbidding) = (self.depth, self.shared, self.forbidding);
        let names = self.names.len();
        let outcome = validator(self);
        let own = mem::replace(&mut self.collector, collector);
        (self.depth, self.shared, self.forbidding) = (depth, shared, forbidding);
        self.names.truncate(names);
        self.tried = self.tried.saturating_add(1 + self.pos().abs_diff(start));
        Ok((outcome, own, self.pos()))
    }

    #[cold]
    fn explain(
        &mut self,
        rules: &ChoiceRules,
        branches: &[Branch],
        start: usize,
        kind: Kind,
    ) -> Flow {
        self.error(start, rules.at, rules.keyword, Problem::NoBranch { count: branches.len() })?;
        let named = rules.discriminator.and_then(|rule| self.named_branch(start, rule));
        let mut nearest: Option<Collector> = None;
        let mut end = start;
        for (index, branch) in branches.iter().enumerate() {
            if !branch.types.contains(kind) || named.is_some_and(|named| named != index) {
                continue;
            }
            self.seek(start);
            let (_, collector, after) = self.isolated(branch.validator, true)?;
            end = end.max(after);
            if nearest.as_ref().is_none_or(|nearest| collector.errors < nearest.errors) {
                nearest = Some(collector);
            }
        }
        if let Some(collector) = nearest {
            self.adopt(collector);
        }
        self.seek(end);
        if end == start { self.any() } else { Ok(()) }
    }

    fn adopt(&mut self, collector: Collector) {
        self.collector.errors += collector.errors;
        self.collector.more += collector.more;
        self.collector.remarks |= collector.remarks;
        for found in collector.found {
            self.collector.keep(found, self.options.findings);
        }
    }

    /// The branch that the value of a member names, looked up ahead of its object.
    fn named_branch(&mut self, start: usize, rule: Discriminator) -> Option<usize> {
        self.seek(start);
        let value = self.lookup(rule.property_name)?;
        let (_, index) =
            rule.mapping.iter().find(|(name, _)| Decoded::new(value).eq(name.bytes()))?;
        Some(*index)
    }

    /// The text of a member of the object that is next, if it is a string.
    fn lookup(&mut self, wanted: &str) -> Option<&[u8]> {
        let depth = self.depth;
        let collector = mem::take(&mut self.collector);
        let names = self.names.len();
        let found = self.lookup_in_object(wanted);
        self.collector = collector;
        self.depth = depth;
        self.names.truncate(names);
        let (start, end) = found?;
        self.bytes.get(start..end)
    }

    fn lookup_in_object(&mut self, wanted: &str) -> Option<(usize, usize)> {
        if !self.object(&ObjectRules::<0>::ANY).ok()? {
            return None;
        }
        let (mut object, mut seen) = self.members();
        while self.member(&mut object, &mut seen, &ObjectRules::<0>::ANY).ok()?.is_some() {
            let is_wanted = self.name.is(wanted);
            if is_wanted && self.kind() == Some(Kind::String) {
                let text = self.json_string().ok()?;
                return Some((text.start, text.start + text.raw.len()));
            }
            self.any().ok()?;
        }
        None
    }
}
