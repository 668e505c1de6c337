//! The syntax tree of a regular expression, without what makes no difference to whether it matches.

use super::set::Set;

#[derive(Clone, Debug)]
pub(super) enum Ast {
    Empty,
    Set(Set),
    Assertion(Assertion),
    Concatenation(Vec<Ast>),
    Alternation(Vec<Ast>),
    /// At least so often, and at most so often.
    Repetition(Box<Ast>, u32, Option<u32>),
}

/// What must hold between two characters.
#[derive(Clone, Debug)]
pub(super) enum Assertion {
    /// `^`
    Start,
    /// `$`
    End,
    /// `\b`, or `\B`.
    WordBoundary { negated: bool },
    /// `(?=…)`, or `(?!…)`.
    Ahead { ast: Box<Ast>, negated: bool },
    /// `(?<=…)`, or `(?<!…)`.
    Behind { ast: Box<Ast>, negated: bool },
}
