//! The macro `scopes!` from end to end.

use proc_macro2::TokenStream;
use scopes_core::compile::{self, Compiled};
use scopes_core::error::CatalogueErrorKind;

use crate::errors::Errors;
use crate::expand;
use crate::lower;
use crate::parse::CatalogueInput;
use crate::places::Places;

/// What `scopes!` expands to: every mistake, and the items of all that is sound.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    // Part of the hidden macro's name, which must be another one for each catalogue of a crate.
    let fingerprint = input.to_string();
    let (items, mistakes) = Errors::gather(|errors| {
        let Some(input) = CatalogueInput::parse(input, errors) else {
            return TokenStream::new();
        };
        let mut places = Places::new();
        let declaration = lower::lower(&input, &mut places);
        let compiled = compile::compile(&declaration);
        report(&compiled, &places, errors);
        expand::module(&input, &compiled.catalogue, &fingerprint)
    });
    // Items first: an IDE then knows the names even where the mistakes stop it.
    let mut output = items;
    output.extend(mistakes);
    output
}

/// Every mistake at its token, and its twin at the other end of the conflict.
fn report(compiled: &Compiled, places: &Places, errors: &mut Errors) {
    for error in &compiled.errors {
        let extent = match &error.kind {
            CatalogueErrorKind::Name { error: name, .. } => places.segment(error.place, name.offset()),
            _ => places.extent(error.place),
        };
        errors.at(extent, error);
        if let Some((place, text)) = &error.twin {
            errors.at(places.extent(*place), text);
        }
    }
}
