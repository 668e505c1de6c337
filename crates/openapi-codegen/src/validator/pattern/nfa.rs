//! From a syntax tree to a nondeterministic automaton (Thompson's construction).

use super::ast::{Assertion, Ast};
use super::dfa::{Dfa, determinise};
use super::set::Set;
use super::{PatternError, unsupported};

/// More states than this are refused: they would bloat the generated code.
const MOST_STATES: usize = 20_000;

#[derive(Debug)]
pub(super) enum State {
    Match,
    Set(Set, usize),
    Split(Vec<usize>),
    Assert(Condition, usize),
}

/// What must hold where no character is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Start,
    End,
    WordBoundary {
        negated: bool,
    },
    /// What follows matches [`Nfa::looks`] at this index.
    Ahead {
        look: usize,
        negated: bool,
    },
    /// What comes before ends in a match of [`Nfa::looks`] at this index.
    Behind {
        look: usize,
        negated: bool,
    },
}

#[derive(Debug, Default)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) start: usize,
    /// What some condition looks ahead or behind for.
    pub(super) looks: Vec<Look>,
    /// Whether it makes a difference what character came before.
    pub(super) needs_previous: bool,
    /// Whether the text may go on behind the end of this automaton: it looks behind.
    is_inside: bool,
}

#[derive(Debug)]
pub(super) struct Look {
    pub(super) dfa: Dfa,
    pub(super) is_behind: bool,
}

impl Nfa {
    pub(super) fn new(ast: &Ast) -> Result<Self, PatternError> {
        let mut nfa = Self::default();
        nfa.compile(ast)?;
        Ok(nfa)
    }

    fn compile(&mut self, ast: &Ast) -> Result<(), PatternError> {
        let end = self.add(State::Match)?;
        self.start = self.build(ast, end)?;
        Ok(())
    }

    fn add(&mut self, state: State) -> Result<usize, PatternError> {
        if self.states.len() >= MOST_STATES {
            return Err(unsupported("so many repetitions"));
        }
        self.states.push(state);
        Ok(self.states.len() - 1)
    }

    /// Adds states for a tree that go on at `next`; returns the first.
    fn build(&mut self, ast: &Ast, next: usize) -> Result<usize, PatternError> {
        match ast {
            Ast::Empty => Ok(next),
            Ast::Set(set) => self.add(State::Set(set.clone(), next)),
            Ast::Assertion(assertion) => {
                let condition = self.condition(assertion)?;
                self.add(State::Assert(condition, next))
            }
            Ast::Concatenation(items) => {
                items.iter().rev().try_fold(next, |next, item| self.build(item, next))
            }
            Ast::Alternation(branches) => {
                let starts: Result<Vec<_>, _> =
                    branches.iter().map(|branch| self.build(branch, next)).collect();
                self.add(State::Split(starts?))
            }
            Ast::Repetition(item, least, most) => {
                let mut first = next;
                match most {
                    None => {
                        let split = self.add(State::Split(Vec::new()))?;
                        let body = self.build(item, split)?;
                        self.states[split] = State::Split(vec![body, next]);
                        first = split;
                    }
                    Some(most) => {
                        for _ in *least..*most {
                            let body = self.build(item, first)?;
                            first = self.add(State::Split(vec![body, next]))?;
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

    fn condition(&mut self, assertion: &Assertion) -> Result<Condition, PatternError> {
        Ok(match assertion {
            Assertion::Start => Condition::Start,
            Assertion::End if self.is_inside => {
                return Err(unsupported("a `$` to look behind for"));
            }
            Assertion::End => Condition::End,
            Assertion::WordBoundary { negated } => {
                if self.is_inside {
                    return Err(unsupported("a word boundary to look behind for"));
                }
                self.needs_previous = true;
                Condition::WordBoundary { negated: *negated }
            }
            Assertion::Ahead { ast, negated } => {
                if self.is_inside {
                    return Err(unsupported("looking ahead while looking behind"));
                }
                let nfa = Self::new(ast)?;
                if nfa.looks.iter().any(|look| look.is_behind) {
                    return Err(unsupported("looking behind while looking ahead"));
                }
                self.needs_previous |= nfa.needs_previous;
                let dfa = determinise(&nfa, false)?.minimise();
                self.looks.push(Look { dfa, is_behind: false });
                Condition::Ahead { look: self.looks.len() - 1, negated: *negated }
            }
            Assertion::Behind { ast, negated } => {
                let mut nfa = Self { is_inside: true, ..Self::default() };
                nfa.compile(ast)?;
                // A match must end where it is looked for.
                let end = nfa.add(State::Match)?;
                nfa.states[0] = State::Assert(Condition::End, end);
                let dfa = determinise(&nfa, true)?.minimise();
                self.looks.push(Look { dfa, is_behind: true });
                Condition::Behind { look: self.looks.len() - 1, negated: *negated }
            }
        })
    }
}
