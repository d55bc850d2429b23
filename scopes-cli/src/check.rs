//! `scopes check`.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};
use scopes_core::Date;
use scopes_export::lint::{Lint, Subject, lint};
use scopes_export::lock::today;
use serde::Serialize;

use crate::args::{CheckArgs, CheckFormat};
use crate::config::{Config, Level};
use crate::escape;
use crate::operand::{Operand, catalogues_of_the_workspace};
use crate::output::{Outcome, use_colours};
use crate::places::Place;

/// A finding that is not accepted.
struct Found<'a> {
    operand: &'a Operand,
    lint: Lint,
    level: Level,
    /// The day on which its acceptance ended.
    ended: Option<Date>,
    place: Option<Place>,
}

pub(crate) fn run(args: &CheckArgs) -> Result<Outcome, String> {
    let config = Config::read(args.config.as_deref())?;
    let files = if args.catalogues.is_empty() { catalogues_of_the_workspace()? } else { args.catalogues.clone() };
    if files.iter().filter(|file| *file == "-").count() > 1 {
        return Err("only one operand can be the standard input".to_owned());
    }
    let operands: Vec<Operand> = files.iter().map(|file| Operand::read(file)).collect::<Result<_, _>>()?;
    let today = today();
    let mut found = Vec::new();
    for operand in &operands {
        for lint in lint(&operand.catalogue) {
            let (level, ended) = config.level(&lint, today);
            if level > Level::Allow {
                let place = match lint.subject {
                    Subject::Route(id) => operand.route(id),
                    Subject::Scope(id) => operand.scope(id),
                    _ => None,
                };
                found.push(Found { operand, lint, level, ended, place });
            }
        }
    }
    let text = match args.format {
        CheckFormat::Text => text(&found),
        CheckFormat::Json => json(&found),
        CheckFormat::Github => github(&found),
    };
    Ok(Outcome::found(text, found.iter().any(|found| found.level == Level::Error)))
}

impl Found<'_> {
    fn message(&self) -> String {
        match self.ended {
            None => self.lint.message.clone(),
            Some(ended) => format!("{} (it was accepted until {ended} only)", self.lint.message),
        }
    }
}

fn text(found: &[Found<'_>]) -> String {
    let renderer = if use_colours() { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for found in found {
        let title = if found.level == Level::Error { Title::ERROR } else { Title::WARNING };
        let message = escape::line(&found.message());
        let title = title.primary_title(&message).id(found.lint.rule.id());
        let line = found.place.and_then(|place| Some((place, line_of(&found.operand.text, place)?)));
        let rendered = match &line {
            Some((place, (start, line))) => {
                let range = place.start - start..(place.end - start).min(line.len());
                let (shown, range) = shown(line, range);
                let snippet = Snippet::source(shown)
                    .path(&found.operand.label)
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
    message: String,
}

fn json(found: &[Found<'_>]) -> String {
    let mut findings = Vec::new();
    for found in found {
        findings.push(Entry {
            rule: found.lint.rule.id(),
            level: if found.level == Level::Error { "error" } else { "warn" },
            file: &found.operand.label,
            line: found.place.map(|place| place.line),
            column: found.place.map(|place| place.column),
            about: &found.lint.about,
            message: found.message(),
        });
    }
    let text = serde_json::to_string_pretty(&Document { version: 1, findings }).unwrap_or_default();
    escape::json(&text) + "\n"
}

fn github(found: &[Found<'_>]) -> String {
    let mut text = String::new();
    for found in found {
        let command = if found.level == Level::Error { "error" } else { "warning" };
        let mut properties = format!("file={}", escape::github_property(&found.operand.label));
        if let Some(Place { line, column, .. }) = found.place {
            let _ = write!(properties, ",line={line},col={column}");
        }
        let message = escape::github_message(&found.message());
        let _ = writeln!(text, "::{command} {properties},title={}::{message}", found.lint.rule.id());
    }
    text
}
