//! Writes JSON: a text grows by members and items, commas come by themselves.

use alloc::string::String;
use core::fmt::{self, Display, Write as _};

/// A JSON text that grows. What a call opens, the same call closes.
#[derive(Debug, Default)]
pub(crate) struct Json {
    text: String,
}

impl Json {
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Writes an array or object: what opens it, what is in it, what closes it.
    pub(crate) fn array(&mut self, items: impl FnOnce(&mut Self)) -> &mut Self {
        self.enclosed('[', items, ']')
    }

    pub(crate) fn object(&mut self, members: impl FnOnce(&mut Self)) -> &mut Self {
        self.enclosed('{', members, '}')
    }

    /// Writes the name of a member; its value has to follow.
    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        self.string(name);
        self.text.push(':');
        self
    }

    pub(crate) fn string(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        self.text.push('"');
        // Writing to a string cannot fail, and `Display` is ours.
        let _ = write!(Escaped(&mut self.text), "{value}");
        self.text.push('"');
        self
    }

    /// Writes a number or boolean.
    pub(crate) fn literal(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        let _ = write!(self.text, "{value}");
        self
    }

    fn enclosed(&mut self, open: char, inside: impl FnOnce(&mut Self), close: char) -> &mut Self {
        self.separate();
        self.text.push(open);
        inside(self);
        self.text.push(close);
        self
    }

    fn separate(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(['{', '[', ':']) {
            self.text.push(',');
        }
    }
}

/// Escapes what a JSON string must not contain as it is.
struct Escaped<'t>(&'t mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '"' | '\\' => self.0.extend(['\\', character]),
                '\0'..' ' => write!(self.0, "\\u{:04x}", u32::from(character))?,
                _ => self.0.push(character),
            }
        }
        Ok(())
    }
}
