//! What the generator makes of many documents: verdicts, and the rules that decide them.

mod compile;
mod peer;
mod table;
mod verdict;

use std::any::Any;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, ensure};

pub use self::compile::Bench;
pub use self::peer::Peer;
pub use self::verdict::{Outcome, Survey, Verdict};
use crate::rule::{Product, Rules};
use crate::source::Finding;
use crate::spec::{self, Outputs, Spec};

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

/// Runs the generator on every document of a folder, on all processors; lets a peer do the same; and
/// compiles what is generated in a bench.
pub fn survey(folder: &Path, bench: Option<&Bench>, peer: Option<&Peer>) -> anyhow::Result<Survey> {
    let documents = documents(folder)?;
    ensure!(!documents.is_empty(), "find a document in {}", folder.display());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut verdicts = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = documents.get(number) else { return verdicts };
            let name = path.strip_prefix(folder).unwrap_or(path);
            let keep = bench.map(|bench| (bench, number));
            let verdict = judge(path, name, keep).and_then(|verdict| {
                let peer = peer.map(|peer| peer.run(path)).transpose()?;
                Ok((number, Verdict { peer, ..verdict }))
            });
            verdicts.push(verdict);
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let verdicts: anyhow::Result<BTreeMap<usize, Verdict>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    let mut verdicts: Vec<Verdict> = verdicts?.into_values().collect();
    if let Some(bench) = bench {
        let sizes = verdicts.iter().enumerate().flat_map(|(number, verdict)| {
            Product::ALL
                .into_iter()
                .filter_map(move |product| Some(((number, product), verdict.bytes(product)?)))
        });
        for ((number, product), errors) in bench.check(&sizes.collect::<Vec<_>>())? {
            verdicts[number].compiled.insert(product, errors);
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
    let path = name.to_owned();
    Ok(Verdict { path, outcome, time, size, compiled: BTreeMap::new(), peer: None })
}

fn generate(path: &Path, keep: Option<(&Bench, usize)>) -> anyhow::Result<Outcome> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut operations = 0;
    let outputs = match Spec::load(path, &name, Rules::Generator)? {
        Ok(spec) => {
            operations = spec.document.operations().count();
            spec::outputs(&spec, &Product::ALL)
        }
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
    let client = outputs.client.as_ref();
    Ok(Outcome::Generated {
        errors: count(true),
        warnings: count(false),
        client: client.map(|client| bytes(&client.outputs)),
        validator: outputs.validator.as_deref().map(bytes),
        operations,
        omissions: client.map_or_else(Vec::new, |client| client.omissions.clone()),
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").replace(['\n', '\t'], " ")
}
