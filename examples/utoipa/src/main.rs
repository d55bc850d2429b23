//! The API of the examples on axum, documented with utoipa: the permit is not a parameter of the
//! operation, and the catalogue writes `security` and the answers of the guard.
//! `cargo run -p example-utoipa`, then `curl localhost:3000/openapi.json`.

use axum::extract::Path;
use axum::{Json, Router, routing::get};
use scopes::export::openapi::Document;
use scopes::{VerifyError, requires, verifier_fn};
use utoipa::{Modify, OpenApi};

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
    public("the document of this API") { GET "/openapi.json" as document; }
}

/// List users.
#[requires(api::users.read)]
#[utoipa::path(get, path = "/environments/{environment}/users", responses((status = 200, body = String)))]
async fn list_users(Path(environment): Path<String>) -> String {
    format!("the users of {environment}\n")
}

/// Show a user.
#[requires(api::users.read as permit)]
#[utoipa::path(get, path = "/environments/{environment}/users/{user}", responses((status = 200, body = String)))]
async fn show_user(Path((environment, user)): Path<(String, String)>) -> String {
    format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default())
}

/// Add a user.
#[requires(api::users.write)]
#[utoipa::path(post, path = "/environments/{environment}/users", request_body = String,
    responses((status = 200, body = String)))]
async fn create_user(Path(environment): Path<String>, name: String) -> String {
    format!("{name} is now in {environment}\n")
}

async fn me(caller: api::Grant) -> String {
    format!("{}\n", caller.subject().unwrap_or_default())
}

async fn health() -> &'static str {
    "ok\n"
}

#[derive(OpenApi)]
#[openapi(paths(list_users, show_user, create_user), modifiers(&Permissions))]
struct Documented;

struct Permissions;

impl Modify for Permissions {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        Document::new(api::CATALOGUE.untyped()).show_scopes().modify(document);
    }
}

async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Documented::openapi())
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

fn app() -> scopes::axum::Gated<api::Scope> {
    let router = Router::new()
        .route("/environments/{environment}/users", get(list_users).post(create_user))
        .route("/environments/{environment}/users/{user}", get(show_user))
        .route("/me", get(me))
        .route("/health", get(health))
        .route("/openapi.json", get(document));
    api::gate(router).authenticate(verifier_fn(verify))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    print!("{}", include_str!("../../try.txt"));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app()).await
}

#[cfg(test)]
mod tests;
