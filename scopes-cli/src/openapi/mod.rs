//! `scopes openapi`: the catalogue as an OpenAPI document.

pub(crate) mod args;

use std::io::Write;
use std::path::Path;

use scopes_core::UntypedCatalogue;
use scopes_export::openapi::{Document, Errors, MergeError, Scheme, Unsaid};

use self::args::{ErrorBodies, OpenapiArgs, SchemeName};
use crate::lock::replace;
use crate::operand::{BYTE_ORDER_MARK, Operand, named_or_only, whole_text_of};
use crate::output::Outcome;

/// The most conflicts, and the most notes, that are shown.
const MOST_LINES: usize = 50;

pub(crate) fn run(args: &OpenapiArgs) -> Result<Outcome, String> {
    let operand = Operand::read(&named_or_only(args.catalogue.as_deref())?)?;
    let document = document(args, &operand.catalogue)?;
    if let Some(target) = &args.merge {
        return merge(args, &document, target);
    }
    let written = document.write();
    report(written.unsaid());
    Ok(Outcome::found(written.into_json(), false))
}

/// Merges the catalogue into a document. Conflicts are findings, on the standard error, because the
/// standard output is the document.
fn merge(args: &OpenapiArgs, document: &Document<'_>, target: &str) -> Result<Outcome, String> {
    let (label, text) = whole_text_of(target)?;
    let (mark, text) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => (BYTE_ORDER_MARK, text),
        None => ("", text.as_str()),
    };
    let merged = match document.merge_into(text, args.replace) {
        Ok(merged) => merged,
        Err(MergeError::Conflicts(conflicts)) => {
            let mut stderr = std::io::stderr().lock();
            let lines = conflicts.iter().map(|conflict| format!("error: {label}:{}: {conflict}", conflict.line()));
            show(&mut stderr, lines);
            let _ = writeln!(stderr, "note: `--replace` writes what the catalogue demands");
            if args.scheme_name.is_none() {
                let _ = writeln!(stderr, "note: `--scheme-name` names the document's own scheme of the tokens");
            }
            return Ok(Outcome::found(String::new(), true));
        }
        Err(MergeError::NotGuaranteed { reason, patch }) => {
            let told =
                format!("{label} is not changed: {reason}; these changes can be made by hand (an OpenAPI overlay):");
            return Err(format!("{told}\n{patch}"));
        }
        Err(MergeError::Syntax { line, column, message }) => return Err(format!("{label}:{line}:{column}: {message}")),
        Err(error) => return Err(format!("{label}: {error}")),
    };
    report(merged.unsaid());
    let changed = format!("{mark}{}", merged.text());
    if !args.in_place {
        return Ok(Outcome::found(changed, false));
    }
    if target == "-" {
        return Err("`--in-place` needs a file".to_owned());
    }
    if merged.changes() > 0 {
        replace(Path::new(target), &changed).map_err(|error| format!("{label}: cannot write it: {error}"))?;
    }
    let told = if merged.changes() > 0 { "updated" } else { "is up to date" };
    Ok(Outcome::found(format!("{label} {told}\n"), false))
}

fn document<'c>(args: &OpenapiArgs, catalogue: &'c UntypedCatalogue) -> Result<Document<'c>, String> {
    let mut document =
        Document::new(catalogue).version(args.version).scheme(scheme(args)?).api_version(&args.api_version).errors(
            match args.errors {
                ErrorBodies::Json => Errors::Json,
                ErrorBodies::Problem => Errors::Problem,
                ErrorBodies::Other => Errors::Other,
            },
        );
    if args.show_scopes {
        document = document.show_scopes();
    }
    if let Some(title) = &args.title {
        document = document.title(title);
    }
    if let Some(license) = &args.license {
        document = document.licensed(license);
    }
    Ok(args.server.iter().fold(document, Document::server))
}

fn scheme(args: &OpenapiArgs) -> Result<Scheme, String> {
    let scheme = match (args.scheme, &args.authorization_url, &args.token_url) {
        (SchemeName::Bearer, None, None) => Scheme::bearer(),
        (SchemeName::Bearer, ..) => return Err("the URLs of tokens need `--scheme oauth2`".to_owned()),
        (SchemeName::Oauth2, None, Some(token)) => Scheme::client_credentials(token),
        (SchemeName::Oauth2, Some(authorization), Some(token)) => Scheme::authorization_code(authorization, token),
        // A merge with a scheme of this name leaves it as it is.
        (SchemeName::Oauth2, _, None) if args.merge.is_some() && args.scheme_name.is_some() => {
            Scheme::client_credentials("")
        }
        (SchemeName::Oauth2, _, None) => return Err("`--scheme oauth2` needs `--token-url`".to_owned()),
    };
    Ok(match &args.scheme_name {
        Some(name) => scheme.named(name),
        None => scheme,
    })
}

fn report(unsaid: &[Unsaid]) {
    show(&mut std::io::stderr().lock(), unsaid.iter().map(|unsaid| format!("note: {unsaid}")));
}

/// Shows the first lines, and how many more there are.
fn show(stderr: &mut impl Write, mut lines: impl ExactSizeIterator<Item = String>) {
    for line in lines.by_ref().take(MOST_LINES) {
        let _ = writeln!(stderr, "{line}");
    }
    if lines.len() > 0 {
        let _ = writeln!(stderr, "and {} more", lines.len());
    }
}
