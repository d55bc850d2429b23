//! The compiler: builds the tables of an [`UntypedCatalogue`] from a declaration, and collects
//! every mistake that it finds.
//!
//! | step | file |
//! |---|---|
//! | scopes: names, duplicates | `scopes` |
//! | the names that scopes had before | `old_names` |
//! | dates and successors of what is deprecated | `deprecations` |
//! | routes: methods, paths, one entry per method and shape | `routes` |
//! | what a route demands of its callers: alternatives, access | `access` |
//! | whose tenant a route serves | `tenancy` |
//! | names of routes, given or derived | `route_names` |
//! | `includes` | `includes` |
//! | how many entries fit the tables | `limits` |
//! | which scopes open `global` routes only | `global_only` |
//! | trie, merged automaton, its nodes and rows, its literals by hash | `trie`, `automaton`, `combinations`, `tables`, `slots`, `deferred` |
//! | the trie for decoded paths | `readings` |
//! | the pools of text and numbers, the records | `pools`, `emit` |
//! | analysis of a compiled catalogue | `overlap`, `notes` |
//! | what only a strict catalogue refuses | `strict` |
//!
//! After a mistake, every step continues with the declarations that are sound, so that one run
//! finds all mistakes and the front end can still emit the rest. The macro runs this code
//! unoptimised, so it never compares all pairs of a list that may be long.

mod access;
mod automaton;
mod combinations;
mod deferred;
mod deprecations;
mod emit;
mod global_only;
mod includes;
mod limits;
mod notes;
mod old_names;
mod overlap;
mod pools;
mod readings;
mod route_names;
mod routes;
mod scopes;
mod slots;
mod strict;
mod tables;
mod tenancy;
#[cfg(test)]
mod tests;
mod trie;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::ops::Bound;

use self::automaton::Automaton;
use self::trie::Trie;
use crate::catalogue::UntypedCatalogue;
use crate::date::Date;
use crate::declaration::{At, Declaration, Place, ScopeDeclaration};
use crate::error::{CatalogueError, CatalogueErrorKind, CatalogueErrors};
use crate::notation::Notation;
use crate::suggest::Suggestions;
use crate::template::Template;

/// The maximum number of a group's members that an error lists.
const MAX_GROUP: usize = 64;

/// The result of compiling a declaration.
#[derive(Clone, Debug)]
pub struct Compiled {
    catalogue: UntypedCatalogue,
    errors: Vec<CatalogueError>,
    route_places: Vec<Place>,
}

impl Compiled {
    /// The catalogue of everything that is sound. Do not decide with it while there are errors.
    #[must_use]
    pub const fn catalogue(&self) -> &UntypedCatalogue {
        &self.catalogue
    }

    /// The place where the path of each route was first written, in the order of the catalogue's
    /// routes.
    #[must_use]
    pub fn route_places(&self) -> &[Place] {
        &self.route_places
    }

    /// All mistakes, in the order in which they were written.
    #[must_use]
    pub fn errors(&self) -> &[CatalogueError] {
        &self.errors
    }
}

/// Compiles a declaration and collects all its mistakes.
#[must_use]
pub fn compile(declaration: &Declaration) -> Compiled {
    compile_as(declaration, Automaton::build)
}

impl UntypedCatalogue {
    /// Compiles a declaration at run time.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users").route("GET", "/users");
    /// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
    /// assert_eq!(errors.as_slice().len(), 1);
    /// println!("{errors}");
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with the declaration, in the order written: exactly what `scopes!`
    /// reports at compile time.
    pub fn from_declaration(declaration: &Declaration) -> Result<Self, CatalogueErrors> {
        let compiled = compile(declaration);
        if compiled.errors.is_empty() { Ok(compiled.catalogue) } else { Err(CatalogueErrors(compiled.errors)) }
    }
}

/// The templates of a compiled catalogue, parsed again for analysis.
fn templates_of(catalogue: &UntypedCatalogue) -> Vec<Template> {
    catalogue.routes().map(|route| Template::parse(route.path()).unwrap_or_default()).collect()
}

/// Like [`compile`], but the caller chooses how the trie becomes an automaton: tests run both ways.
fn compile_as(declaration: &Declaration, automaton: fn(&Trie) -> Automaton) -> Compiled {
    let mut draft = Draft::empty(declaration);
    scopes::collect(&mut draft);
    old_names::collect(&mut draft);
    deprecations::of_scopes(&mut draft);
    routes::collect(&mut draft);
    access::settle(&mut draft);
    tenancy::settle(&mut draft);
    route_names::settle(&mut draft);
    includes::resolve(&mut draft);
    let catalogue = emit::emit(&mut draft, automaton);
    strict::overlaps(&mut draft, &catalogue);
    let mut errors = draft.errors;
    errors.sort_by_key(|error| error.place);
    let route_places = draft.routes.iter().map(|route| route.place).collect();
    Compiled { catalogue, errors: once_a_path(errors), route_places }
}

/// Keeps the first of equal mistakes in a path, with the number of places: a path may be listed
/// under many scopes.
fn once_a_path(errors: Vec<CatalogueError>) -> Vec<CatalogueError> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<CatalogueError> = Vec::with_capacity(errors.len());
    for error in errors {
        if let CatalogueErrorKind::Path { .. } | CatalogueErrorKind::TrailingSlash { .. } = error.kind {
            let at = *first.entry(error.to_string()).or_insert(kept.len());
            if let Some(same) = kept.get_mut(at) {
                same.times += 1;
                continue;
            }
        }
        kept.push(error);
    }
    kept
}

/// The work in progress.
struct Draft<'d> {
    declaration: &'d Declaration,
    errors: Vec<CatalogueError>,
    scopes: Vec<ScopeDraft<'d>>,
    /// The scopes by wire name; the next field has them by dotted name.
    by_name: BTreeMap<String, u16>,
    by_dotted: BTreeMap<String, u16>,
    by_type_name: BTreeMap<String, u16>,
    /// The names that scopes had before, each with the scope of today.
    old_names: Vec<(u16, At<String>)>,
    base: String,
    tenant: Option<At<String>>,
    routes: Vec<RouteDraft>,
    methods: Vec<String>,
    scope_suggestions: Suggestions,
    pattern_suggestions: Suggestions,
}

struct ScopeDraft<'d> {
    declared: &'d ScopeDeclaration,
    name: At<String>,
    dotted: String,
    /// Settled by `deprecations`.
    deprecated: Option<DeprecationDraft>,
    includes: Vec<At<String>>,
    members: Vec<u16>,
}

impl ScopeDraft<'_> {
    /// The name by which this notation refers to the scope. The macro's grammar does not accept
    /// wire names in references.
    const fn written_in(&self, notation: Notation) -> &str {
        match notation {
            Notation::Macro => self.dotted.as_str(),
            Notation::Json => self.name.value.as_str(),
        }
    }
}

struct RouteDraft {
    /// The column of the method.
    method: usize,
    template: Template,
    /// The canonical path, without the base.
    path: String,
    /// Where the path was first written.
    place: Place,
    /// The blocks that list it, each with the scopes that it demands together.
    listed: Vec<Listing>,
    name: Option<At<String>>,
    description: String,
    deprecated: Option<DeprecationDraft>,
    raw: Vec<String>,
    /// The reasons of `#[overlaps]`.
    overlaps: Vec<At<String>>,
    // Settled by `access` and `route_names`.
    alternatives: Vec<Vec<u16>>,
    access: AccessDraft,
    tenancy: TenancyDraft,
    final_name: String,
}

struct DeprecationDraft {
    reason: String,
    since: Option<Date>,
    sunset: Option<Date>,
    successor: Option<u16>,
}

struct Listing {
    /// The index of the item in the declaration.
    item: usize,
    place: Place,
    access: AccessDraft,
    /// The scopes that the block demands together. Empty if the block is not scoped, or if it names
    /// an unknown scope.
    scopes: Vec<u16>,
    tenancy: Option<At<TenancyDraft>>,
}

#[derive(Clone, PartialEq, Eq)]
enum AccessDraft {
    Scoped,
    Public(String),
    Authenticated(String),
    External(String),
}

impl AccessDraft {
    const fn word(&self) -> &'static str {
        match self {
            Self::Scoped => "scoped",
            Self::Public(_) => "public",
            Self::Authenticated(_) => "authenticated",
            Self::External(_) => "external",
        }
    }

    /// Like [`Access::needs_grant`](crate::Access::needs_grant), before the route is built.
    const fn needs_grant(&self) -> bool {
        matches!(self, Self::Scoped | Self::Authenticated(_))
    }
}

#[derive(Clone, PartialEq, Eq)]
enum TenancyDraft {
    NotApplicable,
    Bound,
    Global(String),
    Unbound(String),
}

impl TenancyDraft {
    const fn attribute(&self) -> &'static str {
        match self {
            Self::Unbound(_) => "unbound",
            _ => "global",
        }
    }
}

impl<'d> Draft<'d> {
    const fn empty(declaration: &'d Declaration) -> Self {
        Self {
            declaration,
            errors: Vec::new(),
            scopes: Vec::new(),
            by_name: BTreeMap::new(),
            by_dotted: BTreeMap::new(),
            by_type_name: BTreeMap::new(),
            old_names: Vec::new(),
            base: String::new(),
            tenant: None,
            routes: Vec::new(),
            methods: Vec::new(),
            scope_suggestions: Suggestions::new(),
            pattern_suggestions: Suggestions::new(),
        }
    }

    fn error(&mut self, place: Place, kind: CatalogueErrorKind) {
        self.errors.push(CatalogueError::new(place, kind, self.declaration.notation));
    }

    fn conflict(&mut self, place: Place, kind: CatalogueErrorKind, twin: Place, said_there: &'static str) {
        let error = CatalogueError::new(place, kind, self.declaration.notation);
        self.errors.push(CatalogueError { twin: Some((twin, said_there)), ..error });
    }

    /// The scope that a name in the declaration refers to: a wire name or a dotted name.
    fn scope_of(&self, name: &str) -> Option<u16> {
        self.by_name.get(name).or_else(|| self.by_dotted.get(name)).copied()
    }

    /// The error for a name that no scope has: it may be an old name, or the name of a group.
    fn unknown_scope(&mut self, name: &str) -> CatalogueErrorKind {
        if let Some((scope, _)) = self.old_names.iter().find(|(_, old)| old.value == name) {
            let scope = self.scopes[usize::from(*scope)].written_in(self.declaration.notation).into();
            return CatalogueErrorKind::RenamedScope { name: name.into(), scope };
        }
        let group = alloc::format!("{name}.");
        let below = self.by_dotted.range::<str, _>((Bound::Included(group.as_str()), Bound::Unbounded));
        let below = below.take_while(|(dotted, _)| dotted.starts_with(&group)).take(MAX_GROUP);
        let mut members: Vec<u16> = below.map(|(_, &scope)| scope).collect();
        if !members.is_empty() {
            members.sort_unstable();
            let dotted = |scope: u16| self.scopes[usize::from(scope)].dotted.clone();
            return CatalogueErrorKind::Group { name: name.into(), members: members.into_iter().map(dotted).collect() };
        }
        let notation = self.declaration.notation;
        let names = self.scopes.iter().map(|scope| scope.written_in(notation));
        let nearest = self.scope_suggestions.nearest(name, names).map(String::from);
        CatalogueErrorKind::UnknownScope { name: name.into(), nearest }
    }

    fn method_of(&self, route: &RouteDraft) -> String {
        self.methods.get(route.method).cloned().unwrap_or_default()
    }
}
