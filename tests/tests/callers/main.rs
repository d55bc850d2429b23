//! One server on each framework, and its answers to the same callers: with denials that are only
//! reported, under `strict`, with an anonymous grant, and with an optional caller.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a handler's arguments are what the framework gives")]

use std::future::Future;

use scopes::{Authenticate, Settings};
use scopes_tests::tokens;

mod anonymous;
mod on_actix_web;
mod on_axum;
mod on_poem;
mod on_rocket;
mod on_salvo;
mod on_tower;
mod on_warp;
mod optional;
mod report_only;

scopes::scopes! {
    pub mod api;
    tenant account;
    public("open to every client") { GET "/start"; GET "/greeting"; GET "/known"; }
    authenticated("every caller may ask who it is") {
        #[global("no tenant")] GET "/me";
        #[global("no tenant")] GET "/whoami";
    }
    packages.read {
        #[global("all accounts")] GET "/packages";
        #[global("all accounts")] GET "/peek";
        #[global("all accounts")] GET "/held";
        #[unbound("the handler compares the owner")] GET "/packages/{id}";
        #[unbound("the handler should compare the owner")] GET "/drafts/{id}";
        GET "/accounts/{account}/packages";
    }
    packages.write { #[global("all accounts")] POST "/packages"; }
    packages.export { #[global("all accounts")] GET "/packages/export"; }
}

/// How a server is set up.
#[derive(Clone, Debug)]
struct Setup {
    authenticate: Authenticate<api::Scope>,
}

impl Setup {
    /// Makes a set-up with callers of the account `E1`: `reader`, `writer` and `none`.
    fn new(settings: Settings) -> Self {
        const CALLERS: &[(&str, &str)] = &[("reader", "packages.read"), ("writer", "packages.write"), ("none", "")];
        Self { authenticate: tokens::authenticate("E1", CALLERS).settings(settings) }
    }

    /// Sets the grant of callers without credentials.
    fn anonymous(self, grant: impl Into<Option<api::Grant>>) -> Self {
        Self { authenticate: self.authenticate.anonymous(grant) }
    }
}

/// What a client sends. Empty credentials are not sent.
#[derive(Clone, Copy, Debug)]
struct Ask<'a> {
    method: &'a str,
    target: &'a str,
    credentials: &'a str,
}

/// What a client receives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Answer {
    status: u16,
    text: String,
    challenge: String,
}

/// A server that answers one request after the other.
type Server = Box<dyn FnMut(Ask<'_>) -> Answer>;

/// A server: its name, whether it has a gate, and how to start it.
struct Framework {
    name: &'static str,
    is_gated: bool,
    start: fn(&Setup) -> Server,
}

const FRAMEWORKS: [Framework; 10] = [
    Framework { name: "axum", is_gated: false, start: on_axum::with_permits },
    Framework { name: "axum, gate", is_gated: true, start: on_axum::gated },
    Framework { name: "axum, gate in a layer of its own", is_gated: true, start: on_axum::gated_apart },
    Framework { name: "tower, carriers", is_gated: false, start: on_tower::carriers },
    Framework { name: "actix-web", is_gated: false, start: on_actix_web::start },
    Framework { name: "rocket", is_gated: false, start: on_rocket::start },
    Framework { name: "poem", is_gated: false, start: on_poem::with_permits },
    Framework { name: "poem, gates", is_gated: true, start: on_poem::gated },
    Framework { name: "salvo", is_gated: false, start: on_salvo::with_permits },
    Framework { name: "salvo, gate", is_gated: true, start: on_salvo::gated },
];

const WARP: Framework = Framework { name: "warp", is_gated: false, start: on_warp::start };

fn frameworks() -> impl Iterator<Item = &'static Framework> {
    FRAMEWORKS.iter().chain([&WARP])
}

/// One case: method, target, credentials, the status and what the text contains.
type Case = (&'static str, &'static str, &'static str, u16, &'static str);

/// Sends the cases to every framework.
fn check(setup: &Setup, cases: impl Fn(&Framework) -> Vec<Case>) {
    let mut wrong = Vec::new();
    for framework in frameworks() {
        let mut server = (framework.start)(setup);
        for (method, target, credentials, status, text) in cases(framework) {
            let answer = server(Ask { method, target, credentials });
            // A client without credentials is asked for credentials, and told nothing else.
            let is_challenge = answer.challenge.starts_with("Bearer ") && !answer.challenge.contains("error");
            let is_asked = status != 401 || !credentials.is_empty() || is_challenge;
            if answer.status != status || !answer.text.contains(text) || !is_asked {
                wrong.push(format!("{}: {method} {target} `{credentials}`: {answer:?}", framework.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text of a handler that has a permit.
fn permitted<R: scopes::Required>(permit: &scopes::Permit<R>) -> String {
    let (scopes, tenant) = (permit.grant().scopes(), permit.tenant());
    format!("{scopes} of {tenant:?}, reported: {}, anonymous: {}", permit.is_reported(), permit.is_anonymous())
}

/// The text of a handler for callers with and without credentials.
fn greeted(caller: &api::Caller) -> String {
    match caller {
        api::Caller::Anonymous => "hello, stranger".to_owned(),
        api::Caller::Granted(grant) => format!("hello, holder of `{}`", grant.scopes()),
    }
}

/// A runtime that lives as long as the server that it runs.
struct Runtime(tokio::runtime::Runtime);

impl Runtime {
    fn new() -> Self {
        Self(tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap())
    }

    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.0.block_on(future)
    }
}

/// Makes an answer from a response of the `http` crate.
async fn answer<B>(response: http::Response<B>) -> Answer
where
    B: http_body::Body,
    B::Error: std::fmt::Debug,
{
    use http_body_util::BodyExt as _;
    let (parts, body) = response.into_parts();
    let challenge = parts.headers.get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status.as_u16(),
        text: String::from_utf8(body.to_vec()).unwrap(),
        challenge: challenge.unwrap_or_default(),
    }
}

/// Makes a request of the `http` crate.
fn request<B: Default>(ask: Ask<'_>) -> http::Request<B> {
    let request = http::Request::builder().method(ask.method).uri(ask.target);
    let request = if ask.credentials.is_empty() { request } else { request.header("authorization", ask.credentials) };
    request.body(B::default()).unwrap()
}
