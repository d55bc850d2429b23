//! Notations of other languages at the place where a scope begins.

use proc_macro2::{Ident, Span, TokenTree};
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, Visibility, token};

use super::words::{
    end_of, ends_in_braces, is_route, is_standard_method, is_word, method_and_path, peek_word, route_in, route_of, sign,
};
use crate::errors::Errors;

/// The message for several scopes before one list of routes.
pub(super) const SEVERAL: &str = "one scope stands before `{`: repeat the route under each scope if any of them suffices, or write `all(a.b, c.d) { .. }` if the caller needs every one";

/// Words of other languages that users write before a name. They mean nothing before the name of a
/// scope.
const WORDS: [&str; 27] = [
    "async",
    "default",
    "unsafe",
    "pub",
    "const",
    "static",
    "let",
    "scope",
    "scopes",
    "permission",
    "permissions",
    "perm",
    "grant",
    "role",
    "right",
    "allow",
    "define",
    "declare",
    "def",
    "var",
    "val",
    "token",
    "group",
    "resource",
    "scope_group",
    "export",
    "private",
];

/// Words that begin items of Rust.
const ITEMS: [&str; 9] = ["struct", "union", "fn", "type", "impl", "trait", "static", "const", "macro_rules"];

/// Recognises an item that the grammar does not have. Reads the tokens that the error covers;
/// `recover::skip_item` skips the rest.
pub(super) fn item(input: ParseStream<'_>) -> Option<syn::Error> {
    let ahead = input.fork();
    let begin = input.span();
    let error = |span: Span, message: &str| Some(syn::Error::new(span, message));
    let _: Visibility = ahead.parse().ok()?;
    let (span, word) = (ahead.span(), peek_word(&ahead));
    if let Some(word) = word {
        let text = word.to_string();
        ahead.call(Ident::parse_any).ok()?;
        let names_something = ahead.peek(Ident::peek_any) && !is_word(&ahead, "includes") && !is_word(&ahead, "as");
        let braces = ahead.peek2(token::Brace);
        if text == "use" && (names_something || ahead.peek(Token![::])) {
            skip_to_semicolon(input);
            return error(span, "nothing is imported within `scopes!`: move this line outside of it");
        }
        if text == "mod" && braces {
            let message =
                "scopes are not grouped in modules: write the whole name of each, such as `users.read { .. }`";
            return error(span, message);
        }
        let in_braces = ahead.peek(token::Brace) && ahead.peek2(token::Brace);
        if text == "all" && (names_something && !is_route(&ahead) || ahead.peek(token::Bracket) || in_braces) {
            if in_braces {
                // The rest of the item ends at the second braces.
                let _: [syn::Result<TokenTree>; 2] = [input.parse(), input.parse()];
            }
            return error(
                span,
                "the scopes of `all` stand in parentheses: write `all(users.read, users.write) { .. }`",
            );
        }
        if text == "enum" && names_something {
            return error(span, "the enum `Scope` is generated: write the scopes alone, such as `users.read;`");
        }
        let is_item = ITEMS.contains(&&*text) && names_something && !(text == "const" || text == "static")
            || matches!(&*text, "const" | "static") && names_something && ahead.peek2(Token![:]);
        if is_item && !(braces && text == "type") {
            let message = format!("a `{text}` does not stand within `scopes!`: move it outside");
            return error(span, &message);
        }
        if ahead.peek(Token![!])
            && (ahead.peek2(token::Paren) || ahead.peek2(token::Brace) || ahead.peek2(token::Bracket))
        {
            return error(span, "macros are not expanded within `scopes!`: write the scopes themselves");
        }
        return call(input, &text);
    }
    if input.peek(LitStr) {
        let text: LitStr = input.fork().parse().ok()?;
        let (method, path) = method_and_path(&text.value())?;
        let message =
            format!("method and path are two, and stand under a scope: `users.read {{ {method} {path:?}; }}`");
        return error(text.span(), &message);
    }
    if (input.peek(token::Paren) || input.peek(token::Bracket)) && ends_in_braces(input) {
        return error(begin, SEVERAL);
    }
    if input.peek(Token![*]) {
        return error(begin, "a name has no `*`: declare each scope by its name");
    }
    if input.peek(Token![;]) {
        return error(begin, "no `;` stands alone: remove it");
    }
    if input.peek(Token![-]) && input.peek2(Token![-]) {
        return error(begin, "a comment begins with `//`");
    }
    match input.fork().parse() {
        Ok(TokenTree::Punct(punct)) if !matches!(punct.as_char(), '.' | ';' | '?') => {
            let message = format!("a scope's name begins with a letter: remove `{}`", punct.as_char());
            error(begin, &message)
        }
        _ => None,
    }
}

/// Recognises a route as a call: `route("/users", GET)`, `get("/users")`.
fn call(input: ParseStream<'_>, word: &str) -> Option<syn::Error> {
    let ahead = input.fork();
    let span = ahead.call(Ident::parse_any).ok()?.span();
    if !ahead.peek(token::Paren) || matches!(word, "all" | "public" | "authenticated" | "external") {
        return None;
    }
    let Ok(TokenTree::Group(arguments)) = ahead.parse() else { return None };
    route_in(arguments.stream()).1?;
    let mut route = route_of(arguments.stream());
    if is_standard_method(word) {
        route = route.replacen("GET", &word.to_ascii_uppercase(), 1);
    }
    let message = format!("a route stands under its scope: `users.read {{ {route} }}`");
    Some(syn::Error::new(span, message))
}

/// Skips words such as in `scope users.read` and `pub users.read`, and reports the first one.
pub(super) fn words_before(input: ParseStream<'_>, errors: &mut Errors) {
    let mut reported = false;
    loop {
        let ahead = input.fork();
        let Ok(word) = ahead.call(Ident::parse_any) else { return };
        if !WORDS.contains(&&*word.to_string()) {
            return;
        }
        let colon = sign(&ahead) == Some(":") && !ahead.peek2(token::Brace);
        if colon {
            // The token was seen above.
            let _: syn::Result<TokenTree> = ahead.parse();
        }
        let names = ahead.peek(LitStr) || ahead.peek(Ident::peek_any);
        let is_known = names && !is_word(&ahead, "includes") && !is_word(&ahead, "as") && !ahead.peek(Token![mod]);
        // A route without braces gets another error.
        if !is_known || is_route(&ahead) {
            return;
        }
        if !reported {
            let name = name_after(&ahead);
            let rest = end_of(&ahead);
            errors.at(word.span(), format_args!("no word stands before a scope's name: write `{name}{rest}`"));
        }
        reported = true;
        // The word was seen above.
        let _: syn::Result<Ident> = input.call(Ident::parse_any);
        if colon {
            let _: syn::Result<TokenTree> = input.parse();
        }
    }
}

/// The name of the scope that follows these words.
fn name_after(input: ParseStream<'_>) -> String {
    let ahead = input.fork();
    while peek_word(&ahead).is_some_and(|word| WORDS.contains(&&*word.to_string()))
        && (ahead.peek2(Ident::peek_any) || ahead.peek2(LitStr))
    {
        let _: syn::Result<Ident> = ahead.call(Ident::parse_any);
    }
    match super::name::ScopeName::parse(&ahead) {
        Ok(super::name::ScopeName::Dotted(dotted)) => dotted.text(),
        Ok(super::name::ScopeName::Quoted(wire, _)) => format!("{:?}", wire.value()),
        Err(_) => "users.read".to_owned(),
    }
}

/// Reports `global("why") users.read` at the word, and skips the word with its reason.
pub(super) fn attribute_without_brackets(input: ParseStream<'_>, errors: &mut Errors) {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else { return };
    let text = word.to_string();
    if !matches!(&*text, "global" | "unbound" | "raw" | "deprecated") || !ahead.peek(token::Paren) {
        return;
    }
    errors.at(word.span(), format_args!("an attribute stands in brackets: write `#[{text}(..)]`"));
    for _ in 0..2 {
        // The token was seen above.
        let _: syn::Result<TokenTree> = input.parse();
    }
}

/// The word of a block that `Public("why")` or `pubilc("why")` probably means.
pub(super) fn meant_block(word: &str) -> Option<&'static str> {
    suggest::nearest(word, ["all", "public", "authenticated", "external"]).filter(|meant| *meant != word)
}

fn skip_to_semicolon(input: ParseStream<'_>) {
    while !input.peek(Token![;]) && input.parse::<TokenTree>().is_ok() {}
}
