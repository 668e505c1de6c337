//! The words of a fragment of HTML.

use super::piece::{Piece, pieces};

/// Elements that flow with the text around them; all others are blocks.
const INLINE: [&str; 33] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i",
    "img", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "wbr",
];

pub(super) fn plain_text(markup: &str) -> String {
    let mut writer = Writer::default();
    for piece in pieces(markup) {
        match piece {
            Piece::Start { name, attributes } => writer.start(name, &attributes),
            Piece::End { name } => writer.end(name),
            Piece::Text(text) => writer.write(&text),
        }
    }
    writer.text
}

/// What separates two words.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    Nothing,
    Space,
    Line,
}

#[derive(Default)]
struct Writer {
    text: String,
    gap: Gap,
    /// Where the open links lead, and where their text starts.
    links: Vec<(String, usize)>,
    /// The open lists, each with the number of its next item if it is numbered.
    lists: Vec<Option<i64>>,
}

impl Writer {
    fn write(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_whitespace() {
                self.separate(Gap::Space);
            } else if !character.is_control() {
                self.close_gap();
                self.text.push(character);
            }
        }
    }

    fn separate(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn close_gap(&mut self) {
        match std::mem::take(&mut self.gap) {
            _ if self.text.is_empty() => {}
            Gap::Nothing => {}
            Gap::Space => self.text.push(' '),
            Gap::Line => self.text.push('\n'),
        }
    }

    fn start(&mut self, name: &str, attributes: &[(&str, String)]) {
        let attribute = |name| {
            attributes.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())
        };
        let number = |name| attribute(name).and_then(|text| text.trim().parse().ok());
        match name {
            "a" => {
                let target = attribute("href").unwrap_or_default().to_owned();
                self.links.push((target, self.text.len()));
            }
            "img" => self.write(attribute("alt").unwrap_or_default()),
            "ol" => self.lists.push(Some(number("start").unwrap_or(1))),
            "ul" => self.lists.push(None),
            _ => {}
        }
        self.boundary(name);
        if name == "li" {
            match self.lists.last_mut() {
                Some(Some(next)) => {
                    let current = number("value").unwrap_or(*next);
                    *next = current.saturating_add(1);
                    self.write(&format!("{current}. "));
                }
                _ => self.write("- "),
            }
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" => self.end_link(),
            "ol" | "ul" => drop(self.lists.pop()),
            _ => {}
        }
        self.boundary(name);
    }

    /// What stands between the words on both sides of a tag.
    fn boundary(&mut self, name: &str) {
        match name {
            "td" | "th" => self.separate(Gap::Space),
            _ if INLINE.contains(&name) => {}
            _ => self.separate(Gap::Line),
        }
    }

    fn end_link(&mut self) {
        let Some((target, start)) = self.links.pop() else { return };
        let shown = self.text.get(start..).unwrap_or_default().trim();
        let plain = target.strip_prefix("mailto:").or(target.strip_prefix("tel:"));
        if !target.is_empty() && shown != target && plain != Some(shown) {
            self.separate(Gap::Space);
            self.write(&format!("({target})"));
        }
    }
}
