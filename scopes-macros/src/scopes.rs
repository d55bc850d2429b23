//! The whole run of the macro `scopes!`.

use proc_macro2::TokenStream;
use scopes_core::compile::{self, Compiled};
use scopes_core::declaration::{Declaration, Item};
use scopes_core::name::NameError;
use scopes_core::{CatalogueError, CatalogueErrorKind};

use crate::errors::{Errors, Lost};
use crate::expand;
use crate::lower;
use crate::parse::CatalogueInput;
use crate::places::Places;

/// The expansion of `scopes!`: every mistake, and the items of everything that is sound.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    // Becomes part of the hidden macro's name, which must differ between the catalogues of a crate.
    let fingerprint = input.to_string();
    let (items, mistakes) = Errors::gather(|errors| {
        let block = input.clone();
        let Some(input) = CatalogueInput::parse(input, errors) else {
            return TokenStream::new();
        };
        let mut places = Places::new();
        let declaration = lower::lower(&input, &mut places);
        let compiled = compile::compile(&declaration);
        report(&compiled, &declaration, &places, errors);
        expand::module(&block, &input, &compiled, &places, &fingerprint, errors)
    });
    // The items come first, so that an IDE knows their names even if the mistakes stop its
    // analysis.
    let mut output = items;
    output.extend(mistakes);
    output
}

/// Reports every mistake at its token, and its twin at the other end of the conflict.
fn report(compiled: &Compiled, declaration: &Declaration, places: &Places, errors: &mut Errors) {
    let lost = errors.lost();
    for error in compiled.errors().iter().filter(|error| !follows_from(error.kind(), lost)) {
        let extent = match error.kind() {
            CatalogueErrorKind::Name { error: name, .. } => places.segment(error.place(), name.offset()),
            _ => places.extent(error.place()),
        };
        match unquoted_name(error, declaration) {
            Some(message) => errors.at(extent, message),
            None => errors.at(extent, error),
        }
        if let Some((place, text)) = error.twin() {
            errors.at(places.extent(place), text);
        }
    }
}

/// Whether the missing item may be one that could not be read.
fn follows_from(kind: &CatalogueErrorKind, lost: Lost) -> bool {
    match kind {
        CatalogueErrorKind::UnknownScope { .. } | CatalogueErrorKind::PatternMatchesNothing { .. } => lost.scope,
        CatalogueErrorKind::TenantNotUsed { .. } | CatalogueErrorKind::TenancyUnneeded { .. } => lost.route,
        _ => false,
    }
}

/// The message for a name that collides with a name of Rust or of the catalogue. With `as` a scope
/// gets another name, but only after a string.
fn unquoted_name(error: &CatalogueError, declaration: &Declaration) -> Option<String> {
    let CatalogueErrorKind::Name { name, error: kind } = error.kind() else { return None };
    let why = match kind {
        NameError::Keyword { segment, .. } => format!("`{segment}` cannot be part of a path"),
        NameError::Taken { segment } => {
            format!("`{segment}` is an item of every catalogue and cannot begin a name")
        }
        _ => return None,
    };
    let unquoted = declaration.items.iter().any(|item| match item {
        Item::Scope(scope) => {
            scope.name.place == error.place()
                && scope.dotted.as_ref().is_some_and(|dotted| dotted.place == error.place())
        }
        _ => false,
    });
    unquoted.then(|| format!("`{name}` is not a scope name: {why}: write `{name:?} as another.name`"))
}
