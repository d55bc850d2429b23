//! The compiled catalogue: one text pool and a few tables of numbers, static or owned.
//!
//! `scopes!` prints these tables as constants; [`UntypedCatalogue::from_declaration`] builds them
//! on the heap. The same code makes both: [`compile`](crate::compile). All text is a slice of the
//! pool, read through views ([`ScopeInfo`], [`Route`]).

use alloc::borrow::Cow;
use core::fmt;

use crate::anchor::Anchor;
use crate::deprecation::Deprecation;
use crate::hash;
use crate::layout::{self, Deprecated, NO_COLUMN, NO_TEXT, ScopeFields, ScopeRecord, StandardColumns, Text};
use crate::matcher::{Column, Tables};
use crate::method::standard_shift;
use crate::requirement::Alternatives;
use crate::route::{Route, RouteId};
use crate::scope::ScopeId;

/// The numbers of a catalogue, packed in the layout of the core's `layout`.
/// [`compile`](crate::compile) builds them and `scopes!` prints them. Do not write them by hand.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The text pool, which has each distinct piece once.
    pub text: Cow<'static, str>,
    /// The catalogue's name, description, base path (no trailing slash, empty for none) and tenant
    /// parameter (or `NO_TEXT`); then the columns of the standard methods.
    pub head: [u64; 5],
    /// A packed record for each scope, in declaration order.
    pub scopes: Cow<'static, [[u64; 6]]>,
    /// A packed record for each route, in declaration order.
    pub routes: Cow<'static, [[u64; 8]]>,
    /// A record for each parameter. The records of one route stand together.
    pub parameters: Cow<'static, [[u64; 2]]>,
    /// The methods' names, in the order of their columns.
    pub methods: Cow<'static, [u64]>,
    /// Pool of 16-bit numbers: requirements (count, then per alternative its length and its scope
    /// ids) and closures.
    pub numbers: Cow<'static, [u16]>,
    /// A table from the hashes of wire names to scopes, and then to the old names: see `hash`.
    pub names: Cow<'static, [u16]>,
    /// The old names of scopes, in declaration order.
    pub old_names: Cow<'static, [[u64; 2]]>,
    /// The titles of scopes, in declaration order.
    pub titles: Cow<'static, [[u64; 2]]>,
    /// The dates and successors of deprecated scopes and routes.
    pub deprecations: Cow<'static, [[u64; 2]]>,
    /// Whether there are any of these. A byte of its own, because each request asks for it.
    pub announces: bool,
    /// A sorted table from the hashes of method and shape to routes.
    pub shapes: Cow<'static, [u64]>,
    /// The automaton that finds the route of a request.
    pub tables: Tables,
}

/// All scopes and routes of one API, compiled. Finds the route of a request and its demands.
///
/// Two catalogues are equal if their declarations are equal, wherever they were compiled.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users").route("GET", "/users/{user}");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
///
/// let found = catalogue.at("GET", b"/users/ada?full=1")?;
/// assert_eq!(found.route().path(), "/users/{user}");
/// assert_eq!(found.parameter("user").as_deref(), Some("ada"));
/// assert_eq!(found.route().requirement().display(&catalogue).to_string(), "users.read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntypedCatalogue {
    pub(crate) parts: Parts,
}

/// A set of methods of one catalogue. [`UntypedCatalogue::method_names`] gives their names.
///
/// ```
/// # use scopes_core::{NoRoute, UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// declaration.scope("users.write").route("POST", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let Err(NoRoute::MethodNotAllowed(allowed)) = catalogue.at("PUT", b"/users") else { panic!() };
/// let allow: Vec<_> = catalogue.method_names(allowed).collect();
/// assert_eq!(allow.join(", "), "GET, POST, HEAD");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct MethodSet(pub(crate) u64);

/// A method of one catalogue, made by [`UntypedCatalogue::method_id`] once for many requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodId(pub(crate) Column);

impl MethodSet {
    /// Whether no method is in the set.
    ///
    /// ```
    /// assert!(scopes_core::MethodSet::default().is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The number of methods in the set.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether a method of the same catalogue is in the set.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, NoRoute, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read").route("GET", "/users/{id}").route("PUT", "/users/{id}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let Err(NoRoute::MethodNotAllowed(allowed)) = catalogue.at("POST", b"/users/7") else { panic!() };
    /// assert!(allowed.contains(catalogue.method_id("HEAD")) && !allowed.contains(catalogue.method_id("POST")));
    /// let names: Vec<_> = allowed.into_iter().filter_map(|method| catalogue.method_name(method)).collect();
    /// assert_eq!(names, ["GET", "PUT", "HEAD"]);
    /// ```
    #[must_use]
    pub const fn contains(self, method: MethodId) -> bool {
        let MethodId(Column(column)) = method;
        column < 64 && self.0 >> column & 1 == 1
    }
}

impl IntoIterator for MethodSet {
    type Item = MethodId;
    type IntoIter = MethodSetIter;

    fn into_iter(self) -> MethodSetIter {
        MethodSetIter(self.0)
    }
}

/// Iterates over the methods of a [`MethodSet`].
#[derive(Clone, Debug)]
pub struct MethodSetIter(u64);

impl Iterator for MethodSetIter {
    type Item = MethodId;

    fn next(&mut self) -> Option<MethodId> {
        let column = self.0.trailing_zeros() as usize;
        self.0 &= self.0.wrapping_sub(1);
        (column < 64).then_some(MethodId(Column(column)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.0.count_ones() as usize;
        (count, Some(count))
    }
}

impl ExactSizeIterator for MethodSetIter {}

impl UntypedCatalogue {
    /// Makes a catalogue from the compiler's tables. The code that `scopes!` generates calls it.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_parts(parts: Parts) -> Self {
        Self { parts }
    }

    /// The tables, for the macro that prints them.
    #[doc(hidden)]
    #[must_use]
    pub const fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Whether some deprecation has a date or a successor, so that some answers may announce it.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub const fn has_announcements(&self) -> bool {
        self.parts.announces
    }

    /// A slice of the pool; empty for a text that the pool does not have.
    pub(crate) fn text(&self, text: Text) -> &str {
        let start = layout::start_of(text);
        self.parts.text.get(start..start.saturating_add(layout::length_of(text))).unwrap_or("")
    }

    /// The bytes of [`text`](Self::text).
    #[inline(always)]
    pub(crate) fn bytes(&self, text: Text) -> &[u8] {
        // Not `layout::bytes_of`: reading the pool before the length costs five instructions for
        // each look-up.
        if layout::length_of(text) == 0 {
            return &[];
        }
        let start = layout::start_of(text);
        self.parts.text.as_bytes().get(start..start.saturating_add(layout::length_of(text))).unwrap_or(&[])
    }

    pub(crate) fn optional_text(&self, text: Text) -> Option<&str> {
        (text != NO_TEXT).then(|| self.text(text))
    }

    /// The module's name, such as `api`.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.name(), "api");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.text(self.parts.head[0])
    }

    /// The purpose of the catalogue as a whole.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// let mut declaration = Declaration::new("api");
    /// declaration.description = "What a token of this API may do.".into();
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// assert_eq!(catalogue.description(), "What a token of this API may do.");
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn description(&self) -> &str {
        self.text(self.parts.head[1])
    }

    /// The path below which all routes are, such as `/api/v0`, or an empty text.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api/v0".into());
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.base(), "/api/v0");
    /// assert!(catalogue.at("GET", b"/api/v0/users").is_ok());
    /// ```
    #[must_use]
    #[inline]
    pub fn base(&self) -> &str {
        self.text(self.parts.head[2])
    }

    /// The parameter that names the tenant.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.tenant = Some("account".into());
    /// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.tenant(), Some("account"));
    /// ```
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.optional_text(self.parts.head[3])
    }

    /// Iterates over all scopes, in declaration order.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write").route("POST", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let names: Vec<_> = catalogue.scopes().map(|scope| scope.name()).collect();
    /// assert_eq!(names, ["users.read", "users.write"]);
    /// ```
    pub fn scopes(&self) -> impl ExactSizeIterator<Item = ScopeInfo<'_>> + Clone {
        (0..self.parts.scopes.len()).map(|index| ScopeInfo { catalogue: self, id: ScopeId(index as u16) })
    }

    /// The scope at a position, or `None` if the catalogue has fewer scopes.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.routes().next().unwrap();
    /// let id = route.requirement().least().unwrap().ids().next().unwrap();
    /// assert_eq!(catalogue.scope(id).unwrap().name(), "users.read");
    /// ```
    #[must_use]
    pub fn scope(&self, id: ScopeId) -> Option<ScopeInfo<'_>> {
        (usize::from(id.0) < self.parts.scopes.len()).then_some(ScopeInfo { catalogue: self, id })
    }

    /// What was declared about a scope of this catalogue; nothing for any other id. For the code
    /// that `scopes!` generates.
    #[doc(hidden)]
    #[must_use]
    pub const fn info(&self, id: ScopeId) -> ScopeInfo<'_> {
        ScopeInfo { catalogue: self, id }
    }

    /// The scope with this wire name. Names are compared byte by byte, without case folding.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scope_named("users.read").map(|id| id.index()), Some(0));
    /// assert_eq!(catalogue.scope_named("Users.Read"), None);
    /// ```
    #[must_use]
    pub fn scope_named(&self, wire_name: &str) -> Option<ScopeId> {
        let is_it = |record: &[u64; 6]| self.bytes(ScopeRecord(record).name()) == wire_name.as_bytes();
        if self.parts.names.is_empty() {
            // No table was found for these names. The linear search is slower, but correct.
            return self.parts.scopes.iter().position(is_it).map(|index| ScopeId(index as u16));
        }
        let index = hash::candidate(&self.parts.names, wire_name.as_bytes())?;
        self.parts.scopes.get(usize::from(index)).is_some_and(is_it).then_some(ScopeId(index))
    }

    /// The scope that had this wire name before it was renamed, from `#[was(..)]`. Tokens with the
    /// old name still hold the scope. Names of today are not found.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").was.push("users.view".into());
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let renamed = catalogue.scope_once_named("users.view").unwrap();
    /// assert_eq!(catalogue.scope(renamed).unwrap().name(), "users.read");
    /// assert_eq!(catalogue.scope_named("users.view"), None);
    /// assert_eq!(catalogue.scope_once_named("users.read"), None);
    /// ```
    #[must_use]
    pub fn scope_once_named(&self, wire_name: &str) -> Option<ScopeId> {
        self.old_name(wire_name).map(|(scope, _)| scope)
    }

    /// The scope that had this wire name, and the name as the catalogue has it.
    pub(crate) fn old_name(&self, wire_name: &str) -> Option<(ScopeId, &str)> {
        let old_names = &*self.parts.old_names;
        let found = if self.parts.names.is_empty() {
            old_names.iter().find(|entry| self.text(layout::scope_and_text(**entry).1) == wire_name)
        } else if old_names.is_empty() {
            None
        } else {
            let index = hash::candidate(&self.parts.names, wire_name.as_bytes())?;
            old_names.get(usize::from(index).checked_sub(self.parts.scopes.len())?)
        };
        let (scope, text) = layout::scope_and_text(*found?);
        let name = self.text(text);
        (name == wire_name).then_some((ScopeId(scope), name))
    }

    /// Iterates over all routes. Scoped ones come in the order in which they are first written.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write").route("POST", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let routes: Vec<_> = catalogue.routes().map(|route| route.to_string()).collect();
    /// assert_eq!(routes, ["GET /users", "POST /users"]);
    /// ```
    pub fn routes(&self) -> impl ExactSizeIterator<Item = Route<'_>> + Clone {
        (0..self.parts.routes.len()).map(|index| Route::new(self, RouteId(index as u16)))
    }

    /// The route at a position, or `None` if the catalogue has fewer routes.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let id = catalogue.at("GET", b"/users").unwrap().route().id();
    /// assert_eq!(catalogue.route_at(id).unwrap().path(), "/users");
    /// ```
    #[must_use]
    pub fn route_at(&self, id: RouteId) -> Option<Route<'_>> {
        (usize::from(id.0) < self.parts.routes.len()).then(|| Route::new(self, id))
    }

    /// The methods of all routes. If `GET` is one of them, so is `HEAD`.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write").route("DELETE", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let mut methods: Vec<_> = catalogue.methods().collect();
    /// methods.sort();
    /// assert_eq!(methods, ["DELETE", "GET", "HEAD"]);
    /// ```
    pub fn methods(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.parts.methods.iter().map(|&method| self.text(method))
    }

    /// The names of the methods in a set, such as for `Allow`: `GET, HEAD, POST`.
    ///
    /// ```
    /// # use scopes_core::{NoRoute, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let refused = catalogue.at("POST", b"/users").unwrap_err();
    /// let NoRoute::MethodNotAllowed(allowed) = refused else { panic!() };
    /// assert!(catalogue.method_names(allowed).eq(["GET", "HEAD"]));
    /// ```
    pub fn method_names(&self, set: MethodSet) -> impl Iterator<Item = &str> + Clone {
        set.into_iter().filter_map(|method| self.method_name(method))
    }

    /// The name of a method of this catalogue, or `None` if no route has the method.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.method_name(catalogue.method_id("HEAD")), Some("HEAD"));
    /// assert_eq!(catalogue.method_name(catalogue.method_id("PATCH")), None);
    /// ```
    #[must_use]
    pub fn method_name(&self, method: MethodId) -> Option<&str> {
        let MethodId(Column(column)) = method;
        self.parts.methods.get(column).map(|&method| self.text(method))
    }

    /// The id of the method with this name, also if no route has it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let get = catalogue.method_id("GET");
    /// for path in ["/users/1", "/users/2"] {
    ///     assert!(catalogue.match_path(get, path.as_bytes()).is_ok());
    /// }
    /// ```
    #[must_use]
    pub fn method_id(&self, method: &str) -> MethodId {
        MethodId(self.method_column(method))
    }

    pub(crate) fn method_column(&self, method: &str) -> Column {
        self.methods().position(|name| name == method).map_or(Column::NONE, Column)
    }

    /// The column of a standard method.
    #[inline(always)]
    pub(crate) fn standard_column(&self, method: &str) -> Option<Column> {
        let column = StandardColumns(self.parts.head[4]).get(standard_shift(method)?);
        Some(if column == NO_COLUMN { Column::NONE } else { Column(usize::from(column)) })
    }

    /// Adds the included scopes to a set of scopes, which is given as bits.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("all.read").including("*.read");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let mut words = [0b10];
    /// catalogue.close(&mut words);
    /// assert_eq!(words, [0b11]);
    /// ```
    pub fn close(&self, words: &mut [u64]) {
        for (index, record) in self.parts.scopes.iter().enumerate() {
            let record = ScopeRecord(record);
            if record.member_count() == 0 || words.get(index / 64).is_none_or(|word| word >> (index % 64) & 1 == 0) {
                continue;
            }
            for &member in self.members_of(record) {
                if let Some(word) = words.get_mut(usize::from(member) / 64) {
                    *word |= 1 << (member % 64);
                }
            }
        }
    }

    fn members_of(&self, record: ScopeRecord<'_>) -> &[u16] {
        let start = record.first_member();
        self.parts.numbers.get(start..start.saturating_add(record.member_count())).unwrap_or(&[])
    }

    pub(crate) fn alternatives(&self, offset: u32) -> Alternatives<'_> {
        Alternatives::new(self.parts.numbers.get(offset as usize..).unwrap_or(&[]))
    }
}

/// One scope of a catalogue, with everything that was declared about it.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// declaration.scope("all.read").including("*.read");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// for scope in catalogue.scopes() {
///     println!("{}: {} routes", scope.name(), scope.routes().count());
/// }
/// # let all = catalogue.scope(catalogue.scope_named("all.read").unwrap()).unwrap();
/// assert_eq!(all.members().len(), 1);
/// ```
#[derive(Clone, Copy)]
pub struct ScopeInfo<'c> {
    catalogue: &'c UntypedCatalogue,
    id: ScopeId,
}

impl<'c> ScopeInfo<'c> {
    fn record(self) -> ScopeRecord<'c> {
        const NONE: [u64; 6] = ScopeFields::NONE.pack();
        ScopeRecord(self.catalogue.parts.scopes.get(usize::from(self.id.0)).unwrap_or(&NONE))
    }

    /// The scope's position in declaration order.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let scope = catalogue.scopes().next().unwrap();
    /// assert_eq!(catalogue.scope_named("users.read"), Some(scope.id()));
    /// ```
    #[must_use]
    pub const fn id(self) -> ScopeId {
        self.id
    }

    /// The wire name, such as `environment.users.read`.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("legacy:status").route("GET", "/status");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scopes().next().unwrap().name(), "legacy:status");
    /// ```
    #[must_use]
    pub fn name(self) -> &'c str {
        self.catalogue.text(self.record().name())
    }

    /// The name that `#[requires]` takes. It equals the wire name, unless the scope was declared as
    /// a string.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("legacy:status").route("GET", "/status");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scopes().next().unwrap().dotted(), "legacy.status");
    /// ```
    #[must_use]
    pub fn dotted(self) -> &'c str {
        self.catalogue.text(self.record().dotted())
    }

    /// The scope's description for humans, or an empty text.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// let users = declaration.scope("users.read");
    /// users.description = "Read users.".into();
    /// users.route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scopes().next().unwrap().description(), "Read users.");
    /// ```
    #[must_use]
    pub fn description(self) -> &'c str {
        self.catalogue.text(self.record().description())
    }

    /// The wire names that the scope had before, in declaration order. Tokens may still contain
    /// them: they parse to this scope.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").was.extend(["users.view".into(), "people.read".into()]);
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let scope = catalogue.scopes().next().unwrap();
    /// assert!(scope.old_names().eq(["users.view", "people.read"]));
    /// ```
    pub fn old_names(self) -> impl Iterator<Item = &'c str> + Clone {
        let (catalogue, own) = (self.catalogue, self.id.0);
        let names = catalogue.parts.old_names.iter().map(|entry| layout::scope_and_text(*entry));
        names.filter(move |(scope, _)| *scope == own).map(|(_, name)| catalogue.text(name))
    }

    /// The scope's title for humans, one line, if the declaration has one.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").title = Some("Read users".into());
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scopes().next().unwrap().title(), Some("Read users"));
    /// ```
    #[must_use]
    pub fn title(self) -> Option<&'c str> {
        let titles = &*self.catalogue.parts.titles;
        let at = titles.binary_search_by_key(&self.id.0, |entry| layout::scope_and_text(*entry).0).ok()?;
        titles.get(at).map(|entry| self.catalogue.text(layout::scope_and_text(*entry).1))
    }

    /// The anchor of the scope on a page about the catalogue.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scopes().next().unwrap().anchor().to_string(), "#scope-users.read");
    /// ```
    #[must_use]
    pub fn anchor(self) -> Anchor {
        Anchor::of_scope(self.name())
    }

    /// Why and when the scope is deprecated, and what replaces it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.list").deprecated = Some("use `users.read`".into());
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let deprecation = catalogue.scopes().next().unwrap().deprecation().unwrap();
    /// assert_eq!((deprecation.reason(), deprecation.since()), ("use `users.read`", None));
    /// ```
    #[must_use]
    pub fn deprecation(self) -> Option<Deprecation<'c>> {
        let schedule = layout::schedule_of(&self.catalogue.parts.deprecations, Deprecated::Scope(self.id.0));
        self.deprecated().map(|reason| Deprecation::new(self.catalogue, reason, schedule))
    }

    /// The reason why the scope is deprecated, if it is.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.list").deprecated = Some("use `users.read`".into());
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.scopes().next().unwrap().deprecated(), Some("use `users.read`"));
    /// ```
    #[must_use]
    pub fn deprecated(self) -> Option<&'c str> {
        self.catalogue.optional_text(self.record().deprecated())
    }

    /// The patterns after `includes`, as declared.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("all.read").including("*.read");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.scopes().last().unwrap().includes().eq(["*.read"]));
    /// ```
    pub fn includes(self) -> impl Iterator<Item = &'c str> + Clone {
        self.catalogue.optional_text(self.record().includes()).unwrap_or("").split_ascii_whitespace()
    }

    /// The scopes that a grant of this one also holds, without the scope itself.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("all.read").including("*.read");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let members = catalogue.scopes().last().unwrap().members();
    /// let members = members.filter_map(|id| catalogue.scope(id));
    /// assert!(members.map(|scope| scope.name()).eq(["users.read"]));
    /// ```
    pub fn members(self) -> impl ExactSizeIterator<Item = ScopeId> + Clone + 'c {
        self.catalogue.members_of(self.record()).iter().map(|&member| ScopeId(member))
    }

    /// Whether a check of this scope without a request needs the tenant.
    ///
    /// It does not need the tenant if every route that the scope opens is `global`, and so are the
    /// routes of all scopes that it includes. Each of these scopes must open at least one route,
    /// because a scope without routes does not show whose data it is about. Public, authenticated
    /// and external routes do not count, because no scope opens them. In a catalogue without a
    /// tenant no scope needs it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::{At, Declaration, Place, TenancyDeclaration}};
    /// let mut declaration = Declaration::new("api");
    /// declaration.tenant = Some("account".into());
    /// let events = declaration.scope("events.read").route("GET", "/event-types");
    /// let tenancy = TenancyDeclaration::Global("the same for all".into());
    /// events.routes[0].tenancy = Some(At::new(tenancy, Place::default()));
    /// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    /// declaration.scope("jobs.run");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let asks: Vec<bool> = catalogue.scopes().map(|scope| scope.asks_for_tenant()).collect();
    /// assert_eq!(asks, [false, true, true]);
    /// ```
    #[must_use]
    pub fn asks_for_tenant(self) -> bool {
        self.catalogue.tenant().is_some() && !self.record().is_global_only()
    }

    /// The routes that name this scope in their requirement.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users").route("GET", "/users/{user}");
    /// declaration.scope("users.write").route("POST", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let reading = catalogue.scopes().next().unwrap();
    /// assert!(reading.routes().map(|route| route.path()).eq(["/users", "/users/{user}"]));
    /// ```
    pub fn routes(self) -> impl Iterator<Item = Route<'c>> + Clone {
        self.catalogue.routes().filter(move |route| route.requirement().mentions(self.id))
    }
}

impl fmt::Debug for ScopeInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ScopeInfo").field(&self.name()).finish()
    }
}

impl fmt::Display for ScopeInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
