//! The whole service: which router takes which credentials, and how the server runs and stops.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use scopes::tower::Authenticate;
use scopes::{Scope, Settings, Verifier};
use tokio::net::TcpListener;

use crate::app::App;
use crate::catalogue::api;
use crate::cors::cors;
use crate::docs;
use crate::handlers::user_tokens;
use crate::openapi;
use crate::page;
use crate::page::catalogue::pages;
use crate::rate::{self, Place, RateLimits};
use crate::render::DocumentedErrors;
use crate::routes;
use crate::session_catalogue::dashboard;
use crate::usage::UsageFile;

mod connections;
mod health;
mod named;
mod observe;
mod times;

pub(crate) use connections::Peer;
pub use named::{HANDLER, HANDLER_TENANT};

/// The greatest number of bytes of a body that the server reads.
pub const BODY_LIMIT: usize = 16 * 1024;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a token stays in the database after its end.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Two gated routers side by side, each with the authentication of its own catalogue. Only the
/// verifier of the route's catalogue sees a credential. The gate of the larger router denies paths
/// that neither router knows, also outside of `/api/v0`.
///
/// What belongs to no catalogue lies in the router around them, each path by name.
pub fn router(app: &App) -> Router {
    router_with(app, &RateLimits::new(&app.settings, app.metrics.clone()))
}

fn router_with(app: &App, limits: &RateLimits) -> Router {
    let by_token = from_fn_with_state(limits.clone(), rate::limit_tokens::<api::Scope>);
    let names = app.settings.name_handlers;
    let handlers = if names { routes::api().layer(from_fn(named::name::<api::Scope>)) } else { routes::api() };
    let tokens = handlers.layer(by_token).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(app.clone());
    let tokens = api::gate(tokens).layer(authenticate(app, limits, app.token_verifier()));
    let tokens = Router::new().fallback_service(tokens).layer(from_fn_with_state(app.clone(), cors));

    let sessions =
        Router::new().route("/tokens", get(user_tokens::list_user_tokens).post(user_tokens::create_user_token));
    let sessions = if names { sessions.layer(from_fn(named::name::<dashboard::Scope>)) } else { sessions };
    let by_subject = from_fn_with_state(limits.clone(), rate::limit_tokens::<dashboard::Scope>);
    let sessions = sessions.layer(by_subject).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(app.clone());
    let sessions = dashboard::gate(sessions).layer(authenticate(app, limits, app.session_verifier()));

    let by_visitor = from_fn_with_state(limits.clone(), rate::limit_tokens::<pages::Scope>);
    let visited = page::routes().layer(by_visitor).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(app.clone());
    let visited = pages::gate(visited).layer(page::authenticate(app, settings(app, limits)));

    let body_time = app.settings.limits.body_time;
    let answer_time = app.settings.limits.answer_time;
    let soon = from_fn(move |request, next| times::limit_answer(answer_time, request, next));
    let in_time = from_fn(move |request, next| times::limit_body(body_time, request, next));
    let by_address = from_fn_with_state(limits.clone(), rate::limit_addresses);
    let visited = page::protect(app, visited).layer(in_time.clone()).layer(soon.clone());
    let visited = page::with_error_pages(app, visited.layer(from_fn_with_state(limits.clone(), limit_pages)));
    let limited = Router::new()
        .route("/ready", get(health::ready))
        .route("/openapi.json", openapi::route(&app.settings.public_url))
        .with_state(app.clone())
        .merge(docs::router())
        .route("/docs/picker.json", get(page::picker_json))
        .nest_service("/api/v0/user", sessions)
        .fallback_service(tokens)
        .layer(in_time)
        .layer(soon)
        .layer(by_address);
    Router::new()
        .route("/health", get(health::health))
        .nest_service("/dashboard", visited)
        .fallback_service(limited)
        .layer(from_fn_with_state(app.metrics.clone(), observe::observe))
}

/// Limits the requests of an address for pages, but not those that read their files: no verifier is
/// asked about them.
async fn limit_pages(State(limits): State<RateLimits>, request: Request, next: Next) -> Response {
    if page::is_asset(request.method(), request.uri().path()) {
        return next.run(request).await;
    }
    rate::limit_addresses(State(limits), request, next).await
}

fn authenticate<S: Scope>(app: &App, limits: &RateLimits, verifier: impl Verifier<S>) -> Authenticate<S> {
    Authenticate::new(verifier).settings(settings(app, limits).renderer(DocumentedErrors))
}

fn settings(app: &App, limits: &RateLimits) -> Settings {
    let (metrics, limits, usage) = (app.metrics.clone(), limits.clone(), app.usage.clone());
    Settings::new().strict().on_decision(move |event| {
        metrics.decided(event);
        limits.count_denied(event);
        observe::decided(event);
        if let Some(usage) = &usage {
            usage.record(event);
        }
    })
}

/// At the start and then once a day: deletes tokens that ended long ago, so that users who make and
/// delete tokens do not fill the disk, and takes over messages of an older version.
async fn clean_up_daily(app: &App) -> Infallible {
    loop {
        if let Err(error) = app.store.clean_up(KEPT).await {
            tracing::error!(%error, "tokens that ended long ago were not deleted");
        }
        if let Err(error) = app.store.adopt_messages().await {
            tracing::error!(%error, "messages of an older version were not taken over");
        }
        tokio::time::sleep(DAY).await;
    }
}

/// Serves until `stop` ends, then finishes the running requests within
/// [`Limits::grace`](crate::settings::Limits::grace), and closes the database within the same time.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()>) {
    let limits = RateLimits::new(&app.settings, app.metrics.clone());
    let (router, connect) = (router_with(&app, &limits), |peer| limits.connect(peer));
    let serving = connections::serve(listener, router, app.settings.limits, connect, stop);
    tokio::select! {
        () = serving => {}
        never = clean_up_daily(&app) => match never {},
        never = limits.prune_always() => match never {},
        never = health::watch(&app.store.database) => match never {},
        never = UsageFile::write_always(app.usage.as_ref()) => match never {},
    }
    if let Some(usage) = &app.usage {
        usage.write().await;
    }
    if tokio::time::timeout(app.settings.limits.grace, app.store.close()).await.is_err() {
        tracing::error!("the database does not answer, so the last uses of tokens may not be written");
    }
}

/// Serves the metrics on a listener of their own, until the future is dropped.
pub async fn serve_metrics(listener: TcpListener, app: &App) {
    let (router, limits) = (app.metrics.router(), app.settings.limits);
    // All of its clients are programs of this machine.
    let connect = |_| Some(Place::free());
    connections::serve(listener, router, limits, connect, core::future::pending()).await;
}
