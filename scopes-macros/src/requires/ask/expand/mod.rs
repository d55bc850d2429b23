//! What `#[requires]` prints.
//!
//! ```text
//! #[requires(api::users.read as permit)]
//! async fn show(id: Path<u32>) -> String { body }
//! // becomes
//! async fn show(permit: api::__scopes::Permit<api::__check! { @names {..requires_type} [api ::] [users . read] [] }>,
//!               id: Path<u32>) -> String { body }
//! ```
//!
//! The scope is a macro call in the place of a type, which the catalogue answers with the path of its marker, or with the
//! one error there is. Frameworks still see a parameter of a plain path type, `Permit<..>`. Handing the whole function to the
//! catalogue's macro would give the same errors, but the body would go through `macro_rules`, away from the IDE's completion.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::errors::Errors;
use crate::requires::ask::arguments::{Arguments, TokensArgument};
use crate::requires::ask::expression::{Requirement, mentioned};
use crate::requires::ask::function::Function;
use crate::requires::ask::name::Name;
use crate::requires::ask::route_attribute;
use crate::requires::tokens::{all_generated, generated};
use crate::requires::wire::question::{RouteQuestion, Text};

/// `#[requires(args)] item`
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Some(mut function) = Function::parse(item.clone(), &mut errors) else {
        return errors.each().chain([item]).collect();
    };
    let (args, applied) = applied(args);
    let mut arguments = Arguments::parse(args.clone(), &mut errors);
    let another = route_attribute::has_requires(function.attributes());
    let mut wrong_grant = Errors::default();
    let grant = function.take_grant(another, &mut wrong_grant);
    let sound = wrong_grant.is_empty();
    errors.append(wrong_grant);
    // What is wrong with a `#[grant]` would be forgotten with it.
    if sound
        && let (None, None, None, Some(requirement)) = (&arguments.from, &grant, &applied, &arguments.requirement)
        && let Some(first) = function.take_attribute(route_attribute::is_utoipa)
    {
        let (facade, span) = (requirement.first().facade(), generated(requirement.span()));
        let requires = quote_spanned! {span=> #[#facade::requires(@ #first #args)] };
        return quote! { # #first #requires }.into_iter().chain(function.into_tokens()).collect();
    }
    function.look_at(applied);
    check(&arguments, &function, grant.as_ref(), &mut errors);
    let (true, Some(requirement)) = (sound, arguments.requirement.take()) else {
        return unchecked(&arguments, function, TokenStream::new(), &errors);
    };
    if let (Some(_), Some(grant)) = (&arguments.from, &grant) {
        // Which of the two is meant is not known, and a call with the wrong one would be a second error.
        let mut items = navigation(requirement.names());
        items.extend(requirement.names().iter().map(|name| mentioned(&name.marker(None), name.start())));
        items.extend(quote! { let _ = &#grant; });
        return unchecked(&arguments, function, items, &errors);
    }
    let routes =
        if errors.is_empty() { routes(&requirement, &arguments, &function, &mut errors) } else { TokenStream::new() };
    let name = arguments.name.clone().filter(|name| !function.has_parameter(name));
    let name = name.unwrap_or_else(|| Ident::new(&function.free_name(), Span::call_site()));
    let mut items = navigation(requirement.names());
    items.extend(requirement.absorbed().map(|name| mentioned(&name.marker(None), name.start())));
    items.extend(routes);
    let stricter = arguments.stricter.is_some();
    let statements = match (&arguments.from, grant) {
        (Some(from), _) => held(&requirement, &arguments, from, &name, &function),
        (None, Some(grant)) => {
            let permit = requirement.to_type(stricter, None);
            let facade = requirement.first().facade_at(grant.span());
            let span = generated(grant.span());
            let call = quote_spanned! {span=> #facade::Carrier::permit::<#permit>(&#grant) };
            let permit = early_return(&requirement, &name, &call, &function);
            // `_request` is unused as far as whoever wrote it can see.
            let allow = grant.to_string().starts_with('_').then(|| {
                quote! { #[allow(clippy::used_underscore_binding, reason = "it is looked at by `#[requires]`")] }
            });
            quote! { #allow #permit }
        }
        (None, None) => {
            let permit = requirement.to_type(stricter, None);
            parameter(&requirement, &arguments, &name, &permit, &mut function)
        }
    };
    function.insert(items, statements);
    errors.each().chain([function.into_tokens()]).collect()
}

/// `@ [utoipa::path(..)] args`: an attribute that stood below this one and had to be applied before it.
fn applied(args: TokenStream) -> (TokenStream, Option<Group>) {
    let mut rest = args.clone().into_iter();
    match (rest.next(), rest.next()) {
        (Some(TokenTree::Punct(at)), Some(TokenTree::Group(attribute))) if at.as_char() == '@' => {
            (rest.collect(), Some(attribute))
        }
        _ => (args, None),
    }
}

/// What arguments and function must not say together.
fn check(arguments: &Arguments, function: &Function, grant: Option<&Ident>, errors: &mut Errors) {
    if let (Some(from), Some(grant)) = (&arguments.from, grant) {
        errors.at(from.span, format!("`from` and `#[grant] {grant}` both bring the grant: remove one of them"));
    } else if let (Some(via), Some(grant)) = (&arguments.via, grant) {
        errors.at(
            via.span,
            format!(
                "`via` names the type of the parameter, and with `#[grant] {grant}` there is none: remove one of them"
            ),
        );
    }
    if let Some(name) = &arguments.name
        && function.has_parameter(name)
    {
        errors.at(name.span(), format!("the function has a parameter `{name}` already: choose another name"));
    }
}

/// Where it is not known what to check, the function stays as it was, but for the name that its body may use: the first error is
/// its value, so that no second one follows.
fn unchecked(arguments: &Arguments, mut function: Function, items: TokenStream, errors: &Errors) -> TokenStream {
    let mut errors: Vec<TokenStream> = errors.each().collect();
    let named = arguments.name.as_ref().filter(|_| !errors.is_empty());
    let statements = named.map(|name| {
        let error = errors.remove(0);
        quote! { let #name = #error; }
    });
    function.insert(items, statements.unwrap_or_default());
    errors.into_iter().chain([function.into_tokens()]).collect()
}

/// The parameter whose extraction is the check.
fn parameter(
    requirement: &Requirement,
    arguments: &Arguments,
    name: &Ident,
    permit: &TokenStream,
    function: &mut Function,
) -> TokenStream {
    let (facade, span) = (requirement.first().facade(), generated(requirement.span()));
    let Some(via) = &arguments.via else {
        function.insert_parameter(quote_spanned! {span=> #name: #facade::Permit<#permit> });
        if arguments.name.is_some() {
            function.allow_looking_at_the_permit();
        }
        return TokenStream::new();
    };
    let path: Vec<_> = via.value.clone().into_iter().collect();
    let (path, span) = (all_generated(&path, None), generated(path.first().map_or(via.span, TokenTree::span)));
    let facade = requirement.first().facade_at(span);
    let via = quote_spanned! {span=> #path<#permit> };
    function.insert_parameter(quote_spanned! {span=> #name: #via });
    // Whatever the type is, it holds a permit, and a permit is made by the check alone.
    quote_spanned! {span=> let _: &_ = <#via as ::core::convert::AsRef<#facade::Permit<#permit>>>::as_ref(&#name); }
}

/// `from = expr`: a grant without a request.
fn held(
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
        // The argument that was not understood may be the tenant.
        (None, None) => (quote_spanned! {span=> NotNeeded }, (!arguments.unread).then_some(from.span)),
    };
    let permit = requirement.to_type(arguments.stricter.is_some(), undecided);
    let call = quote_spanned! {span=>
        #facade::__private::permit_held::<#permit>(#facade::Held::held(&(#grant)), #facade::__private::HeldTenant::#tenant)
    };
    early_return(requirement, name, &call, function)
}

/// The permit, or the answer that the return type can be made of.
fn early_return(requirement: &Requirement, name: &Ident, call: &TokenStream, function: &Function) -> TokenStream {
    let span = generated(requirement.span());
    // A return type that cannot say `denied` is what the error is about.
    let answer = function.return_span().unwrap_or_else(|| requirement.span());
    let (facade, answer) = (requirement.first().facade_at(answer), generated(answer));
    // Names that no item in reach has: a pattern of an item's name would be compared with it.
    let answer = quote_spanned! {answer=> #facade::FromDenied::from_denied(__denied) };
    quote_spanned! {span=>
        let #name = match #call {
            ::core::result::Result::Ok(__permit) => __permit,
            ::core::result::Result::Err(__denied) => return #answer,
        };
    }
}

/// What is to be compared with the catalogue's routes.
fn routes(requirement: &Requirement, arguments: &Arguments, function: &Function, errors: &mut Errors) -> TokenStream {
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

/// The names as paths, for the eyes of an IDE only: go to definition, hover, rename, completion.
fn navigation(names: &[Name]) -> TokenStream {
    let paths = names.iter().filter_map(|name| {
        let path = name.path()?;
        Some(if name.is_top_level() {
            quote! { let _: ::core::option::Option<#path>; }
        } else {
            quote! { let _ = #path; }
        })
    });
    quote_spanned! {Span::mixed_site()=>
        #[allow(unexpected_cfgs, reason = "known to IDEs only")]
        const _: () = {
            #[cfg(rust_analyzer)]
            const _: () = { #(#paths)* };
        };
    }
}

#[cfg(test)]
mod tests;
