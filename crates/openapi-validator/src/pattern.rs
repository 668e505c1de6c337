//! Regular expressions, compiled to tables when the code is generated.

use crate::json_string::{Decoded, Form, JsonString};

/// A regular expression (ECMA-262) as a deterministic automaton over code points.
#[derive(Clone, Copy, Debug)]
pub struct Automaton {
    /// The expression as the document has it.
    pub source: &'static str,
    /// The first character and the class of each range of characters, ascending; what comes before
    /// the first range is in class 0.
    pub ranges: &'static [(char, u8)],
    /// The next state, by state and class. State 0 has failed for good, state 1 has matched.
    pub next: &'static [&'static [u16]],
    /// The state before the first character.
    pub start: u16,
    /// The states in which the text may end, ascending; state 1 is one of them.
    pub accepting: &'static [u16],
}

/// A regular expression that is ready to be matched.
#[derive(Debug)]
pub struct Pattern {
    pub(crate) automaton: Automaton,
    /// The class of each character of ASCII.
    ascii: [u8; 128],
    /// Says the same of a text in ASCII, sooner.
    ascii_form: Option<fn(&[u8]) -> bool>,
}

impl Pattern {
    /// Looks up the classes of ASCII, at compile time.
    pub const fn new(automaton: Automaton) -> Self {
        let mut ascii = [0; 128];
        let mut ranges = automaton.ranges;
        while let [(first, class), rest @ ..] = ranges {
            let mut code = 0_u32;
            let mut classes: &mut [u8] = &mut ascii;
            while let [known, after @ ..] = classes {
                if code >= *first as u32 {
                    *known = *class;
                }
                code += 1;
                classes = after;
            }
            ranges = rest;
        }
        Self { automaton, ascii, ascii_form: None }
    }

    /// A pattern that is so simple that Rust has an expression for which texts in ASCII match.
    #[must_use]
    pub const fn in_ascii(self, form: fn(&[u8]) -> bool) -> Self {
        Self { ascii_form: Some(form), ..self }
    }

    /// Whether the expression matches somewhere in a text.
    pub fn is_match(&self, text: &str) -> bool {
        if text.is_ascii() { self.accepts(text.as_bytes()) } else { self.run(text.bytes()) }
    }

    /// Whether a text in ASCII matches.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the pattern is constant, and its form is inlined")]
    pub(crate) fn accepts(&self, text: &[u8]) -> bool {
        match self.ascii_form {
            Some(form) => form(text),
            None => self.run_ascii(text),
        }
    }

    #[inline(never)]
    fn run_ascii(&self, text: &[u8]) -> bool {
        let mut state = self.automaton.start;
        for byte in text {
            let class = self.ascii.get(usize::from(*byte)).copied().unwrap_or(0);
            state = self.next(state, class);
            if state < 2 {
                return state == 1;
            }
        }
        self.automaton.accepting.contains(&state)
    }

    #[inline]
    fn next(&self, state: u16, class: u8) -> u16 {
        let row = self.automaton.next.get(usize::from(state)).copied().unwrap_or_default();
        row.get(usize::from(class)).copied().unwrap_or(0)
    }

    #[inline]
    pub(crate) fn matches(&self, text: &JsonString<'_>) -> bool {
        match text.form {
            Form::Ascii => self.accepts(text.raw),
            Form::Unicode => self.run(text.raw.iter().copied()),
            Form::Escaped | Form::Broken => self.run(Decoded::new(text.raw)),
        }
    }

    /// Runs over UTF-8.
    #[inline(never)]
    fn run(&self, mut bytes: impl Iterator<Item = u8>) -> bool {
        let mut state = self.automaton.start;
        while let Some(byte) = bytes.next() {
            let code = if byte < 0x80 { u32::from(byte) } else { code_point(byte, &mut bytes) };
            state = self.next(state, self.class(code));
            if state < 2 {
                return state == 1;
            }
        }
        self.automaton.accepting.contains(&state)
    }

    fn class(&self, code: u32) -> u8 {
        let ranges = self.automaton.ranges;
        let after = ranges.partition_point(|(first, _)| u32::from(*first) <= code);
        let range = after.checked_sub(1).and_then(|index| ranges.get(index));
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
