//! Schemas made of schemas (`allOf`, `anyOf`, `oneOf`, `not`), and values from a list.
//!
//! A value that several schemas describe is read once by each. So that this stays linear however
//! such values contain each other, what a schema made of a value is remembered; see
//! [`Memo`](crate::memo::Memo).

use core::mem;

use crate::collector::Mode;
use crate::equality::is_equal;
use crate::finding::{Kind, Problem, Types};
use crate::json_string::Decoded;
use crate::memo::{Key, Outcome};
use crate::object::ObjectRules;
use crate::options::Direction;
use crate::reader::{Flow, Reader, Stop, Validator, any};

/// One of the schemas of `anyOf` or `oneOf`.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    /// The JSON types that it may accept.
    pub types: Types,
    /// Reads a value and checks it against the schema.
    pub validator: Validator,
}

/// The schemas of `anyOf` or `oneOf`.
#[derive(Clone, Copy, Debug)]
pub struct Alternatives {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// The member that names the branch (`discriminator`), with the branch for each of its values.
    pub discriminator: Option<Discriminator>,
    /// The branches, in the order of the document.
    pub branches: &'static [Branch],
}

/// A member whose value names the branch that is meant.
#[derive(Clone, Copy, Debug)]
pub struct Discriminator {
    /// The name of the member.
    pub property_name: &'static str,
    /// Its values, each with the place of its branch.
    pub mapping: &'static [(&'static str, usize)],
}

/// A schema with all schemas that describe the same value.
#[derive(Clone, Copy, Debug)]
pub struct AllOf {
    /// What it says itself.
    pub own: Option<Validator>,
    /// The schemas of `allOf`, and one function for each other applicator.
    pub parts: &'static [Validator],
    /// The members that some part calls `readOnly`: a request may leave them out.
    pub read_only: &'static [&'static str],
    /// The members that some part calls `writeOnly`: a response may leave them out.
    pub write_only: &'static [&'static str],
}

/// How many compositions of one value may say who sends its members, each inside of the other.
const MARKED: usize = 6;

/// What tells a composition from others.
pub(crate) type CompositionId = ([usize; MARKED], bool);

/// The composition that a value is read for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Composition {
    /// The depth of the value.
    depth: u8,
    /// The composition and those inside of it that are being read for, the outermost first: those
    /// that say who sends a member, because what they say holds for all parts.
    marked: [Option<&'static AllOf>; MARKED],
    /// Whether the reading schema is a part: it does not report members that it does not document.
    is_part: bool,
}

impl Composition {
    /// What tells it from others.
    pub(crate) fn id(&self) -> CompositionId {
        let address =
            |all_of: Option<&AllOf>| all_of.map_or(0, |it| core::ptr::from_ref(it).addr());
        (self.marked.map(address), self.is_part)
    }
}

impl AllOf {
    /// The members that may be missing from what goes into a direction.
    fn excused(&self, direction: Direction) -> &'static [&'static str] {
        match direction {
            Direction::Unspecified => &[],
            Direction::Request => self.read_only,
            Direction::Response => self.write_only,
        }
    }
}

impl Reader<'_> {
    /// Reads a value that several schemas describe, once with each of them.
    pub fn all_of(&mut self, all_of: &'static AllOf) -> Flow {
        let start = self.mark();
        self.passes += 1;
        let outer = self.composition;
        // A composition inside of another one is part of it.
        let unmarked = Composition { depth: self.depth, marked: [None; MARKED], is_part: false };
        let mut composition = self.composition().copied().unwrap_or(unmarked);
        if !all_of.excused(self.options.direction).is_empty() {
            let is_place = |place: &&mut Option<&AllOf>| {
                place.is_none_or(|known| core::ptr::eq(known, all_of))
            };
            match composition.marked.iter_mut().find(is_place) {
                Some(place) => *place = Some(all_of),
                None => return self.too_composed(MARKED),
            }
        }
        self.composition = Some(composition);
        if let Some(own) = all_of.own {
            own(self)?;
        }
        composition.is_part = true;
        self.composition = Some(composition);
        for part in all_of.parts {
            self.seek(start);
            part(self)?;
        }
        self.composition = outer;
        self.end_passes();
        Ok(())
    }

    /// The composition that the current value is read for.
    pub(crate) fn composition(&self) -> Option<&Composition> {
        self.composition.as_ref().filter(|composition| composition.depth == self.depth)
    }

    /// Whether the object that was just opened is read for a part of a composition.
    pub(crate) fn is_in_part(&self) -> bool {
        self.composition
            .is_some_and(|known| known.is_part && known.depth == self.depth.wrapping_sub(1))
    }

    /// Whether a member may be missing although some schema requires it, because another part of the
    /// composition says who sends it.
    pub(crate) fn is_excused(&self, name: &str) -> bool {
        let marked = self.composition().into_iter().flat_map(|composition| &composition.marked);
        marked.flatten().any(|all_of| all_of.excused(self.options.direction).contains(&name))
    }

    /// Reads a value that `anyOf` describes.
    ///
    /// The JSON type decides where it can; otherwise each branch that may accept the type is tried
    /// from the start of the value. If all reject it, the branch that is nearest explains: the one
    /// that the discriminator names, or else the one with the fewest errors.
    pub fn any_of(&mut self, alternatives: &Alternatives) -> Flow {
        self.alternatives(alternatives, "anyOf")
    }

    /// Reads a value that `oneOf` describes, like [`Reader::any_of`]; no second branch may accept it.
    pub fn one_of(&mut self, alternatives: &Alternatives) -> Flow {
        self.alternatives(alternatives, "oneOf")
    }

    fn alternatives(&mut self, alternatives: &Alternatives, keyword: &'static str) -> Flow {
        let Some(kind) = self.kind() else { return self.any() };
        let mut fitting = alternatives.branches.iter().filter(|branch| branch.types.contains(kind));
        match (fitting.next(), fitting.next()) {
            (None, _) => self.no_branch(alternatives, keyword, kind),
            (Some(only), None) => (only.validator)(self),
            _ => {
                self.passes += 1;
                self.try_branches(alternatives, keyword, kind)?;
                self.end_passes();
                Ok(())
            }
        }
    }

    /// Reads a value that must not obey a schema.
    pub fn not(&mut self, at: &'static str, validator: Validator) -> Flow {
        let start = self.mark();
        self.passes += 1;
        // Nothing is excused from what must not be.
        let direction = mem::take(&mut self.options.direction);
        let outcome = self.attempt(validator, Mode::Verdict);
        self.options.direction = direction;
        let outcome = outcome?;
        if outcome.errors == 0 {
            self.seek(outcome.end);
            self.error(start, at, "not", Problem::Not)?;
        } else {
            self.seek(start);
            self.any()?;
        }
        self.end_passes();
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
        if !values.iter().any(|known| is_equal(value, known.as_bytes())) {
            self.error(mark, at, "enum", Problem::Enum { values })?;
        }
        Ok(())
    }

    /// Reads a value with a schema that may describe it more than once.
    pub fn once(&mut self, validator: Validator) -> Flow {
        if !self.remembers() {
            return validator(self);
        }
        let outcome = self.outcome(validator)?;
        if self.collector.mode == Mode::Verdict && outcome.errors > 0 {
            return Err(Stop::Invalid);
        }
        self.seek(outcome.end);
        Ok(())
    }

    /// What a schema makes of the next value in the current mode, if need be by reading it.
    fn outcome(&mut self, validator: Validator) -> Result<Outcome, Stop> {
        if !self.remembers() {
            return self.run(validator);
        }
        self.skip_whitespace();
        let key = Key {
            offset: self.pos(),
            validator,
            mode: self.collector.mode,
            direction: self.options.direction,
            composition: self.composition().map(Composition::id),
            forbidding: self.forbidding,
        };
        if let Some(known) = self.memo.outcome(&key) {
            // Collected findings are in the collector already.
            if self.collector.mode != Mode::Collect {
                self.collector.add(known);
            }
            return Ok(known);
        }
        let outcome = self.run(validator)?;
        self.memo.insert_outcome(key, outcome);
        Ok(outcome)
    }

    /// Whether a schema may describe a value more than once: the value is inside of one that several
    /// schemas describe, and that is inside of such a value itself. At the outermost, a value is
    /// read as often as it has schemas, and no more.
    fn remembers(&self) -> bool {
        self.passes > 1
    }

    fn run(&mut self, validator: Validator) -> Result<Outcome, Stop> {
        let outer = self.collector.begin();
        let flow = validator(self);
        let outcome = self.collector.end(outer, self.pos());
        match flow {
            Ok(()) | Err(Stop::Invalid) => Ok(outcome),
            Err(stop) => Err(stop),
        }
    }

    /// Runs a schema without a report; everything but the position is as before.
    ///
    /// That the payload is no JSON, or that a limit was reached, is no verdict: it ends the run.
    fn attempt(&mut self, validator: Validator, mode: Mode) -> Result<Outcome, Stop> {
        let outer = mem::replace(&mut self.collector.mode, mode);
        let counts = self.collector.begin();
        let (depth, composition, forbidding) = (self.depth, self.composition, self.forbidding);
        let (passes, names) = (self.passes, self.names.len());
        let unique_depth = self.unique_depth;
        let outcome = self.outcome(validator);
        self.collector.restore(counts);
        self.collector.mode = outer;
        (self.depth, self.composition, self.forbidding) = (depth, composition, forbidding);
        (self.passes, self.unique_depth) = (passes, unique_depth);
        self.names.truncate(names);
        outcome
    }

    /// Forgets what was remembered for the sake of a value that is read now.
    fn end_passes(&mut self) {
        self.passes -= 1;
        if !self.remembers() {
            self.memo.forget_outcomes();
        }
    }

    #[cold]
    fn no_branch(
        &mut self,
        alternatives: &Alternatives,
        keyword: &'static str,
        actual: Kind,
    ) -> Flow {
        let types = alternatives.branches.iter().map(|branch| branch.types);
        let expected = types.fold(Types::NONE, Types::or);
        self.mistyped(expected, actual, alternatives.at, keyword)
    }

    fn try_branches(
        &mut self,
        alternatives: &Alternatives,
        keyword: &'static str,
        kind: Kind,
    ) -> Flow {
        let start = self.pos();
        let mut accepted: Option<(Outcome, Validator)> = None;
        for branch in alternatives.branches.iter().filter(|branch| branch.types.contains(kind)) {
            self.seek(start);
            let outcome = self.attempt(branch.validator, Mode::Verdict)?;
            if outcome.errors > 0 {
                continue;
            }
            if accepted.is_some() {
                self.seek(outcome.end);
                return self.error(start, alternatives.at, keyword, Problem::ManyBranches);
            }
            accepted = Some((outcome, branch.validator));
            if keyword == "anyOf" {
                break;
            }
        }
        match accepted {
            // Once more, for what it has to remark.
            Some((outcome, validator))
                if outcome.remarks && self.collector.mode == Mode::Collect =>
            {
                self.seek(start);
                self.once(validator)
            }
            Some((outcome, _)) => {
                self.collector.add(outcome);
                self.seek(outcome.end);
                Ok(())
            }
            None => {
                let problem = Problem::NoBranch { count: alternatives.branches.len() };
                self.error(start, alternatives.at, keyword, problem)?;
                self.explain(alternatives, start, kind)
            }
        }
    }

    /// Reads a value that no branch accepts with the branch that is nearest.
    #[cold]
    fn explain(&mut self, alternatives: &Alternatives, start: usize, kind: Kind) -> Flow {
        let named = match alternatives.discriminator {
            Some(rule) => self.named_branch(start, rule)?,
            None => None,
        };
        let mut nearest: Option<(usize, Validator)> = None;
        for (index, branch) in alternatives.branches.iter().enumerate() {
            if !branch.types.contains(kind) || named.is_some_and(|named| named != index) {
                continue;
            }
            if named.is_some() {
                nearest = Some((0, branch.validator));
                break;
            }
            self.seek(start);
            let Outcome { errors, .. } = self.attempt(branch.validator, Mode::Count)?;
            if nearest.is_none_or(|(fewest, _)| errors < fewest) {
                nearest = Some((errors, branch.validator));
            }
        }
        self.seek(start);
        self.once(nearest.map_or(any, |(_, validator)| validator))
    }

    /// The branch that the value of a member names, looked up ahead of its object.
    fn named_branch(&mut self, start: usize, rule: Discriminator) -> Result<Option<usize>, Stop> {
        self.seek(start);
        let outer = mem::replace(&mut self.collector.mode, Mode::Count);
        let counts = self.collector.begin();
        let (depth, names) = (self.depth, self.names.len());
        let found = self.lookup(rule.property_name);
        self.collector.restore(counts);
        self.collector.mode = outer;
        self.depth = depth;
        self.names.truncate(names);
        let value = found?.and_then(|(start, end)| self.bytes.get(start..end));
        let is_meant = |name: &str| value.is_some_and(|text| Decoded::new(text).eq(name.bytes()));
        Ok(rule.mapping.iter().find(|(name, _)| is_meant(name)).map(|(_, index)| *index))
    }

    /// Where the text of a member stands, of the object that is next, if it is a string.
    fn lookup(&mut self, wanted: &str) -> Result<Option<(usize, usize)>, Stop> {
        if !self.object(&ObjectRules::<0>::ANY)? {
            return Ok(None);
        }
        let (mut object, mut seen) = self.members();
        while self.member(&mut object, &mut seen, &ObjectRules::<0>::ANY)?.is_some() {
            let is_wanted = self.name.is(wanted);
            if is_wanted && self.kind() == Some(Kind::String) {
                let text = self.json_string()?;
                return Ok(Some((text.start, text.start + text.raw.len())));
            }
            self.any()?;
        }
        Ok(None)
    }
}
