//! Regular expressions of ECMA-262, compiled to deterministic automata over code points.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::str::Chars;

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

/// An automaton in the form that the runtime reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Automaton {
    /// The first character and the class of each range, ascending.
    pub(super) ranges: Vec<(char, u8)>,
    /// The next state, by state and class. State 0 has failed for good, state 1 has matched.
    pub(super) next: Vec<Vec<u16>>,
    /// The state before the first character.
    pub(super) start: u16,
    /// The states in which the text may end, ascending.
    pub(super) accepting: Vec<u16>,
    /// The same for texts in ASCII, if it is simple.
    pub(super) ascii_form: Option<AsciiForm>,
}

/// A text as one set of characters after the other, each as the first and last character of its
/// ranges.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AsciiForm {
    pub(super) fixed: Vec<Vec<(u8, u8)>>,
    /// What may follow, any number of times; nothing if there is none.
    pub(super) rest: Option<Vec<(u8, u8)>>,
}

/// Compiles a pattern; the error says what is not supported, as a lowercase fragment.
pub(super) fn compile(pattern: &str) -> Result<Automaton, String> {
    let mut parser = Parser { rest: pattern.chars().peekable() };
    let tree = parser.alternatives(0)?;
    if parser.rest.next().is_some() {
        return Err("a `)` without its `(`".to_owned());
    }
    let mut graph = Graph::default();
    let end = graph.add(Step::Match)?;
    let start = graph.build(&tree, end)?;
    Ok(Automaton { ascii_form: ascii_form(&tree), ..determine(&graph, start)? })
}

/// How the texts in ASCII look that a pattern from `^` to `$` without alternatives matches; only the
/// last set may be repeated without limit.
fn ascii_form(tree: &Tree) -> Option<AsciiForm> {
    const LONGEST: usize = 16;
    let Tree::Sequence(items) = tree else { return None };
    let [Tree::Start, items @ .., Tree::End] = items.as_slice() else { return None };
    let mut form = AsciiForm { fixed: Vec::new(), rest: None };
    for item in items {
        let (set, least, most) = match item {
            Tree::Set(set) => (set, 1, Some(1)),
            Tree::Repeat(repeated, least, most) => match repeated.as_ref() {
                Tree::Set(set) => (set, *least, *most),
                _ => return None,
            },
            _ => return None,
        };
        let set = ascii(set);
        let is_repeated = most != Some(least);
        if set.is_empty() || form.rest.is_some() || (is_repeated && most.is_some()) {
            return None;
        }
        for _ in 0..least {
            form.fixed.push(set.clone());
            if form.fixed.len() > LONGEST {
                return None;
            }
        }
        form.rest = is_repeated.then_some(set);
    }
    Some(form)
}

/// The characters of ASCII in a set.
fn ascii(set: &Set) -> Vec<(u8, u8)> {
    let mut ranges = Vec::<(u8, u8)>::new();
    for byte in (0..0x80).filter(|byte| contains(set, u32::from(*byte))) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == byte => *last = byte,
            _ => ranges.push((byte, byte)),
        }
    }
    ranges
}

/// A set of code points as ranges.
type Set = Vec<(u32, u32)>;

const LAST: u32 = 0x10_FFFF;
/// More steps or states than this are refused: they would bloat the generated code.
const MOST_STEPS: usize = 20_000;
const MOST_STATES: usize = 4_000;
const DEEPEST: usize = 50;

#[derive(Debug)]
enum Tree {
    Empty,
    Set(Set),
    Start,
    End,
    Sequence(Vec<Tree>),
    Choice(Vec<Tree>),
    Repeat(Box<Tree>, u32, Option<u32>),
}

struct Parser<'p> {
    rest: Peekable<Chars<'p>>,
}

impl Parser<'_> {
    fn alternatives(&mut self, depth: usize) -> Result<Tree, String> {
        if depth > DEEPEST {
            return Err("groups that are nested too deeply".to_owned());
        }
        let mut choices = vec![self.sequence(depth)?];
        while self.rest.next_if_eq(&'|').is_some() {
            choices.push(self.sequence(depth)?);
        }
        Ok(if choices.len() == 1 { choices.remove(0) } else { Tree::Choice(choices) })
    }

    fn sequence(&mut self, depth: usize) -> Result<Tree, String> {
        let mut items = Vec::new();
        while let Some(next) = self.rest.peek()
            && !matches!(next, '|' | ')')
        {
            let atom = self.atom(depth)?;
            items.push(self.quantified(atom)?);
        }
        Ok(match items.len() {
            0 => Tree::Empty,
            1 => items.remove(0),
            _ => Tree::Sequence(items),
        })
    }

    fn atom(&mut self, depth: usize) -> Result<Tree, String> {
        match self.rest.next() {
            Some('^') => Ok(Tree::Start),
            Some('$') => Ok(Tree::End),
            Some('.') => Ok(Tree::Set(complement(&line_terminators()))),
            Some('[') => self.class().map(Tree::Set),
            Some('(') => self.group(depth),
            Some('\\') => self.escape(false).map(Tree::Set),
            Some(other @ ('*' | '+' | '?')) => Err(format!("a `{other}` with nothing before it")),
            Some(other) => Ok(Tree::Set(single(other))),
            None => Ok(Tree::Empty),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Tree, String> {
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next() {
                Some(':') => {}
                Some('<') if !matches!(self.rest.peek(), Some('=' | '!')) => {
                    self.rest.by_ref().find(|next| *next == '>');
                }
                Some('=' | '!' | '<') => return Err("looking ahead or behind".to_owned()),
                _ => return Err("this kind of group".to_owned()),
            }
        }
        let tree = self.alternatives(depth + 1)?;
        match self.rest.next() {
            Some(')') => Ok(tree),
            _ => Err("a `(` without its `)`".to_owned()),
        }
    }

    fn quantified(&mut self, atom: Tree) -> Result<Tree, String> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts() {
                Some(counts) => counts,
                None => return Ok(atom),
            },
            _ => return Ok(atom),
        };
        // The quantifier itself, or the closing brace of one.
        self.rest.next();
        if most.is_some_and(|most| most < least) {
            return Err("a quantifier whose bounds are out of order".to_owned());
        }
        // Whether a quantifier is greedy makes no difference to whether there is a match.
        self.rest.next_if_eq(&'?');
        if matches!(self.rest.peek(), Some('*' | '+' | '?')) {
            return Err("a quantifier behind a quantifier".to_owned());
        }
        Ok(Tree::Repeat(Box::new(atom), least, most))
    }

    /// The bounds of `{n}`, `{n,}` or `{n,m}`, up to the closing brace; none for a literal brace.
    fn counts(&mut self) -> Option<(u32, Option<u32>)> {
        let mut ahead = self.rest.clone();
        ahead.next();
        let mut text = String::new();
        loop {
            match ahead.next()? {
                '}' => break,
                other => text.push(other),
            }
        }
        let counts = match text.split_once(',') {
            None => text.parse().ok().map(|count| (count, Some(count))),
            Some((least, "")) => least.parse().ok().map(|least| (least, None)),
            Some((least, most)) => match (least.parse(), most.parse()) {
                (Ok(least), Ok(most)) => Some((least, Some(most))),
                _ => None,
            },
        }?;
        // Leaves the closing brace for the caller.
        for _ in 0..=text.chars().count() {
            self.rest.next();
        }
        Some(counts)
    }

    fn class(&mut self) -> Result<Set, String> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let mut set = Set::new();
        loop {
            let first = match self.rest.next() {
                None => return Err("a `[` without its `]`".to_owned()),
                Some(']') => break,
                Some('\\') => self.escape(true)?,
                Some(other) => single(other),
            };
            let mut ahead = self.rest.clone();
            let is_range =
                ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']');
            if !is_range {
                set.extend(first);
                continue;
            }
            self.rest.next();
            let last = match self.rest.next() {
                Some('\\') => self.escape(true)?,
                Some(other) => single(other),
                None => return Err("a `[` without its `]`".to_owned()),
            };
            match (first.as_slice(), last.as_slice()) {
                ([(low, same)], [(high, also)]) if low == same && high == also => {
                    if low > high {
                        return Err("a range whose ends are out of order".to_owned());
                    }
                    set.push((*low, *high));
                }
                _ => return Err("a range whose end is a class".to_owned()),
            }
        }
        Ok(if is_negated { complement(&set) } else { set })
    }

    fn escape(&mut self, is_in_class: bool) -> Result<Set, String> {
        let Some(escaped) = self.rest.next() else {
            return Err("a `\\` at the end".to_owned());
        };
        Ok(match escaped {
            'd' => digits(),
            'D' => complement(&digits()),
            'w' => words(),
            'W' => complement(&words()),
            's' => spaces(),
            'S' => complement(&spaces()),
            't' => single('\t'),
            'n' => single('\n'),
            'r' => single('\r'),
            'v' => single('\u{b}'),
            'f' => single('\u{c}'),
            'b' if is_in_class => single('\u{8}'),
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => single('\0'),
            'x' => self.code(2)?,
            'u' => self.unicode()?,
            'c' => match self.rest.next() {
                Some(letter) if letter.is_ascii_alphabetic() => {
                    let code = u32::from(letter) % 32;
                    vec![(code, code)]
                }
                _ => return Err("`\\c` without a letter".to_owned()),
            },
            'b' | 'B' => return Err("the word boundary `\\b`".to_owned()),
            'p' => self.property()?,
            'P' => complement(&self.property()?),
            'k' | '0'..='9' => return Err("a reference to a group".to_owned()),
            other if other.is_ascii_alphanumeric() => {
                return Err(format!("the escape `\\{other}`"));
            }
            other => single(other),
        })
    }

    /// `\p{Letter}` and the like, which ECMA-262 has under its flag `u`, as JSON Schema recommends.
    fn property(&mut self) -> Result<Set, String> {
        if self.rest.next_if_eq(&'{').is_none() {
            return Err("a Unicode property without its braces".to_owned());
        }
        let name: String = self.rest.by_ref().take_while(|next| *next != '}').collect();
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '='));
        let class = regex_syntax::parse(&format!(r"\p{{{name}}}")).map(Hir::into_kind);
        match class {
            Ok(HirKind::Class(Class::Unicode(class))) if is_name => {
                let range = |range: &ClassUnicodeRange| (range.start().into(), range.end().into());
                Ok(class.ranges().iter().map(range).collect())
            }
            _ => Err(format!("the Unicode property `{name}`")),
        }
    }

    fn hexadecimal(&mut self, count: usize) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..count {
            let digit = self.rest.next().and_then(|digit| digit.to_digit(16));
            code = code * 16 + digit.ok_or("an escape without its hexadecimal digits")?;
        }
        Ok(code)
    }

    fn code(&mut self, count: usize) -> Result<Set, String> {
        let code = self.hexadecimal(count)?;
        Ok(vec![(code, code)])
    }

    fn unicode(&mut self) -> Result<Set, String> {
        if self.rest.next_if_eq(&'{').is_some() {
            let mut code = 0_u32;
            loop {
                match self.rest.next() {
                    Some('}') => break,
                    Some(digit) => {
                        let digit = digit.to_digit(16).ok_or("`\\u{` without its digits")?;
                        code = code.saturating_mul(16).saturating_add(digit);
                    }
                    None => return Err("`\\u{` without its `}`".to_owned()),
                }
            }
            return if code <= LAST {
                Ok(vec![(code, code)])
            } else {
                Err("a code point beyond U+10FFFF".to_owned())
            };
        }
        let high = self.hexadecimal(4)?;
        let mut ahead = self.rest.clone();
        if (0xD800..0xDC00).contains(&high)
            && (ahead.next(), ahead.next()) == (Some('\\'), Some('u'))
        {
            self.rest = ahead;
            let low = self.hexadecimal(4)?;
            if !(0xDC00..0xE000).contains(&low) {
                return Err("a surrogate that stands alone".to_owned());
            }
            let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
            return Ok(vec![(code, code)]);
        }
        Ok(vec![(high, high)])
    }
}

fn single(character: char) -> Set {
    vec![(character.into(), character.into())]
}

fn digits() -> Set {
    vec![(0x30, 0x39)]
}

fn words() -> Set {
    vec![(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
}

/// `WhiteSpace` and `LineTerminator`.
fn spaces() -> Set {
    let mut set = vec![(0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680)];
    set.extend([(0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F)]);
    set.extend([(0x3000, 0x3000), (0xFEFF, 0xFEFF)]);
    set
}

fn line_terminators() -> Set {
    vec![(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]
}

fn complement(set: &Set) -> Set {
    let mut sorted = set.clone();
    sorted.sort_unstable();
    let mut result = Set::new();
    let mut next = 0;
    for (low, high) in sorted {
        if low > next {
            result.push((next, low - 1));
        }
        next = next.max(high + 1);
    }
    if next <= LAST {
        result.push((next, LAST));
    }
    result
}

fn contains(set: &Set, code: u32) -> bool {
    set.iter().any(|(low, high)| (*low..=*high).contains(&code))
}

/// A step of a nondeterministic automaton.
#[derive(Debug)]
enum Step {
    Match,
    Set(Set, usize),
    Split(Vec<usize>),
    Start(usize),
    End(usize),
}

#[derive(Debug, Default)]
struct Graph {
    steps: Vec<Step>,
}

impl Graph {
    fn add(&mut self, step: Step) -> Result<usize, String> {
        if self.steps.len() >= MOST_STEPS {
            return Err("so many repetitions".to_owned());
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    /// Adds steps for a tree that go on at `next`; returns the first.
    fn build(&mut self, tree: &Tree, next: usize) -> Result<usize, String> {
        match tree {
            Tree::Empty => Ok(next),
            Tree::Set(set) => self.add(Step::Set(set.clone(), next)),
            Tree::Start => self.add(Step::Start(next)),
            Tree::End => self.add(Step::End(next)),
            Tree::Sequence(items) => {
                items.iter().rev().try_fold(next, |next, item| self.build(item, next))
            }
            Tree::Choice(choices) => {
                let starts: Result<Vec<_>, _> =
                    choices.iter().map(|choice| self.build(choice, next)).collect();
                self.add(Step::Split(starts?))
            }
            Tree::Repeat(item, least, most) => {
                let mut first = next;
                match most {
                    None => {
                        let split = self.add(Step::Split(Vec::new()))?;
                        let body = self.build(item, split)?;
                        self.steps[split] = Step::Split(vec![body, next]);
                        first = split;
                    }
                    Some(most) => {
                        for _ in *least..*most {
                            let body = self.build(item, first)?;
                            first = self.add(Step::Split(vec![body, next]))?;
                        }
                    }
                }
                for _ in 0..*least {
                    first = self.build(item, first)?;
                }
                Ok(first)
            }
        }
    }

    /// All steps that are reached without reading; `Match` and `End` stay for the end of the text.
    fn closure(
        &self,
        from: impl IntoIterator<Item = usize>,
        at_start: bool,
        at_end: bool,
    ) -> BTreeSet<usize> {
        let mut open: Vec<usize> = from.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut states = BTreeSet::new();
        while let Some(index) = open.pop() {
            if !seen.insert(index) {
                continue;
            }
            match &self.steps[index] {
                Step::Match | Step::Set(..) => drop(states.insert(index)),
                Step::Split(next) => open.extend(next),
                Step::Start(next) if at_start => open.push(*next),
                Step::Start(_) => {}
                Step::End(next) => {
                    states.insert(index);
                    if at_end {
                        open.push(*next);
                    }
                }
            }
        }
        states
    }

    /// Where the characters begin that some set tells apart from those before them, and for each
    /// such range the number of the first one that is in the same sets.
    fn alphabet(&self) -> (BTreeSet<u32>, Vec<usize>) {
        let sets: BTreeSet<&Set> = self
            .steps
            .iter()
            .filter_map(|step| if let Step::Set(set, _) = step { Some(set) } else { None })
            .collect();
        let bounds: BTreeSet<u32> = sets
            .iter()
            .flat_map(|set| set.iter().flat_map(|(low, high)| [*low, high + 1]))
            .chain([0])
            .filter(|bound| *bound <= LAST)
            .collect();
        let mut kinds = BTreeMap::new();
        let kind = |(index, bound): (usize, &u32)| {
            let membership: Vec<bool> = sets.iter().map(|set| contains(set, *bound)).collect();
            *kinds.entry(membership).or_insert(index)
        };
        let kinds = bounds.iter().enumerate().map(kind).collect();
        (bounds, kinds)
    }

    fn matches(&self, states: &BTreeSet<usize>) -> bool {
        states.iter().any(|index| matches!(self.steps[*index], Step::Match))
    }
}

/// The subset construction. A match may begin anywhere, so each state contains the first one.
fn determine(graph: &Graph, start: usize) -> Result<Automaton, String> {
    let (bounds, kinds) = graph.alphabet();
    let restart = graph.closure([start], false, false);
    let first = graph.closure([start], true, false);
    let mut numbers = BTreeMap::from([(BTreeSet::new(), 0_u16)]);
    let mut order: Vec<BTreeSet<usize>> = vec![BTreeSet::new(), BTreeSet::new()];
    // One column for each bound first; equal columns become one class below.
    let mut rows: Vec<Vec<u16>> = vec![vec![0; bounds.len()], vec![1; bounds.len()]];
    let number = |states: BTreeSet<usize>,
                  order: &mut Vec<BTreeSet<usize>>,
                  numbers: &mut BTreeMap<BTreeSet<usize>, u16>| {
        if graph.matches(&states) {
            return Ok(1);
        }
        if let Some(number) = numbers.get(&states) {
            return Ok(*number);
        }
        if order.len() >= MOST_STATES {
            return Err("so many repetitions".to_owned());
        }
        let number = u16::try_from(order.len()).map_err(|_| "so many repetitions".to_owned())?;
        order.push(states.clone());
        numbers.insert(states, number);
        Ok(number)
    };
    let accepts_empty =
        graph.matches(&graph.closure([start], true, true)) && !graph.matches(&first);
    // The first state is never entered again: `^` holds only there.
    let start_number = if graph.matches(&first) {
        1
    } else {
        order.push(first);
        2
    };
    while rows.len() < order.len() {
        let states = order[rows.len()].clone();
        let mut cells: Vec<Option<u16>> = vec![None; bounds.len()];
        let mut row = Vec::with_capacity(bounds.len());
        for (bound, kind) in bounds.iter().zip(&kinds) {
            if let Some(known) = cells[*kind] {
                row.push(known);
                continue;
            }
            let reached = states.iter().filter_map(|index| match &graph.steps[*index] {
                Step::Set(set, next) if contains(set, *bound) => Some(*next),
                _ => None,
            });
            let mut next = graph.closure(reached, false, false);
            next.extend(&restart);
            let next = number(next, &mut order, &mut numbers)?;
            cells[*kind] = Some(next);
            row.push(next);
        }
        rows.push(row);
    }
    let mut accepting = Vec::new();
    for (index, states) in order.iter().enumerate().skip(2) {
        let is_start = index == usize::from(start_number);
        let accepts = if is_start {
            accepts_empty
        } else {
            graph.matches(&graph.closure(states.iter().copied(), false, true))
        };
        if accepts {
            accepting.extend(u16::try_from(index));
        }
    }
    classify(&bounds, &rows, start_number, accepting)
}

/// Joins ranges that no state tells apart.
fn classify(
    bounds: &BTreeSet<u32>,
    rows: &[Vec<u16>],
    start: u16,
    accepting: Vec<u16>,
) -> Result<Automaton, String> {
    let mut columns = Vec::<Vec<u16>>::new();
    let mut ranges = Vec::<(char, u8)>::new();
    for (index, bound) in bounds.iter().enumerate() {
        let column: Vec<u16> = rows.iter().map(|row| row[index]).collect();
        let class = columns.iter().position(|known| *known == column).unwrap_or_else(|| {
            columns.push(column);
            columns.len() - 1
        });
        let class = u8::try_from(class).map_err(|_| "so many different characters".to_owned())?;
        // No text holds a surrogate.
        let first = char::from_u32(*bound).unwrap_or('\u{E000}');
        match ranges.last_mut() {
            Some(last) if last.0 == first => last.1 = class,
            Some((_, last)) if *last == class => {}
            None if class == 0 => {}
            _ => ranges.push((first, class)),
        }
    }
    let next =
        (0..rows.len()).map(|state| columns.iter().map(|column| column[state]).collect()).collect();
    Ok(Automaton { ranges, next, start, accepting, ascii_form: None })
}

#[cfg(test)]
mod tests {
    use super::{Automaton, compile};

    fn matches(automaton: &Automaton, text: &str) -> bool {
        let mut state = automaton.start;
        for character in text.chars() {
            let after = automaton.ranges.partition_point(|(first, _)| *first <= character);
            let class = after.checked_sub(1).map_or(0, |index| automaton.ranges[index].1);
            state = automaton.next[usize::from(state)][usize::from(class)];
        }
        state == 1 || automaton.accepting.contains(&state)
    }

    #[test]
    fn patterns_match_what_ecma_262_says() {
        let table: [(&str, &[&str], &[&str]); 22] = [
            ("^[A-Z]{3}$", &["USD"], &["usd", "US", "USDX", "", "USD\n"]),
            ("^[uU][0-9]+$", &["U1", "u123"], &["U", "1U", "U1x"]),
            ("a", &["a", "xa", "ax"], &["", "b"]),
            ("a|b$", &["a", "ab", "xb", "ax"], &["bx", ""]),
            ("^$", &[""], &["a"]),
            ("", &["", "a"], &[]),
            ("^a*$", &["", "a", "aaa"], &["b", "ab"]),
            ("^(ab|cd)?e$", &["e", "abe", "cde"], &["ae", "abcde"]),
            (r"^\d{2,}$", &["12", "123"], &["1", "a12", "١٢"]),
            (r"^\w+\s\S$", &["ab c", "a\u{a0}é"], &["ab", "é c"]),
            ("^[^a-c]$", &["d", "é", "😀"], &["a", "", "dd"]),
            ("^.$", &["a", "😀"], &["\n", "\u{2028}", "ab"]),
            (r"^\u{1F600}$", &["😀"], &["a"]),
            (r"^\uD83D\uDE00$", &["😀"], &["a"]),
            (r"^[\w.-]+$", &["a.b-c"], &["a b"]),
            ("^a{0}b$", &["b"], &["ab"]),
            ("^a{2}b{1,2}$", &["aab", "aabb"], &["ab", "aabbb"]),
            ("x*", &["", "y"], &[]),
            (r"^\p{Script=Greek}\P{Lu}$", &["αβ", "Αβ"], &["αΒ", "ab"]),
            (r"^[\p{L}\p{Nd}_]{1,1000}$", &["é٣_"], &["", "a b", "€"]),
            ("^(a|ab)(c|bcd)$", &["ac", "abc", "abcd", "abbcd"], &["ab", "abcdx"]),
            (r"^a{,2}$", &["a{,2}"], &["a", "aa"]),
        ];
        for (pattern, good, bad) in table {
            let automaton = compile(pattern).unwrap();
            for text in good {
                assert!(matches(&automaton, text), "{pattern} must match {text:?}");
            }
            for text in bad {
                assert!(!matches(&automaton, text), "{pattern} must not match {text:?}");
            }
        }
    }

    #[test]
    fn what_is_not_supported_is_named() {
        let table = [
            ("(?=a)", "looking ahead or behind"),
            (r"\bword", "the word boundary `\\b`"),
            (r"(a)\1", "a reference to a group"),
            (r"\p{Lettre}", "the Unicode property `Lettre`"),
            (r"\p{^L}", "the Unicode property `^L`"),
            (r"\pL", "a Unicode property without its braces"),
            ("(a", "a `(` without its `)`"),
            ("a)", "a `)` without its `(`"),
            ("[a", "a `[` without its `]`"),
            ("*", "a `*` with nothing before it"),
            ("a{3,2}", "a quantifier whose bounds are out of order"),
            ("[b-a]", "a range whose ends are out of order"),
            ("(a{1000}){1000}", "so many repetitions"),
        ];
        for (pattern, expected) in table {
            assert_eq!(compile(pattern).unwrap_err(), expected, "{pattern}");
        }
    }
}
