//! The command `scopes`: compare, lock, check and explain permissions. `scopes --help` says how.

mod args;
mod check;
mod config;
mod diff;
mod docs;
mod escape;
mod explain;
mod import;
mod lock;
mod openapi;
mod operand;
mod output;
mod picker;
mod places;
mod tokens;
mod usage;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use self::args::{Args, Command, Schema};
use self::output::Outcome;

/// The exit code if the command could not do its work.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Printing fails only if the output is closed.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { COULD_NOT_RUN } else { 0 });
        }
    };
    let outcome = match args.command {
        Command::Diff(args) => diff::run(&args),
        Command::Lock(args) => lock::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Openapi(args) => openapi::run(&args),
        Command::Docs(args) => docs::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Minimal(args) => usage::minimal::run(&args),
        Command::Unused(args) => usage::unused::run(&args),
        Command::Picker(args) => picker::picker(&args),
        Command::Link(args) => picker::link(&args),
        Command::Schema { name } => Ok(Outcome::found(schema(name).to_owned(), false)),
        Command::Completions { shell } => Ok(Outcome::found(completions(shell), false)),
    };
    match outcome {
        Ok(outcome) => write(&outcome),
        Err(message) => {
            let _ = writeln!(io::stderr(), "error: {}", escape::lines(&message));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// A reader that goes away early, such as `head`, has what it wanted. Any other failure to write is
/// an error, because a part of the answer may be missing.
fn write(outcome: &Outcome) -> ExitCode {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(outcome.text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "error: cannot write the output: {error}");
            ExitCode::from(COULD_NOT_RUN)
        }
        _ => ExitCode::from(u8::from(outcome.has_findings)),
    }
}

const fn schema(name: Schema) -> &'static str {
    match name {
        Schema::Catalogue => scopes_export::json::SCHEMA,
        Schema::Diff => include_str!("diff.schema.json"),
        Schema::Check => include_str!("check.schema.json"),
        Schema::Usage => scopes_export::usage::SCHEMA,
        Schema::Minimal => usage::minimal::SCHEMA,
        Schema::Unused => usage::unused::SCHEMA,
        Schema::Picker => scopes_export::picker::SCHEMA,
    }
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "scopes", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
