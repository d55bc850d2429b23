//! `assert_locked!("api.scopes.json")`: the file's name says which catalogue it locks.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, parenthesized};

struct Input {
    facade: TokenStream,
    file: LitStr,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let facade;
        parenthesized!(facade in input);
        Ok(Self { facade: facade.parse()?, file: input.parse()? })
    }
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    syn::parse2(input).and_then(|input| assertion(&input)).unwrap_or_else(syn::Error::into_compile_error)
}

fn assertion(Input { facade, file }: &Input) -> syn::Result<TokenStream> {
    let path = file.value();
    let name = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    let Ok(name) = syn::parse_str::<Ident>(name) else {
        let message = format!(
            "`{name}` cannot be the name of a catalogue's module, write the module too: `assert_locked!(api, \"{path}\")`"
        );
        return Err(syn::Error::new(file.span(), message));
    };
    let catalogue = Ident::new(&name.to_string(), Span::call_site().located_at(file.span()));
    Ok(quote_spanned! { file.span()=> #facade::assert_locked!(#catalogue, #file) })
}
