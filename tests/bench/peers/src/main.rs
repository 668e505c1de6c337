//! Time per document, ours and others', from raw bytes:
//!
//! ```sh
//! npm ci --prefix tests/bench/peers   # for ajv and Blaze; without it they are left out
//! cargo run --release --manifest-path tests/bench/peers/Cargo.toml
//! ```
//!
//! All contenders take turns on the same documents. In a round each of them works for a few
//! milliseconds; what is printed is the median over the rounds, of its time and of its time divided by
//! ours in the same round.
//!
//! `Order.json` and `AsyncOrder.json` are the schemas of the two responses, as
//! `cargo run -p openapi-codegen --example json_schema -- openapi/tango-orders.yaml Order` prints them.

mod contenders;
mod elsewhere;

use std::cell::RefCell;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use tango_orders_validator::Schema;
use validator_bench::{Set, archive, sets};

use contenders::{Contender, compiled, contenders};
use elsewhere::{Ajv, Blaze, FOLDER};

const ROUNDS: usize = 15;
/// How long one contender works in one round, roughly.
const TURN: Duration = Duration::from_millis(8);
/// How many orders the archive has, and how often it is read.
const ARCHIVE: (usize, usize) = (100_000, 3);

/// What one contender does in a round.
struct Turns<'t> {
    name: &'static str,
    /// Nanoseconds per document, or seconds for the archive.
    take: Box<dyn FnMut(usize) -> Result<f64, String> + 't>,
}

fn main() -> Result<(), String> {
    // Names of sets, as in `… -- order 'page of 100' archive`; without any, everything.
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for set in sets().iter().filter(|set| wanted(set.name)) {
        compare(set, folder.path())?;
    }
    if wanted("archive") {
        compare_on_archive(folder.path())?;
    }
    Ok(())
}

fn compare(set: &Set, folder: &Path) -> Result<(), String> {
    let documents = set.documents();
    let bytes: usize = documents.iter().map(Vec::len).sum();
    println!("\n{}: {} documents of {} bytes", set.name, documents.len(), bytes / documents.len());
    let (schema, path) = (set.schema(), schema_file(set.schema()));
    let values: Vec<Value> =
        documents.iter().map(|document| serde_json::from_slice(document).unwrap()).collect();
    let ajv = left_out("ajv", load_ajv(set, &documents, folder)).map(RefCell::new);
    // Of an invalid document, its command looks for all errors and prints them.
    let blaze =
        if set.is_valid { left_out("Blaze", Blaze::load(&path, folder, &documents)) } else { None };

    let mut turns = Vec::new();
    for mut contender in contenders(schema, &read_schema(&path)) {
        for document in &documents {
            let expected = set.is_valid || !contender.validates;
            assert_eq!((contender.run)(document), expected, "{} on {}", contender.name, set.name);
        }
        let documents = &documents;
        turns.push(Turns {
            name: contender.name,
            take: Box::new(move |round| {
                // A round goes on where the one before stopped.
                let run = |index: usize| (contender.run)(black_box(documents[index].as_slice()));
                Ok(turn(documents.len(), round * 1000, run))
            }),
        });
    }
    turns.push(Turns {
        name: "only validating: jsonschema macro",
        take: Box::new(|round| {
            let run = |index: usize| compiled(schema, black_box(&values[index]));
            Ok(turn(values.len(), round * 1000, run))
        }),
    });
    if let Some(ajv) = &ajv {
        turns.push(Turns {
            name: "JSON.parse + ajv (Node)",
            take: Box::new(|_| ajv.borrow_mut().turn("whole", TURN)),
        });
        turns.push(Turns {
            name: "only validating: ajv (Node)",
            take: Box::new(|_| ajv.borrow_mut().turn("parsed", TURN)),
        });
    }
    if let Some(blaze) = &blaze {
        turns.push(Turns { name: "Blaze (its command)", take: Box::new(|_| blaze.whole()) });
        turns.push(Turns { name: "only validating: Blaze", take: Box::new(|_| blaze.parsed()) });
    }
    for (name, time, ratio) in take_turns(&mut turns, ROUNDS)? {
        let speed = bytes as f64 / documents.len() as f64 / time;
        println!("  {name:<40}{time:>12.0} ns{speed:>8.2} GB/s{ratio:>8.2} ×");
    }
    Ok(())
}

/// Hands the documents to ajv, and checks its verdicts.
fn load_ajv(set: &Set, documents: &[Vec<u8>], folder: &Path) -> Result<Ajv, String> {
    let file = folder.join("documents");
    fs::write(&file, documents.concat()).map_err(|error| error.to_string())?;
    let mut ajv = Ajv::start()?;
    let lengths: Vec<usize> = documents.iter().map(Vec::len).collect();
    let verdicts = ajv.load(&schema_file(set.schema()), &file, &lengths)?;
    assert!(verdicts.iter().all(|verdict| *verdict == set.is_valid), "ajv on {}", set.name);
    Ok(ajv)
}

/// Orders in a file, one a line, more than the caches hold. Each contender reads it a line at a time.
fn compare_on_archive(folder: &Path) -> Result<(), String> {
    let (count, rounds) = ARCHIVE;
    let (file, path) = (folder.join("archive.jsonl"), schema_file(Schema::Order));
    let written = File::create(&file).map(BufWriter::new).and_then(|mut writer| {
        archive(count).try_for_each(|line| writer.write_all(&line))?;
        writer.flush()
    });
    written.map_err(|error| format!("can't write the archive: {error}"))?;
    let bytes = fs::metadata(&file).map_err(|error| error.to_string())?.len() as f64;
    println!("\narchive: {count} orders in a file of {:.0} MB", bytes / 1e6);
    let reading =
        Contender { name: "only reading the lines", validates: false, run: Box::new(|_| true) };
    let mut turns = Vec::new();
    for mut contender in contenders(Schema::Order, &read_schema(&path)).into_iter().chain([reading])
    {
        let file = &file;
        turns.push(Turns {
            name: contender.name,
            take: Box::new(move |_| pass(file, count, &mut contender)),
        });
    }
    if let Some(mut ajv) = left_out("ajv", Ajv::start()) {
        let (file, path) = (&file, &path);
        turns.push(Turns {
            name: "JSON.parse + ajv (Node)",
            take: Box::new(move |_| ajv.archive(path, file)),
        });
    }
    // The first reading is for the check that all is there.
    if left_out("Blaze", Blaze::archive(&path, &file)).is_some() {
        turns.push(Turns {
            name: "Blaze (its command)",
            take: Box::new(|_| Blaze::archive(&path, &file)),
        });
    }
    for (name, time, ratio) in take_turns(&mut turns, rounds)? {
        println!("  {name:<40}{time:>12.3} s{:>9.2} GB/s{ratio:>8.2} ×", bytes / time / 1e9);
    }
    Ok(())
}

/// Seconds for all lines of a file.
fn pass(file: &Path, count: usize, contender: &mut Contender) -> Result<f64, String> {
    let start = Instant::now();
    let file = File::open(file).map_err(|error| error.to_string())?;
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut line, mut passed) = (Vec::new(), 0);
    while reader.read_until(b'\n', &mut line).map_err(|error| error.to_string())? > 0 {
        passed += usize::from((contender.run)(black_box(&line)));
        line.clear();
    }
    assert_eq!(passed, count, "{}", contender.name);
    Ok(start.elapsed().as_secs_f64())
}

/// Nanoseconds per document.
fn turn(count: usize, first: usize, mut run: impl FnMut(usize) -> bool) -> f64 {
    let start = Instant::now();
    let mut done = 0;
    while start.elapsed() < TURN {
        for _ in 0..count.min(50) {
            black_box(run((first + done) % count));
            done += 1;
        }
    }
    start.elapsed().as_secs_f64() * 1e9 / done as f64
}

/// The name of each contender, the median of its times, and of its times divided by the first one's.
fn take_turns(turns: &mut [Turns], rounds: usize) -> Result<Vec<(&'static str, f64, f64)>, String> {
    let mut times = vec![Vec::new(); turns.len()];
    for round in 0..rounds {
        for (turns, times) in turns.iter_mut().zip(&mut times) {
            times.push((turns.take)(round).map_err(|error| format!("{}: {error}", turns.name))?);
        }
    }
    let row = |(turns, own): (&Turns, &Vec<f64>)| {
        let ratios = own.iter().zip(&times[0]).map(|(time, ours)| time / ours).collect();
        (turns.name, median(own.clone()), median(ratios))
    };
    Ok(turns.iter().zip(&times).map(row).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Says why a contender is left out.
fn left_out<T>(name: &str, contender: Result<T, String>) -> Option<T> {
    contender.inspect_err(|reason| println!("  {name} is left out: {reason}")).ok()
}

fn schema_file(schema: Schema) -> PathBuf {
    let name = if schema == Schema::Order { "Order.json" } else { "AsyncOrder.json" };
    Path::new(FOLDER).join(name)
}

fn read_schema(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the schema is there")).expect("and is JSON")
}
