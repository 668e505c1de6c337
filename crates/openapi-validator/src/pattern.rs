//! Regular expressions, compiled to tables when the code is generated.

use crate::text::{Decoded, Form, Text};

/// A regular expression (ECMA-262) as a deterministic automaton over code points.
#[derive(Debug)]
pub struct Pattern {
    /// The expression as the document has it.
    pub source: &'static str,
    /// The first character and the class of each range of characters, ascending; what comes before
    /// the first range is in class 0.
    pub ranges: &'static [(char, u8)],
    /// The next state, by state and class. State 0 has failed for good, state 1 has matched.
    pub next: &'static [&'static [u16]],
    /// The state before the first character.
    pub start: u16,
    /// The states in which the text may end, ascending.
    pub accepting: &'static [u16],
}

impl Pattern {
    /// Whether a text in ASCII matches.
    #[inline]
    pub(crate) fn accepts(&self, text: &[u8]) -> bool {
        self.run(text.iter().copied())
    }

    pub(crate) fn matches(&self, text: &Text<'_>) -> bool {
        match text.form {
            Form::Ascii | Form::Unicode => self.run(text.raw.iter().copied()),
            Form::Escaped | Form::Broken => self.run(Decoded::new(text.raw)),
        }
    }

    /// Runs over UTF-8.
    #[inline(never)]
    fn run(&self, mut bytes: impl Iterator<Item = u8>) -> bool {
        let mut state = self.start;
        while let Some(byte) = bytes.next() {
            let code = if byte < 0x80 { u32::from(byte) } else { code_point(byte, &mut bytes) };
            let row = self.next.get(usize::from(state)).copied().unwrap_or_default();
            state = row.get(usize::from(self.class(code))).copied().unwrap_or(0);
            if state < 2 {
                return state == 1;
            }
        }
        self.accepting.binary_search(&state).is_ok()
    }

    fn class(&self, code: u32) -> u8 {
        // There are few ranges, a binary search would not be faster.
        let range = self.ranges.iter().rev().find(|(first, _)| u32::from(*first) <= code);
        range.map_or(0, |(_, class)| *class)
    }
}

fn code_point(first: u8, bytes: &mut impl Iterator<Item = u8>) -> u32 {
    let (value, more) = match first {
        0xF0.. => (first & 0x07, 3),
        0xE0.. => (first & 0x0F, 2),
        _ => (first & 0x1F, 1),
    };
    (0..more).fold(u32::from(value), |code, _| {
        code << 6 | u32::from(bytes.next().unwrap_or_default() & 0x3F)
    })
}
