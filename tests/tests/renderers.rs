//! What a renderer sees of a denied request, and what it may answer, on every framework that
//! supports renderers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::Body;
use axum::response::IntoResponse;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use scopes::{
    Authenticate, Carrier, Denied, DeniedRequest, Permit, Rendered, Renderer, Settings, TokenSource, requires,
};
use scopes_tests::tokens;
use tower::ServiceExt as _;

scopes::scopes! {
    pub mod api;
    tenant environment;
    users.read { GET "/environments/{environment}/users"; }
    authenticated("who the caller is") { #[global("it has no tenant")] GET "/me"; }
}

/// A renderer that tells everything it sees, and redirects browsers without credentials to a login
/// page.
struct Telltale;

impl Renderer for Telltale {
    fn render(&self, denied: &Denied) -> Rendered {
        let route = denied.route().map_or_else(|| "-".to_owned(), |route| route.to_string());
        let Some(request) = denied.request() else { return Rendered::text(format!("{route} without request")) };
        let names: Vec<_> = request.headers().keys().map(HeaderName::as_str).collect();
        let shown = format!("{request:?} {:?}", request.headers());
        assert!(!shown.contains("SECRET"), "{shown}");
        let page = Rendered::html(format!("{} {route} {}", request.method(), names.join(",")));
        if request.accepts_html() { page.redirect_to(HeaderValue::from_static("/login")) } else { page }
    }
}

fn authenticate() -> Authenticate<api::Scope> {
    let authenticate = tokens::authenticate("e1", &[("SECRET", "users.read"), ("other-SECRET", "")]);
    let source = TokenSource::header("x-key").unwrap();
    authenticate.source(source).settings(Settings::new().renderer(Telltale))
}

const USERS: &str = "/environments/e1/users";
const SENT: [(&str, &str); 4] =
    [("authorization", "Bearer SECRET"), ("cookie", "session=SECRET"), ("x-trace", "7"), ("x-key", "unknown-SECRET")];

/// Status, body and `Location` as the client gets them.
type Answer = (u16, String, Option<String>);

fn expected(browser: bool) -> [Answer; 3] {
    let seen = |accept: bool| if accept { "accept,x-trace" } else { "x-trace" };
    let location = |is: bool| is.then(|| "/login".to_owned());
    let status = if browser { 303 } else { 401 };
    [
        // An unknown token.
        (status, format!("GET GET {} {}", "/environments/{environment}/users", seen(browser)), location(browser)),
        // A caller without the scope: never sent to the login page.
        (403, format!("GET GET {} {}", "/environments/{environment}/users", seen(browser)), None),
        (status, format!("GET GET /me {}", seen(browser)), location(browser)),
    ]
}

/// The requests for which [`expected`] has the answers.
fn requests(browser: bool) -> [(&'static str, Vec<(&'static str, &'static str)>); 3] {
    let headers = |token: &'static str| {
        let mut headers: Vec<_> = SENT.into_iter().filter(|(name, _)| *name != "x-key").collect();
        headers.push(("x-key", token));
        if browser {
            headers.push(("accept", "text/html,*/*;q=0.8"));
        }
        headers
    };
    [(USERS, headers("unknown-SECRET")), (USERS, headers("other-SECRET")), ("/me", headers("unknown-SECRET"))]
}

/// Header names come in any order.
fn sorted((status, body, location): Answer) -> Answer {
    let (before, names) = body.rsplit_once(' ').unwrap();
    let mut names: Vec<_> = names.split(',').filter(|name| !matches!(*name, "host" | "content-length")).collect();
    names.sort_unstable();
    (status, format!("{before} {}", names.join(",")), location)
}

fn built(target: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = headers.iter().fold(Request::get(target), |request, (name, value)| request.header(*name, *value));
    request.body(Body::empty()).unwrap()
}

async fn answer(response: http::Response<Body>) -> Answer {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap(), location)
}

#[requires(api::users.read)]
async fn users() -> &'static str {
    "users"
}

async fn me(_: api::Grant) -> &'static str {
    "me"
}

#[tokio::test]
async fn on_axum_by_gates_permits_guards_and_carriers() {
    use axum::Router;
    use axum::routing::get;
    use scopes::axum::guard;
    let router = || Router::new().route("/environments/{e}/users", get(users)).route("/me", get(me));
    let guarded = get(guard::<api::permits::UsersRead, _>(async || "users"));
    let guarded = Router::new().route("/environments/{e}/users", guarded).route("/me", get(me));
    let carried = async |request: Request<Body>| match request.permit::<api::permits::UsersRead>() {
        Ok(_) => "users".into_response(),
        Err(denied) => denied.into_response(),
    };
    let carried = Router::new().route("/environments/{e}/users", get(carried)).route("/me", get(me));
    type App = tower::util::BoxCloneSyncService<Request<Body>, axum::response::Response, std::convert::Infallible>;
    let apps: [App; 5] = [
        App::new(api::gate(router()).authenticate(authenticate())),
        App::new(api::gate(router()).layer(tower::layer::util::Identity::new()).layer(authenticate())),
        App::new(router().layer(authenticate())),
        App::new(guarded.layer(authenticate())),
        App::new(carried.layer(authenticate())),
    ];
    for browser in [false, true] {
        for (index, app) in apps.iter().enumerate() {
            for ((target, headers), expected) in requests(browser).into_iter().zip(expected(browser)) {
                let response = app.clone().oneshot(built(target, &headers)).await.unwrap();
                assert_eq!(sorted(answer(response).await), expected, "{index} {target}");
            }
        }
    }
}

#[actix_web::test]
async fn on_actix_web() {
    use actix_web::{App, test, web};
    let app = App::new().wrap(authenticate());
    let app = app.route("/environments/{e}/users", web::get().to(users)).route("/me", web::get().to(me));
    let app = test::init_service(app).await;
    for browser in [false, true] {
        for ((target, headers), expected) in requests(browser).into_iter().zip(expected(browser)) {
            let request = test::TestRequest::get().uri(target);
            let request = headers.iter().fold(request, |request, header| request.append_header(*header));
            let response = test::call_service(&app, request.to_request()).await;
            let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
            let (status, body) = (response.status().as_u16(), test::read_body(response).await);
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert_eq!(sorted((status, body, location)), expected, "{target}");
        }
    }
}

#[tokio::test]
async fn on_poem() {
    use poem::{Endpoint as _, EndpointExt as _, Route, get, handler};
    #[requires(api::users.read)]
    #[handler]
    async fn users() -> &'static str {
        "users"
    }
    #[handler]
    async fn me(_: api::Grant) -> &'static str {
        "me"
    }
    let gate = scopes::tower::Gate::<api::Scope>::new;
    let plain = Route::new().at("/environments/:e/users", get(users)).at("/me", get(me)).with(authenticate()).boxed();
    let gated = Route::new()
        .at("/environments/:e/users", get(users).with(gate()))
        .at("/me", get(me).with(gate()))
        .with(authenticate())
        .boxed();
    for app in [plain, gated] {
        for browser in [false, true] {
            for ((target, headers), expected) in requests(browser).into_iter().zip(expected(browser)) {
                let request = poem::Request::builder().uri(target.parse().unwrap());
                let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
                let response = app.get_response(request.finish()).await;
                let (parts, body) = response.into_parts();
                let location = parts.headers.get("location").map(|value| value.to_str().unwrap().to_owned());
                let found = (parts.status.as_u16(), body.into_string().await.unwrap(), location);
                assert_eq!(sorted(found), expected, "{target}");
            }
        }
    }
}

#[tokio::test]
async fn what_has_no_request_and_what_may_not_be_redirected() {
    let settings = std::sync::Arc::new(Settings::new().renderer(Telltale));
    let render = |authentication: scopes::Authentication<api::Scope>, accept: &'static str| {
        let mut request = Request::get("/me").header("accept", accept).body(()).unwrap();
        authentication.store(request.extensions_mut(), &settings);
        request.permit::<api::permits::UsersRead>().unwrap_err().into_http_response::<String>()
    };
    // The statuses 500, 503 and 400 are not changed.
    for (authentication, status) in [
        (scopes::Authentication::Absent, 303),
        (scopes::Authentication::Malformed, 400),
        (scopes::Authentication::Unavailable, 503),
        (scopes::Authentication::Failed, 500),
    ] {
        let response = render(authentication, "text/html");
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().contains_key("location"), status == 303);
    }
    // A denial made by a handler does not know the request until the handler adds it.
    let permit: Permit<api::permits::UsersRead> = scopes::test::permit("e1");
    let denied = permit.same_tenant("e2").unwrap_err();
    assert!(denied.request().is_none());
    // The default renderer does not look at the request, so nothing is copied.
    let mut headers = HeaderMap::new();
    headers.insert("accept", HeaderValue::from_static("text/html"));
    assert!(denied.with_request(&Method::GET, &headers).request().is_none());
    let _: fn(&DeniedRequest) -> bool = DeniedRequest::accepts_html;
    assert_eq!(StatusCode::SEE_OTHER, 303);
}

#[test]
fn ready_bodies() {
    for (rendered, content_type) in [
        (Rendered::json("{}"), "application/json"),
        (Rendered::text("{}"), "text/plain; charset=utf-8"),
        (Rendered::html("{}".to_owned()), "text/html; charset=utf-8"),
    ] {
        assert_eq!((&*rendered.body, &rendered.content_type), ("{}", &HeaderValue::from_static(content_type)));
        assert!(rendered.headers.is_empty() && rendered.redirect.is_none());
    }
}

#[tokio::test]
async fn on_salvo() {
    use salvo_core::conn::{Acceptor, Listener, TcpListener};
    use salvo_core::prelude::*;
    use scopes_tests::client::{Client, Request as Sent};
    #[requires(api::users.read)]
    #[handler]
    async fn users() -> &'static str {
        "users"
    }
    #[handler]
    async fn me(_grant: api::Grant) -> &'static str {
        "me"
    }
    let router = || {
        let listed = Router::with_path("environments/{e}/users").get(users);
        Router::new().push(listed).push(Router::with_path("me").get(me))
    };
    let plain = Service::new(router().hoop(authenticate()));
    let gated = Service::new(router()).hoop(authenticate()).hoop(scopes::salvo::Gate::<api::Scope>::new());
    for service in [plain, gated] {
        let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
        let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
        tokio::spawn(Server::new(acceptor).serve(service));
        let mut client = Client::new(address);
        for browser in [false, true] {
            for ((target, headers), expected) in requests(browser).into_iter().zip(expected(browser)) {
                let request = Sent::new("GET", target);
                let line = |request: Sent, (name, value): &(&str, &str)| request.header(format!("{name}: {value}"));
                let answer = client.send(&headers.iter().fold(request, line)).await;
                let found = (answer.status, answer.text(), answer.header("location").map(str::to_owned));
                assert_eq!(sorted(found), expected, "{target}");
            }
        }
    }
}

mod on_rocket {
    use super::api;
    use rocket::get;
    use scopes::requires;

    #[requires(api::users.read)]
    #[get("/environments/<_>/users")]
    pub(super) fn users() -> &'static str {
        "users"
    }
    #[get("/me")]
    pub(super) fn me(_grant: api::Grant) -> &'static str {
        "me"
    }
}

#[test]
fn on_rocket_by_guards_and_the_fairing() {
    use rocket::http::Header;
    use rocket::local::blocking::Client;
    use rocket::routes;
    let config = rocket::Config { log_level: rocket::config::LogLevel::Off, ..rocket::Config::debug_default() };
    let server = rocket::custom(config).attach(authenticate()).mount("/", routes![on_rocket::users, on_rocket::me]);
    let client = Client::untracked(server).unwrap();
    for browser in [false, true] {
        for ((target, headers), expected) in requests(browser).into_iter().zip(expected(browser)) {
            let mut request = client.get(target);
            for (name, value) in headers {
                request.add_header(Header::new(name, value));
            }
            let response = request.dispatch();
            let location = response.headers().get_one("location").map(str::to_owned);
            let found = (response.status().code, response.into_string().unwrap(), location);
            assert_eq!(sorted(found), expected, "{target}");
        }
    }
}

#[tokio::test]
async fn on_warp_by_permits_and_grants() {
    use warp::Filter as _;
    let users = warp::path!("environments" / String / "users")
        .and(scopes::warp::permit::<api::permits::UsersRead>())
        .map(|_, _: Permit<api::permits::UsersRead>| "users");
    let me = warp::path!("me").and(scopes::warp::grant::<api::Scope>()).map(|_| "me");
    let routes = users.or(me).recover(scopes::warp::recover);
    let app = tower::ServiceBuilder::new().layer(authenticate()).service(warp::service(routes));
    for browser in [false, true] {
        for ((target, headers), expected) in requests(browser).into_iter().zip(expected(browser)) {
            let response = app.clone().oneshot(built(target, &headers).map(|_| String::new())).await.unwrap();
            assert_eq!(sorted(answer(response.map(Body::new)).await), expected, "{target}");
        }
    }
}
