//! Small tools on token streams: functions and expressions are edited as tokens, never parsed.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use scopes_core::name::identifier;

use crate::requires::cursor::is_ident;

/// The text between the quotes of a string literal. Escapes are resolved; `None` for other
/// literals.
pub(crate) fn string(literal: &Literal) -> Option<String> {
    syn::parse2::<syn::LitStr>(literal.to_token_stream()).ok().map(|literal| literal.value())
}

/// A string literal with a span.
pub(crate) fn literal(text: &str, span: Span) -> Literal {
    let mut literal = Literal::string(text);
    literal.set_span(span);
    literal
}

/// The place of a span, marked as made by a macro: lints about what people write leave such tokens
/// alone, and rust-analyzer does not take them for what the user wrote in that place.
///
/// Names are looked up where the attribute stands, except those of local variables. The first token
/// of a parameter's type must not have such a span: Rocket gives it to local variables of its own,
/// and would not find them.
pub(crate) fn generated(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}

/// The same tokens as made by a macro, all in one place. `$crate` means what it does through its
/// span, and keeps that.
pub(crate) fn all_generated(tokens: &[TokenTree], place: Span) -> TokenStream {
    let generated = |token: &TokenTree| {
        let mut token = token.clone();
        token.set_span(if is_ident(&token, "$crate") { token.span().located_at(place) } else { generated(place) });
        token
    };
    tokens.iter().map(generated).collect()
}

/// The tokens without the groups in which `macro_rules!` wraps what it was given, such as the
/// literal of `$path:literal`.
pub(crate) fn ungrouped(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => all.extend(ungrouped(group.stream())),
            token => all.push(token),
        }
    }
    all
}

/// Replaces what stands in a group; delimiter and span stay.
pub(crate) fn regroup(group: &Group, stream: TokenStream) -> Group {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    new
}

/// The text of an identifier without `r#`.
pub(crate) fn unraw(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// A segment as part of a path: keywords become raw.
pub(crate) fn path_ident(segment: &Ident) -> Ident {
    let text = unraw(segment);
    match identifier(&text).strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, segment.span()),
        None => segment.clone(),
    }
}

/// A single punctuation mark.
pub(crate) fn punct(character: char, span: Span) -> TokenTree {
    let mut punct = Punct::new(character, Spacing::Alone);
    punct.set_span(span);
    TokenTree::Punct(punct)
}

/// Text in which white space does not count: how tokens are spaced differs.
#[cfg(test)]
pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<TokenTree> {
        text.parse::<TokenStream>().unwrap().into_iter().collect()
    }

    #[test]
    fn strings() {
        for (text, expected) in [
            ("\"/a\"", Some("/a")),
            ("r#\"/a\"#", Some("/a")),
            ("\"\\u{61}\"", Some("a")),
            ("1", None),
            ("b\"a\"", None),
        ] {
            let all = tokens(text);
            let [TokenTree::Literal(literal)] = &*all else { panic!("{text}") };
            assert_eq!(string(literal).as_deref(), expected, "{text}");
        }
    }
}
