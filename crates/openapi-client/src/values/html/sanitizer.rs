//! Writes what may stay of a fragment of HTML.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::piece::{Piece, pieces};

/// Elements that hold nothing and have no end tag.
const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

pub(super) fn sanitize(markup: &str) -> String {
    let mut writer = Writer::default();
    for piece in pieces(markup) {
        match piece {
            Piece::Start { name, attributes } => writer.start(name, &attributes),
            Piece::End { name } => writer.end(name),
            Piece::Text(text) => writer.escaped(&text),
        }
    }
    writer.close(0);
    writer.markup
}

/// Writes well-formed markup: each element that was opened is closed, in the opposite order.
#[derive(Default)]
struct Writer {
    markup: String,
    open: Vec<&'static str>,
    /// How many elements of each name are open, so that an end tag without a start tag costs nothing.
    counts: HashMap<&'static str, usize>,
}

impl Writer {
    fn start(&mut self, name: &'static str, attributes: &[(&str, String)]) {
        while self.open.last().is_some_and(|open| ends_at(open, name)) {
            self.close(self.open.len() - 1);
        }
        self.markup.push('<');
        self.markup.push_str(name);
        for (name, value) in attributes {
            // Writing to a text cannot fail.
            let _ = write!(self.markup, " {name}=\"");
            self.escaped(value);
            self.markup.push('"');
        }
        // Where a link leads to or an image comes from, nothing is learnt of the page that shows it.
        match name {
            "a" => self.markup.push_str(" rel=\"noopener noreferrer\""),
            "img" => self.markup.push_str(" referrerpolicy=\"no-referrer\""),
            _ => {}
        }
        self.markup.push('>');
        if !VOID.contains(&name) {
            self.open.push(name);
            *self.counts.entry(name).or_default() += 1;
        }
    }

    fn end(&mut self, name: &'static str) {
        if self.counts.get(name).is_some_and(|count| *count > 0) {
            let index = self.open.iter().rposition(|open| *open == name);
            self.close(index.unwrap_or(self.open.len()));
        }
    }

    /// Closes all elements from this one on, the innermost first.
    fn close(&mut self, index: usize) {
        while self.open.len() > index
            && let Some(name) = self.open.pop()
        {
            let _ = write!(self.markup, "</{name}>");
            self.counts.entry(name).and_modify(|count| *count -= 1);
        }
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.markup.push_str("&amp;"),
                '<' => self.markup.push_str("&lt;"),
                '>' => self.markup.push_str("&gt;"),
                '"' => self.markup.push_str("&quot;"),
                _ => self.markup.push(character),
            }
        }
    }
}

/// Whether an open element ends where another one begins, because its end tag may be left out.
fn ends_at(open: &str, next: &str) -> bool {
    match open {
        "a" | "li" => open == next,
        "dd" | "dt" => matches!(next, "dd" | "dt"),
        "td" | "th" => matches!(next, "tbody" | "td" | "tfoot" | "th" | "tr"),
        "tr" => matches!(next, "tbody" | "tfoot" | "tr"),
        "p" => matches!(
            next,
            "blockquote"
                | "div"
                | "dl"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "hr"
                | "ol"
                | "p"
                | "pre"
                | "table"
                | "ul"
        ),
        _ => false,
    }
}
