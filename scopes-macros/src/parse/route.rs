//! Routes and `under`.

use proc_macro2::Ident;
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, token};

use super::attributes::{self, Annotations, Bearer};
use super::{foreign_route, recover, words};
use crate::errors::Errors;
use crate::places::Extent;

/// A route such as `GET "/users/{userId}" as get_user;`.
pub(crate) struct ParsedRoute {
    pub(crate) annotations: Annotations,
    pub(crate) method: String,
    pub(crate) method_extent: Extent,
    pub(crate) method_quoted: bool,
    pub(crate) path: LitStr,
    pub(crate) name: Option<Ident>,
}

/// Routes, with the path of the `under` around them, if there is one.
pub(crate) struct RouteGroup {
    pub(crate) prefix: Option<LitStr>,
    pub(crate) routes: Vec<ParsedRoute>,
}

/// Reads the text between the braces of a scope, or of a block if `scope` is empty.
pub(super) fn parse_all(input: ParseStream<'_>, scope: &str, errors: &mut Errors) -> Vec<RouteGroup> {
    let mut groups: Vec<RouteGroup> = Vec::new();
    while !input.is_empty() {
        let Some(attributes) = attributes::parse(input, errors) else { continue };
        if is_under(input) {
            attributes::refuse(&attributes, "under", errors);
            match under(input, scope, errors) {
                Ok(under) => groups.push(under),
                Err(error) => {
                    errors.syntax(&error);
                    errors.lose_route();
                    recover::skip_item(input);
                }
            }
            continue;
        }
        let Some(route) = parse(input, scope, &attributes, errors) else { continue };
        match groups.last_mut() {
            Some(RouteGroup { prefix: None, routes }) => routes.push(route),
            _ => groups.push(RouteGroup { prefix: None, routes: vec![route] }),
        }
    }
    groups
}

/// Recognises `under`, and the misspelt `undr "/x" {`.
fn is_under(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else { return false };
    let is_near = || suggest::nearest(&word.to_string(), ["under"]).is_some();
    word == "under" || ahead.parse::<LitStr>().is_ok() && ahead.peek(token::Brace) && is_near()
}

fn under(input: ParseStream<'_>, scope: &str, errors: &mut Errors) -> syn::Result<RouteGroup> {
    let word = input.call(Ident::parse_any)?;
    if word != "under" {
        errors.at(word.span(), format_args!("`{word}` does not belong here, did you mean `under`?"));
    }
    foreign_route::sign_before_the_path(input, "under", errors);
    let in_parentheses =
        words::route_in(words::rest_of_item(input).first().cloned()).1.filter(|_| input.peek(token::Paren));
    if let Some(path) = in_parentheses {
        let message =
            format!("the path of `under` stands without parentheses: write `under {} {{ .. }}`", path.token());
        return Err(recover::expected(input, message));
    }
    if !input.peek(LitStr) {
        if let Some(message) = foreign_route::not_a_path(input, "under") {
            return Err(recover::expected(input, message));
        }
        return Err(recover::expected(
            input,
            "expected the beginning of a path after `under`, such as `\"/users/{userId}\"`",
        ));
    }
    let prefix: LitStr = input.parse()?;
    if let Some(sign) = words::sign(input) {
        errors.at(input.span(), format_args!("no `{sign}` stands after `under {}`", prefix.token()));
        words::skip_sign(input, sign);
    }
    if !input.peek(token::Brace) {
        return Err(recover::expected(
            input,
            format_args!("expected `{{` and routes after `under {}`", prefix.token()),
        ));
    }
    let content;
    syn::braced!(content in input);
    let mut routes = Vec::new();
    while !content.is_empty() {
        let Some(attributes) = attributes::parse(&content, errors) else { continue };
        if is_under(&content) {
            errors.at(content.span(), "`under` does not nest, write the whole beginning of the path in one");
            recover::skip_item(&content);
            continue;
        }
        routes.extend(parse(&content, scope, &attributes, errors));
    }
    recover::no_semicolon(input, errors);
    Ok(RouteGroup { prefix: Some(prefix), routes })
}

fn parse(
    input: ParseStream<'_>,
    scope: &str,
    attributes: &[attributes::Attribute],
    errors: &mut Errors,
) -> Option<ParsedRoute> {
    let odd = foreign_route::in_an_attribute(attributes).or_else(|| foreign_route::nested_scope(&input.fork(), scope));
    if let Some(error) = odd.or_else(|| foreign_route::before_a_route(input, scope)) {
        errors.syntax(&error);
        errors.lose_route();
        recover::skip_item(input);
        return None;
    }
    match route(input, attributes, errors) {
        Ok(route) => Some(route),
        Err(error) => {
            errors.syntax(&error);
            errors.lose_route();
            recover::skip_item(input);
            None
        }
    }
}

fn route(
    input: ParseStream<'_>,
    attributes: &[attributes::Attribute],
    errors: &mut Errors,
) -> syn::Result<ParsedRoute> {
    let annotations = Annotations::read(attributes, Bearer::Route, errors);
    if let Some((method, path)) = foreign_route::in_one_string(input, errors) {
        let method_extent = Extent::from(path.span());
        let name = name(input)?;
        // The message about the string shows the `;` as well.
        if !input.is_empty() {
            recover::end_of_item(input, method_extent, &format!("`{method} {}`", path.token()), errors);
        }
        return Ok(ParsedRoute { annotations, method, method_extent, method_quoted: false, path, name });
    }
    let (method, method_extent, method_quoted) = if input.peek(LitStr) {
        let method: LitStr = input.parse()?;
        if !input.peek(LitStr) && method.value().starts_with('/') {
            let other = words::route_in(words::rest_of_item(input)).0.unwrap_or_else(|| "GET".to_owned());
            let message = format!("expected a method before the path, such as `{other} {}`", method.token());
            return Err(syn::Error::new(method.span(), message));
        }
        (method.value(), Extent::from(method.span()), true)
    } else if input.peek(Ident::peek_any) {
        let method = input.call(Ident::parse_any)?;
        (method.unraw().to_string(), Extent::from(method.span()), false)
    } else if input.is_empty() {
        return Err(recover::expected(input, "expected a route after its attributes, such as `GET \"/users/{id}\";`"));
    } else {
        return Err(recover::expected(
            input,
            "expected a route such as `GET \"/users/{id}\";`, or `under \"/users\" { .. }`",
        ));
    };
    foreign_route::sign_before_the_path(input, &method, errors);
    if !input.peek(LitStr) {
        if let Some(message) = foreign_route::not_a_path(input, &method) {
            return Err(recover::expected(input, message));
        }
        return Err(recover::expected(
            input,
            format_args!("expected a path after `{method}`, such as `\"/users/{{id}}\"`"),
        ));
    }
    let path: LitStr = input.parse()?;
    let written = if method_quoted { format!("{method:?}") } else { method.clone() };
    let odd = foreign_route::after_the_path(input, &format!("{written} {}", path.token()), errors)?;
    let name = if odd.is_some() { odd } else { name(input)? };
    let what = format!("`{method} {}`", path.token());
    recover::end_of_item(input, method_extent.to(path.span().into()), &what, errors);
    Ok(ParsedRoute { annotations, method, method_extent, method_quoted, path, name })
}

/// Reads `as get_user`.
fn name(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    if input.parse::<Option<Token![as]>>()?.is_none() {
        return Ok(None);
    }
    if !input.peek(Ident::peek_any) {
        return Err(recover::expected(input, "expected the route's name after `as`, such as `get_user`"));
    }
    input.call(Ident::parse_any).map(Some)
}
