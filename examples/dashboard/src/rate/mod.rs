//! Rate limits: by address before a credential is looked at, and by token once it is verified. And
//! what one address may have open at once.
//!
//! A token that is not verified is never a key, because attackers choose it.

use core::cell::Cell;
use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use scopes::{Authentication, DecisionEvent, Denial, Scope};

use crate::metrics::{Limit, Metrics};
use crate::server::Peer;
use crate::settings::{Rates, Settings};
use crate::wire::ErrorBody;

mod address;
mod at_once;
mod limiter;
mod store;

pub(crate) use at_once::Place;

use at_once::AtOnce;
use limiter::Limiter;

/// How often the keys of clients that have gone are forgotten.
const PRUNE_INTERVAL: Duration = Duration::from_secs(5);

tokio::task_local! {
    /// Whether a verifier has refused the credential of this task's request. The pages do not say
    /// so by the status: they lead to the page that begins a session.
    static IS_REFUSED: Cell<bool>;
}

/// The limits of one server; clones share their counters.
#[derive(Clone, Debug)]
pub(crate) struct RateLimits(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    tokens: Limiter<String>,
    addresses: Limiter<IpAddr>,
    failures: Limiter<IpAddr>,
    /// Connections of clients, or the running requests of the clients of a proxy.
    at_once: AtOnce,
    behind_proxy: bool,
    metrics: Metrics,
}

impl RateLimits {
    pub(crate) fn new(settings: &Settings, metrics: Metrics) -> Self {
        let Rates { token, address, failures } = settings.rates;
        Self(Arc::new(Shared {
            tokens: Limiter::per_minute(token),
            addresses: Limiter::per_minute(address),
            failures: Limiter::per_minute(failures),
            at_once: AtOnce::new(settings.limits.connections_per_address),
            behind_proxy: settings.behind_proxy,
            metrics,
        }))
    }

    /// Takes a place for a connection. Returns `None` if its address has as many as it may have.
    ///
    /// All connections of a proxy have its address, so there the places are for running requests.
    /// HTTP/1.1 runs one request at a time on each connection, so a client gets as much either way.
    pub(crate) fn connect(&self, peer: IpAddr) -> Option<Place> {
        if self.0.behind_proxy {
            return Some(Place::free());
        }
        let place = self.0.at_once.enter(address::network(peer));
        if place.is_none() {
            self.0.metrics.rate_limited(Limit::Connections);
        }
        place
    }

    /// Takes a place for a request of a proxy's client.
    fn run(&self, address: IpAddr) -> Option<Place> {
        if self.0.behind_proxy { self.0.at_once.enter(address) } else { Some(Place::free()) }
    }

    /// Counts a request of a caller that the gate has refused. Its handler never runs, so
    /// [`limit_tokens`] does not see it. Tells [`limit_addresses`] of a bad credential.
    pub(crate) fn count_denied(&self, event: &DecisionEvent<'_>) {
        if matches!(event.denial(), Some(Denial::CredentialsInvalid)) {
            // The files of the pages are not limited.
            let _not_limited = IS_REFUSED.try_with(|is_refused| is_refused.set(true));
        }
        if let (false, Some(key)) = (event.is_allowed(), event.token_id()) {
            let _exceeded = self.0.tokens.count(&key.to_owned());
        }
    }

    /// Forgets old keys, again and again.
    pub(crate) async fn prune_always(&self) -> core::convert::Infallible {
        loop {
            tokio::time::sleep(PRUNE_INTERVAL).await;
            self.0.tokens.prune();
            self.0.addresses.prune();
            self.0.failures.prune();
        }
    }

    fn exceeded(&self, limit: Limit, wait: Duration) -> Response {
        self.0.metrics.rate_limited(limit);
        // Whole seconds, rounded up: a client that waits so long is not refused again.
        let seconds = wait.as_secs().saturating_add(1);
        let headers = [
            (header::RETRY_AFTER, HeaderValue::from(seconds)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let body = Json(ErrorBody::new("Too Many Requests".to_owned()));
        (StatusCode::TOO_MANY_REQUESTS, headers, body).into_response()
    }
}

/// Limits the requests of an address, and those that were answered with 401. Lies outside of the
/// gates, so a refused request reaches no verifier.
pub(crate) async fn limit_addresses(State(limits): State<RateLimits>, request: Request, next: Next) -> Response {
    // Only tests call the router without a connection. They share one address.
    let peer = request.extensions().get().map_or(Ipv4Addr::UNSPECIFIED.into(), |&Peer(peer)| peer);
    let address = address::client(peer, request.headers(), limits.0.behind_proxy);
    if let Err(wait) = limits.0.addresses.count(&address) {
        return limits.exceeded(Limit::Address, wait);
    }
    if let Err(wait) = limits.0.failures.has_room(&address) {
        return limits.exceeded(Limit::Failures, wait);
    }
    let Some(_place) = limits.run(address) else { return limits.exceeded(Limit::Connections, Duration::ZERO) };
    let answered = IS_REFUSED.scope(Cell::new(false), async {
        let response = next.run(request).await;
        let is_failure = response.status() == StatusCode::UNAUTHORIZED || IS_REFUSED.with(Cell::get);
        (response, is_failure)
    });
    let (response, is_failure) = answered.await;
    if is_failure {
        let _exceeded = limits.0.failures.count(&address);
    }
    response
}

/// Limits the requests of a token, or of an administrator's sessions. Lies inside of a gate, which
/// has verified the caller.
pub(crate) async fn limit_tokens<S: Scope>(State(limits): State<RateLimits>, request: Request, next: Next) -> Response {
    let key = match Authentication::<S>::of(request.extensions()) {
        Some(Authentication::Granted(grant)) => grant.token_id().or(grant.subject()).map(str::to_owned),
        _ => None,
    };
    match key.map(|key| limits.0.tokens.count(&key)) {
        Some(Err(wait)) => limits.exceeded(Limit::Token, wait),
        _ => next.run(request).await,
    }
}
