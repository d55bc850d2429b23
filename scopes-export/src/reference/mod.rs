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

mod alternatives;
mod demand;
mod facts;
mod groups;
mod risk;

use scopes_core::{Access, Route, ScopeId, Tenancy, UntypedCatalogue};

pub use self::demand::{Beside, list};
pub use self::facts::{Level, ScopeFacts};
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

impl<'c> Reference<'c> {
    /// Collects the facts about a catalogue.
    #[must_use]
    pub fn new(catalogue: &'c UntypedCatalogue) -> Self {
        let mut scopes: Vec<ScopeFacts<'c>> = catalogue.scopes().map(ScopeFacts::new).collect();
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
    match route.unusual_tenancy()? {
        Tenancy::Global(reason) => Some(("global", reason)),
        Tenancy::Unbound(reason) => Some(("unbound", reason)),
        Tenancy::Bound | Tenancy::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests;
