//! The rules about words and lines.

use std::fmt;

use crate::passage::{Kind, Passage, Word};

/// The greatest number of columns of a comment line.
const COLUMNS: usize = 100;

/// The greatest number of columns of a line of code in an example, like in `rustfmt.toml`.
const CODE_COLUMNS: usize = 120;

/// The words that hide who acts.
const VAGUE: &str = "nobody somebody whoever everybody anybody";

/// A countable rule of the section on language in `CONTRIBUTING.md`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Rule {
    IsNo,
    VagueActor,
    Behind,
    BeginsWithAs,
    WideComment,
    ShortDocumentation,
}

impl Rule {
    pub(crate) const ALL: [Self; 6] =
        [Self::IsNo, Self::VagueActor, Self::Behind, Self::BeginsWithAs, Self::WideComment, Self::ShortDocumentation];

    /// What to write instead.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::IsNo => "write \"is not a\", \"has no\" or \"does not exist\"",
            Self::VagueActor => "name the actor: client, caller, handler, router, layer, application",
            Self::Behind => {
                "write \"after\" for the order of text and time, \"below\" or \"inside\" for paths and layers"
            }
            Self::BeginsWithAs => "say what differs, with a verb: \"Like `get`, but returns the index.\"",
            Self::WideComment => "wrap lines of comment at 100 columns",
            Self::ShortDocumentation => "say more than the name: limits, errors, units, when to use it",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::IsNo => "is-no",
            Self::VagueActor => "vague-actor",
            Self::Behind => "behind",
            Self::BeginsWithAs => "begins-with-as",
            Self::WideComment => "wide-comment",
            Self::ShortDocumentation => "short-documentation",
        })
    }
}

/// The rules that a passage breaks: the line, the rule, and the words around the place.
pub(crate) fn broken(passage: &Passage) -> Vec<(usize, Rule, String)> {
    let words: Vec<Word<'_>> = passage.words().collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if let Some(rule) = begins_breach(&words[at..]) {
            found.push((word.line.number, rule, excerpt(&words, at)));
        }
    }
    for (at, word) in words.iter().enumerate() {
        let begins = at == 0 || word.line.number > words[at - 1].line.number + 1;
        if passage.kind != Kind::Text && begins && word.text == "As" {
            found.push((word.line.number, Rule::BeginsWithAs, excerpt(&words, at)));
        }
    }
    let mut in_code = false;
    for line in &passage.lines {
        let text = line.text.trim_start();
        in_code ^= text.starts_with("```");
        let limit = if in_code { CODE_COLUMNS } else { COLUMNS };
        // The row of a table cannot be wrapped.
        if line.columns > limit && !text.starts_with('|') {
            found.push((line.number, Rule::WideComment, format!("{} columns", line.columns)));
        }
    }
    found
}

/// The rule that the first of these words breaks, together with the words after it.
fn begins_breach(words: &[Word<'_>]) -> Option<Rule> {
    let is_any = |word: &Word<'_>, of: &[&str]| of.iter().any(|one| word.is(one));
    let (first, rest) = words.split_first()?;
    if is_any(first, &["is", "are", "was", "were"]) && first.joined {
        // "is no longer" and "is no more than" are comparisons.
        let compares = rest.get(1).is_some_and(|word| is_any(word, &["longer", "more", "less"]));
        let follows = |word: &Word<'_>| word.line.number <= first.line.number + 1;
        return (rest.first().is_some_and(|word| word.is("no") && follows(word)) && !compares).then_some(Rule::IsNo);
    }
    let person = first.text.strip_suffix("'s").unwrap_or(first.text);
    if VAGUE.split(' ').any(|vague| person.eq_ignore_ascii_case(vague)) {
        return Some(Rule::VagueActor);
    }
    first.is("behind").then_some(Rule::Behind)
}

/// Some words before and after the one at a position.
fn excerpt(words: &[Word<'_>], at: usize) -> String {
    let around = &words[at.saturating_sub(4)..words.len().min(at + 6)];
    around.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}
