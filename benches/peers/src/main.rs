//! The dashboard's routes on an axum router, guarded by other libraries, each used like its README
//! says.
//!
//! `peers MODE ROUNDS` sends one request per route to the router in the same process, ROUNDS times,
//! for counting instructions, and prints the number of requests per round.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::{HeaderName, HeaderValue, Request};
use scopes::Route;
use tower::Service;
use tower::util::BoxCloneSyncService;

#[path = "../../end-to-end/src/caller.rs"]
mod caller;
/// The dashboard's own declaration.
#[path = "../../../examples/dashboard/src/catalogue.rs"]
mod catalogue;

mod aliri;
mod casbin;
mod layers;
mod login;
mod protect;
mod resource_server;

use caller::{TOKEN, request_for};
use catalogue::api;

type Failure = Box<dyn std::error::Error>;

/// One type for all servers, which adds the same small cost to each.
type App = BoxCloneSyncService<Request<Body>, Response, Infallible>;

/// A server, and the header that carries the caller's credentials.
type Peer = (App, HeaderName, HeaderValue);

/// The parameters of a handler besides its guard.
type Parameters = Path<Vec<(String, String)>>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    match *arguments.as_slice() {
        [mode, rounds] => runtime.block_on(called(mode, rounds.parse()?)),
        _ => Err("usage: peers MODE ROUNDS".into()),
    }
}

async fn peer(mode: &str) -> Result<Peer, Failure> {
    match mode {
        "bare" => Ok(by_bearer(router(|_| unguarded), TOKEN)?),
        "protect-axum" => protect::peer(),
        "aliri_axum" => aliri::peer(),
        "axum-login" => login::peer().await,
        "axum-casbin" => casbin::peer().await,
        "tower-oauth2-resource-server" => resource_server::peer().await,
        other => Err(format!("unknown mode `{other}`").into()),
    }
}

async fn called(mode: &str, rounds: usize) -> Result<(), Failure> {
    let (mut app, header, credentials) = peer(mode).await?;
    let requests: Vec<_> = requests().collect();
    for _ in 0..rounds {
        for (method, path) in &requests {
            let request = Request::builder().method(*method).uri(path).header(&header, credentials.clone());
            let answer = app.call(request.body(Body::empty())?).await?;
            if answer.status() != 200 {
                return Err(format!("{method} {path}: {}", answer.status()).into());
            }
        }
    }
    println!("{}", requests.len());
    Ok(())
}

async fn unguarded(Path(parameters): Parameters) -> String {
    answer(&parameters)
}

/// The same work in every handler.
fn answer(parameters: &[(String, String)]) -> String {
    parameters.iter().map(|(_, value)| value.len()).sum::<usize>().to_string()
}

/// Makes a server that takes a bearer token.
fn by_bearer(router: Router, token: &str) -> Result<Peer, Failure> {
    let value = HeaderValue::try_from(format!("Bearer {token}"))?;
    Ok((BoxCloneSyncService::new(router.with_state(())), http::header::AUTHORIZATION, value))
}

/// Makes the router; the function gives the handler of each scope.
fn router<H, T>(handler: impl Fn(&'static str) -> H) -> Router
where
    H: axum::handler::Handler<T, ()>,
    T: 'static,
{
    routed(|scope, filter| on(filter, handler(scope)))
}

/// Makes the router; the function gives the endpoint of each scope.
fn routed(endpoint: impl Fn(&'static str, MethodFilter) -> MethodRouter) -> Router {
    routes().fold(Router::new(), |router, (route, scope)| {
        let method = http::Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
        router.route(&route.template(), endpoint(scope, filter))
    })
}

/// The routes that demand a scope, and that scope. Each demands exactly one.
fn routes() -> impl Iterator<Item = (Route<'static>, &'static str)> {
    api::CATALOGUE.routes().filter_map(|route| {
        let scope = api::CATALOGUE.accepted(route).first()?.iter().next()?;
        Some((route, scope.as_str()))
    })
}

/// All scopes. The caller has them all.
fn scopes() -> impl Iterator<Item = &'static str> {
    api::Scope::ALL.iter().map(|scope| scope.as_str())
}

/// One request per route: method and path.
fn requests() -> impl Iterator<Item = (&'static str, String)> {
    routes().map(|(route, _)| request_for(route))
}

/// Chooses the handler of a scope from a module with one handler per scope name.
macro_rules! by_scope {
    ($module:ident, $scope:expr, $make:expr) => {
        match $scope {
            "waas.authenticate" => $make($module::waas_authenticate),
            "waas.delegatedAccess.signMessage" => $make($module::waas_sign_message),
            "environment.balances.read" => $make($module::balances_read),
            "environment.apiTokens.read" => $make($module::api_tokens_read),
            "environment.apiTokens.write" => $make($module::api_tokens_write),
            "environment.events.read" => $make($module::events_read),
            "environment.webhooks.read" => $make($module::webhooks_read),
            "environment.webhooks.write" => $make($module::webhooks_write),
            "environment.analytics.read" => $make($module::analytics_read),
            "environment.users.read" => $make($module::users_read),
            "environment.users.write" => $make($module::users_write),
            "environment.settings.read" => $make($module::settings_read),
            "environment.settings.write" => $make($module::settings_write),
            other => panic!("no handler is listed for `{other}`"),
        }
    };
}
use by_scope;
