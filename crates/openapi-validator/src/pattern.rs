//! Regular expressions, compiled to tables when the code is generated.

use crate::text::{Decoded, Form, Text};

/// A regular expression (ECMA-262) as a deterministic automaton over code points.
#[derive(Debug)]
pub struct Pattern {
    /// The expression as the document has it.
    pub source: &'static str,
    /// The class of each ASCII character.
    pub ascii: &'static [u8; 128],
    /// The first code point and the class of each further range, ascending.
    pub ranges: &'static [(u32, u8)],
    /// How many classes there are.
    pub classes: usize,
    /// The next state by state and class. State 0 has failed for good; 1 has matched for good.
    pub next: &'static [u16],
    /// The state before the first character.
    pub start: u16,
    /// The states in which the text may end, ascending.
    pub accepting: &'static [u16],
}

impl Pattern {
    pub(crate) fn matches(&self, text: &Text<'_>) -> bool {
        match text.form {
            Form::Ascii | Form::Unicode => self.run(text.raw.iter().copied()),
            Form::Escaped | Form::Broken => self.run(Decoded::new(text.raw)),
        }
    }

    /// Runs over UTF-8.
    fn run(&self, mut bytes: impl Iterator<Item = u8>) -> bool {
        let mut state = self.start;
        while let Some(byte) = bytes.next() {
            let class = match self.ascii.get(usize::from(byte)) {
                Some(class) => *class,
                None => self.class(code_point(byte, &mut bytes)),
            };
            let cell = usize::from(state) * self.classes + usize::from(class);
            state = self.next.get(cell).copied().unwrap_or(0);
            if state < 2 {
                return state == 1;
            }
        }
        self.accepting.binary_search(&state).is_ok()
    }

    fn class(&self, code: u32) -> u8 {
        let after = self.ranges.partition_point(|(first, _)| *first <= code);
        let range = after.checked_sub(1).and_then(|index| self.ranges.get(index));
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
