//! What is wrong with the document: where, why, and how to mend it.

use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::place::{Source, Span};

/// One thing that a maintainer has to mend.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's name, in kebab case; `openapi/RULES.md` explains each.
    pub rule: &'static str,
    /// The file that the finding is about.
    pub source: Arc<Source>,
    /// The place in that file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Other places that explain the finding.
    pub related: Vec<Related>,
}

/// A second place of a [`Finding`].
#[derive(Clone, Debug)]
pub struct Related {
    pub source: Arc<Source>,
    pub span: Span,
    pub label: String,
}

impl Finding {
    pub fn new(
        rule: &'static str,
        source: &Arc<Source>,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            source: Arc::clone(source),
            span,
            message: message.into(),
            help: help.into(),
            related: Vec::new(),
        }
    }

    /// Adds a second place in the same file.
    #[must_use]
    pub fn with_related(self, span: Span, label: impl Into<String>) -> Self {
        let source = Arc::clone(&self.source);
        self.with_related_in(&source, span, label)
    }

    /// Adds a second place in any file.
    #[must_use]
    pub fn with_related_in(
        mut self,
        source: &Arc<Source>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        self.related.push(Related { source: Arc::clone(source), span, label: label.into() });
        self
    }
}

/// Renders findings in the order of their places, followed by a line that counts them.
pub fn render(findings: &[Finding], renderer: &Renderer) -> String {
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.sort_by(|a, b| (&a.source.path, a.span, a.rule).cmp(&(&b.source.path, b.span, b.rule)));
    let mut text = String::new();
    for finding in &ordered {
        text.push_str(&renderer.render(&report(finding)));
        text.push_str("\n\n");
    }
    let plural = if ordered.len() == 1 { "finding" } else { "findings" };
    text.push_str(&format!("{} {plural}; nothing was written\n", ordered.len()));
    text
}

fn report(finding: &Finding) -> Vec<Group<'_>> {
    let title = Level::ERROR.primary_title(finding.message.as_str()).id(finding.rule);
    let mut group = if finding.source.text.is_empty() {
        title.element(annotate_snippets::Origin::path(finding.source.path.as_str()))
    } else {
        let mut snippet = snippet(&finding.source)
            .annotation(AnnotationKind::Primary.span(first_line(&finding.source, finding.span)));
        for related in finding.related.iter().filter(|at| at.source == finding.source) {
            snippet = snippet.annotation(
                AnnotationKind::Context
                    .span(first_line(&related.source, related.span))
                    .label(related.label.as_str()),
            );
        }
        title.element(snippet)
    };
    for related in finding.related.iter().filter(|at| at.source != finding.source) {
        group = group.element(
            snippet(&related.source).annotation(
                AnnotationKind::Context
                    .span(first_line(&related.source, related.span))
                    .label(related.label.as_str()),
            ),
        );
    }
    vec![group.element(Level::HELP.message(finding.help.as_str()))]
}

fn snippet(source: &Source) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    Snippet::source(source.text.as_str()).path(source.path.as_str())
}

/// A mapping's span may cover a thousand lines; its first line is enough to find it.
fn first_line(source: &Source, span: Span) -> std::ops::Range<usize> {
    let text = &source.text[span.range()];
    let line = text.find('\n').unwrap_or(text.len());
    span.start..span.start + line
}
