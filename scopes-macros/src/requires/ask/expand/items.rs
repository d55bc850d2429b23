//! The items at the beginning of a handler's body, which have no effect at run time.

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::requires::ask::arguments::Arguments;
use crate::requires::ask::expression::Requirement;
use crate::requires::ask::function::Function;
use crate::requires::ask::route_attribute;
use crate::requires::wire::question::{RouteQuestion, Text};

/// Asks the catalogue whether this handler demands the same as the routes that it is known to
/// serve.
pub(super) fn route_question(
    requirement: &Requirement,
    arguments: &Arguments,
    function: &Function,
    errors: &mut Errors,
) -> TokenStream {
    let mut attributes: Vec<_> = function.attributes().iter().flat_map(route_attribute::routes).collect();
    if let (Some(prefix), true) = (&arguments.prefix, attributes.is_empty()) {
        errors.at(
            prefix.span,
            "`prefix` is about a route attribute such as `#[get(\"/path\")]` below `#[requires]`, and there is none",
        );
    }
    if arguments.unchecked_route.is_some() || arguments.route.is_none() && attributes.is_empty() {
        return TokenStream::new();
    }
    for route in &mut attributes {
        route.prefix = arguments.prefix.as_ref().map(|prefix| prefix.text.clone());
    }
    requirement.first().ask_about_routes(&RouteQuestion {
        alternatives: Text { value: requirement.to_text(), span: requirement.span() },
        stricter: arguments.stricter,
        argument: arguments.route.clone(),
        attributes,
    })
}
