//! References lead somewhere, to the right kind of object, in this document, and not in circles.

use std::collections::HashSet;

use super::objects::Object;
use super::structure::{Visit, nearest};
use super::{Report, of_kind};
use crate::document::{Node, escape};

pub(super) fn check(report: &mut Report<'_>, visits: &[Visit<'_>]) {
    let mut used = HashSet::new();
    for visit in visits {
        let Some(reference) = visit.node.get("$ref") else { continue };
        let Some(components) = visit.object.components() else {
            report.add(
                "path-item-reference",
                reference.span,
                "a path item cannot be a reference here",
                "write the path item's operations in this place",
            );
            continue;
        };
        target(report, components, reference);
        if let Some(text) = reference.as_str() {
            used.insert(text.to_owned());
        }
    }
    circles(report, visits);
    discriminators(report, visits, &mut used);
    // A name that is misspelt where it is used would be reported twice.
    let resolved = report.findings.iter().all(|finding| !finding.rule.ends_with("-reference"));
    if report.house() && resolved {
        unused(report, &used);
    }
}

fn target(report: &mut Report<'_>, components: &str, reference: &Node) {
    let Some(text) = reference.as_str() else {
        return report.add(
            "unresolved-reference",
            reference.span,
            "a reference must be a string",
            format!("write `#/components/{components}/Name`"),
        );
    };
    if !text.starts_with('#') {
        return report.add(
            "remote-reference",
            reference.span,
            format!("`{text}` leads out of this document"),
            format!("copy what it names to `components/{components}`; nothing is fetched or read from elsewhere"),
        );
    }
    let Some(name) = text.strip_prefix(&format!("#/components/{components}/")) else {
        return report.add(
            "reference-target",
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
            "unresolved-reference",
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
        if report.resolve(visit.node).is_none() && unfinished(report, visit.node) {
            found.push((visit.span, "these references lead in a circle".to_owned()));
        }
    }
    for (span, message) in found {
        report.add(
            "circular-reference",
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

fn discriminators(report: &mut Report<'_>, visits: &[Visit<'_>], used: &mut HashSet<String>) {
    for visit in of_kind(visits, Object::Discriminator) {
        for (_, target) in visit.node.get("mapping").into_iter().flat_map(Node::members) {
            let Some(text) = target.as_str() else { continue };
            // OpenAPI 3.0.3, section 4.7.24: a mapping holds schema names or references.
            let reference = if text.contains('/') {
                text.to_owned()
            } else {
                format!("#/components/schemas/{}", escape(text))
            };
            if report.document.resolve(&reference).is_none() {
                report.add(
                    "unresolved-reference",
                    target.span,
                    format!("`{text}` names no schema"),
                    "name one of `components/schemas`",
                );
            }
            used.insert(reference);
        }
    }
}

fn unused(report: &mut Report<'_>, used: &HashSet<String>) {
    let components = report.document.root.get("components").into_iter().flat_map(Node::members);
    for (kind, named) in components.filter(|(kind, _)| kind.name != "securitySchemes") {
        for (key, _) in named.members() {
            let reference = format!("#/components/{}/{}", kind.name, escape(&key.name));
            if !used.contains(&reference) {
                report.add(
                    "unused-component",
                    key.span,
                    format!("nothing refers to `{}`", key.name),
                    "remove it, or refer to it where it was meant to be used",
                );
            }
        }
    }
}
