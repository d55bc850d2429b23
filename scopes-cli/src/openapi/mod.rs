//! `scopes openapi`: the catalogue as an OpenAPI document.

pub(crate) mod args;

use std::io::Write as _;

use scopes_core::UntypedCatalogue;
use scopes_export::openapi::{Document, Errors, Scheme, Unsaid};

use self::args::{ErrorBodies, OpenapiArgs, SchemeName};
use crate::operand::{Operand, named_or_only};
use crate::output::Outcome;

pub(crate) fn run(args: &OpenapiArgs) -> Result<Outcome, String> {
    let operand = Operand::read(&named_or_only(args.catalogue.as_deref())?)?;
    let written = document(args, &operand.catalogue)?.write();
    report(written.unsaid());
    Ok(Outcome::found(written.into_json(), false))
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
        (SchemeName::Oauth2, _, None) => return Err("`--scheme oauth2` needs `--token-url`".to_owned()),
    };
    Ok(match &args.scheme_name {
        Some(name) => scheme.named(name),
        None => scheme,
    })
}

fn report(unsaid: &[Unsaid]) {
    let mut stderr = std::io::stderr().lock();
    for unsaid in unsaid {
        let _ = writeln!(stderr, "note: {unsaid}");
    }
}
