//! From a nondeterministic to a deterministic automaton (subset construction), made small.

use std::collections::{BTreeMap, BTreeSet};

use super::nfa::{Condition, Nfa, State};
use super::set::{LAST, Set, contains, words};
use super::{PatternError, unsupported};

/// More states than this are refused: they would bloat the generated code.
const MOST_STATES: usize = 4_000;

/// More steps than this are refused: they take seconds. A match of 1,600 characters that may begin
/// anywhere is followed from as many places at once.
const MOST_STEPS: usize = 2_000_000;

/// An automaton in the form that the runtime reads.
#[derive(Debug, PartialEq, Eq)]
pub struct Automaton {
    /// The first character and the class of each range, ascending.
    pub ranges: Vec<(char, u8)>,
    /// The next state, by state and class. State 0 has failed for good, state 1 has matched.
    pub next: Vec<Vec<u16>>,
    /// The state before the first character.
    pub start: u16,
    /// The states in which the text may end, ascending.
    pub accepting: Vec<u16>,
}

/// What came before the next character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Previous {
    Start,
    Word,
    Other,
}

impl Previous {
    const ALL: [Self; 3] = [Self::Start, Self::Word, Self::Other];
}

/// An automaton over ranges of code points. State 0 has failed for good, state 1 has matched.
#[derive(Debug)]
pub(super) struct Dfa {
    /// Where the ranges begin; the first one at 0.
    bounds: Vec<u32>,
    /// The next state, by state and range.
    next: Vec<Vec<u16>>,
    /// The first state, by what came before.
    starts: [u16; 3],
    /// Whether a text may end, by state.
    accepting: Vec<bool>,
}

const FAILED: u16 = 0;
const MATCHED: u16 = 1;
/// The number of the states above.
const RESERVED: usize = 2;

impl Dfa {
    fn start(&self, previous: Previous) -> u16 {
        self.starts[previous as usize]
    }

    fn step(&self, state: u16, code: u32) -> u16 {
        let range = self.bounds.partition_point(|bound| *bound <= code) - 1;
        self.next[usize::from(state)][range]
    }

    fn accepts(&self, state: u16) -> bool {
        self.accepting[usize::from(state)]
    }
}

/// What has to be seen to yet, ahead: an automaton and its state.
type Obligation = (usize, u16);

/// A state of the nondeterministic automaton, with what must still come true ahead.
type Thread = (usize, BTreeSet<Obligation>);

/// A state of the deterministic automaton.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Subset {
    threads: BTreeSet<Thread>,
    previous: Previous,
    /// The states of the automata that look behind.
    behind: Vec<u16>,
}

/// The subset construction. If the match may begin anywhere, each state contains the first one.
pub(super) fn determinise(nfa: &Nfa, is_anywhere: bool) -> Result<Dfa, PatternError> {
    let (bounds, representatives) = alphabet(nfa);
    let mut builder =
        Builder { nfa, is_anywhere, numbers: BTreeMap::new(), subsets: Vec::new(), steps: 0 };
    let mut starts = [FAILED; 3];
    for previous in Previous::ALL {
        // Only what looks ahead begins behind the start of the text.
        if previous == Previous::Start || !is_anywhere {
            starts[previous as usize] = builder.number(builder.first(previous))?;
        }
    }
    let mut next: Vec<Vec<u16>> = vec![vec![FAILED; bounds.len()], vec![MATCHED; bounds.len()]];
    let mut accepting = vec![false, true];
    while let Some(subset) = builder.subsets.get(next.len() - RESERVED).cloned() {
        let mut row: Vec<Option<u16>> = vec![None; bounds.len()];
        for (index, code) in bounds.iter().enumerate() {
            let same = representatives[index];
            row[index] = match row[same] {
                Some(known) => Some(known),
                None => Some(builder.step(&subset, *code)?),
            };
        }
        next.push(row.into_iter().flatten().collect());
        accepting.push(builder.accepts(&subset));
    }
    Ok(Dfa { bounds, next, starts, accepting })
}

struct Builder<'n> {
    nfa: &'n Nfa,
    is_anywhere: bool,
    numbers: BTreeMap<Subset, u16>,
    /// Each state behind the first two.
    subsets: Vec<Subset>,
    /// How many threads were followed over a character so far.
    steps: usize,
}

impl Builder<'_> {
    fn first(&self, previous: Previous) -> Subset {
        Subset {
            threads: BTreeSet::from([(self.nfa.start, BTreeSet::new())]),
            previous,
            behind: self.behind(|dfa, _| dfa.start(Previous::Start)),
        }
    }

    fn behind(&self, state: impl Fn(&Dfa, usize) -> u16) -> Vec<u16> {
        let looks = self.nfa.looks.iter().filter(|look| look.is_behind);
        looks.enumerate().map(|(index, look)| state(&look.dfa, index)).collect()
    }

    fn number(&mut self, subset: Subset) -> Result<u16, PatternError> {
        if subset.threads.is_empty() && !self.is_anywhere {
            return Ok(FAILED);
        }
        if let Some(number) = self.numbers.get(&subset) {
            return Ok(*number);
        }
        if self.subsets.len() >= MOST_STATES {
            return Err(unsupported("so many repetitions"));
        }
        let number = u16::try_from(self.subsets.len() + RESERVED)
            .map_err(|_| unsupported("so many repetitions"))?;
        self.subsets.push(subset.clone());
        self.numbers.insert(subset, number);
        Ok(number)
    }

    /// The state after a character.
    fn step(&mut self, subset: &Subset, code: u32) -> Result<u16, PatternError> {
        let mut threads = BTreeSet::new();
        let reached = self.closure(subset, Some(code));
        self.steps += reached.len();
        if self.steps > MOST_STEPS {
            return Err(unsupported("so many repetitions"));
        }
        for (index, obligations) in reached {
            let next = match &self.nfa.states[index] {
                State::Match if obligations.is_empty() => return Ok(MATCHED),
                State::Match => index,
                State::Set(set, next) if contains(set, code) => *next,
                _ => continue,
            };
            if let Some(obligations) = self.advance(&obligations, code) {
                threads.insert((next, obligations));
            }
        }
        if self.is_anywhere {
            threads.insert((self.nfa.start, BTreeSet::new()));
        }
        let is_word = self.nfa.needs_previous && contains(&words(), code);
        let previous = if is_word { Previous::Word } else { Previous::Other };
        let behind = self.behind(|dfa, index| dfa.step(subset.behind[index], code));
        let subset = Subset { threads, previous, behind };
        // A match that needs no further character is one at once.
        let is_match = |(index, obligations): &Thread| {
            matches!(self.nfa.states[*index], State::Match) && obligations.is_empty()
        };
        if subset.threads.iter().any(is_match) {
            return Ok(MATCHED);
        }
        self.number(subset)
    }

    /// Whether the text may end here.
    fn accepts(&self, subset: &Subset) -> bool {
        self.closure(subset, None).iter().any(|(index, obligations)| {
            matches!(self.nfa.states[*index], State::Match)
                && obligations.iter().all(|(look, state)| {
                    let (dfa, is_negated) = self.look(*look);
                    dfa.accepts(*state) != is_negated
                })
        })
    }

    /// What is to be seen to ahead: obligations have an even number, or an odd one if negated.
    fn look(&self, obligation: usize) -> (&Dfa, bool) {
        (&self.nfa.looks[obligation / 2].dfa, obligation % 2 == 1)
    }

    /// What is left of obligations after a character; none if one of them failed.
    fn advance(
        &self,
        obligations: &BTreeSet<Obligation>,
        code: u32,
    ) -> Option<BTreeSet<Obligation>> {
        let mut left = BTreeSet::new();
        for (look, state) in obligations {
            let state = self.look(*look).0.step(*state, code);
            self.oblige(&mut left, *look, state)?;
        }
        Some(left)
    }

    /// Adds an obligation, unless it is decided.
    fn oblige(&self, to: &mut BTreeSet<Obligation>, look: usize, state: u16) -> Option<()> {
        let (_, is_negated) = self.look(look);
        match (state, is_negated) {
            (FAILED, false) | (MATCHED, true) => return None,
            (FAILED, true) | (MATCHED, false) => {}
            _ => drop(to.insert((look, state))),
        }
        Some(())
    }

    /// All threads that are reached without reading, where `next` is the next character.
    fn closure(&self, subset: &Subset, next: Option<u32>) -> BTreeSet<Thread> {
        let mut open: Vec<Thread> = subset.threads.iter().cloned().collect();
        let mut seen = BTreeSet::new();
        let mut reached = BTreeSet::new();
        while let Some((index, obligations)) = open.pop() {
            if !seen.insert((index, obligations.clone())) {
                continue;
            }
            match &self.nfa.states[index] {
                State::Match | State::Set(..) => drop(reached.insert((index, obligations))),
                State::Split(targets) => {
                    open.extend(targets.iter().map(|target| (*target, obligations.clone())));
                }
                State::Assert(condition, target) => {
                    let obligations = self.check(*condition, subset, next, obligations);
                    open.extend(obligations.map(|obligations| (*target, obligations)));
                }
            }
        }
        reached
    }

    /// Whether a condition holds, and with what obligations.
    fn check(
        &self,
        condition: Condition,
        subset: &Subset,
        next: Option<u32>,
        mut obligations: BTreeSet<Obligation>,
    ) -> Option<BTreeSet<Obligation>> {
        let holds = match condition {
            Condition::Start => subset.previous == Previous::Start,
            Condition::End => next.is_none(),
            Condition::WordBoundary { negated } => {
                let is_word = next.is_some_and(|code| contains(&words(), code));
                ((subset.previous == Previous::Word) != is_word) != negated
            }
            Condition::Behind { look, negated } => {
                let looks = self.nfa.looks.iter().take(look).filter(|look| look.is_behind);
                let state = subset.behind[looks.count()];
                self.nfa.looks[look].dfa.accepts(state) != negated
            }
            Condition::Ahead { look, negated } => {
                let state = self.nfa.looks[look].dfa.start(subset.previous);
                self.oblige(&mut obligations, 2 * look + usize::from(negated), state)?;
                true
            }
        };
        holds.then_some(obligations)
    }
}

/// Where the characters begin that something tells apart from those before them, and for each such
/// range the first one that nothing tells apart from it.
fn alphabet(nfa: &Nfa) -> (Vec<u32>, Vec<usize>) {
    let mut sets: BTreeSet<Set> = nfa
        .states
        .iter()
        .filter_map(|state| if let State::Set(set, _) = state { Some(set.clone()) } else { None })
        .collect();
    if nfa.needs_previous {
        sets.insert(words());
    }
    let dfas: Vec<&Dfa> = nfa.looks.iter().map(|look| &look.dfa).collect();
    let bounds: BTreeSet<u32> = sets
        .iter()
        .flat_map(|set| set.iter().flat_map(|(low, high)| [*low, high + 1]))
        .chain(dfas.iter().flat_map(|dfa| dfa.bounds.iter().copied()))
        .chain([0])
        .filter(|bound| *bound <= LAST)
        .collect();
    let mut kinds = BTreeMap::new();
    let kind = |(index, bound): (usize, &u32)| {
        let membership: Vec<bool> = sets.iter().map(|set| contains(set, *bound)).collect();
        let ranges: Vec<usize> =
            dfas.iter().map(|dfa| dfa.bounds.partition_point(|known| known <= bound)).collect();
        *kinds.entry((membership, ranges)).or_insert(index)
    };
    let representatives = bounds.iter().enumerate().map(kind).collect();
    (bounds.into_iter().collect(), representatives)
}

impl Dfa {
    /// Joins states that no text tells apart (Hopcroft's algorithm: long chains of states, which
    /// counts make, take no longer than other automata of their size).
    pub(super) fn minimise(self) -> Self {
        let columns = distinct_columns(&self.next);
        // The states that lead to a state, by column.
        let mut sources = vec![vec![Vec::new(); self.next.len()]; columns.len()];
        for (state, row) in self.next.iter().enumerate() {
            for (sources, column) in sources.iter_mut().zip(&columns) {
                sources[usize::from(row[*column])].push(state);
            }
        }
        let mut groups: Vec<usize> =
            self.accepting.iter().map(|is_accepting| usize::from(*is_accepting)).collect();
        let mut members = vec![Vec::new(); 2];
        for (state, group) in groups.iter().enumerate() {
            members[*group].push(state);
        }
        let all = |group: usize| (0..columns.len()).map(move |column| (group, column));
        let mut open: BTreeSet<(usize, usize)> = all(0).chain(all(1)).collect();
        while let Some((group, column)) = open.pop_first() {
            let mut leading: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for state in members[group].iter().flat_map(|state| &sources[column][*state]) {
                leading.entry(groups[*state]).or_default().push(*state);
            }
            for (split, part) in leading {
                if part.len() == members[split].len() {
                    continue;
                }
                let new = members.len();
                for state in &part {
                    groups[*state] = new;
                }
                members[split].retain(|state| groups[*state] == split);
                let smaller = if part.len() <= members[split].len() { new } else { split };
                members.push(part);
                for (_, column) in all(new) {
                    let is_open = open.contains(&(split, column));
                    open.insert((if is_open { new } else { smaller }, column));
                }
            }
        }
        // In the order of their first states, so that states 0 and 1 keep their numbers.
        let mut numbers = BTreeMap::new();
        for group in &mut groups {
            let number = numbers.len();
            *group = *numbers.entry(*group).or_insert(number);
        }
        let count = numbers.len();
        let group = |state: u16| u16::try_from(groups[usize::from(state)]).unwrap_or(FAILED);
        let mut next = vec![Vec::new(); count];
        let mut accepting = vec![false; count];
        for (state, row) in self.next.iter().enumerate() {
            next[groups[state]] = row.iter().map(|target| group(*target)).collect();
            accepting[groups[state]] = self.accepting[state];
        }
        Self { bounds: self.bounds, next, starts: self.starts.map(group), accepting }
    }

    /// Joins ranges that no state tells apart.
    pub(super) fn automaton(&self) -> Result<Automaton, PatternError> {
        let mut columns = Vec::<Vec<u16>>::new();
        let mut ranges = Vec::<(char, u8)>::new();
        for (index, bound) in self.bounds.iter().enumerate() {
            let column: Vec<u16> = self.next.iter().map(|row| row[index]).collect();
            let class = columns.iter().position(|known| *known == column).unwrap_or_else(|| {
                columns.push(column);
                columns.len() - 1
            });
            let class =
                u8::try_from(class).map_err(|_| unsupported("so many different characters"))?;
            // No text holds a surrogate.
            let first = char::from_u32(*bound).unwrap_or('\u{E000}');
            match ranges.last_mut() {
                Some(last) if last.0 == first => last.1 = class,
                Some((_, last)) if *last == class => {}
                None if class == 0 => {}
                _ => ranges.push((first, class)),
            }
        }
        let next = (0..self.next.len())
            .map(|state| columns.iter().map(|column| column[state]).collect())
            .collect();
        let accepting = self.accepting.iter().enumerate().filter(|(_, accepts)| **accepts);
        let accepting = accepting.filter_map(|(state, _)| u16::try_from(state).ok()).collect();
        Ok(Automaton { ranges, next, start: self.start(Previous::Start), accepting })
    }
}

/// One of each kind of column.
fn distinct_columns(rows: &[Vec<u16>]) -> Vec<usize> {
    let width = rows.first().map_or(0, Vec::len);
    let mut known = BTreeSet::new();
    (0..width)
        .filter(|index| known.insert(rows.iter().map(|row| row[*index]).collect::<Vec<_>>()))
        .collect()
}
