//! The actix-web adapter in process, through its own route attributes, scopes and patterns.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// Sends the requests of a table to one set-up: method, target, token, status and, if it is not
/// empty, body.
macro_rules! ask {
    ($app:expr, $cases:expr) => {
        for (method, target, token, status, body) in $cases {
            let answer = answer(&$app, request(method, target, token).to_request()).await;
            assert_eq!(answer.status, status, "{method} {target} {token}: {}", answer.body);
            assert!(body.is_empty() || answer.body == body, "{method} {target} {token}: {}", answer.body);
        }
    };
}

mod layers;
mod paths;
mod readings;

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::{App, Error, HttpRequest, HttpResponse, Responder, get, post, route, web};
use scopes::actix_web::authentication;
use scopes::{Authenticate, Authentication, Permit, ProblemRenderer, Settings, requires};
use scopes_tests::catalogues::people::api;
use scopes_tests::tokens;

fn authenticate() -> Authenticate<api::Scope> {
    tokens::authenticate(
        "e1",
        &[
            ("reader", "users.read"),
            ("writer", "users.write"),
            ("all", "users.read users.export users.write users.probe"),
        ],
    )
}

// `#[requires]` above and below the route attribute.
#[requires(api::users.read)]
#[get("/users")]
async fn list(environment: web::Path<String>) -> impl Responder {
    format!("list {environment}")
}

#[get("/users/export")]
#[requires(api::users.export)]
async fn export() -> impl Responder {
    "EXPORT"
}

#[requires(api::users.read as permit)]
#[get("/users/{id}")]
async fn show(path: web::Path<(String, String)>) -> String {
    let (environment, user) = path.into_inner();
    assert_eq!(permit.tenant(), Some(&*environment));
    assert_eq!(permit.parameter("user").unwrap(), *user);
    format!("show {environment} {user}")
}

#[requires(api::users.write)]
#[post("/users")]
async fn create(body: String) -> String {
    format!("create {body}")
}

#[requires(api::users.write)]
#[post("/users/{user}:cancel")]
async fn cancel(path: web::Path<(String, String)>) -> String {
    format!("cancel {}", path.1)
}

#[requires(api::users.read)]
#[get("/files/{tail:.*}")]
async fn files(path: web::Path<(String, String)>) -> String {
    format!("file {}", path.1)
}

#[requires(api::users.read)]
#[route("/v{version:[0-9]{1,3}}/users", method = "GET", method = "HEAD")]
async fn versioned(path: web::Path<(String, u16)>) -> String {
    format!("version {}", path.1)
}

// The carrier form, with both kinds of return type.
#[requires(api::users.read)]
async fn any_user(#[grant] request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().body(request.match_info()["user"].to_owned())
}

async fn compared(permit: Permit<api::permits::UsersRead>, user: web::Path<String>) -> Result<String, Error> {
    permit.same_tenant(if *user == "other" { "e2" } else { "e1" })?;
    Ok(user.into_inner())
}

async fn me(grant: api::Grant) -> String {
    grant.subject().unwrap_or_default().to_owned()
}

async fn optional(request: HttpRequest) -> String {
    match authentication::<api::Scope>(&request).await {
        Some(Authentication::Granted(grant)) => format!("hello {}", grant.subject().unwrap_or_default()),
        Some(_) => "hello".to_owned(),
        None => "no layer".to_owned(),
    }
}

fn routes(config: &mut web::ServiceConfig) {
    // One name for two parameters: only positions distinguish them.
    let environment = web::scope("/environments/{id}")
        .service(list)
        .service(export)
        .service(show)
        .service(create)
        .service(cancel)
        .service(files)
        .service(versioned);
    let api = web::scope("/api")
        .service(environment)
        .route("/users/{user}", web::get().to(compared))
        .route("/me", web::get().to(me))
        .route("/health", web::get().to(optional));
    config.service(api);
}

/// Status, headers and body.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

async fn answer<S, Q, B>(app: &S, request: Q) -> Answer
where
    S: Service<Q, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let response = app.call(request).await.unwrap();
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let status = response.status().as_u16();
    Answer { status, headers, body: String::from_utf8(read_body(response).await.to_vec()).unwrap() }
}

fn request(method: &str, target: &str, token: &str) -> TestRequest {
    let request = TestRequest::with_uri(target).method(Method::from_bytes(method.as_bytes()).unwrap());
    if token.is_empty() { request } else { request.insert_header(("authorization", format!("Bearer {token}"))) }
}

#[actix_web::test]
async fn statuses() {
    let app = init_service(App::new().configure(routes).wrap(authenticate())).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "", 401, ""),
            ("GET", "/api/environments/e1/users", "bad", 401, ""),
            ("GET", "/api/environments/e1/users", "a b", 400, ""),
            ("GET", "/api/environments/e1/users", "down", 503, ""),
            ("GET", "/api/environments/e1/users", "writer", 403, ""),
            ("GET", "/api/environments/e1/users", "reader", 200, "list e1"),
            ("GET", "/api/environments/e2/users", "reader", 403, "{\"error\":\"access forbidden\"}"),
            ("GET", "/api/environments/%65%31/users", "reader", 200, "list e1"),
            ("GET", "/api/environments/e1/users?x=%2F", "reader", 200, "list e1"),
            ("GET", "/api/environments/e1/users/u1", "", 401, ""),
            ("GET", "/api/environments/e1/users/u1", "writer", 403, ""),
            ("GET", "/api/environments/e1/users/u1", "reader", 200, "show e1 u1"),
            ("GET", "/api/environments/e1/users/u%201", "reader", 200, "show e1 u 1"),
            ("GET", "/api/environments/e2/users/e1", "reader", 403, ""),
            ("POST", "/api/environments/e1/users", "reader", 403, ""),
            ("POST", "/api/environments/e1/users", "writer", 200, "create "),
            ("POST", "/api/environments/e1/users/u1:cancel", "writer", 200, "cancel u1"),
            ("POST", "/api/environments/e1/users/u1:cancel", "reader", 403, ""),
            ("POST", "/api/environments/e2/users/u1:cancel", "writer", 403, ""),
            ("GET", "/api/environments/e1/files/a/b.txt", "reader", 200, "file a/b.txt"),
            ("GET", "/api/environments/e2/files/a/b.txt", "reader", 403, ""),
            ("GET", "/api/environments/e1/files/", "reader", 404, ""),
            ("GET", "/api/environments/e1/v12/users", "reader", 200, "version 12"),
            ("HEAD", "/api/environments/e1/v12/users", "reader", 200, ""),
            ("HEAD", "/api/environments/e1/v12/users", "writer", 403, ""),
            ("HEAD", "/api/environments/e1/v12/users", "", 401, ""),
            ("GET", "/api/me", "", 401, ""),
            ("GET", "/api/me", "writer", 200, "writer"),
            ("GET", "/api/health", "", 200, "hello"),
            ("GET", "/api/health", "bad", 200, "hello"),
            ("GET", "/api/health", "reader", 200, "hello reader"),
            ("GET", "/api/users/u1", "reader", 200, "u1"),
            ("GET", "/api/users/other", "reader", 403, ""),
            // actix-web serves HEAD only if a handler is registered for HEAD.
            ("HEAD", "/api/environments/e1/users", "reader", 404, ""),
            ("PUT", "/api/environments/e1/users", "reader", 404, ""),
        ]
    );
}

#[actix_web::test]
async fn what_a_refusal_looks_like() {
    let app = init_service(
        App::new().configure(routes).wrap(authenticate().settings(Settings::new().realm("dashboard").unwrap())),
    )
    .await;
    let absent = answer(&app, request("GET", "/api/environments/e1/users", "").to_request()).await;
    assert_eq!(absent.header("www-authenticate"), Some("Bearer realm=\"dashboard\""));
    assert_eq!(absent.header("content-type"), Some("application/json"));
    assert_eq!(absent.body, "{\"error\":\"authentication required\"}");
    let missing = answer(&app, request("GET", "/api/environments/e1/users/export", "reader").to_request()).await;
    assert_eq!(
        missing.header("www-authenticate"),
        Some("Bearer realm=\"dashboard\", error=\"insufficient_scope\", scope=\"users.export\"")
    );
    assert_eq!(missing.header("accepted-scopes"), Some("users.export"));
    assert_eq!(missing.body, "{\"error\":\"missing scope `users.export`\"}");
    let twice =
        request("GET", "/api/environments/e1/users", "reader").append_header(("authorization", "Bearer reader"));
    assert_eq!(answer(&app, twice.to_request()).await.status, 400);

    let problems =
        App::new().configure(routes).wrap(authenticate().settings(Settings::new().renderer(ProblemRenderer)));
    let problem = answer(&init_service(problems).await, request("GET", "/api/me", "").to_request()).await;
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
}

#[actix_web::test]
async fn the_carrier_form() {
    let app = App::new().route("/api/users/{user}", web::get().to(any_user)).wrap(authenticate());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/api/users/u1", "", 401, ""),
            ("GET", "/api/users/u1", "writer", 403, "{\"error\":\"missing scope `users.read`\"}"),
            ("GET", "/api/users/u1", "reader", 200, "u1"),
            ("GET", "/api/users/a%2Fb", "reader", 400, ""),
        ]
    );
}
