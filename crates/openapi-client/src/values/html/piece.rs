//! Cuts markup into what may stay of it.
//!
//! Only a tokenizer reads the markup, and one that logs nothing: markup may hold what redeems a reward.
//! What a browser would make of it does not matter, because nothing of it is passed on as it came: text
//! is escaped anew, and elements and attributes are written from the lists below.

use html5gum::emitters::default::{DefaultEmitter, StartTag};
use html5gum::{Token, Tokenizer};
use reqwest::Url;

/// Elements that may stay, with the attributes that each of them may have beside `lang` and `title`.
const ELEMENTS: [(&str, &[&str]); 74] = [
    ("a", &["href", "hreflang"]),
    ("abbr", &[]),
    ("acronym", &[]),
    ("address", &[]),
    ("article", &[]),
    ("aside", &[]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &["dir"]),
    ("blockquote", &["cite"]),
    ("br", &[]),
    ("caption", &[]),
    ("center", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("data", &[]),
    ("dd", &[]),
    ("del", &["cite", "datetime"]),
    ("details", &[]),
    ("dfn", &[]),
    ("div", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("header", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["alt", "height", "src", "width"]),
    ("ins", &["cite", "datetime"]),
    ("kbd", &[]),
    ("li", &["value"]),
    ("main", &[]),
    ("mark", &[]),
    ("nav", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &[]),
    ("q", &["cite"]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strike", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &[]),
    ("tt", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("wbr", &[]),
];

/// Elements that go with all that they hold, because it is not meant to be read.
const HIDDEN: [&str; 11] = [
    "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "style", "svg",
    "template", "title",
];
/// Those of them that a slash at the end of the tag closes.
const FOREIGN: [&str; 2] = ["math", "svg"];

/// Attributes that are URLs, and what such a URL may begin with.
///
/// Without slashes, a URL of the web would lead into a page of the same scheme that shows it, and other
/// attributes than `href` are for the web alone.
const LINKS: [(&str, &[&str]); 3] =
    [("cite", &WEB), ("href", &["http://", "https://", "mailto:", "sms:", "tel:"]), ("src", &WEB)];
const WEB: [&str; 2] = ["http://", "https://"];

/// What may stay.
pub(super) enum Piece {
    Start {
        name: &'static str,
        attributes: Vec<(&'static str, String)>,
    },
    End {
        name: &'static str,
    },
    /// Decoded, without control characters other than line ends and tabs.
    Text(String),
}

/// What may stay of the markup, from its beginning to its end.
pub(super) fn pieces(markup: &str) -> impl Iterator<Item = Piece> {
    let mut emitter = DefaultEmitter::<()>::default();
    // What scripts and styles hold is no markup.
    emitter.naively_switch_states(true);
    let mut hidden = None;
    Tokenizer::new_with_emitter(markup, emitter).flatten().filter_map(move |token| {
        if hide(&mut hidden, &token) {
            return None;
        }
        match token {
            Token::StartTag(tag) => start(&tag),
            Token::EndTag(tag) => element(&tag.name).map(|(name, _)| Piece::End { name }),
            Token::String(text) => Some(Piece::Text(self::text(&text.value))),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => None,
        }
    })
}

/// Whether a token is hidden; notes which element hides what follows, and how many of it are open.
fn hide(hidden: &mut Option<(&'static str, usize)>, token: &Token) -> bool {
    let named = |name: &[u8]| HIDDEN.into_iter().find(|hidden| hidden.as_bytes() == name);
    match (&mut *hidden, token) {
        (None, Token::StartTag(tag)) => {
            let Some(name) = named(&tag.name) else { return false };
            if !(tag.self_closing && FOREIGN.contains(&name)) {
                *hidden = Some((name, 1));
            }
        }
        (None, _) => return false,
        (Some((name, open)), Token::StartTag(tag)) if named(&tag.name) == Some(*name) => {
            *open += usize::from(!(tag.self_closing && FOREIGN.contains(name)));
        }
        (Some((name, open)), Token::EndTag(tag)) if named(&tag.name) == Some(*name) => {
            *open -= 1;
            if *open == 0 {
                *hidden = None;
            }
        }
        (Some(_), _) => {}
    }
    true
}

fn start(tag: &StartTag<()>) -> Option<Piece> {
    let &(name, own) = element(&tag.name)?;
    let attributes = own.iter().chain(&["lang", "title"]).filter_map(|&name| {
        let value = text(&tag.attributes.get(name.as_bytes())?.value);
        let link = LINKS.iter().find(|(link, _)| *link == name);
        link.is_none_or(|(_, begins)| leads_out(&value, begins)).then_some((name, value))
    });
    Some(Piece::Start { name, attributes: attributes.collect() })
}

fn element(name: &[u8]) -> Option<&'static (&'static str, &'static [&'static str])> {
    let index = ELEMENTS.binary_search_by_key(&name, |(name, _)| name.as_bytes()).ok()?;
    ELEMENTS.get(index)
}

/// Whether a link leads where a link may lead: a relative one would lead into the page that shows it, and
/// one with a user name pretends to lead elsewhere.
fn leads_out(link: &str, begins: &[&str]) -> bool {
    let is_begun = |begin: &&str| {
        link.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
    };
    let is_plain = |url: Url| url.username().is_empty() && url.password().is_none();
    begins.iter().any(is_begun) && Url::parse(link).is_ok_and(is_plain)
}

fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars()
        .filter(|character| !character.is_control() || "\n\t".contains(*character))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_can_be_looked_up() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
    }
}
