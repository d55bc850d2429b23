//! warp: permits as filters, authentication and the gate as tower layers in front.

use std::convert::Infallible;

use http::{Request, Response};
use http_body::Body;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use scopes::tower::{Authenticate, Gate};
use scopes::warp::{Guard, grant, recover};
use scopes::{Denied, Grant, Permit, Required};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::{Layer, Service};
use tower_http::cors::CorsLayer;
use warp::filters::BoxedFilter;
use warp::{Filter, Reply};

use super::hyper::{decoded, specificity};
use crate::server::{AcceptsAll, Endpoint, Facts, Kit, Layers, Register, Running, Served, ServerUnderTest};

/// Permits alone.
#[derive(Clone, Copy, Debug)]
pub struct WarpPermits;

/// Permits below the gate.
#[derive(Clone, Copy, Debug)]
pub struct WarpGate;

const FACTS: Facts = Facts { folds_slashes: true, head_is_get: false, tries_handlers: true, ..Facts::PLAIN };

impl ServerUnderTest for WarpPermits {
    const NAME: &'static str = "warp, permits";
    const FACTS: Facts = FACTS;

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let service = warp::service(filters(&kit));
        authenticated(&kit, service).await
    }
}

impl ServerUnderTest for WarpGate {
    const NAME: &'static str = "warp, tower gate";
    const FACTS: Facts = Facts { gated: true, judges_public: true, ..FACTS };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let service = Gate::<S>::new().layer(warp::service(filters(&kit)));
        authenticated(&kit, service).await
    }
}

async fn authenticated<S, H, B>(kit: &Kit<S>, handlers: H) -> Running
where
    S: Served,
    H: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    H::Future: Send,
    B: Body<Data = Bytes> + Default + Send + 'static,
    B::Error: std::error::Error + Send + Sync,
{
    let right = kit.authenticate();
    match kit.layers {
        Layers::Missing => with_cors(kit.cors, handlers).await,
        Layers::One => with_cors(kit.cors, right.layer(handlers)).await,
        Layers::Stale => with_cors(kit.cors, Authenticate::<S>::new(AcceptsAll).layer(right.layer(handlers))).await,
    }
}

async fn with_cors<A, B>(cors: bool, app: A) -> Running
where
    A: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    A::Future: Send,
    B: Body<Data = Bytes> + Default + Send + 'static,
    B::Error: std::error::Error + Send + Sync,
{
    if cors { served(CorsLayer::permissive().layer(app)).await } else { served(app).await }
}

async fn served<A, B>(app: A) -> Running
where
    A: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + Sync + 'static,
    A::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: std::error::Error + Send + Sync,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(app.clone());
            connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            while connections.try_join_next().is_some() {}
        }
    });
    Running::task(address, server)
}

type Answer = warp::reply::Response;
type Parameters = Vec<(String, String)>;

#[derive(Default)]
struct Routes(Vec<(Endpoint, BoxedFilter<(Answer,)>)>);

/// The most specific path first, because warp tries one filter after another.
fn filters<S: Served>(kit: &Kit<S>) -> BoxedFilter<(Answer,)> {
    let mut routes = Routes::default();
    kit.register(&mut routes);
    routes.0.sort_by_key(|(endpoint, _)| specificity(&endpoint.template()));
    let none = warp::any().and_then(async || Err::<Answer, _>(warp::reject::not_found())).boxed();
    let all = routes.0.into_iter().rev().fold(none, |all, (_, filter)| filter.or(all).unify().boxed());
    all.recover(recover).map(Reply::into_response).boxed()
}

/// Compares the path first, so that an unknown path is answered with 404, and another method of a
/// known path with 405.
fn request(endpoint: &Endpoint) -> BoxedFilter<(Parameters,)> {
    let mut filter = warp::any().map(Parameters::new).boxed();
    for segment in endpoint.template().split('/').skip(1) {
        let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
            filter = filter.and(warp::path(segment.to_owned())).boxed();
            continue;
        };
        let value = match name.strip_prefix('*') {
            Some(_) => warp::path::tail()
                .and_then(async |tail: warp::path::Tail| match tail.as_str() {
                    "" => Err(warp::reject::not_found()),
                    tail => Ok(tail.to_owned()),
                })
                .boxed(),
            None => warp::path::param::<String>().boxed(),
        };
        let name = name.trim_start_matches('*').to_owned();
        filter = filter
            .and(value)
            // warp leaves decoding to the handler.
            .and_then(move |mut parameters: Parameters, value: String| {
                let value = decoded(&value).ok_or_else(warp::reject::not_found);
                let parameter = value.map(|value| (name.clone(), value));
                std::future::ready(parameter.map(|parameter| {
                    parameters.push(parameter);
                    parameters
                }))
            })
            .boxed();
    }
    let method = match endpoint.method() {
        "GET" => warp::get().boxed(),
        "HEAD" => warp::head().boxed(),
        "POST" => warp::post().boxed(),
        "PUT" => warp::put().boxed(),
        "PATCH" => warp::patch().boxed(),
        "DELETE" => warp::delete().boxed(),
        method => panic!("no catalogue of the suite has {method}"),
    };
    filter.and(warp::path::end()).and(method).boxed()
}

fn body(endpoint: &Endpoint) -> BoxedFilter<(Option<String>,)> {
    if endpoint.takes_body() {
        warp::body::bytes().map(|body: Bytes| Some(String::from_utf8_lossy(&body).into_owned())).boxed()
    } else {
        warp::any().map(|| None).boxed()
    }
}

impl<S: Served> Register<S> for Routes {
    fn guarded<R: Required<Scope = S>>(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        let handler = request(&endpoint).guarded().and(body(&endpoint)).map(
            move |permit: Permit<R>, parameters, body: Option<String>| {
                let answer: Result<String, Denied> = this.guarded(&permit, parameters, body.as_deref());
                answer.map_or_else(Reply::into_response, Reply::into_response)
            },
        );
        self.0.push((endpoint, handler.boxed()));
    }

    fn authenticated(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        let handler = request(&endpoint)
            .and(grant::<S>())
            .map(move |parameters, grant: Grant<S>| this.authenticated(&grant, parameters, None).into_response());
        self.0.push((endpoint, handler.boxed()));
    }

    fn open(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        let handler = request(&endpoint)
            .and(body(&endpoint))
            .map(move |parameters, body: Option<String>| this.open(parameters, body.as_deref()).into_response());
        self.0.push((endpoint, handler.boxed()));
    }
}
