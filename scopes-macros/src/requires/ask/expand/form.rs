//! The three ways in which a handler gets its permit.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::requires::ask::arguments::{Arguments, TokensArgument};
use crate::requires::ask::expression::Requirement;
use crate::requires::ask::function::Function;
use crate::requires::ask::route_attribute;
use crate::requires::tokens::{generated, punct};

/// How a handler gets its permit.
pub(super) enum Form {
    /// The framework extracts the permit, which becomes a new parameter.
    Parameter,
    /// A parameter with the mark `#[grant]` carries the grant.
    Carrier(Ident),
    /// There is a grant, but no request: `from = expr`.
    FromGrant(TokensArgument),
}

impl Form {
    /// Adds the parameter, or returns the statements that make the permit.
    pub(super) fn print(
        &self,
        requirement: &Requirement,
        arguments: &Arguments,
        name: &Ident,
        function: &mut Function,
    ) -> TokenStream {
        match self {
            Self::Parameter => parameter(requirement, arguments, name, function),
            Self::Carrier(grant) => carrier(requirement, arguments, grant, name, function),
            Self::FromGrant(from) => from_grant(requirement, arguments, from, name, function),
        }
    }
}

/// Inserts the parameter whose extraction is the check.
fn parameter(requirement: &Requirement, arguments: &Arguments, name: &Ident, function: &mut Function) -> TokenStream {
    let permit = requirement.to_type(arguments.stricter.is_some(), None);
    let (facade, span) = (requirement.first().facade(), requirement.first().seat());
    let place = usize::from(arguments.second.is_some());
    if arguments.name.is_some() {
        function.allow_looking_at_the_permit();
    }
    let Some(via) = &arguments.via else {
        // In errors about a type, rustc points at its end.
        let end = punct('>', generated(requirement.span()));
        let permit = quote_spanned! {span=> #facade::Permit<#permit #end };
        // If the call fails, its type is `()`. Then each use of a permit with a name would be one
        // more error.
        let is_plain = arguments.name.is_none() && function.attributes().iter().all(route_attribute::reads_no_types);
        let permit = if is_plain { requirement.first().within_the_catalogue(permit) } else { permit };
        let alias = alias(name, function);
        let parameter = alias.as_ref().map_or_else(|| permit.clone(), |alias| quote_spanned! {span=> #alias });
        function.insert_parameter(place, quote_spanned! {span=> #name: #parameter });
        if let Some(alias) = alias {
            let allow = quote! { #[allow(non_camel_case_types, reason = "it has the name of the handler")] };
            function.put_before(quote_spanned! {span=> #allow type #alias = #permit; });
        }
        return TokenStream::new();
    };
    let path: Vec<_> = via.value.clone().into_iter().collect();
    let span = generated(path.first().map_or(via.span, TokenTree::span));
    let facade = requirement.first().facade_at(span);
    let via = quote_spanned! {span=> #(#path)*<#permit> };
    function.insert_parameter(place, quote_spanned! {span=> #name: #via });
    // `via` accepts any type, but its value must contain a permit, and only the check makes one.
    quote_spanned! {span=> let _: &_ = <#via as ::core::convert::AsRef<#facade::Permit<#permit>>>::as_ref(&#name); }
}

/// A name for the permit's type beside the handler of a Rocket route, because Rocket's log shows a
/// guard by the tokens of its type. An alias is possible, because route attributes are allowed on
/// free functions only.
///
/// Rocket's macros give their own names the hygiene of the type's first token. So this token must
/// have the hygiene of the user's code.
fn alias(name: &Ident, function: &Function) -> Option<Ident> {
    function.attributes().iter().find_map(route_attribute::of_any_order)?;
    let (handler, parameter) = (function.name()?, name.to_string());
    Some(Ident::new(&format!("{handler}_{}", parameter.trim_start_matches('_')), Span::call_site()))
}

/// For `#[grant] request`: makes the check at the beginning of the body.
fn carrier(
    requirement: &Requirement,
    arguments: &Arguments,
    grant: &Ident,
    name: &Ident,
    function: &Function,
) -> TokenStream {
    let permit = requirement.to_type(arguments.stricter.is_some(), None);
    let (facade, span) = (requirement.first().facade_at(grant.span()), generated(grant.span()));
    let call = quote_spanned! {span=> #facade::Carrier::permit::<#permit>(&#grant) };
    let permit = early_return(requirement, name, &call, function);
    // In the user's own code, clippy would report a use of `_request`.
    let allow = grant.to_string().starts_with('_').then(|| {
        quote! { #[allow(clippy::used_underscore_binding, reason = "it is looked at by `#[requires]`")] }
    });
    quote! { #allow #permit }
}

/// For `from = expr`: makes the check of a grant without a request.
fn from_grant(
    requirement: &Requirement,
    arguments: &Arguments,
    from: &TokensArgument,
    name: &Ident,
    function: &Function,
) -> TokenStream {
    let facade = requirement.first().facade_at(from.span);
    let span = generated(from.span);
    let grant = &from.value;
    let (tenant, undecided) = match (&arguments.tenant, &arguments.unbound) {
        (Some(tenant), _) => {
            let (span, value) = (generated(tenant.span), &tenant.value);
            (quote_spanned! {span=> At(&(#value)) }, None)
        }
        (None, Some(reason)) => {
            let (span, reason) = (generated(reason.span), reason.text.write());
            (quote_spanned! {span=> Unbound(#reason) }, None)
        }
        // An argument that was not understood may be the tenant.
        (None, None) => (quote_spanned! {span=> NotNeeded }, (!arguments.unread).then_some(from.span)),
    };
    let permit = requirement.to_type(arguments.stricter.is_some(), undecided);
    let call = quote_spanned! {span=>
        #facade::__private::check_grant::<#permit>(#facade::GrantSource::grant(&(#grant)), #facade::__private::TenantWithoutRequest::#tenant)
    };
    early_return(requirement, name, &call, function)
}

/// Prints the permit, or a return of the denial in the function's return type.
fn early_return(requirement: &Requirement, name: &Ident, call: &TokenStream, function: &Function) -> TokenStream {
    let span = requirement.first().seat();
    // If the return type cannot be made from a denial, the error points at it.
    let answer = function.return_span().unwrap_or_else(|| requirement.span());
    let (facade, answer) = (requirement.first().facade_at(answer), generated(answer));
    // These names must differ from the names of items in scope: a pattern with the name of an item
    // would be compared with the item.
    let answer = quote_spanned! {answer=> #facade::FromDenied::from_denied(__denied) };
    quote_spanned! {span=>
        let #name = match #call {
            ::core::result::Result::Ok(__permit) => __permit,
            ::core::result::Result::Err(__denied) => return #answer,
        };
    }
}
