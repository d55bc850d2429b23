//! Checks the language of comments, documentation, messages and texts against the countable rules
//! of `CONTRIBUTING.md`.
//!
//! Reads the names of the files from its standard input, one per line, and the permitted uses from
//! the file that is its argument. Prints each finding as `file:line: rule: excerpt`, then the sum
//! of each rule. Fails if it finds anything, if a permitted use no longer occurs, or if it had
//! nothing to read.

mod allowed;
mod documented;
mod passage;
mod rules;
mod rust_source;
mod text_file;

use std::{
    fs,
    io::{self, Read as _},
    process::ExitCode,
};

use allowed::Allowed;
use passage::Passage;
use rules::Rule;

/// The folders whose public items users see in rustdoc.
const PUBLISHED: [&str; 5] =
    ["src/", "scopes-core/src/", "scopes-macros/src/", "scopes-conformance/src/", "scopes-store/src/"];

/// A place that breaks a rule.
#[derive(Debug)]
struct Finding {
    file: String,
    line: usize,
    rule: Rule,
    excerpt: String,
}

/// The passages of a file, its name included. `None` if it is not of a kind that is checked.
fn passages(file: &str, text: &str) -> Option<Vec<Passage>> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let (stem, ending) = name.rsplit_once('.').map_or((name, None), |(stem, ending)| (stem, Some(ending)));
    let mut passages = match ending {
        Some("rs") => Some(rust_source::passages(text)),
        Some("md") => Some(text_file::passages(text, None)),
        Some("sh" | "toml" | "py") => Some(text_file::passages(text, Some("#"))),
        None if text.starts_with("#!") => Some(text_file::passages(text, Some("#"))),
        _ => None,
    }?;
    passages.push(Passage::of_name(1, stem));
    Some(passages)
}

/// Finds everything in one file that breaks a rule.
fn findings(file: &str, text: &str) -> Vec<Finding> {
    let passages = passages(file, text).unwrap_or_default();
    let mut found: Vec<(usize, Rule, String)> = passages.iter().flat_map(rules::broken).collect();
    let shown = file.ends_with(".rs") && !file.contains("/tests/");
    if shown && PUBLISHED.iter().any(|folder| file.starts_with(folder)) {
        found.extend(documented::too_short(text).map(|(line, doc)| (line, Rule::ShortDocumentation, doc)));
    }
    // Recorded output of the macros cannot be wrapped.
    found.retain(|(_, rule, _)| *rule != Rule::WideComment || !file.contains("/snapshots/"));
    found.sort();
    found.into_iter().map(|(line, rule, excerpt)| Finding { file: file.to_owned(), line, rule, excerpt }).collect()
}

fn run() -> Result<bool, String> {
    let list = std::env::args().nth(1).ok_or("usage: prose ALLOWED <FILES")?;
    let read = |path: &str| fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"));
    let mut allowed = Allowed::parse(&read(&list)?).map_err(|error| format!("{list}: {error}"))?;
    let mut files = String::new();
    io::stdin().read_to_string(&mut files).map_err(|error| error.to_string())?;

    let (mut read_files, mut read_words) = (0, 0);
    let mut found = Vec::new();
    for file in files.lines() {
        // A file that is not text holds no words: an image, the seed of a fuzzer.
        let Ok(text) = read(file) else { continue };
        let Some(passages) = passages(file, &text) else { continue };
        read_files += 1;
        read_words += passages.iter().map(|passage| passage.words().count()).sum::<usize>();
        found.extend(findings(file, &text).into_iter().filter(|finding| !allowed.permits(finding)));
    }
    for Finding { file, line, rule, excerpt } in &found {
        println!("{file}:{line}: {rule}: {excerpt}");
    }
    println!();
    for rule in Rule::ALL {
        let sum = found.iter().filter(|finding| finding.rule == rule).count();
        println!("{sum:6}  {:<24} {}", rule.to_string(), rule.advice());
    }
    let unused = allowed.unused();
    for line in &unused {
        println!("{list}: permits what does not occur, remove the line: {line}");
    }
    println!("{read_files} files, {read_words} words");
    // A check that reads nothing would always pass.
    if read_files == 0 || read_words == 0 {
        return Err("no words found".to_owned());
    }
    Ok(found.is_empty() && unused.is_empty())
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("prose: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests;
