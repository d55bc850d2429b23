//! Authentication and its neighbours: a missing layer, two layers, CORS, verifiers, a layer that
//! changes the method.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use scopes::ByPrefix;
use scopes_tests::log::Log;
use tower::Layer;

use super::*;

#[tokio::test]
async fn missing_layer() {
    let gated = api::gate(router().layer(authenticate()));
    for (target, expected) in [
        ("/api/environments/e1/users", 500),
        ("/api/none", 500),
        ("/api/health", 200),
        ("/api/a;b", 400),
        ("/index.html", 500),
    ] {
        assert_eq!(status(&gated, "GET", target, "reader").await, expected, "{target}");
    }
    let response = send(&router(), request("GET", "/api/environments/e1/users", "reader")).await;
    assert_eq!(response.status(), 500);
    assert_eq!(text(response).await, r#"{"error":"internal server error"}"#);
}

#[tokio::test]
async fn the_inner_of_two_layers_counts() {
    let knows_none = || Authenticate::<api::Scope>::new(verifier_fn(|_| async { Ok(None) }));
    let inner_knows = router().layer(authenticate()).layer(knows_none());
    let inner_does_not = router().layer(knows_none()).layer(authenticate());
    assert_eq!(status(&inner_knows, "GET", "/api/environments/e1/users", "reader").await, 200);
    assert_eq!(status(&inner_does_not, "GET", "/api/environments/e1/users", "reader").await, 401);
    // A gate in between leaves nothing in the request either.
    let gated = api::gate(router().layer(knows_none())).layer(authenticate());
    assert_eq!(status(&gated, "GET", "/api/environments/e1/users", "reader").await, 401);
}

#[tokio::test]
async fn cors_lies_outside() {
    let cors = tower_http::cors::CorsLayer::permissive();
    let app = api::gate(router()).layer(authenticate()).layer(cors);
    let mut preflight = request("OPTIONS", "/api/environments/e1/users", "");
    preflight.headers_mut().insert("origin", "https://a.example".parse().unwrap());
    preflight.headers_mut().insert("access-control-request-method", "GET".parse().unwrap());
    let response = send(&app, preflight).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(status(&app, "OPTIONS", "/api/environments/e1/users", "").await, 200);
    let mut real = request("GET", "/api/environments/e1/users", "");
    real.headers_mut().insert("origin", "https://a.example".parse().unwrap());
    let response = send(&app, real).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn one_verifier_by_prefix() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = |add: usize| {
        let calls = Arc::clone(&calls);
        verifier_fn(move |_| {
            calls.fetch_add(add, Ordering::SeqCst);
            async { Ok(None::<Grant>) }
        })
    };
    let app = router().layer(Authenticate::new(ByPrefix::new("dyn_", counted(1), counted(100))));
    for (token, total) in [("dyn_x", 1), ("ey", 101), ("Dyn_x", 201), ("", 201), ("dyn_", 202)] {
        assert_eq!(status(&app, "GET", "/api/environments/e1/users", token).await, 401);
        assert_eq!(calls.load(Ordering::SeqCst), total, "{token}");
    }
}

#[tokio::test]
async fn the_token_is_kept_out_of_debug() {
    let handler = tower::service_fn(|request: Request<Body>| async move {
        Ok::<_, std::convert::Infallible>(Response::new(Body::from(format!("{request:?}"))))
    });
    let app = authenticate().layer(handler);
    let response = send(&app, request("GET", "/api/health", "reader")).await;
    let shown = text(response).await;
    assert!(!shown.contains("reader") && shown.contains("Sensitive"), "{shown}");
}

#[tokio::test]
async fn served_live_with_connect_info() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let router = Router::new().route(
        "/api/health",
        get(|axum::extract::ConnectInfo(address): axum::extract::ConnectInfo<std::net::SocketAddr>| async move {
            address.ip().to_string()
        }),
    );
    let app = api::gate(router).layer(authenticate());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let _ = axum::serve(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap(), app.clone().into_make_service());
    let service =
        axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<std::net::SocketAddr>(app);
    let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    server.abort();
}

/// A layer that changes the method after axum has chosen the handler by it.
#[derive(Clone)]
struct Override;

impl<I> Layer<I> for Override {
    type Service = Overriding<I>;

    fn layer(&self, inner: I) -> Overriding<I> {
        Overriding(inner)
    }
}

#[derive(Clone)]
struct Overriding<I>(I);

impl<I: Service<Request<Body>>> Service<Request<Body>> for Overriding<I> {
    type Response = I::Response;
    type Error = I::Error;
    type Future = I::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> I::Future {
        *request.method_mut() = http::Method::GET;
        self.0.call(request)
    }
}

#[tokio::test]
async fn a_method_changed_after_the_dispatch_reaches_no_handler() {
    async fn posted() -> &'static str {
        "posted"
    }
    let router = Router::new().route("/api/environments/{id}/users", get(list).post(posted));
    let app = api::gate(router).layer(authenticate()).layer(Override);
    let request = |method: &str| {
        let request = Request::builder().method(method).uri("/api/environments/e1/users");
        request.header("authorization", "Bearer reader").body(Body::empty()).unwrap()
    };
    assert_eq!(app.clone().oneshot(request("GET")).await.unwrap().status(), 200);
    assert_eq!(app.oneshot(request("POST")).await.unwrap().status(), 404);

    // A gate that is added by hand does not see by which method axum chose the handler, so it
    // refuses.
    let (log, _listening) = Log::listen();
    let router = || Router::new().route("/api/health", get(list).post(posted)).route("/index.html", get(posted));
    let by_hand = |router: Router| router.layer(Gate::<api::Scope>::new()).layer(authenticate()).layer(Override);
    for (method, target, expected) in
        [("POST", "/api/health", 500), ("GET", "/api/health", 500), ("GET", "/index.html", 500)]
    {
        let request = Request::builder().method(method).uri(target).body(Body::empty()).unwrap();
        assert_eq!(by_hand(router()).oneshot(request).await.unwrap().status(), expected, "{method} {target}");
    }
    let errors = log.errors();
    assert!(errors.len() == 3 && errors.iter().all(|error| error.contains("use `api::gate(router)`")), "{errors:?}");

    // A grant without a permit is refused as well.
    let took = |_: Grant| async { "posted" };
    let router = Router::new().route("/api/environments/{id}/users", get(list).post(took));
    let app = router.clone().layer(authenticate()).layer(Override);
    assert_eq!(app.oneshot(request("POST")).await.unwrap().status(), 500);
    assert!(log.take().contains("takes the grant without a permit"));
    let writer = || self::request("POST", "/api/environments/e1/users", "writer");
    assert_eq!(send(&api::gate(router).layer(authenticate()), writer()).await.status(), 200);
    let both = |_: Permit<permits::UsersWrite>, _: Grant| async { "posted" };
    let router = Router::new().route("/api/environments/{id}/users", axum::routing::post(both));
    assert_eq!(send(&router.layer(authenticate()), writer()).await.status(), 200);
}
