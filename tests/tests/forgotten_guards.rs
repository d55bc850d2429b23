//! If an unguarded handler answers, the library writes a line to the log. In a development build,
//! such as this one, it also replaces the handler's answer. The tests check this on every
//! framework, without a gate.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use axum::body::Body;
use http::Request;
use scopes::{Authenticate, Denied, Permit, requires};
use scopes_tests::log::Log;
use scopes_tests::tokens;
use tower::{Layer as _, Service, ServiceExt as _};

scopes::scopes! {
    pub mod api;
    base "/api";
    users.read { GET "/users"; GET "/guarded"; GET "/result"; GET "/users/{id}"; }
    authenticated("who the caller is") { GET "/me"; GET "/account"; }
    public("liveness probe") { GET "/health"; }
    external("the session's own extractor checks it") { GET "/session"; }
}

fn authenticate() -> Authenticate<api::Scope> {
    tokens::authenticate("e1", &[("reader", "users.read"), ("other", "")])
}

#[requires(api::users.read)]
async fn guarded() -> &'static str {
    "answer"
}

/// The handler answers although its permit may have been refused.
async fn result(permit: Result<Permit<api::permits::UsersRead>, Denied>) -> &'static str {
    drop(permit);
    "answer"
}

async fn me(_: api::Grant) -> &'static str {
    "answer"
}

async fn open() -> &'static str {
    "answer"
}

/// Target, token, the status if the answer can be replaced, and a part of the line in the log.
type Case = (&'static str, &'static str, u16, Option<&'static str>);

const SCOPED: &str = "the handler of `GET /api/users` answered without a permit";
const AUTHENTICATED: &str = "the handler of `GET /api/account` answered without looking at the caller";
const UNDECLARED: &str = "a handler answered at `/api/undeclared` for GET, which is not a route of catalogue `api`";

/// The cases for frameworks without a judgement before the routing.
const CASES: [Case; 11] = [
    ("/api/users", "", 500, Some(SCOPED)),
    ("/api/users", "reader", 500, None),
    ("/api/account", "other", 500, Some(AUTHENTICATED)),
    ("/api/undeclared", "reader", 500, Some(UNDECLARED)),
    ("/api/undeclared", "", 500, None),
    ("/api/guarded", "reader", 200, None),
    ("/api/me", "other", 200, None),
    ("/api/health", "", 200, None),
    ("/api/session", "", 200, None),
    ("/outside", "", 200, None),
    ("/api/guarded", "other", 403, None),
];

fn lines(log: &Log) -> Vec<String> {
    log.take().lines().filter(|line| line.contains("ERROR")).map(str::to_owned).collect()
}

fn check(log: &Log, (target, token, _, told): Case, found: u16, expected: u16) {
    assert_eq!(found, expected, "{target} {token}");
    let lines = lines(log);
    assert_eq!(lines.len(), usize::from(told.is_some()), "{target} {token}: {lines:?}");
    assert!(lines.iter().all(|line| line.contains(told.unwrap())), "{lines:?}");
}

#[tokio::test]
async fn on_axum() {
    use axum::Router;
    use axum::routing::get;
    let router = Router::new()
        .route("/api/users", get(open))
        .route("/api/users/{id}", get(open))
        .route("/api/account", get(open))
        .route("/api/undeclared", get(open))
        .route("/api/guarded", get(guarded))
        .route("/api/result", get(result))
        .route("/api/me", get(me))
        .route("/api/health", get(open))
        .route("/api/session", get(open))
        .route("/outside", get(open));
    let (log, _listening) = Log::listen();
    let app = router.clone().layer(authenticate());
    let send = async |app: &Router, target: &str, token: &str| {
        let request = Request::get(target);
        let request =
            if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
        app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
    };
    for case in CASES {
        let (target, token, status, _) = case;
        check(&log, case, send(&app, target, token).await, status);
    }
    assert_eq!(send(&app, "/api/result", "").await, 200);
    assert_eq!(lines(&log), [""; 0]);
    // A gate refuses the request, or counts as the guard.
    let gated = Router::new().fallback_service(api::gate(router).layer(authenticate()));
    for (target, token, status) in
        [("/api/users", "", 401), ("/api/users", "reader", 200), ("/api/account", "other", 200), ("/outside", "", 401)]
    {
        assert_eq!(send(&gated, target, token).await, status, "{target}");
    }
    assert_eq!(lines(&log), [""; 0]);
}

/// Sends the cases to a service that does not name its templates, so undeclared routes cannot be
/// seen.
async fn check_service<A, R>(log: &Log, app: A, is_replaced: bool)
where
    A: Service<Request<String>, Response = http::Response<R>> + Clone,
    A::Error: std::fmt::Debug,
{
    for case in
        CASES.into_iter().filter(|(target, ..)| !["/api/undeclared", "/api/guarded", "/api/me"].contains(target))
    {
        let (target, token, status, _) = case;
        let request = Request::get(target);
        let request =
            if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
        let found = app.clone().oneshot(request.body(String::new()).unwrap()).await.unwrap().status().as_u16();
        check(log, case, found, if is_replaced { status } else { 200 });
    }
}

#[tokio::test]
async fn on_hyper() {
    let (log, _listening) = Log::listen();
    let text =
        tower::service_fn(async |_: Request<String>| Ok::<_, Infallible>(http::Response::new("answer".to_owned())));
    check_service(&log, authenticate().layer(text), true).await;
    // The library does not know this type of body, so it can only write the line in the log.
    let bytes =
        tower::service_fn(async |_: Request<String>| Ok::<_, Infallible>(http::Response::new(b"answer".to_vec())));
    check_service(&log, authenticate().layer(bytes), false).await;
}

#[tokio::test]
async fn on_warp() {
    use warp::Filter as _;
    let (log, _listening) = Log::listen();
    let app = tower::ServiceBuilder::new().layer(authenticate()).service(warp::service(warp::any().map(|| "answer")));
    check_service(&log, app, true).await;
}

mod grpc {
    scopes::scopes! {
        pub(super) mod api;
        users.read { POST "/users.Users/List"; }
        public("reflection") { POST "/users.Users/Describe"; }
    }
}

#[tokio::test]
async fn on_tonic() {
    let (log, _listening) = Log::listen();
    let layer: Authenticate<grpc::api::Scope> = tokens::authenticate("e1", &[("reader", "users.read")]);
    let answer = async |_: Request<String>| Ok::<_, Infallible>(http::Response::new(tonic::body::Body::empty()));
    let app = layer.layer(tower::service_fn(answer));
    for (method, code, told) in [("List", Some("13"), 1), ("List", Some("13"), 0), ("Describe", None, 0)] {
        let request = Request::post(format!("/users.Users/{method}")).header("content-type", "application/grpc");
        let response = app.clone().oneshot(request.body(String::new()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers().get("grpc-status").map(|code| code.to_str().unwrap()), code, "{method}");
        assert_eq!(lines(&log).len(), told, "{method}");
    }
}

#[actix_web::test]
async fn on_actix_web() {
    use actix_web::{App, test, web};
    let (log, _listening) = Log::listen();
    let app = App::new()
        .wrap(authenticate())
        .route("/api/users", web::get().to(open))
        .route("/api/account", web::get().to(open))
        .route("/api/undeclared", web::get().to(open))
        .route("/api/guarded", web::get().to(guarded))
        .route("/api/result", web::get().to(result))
        .route("/api/me", web::get().to(me))
        .route("/api/health", web::get().to(open))
        .route("/api/session", web::get().to(open))
        .route("/outside", web::get().to(open))
        .default_service(web::to(open));
    let app = test::init_service(app).await;
    for case in CASES.into_iter().filter(|case| *case != CASES[0]).chain([("/api/fallback", "", 200, None)]) {
        // Declared routes are judged before the routing, so only authorized callers reach the
        // handler.
        let (target, token, status, told) = case;
        let case = if case == CASES[1] { (target, token, status, Some(SCOPED)) } else { (target, token, status, told) };
        let request = test::TestRequest::get().uri(target);
        let request = if token.is_empty() {
            request
        } else {
            request.insert_header(("authorization", format!("Bearer {token}")))
        };
        let response = test::call_service(&app, request.to_request()).await;
        check(&log, case, response.status().as_u16(), status);
    }
}

mod on_rocket {
    use rocket::{get, routes};
    use scopes::requires;

    use super::api;

    #[get("/api/users")]
    fn users() -> &'static str {
        "answer"
    }

    #[get("/api/account")]
    fn account() -> &'static str {
        "answer"
    }

    #[get("/api/undeclared")]
    fn undeclared() -> &'static str {
        "answer"
    }

    #[requires(api::users.read)]
    #[get("/api/guarded")]
    fn guarded() -> &'static str {
        "answer"
    }

    #[get("/api/me")]
    fn me(_grant: api::Grant) -> &'static str {
        "answer"
    }

    #[get("/api/health")]
    fn health() -> &'static str {
        "answer"
    }

    #[get("/api/session")]
    fn session() -> &'static str {
        "answer"
    }

    #[get("/outside")]
    fn outside() -> &'static str {
        "answer"
    }

    pub(super) fn all() -> Vec<rocket::Route> {
        routes![users, account, undeclared, guarded, me, health, session, outside]
    }
}

#[test]
fn on_rocket_by_the_fairing() {
    use rocket::http::Header;
    use rocket::local::blocking::Client;
    let config = rocket::Config { log_level: rocket::config::LogLevel::Off, ..rocket::Config::debug_default() };
    let server = rocket::custom(config).attach(authenticate()).mount("/", on_rocket::all());
    let client = Client::untracked(server).unwrap();
    for (target, token, status, _) in CASES.into_iter().filter(|case| *case != CASES[0]) {
        let mut request = client.get(target);
        if !token.is_empty() {
            request.add_header(Header::new("authorization", format!("Bearer {token}")));
        }
        let response = request.dispatch();
        assert_eq!(response.status().code, status, "{target} {token}");
        assert_eq!(response.into_string().unwrap() == "answer", status == 200, "{target} {token}");
    }
}

#[tokio::test]
async fn on_poem() {
    use poem::{Endpoint as _, EndpointExt as _, Route, get, handler};
    #[handler]
    async fn open() -> &'static str {
        "answer"
    }
    #[requires(api::users.read)]
    #[handler]
    async fn guarded() -> &'static str {
        "answer"
    }
    #[handler]
    async fn me(_: api::Grant) -> &'static str {
        "answer"
    }
    let (log, _listening) = Log::listen();
    let with = |endpoint: poem::RouteMethod| endpoint.with(authenticate());
    // Around each endpoint, the layer knows which template matched.
    let inside = Route::new()
        .at("/api/users", with(get(open)))
        .at("/api/account", with(get(open)))
        .at("/api/undeclared", with(get(open)))
        .at("/api/guarded", with(get(guarded)))
        .at("/api/me", with(get(me)))
        .at("/api/health", with(get(open)))
        .at("/api/session", with(get(open)))
        .at("/outside", with(get(open)))
        .boxed();
    let outside = Route::new()
        .at("/api/users", get(open))
        .at("/api/account", get(open))
        .at("/api/undeclared", get(open))
        .at("/api/guarded", get(guarded))
        .at("/api/me", get(me))
        .at("/api/health", get(open))
        .at("/api/session", get(open))
        .at("/outside", get(open))
        .with(authenticate())
        .boxed();
    // Around the router, the layer learns the matched template from the response.
    for app in [inside, outside] {
        for case in CASES {
            let (target, token, status, _) = case;
            let request = poem::Request::builder().uri(target.parse().unwrap());
            let request =
                if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
            let found = app.get_response(request.finish()).await.status().as_u16();
            check(&log, case, found, status);
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn on_salvo() {
    use salvo_core::conn::{Acceptor, Listener, TcpListener};
    use salvo_core::prelude::*;
    use scopes_tests::client::{Client, Request as Sent};
    #[handler]
    async fn open() -> &'static str {
        "answer"
    }
    #[requires(api::users.read)]
    #[handler]
    async fn guarded() -> &'static str {
        "answer"
    }
    #[handler]
    async fn me(_grant: api::Grant) -> &'static str {
        "answer"
    }
    let (log, _listening) = Log::listen();
    let at = Router::with_path;
    let inside = Router::with_path("api")
        .push(at("users").get(open))
        .push(at("account").get(open))
        .push(at("undeclared").get(open))
        .push(at("guarded").get(guarded))
        .push(at("me").get(me))
        .push(at("health").get(open))
        .push(at("session").get(open));
    let router = Router::new().push(inside).push(at("outside").get(open)).hoop(authenticate());
    let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
    tokio::spawn(Server::new(acceptor).serve(Service::new(router)));
    let mut client = Client::new(address);
    for case in CASES {
        let (target, token, status, _) = case;
        let request = Sent::new("GET", target);
        let request = if token.is_empty() { request } else { request.token(token) };
        let answer = client.send(&request).await;
        check(&log, case, answer.status, status);
        assert_eq!(answer.text() == "answer", status == 200, "{target}");
    }
}
