//! Reads the JSON that rustdoc makes of a crate.
//!
//! - `public-items FILE` prints the public items, one per line and sorted by path. `.ci/public-api`
//!   compares this output with the lists in this folder.
//! - `public-items --examples LEAST FILE..` counts the items that have an example, prints those
//!   without, and fails if a crate has less than LEAST percent. `.ci/examples` calls this command.
//!
//! Items with `#[doc(hidden)]` are not part of that JSON. Blanket implementations of other crates
//! are left out. So are implementations that the compiler adds by itself (`Send`, `Sync` and the
//! like), because `tests/tests/static_properties.rs` checks them.

mod examples;

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use public_api::PublicApi;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match *arguments {
        ["--examples", least, ref files @ ..] if !files.is_empty() => count_examples(least, files),
        [file] => list(Path::new(file)).map(|()| true),
        _ => Err("usage: public-items FILE, or public-items --examples LEAST FILE..".into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn list(file: &Path) -> Result<(), Box<dyn Error>> {
    // Sorted by path, with methods and implementations below their type. `public_api` lists an
    // implementation once for each path of its type, so repeats are dropped.
    let mut seen = BTreeSet::new();
    let items = public_items(file)?;
    let lines = items.items().map(ToString::to_string);
    lines.filter(|line| seen.insert(line.clone())).for_each(|line| println!("{line}"));
    Ok(())
}

fn count_examples(least: &str, files: &[&str]) -> Result<bool, Box<dyn Error>> {
    let least: usize = least.parse().map_err(|error| format!("`{least}` is not a percentage: {error}"))?;
    let crates = examples::count(files)?;
    let mut enough = true;
    for counted in &crates {
        enough &= counted.reaches(least);
        print!("{}", counted.missing());
    }
    println!();
    for counted in &crates {
        println!("{}", counted.summary(least));
    }
    Ok(enough)
}

fn public_items(file: &Path) -> Result<PublicApi, Box<dyn Error>> {
    let items = public_api::Builder::from_rustdoc_json(file).omit_auto_trait_impls(true).omit_blanket_impls(true);
    Ok(items.build().map_err(|error| format!("{}: {error}", file.display()))?)
}
