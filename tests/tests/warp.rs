//! warp in process: the attribute on functions after filters, the position of the permit, `or`,
//! rejections.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use scopes::requires;
use scopes::tower::{Authenticate, Gate};
use scopes::warp::{Guard, grant, permit, recover};
use scopes_tests::catalogues::kinds::api;
use scopes_tests::tokens;
use tower::{Layer, Service, ServiceExt};
use warp::{Filter, Reply};

fn authenticate() -> Authenticate<api::Scope> {
    const BOTH: (&str, &str) = ("both", "items.read items.export");
    tokens::authenticate(
        "E1",
        &[("reader", "items.read"), ("writer", "items.write"), ("exporter", "items.export"), BOTH],
    )
}

#[requires(api::items.read)]
async fn list(environment: String) -> Result<String, Infallible> {
    Ok(environment)
}

#[requires(api::items.read as permit)]
async fn show(environment: String, item: String) -> Result<String, Infallible> {
    Ok(format!("{item} of {environment}, {:?}", permit.tenant()))
}

#[requires(api::items.export)]
async fn export(_: String) -> Result<&'static str, Infallible> {
    Ok("export")
}

#[requires(api::items.write)]
async fn create(_: String, body: Bytes) -> Result<String, Infallible> {
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// The catalogue demands another scope here.
#[requires(api::items.read)]
async fn formats() -> Result<&'static str, Infallible> {
    Ok("formats")
}

fn filters() -> impl Filter<Extract = (impl Reply + use<>,), Error = Infallible> + Clone + Send + Sync + 'static {
    let items = || warp::path!("v1" / "environments" / String / "items");
    let item = warp::path!("v1" / "environments" / String / "items" / String).and(warp::get()).guarded().and_then(show);
    let export =
        warp::path!("v1" / "environments" / String / "items" / "export").and(warp::get()).guarded().and_then(export);
    let list = items().and(warp::get()).guarded().and_then(list);
    let create = items().and(warp::post()).guarded().and(warp::body::bytes()).and_then(create);
    let formats = warp::path!("v1" / "formats").and(warp::get()).and(permit()).and_then(formats);
    let me = warp::path!("v1" / "me").and(grant()).map(|grant: api::Grant| grant.scopes().to_string());
    // warp tries `item` first for `export`, but still reaches `export`.
    let all = list.or(item).or(export).or(create).or(formats).or(me);
    all.recover(recover).recover(async |_| Ok::<_, Infallible>(http::StatusCode::NOT_FOUND))
}

async fn send<S, B>(app: &S, method: &str, target: &str, token: &str, body: B) -> warp::reply::Response
where
    S: Service<Request<B>, Response = warp::reply::Response, Error = Infallible> + Clone,
{
    let request = Request::builder().method(method).uri(target);
    let request = if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
    app.clone().oneshot(request.body(body).unwrap()).await.unwrap()
}

#[tokio::test]
async fn statuses_and_texts() {
    let plain = authenticate().layer(warp::service(filters()));
    let gated = authenticate().layer(Gate::<api::Scope>::new().layer(warp::service(filters())));
    for (method, target, token, without_gate, with_gate, text) in [
        ("GET", "/v1/environments/E1/items", "", 401, 401, ""),
        ("GET", "/v1/environments/E1/items", "bad", 401, 401, ""),
        ("GET", "/v1/environments/E1/items", "a b", 400, 400, ""),
        ("GET", "/v1/environments/E1/items", "down", 503, 503, ""),
        ("GET", "/v1/environments/E1/items", "writer", 403, 403, ""),
        ("GET", "/v1/environments/E2/items", "reader", 403, 403, ""),
        ("GET", "/v1/environments/E1/items", "reader", 200, 200, "E1"),
        ("GET", "/v1/environments/E1/items?all", "reader", 200, 200, "E1"),
        ("GET", "/v1/environments/%45%31/items", "reader", 200, 200, "%45%31"),
        ("GET", "/v1/environments/E1/items/", "reader", 404, 404, ""),
        ("GET", "//v1/environments/E1/items", "reader", 404, 404, ""),
        ("POST", "/v1/environments/E1/items", "reader", 403, 403, ""),
        ("POST", "/v1/environments/E1/items", "writer", 200, 200, "body"),
        ("GET", "/v1/environments/E1/items/7", "reader", 200, 200, "7 of E1, Some(\"E1\")"),
        ("GET", "/v1/environments/E1/items/a%2Fb", "reader", 400, 400, ""),
        ("GET", "/v1/environments/E1/items/export", "reader", 403, 403, ""),
        ("GET", "/v1/environments/E1/items/export", "exporter", 200, 200, "export"),
        // warp compares the raw path, so this is an item. A handler that decodes it may read it as
        // the export.
        ("GET", "/v1/environments/E1/items/%65xport", "exporter", 403, 403, ""),
        ("GET", "/v1/environments/E1/items/%65xport", "reader", 403, 403, ""),
        ("GET", "/v1/environments/E1/items/%65xport", "both", 200, 200, "%65xport of E1, Some(\"E1\")"),
        ("GET", "/v1/me", "", 401, 401, ""),
        ("GET", "/v1/me", "writer", 200, 200, "items.write"),
        // The handler demands another scope than the catalogue.
        ("GET", "/v1/formats", "", 401, 401, ""),
        ("GET", "/v1/formats", "exporter", 500, 500, ""),
        ("GET", "/v1/none", "", 404, 401, ""),
        ("GET", "/v1/none", "reader", 404, 404, ""),
    ] {
        let body = || Full::<Bytes>::from("body");
        let of_plain = send(&plain, method, target, token, body()).await;
        let of_gated = send(&gated, method, target, token, body()).await;
        for (response, expected) in [(of_plain, without_gate), (of_gated, with_gate)] {
            assert_eq!(response.status().as_u16(), expected, "{method} {target} {token}");
            if expected == 200 {
                let body = response.into_body().collect().await.unwrap().to_bytes();
                assert_eq!(String::from_utf8_lossy(&body), text, "{method} {target} {token}");
            }
        }
    }
}

#[tokio::test]
async fn the_challenge_arrives() {
    let app = authenticate().layer(warp::service(filters()));
    let response = send(&app, "GET", "/v1/environments/E1/items", "writer", Full::<Bytes>::default()).await;
    assert_eq!(
        response.headers()["www-authenticate"],
        "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"items.read\""
    );
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, r#"{"error":"missing scope `items.read`"}"#);
}

#[tokio::test]
async fn missing_layer() {
    let app = warp::service(filters());
    let response = send(&app, "GET", "/v1/environments/E1/items", "reader", Full::<Bytes>::default()).await;
    assert_eq!(response.status(), 500);
}

#[tokio::test]
async fn no_body_is_read_for_the_refused() {
    struct Untouchable;
    impl http_body::Body for Untouchable {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
            panic!("the body was read")
        }
    }
    let app = authenticate().layer(warp::service(filters()));
    for (token, expected) in [("", 401), ("reader", 403), ("down", 503)] {
        let response = send(&app, "POST", "/v1/environments/E1/items", token, Untouchable).await;
        assert_eq!(response.status().as_u16(), expected, "{token}");
    }
}

/// A WebSocket over HTTP/2 is judged as the `GET` of its route.
#[tokio::test]
async fn an_extended_connect_is_the_get_of_its_route() {
    let filter = || {
        let list = warp::path!("v1" / "environments" / String / "items").guarded().and_then(list);
        warp::service(list.recover(recover).recover(async |_| Ok::<_, Infallible>(http::StatusCode::NOT_FOUND)))
    };
    let plain = authenticate().layer(filter());
    let gated = authenticate().layer(Gate::<api::Scope>::new().layer(filter()));
    for (is_extended, target, token, without_gate, with_gate) in [
        (true, "/v1/environments/E1/items", "reader", 200, 200),
        (true, "/v1/environments/E1/items", "writer", 403, 403),
        (true, "/v1/environments/E2/items", "reader", 403, 403),
        (true, "/v1/environments/E1/items", "", 401, 401),
        (false, "/v1/environments/E1/items", "reader", 500, 405),
    ] {
        let request = || {
            let request = Request::builder().method("CONNECT").uri(target);
            let request =
                if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
            let request =
                if is_extended { request.extension(hyper::ext::Protocol::from_static("websocket")) } else { request };
            request.body(Full::<Bytes>::default()).unwrap()
        };
        let found = [plain.clone().oneshot(request()).await.unwrap(), gated.clone().oneshot(request()).await.unwrap()];
        assert_eq!(
            found.map(|found| found.status().as_u16()),
            [without_gate, with_gate],
            "{is_extended} {target} {token}"
        );
    }
}
