//! The rocket adapter in process, through its own route attributes, mounts and catchers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a handler's arguments are what the framework gives")]

use std::path::PathBuf;
use std::sync::Arc;

use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::{ContentType, Header, Method, Status};
use rocket::local::blocking::Client;
use rocket::{Build, Config, FromForm, Request, Rocket, catch, catchers, delete, get, head, post, routes};
use scopes::rocket::{authentication, store};
use scopes::{Authenticate, Authentication, Carrier, Denied, Permit, Settings, TokenSource};
use scopes::{requires, verifier_fn};
use scopes_tests::catalogues::people::api;
use scopes_tests::tokens;

fn authenticate() -> Authenticate<api::Scope> {
    tokens::authenticate(
        "e1",
        &[
            ("reader", "users.read"),
            ("writer", "users.write"),
            ("prober", "users.probe"),
            ("all", "users.read users.export users.write users.probe"),
        ],
    )
}

#[requires(api::users.read as permit)]
#[get("/environments/<id>/users?<page>")]
async fn list(id: &str, page: Option<u8>) -> String {
    assert_eq!(permit.tenant(), Some(id));
    format!("list {id} {}", page.unwrap_or(1))
}

#[requires(api::users.export)]
#[get("/environments/<_>/users/export", rank = 1)]
fn export() -> &'static str {
    "EXPORT"
}

#[requires(api::users.read as permit)]
#[get("/environments/<environment>/users/<id>", rank = 2)]
fn show(environment: &str, id: &str) -> String {
    assert_eq!((permit.tenant(), &*permit.parameter("user").unwrap()), (Some(environment), id));
    format!("show {environment} {id}")
}

#[requires(api::users.write)]
#[post("/environments/<_>/users", data = "<body>", rank = 1)]
fn create(body: String) -> String {
    format!("create {body}")
}

#[derive(FromForm)]
struct Name {
    name: String,
}

#[requires(api::users.write)]
#[post("/environments/<_>/users", format = "form", data = "<form>")]
fn create_of_form(form: Form<Name>) -> String {
    format!("create {}", form.name)
}

#[requires(api::users.write)]
#[delete("/environments/<_>/users/<id>")]
fn remove(id: u32) -> String {
    format!("remove {id}")
}

#[requires(api::users.read)]
#[get("/environments/<_>/files/<path..>")]
fn files(path: PathBuf) -> String {
    format!("file {}", path.display())
}

#[requires(api::users.read)]
#[get("/environments/<_>/probe")]
fn probe_get() -> &'static str {
    "probe"
}

#[requires(api::users.probe)]
#[head("/environments/<_>/probe")]
fn probe_head() -> &'static str {
    "probe"
}

#[requires(api::users.read as permit)]
#[get("/users/<user>")]
fn compared(user: &str) -> Result<String, Denied> {
    permit.same_tenant(if user == "other" { "e2" } else { "e1" })?;
    Ok(user.to_owned())
}

#[get("/me")]
fn me(grant: api::Grant) -> String {
    grant.subject().unwrap_or_default().to_owned()
}

struct Subject(Option<String>);

#[rocket::async_trait]
impl<'r> rocket::request::FromRequest<'r> for Subject {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> rocket::request::Outcome<Self, Self::Error> {
        rocket::request::Outcome::Success(Self(match authentication::<api::Scope>(request).await {
            Some(Authentication::Granted(grant)) => grant.subject().map(str::to_owned),
            Some(_) => Some("person".to_owned()),
            None => None,
        }))
    }
}

#[get("/health")]
fn health(subject: Subject) -> String {
    subject.0.unwrap_or_else(|| "no fairing".to_owned())
}

fn server() -> Rocket<Build> {
    let all =
        routes![list, export, show, create, create_of_form, remove, files, probe_get, probe_head, compared, me, health];
    rocket::custom(Config { log_level: rocket::config::LogLevel::Off, ..Config::debug_default() }).mount("/api", all)
}

fn client(server: Rocket<Build>) -> Client {
    Client::untracked(server).unwrap()
}

/// Status and body.
fn send(client: &Client, method: Method, target: &str, token: &str) -> (u16, String) {
    let mut request = client.req(method, target.to_owned());
    if !token.is_empty() {
        request.add_header(Header::new("authorization", format!("Bearer {token}")));
    }
    let response = request.dispatch();
    (response.status().code, response.into_string().unwrap_or_default())
}

fn ask(client: &Client, cases: &[(Method, &str, &str, u16, &str)]) {
    for &(method, target, token, status, body) in cases {
        let answer = send(client, method, target, token);
        assert_eq!(answer.0, status, "{method} {target} {token}: {}", answer.1);
        assert!(body.is_empty() || answer.1 == body, "{method} {target} {token}: {}", answer.1);
    }
}

use Method::{Delete, Get, Head, Post, Put};

#[test]
fn statuses() {
    ask(
        &client(server().attach(authenticate())),
        &[
            (Get, "/api/environments/e1/users", "", 401, "{\"error\":\"authentication required\"}"),
            (Get, "/api/environments/e1/users", "bad", 401, ""),
            (Get, "/api/environments/e1/users", "a b", 400, ""),
            (Get, "/api/environments/e1/users", "down", 503, "{\"error\":\"temporarily unavailable\"}"),
            (Get, "/api/environments/e1/users", "writer", 403, "{\"error\":\"missing scope `users.read`\"}"),
            (Get, "/api/environments/e1/users", "reader", 200, "list e1 1"),
            (Get, "/api/environments/e1/users?page=2", "reader", 200, "list e1 2"),
            (Get, "/api/environments/e2/users", "reader", 403, "{\"error\":\"access forbidden\"}"),
            (Get, "/api/environments/%65%31/users", "reader", 200, "list e1 1"),
            (Get, "/api/environments/e1/users/u1", "reader", 200, "show e1 u1"),
            (Get, "/api/environments/e1/users/u%201", "reader", 200, "show e1 u 1"),
            (Get, "/api/environments/e1/users/u1", "writer", 403, ""),
            (Post, "/api/environments/e1/users", "reader", 403, ""),
            (Post, "/api/environments/e1/users", "writer", 200, "create "),
            (Delete, "/api/environments/e1/users/7", "writer", 200, "remove 7"),
            (Delete, "/api/environments/e1/users/7", "reader", 403, ""),
            // The guard runs before the parameters are parsed, so a client without credentials
            // learns nothing about them.
            (Delete, "/api/environments/e1/users/x", "", 401, ""),
            (Delete, "/api/environments/e1/users/x", "writer", 422, ""),
            (Get, "/api/environments/e1/files/a/b.txt", "reader", 200, "file a/b.txt"),
            (Get, "/api/environments/e2/files/a/b.txt", "reader", 403, ""),
            (Get, "/api/me", "", 401, ""),
            (Get, "/api/me", "writer", 200, "writer"),
            (Get, "/api/health", "", 200, "person"),
            (Get, "/api/health", "reader", 200, "reader"),
            (Get, "/api/users/u1", "reader", 200, "u1"),
            (Get, "/api/users/other", "reader", 403, "{\"error\":\"access forbidden\"}"),
            (Put, "/api/environments/e1/users", "reader", 404, ""),
        ],
    );
}

#[test]
fn head_is_get_unless_there_is_a_route_for_it() {
    ask(
        &client(server().attach(authenticate())),
        &[
            (Head, "/api/environments/e1/users", "", 401, ""),
            (Head, "/api/environments/e1/users", "writer", 403, ""),
            (Head, "/api/environments/e1/users", "reader", 200, ""),
            (Head, "/api/environments/e1/probe", "reader", 403, ""),
            (Head, "/api/environments/e1/probe", "prober", 200, ""),
            (Get, "/api/environments/e1/probe", "prober", 403, ""),
            (Get, "/api/environments/e1/probe", "reader", 200, "probe"),
        ],
    );
}

/// How a router that decodes and drops slashes reads a path.
#[test]
fn decoded_and_folded_paths() {
    ask(
        &client(server().attach(authenticate())),
        &[
            (Get, "/api/environments/e1/users/export", "reader", 403, ""),
            (Get, "/api/environments/e1/users/%65xport", "reader", 403, ""),
            (Get, "/api/environments/e1/users/expor%74", "reader", 403, ""),
            (Get, "/api/environments/e1/users/%65xport", "all", 200, "EXPORT"),
            (Get, "/api/environments/e1/%75sers/u1", "reader", 200, "show e1 u1"),
            (Get, "/api/environments/%65%32/users", "reader", 403, ""),
            (Get, "/%61pi/environments/e1/users", "reader", 404, ""),
            (Get, "//api/environments/e1/users", "reader", 404, ""),
            (Get, "/api//environments/e1/users", "reader", 404, ""),
            (Get, "/api/environments//e1/users", "reader", 404, ""),
            // rocket gives both to one route.
            (Get, "/api/environments/e1/users/", "reader", 200, "list e1 1"),
            (Get, "/api/environments/e1/users/?x=/", "reader", 200, "list e1 1"),
            (Get, "/api/environments/e2/users/", "reader", 403, ""),
            (Get, "/api/environments/e1/users/", "writer", 403, ""),
            (Get, "/api/environments/e1/users/", "", 401, ""),
            (Get, "/api/environments/e1/users/u1/", "reader", 200, "show e1 u1"),
            (Get, "/api/environments/e1/users/export/", "reader", 403, ""),
            (Get, "/api/environments/e1/users/export/", "all", 200, "EXPORT"),
            (Get, "/api/environments/e1/users/%65xport/", "reader", 403, ""),
            (Get, "/api/environments/e1/users//", "reader", 404, ""),
            (Get, "/api/environments/e1/users/../", "reader", 400, ""),
            (Get, "/api/environments/e1%2Fx/users", "reader", 400, ""),
            (Get, "/api/environments/e1/users/a%2Fb", "reader", 400, ""),
            (Get, "/api/environments/e1/users/a%252Fb", "reader", 400, ""),
            (Get, "/api/environments/e1/users/a;b", "", 400, ""),
            (Get, "/api/environments/e1/users/..", "reader", 400, ""),
            (Get, "/api/environments/e1/users/%2e%2e", "reader", 400, ""),
            (Get, "/api/environments/e1/users/%ff", "reader", 400, ""),
            (Get, "/api/environments/e1/files/a/../b", "all", 400, ""),
            (Get, "/api/environments/e1/files/a//b", "all", 404, ""),
            (Get, "/api/environments/e1/files/a/", "all", 404, ""),
            (Get, "/api/environments/e1/files", "all", 404, ""),
        ],
    );
    let long = format!("/api/environments/e1/users?x={}", "x".repeat(8200));
    ask(&client(server().attach(authenticate())), &[(Get, &long, "reader", 414, "")]);
}

/// rocket routes by a form's `_method`, so this is the method that is checked.
#[test]
fn a_method_in_the_form() {
    let client = client(server().attach(authenticate()));
    for (token, target, body, expected) in [
        ("writer", "/api/environments/e1/users/7", "_method=delete", (200, "remove 7")),
        ("reader", "/api/environments/e1/users/7", "_method=delete", (403, "")),
        ("writer", "/api/environments/e2/users/7", "_method=delete", (403, "")),
        ("writer", "/api/environments/e1/users", "_method=get&name=x", (403, "")),
        ("writer", "/api/environments/e1/users", "name=x", (200, "create x")),
        ("reader", "/api/environments/e1/users", "name=x", (403, "")),
    ] {
        let request = client.post(target).header(ContentType::Form).body(body);
        let response = request.header(Header::new("authorization", format!("Bearer {token}"))).dispatch();
        assert_eq!(response.status().code, expected.0, "{token} {target} {body}");
        let text = response.into_string().unwrap();
        assert!(expected.1.is_empty() || text == expected.1, "{text}");
    }
}

#[catch(401)]
fn own_401() -> (ContentType, &'static str) {
    (ContentType::HTML, "<h1>who?</h1>")
}

#[catch(403)]
fn another_status() -> (Status, &'static str) {
    (Status::NotFound, "nothing here")
}

#[catch(404)]
fn own_404() -> &'static str {
    "own 404"
}

#[test]
fn what_a_refusal_looks_like() {
    let tag = AdHoc::on_response("tag", |_, response| {
        Box::pin(async move {
            response.set_raw_header("x-tag", "kept");
        })
    });
    let server = server().attach(tag).attach(authenticate().settings(Settings::new().realm("dashboard").unwrap()));
    let client = client(server.register("/", catchers![own_401, own_404]));
    let absent = client.get("/api/environments/e1/users").dispatch();
    assert_eq!(absent.headers().get("www-authenticate").collect::<Vec<_>>(), ["Bearer realm=\"dashboard\""]);
    assert_eq!(absent.headers().get("content-type").collect::<Vec<_>>(), ["application/json"]);
    assert_eq!(absent.headers().get_one("x-tag"), Some("kept"));
    assert_eq!(absent.into_string().unwrap(), "{\"error\":\"authentication required\"}");

    let missing = client.get("/api/environments/e1/users/export");
    let missing = missing.header(Header::new("authorization", "Bearer reader")).dispatch();
    assert_eq!(
        missing.headers().get_one("www-authenticate"),
        Some("Bearer realm=\"dashboard\", error=\"insufficient_scope\", scope=\"users.export\"")
    );
    assert_eq!(missing.headers().get_one("accepted-scopes"), Some("users.export"));
    assert_eq!(missing.into_string().unwrap(), "{\"error\":\"missing scope `users.export`\"}");

    let head = client.head("/api/environments/e1/users").dispatch();
    assert_eq!(head.headers().get_one("www-authenticate"), Some("Bearer realm=\"dashboard\""));
    assert_eq!(head.into_string().unwrap_or_default(), "");

    // Errors that do not come from this library are left to the catchers.
    assert_eq!(send(&client, Get, "/nowhere", "reader"), (404, "own 404".to_owned()));
}

#[test]
fn a_catcher_that_chooses_another_status_is_left_alone() {
    let client = client(server().attach(authenticate()).register("/", catchers![another_status]));
    assert_eq!(send(&client, Get, "/api/environments/e2/users", "reader"), (404, "nothing here".to_owned()));
}

#[test]
fn repeated_credentials() {
    let client = client(server().attach(authenticate()));
    let twice = client.get("/api/me").header(Header::new("authorization", "Bearer reader"));
    assert_eq!(twice.header(Header::new("authorization", "Bearer reader")).dispatch().status().code, 400);
}

#[test]
fn tokens_elsewhere() {
    let cookies = client(server().attach(authenticate().source(TokenSource::cookie("token"))));
    assert_eq!(cookies.get("/api/me").header(Header::new("cookie", "token=reader")).dispatch().status().code, 200);
    let twice = Header::new("cookie", "token=reader; token=writer");
    assert_eq!(cookies.get("/api/me").header(twice).dispatch().status().code, 400);
    assert_eq!(send(&cookies, Get, "/api/me", "reader").0, 401);
}

#[test]
fn the_fairing_is_missing() {
    let client = client(server());
    assert_eq!(send(&client, Get, "/api/environments/e1/users", "reader").0, 500);
    assert_eq!(send(&client, Get, "/api/me", "reader").0, 500);
    assert_eq!(send(&client, Get, "/api/health", ""), (200, "no fairing".to_owned()));
    let client = self::client(server().attach(scopes::rocket::DenialFairing));
    let refused = "{\"error\":\"internal server error\"}".to_owned();
    assert_eq!(send(&client, Get, "/api/me", "reader"), (500, refused));
}

#[test]
fn the_last_fairing_counts() {
    let accepts_all = Authenticate::new(verifier_fn(|_: String| async {
        Ok(Some(api::Grant::new(api::Scopes::all()).for_any_tenant()))
    }));
    ask(
        &client(server().attach(accepts_all).attach(authenticate())),
        &[
            (Get, "/api/environments/e1/users", "bad", 401, ""),
            (Get, "/api/environments/e2/users", "reader", 403, ""),
            (Get, "/api/environments/e1/users/export", "reader", 403, ""),
        ],
    );
}

#[test]
fn an_authentication_of_ones_own_and_the_carrier() {
    let settings = Arc::new(Settings::new());
    let own = AdHoc::on_request("own", move |request, _| {
        let settings = Arc::clone(&settings);
        Box::pin(async move {
            let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("e1").unwrap();
            store(Authentication::Granted(grant), request, &settings);
            // A request cannot get a permit before the routing.
            let permit: Result<Permit<api::permits::UsersRead>, Denied> = (*request).permit();
            assert_eq!(permit.unwrap_err().status(), 500);
        })
    });
    let client = client(server().attach(own).attach(scopes::rocket::DenialFairing));
    assert_eq!(send(&client, Get, "/api/environments/e1/users", ""), (200, "list e1 1".to_owned()));
    let refused = "{\"error\":\"access forbidden\"}".to_owned();
    assert_eq!(send(&client, Get, "/api/environments/e2/users", ""), (403, refused));
}

#[test]
fn mounted_elsewhere() {
    let config = Config { log_level: rocket::config::LogLevel::Off, ..Config::debug_default() };
    let server = rocket::custom(config)
        .mount("/v9", routes![list])
        .attach(authenticate().settings(Settings::new().mounted_at("/v9").unwrap()));
    ask(
        &client(server),
        &[
            (Get, "/v9/environments/e1/users", "reader", 200, "list e1 1"),
            (Get, "/v9/environments/e2/users", "reader", 403, ""),
        ],
    );
    // Mounted below a prefix, but `mounted_at` is not set.
    ask(
        &client(self::server().mount("/v9", routes![list]).attach(authenticate())),
        &[(Get, "/v9/environments/e1/users", "reader", 500, "{\"error\":\"internal server error\"}")],
    );
}

mod buckets {
    scopes::scopes! {
        pub(super) mod api;
        buckets.read {
            GET "/buckets";
            GET "/buckets/{id}";
        }
        public("probe") { GET "/health"; }
    }
}

#[requires(buckets::api::buckets.read)]
#[get("/buckets")]
fn list_buckets() -> &'static str {
    "buckets"
}

#[requires(buckets::api::buckets.read)]
#[get("/buckets/<id>")]
fn show_bucket(id: &str) -> String {
    format!("bucket {id}")
}

#[get("/health")]
fn probe() -> &'static str {
    "up"
}

/// A path is served with and without a slash at its end.
#[test]
fn slashes_at_the_end() {
    let config = Config { log_level: rocket::config::LogLevel::Off, ..Config::debug_default() };
    let verifier = verifier_fn(|token: String| async move {
        Ok((token == "reader").then(|| buckets::api::Grant::new(buckets::api::Scope::BucketsRead)))
    });
    let server = rocket::custom(config).mount("/", routes![list_buckets, show_bucket, probe]);
    let client = client(server.attach(Authenticate::<buckets::api::Scope>::new(verifier)));
    for (target, text) in
        [("/buckets", "buckets"), ("/buckets/", "buckets"), ("/buckets/7", "bucket 7"), ("/buckets/7/", "bucket 7")]
    {
        assert_eq!(send(&client, Get, target, "reader"), (200, text.to_owned()), "{target}");
        assert_eq!(send(&client, Get, target, "").0, 401, "{target}");
        assert_eq!(send(&client, Get, target, "bad").0, 401, "{target}");
    }
    for target in ["/health", "/health/"] {
        assert_eq!(send(&client, Get, target, ""), (200, "up".to_owned()), "{target}");
    }
}
