//! What an operator sees of a request: an id, one line of the log, and counters.
//!
//! The line has the template of the route and the ids of caller and token. It never has the path,
//! the query, a header or a body, because these may hold secrets.

use core::cell::RefCell;
use core::time::Duration;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use scopes::DecisionEvent;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::metrics::{Metrics, reason};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// What the gates have said about the request of this task.
    static SEEN: RefCell<Seen>;
}

#[derive(Clone, Debug, Default)]
struct Seen {
    route: String,
    method: &'static str,
    denial: &'static str,
    subject: String,
    token_id: String,
}

/// Keeps what a decision says about the request, for its line in the log.
pub(crate) fn decided(event: &DecisionEvent<'_>) {
    let seen = Seen {
        route: event.route().map(scopes::Route::template).unwrap_or_default(),
        method: event.route().map(scopes::Route::method).unwrap_or_default(),
        denial: if event.is_allowed() { "" } else { event.denial().map_or("misconfigured", reason) },
        subject: event.subject().unwrap_or_default().to_owned(),
        token_id: event.token_id().unwrap_or_default().to_owned(),
    };
    // Tests call the router without this layer.
    let _unobserved = SEEN.try_with(|kept| kept.replace(seen));
}

/// Gives the request an id, and writes its line and its counters once it is answered.
pub(super) async fn observe(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    // A client's own id is not taken over, because two requests could then have the same one.
    let id = Uuid::new_v4().to_string();
    let (began, running) = (Instant::now(), metrics.running());
    let method = known(request.method());
    let span = tracing::info_span!("request", id);
    let answered = SEEN.scope(RefCell::default(), async {
        let response = next.run(request).await;
        let seen = SEEN.with(RefCell::take);
        write(&metrics, seen, method, response.status(), began.elapsed());
        response
    });
    let mut response = answered.instrument(span).await;
    drop(running);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn write(metrics: &Metrics, seen: Seen, method: &'static str, status: StatusCode, duration: Duration) {
    let Seen { route, method: of_route, denial, subject, token_id } = seen;
    let present = |text: &str| (!text.is_empty()).then(|| tracing::field::display(text.to_owned()));
    tracing::info!(
        method,
        route = present(&route),
        status = status.as_u16(),
        milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        denial = present(denial),
        subject = present(&subject),
        token_id = present(&token_id),
        "answered"
    );
    metrics.answered(route, if of_route.is_empty() { method } else { of_route }, status, duration);
}

/// The method, or `other`: clients may send any word.
fn known(method: &Method) -> &'static str {
    const KNOWN: [(&Method, &str); 7] = [
        (&Method::GET, "GET"),
        (&Method::HEAD, "HEAD"),
        (&Method::POST, "POST"),
        (&Method::PUT, "PUT"),
        (&Method::PATCH, "PATCH"),
        (&Method::DELETE, "DELETE"),
        (&Method::OPTIONS, "OPTIONS"),
    ];
    KNOWN.iter().find(|(known, _)| *known == method).map_or("other", |(_, name)| name)
}
