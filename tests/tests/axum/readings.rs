//! Targets that two routes of one catalogue fit: whichever handler runs, the caller satisfies both routes.

use std::sync::Arc;

use axum::routing::{any, head};
use scopes::requires;
use scopes::tower::Level;
use scopes_tests::log::Log;
use tower::{Layer, ServiceBuilder};

use super::*;

fn ran(name: &'static str) -> axum::routing::MethodRouter {
    any(move || async move { name })
}

/// A router in a layer of its own: the outer router's template says nothing of what it matches.
fn inner(
    router: Router,
) -> impl Service<
    axum::extract::Request,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone
+ Send
+ Sync
+ 'static {
    ServiceBuilder::new().map_request(|request: axum::extract::Request| request).service(router)
}

/// Target, token, status and, of an answer with 200, its body.
type Case = (&'static str, &'static str, u16, &'static str);

async fn ask<A>(app: &A, method: &str, cases: &[Case])
where
    A: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible> + Clone,
{
    for &(target, token, expected, body) in cases {
        let answer = send(app, request(method, target, token)).await;
        assert_eq!(answer.status(), expected, "{method} {target} {token}");
        if expected == 200 {
            let found = axum::body::to_bytes(answer.into_body(), 1024).await.unwrap();
            assert_eq!(found, body, "{method} {target} {token}");
        }
    }
}

mod avatars {
    scopes::scopes! {
        pub mod api;
        public("avatars") { GET "/avatars/{name}" as avatar; }
        originals.read { GET "/avatars/{name}.orig" as original; }
        users.read { GET "/users/{id}"; }
        secrets.read { GET "/users/{id}.secret"; }
        users.write { POST "/users/{id}"; }
        users.cancel { POST "/users/{id}:cancel"; }
        x.read { GET "/n/x{name}"; }
        n.read { GET "/n/{name}"; }
    }
}

#[requires(avatars::api::users.read)]
async fn user(Path(id): Path<String>) -> String {
    id
}

#[requires(avatars::api::users.write)]
async fn write(Path(id): Path<String>) -> String {
    id
}

#[tokio::test]
async fn s1_text_beside_a_parameter_that_the_router_does_not_know() {
    let handlers = || {
        Router::new()
            .route("/avatars/{name}", ran("avatar"))
            .route("/users/{id}", get(user).post(write))
            .route("/n/{name}", ran("n"))
    };
    let gated = api_gate(handlers());
    let cases: &[Case] = &[
        ("/avatars/7", "", 200, "avatar"),
        ("/avatars/7.orig", "", 401, ""),
        ("/avatars/7.orig", "users.read", 403, ""),
        ("/avatars/7.orig", "originals.read", 200, "avatar"),
        ("/avatars/7%2Eorig", "", 401, ""),
        ("/avatars/.orig", "", 401, ""),
        ("/avatars/7.ori%67", "originals.read", 200, "avatar"),
        ("/avatars/7.org", "", 200, "avatar"),
        // Two texts at once.
        ("/n/a", "n.read", 200, "n"),
        ("/n/xa", "n.read", 403, ""),
        ("/n/xa", "x.read", 403, ""),
        ("/n/xa", "n.read+x.read", 200, "n"),
        ("/n/%78a", "n.read", 403, ""),
        ("/n/x", "n.read", 403, ""),
    ];
    ask(&gated, "GET", cases).await;
    let users: &[Case] = &[
        ("/users/7", "users.read", 200, "7"),
        ("/users/7.secret", "users.read", 403, ""),
        ("/users/7.secret", "secrets.read", 403, ""),
        ("/users/7.secret", "users.read+secrets.read", 200, "7.secret"),
        ("/users/7%2Esecret", "users.read", 403, ""),
        ("/users/.secret", "users.read", 403, ""),
        ("/users/a%40b", "users.read", 200, "a@b"),
        ("/users/%37", "users.read", 200, "7"),
    ];
    ask(&gated, "GET", users).await;
    // Permits alone judge the same.
    ask(&handlers().layer(tokens::named::<avatars::api::Scope>()), "GET", users).await;
    for app in [&handlers().layer(tokens::named::<avatars::api::Scope>())] {
        ask(
            app,
            "POST",
            &[
                ("/users/7", "users.write", 200, "7"),
                ("/users/7:cancel", "users.write", 403, ""),
                ("/users/7%3Acancel", "users.write", 403, ""),
                ("/users/7%3acancel", "users.cancel", 403, ""),
                ("/users/7:cancel", "users.write+users.cancel", 200, "7:cancel"),
            ],
        )
        .await;
    }
}

fn api_gate(router: Router) -> scopes::axum::Gated<avatars::api::Scope> {
    avatars::api::gate(router).layer(tokens::named::<avatars::api::Scope>())
}

#[tokio::test]
async fn one_challenge_names_the_scopes_of_all_routes() {
    let app = api_gate(Router::new().route("/users/{id}", get(user)));
    for (target, token, scopes) in [
        ("/users/7.secret", "users.read", "secrets.read users.read"),
        ("/users/7.secret", "n.read", "secrets.read users.read"),
        ("/users/7", "n.read", "users.read"),
    ] {
        let answer = send(&app, request("GET", target, token)).await;
        assert_eq!(answer.status(), 403);
        assert_eq!(answer.headers()["accepted-scopes"], scopes, "{target}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
        assert!(challenge.ends_with(&format!("scope=\"{scopes}\"")), "{challenge}");
    }
}

#[tokio::test]
async fn the_decision_names_the_route_that_denies() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let authenticate = tokens::named::<avatars::api::Scope>().on_decision(move |decided| {
        sink.lock().unwrap().push(format!("{} {}", decided.outcome(), decided.template().unwrap_or_default()));
    });
    let app = Router::new().route("/users/{id}", get(user)).layer(authenticate);
    for token in ["users.read", "secrets.read", "users.read+secrets.read"] {
        status(&app, "GET", "/users/7.secret", token).await;
    }
    let missing = "denied: the caller does not hold the scopes that the route requires";
    assert_eq!(
        *seen.lock().unwrap(),
        [
            format!("{missing} /users/{{id}}.secret"),
            format!("{missing} /users/{{id}}"),
            "allowed /users/{id}".to_owned()
        ]
    );
}

mod site {
    scopes::scopes! {
        pub mod api;
        public("the site") { GET "/{*page}"; GET "/"; }
        users.read { GET "/users/{id}"; }
        users.export { GET "/users/export"; }
        reports.read { GET "/reports/{*file}"; }
        me.read { GET "/users/me"; }
    }
}

#[requires(site::api::users.read)]
async fn site_user(Path(id): Path<String>) -> String {
    id
}

fn site_gate(router: Router) -> scopes::axum::Gated<site::api::Scope> {
    site::api::gate(router).layer(tokens::named::<site::api::Scope>())
}

#[tokio::test]
async fn s2_a_narrower_route_after_a_parameter() {
    let users = Router::new().route("/users/{id}", ran("user")).route("/users/export", ran("EXPORT"));
    let app = site_gate(Router::new().route_service("/users/{id}", inner(users)));
    ask(
        &app,
        "GET",
        &[
            ("/users/7", "users.read", 200, "user"),
            ("/users/export", "", 401, ""),
            ("/users/export", "users.read", 403, ""),
            ("/users/export", "users.export", 403, ""),
            ("/users/export", "users.read+users.export", 200, "EXPORT"),
        ],
    )
    .await;
    // Two routers, one in the other, each wider than the next.
    let users = Router::new().route("/users/{id}", ran("user")).fallback(ran("page"));
    let app = site_gate(Router::new().route_service("/{*page}", inner(users)));
    ask(
        &app,
        "GET",
        &[
            ("/users/export", "", 401, ""),
            ("/users/export", "users.read", 403, ""),
            ("/users/export", "users.export", 403, ""),
            ("/users/export", "users.read+users.export", 200, "user"),
            ("/users/7", "", 401, ""),
            ("/users/7", "users.read", 200, "user"),
            ("/%75sers/7", "", 401, ""),
            ("/about", "", 200, "page"),
        ],
    )
    .await;
}

#[tokio::test]
async fn s4_an_escaped_letter_of_a_literal() {
    let site = site_gate(Router::new().route("/users/{id}", ran("user")).fallback(ran("page")));
    ask(
        &site,
        "GET",
        &[
            ("/reports/q3.txt", "", 401, ""),
            ("/%72eports/q3.txt", "", 401, ""),
            ("/%72eports/q3.txt", "users.read", 403, ""),
            ("/%72eports/q3.txt", "reports.read", 200, "page"),
            ("/reports/", "", 401, ""),
            ("/", "", 200, "page"),
            ("/about", "", 200, "page"),
            ("/my%20page", "", 200, "page"),
            ("/caf%C3%A9", "", 200, "page"),
            ("/%72eports", "", 200, "page"),
            ("/%2572eports/q3.txt", "", 400, ""),
        ],
    )
    .await;
    let permits = Router::new().route("/users/{id}", get(site_user)).layer(tokens::named::<site::api::Scope>());
    for app in [permits] {
        ask(
            &app,
            "GET",
            &[
                ("/users/%65xport", "users.read", 403, ""),
                ("/users/%65xport", "users.export", 403, ""),
                ("/users/%65xport", "users.read+users.export", 200, "export"),
                ("/users/%37", "users.read", 200, "7"),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn s8_a_literal_that_is_served_elsewhere() {
    let app = site_gate(Router::new().route("/users/{id}", get(site_user)).route("/users/me", ran("me")));
    ask(
        &app,
        "GET",
        &[
            ("/users/export", "users.read", 403, ""),
            ("/users/export", "users.read+users.export", 200, "export"),
            // Both are registered: the router's choice is the catalogue's.
            ("/users/me", "me.read", 200, "me"),
            ("/users/me", "users.read", 403, ""),
            ("/users/7", "users.read", 200, "7"),
        ],
    )
    .await;
}

mod files {
    scopes::scopes! {
        pub mod api;
        tenant t;
        files.read {
            #[global("x")] GET "/files/{*rest}";
            #[global("x")] GET "/tree/{*rest}";
        }
        secret.read { #[global("x")] GET "/tree/secret/{*path}"; }
        docs.read { GET "/files/{t}/docs"; }
        notes.read { #[unbound("compared")] GET "/files/notes/{id}"; }
        public("open") { GET "/open/{*rest}"; }
        open.notes { #[unbound("compared")] GET "/open/notes/{id}"; }
        external("signed") { GET "/open/hooks/{id}"; }
        users.read { GET "/environments/{t}/users"; }
        all.read { #[global("operators")] GET "/environments/all/users"; }
        rows.read { GET "/o-{t}/rows"; }
    }
}

fn files_gate(router: Router) -> scopes::axum::Gated<files::api::Scope> {
    files::api::gate(router).layer(tokens::named::<files::api::Scope>())
}

fn docs() -> Router {
    let router = Router::new().route("/files/{t}/docs", ran("DOCS")).fallback(ran("file"));
    Router::new().route_service("/files/{*rest}", inner(router))
}

#[tokio::test]
async fn s3_a_route_is_relaxed_by_its_own_setting_only() {
    let of = |template| files_gate(docs()).report_only_route(&http::Method::GET, template).unwrap();
    // The wide route is only reported: the narrow one is enforced, scope and tenant.
    ask(
        &of("/files/{*rest}"),
        "GET",
        &[
            ("/files/E2/docs", "docs.read/E1", 403, ""),
            ("/files/E2/docs", "docs.read+files.read/E1", 403, ""),
            ("/files/E1/docs", "files.read/E1", 403, ""),
            ("/files/E1/docs", "docs.read/E1", 200, "DOCS"),
            ("/files/E1/other", "/E1", 200, "file"),
            ("/files/E1/docs", "", 401, ""),
        ],
    )
    .await;
    ask(
        &of("/files/{t}/docs"),
        "GET",
        &[
            ("/files/E1/docs", "files.read/E1", 200, "DOCS"),
            ("/files/E2/docs", "files.read/E1", 403, ""),
            ("/files/E1/docs", "docs.read/E1", 403, ""),
        ],
    )
    .await;
    for (level, expected) in [(Level::Scopes, 403), (Level::Tenants, 200)] {
        let app = files_gate(docs()).report_only(level);
        ask(&app, "GET", &[("/files/E2/docs", "/E1", expected, "DOCS"), ("/files/E2/docs", "", 401, "")]).await;
    }
    let app = files_gate(docs()).report_only_scope(files::api::Scope::FilesRead);
    ask(&app, "GET", &[("/files/E2/docs", "docs.read/E1", 403, ""), ("/files/E1/docs", "docs.read/E1", 200, "DOCS")])
        .await;
}

#[requires(files::api::files.read)]
async fn file(Path(rest): Path<String>) -> String {
    rest
}

#[requires(files::api::files.read as permit)]
async fn comparing_file(Path(rest): Path<String>) -> Result<String, scopes::Denied> {
    permit.same_tenant("E1")?;
    Ok(rest)
}

#[tokio::test]
async fn s7_an_unbound_route_must_be_compared_wherever_it_is_read() {
    let notes = Router::new().route("/files/notes/{id}", ran("NOTE")).fallback(ran("file"));
    let open = Router::new().fallback(ran("open"));
    let app = Router::new().route_service("/files/{*rest}", inner(notes)).route_service("/open/{*rest}", inner(open));
    ask(
        &files_gate(app).strict(),
        "GET",
        &[
            ("/files/notes/7", "files.read+notes.read/E1", 500, ""),
            ("/files/notes/7", "files.read/E1", 403, ""),
            ("/files/other", "files.read/E1", 200, "file"),
            // No handler of a public route can compare.
            ("/open/notes/7", "", 401, ""),
            ("/open/notes/7", "open.notes/E1", 404, ""),
            ("/open/x", "", 200, "open"),
        ],
    )
    .await;
    let handlers = Router::new().route("/files/{*rest}", get(file)).route("/tree/{*rest}", get(file));
    let app = files_gate(handlers).strict();
    ask(
        &app,
        "GET",
        &[
            ("/files/notes/7", "files.read+notes.read/E1", 500, ""),
            ("/files/x", "files.read/E1", 200, "x"),
            ("/tree/secret/x", "files.read/E1", 403, ""),
            ("/tree/%73ecret/x", "files.read/E1", 403, ""),
            ("/tree/%73ecret/x", "secret.read/E1", 403, ""),
            ("/tree/%73ecret/x", "files.read+secret.read/E1", 200, "secret/x"),
        ],
    )
    .await;
    let app = files_gate(Router::new().route("/files/{*rest}", get(comparing_file))).strict();
    let cases: &[Case] = &[
        ("/files/notes/7", "files.read+notes.read/E1", 200, "notes/7"),
        ("/files/notes/7", "files.read+notes.read/E2", 403, ""),
    ];
    ask(&app, "GET", cases).await;
}

#[tokio::test]
async fn what_something_else_checks_is_reached_by_its_own_handler_only() {
    let app = Router::new().route("/open/{*rest}", ran("open")).route("/open/hooks/{id}", ran("hook"));
    ask(
        &files_gate(app),
        "GET",
        &[
            ("/open/hooks/7", "", 200, "hook"),
            ("/open/%68ooks/7", "", 401, ""),
            ("/open/%68ooks/7", "/E1", 404, ""),
            ("/open/x", "", 200, "open"),
        ],
    )
    .await;
    let app = files_gate(Router::new().route("/open/{*rest}", ran("open")));
    let (log, _listening) = Log::listen();
    ask(&app, "GET", &[("/open/%68ooks/7", "/E1", 404, "")]).await;
    // An escaped letter is the client's doing.
    assert!(!log.take().contains("matched by the router"));
    ask(
        &app,
        "GET",
        &[("/open/hooks/7", "", 401, ""), ("/open/hooks/7", "/E1", 404, ""), ("/open/hooks/8", "/E1", 404, "")],
    )
    .await;
    let sentence =
        "a request for `GET /open/hooks/{id}`, which is external, was matched by the router as `GET /open/{*rest}`";
    assert_eq!(log.take().matches(sentence).count(), 1);
}

#[tokio::test]
async fn a_literal_in_the_tenants_place() {
    let app = files_gate(Router::new().route("/environments/{t}/users", ran("users")));
    ask(
        &app,
        "GET",
        &[
            ("/environments/E1/users", "users.read/E1", 200, "users"),
            ("/environments/all/users", "users.read/E1", 403, ""),
            ("/environments/all/users", "all.read/E1", 403, ""),
            ("/environments/all/users", "users.read/all", 403, ""),
            ("/environments/all/users", "users.read+all.read/all", 200, "users"),
            ("/environments/al%6C/users", "users.read/all", 403, ""),
        ],
    )
    .await;
}

mod rows {
    scopes::scopes! {
        pub mod api;
        tenant t;
        public("the site") { GET "/{*page}"; }
        rows.read { GET "/o-{t}/rows"; }
    }
}

#[tokio::test]
async fn the_tenant_of_another_reading_is_the_decoded_segment_without_its_text() {
    let app = rows::api::gate(Router::new().route("/{*page}", ran("page"))).layer(tokens::named::<rows::api::Scope>());
    ask(
        &app,
        "GET",
        &[
            ("/%6F-E1/rows", "rows.read/E1", 200, "page"),
            ("/%6F-E1/rows", "rows.read/F-E1", 403, ""),
            ("/%6F-E2/rows", "rows.read/E1", 403, ""),
            ("/o-E2/rows", "rows.read/E1", 403, ""),
            ("/o-E1/rows", "rows.read/E1", 200, "page"),
            ("/o-/rows", "rows.read/E1", 403, ""),
            ("/%6f-E1/rows", "", 401, ""),
        ],
    )
    .await;
}

mod heads {
    scopes::scopes! {
        pub mod api;
        public("heads") { HEAD "/{*any}"; }
        secret.read { GET "/secret"; GET "/{*any}"; }
    }
}

#[tokio::test]
async fn an_explicit_head_that_is_wider_than_a_get() {
    let any = head(|| async {}).get(|| async { "any" });
    let router = Router::new().route("/secret", get(|| async { "secret" })).route("/{*any}", any);
    let app = heads::api::gate(router).layer(tokens::named::<heads::api::Scope>());
    ask(&app, "HEAD", &[("/secret", "", 401, ""), ("/other", "", 200, ""), ("/%73ecret", "", 401, "")]).await;
}

mod based {
    scopes::scopes! {
        pub mod api;
        base "/api";
        public("docs") { GET "/docs/{name}"; }
        drafts.read { GET "/docs/drafts"; }
    }
}

#[tokio::test]
async fn below_a_base_and_without_a_router() {
    let router = Router::new().route("/api/docs/{name}", ran("doc"));
    let app = based::api::gate(router).layer(tokens::named::<based::api::Scope>());
    let cases: &[Case] = &[
        ("/api/docs/drafts", "", 401, ""),
        ("/api/docs/%64rafts", "", 401, ""),
        ("/api/docs/x", "", 200, "doc"),
        ("/%61pi/docs/drafts", "", 401, ""),
        ("/%61pi/docs/drafts", "drafts.read", 404, ""),
        ("/api/docs/drafts", "drafts.read", 200, "doc"),
    ];
    ask(&app, "GET", cases).await;
    // The same, if nothing says which template was matched.
    let service =
        tower::service_fn(async |_: Request<Body>| Ok::<_, std::convert::Infallible>(Response::new(Body::from("doc"))));
    let gate = Gate::<based::api::Scope>::new().body_with(Body::from);
    let app = tokens::named::<based::api::Scope>().layer(gate.layer(service));
    ask(&app, "GET", cases).await;
}

mod raw {
    scopes::scopes! {
        pub mod api;
        all.read { #[raw(key)] GET "/r/{key}"; }
        meta.read { GET "/r/{key}.meta"; }
        top.read { GET "/r/top"; }
    }
}

#[tokio::test]
async fn what_a_raw_parameter_may_hold() {
    let app = raw::api::gate(Router::new().route("/r/{key}", ran("raw"))).layer(tokens::named::<raw::api::Scope>());
    ask(
        &app,
        "GET",
        &[
            ("/r/a%2Fb", "all.read", 200, "raw"),
            ("/r/a%2Fb.meta", "all.read", 403, ""),
            ("/r/a%2Fb.meta", "all.read+meta.read", 200, "raw"),
            ("/r/t%6Fp", "all.read", 403, ""),
            ("/r/%zz", "all.read", 200, "raw"),
            ("/r/%ff", "all.read", 200, "raw"),
            ("/r/%ff.meta", "all.read", 403, ""),
            ("/r/a;b", "all.read", 200, "raw"),
        ],
    )
    .await;
}

#[requires(site::api::users.read)]
fn carried(#[grant] request: &Request<Body>) -> Result<String, scopes::Denied> {
    Ok(request.uri().path().to_owned())
}

#[tokio::test]
async fn a_carrier_without_a_template() {
    let service = tower::service_fn(|request: Request<Body>| async move {
        let answer = carried(&request);
        Ok::<_, std::convert::Infallible>(answer.map_or_else(Response::from, |path| Response::new(Body::from(path))))
    });
    let app = tokens::named::<site::api::Scope>().layer(service);
    ask(
        &app,
        "GET",
        &[
            ("/users/7", "users.read", 200, "/users/7"),
            ("/users/%65xport", "users.read", 403, ""),
            ("/users/%65xport", "users.read+users.export", 200, "/users/%65xport"),
        ],
    )
    .await;
}

#[tokio::test]
async fn s12_options_of_the_whole_server() {
    let app = site_gate(Router::new().fallback(ran("page")));
    ask(&app, "OPTIONS", &[("*", "", 401, ""), ("*", "users.read", 404, "")]).await;
}
