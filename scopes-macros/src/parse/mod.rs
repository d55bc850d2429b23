//! The grammar of `scopes!`, read leniently: after a mistake, the parser continues with the next
//! item.

mod attributes;
mod deprecation;
mod foreign_item;
mod foreign_route;
mod foreign_tail;
mod head;
mod includes;
mod item;
mod name;
mod parsed;
mod principal;
mod recover;
mod route;
mod setting;
mod words;

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Visibility, token};

pub(crate) use attributes::{Annotations, Tenancy};
pub(crate) use deprecation::Deprecation;
pub(crate) use name::{Dotted, ScopeName};
pub(crate) use parsed::{BlockDemand, ParsedBlock, ParsedItem, ParsedScope};
pub(crate) use principal::Principal;
pub(crate) use route::{ParsedRoute, RouteGroup};

use crate::errors::Errors;
use crate::places::Extent;

/// The block as the user wrote it.
pub(crate) struct CatalogueInput {
    /// The facade's `$crate`.
    pub(crate) root: TokenStream,
    /// Whether the block has `#![strict]`.
    pub(crate) strict: bool,
    /// The attributes of the `mod` line, for the generated module.
    pub(crate) attributes: TokenStream,
    /// The attributes among them that can remove the module.
    pub(crate) cfg: TokenStream,
    /// Whether the attributes include documentation.
    pub(crate) documented: bool,
    /// The attribute `#[non_exhaustive]`, for the generated enum.
    pub(crate) non_exhaustive: TokenStream,
    /// The doc comment of the `mod` line.
    pub(crate) description: String,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) base: Option<LitStr>,
    pub(crate) tenant: Option<(String, Extent)>,
    /// The setting `routes;`.
    pub(crate) routes: Option<Extent>,
    /// The setting `principal Account;`.
    pub(crate) principal: Option<Principal>,
    pub(crate) items: Vec<ParsedItem>,
}

impl CatalogueInput {
    /// Reads a block that begins with the group `($crate)`. `None` if the name of the module is
    /// missing, because nothing can be generated then.
    pub(crate) fn parse(input: TokenStream, errors: &mut Errors) -> Option<Self> {
        let mut catalogue = None;
        let read = |input: ParseStream<'_>| {
            catalogue = Some(self::catalogue(input, errors)?);
            Ok(())
        };
        if let Err(error) = read.parse2(input) {
            errors.syntax(&error);
        }
        catalogue
    }

    /// Whether the module is `pub`, so that the hidden macro is exported as well.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.visibility, Visibility::Public(_))
    }
}

fn catalogue(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<CatalogueInput> {
    let outcome = head::parse(input, errors);
    let Ok((mut catalogue, before)) = outcome else {
        recover::skip_all(input);
        return outcome.map(|(catalogue, _)| catalogue);
    };
    let read_before = |input: ParseStream<'_>| {
        contents(input, &mut catalogue, errors);
        Ok(())
    };
    // `contents` has already reported each error.
    let _: syn::Result<()> = read_before.parse2(before);
    if input.peek(token::Brace) {
        // The braces of `mod api { .. }` were reported. Their content is read like the block's.
        let content;
        syn::braced!(content in input);
        contents(&content, &mut catalogue, errors);
    }
    contents(input, &mut catalogue, errors);
    Ok(catalogue)
}

/// Reads settings and items.
fn contents(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) {
    while !input.is_empty() {
        match setting::parse(input, catalogue, errors) {
            Ok(true) => {}
            Ok(false) => item::parse(input, &mut catalogue.items, errors),
            Err(error) => {
                errors.syntax(&error);
                recover::skip_item(input);
            }
        }
    }
}
