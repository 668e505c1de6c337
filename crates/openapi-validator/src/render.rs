//! Reports for people: each finding with an excerpt of the payload and a caret.

use alloc::string::String;
use core::fmt::Write as _;
use core::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::finding::{Count, Finding, Severity};
use crate::locator::{Locator, Role, Token};
use crate::report::{Report, quoted};
use crate::source_map::Name;

/// Whether a rendered report has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// Plain text.
    #[default]
    Never,
    /// With the escape sequences of terminals.
    Always,
}

impl Report<'_> {
    /// The report for people: each finding with its place in the payload and an excerpt from there,
    /// the place of the rule, and a suggestion; then the counts.
    ///
    /// `payload` is what the payload is called, a path or the like. Strings and numbers stand in excerpts as
    /// `***`, and so do names of members that the document does not know, except for that of the
    /// finding itself; see [`Report`] for what is shown of it. [`Report::with_values`] shows
    /// values.
    pub fn render(&self, payload: &str, colours: Colours) -> String {
        let renderer = match colours {
            Colours::Never => Renderer::plain(),
            Colours::Always => Renderer::styled(),
        };
        let mut excerpts = Excerpts { report: self, behind: Locator::new(&self.payload) };
        let mut text = String::new();
        let mut remarks = 0;
        for finding in self.findings() {
            let excerpt = excerpts.excerpt(finding.offset, finding.value.is_some());
            text.push_str(&renderer.render(&[group(&finding, payload, excerpt)]));
            text.push_str("\n\n");
            remarks += usize::from(finding.severity != Severity::Error);
        }
        // Writing to a string cannot fail.
        let _ = match (self.errors(), remarks) {
            (0, 0) => writeln!(text, "{payload} is valid"),
            (0, remarks) => writeln!(text, "{payload} is valid, with {}", Count(remarks, "remark")),
            (errors, 0) => writeln!(text, "{payload} has {}", Count(errors, "error")),
            (errors, remarks) => {
                let remarks = Count(remarks, "remark");
                writeln!(text, "{payload} has {} and {remarks}", Count(errors, "error"))
            }
        };
        if self.more() > 0 {
            let _ = writeln!(text, "{}", self.rest());
        }
        text
    }
}

fn group<'f>(finding: &'f Finding, payload: &'f str, excerpt: Excerpt) -> Group<'f> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Drift => Level::WARNING.with_name("drift"),
        Severity::Note => Level::NOTE,
    };
    let mut group = level.primary_title(finding.message()).id(finding.keyword).element(
        Snippet::source(excerpt.text)
            .line_start(finding.line)
            .fold(false)
            .annotation(AnnotationKind::Primary.span(excerpt.caret).label(&finding.pointer)),
    );
    // The excerpt begins anywhere in its line, so only we know the column.
    let place = alloc::format!("{payload}:{}:{}", finding.line, finding.column);
    group = group.element(Level::NOTE.with_name("at").message(place));
    let rule = match finding.place {
        Some(place) => {
            alloc::format!("{}:{}:{} #{}", place.source, place.line, place.column, finding.rule)
        }
        None if finding.rule.is_empty() => String::from(finding.basis()),
        None => alloc::format!("#{}", finding.rule),
    };
    group = group.element(Level::NOTE.with_name("rule").message(rule));
    if let Some(suggestion) = &finding.suggestion {
        group = group.element(Level::HELP.message(alloc::format!("{suggestion}")));
    }
    group
}

/// A line of the payload, or what of it is around a place.
struct Excerpt {
    text: String,
    caret: Range<usize>,
}

/// Cuts excerpts at offsets that ascend.
struct Excerpts<'r> {
    report: &'r Report<'r>,
    /// Some way behind the latest offset, so that an excerpt begins with whole tokens.
    behind: Locator<'r>,
}

/// How many bytes before a place are looked at.
const BEHIND: usize = 400;
/// How many characters of an excerpt stand on each side of its caret.
const SIDE: usize = 44;

impl<'r> Excerpts<'r> {
    fn excerpt(&mut self, offset: usize, is_described: bool) -> Excerpt {
        let from = offset.saturating_sub(BEHIND);
        while let Some(token) = self.behind.token()
            && token.end <= from
        {
            self.behind.pass(token);
        }
        let mut walk = self.behind.clone();
        let mut is_cut = walk.token().is_some_and(|token| self.has_before(token.start));
        let mut text = String::new();
        let mut starts = alloc::vec![0];
        let mut is_after_name = false;
        let mut caret = None;
        let mut end = None;
        while let Some(token) = walk.token() {
            let gap = self.report.payload.get(end.unwrap_or(token.start)..token.start);
            let gap = gap.unwrap_or_default();
            if gap.contains(&b'\n') {
                if caret.is_some() {
                    break;
                }
                text.clear();
                starts = alloc::vec![0];
                is_cut = false;
            } else if !gap.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            if !is_after_name && !matches!(token.raw, b":" | b"," | b"]" | b"}") {
                starts.push(start);
            }
            is_after_name = token.raw == b":";
            let is_place = caret.is_none() && offset < token.end;
            text.push_str(&self.shown(&walk, token, is_place, is_described));
            walk.pass(token);
            if caret.is_none() && offset < token.end {
                caret = Some(start..text.len());
            }
            end = Some(token.end);
            if caret.as_ref().is_some_and(|caret| text.len() > caret.end + SIDE) {
                if walk.token().is_some() {
                    text.push_str(" …");
                }
                break;
            }
        }
        self.behind.learn(&walk);
        let rest = self.report.payload.get(end.unwrap_or_default()..offset).unwrap_or_default();
        if caret.is_none() && rest.contains(&b'\n') {
            text.clear();
            is_cut = false;
        }
        let caret = caret.unwrap_or(text.len()..text.len());
        let first = starts.iter().copied().find(|start| start + SIDE >= caret.start);
        let first = first.unwrap_or_default().min(caret.start);
        if first == 0 && !is_cut {
            return Excerpt { text, caret };
        }
        let kept = text.get(first..).unwrap_or_default().trim_start();
        let text = alloc::format!("… {kept}");
        let shift = |at: usize| at - first + "… ".len();
        Excerpt { caret: shift(caret.start)..shift(caret.end), text }
    }

    /// Whether something stands before an offset on its line.
    fn has_before(&self, offset: usize) -> bool {
        let before = self.report.payload.get(..offset).unwrap_or_default();
        let mut before = before.iter().rev().take_while(|byte| **byte != b'\n');
        before.any(|byte| !byte.is_ascii_whitespace())
    }

    /// The token that is next, as it may be shown; `is_described` says that the finding itself
    /// quotes the value at its place.
    fn shown(
        &self,
        walk: &Locator<'r>,
        token: Token<'r>,
        is_place: bool,
        is_described: bool,
    ) -> String {
        let is_string = token.raw.starts_with(b"\"");
        let shown = match token.role {
            Role::Punctuation => return String::from_utf8_lossy(token.raw).into_owned(),
            Role::Name => {
                let name = token.text().unwrap_or_default();
                let vocabulary = self.report.vocabulary;
                let is_shown = vocabulary.name(name) != Name::Unknown
                    || (is_place && vocabulary.shown(name).is_some());
                is_shown.then(|| quoted(token.raw))
            }
            Role::Value if matches!(token.raw, b"true" | b"false" | b"null") => {
                return String::from_utf8_lossy(token.raw).into_owned();
            }
            Role::Value => {
                let is_described = is_place && is_described;
                self.report.shows_value(walk, is_described).then(|| quoted(token.raw))
            }
        };
        shown.unwrap_or_else(|| String::from(if is_string { "\"***\"" } else { "***" }))
    }
}
