//! Which scopes open a route, the least power first.

use scopes_core::{Route, ScopeId, ScopeInfo};

use super::demand::{self, Beside};
use super::{Reference, risk};

impl<'c> Reference<'c> {
    /// The alternatives of a route, the one with the least power first. Each of them opens the
    /// route, and all scopes of an alternative are needed together.
    ///
    /// Issuing tokens, deleting and changing are power, in this order, then the number of routes,
    /// then the number of scopes. A scope that another one of its alternative includes is left out.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
    /// use scopes_export::reference::Reference;
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("admin").route("GET", "/report").route("DELETE", "/users/{id}");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("mail.read").route("GET", "/mail");
    /// let both = BlockKind::All(vec!["users.read".into(), "mail.read".into()]);
    /// declaration.block(both).route("GET", "/report");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    ///
    /// let reference = Reference::new(&catalogue);
    /// let report = catalogue.route_by_template("GET", "/report").unwrap();
    /// assert_eq!(reference.alternatives(report)[0].len(), 2, "two that read, before one that deletes");
    /// assert_eq!(reference.phrase(report, |scope| scope.to_string()), "mail.read and users.read, or admin");
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn alternatives(&self, route: Route<'c>) -> Vec<Vec<ScopeId>> {
        let mut alternatives: Vec<Vec<ScopeId>> = Vec::new();
        for declared in self.declared_alternatives(route) {
            let needed = self.without_included(&declared);
            if !alternatives.contains(&needed) {
                alternatives.push(needed);
            }
        }
        alternatives
    }

    /// Like [`alternatives`](Self::alternatives), with the scopes that others include.
    fn declared_alternatives(&self, route: Route<'c>) -> Vec<Vec<ScopeId>> {
        let mut alternatives: Vec<Vec<ScopeId>> = route.requirement().iter().map(|term| term.ids().collect()).collect();
        alternatives.sort_by_cached_key(|ids| {
            let facts = || ids.iter().filter_map(|id| self.scope(*id));
            let power = facts().fold(0, |traits, facts| traits | facts.traits);
            let reach = facts().fold(0_usize, |reach, facts| reach.saturating_add(facts.reach));
            let has = |bit: u8| power & bit != 0;
            (has(risk::ISSUES_TOKENS), has(risk::DELETES), has(risk::CHANGES), reach, ids.len())
        });
        alternatives
    }

    /// Leaves out the scopes that others of the same list include.
    fn without_included(&self, ids: &[ScopeId]) -> Vec<ScopeId> {
        let is_needed = |id: &ScopeId| !ids.iter().any(|other| other != id && self.includes(*other, *id));
        ids.iter().copied().filter(is_needed).collect()
    }

    fn includes(&self, scope: ScopeId, other: ScopeId) -> bool {
        self.scope(scope).is_some_and(|facts| facts.scope.members().any(|member| member == other))
    }

    /// The demand of a route in words, the least power first: `a, or b and c`. Empty if no scope
    /// opens the route. `show` writes one scope.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// let route = catalogue.route_by_template("GET", "/users").unwrap();
    /// assert_eq!(reference.phrase(route, |scope| format!("`{scope}`")), "`users.read`");
    /// ```
    pub fn phrase(&self, route: Route<'c>, show: impl Fn(ScopeInfo<'c>) -> String) -> String {
        let alternatives = self.alternatives(route);
        demand::in_words(
            self.catalogue,
            alternatives.iter().map(|ids| ids.iter().copied()),
            demand::MOST_ALTERNATIVES,
            show,
        )
    }

    /// What a caller with one scope needs for one route: besides that scope, or instead of it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::reference::Reference;
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// # let reference = Reference::new(&catalogue);
    /// let (route, scope) = (catalogue.routes().next().unwrap(), catalogue.scopes().next().unwrap());
    /// assert!(reference.beside(route, scope.id()).is_alone());
    /// ```
    #[must_use]
    pub fn beside(&self, route: Route<'c>, scope: ScopeId) -> Beside<'c> {
        let (with, without): (Vec<_>, Vec<_>) =
            self.declared_alternatives(route).into_iter().partition(|ids| ids.contains(&scope));
        // What the scope includes is held with it.
        let is_missing = |id: &ScopeId| *id != scope && !self.includes(scope, *id);
        let others = |ids: Vec<ScopeId>| ids.into_iter().filter(is_missing).collect::<Vec<_>>();
        let also = with.into_iter().map(|ids| self.without_included(&others(ids))).collect();
        let instead = without.iter().map(|ids| self.without_included(ids)).collect();
        Beside::new(self.catalogue, also, instead)
    }
}
