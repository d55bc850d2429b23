//! The permission reference of a catalogue in Markdown: the routes that each scope opens, and the
//! demands of the routes that no scope opens.
//!
//! `scopes!` prints these pages as the documentation of the modules, variants and constants that it
//! generates. The links are rustdoc paths below the catalogue's module. The prefix `up` leads to
//! that module from the documented item.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write as _;

use self::index::{Index, MOST_NAMES};
use self::words::{Page, RouteLine, counted, deprecated, described, endpoint, note, remarks_on, sentence, target};
use crate::catalogue::{ScopeInfo, UntypedCatalogue};
use crate::markdown::{cell, code, first_paragraph, in_cell, inline};
use crate::name::pascal_case;
use crate::route::{Route, Tenancy};
use crate::scope::ScopeId;

mod index;
#[cfg(test)]
mod tests;
mod words;

/// The greatest number of routes in the list of one scope. The page of its group lists all of them.
const MOST_ROUTES: usize = 60;

/// The greatest number of scopes in one table. With more scopes, each top-level group has its own
/// table.
const MOST_ROWS: usize = 40;

/// Writes the reference of one catalogue.
#[derive(Debug)]
pub struct Reference<'c> {
    catalogue: &'c UntypedCatalogue,
    index: Index<'c>,
    /// The text for each route, by its id. All lists with the route use it.
    lines: Vec<RouteLine>,
}

impl<'c> Reference<'c> {
    /// Collects the references of a catalogue in one pass.
    #[must_use]
    pub fn new(catalogue: &'c UntypedCatalogue) -> Self {
        let lines = catalogue.routes().map(RouteLine::new).collect();
        Self { catalogue, index: Index::new(catalogue), lines }
    }

    /// The routes that name a scope.
    #[must_use]
    pub fn routes(&self, scope: ScopeId) -> &[Route<'c>] {
        self.index.scope(scope).map_or(&[], |facts| &facts.routes)
    }

    /// The line that names a scope, with its title.
    #[must_use]
    pub fn name(&self, scope: ScopeInfo<'_>) -> String {
        let name = code(scope.name());
        scope.title().map_or_else(|| format!("Scope {name}."), |title| format!("Scope {name}: {}", sentence(title)))
    }

    /// The method and the path of a route.
    #[must_use]
    pub fn endpoint(&self, route: Route<'_>) -> String {
        endpoint(route)
    }

    /// The purpose of a scope in one line; empty if the declaration has no text.
    #[must_use]
    pub fn summary(&self, scope: ScopeInfo<'_>) -> String {
        inline(first_paragraph(scope.description()))
    }

    /// The text of Rust's attribute `#[deprecated]` on a deprecated scope, which may be empty.
    #[must_use]
    pub fn deprecation_note(&self, scope: ScopeInfo<'_>) -> Option<String> {
        scope.deprecation().map(note)
    }

    /// The declaration of a scope, without its text.
    #[must_use]
    pub fn scope(&self, scope: ScopeInfo<'c>, up: &str) -> String {
        let mut page = Page::default();
        page.paragraph(&self.name(scope));
        if let Some(deprecation) = scope.deprecation() {
            page.paragraph(&deprecated(deprecation, |successor| self.link(successor, up)));
        }
        let old_names: Vec<_> = scope.old_names().take(MOST_NAMES).map(code).collect();
        if !old_names.is_empty() {
            page.paragraph(&format!("Tokens with an old name still hold it: {}.", old_names.join(", ")));
        }
        let members = scope.members().len();
        if members > 0 {
            let links = self.links(scope.members(), members, up);
            // If all patterns are names, they repeat the links and are left out.
            let are_names =
                scope.includes().count() == members && scope.includes().all(|pattern| !pattern.contains('*'));
            let patterns: Vec<_> = scope.includes().map(code).collect();
            let patterns = if are_names { String::new() } else { format!("{}: ", patterns.join(", ")) };
            page.paragraph(&format!("Includes {patterns}{links}."));
        }
        if let Some(facts) = self.index.scope(scope.id()).filter(|facts| facts.inclusions > 0) {
            let including = self.links(facts.included_in.iter().copied(), facts.inclusions, up);
            page.paragraph(&format!("Included in {including}."));
        }
        let routes = self.routes(scope.id());
        self.tenant(&mut page, routes);
        self.list(&mut page, routes.iter().take(MOST_ROUTES), false, |route| {
            let is_alone = route.requirement().iter().all(|term| term.ids().eq([scope.id()]));
            (!is_alone).then(|| self.demand(route, up))
        });
        if let Some(more) = routes.len().checked_sub(MOST_ROUTES).filter(|more| *more > 0) {
            page.paragraph(&format!("And {}.", counted(more, "more route", "more routes")));
        }
        page.text
    }

    /// The first line of a group's page.
    #[must_use]
    pub fn group_summary(&self, path: &str) -> String {
        let (scopes, routes) = self.index.group(path).map_or((0, 0), |group| (group.all_scopes, group.all_routes));
        let scopes = counted(scopes, "scope", "scopes");
        format!("{scopes} under {}: {}.", code(path), counted(routes, "route", "routes"))
    }

    /// The rest of a group's page: its scopes and their routes, without the groups below.
    #[must_use]
    pub fn group(&self, path: &str, up: &str) -> String {
        let mut page = Page::default();
        let Some(group) = self.index.group(path) else { return page.text };
        if !group.scopes.is_empty() {
            page.paragraph("# Scopes");
            self.table(&mut page, &group.scopes, up);
        }
        self.sections(&mut page, "# Routes", &group.routes, up);
        page.text
    }

    /// The part of the catalogue's page after its text: all scopes, and the routes outside of
    /// groups.
    #[must_use]
    pub fn catalogue(&self, up: &str) -> String {
        let catalogue = self.catalogue;
        let mut page = Page::default();
        let scopes: Vec<_> = catalogue.scopes().collect();
        let mut counts = format!(
            "{}, {}",
            counted(scopes.len(), "scope", "scopes"),
            counted(catalogue.routes().len(), "route", "routes")
        );
        if !catalogue.base().is_empty() {
            let _ = write!(counts, " below {}", code(catalogue.base()));
        }
        if let Some(tenant) = catalogue.tenant() {
            let _ = write!(counts, ". The parameter {} of a path names the tenant", code(tenant));
        }
        page.paragraph(&format!("{counts}."));
        if !scopes.is_empty() {
            page.paragraph("# Scopes");
            self.tables(&mut page, &scopes, up);
        }
        let mut routes = self.index.group("").map_or_else(Vec::new, |group| group.routes.clone());
        routes.extend(catalogue.routes().filter(|route| described(route.access()).is_some()));
        self.sections(&mut page, "# Routes outside of groups", &routes, up);
        page.text
    }

    /// Writes one table, or one for each top-level group.
    fn tables(&self, page: &mut Page, scopes: &[ScopeInfo<'c>], up: &str) {
        let top = |scope: &ScopeInfo<'c>| scope.dotted().split_once('.').map_or("", |(top, _)| top);
        let mut by_top: BTreeMap<&str, Vec<ScopeInfo<'c>>> = BTreeMap::new();
        for scope in scopes {
            by_top.entry(top(scope)).or_default().push(*scope);
        }
        if scopes.len() <= MOST_ROWS || by_top.len() < 2 {
            return self.table(page, scopes, up);
        }
        for (top, scopes) in by_top {
            if !top.is_empty() {
                page.paragraph(&format!("## {}", code(top)));
            }
            self.table(page, &scopes, up);
        }
    }

    fn table(&self, page: &mut Page, scopes: &[ScopeInfo<'c>], up: &str) {
        page.paragraph("| Scope | Purpose | Routes |\n|---|---|---|");
        for scope in scopes {
            let mut purpose: Vec<String> = Vec::new();
            purpose.extend(scope.title().map(|title| in_cell(&sentence(title))));
            let deprecation = scope.deprecation();
            purpose.extend(deprecation.map(|found| in_cell(&deprecated(found, |scope| self.link(scope, up)))));
            let text = first_paragraph(scope.description());
            if !text.trim().is_empty() {
                purpose.push(cell(text));
            }
            let (link, routes) = (in_cell(&self.link(*scope, up)), self.routes(scope.id()).len());
            let own = match scope.members().len() {
                0 => "",
                members => {
                    let patterns: Vec<_> = scope.includes().map(code).collect();
                    let members = counted(members, "scope", "scopes");
                    purpose.push(in_cell(&format!("Includes {}: {members}.", patterns.join(", "))));
                    " of its own"
                }
            };
            let target = target(&scope.anchor());
            page.line(&format!("| {target}{link} | {} | {routes}{own} |", purpose.join(" ")));
        }
    }

    /// Writes the routes, grouped by their demand.
    fn sections(&self, page: &mut Page, title: &str, routes: &[Route<'c>], up: &str) {
        let mut sections: Vec<Vec<Route<'c>>> = Vec::new();
        let mut positions: BTreeMap<String, usize> = BTreeMap::new();
        let (mut before, mut position) = (None, 0);
        for route in routes {
            // Most routes have the same demand as the route before them.
            let asked = (route.access(), route.requirement());
            if before != Some(asked) {
                position = *positions.entry(self.asked(*route, up)).or_insert(sections.len());
                before = Some(asked);
            }
            match sections.get_mut(position) {
                Some(section) => section.push(*route),
                None => sections.push(vec![*route]),
            }
        }
        if !sections.is_empty() {
            page.paragraph(title);
            self.tenant(page, routes);
        }
        for section in sections {
            if let Some(first) = section.first() {
                page.paragraph(&self.asked(*first, up));
            }
            self.list(page, section.iter(), true, |_| None);
        }
    }

    /// Writes the usual rule about the tenant, once for all routes of a page.
    fn tenant(&self, page: &mut Page, routes: &[Route<'c>]) {
        if let Some(tenant) = self.catalogue.tenant()
            && routes.iter().any(|route| matches!(route.tenancy(), Tenancy::Bound))
        {
            let name = code(tenant);
            page.paragraph(&format!("Where the path has {name}, the grant must cover that tenant."));
        }
    }

    /// Writes a list of routes with their remarks; `demand` returns what else a caller needs. If
    /// `are_targets`, links lead to the lines: each page lists a route in one such list at most.
    fn list<'r>(
        &self,
        page: &mut Page,
        routes: impl Iterator<Item = &'r Route<'c>>,
        are_targets: bool,
        demand: impl Fn(Route<'c>) -> Option<String>,
    ) where
        'c: 'r,
    {
        let mut begins = true;
        for route in routes {
            let Some(line) = self.lines.get(route.id().index()) else { continue };
            let item = line.with(are_targets, demand(*route).as_deref());
            if begins {
                page.paragraph(&item);
            } else {
                page.line(&item);
            }
            begins = false;
        }
    }

    /// The declaration of a route, without its text.
    #[must_use]
    pub fn route(&self, route: Route<'c>, up: &str) -> String {
        let mut sentences = vec![self.asked(route, up)];
        sentences.extend(remarks_on(route));
        sentences.join("\n\n")
    }

    /// The demand of a route on its callers.
    fn asked(&self, route: Route<'_>, up: &str) -> String {
        match described(route.access()) {
            None => self.demand(route, up),
            Some((kind, meaning, why)) => format!("**{kind}**, {meaning}: {}", sentence(why)),
        }
    }

    /// A sentence such as "Needs `a`, or `b` and `c`."
    fn demand(&self, route: Route<'_>, up: &str) -> String {
        let terms = route.requirement().iter();
        let (mut alternatives, mut left) = (Vec::new(), MOST_NAMES);
        let count = terms.clone().count();
        for term in terms {
            let names = term.ids().count();
            if names > left && !alternatives.is_empty() {
                break;
            }
            alternatives.push(self.links(term.ids(), names, up));
            left = left.saturating_sub(names);
        }
        let more = match count - alternatives.len() {
            0 => String::new(),
            more => format!(", or {}", counted(more, "alternative more", "alternatives more")),
        };
        format!("Needs {}{more}.", alternatives.join(", or "))
    }

    /// Links to the first of `count` scopes.
    fn links(&self, ids: impl Iterator<Item = ScopeId>, count: usize, up: &str) -> String {
        let scopes = ids.take(MOST_NAMES).filter_map(|id| self.catalogue.scope(id));
        let mut names: Vec<_> = scopes.map(|scope| self.link(scope, up)).collect();
        if count > names.len() {
            names.push(format!("{} more", count - names.len()));
        }
        match names.split_last() {
            Some((last, first @ [_, ..])) => format!("{} and {last}", first.join(", ")),
            _ => names.concat(),
        }
    }

    /// A link to the constant of a scope. A scope with a single segment has only a variant.
    fn link(&self, scope: ScopeInfo<'_>, up: &str) -> String {
        let (label, dotted) = (code(scope.name()), scope.dotted());
        if dotted.contains('.') {
            format!("[{label}](const@{up}{})", dotted.replace('.', "::"))
        } else {
            format!("[{label}]({up}Scope::{})", pascal_case(dotted))
        }
    }
}
