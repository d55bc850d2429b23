//! axum: with permits alone, below the gate, and below a layer that normalises paths.

use std::collections::BTreeMap;

use axum::extract::{RawPathParams, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, Router, on};
use axum::{ServiceExt, serve};
use http::Method;
use scopes::tower::Authenticate;
use scopes::{Grant, Permit, Required};
use tokio::net::TcpListener;
use tower::Layer;
use tower_http::cors::CorsLayer;
use tower_http::normalize_path::NormalizePathLayer;

use crate::server::{AcceptsAll, Endpoint, Facts, Kit, Layers, Register, Running, Served, ServerUnderTest};

/// Permits alone: only authentication is in front of the handlers.
#[derive(Clone, Copy, Debug)]
pub struct AxumPermits;

/// Permits below the gate.
#[derive(Clone, Copy, Debug)]
pub struct AxumGate;

/// Permits below the gate, and the gate below a layer that drops trailing slashes.
#[derive(Clone, Copy, Debug)]
pub struct AxumNormalised;

/// Permits without a gate below that layer.
#[derive(Clone, Copy, Debug)]
pub struct AxumNormalisedPermits;

impl ServerUnderTest for AxumPermits {
    const NAME: &'static str = "axum, permits";
    const FACTS: Facts = Facts::PLAIN;

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        served(permits(&kit)).await
    }
}

impl ServerUnderTest for AxumGate {
    const NAME: &'static str = "axum, gate";
    const FACTS: Facts = Facts { gated: true, judges_public: true, ..Facts::PLAIN };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        served(gated(&kit)).await
    }
}

impl ServerUnderTest for AxumNormalised {
    const NAME: &'static str = "axum, gate, NormalizePath";
    const FACTS: Facts = Facts { gated: true, judges_public: true, folds_slashes: true, ..Facts::PLAIN };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        served(NormalizePathLayer::trim_trailing_slash().layer(gated(&kit))).await
    }
}

impl ServerUnderTest for AxumNormalisedPermits {
    const NAME: &'static str = "axum, permits, NormalizePath";
    const FACTS: Facts = Facts { folds_slashes: true, ..Facts::PLAIN };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        served(NormalizePathLayer::trim_trailing_slash().layer(permits(&kit))).await
    }
}

fn permits<S: Served>(kit: &Kit<S>) -> Router {
    let router = router(kit);
    let right = kit.authenticate();
    let router = match kit.layers {
        Layers::Missing => router,
        Layers::One => router.layer(right),
        Layers::Stale => router.layer(right).layer(Authenticate::<S>::new(AcceptsAll)),
    };
    if kit.cors { router.layer(CorsLayer::permissive()) } else { router }
}

fn gated<S: Served>(kit: &Kit<S>) -> scopes::axum::Gated<S> {
    let router = scopes::axum::gate::<S>(router(kit));
    let right = kit.authenticate();
    let router = match kit.layers {
        Layers::Missing => router,
        Layers::One => router.layer(right),
        Layers::Stale => router.layer(right).layer(Authenticate::<S>::new(AcceptsAll)),
    };
    if kit.cors { router.layer(CorsLayer::permissive()) } else { router }
}

fn router<S: Served>(kit: &Kit<S>) -> Router {
    let mut routes = Routes::default();
    kit.register(&mut routes);
    routes.0.into_iter().fold(Router::new(), |all, (mount, router)| {
        if mount.is_empty() { all.merge(router) } else { all.nest(&mount, router) }
    })
}

async fn served<A>(app: A) -> Running
where
    A: tower::Service<Request, Response = Response, Error = std::convert::Infallible> + Clone + Send + Sync + 'static,
    A::Future: Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = serve(listener, ServiceExt::<Request>::into_make_service(app));
    Running::task(
        address,
        tokio::spawn(async move {
            let _ = server.await;
        }),
    )
}

/// Routers by mount.
#[derive(Default)]
struct Routes(BTreeMap<String, Router>);

impl Routes {
    fn add<T: 'static>(&mut self, endpoint: &Endpoint, handler: impl Handler<T, ()>) {
        let method = Method::from_bytes(endpoint.method().as_bytes()).expect("a method");
        let filter = MethodFilter::try_from(method).expect("a method that axum knows");
        let router = self.0.remove(endpoint.mount()).unwrap_or_default();
        self.0.insert(endpoint.mount().to_owned(), router.route(endpoint.path(), on(filter, handler)));
    }
}

fn seen(parameters: &RawPathParams) -> Vec<(String, String)> {
    parameters.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl<S: Served> Register<S> for Routes {
    fn guarded<R: Required<Scope = S>>(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        if endpoint.takes_body() {
            self.add(&endpoint, async move |permit: Permit<R>, parameters: RawPathParams, body: String| {
                this.guarded(&permit, seen(&parameters), Some(&body)).map_err(IntoResponse::into_response)
            });
        } else {
            self.add(&endpoint, async move |permit: Permit<R>, parameters: RawPathParams| {
                this.guarded(&permit, seen(&parameters), None).map_err(IntoResponse::into_response)
            });
        }
    }

    fn authenticated(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        self.add(&endpoint, async move |grant: Grant<S>, parameters: RawPathParams| {
            this.authenticated(&grant, seen(&parameters), None)
        });
    }

    fn open(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        self.add(&endpoint, async move |parameters: RawPathParams, body: String| {
            this.open(seen(&parameters), this.takes_body().then_some(&*body))
        });
    }
}
