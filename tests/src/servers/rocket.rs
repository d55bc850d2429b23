//! rocket with permits alone, because a gate does not exist for it.

use std::cmp::Reverse;
use std::marker::PhantomData;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::thread;

use rocket::config::{LogLevel, Shutdown};
use rocket::data::ToByteUnit;
use rocket::fairing::AdHoc;
use rocket::http::{Method, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::route::{Handler, Outcome as Answer, Route};
use rocket::{Build, Config, Data, Request, Rocket};
use scopes::rocket::DenialFairing;
use scopes::{Authenticate, Grant, Permit, Required};

use crate::server::{AcceptsAll, Endpoint, Facts, Kit, Layers, Register, Running, Served, ServerUnderTest};

/// Every handler with its permit.
#[derive(Clone, Copy, Debug)]
pub struct RocketServer;

impl ServerUnderTest for RocketServer {
    const NAME: &'static str = "rocket";
    const FACTS: Facts = Facts {
        judges_public: true,
        decodes_before_routing: true,
        folds_slashes: true,
        method_not_allowed: 404,
        waits_for_body: true,
        nests_below_parameters: false,
        ..Facts::PLAIN
    };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let (started, address) = mpsc::channel();
        let server = rocket(&kit).attach(AdHoc::on_liftoff("address", move |rocket| {
            Box::pin(async move {
                let config = rocket.config();
                let address = SocketAddr::new(config.address, config.port);
                started.send((address, rocket.shutdown())).expect("the test waits");
            })
        }));
        thread::spawn(move || rocket::execute(async { server.launch().await.map(drop).expect("the server starts") }));
        let (address, shutdown) = address.recv().expect("the server starts");
        Running::new(address, move || shutdown.notify())
    }
}

fn rocket<S: Served>(kit: &Kit<S>) -> Rocket<Build> {
    let mut routes = Routes::default();
    kit.register(&mut routes);
    // If routes collide, the rank decides: the most specific one comes first.
    routes.0.sort_by_key(|(endpoint, _)| endpoint.template().split('/').map(Specificity::of).collect::<Vec<_>>());
    let config = Config {
        address: Ipv4Addr::LOCALHOST.into(),
        port: 0,
        workers: 2,
        log_level: LogLevel::Off,
        shutdown: Shutdown { ctrlc: false, signals: [].into(), grace: 0, mercy: 0, ..Shutdown::default() },
        ..Config::debug_default()
    };
    let server = (0..).zip(routes.0).fold(rocket::custom(config), |server, (rank, (endpoint, mut route))| {
        route.rank = rank;
        server.mount(if endpoint.mount().is_empty() { "/" } else { endpoint.mount() }, [route])
    });
    let right = kit.authenticate();
    let server = match kit.layers {
        Layers::Missing => server.attach(DenialFairing),
        Layers::One => server.attach(right),
        Layers::Stale => server.attach(Authenticate::<S>::new(AcceptsAll)).attach(right),
    };
    if kit.cors { permissive_cors(server) } else { server }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Literal(Reverse<String>),
    Parameter,
    Rest,
}

impl Specificity {
    fn of(segment: &str) -> Self {
        match segment {
            segment if segment.starts_with("{*") => Self::Rest,
            segment if segment.starts_with('{') => Self::Parameter,
            segment => Self::Literal(Reverse(segment.to_owned())),
        }
    }
}

fn permissive_cors(server: Rocket<Build>) -> Rocket<Build> {
    server.mount("/", [Route::ranked(isize::MAX, Method::Options, "/<_..>", Preflight)]).attach(AdHoc::on_response(
        "CORS",
        |_, response| {
            Box::pin(async move {
                response.set_raw_header("Access-Control-Allow-Origin", "*");
                response.set_raw_header("Access-Control-Allow-Methods", "*");
                response.set_raw_header("Access-Control-Allow-Headers", "*");
            })
        },
    ))
}

#[derive(Clone)]
struct Preflight;

#[rocket::async_trait]
impl Handler for Preflight {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Answer<'r> {
        if request.headers().contains("Access-Control-Request-Method") {
            Answer::from(request, "")
        } else {
            Answer::Forward((data, Status::NotFound))
        }
    }
}

#[derive(Default)]
struct Routes(Vec<(Endpoint, Route)>);

impl Routes {
    fn add(&mut self, endpoint: Endpoint, handler: impl Handler) {
        let method: Method = endpoint.method().parse().expect("a method that rocket knows");
        let segments: Vec<String> = endpoint.path().split('/').map(rockets_segment).collect();
        let path = segments.join("/");
        let route = Route::new(method, if path.is_empty() { "/" } else { &path }, handler);
        self.0.push((endpoint, route));
    }
}

fn rockets_segment(segment: &str) -> String {
    match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => name.strip_prefix('*').map_or_else(|| format!("<{name}>"), |name| format!("<{name}..>")),
        None => segment.to_owned(),
    }
}

/// A handler like the ones that rocket's attributes make: guards, then parameters, then data.
struct WithGuard<G> {
    endpoint: Endpoint,
    guard: PhantomData<fn() -> G>,
}

impl<G> WithGuard<G> {
    fn new(endpoint: &Endpoint) -> Self {
        Self { endpoint: endpoint.clone(), guard: PhantomData }
    }
}

impl<G> Clone for WithGuard<G> {
    fn clone(&self) -> Self {
        Self::new(&self.endpoint)
    }
}

trait Answers: Sized {
    fn answer(self, endpoint: &Endpoint, parameters: Vec<(String, String)>, body: Option<&str>) -> AnswerText;
}

type AnswerText = Result<String, scopes::Denied>;

impl<R: Required> Answers for Permit<R> {
    fn answer(self, endpoint: &Endpoint, parameters: Vec<(String, String)>, body: Option<&str>) -> AnswerText {
        endpoint.guarded(&self, parameters, body)
    }
}

impl<S: Served> Answers for Grant<S> {
    fn answer(self, endpoint: &Endpoint, parameters: Vec<(String, String)>, body: Option<&str>) -> AnswerText {
        Ok(endpoint.authenticated(&self, parameters, body))
    }
}

/// The guard of a handler that asks for nothing.
struct Open;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Open {
    type Error = ();

    async fn from_request(_: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Success(Self)
    }
}

impl Answers for Open {
    fn answer(self, endpoint: &Endpoint, parameters: Vec<(String, String)>, body: Option<&str>) -> AnswerText {
        Ok(endpoint.open(parameters, body))
    }
}

#[rocket::async_trait]
impl<G> Handler for WithGuard<G>
where
    G: Answers + for<'r> FromRequest<'r> + Send + 'static,
{
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Answer<'r> {
        let guard = match request.guard::<G>().await {
            Outcome::Success(guard) => guard,
            Outcome::Error((status, _)) => return Answer::Error(status),
            Outcome::Forward(status) => return Answer::Forward((data, status)),
        };
        let parameters = parameters(request, self.endpoint.path());
        if !self.endpoint.takes_body() {
            return Answer::from(request, guard.answer(&self.endpoint, parameters, None));
        }
        match data.open(1.mebibytes()).into_string().await {
            Ok(body) => Answer::from(request, guard.answer(&self.endpoint, parameters, Some(&body))),
            Err(_) => Answer::Error(Status::BadRequest),
        }
    }
}

/// rocket's own values. rocket counts the segments below the mount.
fn parameters(request: &Request<'_>, path: &str) -> Vec<(String, String)> {
    let segments = path.split('/').skip(1).enumerate();
    let parameter = |(at, segment): (usize, &str)| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        let value = match name.strip_prefix('*') {
            Some(_) => request.routed_segments(at..).collect::<Vec<_>>().join("/"),
            None => request.routed_segment(at)?.to_owned(),
        };
        Some((name.trim_start_matches('*').to_owned(), value))
    };
    segments.filter_map(parameter).collect()
}

impl<S: Served> Register<S> for Routes {
    fn guarded<R: Required<Scope = S>>(&mut self, endpoint: Endpoint) {
        let handler = WithGuard::<Permit<R>>::new(&endpoint);
        self.add(endpoint, handler);
    }

    fn authenticated(&mut self, endpoint: Endpoint) {
        let handler = WithGuard::<Grant<S>>::new(&endpoint);
        self.add(endpoint, handler);
    }

    fn open(&mut self, endpoint: Endpoint) {
        let handler = WithGuard::<Open>::new(&endpoint);
        self.add(endpoint, handler);
    }
}
