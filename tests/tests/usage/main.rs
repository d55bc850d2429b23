//! The recorder of the feature `usage` on a whole catalogue: allocations, threads, and the schema
//! of its lines.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod lines;
mod proof;

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::thread;

use allocation_counter::measure;
use http::{Extensions, Method};
use scopes::check::{self, Facts};
use scopes::usage::{Options, Recorder};
use scopes::{Access, Authentication, Carrier, DecisionEvent, Required, Route, Settings};
use scopes_tests::catalogues::{
    Served as _, Visitor,
    dashboard::api::{self, Scope, Scopes},
};

/// A grant of every scope.
fn grant(id: &str) -> api::Grant {
    api::Grant::new(Scope::ALL.iter().copied().collect::<Scopes>()).for_any_tenant().with_token_id(id)
}

/// One request for a route, with its permit.
struct Request<'a> {
    extensions: &'a Extensions,
    method: &'a Method,
    target: &'a str,
}

impl Visitor<Scope> for Request<'_> {
    type Output = bool;

    fn visit<R: Required<Scope = Scope>>(self) -> bool {
        black_box(check::permit::<R>(self.extensions, Facts::new(self.method, self.target))).is_ok()
    }
}

/// The routes that demand scopes.
fn routes() -> impl Iterator<Item = Route<'static>> {
    api::CATALOGUE.routes().filter(|route| matches!(route.access(), Access::Scoped))
}

/// An allowed request on each of the [`routes`], with the recorder as hook.
fn requests(recorder: &Recorder, id: &str) -> impl Fn() {
    let settings = Arc::new(Settings::new().on_decision(recorder.hook()));
    let mut extensions = Extensions::new();
    Authentication::Granted(grant(id)).store(&mut extensions, &settings);
    let target = |route: Route<'_>| route.template().replace(['{', '}'], "");
    let targets: Vec<(Route<'static>, Method, String)> =
        routes().map(|route| (route, route.method().parse().unwrap(), target(route))).collect();
    move || {
        for (route, method, target) in &targets {
            assert!(Scope::visit(*route, Request { extensions: &extensions, method, target }), "{route}");
        }
    }
}

#[test]
fn every_hook_hears_of_a_decision() {
    let heard: Arc<Mutex<Vec<&str>>> = Arc::default();
    let hook = |name| {
        let heard = Arc::clone(&heard);
        move |_: &DecisionEvent<'_>| heard.lock().unwrap().push(name)
    };
    let settings = Settings::new().on_decision(hook("metrics")).on_decision(hook("audit"));
    let mut request = http::Request::get("/").body(()).unwrap();
    Authentication::<Scope>::Absent.store(request.extensions_mut(), &settings.into());
    assert!(request.permit::<api::permits::EnvironmentUsersRead>().is_err());
    assert_eq!(*heard.lock().unwrap(), ["metrics", "audit"]);
}

/// The lines that the recorder writes, as JSON.
fn written(recorder: &Recorder) -> Vec<serde_json::Value> {
    let mut lines = Vec::new();
    recorder.write_to(&mut lines).unwrap();
    std::str::from_utf8(&lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_known_token_costs_no_allocation() {
    let recorder = Recorder::new(&api::CATALOGUE);
    let known = requests(&recorder, "t-1");
    let without = {
        let idle = Recorder::with_options(&api::CATALOGUE, Options::new().capacity(0));
        let denied = requests(&idle, "t-1");
        denied();
        measure(denied).count_total
    };
    assert_eq!(recorder.tokens(), 0);
    let first = measure(&known).count_total;
    assert_eq!(recorder.tokens(), 1);
    let later = measure(&known).count_total;
    assert!(first > later, "{first} {later}");
    assert_eq!(later, without);
    // Also after a write, as long as the token is in use.
    assert_eq!(written(&recorder).len(), 2);
    assert_eq!(measure(&known).count_total, later);
}

#[test]
fn many_threads_and_writes_lose_nothing() {
    const THREADS: usize = 8;
    const TOKENS: usize = 50;
    let recorder = Recorder::with_options(&api::CATALOGUE, Options::new().capacity(THREADS * TOKENS));
    let mut lines = Vec::new();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let recorder = &recorder;
                scope.spawn(move || {
                    for token in 0..TOKENS {
                        // Each token is used by two threads.
                        requests(recorder, &format!("t-{}", (thread / 2) * TOKENS + token))();
                    }
                })
            })
            .collect();
        while workers.iter().any(|worker| !worker.is_finished()) {
            lines.extend(written(&recorder));
        }
    });
    lines.extend(written(&recorder));
    let routes: BTreeSet<String> = routes().map(|route| format!("{} {}", route.method(), route.template())).collect();
    for token in 0..THREADS / 2 * TOKENS {
        let id = format!("t-{token}");
        let of_token = lines.iter().filter(|line| line["token"] == *id);
        let texts = of_token.flat_map(|line| line["allowed"].as_array().unwrap());
        let used: BTreeSet<String> = texts.map(|route| route.as_str().unwrap().to_owned()).collect();
        assert_eq!(used, routes, "{id}");
    }
    assert_eq!(recorder.dropped(), 0);
}
