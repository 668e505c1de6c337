//! References lead somewhere, to the right kind of object, in this document, and not in circles.

use std::collections::{HashMap, HashSet};

use super::structure::{Visit, nearest};
use super::{Report, of_kind};
use crate::rule::Rule;
use crate::source::{Node, Unresolved, as_written, escape};
use crate::vocabulary::Object;

pub(super) fn check<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
    let kinds = visits.iter().map(|visit| (std::ptr::from_ref(visit.node), visit.object)).collect();
    for visit in visits {
        if let Some(reference) = visit.node.get("$ref") {
            target(report, &kinds, visit.object, reference);
        }
    }
    circles(report, visits);
    discriminators(report, visits);
    if report.house() {
        names(report);
    }
}

fn target(
    report: &mut Report<'_>,
    kinds: &HashMap<*const Node, Object>,
    object: Object,
    reference: &Node,
) {
    let section =
        object.components().map_or("paths".to_owned(), |name| format!("components/{name}"));
    let Some(text) = reference.as_str() else {
        return report.add(
            Rule::UnresolvedReference,
            reference.span,
            "a reference must be a string",
            format!("write `'#/{section}/Name'` in quotes; without, YAML takes `#` for a comment"),
        );
    };
    let shown = as_written(text);
    let bare = text.trim_start_matches('/');
    if bare.starts_with(&format!("{section}/")) {
        return report.add(
            Rule::ReferenceTarget,
            reference.span,
            format!("`{text}` lacks the mark of a reference within this document"),
            format!("did you mean `#/{bare}`?"),
        );
    }
    if !text.starts_with('#') {
        return report.add(
            Rule::RemoteReference,
            reference.span,
            format!("`{text}` leads out of this document"),
            if report.house() {
                format!("copy what it names to `{section}`; this document is one file")
            } else {
                format!(
                    "put the file into the folder of the document and refer to that by its path, or copy what \
                     is meant to `{section}`; nothing is fetched"
                )
            },
        );
    }
    let name = text.strip_prefix(&format!("#/{section}/"));
    if report.house() && name.is_none_or(|name| name.contains('/')) {
        // Deeper parts of a component have no name that a type could get.
        return report.add(
            Rule::ReferenceTarget,
            reference.span,
            format!("`{text}` does not name one of `{section}`"),
            format!("give the target a name under `{section}` and refer to that"),
        );
    }
    let Some(node) = report.document.resolve(text) else {
        let names = report.document.root.pointer(&format!("/{section}"));
        let names = names.into_iter().flat_map(Node::members).map(|(key, _)| key.name.as_str());
        let near = name.and_then(|name| nearest(name, names));
        return report.add(
            Rule::UnresolvedReference,
            reference.span,
            format!("`{shown}` refers to nothing"),
            near.map_or_else(
                || format!("add what it names to `{section}`, or refer to what is there"),
                |near| format!("did you mean `#/{section}/{near}`?"),
            ),
        );
    };
    if kinds.get(&std::ptr::from_ref(node)) != Some(&object) {
        report.add(
            Rule::ReferenceTarget,
            reference.span,
            format!("`{shown}` does not name {}", object.name()),
            format!("refer to one of `{section}`"),
        );
    }
}

/// What describes itself without an end: references in a circle, and schemas that apply themselves
/// to the same value.
fn circles<'d>(report: &mut Report<'d>, visits: &[Visit<'d>]) {
    let mut seen = HashMap::new();
    for visit in visits.iter().filter(|visit| visit.object == Object::Schema) {
        circles_from(report, visit.node, &mut seen);
    }
    for visit in visits.iter().filter(|visit| visit.object != Object::Schema) {
        let is_reference = visit.node.get("$ref").is_some();
        if is_reference
            && report.document.target(String::new(), visit.node).err() == Some(Unresolved::Circle)
        {
            report.add(
                Rule::CircularReference,
                visit.span,
                "these references lead in a circle",
                "break the circle: one of the references must go",
            );
        }
    }
}

/// Whether a schema's parts are all known, or just being looked at.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    Open,
    Done,
}

/// A search in depth over all schemas that apply to the same value, each of which is met once. It
/// holds its own stack, because chains of references are as long as the document likes.
fn circles_from<'d>(
    report: &mut Report<'d>,
    start: &'d Node,
    seen: &mut HashMap<*const Node, Progress>,
) {
    let mut stack = vec![(start, false)];
    while let Some((node, is_done)) = stack.pop() {
        if is_done {
            seen.insert(node, Progress::Done);
            continue;
        }
        if seen.contains_key(&std::ptr::from_ref(node)) {
            continue;
        }
        seen.insert(node, Progress::Open);
        stack.push((node, true));
        if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
            let Some(target) = report.document.resolve(reference) else { continue };
            if seen.get(&std::ptr::from_ref(target)) == Some(&Progress::Open) {
                report.add(
                    Rule::CircularReference,
                    node.get("$ref").map_or(node.span, |reference| reference.span),
                    format!("through `{}`, a schema is made of itself", as_written(reference)),
                    "break the circle: refer to it from a member or an item, or not at all",
                );
            }
            stack.push((target, false));
            continue;
        }
        let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| node.get(name));
        stack.extend(parts.flat_map(Node::items).chain(node.get("not")).map(|part| (part, false)));
    }
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
