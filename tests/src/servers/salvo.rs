//! salvo: permits alone, and below the gate as a hoop of the service.

use std::marker::PhantomData;

use salvo_core::conn::{Acceptor, Listener, TcpListener};
use salvo_core::extract::Extractible;
use salvo_core::{Depot, FlowCtrl, Handler, Request, Response, Router, Server, Service, Writer, async_trait};
use salvo_cors::Cors;
use scopes::salvo::{Authenticate, Gate};
use scopes::{Denied, Grant, Permit, Required};

use super::hyper::specificity;
use crate::server::{AcceptsAll, Endpoint, Facts, Kit, Layers, Register, Running, Served, ServerUnderTest};

/// Permits alone.
#[derive(Clone, Copy, Debug)]
pub struct SalvoPermits;

/// Permits below the gate.
#[derive(Clone, Copy, Debug)]
pub struct SalvoGate;

const FACTS: Facts = Facts {
    judges_public: true,
    decodes_before_routing: true,
    folds_slashes: true,
    head_is_get: false,
    // Handlers would see the last of two parameters with one name.
    repeated_names: false,
    text_beside_parameters: true,
    ..Facts::PLAIN
};

impl ServerUnderTest for SalvoPermits {
    const NAME: &'static str = "salvo, permits";
    const FACTS: Facts = FACTS;

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let service = authenticated(&kit);
        served(service).await
    }
}

impl ServerUnderTest for SalvoGate {
    const NAME: &'static str = "salvo, gate";
    const FACTS: Facts = Facts { gated: true, ..FACTS };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let service = authenticated(&kit).hoop(Gate::<S>::new());
        served(service).await
    }
}

fn authenticated<S: Served>(kit: &Kit<S>) -> Service {
    let service = Service::new(router(kit));
    let service = if kit.cors { service.hoop(Cors::permissive().into_handler()) } else { service };
    let right = kit.authenticate();
    match kit.layers {
        Layers::Missing => service,
        Layers::One => service.hoop(right),
        Layers::Stale => service.hoop(Authenticate::<S>::new(AcceptsAll)).hoop(right),
    }
}

#[derive(Default)]
struct Routes(Vec<(Endpoint, Router)>);

/// salvo takes the first route that matches, so the most specific come first.
fn router<S: Served>(kit: &Kit<S>) -> Router {
    let mut routes = Routes::default();
    kit.register(&mut routes);
    routes.0.sort_by_key(|(endpoint, _)| specificity(&endpoint.template()));
    routes.0.into_iter().fold(Router::new(), |all, (endpoint, router)| {
        if endpoint.mount().is_empty() {
            all.push(router)
        } else {
            all.push(Router::with_path(path(endpoint.mount())).push(router))
        }
    })
}

fn path(path: &str) -> String {
    path.trim_start_matches('/').replace("{*", "{**")
}

impl Routes {
    fn add(&mut self, endpoint: &Endpoint, handler: impl Handler) {
        let router = Router::with_path(path(endpoint.path()));
        let router = match endpoint.method() {
            "GET" => router.get(handler),
            "HEAD" => router.head(handler),
            "POST" => router.post(handler),
            "PUT" => router.put(handler),
            "PATCH" => router.patch(handler),
            "DELETE" => router.delete(handler),
            method => panic!("no catalogue of the suite has {method}"),
        };
        self.0.push((endpoint.clone(), router));
    }
}

struct Guarded<R>(Endpoint, PhantomData<fn() -> R>);

impl<R: Required> Guarded<R> {
    async fn answer(&self, request: &mut Request, depot: &mut Depot) -> Result<String, Denied> {
        let permit = Permit::<R>::extract(request, depot).await?;
        let text = text(&self.0, request).await;
        self.0.guarded(&permit, parameters(request), text.as_deref())
    }
}

#[async_trait]
impl<R: Required> Handler for Guarded<R> {
    async fn handle(&self, request: &mut Request, depot: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
        let answer = self.answer(request, depot).await;
        answer.write(request, depot, response).await;
    }
}

struct Authenticated<S>(Endpoint, PhantomData<fn() -> S>);

#[async_trait]
impl<S: Served> Handler for Authenticated<S> {
    async fn handle(&self, request: &mut Request, depot: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
        let grant = Grant::<S>::extract(request, depot).await;
        let answer = grant.map(|grant| self.0.authenticated(&grant, parameters(request), None));
        answer.write(request, depot, response).await;
    }
}

struct Open(Endpoint);

#[async_trait]
impl Handler for Open {
    async fn handle(&self, request: &mut Request, _: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
        let text = text(&self.0, request).await;
        response.render(self.0.open(parameters(request), text.as_deref()));
    }
}

fn parameters(request: &Request) -> Vec<(String, String)> {
    request.params().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

async fn text(endpoint: &Endpoint, request: &mut Request) -> Option<String> {
    if !endpoint.takes_body() {
        return None;
    }
    let body = request.payload().await.expect("a body");
    Some(String::from_utf8_lossy(body).into_owned())
}

impl<S: Served> Register<S> for Routes {
    fn guarded<R: Required<Scope = S>>(&mut self, endpoint: Endpoint) {
        self.add(&endpoint.clone(), Guarded::<R>(endpoint, PhantomData));
    }

    fn authenticated(&mut self, endpoint: Endpoint) {
        self.add(&endpoint.clone(), Authenticated::<S>(endpoint, PhantomData));
    }

    fn open(&mut self, endpoint: Endpoint) {
        self.add(&endpoint.clone(), Open(endpoint));
    }
}

async fn served(service: Service) -> Running {
    let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().expect("an address");
    Running::task(address, tokio::spawn(Server::new(acceptor).serve(service)))
}
