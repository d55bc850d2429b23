//! hyper: the gate is the router too.
//! `curl -i -H 'Authorization: Bearer secret' localhost:3000/environments/E1/users`

use std::convert::Infallible;

use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use scopes::tower::{Authenticate, Gate};
use scopes::{Denied, VerifyError, requires, verifier_fn};
use tower::{Layer, service_fn};

scopes::scopes! {
    /// What a token of this API may do.
    mod api;
    tenant environment;

    users.read { GET "/environments/:environment/users" as list_users; }
    users.write { DELETE "/environments/:environment/users/:user" as delete_user; }
    public("liveness probe") { GET "/health" as health; }
}

#[requires(api::users.read as permit, GET "/environments/:environment/users")]
async fn list_users(#[grant] request: Request<Incoming>) -> Result<Response<String>, Denied> {
    let (environment, query) = (permit.tenant().unwrap_or("nobody"), request.uri().query().unwrap_or_default());
    Ok(Response::new(format!("the users of {environment} {query}")))
}

#[requires(api::users.write, DELETE "/environments/:environment/users/:user")]
async fn delete_user(#[grant] request: Request<Incoming>, user: &str) -> Result<Response<String>, Denied> {
    Ok(Response::new(format!("{user} is gone, says {}", request.uri().path())))
}

async fn dispatch(request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let found = api::CATALOGUE.at(request.method(), &target).ok();
    let user = found.as_ref().and_then(|found| found.parameter("user"));
    let answer = match found.as_ref().map(|found| found.route().name()) {
        Some("list_users") => list_users(request).await,
        Some("delete_user") => delete_user(request, &user.unwrap_or_default()).await,
        Some("health") => Ok(Response::new("ok".to_owned())),
        _ => Ok(Response::builder().status(404).body(String::new()).unwrap_or_default()),
    };
    Ok(answer.unwrap_or_else(Into::into))
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    Ok((token == "secret").then(|| api::Grant::new(api::Scope::UsersRead).for_tenant("E1")).transpose()?)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let gate = Gate::<api::Scope>::new().layer(service_fn(dispatch));
    let app = Authenticate::<api::Scope>::new(verifier_fn(verify)).layer(gate);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
