//! The API of the examples on axum, documented with aide: the permit writes the operation's
//! `security`, and the catalogue adds the answers of the guard and the texts about scopes.
//! `cargo run -p example-aide`, then `curl localhost:3000/openapi.json`.

use aide::axum::{ApiRouter, routing::get};
use aide::openapi::OpenApi;
use axum::Json;
use axum::extract::Path;
use scopes::export::openapi::{Document, MergeError};
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
    public("the document of this API") { GET "/openapi.json" as document; }
}

#[requires(api::users.read as permit)]
async fn list_users() -> String {
    format!("the users of {}\n", permit.tenant().unwrap_or_default())
}

#[requires(api::users.read as permit)]
async fn show_user(Path((environment, user)): Path<(String, String)>) -> String {
    format!("{user} of {environment}, shown to {}\n", permit.subject().unwrap_or_default())
}

#[requires(api::users.write)]
async fn create_user(Path(environment): Path<String>, name: String) -> String {
    format!("{name} is now in {environment}\n")
}

async fn me(caller: api::Grant) -> String {
    format!("{}\n", caller.subject().unwrap_or_default())
}

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

fn app() -> Result<scopes::axum::Gated<api::Scope>, MergeError> {
    let mut document = OpenApi::default();
    let router = ApiRouter::new()
        .api_route("/environments/{environment}/users", get(list_users).post(create_user))
        .api_route("/environments/{environment}/users/{user}", get(show_user))
        .api_route("/me", get(me))
        .api_route("/health", get(health))
        .finish_api(&mut document);
    // An error if a permit demands something else than the catalogue.
    Document::new(api::CATALOGUE.untyped()).show_scopes().merge_into_aide(&mut document, false)?;
    let router = router.route("/openapi.json", axum::routing::get(|| async { Json(document) }));
    Ok(api::gate(router).authenticate(verifier_fn(verify)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", include_str!("../../try.txt"));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app()?).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
