//! `requires_type!`: the catalogue's answer to a scope's name in the place of a type.
//!
//! ```text
//! requires_type! { "NAMES" [api ::] [environment . users . read] [from?] }
//! // => api::environment::users::read::__Marker, or a type with compile_error! in it
//! ```

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use scopes_core::name::{identifier, pascal_case};
use scopes_core::suggest::nearest;

use crate::errors::compile_error;
use crate::places::Extent;
use crate::requires::answer::fast;
use crate::requires::ask::name::path_ident;
use crate::requires::cursor::{Cursor, is_ident, is_punct};
use crate::requires::tokens::{generated, string, unraw};

/// The error on `from`. It does not name the scope: where several ask, rustc shows equal errors at one place once.
const WITHOUT_TENANT: &str = "`from = ..` has no request to take the tenant from, write `tenant = ..` or `unbound = \"why\"`\n\
    both can be left out only if each scope, and each scope that it includes, opens routes and all of these are `#[global]`";

/// How many names a message lists at most.
const LISTED: usize = 12;

/// The names of a catalogue, as its hidden macro hands them over: first the catalogue's own, and whether names are
/// missing, then per line a dotted name and its flags.
pub(in crate::requires) struct Names {
    /// The name of the catalogue's module.
    catalogue: String,
    /// The declaration has mistakes: what is missing here may stand there.
    pub(in crate::requires) incomplete: bool,
    names: Vec<(String, Flags)>,
}

/// What is known of a scope beside its name.
#[derive(Clone, Copy, Default)]
struct Flags {
    /// Where there is no request, it must be said whose data it is: `ScopeInfo::asks_for_tenant`.
    asks: bool,
}

impl Names {
    pub(in crate::requires) fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let (catalogue, flags) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
        let incomplete = flags.contains('!');
        let names = lines.filter_map(|line| {
            let (name, flags) = line.split_once(' ').unwrap_or((line, ""));
            (!name.is_empty()).then(|| (name.to_owned(), Flags { asks: flags.contains('t') }))
        });
        Self { catalogue: catalogue.to_owned(), incomplete, names: names.collect() }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| name.as_str())
    }

    pub(in crate::requires) fn get(&self, id: usize) -> Option<&str> {
        self.names.get(id).map(|(name, _)| name.as_str())
    }

    /// The scope of a name as `#[requires]` has it. Segments that begin with a digit are written with a `_`.
    pub(in crate::requires) fn position(&self, written: &str) -> Option<usize> {
        let by_name = self.all().position(|name| name == written);
        by_name.or_else(|| {
            self.all().position(|name| name.split('.').map(spelled).eq(written.split('.').map(str::to_owned)))
        })
    }

    /// The segments that can follow a prefix, in declaration order.
    fn after<'n>(&'n self, prefix: &'n [String]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for name in self.all() {
            let mut segments = name.split('.').map(spelled);
            if prefix.iter().all(|wanted| segments.next().as_ref() == Some(wanted))
                && let Some(next) = segments.next()
                && !found.contains(&next)
            {
                found.push(next);
            }
        }
        found
    }
}

/// A segment as it is written in Rust, but for `r#`.
fn spelled(segment: &str) -> String {
    let identifier = identifier(segment);
    identifier.strip_prefix("r#").map_or(identifier.clone(), str::to_owned)
}

/// What was asked: a name in its tokens.
struct Question {
    root: Vec<TokenTree>,
    segments: Vec<Ident>,
    trailing_dot: Option<Span>,
    from: Option<Span>,
}

impl Question {
    fn read(groups: &[Group]) -> Option<Self> {
        let [root, name, from] = groups else { return None };
        let tokens: Vec<TokenTree> = name.stream().into_iter().collect();
        let ident = |token: &TokenTree| match token {
            TokenTree::Ident(ident) => Some(ident.clone()),
            _ => None,
        };
        Some(Self {
            root: root.stream().into_iter().collect(),
            segments: tokens.iter().filter_map(ident).collect(),
            trailing_dot: tokens.last().filter(|token| is_punct(token, '.')).map(TokenTree::span),
            from: from.stream().into_iter().next().map(|token| token.span()),
        })
    }

    /// The scope is there by this very name, and nothing else is to be looked at.
    fn is_at_sight(&self, names: &str) -> bool {
        let found = || fast::flags(names, &self.written().join("."));
        self.trailing_dot.is_none() && self.from.is_none() && found().is_some()
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
    let mut cursor = Cursor::new(&tokens);
    let literal = match cursor.next() {
        Some(TokenTree::Literal(literal)) => Some(literal),
        _ => None,
    };
    let question = Question::read(&groups(&cursor));
    if let (Some(literal), Some(question)) = (literal, &question)
        && question.is_at_sight(&literal.to_string())
    {
        return question.marker();
    }
    let names = literal.and_then(string);
    let (Some(names), Some(question)) = (names, question) else {
        return compile_error(Span::call_site(), "this macro is called by `#[requires]` only");
    };
    let names = Names::read(&names);
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

/// The groups in brackets that are left.
pub(in crate::requires) fn groups(cursor: &Cursor<'_>) -> Vec<Group> {
    let bracket = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => Some(group.clone()),
        _ => None,
    };
    cursor.rest().iter().filter_map(bracket).collect()
}

/// Why a name has no type, and where to say so.
struct Refusal {
    start: Span,
    end: Span,
    message: String,
}

fn answer(names: &Names, question: &Question) -> Result<(), Refusal> {
    let written = question.written();
    let dotted = written.join(".");
    let whole = |message: String| Refusal { start: question.start(), end: question.end(), message };
    let known = names.position(&dotted);
    if let (Some(id), None) = (known, question.trailing_dot) {
        let asks = names.names.get(id).is_some_and(|(_, flags)| flags.asks);
        return match question.from {
            Some(from) if asks => Err(Refusal { start: from, end: from, message: WITHOUT_TENANT.to_owned() }),
            _ => Ok(()),
        };
    }
    // The first segment at which no scope goes on as written.
    let right =
        (0..=written.len()).rev().find(|&length| length == 0 || is_prefix(names, &written[..length])).unwrap_or(0);
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
fn with_paths_instead_of_dots(names: &Names, question: &Question, written: &[String]) -> Option<String> {
    let ident = |token: &TokenTree| match token {
        TokenTree::Ident(ident) => Some(unraw(ident)),
        _ => None,
    };
    let root: Vec<String> = question.root.iter().filter_map(ident).collect();
    let split = (0..root.len()).find(|&split| is_prefix(names, &root[split..]))?;
    let dotted = [&root[split..], written].concat().join(".");
    let name = match names.position(&dotted) {
        Some(_) => &dotted,
        None => nearest(&dotted, names.all())?,
    };
    Some(root[..split].iter().map(|segment| format!("{segment}::")).collect::<String>() + name)
}

/// The scope whose marker is written, `api::permits::UsersRead`.
fn of_marker<'n>(names: &'n Names, question: &Question, written: &[String]) -> Option<&'n str> {
    let [marker] = written else { return None };
    let last = question.root.iter().rev().find(|token| matches!(token, TokenTree::Ident(_)))?;
    names.all().find(|name| is_ident(last, "permits") && pascal_case(name) == *marker)
}

/// The path of the catalogue in which `permits` is.
fn before_marker(question: &Question) -> String {
    let path: String = question.root.iter().map(ToString::to_string).collect();
    path.strip_suffix("permits::").unwrap_or_default().to_owned()
}

/// `environment.users.read` for `users.read` and for `users`: the names in which what was written is not the begin.
fn full_names(names: &Names, written: &str) -> Vec<String> {
    let within = format!(".{written}.");
    names.all().filter(|name| format!("{name}.").contains(&within)).map(str::to_owned).collect()
}

fn is_prefix(names: &Names, written: &[String]) -> bool {
    names.position(&written.join(".")).is_some() || !names.after(written).is_empty()
}

/// `` `a`, `b`, .. ``
pub(in crate::requires) fn listed(names: &[String]) -> String {
    let mut list: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    if names.len() > LISTED {
        list.push("..".to_owned());
    }
    list.join(", ")
}

#[cfg(test)]
mod tests;
