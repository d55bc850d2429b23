//! An axum server with the dashboard's 128 routes, with and without the guard.
//!
//! `end-to-end MODE` prints its address and serves until it is killed. `end-to-end MODE ROUNDS` is
//! for counting instructions: it calls the router in the same process with all requests, ROUNDS
//! times, and prints the number of requests per round.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use axum::{Router, ServiceExt};
use http::{Request, header};
use scopes::tower::Authenticate;
use scopes::{Denied, Permit, Required, Route, Verifier};
use tower::Service;
use tower::layer::layer_fn;
use tower::util::BoxCloneSyncService;

mod caller;
/// The dashboard's own declaration.
#[path = "../../../examples/dashboard/src/catalogue.rs"]
mod catalogue;
mod verifiers;

use caller::{TENANT, TOKEN, request_for};
use catalogue::api::{self, permits::*};
use verifiers::{Now, Ready, Yields};

/// A catalogue with a public route, which the dashboard lacks.
mod site {
    scopes::scopes! {
        pub mod api;
        pages.write { POST "/pages"; }
        public("liveness probe") { GET "/health"; }
    }
}

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match *arguments.as_slice() {
        ["requests"] => requests().for_each(|(method, path)| println!("{method} {path}")),
        // Calls the router in this process, without the network.
        [mode, rounds] => runtime.block_on(called(mode, rounds.parse()?))?,
        [mode] => runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            println!("{}", listener.local_addr()?);
            axum::serve(listener, app(mode)?.into_make_service()).await?;
            Ok::<_, Failure>(())
        })?,
        _ => return Err("usage: end-to-end MODE [ROUNDS] | requests".into()),
    }
    Ok(())
}

/// One type for all servers, which adds the same small cost to each.
type App = BoxCloneSyncService<Request<Body>, Response, Infallible>;

fn app(mode: &str) -> Result<App, Failure> {
    let health = || Router::new().route("/health", get(async || "ok"));
    Ok(match mode {
        "bare" => BoxCloneSyncService::new(finished(router(false))),
        // A layer that does nothing: the cost of any layer in axum.
        "layer" => BoxCloneSyncService::new(finished(router(false).layer(layer_fn(Empty)))),
        "authenticate" => BoxCloneSyncService::new(finished(router(false).layer(Authenticate::new(ready()?)))),
        "permits" => BoxCloneSyncService::new(finished(router(true).layer(Authenticate::new(ready()?)))),
        "permits-now" => BoxCloneSyncService::new(finished(router(true).layer(Authenticate::new(Now(ready()?))))),
        "gate-now" => BoxCloneSyncService::new(api::gate(router(true)).layer(Authenticate::new(Now(ready()?)))),
        "gate" => BoxCloneSyncService::new(api::gate(router(true)).layer(Authenticate::new(ready()?))),
        "yields" => BoxCloneSyncService::new(api::gate(router(true)).layer(Authenticate::new(Yields(ready()?)))),
        "public-bare" => BoxCloneSyncService::new(finished(health())),
        "public-layer" => BoxCloneSyncService::new(finished(health().layer(layer_fn(Empty)))),
        "public-gate" => BoxCloneSyncService::new(
            site::api::gate(health()).layer(Authenticate::new(Ready::<site::api::Scope>::empty())),
        ),
        other => return Err(format!("unknown mode `{other}`").into()),
    })
}

/// Turns the handlers into services once, like `axum::serve`, instead of with each request.
fn finished(router: Router) -> Router {
    router.with_state(())
}

#[derive(Clone)]
struct Empty<I>(I);

impl<I: Service<R>, R> Service<R> for Empty<I> {
    type Response = I::Response;
    type Error = I::Error;
    type Future = I::Future;

    fn poll_ready(&mut self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.0.call(request)
    }
}

async fn called(mode: &str, rounds: usize) -> Result<(), Failure> {
    if mode == "verifier" {
        return verified(rounds).await;
    }
    let mut app = app(mode)?;
    let is_public = mode.starts_with("public");
    // The first clone makes the bytes of the value shared, like those of the values that hyper
    // reads. So the clones in the loop do not allocate.
    let token = header::HeaderValue::try_from(format!("Bearer {TOKEN}"))?;
    let _shared = token.clone();
    let requests: Vec<_> = if is_public { vec![("GET", "/health".to_owned())] } else { requests().collect() };
    for _ in 0..rounds {
        for (method, path) in &requests {
            let mut request = Request::builder().method(*method).uri(path);
            if !is_public {
                request = request.header(header::AUTHORIZATION, token.clone());
            }
            let answer = Service::<Request<Body>>::call(&mut app, request.body(Body::empty())?).await?;
            if answer.status() != 200 {
                return Err(format!("{method} {path}: {}", answer.status()).into());
            }
        }
    }
    println!("{}", requests.len());
    Ok(())
}

/// Runs the verifier alone, because its cost does not belong to the guard.
async fn verified(rounds: usize) -> Result<(), Failure> {
    let (verifier, count) = (ready()?, routes().count());
    for _ in 0..rounds * count {
        match verifier.verify(std::hint::black_box(TOKEN)).await {
            Ok(grant) if grant.is_some() => {}
            _ => return Err("the token is not known".into()),
        }
    }
    println!("{count}");
    Ok(())
}

/// One request per route: method and path.
fn requests() -> impl Iterator<Item = (&'static str, String)> {
    routes().map(request_for)
}

fn routes() -> impl Iterator<Item = Route<'static>> {
    api::CATALOGUE.routes().filter(|route| route.requirement().len() > 0)
}

fn ready() -> Result<Ready<api::Scope>, Failure> {
    Ok(Ready::new(TOKEN, api::Grant::new(api::Scopes::all()).for_tenant(TENANT)?))
}

fn router(guarded: bool) -> Router {
    let mut router = Router::new();
    for route in routes() {
        router = registered(router, route, guarded);
    }
    router
}

macro_rules! by_requirement {
    ($router:ident, $route:ident: $($marker:ident)*) => {
        $(if <$marker>::is_requirement_of($route) { return add::<$marker>($router, $route); })*
    };
}

fn registered(router: Router, route: Route<'static>, guarded: bool) -> Router {
    let (filter, template) = place(route);
    if !guarded {
        // The handler captures as much as the guarded one, so that both cost the same to clone: a
        // handler of size zero would be cloned without an allocation.
        let bound = route.tenant_parameter().is_some();
        let handler = async move |Path(parameters): Path<Vec<(String, String)>>| {
            std::hint::black_box(bound);
            answer(&parameters)
        };
        return router.route(&template, on(filter, handler));
    }
    by_requirement! { router, route:
        WaasAuthenticate WaasDelegatedAccessSignMessage EnvironmentBalancesRead EnvironmentApiTokensRead
        EnvironmentApiTokensWrite EnvironmentEventsRead EnvironmentWebhooksRead EnvironmentWebhooksWrite
        EnvironmentAnalyticsRead EnvironmentUsersRead EnvironmentUsersWrite EnvironmentSettingsRead
        EnvironmentSettingsWrite
    }
    panic!("no type is listed for the requirement of {route}")
}

fn add<R: Required<Scope = api::Scope>>(router: Router, route: Route<'static>) -> Router {
    let (filter, template) = place(route);
    let bound = route.tenant_parameter().is_some();
    let handler = async move |permit: Permit<R>, Path(parameters): Path<Vec<(String, String)>>| {
        if !bound {
            permit.same_tenant(TENANT)?;
        }
        Ok::<_, Denied>(answer(&parameters))
    };
    router.route(&template, on(filter, handler))
}

fn place(route: Route<'static>) -> (MethodFilter, String) {
    let method = http::Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
    (MethodFilter::try_from(method).unwrap_or(MethodFilter::GET), route.template())
}

fn answer(parameters: &[(String, String)]) -> String {
    parameters.iter().map(|(_, value)| value.len()).sum::<usize>().to_string()
}
