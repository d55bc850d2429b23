//! `public-items FILE`: prints the public items of a crate, one a line and sorted by path, from the
//! JSON that rustdoc made of it.
//!
//! Items with `#[doc(hidden)]` are not part of that JSON. Implementations that the compiler adds by
//! itself (`Send`, `Sync` and the like) and blanket implementations of other crates are left out;
//! `tests/tests/static_properties.rs` holds the former. `.ci/public-api` compares what is printed
//! with the lists in this folder.

use std::collections::BTreeSet;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(file) = std::env::args_os().nth(1) else {
        eprintln!("usage: public-items FILE");
        return ExitCode::FAILURE;
    };
    let items =
        public_api::Builder::from_rustdoc_json(&file).omit_auto_trait_impls(true).omit_blanket_impls(true).build();
    match items {
        Ok(items) => {
            // In the order of their paths, methods and implementations below their type. An
            // implementation is listed again with each path of its type: once is enough.
            let mut seen = BTreeSet::new();
            let lines = items.items().map(ToString::to_string);
            lines.filter(|line| seen.insert(line.clone())).for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            ExitCode::FAILURE
        }
    }
}
