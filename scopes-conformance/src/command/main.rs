//! The attacks as a command, for servers in any language: `scopes-conformance --help`.

mod args;
mod bodies;
mod file;
mod output;
mod server;
mod tokens;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use scopes::UntypedCatalogue;
use scopes_conformance::{Conformance, Report, Untyped};

use self::args::{Args, Format};

/// The exit code if no handler ran that should not have run.
const CLEAN: u8 = 0;
/// The exit code if a handler ran that should not have run.
const BREACHES: u8 = 1;
/// The exit code if the attacks could not be run, or prove nothing.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Printing fails only if the output is closed.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { COULD_NOT_RUN } else { CLEAN });
        }
    };
    match run(&args) {
        Ok(report) => {
            let text = match args.format {
                Format::Text => report.to_string(),
                Format::Json => output::json(&report),
            };
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::from(verdict(&report, args.complete))
        }
        Err(message) => {
            let _ = writeln!(io::stderr(), "error: {}", printable(&message));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

fn run(args: &Args) -> Result<Report, String> {
    let catalogue = file::read(&args.catalogue, "catalogue")?;
    let catalogue = UntypedCatalogue::from_json(&catalogue).map_err(|error| format!("the catalogue: {error}"))?;
    // Routes refer to the catalogue until the process ends.
    let catalogue: &'static UntypedCatalogue = Box::leak(Box::new(catalogue));
    let server = server::resolve(&args.address, args.allow_host.as_deref())?;
    let mut conformance = Conformance::untyped(server.address, catalogue).host(&server.host);
    if let Some(place) = &args.token_in {
        conformance = conformance.tokens_in(place.clone());
    }
    for token in tokens::read(&file::read(&args.tokens, "tokens")?)? {
        conformance = token.add_to(conformance)?;
    }
    if let Some(path) = &args.bodies {
        for (route, content_type, body) in bodies::read(&file::read(path, "bodies")?)? {
            conformance = conformance.body_of(route, content_type, body);
        }
    }
    let conformance = settings(args, conformance, server.is_local);
    let _ = writeln!(io::stderr(), "attacking {} ({})", server.address, server.host);
    Ok(conformance.run())
}

fn settings(args: &Args, mut conformance: Conformance<Untyped>, is_local: bool) -> Conformance<Untyped> {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in &args.value {
        values.entry(name).or_default().push(value);
    }
    for (name, values) in values {
        conformance = conformance.values(name, values);
    }
    for (route, query) in &args.query {
        conformance = conformance.query_of(route, query);
    }
    for class in &args.without {
        if let Some(class) = scopes_conformance::CLASSES.iter().find(|known| *known == class) {
            conformance = conformance.without(class);
        }
    }
    if let Some(name) = &args.handler_header {
        conformance = conformance.handler_header(name);
    }
    if let Some(name) = &args.tenant_header {
        conformance = conformance.tenant_header(name);
    }
    if let Some(base) = &args.mounted_at {
        conformance = conformance.mounted_at(base);
    }
    if is_read_only(args, is_local) {
        conformance = conformance.read_only();
    }
    conformance.time_limit(args.time_limit).at_most_per_second(rate(args, is_local))
}

/// Whether only methods that change nothing are sent: the default for other hosts.
const fn is_read_only(args: &Args, is_local: bool) -> bool {
    args.read_only || !is_local && !args.all_methods
}

fn rate(args: &Args, is_local: bool) -> u32 {
    args.rate.unwrap_or(if is_local { LOCAL_RATE } else { FOREIGN_RATE })
}

/// The default number of requests per second to this machine.
const LOCAL_RATE: u32 = 2_000;
/// The default number of requests per second to another host.
const FOREIGN_RATE: u32 = 50;

/// Escapes a text for a terminal, because files may hold control characters.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '"' | '\'' | '\\' => out.push(character),
            _ => out.extend(character.escape_debug()),
        }
    }
    out
}

/// Returns the exit code. A breach outweighs every other problem of the run.
fn verdict(report: &Report, complete: bool) -> u8 {
    if report.breach_count() > 0 {
        BREACHES
    } else if report.is_complete() || report.is_clean() && !complete {
        CLEAN
    } else {
        COULD_NOT_RUN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_host_is_spared() {
        let args = |more: &[&str]| {
            let needed = ["command", "--catalogue", "a", "--tokens", "b", "--address", "c"];
            Args::try_parse_from(needed.iter().chain(more)).unwrap()
        };
        assert_eq!((is_read_only(&args(&[]), true), rate(&args(&[]), true)), (false, 2_000));
        let foreign = args(&["--allow-host", "x.test"]);
        assert_eq!((is_read_only(&foreign, false), rate(&foreign, false)), (true, 50));
        let all = args(&["--allow-host", "x.test", "--all-methods", "--rate", "7"]);
        assert_eq!((is_read_only(&all, false), rate(&all, false)), (false, 7));
        assert!(is_read_only(&args(&["--read-only"]), true));
        let contradiction = ["--allow-host", "x.test", "--all-methods", "--read-only"];
        let needed = ["command", "--catalogue", "a", "--tokens", "b", "--address", "c"];
        assert!(Args::try_parse_from(needed.iter().chain(&contradiction)).is_err());
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(printable("a\n'b' \u{1b}[2J\u{202e}c\u{2066}"), "a\n'b' \\u{1b}[2J\\u{202e}c\\u{2066}");
    }
}
