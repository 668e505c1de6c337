//! Objects: members in any order, required ones, undocumented ones, duplicates.

use alloc::vec::Vec;

use crate::cursor::{Cursor, Direction, Flow, Stop};
use crate::finding::{Problem, Severity, Types};
use crate::text::{Form, Text, compare};

/// What an object has to obey; `W` words of 64 bits, one bit for each documented member.
#[derive(Clone, Copy, Debug)]
pub struct ObjectRules<const W: usize> {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Whether `null` is accepted.
    pub nullable: bool,
    /// The names of `properties`, in the order in which they are expected.
    pub names: &'static [&'static str],
    /// The members that must be present, as bits by their place in `names`.
    pub required: [u64; W],
    /// The members that a request may leave out although they are required (`readOnly`).
    pub read_only: [u64; W],
    /// The members that a response may leave out although they are required (`writeOnly`).
    pub write_only: [u64; W],
    /// The names in `required` that `properties` does not list.
    pub required_elsewhere: &'static [&'static str],
    /// The smallest number of members.
    pub min_properties: usize,
    /// The largest number of members.
    pub max_properties: usize,
    /// What holds for members that `names` does not list.
    pub additional: Additional,
    /// The names that other parts of the same schema (`allOf`, `anyOf`, `oneOf`) document.
    pub documented_elsewhere: &'static [&'static str],
}

/// What holds for members that `properties` does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Additional {
    /// They are welcome.
    Allowed,
    /// They are drift: the document does not speak of them.
    Undocumented,
    /// They are errors: `additionalProperties` is `false`.
    Forbidden,
}

impl<const W: usize> ObjectRules<W> {
    /// Any object.
    pub const ANY: Self = Self {
        at: "",
        nullable: false,
        names: &[],
        required: [0; W],
        read_only: [0; W],
        write_only: [0; W],
        required_elsewhere: &[],
        min_properties: 0,
        max_properties: usize::MAX,
        additional: Additional::Allowed,
        documented_elsewhere: &[],
    };
}

/// An object that is being read.
///
/// Only copies of it leave the generated function, so that it lives in registers.
#[derive(Clone, Copy, Debug)]
pub struct Object<const W: usize> {
    /// The offset of its opening brace.
    start: usize,
    /// The members seen so far, as bits.
    seen: [u64; W],
    /// How many members there are that `names` does not list.
    others: usize,
    /// The member that is expected next.
    next: usize,
    /// The range of the latest name.
    pub(crate) name: (usize, usize),
    /// Where the undocumented names of this object begin in [`Names`].
    names: usize,
    /// How many of the names in `required_elsewhere` were seen, as bits; 64 are enough for anyone,
    /// the emitter sees to that.
    seen_elsewhere: u64,
    /// Whether this schema describes only a part of the object.
    shared: bool,
}

impl<const W: usize> Object<W> {
    #[inline]
    fn see(&mut self, index: usize) -> bool {
        let Some(word) = self.seen.get_mut(index / 64) else { return false };
        let bit = bit(index % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

impl Cursor<'_> {
    /// Opens an object; none if the value is something else, which is then read and judged.
    #[inline]
    pub fn object<const W: usize>(
        &mut self,
        rules: &ObjectRules<W>,
    ) -> Result<Option<Object<W>>, Stop> {
        if self.peek() != Some(b'{') && !self.starts(Types::OBJECT, rules.at, rules.nullable)? {
            return Ok(None);
        }
        self.enter()?;
        Ok(Some(Object {
            start: self.pos(),
            seen: [0; W],
            others: 0,
            next: 0,
            name: (0, 0),
            names: self.names.len(),
            seen_elsewhere: 0,
            shared: self.shared.take() == Some(self.depth - 1),
        }))
    }

    /// Whether a member that usually comes next does so, written without whitespace.
    ///
    /// `key` is the name with its quotes and its colon, and with what stands before it: a comma, or
    /// the opening brace for the first member. Only members after the latest one are looked for.
    #[inline]
    pub fn expect<const W: usize, const N: usize>(
        &mut self,
        object: &mut Object<W>,
        index: usize,
        key: &[u8; N],
    ) -> bool {
        if object.next <= index
            && let Some((start, rest)) = self.rest.split_first_chunk()
            && start == key
            && object.see(index)
        {
            self.rest = rest;
            object.next = index + 1;
            return true;
        }
        false
    }

    /// Reads the name of the next member and gives its place in `names`, or the number of names
    /// for any other; none at the end of the object.
    #[inline]
    pub fn member<const W: usize>(
        &mut self,
        object: &mut Object<W>,
        rules: &ObjectRules<W>,
    ) -> Result<Option<usize>, Stop> {
        // Mostly, nothing comes after the members that were expected.
        if let [b'}', rest @ ..] = self.rest {
            self.rest = rest;
            return Ok(None);
        }
        let mut copy = *object;
        let member = self.any_member(&mut copy, rules);
        *object = copy;
        member
    }

    #[inline(never)]
    fn any_member<const W: usize>(
        &mut self,
        object: &mut Object<W>,
        rules: &ObjectRules<W>,
    ) -> Result<Option<usize>, Stop> {
        let is_first = self.pos() == object.start;
        if is_first {
            self.skip(1);
        }
        self.skip_whitespace();
        match self.peek() {
            Some(b'}') => {
                self.skip(1);
                return Ok(None);
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
        let offset = self.pos();
        let name = self.text()?;
        object.name = (name.start, name.start + name.raw.len());
        self.skip_whitespace();
        if self.peek() != Some(b':') {
            self.broken("expected `:`")?;
        }
        self.skip(1);
        self.skip_whitespace();
        // Members mostly keep their order, even where others stand between them.
        let is = |index: &usize| rules.names.get(*index).is_some_and(|known| name.is(known));
        let known = (object.next..rules.names.len()).find(is);
        if let Some(index) = known.or_else(|| (0..object.next).find(is)) {
            object.next = index + 1;
            if !object.see(index) {
                object.others += 1;
                self.error(offset, "", "json", Problem::Duplicate)?;
            }
            return Ok(Some(index));
        }
        if self.forbidding != 0 {
            self.check_forbidden(offset, &name)?;
        }
        object.others += 1;
        if let Some(index) = rules.required_elsewhere.iter().position(|known| name.is(known)) {
            object.seen_elsewhere |= bit(index);
        }
        if self.names.insert(object.names, self.bytes, &name) {
            self.error(offset, "", "json", Problem::Duplicate)?;
        }
        Ok(Some(rules.names.len()))
    }

    /// Reads the value of a member that `properties` does not list, and reports the member.
    #[inline]
    pub fn undocumented<const W: usize>(
        &mut self,
        object: &Object<W>,
        rules: &ObjectRules<W>,
    ) -> Flow {
        self.any_undocumented(object.name, object.shared, rules)
    }

    #[inline(never)]
    fn any_undocumented<const W: usize>(
        &mut self,
        name: (usize, usize),
        is_shared: bool,
        rules: &ObjectRules<W>,
    ) -> Flow {
        let (start, end) = name;
        let name = self.bytes.get(start..end).unwrap_or_default();
        let elsewhere = rules.documented_elsewhere;
        let offset = start.saturating_sub(1);
        match rules.additional {
            Additional::Forbidden => {
                let problem = Problem::NotAllowed { names: rules.names };
                self.error(offset, rules.at, "additionalProperties", problem)?;
            }
            Additional::Undocumented
                if !is_shared
                    && !elsewhere.iter().any(|known| compare(name, known.as_bytes()).is_eq()) =>
            {
                let problem = Problem::Undocumented { names: rules.names, elsewhere };
                self.report(Severity::Drift, offset, rules.at, "properties", problem)?;
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
        let text = Text { start: 0, raw: name.as_bytes(), form: Form::Unicode };
        let offset = self.mark();
        self.check_forbidden(offset, &text)
    }

    /// Checks an object as a whole, after its last member.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the rules are constants, most checks vanish")]
    pub fn close<const W: usize>(&mut self, object: Object<W>, rules: &ObjectRules<W>) -> Flow {
        self.leave();
        if self.names.len() != object.names {
            self.close_names(object.names)?;
        }
        let is_complete =
            object.seen.iter().zip(&rules.required).all(|(seen, required)| required & !seen == 0);
        if !is_complete
            || object.seen_elsewhere.count_ones() as usize != rules.required_elsewhere.len()
        {
            let copy = object;
            self.missing(&copy, rules)?;
        }
        let count = || {
            object.seen.iter().map(|word| word.count_ones() as usize).sum::<usize>() + object.others
        };
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
    fn missing<const W: usize>(&mut self, object: &Object<W>, rules: &ObjectRules<W>) -> Flow {
        let excused = match self.options.direction {
            Direction::Unspecified => [0; W],
            Direction::Request => rules.read_only,
            Direction::Response => rules.write_only,
        };
        for (index, name) in rules.names.iter().enumerate() {
            let has = |words: &[u64; W]| {
                words.get(index / 64).is_some_and(|word| word & bit(index % 64) != 0)
            };
            if has(&rules.required) && !has(&object.seen) && !has(&excused) {
                self.error(object.start, rules.at, "required", Problem::Missing(name))?;
            }
        }
        for (index, name) in rules.required_elsewhere.iter().enumerate() {
            if object.seen_elsewhere & bit(index) == 0 {
                self.error(object.start, rules.at, "required", Problem::Missing(name))?;
            }
        }
        Ok(())
    }

    #[cold]
    fn check_forbidden(&mut self, offset: usize, name: &Text<'_>) -> Flow {
        for (index, rule) in self.document.forbidden.iter().enumerate() {
            if self.forbidding & bit(index) != 0
                && let Some(forbidden) = rule.names.iter().find(|forbidden| name.is(forbidden))
            {
                let problem = Problem::ForbiddenMember(forbidden);
                self.error(offset, rule.at, "x-forbidden-properties", problem)?;
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn close_names(&mut self, base: usize) -> Flow {
        if self.names.len() - base > PAIRWISE {
            for (start, _) in self.names.late_duplicates(base, self.bytes) {
                let offset = start.saturating_sub(1);
                self.error(offset, "", "json", Problem::Duplicate)?;
            }
        }
        self.names.truncate(base);
        Ok(())
    }
}

/// The bit of a place in a list; none beyond 64, which the emitter prevents.
pub(crate) const fn bit(index: usize) -> u64 {
    if index < 64 { 1 << index } else { 0 }
}

/// Up to this number, a name is compared with each of its object's earlier ones at once.
const PAIRWISE: usize = 32;
/// This many names need no allocation.
const INLINE: usize = 32;

/// The names of undocumented members of all open objects: what duplicates are found with.
///
/// The first few live in place. An object with more than [`PAIRWISE`] undocumented members is
/// sorted once, at its end.
#[derive(Debug)]
pub(crate) struct Names {
    len: usize,
    inline: [(usize, usize); INLINE],
    spilled: Vec<(usize, usize)>,
    /// Whether one of the names was written with an escape, so that equal ones may look different.
    has_escapes: bool,
}

impl Default for Names {
    fn default() -> Self {
        Self { len: 0, inline: [(0, 0); INLINE], spilled: Vec::new(), has_escapes: false }
    }
}

impl Names {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    fn iter_from(&self, base: usize) -> impl Iterator<Item = (usize, usize)> {
        let inline = self.inline.get(base..self.len.min(INLINE)).unwrap_or_default();
        let spilled = self.spilled.get(base.saturating_sub(INLINE)..).unwrap_or_default();
        inline.iter().chain(spilled).copied()
    }

    /// Remembers a name; whether the object that began at `base` is known to have it already.
    fn insert(&mut self, base: usize, bytes: &[u8], text: &Text<'_>) -> bool {
        self.has_escapes |= text.form == Form::Escaped;
        let name = (text.start, text.start + text.raw.len());
        let is_same = |(start, end): (usize, usize)| {
            if self.has_escapes {
                order(bytes, (start, end), name).is_eq()
            } else {
                end - start == text.raw.len() && bytes.get(start..end) == Some(text.raw)
            }
        };
        let is_duplicate = self.len - base < PAIRWISE && self.iter_from(base).any(is_same);
        match self.inline.get_mut(self.len) {
            Some(slot) => *slot = name,
            None => self.spilled.push(name),
        }
        self.len += 1;
        is_duplicate
    }

    /// The duplicates that [`Names::insert`] did not look for.
    fn late_duplicates(&self, base: usize, bytes: &[u8]) -> Vec<(usize, usize)> {
        let early = self.iter_from(base).nth(PAIRWISE).map_or(0, |(start, _)| start);
        let mut names: Vec<_> = self.iter_from(base).collect();
        names.sort_by(|a, b| order(bytes, *a, *b).then(a.cmp(b)));
        let mut duplicates: Vec<_> = names
            .iter()
            .zip(names.iter().skip(1))
            .filter(|(a, b)| b.0 >= early && order(bytes, **a, **b).is_eq())
            .map(|(_, b)| *b)
            .collect();
        duplicates.sort_unstable();
        duplicates
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = len;
        self.spilled.truncate(len.saturating_sub(INLINE));
    }
}

fn order(bytes: &[u8], a: (usize, usize), b: (usize, usize)) -> core::cmp::Ordering {
    compare(bytes.get(a.0..a.1).unwrap_or_default(), bytes.get(b.0..b.1).unwrap_or_default())
}
