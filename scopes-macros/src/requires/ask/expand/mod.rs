//! The output of `#[requires]`.
//!
//! ```text
//! #[requires(api::users.read as permit)]
//! async fn show(id: Path<u32>) -> String { body }
//! // becomes
//! async fn show(
//!     permit: api::__scopes::Permit<
//!         api::__check! { @names {..requires_type} [api ::] "users.read " [. .] [] }
//!     >,
//!     id: Path<u32>,
//! ) -> String { body }
//! ```
//!
//! The scope is a macro call in the place of a type. The catalogue answers with the path of its
//! marker, or with one error. Frameworks still see a parameter of a plain path type, `Permit<..>`.
//! If the permit has no name and no framework's attribute follows, the whole type is a macro call
//! as well, so that rustc reports only one error if it cannot find the catalogue. `#[requires]`
//! could pass the whole function to the catalogue's macro, with the same errors. But then an IDE
//! would not complete in the function's body, because the body would go through `macro_rules`.
//!
//! Four phases: read the handler, let utoipa's attribute run first, check combinations that are not
//! allowed, print.

mod form;
mod items;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use self::form::Form;
use self::items::route_question;
use crate::errors::{Errors, compile_error};
use crate::requires::ask::arguments::Arguments;
use crate::requires::ask::expression::checked_only;
use crate::requires::ask::function::{Function, closure, without_grants};
use crate::requires::ask::navigation::navigation;
use crate::requires::ask::route_attribute;

/// The first run: `#[requires(args)] item`.
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    if let Some((span, message)) = closure(&item) {
        // The closure would cause further errors, whether it is read as an item or as an
        // expression.
        return compile_error(span, message);
    }
    let mut errors = Errors::default();
    let Some(mut handler) = Handler::read(args, item.clone(), &mut errors) else {
        return [without_grants(item)].into_iter().chain(errors.each()).collect();
    };
    if let Some(utoipa) = handler.take_utoipa() {
        return handler.print_after(&utoipa);
    }
    handler.check(&mut errors);
    handler.print(errors)
}

/// A function and the arguments of its attribute.
struct Handler {
    /// The arguments as the user wrote them, without those that an earlier `#[requires]` has added.
    args: TokenStream,
    arguments: Arguments,
    function: Function,
    /// The parameter with the mark `#[grant]`.
    grant: Option<Ident>,
    /// Whether that mark is free of mistakes.
    is_grant_sound: bool,
    /// Whether utoipa's attribute has run before.
    is_after_utoipa: bool,
}

impl Handler {
    /// Reads the attribute and the function. `None` if the item is not a function with a body.
    fn read(args: TokenStream, item: TokenStream, errors: &mut Errors) -> Option<Self> {
        let mut function = Function::parse(item, errors)?;
        let (args, applied) = applied(args);
        let is_after_utoipa = applied.is_some();
        let mut arguments = Arguments::parse(args.clone(), errors);
        if let Some((span, message)) = function.is_called_by_rust() {
            errors.at(span, message);
            arguments.requirement = None;
        }
        let another = route_attribute::has_requires(function.attributes());
        let mut wrong_grant = Errors::default();
        let grant = function.take_grant(another, &mut wrong_grant);
        let is_grant_sound = wrong_grant.is_empty();
        errors.append(wrong_grant);
        function.add_attribute(applied);
        Some(Self { args, arguments, function, grant, is_grant_sound, is_after_utoipa })
    }

    /// Removes utoipa's attribute if a parameter will be added. It refuses a macro call in the type
    /// of a parameter, so it must run first.
    fn take_utoipa(&mut self) -> Option<Group> {
        let adds_parameter =
            self.arguments.requirement.is_some() && self.arguments.from.is_none() && self.grant.is_none();
        // If the mark `#[grant]` has a mistake, it must be reported now: the mark is removed
        // already, so a second run would not find it.
        if !adds_parameter || !self.is_grant_sound || self.is_after_utoipa {
            return None;
        }
        self.function.take_attribute(route_attribute::is_utoipa)
    }

    /// Prints `#[utoipa::path(..)] #[requires(@ [utoipa::path(..)] args)]`, and the unchanged
    /// function.
    fn print_after(self, utoipa: &Group) -> TokenStream {
        let requires = self.arguments.requirement.as_ref().map(|requirement| {
            let (first, args) = (requirement.first(), &self.args);
            let (facade, span) = (first.facade(), first.seat());
            quote_spanned! {span=> #[#facade::requires(@ #utoipa #args)] }
        });
        let function = self.function.into_tokens();
        quote! { # #utoipa #requires #function }
    }

    /// Reports arguments that the function does not allow.
    fn check(&self, errors: &mut Errors) {
        let Self { arguments, function, grant, .. } = self;
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
        self.check_place(errors);
        if let Some(name) = &arguments.name
            && function.has_parameter(name)
        {
            errors.at(name.span(), format!("the function has a parameter `{name}` already: choose another name"));
        }
    }

    /// Reports `second` if the permit cannot be the second parameter, or if the order does not
    /// matter.
    fn check_place(&self, errors: &mut Errors) {
        let Some(second) = self.arguments.second else { return };
        if let Some(grant) = &self.grant {
            errors.at(
                second,
                format!("`second` places the permit's parameter, and with `#[grant] {grant}` there is none: remove one of them"),
            );
        } else if let Some(name) = self.function.attributes().iter().find_map(route_attribute::of_any_order) {
            errors.at(second, format!("`#[{name}(..)]` takes parameters in any order: remove `second`"));
        } else if !self.function.has_parameters() {
            errors.at(
                second,
                "`second` puts the permit after the first parameter, and the function has none: remove `second`",
            );
        }
    }

    fn print(mut self, mut errors: Errors) -> TokenStream {
        let requirement = self.arguments.requirement.take().filter(|_| self.is_grant_sound);
        let mut items = navigation(&self.args);
        let Some(requirement) = requirement else { return self.print_unchecked(items, &errors) };
        let form = match (self.arguments.from.take(), self.grant.take()) {
            (Some(_), Some(grant)) => {
                // It is not known which of the two is meant. A check of the wrong one would be a
                // second error.
                items.extend(requirement.names().iter().map(|name| checked_only(&name.marker(None), name.start())));
                items.extend(quote! { let _ = &#grant; });
                return self.print_unchecked(items, &errors);
            }
            (Some(from), None) => Form::FromGrant(from),
            (None, Some(grant)) => Form::Carrier(grant),
            (None, None) => Form::Parameter,
        };
        items.extend(requirement.absorbed().map(|name| checked_only(&name.marker(None), name.start())));
        if errors.is_empty() {
            items.extend(route_question(&requirement, &self.arguments, &self.function, &mut errors));
        }
        let name = self.arguments.name.clone().filter(|name| !self.function.has_parameter(name));
        // The body cannot see this name, `_permit`. If it could, and the body used an unknown
        // `permit`, rustc would suggest to rename `_permit` to `permit`. The edit that rustc offers
        // for that removes the attribute.
        let name = name.unwrap_or_else(|| Ident::new(&self.function.free_name(), Span::mixed_site()));
        let statements = form.print(&requirement, &self.arguments, &name, &mut self.function);
        self.function.insert(items, statements);
        // The errors come last: if they came before the paths, IDEs would not complete the paths.
        [self.function.into_tokens()].into_iter().chain(errors.each()).collect()
    }

    /// Prints the function without a check, because it is not known what to check. If the body may
    /// use a name for the permit, the first error becomes its value, so that the unknown name is
    /// not a second error.
    fn print_unchecked(mut self, items: TokenStream, errors: &Errors) -> TokenStream {
        let mut errors: Vec<TokenStream> = errors.each().collect();
        let named = self.arguments.name.as_ref().filter(|_| !errors.is_empty());
        let statements = named.map(|name| {
            let error = errors.remove(0);
            quote! { let #name = #error; }
        });
        self.function.insert(items, statements.unwrap_or_default());
        [self.function.into_tokens()].into_iter().chain(errors).collect()
    }
}

/// Splits off `@ [utoipa::path(..)]`, an attribute that was below this one and had to run before
/// it.
fn applied(args: TokenStream) -> (TokenStream, Option<Group>) {
    let mut rest = args.clone().into_iter();
    match (rest.next(), rest.next()) {
        (Some(TokenTree::Punct(at)), Some(TokenTree::Group(attribute))) if at.as_char() == '@' => {
            (rest.collect(), Some(attribute))
        }
        _ => (args, None),
    }
}

#[cfg(test)]
mod tests;
