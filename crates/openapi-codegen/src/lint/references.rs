//! References lead somewhere, to the right kind of object, in this document, and not in circles.

use std::collections::HashSet;

use super::structure::{Visit, nearest};
use super::{Report, of_kind};
use crate::rule::Rule;
use crate::source::{Node, escape};
use crate::vocabulary::Object;

pub(super) fn check(report: &mut Report<'_>, visits: &[Visit<'_>]) {
    for visit in visits {
        let Some(reference) = visit.node.get("$ref") else { continue };
        let Some(components) = visit.object.components() else {
            report.add(
                Rule::PathItemReference,
                reference.span,
                "a path item cannot be a reference here",
                "write the path item's operations in this place",
            );
            continue;
        };
        target(report, components, reference);
    }
    circles(report, visits);
    discriminators(report, visits);
    names(report);
}

fn target(report: &mut Report<'_>, components: &str, reference: &Node) {
    let Some(text) = reference.as_str() else {
        return report.add(
            Rule::UnresolvedReference,
            reference.span,
            "a reference must be a string",
            format!("write `'#/components/{components}/Name'` in quotes; without, YAML takes `#` for a comment"),
        );
    };
    let local = format!("components/{components}/");
    if text.trim_start_matches('/').starts_with(&local) {
        return report.add(
            Rule::ReferenceTarget,
            reference.span,
            format!("`{text}` lacks the mark of a reference within this document"),
            format!("did you mean `#/{}`?", text.trim_start_matches('/')),
        );
    }
    if !text.starts_with('#') {
        return report.add(
            Rule::RemoteReference,
            reference.span,
            format!("`{text}` leads out of this document"),
            format!("copy what it names to `components/{components}`; nothing is fetched or read from elsewhere"),
        );
    }
    let name = text.strip_prefix(&format!("#/components/{components}/"));
    // Deeper parts of a component have no name that a type could get.
    let Some(name) = name.filter(|name| !name.contains('/')) else {
        return report.add(
            Rule::ReferenceTarget,
            reference.span,
            format!("`{text}` does not name one of `components/{components}`"),
            format!("give the target a name under `components/{components}` and refer to that"),
        );
    };
    if report.document.resolve(text).is_none() {
        let names = report.document.root.pointer(&format!("/components/{components}"));
        let near = nearest(
            name,
            names.into_iter().flat_map(Node::members).map(|(key, _)| key.name.as_str()),
        );
        let help = near.map_or_else(
            || format!("add `{name}` to `components/{components}`, or refer to one that is there"),
            |near| format!("did you mean `#/components/{components}/{near}`?"),
        );
        report.add(
            Rule::UnresolvedReference,
            reference.span,
            format!("`{text}` refers to nothing"),
            help,
        );
    }
}

/// A schema that contains itself through `$ref` and `allOf` alone describes nothing.
fn circles(report: &mut Report<'_>, visits: &[Visit<'_>]) {
    let root = &report.document.root;
    let schemas = root.pointer("/components/schemas").into_iter().flat_map(Node::members);
    let mut found = Vec::new();
    for (key, schema) in schemas {
        let own = format!("#/components/schemas/{}", escape(&key.name));
        let mut seen = HashSet::new();
        let mut open = vec![schema];
        while let Some(node) = open.pop() {
            if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
                if reference == own {
                    found.push((key.span, format!("`{}` is made of itself", key.name)));
                    break;
                }
                if seen.insert(reference) {
                    open.extend(report.document.resolve(reference));
                }
            }
            open.extend(node.get("allOf").into_iter().flat_map(Node::items));
        }
    }
    for visit in visits
        .iter()
        .filter(|visit| visit.object != Object::Schema && visit.node.get("$ref").is_some())
    {
        if report.document.follow(visit.node).is_none() && unfinished(report, visit.node) {
            found.push((visit.span, "these references lead in a circle".to_owned()));
        }
    }
    for (span, message) in found {
        report.add(
            Rule::CircularReference,
            span,
            message,
            "break the circle: one of the references must go",
        );
    }
}

/// Whether a chain of references fails because it never ends, rather than at a missing target.
fn unfinished(report: &Report<'_>, node: &Node) -> bool {
    let mut seen = HashSet::new();
    let mut next = node.get("$ref").and_then(Node::as_str);
    while let Some(reference) = next {
        if !seen.insert(reference) {
            return true;
        }
        next = report
            .document
            .resolve(reference)
            .and_then(|node| node.get("$ref"))
            .and_then(Node::as_str);
    }
    false
}

/// The targets of discriminators, as references.
fn mappings<'d>(visits: &[Visit<'d>]) -> Vec<(&'d Node, String)> {
    let targets = of_kind(visits, Object::Discriminator)
        .filter_map(|visit| visit.node.get("mapping"))
        .flat_map(Node::members);
    // OpenAPI 3.0.3, section 4.7.24: a mapping holds schema names or references.
    let reference = |text: &str| {
        if text.contains('/') {
            text.to_owned()
        } else {
            format!("#/components/schemas/{}", escape(text))
        }
    };
    targets.filter_map(|(_, node)| Some((node, reference(node.as_str()?)))).collect()
}

fn discriminators(report: &mut Report<'_>, visits: &[Visit<'_>]) {
    for (target, reference) in mappings(visits) {
        if report.document.resolve(&reference).is_none() {
            report.add(
                Rule::UnresolvedReference,
                target.span,
                format!("`{reference}` names no schema"),
                "name one of `components/schemas`",
            );
        }
    }
}

/// OpenAPI 3.0.3, section 4.7.7: names of components consist of letters, digits, `.`, `-` and `_`.
fn names(report: &mut Report<'_>) {
    let components = report.document.root.get("components").into_iter().flat_map(Node::members);
    for (key, _) in components.flat_map(|(_, named)| named.members()) {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if key.name.is_empty() || !key.name.bytes().all(fits) {
            report.add(
                Rule::ComponentName,
                key.span,
                format!("`{}` cannot be the name of a component", key.name),
                "use letters, digits, `.`, `-` and `_`",
            );
        }
    }
}

pub(super) fn unused(report: &mut Report<'_>, visits: &[Visit<'_>]) {
    let references =
        visits.iter().filter_map(|visit| visit.node.get("$ref")?.as_str().map(str::to_owned));
    let mapped = mappings(visits).into_iter().map(|(_, reference)| reference);
    let used: HashSet<String> = references.chain(mapped).collect();
    let components = report.document.root.get("components").into_iter().flat_map(Node::members);
    for (kind, named) in components.filter(|(kind, _)| kind.name != "securitySchemes") {
        for (key, _) in named.members() {
            let reference = format!("#/components/{}/{}", kind.name, escape(&key.name));
            if !used.contains(&reference) {
                report.add(
                    Rule::UnusedComponent,
                    key.span,
                    format!("nothing refers to `{}`", key.name),
                    "remove it, or refer to it where it was meant to be used",
                );
            }
        }
    }
}
