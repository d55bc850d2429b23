//! `scopes.toml`: the levels of the rules of `scopes check`, and what is accepted.

use std::collections::BTreeMap;
use std::path::Path;

use scopes_core::Date;
use scopes_export::lint::{Lint, Rule};
use serde::Deserialize;

use crate::escape;

/// How much a finding of the linter matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Allow,
    Warn,
    Error,
}

#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The name of the file, for messages.
    pub(crate) label: String,
    levels: BTreeMap<Rule, Level>,
    accepted: Vec<Accepted>,
}

#[derive(Debug)]
struct Accepted {
    rule: Rule,
    about: String,
    until: Option<Date>,
    is_used: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    rules: BTreeMap<String, toml::Spanned<Level>>,
    #[serde(default)]
    accepted: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    about: String,
    reason: String,
    until: Option<String>,
}

impl Config {
    /// Reads the file. If it is not named and does not exist, the defaults hold.
    pub(crate) fn read(path: Option<&Path>) -> Result<Self, String> {
        let file = path.unwrap_or(Path::new("scopes.toml"));
        let shown = escape::line(&file.display().to_string());
        match std::fs::read_to_string(file) {
            Ok(text) => Self::of(&text, &shown),
            Err(error) if path.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("{shown}: cannot read it: {error}")),
        }
    }

    fn of(text: &str, shown: &str) -> Result<Self, String> {
        let at = |offset: usize, message: &str| {
            let before = text.get(..offset).unwrap_or_default();
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            format!("{shown}:{}:{column}: {message}", before.matches('\n').count() + 1)
        };
        let document: Document =
            toml::from_str(text).map_err(|error| at(error.span().map_or(0, |span| span.start), error.message()))?;
        let rule = |id: &str| Rule::ALL.into_iter().find(|rule| rule.id() == id);
        let unknown = |id: &str| {
            let known: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
            format!("no rule is called `{id}`, there are: {}", known.join(", "))
        };
        let mut config = Self { label: shown.to_owned(), ..Self::default() };
        for (id, level) in document.rules {
            let rule = rule(&id).ok_or_else(|| at(level.span().start, &unknown(&id)))?;
            config.levels.insert(rule, level.into_inner());
        }
        for entry in document.accepted {
            let start = entry.span().start;
            let Entry { rule: id, about, reason, until } = entry.into_inner();
            let rule = rule(&id).ok_or_else(|| at(start, &unknown(&id)))?;
            if reason.trim().is_empty() {
                return Err(at(start, "the reason is empty"));
            }
            let until = until.map(|until| until.parse::<Date>()).transpose();
            let until = until.map_err(|error| at(start, &format!("until: {error}")))?;
            config.accepted.push(Accepted { rule, about, until, is_used: false });
        }
        Ok(config)
    }

    /// The level of a finding: that of its rule, or `Allow` if it is accepted today. An acceptance
    /// that has ended is an error.
    pub(crate) fn level(&mut self, lint: &Lint, today: Date) -> (Level, Option<Date>) {
        let default = if lint.rule.is_about_rights() { Level::Error } else { Level::Warn };
        let level = self.levels.get(&lint.rule).copied().unwrap_or(default);
        let is_it = |accepted: &&mut Accepted| accepted.rule == lint.rule && accepted.about == lint.about;
        let Some(accepted) = self.accepted.iter_mut().find(is_it) else { return (level, None) };
        accepted.is_used = true;
        match accepted.until {
            Some(until) if until <= today => (Level::Error, Some(until)),
            _ => (Level::Allow, None),
        }
    }

    /// A message for each acceptance that no finding has needed.
    pub(crate) fn unused(&self) -> Vec<String> {
        let unused = self.accepted.iter().filter(|accepted| !accepted.is_used);
        unused
            .map(|accepted| format!("`{}` of `{}` is accepted, but was not found", accepted.rule, accepted.about))
            .collect()
    }
}
