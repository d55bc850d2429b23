//! The actix-web adapter in process, through its own route attributes, scopes and patterns.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::{App, Error, HttpRequest, HttpResponse, Responder, get, post, route, web};
use scopes::actix_web::{authentication, store};
use scopes::{Authenticate, Authentication, Carrier, Denied, Permit, ProblemJson, Settings, TokenSource, VerifyError};
use scopes::{requires, verifier_fn};

scopes::scopes! {
    mod api;

    base "/api";
    tenant environment;

    users.read {
        under "/environments/:environment" {
            GET "/users";
            GET "/users/:user" as get_user;
            GET "/files/{*path}";
            GET "/v{version}/users";
        }
        #[unbound("the handler compares")]
        GET "/users/:user" as any_user;
    }
    users.export { GET "/environments/:environment/users/export"; }
    users.write {
        under "/environments/:environment" {
            POST "/users";
            POST "/users/{user}:cancel";
        }
    }
    authenticated("who am I") { GET "/me"; }
    public("liveness probe") { GET "/health"; }
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes = match token.as_str() {
        "reader" => api::Scope::UsersRead.into(),
        "writer" => api::Scope::UsersWrite.into(),
        "all" => api::Scopes::all(),
        "down" => return Err(VerifyError::new("the store is away")),
        _ => return Ok(None),
    };
    Ok(Some(api::Grant::new(scopes).for_tenant("e1")?.with_subject(token)))
}

fn authenticate() -> Authenticate<api::Scope> {
    Authenticate::new(verifier_fn(verify))
}

// Above and below the route attribute.
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
    assert_eq!(permit.parameter("user").as_deref(), Some(&*user));
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

// The carrier form, with both kinds of return types.
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
    match authentication::<api::Scope>(&request) {
        Some(Authentication::Granted(grant)) => format!("hello {}", grant.subject().unwrap_or_default()),
        Some(_) => "hello".to_owned(),
        None => "no layer".to_owned(),
    }
}

fn routes(config: &mut web::ServiceConfig) {
    // One name for two parameters: only positions tell them apart.
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

/// Asks one set-up everything in a table of method, target, token, status and, if it is not empty, body.
macro_rules! ask {
    ($app:expr, $cases:expr) => {
        for (method, target, token, status, body) in $cases {
            let answer = answer(&$app, request(method, target, token).to_request()).await;
            assert_eq!(answer.status, status, "{method} {target} {token}: {}", answer.body);
            assert!(body.is_empty() || answer.body == body, "{method} {target} {token}: {}", answer.body);
        }
    };
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
            // actix-web serves HEAD for nothing but HEAD.
            ("HEAD", "/api/environments/e1/users", "reader", 404, ""),
            ("PUT", "/api/environments/e1/users", "reader", 404, ""),
        ]
    );
}

/// What a router that decodes makes of a path.
#[actix_web::test]
async fn decoded_paths() {
    let app = init_service(App::new().configure(routes).wrap(authenticate())).await;
    let users = "/api/environments/e1/users";
    ask!(
        app,
        [
            // A guard by the raw path takes these for `{user}`.
            ("GET", "/api/environments/e1/users/export", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/%65xport", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/expor%74", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/%65xport", "all", 200, "EXPORT"),
            ("GET", "/api/environments/e1/users/Export", "reader", 200, "show e1 Export"),
            ("GET", "/api/environments/e1/%75sers/u1", "reader", 200, "show e1 u1"),
            ("GET", "/api/environments/%65%32/users", "reader", 403, ""),
            // The base decoded: no literal of ours.
            ("GET", "/%61pi/environments/e1/users", "reader", 404, ""),
            ("GET", "/%61pi/environments/e1/users", "", 401, ""),
            // G2 to G5.
            ("GET", "/api/environments/e1%2Fx/users", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/a%2Fb", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/a%252Fb", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/a;b", "", 400, ""),
            ("GET", "/api/environments/e1/users/..", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/%2e%2e", "reader", 400, ""),
            ("GET", "/api/environments/e1/users/%ff", "reader", 400, ""),
            ("GET", "/api/environments/e1/files/a/../b", "all", 400, ""),
            ("GET", "/api/environments/e1/users/", "reader", 404, ""),
            ("GET", "/api/environments//users", "reader", 404, ""),
        ]
    );
    let long = format!("{users}?{}", "x".repeat(8200));
    ask!(app, [("GET", &*long, "reader", 414, "")]);
}

#[actix_web::test]
async fn slashes_normalised_in_front() {
    let app = App::new().configure(routes).wrap(authenticate()).wrap(NormalizePath::trim());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users/", "reader", 200, "list e1"),
            ("GET", "/api//environments/e1//users/u1", "reader", 200, "show e1 u1"),
            ("GET", "/api/environments//e2/users", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/export/", "reader", 403, ""),
            ("GET", "/api/environments/e1//%65xport", "reader", 404, ""),
        ]
    );
}

#[actix_web::test]
async fn what_a_refusal_looks_like() {
    let app = init_service(App::new().configure(routes).wrap(authenticate().realm("dashboard").unwrap())).await;
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

    let problems = App::new().configure(routes).wrap(authenticate().renderer(ProblemJson));
    let problem = answer(&init_service(problems).await, request("GET", "/api/me", "").to_request()).await;
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
}

#[actix_web::test]
async fn tokens_elsewhere() {
    let cookie = authenticate().source(TokenSource::Cookie("token".to_owned()));
    let app = init_service(App::new().configure(routes).wrap(cookie)).await;
    let ask = |cookies: &'static str| TestRequest::with_uri("/api/me").insert_header(("cookie", cookies)).to_request();
    assert_eq!(answer(&app, ask("a=1; token=reader")).await.body, "reader");
    assert_eq!(answer(&app, ask("token=reader; token=writer")).await.status, 400);
    assert_eq!(answer(&app, request("GET", "/api/me", "reader").to_request()).await.status, 401);
}

#[actix_web::test]
async fn the_layer_is_missing() {
    let app = init_service(App::new().configure(routes)).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "reader", 500, "{\"error\":\"internal server error\"}"),
            ("GET", "/api/me", "reader", 500, ""),
            ("GET", "/api/health", "", 200, "no layer"),
        ]
    );
}

#[actix_web::test]
async fn the_inner_layer_counts() {
    let anybody = Authenticate::new(verifier_fn(|_: String| async {
        Ok(Some(api::Grant::new(api::Scopes::all()).for_any_tenant()))
    }));
    let app = init_service(App::new().configure(routes).wrap(authenticate()).wrap(anybody)).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "bad", 401, ""),
            ("GET", "/api/environments/e2/users", "reader", 403, ""),
            ("GET", "/api/environments/e1/users/export", "reader", 403, ""),
        ]
    );
}

#[actix_web::test]
async fn an_authentication_of_ones_own() {
    let settings = Arc::new(Settings::new());
    let own = from_fn(move |request: ServiceRequest, next: actix_web::middleware::Next<_>| {
        let authentication = match request.headers().contains_key("x-reader") {
            true => Authentication::Granted(api::Grant::new(api::Scope::UsersRead.into()).for_tenant("e1").unwrap()),
            false => Authentication::Absent,
        };
        store(authentication, &request, &settings);
        next.call(request)
    });
    let app = init_service(App::new().configure(routes).wrap(own)).await;
    ask!(app, [("GET", "/api/environments/e1/users", "reader", 401, "")]);
    let known = TestRequest::with_uri("/api/environments/e1/users").insert_header(("x-reader", "1"));
    assert_eq!(answer(&app, known.to_request()).await.body, "list e1");
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

/// Patterns that say less than the catalogue does: what they take too much is refused.
#[actix_web::test]
async fn patterns_that_take_other_segments_than_their_template() {
    async fn shown(_: Permit<api::permits::UsersRead>, path: web::Path<(String, String)>) -> String {
        path.0.clone()
    }
    let greedy = App::new()
        .route("/api/environments/{environment:.+}/users/{user}", web::get().to(shown))
        .route("/api/environments/{environment:.+}/files/{path:.*}", web::get().to(shown))
        .wrap(authenticate());
    let greedy = init_service(greedy).await;
    ask!(
        greedy,
        [
            ("GET", "/api/environments/e1/users/u1", "reader", 200, "e1"),
            ("GET", "/api/environments/e1/users/users/u1", "reader", 404, ""),
            ("GET", "/api/environments/e1/x/users/u1", "reader", 404, ""),
            ("GET", "/api/environments/e1/files/a/b", "reader", 200, "e1"),
            // By the template the tenant is `e1`, to the handler it is `e1/files`.
            ("GET", "/api/environments/e1/files/files/a", "reader", 404, ""),
        ]
    );
    // Two patterns for one resource: actix-web tells the first, whichever has matched.
    let patterns = ["/api/environments/{environment}/users/{user:\\d+}", "/api/{user}/{environment}/users/x"];
    let two = init_service(App::new().service(web::resource(patterns).to(shown)).wrap(authenticate())).await;
    ask!(
        two,
        [
            ("GET", "/api/environments/e1/users/7", "reader", 200, "e1"),
            ("GET", "/api/environments/e1/users/x", "reader", 404, ""),
            ("GET", "/api/e2/e1/users/x", "reader", 404, ""),
        ]
    );
}

#[actix_web::test]
async fn nothing_but_a_routed_handler_gets_a_permit() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&seen);
    let before = from_fn(move |request: ServiceRequest, next: actix_web::middleware::Next<_>| {
        let permit: Result<Permit<api::permits::UsersRead>, Denied> = request.request().permit();
        written.lock().unwrap().push(permit.map_or_else(|denied| denied.status().as_u16(), |_| 200));
        next.call(request)
    });
    async fn fallback(_: Permit<api::permits::UsersRead>) -> &'static str {
        "fallback"
    }
    // `/users/{id}` as the first resource, so that actix-web's guess before the routing is wrong.
    let app = App::new()
        .service(web::resource("/api/environments/{id}/users/{user}").guard(actix_web::guard::Post()).to(fallback))
        .default_service(web::to(fallback))
        .wrap(before)
        .wrap(authenticate());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "reader", 500, ""),
            ("GET", "/api/environments/e1/users/u1", "reader", 500, ""),
            ("GET", "/elsewhere", "reader", 500, ""),
        ]
    );
    assert_eq!(*seen.lock().unwrap(), [500, 500, 500]);
}

#[actix_web::test]
async fn handlers_that_demand_something_else_than_their_route() {
    async fn exported(_: Permit<api::permits::UsersExport>) -> &'static str {
        "EXPORT"
    }
    let app = App::new()
        .route("/api/environments/{environment}/users", web::get().to(exported))
        .route("/api/undeclared", web::get().to(exported))
        .route("/api/health", web::get().to(exported))
        .wrap(authenticate());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/api/environments/e1/users", "all", 500, ""),
            ("GET", "/api/undeclared", "all", 500, ""),
            ("GET", "/api/health", "all", 500, ""),
        ]
    );
}

#[actix_web::test]
async fn mounted_elsewhere() {
    let api = web::scope("/v9/environments/{id}").service(list).service(show);
    let app = App::new().service(api).wrap(authenticate().mounted_at("/v9").unwrap());
    let app = init_service(app).await;
    ask!(
        app,
        [
            ("GET", "/v9/environments/e1/users", "reader", 200, "list e1"),
            ("GET", "/v9/environments/e2/users", "reader", 403, ""),
            ("GET", "/api/environments/e1/users", "reader", 404, ""),
        ]
    );
}
