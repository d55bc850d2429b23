//! The arguments of `scopes import`, and how OpenAPI documents are read by every command.

use std::path::PathBuf;

use clap::ValueEnum;
use scopes_export::openapi::read::{Options, Undeclared};

pub(crate) const IMPORT: &str = "\
Examples:
  scopes import openapi.yaml > src/api.rs
  scopes import main:specs/openapi.json --format json --report report.txt > api.json
  scopes import openapi.yaml --undeclared external --any-of x-api-token-group

The block or the JSON goes to the standard output, the report to the standard error. Exit status: 0 the catalogue
says all that the document demands, 1 the report lists something that is left out or inexact, 2 the document
cannot be read. `$ref`s to files are followed below the folder of the document, never to URLs.";

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// The OpenAPI document: 2.0, 3.0, 3.1 or 3.2, in YAML or JSON.
    pub(crate) document: String,
    /// What to print: the text of a `scopes!` block, or the catalogue as JSON.
    #[arg(long, default_value = "block")]
    pub(crate) format: ImportFormat,
    /// The name of the catalogue's module.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Writes `routes;` into the block, so that a router can be built from the catalogue.
    #[arg(long)]
    pub(crate) routes: bool,
    /// Writes the report into a file instead of the standard error.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    Block,
    Json,
}

/// What the user decides about OpenAPI documents.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Reading {
    /// What becomes of the operations of an OpenAPI document that have no `security`, if the
    /// document has none either. Without this option they are left out.
    #[arg(long, value_name = "ACCESS")]
    pub(crate) undeclared: Option<UndeclaredAccess>,
    /// A member of operations that names scopes which a caller needs together.
    #[arg(long, value_name = "X-MEMBER")]
    pub(crate) all_of: Vec<String>,
    /// A member of operations that names scopes of which a caller needs one.
    #[arg(long, value_name = "X-MEMBER")]
    pub(crate) any_of: Vec<String>,
    /// A name that an OpenAPI document writes where no scope is needed, such as `none`.
    #[arg(long, value_name = "NAME")]
    pub(crate) no_scope: Vec<String>,
    /// The path below which the API of an OpenAPI document is served, instead of the one in its
    /// servers.
    #[arg(long, value_name = "PATH")]
    pub(crate) base: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum UndeclaredAccess {
    Public,
    Authenticated,
    External,
}

impl Reading {
    pub(crate) fn options(&self) -> Options {
        let mut options = Options::new();
        if let Some(access) = self.undeclared {
            options = options.undeclared(match access {
                UndeclaredAccess::Public => Undeclared::Public,
                UndeclaredAccess::Authenticated => Undeclared::Authenticated,
                UndeclaredAccess::External => Undeclared::External,
            });
        }
        if let Some(base) = &self.base {
            options = options.base(base);
        }
        let options = self.all_of.iter().fold(options, Options::all_of);
        let options = self.any_of.iter().fold(options, Options::any_of);
        self.no_scope.iter().fold(options, Options::no_scope)
    }

    /// Whether an option was given.
    pub(crate) fn is_used(&self) -> bool {
        let lists = [&self.all_of, &self.any_of, &self.no_scope];
        self.undeclared.is_some() || self.base.is_some() || lists.iter().any(|list| !list.is_empty())
    }
}
