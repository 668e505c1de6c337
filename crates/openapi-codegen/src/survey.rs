//! What the generator makes of many documents: verdicts, and the rules that decide them.

mod compile;

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

pub use self::compile::Bench;
use crate::rule::{Product, Rule, Rules};
use crate::source::Finding;
use crate::spec::{self, Outputs, Spec};

/// What became of one document.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The file, relative to the surveyed folder.
    pub path: PathBuf,
    pub outcome: Outcome,
    pub time: Duration,
    /// The size of the document in bytes.
    pub size: u64,
    /// How many errors the compiler has in what is generated; `None` if that was not compiled.
    pub compile_errors: Option<usize>,
}

/// How the generator ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It came to its end.
    Generated {
        /// The bytes of generated code; `None` for a product that is withheld.
        client: Option<usize>,
        validator: Option<usize>,
        /// How many findings each rule has.
        errors: BTreeMap<Rule, usize>,
        warnings: BTreeMap<Rule, usize>,
    },
    /// It panicked, with this message on one line.
    Panicked(String),
}

impl Verdict {
    /// Whether a product is generated.
    pub fn has(&self, product: Product) -> bool {
        match (&self.outcome, product) {
            (Outcome::Generated { client, .. }, Product::Client) => client.is_some(),
            (Outcome::Generated { validator, .. }, Product::Validator) => validator.is_some(),
            (Outcome::Panicked(_), _) => false,
        }
    }

    fn rules(&self) -> [Option<&BTreeMap<Rule, usize>>; 2] {
        match &self.outcome {
            Outcome::Generated { errors, warnings, .. } => [Some(errors), Some(warnings)],
            Outcome::Panicked(_) => [None, None],
        }
    }
}

/// The documents of a folder and of the folders within: all files whose names end in `.yaml`, `.yml` or
/// `.json`, in the order of their paths.
pub fn documents(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let read = || format!("read {}", folder.display());
        for entry in folder.read_dir().with_context(read)? {
            let entry = entry.with_context(read)?;
            let path = entry.path();
            if entry.file_type().with_context(read)?.is_dir() {
                open.push(path);
            } else if matches!(
                path.extension().and_then(|name| name.to_str()),
                Some("yaml" | "yml" | "json")
            ) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Runs the generator on every document of a folder, on all processors, and writes what it generates
/// into the crate of a bench if there is one.
pub fn survey(folder: &Path, bench: Option<&Bench>) -> anyhow::Result<Survey> {
    let documents = documents(folder)?;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut verdicts = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = documents.get(number) else { return verdicts };
            let name = path.strip_prefix(folder).unwrap_or(path);
            let keep = bench.map(|bench| (bench, number));
            verdicts.push(judge(path, name, keep).map(|verdict| (number, verdict)));
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let verdicts: anyhow::Result<BTreeMap<usize, Verdict>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    let mut verdicts: Vec<Verdict> = verdicts?.into_values().collect();
    if let Some(bench) = bench {
        let accepted: Vec<usize> = (0..verdicts.len())
            .filter(|number| Product::ALL.iter().any(|product| verdicts[*number].has(*product)))
            .collect();
        let broken = bench.check(&accepted)?;
        for number in accepted {
            verdicts[number].compile_errors = Some(broken.get(&number).copied().unwrap_or(0));
        }
    }
    Ok(Survey { verdicts })
}

fn judge(path: &Path, name: &Path, keep: Option<(&Bench, usize)>) -> anyhow::Result<Verdict> {
    /// That of a main thread, in which the command runs.
    const STACK: usize = 8 << 20;
    let size = path.metadata().with_context(|| format!("read {}", path.display()))?.len();
    let start = Instant::now();
    // A panic ends this thread only.
    let run = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        thread.spawn_scoped(scope, || generate(path, keep)).map(thread::ScopedJoinHandle::join)
    });
    let outcome = match run.context("start a thread")? {
        Ok(outcome) => outcome?,
        Err(payload) => Outcome::Panicked(panic_text(payload.as_ref())),
    };
    let time = start.elapsed();
    Ok(Verdict { path: name.to_owned(), outcome, time, size, compile_errors: None })
}

fn generate(path: &Path, keep: Option<(&Bench, usize)>) -> anyhow::Result<Outcome> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let outputs = match Spec::load(path, &name, Rules::Generator)? {
        Ok(spec) => spec::outputs(&spec, &Product::ALL),
        Err(findings) => Outputs { findings, ..Outputs::default() },
    };
    if let Some((bench, number)) = keep {
        bench.write(number, &outputs)?;
    }
    let bytes =
        |files: &[crate::output::Output]| files.iter().map(|file| file.contents.len()).sum();
    let count = |is_error: bool| {
        let mut counts = BTreeMap::new();
        let findings = outputs.findings.iter().filter(|finding| finding.is_error() == is_error);
        for Finding { rule, .. } in findings {
            *counts.entry(*rule).or_default() += 1;
        }
        counts
    };
    Ok(Outcome::Generated {
        errors: count(true),
        warnings: count(false),
        client: outputs.client.as_ref().map(|client| bytes(&client.outputs)),
        validator: outputs.validator.as_deref().map(bytes),
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").replace(['\n', '\t'], " ")
}

/// The verdicts on all documents of a folder.
#[derive(Clone, Debug)]
pub struct Survey {
    pub verdicts: Vec<Verdict>,
}

impl Survey {
    /// One line for each document, with tabs between its columns.
    pub fn documents(&self) -> impl fmt::Display {
        let mut text =
            "document\tbytes\tms\tclient\tvalidator\tcompile errors\terrors\twarnings\n".to_owned();
        for verdict in &self.verdicts {
            let product = |product| if verdict.has(product) { "yes" } else { "no" };
            let list = |rules: Option<&BTreeMap<Rule, usize>>| {
                let rules = rules.into_iter().flatten();
                let rules: Vec<_> = rules.map(|(rule, count)| format!("{rule} {count}")).collect();
                rules.join(", ")
            };
            let [errors, warnings] = verdict.rules().map(list);
            let errors = match &verdict.outcome {
                Outcome::Panicked(message) => {
                    format!("panicked: {message}")
                }
                Outcome::Generated { .. } => errors,
            };
            text.push_str(&format!(
                "{}\t{}\t{}\t{}\t{}\t{}\t{errors}\t{warnings}\n",
                verdict.path.display(),
                verdict.size,
                verdict.time.as_millis(),
                product(Product::Client),
                product(Product::Validator),
                verdict.compile_errors.map_or_else(|| "-".to_owned(), |errors| errors.to_string()),
            ));
        }
        text
    }

    fn count(&self, fits: impl Fn(&Verdict) -> bool) -> usize {
        self.verdicts.iter().filter(|verdict| fits(verdict)).count()
    }

    /// How many documents each folder directly below the surveyed one has, and how many of them each
    /// product.
    fn by_folder(&self) -> BTreeMap<String, [usize; 3]> {
        let mut folders = BTreeMap::<String, [usize; 3]>::new();
        for verdict in &self.verdicts {
            let mut parts = verdict.path.components();
            let first = parts.next().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let folder = first.filter(|_| parts.next().is_some()).unwrap_or_else(|| ".".to_owned());
            let counts = folders.entry(folder).or_default();
            counts[0] += 1;
            counts[1] += usize::from(verdict.has(Product::Client));
            counts[2] += usize::from(verdict.has(Product::Validator));
        }
        folders
    }
}

/// The summary: what is generated, from which folders, and which rules withhold or warn.
impl fmt::Display for Survey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.verdicts.len();
        let share = |count: usize| format!("{count} ({})", percent(count, total));
        writeln!(formatter, "documents  {total}")?;
        for product in Product::ALL {
            let count = self.count(|verdict| verdict.has(product));
            writeln!(formatter, "{:<10} {}", product.name(), share(count))?;
        }
        let panics = self.count(|verdict| matches!(verdict.outcome, Outcome::Panicked(_)));
        writeln!(formatter, "panics     {panics}")?;
        let built = self.count(|verdict| verdict.compile_errors.is_some());
        if built > 0 {
            let sound = self.count(|verdict| verdict.compile_errors == Some(0));
            writeln!(formatter, "compile    {sound} of {built}")?;
        }
        let time: Duration = self.verdicts.iter().map(|verdict| verdict.time).sum();
        let size: u64 = self.verdicts.iter().map(|verdict| verdict.size).sum();
        writeln!(formatter, "time       {} ms for {} kB", time.as_millis(), size / 1000)?;
        if let Some(slowest) = self.verdicts.iter().max_by_key(|verdict| verdict.time) {
            let (time, path) = (slowest.time.as_millis(), slowest.path.display());
            writeln!(formatter, "slowest    {time} ms, {path}")?;
        }
        writeln!(
            formatter,
            "\n{:<40} {:>9} {:>9} {:>9}",
            "folder", "documents", "client", "validator"
        )?;
        for (folder, [documents, client, validator]) in self.by_folder() {
            writeln!(formatter, "{folder:<40} {documents:>9} {client:>9} {validator:>9}")?;
        }
        for (index, title) in ["error", "warning"].into_iter().enumerate() {
            writeln!(
                formatter,
                "\n{title:<40} {:>9} {:>9} {:>9}",
                "documents", "findings", "alone"
            )?;
            let rules: BTreeSet<Rule> = self
                .verdicts
                .iter()
                .filter_map(|verdict| verdict.rules()[index])
                .flat_map(BTreeMap::keys)
                .copied()
                .collect();
            let mut rows: Vec<_> = rules
                .into_iter()
                .map(|rule| {
                    let of = |verdict: &Verdict| {
                        verdict.rules()[index].and_then(|rules| rules.get(&rule)).copied()
                    };
                    let alone = |verdict: &Verdict| {
                        of(verdict).is_some()
                            && verdict.rules()[index].is_some_and(|rules| rules.len() == 1)
                    };
                    let findings: usize = self.verdicts.iter().filter_map(of).sum();
                    (self.count(|verdict| of(verdict).is_some()), findings, self.count(alone), rule)
                })
                .collect();
            rows.sort_by(|one, other| other.0.cmp(&one.0).then(one.3.cmp(&other.3)));
            for (documents, findings, alone, rule) in rows {
                writeln!(formatter, "{:<40} {documents:>9} {findings:>9} {alone:>9}", rule.name())?;
            }
        }
        for verdict in &self.verdicts {
            if let Some(errors) = verdict.compile_errors.filter(|errors| *errors > 0) {
                let path = verdict.path.display();
                writeln!(formatter, "\ncompile errors in what {path} becomes: {errors}")?;
            }
        }
        for verdict in &self.verdicts {
            if let Outcome::Panicked(message) = &verdict.outcome {
                writeln!(formatter, "\npanic in {}: {message}", verdict.path.display())?;
            }
        }
        Ok(())
    }
}

/// A share in percent, with one decimal, rounded down: only all are 100 %.
fn percent(count: usize, total: usize) -> String {
    let tenths = (count * 1000).checked_div(total).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}
