//! Declarations before they are checked: the input of the compiler.
//!
//! A front end (the macro, the JSON reader, a test) fills a [`Declaration`] and keeps the meaning
//! of each [`Place`], so that an error can be shown at its place.
//!
//! Declarations are records with public fields: the compiler judges them, so every value is allowed
//! here. They are `#[non_exhaustive]`, because the language grows: make them with `new` and set the
//! fields that you need.

use alloc::string::String;
use alloc::vec::Vec;

pub use crate::notation::Notation;

/// The place of a part of a declaration: an index that the front end can resolve, for example to a
/// token or a JSON pointer.
///
/// Errors are sorted by their places. The default place, 0, stands for the declaration as a whole.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{At, Declaration, Place, RouteDeclaration}};
///
/// // A front end numbers what it reads, here lines.
/// let method = At::new("GET".to_owned(), Place::new(7));
/// let path = At::new("/users//me".to_owned(), Place::new(7));
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").routes.push(RouteDeclaration::at(method, path));
/// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
/// assert_eq!(errors.as_slice()[0].place().index(), 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place(pub(crate) u32);

impl Place {
    /// Makes the place with this index.
    ///
    /// ```
    /// use scopes_core::declaration::Place;
    /// assert!(Place::new(3) < Place::new(4));
    /// ```
    #[must_use]
    pub const fn new(index: u32) -> Self {
        Self(index)
    }

    /// The index from which the place was made.
    ///
    /// ```
    /// use scopes_core::declaration::Place;
    /// let pointers = ["/scopes/0", "/scopes/0/routes/0"];
    /// assert_eq!(pointers[Place::new(1).index() as usize], "/scopes/0/routes/0");
    /// ```
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// A value and the place where it was written. It is not `#[non_exhaustive]`, because it will never
/// hold anything else.
///
/// ```
/// use scopes_core::declaration::{At, Place};
///
/// let written = At { value: "users.read".to_owned(), place: Place::new(4) };
/// assert_eq!(written.place.index(), 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct At<T> {
    /// The part itself, such as a name.
    pub value: T,
    /// Where the part was written, for error messages.
    pub place: Place,
}

impl<T> At<T> {
    /// Pairs a value with its place.
    ///
    /// ```
    /// use scopes_core::declaration::{At, Place};
    /// assert_eq!(At::from("users.read"), At::new("users.read".to_owned(), Place::default()));
    /// ```
    pub const fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

/// Places the text at the default place.
impl From<&str> for At<String> {
    fn from(value: &str) -> Self {
        Self::new(value.into(), Place::default())
    }
}

/// A whole catalogue as it was written, before it is compiled.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
///
/// let mut declaration = Declaration::new("api");
/// declaration.base = Some("/v1".into());
/// declaration.tenant = Some("account".into());
/// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
/// declaration.block(BlockKind::Public("liveness probe".into())).route("GET", "/health");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(catalogue.routes().len(), 2);
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Declaration {
    /// The module's name, such as `api`.
    pub name: String,
    /// The purpose of the catalogue as a whole.
    pub description: String,
    /// The path below which all routes are.
    pub base: Option<At<String>>,
    /// The parameter that names the tenant.
    pub tenant: Option<At<String>>,
    /// Whether overlaps with different requirements are errors.
    pub strict: bool,
    /// Whether the declaration has `routes;`: the names of routes become fields and must differ.
    /// Without it, derived names that collide are numbered.
    pub routes: bool,
    /// The notation in which the catalogue was written.
    pub notation: Notation,
    /// Scopes and blocks in the order written.
    pub items: Vec<Item>,
}

/// A scope or a block of routes without a scope of its own.
///
/// ```
/// use scopes_core::declaration::{Declaration, Item};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read");
/// let Item::Scope(scope) = &declaration.items[0] else { panic!() };
/// assert_eq!(scope.name.value, "users.read");
/// ```
#[allow(clippy::large_enum_variant, reason = "most items are scopes")]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Item {
    /// A scope with its routes: `environment.users.read { .. }`.
    Scope(ScopeDeclaration),
    /// Routes that do not belong to one scope: `all(..) { .. }`, `public("..") { .. }` and so on.
    Block(BlockDeclaration),
}

/// One scope as it was written, before it is compiled.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
///
/// let mut declaration = Declaration::new("api");
/// let scope = declaration.scope("users.read");
/// scope.description = "Read users.".into();
/// scope.route("GET", "/users").route("GET", "/users/{user}");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(catalogue.scopes().next().unwrap().routes().count(), 2);
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScopeDeclaration {
    /// The wire name, which is the name in tokens.
    pub name: At<String>,
    /// The dotted name, if it was written (`"legacy:status" as legacy.status`). Otherwise it is
    /// derived.
    pub dotted: Option<At<String>>,
    /// The patterns after `includes`, such as `*.read`.
    pub includes: Vec<At<String>>,
    /// The old wire names, from `#[was("users.view")]`: tokens may still contain them.
    pub was: Vec<At<String>>,
    /// The title for humans, one line.
    pub title: Option<At<String>>,
    /// The description for humans, or an empty text.
    pub description: String,
    /// Why and when the scope is deprecated, if it is.
    pub deprecated: Option<DeprecationDeclaration>,
    /// `#[global]` or `#[unbound]`, for the routes here that lack the tenant's parameter.
    pub tenancy: Option<At<TenancyDeclaration>>,
    /// The routes in the order in which they were written.
    pub routes: Vec<RouteDeclaration>,
}

/// A deprecation as it was written: `#[deprecated(since = "2026-11-01", use = other.scope)]`.
///
/// A text alone becomes the reason:
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{Declaration, DeprecationDeclaration}};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.list").deprecated = Some("use `users.read`".into());
/// let mut dated = DeprecationDeclaration::default();
/// dated.since = Some("2026-11-01".into());
/// dated.sunset = Some("2026-10-01".into());
/// declaration.scope("users.find").deprecated = Some(dated);
/// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
/// assert_eq!(errors.as_slice().len(), 1, "the sunset comes before the deprecation");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct DeprecationDeclaration {
    /// The reason for humans, or an empty text.
    pub reason: String,
    /// The day from which the scope or route is deprecated, such as `2026-11-01`.
    pub since: Option<At<String>>,
    /// The day from which the scope or route may stop working, such as `2027-05-01`.
    pub sunset: Option<At<String>>,
    /// The name of the scope to use instead.
    pub successor: Option<At<String>>,
}

/// A deprecation without dates.
impl From<&str> for DeprecationDeclaration {
    fn from(reason: &str) -> Self {
        String::from(reason).into()
    }
}

/// A deprecation without dates.
impl From<String> for DeprecationDeclaration {
    fn from(reason: String) -> Self {
        Self { reason, ..Self::default() }
    }
}

/// Routes that do not belong to one scope.
///
/// ```
/// use scopes_core::{Access, UntypedCatalogue, declaration::{BlockKind, Declaration}};
///
/// let mut declaration = Declaration::new("api");
/// let block = declaration.block(BlockKind::Authenticated("who am I".into()));
/// block.route("GET", "/me");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(catalogue.routes().next().unwrap().access(), Access::Authenticated("who am I"));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BlockDeclaration {
    /// What the block demands of the caller.
    pub kind: BlockKind,
    /// The place of the block's first word.
    pub place: Place,
    /// `#[global]` or `#[unbound]`, for the routes here that lack the tenant's parameter.
    pub tenancy: Option<At<TenancyDeclaration>>,
    /// The routes in the order in which they were written.
    pub routes: Vec<RouteDeclaration>,
}

/// The demand of a block on the caller.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read");
/// declaration.scope("mail.send");
/// let both = BlockKind::All(vec!["users.read".into(), "mail.send".into()]);
/// declaration.block(both).route("POST", "/newsletters");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let needs = catalogue.routes().next().unwrap().requirement();
/// assert_eq!(needs.display(&catalogue).to_string(), "mail.send users.read");
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BlockKind {
    /// The caller needs every one of these scopes.
    All(Vec<At<String>>),
    /// The caller needs nothing. Holds the declared reason.
    Public(At<String>),
    /// The caller needs a valid grant, but no scope. Holds the declared reason.
    Authenticated(At<String>),
    /// A check outside of this catalogue decides. Holds the declared reason.
    External(At<String>),
}

/// The reason why a route does not have the tenant's parameter.
///
/// ```
/// use scopes_core::declaration::{At, Declaration, Place, TenancyDeclaration};
/// use scopes_core::{Tenancy, UntypedCatalogue};
///
/// let mut declaration = Declaration::new("api");
/// declaration.tenant = Some("account".into());
/// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
/// let scope = declaration.scope("events.read").route("GET", "/event-types");
/// let global = TenancyDeclaration::Global("the same for all".into());
/// scope.routes[0].tenancy = Some(At::new(global, Place::default()));
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let route = catalogue.route_by_template("GET", "/event-types").unwrap();
/// assert_eq!(route.tenancy(), Tenancy::Global("the same for all"));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TenancyDeclaration {
    /// `#[global("..")]`: the data belongs to no tenant.
    Global(String),
    /// `#[unbound("..")]`: the handler compares the owner.
    Unbound(String),
}

/// One route as it was written, before it is compiled.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{Declaration, RouteDeclaration}};
///
/// let mut route = RouteDeclaration::new("GET", "/users/{user}");
/// route.name = Some("show_user".into());
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").routes.push(route);
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(catalogue.routes().next().unwrap().name(), "show_user");
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RouteDeclaration {
    /// The method as it was written, such as `GET`.
    pub method: At<String>,
    /// Whether the method was written as a string. Only methods outside RFC 9110 and RFC 5789 need
    /// that.
    pub method_quoted: bool,
    /// The text of the enclosing `under`, if any.
    pub under: Option<At<String>>,
    /// The path as written, without `under` and base.
    pub path: At<String>,
    /// The route's name, from `as name`.
    pub name: Option<At<String>>,
    /// The description for humans, or an empty text.
    pub description: String,
    /// Why and when the route is deprecated, if it is.
    pub deprecated: Option<DeprecationDeclaration>,
    /// From `#[global]` or `#[unbound]`: the relation of a route without the tenant's parameter to
    /// the tenant.
    pub tenancy: Option<At<TenancyDeclaration>>,
    /// From `#[raw(name)]`: parameters whose values may break the strict rules, such as `%2F` and
    /// line breaks.
    pub raw: Vec<At<String>>,
    /// The place of `#[trailing_slash]`, which permits a slash at the path's end.
    pub trailing_slash: Option<Place>,
    /// From `#[overlaps("why")]`: one reason for each route that wins over this one on some path,
    /// although neither route matches all paths of the other. Only a strict catalogue needs them.
    pub overlaps: Vec<At<String>>,
}

impl Declaration {
    /// Makes an empty declaration of a catalogue with this name.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// let empty = UntypedCatalogue::from_declaration(&Declaration::new("api"))?;
    /// assert_eq!((empty.name(), empty.routes().len()), ("api", 0));
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds a scope. A short form for tests and tools that need no places.
    ///
    /// ```
    /// # use scopes_core::declaration::Declaration;
    /// let mut declaration = Declaration::new("api");
    /// let scope = declaration.scope("users.read").route("GET", "/users");
    /// assert_eq!(scope.routes.len(), 1);
    /// ```
    pub fn scope(&mut self, name: &str) -> &mut ScopeDeclaration {
        self.items.push(Item::Scope(ScopeDeclaration::new(name)));
        match self.items.last_mut() {
            Some(Item::Scope(scope)) => scope,
            _ => unreachable!("a scope was pushed"),
        }
    }

    /// Adds a block. A short form for tests and tools that need no places.
    ///
    /// ```
    /// # use scopes_core::declaration::{BlockKind, Declaration};
    /// let mut declaration = Declaration::new("api");
    /// let block = declaration.block(BlockKind::External("signed webhook".into()));
    /// assert_eq!(block.route("POST", "/webhook").routes.len(), 1);
    /// ```
    pub fn block(&mut self, kind: BlockKind) -> &mut BlockDeclaration {
        self.items.push(Item::Block(BlockDeclaration::new(kind, Place::default())));
        match self.items.last_mut() {
            Some(Item::Block(block)) => block,
            _ => unreachable!("a block was pushed"),
        }
    }
}

impl ScopeDeclaration {
    /// Makes a declaration of a scope without routes.
    ///
    /// ```
    /// use scopes_core::declaration::{At, Place, ScopeDeclaration};
    /// let scope = ScopeDeclaration::new(At::new("users.read".to_owned(), Place::new(2)));
    /// assert_eq!((scope.name.place.index(), scope.routes.len()), (2, 0));
    /// ```
    #[must_use]
    pub fn new(name: impl Into<At<String>>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds a route with this method and path.
    ///
    /// ```
    /// use scopes_core::declaration::ScopeDeclaration;
    /// let mut scope = ScopeDeclaration::new("users.read");
    /// scope.route("GET", "/users").route("GET", "/users/{user}");
    /// assert_eq!(scope.routes[1].path.value, "/users/{user}");
    /// ```
    pub fn route(&mut self, method: &str, path: &str) -> &mut Self {
        self.routes.push(RouteDeclaration::new(method, path));
        self
    }

    /// Adds a pattern of names that the scope includes.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("all.read").including("*.read");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scopes().last().unwrap().members().len(), 1);
    /// ```
    pub fn including(&mut self, pattern: &str) -> &mut Self {
        self.includes.push(pattern.into());
        self
    }
}

impl BlockDeclaration {
    /// Makes a block without routes. `place` is the place of its first word.
    ///
    /// ```
    /// use scopes_core::declaration::{BlockDeclaration, BlockKind, Place};
    /// let public = BlockKind::Public("liveness probe".into());
    /// let block = BlockDeclaration::new(public, Place::new(9));
    /// assert_eq!((block.place.index(), block.routes.len()), (9, 0));
    /// ```
    #[must_use]
    pub const fn new(kind: BlockKind, place: Place) -> Self {
        Self { kind, place, tenancy: None, routes: Vec::new() }
    }

    /// Adds a route with this method and path.
    ///
    /// ```
    /// use scopes_core::declaration::{BlockDeclaration, BlockKind, Place};
    /// let public = BlockKind::Public("liveness probe".into());
    /// let mut block = BlockDeclaration::new(public, Place::default());
    /// block.route("GET", "/health").route("GET", "/ready");
    /// assert_eq!(block.routes.len(), 2);
    /// ```
    pub fn route(&mut self, method: &str, path: &str) -> &mut Self {
        self.routes.push(RouteDeclaration::new(method, path));
        self
    }
}

impl RouteDeclaration {
    /// Makes a declaration of a route with a method and a path.
    ///
    /// ```
    /// use scopes_core::declaration::RouteDeclaration;
    /// let route = RouteDeclaration::new("GET", "/users");
    /// assert_eq!((&*route.method.value, &*route.path.value), ("GET", "/users"));
    /// ```
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self::at(method.into(), path.into())
    }

    /// Like [`new`](Self::new), but with the places of the method and the path.
    ///
    /// ```
    /// use scopes_core::declaration::{At, Place, RouteDeclaration};
    /// let path = At::new("/users".to_owned(), Place::new(5));
    /// assert_eq!(RouteDeclaration::at("GET".into(), path).path.place.index(), 5);
    /// ```
    #[must_use]
    pub fn at(method: At<String>, path: At<String>) -> Self {
        Self { method, method_quoted: true, path, ..Self::default() }
    }
}
