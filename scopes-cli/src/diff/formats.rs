//! The formats of `scopes diff`.

use std::fmt::Write as _;

use scopes_export::diff::{Caller, Effect, Finding, Level};
use serde::Serialize;

use super::side::Spot;
use super::{Census, Report, unsaid};
use crate::escape;

/// The longest comment that GitHub takes has 65,536 characters.
const LONGEST_COMMENT: usize = 60_000;
/// How many ids of tokens are listed.
const MOST_IDS: usize = 5;

pub(super) fn text(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.found.findings() {
        let _ = writeln!(text, "{}[{}]: {}", finding.level(), finding.rule(), escape::line(finding.message()));
        for Spot { file, line, column } in report.places(finding).into_iter().flatten() {
            let _ = writeln!(text, "  --> {}:{line}:{column}", escape::line(file));
        }
        for (effect, verb) in [(finding.widening(), "allowed now"), (finding.breaking(), "denied now")] {
            if let Some(effect) = effect {
                let _ = writeln!(text, "  {verb}: {}", escape::line(&effect.to_string()));
            }
        }
        if let (Some(census), Some(total)) = (report.census(finding), report.token_count()) {
            for (ids, verb) in [(&census.gain, "gain"), (&census.lose, "lose")] {
                if !ids.is_empty() {
                    let _ = writeln!(text, "  {} of {total} tokens {verb} it: {}", ids.len(), listed(ids));
                }
            }
        }
        let _ = writeln!(text, "  fingerprint: {}\n", finding.fingerprint());
    }
    text.push_str(&unsaid::text(report));
    let _ = writeln!(text, "{}", summary(report));
    text
}

fn listed(ids: &[String]) -> String {
    let more = if ids.len() > MOST_IDS { ", .." } else { "" };
    let shown: Vec<String> = ids.iter().take(MOST_IDS).map(|id| escape::line(id)).collect();
    format!("{}{more}", shown.join(", "))
}

/// How many findings there are on each axis, which may both be those of one finding, and how many
/// others.
fn summary(report: &Report<'_>) -> String {
    let count = |is_it: fn(&Finding) -> bool| report.found.findings().iter().filter(|finding| is_it(finding)).count();
    let widening = count(|finding| finding.widening().is_some());
    let breaking = count(|finding| finding.breaking().is_some());
    let notes = count(|finding| finding.level() == Level::Note);
    let texts = count(|finding| finding.level() == Level::Text);
    format!("{widening} widening, {breaking} breaking, {notes} notes, {texts} texts")
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    old: &'a str,
    new: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<usize>,
    findings: Vec<FindingEntry<'a>>,
    /// What was not compared, of the old and of the new document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_compared: Vec<unsaid::Entry<'a>>,
}

#[derive(Serialize)]
struct FindingEntry<'a> {
    rule: &'static str,
    level: &'static str,
    fingerprint: String,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    widening: Option<EffectEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    breaking: Option<EffectEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<PlaceEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<PlaceEntry<'a>>,
}

#[derive(Serialize)]
struct EffectEntry<'a> {
    method: &'a str,
    path: &'a str,
    caller: &'static str,
    scopes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Vec<String>>,
}

#[derive(Serialize)]
struct PlaceEntry<'a> {
    /// If it is not the operand itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    line: usize,
    column: usize,
}

impl<'a> EffectEntry<'a> {
    fn of(effect: &'a Effect, tokens: Option<Vec<String>>) -> Self {
        let (caller, scopes, tenant) = match effect.caller() {
            Caller::Anyone => ("anyone", &[][..], None),
            Caller::External => ("external", &[][..], None),
            Caller::Grant { scopes, tenant } => ("grant", scopes.as_slice(), tenant.as_deref()),
            _ => ("other", &[][..], None),
        };
        Self { method: effect.method(), path: effect.path(), caller, scopes, tenant, tokens }
    }
}

pub(super) fn json(report: &Report<'_>) -> String {
    let entry = |finding| -> FindingEntry<'_> {
        let (gain, lose) = match report.census(finding) {
            Some(Census { gain, lose }) => (Some(gain), Some(lose)),
            None => (None, None),
        };
        let [old, new] = report.places(finding);
        let place = |Spot { file, line, column }, label| PlaceEntry {
            file: Some(file).filter(|file| *file != label),
            line,
            column,
        };
        let (old, new) =
            (old.map(|spot| place(spot, report.old.label())), new.map(|spot| place(spot, report.new.label())));
        FindingEntry {
            rule: finding.rule().id(),
            level: finding.level().as_str(),
            fingerprint: finding.fingerprint(),
            message: finding.message(),
            widening: finding.widening().map(|effect| EffectEntry::of(effect, gain)),
            breaking: finding.breaking().map(|effect| EffectEntry::of(effect, lose)),
            old,
            new,
        }
    };
    let document = Document {
        version: 1,
        old: report.old.label(),
        new: report.new.label(),
        level: report.found.level().map(Level::as_str),
        tokens: report.token_count(),
        findings: report.found.findings().iter().map(entry).collect(),
        not_compared: unsaid::entries(report),
    };
    escape::json(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

pub(super) fn github(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.found.findings() {
        let command = match finding.level() {
            Level::Widening => "error",
            Level::Breaking => "warning",
            _ => "notice",
        };
        let (file, position) = report.position(finding);
        let mut properties = format!("file={}", escape::github_property(file));
        if let Some((line, column)) = position {
            let _ = write!(properties, ",line={line},col={column}");
        }
        let title = escape::github_property(&format!("{} ({})", finding.level(), finding.rule()));
        let _ =
            writeln!(text, "::{command} {properties},title={title}::{}", escape::github_message(&sentences(finding)));
    }
    text.push_str(&unsaid::github(report));
    text
}

/// The message and the effects of a finding.
fn sentences(finding: &Finding) -> String {
    let mut text = finding.message().to_owned();
    for (effect, verb) in [(finding.widening(), "allowed now"), (finding.breaking(), "denied now")] {
        if let Some(effect) = effect {
            let _ = write!(text, "\n{verb}: {effect}");
        }
    }
    text
}

pub(super) fn markdown(report: &Report<'_>) -> String {
    let mut text = format!("### Permissions: {}\n\n", summary(report));
    let (important, others): (Vec<_>, Vec<_>) =
        report.found.findings().iter().partition(|finding| finding.level() >= Level::Breaking);
    if !important.is_empty() {
        text.push_str("| | change | allowed now | denied now |\n|---|---|---|---|\n");
    }
    let mut left_out = 0_usize;
    for finding in important {
        let census = report.census(finding);
        let cell = |effect: Option<&Effect>, ids: Option<&Vec<String>>| {
            let Some(effect) = effect else { return String::new() };
            let tokens = match ids {
                Some(ids) => format!(" \\({} tokens\\)", ids.len()),
                None => String::new(),
            };
            format!("{}{tokens}", escape::markdown(&effect.to_string()))
        };
        let gains = cell(finding.widening(), census.as_ref().map(|census| &census.gain));
        let loses = cell(finding.breaking(), census.as_ref().map(|census| &census.lose));
        let row =
            format!("| **{}** | {} | {gains} | {loses} |\n", finding.level(), escape::markdown(finding.message()));
        if text.len() + row.len() > LONGEST_COMMENT {
            left_out += 1;
        } else {
            text.push_str(&row);
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "\n{left_out} more findings are left out here.");
    }
    if !others.is_empty() {
        let mut list = String::new();
        for finding in others {
            let line = format!("- {}\n", escape::markdown(finding.message()));
            if text.len() + list.len() + line.len() > LONGEST_COMMENT {
                list.push_str("- ..\n");
                break;
            }
            list.push_str(&line);
        }
        let _ = write!(text, "\n<details><summary>Changes that affect no token</summary>\n\n{list}\n</details>\n");
    }
    let room = LONGEST_COMMENT.saturating_sub(text.len());
    text.push_str(&unsaid::markdown(report, room));
    text
}
