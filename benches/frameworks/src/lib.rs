//! The parts that the servers of all frameworks share: the dashboard's 128 routes, a request for
//! each, the caller and the modes.

use std::sync::Arc;

use scopes::{Authenticate, DynVerifier, Grant, Required, Route, Scope};

#[path = "../../end-to-end/src/caller.rs"]
mod caller;
/// The dashboard's own declaration.
#[path = "../../../examples/dashboard/src/catalogue.rs"]
mod catalogue;
#[path = "../../end-to-end/src/verifiers.rs"]
pub mod verifiers;

use caller::request_for;
pub use caller::{TENANT, TOKEN};
pub use catalogue::api;
use catalogue::api::permits::*;
use verifiers::{Now, Ready};

/// The value of the header `Authorization`.
pub const CREDENTIALS: &str = "Bearer dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

pub type Failure = Box<dyn std::error::Error>;

/// The command line: `MODE ROUNDS`. A mode may end in
///
/// - `-now`: the verifier answers without a future;
/// - `-bound`: only routes with the tenant in their paths are requested. On other routes a handler
///   without a permit does not compare the tenant, and actix-web and rocket log that for each
///   request.
pub struct Run {
    pub layers: Layers,
    pub rounds: usize,
    bound: bool,
    now: bool,
}

/// The layers around the handlers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layers {
    /// No layer.
    Bare,
    /// The authentication.
    Authenticate,
    /// The authentication, and a permit in each handler.
    Permits,
    /// The gate as well.
    Gate,
}

impl Run {
    /// Reads the command line.
    pub fn from_arguments() -> Result<Self, Failure> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let [mode, rounds] = arguments.as_slice() else { return Err("usage: MODE ROUNDS".into()) };
        let (layers, bound) = mode.strip_suffix("-bound").map_or((mode.as_str(), false), |layers| (layers, true));
        let (layers, now) = layers.strip_suffix("-now").map_or((layers, false), |layers| (layers, true));
        let layers = match layers {
            "bare" => Layers::Bare,
            "authenticate" => Layers::Authenticate,
            "permits" => Layers::Permits,
            "gate" => Layers::Gate,
            other => return Err(format!("unknown mode `{other}`").into()),
        };
        Ok(Self { layers, rounds: rounds.parse()?, bound, now })
    }

    /// The authentication, with a verifier that knows one caller.
    pub fn authenticate<S: Scope>(&self, grant: Grant<S>) -> Authenticate<S> {
        let ready = Ready::new(TOKEN, grant);
        let verifier: Arc<dyn DynVerifier<S>> = if self.now { Arc::new(Now(ready)) } else { Arc::new(ready) };
        Authenticate::shared(verifier)
    }

    /// Whether handlers take permits.
    pub fn has_permits(&self) -> bool {
        matches!(self.layers, Layers::Permits | Layers::Gate)
    }

    /// One request for each route: method and path.
    pub fn requests(&self) -> Vec<(&'static str, String)> {
        let asked = routes().filter(|route| !self.bound || route.tenant_parameter().is_some());
        asked.map(request_for).collect()
    }
}

/// The routes that demand scopes.
pub fn routes() -> impl Iterator<Item = Route<'static>> {
    api::CATALOGUE.routes().filter(|route| route.requirement().len() > 0)
}

/// The caller's grant: all scopes, for one tenant.
pub fn grant() -> Result<api::Grant, Failure> {
    Ok(api::Grant::new(api::Scopes::all()).for_tenant(TENANT)?)
}

/// Checks that the answer comes from the handler.
pub fn succeeded(status: u16, method: &str, path: &str) -> Result<(), Failure> {
    if status == 200 { Ok(()) } else { Err(format!("{method} {path}: {status}").into()) }
}

/// A router to which handlers can be added.
pub trait Register: Sized {
    /// Adds a handler without a permit. It has the same size as one with a permit, because a
    /// handler of size zero is cloned without an allocation.
    fn open(self, route: Route<'static>, bound: bool) -> Self;

    /// Adds a handler with a permit of this type. If the route does not bind the tenant, the
    /// handler compares it.
    fn guarded<R: Required<Scope = api::Scope>>(self, route: Route<'static>, bound: bool) -> Self;
}

/// Adds a handler for each route.
pub fn registered<T: Register>(mut router: T, with_permits: bool) -> T {
    for route in routes() {
        let bound = route.tenant_parameter().is_some();
        router = if with_permits { guarded(router, route, bound) } else { router.open(route, bound) };
    }
    router
}

macro_rules! by_requirement {
    ($router:ident, $route:ident, $bound:ident: $($marker:ident)*) => {
        $(if <$marker>::is_requirement_of($route) { return $router.guarded::<$marker>($route, $bound); })*
    };
}

fn guarded<T: Register>(router: T, route: Route<'static>, bound: bool) -> T {
    by_requirement! { router, route, bound:
        WaasAuthenticate WaasDelegatedAccessSignMessage EnvironmentBalancesRead EnvironmentApiTokensRead
        EnvironmentApiTokensWrite EnvironmentEventsRead EnvironmentWebhooksRead EnvironmentWebhooksWrite
        EnvironmentAnalyticsRead EnvironmentUsersRead EnvironmentUsersWrite EnvironmentSettingsRead
        EnvironmentSettingsWrite
    }
    panic!("no type is listed for the requirement of {route}")
}
