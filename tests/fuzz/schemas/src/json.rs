//! JSON values that keep what a parser loses: the spelling of numbers, and members that stand twice.

use std::fmt::Write;

use fastrand::Rng;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn text(text: &str) -> Self {
        Self::String(text.to_owned())
    }

    pub fn number(number: impl ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// Its arrays, objects and what is in them, itself first.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Array(items) => items.iter().for_each(|item| item.visit(visit)),
            Self::Object(members) => members.iter().for_each(|(_, value)| value.visit(visit)),
            _ => {}
        }
    }

    /// How many values it consists of.
    pub fn size(&self) -> usize {
        let mut size = 0;
        self.visit(&mut |_| size += 1);
        size
    }

    /// How many arrays and objects stand inside each other.
    pub fn depth(&self) -> usize {
        let deepest = match self {
            Self::Array(items) => items.iter().map(Self::depth).max(),
            Self::Object(members) => members.iter().map(|(_, value)| value.depth()).max(),
            _ => return 0,
        };
        deepest.unwrap_or(0) + 1
    }

    /// The value at a place in the order of [`visit`](Self::visit).
    pub fn nth_mut(&mut self, place: &mut usize) -> Option<&mut Self> {
        if *place == 0 {
            return Some(self);
        }
        *place -= 1;
        match self {
            Self::Array(items) => items.iter_mut().find_map(|item| item.nth_mut(place)),
            Self::Object(members) => members.iter_mut().find_map(|(_, value)| value.nth_mut(place)),
            _ => None,
        }
    }

    /// Whether some object has two members of one name.
    pub fn has_duplicate(&self) -> bool {
        let mut found = false;
        self.visit(&mut |value| {
            if let Self::Object(members) = value {
                let has = |(place, (name, _)): (usize, &(String, Self))| {
                    members.iter().take(place).any(|(other, _)| other == name)
                };
                found |= members.iter().enumerate().any(has);
            }
        });
        found
    }

    /// Whether it has a number that a parser may round.
    pub fn has_inexact_number(&self) -> bool {
        let mut found = false;
        self.visit(&mut |value| {
            if let Self::Number(number) = value {
                found |= number.bytes().filter(u8::is_ascii_digit).count() > 15
                    || number.contains(['e', 'E']);
            }
        });
        found
    }

    /// Its text, without whitespace.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, &mut None);
        text
    }

    /// Its text, with whitespace and escapes where chance puts them.
    pub fn dressed(&self, random: &mut Rng) -> String {
        let mut text = String::new();
        self.write(&mut text, &mut Some(random));
        text
    }

    fn write(&self, text: &mut String, random: &mut Option<&mut Rng>) {
        space(text, random);
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => text.push_str(number),
            Self::String(string) => write_string(text, string, random),
            Self::Array(items) => {
                text.push('[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        text.push(',');
                    }
                    item.write(text, random);
                }
                space(text, random);
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (place, (name, value)) in members.iter().enumerate() {
                    if place > 0 {
                        text.push(',');
                    }
                    space(text, random);
                    write_string(text, name, random);
                    space(text, random);
                    text.push(':');
                    value.write(text, random);
                }
                space(text, random);
                text.push('}');
            }
        }
        space(text, random);
    }
}

fn space(text: &mut String, random: &mut Option<&mut Rng>) {
    if let Some(random) = random
        && random.u8(..8) == 0
    {
        text.push_str(["\n\t", " ", "\r\n", "    "][random.usize(..4)]);
    }
}

fn write_string(text: &mut String, string: &str, random: &mut Option<&mut Rng>) {
    text.push('"');
    for character in string.chars() {
        let is_escaped = random.as_mut().is_some_and(|random| random.u8(..12) == 0);
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            _ if is_escaped || character < ' ' => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dressed_text_means_what_the_plain_one_means() {
        let members = vec![
            ("é\"\\\u{1}".to_owned(), Json::text("a😀/")),
            (String::new(), Json::Array(vec![Json::Null, Json::number("1.50"), Json::Bool(true)])),
        ];
        let value = Json::Object(members);
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect(text);
        let plain = parse(&value.plain());
        let mut random = Rng::with_seed(1);
        for _ in 0..100 {
            assert_eq!(parse(&value.dressed(&mut random)), plain);
        }
    }

    #[test]
    fn what_a_parser_loses_is_seen() {
        let object = |names: &[&str]| {
            Json::Object(names.iter().map(|name| ((*name).to_owned(), Json::Null)).collect())
        };
        assert!(Json::Array(vec![object(&["a", "b", "a"])]).has_duplicate());
        assert!(!Json::Array(vec![object(&["a", "b"]), object(&["a"])]).has_duplicate());
        for (number, is_inexact) in [("1e1", true), ("1234567890.123456", true), ("0.1", false)] {
            assert_eq!(Json::number(number).has_inexact_number(), is_inexact, "{number}");
        }
    }
}
