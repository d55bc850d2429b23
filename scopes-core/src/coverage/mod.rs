//! Compares the routes that a router serves with those that a catalogue declares, for routers that
//! are not built from the catalogue.

mod near;
mod spelling;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests;

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::catalogue::UntypedCatalogue;
use crate::method;
use crate::quoted::Quoted;
use crate::route::{Access, Route};
use crate::template::{Template, is_template_with_text};
use near::{Known, Near, NearMiss};

/// The differences between the routes that a router serves and those of a catalogue, made by
/// [`UntypedCatalogue::uncovered`].
///
/// `Display` lists every difference, each with the route on the other side that was probably meant.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users").route("GET", "/users/{id}");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let found = catalogue.uncovered([("GET", "/users"), ("POST", "/users/:user")]);
/// let lines = "\
/// the served routes differ from the catalogue `api`:
/// served, but not declared:
/// - `POST /users/{user}`: the catalogue has this path with `GET`
/// declared, but not served:
/// - `GET /users/{id}`: the router has this path with `POST`";
/// assert_eq!(found.to_string(), lines);
/// ```
#[derive(Clone, Debug)]
#[must_use = "the differences are lost unless they are looked at"]
pub struct Uncovered<'c> {
    catalogue: &'c UntypedCatalogue,
    undeclared: Vec<Undeclared>,
    unserved: Vec<Unserved<'c>>,
    unreadable: Vec<Unreadable>,
    external: Vec<Route<'c>>,
}

/// A route that the router serves and the catalogue does not declare. `Display` names the route of
/// the catalogue that is nearest.
#[derive(Clone, Debug)]
pub struct Undeclared {
    method: String,
    path: String,
    near: Option<NearMiss>,
}

/// A route that the catalogue declares and the router does not serve.
#[derive(Clone, Debug)]
struct Unserved<'c> {
    route: Route<'c>,
    near: Option<NearMiss>,
}

/// A served route that cannot be compared. `Display` says why.
#[derive(Clone, Debug)]
pub struct Unreadable {
    method: String,
    path: String,
    reason: String,
}

/// A served route, read.
struct Served {
    /// `None` for every method.
    method: Option<String>,
    /// The path in braces.
    path: String,
}

impl UntypedCatalogue {
    /// Compares the routes that a router serves with this catalogue, in both directions.
    ///
    /// `served` are methods and whole paths, base included. A method may be in lower case; `*`,
    /// `ANY` and `ALL` stand for every method. Paths may be in the notation of any router: `:id`,
    /// `{id}`, `<id>` and `{id:[0-9]+}` are one, and so are `{*rest}`, `*rest`, `<rest..>` and
    /// `{rest:.*}`. Names of parameters do not count.
    ///
    /// A route of `GET` serves `HEAD` as well. A served path that is declared only with literal
    /// text beside its parameters (`/users/{id}:replay`) counts as this route, because many routers
    /// do not support such text. A declared `external` route need not be served:
    /// [`external`](Uncovered::external) lists those that are not.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users").route("GET", "/users/{id}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.uncovered([("GET", "/users"), ("get", "/users/<user>")]).is_empty());
    /// let found = catalogue.uncovered([("GET", "/users")]);
    /// assert!(found.unserved().map(|route| route.path()).eq(["/users/{id}"]));
    /// ```
    pub fn uncovered<M: AsRef<str>, P: AsRef<str>>(&self, served: impl IntoIterator<Item = (M, P)>) -> Uncovered<'_> {
        self.uncovered_at(self.base(), served)
    }

    /// Like [`uncovered`](Self::uncovered), but with `base` in place of the catalogue's base path:
    /// for a router that is mounted elsewhere.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.uncovered([("GET", "/api/users")]).is_empty());
    /// assert!(catalogue.uncovered_at("/v2/api", [("GET", "/v2/api/users")]).is_empty());
    /// ```
    pub fn uncovered_at<M: AsRef<str>, P: AsRef<str>>(
        &self,
        base: &str,
        served: impl IntoIterator<Item = (M, P)>,
    ) -> Uncovered<'_> {
        let mut unreadable = Vec::new();
        let mut read = Vec::new();
        for (method, path) in served {
            match Served::read(method.as_ref(), path.as_ref()) {
                Ok(served) => read.push(served),
                Err(reason) => {
                    let (method, path) = (method.as_ref().to_owned(), path.as_ref().to_owned());
                    unreadable.push(Unreadable { method, path, reason });
                }
            }
        }
        Comparison::new(self, base, &read).into_uncovered(unreadable)
    }
}

impl<'c> Uncovered<'c> {
    /// Whether router and catalogue have the same routes, and all served routes could be read.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.uncovered([("GET", "/users")]).is_empty());
    /// assert!(!catalogue.uncovered([("GET", "/users"), ("GET", "/{a}-{b}")]).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.undeclared.is_empty() && self.unserved.is_empty() && self.unreadable.is_empty()
    }

    /// The routes that the router serves and the catalogue does not declare.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.uncovered([("GET", "/users"), ("GET", "/users/")]);
    /// let undeclared = found.undeclared().next().unwrap();
    /// assert_eq!((undeclared.method(), undeclared.path()), ("GET", "/users/"));
    /// ```
    pub fn undeclared(&self) -> impl ExactSizeIterator<Item = &Undeclared> {
        self.undeclared.iter()
    }

    /// The routes that the catalogue declares and the router does not serve, without the `external`
    /// ones.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let nothing: [(&str, &str); 0] = [];
    /// let found = catalogue.uncovered(nothing);
    /// assert_eq!(found.unserved().next().unwrap().to_string(), "GET /users");
    /// ```
    pub fn unserved(&self) -> impl ExactSizeIterator<Item = Route<'c>> {
        self.unserved.iter().map(|unserved| unserved.route)
    }

    /// The served routes that could not be read, each with the reason. None is left out silently.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.uncovered([("GET", "/files/{path:.*}/raw")]);
    /// println!("{}", found.unreadable().next().unwrap());
    /// ```
    pub fn unreadable(&self) -> impl ExactSizeIterator<Item = &Unreadable> {
        self.unreadable.iter()
    }

    /// The `external` routes that the router does not serve. They are not a difference, because
    /// another program may serve them.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.block(BlockKind::External("the proxy".into())).route("GET", "/login");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let nothing: [(&str, &str); 0] = [];
    /// let found = catalogue.uncovered(nothing);
    /// assert!(found.is_empty() && found.external().len() == 1);
    /// ```
    pub fn external(&self) -> impl ExactSizeIterator<Item = Route<'c>> {
        self.external.iter().copied()
    }

    /// Fails a test if there are differences.
    ///
    /// ```should_panic
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// catalogue.uncovered([("GET", "/users"), ("DELETE", "/users/{id}")]).assert_empty();
    /// ```
    ///
    /// # Panics
    /// If router and catalogue differ. The message lists all differences.
    #[track_caller]
    pub fn assert_empty(&self) {
        assert!(self.is_empty(), "{self}");
    }
}

impl Undeclared {
    /// The method in upper case; `*` for every method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, with its parameters in braces.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl Unreadable {
    /// The method as it was listed.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path as it was listed.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl Served {
    fn read(method: &str, path: &str) -> Result<Self, String> {
        let upper = method.to_ascii_uppercase();
        let method = match method::check(&upper) {
            Ok(()) if method::is_standard(&upper) => Some(upper),
            Ok(()) => Some(method.to_owned()),
            Err(method::MethodError::Every { .. }) => None,
            Err(error) => return Err(error.to_string()),
        };
        Ok(Self { method, path: spelling::read(path)?.to_string() })
    }

    fn method(&self) -> &str {
        self.method.as_deref().unwrap_or("*")
    }

    /// Marks those of the catalogue's routes at these positions that this route serves. Returns
    /// whether one of them declares it.
    fn mark(&self, positions: impl Iterator<Item = usize>, routes: &[Route<'_>], is_served: &mut [bool]) -> bool {
        let mut is_declared = false;
        for index in positions {
            let declared = routes[index].method();
            is_served[index] |= self.method.as_deref().is_none_or(|own| method::answers(own, declared));
            is_declared |= self.method.as_deref().is_none_or(|own| method::answers(declared, own));
        }
        is_declared
    }
}

/// Both lists, and what is missing on each side.
struct Comparison<'c, 's> {
    catalogue: &'c UntypedCatalogue,
    routes: Vec<Route<'c>>,
    declared: Vec<Known<'c>>,
    is_served: Vec<bool>,
    served: &'s [Served],
    undeclared: Vec<&'s Served>,
}

impl<'c, 's> Comparison<'c, 's> {
    fn new(catalogue: &'c UntypedCatalogue, base: &str, served: &'s [Served]) -> Self {
        let routes: Vec<Route<'c>> = catalogue.routes().collect();
        let declared: Vec<Known<'c>> =
            routes.iter().map(|route| Known::new(route.method(), whole(*route, base))).collect();
        let (mut is_served, mut undeclared) = (vec![false; routes.len()], Vec::new());
        let by_shape = near::index(&declared);
        for served in served {
            let same = by_shape.get(&*near::shape_of(&served.path)).map_or(&[][..], Vec::as_slice);
            let is_declared = served.mark(same.iter().copied(), &routes, &mut is_served) || {
                let with_text = |index: &usize| is_template_with_text(declared[*index].path(), &served.path);
                served.mark((0..routes.len()).filter(with_text), &routes, &mut is_served)
            };
            if !is_declared {
                undeclared.push(served);
            }
        }
        Self { catalogue, routes, declared, is_served, served, undeclared }
    }

    fn into_uncovered(self, unreadable: Vec<Unreadable>) -> Uncovered<'c> {
        let routers: Vec<Known<'_>> =
            self.served.iter().map(|served| Known::new(served.method(), served.path.clone())).collect();
        let (mut declared, mut served) = (Near::new("catalogue", &self.declared), Near::new("router", &routers));
        let undeclared = self.undeclared.iter().map(|served| Undeclared {
            method: served.method().to_owned(),
            path: served.path.clone(),
            near: declared.miss(served.method(), &served.path),
        });
        let undeclared = undeclared.collect();
        let (mut unserved, mut external) = (Vec::new(), Vec::new());
        let missing = self.routes.iter().zip(&self.declared).zip(&self.is_served).filter(|(_, is_served)| !**is_served);
        for ((route, known), _) in missing {
            if matches!(route.access(), Access::External(_)) {
                external.push(*route);
            } else {
                unserved.push(Unserved { route: *route, near: served.miss(route.method(), known.path()) });
            }
        }
        Uncovered { catalogue: self.catalogue, undeclared, unserved, unreadable, external }
    }
}

/// The template of a route below a base.
fn whole(route: Route<'_>, base: &str) -> String {
    let mut template = String::from(base);
    match route.path() {
        "/" if !template.is_empty() && !route.has_trailing_slash() => {}
        path => template.push_str(path),
    }
    // The spelling of a served path.
    Template::parse(&template).map_or(template, |template| template.to_string())
}

impl fmt::Display for Undeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{} {}`", Quoted(&self.method), Quoted(&self.path))?;
        self.near.iter().try_for_each(|near| write!(f, ": {near}"))
    }
}

impl fmt::Display for Unserved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.route)?;
        self.near.iter().try_for_each(|near| write!(f, ": {near}"))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{} {}`: {}", Quoted(&self.method), Quoted(&self.path), self.reason)
    }
}

impl fmt::Display for Uncovered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.catalogue.name();
        if self.is_empty() {
            return write!(f, "the served routes are those of the catalogue `{name}`");
        }
        write!(f, "the served routes differ from the catalogue `{name}`:")?;
        list(f, "served, but not declared", &self.undeclared)?;
        list(f, "declared, but not served", &self.unserved)?;
        list(f, "not readable", &self.unreadable)
    }
}

fn list(f: &mut fmt::Formatter<'_>, head: &str, items: &[impl fmt::Display]) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    write!(f, "\n{head}:")?;
    items.iter().try_for_each(|item| write!(f, "\n- {item}"))
}
