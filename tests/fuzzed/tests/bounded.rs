//! Runs every entry on its seeds, and on as many seeded inputs as an ordinary test run allows.
//!
//! A failure prints the input, and how to run it alone.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::Instant;

use scopes_fuzzed::{ENTRIES, Entry, Random, Reached, reached};

/// The seeds of a target, by file name. Every target has some.
fn seeds(entry: &Entry) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(entry.name);
    let files = fs::read_dir(&folder).expect("every target has a folder of seeds");
    let seeds: BTreeMap<String, Vec<u8>> = files
        .map(|file| file.expect("a folder can be read"))
        .map(|file| {
            (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).expect("a seed can be read"))
        })
        .collect();
    assert!(!seeds.is_empty(), "no seeds for {}", entry.name);
    seeds
}

/// The pieces that mutations insert: the same dictionary that libFuzzer gets.
fn dictionary() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/dictionary.txt");
    let text = fs::read_to_string(path).expect("there is a dictionary");
    let lines = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    lines.map(|line| line.replace("\\\"", "\"").replace("\\x0a", "\n").replace("\\\\", "\\")).collect()
}

fn run(entry: &Entry, input: &[u8], origin: &str) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (entry.run)(input))) {
        eprintln!("\n{} failed, {origin}, on this input:\n{}\n", entry.name, input.escape_ascii());
        resume_unwind(panic);
    }
}

fn bounded(name: &str) {
    let entry = ENTRIES.iter().find(|entry| entry.name == name).expect("there is such an entry");
    let dictionary = dictionary();
    let dictionary: Vec<&str> = dictionary.iter().map(String::as_str).collect();
    let seeds = seeds(entry);
    for (file, seed) in &seeds {
        run(entry, seed, &format!("seed {file}"));
    }
    let seeds: Vec<&[u8]> = seeds.values().map(Vec::as_slice).collect();
    let _ = reached();
    let started = Instant::now();
    for number in 0..entry.inputs {
        let mut random = Random::new(number as u64);
        let input = match number % 4 {
            0 => random.clone().mutated(random.pick(&seeds), &dictionary),
            1 if number % 8 == 1 => {
                let generated = (entry.generate)(&mut random);
                random.mutated(&generated, &dictionary)
            }
            _ => (entry.generate)(&mut random),
        };
        run(entry, &input, &format!("input {number}"));
    }
    let reached = reached();
    println!("{name}: {} inputs in {:?} reached {reached:?}", entry.inputs, started.elapsed());
    deep_enough(entry, &reached);
}

/// Fails if inputs did not reach these states: a run whose inputs are all refused at the first
/// check proves nothing.
fn deep_enough(entry: &Entry, reached: &Reached) {
    for (state, least) in entry.reaches {
        let times = reached.get(state).copied().unwrap_or_default();
        assert!(times >= *least, "{}: `{state}` was reached {times} times, not {least}", entry.name);
    }
}

macro_rules! runs {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            bounded(stringify!($name));
        })*

        #[test]
        fn every_entry_is_run() {
            let names: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
            for name in names {
                let target = format!("../../fuzz/fuzz_targets/{name}.rs");
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(target).exists(), "no target {name} in `fuzz`");
            }
        }
    };
}

runs! {
    route_grammar compiler matcher challenge headers credentials scope_list claims token catalogue_json openapi openapi_merge usage requirement dsl
}
