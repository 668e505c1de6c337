//! Surveys as text: a summary, or a line for each document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use super::{Outcome, Survey, Verdict};
use crate::rule::{Product, Rule};

/// Who takes documents: a name, and whether a document is taken.
type Taker = (&'static str, fn(&Verdict) -> bool);

impl Survey {
    /// One line for each document, with tabs between its columns.
    pub fn documents(&self) -> impl fmt::Display {
        let mut text =
            "document\tbytes\tms\tright\tclient\tvalidator\tpeer\toperations\tleft out\t\
                        compile errors\terrors\twarnings\n"
                .to_owned();
        for verdict in &self.verdicts {
            let list = |rules: Option<&BTreeMap<Rule, usize>>| {
                let rules = rules.into_iter().flatten();
                let rules: Vec<_> = rules.map(|(rule, count)| format!("{rule} {count}")).collect();
                rules.join(", ")
            };
            let [errors, warnings] = verdict.rules().map(list);
            let errors = match &verdict.outcome {
                Outcome::Panicked(message) => format!("panicked: {message}"),
                Outcome::Generated { .. } => errors,
            };
            let compiled = match verdict.compiled.len() {
                0 => "-".to_owned(),
                _ => verdict.compile_errors().to_string(),
            };
            let columns = [
                verdict.path.display().to_string(),
                verdict.size.to_string(),
                verdict.time.as_millis().to_string(),
                yes(verdict.is_right()),
                yes(verdict.has(Product::Client)),
                yes(verdict.has(Product::Validator)),
                verdict.peer.map_or_else(|| "-".to_owned(), |(takes, _)| yes(takes)),
                verdict.operations().to_string(),
                verdict.omissions().len().to_string(),
                compiled,
                errors,
                warnings,
            ];
            text.push_str(&columns.join("\t"));
            text.push('\n');
        }
        text
    }

    fn takers(&self) -> Vec<Taker> {
        let mut takers: Vec<Taker> = vec![
            ("client", |verdict| verdict.has(Product::Client)),
            ("validator", |verdict| verdict.has(Product::Validator)),
        ];
        if self.verdicts.iter().any(|verdict| verdict.peer.is_some()) {
            takers.push(("peer", |verdict| verdict.peer.is_some_and(|(takes, _)| takes)));
        }
        takers
    }

    /// The verdicts on the documents of each folder directly below the surveyed one.
    fn folders(&self) -> BTreeMap<String, Vec<&Verdict>> {
        let mut folders = BTreeMap::<String, Vec<&Verdict>>::new();
        for verdict in &self.verdicts {
            let mut parts = verdict.path.components();
            let first = parts.next().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let folder = first.filter(|_| parts.next().is_some()).unwrap_or_else(|| ".".to_owned());
            folders.entry(folder).or_default().push(verdict);
        }
        folders
    }

    fn totals(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<&Verdict> = self.verdicts.iter().collect();
        let right: Vec<&Verdict> = right(&all).collect();
        writeln!(formatter, "{:<10} {:>16} {:>16}", "", "all", "right by OpenAPI")?;
        writeln!(formatter, "{:<10} {:>16} {:>16}", "documents", all.len(), right.len())?;
        for (name, takes) in self.takers() {
            let share = |verdicts: &[&Verdict]| {
                let count = verdicts.iter().filter(|verdict| takes(verdict)).count();
                format!("{count} ({})", percent(count, verdicts.len()))
            };
            writeln!(formatter, "{name:<10} {:>16} {:>16}", share(&all), share(&right))?;
        }
        let operations =
            |verdicts: &[&Verdict]| verdicts.iter().map(|verdict| verdict.operations()).sum();
        let (of_all, of_right): (usize, usize) = (operations(&all), operations(&right));
        writeln!(formatter, "{:<10} {of_all:>16} {of_right:>16}", "operations")?;
        let share = |verdicts: &[&Verdict], total| {
            let count = verdicts.iter().map(|verdict| verdict.omissions().len()).sum();
            format!("{count} ({})", percent(count, total))
        };
        let (of_all, of_right) = (share(&all, of_all), share(&right, of_right));
        writeln!(formatter, "{:<10} {of_all:>16} {of_right:>16}", "left out")?;
        let panics = all.iter().filter(|verdict| matches!(verdict.outcome, Outcome::Panicked(_)));
        writeln!(formatter, "{:<10} {:>16}", "panics", panics.count())?;
        for product in Product::ALL {
            let compiled = all.iter().filter_map(|verdict| verdict.compiled.get(&product));
            let (built, sound) = compiled.fold((0, 0), |(built, sound), errors| {
                (built + 1, sound + usize::from(errors.is_empty()))
            });
            if built > 0 {
                let name = product.name();
                writeln!(formatter, "compiled   {sound} of {built} modules of the {name}")?;
            }
        }
        let time: Duration = all.iter().map(|verdict| verdict.time).sum();
        let size: u64 = all.iter().map(|verdict| verdict.size).sum();
        writeln!(formatter, "time       {} ms for {} kB", time.as_millis(), size / 1000)?;
        let peer: Duration = all.iter().filter_map(|verdict| Some(verdict.peer?.1)).sum();
        if !peer.is_zero() {
            writeln!(formatter, "peer       {} ms", peer.as_millis())?;
        }
        if let Some(slowest) = all.iter().max_by_key(|verdict| verdict.time) {
            let (time, path) = (slowest.time.as_millis(), slowest.path.display());
            writeln!(formatter, "slowest    {time} ms, {path}")?;
        }
        Ok(())
    }

    fn by_folder(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let takers = self.takers();
        write!(formatter, "\n{:<40} {:>9} {:>9}", "folder", "documents", "right")?;
        for (name, _) in &takers {
            write!(formatter, " {name:>9}")?;
        }
        writeln!(formatter, " {:>10} {:>9}", "operations", "left out")?;
        for (folder, verdicts) in self.folders() {
            let right: Vec<&Verdict> = right(&verdicts).collect();
            write!(formatter, "{folder:<40} {:>9} {:>9}", verdicts.len(), right.len())?;
            for (_, takes) in &takers {
                let count = right.iter().filter(|verdict| takes(verdict)).count();
                write!(formatter, " {count:>9}")?;
            }
            let operations: usize = right.iter().map(|verdict| verdict.operations()).sum();
            let omissions: usize = right.iter().map(|verdict| verdict.omissions().len()).sum();
            writeln!(formatter, " {operations:>10} {omissions:>9}")?;
        }
        writeln!(formatter, "(all but the first column: of the documents that are right)")
    }

    fn by_rule(&self, index: usize, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = ["error", "warning"][index];
        writeln!(
            formatter,
            "\n{title:<24} {:<12} {:>9} {:>9} {:>9}",
            "OpenAPI", "documents", "findings", "alone"
        )?;
        let of = |verdict: &Verdict, rule| {
            verdict.rules()[index].and_then(|rules| rules.get(&rule)).copied()
        };
        let known = self.verdicts.iter().filter_map(|verdict| verdict.rules()[index]);
        let rules: BTreeSet<Rule> = known.flat_map(BTreeMap::keys).copied().collect();
        let mut rows: Vec<_> = rules
            .into_iter()
            .map(|rule| {
                let with = || self.verdicts.iter().filter(|verdict| of(verdict, rule).is_some());
                let is_alone = |verdict: &&Verdict| {
                    verdict.rules()[index].is_some_and(|rules| rules.len() == 1)
                };
                let findings: usize = with().filter_map(|verdict| of(verdict, rule)).sum();
                (with().count(), findings, with().filter(is_alone).count(), rule)
            })
            .collect();
        rows.sort_by(|one, other| other.0.cmp(&one.0).then(one.3.cmp(&other.3)));
        for (documents, findings, alone, rule) in rows {
            let standing = if rule.is_forbidden() { "forbidden" } else { "permitted" };
            writeln!(
                formatter,
                "{:<24} {standing:<12} {documents:>9} {findings:>9} {alone:>9}",
                rule.name()
            )?;
        }
        Ok(())
    }

    fn by_reason(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 76;
        let mut reasons = BTreeMap::<String, (usize, BTreeSet<usize>)>::new();
        for (number, verdict) in self.verdicts.iter().enumerate() {
            for omission in verdict.omissions() {
                let reason = omission.reason.lines().next().unwrap_or_default();
                let reason = reason.chars().take(LONGEST).collect();
                let (operations, documents) = reasons.entry(reason).or_default();
                *operations += 1;
                documents.insert(number);
            }
        }
        if reasons.is_empty() {
            return Ok(());
        }
        let title = "left out by the client";
        writeln!(formatter, "\n{title:<LONGEST$} {:>10} {:>9}", "operations", "documents")?;
        let mut rows: Vec<_> = reasons.into_iter().collect();
        rows.sort_by(|one, other| other.1.0.cmp(&one.1.0).then(one.0.cmp(&other.0)));
        for (reason, (operations, documents)) in rows {
            writeln!(formatter, "{reason:<LONGEST$} {operations:>10} {:>9}", documents.len())?;
        }
        Ok(())
    }

    /// What needs a look: refusals of what is right, errors of the compiler, and panics.
    fn faults(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for verdict in &self.verdicts {
            let path = verdict.path.display();
            let missing: Vec<&str> = Product::ALL
                .into_iter()
                .filter(|product| !verdict.has(*product))
                .map(Product::name)
                .collect();
            match &verdict.outcome {
                Outcome::Panicked(message) => writeln!(formatter, "\npanic in {path}: {message}")?,
                Outcome::Generated { errors, .. } if verdict.is_right() && !missing.is_empty() => {
                    let rules: Vec<&str> = errors.keys().map(|rule| rule.name()).collect();
                    let (missing, rules) = (missing.join(", "), rules.join(", "));
                    writeln!(formatter, "\nright, and no {missing} of {path}: {rules}")?;
                }
                Outcome::Generated { .. } => {}
            }
            for (product, errors) in verdict.compiled.iter().filter(|(_, all)| !all.is_empty()) {
                let codes: Vec<String> =
                    errors.iter().map(|(code, count)| format!("{code} {count}")).collect();
                let (product, codes) = (product.name(), codes.join(", "));
                writeln!(formatter, "\ncompile errors in the {product} of {path}: {codes}")?;
            }
        }
        Ok(())
    }
}

/// The summary: what is generated, from which folders, and which rules withhold or warn.
impl fmt::Display for Survey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.totals(formatter)?;
        self.by_folder(formatter)?;
        self.by_rule(0, formatter)?;
        self.by_rule(1, formatter)?;
        self.by_reason(formatter)?;
        self.faults(formatter)
    }
}

fn right<'v>(verdicts: &[&'v Verdict]) -> impl Iterator<Item = &'v Verdict> {
    verdicts.iter().copied().filter(|verdict| verdict.is_right())
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// A share in percent, with one decimal, rounded down: only all are 100 %.
fn percent(count: usize, total: usize) -> String {
    let tenths = (count * 1000).checked_div(total).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}
