//! The members of an object, one after the other.

use super::names::bit;
use super::{Additional, ObjectRules};
use crate::finding::{Problem, Severity, Types};
use crate::json_string::{Form, JsonString, plain, unindented};
use crate::options::Direction;
use crate::reader::{Flow, Reader, Stop};

/// An object that is being read.
#[derive(Debug)]
pub struct Object {
    /// The offset of its opening brace.
    start: usize,
    /// How many members there are that `properties` does not list.
    others: usize,
    /// How often a member came next that was not expected.
    detours: usize,
    /// Where the undocumented names of this object begin in [`Names`](super::Names), once there
    /// are any.
    pub(super) names: usize,
    /// What these names look like, as bits.
    pub(super) looks: u64,
    /// How many of the names in `required_elsewhere` were seen, as bits; no more than 64,
    /// which the emitter ensures.
    seen_elsewhere: u64,
}

/// The documented members of an object that were seen so far, as bits by their place in `properties`.
///
/// Apart from the [`Object`], so that it lives in a register.
#[derive(Clone, Copy, Debug)]
pub struct Seen<const W: usize>([u64; W]);

impl<const W: usize> Seen<W> {
    #[inline]
    fn insert(&mut self, index: usize) -> bool {
        let Some(word) = self.0.get_mut(index / 64) else { return false };
        let bit = bit(index % 64);
        if *word & bit != 0 {
            return false;
        }
        *word |= bit;
        true
    }

    fn contains(self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word & bit(index % 64) != 0)
    }

    /// The place behind the last of these members.
    fn end(self) -> usize {
        let last = self.0.iter().enumerate().rev().find(|(_, word)| **word != 0);
        last.map_or(0, |(index, word)| 64 * index + 64 - word.leading_zeros() as usize)
    }

    fn len(self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}

impl Reader<'_> {
    /// Opens an object; false if the value is something else, which is then read and judged.
    #[inline]
    pub fn object<const W: usize>(&mut self, rules: &ObjectRules<W>) -> Result<bool, Stop> {
        if self.peek() != Some(b'{') && !self.starts(Types::OBJECT, rules.at, rules.nullable)? {
            return Ok(false);
        }
        self.enter()?;
        Ok(true)
    }

    /// What is to be remembered of an object that was just opened.
    #[inline]
    pub fn members<const W: usize>(&mut self) -> (Object, Seen<W>) {
        let object = Object {
            start: self.pos(),
            others: 0,
            detours: 0,
            names: 0,
            looks: 0,
            seen_elsewhere: 0,
        };
        (object, Seen([0; W]))
    }

    /// Whether [`Reader::expect`] is likely to save time: members are written without whitespace, and
    /// mostly come in the order of `properties`.
    #[inline]
    pub fn expects(&self, object: &Object) -> bool {
        const DETOURS: usize = 4;
        object.detours < DETOURS && matches!(self.rest, [b',', b'"', ..])
    }

    /// Whether a member that usually comes next does so, written without whitespace.
    ///
    /// `key` is the name with its quotes and its colon, and with what stands before it: a comma, or
    /// the opening brace for the first member.
    #[inline]
    pub fn expect<const W: usize, const N: usize>(
        &mut self,
        seen: &mut Seen<W>,
        index: usize,
        key: &[u8; N],
    ) -> bool {
        if let Some((start, rest)) = self.rest.split_first_chunk()
            && start == key
            && seen.insert(index)
        {
            self.rest = rest;
            return true;
        }
        false
    }

    /// Reads the name of the next member and gives its place in `names`, or the number of names
    /// for any other; none at the end of the object.
    #[inline]
    pub fn member<const W: usize>(
        &mut self,
        object: &mut Object,
        seen: &mut Seen<W>,
        rules: &ObjectRules<W>,
    ) -> Result<Option<usize>, Stop> {
        // Mostly, nothing comes after the members that were expected.
        if let [b'}', rest @ ..] = self.rest {
            self.rest = rest;
            return Ok(None);
        }
        let member = self.any_member(object, *seen, rules)?;
        if let Some(index) = member
            && index < rules.properties.names().len()
        {
            seen.insert(index);
        }
        Ok(member)
    }

    #[inline(never)]
    fn any_member<const W: usize>(
        &mut self,
        object: &mut Object,
        seen: Seen<W>,
        rules: &ObjectRules<W>,
    ) -> Result<Option<usize>, Stop> {
        if let [b',' | b'{', rest @ ..] = self.rest
            && (self.peek() == Some(b',') || self.pos() == object.start)
            && let Some((raw, [b':', after @ ..])) = plain(rest)
        {
            self.name = JsonString { start: self.pos() + 2, raw, form: Form::Ascii };
            self.rest = after;
            self.skip_whitespace();
        } else if !self.any_name(object.start)? {
            return Ok(None);
        }
        // Without a word for them, no members are documented.
        let known = if W > 0 { rules.properties.find(&self.name) } else { None };
        let Some(index) = known else {
            self.other_member(object, rules.required_elsewhere)?;
            return Ok(Some(rules.properties.names().len()));
        };
        object.detours += usize::from(index != seen.end());
        if seen.contains(index) {
            object.others += 1;
            self.error(self.name.start - 1, "", "json", Problem::Duplicate)?;
        }
        Ok(Some(index))
    }

    /// Remembers a member that `properties` does not list.
    #[inline(never)]
    fn other_member(&mut self, object: &mut Object, required: &[&str]) -> Flow {
        let offset = self.name.start - 1;
        if self.forbidding != 0 {
            let name = self.name;
            self.check_forbidden(offset, &name)?;
        }
        object.others += 1;
        if let Some(index) = required.iter().position(|known| self.name.is(known)) {
            object.seen_elsewhere |= bit(index);
        }
        if self.names.insert(object, self.bytes, &self.name) {
            self.error(offset, "", "json", Problem::Duplicate)?;
        }
        Ok(())
    }

    /// Reads what comes before the value of a member: what separates it from the one before, and its
    /// name; false at the end of the object.
    #[inline(never)]
    fn any_name(&mut self, object: usize) -> Result<bool, Stop> {
        let is_first = self.pos() == object;
        // Where each member stands on a line of its own, people write one space behind its colon.
        if let [first @ (b',' | b'{'), b'\n', rest @ ..] = self.rest
            && is_first == (*first == b'{')
            && let name = unindented(rest)
            && let Some((raw, [b':', b' ', after @ ..])) = plain(name)
        {
            let start = self.bytes.len() - name.len() + 1;
            self.name = JsonString { start, raw, form: Form::Ascii };
            self.rest = after;
            self.skip_whitespace();
            return Ok(true);
        }
        if is_first {
            self.skip(1);
        }
        self.skip_whitespace();
        match self.peek() {
            Some(b'}') => {
                self.skip(1);
                return Ok(false);
            }
            Some(b',') if !is_first => {
                self.skip(1);
                self.skip_whitespace();
            }
            _ if is_first => {}
            _ => self.broken("expected `,` or `}`")?,
        }
        if self.peek() != Some(b'"') {
            self.broken("expected the name of a member, in double quotes")?;
        }
        self.name = self.json_string()?;
        self.skip_whitespace();
        if self.peek() != Some(b':') {
            self.broken("expected `:`")?;
        }
        self.skip(1);
        self.skip_whitespace();
        Ok(true)
    }

    /// Reads the value of the member whose name was read last, and reports the member: `properties`
    /// does not list it.
    #[inline(never)]
    pub fn undocumented<const W: usize>(&mut self, rules: &ObjectRules<W>) -> Flow {
        let name = self.name;
        let is_part = self.is_in_part();
        let elsewhere = rules.documented_elsewhere;
        let offset = name.start - 1;
        match rules.additional {
            Additional::Forbidden => {
                let problem = Problem::NotAllowed { names: rules.properties.names() };
                self.error(offset, rules.at, "additionalProperties", problem)?;
            }
            Additional::Undocumented
                if !is_part && !elsewhere.iter().any(|known| name.is(known)) =>
            {
                let problem = Problem::Undocumented { names: rules.properties.names(), elsewhere };
                self.report(Severity::Drift, offset, rules.at, rules.documented_by, problem)?;
            }
            _ => {}
        }
        self.any()
    }

    /// Reports a member that a rule of the document forbids here; for members that it documents.
    #[inline]
    pub fn documented(&mut self, name: &'static str) -> Flow {
        if self.forbidding == 0 {
            return Ok(());
        }
        let text = JsonString { start: 0, raw: name.as_bytes(), form: Form::Unicode };
        let offset = self.mark();
        self.check_forbidden(offset, &text)
    }

    /// Checks an object as a whole, after its last member.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the rules are constants, most checks vanish")]
    pub fn close<const W: usize>(
        &mut self,
        object: &Object,
        seen: Seen<W>,
        rules: &ObjectRules<W>,
    ) -> Flow {
        self.leave();
        if object.looks != 0 {
            self.close_names(object.names)?;
        }
        let is_complete =
            seen.0.iter().zip(&rules.required).all(|(seen, required)| required & !seen == 0);
        let elsewhere = rules.required_elsewhere.len();
        if !is_complete
            || (elsewhere > 0 && object.seen_elsewhere.count_ones() as usize != elsewhere)
        {
            self.missing(object, seen, rules)?;
        }
        let count = || seen.len() + object.others;
        if rules.min_properties > 0 && count() < rules.min_properties {
            let problem = Problem::TooFewMembers { minimum: rules.min_properties };
            self.error(object.start, rules.at, "minProperties", problem)?;
        }
        if rules.max_properties < usize::MAX && count() > rules.max_properties {
            let problem = Problem::TooManyMembers { maximum: rules.max_properties };
            self.error(object.start, rules.at, "maxProperties", problem)?;
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn missing<const W: usize>(
        &mut self,
        object: &Object,
        seen: Seen<W>,
        rules: &ObjectRules<W>,
    ) -> Flow {
        let required = Seen(rules.required);
        let excused = Seen(match self.options.direction {
            Direction::Unspecified => [0; W],
            Direction::Request => rules.read_only,
            Direction::Response => rules.write_only,
        });
        for (index, name) in rules.properties.names().iter().enumerate() {
            let is_excused = excused.contains(index) || self.is_excused(name);
            if required.contains(index) && !seen.contains(index) && !is_excused {
                self.error(object.start, rules.at, "required", Problem::Missing(name))?;
            }
        }
        for (index, name) in rules.required_elsewhere.iter().enumerate() {
            if object.seen_elsewhere & bit(index) == 0 && !self.is_excused(name) {
                self.error(object.start, rules.at, "required", Problem::Missing(name))?;
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn check_forbidden(&mut self, offset: usize, name: &JsonString<'_>) -> Flow {
        for (index, rule) in self.source_map.forbidden.iter().enumerate() {
            if self.forbidding & bit(index) != 0
                && let Some(place) = rule.names.find(name)
                && let Some(forbidden) = rule.names.names().get(place)
            {
                let problem = Problem::ForbiddenMember(forbidden);
                self.error(offset, rule.at, "x-forbidden-properties", problem)?;
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn close_names(&mut self, base: usize) -> Flow {
        if let Some(duplicates) = self.names.late_duplicates(base, self.bytes) {
            for (start, _) in duplicates {
                let offset = start.saturating_sub(1);
                self.error(offset, "", "json", Problem::Duplicate)?;
            }
        }
        self.names.truncate(base);
        Ok(())
    }
}
