//! The whole service: which router takes which credentials, and how the server runs and stops.

use std::convert::Infallible;
use std::future::IntoFuture as _;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use scopes::tower::Authenticate;
use scopes::{Scope, Settings, Verifier};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::app::App;
use crate::catalogue::api;
use crate::handlers::user_tokens;
use crate::render::DocumentedErrors;
use crate::routes;
use crate::session_catalogue::dashboard;

/// The greatest number of bytes of a body that the server reads.
pub const BODY_LIMIT: usize = 16 * 1024;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a token stays in the database after its end.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// How long running requests may still take after the server was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Two gated routers side by side, each with the authentication of its own catalogue. Only the
/// verifier of the route's catalogue sees a credential. The gate of the larger router denies paths
/// that neither router knows, also outside of `/api/v0`.
pub fn router(app: &App) -> Router {
    let tokens = routes::api().layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(app.clone());
    let tokens = api::gate(tokens).layer(authenticate(app.token_verifier()));

    let sessions =
        Router::new().route("/tokens", get(user_tokens::list_user_tokens).post(user_tokens::create_user_token));
    let sessions = sessions.layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(app.clone());
    let sessions = dashboard::gate(sessions).layer(authenticate(app.session_verifier()));

    Router::new().nest_service("/api/v0/user", sessions).fallback_service(tokens)
}

fn authenticate<S: Scope>(verifier: impl Verifier<S>) -> Authenticate<S> {
    Authenticate::new(verifier).settings(Settings::new().renderer(DocumentedErrors).strict())
}

/// Deletes tokens that ended long ago, at the start and then once a day, so that users who make and
/// delete tokens do not fill the disk.
async fn clean_up_daily(app: &App) -> Infallible {
    loop {
        if let Err(error) = app.store.clean_up(KEPT).await {
            eprintln!("tokens that ended long ago were not deleted: {error}");
        }
        tokio::time::sleep(DAY).await;
    }
}

/// Serves until `stop` ends, then finishes the running requests and closes the database.
///
/// # Errors
///
/// If the listener fails.
pub async fn serve(listener: TcpListener, app: App, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let service = axum::serve(listener, router(&app)).with_graceful_shutdown(async move {
        stop.await;
        // Sending cannot fail: the receiver is dropped only after this future has ended.
        let _ended = stopping.send(());
    });
    let served = tokio::select! {
        served = service.into_future() => served,
        // A client that never finishes its request must not keep the server running.
        () = async { let _stopping = stopped.await; tokio::time::sleep(GRACE).await } => Ok(()),
        never = clean_up_daily(&app) => match never {},
    };
    app.store.close().await;
    served
}
