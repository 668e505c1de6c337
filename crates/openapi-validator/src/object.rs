//! Objects: members in any order, required ones, undocumented ones, duplicates.

use alloc::vec::Vec;

use crate::cursor::{Cursor, Direction, Flow, Stop};
use crate::finding::{Problem, Severity, Types};
use crate::text::{Form, Text, compare, plain, unindented};

/// What an object has to obey; `W` words of 64 bits, one bit for each documented member.
#[derive(Clone, Copy, Debug)]
pub struct ObjectRules<const W: usize> {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Whether `null` is accepted.
    pub nullable: bool,
    /// The names that are documented, in the order in which they are expected.
    pub properties: Properties,
    /// The members that must be present, as bits by their place in `properties`.
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
    /// What holds for members that `properties` does not list.
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
        properties: Properties::new(&[]),
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

/// The names of `properties`, with a table that finds them.
#[derive(Clone, Copy, Debug)]
pub struct Properties {
    names: &'static [&'static str],
    /// The place of a name in `names` by its hash.
    slots: [u8; SLOTS],
    factor: u32,
    /// Whether each name has a slot of its own.
    is_perfect: bool,
}

const SLOTS: usize = 256;

impl Properties {
    /// Looks for a table, at compile time.
    pub const fn new(names: &'static [&'static str]) -> Self {
        const ATTEMPTS: u32 = 500;
        // The golden ratio of 32 bits, and what follows it.
        const FIRST: u32 = 0x9E37_79B1;
        const STEP: u32 = 0x61C8_8646;
        let mut attempt = 0;
        let mut factor = FIRST;
        let mut table = Self { names, slots: [u8::MAX; SLOTS], factor, is_perfect: false };
        while attempt < ATTEMPTS && !table.is_perfect && names.len() < SLOTS {
            table = Self::with_factor(names, factor);
            attempt += 1;
            factor = factor.wrapping_add(STEP);
        }
        table
    }

    #[expect(
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        reason = "at compile time, and there are fewer names than slots"
    )]
    const fn with_factor(names: &'static [&'static str], factor: u32) -> Self {
        let mut slots = [u8::MAX; SLOTS];
        let mut index = 0;
        while index < names.len() {
            let slot = slot(names[index].as_bytes(), factor);
            if slots[slot] != u8::MAX {
                return Self { names, slots, factor, is_perfect: false };
            }
            slots[slot] = index as u8;
            index += 1;
        }
        Self { names, slots, factor, is_perfect: true }
    }

    /// The place of a name.
    #[inline]
    fn find(&self, name: &Text<'_>) -> Option<usize> {
        let is = |known: &&str| name.is(known);
        if !self.is_perfect || name.form == Form::Escaped {
            return self.names.iter().position(is);
        }
        let index = usize::from(*self.slots.get(slot(name.raw, self.factor))?);
        self.names.get(index).filter(|known| known.as_bytes() == name.raw).map(|_| index)
    }
}

/// A number below [`SLOTS`] that depends on three characters of a name and its length.
#[inline]
const fn slot(name: &[u8], factor: u32) -> usize {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return 0 };
    let (_, behind) = name.split_at(name.len() / 2);
    let Some(middle) = behind.first() else { return 0 };
    let [length, ..] = name.len().to_le_bytes();
    let word = u32::from_le_bytes([*first, *middle, *last, length]);
    let [.., hash] = word.wrapping_mul(factor).to_le_bytes();
    hash as usize
}

/// An object that is being read.
#[derive(Debug)]
pub struct Object {
    /// The offset of its opening brace.
    start: usize,
    /// How many members there are that `properties` does not list.
    others: usize,
    /// How often a member came next that was not expected.
    detours: usize,
    /// Where the undocumented names of this object begin in [`Names`], once there are any.
    names: usize,
    /// What these names look like, as bits.
    looks: u64,
    /// How many of the names in `required_elsewhere` were seen, as bits; 64 are enough for anyone,
    /// the emitter sees to that.
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

impl Cursor<'_> {
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

    /// Whether [`Cursor::expect`] is worth its while: members are written without whitespace, and
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
            && index < rules.properties.names.len()
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
            self.name = Text { start: self.pos() + 2, raw, form: Form::Ascii };
            self.rest = after;
            self.skip_whitespace();
        } else if !self.any_name(object.start)? {
            return Ok(None);
        }
        // Without a word for them, no members are documented.
        let known = if W > 0 { rules.properties.find(&self.name) } else { None };
        let Some(index) = known else {
            self.other_member(object, rules.required_elsewhere)?;
            return Ok(Some(rules.properties.names.len()));
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
            self.name = Text { start, raw, form: Form::Ascii };
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
        self.name = self.text()?;
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
        let is_shared = self.shared == Some(self.depth.wrapping_sub(1));
        let elsewhere = rules.documented_elsewhere;
        let offset = name.start - 1;
        match rules.additional {
            Additional::Forbidden => {
                let problem = Problem::NotAllowed { names: rules.properties.names };
                self.error(offset, rules.at, "additionalProperties", problem)?;
            }
            Additional::Undocumented
                if !is_shared && !elsewhere.iter().any(|known| name.is(known)) =>
            {
                let problem = Problem::Undocumented { names: rules.properties.names, elsewhere };
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
        for (index, name) in rules.properties.names.iter().enumerate() {
            if required.contains(index) && !seen.contains(index) && !excused.contains(index) {
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

    /// Remembers a name; whether its object is known to have it already.
    #[inline]
    fn insert(&mut self, object: &mut Object, bytes: &[u8], text: &Text<'_>) -> bool {
        let name = (text.start, text.start + text.raw.len());
        let (first, last) = (text.raw.first().unwrap_or(&0), text.raw.last().unwrap_or(&0));
        let look = bit((usize::from(*first) + 5 * usize::from(*last) + 11 * text.raw.len()) % 64);
        self.has_escapes |= text.form == Form::Escaped;
        if object.looks == 0 {
            object.names = self.len;
        }
        // Most names look like no other one.
        let is_duplicate = (object.looks & look != 0 || self.has_escapes)
            && self.len - object.names < PAIRWISE
            && self.iter_from(object.names).any(|known| order(bytes, known, name).is_eq());
        object.looks |= look;
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
