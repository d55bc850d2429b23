//! hyper with tower layers: the gate finds the route by the raw target, handlers ask the request
//! for their permits.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use scopes::tower::{Authenticate, Gate};
use scopes::{Carrier, Required, check};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::{Layer, Service};
use tower_http::cors::CorsLayer;

use crate::server::{AcceptsAll, Endpoint, Facts, Kit, Layers, Register, Running, Served, ServerUnderTest};

/// The gate in front, permits from the carrier.
#[derive(Clone, Copy, Debug)]
pub struct HyperGate;

/// Permits from the carrier alone.
#[derive(Clone, Copy, Debug)]
pub struct HyperCarrier;

impl ServerUnderTest for HyperGate {
    const NAME: &'static str = "hyper, tower gate, carrier";
    const FACTS: Facts = Facts { gated: true, judges_public: true, text_beside_parameters: true, ..Facts::PLAIN };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let handlers = Gate::<S>::new().layer(router(&kit));
        authenticated(&kit, handlers).await
    }
}

impl ServerUnderTest for HyperCarrier {
    const NAME: &'static str = "hyper, carrier";
    const FACTS: Facts = Facts { text_beside_parameters: true, ..Facts::PLAIN };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let handlers = router(&kit);
        authenticated(&kit, handlers).await
    }
}

type Answer = Response<Full<Bytes>>;
type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;
type Handler = Arc<dyn Fn(Request<Incoming>, Vec<(String, String)>) -> Answering + Send + Sync>;

async fn authenticated<S, H>(kit: &Kit<S>, handlers: H) -> Running
where
    S: Served,
    H: Service<Request<Incoming>, Response = Answer, Error = Infallible> + Clone + Send + Sync + 'static,
    H::Future: Send,
{
    let right = kit.authenticate();
    match kit.layers {
        Layers::Missing => with_cors(kit.cors, handlers).await,
        Layers::One => with_cors(kit.cors, right.layer(handlers)).await,
        Layers::Stale => {
            let outer = Authenticate::<S>::new(AcceptsAll);
            with_cors(kit.cors, outer.layer(right.layer(handlers))).await
        }
    }
}

async fn with_cors<A>(cors: bool, app: A) -> Running
where
    A: Service<Request<Incoming>, Response = Answer, Error = Infallible> + Clone + Send + Sync + 'static,
    A::Future: Send,
{
    if cors { served(CorsLayer::permissive().layer(app)).await } else { served(app).await }
}

async fn served<A>(app: A) -> Running
where
    A: Service<Request<Incoming>, Response = Answer, Error = Infallible> + Clone + Send + Sync + 'static,
    A::Future: Send,
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

/// A minimal router: it matches raw segments, the most specific template first, and decodes
/// parameters once.
#[derive(Clone)]
struct Router(Arc<[(Endpoint, Handler)]>);

fn router<S: Served>(kit: &Kit<S>) -> Router {
    let mut routes = Routes(Vec::new());
    kit.register(&mut routes);
    routes.0.sort_by_cached_key(|(endpoint, _)| specificity(&endpoint.template()));
    Router(routes.0.into())
}

impl Service<Request<Incoming>> for Router {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let method = request.method().as_str();
        let path = request.uri().path();
        let matching = || self.0.iter().filter_map(|route| Some((route, matched(&route.0.template(), path)?)));
        let serves = |found: &str| found == method || (method == "HEAD" && found == "GET");
        let mut found = matching().find(|((endpoint, _), _)| serves(endpoint.method()));
        if let Some(((get, _), _)) = &found {
            // If both are on one template, HEAD comes before GET.
            let own = matching().find(|((endpoint, _), _)| endpoint.method() == method);
            if own.as_ref().is_some_and(|((own, _), _)| own.template() == get.template()) {
                found = own;
            }
        }
        match found {
            Some(((_, handler), parameters)) => {
                let answer = handler(request, parameters);
                Box::pin(async { Ok(answer.await) })
            }
            None => {
                let mut answer = Answer::default();
                *answer.status_mut() =
                    if matching().next().is_some() { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::NOT_FOUND };
                Box::pin(async { Ok(answer) })
            }
        }
    }
}

/// Orders templates: literals first, then text beside a parameter, then parameters, then
/// catch-alls.
pub(super) fn specificity(template: &str) -> Vec<(u8, usize)> {
    let rank = |segment: &str| match (segment.find("{*"), segment.find('{')) {
        (Some(_), _) => (3, 0),
        (None, None) => (0, 0),
        (None, Some(_)) if segment.starts_with('{') && segment.ends_with('}') => (2, 0),
        (None, Some(_)) => (1, usize::MAX - segment.len()),
    };
    template.split('/').map(rank).collect()
}

fn matched(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let mut segments = path.split('/');
    for template in template.split('/') {
        let segment = segments.next()?;
        let (Some(start), Some(end)) = (template.find('{'), template.find('}')) else {
            if segment != template {
                return None;
            }
            continue;
        };
        let name = &template[start + 1..end];
        if let Some(name) = name.strip_prefix('*') {
            let rest = std::iter::once(segment).chain(segments).collect::<Vec<_>>().join("/");
            parameters.push((name.to_owned(), decoded(&rest)?));
            return (!segment.is_empty()).then_some(parameters);
        }
        let value = segment.strip_prefix(&template[..start])?.strip_suffix(&template[end + 1..])?;
        if value.is_empty() {
            return None;
        }
        parameters.push((name.to_owned(), decoded(value)?));
    }
    segments.next().is_none().then_some(parameters)
}

pub(super) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(match byte {
            b'%' => u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?,
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

struct Routes(Vec<(Endpoint, Handler)>);

impl Routes {
    fn add(
        &mut self,
        endpoint: &Endpoint,
        handler: impl Fn(Request<Incoming>, Vec<(String, String)>) -> Answering + Send + Sync + 'static,
    ) {
        self.0.push((endpoint.clone(), Arc::new(handler)));
    }
}

fn answer(text: String) -> Answer {
    Response::new(text.into())
}

async fn body(request: Request<Incoming>) -> String {
    let bytes = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

impl<S: Served> Register<S> for Routes {
    fn guarded<R: Required<Scope = S>>(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        self.add(&endpoint, move |request, parameters| {
            let this = this.clone();
            Box::pin(async move {
                let permit = match Carrier::<S>::permit::<R>(&request) {
                    Ok(permit) => permit,
                    Err(denied) => return denied.into(),
                };
                let body = if this.takes_body() { Some(body(request).await) } else { None };
                match this.guarded(&permit, parameters, body.as_deref()) {
                    Ok(text) => answer(text),
                    Err(denied) => denied.into(),
                }
            })
        });
    }

    fn authenticated(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        self.add(&endpoint, move |request, parameters| {
            let this = this.clone();
            Box::pin(async move {
                let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
                match check::grant::<S>(request.extensions(), check::Facts::new(request.method(), target)) {
                    Ok(grant) => answer(this.authenticated(&grant, parameters, None)),
                    Err(denied) => denied.into(),
                }
            })
        });
    }

    fn open(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        self.add(&endpoint, move |request, parameters| {
            let this = this.clone();
            Box::pin(async move {
                let body = if this.takes_body() { Some(body(request).await) } else { None };
                answer(this.open(parameters, body.as_deref()))
            })
        });
    }
}
