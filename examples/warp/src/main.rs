//! The API of the examples on warp: `cargo run -p example-warp`.

use std::convert::Infallible;

use hyper::{body::Bytes, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use scopes::tower::{Authenticate, Gate};
use scopes::warp::{Guard, grant, recover};
use scopes::{VerifyError, requires, verifier_fn};
use tokio::net::TcpListener;
use tower::Layer;
use warp::{Filter, path};

scopes::scopes! {
    /// The permissions of this API's tokens.
    mod api;

    tenant environment;

    /// Read users.
    users.read {
        GET "/environments/{environment}/users" as list_users;
        GET "/environments/{environment}/users/{user}" as show_user;
    }
    /// Add users.
    users.write { POST "/environments/{environment}/users" as create_user; }
    authenticated("who am I") { GET "/me" as me; }
    public("liveness probe") { GET "/health" as health; }
}

#[requires(api::users.read as permit)]
async fn list_users(_: String) -> Result<String, Infallible> {
    Ok(format!("the users of {}\n", permit.tenant().unwrap_or_default()))
}

#[requires(api::users.read as permit)]
async fn show_user(environment: String, user: String) -> Result<String, Infallible> {
    Ok(format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default()))
}

#[requires(api::users.write)]
async fn create_user(environment: String, name: Bytes) -> Result<String, Infallible> {
    Ok(format!("{} is now in {environment}\n", String::from_utf8_lossy(&name)))
}

async fn me(caller: api::Grant) -> Result<String, Infallible> {
    Ok(format!("{}\n", caller.subject().unwrap_or_default()))
}

async fn health() -> Result<&'static str, Infallible> {
    Ok("ok\n")
}

/// Stands in for a look-up in a database.
async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes: api::Scopes = match &*token {
        "reader" => api::Scope::UsersRead.into(),
        "writer" => api::Scope::UsersRead | api::Scope::UsersWrite,
        _ => return Ok(None),
    };
    Ok(Some(api::Grant::new(scopes).for_tenant("E1")?.with_subject(token)))
}

async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let users = path!("environments" / String / "users");
    let list = users.and(warp::get()).guarded().and_then(list_users);
    let show = path!("environments" / String / "users" / String).and(warp::get()).guarded().and_then(show_user);
    let create = users.and(warp::post()).guarded().and(warp::body::bytes()).and_then(create_user);
    let me = path!("me").and(warp::get()).and(grant()).and_then(me);
    let health = path!("health").and(warp::get()).and_then(health);
    let service = warp::service(list.or(show).or(create).or(me).or(health).recover(recover));
    let gate = Gate::<api::Scope>::new();
    let app = Authenticate::<api::Scope>::new(verifier_fn(verify)).layer(gate.layer(service));
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    print!("{}", include_str!("../../try.txt"));
    serve(TcpListener::bind("127.0.0.1:3000").await?).await
}

#[cfg(test)]
mod tests;
