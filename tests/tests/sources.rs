//! Kinds of credentials: their set-up, the errors of a wrong set-up, and what hooks and handlers
//! see. A group of the conformance suite tests how each server reads requests.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::{HeaderMap, Request};
use scopes::{
    Authenticate, Authentication, Credentials, Denial, Password, Settings, TokenSource, VerifyError, bearer, requires,
    verifier_fn,
};
use scopes_tests::log::Log;
use scopes_tests::tokens::base64;
use tower::ServiceExt;

mod shop {
    scopes::scopes! {
        pub mod api;
        orders.read { GET "/orders"; }
        orders.write { POST "/orders"; }
        public("knows its customers") { GET "/greeting"; POST "/greeting"; }
    }
}

use shop::api::{self, Grant, Scope};

type Verdict = Result<Option<Grant>, VerifyError>;

async fn by_token(token: String) -> Verdict {
    Ok((token == "t").then(|| Grant::new(Scope::OrdersRead | Scope::OrdersWrite)))
}

async fn by_password(user: String, password: Password) -> Verdict {
    Ok((user == "u" && password.expose() == "p:q").then(|| Grant::new(Scope::OrdersRead)))
}

#[requires(api::orders.read)]
async fn read() -> &'static str {
    "orders"
}

#[requires(api::orders.write)]
async fn write() -> &'static str {
    "ordered"
}

async fn greeting(_: Grant) -> &'static str {
    "hello"
}

fn app(authenticate: Authenticate<Scope>) -> scopes::axum::Gated<Scope> {
    let router = Router::new().route("/orders", get(read)).route("/orders", post(write));
    api::gate(router.route("/greeting", get(greeting).post(greeting))).authenticate(authenticate)
}

type Lines<'l> = &'l [(&'static str, &'l str)];

async fn answer(app: &scopes::axum::Gated<Scope>, method: &str, path: &str, lines: Lines<'_>) -> (u16, HeaderMap) {
    let request = lines
        .iter()
        .fold(Request::builder().method(method).uri(path), |request, (name, value)| request.header(*name, *value));
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status().as_u16(), response.headers().clone())
}

async fn status(app: &scopes::axum::Gated<Scope>, method: &str, path: &str, lines: Lines<'_>) -> u16 {
    answer(app, method, path, lines).await.0
}

fn of_cookies() -> Authenticate<Scope> {
    Authenticate::new(verifier_fn(by_token)).source(TokenSource::cookie("s"))
}

const COOKIE: (&str, &str) = ("cookie", "s=t");
const ELSEWHERE: (&str, &str) = ("sec-fetch-site", "cross-site");

#[tokio::test]
async fn a_server_of_passwords_alone() {
    let app = app(Authenticate::basic(by_password));
    let right = format!("Basic {}", base64("u:p:q"));
    assert_eq!(status(&app, "GET", "/orders", &[("authorization", &right)]).await, 200);
    let (found, headers) = answer(&app, "GET", "/orders", &[("authorization", "Bearer t")]).await;
    assert_eq!((found, headers["www-authenticate"].to_str().unwrap()), (401, r#"Basic realm="api", charset="UTF-8""#));
}

#[tokio::test]
async fn the_check_of_origins_is_turned_off_with_a_reason_only() {
    let (log, _listens) = Log::listen();
    let off = app(of_cookies().without_origin_check("each form has a token"));
    assert_eq!(log.errors(), [""; 0]);
    assert_eq!(status(&off, "POST", "/orders", &[COOKIE, ELSEWHERE]).await, 200);
    for reason in ["", " \t"] {
        let on = app(of_cookies().without_origin_check(reason));
        let errors = log.errors();
        assert!(errors.len() == 1 && errors[0].contains("needs a reason"), "{errors:?}");
        assert_eq!(status(&on, "POST", "/orders", &[COOKIE]).await, 403);
    }
    assert!(of_cookies().own_origins(["https://shop.example.com", "shop.example.com"]).is_err());
}

#[test]
fn mistakes_are_told() {
    let (log, _listens) = Log::listen();
    for name in ["", "a b", "a=b", "a;b", "\u{e9}", "a,b"] {
        let source = TokenSource::cookie(name);
        let errors = log.errors();
        assert!(errors.len() == 1 && errors[0].contains("no cookie can have"), "{name:?}: {errors:?}");
        let mut headers = HeaderMap::new();
        headers.insert("cookie", "a=b=t; a b=t; a=t".parse().unwrap());
        assert_eq!(bearer(&headers, &source), Credentials::Absent, "{name:?}");
    }
    let sources = || Authenticate::new(verifier_fn(by_token));
    let key = || TokenSource::header("X-Key").unwrap();
    let _sound = sources().or(key(), verifier_fn(by_token)).or(TokenSource::cookie("s"), verifier_fn(by_token));
    assert_eq!(log.errors(), [""; 0]);
    let repeated: [fn(Authenticate<Scope>) -> Authenticate<Scope>; 4] = [
        |first| first.or(TokenSource::bearer_any_visible(), verifier_fn(by_token)),
        |first| {
            first
                .or(TokenSource::cookie("s"), verifier_fn(by_token))
                .or(TokenSource::cookie("s"), verifier_fn(by_token))
        },
        |first| first.or_basic(by_password).or_basic(by_password),
        |first| {
            let key = || TokenSource::header("x-key").unwrap();
            first.or(key(), verifier_fn(by_token)).or(key().sent_by_browsers(), verifier_fn(by_token))
        },
    ];
    for add in repeated {
        let built = add(sources());
        let errors = log.errors();
        assert!(errors.len() == 1 && errors[0].contains("never asked"), "{built:?}: {errors:?}");
    }
}

/// The server accepts a session cookie or a password, and callers without either may read.
#[tokio::test]
async fn nothing_presented_is_not_a_refused_credential() {
    let anonymous = Some(Grant::new(Scope::OrdersRead));
    let app = app(of_cookies().or_basic(by_password).anonymous(anonymous));
    let wrong = format!("Basic {}", base64("u:x"));
    for (method, lines, expected) in [
        ("GET", &[][..], 200),
        ("GET", &[("cookie", "other=1")], 200),
        ("GET", &[("cookie", "s=")], 200),
        ("GET", &[("cookie", "s=x")], 401),
        ("GET", &[("cookie", "s=a b")], 400),
        ("GET", &[("authorization", "DPoP t")], 401),
        ("GET", &[("authorization", "")], 401),
        ("GET", &[("authorization", &*wrong)], 401),
        ("POST", &[], 401),
        ("POST", &[ELSEWHERE], 401),
        ("POST", &[COOKIE, ELSEWHERE], 403),
        ("POST", &[COOKIE, ("sec-fetch-site", "same-origin")], 200),
    ] {
        assert_eq!(status(&app, method, "/orders", lines).await, expected, "{method} {lines:?}");
    }
}

/// On a public route, the verifier runs when the handler asks. It is the verifier of the source
/// that decided.
#[tokio::test]
async fn public_routes_keep_the_source() {
    let asked = Arc::new([const { AtomicUsize::new(0) }; 2]);
    let counting = |index: usize| {
        let asked = Arc::clone(&asked);
        verifier_fn(move |token: String| {
            asked[index].fetch_add(1, Ordering::SeqCst);
            by_token(token)
        })
    };
    let app = app(Authenticate::new(counting(0)).or(TokenSource::cookie("s"), counting(1)));
    for (method, lines, expected, calls) in [
        ("GET", &[("authorization", "Bearer t")][..], 200, [1, 0]),
        ("GET", &[COOKIE], 200, [0, 1]),
        ("GET", &[COOKIE, ELSEWHERE], 200, [0, 1]),
        ("GET", &[("authorization", "Bearer x"), COOKIE], 401, [1, 0]),
        ("GET", &[("cookie", "s=%74")], 200, [0, 1]),
        // The handler asks for the caller of a request that another site may have caused.
        ("POST", &[COOKIE, ELSEWHERE], 403, [0, 0]),
        ("POST", &[COOKIE, ("sec-fetch-site", "same-origin")], 200, [0, 1]),
    ] {
        assert_eq!(status(&app, method, "/greeting", lines).await, expected, "{method} {lines:?}");
        let found = [0, 1].map(|index| asked[index].swap(0, Ordering::SeqCst));
        assert_eq!(found, calls, "{method} {lines:?}");
    }
}

#[tokio::test]
async fn hooks_see_why() {
    let seen: Arc<Mutex<Vec<_>>> = Arc::default();
    let events = Arc::clone(&seen);
    let settings = Settings::new().on_decision(move |event| events.lock().unwrap().push(event.denial()));
    let app = app(of_cookies().settings(settings));
    assert_eq!(status(&app, "POST", "/orders", &[COOKIE, ELSEWHERE]).await, 403);
    assert_eq!(*seen.lock().unwrap(), [Some(Denial::CrossSite)]);
}

/// The outcomes and headers that an application sees when it reads a request itself.
#[tokio::test]
async fn outcomes_and_hidden_headers() {
    let custom = TokenSource::custom(&["x-one", "x-two"], |headers| match headers.values("x-one").next() {
        Some(value) => Credentials::Token(String::from_utf8_lossy(value)),
        None => Credentials::Absent,
    });
    let authenticate = of_cookies().or(custom.unwrap(), verifier_fn(by_token)).or_basic(by_password);
    let shown = format!("{authenticate:?}");
    assert!(shown.contains(r#"[Cookie("s"), Custom(["x-one", "x-two"]), Basic]"#), "{shown}");
    for (lines, expected) in [
        (&[("cookie", "s=t")][..], "Granted"),
        (&[("x-one", "t"), ("x-two", "secret")], "Granted"),
        (&[("authorization", "Basic !")], "Malformed"),
        (&[("authorization", "Bearer t")], "OtherScheme"),
        (&[("sec-fetch-site", "same-site"), ("cookie", "s=t"), ("x-method", "POST")], "NotAsked"),
        (&[], "Absent"),
    ] {
        let method = lines.iter().find(|(name, _)| *name == "x-method").map_or("GET", |(_, method)| method);
        let request = lines
            .iter()
            .fold(Request::builder().method(method), |request, (name, value)| request.header(*name, *value));
        let handler = async |request: Request<()>| {
            let outcome = Authentication::<Scope>::of(request.extensions()).cloned();
            let hidden =
                request.headers().iter().filter(|(name, _)| !matches!(name.as_str(), "x-method" | "sec-fetch-site"));
            assert!(hidden.into_iter().all(|(_, value)| value.is_sensitive()), "{request:?}");
            Ok::<_, std::convert::Infallible>(http::Response::new(format!("{outcome:?}")))
        };
        let response = authenticate.around(request.body(()).unwrap(), handler).await.unwrap();
        assert!(response.body().contains(expected), "{lines:?}: {}", response.body());
    }
}

/// The headers of frameworks that have their own types for them.
#[test]
fn every_type_of_headers() {
    let request = actix_web::test::TestRequest::default().insert_header(("cookie", "s=t")).to_http_request();
    assert_eq!(bearer(request.headers(), &TokenSource::cookie("s")), Credentials::Token("t".into()));
    let mut headers = rocket::http::HeaderMap::new();
    headers.add_raw("X-Key", "t");
    headers.add_raw("Authorization", "DPoP t");
    assert_eq!(bearer(&headers, &TokenSource::header("x-key").unwrap()), Credentials::Token("t".into()));
    assert_eq!(bearer(&headers, &TokenSource::bearer()), Credentials::OtherScheme);
}
