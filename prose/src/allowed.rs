//! The permitted uses: lines of `rule | file | words | reason`.

use crate::{Finding, rules::Rule};

/// A permitted use and whether it was found.
#[derive(Debug)]
struct Entry {
    rule: Rule,
    file: String,
    /// Words of the excerpt that is printed.
    words: String,
    line: String,
    used: bool,
}

/// The list of permitted uses.
#[derive(Debug)]
pub(crate) struct Allowed(Vec<Entry>);

impl Allowed {
    /// Reads the list. Empty lines and lines that begin with `#` are skipped.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        lines.map(entry).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the list permits a finding.
    pub(crate) fn permits(&mut self, finding: &Finding) -> bool {
        let entry = self.0.iter_mut().find(|entry| {
            entry.rule == finding.rule && entry.file == finding.file && finding.excerpt.contains(&entry.words)
        });
        let Some(entry) = entry else { return false };
        entry.used = true;
        true
    }

    /// The lines that permitted nothing.
    pub(crate) fn unused(&self) -> Vec<&str> {
        self.0.iter().filter(|entry| !entry.used).map(|entry| entry.line.as_str()).collect()
    }
}

fn entry(line: &str) -> Result<Entry, String> {
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    let [rule, file, words, reason] = fields.as_slice() else {
        return Err(format!("write `rule | file | words | reason`: {line}"));
    };
    if [file, words, reason].iter().any(|field| field.is_empty()) {
        return Err(format!("an empty field: {line}"));
    }
    let rule = Rule::ALL.into_iter().find(|known| known.to_string() == *rule);
    let rule = rule.ok_or_else(|| format!("unknown rule: {line}"))?;
    Ok(Entry { rule, file: (*file).to_owned(), words: (*words).to_owned(), line: line.to_owned(), used: false })
}
