//! One route of a catalogue.

use alloc::string::String;
use core::fmt;
use core::hash::{Hash, Hasher};

use crate::anchor::Anchor;
use crate::catalogue::{MethodSet, UntypedCatalogue};
use crate::deprecation::Deprecation;
use crate::layout::{self, AccessKind, Deprecated, ParameterFields, RouteFields, RouteRecord, TenancyKind};
use crate::malformation::Malformation;
use crate::matcher::SegmentEnds;
use crate::method;
use crate::requirement::Alternatives;
use crate::scope::ScopeId;
use crate::set::holds;
use crate::template::shape::shape;

mod matched;
mod parameter;

pub use matched::RouteMatch;
pub use parameter::Parameter;

/// The position of a route in its catalogue.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// // A counter for each route.
/// let mut requests = vec![0; catalogue.routes().len()];
/// let found = catalogue.at("GET", b"/users").unwrap();
/// requests[found.route().id().index()] += 1;
/// assert_eq!(requests, [1]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId(pub(crate) u16);

impl RouteId {
    /// The id of a position, for the code that `scopes!` generates.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The position among the catalogue's routes, counted from 0.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let indices: Vec<_> = catalogue.routes().map(|route| route.id().index()).collect();
    /// assert_eq!(indices, [0, 1]);
    /// ```
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a route requires of its callers: a grant, nothing, or an external check.
///
/// Another kind needs a new major version: code that decides by it must decide about every kind, so
/// the enum is exhaustive.
///
/// ```
/// # use scopes_core::{Access, UntypedCatalogue, declaration::{BlockKind, Declaration}};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// declaration.block(BlockKind::Public("liveness probe".into())).route("GET", "/health");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let access: Vec<_> = catalogue.routes().map(|route| route.access()).collect();
/// assert_eq!(access, [Access::Scoped, Access::Public("liveness probe")]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access<'c> {
    /// A grant with the scopes of [`Route::requirement`].
    Scoped,
    /// No credentials, with the declared reason.
    Public(&'c str),
    /// A valid grant with any scopes, with the declared reason.
    Authenticated(&'c str),
    /// Something outside of this catalogue checks the caller, with the declared reason.
    External(&'c str),
}

impl Access<'_> {
    /// Whether a caller needs a valid grant, with or without a scope. The credentials of a request
    /// are checked only for such routes.
    ///
    /// ```
    /// use scopes_core::Access;
    /// assert!(Access::Scoped.needs_grant() && Access::Authenticated("who am I").needs_grant());
    /// assert!(!Access::Public("status page").needs_grant() && !Access::External("signed webhook").needs_grant());
    /// ```
    #[must_use]
    pub const fn needs_grant(self) -> bool {
        match self {
            Self::Scoped | Self::Authenticated(_) => true,
            Self::Public(_) | Self::External(_) => false,
        }
    }
}

/// How a route relates to the tenant.
///
/// Another relation needs a new major version: code that decides by it must decide about every
/// relation, so the enum is exhaustive.
///
/// ```
/// # use scopes_core::{Tenancy, UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.tenant = Some("account".into());
/// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// assert_eq!(catalogue.routes().next().unwrap().tenancy(), Tenancy::Bound);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenancy<'c> {
    /// The catalogue has no tenant, or the route is public or external, so that the caller needs no
    /// tenant.
    NotApplicable,
    /// The path names the tenant in one of its parameters.
    Bound,
    /// The route serves data that belongs to no tenant, with the declared reason.
    Global(&'c str),
    /// The handler compares the owner, with the declared reason.
    Unbound(&'c str),
}

/// One route of a catalogue: a method and a template with their demand.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.base = Some("/api".into());
/// declaration.scope("users.read").route("GET", "/users/{user}");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let route = catalogue.routes().next().unwrap();
/// assert_eq!(route.to_string(), "GET /api/users/{user}");
/// assert_eq!(route.requirement().display(&catalogue).to_string(), "users.read");
/// ```
#[derive(Clone, Copy)]
pub struct Route<'c> {
    catalogue: &'c UntypedCatalogue,
    id: RouteId,
}

impl<'c> Route<'c> {
    pub(crate) const fn new(catalogue: &'c UntypedCatalogue, id: RouteId) -> Self {
        Self { catalogue, id }
    }

    #[inline(always)]
    pub(crate) fn record(self) -> RouteRecord<'c> {
        const NONE: [u64; 8] = RouteFields::NONE.pack();
        RouteRecord(self.catalogue.parts.routes.get(usize::from(self.id.0)).unwrap_or(&NONE))
    }

    /// The catalogue that the route belongs to.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// // What a route demands, without the catalogue at hand.
    /// fn needs(route: scopes_core::Route<'_>) -> String {
    ///     route.requirement().display(route.catalogue()).to_string()
    /// }
    /// assert_eq!(needs(catalogue.routes().next().unwrap()), "users.read");
    /// ```
    #[must_use]
    pub const fn catalogue(self) -> &'c UntypedCatalogue {
        self.catalogue
    }

    /// The route's position in the catalogue.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.routes().next().unwrap();
    /// assert_eq!(catalogue.route_at(route.id()), Some(route));
    /// ```
    #[must_use]
    pub const fn id(self) -> RouteId {
        self.id
    }

    /// The route's method, such as `GET`.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.write").route("POST", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().method(), "POST");
    /// ```
    #[must_use]
    pub fn method(self) -> &'c str {
        self.catalogue.parts.methods.get(self.record().method()).map_or("", |&method| self.catalogue.text(method))
    }

    /// Whether the route can answer a request of a method: its own method, and `HEAD` if the
    /// route's method is `GET`.
    ///
    /// If another route of the same path has the method `HEAD`, that route answers instead.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.route_by_template("GET", "/users/{id}").unwrap();
    /// assert!(route.answers("GET") && route.answers("HEAD") && !route.answers("POST"));
    /// ```
    #[must_use]
    pub fn answers(self, method: &str) -> bool {
        method::answers(self.method(), method)
    }

    /// The path without the base, in brace form: `/environments/{environmentId}/users`.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users/:user");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().path(), "/users/{user}");
    /// ```
    #[must_use]
    pub fn path(self) -> &'c str {
        self.catalogue.text(self.record().path())
    }

    /// The path with the base. For the path `/` below a base, this is the base itself.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().template(), "/api/users");
    /// ```
    #[must_use]
    pub fn template(self) -> String {
        let mut template = String::from(self.catalogue.base());
        match self.path() {
            "/" if !template.is_empty() && !self.has_trailing_slash() => {}
            path => template.push_str(path),
        }
        template
    }

    /// The name given with `as`, or the derived name.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().name(), "get_users_by_user");
    /// ```
    #[must_use]
    pub fn name(self) -> &'c str {
        self.catalogue.text(self.record().name())
    }

    /// The route's description for humans, or an empty text.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// let scope = declaration.scope("users.read").route("GET", "/users");
    /// scope.routes[0].description = "Lists users.".into();
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().description(), "Lists users.");
    /// ```
    #[must_use]
    pub fn description(self) -> &'c str {
        self.catalogue.text(self.record().description())
    }

    /// Why the route is deprecated, if it is.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// let scope = declaration.scope("users.read").route("GET", "/people");
    /// scope.routes[0].deprecated = Some("use `/users`".into());
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().deprecated(), Some("use `/users`"));
    /// ```
    #[must_use]
    pub fn deprecated(self) -> Option<&'c str> {
        self.catalogue.optional_text(self.record().deprecated())
    }

    /// Why and when the route was declared deprecated, and what replaces it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::{Declaration, DeprecationDeclaration}};
    /// # let mut declaration = Declaration::new("api");
    /// let mut deprecated = DeprecationDeclaration::default();
    /// deprecated.sunset = Some("2027-05-01".into());
    /// let scope = declaration.scope("users.read").route("GET", "/people");
    /// scope.routes[0].deprecated = Some(deprecated);
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let deprecation = catalogue.routes().next().unwrap().deprecation().unwrap();
    /// assert_eq!(deprecation.sunset().unwrap().to_string(), "2027-05-01");
    /// ```
    #[must_use]
    pub fn deprecation(self) -> Option<Deprecation<'c>> {
        let schedule = layout::schedule_of(&self.catalogue.parts.deprecations, Deprecated::Route(self.id.0));
        self.deprecated().map(|reason| Deprecation::new(self.catalogue, reason, schedule))
    }

    /// The deprecation that concerns the route's clients: the route's own deprecation, or the
    /// deprecation of its scopes if only deprecated scopes open the route.
    ///
    /// If several alternatives open the route, all of them must be deprecated. The one that works
    /// longest decides.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// let old = declaration.scope("users.list");
    /// old.deprecated = Some("use `users.read`".into());
    /// old.route("GET", "/users").route("GET", "/people");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let of = |path| catalogue.route_by_template("GET", path).unwrap().effective_deprecation();
    /// assert!(of("/users").is_none(), "clients with `users.read` are not concerned");
    /// assert_eq!(of("/people").unwrap().reason(), "use `users.read`");
    /// ```
    #[must_use]
    pub fn effective_deprecation(self) -> Option<Deprecation<'c>> {
        self.deprecation().or_else(|| Deprecation::inherited(self))
    }

    /// Whether servers tell clients of the route's [deprecation](Self::effective_deprecation): it
    /// has a date or a successor.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn is_announced(self) -> bool {
        self.record().is_announced()
    }

    /// The anchor of the route on a page about the catalogue.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/v1".into());
    /// declaration.scope("users.read").route("GET", "/users/{id}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.routes().next().unwrap();
    /// assert_eq!(route.anchor().to_string(), "#GET-/v1/users/%7Bid%7D");
    /// ```
    #[must_use]
    pub fn anchor(self) -> Anchor {
        Anchor::of_route(self.method(), &self.template())
    }

    /// Whether the path ends in a slash. Requests must then have the slash, too.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// let scope = declaration.scope("files.read").route("GET", "/files/");
    /// scope.routes[0].trailing_slash = Some(scopes_core::declaration::Place::default());
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.routes().next().unwrap().has_trailing_slash());
    /// assert!(catalogue.at("GET", b"/files").is_err());
    /// ```
    #[must_use]
    pub fn has_trailing_slash(self) -> bool {
        self.record().has_trailing_slash()
    }

    #[inline]
    pub(crate) fn has_rest(self) -> bool {
        self.record().has_rest()
    }

    /// What a caller needs to call the route.
    ///
    /// ```
    /// # use scopes_core::{Access, UntypedCatalogue, declaration::{BlockKind, Declaration}};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.block(BlockKind::Authenticated("who am I".into())).route("GET", "/me");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().access(), Access::Authenticated("who am I"));
    /// ```
    #[inline]
    #[must_use]
    pub fn access(self) -> Access<'c> {
        let record = self.record();
        let reason = || self.catalogue.text(record.access_reason());
        match record.access() {
            AccessKind::Public => Access::Public(reason()),
            AccessKind::Authenticated => Access::Authenticated(reason()),
            AccessKind::External => Access::External(reason()),
            AccessKind::Scoped => Access::Scoped,
        }
    }

    /// How the route relates to the tenant.
    ///
    /// ```
    /// # use scopes_core::{Tenancy, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// // This catalogue has no tenant.
    /// assert_eq!(catalogue.routes().next().unwrap().tenancy(), Tenancy::NotApplicable);
    /// ```
    #[inline]
    #[must_use]
    pub fn tenancy(self) -> Tenancy<'c> {
        let record = self.record();
        let reason = || self.catalogue.text(record.tenancy_reason());
        match record.tenancy() {
            TenancyKind::NotApplicable => Tenancy::NotApplicable,
            TenancyKind::Bound => Tenancy::Bound,
            TenancyKind::Global => Tenancy::Global(reason()),
            TenancyKind::Unbound => Tenancy::Unbound(reason()),
        }
    }

    /// The [`tenancy`](Self::tenancy) of a route whose path does not name the tenant, for readers.
    /// `None` if the path names it, without tenants, and if the reason of an authenticated block
    /// says the same.
    ///
    /// ```
    /// use scopes_core::{Tenancy, UntypedCatalogue};
    /// use scopes_core::declaration::{At, Declaration, Place, TenancyDeclaration};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.tenant = Some("account".into());
    /// let events = declaration.scope("events.read").route("GET", "/event-types");
    /// let global = TenancyDeclaration::Global("the same for all".into());
    /// events.routes[0].tenancy = Some(At::new(global, Place::default()));
    /// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// let unusual = catalogue.routes().map(|route| route.unusual_tenancy());
    /// assert!(unusual.eq([Some(Tenancy::Global("the same for all")), None]));
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn unusual_tenancy(self) -> Option<Tenancy<'c>> {
        match self.tenancy() {
            // The reason of the block explains this already.
            Tenancy::Global(reason) if self.access() == Access::Authenticated(reason) => None,
            unusual @ (Tenancy::Global(_) | Tenancy::Unbound(_)) => Some(unusual),
            Tenancy::Bound | Tenancy::NotApplicable => None,
        }
    }

    /// The scopes that the route demands, as an OR of ANDs. Routes that are not scoped have no
    /// alternatives.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.at("GET", b"/users").unwrap().route().requirement();
    /// assert_eq!(needs.display(&catalogue).to_string(), "users.read");
    /// ```
    #[must_use]
    pub fn requirement(self) -> Alternatives<'c> {
        self.catalogue.alternatives(self.record().requirement())
    }

    /// Like `self.requirement().satisfied_by(words)`, for a scoped route. If the requirement is one
    /// scope, its numbers are not read.
    #[inline(always)]
    pub(crate) fn is_satisfied_by(self, record: RouteRecord<'_>, words: &[u64]) -> bool {
        match record.only_scope() {
            Some(only) => holds(words, ScopeId(only)),
            None => self.requirement_is_satisfied_by(words),
        }
    }

    #[inline(never)]
    fn requirement_is_satisfied_by(self, words: &[u64]) -> bool {
        self.requirement().satisfied_by(words)
    }

    /// The parameters of the path, from left to right.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("files.read").route("GET", "/users/{user}/files/{*path}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.routes().next().unwrap();
    /// assert!(route.parameters().map(|parameter| parameter.name()).eq(["user", "path"]));
    /// ```
    pub fn parameters(self) -> impl ExactSizeIterator<Item = Parameter<'c>> + Clone {
        let record = self.record();
        let (start, count) = (record.first_parameter(), record.parameter_count());
        let records = self.catalogue.parts.parameters.get(start..start.saturating_add(count)).unwrap_or(&[]);
        records.iter().map(move |record| self.unpacked(record))
    }

    /// The parameter that names the tenant, if the path has it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.tenant = Some("account".into());
    /// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let parameter = catalogue.routes().next().unwrap().tenant_parameter().unwrap();
    /// assert_eq!((parameter.name(), parameter.segment()), ("account", 1));
    /// ```
    #[inline]
    #[must_use]
    pub fn tenant_parameter(self) -> Option<Parameter<'c>> {
        let record = self.record();
        self.parameter(record.first_parameter().checked_add(usize::from(record.tenant_parameter()?))?)
    }

    #[inline]
    fn parameter(self, index: usize) -> Option<Parameter<'c>> {
        self.catalogue.parts.parameters.get(index).map(|record| self.unpacked(record))
    }

    #[inline(always)]
    fn unpacked(self, record: &[u64; 2]) -> Parameter<'c> {
        let fields = ParameterFields::unpack(record);
        Parameter::new(self.catalogue.text(fields.name), &fields)
    }

    /// The number of segments of the path, without the base.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().segments(), 2);
    /// ```
    #[must_use]
    pub fn segments(self) -> usize {
        self.record().segments()
    }

    /// Whether a template is the route's path; the names of parameters do not matter.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.route_by_template("GET", "/users/{id}").unwrap();
    /// assert!(route.has_shape("/users/{name}"));
    /// assert!(!route.has_shape("/users/{*rest}") && !route.has_shape("/users/me"));
    /// ```
    #[doc(hidden)]
    #[must_use]
    pub fn has_shape(self, template: &str) -> bool {
        self.path() == template || shape(self.path()).eq(shape(template))
    }

    /// Matches this route with a path for which a framework's router has chosen it. Parameters are
    /// found by *position*, whatever their names in the router.
    ///
    /// `path` is the raw path below the base. `None` if its number of segments does not fit the
    /// route.
    #[doc(hidden)]
    #[must_use]
    pub fn at_path<'t>(self, path: &'t [u8]) -> Option<RouteMatch<'c, 't>> {
        let rest = self.has_rest();
        let (ends, count, slash) = SegmentEnds::split(path)?;
        let fits = if rest {
            count >= self.segments()
        } else {
            count == self.segments() && (count == 0 || slash == self.has_trailing_slash())
        };
        fits.then_some(RouteMatch::new(self, path, ends, false))
    }
}

impl PartialEq for Route<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && core::ptr::eq(self.catalogue, other.catalogue)
    }
}

impl Eq for Route<'_> {}

/// Equal routes have equal hashes: the hash uses the catalogue's address and the id.
impl Hash for Route<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        core::ptr::from_ref(self.catalogue).hash(state);
        self.id.hash(state);
    }
}

impl fmt::Debug for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Route({self})")
    }
}

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.template())
    }
}

/// Why a request has no route.
///
/// ```
/// # use scopes_core::{NoRoute, UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// assert_eq!(catalogue.at("GET", b"/metrics").unwrap_err(), NoRoute::NotFound);
/// let refused = catalogue.at("DELETE", b"/users").unwrap_err();
/// assert!(matches!(refused, NoRoute::MethodNotAllowed(allowed) if allowed.len() == 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoRoute {
    /// The target breaks one of the rules G1 to G5: 400.
    Malformed(Malformation),
    /// The target is longer than the limit: 414.
    TooLong,
    /// No template matches the path: 404.
    NotFound,
    /// Templates match, but none of them with this method: 405 with these methods in `Allow`.
    MethodNotAllowed(MethodSet),
}

impl fmt::Display for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(malformation) => malformation.fmt(f),
            Self::TooLong => f.write_str("the request target is too long"),
            Self::NotFound => f.write_str("no route matches"),
            Self::MethodNotAllowed(_) => f.write_str("the route does not have this method"),
        }
    }
}

impl core::error::Error for NoRoute {}
