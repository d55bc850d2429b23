//! The arguments of the command.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use scopes_core::Date;

use crate::import::{IMPORT, ImportArgs, Reading};
use crate::openapi::args::{EXAMPLES as OPENAPI, OpenapiArgs};

/// Compare, lock, check and explain the permissions that an HTTP API declares.
#[derive(Debug, Parser)]
#[command(name = "scopes", version, about, after_help = EXIT)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT: &str = "\
An operand is a file, `-` for the standard input, or REVISION:PATH of the git repository around the
current folder. Exit status: 0 nothing found at or above --fail-on, 1 something found, 2 the command
could not do its work.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Says which requests are allowed or denied that were not before, and for whom.
    #[command(after_help = DIFF)]
    Diff(DiffArgs),
    /// Updates the lock file that `scopes::assert_locked!` compares with.
    #[command(after_help = LOCK)]
    Lock(LockArgs),
    /// Finds what is legal but seldom meant.
    #[command(after_help = CHECK)]
    Check(CheckArgs),
    /// Shows how one request finds its route and its verdict.
    #[command(after_help = EXPLAIN)]
    Explain(ExplainArgs),
    /// Writes the catalogue as an OpenAPI document.
    #[command(after_help = OPENAPI)]
    Openapi(OpenapiArgs),
    /// Writes the permission reference of a catalogue.
    #[command(after_help = crate::docs::HELP)]
    Docs(crate::docs::DocsArgs),
    /// Makes a catalogue of an OpenAPI document, and says what it leaves out.
    #[command(after_help = IMPORT)]
    Import(ImportArgs),
    /// Finds the least set of scopes for what each token has used.
    #[command(after_help = crate::usage::args::MINIMAL)]
    Minimal(crate::usage::args::MinimalArgs),
    /// Finds the scopes and routes that nothing has used.
    #[command(after_help = crate::usage::args::UNUSED)]
    Unused(crate::usage::args::UnusedArgs),
    /// Writes `picker.json`, for a page where people make tokens.
    #[command(after_help = crate::picker::PICKER)]
    Picker(crate::picker::PickerArgs),
    /// Prints a link to a page where people make tokens: it chooses the least scopes for some
    /// requests.
    #[command(after_help = crate::picker::LINK)]
    Link(crate::picker::LinkArgs),
    /// Prints the JSON Schema of a format.
    Schema {
        /// The format.
        name: Schema,
    },
    /// Prints a completion script.
    #[command(after_help = "Example:\n  scopes completions bash > ~/.local/share/bash-completion/completions/scopes")]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

const DIFF: &str = "\
Examples:
  scopes diff main:api.scopes.json target/scopes/api.json
  scopes diff old.json new.json --tokens tokens.jsonl --fail-on widening
  scopes diff origin/main:api.scopes.json - --format github < target/scopes/api.json
  scopes diff main:openapi.yaml openapi.yaml --allow-incomplete

A line of the tokens' file: {\"id\": \"t-1\", \"scopes\": [\"users.read\"], \"tenant\": \"acme\"}. Without `tenant`
the token covers none, `\"*\"` covers all.";

const LOCK: &str = "\
Examples:
  scopes lock
  scopes lock target/scopes/api.json api.scopes.json --accept --reason \"the route had no callers\"
  scopes lock target/scopes/api.json api.scopes.json --accept-widening --reason \"for the audit\" --until 2027-01-31

Without a lock file as operand, it is NAME.scopes.json beside the current folder's Cargo.toml, with the name
of the catalogue.";

const CHECK: &str = "\
Examples:
  scopes check
  scopes check target/scopes/api.json --format github
  scopes check - --config strict.toml < target/scopes/api.json

The exit status is 1 if a finding has the level error. Without an operand it checks target/scopes/*.json below the nearest folder that has it. scopes.toml:
  [rules]
  overlap = \"error\"        # error, warn or allow
  [[accepted]]
  rule = \"no-text\"
  about = \"legacy:status\"
  reason = \"goes away with version 2\"
  until = \"2027-05-01\"     # optional";

const EXPLAIN: &str = "\
Examples:
  scopes explain GET /users/7
  scopes explain GET /accounts/acme/users --scopes \"users.read\" --tenant acme --catalogue api.scopes.json";

#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// The catalogue before the change, its lock file, or an OpenAPI document.
    pub(crate) old: String,
    /// The catalogue after the change, its lock file, or an OpenAPI document.
    pub(crate) new: String,
    /// JSON lines of live tokens: how many gain or lose what.
    #[arg(long, value_name = "FILE")]
    pub(crate) tokens: Option<String>,
    /// The least level of a finding for exit status 1.
    #[arg(long, value_name = "LEVEL", default_value = "breaking")]
    pub(crate) fail_on: FailOn,
    /// How to print the findings.
    #[arg(long, default_value = "text")]
    pub(crate) format: DiffFormat,
    /// The Rust file that declares the new catalogue, for `--format github`: annotations are at its
    /// lines.
    #[arg(long, value_name = "FILE")]
    pub(crate) source: Option<String>,
    /// Compares OpenAPI documents of which a catalogue cannot say all, and lists what is not
    /// compared. Without this option the exit status is 2 then.
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    Widening,
    Breaking,
    Note,
    Text,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    Json,
    Github,
    Markdown,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LockArgs {
    /// The current catalogue; by default the only one in target/scopes.
    pub(crate) catalogue: Option<String>,
    /// The lock file. It is created if it does not exist.
    pub(crate) lock: Option<PathBuf>,
    /// Accepts that requests are denied that were allowed.
    #[arg(long)]
    pub(crate) accept: bool,
    /// Accepts that requests are allowed that were denied.
    #[arg(long)]
    pub(crate) accept_widening: bool,
    /// Why it is accepted; the lock file keeps it.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    /// The first day on which the acceptance no longer holds, such as 2027-01-31.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<Date>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Catalogues or lock files.
    pub(crate) catalogues: Vec<String>,
    /// Levels and accepted findings; by default scopes.toml in the current folder, if it exists.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// How to print the findings.
    #[arg(long, default_value = "text")]
    pub(crate) format: CheckFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CheckFormat {
    Text,
    Json,
    Github,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The method of the request.
    pub(crate) method: String,
    /// The target of the request, as the client sends it.
    pub(crate) path: String,
    /// The catalogue; by default the only one in target/scopes.
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<String>,
    /// The wire names of the token, separated by blanks. Without it the caller has no credentials.
    #[arg(long, value_name = "NAMES")]
    pub(crate) scopes: Option<String>,
    /// A tenant of the token; `*` for all.
    #[arg(long, value_name = "TENANT", requires = "scopes")]
    pub(crate) tenant: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Schema {
    /// Catalogues and lock files.
    Catalogue,
    /// `scopes diff --format json`.
    Diff,
    /// `scopes check --format json`.
    Check,
    /// The lines of `scopes::usage::Recorder`.
    Usage,
    /// `scopes minimal --format json`.
    Minimal,
    /// `scopes unused --format json`.
    Unused,
    /// `scopes picker`.
    Picker,
}
