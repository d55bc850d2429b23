//! An axum server with the dashboard's 128 routes: `end-to-end bare|permit|gate`. Prints its address, serves until it is killed.

use axum::Router;
use axum::extract::Path;
use axum::routing::{MethodFilter, on};
use scopes::tower::Authenticate;
use scopes::{Permit, Required, Route, VerifyError, verifier_fn};

/// The dashboard's own declaration.
#[path = "../../../examples/dashboard/src/catalogue.rs"]
mod catalogue;

use catalogue::api::{self, permits::*};

const TENANT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const TOKEN: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mode = std::env::args().nth(1).unwrap_or_default();
    if mode == "requests" {
        return Ok(requests());
    }
    let router = match mode.as_str() {
        "bare" => router(false),
        "permit" => router(true).layer(authenticate()?),
        "gate" => Router::new().fallback_service(api::gate(router(true)).layer(authenticate()?)),
        other => return Err(format!("`{other}` is none of `bare`, `permit`, `gate`, `requests`").into()),
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        Ok(axum::serve(listener, router).await?)
    })
}

/// One request a route, for the load's script: method and path.
fn requests() {
    for route in routes() {
        let path = route.template().split('/').map(|segment| match segment {
            "{environmentId}" => TENANT.to_owned(),
            _ if segment.starts_with('{') => "3b241101-e2bb-4255-8caf-4136c566a962".to_owned(),
            _ => segment.to_owned(),
        });
        println!("{} {}", route.method(), path.collect::<Vec<_>>().join("/"));
    }
}

fn routes() -> impl Iterator<Item = Route<'static>> {
    api::CATALOGUE.routes().filter(|route| route.requirement().len() > 0)
}

/// A verifier that has nothing to look up, so that the guard alone is measured.
fn authenticate() -> Result<Authenticate<api::Scope>, Box<dyn std::error::Error>> {
    let grant = api::Grant::new(api::Scope::ALL.iter().copied().collect()).for_tenant(TENANT)?;
    Ok(Authenticate::new(verifier_fn(move |token: String| {
        let grant = (token == TOKEN).then(|| grant.clone());
        async move { Ok::<_, VerifyError>(grant) }
    })))
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
        return router
            .route(&template, on(filter, async |Path(parameters): Path<Vec<(String, String)>>| answer(&parameters)));
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
    let handler = async |_: Permit<R>, Path(parameters): Path<Vec<(String, String)>>| answer(&parameters);
    router.route(&template, on(filter, handler))
}

fn place(route: Route<'static>) -> (MethodFilter, String) {
    let method = http::Method::from_bytes(route.method().as_bytes()).unwrap_or_default();
    (MethodFilter::try_from(method).unwrap_or(MethodFilter::GET), route.template())
}

fn answer(parameters: &[(String, String)]) -> String {
    parameters.iter().map(|(_, value)| value.len()).sum::<usize>().to_string()
}
