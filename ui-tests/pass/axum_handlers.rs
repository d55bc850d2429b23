use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Router, body::Bytes};
use scopes::axum::{Gated, guard};
use scopes::{Denied, Permit, requires};

scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read { GET "/environments/:environmentId/users"; }
    users.write { POST "/environments/:environmentId/users"; }
    authenticated("who am I") { GET "/me"; }
}

#[requires(api::users.read, GET "/environments/:environmentId/users")]
async fn list(Path(environment): Path<String>) -> String {
    environment
}

#[requires(any(api::users.write, api::users.read) as permit, stricter)]
async fn create(_: Path<String>, body: Bytes) -> Result<String, Denied> {
    permit.same_tenant("e1")?;
    Ok(format!("{} bytes", body.len()))
}

async fn by_hand(_: Permit<api::permits::UsersRead>) {}

async fn me(grant: api::Grant) -> String {
    grant.subject().unwrap_or_default().to_owned()
}

#[requires(api::users.read)]
async fn raw(#[grant] request: axum::extract::Request) -> axum::response::Response {
    axum::response::IntoResponse::into_response(request.uri().to_string())
}

fn app() -> Gated<api::Scope> {
    let users = "/environments/{environmentId}/users";
    let router = Router::new()
        .route(users, get(list).post(create))
        .route("/me", get(me))
        .route("/raw", get(raw))
        .route("/hand", get(by_hand).post(guard::<api::permits::UsersWrite, _>(|| async {})))
        .route("/put", post(|_: Permit<api::permits::UsersWrite>| async {}));
    api::gate(router)
}

fn main() {
    let _ = app().into_make_service();
}
