//! What a catalogue cannot say of an OpenAPI document, and what was therefore not compared.

use std::fmt::Write as _;

use scopes_export::openapi::read::Finding;
use serde::Serialize;

use super::Report;
use super::side::{Side, Spot};
use crate::escape;
use crate::import::grouped;

/// An error if something of a side is not in its catalogue: a comparison would miss its changes.
pub(super) fn refuse(sides: [&Side; 2]) -> Result<(), String> {
    let mut lines = Vec::new();
    for side in sides {
        let (count, label) = (side.unsaid().count(), side.label());
        if let Some(first) = side.unsaid().next() {
            let operation = first.operation().map(|operation| format!("{operation}: ")).unwrap_or_default();
            lines.push(format!(
                "{label}: not compared, because a catalogue cannot say all of it: {count} findings, the first at {}: \
                 {operation}{}",
                first.position(),
                first.message()
            ));
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    lines.push("`scopes import` lists all of them, and --allow-incomplete compares the rest".to_owned());
    Err(lines.join("\n"))
}

pub(super) fn text(report: &Report<'_>) -> String {
    let mut text = String::new();
    for side in [report.old, report.new] {
        grouped(side.unsaid(), "not compared", &mut text);
    }
    text
}

#[derive(Serialize)]
pub(super) struct Entry<'a> {
    operand: &'static str,
    kind: &'static str,
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    message: &'a str,
    at: At<'a>,
}

#[derive(Serialize)]
struct At<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    line: usize,
    column: usize,
}

pub(super) fn entries<'a>(report: &Report<'a>) -> Vec<Entry<'a>> {
    let sides = [("old", report.old), ("new", report.new)];
    let of = |(operand, side): (&'static str, &'a Side)| {
        side.unsaid().map(move |finding| {
            let Spot { file, line, column } = Spot::of(finding.position());
            Entry {
                operand,
                kind: finding.kind().as_str(),
                rule: finding.rule(),
                operation: finding.operation(),
                message: finding.message(),
                at: At { file: Some(file).filter(|file| *file != side.label()), line, column },
            }
        })
    };
    sides.into_iter().flat_map(of).collect()
}

pub(super) fn github(report: &Report<'_>) -> String {
    let mut text = String::new();
    // The old document is not in the tree that CI shows.
    for finding in report.new.unsaid() {
        let Spot { file, line, column } = Spot::of(finding.position());
        let file = escape::github_property(file);
        let message = escape::github_message(&sentence(finding));
        let _ = writeln!(text, "::notice file={file},line={line},col={column},title=not compared::{message}");
    }
    text
}

pub(super) fn markdown(report: &Report<'_>, room: usize) -> String {
    let findings: Vec<&Finding> = report.old.unsaid().chain(report.new.unsaid()).collect();
    if findings.is_empty() {
        return String::new();
    }
    let mut list = String::new();
    for finding in &findings {
        let line = format!("- {}\n", escape::markdown(&sentence(finding)));
        if list.len() + line.len() > room {
            list.push_str("- ..\n");
            break;
        }
        list.push_str(&line);
    }
    format!("\n<details><summary>Not compared: {} findings</summary>\n\n{list}\n</details>\n", findings.len())
}

/// The position is the last part, because a reader looks for the operation.
fn sentence(finding: &Finding) -> String {
    let operation = finding.operation().map(|operation| format!("{operation}: ")).unwrap_or_default();
    format!("{operation}{} ({})", finding.message(), finding.position())
}
