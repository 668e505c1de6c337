//! Patterns that are so simple that a slice pattern of Rust does the same for texts in ASCII.

use super::ast::{Assertion, Ast};
use super::set::{Set, contains};

/// A text as one set of characters after the other, each as the first and last character of its
/// ranges.
#[derive(Debug, PartialEq, Eq)]
pub struct AsciiForm {
    /// What stands at each place.
    pub fixed: Vec<Vec<(u8, u8)>>,
    /// What may follow, any number of times; nothing if there is none.
    pub rest: Option<Vec<(u8, u8)>>,
}

/// How the texts in ASCII look that a pattern from `^` to `$` without alternatives matches; only the
/// last set may be repeated without limit.
pub(super) fn form(ast: &Ast) -> Option<AsciiForm> {
    const LONGEST: usize = 16;
    let Ast::Concatenation(items) = ast else { return None };
    let [Ast::Assertion(Assertion::Start), items @ .., Ast::Assertion(Assertion::End)] =
        items.as_slice()
    else {
        return None;
    };
    let mut form = AsciiForm { fixed: Vec::new(), rest: None };
    for item in items {
        let (set, least, most) = match item {
            Ast::Set(set) => (set, 1, Some(1)),
            Ast::Repetition(repeated, least, most) => match repeated.as_ref() {
                Ast::Set(set) => (set, *least, *most),
                _ => return None,
            },
            _ => return None,
        };
        let set = ranges(set);
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
fn ranges(set: &Set) -> Vec<(u8, u8)> {
    let mut ranges = Vec::<(u8, u8)>::new();
    for byte in (0..0x80).filter(|byte| contains(set, u32::from(*byte))) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == byte => *last = byte,
            _ => ranges.push((byte, byte)),
        }
    }
    ranges
}
