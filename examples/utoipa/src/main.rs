//! utoipa beside the guard, on axum: the permit is no parameter of the operation. The document:
//! `curl localhost:3000/openapi.json`

use axum::extract::{Path, State};
use axum::{Json, Router, routing::get};
use scopes::tower::Authenticate;
use scopes::{VerifyError, requires, verifier_fn};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

scopes::scopes! {
    /// What a token of this API may do.
    mod api;

    tenant environment;

    /// Read users.
    users.read { GET "/environments/:environment/users"; }
    public("the document") { GET "/openapi.json"; }
}

/// List users.
#[requires(api::users.read as permit)]
#[utoipa::path(get, path = "/environments/{environment}/users", responses((status = 200, body = Vec<String>)),
    security(("token" = [api::Scope::UsersRead.as_str()])))]
async fn list_users(Path(environment): Path<String>, State(names): State<Vec<String>>) -> Json<Vec<String>> {
    let subject = permit.subject().unwrap_or("nobody").to_owned();
    Json(names.into_iter().chain([format!("{subject} in {environment}")]).collect())
}

#[derive(OpenApi)]
#[openapi(paths(list_users))]
struct Documented;

fn document() -> utoipa::openapi::OpenApi {
    let mut document = Documented::openapi();
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    document.components.get_or_insert_default().add_security_scheme("token", bearer);
    document
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    Ok((token == "secret").then(|| api::Grant::new(api::Scope::UsersRead).for_tenant("E1")).transpose()?)
}

fn app() -> scopes::axum::Gated<api::Scope> {
    let users = Router::new().route("/environments/{environment}/users", get(list_users));
    let router = users.route("/openapi.json", get(|| async { Json(document()) })).with_state(vec!["ada".to_owned()]);
    api::gate(router).layer(Authenticate::<api::Scope>::new(verifier_fn(verify)))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app().into_make_service()).await
}

#[cfg(test)]
mod tests;
