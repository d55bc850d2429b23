//! Which scopes and routes the evidence does not show in use.

use scopes_core::{Access, Route, RouteId, ScopeId, ScopeInfo, UntypedCatalogue};

use super::bits::Bits;
use super::client::{Outcome, Usage};
use super::evidence::Evidence;

/// What the evidence does not show in use.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::usage::{Client, Evidence, Outcome, Unused};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// declaration.scope("users.write").route("POST", "/users");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let mut evidence = Evidence::new(&catalogue);
/// let route = catalogue.routes().next().unwrap().id();
/// evidence.add(Client::Unnamed, route, Outcome::Allowed, None)?;
///
/// let unused = Unused::of(&evidence);
/// assert_eq!(unused.scopes(), [catalogue.scope_named("users.write").unwrap()]);
/// assert_eq!(unused.routes().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    scopes: Vec<ScopeId>,
    routes: Vec<RouteId>,
    only_denied: Vec<RouteId>,
}

impl Unused {
    /// Looks at all clients.
    ///
    /// Where the record has the scopes of a token, a scope counts as used if it gives a part of an
    /// alternative that the token satisfied. Where it does not, every scope counts that opens a
    /// used route, and every scope that includes such a scope. Denials that are only reported count
    /// as use, because the client got its answer.
    #[must_use]
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let catalogue = evidence.catalogue();
        let mut used = Bits::new(catalogue.scopes().len());
        for (_, usage) in evidence.clients() {
            used.add(&used_by(catalogue, usage));
        }
        let all = evidence.united();
        let set = |outcome| Bits::of(catalogue.routes().len(), all.routes(outcome).map(RouteId::index));
        let [mut called, reported, denied, undecided] =
            [Outcome::Allowed, Outcome::Reported, Outcome::Denied, Outcome::Undecided].map(set);
        called.add(&reported);
        called.add(&undecided);
        let never =
            catalogue.routes().filter(|route| route.access().needs_grant() && !called.contains(route.id().index()));
        let (only_denied, routes) = never.map(Route::id).partition(|id| denied.contains(id.index()));
        let scopes = catalogue.scopes().map(ScopeInfo::id).filter(|id| !used.contains(id.index())).collect();
        Self { scopes, routes, only_denied }
    }

    /// The scopes that nothing needed.
    #[must_use]
    pub fn scopes(&self) -> &[ScopeId] {
        &self.scopes
    }

    /// The routes that were never called, of those that need a grant.
    #[must_use]
    pub fn routes(&self) -> &[RouteId] {
        &self.routes
    }

    /// The routes that were called, but only with requests that were denied.
    #[must_use]
    pub fn only_denied(&self) -> &[RouteId] {
        &self.only_denied
    }
}

impl Usage {
    /// The scopes that the client holds and has not used. All of them can be taken away at once
    /// without closing a route that was used. Empty if the record does not have the client's
    /// scopes.
    #[must_use]
    pub fn unused_scopes(&self, catalogue: &UntypedCatalogue) -> Vec<ScopeId> {
        let used = used_by(catalogue, self);
        self.held().filter(|id| !used.contains(id.index())).collect()
    }
}

/// The scopes that a client has used, and those of its scopes that include them.
fn used_by(catalogue: &UntypedCatalogue, usage: &Usage) -> Bits {
    let bound = catalogue.scopes().len();
    let declared = Bits::of(bound, usage.held().map(ScopeId::index));
    let mut held = declared.clone();
    catalogue.close(held.words_mut());
    let mut used = Bits::new(bound);
    for outcome in [Outcome::Allowed, Outcome::Reported, Outcome::Undecided] {
        for route in usage.routes(outcome).filter_map(|id| catalogue.route_at(id)) {
            if !matches!(route.access(), Access::Scoped) {
                continue;
            }
            let alternatives = route.requirement();
            // A token that was changed may no longer satisfy what it has used.
            let is_known = alternatives.satisfied_by(held.words());
            for alternative in alternatives.iter().filter(|way| !is_known || way.satisfied_by(held.words())) {
                for id in alternative.ids() {
                    used.insert(id.index());
                }
            }
        }
    }
    let is_known = !declared.is_empty();
    let includes_used = |scope: &ScopeInfo<'_>| scope.members().any(|member| used.contains(member.index()));
    let givers = catalogue.scopes().filter(|scope| !is_known || declared.contains(scope.id().index()));
    let givers = Bits::of(bound, givers.filter(includes_used).map(|scope| scope.id().index()));
    used.add(&givers);
    used
}
