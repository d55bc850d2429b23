//! aide beside the guard, on axum: the permit writes the operation's `security`. The document:
//! `curl localhost:3000/openapi.json`

use aide::axum::{ApiRouter, routing::get};
use aide::openapi::OpenApi;
use axum::Json;
use axum::extract::{Path, State};
use scopes::aide::{SECURITY_SCHEME, security_scheme};
use scopes::tower::Authenticate;
use scopes::{VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// What a token of this API may do.
    mod api;

    tenant environment;

    /// Read users.
    users.read { GET "/environments/:environment/users"; }
    /// Read everything.
    all.read { GET "/environments/:environment/users"; }
    authenticated("who am I") { GET "/me"; }
    public("the document") { GET "/openapi.json"; }
}

#[requires(any(api::users.read, api::all.read), GET "/environments/:environment/users")]
async fn list_users(Path(environment): Path<String>, State(names): State<Vec<String>>) -> Json<Vec<String>> {
    Json(names.into_iter().map(|name| format!("{name} in {environment}")).collect())
}

async fn me(caller: api::Grant) -> String {
    caller.subject().unwrap_or("nobody").to_owned()
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    Ok((token == "secret").then(|| api::Grant::new(api::Scope::UsersRead).for_tenant("E1")).transpose()?)
}

fn app() -> scopes::axum::Gated<api::Scope> {
    let mut document = OpenApi::default();
    let router = ApiRouter::new()
        .api_route("/environments/{environment}/users", get(list_users))
        .api_route("/me", get(me))
        .finish_api_with(&mut document, |document| document.security_scheme(SECURITY_SCHEME, security_scheme()));
    let router = router.route("/openapi.json", axum::routing::get(|| async { Json(document) }));
    let router = router.with_state(vec!["ada".to_owned()]);
    api::gate(router).layer(Authenticate::<api::Scope>::new(verifier_fn(verify)))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app().into_make_service()).await
}

#[cfg(test)]
mod tests;
