//! The API of the examples on salvo: `cargo run -p example-salvo`.

use salvo::prelude::*;
use scopes::salvo::{Authenticate, Gate};
use scopes::{VerifyError, requires, verifier_fn};

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
#[handler]
async fn list_users() -> String {
    format!("the users of {}\n", permit.tenant().unwrap_or_default())
}

#[requires(api::users.read as permit)]
#[handler]
async fn show_user(request: &mut Request) -> String {
    let user: String = request.param("user").unwrap_or_default();
    let (environment, subject) = (permit.tenant().unwrap_or_default(), permit.subject().unwrap_or_default());
    format!("{user} of {environment}, shown to {subject}\n")
}

#[requires(api::users.write as permit)]
#[handler]
async fn create_user(request: &mut Request) -> Result<String, StatusError> {
    let name = request.payload().await.map_err(|_| StatusError::bad_request())?;
    let name = String::from_utf8_lossy(name);
    Ok(format!("{name} is now in {}\n", permit.tenant().unwrap_or_default()))
}

#[handler]
async fn me(caller: api::Grant) -> String {
    format!("{}\n", caller.subject().unwrap_or_default())
}

#[handler]
async fn health() -> &'static str {
    "ok\n"
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

fn app() -> Service {
    let users = Router::with_path("environments/{environment}/users").get(list_users).post(create_user);
    let users = users.push(Router::with_path("{user}").get(show_user));
    let router =
        Router::new().push(users).push(Router::with_path("me").get(me)).push(Router::with_path("health").get(health));
    let authenticate = Authenticate::<api::Scope>::new(verifier_fn(verify));
    Service::new(router).hoop(authenticate).hoop(Gate::<api::Scope>::new())
}

#[tokio::main]
async fn main() {
    print!("{}", include_str!("../../try.txt"));
    Server::new(TcpListener::new("127.0.0.1:3000").bind().await).serve(app()).await;
}

#[cfg(test)]
mod tests;
