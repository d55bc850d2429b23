//! axum: `curl -i -H 'Authorization: Bearer secret' localhost:3000/environments/E1/users`

use axum::extract::Path;
use axum::{Router, routing::get};
use scopes::axum::guard;
use scopes::tower::Authenticate;
use scopes::{VerifyError, requires, verifier_fn};

scopes::scopes! {
    /// What a token of this API may do.
    mod api;

    tenant environment;

    /// Read users.
    users.read {
        GET "/environments/:environment/users";
        GET "/environments/:environment/users/:user";
    }
    /// Change users.
    users.write { POST "/environments/:environment/users"; }
    authenticated("who am I") { GET "/me"; }
    public("liveness probe") { GET "/health"; }
}

#[requires(api::users.read as permit, GET "/environments/:environment/users")]
async fn list_users() -> String {
    format!("the users of {}", permit.tenant().unwrap_or("nobody"))
}

#[requires(api::users.read, GET "/environments/:environment/users/:user")]
async fn show_user(Path((environment, user)): Path<(String, String)>) -> String {
    format!("{user} of {environment}")
}

async fn me(caller: api::Grant) -> String {
    caller.subject().unwrap_or("nobody").to_owned()
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    if token != "secret" {
        return Ok(None);
    }
    Ok(Some(api::Grant::new(api::Scope::UsersRead).for_tenant("E1")?.with_subject("ada")))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let create = guard::<api::permits::UsersWrite, _>(|name: String| async move { format!("created {name}") });
    let users = Router::new().route("/", get(list_users).post(create)).route("/{user}", get(show_user));
    let router = Router::new()
        .nest("/environments/{environment}/users", users)
        .route("/me", get(me))
        .route("/health", get(|| async { "ok" }));
    let app = api::gate(router).layer(Authenticate::<api::Scope>::new(verifier_fn(verify)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app.into_make_service()).await
}
