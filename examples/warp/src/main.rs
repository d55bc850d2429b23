//! warp: `curl -i -H 'Authorization: Bearer secret' localhost:3000/environments/E1/users`

use std::convert::Infallible;

use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use scopes::tower::{Authenticate, Gate};
use scopes::warp::{Guard, recover};
use scopes::{VerifyError, requires, verifier_fn};
use tower::Layer;
use warp::Filter;

scopes::scopes! {
    /// What a token of this API may do.
    mod api;

    tenant environment;

    /// Read users.
    users.read { GET "/environments/:environment/users"; }
    /// Change users.
    users.write { POST "/environments/:environment/users"; }
    public("liveness probe") { GET "/health"; }
}

#[requires(api::users.read as permit, GET "/environments/:environment/users")]
async fn list_users(_: String) -> Result<String, Infallible> {
    Ok(format!("the users of {}", permit.tenant().unwrap_or("nobody")))
}

#[requires(api::users.write, POST "/environments/:environment/users")]
async fn create_user(_: String, name: String) -> Result<String, Infallible> {
    Ok(format!("created {name}"))
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    if token != "secret" {
        return Ok(None);
    }
    Ok(Some(api::Grant::new(api::Scope::UsersRead).for_tenant("E1")?))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let users = warp::path!("environments" / String / "users");
    let list = users.and(warp::get()).guarded().and_then(list_users);
    let create = users.and(warp::post()).guarded().and(warp::body::json()).and_then(create_user);
    let health = warp::path!("health").and(warp::get()).map(|| "ok");
    let service = warp::service(list.or(create).or(health).recover(recover));
    let app = Authenticate::<api::Scope>::new(verifier_fn(verify)).layer(Gate::<api::Scope>::new().layer(service));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
