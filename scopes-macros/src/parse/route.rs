//! Routes and `under`.

use proc_macro2::Ident;
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, token};

use super::attributes::{self, Annotations, Bearer};
use super::name::Dotted;
use super::recover;
use crate::errors::Errors;
use crate::places::Extent;

/// `GET "/users/{userId}" as get_user;`
pub(crate) struct ParsedRoute {
    pub(crate) annotations: Annotations,
    pub(crate) method: String,
    pub(crate) method_extent: Extent,
    pub(crate) method_quoted: bool,
    pub(crate) path: LitStr,
    pub(crate) name: Option<Ident>,
}

/// Routes, with the text of the `under` around them, if there is one.
pub(crate) struct RouteGroup {
    pub(crate) prefix: Option<LitStr>,
    pub(crate) routes: Vec<ParsedRoute>,
}

/// Reads what is between the braces of a scope, or of a block if there is no name.
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

/// `under`, or `undr "/x" {`.
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
    if !input.peek(LitStr) {
        return Err(recover::expected(
            input,
            "expected the beginning of a path after `under`, such as `\"/users/{userId}\"`",
        ));
    }
    let prefix: LitStr = input.parse()?;
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
    if let Some(error) = nested_scope(&input.fork(), scope) {
        errors.syntax(&error);
        recover::skip_item(input);
        return None;
    }
    match route(input, attributes, errors) {
        Ok(route) => Some(route),
        Err(error) => {
            errors.syntax(&error);
            recover::skip_item(input);
            None
        }
    }
}

/// `users { read { .. } }`: the error at the inner name.
fn nested_scope(input: ParseStream<'_>, scope: &str) -> Option<syn::Error> {
    let span = input.span();
    let inner = Dotted::parse(input).ok().filter(|_| input.peek(token::Brace))?;
    let (dot, inner) = (if scope.is_empty() { "" } else { "." }, inner.text());
    Some(syn::Error::new(span, format_args!("scopes do not nest, write `{scope}{dot}{inner} {{ .. }}` outside")))
}

fn route(
    input: ParseStream<'_>,
    attributes: &[attributes::Attribute],
    errors: &mut Errors,
) -> syn::Result<ParsedRoute> {
    let annotations = Annotations::read(attributes, Bearer::Route, errors);
    let (method, method_extent, method_quoted) = if input.peek(LitStr) {
        let method: LitStr = input.parse()?;
        if !input.peek(LitStr) && method.value().starts_with('/') {
            let message = format!("expected a method before the path, such as `GET {}`", method.token());
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
    if !input.peek(LitStr) {
        return Err(recover::expected(
            input,
            format_args!("expected a path after `{method}`, such as `\"/users/{{id}}\"`"),
        ));
    }
    let path: LitStr = input.parse()?;
    let mut name = None;
    if input.parse::<Option<Token![as]>>()?.is_some() {
        if !input.peek(Ident::peek_any) {
            return Err(recover::expected(input, "expected the route's name after `as`, such as `get_user`"));
        }
        name = Some(input.call(Ident::parse_any)?);
    }
    let what = format!("`{method} {}`", path.token());
    recover::end_of_item(input, method_extent.to(path.span().into()), &what, errors);
    Ok(ParsedRoute { annotations, method, method_extent, method_quoted, path, name })
}
