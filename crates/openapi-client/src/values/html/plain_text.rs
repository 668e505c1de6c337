//! The words of a fragment of HTML that was sanitised.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Elements that flow with the text around them; all others are blocks.
const INLINE: [&str; 36] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "map",
];

pub(super) fn plain_text(markup: &str) -> String {
    let tokenizer = Tokenizer::new(Words::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(markup));
    // Without scripts, nothing interrupts the tokenizer.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner().text
}

#[derive(Default)]
struct Words(RefCell<Writer>);

impl TokenSink for Words {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut writer = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => writer.write(&text),
            Token::TagToken(tag) => writer.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
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

    fn tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        match (name, tag.kind) {
            ("a", TagKind::StartTag) => {
                let target = attribute(tag, "href").unwrap_or_default();
                self.links.push((target, self.text.len()));
            }
            ("a", TagKind::EndTag) => self.end_link(),
            ("img", _) => {
                if let Some(text) = attribute(tag, "alt") {
                    self.write(&text);
                }
            }
            ("td" | "th", _) => self.separate(Gap::Space),
            ("li", TagKind::StartTag) => {
                self.separate(Gap::Line);
                self.write("- ");
            }
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

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let attribute = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(attribute.value.to_string())
}
