//! The route of a handler in the attribute: `GET "/users"`, and the notations of other languages
//! for it.

use proc_macro2::{Literal, TokenTree};
use scopes_core::method;

use crate::requires::cursor::Cursor;
use crate::requires::tokens::{string, unraw};

/// The message for a constant or a macro call in place of the path.
const NOT_A_LITERAL: &str = "a path is a string literal, such as `GET \"/users\"`: the attribute reads the text itself and cannot see constants or other macros";

/// The method and the path of `GET "/path"` or `"PURGE" "/path"`, if they come next.
pub(super) fn read<'t>(cursor: &Cursor<'t>) -> Option<(String, &'t Literal)> {
    let Some(TokenTree::Literal(path)) = cursor.peek_at(1) else { return None };
    string(path)?;
    match cursor.peek()? {
        TokenTree::Ident(word) if word == "as" => None,
        TokenTree::Ident(word) => Some((unraw(word), path)),
        TokenTree::Literal(literal) => Some((string(literal)?, path)),
        TokenTree::Group(_) | TokenTree::Punct(_) => None,
    }
}

/// The message for a token that begins no argument.
pub(super) fn not_an_argument(token: &TokenTree) -> String {
    let text = match token {
        TokenTree::Literal(literal) => string(literal),
        _ => None,
    };
    match text.as_deref().map(|text| (text, method_and_path(text))) {
        Some((_, Some((method, path)))) => format!("method and path are two: write `{method} {path:?}`"),
        Some((path, None)) if path.starts_with('/') => format!("the route needs its method: `GET {path:?}`"),
        _ => format!("expected an argument such as `GET \"/path\"`, found `{token}`"),
    }
}

/// Whether this is a string that can only be meant as the name of a scope.
pub(super) fn is_a_name(token: &TokenTree) -> bool {
    let TokenTree::Literal(literal) = token else { return false };
    string(literal).is_some_and(|text| !text.contains('/') && !text.contains(' '))
}

/// The message for an argument that begins with this word and is probably meant as a route.
pub(super) fn odd(word: &str, cursor: &Cursor<'_>) -> Option<String> {
    let is_method = method::is_standard(&word.to_ascii_uppercase());
    if is_method && !matches!(cursor.peek_at(1), Some(TokenTree::Group(_))) {
        let is_path = cursor.is_punct_at(1, '/');
        let next = cursor.peek_at(1).is_some_and(|token| matches!(token, TokenTree::Ident(_)));
        return match (next, is_path) {
            (true, _) => Some(NOT_A_LITERAL.to_owned()),
            _ => Some(format!(
                "a method is followed by the path as a string: `{} \"/users\"`",
                word.to_ascii_uppercase()
            )),
        };
    }
    if !is_method && !matches!(word, "route" | "routes" | "path" | "method" | "uri" | "url" | "on") {
        return None;
    }
    let rest = cursor.rest();
    let end = rest.iter().position(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','));
    let (found, path) = route_in(&rest[..end.unwrap_or(rest.len())]);
    let found = found.or_else(|| is_method.then(|| word.to_ascii_uppercase())).unwrap_or_else(|| "GET".to_owned());
    let path = path.unwrap_or_else(|| "/users".to_owned());
    Some(format!("a route is written as method and path: `{found} {path:?}`"))
}

/// The first method and the first path in these tokens, at any depth.
fn route_in(tokens: &[TokenTree]) -> (Option<String>, Option<String>) {
    let (mut method, mut path) = (None, None);
    for token in tokens {
        let (found, found_path) = match token {
            TokenTree::Group(group) => route_in(&group.stream().into_iter().collect::<Vec<_>>()),
            TokenTree::Ident(word) if method::is_standard(&word.to_string().to_ascii_uppercase()) => {
                (Some(word.to_string().to_ascii_uppercase()), None)
            }
            TokenTree::Literal(literal) => match string(literal) {
                Some(text) => match method_and_path(&text) {
                    Some((method, path)) => (Some(method), Some(path)),
                    None if text.starts_with('/') => (None, Some(text)),
                    None => (Some(text.to_ascii_uppercase()).filter(|text| method::is_standard(text)), None),
                },
                None => (None, None),
            },
            _ => (None, None),
        };
        method = method.or(found);
        path = path.or(found_path);
    }
    (method, path)
}

/// Splits a text such as `GET /users`.
fn method_and_path(text: &str) -> Option<(String, String)> {
    let (method, path) = text.trim().split_once(' ')?;
    let path = path.trim();
    let method = method.to_ascii_uppercase();
    (method::is_standard(&method) && path.starts_with('/')).then(|| (method, path.to_owned()))
}
