//! `scopes check`.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};
use scopes_export::lint::{Subject, lint};
use scopes_export::lock::today;
use serde::Serialize;

use crate::args::{CheckArgs, CheckFormat};
use crate::config::{Config, Level};
use crate::escape;
use crate::operand::{Mistaken, Operand, catalogues_of_the_workspace, text_of};
use crate::output::{Outcome, use_colours};
use crate::places::Place;

/// The rule of mistakes. They cannot be accepted, and a catalogue with mistakes is not linted.
const MISTAKE: &str = "mistake";

/// A finding that is not accepted.
struct Found<'a> {
    label: &'a str,
    text: &'a str,
    rule: &'static str,
    about: String,
    message: String,
    level: Level,
    place: Option<Place>,
}

pub(crate) fn run(args: &CheckArgs) -> Result<Outcome, String> {
    let mut config = Config::read(args.config.as_deref())?;
    let files = if args.catalogues.is_empty() { catalogues_of_the_workspace()? } else { args.catalogues.clone() };
    if files.iter().filter(|file| *file == "-").count() > 1 {
        return Err("only one operand can be the standard input".to_owned());
    }
    let operands: Vec<Result<Operand, Mistaken>> = files
        .iter()
        .map(|file| text_of(file).map(|(label, text)| Operand::of(label, text)))
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for operand in &operands {
        match operand {
            Ok(operand) => lints(operand, &mut config, &mut found),
            Err(Mistaken { label, text, mistakes }) => found.extend(mistakes.iter().map(|(place, message)| Found {
                label,
                text,
                rule: MISTAKE,
                about: String::new(),
                message: message.clone(),
                level: Level::Error,
                place: *place,
            })),
        }
    }
    // An acceptance that no finding needs would hide the next finding of that name, so it is
    // reported. A file with mistakes was not linted, and could have the finding.
    if operands.iter().all(Result::is_ok) {
        for message in config.unused() {
            let (label, rule, about) = (config.label.as_str(), "unused-acceptance", String::new());
            found.push(Found { label, text: "", rule, about, message, level: Level::Warn, place: None });
        }
    }
    let text = match args.format {
        CheckFormat::Text => text(&found),
        CheckFormat::Json => json(&found),
        CheckFormat::Github => github(&found),
    };
    Ok(Outcome::found(text, found.iter().any(|found| found.level == Level::Error)))
}

fn lints<'a>(operand: &'a Operand, config: &mut Config, found: &mut Vec<Found<'a>>) {
    let today = today();
    for lint in lint(&operand.catalogue) {
        let (level, ended) = config.level(&lint, today);
        if level == Level::Allow {
            continue;
        }
        let place = match lint.subject {
            Subject::Route(id) => operand.route(id),
            Subject::Scope(id) => operand.scope(id),
            _ => None,
        };
        let message = match ended {
            None => lint.message,
            Some(ended) => format!("{} (it was accepted until {ended} only)", lint.message),
        };
        let (label, text, rule) = (operand.label.as_str(), operand.text.as_str(), lint.rule.id());
        found.push(Found { label, text, rule, about: lint.about, message, level, place });
    }
}

fn text(found: &[Found<'_>]) -> String {
    let renderer = if use_colours() { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for found in found {
        let title = if found.level == Level::Error { Title::ERROR } else { Title::WARNING };
        let message = escape::line(&found.message);
        let title = title.primary_title(&message).id(found.rule);
        let line = found.place.and_then(|place| Some((place, line_of(found.text, place)?)));
        let rendered = match &line {
            Some((place, (start, line))) => {
                let range = place.start - start..(place.end - start).min(line.len());
                let (shown, range) = shown(line, range);
                let snippet = Snippet::source(shown)
                    .path(found.label)
                    .line_start(place.line)
                    .annotation(AnnotationKind::Primary.span(range));
                renderer.render(&[title.element(snippet)])
            }
            None => renderer.render(&[Group::with_title(title)]),
        };
        let _ = writeln!(text, "{rendered}\n");
    }
    let count = |level| found.iter().filter(|found| found.level == level).count();
    let _ = writeln!(text, "{} errors, {} warnings", count(Level::Error), count(Level::Warn));
    text
}

/// The start and the text of the line of a place.
fn line_of(text: &str, place: Place) -> Option<(usize, &str)> {
    let start = text.get(..place.start)?.rfind('\n').map_or(0, |end| end + 1);
    Some((start, text.get(start..)?.lines().next()?))
}

/// A line for the terminal, with the range of the same text in it.
fn shown(line: &str, range: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    let part = |range: std::ops::Range<usize>| escape::line(line.get(range).unwrap_or_default());
    let (before, within, after) = (part(0..range.start), part(range.start..range.end), part(range.end..line.len()));
    let range = before.len()..before.len() + within.len();
    (format!("{before}{within}{after}"), range)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'static str,
    level: &'static str,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    about: &'a str,
    message: &'a str,
}

fn json(found: &[Found<'_>]) -> String {
    let mut findings = Vec::new();
    for found in found {
        findings.push(Entry {
            rule: found.rule,
            level: if found.level == Level::Error { "error" } else { "warn" },
            file: found.label,
            line: found.place.map(|place| place.line),
            column: found.place.map(|place| place.column),
            about: &found.about,
            message: &found.message,
        });
    }
    let text = serde_json::to_string_pretty(&Document { version: 1, findings }).unwrap_or_default();
    escape::json(&text) + "\n"
}

fn github(found: &[Found<'_>]) -> String {
    let mut text = String::new();
    for found in found {
        let command = if found.level == Level::Error { "error" } else { "warning" };
        let mut properties = format!("file={}", escape::github_property(found.label));
        if let Some(Place { line, column, .. }) = found.place {
            let _ = write!(properties, ",line={line},col={column}");
        }
        let message = escape::github_message(&found.message);
        let _ = writeln!(text, "::{command} {properties},title={}::{message}", found.rule);
    }
    text
}
