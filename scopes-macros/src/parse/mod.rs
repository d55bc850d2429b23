//! The grammar of `scopes!`, read leniently: after a mistake reading goes on with the next item.

mod attributes;
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
pub(crate) use name::{Dotted, ScopeName};
pub(crate) use parsed::{BlockDemand, ParsedBlock, ParsedItem, ParsedScope};
pub(crate) use principal::Principal;
pub(crate) use route::{ParsedRoute, RouteGroup};

use crate::errors::Errors;
use crate::places::Extent;

/// A whole block as written.
pub(crate) struct CatalogueInput {
    /// `$crate` of the facade.
    pub(crate) root: TokenStream,
    /// `#![strict]`.
    pub(crate) strict: bool,
    /// The attributes of the `mod` line that go on the module.
    pub(crate) attributes: TokenStream,
    /// Those among them that can remove the module.
    pub(crate) cfg: TokenStream,
    /// Some documentation is among them.
    pub(crate) documented: bool,
    /// `#[non_exhaustive]`, which goes on the enum.
    pub(crate) non_exhaustive: TokenStream,
    /// The doc comment of the `mod` line.
    pub(crate) description: String,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) base: Option<LitStr>,
    pub(crate) tenant: Option<(String, Extent)>,
    /// `routes;`
    pub(crate) routes: Option<Extent>,
    /// `principal Account;`
    pub(crate) principal: Option<Principal>,
    pub(crate) items: Vec<ParsedItem>,
}

impl CatalogueInput {
    /// Reads a block that begins with the group `($crate)`. `None` without the module's name, for
    /// nothing can be generated then.
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

    /// `pub`: the hidden macro is exported as well.
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
    // What cannot be read is reported there.
    let _: syn::Result<()> = read_before.parse2(before);
    if input.peek(token::Brace) {
        // `mod api { .. }`, which was reported, is read as meant.
        let content;
        syn::braced!(content in input);
        contents(&content, &mut catalogue, errors);
    }
    contents(input, &mut catalogue, errors);
    Ok(catalogue)
}

/// Settings and items.
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
