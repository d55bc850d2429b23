//! `requires_type!`: the catalogue's answer to a scope's name in the place of a type.
//!
//! ```text
//! requires_type! { "NAMES" [api ::] [environment . users . read] [from?] }
//! // => api::environment::users::read::__Marker, or a type with compile_error! in it
//! ```

mod lookup;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use scopes_core::name::pascal_case;
use scopes_core::suggest::nearest;

use super::{listed, not_called_by_requires};
use crate::errors::compile_error;
use crate::places::Extent;
use crate::requires::cursor::is_ident;
use crate::requires::tokens::{generated, path_ident, string, unraw};
use crate::requires::wire::names::{NameTable, is_in_literal};
use crate::requires::wire::question::NameQuestion;

/// The error on `from`. It does not name the scope: where several ask, rustc shows equal errors at one place once.
const WITHOUT_TENANT: &str = "`from = ..` has no request to take the tenant from, write `tenant = ..` or `unbound = \"why\"`\n\
    both can be left out only if each scope, and each scope that it includes, opens routes and all of these are `#[global]`";

impl NameQuestion {
    /// Whether the table's literal has a scope of this very name, so that nothing else is to be looked at.
    fn is_answered_by(&self, names: &str) -> bool {
        let found = || is_in_literal(names, &self.written().join("."));
        self.trailing_dot.is_none() && self.from.is_none() && found()
    }

    fn written(&self) -> Vec<String> {
        self.segments.iter().map(unraw).collect()
    }

    fn start(&self) -> Span {
        self.segments.first().map_or_else(Span::call_site, Ident::span)
    }

    fn end(&self) -> Span {
        self.trailing_dot.or_else(|| self.segments.last().map(Ident::span)).unwrap_or_else(Span::call_site)
    }

    /// The type of the scope.
    fn marker(&self) -> TokenStream {
        let root = &self.root;
        let segments = self.segments.iter().map(path_ident);
        let marker = Ident::new("__Marker", generated(self.end()));
        quote! { #(#root)* #(#segments::)* #marker }
    }

    /// The type that stands for any scope.
    fn unknown(&self) -> TokenStream {
        let root = &self.root;
        let first = self.segments.first().filter(|_| root.is_empty()).map(path_ident).into_iter();
        let marker = Ident::new("__Unknown", generated(self.end()));
        quote! { #(#root)* #(#first::)* #marker }
    }
}

/// See the module.
pub(crate) fn requires_type(input: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = input.into_iter().collect();
    let Some((TokenTree::Literal(literal), question)) = tokens.split_first() else { return not_called_by_requires() };
    let Some(question) = NameQuestion::read(question) else { return not_called_by_requires() };
    if question.is_answered_by(&literal.to_string()) {
        return question.marker();
    }
    let Some(names) = string(literal) else { return not_called_by_requires() };
    let names = NameTable::read(&names);
    match answer(&names, &question) {
        Ok(()) => question.marker(),
        // The mistake is there and reported, and the one who names the scope can do nothing about it.
        Err(_) if names.incomplete && names.position(&question.written().join(".")).is_none() => question.unknown(),
        // A `compile_error!` in the place of a type becomes `()`, on which rustc would go on to complain. As the length of an
        // array it makes a type that rustc knows to be an error, and is silent about.
        Err(Refusal { start, end, message }) => {
            let error = compile_error(Extent::new(start, end), &message);
            quote! { [(); #error] }
        }
    }
}

/// Why a name has no type, and where to say so.
struct Refusal {
    start: Span,
    end: Span,
    message: String,
}

fn answer(names: &NameTable, question: &NameQuestion) -> Result<(), Refusal> {
    let written = question.written();
    let dotted = written.join(".");
    let whole = |message: String| Refusal { start: question.start(), end: question.end(), message };
    let known = names.position(&dotted);
    if let (Some(id), None) = (known, question.trailing_dot) {
        let asks = names.scopes.get(id).is_some_and(|scope| scope.asks_for_tenant);
        return match question.from {
            Some(from) if asks => Err(Refusal { start: from, end: from, message: WITHOUT_TENANT.to_owned() }),
            _ => Ok(()),
        };
    }
    // The first segment at which no scope goes on as written.
    let right =
        (0..=written.len()).rev().find(|&length| length == 0 || names.has_prefix(&written[..length])).unwrap_or(0);
    let next = names.after(&written[..right]);
    if right == written.len() {
        let group = listed(&next);
        return Err(whole(match question.trailing_dot {
            Some(_) if next.is_empty() => format!("`{dotted}` is a whole scope, remove the dot behind it"),
            Some(_) => format!("`{dotted}.` ends in a dot, complete it with one of: {group}"),
            None => format!("`{dotted}` is a group of scopes, complete it with one of: {group}"),
        }));
    }
    let odd = question.segments.get(right).map_or_else(|| question.end(), Ident::span);
    let said = |message: String| Err(Refusal { start: odd, end: odd, message });
    if question.root.is_empty() && dotted == names.catalogue {
        return said(match names.all().next() {
            Some(first) => format!("`{dotted}` is the catalogue, write a scope of it such as `{dotted}::{first}`"),
            None => format!("`{dotted}` is the catalogue, and it declares no scope"),
        });
    }
    if question.root.is_empty() && written.first() == Some(&names.catalogue) {
        let name = written.get(1..).unwrap_or_default().join(".");
        let near = if names.position(&name).is_some() { None } else { nearest(&name, names.all()) };
        let catalogue = &names.catalogue;
        return Err(whole(format!(
            "`{catalogue}` is the catalogue, with `::` behind it: write `{catalogue}::{}`",
            near.unwrap_or(&name)
        )));
    }
    if let Some(name) = of_marker(names, question, &written) {
        let root = before_marker(question);
        return Err(whole(format!(
            "`{dotted}` is the type in `Permit<..>`, a scope is written as its dotted name: `{root}{name}`"
        )));
    }
    if let Some(instead) = with_paths_instead_of_dots(names, question, &written) {
        return said(format!(
            "unknown scope `{dotted}`, did you mean `{instead}`?\nthe segments of a scope's name are separated by dots"
        ));
    }
    let mut message = format!("unknown scope `{dotted}`");
    let full = if right == 0 { full_names(names, &dotted) } else { Vec::new() };
    let near = nearest(&dotted, names.all());
    match near {
        // A bare name reached this catalogue, so its first segment was imported: from where it is not the first.
        Some(near) if full.is_empty() || !question.root.is_empty() => {
            message.push_str(&format!(", did you mean `{near}`?"));
        }
        _ if full.is_empty() => {}
        _ => return said(format!("{message}\na scope is written with its full name: {}", listed(&full))),
    }
    let prefix = written[..right].join(".");
    message.push_str(&match (right, next.is_empty()) {
        (0, true) => "\nthis catalogue declares no scope".to_owned(),
        (_, true) => format!("\n`{prefix}` is a scope with none below it"),
        (0, false) => format!("\nthis catalogue begins with: {}", listed(&next)),
        (_, false) => format!("\nafter `{prefix}.` this catalogue has: {}", listed(&next)),
    });
    said(message)
}

/// `api::environment::users::read` for `api::environment.users.read`: the end of the path is the begin of the name.
fn with_paths_instead_of_dots(names: &NameTable, question: &NameQuestion, written: &[String]) -> Option<String> {
    let ident = |token: &TokenTree| match token {
        TokenTree::Ident(ident) => Some(unraw(ident)),
        _ => None,
    };
    let root: Vec<String> = question.root.iter().filter_map(ident).collect();
    let split = (0..root.len()).find(|&split| names.has_prefix(&root[split..]))?;
    let dotted = [&root[split..], written].concat().join(".");
    let name = match names.position(&dotted) {
        Some(_) => &dotted,
        None => nearest(&dotted, names.all())?,
    };
    Some(root[..split].iter().map(|segment| format!("{segment}::")).collect::<String>() + name)
}

/// The scope whose marker is written, `api::permits::UsersRead`.
fn of_marker<'n>(names: &'n NameTable, question: &NameQuestion, written: &[String]) -> Option<&'n str> {
    let [marker] = written else { return None };
    let last = question.root.iter().rev().find(|token| matches!(token, TokenTree::Ident(_)))?;
    names.all().find(|name| is_ident(last, "permits") && pascal_case(name) == *marker)
}

/// The path of the catalogue in which `permits` is.
fn before_marker(question: &NameQuestion) -> String {
    let path: String = question.root.iter().map(ToString::to_string).collect();
    path.strip_suffix("permits::").unwrap_or_default().to_owned()
}

/// `environment.users.read` for `users.read` and for `users`: the names in which what was written is not the begin.
fn full_names(names: &NameTable, written: &str) -> Vec<String> {
    let within = format!(".{written}.");
    names.all().filter(|name| format!("{name}.").contains(&within)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
