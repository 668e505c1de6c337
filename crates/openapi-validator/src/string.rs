//! Strings.

use crate::finding::{Problem, Severity, Types};
use crate::format::Format;
use crate::json_string::{Form, JsonString, after_plain, plain};
use crate::pattern::Pattern;
use crate::reader::{Flow, Reader};

/// What a string has to obey.
#[derive(Clone, Copy, Debug)]
pub struct StringRules {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Whether `null` is accepted.
    pub nullable: bool,
    /// The smallest length, in code points.
    pub min_length: u64,
    /// The largest length, in code points.
    pub max_length: u64,
    /// The regular expression that the text has to match somewhere.
    pub pattern: Option<&'static Pattern>,
    /// What the text has to be the written form of.
    pub format: Option<Format>,
    /// The values that are allowed (`enum`); any if there are none.
    pub values: &'static [&'static str],
    /// The values that are known (`x-extensible-enum`); others are drift, unless there are none.
    pub known: &'static [&'static str],
    /// The values that lengths, pattern and format do not apply to (`x-exempt-values`).
    pub exempt: &'static [&'static str],
    /// Whether a payload can be compared with `values` or `known` as they are: they are the only
    /// rule, they are few, and none of them has a character that JSON escapes.
    pub literal: bool,
}

impl StringRules {
    /// Any string.
    pub const ANY: Self = Self {
        at: "",
        nullable: false,
        min_length: 0,
        max_length: u64::MAX,
        pattern: None,
        format: None,
        values: &[],
        known: &[],
        exempt: &[],
        literal: false,
    };
}

impl StringRules {
    /// Whether there is no rule for texts.
    #[inline]
    const fn accept_any_text(&self) -> bool {
        self.min_length == 0
            && self.max_length == u64::MAX
            && self.pattern.is_none()
            && self.format.is_none()
            && self.values.is_empty()
            && self.known.is_empty()
    }

    /// Whether a text in ASCII obeys; if not, it may still be exempt, or of an unusual form.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the rules are constants, most checks vanish")]
    fn surely_accept(&self, text: &[u8]) -> bool {
        let length = text.len() as u64;
        let is_one_of = |values: &[&str]| values.iter().any(|value| text == value.as_bytes());
        (self.min_length..=self.max_length).contains(&length)
            && self.pattern.is_none_or(|pattern| pattern.accepts(text))
            && self.format.is_none_or(|format| format.surely_accepts(text))
            && (self.values.is_empty() || is_one_of(self.values))
            && (self.known.is_empty() || is_one_of(self.known))
    }
}

impl<'p> Reader<'p> {
    /// Reads a string.
    ///
    /// Inlined with constant rules, so that a check that they do not ask for costs nothing.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the rules are constants, most checks vanish")]
    pub fn string(&mut self, rules: &StringRules) -> Flow {
        if rules.literal {
            if literal(rules.values, self) || literal(rules.known, self) {
                return Ok(());
            }
        } else if rules.accept_any_text() {
            if let Some(rest) = after_plain(self.rest) {
                self.rest = rest;
                return Ok(());
            }
        } else if let Some((text, rest)) = plain(self.rest)
            && rules.surely_accept(text)
        {
            self.rest = rest;
            return Ok(());
        }
        self.any_string(rules)
    }

    /// Reads a string of a schema that says nothing else; `at` is its place.
    #[inline]
    pub fn text(&mut self, at: &'static str) -> Flow {
        if let Some(rest) = after_plain(self.rest) {
            self.rest = rest;
            return Ok(());
        }
        self.any_text(at)
    }

    #[inline(never)]
    fn any_text(&mut self, at: &'static str) -> Flow {
        if self.peek() != Some(b'"') && !self.starts(Types::STRING, at, false)? {
            return Ok(());
        }
        self.any_json_string(self.pos() + 1).map(drop)
    }

    /// Reads a string, however it is written, and says what is wrong with it.
    #[inline(never)]
    fn any_string(&mut self, rules: &StringRules) -> Flow {
        if !rules.accept_any_text()
            && let Some((raw, rest)) = plain(self.rest)
        {
            return self.plain_string(rules, raw, rest);
        }
        if self.peek() != Some(b'"') && !self.starts(Types::STRING, rules.at, rules.nullable)? {
            return Ok(());
        }
        let text = self.any_json_string(self.pos() + 1)?;
        self.judge(rules, &text)
    }

    /// Says what is wrong with a text in ASCII.
    #[inline(never)]
    fn plain_string(&mut self, rules: &StringRules, raw: &[u8], rest: &'p [u8]) -> Flow {
        let text = JsonString { start: self.pos() + 1, raw, form: Form::Ascii };
        self.rest = rest;
        self.judge(rules, &text)
    }

    /// Says what is wrong with a text.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the form is constant for a text in ASCII")]
    fn judge(&mut self, rules: &StringRules, text: &JsonString<'_>) -> Flow {
        if rules.min_length > 0 || rules.max_length < u64::MAX {
            // In ASCII, bytes are code points.
            let bytes = text.raw.len() as u64;
            if text.form != Form::Ascii || bytes < rules.min_length || bytes > rules.max_length {
                self.check_length(rules, text)?;
            }
        }
        if let Some(pattern) = rules.pattern
            && !pattern.matches(text)
            && !is_exempt(rules, text)
        {
            let problem = Problem::Pattern(pattern.automaton.source);
            self.error(text.start - 1, rules.at, "pattern", problem)?;
        }
        if let Some(format) = rules.format
            && !format.accepts(text)
            && !is_exempt(rules, text)
        {
            let problem = Problem::Format(format.name());
            self.error(text.start - 1, rules.at, "format", problem)?;
        }
        if !rules.values.is_empty() && !text.is_one_of(rules.values) && text.form != Form::Broken {
            let problem = Problem::Enum { values: rules.values };
            self.error(text.start - 1, rules.at, "enum", problem)?;
        }
        if !rules.known.is_empty() && !text.is_one_of(rules.known) && text.form != Form::Broken {
            let problem = Problem::UnknownValue { known: rules.known };
            self.report(Severity::Drift, text.start - 1, rules.at, "x-extensible-enum", problem)?;
        }
        Ok(())
    }

    #[cold]
    fn check_length(&mut self, rules: &StringRules, text: &JsonString<'_>) -> Flow {
        let length = text.length();
        let offset = text.start - 1;
        if length < rules.min_length && !is_exempt(rules, text) {
            let problem = Problem::TooShort { minimum: rules.min_length };
            self.error(offset, rules.at, "minLength", problem)?;
        }
        if length > rules.max_length && !is_exempt(rules, text) {
            let problem = Problem::TooLong { maximum: rules.max_length };
            self.error(offset, rules.at, "maxLength", problem)?;
        }
        Ok(())
    }
}

/// Reads a string that is written like one of some values, if it is next.
#[inline(always)]
#[expect(clippy::inline_always, reason = "values are constant, so that they are compared in words")]
fn literal(values: &[&str], reader: &mut Reader<'_>) -> bool {
    let [b'"', text @ ..] = reader.rest else { return false };
    let mut values = values;
    while let [value, others @ ..] = values {
        if let Some([b'"', rest @ ..]) = text.strip_prefix(value.as_bytes()) {
            reader.rest = rest;
            return true;
        }
        values = others;
    }
    false
}

/// Asked only after a check failed, so that exemptions cost nothing otherwise.
fn is_exempt(rules: &StringRules, text: &JsonString<'_>) -> bool {
    text.form == Form::Broken || text.is_one_of(rules.exempt)
}
