//! Regular expressions of ECMA-262, compiled to deterministic automata over code points.
//!
//! An expression is read as one with the flag `u`, as JSON Schema recommends; where that is no
//! syntax, as one without flags (ECMA-262, annex B.1.2). What no automaton can tell, references to
//! groups, is not supported.

mod ascii;
mod ast;
mod dfa;
mod nfa;
mod parser;
mod property;
mod set;

use std::fmt;

pub use ascii::AsciiForm;
pub use dfa::Automaton;

/// Why a pattern cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// It is no regular expression.
    Syntax(String),
    /// It is one, but no automaton of a sensible size does the same.
    Unsupported(String),
}

impl fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Syntax(problem) | Self::Unsupported(problem)) = self;
        formatter.write_str(problem)
    }
}

fn syntax(problem: impl Into<String>) -> PatternError {
    PatternError::Syntax(problem.into())
}

fn unsupported(problem: impl Into<String>) -> PatternError {
    PatternError::Unsupported(problem.into())
}

/// Compiles a pattern, and says which texts in ASCII it matches if that is simple.
///
/// # Errors
///
/// It is no regular expression, or one that no automaton of a sensible size replaces.
pub fn compile(pattern: &str) -> Result<(Automaton, Option<AsciiForm>), PatternError> {
    let ast = match parser::parse(pattern, parser::Mode::Unicode) {
        Err(PatternError::Syntax(_)) => parser::parse(pattern, parser::Mode::AnnexB)?,
        other => other?,
    };
    let nfa = nfa::Nfa::new(&ast)?;
    let dfa = dfa::determinise(&nfa, true)?.minimise();
    Ok((dfa.automaton()?, ascii::form(&ast)))
}

#[cfg(test)]
mod tests;
