//! actix-web with permits alone, because a gate does not exist for it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderValue,
};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, Resource, guard, rt, web};
use scopes::{Authenticate, Grant, Permit, Required};

use crate::server::{AcceptsAll, Endpoint, Facts, Kit, Layers, Register, Running, Served, ServerUnderTest};

/// Every handler with its permit.
#[derive(Clone, Copy, Debug)]
pub struct ActixWeb;

impl ServerUnderTest for ActixWeb {
    const NAME: &'static str = "actix-web";
    const FACTS: Facts = Facts {
        judges_public: true,
        decodes_before_routing: true,
        head_is_get: false,
        // Like `#[get("/..")]`: another method is another resource.
        method_not_allowed: 404,
        repeated_names: false,
        text_beside_parameters: true,
        ..Facts::PLAIN
    };

    async fn start<S: Served>(kit: Kit<S>) -> Running {
        let (started, address) = mpsc::channel();
        thread::spawn(move || {
            rt::System::new().block_on(async move {
                let app = move || {
                    let right = kit.authenticate();
                    App::new()
                        .configure(|config| configure(&kit, config))
                        .wrap(Condition::new(kit.layers != Layers::Missing, right))
                        .wrap(Condition::new(kit.layers == Layers::Stale, Authenticate::<S>::new(AcceptsAll)))
                        .wrap(Condition::new(kit.cors, from_fn(permissive_cors)))
                };
                let server =
                    HttpServer::new(app).workers(2).disable_signals().bind("127.0.0.1:0").expect("a free port");
                let address = server.addrs()[0];
                let server = server.run();
                started.send((address, server.handle())).expect("the test waits");
                let _ = server.await;
            });
        });
        let (address, handle) = address.recv().expect("the server starts");
        Running::new(address, move || drop(handle.stop(false)))
    }
}

/// Registers resources by mount, the most specific ones first, because actix-web takes the first
/// that matches.
fn configure<S: Served>(kit: &Kit<S>, config: &mut web::ServiceConfig) {
    let mut collected = Collected::default();
    kit.register(&mut collected);
    let mut mounts: BTreeMap<Reverse<String>, Vec<(Vec<Specificity>, Resource)>> =
        collected.0.iter().map(|(endpoint, _)| (Reverse(endpoint.mount().to_owned()), Vec::new())).collect();
    for (endpoint, handler) in collected.0 {
        // A scope takes every path below it, even if it has no resource for it.
        let template = endpoint.template();
        let below = |mount: &str| template.strip_prefix(mount).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let found = mounts.iter_mut().find_map(|(mount, resources)| Some((below(&mount.0)?, resources)));
        let (path, resources) = found.expect("the endpoint's own mount at least");
        let specificity = path.split('/').map(Specificity::of).collect();
        let method = Method::from_bytes(endpoint.method().as_bytes()).expect("a method");
        resources.push((specificity, handler(web::resource(pattern(path)).guard(guard::Method(method)))));
    }
    for (Reverse(mount), mut resources) in mounts {
        resources.sort_by(|(a, _), (b, _)| a.cmp(b));
        let resources = resources.into_iter().map(|(_, resource)| resource);
        if mount.is_empty() {
            resources.for_each(|resource| {
                config.service(resource);
            });
        } else {
            config.service(resources.fold(web::scope(&mount), actix_web::Scope::service));
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Literal(String),
    Beside(Reverse<usize>),
    Parameter,
    Rest,
}

impl Specificity {
    fn of(segment: &str) -> Self {
        let (Some(start), Some(end)) = (segment.find('{'), segment.find('}')) else {
            return Self::Literal(segment.to_owned());
        };
        match segment.len() - (end + 1 - start) {
            0 if segment.starts_with("{*") => Self::Rest,
            0 => Self::Parameter,
            literal => Self::Beside(Reverse(literal)),
        }
    }
}

fn pattern(path: &str) -> String {
    match path.split_once("{*") {
        Some((before, rest)) => format!("{before}{{{}:.*}}", rest.trim_end_matches('}')),
        None => path.to_owned(),
    }
}

async fn permissive_cors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let any = HeaderValue::from_static("*");
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight {
        let mut response = HttpResponse::Ok().finish();
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_METHODS, any.clone());
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_HEADERS, any.clone());
        request.into_response(response).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, any);
    Ok(response)
}

type WithHandler = Box<dyn FnOnce(Resource) -> Resource>;

#[derive(Default)]
struct Collected(Vec<(Endpoint, WithHandler)>);

/// actix-web's own values, with the names that it gave them.
fn seen(request: &HttpRequest, values: &web::Path<Vec<String>>) -> Vec<(String, String)> {
    request.match_info().iter().map(|(name, _)| name.to_owned()).zip(values.iter().cloned()).collect()
}

type Values = web::Path<Vec<String>>;

impl<S: Served> Register<S> for Collected {
    fn guarded<R: Required<Scope = S>>(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        let handler: WithHandler = if endpoint.takes_body() {
            Box::new(|resource| {
                resource.to(move |permit: Permit<R>, request: HttpRequest, values: Values, body: String| {
                    let answer = this.guarded(&permit, seen(&request, &values), Some(&body));
                    async { answer }
                })
            })
        } else {
            Box::new(|resource| {
                resource.to(move |permit: Permit<R>, request: HttpRequest, values: Values| {
                    let answer = this.guarded(&permit, seen(&request, &values), None);
                    async { answer }
                })
            })
        };
        self.0.push((endpoint, handler));
    }

    fn authenticated(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        let handler: WithHandler = Box::new(|resource| {
            resource.to(move |grant: Grant<S>, request: HttpRequest, values: Values| {
                let answer = this.authenticated(&grant, seen(&request, &values), None);
                async { answer }
            })
        });
        self.0.push((endpoint, handler));
    }

    fn open(&mut self, endpoint: Endpoint) {
        let this = endpoint.clone();
        let handler: WithHandler = Box::new(|resource| {
            resource.to(move |request: HttpRequest, values: Values, body: String| {
                let answer = this.open(seen(&request, &values), this.takes_body().then_some(&*body));
                async { answer }
            })
        });
        self.0.push((endpoint, handler));
    }
}
