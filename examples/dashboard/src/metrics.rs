//! Metrics for Prometheus, served on a port of loopback of their own.
//!
//! Labels are templates, statuses and reasons. They are never taken from a request, so clients can
//! neither put ids into them nor make new time series.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use scopes::{DecidedBy, DecisionEvent, DecisionOutcome, Denial};

/// The type of the `OpenMetrics` text format.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// From one millisecond to the time that a body may take.
const SECONDS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 20.0];

/// The counters of one server; clones share them.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Histogram,
    running: Gauge,
    decisions: Family<Decided, Counter>,
    rate_limited: Family<Limited, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    /// The template of the catalogue's route; empty for paths outside of both catalogues.
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decided {
    route: String,
    method: &'static str,
    by: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limited {
    limit: Limit,
}

/// The limit that a client has exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(crate) enum Limit {
    Token,
    Address,
    Failures,
    Connections,
}

impl Metrics {
    /// All counters at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("dashboard");
        let (requests, decisions, rate_limited) = (Family::default(), Family::default(), Family::default());
        let (durations, running) = (Histogram::new(SECONDS), Gauge::default());
        registry.register("requests", "Answers, by route and status", requests.clone());
        let help = "Time from a request's head to the answer's head";
        registry.register_with_unit("request_duration", help, Unit::Seconds, durations.clone());
        registry.register("requests_running", "Requests without an answer yet", running.clone());
        registry.register("decisions", "Verdicts on requests, by route and reason", decisions.clone());
        registry.register("rate_limited", "Requests refused with 429, by limit", rate_limited.clone());
        Self(Arc::new(Shared { registry, requests, durations, running, decisions, rate_limited }))
    }

    /// Counts a verdict of a gate or a permit.
    pub(crate) fn decided(&self, event: &DecisionEvent<'_>) {
        let by = match event.decided_by() {
            // The gate has counted the request.
            DecidedBy::Permit if event.is_allowed() => return,
            DecidedBy::Permit => "permit",
            _ => "gate",
        };
        let outcome = match event.outcome() {
            DecisionOutcome::Allowed => "allowed",
            DecisionOutcome::Reported(denial) | DecisionOutcome::Denied(denial) => reason(denial),
            _ => "misconfigured",
        };
        let (route, method) = event.route().map(|route| (route.template(), route.method())).unwrap_or_default();
        self.0.decisions.get_or_create(&Decided { route, method, by, outcome }).inc();
    }

    /// Counts an answer. The route is empty if none was found.
    pub(crate) fn answered(&self, route: String, method: &'static str, status: StatusCode, duration: Duration) {
        self.0.requests.get_or_create(&Answered { route, method, status: status.as_u16() }).inc();
        self.0.durations.observe(duration.as_secs_f64());
    }

    /// Counts a request as running until the guard is dropped.
    pub(crate) fn running(&self) -> Running {
        self.0.running.inc();
        Running(self.0.running.clone())
    }

    pub(crate) fn rate_limited(&self, limit: Limit) {
        self.0.rate_limited.get_or_create(&Limited { limit }).inc();
    }

    /// Serves `/metrics`. Only a listener on loopback should get this router.
    pub(crate) fn router(&self) -> Router {
        Router::new().route("/metrics", get(write)).with_state(self.clone())
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

async fn write(State(metrics): State<Metrics>) -> Response {
    let mut text = String::new();
    match text::encode(&mut text, &metrics.0.registry) {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS), (header::CACHE_CONTROL, "no-store")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A request that runs.
#[derive(Debug)]
pub(crate) struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A word for each reason.
pub(crate) const fn reason(denial: Denial) -> &'static str {
    match denial {
        Denial::TargetMalformed(_) => "target_malformed",
        Denial::TargetTooLong => "target_too_long",
        Denial::CredentialsAbsent => "credentials_absent",
        Denial::CredentialsMalformed => "credentials_malformed",
        Denial::CredentialsInvalid => "credentials_invalid",
        Denial::CrossSite => "cross_site",
        Denial::VerifierUnavailable => "verifier_unavailable",
        Denial::VerifierFailed => "verifier_failed",
        Denial::RouteNotFound => "route_not_found",
        Denial::MethodNotAllowed(_) => "method_not_allowed",
        Denial::ScopeMissing => "scope_missing",
        Denial::OtherTenant => "other_tenant",
        _ => "other",
    }
}
