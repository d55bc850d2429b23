//! `requires_type!`: the catalogue's answer to a scope's name in the place of a type.
//!
//! ```text
//! requires_type! { "NAMES" [api ::] "environment.users.read      " [. . .] [from?] }
//! // => api::environment::users::read::__Marker, or a type with compile_error! in it
//! ```

mod diagnose;
mod lookup;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use self::diagnose::{Refusal, diagnose};
use super::not_called_by_requires;
use crate::errors::compile_error;
use crate::requires::tokens::{generated, string};
use crate::requires::wire::names::{NameTable, is_in_literal};
use crate::requires::wire::question::NameQuestion;

/// The error on `from`. It does not name the scope: if there are several scopes, rustc shows equal
/// errors at one place only once.
const WITHOUT_TENANT: &str = "`from = ..` has no request to take the tenant from, write `tenant = ..` or `unbound = \"why\"`\n\
    both can be left out only if each scope, and each scope that it includes, opens routes and all of these are `#[global]`";

/// The second run for names: see the module.
pub(crate) fn requires_type(input: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    let Some((TokenTree::Literal(literal), question)) = tokens.split_first() else { return not_called_by_requires() };
    let Some(question) = NameQuestion::read(question) else { return not_called_by_requires() };
    if question.is_answered_by(&literal.to_string()) {
        return question.marker();
    }
    let Some(names) = string(literal) else { return not_called_by_requires() };
    let names = NameTable::read(&names);
    match answer(&names, &question) {
        Ok(()) => question.marker(),
        // The mistake is in the catalogue and was reported there. The handler that names the scope
        // may be right.
        Err(_) if names.incomplete && names.position(&question.written().join(".")).is_none() => question.unknown(),
        // A `compile_error!` in place of a type becomes `()`, and rustc would report errors that
        // follow from that. In the length of an array it makes the type itself an error, after
        // which rustc reports nothing more.
        Err(Refusal { extent, message }) => {
            let error = compile_error(extent, &message);
            quote! { [(); #error] }
        }
    }
}

/// Checks that a scope has this name, and that the scope is allowed in this place.
fn answer(names: &NameTable, question: &NameQuestion) -> Result<(), Refusal> {
    let scope = names.position(&question.written().join(".")).and_then(|position| names.scopes.get(position));
    match (scope, question.open, question.from) {
        (Some(scope), None, Some(from)) if scope.asks_for_tenant => {
            Err(Refusal { extent: from.into(), message: WITHOUT_TENANT.to_owned() })
        }
        (Some(_), None, _) => Ok(()),
        _ => Err(diagnose(names, question)),
    }
}

impl NameQuestion {
    /// Whether the table's literal has a scope with exactly this name, so that no other look-up is
    /// necessary.
    fn is_answered_by(&self, names: &str) -> bool {
        let found = || is_in_literal(names, &self.text());
        self.open.is_none() && self.from.is_none() && found()
    }

    fn written(&self) -> Vec<String> {
        self.segments.iter().map(|segment| segment.text.clone()).collect()
    }

    fn start(&self) -> Span {
        self.segments.first().map_or_else(|| self.end(), |segment| segment.span)
    }

    fn end(&self) -> Span {
        let last = self.segments.last().map(|segment| segment.span);
        self.open.or(last).unwrap_or_else(Span::call_site)
    }

    /// The type of the scope's marker.
    fn marker(&self) -> TokenStream {
        let root = &self.root;
        let place = generated(self.seat);
        let segments = self.segments.iter().map(|segment| segment.placed(place));
        let marker = Ident::new("__Marker", place);
        quote! { #(#root)* #(#segments::)* #marker }
    }

    /// The type that replaces an unknown scope.
    fn unknown(&self) -> TokenStream {
        let root = &self.root;
        let place = generated(self.seat);
        let first = self.segments.first().filter(|_| root.is_empty());
        let first = first.map(|first| first.placed(place)).into_iter();
        let marker = Ident::new("__Unknown", place);
        quote! { #(#root)* #(#first::)* #marker }
    }
}

#[cfg(test)]
mod tests;
