//! The setting `principal crate::Account;`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Lit, Token, Type};

use super::{recover, words};
use crate::errors::Errors;
use crate::places::Extent;

/// The type that the setting names.
pub(crate) struct Principal {
    pub(crate) named: Type,
    pub(crate) extent: Extent,
}

/// Whether the text after the word `principal` makes it the setting. `principal;`, `principal { ..
/// }`, `principal.read` and `principal includes a;` declare scopes.
pub(super) fn is_setting(after: ParseStream<'_>) -> bool {
    let begins_type = after.peek(Token![::]) || after.peek(Token![&]) || after.peek(Token![<]) || after.peek(Lit);
    if begins_type || words::sign(after).is_some() {
        return true;
    }
    let ahead = after.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else { return false };
    let goes_on = ahead.peek(Token![::]) || ahead.peek(Token![<]) || ahead.peek(Token![;]) || word == "dyn";
    goes_on || ahead.is_empty() && word != "includes"
}

/// Reads the type after the word `principal`, up to the `;`. `None` if there is none, after an
/// error.
pub(super) fn parse(input: ParseStream<'_>, word: Extent, errors: &mut Errors) -> syn::Result<Option<Principal>> {
    let (named, extent) = match plain(input) {
        Some(found) => found,
        None => not_alone(input, errors)?,
    };
    Ok(named.map(|named| Principal { named, extent: word.to(extent) }))
}

impl Principal {
    /// The setting as the user wrote it, for messages.
    pub(super) fn text(&self) -> String {
        format!("`principal {}`", text(&self.named))
    }
}

const NO_TYPE: &str = "`principal` is followed by a type: `principal crate::Account;`";

/// Reads `Account`, `crate::Account` or `Arc<Account>`.
fn plain(input: ParseStream<'_>) -> Option<(Option<Type>, Extent)> {
    of_stream(&input.fork())?;
    let start = input.span();
    let named = of_stream(input)?;
    let end = named.to_token_stream().into_iter().last().map_or(start, |token| token.span());
    Some((Some(named), Extent::new(start, end)))
}

/// Reads `= Account` or `"Account"`: reports an error, and returns the type that is meant, if there
/// is one.
fn not_alone(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<(Option<Type>, Extent)> {
    let tokens = words::up_to_semicolon(input);
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return Err(recover::expected(input, NO_TYPE));
    };
    let extent = Extent::new(first.span(), last.span());
    recover::skip_item_but_its_end(input);
    let named = meant(&tokens);
    match &named {
        Some(named) => errors
            .at(extent, format_args!("`principal` is followed by the type alone: write `principal {};`", text(named))),
        None => errors.at(extent, NO_TYPE),
    }
    Ok((named, extent))
}

fn of_stream(input: ParseStream<'_>) -> Option<Type> {
    input.parse::<Type>().ok().filter(|named| !matches!(named, Type::Infer(_) | Type::Macro(_)))
}

fn of_tokens(tokens: TokenStream) -> Option<Type> {
    syn::parse2::<Type>(tokens).ok().filter(|named| !matches!(named, Type::Infer(_) | Type::Macro(_)))
}

/// The type in `= Account`, `: Account` or `"Account"`.
fn meant(tokens: &[TokenTree]) -> Option<Type> {
    let is_sign = |token: &&TokenTree| matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '=' | ':' | '>' | '-'));
    let rest: Vec<_> = tokens.iter().skip_while(is_sign).collect();
    if let [TokenTree::Literal(literal)] = &*rest {
        let text = syn::parse2::<syn::LitStr>(literal.to_token_stream()).ok()?;
        return text.parse::<Type>().ok();
    }
    of_tokens(rest.into_iter().cloned().collect())
}

/// The type, spelled as users write it.
fn text(named: &Type) -> String {
    named
        .to_token_stream()
        .to_string()
        .replace(" :: ", "::")
        .replace(":: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" ,", ",")
}
