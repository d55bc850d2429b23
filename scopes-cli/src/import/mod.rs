//! `scopes import`.

mod args;
mod report;

use std::io::{self, Write as _};

use scopes_export::block::{self, to_block};
use scopes_export::json::to_json;
use scopes_export::openapi::read::{DocumentError, Import, Options, import};

use self::args::ImportFormat;
pub(crate) use self::args::{IMPORT, ImportArgs, Reading};
pub(crate) use self::report::grouped;
use self::report::report;
use crate::operand::{files_of, text_of};
use crate::output::Outcome;

pub(crate) fn run(args: &ImportArgs) -> Result<Outcome, String> {
    let (label, text) = text_of(&args.document)?;
    let mut options = args.reading.options();
    if let Some(name) = &args.name {
        options = options.name(name);
    }
    let import = read(&args.document, &label, &text, &options).map_err(|error| error.to_string())?;
    let report = report(&label, &import);
    match &args.report {
        Some(path) => std::fs::write(path, report).map_err(|error| format!("{}: {error}", path.display()))?,
        None => {
            // Without a standard error the report has no reader.
            let _ = io::stderr().write_all(report.as_bytes());
        }
    }
    let text = match args.format {
        ImportFormat::Json => to_json(import.catalogue()),
        ImportFormat::Block => {
            let options = block::Options::new();
            to_block(import.catalogue(), &if args.routes { options.routes() } else { options })
        }
    };
    Ok(Outcome::found(text, !import.is_complete()))
}

/// Imports the text of an operand.
pub(crate) fn read(operand: &str, label: &str, text: &str, options: &Options) -> Result<Import, DocumentError> {
    import(text, label, &mut *files_of(operand), options)
}
