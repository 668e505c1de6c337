//! What is wrong with the document: where, why, and how to correct it.

use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::place::{Source, Span};
use crate::naming::on_one_line;
use crate::rule::{Rule, Severity};

/// One thing that a maintainer has to correct, or at least to know.
#[derive(Clone, Debug)]
pub struct Finding {
    pub severity: Severity,
    pub rule: Rule,
    /// The file that the finding is about.
    pub source: Arc<Source>,
    /// The place in that file.
    pub span: Span,
    /// What is wrong, on one line.
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
    /// A finding that is as serious as its rule, an error if the rule is one of the house.
    pub fn new(
        rule: Rule,
        source: &Arc<Source>,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            severity: rule.severity().unwrap_or(Severity::Error),
            rule,
            source: Arc::clone(source),
            span,
            // Names of the document may have line breaks, and what moves the cursor of a terminal.
            message: on_one_line(&message.into()),
            help: help.into(),
            related: Vec::new(),
        }
    }

    /// A warning, whatever the rule: a milder case of one whose other findings are errors. What has
    /// no effect on what is generated is not worth a warning.
    pub fn warning(
        rule: Rule,
        source: &Arc<Source>,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let severity = Severity::Warning;
        Self { severity, ..Self::new(rule, source, span, message, help) }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
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

/// Renders findings that let nothing be written.
pub fn render(findings: &[Finding], renderer: &Renderer) -> String {
    render_with(findings, "nothing was written", renderer)
}

/// Renders findings, errors first, each kind in the order of its places, followed by a line that
/// counts them and tells what comes of the errors.
pub fn render_with(findings: &[Finding], consequence: &str, renderer: &Renderer) -> String {
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.sort_by_key(|finding| {
        (finding.severity, &finding.source.path, finding.span, finding.rule)
    });
    let mut text = String::new();
    for finding in &ordered {
        text.push_str(&renderer.render(&report(finding)));
        text.push_str("\n\n");
    }
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    let plural = |count, one| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    text.push_str(&match (errors, warnings) {
        (0, 0) => String::new(),
        (0, _) => format!("{}\n", plural(warnings, "warning")),
        (_, 0) => format!("{}; {consequence}\n", plural(errors, "error")),
        _ => format!(
            "{} and {}; {consequence}\n",
            plural(errors, "error"),
            plural(warnings, "warning")
        ),
    });
    text
}

fn report(finding: &Finding) -> Vec<Group<'_>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.rule.name());
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
