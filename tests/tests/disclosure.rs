//! Answers, hooks and logs disclose what they should, and never a token, a path, or the existence
//! of another tenant.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderMap, HeaderValue, Request, header};
use scopes::tower::Authenticate;
use scopes::{Denied, Permit, ProblemRenderer, Rendered, Renderer, Settings, VerifyError, verifier_fn};
use scopes_tests::api::{self, Grant, permits};
use scopes_tests::log::Log;
use tower::{Service, ServiceExt};

const GOOD: &str = "hush-of-reader";
const USERS: &str = "/api/environments/e1/users";

async fn verify(token: String) -> Result<Option<Grant>, VerifyError> {
    let scope = match &*token {
        GOOD => api::Scope::UsersRead,
        "hush-of-writer" => api::Scope::UsersWrite,
        "hush-unavailable" => return Err(VerifyError::new("the store is away")),
        _ => return Ok(None),
    };
    Ok(Some(Grant::new(scope).for_tenant("e1")?.with_subject("subject-1").with_token_id("id-1")))
}

async fn users(_: Permit<permits::UsersRead>) -> &'static str {
    "users"
}

fn app(settings: Settings) -> scopes::axum::Gated<api::Scope> {
    let router = Router::new()
        .route("/api/environments/{id}/users", get(users))
        .route("/api/environments/{id}/users/{user}", get(users));
    api::gate(router).layer(Authenticate::new(verifier_fn(verify)).settings(settings))
}

async fn answer<S>(app: &S, method: &str, target: &str, token: &str) -> (u16, HeaderMap, String)
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    let request = Request::builder().method(method).uri(target);
    let request =
        if token.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Bearer {token}")) };
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (mut parts, body) = response.into_parts();
    // The header belongs to the connection, not to the answer: a server adds it if axum has not.
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    (parts.status.as_u16(), parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn other_tenants_and_methods_hidden_as_404() {
    let open = app(Settings::new());
    let hidden = app(Settings::new().other_tenant_as_404().method_not_allowed_as_404());
    let other_tenant = "/api/environments/e2/users";
    assert_eq!(answer(&open, "GET", other_tenant, GOOD).await.0, 403);
    assert_eq!(answer(&open, "DELETE", USERS, GOOD).await.0, 405);
    let unknown = answer(&hidden, "GET", "/api/none", GOOD).await;
    assert_eq!(unknown.0, 404);
    // These answers are equal in every part.
    assert_eq!(answer(&hidden, "GET", other_tenant, GOOD).await, unknown);
    assert_eq!(answer(&hidden, "DELETE", USERS, GOOD).await, unknown);
    // These are not hidden.
    assert_eq!(answer(&hidden, "GET", USERS, GOOD).await.0, 200);
    assert_eq!(answer(&hidden, "GET", USERS, "hush-of-writer").await.0, 403);
    assert_eq!(answer(&hidden, "GET", other_tenant, "").await.0, 401);
}

#[tokio::test]
async fn problem_details_have_the_status_and_headers_of_the_plain_form() {
    let (plain, problem) = (app(Settings::new()), app(Settings::new().renderer(ProblemRenderer)));
    for (method, target, token, title, detail) in [
        ("GET", USERS, "", "Unauthorized", "authentication required"),
        ("GET", USERS, "x", "Unauthorized", "the access token is invalid"),
        ("GET", USERS, "a b", "Bad Request", "malformed request"),
        ("GET", USERS, "hush-of-writer", "Forbidden", "missing scope `users.read`"),
        ("GET", "/api/environments/e2/users", GOOD, "Forbidden", "access forbidden"),
        ("GET", "/api/none", GOOD, "Not Found", "not found"),
        ("DELETE", USERS, GOOD, "Method Not Allowed", "method not allowed"),
        ("GET", "/api/a;b", "", "Bad Request", "malformed request"),
        ("GET", USERS, "hush-unavailable", "Service Unavailable", "temporarily unavailable"),
    ] {
        let (status, mut headers, body) = answer(&plain, method, target, token).await;
        let (problem_status, mut problem_headers, problem_body) = answer(&problem, method, target, token).await;
        assert_eq!(headers.remove(header::CONTENT_TYPE).unwrap(), "application/json");
        assert_eq!(problem_headers.remove(header::CONTENT_TYPE).unwrap(), "application/problem+json");
        assert_eq!((problem_status, problem_headers), (status, headers), "{method} {target}");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body, serde_json::json!({ "error": detail }));
        let problem_body: serde_json::Value = serde_json::from_str(&problem_body).unwrap();
        let mut expected =
            serde_json::json!({ "type": "about:blank", "title": title, "status": status, "detail": detail });
        // Only the refusal for a missing scope tells more.
        if detail.starts_with("missing scope") {
            expected["required"] = serde_json::json!([["users.read"]]);
            expected["missing"] = serde_json::json!(["users.read"]);
        }
        assert_eq!(problem_body, expected);
    }
}

#[tokio::test]
async fn a_renderer_has_no_say_in_what_the_caller_may_do() {
    struct Liar;
    impl Renderer for Liar {
        fn render(&self, denied: &Denied) -> Rendered {
            let mut rendered = Rendered::new(format!("<p>{denied}</p>"), HeaderValue::from_static("text/html"));
            for (name, value) in [
                ("www-authenticate", "Basic realm=\"elsewhere\""),
                ("allow", "BREW"),
                ("accepted-scopes", "nothing"),
                ("content-length", "3"),
                ("transfer-encoding", "chunked"),
                ("connection", "upgrade"),
                ("cache-control", "public, max-age=60"),
                ("cdn-cache-control", "max-age=60"),
                ("surrogate-control", "max-age=60"),
                ("x-request-id", "7"),
            ] {
                rendered.headers.append(name, HeaderValue::from_static(value));
            }
            rendered
        }
    }
    let app = app(Settings::new().renderer(Liar));
    let (status, headers, body) = answer(&app, "GET", USERS, "hush-of-writer").await;
    assert_eq!((status, &*body), (403, "<p>missing scope `users.read`</p>"));
    let shown: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    for expected in [
        "content-type: text/html",
        "x-request-id: 7",
        "cache-control: no-store",
        "accepted-scopes: users.read",
        "www-authenticate: Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"users.read\"",
    ] {
        assert!(shown.iter().filter(|line| *line == expected).count() == 1, "{expected} in {shown:?}");
    }
    assert_eq!(shown.len(), 5, "{shown:?}");
    let (_, headers, _) = answer(&app, "DELETE", USERS, GOOD).await;
    assert_eq!(headers.get_all("allow").iter().collect::<Vec<_>>(), ["GET, HEAD, POST"]);
}

/// Requests with a secret in every part that a caller can write.
const REQUESTS: [(&str, &str, &str); 11] = [
    ("GET", "/api/environments/e1/users/path-secret?query-secret=1", GOOD),
    ("GET", "/api/environments/path-secret/users?query-secret=1", GOOD),
    ("GET", "/api/environments/e1/users/path-secret", "hush-of-writer"),
    ("GET", "/api/environments/e1/users/path-secret", "hush-unknown"),
    ("GET", "/api/environments/e1/users/path-secret", "hush malformed"),
    ("GET", "/api/environments/e1/users/path-secret", "hush-unavailable"),
    ("GET", "/api/environments/e1/users/path-secret", ""),
    ("GET", "/api/environments/e1/users/path-secret;x", GOOD),
    ("GET", "/api/path-secret", GOOD),
    ("METHOD-SECRET", "/api/environments/e1/users/path-secret", GOOD),
    ("PUT", "/api/environments/e1/users/path-secret", GOOD),
];

fn discloses(text: &str) -> Option<&'static str> {
    ["hush", "path-secret", "query-secret"].into_iter().find(|secret| text.contains(secret))
}

#[tokio::test]
async fn the_hook_sees_every_decision_and_no_secret() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let settings = Settings::new().on_decision(move |decided| {
        let told = format!("{decided:?} {} {:?}", decided.outcome(), decided.template());
        log.lock().unwrap().push((decided.is_allowed(), decided.denial().map(scopes::Denial::status), told));
    });
    let app = app(settings);
    let mut decisions = Vec::new();
    for (method, target, token) in REQUESTS {
        let (status, _, body) = answer(&app, method, target, token).await;
        assert_eq!(discloses(&body), None, "{body}");
        let told = std::mem::take(&mut *seen.lock().unwrap());
        for (_, _, told) in &told {
            assert_eq!(discloses(told), None, "{told}");
        }
        decisions.push((status, told.into_iter().map(|(allowed, denial, _)| (allowed, denial)).collect::<Vec<_>>()));
    }
    let denied = |status| (status, vec![(false, Some(status))]);
    assert_eq!(
        decisions,
        [
            // The gate and the permit.
            (200, vec![(true, None), (true, None)]),
            denied(403),
            denied(403),
            denied(401),
            denied(400),
            denied(503),
            denied(401),
            denied(400),
            denied(404),
            denied(405),
            denied(405),
        ]
    );
}

#[tokio::test]
async fn the_log_tells_of_decisions_and_no_secret() {
    let (log, _listening) = Log::listen();
    let gated = app(Settings::new());
    // Permits alone. Some are on a route that is not in the catalogue.
    let permits = Router::new()
        .route("/api/environments/{id}/users/{user}", get(users))
        .route("/api/{what}", get(users))
        .layer(Authenticate::new(verifier_fn(verify)));
    for (method, target, token) in REQUESTS {
        answer(&gated, method, target, token).await;
        answer(&permits, method, target, token).await;
    }
    let told = log.take();
    for expected in [
        "INFO scopes: denied: ",
        "DEBUG scopes: allowed",
        "template=\"/api/environments/{environment}/users/{user}\"",
        "required=\"users.read\"",
        "granted=\"users.write\"",
        "subject=\"subject-1\"",
        "token_id=\"id-1\"",
        "ERROR scopes: the router matched `/api/{what}` for GET",
        "ERROR scopes: the verifier cannot check a token: the store is away",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    assert_eq!(discloses(&told), None, "{told}");
    assert!(!told.contains("METHOD-SECRET"), "{told}");
}
