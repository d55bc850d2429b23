//! `requires_route!`: checks that a handler demands the same as the routes that it is known to
//! serve.
//!
//! ```text
//! requires_route! {
//!     "NAMES" "ROUTES" "a.b,c.d;e.f"
//!     [stricter?] ["GET" "/path"] [("GET" "/users/<id>" "/prefix")]
//! }
//! // => nothing, or compile_error! for each route that does not fit
//! ```

mod declared;
mod demand;
mod missing;

use proc_macro2::{TokenStream, TokenTree};

use self::declared::{DeclaredRoute, DeclaredRoutes, is_suffix};
use self::demand::HandlerDemand;
use super::fast::is_served;
use super::framework_path::translate;
use super::not_called_by_requires;
use crate::errors::Errors;
use crate::places::Extent;
use crate::requires::tokens::string;
use crate::requires::wire::names::NameTable;
use crate::requires::wire::question::{HandlerRoute, RouteQuestion};
use crate::requires::wire::read_alternatives;
use scopes_core::method;
use scopes_core::template::Template;

/// How many routes a message lists at most.
const LISTED: usize = 6;

/// Expands `requires_route!`, which the documentation of the module describes.
pub(crate) fn requires_route(input: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    let [TokenTree::Literal(names), TokenTree::Literal(routes), question @ ..] = &*tokens else {
        return not_called_by_requires();
    };
    let Some(question) = RouteQuestion::read(question) else { return not_called_by_requires() };
    let RouteQuestion { alternatives, stricter, argument, attributes } = question;
    if let Some(HandlerRoute { method, path, .. }) = &argument
        && attributes.is_empty()
        && is_served(names, routes, &alternatives.value, &method.value, &path.value)
    {
        return TokenStream::new();
    }
    let names = NameTable::read(&string(names).unwrap_or_default());
    // The catalogue has a mistake, which was reported there. The route may be in the part that the
    // macro could not read.
    if names.incomplete {
        return TokenStream::new();
    }
    // An unknown name was reported at its place.
    let Some(alternatives) = read_alternatives(&alternatives.value, |name| names.position(name)) else {
        return TokenStream::new();
    };
    let routes = DeclaredRoutes::read(&string(routes).unwrap_or_default());
    let demand = HandlerDemand { alternatives, stricter: stricter.is_some(), names: &names };
    let ((), errors) = Errors::gather(|errors| {
        let served = argument.and_then(|argument| check_argument(&argument, &routes, &demand, errors));
        // If the route in the arguments is wrong already, a second error about it does not help.
        if errors.is_empty() {
            for attribute in &attributes {
                check_attribute(attribute, served, &routes, &demand, errors);
            }
        }
    });
    errors
}

/// Checks `GET "/path"` in the arguments. Returns the route that it refers to, or `None` after an
/// error.
fn check_argument<'r>(
    argument: &HandlerRoute,
    routes: &'r DeclaredRoutes,
    demand: &HandlerDemand<'_>,
    errors: &mut Errors,
) -> Option<&'r DeclaredRoute> {
    let HandlerRoute { method, path, .. } = argument;
    let template = Template::parse(&path.value).ok()?;
    let Some(route) = routes.of_method(&method.value).find(|route| routes.is_at(route, &template)) else {
        errors.at(path.span, routes.no_such_route(argument, &template));
        return None;
    };
    if let Some(message) = demand.mismatch(route) {
        errors.at(Extent::new(method.span, path.span), message);
        return None;
    }
    Some(route)
}

/// Checks `#[get("/path")]` below `#[requires]`. `served` is the route that the arguments name.
fn check_attribute(
    attribute: &HandlerRoute,
    served: Option<&DeclaredRoute>,
    routes: &DeclaredRoutes,
    demand: &HandlerDemand<'_>,
    errors: &mut Errors,
) {
    let HandlerRoute { method, path, prefix } = attribute;
    let (method, text, span) = (&method.value, &path.value, path.span);
    let whole = prefix.as_ref().map_or_else(|| text.clone(), |prefix| format!("{}{text}", prefix.value));
    let template = match translate(&whole) {
        Ok(template) => template,
        Err(mistake) => {
            return errors.at(
                span,
                format_args!(
                    "this path cannot be compared with the catalogue, say so with `unchecked_route(\"why\")`: {mistake}"
                ),
            );
        }
    };
    // Without a prefix, the attribute contains only the end of the path. The macro cannot know
    // where the framework mounts it.
    let fits = |route: &&DeclaredRoute| {
        if prefix.is_some() { routes.is_at(route, &template) } else { is_suffix(&template, &route.template) }
    };
    if let Some(served) = served {
        if !(method::answers(&served.method, method) && fits(&served)) {
            let message =
                format!("`{method} {whole}` is not the route of this handler, `{} {}`", served.method, served.text);
            errors.at(span, message);
        }
        return;
    }
    let candidates: Vec<&DeclaredRoute> = routes.of_method(method).filter(fits).collect();
    match &*candidates {
        [] => errors.at(span, routes.no_route_ends_so(attribute, &template)),
        [route] => {
            if let Some(message) = demand.mismatch(route) {
                errors.at(span, message);
            }
        }
        several if several.iter().any(|route| demand.mismatch(route).is_none()) => {}
        several => errors.at(span, none_fits(several, text, demand)),
    }
}

/// The message if several routes end in this path, and none has the demand of the handler.
fn none_fits(routes: &[&DeclaredRoute], path: &str, demand: &HandlerDemand<'_>) -> String {
    let list: Vec<String> = routes
        .iter()
        .take(LISTED)
        .map(|route| format!("`{} {}` ({})", route.method, route.text, demand.display_of(&route.demand)))
        .collect();
    format!(
        "this handler demands {}, and no route that ends in `{path}` does\nthere are: {}{}",
        demand.display(),
        list.join(", "),
        if routes.len() > LISTED { ", .." } else { "" }
    )
}

#[cfg(test)]
mod tests;
