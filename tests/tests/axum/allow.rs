//! axum adds `Allow` to every response for a known path and another method. It must not tell which
//! paths exist.

use axum::middleware::{Next, from_fn, map_request, map_response};
use axum::response::IntoResponse;
use http::header::ALLOW;
use http::{HeaderValue, StatusCode};
use tower_http::cors::CorsLayer;

use super::*;

const KNOWN: &str = "/api/environments/e1/users";
const UNKNOWN: &str = "/api/environments/e1/nothing";

/// Status and `Allow`.
async fn shown<S>(app: &S, method: &str, target: &str, token: &str) -> (u16, Option<String>)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible> + Clone,
{
    let response = send(app, request(method, target, token)).await;
    let allow = response.headers().get(ALLOW).map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), allow)
}

/// Checks that a known and an unknown path get the same answer, without `Allow`.
async fn tells_nothing<S>(app: &S, method: &str, token: &str, expected: u16, what: &str)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible> + Clone,
{
    for target in [KNOWN, UNKNOWN] {
        assert_eq!(shown(app, method, target, token).await, (expected, None), "{what}, {method} {target} {token}");
    }
}

fn gated() -> scopes::axum::Gated<api::Scope> {
    api::gate(router()).layer(authenticate())
}

/// Rebuilds the response with the same headers, but without its extensions.
async fn rebuilt(response: axum::response::Response) -> axum::response::Response {
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body).into_response()
}

#[tokio::test]
async fn a_layer_outside_may_rebuild_the_response() {
    let app = gated().layer(map_response(rebuilt));
    tells_nothing(&app, "PUT", "", 401, "rebuilt").await;
    tells_nothing(&app, "PUT", "bad", 401, "rebuilt").await;
    tells_nothing(&app, "PUT", "down", 503, "rebuilt").await;
    tells_nothing(&app, "PUT", "a b", 400, "rebuilt").await;
    // The gate's own 405 names the catalogue's methods, for authenticated callers.
    let methods = Some("GET, HEAD, POST".to_owned());
    assert_eq!(shown(&app, "PUT", KNOWN, "none").await, (405, methods.clone()));
    assert_eq!(shown(&gated(), "PUT", KNOWN, "none").await, (405, methods));
    // If a layer replaces the status, `Allow` is removed as well.
    let hidden = gated().layer(map_response(async |mut response: axum::response::Response| {
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        response
    }));
    tells_nothing(&hidden, "PUT", "none", 404, "405 as 404").await;
    let settings = scopes::Settings::new().method_not_allowed_as_404();
    let configured = api::gate(router()).layer(authenticate().settings(settings));
    tells_nothing(&configured, "PUT", "none", 404, "405 as 404 by the settings").await;
}

#[tokio::test]
async fn a_layer_outside_may_replace_the_response() {
    let app = gated().layer(map_response(async |_: axum::response::Response| StatusCode::IM_A_TEAPOT.into_response()));
    tells_nothing(&app, "PUT", "", 418, "replaced").await;
}

#[tokio::test]
async fn a_layer_outside_may_answer_by_itself() {
    let limited = gated().layer(from_fn(async |_: axum::extract::Request, _: Next| StatusCode::TOO_MANY_REQUESTS));
    for method in ["GET", "PUT", "DELETE", "BREW"] {
        tells_nothing(&limited, method, "", 429, "a rate limiter").await;
    }
    let cors = gated().layer(CorsLayer::permissive());
    for target in [KNOWN, UNKNOWN] {
        let mut preflight = request("OPTIONS", target, "");
        preflight.headers_mut().insert("origin", HeaderValue::from_static("https://a.example"));
        preflight.headers_mut().insert("access-control-request-method", HeaderValue::from_static("PUT"));
        let response = send(&cors, preflight).await;
        assert_eq!((response.status().as_u16(), response.headers().get(ALLOW)), (200, None), "{target}");
    }
}

/// If a layer rebuilds the request, the outer layer cannot know the gate's verdict, so it shows no
/// `Allow`.
#[tokio::test]
async fn a_layer_outside_may_rebuild_the_request() {
    let anew = map_request(async |request: axum::extract::Request| {
        let (parts, body) = request.into_parts();
        let mut anew = axum::extract::Request::new(body);
        (*anew.method_mut(), *anew.uri_mut(), *anew.headers_mut()) = (parts.method, parts.uri, parts.headers);
        anew
    });
    let outside = gated().layer(anew.clone());
    let between = api::gate(router()).layer(anew).layer(authenticate());
    for app in [outside, between] {
        for method in ["PUT", "DELETE"] {
            for token in ["", "reader"] {
                assert_eq!(shown(&app, method, KNOWN, token).await.1, None, "{method} {token}");
            }
        }
    }
}

/// If the gate lets a request through, its handler may set `Allow` itself.
#[tokio::test]
async fn the_routers_and_the_handlers_own_allow_stays() {
    let own = || get(|| async { "page" }).options(|| async { ([(ALLOW, "GET, OPTIONS")], "options") });
    let app = api::gate(router().route("/page", own())).also_serve_outside_base("pages").layer(authenticate());
    assert_eq!(shown(&app, "OPTIONS", "/page", "").await, (200, Some("GET, OPTIONS".into())));
    assert_eq!(shown(&app, "PUT", "/index.html", "").await, (405, Some("GET,HEAD".into())));
    let reporting = api::gate(router()).layer(authenticate().settings(Settings::new().report_only(ReportOnly::Scopes)));
    assert_eq!(shown(&reporting, "PUT", KNOWN, "none").await, (405, Some("GET,HEAD,POST".into())));
    assert_eq!(shown(&reporting, "PUT", KNOWN, "").await, (401, None));
}

/// A strict gate lets the request through and then replaces the handler's answer.
#[tokio::test]
async fn an_answer_in_the_handlers_place_has_none_of_it() {
    let leaky = |_: Permit<permits::UsersRead>| async { ([(ALLOW, "GET")], "leak") };
    let router = || Router::new().route("/api/users/{user}", get(leaky));
    let strict = api::gate(router()).layer(strict()).layer(map_response(rebuilt));
    assert_eq!(shown(&strict, "GET", "/api/users/u1", "reader").await, (500, None));
}

#[tokio::test]
async fn nested_in_another_router() {
    let inner = Router::new().route("/environments/{id}/users", get(list).post(create));
    let nested = || api::gate(inner.clone()).layer(authenticate()).layer(map_response(rebuilt));
    let routers = [
        Router::new().nest_service("/api", nested()),
        Router::new().route("/status", get(|| async { "up" })).nest_service("/api", nested()),
        Router::new().fallback_service(gated().layer(map_response(rebuilt))),
        Router::new().nest_service("/api", nested()).layer(map_response(rebuilt)),
    ];
    for app in routers {
        tells_nothing(&app, "PUT", "", 401, "nested").await;
        assert_eq!(shown(&app, "PUT", KNOWN, "none").await, (405, Some("GET, HEAD, POST".into())));
    }
}

mod other {
    scopes::scopes! {
        pub(super) mod api;
        base "/other";
        things.read { GET "/things"; }
    }
}

fn other_authenticate() -> Authenticate<other::api::Scope> {
    tokens::authenticate("E1", &[("reader", "things.read")])
}

/// The gate of one catalogue inside of another catalogue's gate.
#[tokio::test]
async fn gates_of_two_catalogues() {
    let things = || Router::new().route("/other/things", get(|| async { "things" }));
    // A service of a route, a fallback, a method's fallback, and a gate that is added by hand.
    let serving = |inner: Router| {
        let gated = other::api::gate(inner).also_serve_outside_base("another gate judges what lies there");
        gated.layer(other_authenticate()).layer(map_response(rebuilt))
    };
    let apps = [
        serving(things().fallback_service(gated())),
        serving(things().nest_service("/api", api::gate(bare()).layer(authenticate()))),
        serving(things().route(KNOWN, get(|| async { "mine" }).fallback_service(gated()))),
        serving(things().merge(router().layer(Gate::<api::Scope>::new()).layer(authenticate()))),
    ];
    for (number, app) in apps.into_iter().enumerate() {
        assert_eq!(shown(&app, "PUT", KNOWN, "").await, (401, None), "{number}");
        assert_eq!(shown(&app, "PUT", "/other/things", "").await, (401, None), "{number}");
        assert_eq!(shown(&app, "PUT", "/other/things", "reader").await, (405, Some("GET, HEAD".into())), "{number}");
        assert_eq!(shown(&app, "PUT", KNOWN, "none").await, (405, Some("GET, HEAD, POST".into())), "{number}");
    }
}

/// Without layers of its own, the outer gate has no record. It takes the verdicts from the marks on
/// responses.
#[tokio::test]
async fn an_inner_gate_of_another_catalogue_without_layers_around() {
    let things = || Router::new().route("/other/things", get(|| async { "things" }));
    let by_hand = || router().layer(Gate::<api::Scope>::new()).layer(authenticate());
    let mine = |inner| things().route(KNOWN, get(|| async { "mine" }).fallback_service(inner));
    let inner = [
        things().fallback_service(gated().layer(map_response(rebuilt))),
        mine(gated()),
        mine(gated().layer(map_response(rebuilt))),
        // A layer inside of the outer gate, around the inner gate.
        mine(gated()).layer(map_response(rebuilt)),
        things().merge(by_hand()),
        things().merge(by_hand().layer(map_response(rebuilt))),
    ];
    for (number, inner) in inner.into_iter().enumerate() {
        let gated = other::api::gate(inner).also_serve_outside_base("another gate judges what lies there");
        let app = gated.authenticate(other_authenticate());
        assert_eq!(shown(&app, "PUT", KNOWN, "").await, (401, None), "{number}");
        assert_eq!(shown(&app, "PUT", "/other/things", "").await, (401, None), "{number}");
        assert_eq!(shown(&app, "PUT", "/other/things", "reader").await, (405, Some("GET, HEAD".into())), "{number}");
        assert_eq!(shown(&app, "PUT", KNOWN, "none").await, (405, Some("GET, HEAD, POST".into())), "{number}");
    }
}

/// The API's routes as seen below its base.
fn bare() -> Router {
    Router::new().route("/environments/{id}/users", get(list).post(create))
}
