//! An axum server with the dashboard's 128 routes: `end-to-end bare|permit|gate` prints its address
//! and serves until it is killed.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use axum::{Router, ServiceExt};
use http::{Request, header};
use scopes::tower::Authenticate;
use scopes::{Denied, Permit, Required, Route, VerifyError, verifier_fn};
use tower::Service;
use tower::util::BoxCloneSyncService;

/// The dashboard's own declaration.
#[path = "../../../examples/dashboard/src/catalogue.rs"]
mod catalogue;

use catalogue::api::{self, permits::*};

const TENANT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const TOKEN: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match *arguments.as_slice() {
        ["requests"] => requests().for_each(|(method, path)| println!("{method} {path}")),
        // Without the network, for counting instructions.
        [mode, rounds] => runtime.block_on(called(app(mode)?, rounds.parse()?))?,
        [mode] => runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            println!("{}", listener.local_addr()?);
            axum::serve(listener, app(mode)?.into_make_service()).await?;
            Ok::<_, Box<dyn std::error::Error>>(())
        })?,
        _ => return Err("usage: end-to-end bare|permit|gate [ROUNDS] | requests".into()),
    }
    Ok(())
}

/// One type for all, at the same small price for each.
type App = BoxCloneSyncService<Request<Body>, Response, Infallible>;

fn app(mode: &str) -> Result<App, Box<dyn std::error::Error>> {
    match mode {
        "bare" => Ok(BoxCloneSyncService::new(router(false))),
        "permit" => Ok(BoxCloneSyncService::new(router(true).layer(authenticate()?))),
        "gate" => Ok(BoxCloneSyncService::new(api::gate(router(true)).layer(authenticate()?))),
        other => Err(format!("`{other}` is none of `bare`, `permit`, `gate`").into()),
    }
}

async fn called(mut app: App, rounds: usize) -> Result<(), Box<dyn std::error::Error>> {
    let requests: Vec<_> = requests().collect();
    for _ in 0..rounds {
        for (method, path) in &requests {
            let request = Request::builder().method(*method).uri(path);
            let request = request.header(header::AUTHORIZATION, format!("Bearer {TOKEN}")).body(Body::empty())?;
            let answer = Service::<Request<Body>>::call(&mut app, request).await?;
            if answer.status() != 200 {
                return Err(format!("{method} {path}: {}", answer.status()).into());
            }
        }
    }
    println!("{}", requests.len());
    Ok(())
}

/// One request a route: method and path.
fn requests() -> impl Iterator<Item = (&'static str, String)> {
    routes().map(|route| {
        let template = route.template();
        let path = template.split('/').map(|segment| match segment {
            "{environmentId}" => TENANT,
            _ if segment.starts_with('{') => "3b241101-e2bb-4255-8caf-4136c566a962",
            _ => segment,
        });
        (route.method(), path.collect::<Vec<_>>().join("/"))
    })
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
