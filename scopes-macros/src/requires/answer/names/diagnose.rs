//! The reasons why a name is not the name of a scope.

use proc_macro2::TokenTree;
use scopes_core::name::pascal_case;
use scopes_core::suggest::nearest;

use crate::places::Extent;
use crate::requires::answer::listed;
use crate::requires::ask::foreign::open_route;
use crate::requires::ask::name::EXPECTED_NAME;
use crate::requires::cursor::is_ident;
use crate::requires::tokens::unraw;
use crate::requires::wire::names::NameTable;
use crate::requires::wire::question::NameQuestion;

/// The reason why a name has no type, and the tokens at which to report it.
pub(super) struct Refusal {
    pub(super) extent: Extent,
    pub(super) message: String,
}

/// Recognises one mistake.
type Diagnoser = fn(&UnknownName<'_>) -> Option<Refusal>;

/// The diagnosers in this order: the first that recognises its mistake decides. If none does, the
/// scope is unknown.
const DIAGNOSERS: [Diagnoser; 11] = [
    nothing_after_the_path,
    dot_after_a_whole_scope,
    dot_at_the_end,
    old_name,
    group_of_scopes,
    catalogue_itself,
    dot_after_the_catalogue,
    type_of_a_permit,
    word_of_an_open_route,
    colons_instead_of_dots,
    name_without_its_beginning,
];

/// Finds the reason why this name, which the catalogue does not have, has no type.
pub(super) fn diagnose(names: &NameTable, question: &NameQuestion) -> Refusal {
    let written = question.written();
    // The empty name is a beginning of every name, also in a catalogue without names.
    let known = (1..=written.len()).rev().find(|&length| names.has_prefix(&written[..length])).unwrap_or(0);
    let next = names.after(&written[..known]);
    let name = UnknownName { names, question, dotted: written.join("."), written, known, next };
    DIAGNOSERS.iter().find_map(|diagnoser| diagnoser(&name)).unwrap_or_else(|| unknown_scope(&name))
}

struct UnknownName<'a> {
    names: &'a NameTable,
    question: &'a NameQuestion,
    /// The segments without `r#`.
    written: Vec<String>,
    dotted: String,
    /// How many of these segments are the beginning of some scope.
    known: usize,
    /// The segments that can follow that beginning.
    next: Vec<String>,
}

impl UnknownName<'_> {
    /// A refusal of the whole name.
    fn whole(&self, message: String) -> Refusal {
        Refusal { extent: Extent::new(self.question.start(), self.question.end()), message }
    }

    /// A refusal of the first segment that no scope has after the known beginning.
    fn segment(&self, message: String) -> Refusal {
        let segment = self.question.segments.get(self.known);
        Refusal { extent: segment.map_or_else(|| self.question.end(), |segment| segment.span).into(), message }
    }

    /// Whether the whole name is the beginning of some scope.
    fn is_beginning(&self) -> bool {
        self.known == self.written.len()
    }

    fn has_no_root(&self) -> bool {
        self.question.root.is_empty()
    }

    /// The dotted name that is most similar to this one.
    fn nearest(&self) -> Option<&str> {
        nearest(&self.dotted, self.names.all())
    }
}

/// Recognises `api::`.
fn nothing_after_the_path(name: &UnknownName<'_>) -> Option<Refusal> {
    name.written.is_empty().then(|| name.whole(EXPECTED_NAME.to_owned()))
}

/// Recognises `api::users.read.`, a whole scope with a dot after it.
fn dot_after_a_whole_scope(name: &UnknownName<'_>) -> Option<Refusal> {
    (name.is_beginning() && name.question.open.is_some() && name.next.is_empty())
        .then(|| name.whole(format!("`{}` is a whole scope, remove the dot after it", name.dotted)))
}

/// Recognises `api::users.`, which the user is still typing.
fn dot_at_the_end(name: &UnknownName<'_>) -> Option<Refusal> {
    (name.is_beginning() && name.question.open.is_some()).then(|| {
        name.whole(format!("`{}.` ends in a dot, complete it with one of: {}", name.dotted, listed(&name.next)))
    })
}

/// Recognises the name that a scope had before.
fn old_name(name: &UnknownName<'_>) -> Option<Refusal> {
    let is_old = |old: &String| *old == name.dotted;
    let scope = name.names.scopes.iter().find(|scope| scope.old_names.iter().any(is_old))?;
    let message = format!("`{}` is an old name, the scope is `{}` today", name.dotted, scope.dotted);
    name.question.open.is_none().then(|| name.whole(message))
}

/// Recognises `api::users`, a group.
fn group_of_scopes(name: &UnknownName<'_>) -> Option<Refusal> {
    name.is_beginning().then(|| {
        name.whole(format!("`{}` is a group of scopes, complete it with one of: {}", name.dotted, listed(&name.next)))
    })
}

/// Recognises `api`.
fn catalogue_itself(name: &UnknownName<'_>) -> Option<Refusal> {
    let dotted = &name.dotted;
    (name.has_no_root() && *dotted == name.names.catalogue).then(|| {
        name.segment(match name.names.all().next() {
            Some(first) => format!("`{dotted}` is the catalogue, write a scope of it such as `{dotted}::{first}`"),
            None => format!("`{dotted}` is the catalogue, and it declares no scope"),
        })
    })
}

/// Recognises `api.users.read` instead of `api::users.read`.
fn dot_after_the_catalogue(name: &UnknownName<'_>) -> Option<Refusal> {
    let (catalogue, rest) = name.written.split_first()?;
    if !name.has_no_root() || *catalogue != name.names.catalogue {
        return None;
    }
    let rest = rest.join(".");
    let near = if name.names.position(&rest).is_some() { None } else { nearest(&rest, name.names.all()) };
    let scope = near.unwrap_or(&rest);
    Some(name.whole(format!("`{catalogue}` is the catalogue, with `::` after it: write `{catalogue}::{scope}`")))
}

/// Recognises `api::permits::UsersRead`, the marker in `Permit<..>`.
fn type_of_a_permit(name: &UnknownName<'_>) -> Option<Refusal> {
    let [marker] = &*name.written else { return None };
    let root = &name.question.root;
    let last = root.iter().rev().find(|token| matches!(token, TokenTree::Ident(_)))?;
    let scope = name.names.all().find(|scope| is_ident(last, "permits") && pascal_case(scope) == *marker)?;
    let path: String = root.iter().map(ToString::to_string).collect();
    let catalogue = path.strip_suffix("permits::").unwrap_or_default();
    Some(name.whole(format!(
        "`{marker}` is the type in `Permit<..>`, a scope is written as its dotted name: `{catalogue}{scope}`"
    )))
}

/// Recognises `api::public`.
fn word_of_an_open_route(name: &UnknownName<'_>) -> Option<Refusal> {
    open_route(&name.dotted).map(|message| name.whole(message.to_owned()))
}

/// Recognises `api::environment::users::read` instead of `api::environment.users.read`: the end of
/// the path is the beginning of the name.
fn colons_instead_of_dots(name: &UnknownName<'_>) -> Option<Refusal> {
    let ident = |token: &TokenTree| match token {
        TokenTree::Ident(ident) => Some(unraw(ident)),
        _ => None,
    };
    let root: Vec<String> = name.question.root.iter().filter_map(ident).collect();
    let split = (0..root.len()).find(|&split| name.names.has_prefix(&root[split..]))?;
    let dotted = [&root[split..], &name.written].concat().join(".");
    let scope = match name.names.position(&dotted) {
        Some(_) => &dotted,
        None => nearest(&dotted, name.names.all())?,
    };
    let path: String = root[..split].iter().map(|segment| format!("{segment}::")).collect();
    Some(name.segment(format!(
        "unknown scope `{}`, did you mean `{path}{scope}`?\nthe segments of a scope's name are separated by dots",
        name.dotted
    )))
}

/// Recognises `users.read` or `users` instead of `environment.users.read`.
fn name_without_its_beginning(name: &UnknownName<'_>) -> Option<Refusal> {
    let within = format!(".{}.", name.dotted);
    let full: Vec<String> =
        name.names.all().filter(|full| format!("{full}.").contains(&within)).map(str::to_owned).collect();
    // A name without a path has reached this catalogue, so its first segment was imported from the
    // catalogue. After a path, the first segment may be misspelt.
    let is_misspelt = || !name.has_no_root() && name.nearest().is_some();
    (name.known == 0 && !full.is_empty() && !is_misspelt()).then(|| {
        name.segment(format!(
            "unknown scope `{}`\na scope is written with its full name: {}",
            name.dotted,
            listed(&full)
        ))
    })
}

fn unknown_scope(name: &UnknownName<'_>) -> Refusal {
    let near = name.nearest().map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    let prefix = name.written[..name.known].join(".");
    let what_there_is = match (name.known, &*name.next) {
        (0, []) => "this catalogue declares no scope".to_owned(),
        (0, next) => format!("this catalogue begins with: {}", listed(next)),
        (_, []) => format!("`{prefix}` is a scope with none below it"),
        (_, next) => format!("after `{prefix}.` this catalogue has: {}", listed(next)),
    };
    name.segment(format!("unknown scope `{}`{near}\n{what_there_is}", name.dotted))
}
