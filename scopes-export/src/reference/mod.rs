//! What a reader must know about a catalogue: what each scope allows, how dangerous it is, and what
//! each route demands, in words.
//!
//! Pages and pickers show these facts. Level and risks are derived from methods, paths and names,
//! because a declaration does not state them. They are advice for humans, and no check uses them.
//!
//! ```
//! use scopes_core::{UntypedCatalogue, declaration::Declaration};
//! use scopes_export::reference::{Level, Reference};
//!
//! let mut declaration = Declaration::new("api");
//! declaration.scope("users.read").route("GET", "/users");
//! declaration.scope("users.write").route("POST", "/users").route("DELETE", "/users/{id}");
//! declaration.scope("admin").including("users.read").including("users.write");
//! let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
//!
//! let reference = Reference::new(&catalogue);
//! let [read, write, admin] = reference.scopes() else { panic!() };
//! assert_eq!((read.level(), read.deletes()), (Level::Read, false));
//! assert_eq!((write.level(), write.deletes()), (Level::Write, true));
//! assert!(admin.deletes(), "because it includes `users.write`");
//! assert!(read.included_by().eq([admin.scope().id()]));
//! # Ok::<(), scopes_core::CatalogueErrors>(())
//! ```

mod demand;
mod groups;
mod risk;

use scopes_core::{Access, Route, ScopeId, ScopeInfo, Tenancy, UntypedCatalogue};

pub use self::demand::{Beside, list};
pub use self::groups::Group;
pub(crate) use self::risk::is_safe;
pub use self::risk::issues_tokens;

/// The facts about all scopes of a catalogue, collected in one pass.
#[derive(Debug)]
pub struct Reference<'c> {
    catalogue: &'c UntypedCatalogue,
    scopes: Vec<ScopeFacts<'c>>,
    groups: Vec<Group<'c>>,
}

/// What a reader must know about one scope.
#[derive(Debug)]
pub struct ScopeFacts<'c> {
    scope: ScopeInfo<'c>,
    routes: Vec<Route<'c>>,
    included_by: Vec<ScopeId>,
    /// The bits of [`risk`] for the scope's own routes and for those of the scopes that it
    /// includes.
    traits: u8,
    /// The number of routes that the scope helps to open; those of included scopes count each time.
    reach: usize,
    claims_to_read: bool,
}

/// Whether a scope only reads. Derived from the methods of its routes and from its name.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::reference::{Level, Reference};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// declaration.scope("balances.read").route("POST", "/balances");
/// declaration.scope("users.write").route("POST", "/users");
/// declaration.scope("jobs.run");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let reference = Reference::new(&catalogue);
/// let levels = reference.scopes().iter().map(|facts| facts.level());
/// assert!(levels.eq([Level::Read, Level::ReadByName, Level::Write, Level::NoRoutes]));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Level {
    /// The scope opens no route of this catalogue, so nothing can be derived.
    NoRoutes,
    /// All routes have methods that change nothing, such as `GET`.
    Read,
    /// The name says that the scope reads, but some of its routes have other methods, such as
    /// `POST`: for a query that is sent as a body, or because the name promises too little.
    ReadByName,
    /// Some routes have methods that change something.
    Write,
}

impl<'c> Reference<'c> {
    /// Collects the facts about a catalogue.
    #[must_use]
    pub fn new(catalogue: &'c UntypedCatalogue) -> Self {
        let facts = |scope: ScopeInfo<'c>| ScopeFacts {
            scope,
            routes: Vec::new(),
            included_by: Vec::new(),
            traits: 0,
            reach: 0,
            claims_to_read: risk::claims_to_read(scope.name()),
        };
        let mut scopes: Vec<ScopeFacts<'c>> = catalogue.scopes().map(facts).collect();
        for route in catalogue.routes().filter(|route| route.access() == Access::Scoped) {
            let traits = risk::traits(route);
            for id in route.requirement().iter().flat_map(scopes_core::Term::ids) {
                if let Some(facts) = scopes.get_mut(id.index())
                    && facts.routes.last() != Some(&route)
                {
                    facts.routes.push(route);
                    facts.traits |= traits;
                    facts.reach += 1;
                }
            }
        }
        let own: Vec<(u8, usize)> = scopes.iter().map(|facts| (facts.traits, facts.reach)).collect();
        for scope in catalogue.scopes() {
            for member in scope.members() {
                let (traits, reach) = own.get(member.index()).copied().unwrap_or_default();
                if let Some(facts) = scopes.get_mut(scope.id().index()) {
                    facts.traits |= traits;
                    facts.reach = facts.reach.saturating_add(reach);
                }
                if let Some(facts) = scopes.get_mut(member.index()) {
                    facts.included_by.push(scope.id());
                }
            }
        }
        Self { catalogue, groups: groups::groups(catalogue), scopes }
    }

    /// The catalogue.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// assert_eq!(reference.catalogue().name(), "api");
    /// ```
    #[must_use]
    pub const fn catalogue(&self) -> &'c UntypedCatalogue {
        self.catalogue
    }

    /// The facts about each scope, in the catalogue's order.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// let names: Vec<_> = reference.scopes().iter().map(|facts| facts.scope().name()).collect();
    /// assert_eq!(names, ["users.read", "users.write", "admin"]);
    /// ```
    #[must_use]
    pub fn scopes(&self) -> &[ScopeFacts<'c>] {
        &self.scopes
    }

    /// The facts about one scope.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// let id = catalogue.scope_named("admin").unwrap();
    /// assert_eq!(reference.scope(id).unwrap().scope().name(), "admin");
    /// ```
    #[must_use]
    pub fn scope(&self, id: ScopeId) -> Option<&ScopeFacts<'c>> {
        self.scopes.get(id.index())
    }

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

    /// The groups, which contain each scope once. They stand in the order of their first scopes.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// assert!(reference.groups().iter().map(|group| group.name()).eq(["users", ""]));
    /// ```
    #[must_use]
    pub fn groups(&self) -> &[Group<'c>] {
        &self.groups
    }
}

impl<'c> ScopeFacts<'c> {
    /// The scope itself.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// assert_eq!(reference.scopes()[2].scope().name(), "admin");
    /// ```
    #[must_use]
    pub const fn scope(&self) -> ScopeInfo<'c> {
        self.scope
    }

    /// The routes that name the scope, alone or together with others, in the catalogue's order.
    /// Those of the scopes that it includes are not among them.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// let counts = reference.scopes().iter().map(|facts| facts.routes().len());
    /// assert!(counts.eq([1, 2, 0]));
    /// ```
    #[must_use]
    pub fn routes(&self) -> &[Route<'c>] {
        &self.routes
    }

    /// The scopes that include this one: their holders hold it, too.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// let admin = catalogue.scope_named("admin");
    /// assert!(reference.scopes()[0].included_by().map(Some).eq([admin]));
    /// ```
    pub fn included_by(&self) -> impl ExactSizeIterator<Item = ScopeId> + Clone + '_ {
        self.included_by.iter().copied()
    }

    /// Whether the scope only reads. The scopes that it includes count, too.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// let levels = reference.scopes().iter().map(|facts| facts.level());
    /// assert!(levels.eq([Level::Read, Level::Write, Level::Read]));
    /// ```
    #[must_use]
    pub const fn level(&self) -> Level {
        match (self.has(risk::READS), self.has(risk::CHANGES)) {
            (false, false) => Level::NoRoutes,
            (true, false) => Level::Read,
            (_, true) if self.claims_to_read => Level::ReadByName,
            (_, true) => Level::Write,
        }
    }

    /// Whether a route with the method `DELETE` needs the scope, or a scope that it includes.
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// assert!(reference.scopes().iter().map(|facts| facts.deletes()).eq([false, true, false]));
    /// ```
    #[must_use]
    pub const fn deletes(&self) -> bool {
        self.has(risk::DELETES)
    }

    /// Whether a route needs the scope, or a scope that it includes, that seems to issue tokens:
    /// see [`issues_tokens`].
    ///
    /// ```
    #[doc = include_str!("../docs/reference.txt")]
    /// assert!(reference.scopes()[1].issues_tokens());
    /// ```
    #[must_use]
    pub const fn issues_tokens(&self) -> bool {
        self.has(risk::ISSUES_TOKENS)
    }

    /// Whether some routes of the scope, or of the scopes that it includes, are about no tenant:
    /// [`Tenancy::Global`].
    ///
    /// ```
    #[doc = include_str!("../docs/tenancy.txt")]
    /// // The scopes are `users.read`, `events.read` and `wallets.read`.
    /// let global = reference.scopes().iter().map(|facts| facts.has_global_routes());
    /// assert!(global.eq([false, true, false]));
    /// ```
    #[must_use]
    pub const fn has_global_routes(&self) -> bool {
        self.has(risk::GLOBAL)
    }

    /// Whether on some routes of the scope, or of the scopes that it includes, only the handler
    /// compares the tenant: [`Tenancy::Unbound`].
    ///
    /// ```
    #[doc = include_str!("../docs/tenancy.txt")]
    /// // The scopes are `users.read`, `events.read` and `wallets.read`.
    /// let unbound = reference.scopes().iter().map(|facts| facts.has_unbound_routes());
    /// assert!(unbound.eq([false, false, true]));
    /// ```
    #[must_use]
    pub const fn has_unbound_routes(&self) -> bool {
        self.has(risk::UNBOUND)
    }

    /// Whether all routes of the scope, and of the scopes that it includes, are about the tenant
    /// that their path names.
    ///
    /// ```
    #[doc = include_str!("../docs/tenancy.txt")]
    /// // The scopes are `users.read`, `events.read` and `wallets.read`.
    /// let bound = reference.scopes().iter().map(|facts| facts.is_tenant_bound());
    /// assert!(bound.eq([true, false, false]));
    /// ```
    #[must_use]
    pub const fn is_tenant_bound(&self) -> bool {
        self.has(risk::BOUND) && !self.has(risk::GLOBAL) && !self.has(risk::UNBOUND)
    }

    const fn has(&self, bit: u8) -> bool {
        self.traits & bit != 0
    }
}

/// The reason that the declaration gives for the relation of a route to the tenant, with the word
/// of the declaration. `None` if the path names the tenant, and without tenants.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{At, Declaration, Place, TenancyDeclaration}};
/// use scopes_export::reference::tenancy;
///
/// let mut declaration = Declaration::new("api");
/// declaration.tenant = Some("account".into());
/// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
/// let events = declaration.scope("events.read").route("GET", "/event-types");
/// let global = TenancyDeclaration::Global("the same for all".into());
/// events.routes[0].tenancy = Some(At::new(global, Place::default()));
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(tenancy(catalogue.routes().last().unwrap()), Some(("global", "the same for all")));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[must_use]
pub fn tenancy(route: Route<'_>) -> Option<(&'static str, &str)> {
    match route.tenancy() {
        // The reason of the block explains this already.
        Tenancy::Global(reason) if route.access() == Access::Authenticated(reason) => None,
        Tenancy::Global(reason) => Some(("global", reason)),
        Tenancy::Unbound(reason) => Some(("unbound", reason)),
        Tenancy::Bound | Tenancy::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests;
