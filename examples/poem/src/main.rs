//! The API of the examples on poem: `cargo run -p example-poem`.

use poem::listener::TcpListener;
use poem::web::Path;
use poem::{Endpoint, EndpointExt, Response, Route, Server, get, handler};
use scopes::poem::{Authenticate, Gate};
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
async fn show_user(Path((environment, user)): Path<(String, String)>) -> String {
    format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default())
}

#[requires(api::users.write)]
#[handler]
async fn create_user(Path(environment): Path<String>, name: String) -> String {
    format!("{name} is now in {environment}\n")
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

fn app() -> impl Endpoint<Output = Response> {
    let gate = Gate::<api::Scope>::new();
    Route::new()
        .at("/environments/:environment/users", get(list_users).post(create_user).with(gate.clone()))
        .at("/environments/:environment/users/:user", get(show_user).with(gate.clone()))
        .at("/me", get(me).with(gate))
        .at("/health", get(health))
        .with(Authenticate::<api::Scope>::new(verifier_fn(verify)))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    print!("{}", include_str!("../../try.txt"));
    Server::new(TcpListener::bind("127.0.0.1:3000")).run(app()).await
}

#[cfg(test)]
mod tests;
