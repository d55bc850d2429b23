//! The server under test: what each framework implements so that the conformance suite can run on
//! it.
//!
//! To add a framework:
//!
//! 1. In `servers/<framework>.rs` write a unit struct and implement [`ServerUnderTest`] for it: a
//!    name, the [`Facts`] of the framework, and `start`, which serves on `127.0.0.1` at port 0
//!    until the [`Running`] is dropped.
//! 2. In `start`, implement [`Register`] for a type that collects routes, and call
//!    `kit.register(&mut it)`. It calls one of the trait's methods for each route of the catalogue,
//!    with the requirement as a type. `guarded::<R>` registers a handler that takes `Permit<R>`,
//!    then the framework's *own* path extractor, then (if [`Endpoint::takes_body`]) the body as
//!    text, and answers with the result of [`Endpoint::guarded`]. The handler of `authenticated`
//!    takes `Grant<S>`, the handler of `open` takes neither.
//! 3. Mount each handler at [`Endpoint::path`] below [`Endpoint::mount`] with the framework's own
//!    functions (nest, scope, mount).
//! 4. Put `kit.authenticate()` around the router. If `kit.layers` is [`Layers::Stale`], put a
//!    second layer with [`AcceptsAll`] around it; for [`Layers::Missing`] add no layer at all. If
//!    `kit.cors` is set, add a permissive CORS layer outside of these, which answers preflight
//!    requests.
//! 5. Add the struct to the list in `tests/conformance.rs`. The cases and their expected answers
//!    follow from the facts.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::sync::Arc;

use scopes::{Access, Authenticate, Denied, Grant, Permit, ProblemRenderer, Required, Route, Settings, Tenancy};
use serde_json::json;

pub use crate::catalogues::{Served, Visitor};
pub use crate::journal::{Journal, Seen};
pub use crate::tokens::{AcceptsAll, Holder, Tokens};
use crate::tokens::{anonymous, every_source};

/// A framework, or one way to set a framework up.
pub trait ServerUnderTest {
    /// The server's name in the table.
    const NAME: &'static str;

    /// The facts that the cases depend on.
    const FACTS: Facts;

    /// Serves the kit's catalogue on a free port of the loopback interface.
    fn start<S: Served>(kit: Kit<S>) -> impl Future<Output = Running> + Send;
}

/// How a framework reads requests. The cases derive from it how a request must be refused, never
/// whether.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// There is a gate, so a client without credentials cannot find out which routes exist.
    pub gated: bool,
    /// The router decodes the path before it matches: `/%61` finds `/a`.
    pub decodes_before_routing: bool,
    /// The router, or a layer in front of it, drops empty segments or trailing slashes: `/a/` finds
    /// `/a`.
    pub folds_slashes: bool,
    /// `HEAD` runs the handler of `GET`; otherwise it is refused.
    pub head_is_get: bool,
    /// The status for a known path with another method.
    pub method_not_allowed: u16,
    /// The server waits for the declared body before a layer or handler may answer.
    pub waits_for_body: bool,
    /// One template may use a parameter name twice.
    pub repeated_names: bool,
    /// Templates may have literal text beside a parameter: `{id}:replay`.
    pub text_beside_parameters: bool,
    /// The framework tries the handlers of a path in turn until one's permit fits, so each route
    /// has its own handler.
    pub tries_handlers: bool,
    /// Requests for other routes do not reach a public handler: a gate or a middleware judges its
    /// requests too, or the router distinguishes all paths.
    pub judges_public: bool,
    /// Routes can be mounted below a prefix that contains a parameter.
    pub nests_below_parameters: bool,
}

impl Facts {
    /// A router that matches the raw path and has no peculiarities: the base of `Facts { ..,
    /// ..Facts::PLAIN }`.
    pub const PLAIN: Self = Self {
        gated: false,
        decodes_before_routing: false,
        folds_slashes: false,
        head_is_get: true,
        method_not_allowed: 405,
        waits_for_body: false,
        repeated_names: true,
        text_beside_parameters: false,
        tries_handlers: false,
        judges_public: false,
        nests_below_parameters: true,
    };
}

/// How the router names parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// The default: the same as the catalogue.
    #[default]
    Catalogue,
    /// Other names than the catalogue's.
    Other,
    /// One name for all, so that only positions distinguish them; needs [`Facts::repeated_names`].
    Repeated,
}

/// Where handlers are mounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nesting {
    /// Every handler at its whole template.
    #[default]
    Flat,
    /// Below a mount at the base.
    Base,
    /// Below a mount that contains the tenant's parameter; needs [`Facts::nests_below_parameters`].
    Tenant,
}

/// How many authentication layers there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layers {
    /// The right one.
    #[default]
    One,
    /// No layer: a mistake of the developers.
    Missing,
    /// The right one, and outside of it another that gives every token all rights.
    Stale,
}

/// What to serve.
#[derive(Clone, Debug)]
pub struct Kit<S: Served> {
    /// The verifier.
    pub tokens: Tokens,
    /// Where handlers record that they ran.
    pub journal: Journal,
    /// How the router names parameters.
    pub naming: Naming,
    /// Where handlers are mounted.
    pub nesting: Nesting,
    /// How many authentication layers there are.
    pub layers: Layers,
    /// Whether the server takes every kind of credentials, not only bearer tokens.
    pub every_source: bool,
    /// The scopes that callers without credentials have, for the tenant `E1`.
    pub anonymous: &'static [&'static str],
    /// Whether refusals are problem documents, not the default bodies.
    pub problems: bool,
    /// Whether a permissive CORS layer is the outermost layer.
    pub cors: bool,
    /// Where the API is mounted, if not at the catalogue's base.
    pub mounted_at: Option<&'static str>,
    /// The facts of the framework.
    pub facts: Facts,
    /// Which catalogue.
    pub catalogue: PhantomData<fn() -> S>,
}

impl<S: Served> Kit<S> {
    /// The plainest set-up of a server.
    #[must_use]
    pub fn new<T: ServerUnderTest>() -> Self {
        Self {
            tokens: Tokens::default(),
            journal: Journal::default(),
            naming: Naming::default(),
            nesting: Nesting::default(),
            layers: Layers::default(),
            every_source: false,
            anonymous: &[],
            problems: false,
            cors: false,
            mounted_at: None,
            facts: T::FACTS,
            catalogue: PhantomData,
        }
    }

    /// The settings of the authentication layer.
    ///
    /// # Panics
    /// If the mount is not a path.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let settings = Settings::new().realm("suite").expect("a realm").strict();
        let settings = settings.documentation("https://suite.example/permissions").expect("a page");
        let settings = if self.problems { settings.renderer(ProblemRenderer) } else { settings };
        match self.mounted_at {
            Some(base) => settings.mounted_at(base).expect("a mount"),
            None => settings,
        }
    }

    /// The authentication layer.
    #[must_use]
    pub fn authenticate(&self) -> Authenticate<S> {
        let authenticate = Authenticate::new(self.tokens.clone()).settings(self.settings());
        let authenticate = authenticate.anonymous(anonymous(self.anonymous));
        if self.every_source { every_source(authenticate, &self.tokens) } else { authenticate }
    }

    /// Where the API is mounted.
    #[must_use]
    pub fn base(&self) -> &str {
        self.mounted_at.unwrap_or(S::catalogue().base())
    }

    /// Registers every route of the catalogue, in the catalogue's order.
    ///
    /// If the router does not support text beside parameters, the route without such text gets the
    /// requests of the routes with it.
    pub fn register(&self, register: &mut impl Register<S>) {
        for route in S::catalogue().routes().filter(|route| !self.is_of_another_handler(*route)) {
            let endpoint = self.endpoint(route);
            match route.access() {
                Access::Scoped => S::visit(route, Guarded { endpoint, register: &mut *register }),
                Access::Authenticated(_) => register.authenticated(endpoint),
                Access::Public(_) | Access::External(_) => register.open(endpoint),
            }
        }
    }

    /// Whether the router cannot distinguish the route from another one of its method without text
    /// beside the parameters.
    fn is_of_another_handler(&self, route: Route<'static>) -> bool {
        let bare = |path: &str| {
            let without_text = |segment: &str| match (segment.find('{'), segment.find('}')) {
                (Some(start), Some(end)) => segment[start..=end].to_owned(),
                _ => segment.to_owned(),
            };
            path.split('/').map(without_text).collect::<Vec<_>>().join("/")
        };
        let path = bare(route.path());
        let is_handler = |other: Route<'_>| other.method() == route.method() && other.has_shape(&path);
        let is_told_apart = self.facts.text_beside_parameters || self.facts.tries_handlers;
        !is_told_apart && path != route.path() && S::catalogue().routes().any(is_handler)
    }

    /// Makes the endpoint of a route, as this server must mount it.
    #[must_use]
    pub fn endpoint(&self, route: Route<'static>) -> Endpoint {
        let segments: Vec<String> =
            route.path().split('/').skip(1).enumerate().map(|(index, segment)| self.segment(index, segment)).collect();
        let tenant_ends = route.tenant_parameter().and_then(|tenant| {
            let name = format!("{{{}}}", tenant.name());
            route.path().split('/').skip(1).position(|segment| segment == name)
        });
        let (above, below) = match (self.nesting, tenant_ends) {
            (Nesting::Tenant, Some(index)) if index + 1 < segments.len() => segments.split_at(index + 1),
            _ => segments.split_at(0),
        };
        let joined = |segments: &[String]| segments.iter().fold(String::new(), |path, segment| path + "/" + segment);
        let (mount, path) = (format!("{}{}", self.base(), joined(above)), joined(below));
        let (mount, path) = if self.nesting == Nesting::Flat { (String::new(), mount + &path) } else { (mount, path) };
        Endpoint(Arc::new(Contents { route, mount, path, journal: self.journal.clone() }))
    }

    /// A segment in brace form, in the form that this router supports.
    fn segment(&self, index: usize, segment: &str) -> String {
        let (Some(start), Some(end)) = (segment.find('{'), segment.find('}')) else { return segment.to_owned() };
        let (before, name, after) = (&segment[..start], &segment[start + 1..end], &segment[end + 1..]);
        let (asterisk, name) = name.strip_prefix('*').map_or(("", name), |name| ("*", name));
        let name = match self.naming {
            Naming::Catalogue => name.to_owned(),
            Naming::Other => format!("p{index}"),
            Naming::Repeated => "id".to_owned(),
        };
        if self.facts.text_beside_parameters {
            format!("{before}{{{asterisk}{name}}}{after}")
        } else {
            format!("{{{asterisk}{name}}}")
        }
    }
}

/// A collector of the routes of one framework.
pub trait Register<S: Served> {
    /// Adds a handler that takes `Permit<R>`.
    fn guarded<R: Required<Scope = S>>(&mut self, endpoint: Endpoint);

    /// Adds a handler that takes `Grant<S>`.
    fn authenticated(&mut self, endpoint: Endpoint);

    /// Adds a handler that takes neither.
    fn open(&mut self, endpoint: Endpoint);
}

struct Guarded<'r, T> {
    endpoint: Endpoint,
    register: &'r mut T,
}

impl<S: Served, T: Register<S>> Visitor<S> for Guarded<'_, T> {
    type Output = ();

    fn visit<R: Required<Scope = S>>(self) {
        self.register.guarded::<R>(self.endpoint);
    }
}

/// One handler: where it is mounted, and what it answers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Endpoint(Arc<Contents>);

#[derive(Debug)]
struct Contents {
    route: Route<'static>,
    mount: String,
    path: String,
    journal: Journal,
}

impl Endpoint {
    /// The method of the route.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.0.route.method()
    }

    /// The mount prefix; empty for the top. It may contain a parameter.
    #[must_use]
    pub fn mount(&self) -> &str {
        &self.0.mount
    }

    /// The path below the mount, with parameters as `{name}` and `{*name}`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Mount and path.
    #[must_use]
    pub fn template(&self) -> String {
        format!("{}{}", self.0.mount, self.0.path)
    }

    /// Whether the handler reads the body, as text.
    #[must_use]
    pub fn takes_body(&self) -> bool {
        matches!(self.method(), "POST" | "PUT" | "PATCH")
    }

    /// The answer of a handler with a permit: JSON, or the denial of the owner check.
    ///
    /// `parameters` are the decoded values of the framework's own extractor, in the order of the
    /// path.
    ///
    /// # Errors
    /// The denial of `same_tenant`, on unbound routes.
    pub fn guarded<R: Required>(
        &self,
        permit: &Permit<R>,
        parameters: Vec<(String, String)>,
        body: Option<&str>,
    ) -> Result<String, Denied> {
        let seen = Seen {
            subject: permit.subject().map(str::to_owned),
            tenant: permit.tenant().map(str::to_owned),
            permits_route: permit.route().map(Route::name),
            permits_parameters: permit
                .parameters()
                .map(|(name, value)| (name.to_owned(), value.into_owned()))
                .collect(),
            ..self.seen(parameters, body)
        };
        self.0.journal.write(seen.clone());
        if let Tenancy::Unbound(_) = self.0.route.tenancy() {
            permit.same_tenant(&owner(&seen.parameters))?;
        }
        Ok(text(&seen))
    }

    /// The answer of a handler with a grant.
    #[must_use]
    pub fn authenticated<S: Served>(
        &self,
        grant: &Grant<S>,
        parameters: Vec<(String, String)>,
        body: Option<&str>,
    ) -> String {
        let seen = Seen { subject: grant.subject().map(str::to_owned), ..self.seen(parameters, body) };
        self.0.journal.write(seen.clone());
        text(&seen)
    }

    /// The answer of a handler without either.
    #[must_use]
    pub fn open(&self, parameters: Vec<(String, String)>, body: Option<&str>) -> String {
        let seen = self.seen(parameters, body);
        self.0.journal.write(seen.clone());
        text(&seen)
    }

    fn seen(&self, parameters: Vec<(String, String)>, body: Option<&str>) -> Seen {
        Seen {
            route: self.0.route.name(),
            method: self.0.route.method(),
            parameters,
            body: body.map(str::to_owned),
            ..Seen::default()
        }
    }
}

/// The owner of an object: `E2.u7` belongs to `E2`, and an object without an owner in its name
/// belongs to `E1`.
fn owner(parameters: &[(String, String)]) -> String {
    let object = parameters.last().map_or("", |(_, value)| value);
    object.split_once('.').map_or("E1", |(owner, _)| owner).to_owned()
}

fn text(seen: &Seen) -> String {
    json!({
        "route": seen.route,
        "method": seen.method,
        "subject": seen.subject,
        "tenant": seen.tenant,
        "parameters": seen.parameters,
        "permitsRoute": seen.permits_route,
        "permitsParameters": seen.permits_parameters,
        "body": seen.body,
    })
    .to_string()
}

/// A server that runs until this is dropped.
pub struct Running {
    address: SocketAddr,
    stop: Option<Box<dyn FnOnce() + Send>>,
    /// Values that must live as long as the server.
    _kept: Option<Box<dyn Any + Send>>,
}

impl Running {
    /// A server at this address, and the function that stops it.
    #[must_use]
    pub fn new(address: SocketAddr, stop: impl FnOnce() + Send + 'static) -> Self {
        Self { address, stop: Some(Box::new(stop)), _kept: None }
    }

    /// A server that is a task of the runtime.
    #[must_use]
    pub fn task(address: SocketAddr, task: tokio::task::JoinHandle<()>) -> Self {
        Self::new(address, move || task.abort())
    }

    /// Keeps something alive as long as the server.
    #[must_use]
    pub fn keeping(mut self, kept: impl Any + Send) -> Self {
        self._kept = Some(Box::new(kept));
        self
    }

    /// The address where the server listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}
