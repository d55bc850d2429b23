//! What a reader must know about one scope.

use scopes_core::{Route, ScopeId, ScopeInfo};

use super::risk;

/// What a reader must know about one scope.
#[derive(Debug)]
pub struct ScopeFacts<'c> {
    pub(super) scope: ScopeInfo<'c>,
    pub(super) routes: Vec<Route<'c>>,
    pub(super) included_by: Vec<ScopeId>,
    /// The bits of [`risk`] for the scope's own routes and for those of the scopes that it
    /// includes.
    pub(super) traits: u8,
    /// The number of routes that the scope helps to open; those of included scopes count each time.
    pub(super) reach: usize,
    pub(super) claims_to_read: bool,
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

impl<'c> ScopeFacts<'c> {
    /// A scope without routes.
    pub(super) fn new(scope: ScopeInfo<'c>) -> Self {
        let claims_to_read = risk::claims_to_read(scope.name());
        Self { scope, routes: Vec::new(), included_by: Vec::new(), traits: 0, reach: 0, claims_to_read }
    }

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
    /// see [`issues_tokens`](super::issues_tokens).
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
    /// [`Tenancy::Global`](scopes_core::Tenancy::Global).
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
    /// compares the tenant: [`Tenancy::Unbound`](scopes_core::Tenancy::Unbound).
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
