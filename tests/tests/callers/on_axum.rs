use axum::extract::Path;
use axum::routing::get;
use axum::{Router, body::Body};
use scopes::requires;
use tower::ServiceExt;

use super::{Runtime, Server, Setup, answer, api, greeted, permitted, request};

#[requires(api::packages.read as permit)]
async fn list() -> String {
    permitted(&permit)
}

#[requires(api::packages.write as permit)]
async fn create() -> String {
    permitted(&permit)
}

#[requires(api::packages.export as permit)]
async fn export() -> String {
    permitted(&permit)
}

#[requires(api::packages.read as permit)]
async fn compared(Path(owner): Path<String>) -> Result<String, scopes::Denied> {
    permit.same_tenant(&owner)?;
    Ok(permitted(&permit))
}

async fn greeting(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
async fn peek(caller: api::Caller) -> String {
    greeted(&caller)
}

#[requires(api::packages.read)]
async fn held(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

async fn me(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

fn router() -> Router {
    Router::new()
        .route("/start", get(|| async { "start" }))
        .route("/greeting", get(greeting))
        .route("/known", get(me))
        .route("/me", get(me))
        .route("/whoami", get(greeting))
        .route("/peek", get(peek))
        .route("/held", get(held))
        .route("/undeclared", get(greeting))
        .route("/packages", get(list).post(create))
        .route("/packages/export", get(export))
        .route("/packages/{id}", get(compared))
        .route("/drafts/{id}", get(list))
        .route("/accounts/{account}/packages", get(list))
}

pub(super) fn served<S>(app: S) -> Server
where
    S: tower::Service<http::Request<Body>, Response = axum::response::Response, Error = std::convert::Infallible>
        + Clone
        + 'static,
{
    let runtime = Runtime::new();
    Box::new(move |ask| {
        let app = app.clone();
        runtime.run(async { answer(app.oneshot(request(ask)).await.unwrap()).await })
    })
}

pub(super) fn with_permits(setup: &Setup) -> Server {
    served(router().layer(setup.authenticate.clone()))
}

pub(super) fn gated(setup: &Setup) -> Server {
    served(api::gate(router()).authenticate(setup.authenticate.clone()))
}

pub(super) fn gated_apart(setup: &Setup) -> Server {
    let gated = api::gate(router()).layer(tower::layer::util::Identity::new());
    served(gated.layer(setup.authenticate.clone()))
}
