//! `scopes unused`: what the evidence does not show in use.

use std::fmt::Write as _;

use scopes_core::{ScopeId, UntypedCatalogue};
use scopes_export::usage::{Client, Unused, Usage};
use serde_json::{Value, json};

use super::args::{Format, UnusedArgs};
use super::read::{Read, read};
use super::show::{bullet, days, json_text, name, names, routes};
use crate::escape;
use crate::operand::{Operand, named_or_only};
use crate::output::Outcome as Answer;

/// The JSON Schema (2020-12) of the JSON.
pub(crate) const SCHEMA: &str = include_str!("unused.schema.json");

/// The greatest number of clients that the text lists.
const MOST_CLIENTS: usize = 50;

pub(crate) fn run(args: &UnusedArgs) -> Result<Answer, String> {
    let operand = Operand::read(&named_or_only(args.evidence.catalogue.as_deref())?)?;
    let catalogue = &operand.catalogue;
    let read = read(catalogue, &args.evidence)?;
    refuse(args, &read)?;
    let unused = Unused::of(&read.evidence);
    let clients: Vec<(&Client, Vec<ScopeId>)> = read
        .evidence
        .clients()
        .map(|(client, usage)| (client, usage.unused_scopes(catalogue)))
        .filter(|(_, scopes)| !scopes.is_empty())
        .collect();
    let text = match args.evidence.format {
        Format::Text => escape::lines(&text(catalogue, &read, &unused, &clients)),
        Format::Json => json_text(&json(catalogue, &read, &unused, &clients))?,
        Format::Markdown => markdown(catalogue, &read, &unused, &clients),
    };
    let has_unused = !unused.scopes().is_empty() || !unused.routes().is_empty() || !clients.is_empty();
    Ok(Answer::found(text, has_unused))
}

/// Evidence that may lack something says nothing about what is unused.
fn refuse(args: &UnusedArgs, read: &Read<'_>) -> Result<(), String> {
    let dropped = read.evidence.dropped();
    if dropped > 0 {
        return Err(format!(
            "the recorder has dropped decisions ({dropped}), so what is missing here may be in use: give it a greater \
             capacity, or write more often"
        ));
    }
    if read.has_logs && !args.logs_are_complete {
        return Err("an access log may lack requests, and then a scope in use looks unused: use the recorder, or say \
                    --logs-are-complete if it has every request of every server"
            .to_owned());
    }
    match (args.min_days, days(read)) {
        (Some(least), Some(days)) if days < least => {
            Err(format!("the evidence is of {days} whole days, and --min-days wants {least}"))
        }
        (Some(_), None) => Err("the evidence has no times, so --min-days cannot be checked".to_owned()),
        _ => Ok(()),
    }
}

/// How many clients hold a scope.
fn holders(read: &Read<'_>, id: ScopeId) -> usize {
    let holds = |usage: &Usage| usage.held().any(|held| held == id);
    read.evidence.clients().filter(|(_, usage)| holds(usage)).count()
}

fn text(catalogue: &UntypedCatalogue, read: &Read<'_>, unused: &Unused, clients: &[(&Client, Vec<ScopeId>)]) -> String {
    let mut text = String::new();
    for (index, sentence) in read.sentences().iter().enumerate() {
        let _ = writeln!(text, "{:<10} {}", if index == 0 { "evidence" } else { "" }, escape::line(sentence));
    }
    let mut section = |title: &str, lines: &[String]| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{title}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
    };
    section("scopes without use", &scopes(catalogue, read, unused));
    section("routes that were never called, of those that need a token", &routes(catalogue, unused.routes()));
    section("routes with denied requests only", &routes(catalogue, unused.only_denied()));
    let mut lines: Vec<String> = clients
        .iter()
        .take(MOST_CLIENTS)
        .map(|(client, scopes)| {
            format!("{}: {}", escape::line(&client.to_string()), names(catalogue, scopes).join(" "))
        })
        .collect();
    if clients.len() > MOST_CLIENTS {
        lines.push(format!("and {} more; --format json has all", clients.len() - MOST_CLIENTS));
    }
    section("scopes that a client holds and has not used", &lines);
    if unused.scopes().is_empty() && unused.routes().is_empty() && clients.is_empty() {
        text.push_str("\neverything was used\n");
    }
    text
}

/// The scopes without use, and how many clients hold them.
fn scopes(catalogue: &UntypedCatalogue, read: &Read<'_>, unused: &Unused) -> Vec<String> {
    let shown = |id: &ScopeId| {
        let deprecated = catalogue.scope(*id).is_some_and(|scope| scope.deprecation().is_some());
        let mark = if deprecated { ", deprecated" } else { "" };
        match (read.has_logs, holders(read, *id)) {
            (true, 0) => format!("{}{mark}", name(catalogue, *id)),
            (_, 1) => format!("{}, held by 1 client{mark}", name(catalogue, *id)),
            (_, holders) => format!("{}, held by {holders} clients{mark}", name(catalogue, *id)),
        }
    };
    unused.scopes().iter().map(shown).collect()
}

fn markdown(
    catalogue: &UntypedCatalogue,
    read: &Read<'_>,
    unused: &Unused,
    clients: &[(&Client, Vec<ScopeId>)],
) -> String {
    let mut text = "# Unused scopes and routes\n\n".to_owned();
    for sentence in read.sentences() {
        let _ = writeln!(text, "- {}", escape::markdown(&sentence));
    }
    let mut section = |title: &str, items: &[String]| {
        if !items.is_empty() {
            let _ = writeln!(text, "\n## {title}\n");
            for item in items {
                let _ = writeln!(text, "- {}", escape::markdown(item));
            }
        }
    };
    section("Scopes without use", &scopes(catalogue, read, unused));
    section("Routes that were never called", &routes(catalogue, unused.routes()));
    section("Routes with denied requests only", &routes(catalogue, unused.only_denied()));
    if !clients.is_empty() {
        let _ = writeln!(text, "\n## Scopes that a client holds and has not used\n");
        for (client, scopes) in clients {
            bullet(&mut text, &escape::markdown(&client.to_string()), &names(catalogue, scopes));
        }
    }
    text
}

fn json(catalogue: &UntypedCatalogue, read: &Read<'_>, unused: &Unused, clients: &[(&Client, Vec<ScopeId>)]) -> Value {
    let scope = |id: &ScopeId| json!({"scope": name(catalogue, *id), "held_by": holders(read, *id)});
    let client = |(client, scopes): &(&Client, Vec<ScopeId>)| json!({"client": client.to_string(), "scopes": names(catalogue, scopes)});
    json!({
        "version": 1,
        "catalogue": catalogue.name(),
        "evidence": read.json(),
        "scopes": unused.scopes().iter().map(scope).collect::<Vec<_>>(),
        "routes": routes(catalogue, unused.routes()),
        "only_denied": routes(catalogue, unused.only_denied()),
        "clients": clients.iter().map(client).collect::<Vec<_>>(),
    })
}
