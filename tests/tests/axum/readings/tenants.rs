//! Denials that are only reported, owner checks, and the tenant that the other reading names.

use scopes_tests::log::Log;

use super::*;

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

fn files_gate_with(router: Router, settings: Settings) -> scopes::axum::Gated<files::api::Scope> {
    files::api::gate(router).layer(tokens::named::<files::api::Scope>().settings(settings))
}

fn strict_files_gate(router: Router) -> scopes::axum::Gated<files::api::Scope> {
    files_gate_with(router, Settings::new().strict())
}

fn docs() -> Router {
    let router = Router::new().route("/files/{t}/docs", ran("DOCS")).fallback(ran("file"));
    Router::new().route_service("/files/{*rest}", inner(router))
}

#[tokio::test]
async fn s3_a_route_is_relaxed_by_its_own_setting_only() {
    let settings = |template| Settings::new().report_only_route::<files::api::Scope>("GET", template).unwrap();
    let of = |template| files_gate_with(docs(), settings(template));
    // Denials of the wide route are only reported. The narrow route's scope and tenant are
    // enforced.
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
    for (level, expected) in [(ReportOnly::Scopes, 403), (ReportOnly::Tenants, 200)] {
        let app = files_gate_with(docs(), Settings::new().report_only(level));
        ask(&app, "GET", &[("/files/E2/docs", "/E1", expected, "DOCS"), ("/files/E2/docs", "", 401, "")]).await;
    }
    let app = files_gate_with(docs(), Settings::new().report_only_scope(files::api::Scope::FilesRead));
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
        &strict_files_gate(app),
        "GET",
        &[
            ("/files/notes/7", "files.read+notes.read/E1", 500, ""),
            ("/files/notes/7", "files.read/E1", 403, ""),
            ("/files/other", "files.read/E1", 200, "file"),
            // The handler of a public route cannot compare the owner.
            ("/open/notes/7", "", 401, ""),
            ("/open/notes/7", "open.notes/E1", 404, ""),
            ("/open/x", "", 200, "open"),
        ],
    )
    .await;
    let handlers = Router::new().route("/files/{*rest}", get(file)).route("/tree/{*rest}", get(file));
    let app = strict_files_gate(handlers);
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
    let app = strict_files_gate(Router::new().route("/files/{*rest}", get(comparing_file)));
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
    // An escaped letter comes from the client, so it is not logged as a mistake of the developers.
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
