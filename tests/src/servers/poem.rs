//! poem: permits alone, with gates around the endpoints, and inside its normalising middleware.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use http::Method;
use poem::endpoint::BoxEndpoint;
use poem::listener::{Acceptor, TcpAcceptor};
use poem::middleware::{Cors, NormalizePath, TrailingSlash};
use poem::web::Path;
use poem::{EndpointExt, FromRequest, IntoResponse, Request, RequestBody, Response, Result, Route, RouteMethod};
use scopes::poem::{Authenticate, Gate};
use scopes::{Grant, Permit, Required};
use tokio::net::TcpListener;

use crate::server::{AcceptsAll, Endpoint, Facts, Kit, Layers, Register, Running, Served, ServerUnderTest};

/// Permits alone.
#[derive(Clone, Copy, Debug)]
pub struct PoemPermits;

/// A gate around every endpoint, within the routes.
#[derive(Clone, Copy, Debug)]
pub struct PoemGate;

/// Permits inside the middleware that drops trailing slashes.
#[derive(Clone, Copy, Debug)]
pub struct PoemNormalised;

const FACTS: Facts = Facts { nests_below_parameters: false, ..Facts::PLAIN };

impl ServerUnderTest for PoemPermits {
    const NAME: &'static str = "poem, permits";
    const FACTS: Facts = FACTS;

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let routes = routes(&kit, |endpoint| endpoint);
        served(authenticated(&kit, routes)).await
    }
}

impl ServerUnderTest for PoemGate {
    const NAME: &'static str = "poem, gates";
    const FACTS: Facts = Facts { judges_public: true, ..FACTS };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let routes = routes(&kit, |endpoint| endpoint.with(Gate::<S>::new()).boxed());
        served(authenticated(&kit, routes)).await
    }
}

impl ServerUnderTest for PoemNormalised {
    const NAME: &'static str = "poem, NormalizePath";
    const FACTS: Facts = Facts { folds_slashes: true, ..FACTS };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let routes = routes(&kit, |endpoint| endpoint);
        served(authenticated(&kit, routes).with(NormalizePath::new(TrailingSlash::Trim)).boxed()).await
    }
}

type Boxed = BoxEndpoint<'static, Response>;

fn authenticated<S: Served>(kit: &Kit<S>, routes: Route) -> Boxed {
    let right = kit.authenticate();
    let app = match kit.layers {
        Layers::Missing => routes.boxed(),
        Layers::One => routes.with(right).boxed(),
        Layers::Stale => routes.with(right).with(Authenticate::<S>::new(AcceptsAll)).boxed(),
    };
    if kit.cors { app.with(Cors::new()).map_to_response().boxed() } else { app }
}

/// Methods by path, and paths by mount.
#[derive(Default)]
struct Routes(BTreeMap<String, BTreeMap<String, Vec<(Method, Boxed)>>>);

fn routes<S: Served>(kit: &Kit<S>, wrap: fn(Boxed) -> Boxed) -> Route {
    let mut routes = Routes::default();
    kit.register(&mut routes);
    routes.0.into_iter().fold(Route::new(), |all, (mount, paths)| {
        let add = |route: Route, (path, methods): (String, Vec<(Method, Boxed)>)| {
            let methods = methods
                .into_iter()
                .fold(RouteMethod::new(), |all, (method, endpoint)| all.method(method, wrap(endpoint)));
            route.at(path, methods)
        };
        if mount.is_empty() {
            paths.into_iter().fold(all, add)
        } else {
            all.nest(mount, paths.into_iter().fold(Route::new(), add))
        }
    })
}

impl Routes {
    fn add<E: poem::Endpoint + 'static>(&mut self, endpoint: &Endpoint, handler: E) {
        let method = Method::from_bytes(endpoint.method().as_bytes()).expect("a method");
        let paths = self.0.entry(endpoint.mount().to_owned()).or_default();
        paths.entry(pattern(endpoint.path())).or_default().push((method, handler.map_to_response().boxed()));
    }
}

/// `/{name}/{*rest}` as `/:name/*rest`.
fn pattern(path: &str) -> String {
    path.replace("{*", "*").replace('{', ":").replace('}', "")
}

struct Guarded<R>(Endpoint, PhantomData<fn() -> R>);

impl<R: Required> poem::Endpoint for Guarded<R> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (request, mut body) = request.split();
        let permit = Permit::<R>::from_request(&request, &mut body).await?;
        let parameters = parameters(&self.0, &request, &mut body).await?;
        let text = text(&self.0, &request, &mut body).await?;
        Ok(self.0.guarded(&permit, parameters, text.as_deref())?.into_response())
    }
}

struct Authenticated<S>(Endpoint, PhantomData<fn() -> S>);

impl<S: Served> poem::Endpoint for Authenticated<S> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (request, mut body) = request.split();
        let grant = Grant::<S>::from_request(&request, &mut body).await?;
        let parameters = parameters(&self.0, &request, &mut body).await?;
        Ok(self.0.authenticated(&grant, parameters, None).into_response())
    }
}

struct Open(Endpoint);

impl poem::Endpoint for Open {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (request, mut body) = request.split();
        let parameters = parameters(&self.0, &request, &mut body).await?;
        let text = text(&self.0, &request, &mut body).await?;
        Ok(self.0.open(parameters, text.as_deref()).into_response())
    }
}

/// poem's extractor gives values in the order of the path. The names come from the template.
async fn parameters(endpoint: &Endpoint, request: &Request, body: &mut RequestBody) -> Result<Vec<(String, String)>> {
    let template = endpoint.template();
    let names = template.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let names: Vec<String> = names.map(|name| name.trim_start_matches('*').to_owned()).collect();
    let Path(values) = Path::<Vec<String>>::from_request(request, body).await?;
    assert_eq!(names.len(), values.len(), "{template}");
    Ok(names.into_iter().zip(values).collect())
}

async fn text(endpoint: &Endpoint, request: &Request, body: &mut RequestBody) -> Result<Option<String>> {
    if endpoint.takes_body() { Ok(Some(String::from_request(request, body).await?)) } else { Ok(None) }
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

async fn served(app: Boxed) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let acceptor = TcpAcceptor::from_tokio(listener).expect("a listener");
    let address = *acceptor.local_addr()[0].as_socket_addr().expect("an address");
    Running::task(
        address,
        tokio::spawn(async move {
            let _ = poem::Server::new_with_acceptor(acceptor).run(app).await;
        }),
    )
}
