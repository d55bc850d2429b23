//! Random axum routers over the routes of a catalogue: flat, nested, or with a service on one route
//! or as the fallback.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use scopes::{Permit, Required};
use tower::{Service, ServiceBuilder};

use super::Random;
use super::catalogue::{Access, Declared, TestScope};
use super::oracle::{parameter, shape, without_text};

/// A handler that ran.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// The routes that the handler was registered for, and their paths below its mount.
    pub(crate) registered: Vec<(usize, String)>,
    /// The path that the handler got.
    pub(crate) local_path: String,
    pub(crate) prefix: String,
    is_inner: bool,
}

impl Ran {
    /// Whether the handlers of all its routes take a permit.
    pub(crate) fn has_permits(&self, routes: &[Declared]) -> bool {
        let is_one_scope = |access: &Access| matches!(access, Access::Scoped(scopes) if scopes.len() == 1);
        self.registered.iter().all(|(index, _)| is_one_scope(&routes[*index].access))
    }
}

static RAN: Mutex<Option<Ran>> = Mutex::new(None);

/// The handler that ran last.
pub(crate) fn take_ran() -> Option<Ran> {
    RAN.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// A requirement of one scope.
#[derive(Debug)]
pub(crate) enum One<const SCOPE: u16> {}

impl<const SCOPE: u16> scopes::__private::ScopeMarker for One<SCOPE> {
    type Scope = TestScope;
    const ID: scopes_core::ScopeId = scopes_core::ScopeId::new(SCOPE);
}

fn guarded<R: Required>(filter: MethodFilter, ran: Ran) -> MethodRouter {
    on(filter, async move |_: Permit<R>, request: Request| record(&request, ran.clone()))
}

fn handler(filter: MethodFilter, ran: Ran, permit: Option<u8>) -> MethodRouter {
    match permit {
        Some(0) => guarded::<One<0>>(filter, ran),
        Some(1) => guarded::<One<1>>(filter, ran),
        Some(2) => guarded::<One<2>>(filter, ran),
        Some(_) => guarded::<One<3>>(filter, ran),
        None => on(filter, async move |request: Request| record(&request, ran.clone())),
    }
}

fn record(request: &Request, ran: Ran) -> &'static str {
    let ran = Ran { local_path: request.uri().path().to_owned(), ..ran };
    *RAN.lock().unwrap_or_else(PoisonError::into_inner) = Some(ran);
    "ran"
}

#[derive(Clone, Debug)]
enum Mount {
    None,
    Fallback,
    /// A service on one route of axum. The outer router's template does not show which inner
    /// template matches.
    Service(String),
    Nest(String),
    NestService(String),
}

/// Which routes the outer and the inner router serve, and where the inner one is.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    outer: Vec<usize>,
    inner: Vec<usize>,
    mount: Mount,
}

impl Tree {
    pub(crate) fn random(random: &mut Random, routes: &[Declared]) -> Self {
        let subset =
            |random: &mut Random, percent| (0..routes.len()).filter(|_| random.chance(percent)).collect::<Vec<_>>();
        let mut outer = subset(random, 70);
        let mount = match random.below(6) {
            0 | 1 => Mount::None,
            2 => Mount::Fallback,
            3 | 4 => {
                let template = without_text(&routes[random.below(routes.len())].path);
                if random.chance(60) {
                    outer = subset(random, 20);
                }
                outer.retain(|&index| without_text(&routes[index].path) != template);
                Mount::Service(template)
            }
            _ => {
                let path = &routes[random.below(routes.len())].path;
                let first = path.split('/').nth(1).unwrap_or_default();
                let is_plain = parameter(first).is_none_or(|(before, name, after)| {
                    before.is_empty() && after.is_empty() && !name.starts_with('*')
                });
                match (is_plain && path.split('/').count() > 2, random.chance(50)) {
                    (true, true) => Mount::NestService(format!("/{first}")),
                    (true, false) => Mount::Nest(format!("/{first}")),
                    (false, _) => Mount::None,
                }
            }
        };
        let inner = if matches!(mount, Mount::None) { Vec::new() } else { subset(random, 65) };
        if !matches!(mount, Mount::None) && random.chance(50) {
            outer.retain(|_| random.chance(30));
        }
        Self { outer, inner, mount }
    }

    /// The router, unless axum refuses it.
    pub(crate) fn router(&self, routes: &[Declared], has_permits: bool) -> Option<Router> {
        let build = || {
            let outer = flat(routes, &self.outer, "", false, has_permits);
            let inner = |prefix: &str| flat(routes, &self.inner, prefix, true, has_permits);
            match &self.mount {
                Mount::None => outer,
                Mount::Fallback => outer.fallback_service(layered(inner(""))),
                Mount::Service(template) => outer.route_service(template, layered(inner(""))),
                Mount::Nest(prefix) => outer.nest(prefix, inner(prefix)),
                Mount::NestService(prefix) => outer.nest_service(prefix, layered(inner(prefix))),
            }
        };
        catch_unwind(AssertUnwindSafe(build)).ok()
    }

    /// Whether a service that is mounted on one route serves the paths of another route with this
    /// handler. The gate's documentation forbids this.
    pub(crate) fn is_misused(&self, routes: &[Declared], ran: &Ran) -> bool {
        let Mount::Service(template) = &self.mount else { return false };
        ran.is_inner && !ran.registered.iter().all(|(index, _)| lies_within(&routes[*index].path, template))
    }

    /// Whether this route has a handler.
    pub(crate) fn serves(&self, routes: &[Declared], index: usize) -> bool {
        let is_below_mount = match &self.mount {
            Mount::Nest(prefix) | Mount::NestService(prefix) => local_path(&routes[index], prefix).is_some(),
            Mount::None | Mount::Fallback | Mount::Service(_) => true,
        };
        self.outer.contains(&index) || self.inner.contains(&index) && is_below_mount
    }

    /// Whether the handler runs in a router about which the gate knows nothing, not even the route
    /// where it is mounted. In such a router, a relaxed route also relaxes all requests whose path
    /// means this route, even if their handler was registered for another one.
    pub(crate) fn is_unknown_to_a_gate(&self, ran: &Ran) -> bool {
        ran.is_inner && matches!(self.mount, Mount::Fallback | Mount::NestService(_))
    }
}

/// The path of the route in a router that is mounted at a prefix.
fn local_path<'r>(route: &'r Declared, prefix: &str) -> Option<&'r str> {
    route.path.strip_prefix(prefix).filter(|local| local.starts_with('/'))
}

fn flat(routes: &[Declared], which: &[usize], prefix: &str, is_inner: bool, has_permits: bool) -> Router {
    let mut handlers: BTreeMap<(String, &str), Vec<(usize, String)>> = BTreeMap::new();
    for &index in which {
        let Some(local) = local_path(&routes[index], prefix) else { continue };
        handlers.entry((without_text(local), routes[index].method)).or_default().push((index, local.to_owned()));
    }
    handlers.into_iter().fold(Router::new(), |router, ((path, method), registered)| {
        let filter = match method {
            "POST" => MethodFilter::POST,
            "HEAD" => MethodFilter::HEAD,
            _ => MethodFilter::GET,
        };
        let permit = match &routes[registered[0].0].access {
            Access::Scoped(scopes) if has_permits && scopes.len() == 1 => Some(scopes[0]),
            _ => None,
        };
        let ran = Ran { registered, local_path: String::new(), prefix: prefix.to_owned(), is_inner };
        router.route(&path, handler(filter, ran, permit))
    })
}

fn layered(
    router: Router,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static {
    ServiceBuilder::new().map_request(|request: Request| request).service(router)
}

fn lies_within(route: &str, template: &str) -> bool {
    let (mut mine, mut theirs) = (route.split('/').skip(1), template.split('/').skip(1));
    loop {
        match (mine.next(), theirs.next()) {
            (_, Some(theirs)) if theirs.starts_with("{*") => return true,
            (Some(mine), Some(theirs)) if theirs.contains('{') && !mine.starts_with("{*") => {}
            (Some(mine), Some(theirs)) if shape(mine) == shape(theirs) => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}
