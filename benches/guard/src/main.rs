//! Runs `check::permit` or the gate over the routes of one scope, ROUNDS times, for counting
//! instructions: `guard noop|permit|request|gate ROUNDS`.
//!
//! `noop` only iterates over the requests. `request` builds what `gate` needs and calls the inner
//! service without a gate. The catalogue is the dashboard's.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::hint::black_box;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::{Extensions, Method, Request, Response};
use scopes::check::{Facts, permit};
use scopes::tower::Gate;
use scopes::{Authentication, Scope, Settings};
use tower_layer::Layer;
use tower_service::Service;

#[path = "../../../examples/dashboard/src/catalogue.rs"]
mod catalogue;

use catalogue::api;

const TENANT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

/// Answers at once.
#[derive(Clone)]
struct Handler;

impl Service<Request<()>> for Handler {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        black_box(&request);
        ready(Ok(Response::new(String::new())))
    }
}

/// A request in the form that a router would pass on.
struct Sample {
    method: Method,
    target: String,
    template: String,
}

fn samples() -> Vec<Sample> {
    let read = api::Scope::EnvironmentUsersRead;
    let routes = api::Scope::catalogue().routes().filter(|route| route.requirement().mentions(read.id()));
    routes
        .map(|route| {
            let template = route.template();
            let filled = template.split('/').map(|segment| match segment {
                "{environmentId}" => TENANT,
                _ if segment.starts_with('{') => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                _ => segment,
            });
            let target = filled.collect::<Vec<_>>().join("/");
            let method = Method::from_bytes(route.method().as_bytes()).unwrap_or(Method::GET);
            Sample { method, target, template }
        })
        .collect()
}

fn stored(settings: &Arc<Settings>) -> Extensions {
    let grant = api::Grant::new(api::Scope::EnvironmentUsersRead).for_tenant(TENANT);
    let grant = grant.unwrap_or_else(|error| panic!("{error}"));
    let mut extensions = Extensions::new();
    Authentication::Granted(grant).store(&mut extensions, settings);
    extensions
}

fn answered<S: Service<Request<()>, Response = Response<String>>>(
    service: &mut S,
    sample: &Sample,
    of: &Extensions,
) -> usize {
    let mut request = Request::new(());
    *request.method_mut() = sample.method.clone();
    *request.uri_mut() = sample.target.parse().unwrap_or_default();
    *request.extensions_mut() = of.clone();
    let mut future = std::pin::pin!(service.call(request));
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => usize::from(response.status().is_success()),
        _ => 0,
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [operation, rounds] = arguments.as_slice() else { panic!("usage: guard noop|permit|request|gate ROUNDS") };
    let rounds: usize = rounds.parse().unwrap_or_else(|error| panic!("{rounds}: {error}"));
    let (samples, settings) = (samples(), Arc::default());
    let extensions = stored(&settings);
    let mut gate = Gate::<api::Scope>::new().layer(Handler);
    let mut found = 0;
    for _ in 0..rounds {
        for sample in black_box(&samples) {
            found += match operation.as_str() {
                "noop" => sample.target.len(),
                "permit" => {
                    let facts = Facts::new(&sample.method, &sample.target).with_template(&sample.template);
                    let permit = permit::<api::permits::EnvironmentUsersRead>(&extensions, facts);
                    usize::from(black_box(permit).is_ok())
                }
                "request" => answered(&mut Handler, sample, &extensions),
                "gate" => answered(&mut gate, sample, &extensions),
                other => panic!("no operation `{other}`"),
            };
        }
    }
    if operation != "noop" {
        assert_eq!(found, rounds * samples.len(), "{operation} refused some request");
    }
    println!("{} {}", samples.len(), black_box(found));
}
