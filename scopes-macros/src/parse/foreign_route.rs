//! Notations of other languages at the place of a route.

use proc_macro2::{Ident, TokenTree};
use scopes_core::method;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Lit, LitStr, Token, token};

use super::attributes::Attribute;
use super::name::Dotted;
use super::words::{
    is_method, is_route, is_standard_method, is_word, method_and_path, peek_word, rest_of_item, route_in, route_of,
    separator, sign, skip_sign,
};
use crate::errors::Errors;

/// The message for several methods before one path.
const SEVERAL_METHODS: &str =
    "a route has one method: write a route for each, such as `GET \"/users\"; POST \"/users\";`";

/// Verbs for the action of a request, and the methods for them.
const VERBS: [(&str, &str); 20] = [
    ("LIST", "GET"),
    ("READ", "GET"),
    ("FETCH", "GET"),
    ("SHOW", "GET"),
    ("INDEX", "GET"),
    ("QUERY_ALL", "GET"),
    ("WS", "GET"),
    ("WSS", "GET"),
    ("WEBSOCKET", "GET"),
    ("SSE", "GET"),
    ("CREATE", "POST"),
    ("ADD", "POST"),
    ("INSERT", "POST"),
    ("CALL", "POST"),
    ("UPDATE", "PUT` or `PATCH"),
    ("REPLACE", "PUT"),
    ("EDIT", "PATCH"),
    ("DEL", "DELETE"),
    ("REMOVE", "DELETE"),
    ("DESTROY", "DELETE"),
];

/// Recognises something that is not a route at the place where a route begins.
pub(super) fn before_a_route(input: ParseStream<'_>, scope: &str) -> Option<syn::Error> {
    let span = input.span();
    let error = |message: String| Some(syn::Error::new(span, message));
    if (input.peek(token::Bracket) || input.peek(token::Paren)) && !rest_of_item(input).is_empty() {
        let found = route_in(rest_of_item(input));
        return match found {
            (Some(_), Some(_)) if !is_list_of_methods(input) => {
                error(format!("a route stands without brackets: write `{}`", route_of(rest_of_item(input))))
            }
            _ => error(SEVERAL_METHODS.to_owned()),
        };
    }
    if input.peek(Token![*]) && input.peek2(LitStr) {
        return error(of_every_method(input));
    }
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?.unraw().to_string();
    if word == "includes" && ahead.peek(Ident::peek_any) {
        return error(format!("`includes` stands before the `{{` of `{scope}`"));
    }
    if matches!(&*word, "any" | "all" | "ANY" | "ALL" | "Any" | "All" | "EACH" | "EVERY") && ahead.peek(LitStr) {
        return error(of_every_method(input));
    }
    if is_standard_method(&word) && ahead.peek(token::Brace) || is_standard_method(&word) && ahead.peek(token::Bracket)
    {
        let path = route_in(rest_of_item(input)).1.map_or_else(|| "/users".to_owned(), |path| path.value());
        let method = word.to_ascii_uppercase();
        return error(format!("each route has its own method: write `{method} {path:?};` and so on for each path"));
    }
    if ahead.peek(token::Paren) && route_in(rest_of_item(input)).1.is_some() {
        return error(format!("a route stands without parentheses: write `{}`", route_of(rest_of_item(input))));
    }
    let another = ahead.fork();
    if separator(&another).is_some() {
        super::words::skip_separator(&another);
    }
    if is_standard_method(&word) && is_method_next(&another) {
        return Some(syn::Error::new(ahead.span(), SEVERAL_METHODS));
    }
    not_a_method(&ahead, &word, scope).and_then(error)
}

/// The message for a word that is not a method: a scope within this one, the name of the route, or
/// a verb.
fn not_a_method(after: ParseStream<'_>, word: &str, scope: &str) -> Option<String> {
    if is_method(word) && after.peek(LitStr) {
        let meant = VERBS.iter().find(|(verb, _)| *verb == word).map(|(_, method)| *method)?;
        return Some(format!("`{word}` is not a method of HTTP, write `{meant}`"));
    }
    if is_method(word) || word == "under" {
        return None;
    }
    let name = if scope.is_empty() { word.to_owned() } else { format!("{scope}.{word}") };
    if let Some(sign) = sign(after) {
        let ahead = after.fork();
        skip_sign(&ahead, sign);
        let is_known =
            is_route(&ahead) || ahead.peek(token::Brace) || is_method_next(&ahead) || ahead.peek(token::Bracket);
        if !is_known {
            return None;
        }
        if ahead.peek(token::Brace) {
            return Some(format!("scopes do not nest, write `{name} {{ .. }}` outside"));
        }
        let route = route_of(rest_of_item(&ahead));
        let named = format!("{} as {word};", route.trim_end_matches(';'));
        return Some(format!(
            "scopes do not nest, write `{name} {{ {route} }}` outside; if `{word}` is the name of the route, write `{named}`"
        ));
    }
    if after.peek(Token![;]) || after.peek(Token![,]) {
        return Some(format!("scopes do not nest, write `{name};` outside"));
    }
    let verb = VERBS.iter().find(|(verb, _)| verb.eq_ignore_ascii_case(word)).map(|(_, method)| *method);
    if after.peek(LitStr) {
        if let Some(meant) = verb.filter(|_| method::nearest_standard(word).is_none()) {
            return Some(format!("`{word}` is not a method of HTTP, write `{meant}`"));
        }
        let is_block = matches!(rest_of_item(after).as_slice(), [_, TokenTree::Group(_)]);
        if is_block && !is_standard_method(word) {
            let path = rest_of_item(after).first().map(ToString::to_string).unwrap_or_default();
            return Some(format!("`{word}` does not begin a group of routes: write `under {path} {{ .. }}`"));
        }
    }
    if is_route(after) || is_method_next(after) {
        let route = route_of(rest_of_item(after));
        return Some(format!("no word stands before a route: write `{route}`"));
    }
    None
}

fn of_every_method(input: ParseStream<'_>) -> String {
    let path = route_in(rest_of_item(input)).1.map_or_else(|| "/users".to_owned(), |path| path.value());
    format!(
        "no method stands for all of them: write a route for each that the API has, such as `GET {path:?}; POST {path:?};`"
    )
}

/// Recognises `[GET, POST] "/users"` and `(GET, POST) "/users"`.
fn is_list_of_methods(input: ParseStream<'_>) -> bool {
    matches!(rest_of_item(input).first(), Some(TokenTree::Group(group)) if route_in(group.stream()).1.is_none())
}

fn is_method_next(input: ParseStream<'_>) -> bool {
    peek_word(input).is_some_and(|word| is_standard_method(&word.to_string()))
}

/// Reports `#[get("/users")]` at the attribute.
pub(super) fn in_an_attribute(attributes: &[Attribute]) -> Option<syn::Error> {
    let attribute = attributes.iter().find(|attribute| is_standard_method(&attribute.name))?;
    let route = route_of(attribute.tokens.clone());
    Some(syn::Error::new_spanned(&attribute.tokens, format_args!("a route is written without an attribute: `{route}`")))
}

/// Reads `"GET /users"` as method and path, after an error.
pub(super) fn in_one_string(input: ParseStream<'_>, errors: &mut Errors) -> Option<(String, LitStr)> {
    let text: LitStr = input.fork().parse().ok()?;
    let (method, path) = method_and_path(&text.value())?;
    let method = if method == "ANY" || method == "ALL" { return None } else { method };
    errors.at(text.span(), format_args!("method and path are two: write `{method} {path:?};`"));
    // The string was seen above.
    let _: syn::Result<LitStr> = input.parse();
    Some((method, LitStr::new(&path, text.span())))
}

/// Reports and skips the sign in `GET: "/users"` and `GET => "/users"`.
pub(super) fn sign_before_the_path(input: ParseStream<'_>, method: &str, errors: &mut Errors) {
    let Some(sign) = sign(input) else { return };
    let ahead = input.fork();
    skip_sign(&ahead, sign);
    if let Ok(path) = ahead.parse::<LitStr>() {
        let message = format!("no `{sign}` stands between method and path: write `{method} {:?}`", path.value());
        errors.at(input.span(), message);
        skip_sign(input, sign);
    }
}

/// The message for something other than a string in place of the path.
pub(super) fn not_a_path(input: ParseStream<'_>, method: &str) -> Option<String> {
    const NOT_A_LITERAL: &str =
        "a path is a string literal: `scopes!` reads the text itself and cannot see constants or other macros";
    if input.peek(Lit) {
        // rustc has refused a string with an escape such as `\d`, and passes another literal.
        let is_broken = input.fork().parse::<TokenTree>().is_ok_and(|literal| literal.to_string().starts_with('"'));
        let message = if is_broken {
            "a path is not a pattern: write literals and parameters, such as `\"/users/{id}\"`"
        } else {
            "a path is a string, such as `\"/users/{id}\"`"
        };
        return Some(message.to_owned());
    }
    if input.peek(Token![/]) {
        let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if ",|;".contains(mark.as_char()));
        let tokens = rest_of_item(input).into_iter().take_while(|token| !is_end(token));
        let path: String = tokens.map(|token| token.to_string()).collect();
        let path: String = path.split_whitespace().collect();
        return Some(format!("a path is a string: write `{method} {path:?};`"));
    }
    let ahead = input.fork();
    let _: Option<Token![&]> = ahead.parse().ok()?;
    let word = ahead.call(Ident::parse_any).ok()?;
    let is_end = ahead.peek(Token![;]) || ahead.is_empty();
    let ends = is_end || ahead.peek(Token![::]) || ahead.peek(Token![as]) || ahead.peek(token::Brace);
    let is_other = ahead.peek(Token![!]) || ends && !is_standard_method(&word.to_string());
    is_other.then(|| NOT_A_LITERAL.to_owned())
}

/// Reads what other languages write after the path. `Ok` contains the name that was probably meant
/// for the route.
pub(super) fn after_the_path(input: ParseStream<'_>, route: &str, errors: &mut Errors) -> syn::Result<Option<Ident>> {
    let span = input.span();
    if input.peek(LitStr) || separator(input).is_some() && string_after(input) {
        let paths: Vec<String> = rest_of_item(input)
            .into_iter()
            .filter(|token| matches!(token, TokenTree::Literal(_)))
            .map(|token| token.to_string())
            .collect();
        let method = route.split(' ').next().unwrap_or("GET");
        let second = paths.first().map_or("\"/people\"", String::as_str);
        return Err(syn::Error::new(
            span,
            format_args!("a route has one path: write a route for each, `{route}; {method} {second};`"),
        ));
    }
    if input.peek(Token![as]) && input.peek2(LitStr)
        || input.peek(Token![as]) && input.peek3(Token![.])
        || input.peek(Token![as]) && input.peek3(Token![::])
        || input.peek(Token![as]) && input.peek3(Token![-])
    {
        let keyword = input.span();
        let tokens = rest_of_item(input);
        let name = one_word(&tokens[1..]);
        let place = tokens.get(1).map_or(keyword, TokenTree::span);
        super::recover::skip_item_but_its_end(input);
        errors.at(place, format_args!("the name of a route is one word, without quotes: write `{route} as {name};`"));
        return Ok(Some(Ident::new(&name, place)));
    }
    let ahead = input.fork();
    let sign = sign(&ahead);
    if let Some(sign) = sign {
        skip_sign(&ahead, sign);
    }
    let in_parentheses = sign.is_none() && ahead.peek(token::Paren);
    let is_name = ahead.peek(Ident::peek_any) && !is_word(&ahead, "as") && !is_method_next(&ahead) && {
        let end = ahead.fork();
        end.call(Ident::parse_any).is_ok() && (end.is_empty() || end.peek(Token![;]))
    };
    if in_parentheses || is_name {
        let name = one_word(&rest_of_item(&ahead));
        errors.at(span, format_args!("the name of a route stands after `as`: write `{route} as {name};`"));
        super::recover::skip_item_but_its_end(input);
        return Ok(Some(Ident::new(&name, span)));
    }
    let is_next = is_route(input) || input.peek2(token::Brace) || is_word(input, "as");
    if input.peek(Ident::peek_any) && !is_next && !is_method_next(input) {
        return Err(syn::Error::new(span, format_args!("nothing more stands after a path: write `{route};`")));
    }
    if let Some(sign) = sign {
        return Err(syn::Error::new(
            span,
            format_args!("the handler is not named here, `{sign}` does not belong after a path: write `{route};`"),
        ));
    }
    Ok(None)
}

fn string_after(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    super::words::skip_separator(&ahead);
    ahead.peek(LitStr)
}

/// Makes an identifier from these tokens.
fn one_word(tokens: &[TokenTree]) -> String {
    let text: String = tokens.iter().map(ToString::to_string).collect();
    let name = scopes_core::name::snake_case(&text);
    let is_name = syn::parse_str::<Ident>(&name).is_ok();
    if is_name { name } else { "get_user".to_owned() }
}

/// Reports `read { .. }` within the braces of `users`, at the inner name.
pub(super) fn nested_scope(input: ParseStream<'_>, scope: &str) -> Option<syn::Error> {
    let span = input.span();
    let inner = Dotted::parse(input).ok().filter(|_| input.peek(token::Brace))?;
    if matches!(&*inner.segments, [only] if is_standard_method(&only.to_string())) {
        return None;
    }
    let (dot, inner) = (if scope.is_empty() { "" } else { "." }, inner.text());
    Some(syn::Error::new(span, format_args!("scopes do not nest, write `{scope}{dot}{inner} {{ .. }}` outside")))
}
