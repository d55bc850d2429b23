//! Looks ahead and recognises what the next tokens are.

use proc_macro2::{Ident, TokenTree};
use quote::ToTokens as _;
use scopes_core::method;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token};

/// The next token, if it is a word.
pub(super) fn peek_word(input: ParseStream<'_>) -> Option<Ident> {
    input.fork().call(Ident::parse_any).ok()
}

/// Whether the next token is this word.
pub(super) fn is_word(input: ParseStream<'_>, word: &str) -> bool {
    peek_word(input).is_some_and(|found| found == word)
}

/// Whether the word can be a method: `GET`, `get`, `PROPFIND`.
pub(super) fn is_method(word: &str) -> bool {
    method::check(word).is_ok() || method::is_standard(&word.to_ascii_uppercase())
}

/// Whether the word is a standard method, in capitals or not: `GET`, `get`.
pub(super) fn is_standard_method(word: &str) -> bool {
    method::is_standard(&word.to_ascii_uppercase())
}

/// Whether a route or `under` follows: `GET "/users"`, `under "/users"`.
pub(super) fn is_route(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let word = match ahead.parse::<LitStr>() {
        Ok(method) => method.value(),
        Err(_) => ahead.call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default(),
    };
    (is_method(&word) || word == "under") && ahead.parse::<LitStr>().is_ok_and(|path| path.value().starts_with('/'))
}

/// The method and the path of a text such as `GET /users`.
pub(super) fn method_and_path(text: &str) -> Option<(String, String)> {
    let (method, path) = text.trim().split_once([' ', ':'])?;
    let path = path.trim();
    (is_standard_method(method) && path.starts_with('/')).then(|| (method.to_ascii_uppercase(), path.to_owned()))
}

/// A sign that other languages write between a name and its meaning: `=>`, `->`, `=`, `:` or `>`.
pub(super) fn sign(input: ParseStream<'_>) -> Option<&'static str> {
    Some(match () {
        () if input.peek(Token![=>]) => "=>",
        () if input.peek(Token![->]) => "->",
        () if input.peek(Token![::]) => return None,
        () if input.peek(Token![==]) => "==",
        () if input.peek(Token![=]) => "=",
        () if input.peek(Token![:]) => ":",
        () if input.peek(Token![>]) => ">",
        () => return None,
    })
}

/// Reads a [`sign`] that was seen.
pub(super) fn skip_sign(input: ParseStream<'_>, sign: &str) {
    for _ in sign.chars() {
        // Each character is one token.
        let _: syn::Result<TokenTree> = input.parse();
    }
}

/// A separator that other languages write between alternatives: `,`, `|`, `||`, `+`, `&`, `/`,
/// `and` or `or`.
pub(super) fn separator(input: ParseStream<'_>) -> Option<String> {
    let token = input.fork().parse::<TokenTree>().ok()?;
    let text = match (&token, token.to_string()) {
        (TokenTree::Punct(_), text) if matches!(&*text, "," | "|" | "+" | "&" | "/") => text,
        (TokenTree::Ident(_), text) if matches!(&*text, "and" | "or") => text,
        _ => return None,
    };
    Some(text)
}

/// Reads a [`separator`] that was seen.
pub(super) fn skip_separator(input: ParseStream<'_>) {
    let doubled = input.peek(Token![||]) || input.peek(Token![&&]);
    for _ in 0..=usize::from(doubled) {
        // The separator was seen by the caller.
        let _: syn::Result<TokenTree> = input.parse();
    }
}

/// The first method and the first string in these tokens, at any depth: a route in the notation of
/// another framework.
pub(super) fn route_in(tokens: impl IntoIterator<Item = TokenTree>) -> (Option<String>, Option<LitStr>) {
    let (mut method, mut path) = (None, None);
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (inner_method, inner_path) = route_in(group.stream());
                method = method.or(inner_method);
                path = path.or(inner_path);
            }
            TokenTree::Ident(word) if is_standard_method(&word.to_string()) => {
                method.get_or_insert(word.to_string().to_ascii_uppercase());
            }
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse2::<LitStr>(literal.to_token_stream()) else { continue };
                match method_and_path(&text.value()) {
                    Some((found, found_path)) => {
                        method.get_or_insert(found);
                        path.get_or_insert(LitStr::new(&found_path, text.span()));
                    }
                    None if is_standard_method(&text.value()) => {
                        method.get_or_insert(text.value().to_ascii_uppercase());
                    }
                    None if text.value().starts_with('/') => {
                        path.get_or_insert(text);
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }
    (method, path)
}

/// A route such as `GET "/users";` from the method and the path in these tokens. An example
/// replaces what they lack.
pub(super) fn route_of(tokens: impl IntoIterator<Item = TokenTree>) -> String {
    let (method, path) = route_in(tokens);
    let method = method.unwrap_or_else(|| "GET".to_owned());
    let path = path.map_or_else(|| "\"/users\"".to_owned(), |path| format!("{:?}", path.value()));
    format!("{method} {path};")
}

/// The tokens up to the end of the item, without reading them.
pub(super) fn rest_of_item(input: ParseStream<'_>) -> Vec<TokenTree> {
    let ahead = input.fork();
    let mut tokens = Vec::new();
    while !ahead.peek(Token![;])
        && let Ok(token) = ahead.parse::<TokenTree>()
    {
        let last = matches!(&token, TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace);
        tokens.push(token);
        if last {
            break;
        }
    }
    tokens
}

/// The tokens before the next `;`, without reading them.
pub(super) fn up_to_semicolon(input: ParseStream<'_>) -> Vec<TokenTree> {
    let ahead = input.fork();
    let mut tokens = Vec::new();
    while !ahead.peek(Token![;])
        && let Ok(token) = ahead.parse::<TokenTree>()
    {
        tokens.push(token);
    }
    tokens
}

/// The end of an item after its name, for a message.
pub(super) fn end_of(input: ParseStream<'_>) -> &'static str {
    let includes = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "includes");
    match () {
        () if rest_of_item(input).iter().any(includes) => " includes ..",
        () if ends_in_braces(input) => " { .. }",
        () => ";",
    }
}

/// Whether the item ends in `{..}` and not in `;`.
pub(super) fn ends_in_braces(input: ParseStream<'_>) -> bool {
    matches!(rest_of_item(input).last(), Some(TokenTree::Group(group)) if group.delimiter() == proc_macro2::Delimiter::Brace)
}
