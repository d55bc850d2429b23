//! Targets that match two routes of one catalogue. The middleware judges both before the routing,
//! and permits judge both again.

use actix_web::middleware::{NormalizePath, TrailingSlash};

use super::*;

mod site {
    scopes::scopes! {
        pub mod api;
        base "/v1";
        tenant t;
        public("the site") { GET "/{*page}"; GET "/avatars/{name}" as avatar; }
        originals.read { #[global("x")] GET "/avatars/{name}.orig" as original; }
        reports.read { #[global("x")] GET "/reports/{*file}"; }
        users.read { #[global("x")] GET "/users/{id}"; }
        users.export { #[global("x")] GET "/users/export"; }
        users.write { #[global("x")] POST "/users/{id}"; }
        users.cancel { #[global("x")] POST "/users/{id}:cancel"; }
        rows.read { GET "/rows/{t}"; }
        notes.read { #[unbound("compared")] GET "/notes/{id}"; }
        external("signed") { GET "/hooks/{id}"; }
    }
}

use site::api as site_api;

#[requires(site_api::users.read)]
async fn user(id: web::Path<String>) -> String {
    id.into_inner()
}

#[requires(site_api::users.write)]
async fn write(id: web::Path<String>) -> String {
    id.into_inner()
}

async fn open(path: web::Path<String>) -> String {
    format!("open {path}")
}

fn site(config: &mut web::ServiceConfig) {
    let scope = web::scope("/v1")
        .route("/avatars/{name}", web::get().to(open))
        .route("/users/{id}", web::get().to(user))
        .route("/users/{id}", web::post().to(write))
        .route("/{tail:.*}", web::get().to(open));
    config.service(scope);
}

#[actix_web::test]
async fn a_public_handler_is_not_reached_by_the_path_of_a_guarded_route() {
    let authenticate = tokens::named::<site_api::Scope>();
    let app = init_service(App::new().configure(site).wrap(authenticate)).await;
    ask!(
        app,
        [
            ("GET", "/v1/avatars/7", "", 200, "open 7"),
            ("GET", "/v1/avatars/7.orig", "", 401, ""),
            ("GET", "/v1/avatars/7%2Eorig", "", 401, ""),
            ("GET", "/v1/avatars/.orig", "", 401, ""),
            ("GET", "/v1/avatars/7.orig", "users.read", 403, ""),
            ("GET", "/v1/avatars/7.orig", "originals.read", 200, "open 7.orig"),
            ("GET", "/v1/about", "", 200, "open about"),
            ("GET", "/v1/my%20page", "", 200, "open my page"),
            ("GET", "/v1/reports/q3.txt", "", 401, ""),
            ("GET", "/v1/%72eports/q3.txt", "", 401, ""),
            ("GET", "/v1/%72eports/q3.txt", "users.read", 403, ""),
            ("GET", "/v1/%72eports/q3.txt", "reports.read", 200, "open reports/q3.txt"),
            // The base and empty segments are read like actix-web reads them.
            ("GET", "/%761/reports/q3.txt", "", 401, ""),
            ("GET", "/v1//reports/q3.txt", "", 401, ""),
            ("GET", "/v1/reports//q3.txt", "", 401, ""),
            // The demand of a scoped or bound route holds even if its handler is not registered.
            ("GET", "/v1/rows/E1", "", 401, ""),
            ("GET", "/v1/rows/E1", "rows.read/E2", 403, ""),
            ("GET", "/v1/rows/E1", "rows.read/E1", 200, "open rows/E1"),
            ("GET", "/v1/rows/%451", "rows.read/E2", 403, ""),
            ("GET", "/v1/hooks/7", "", 200, "open hooks/7"),
            ("GET", "/v1/%68ooks/7", "", 401, ""),
            ("GET", "/v1/%68ooks/7", "users.read", 404, ""),
            // Malformed targets are refused before any check of the caller.
            ("GET", "/v1/reports/a%2Fb", "", 400, ""),
        ]
    );
}

#[actix_web::test]
async fn permits_demand_every_reading() {
    let app = init_service(App::new().configure(site).wrap(tokens::named::<site_api::Scope>())).await;
    ask!(
        app,
        [
            ("GET", "/v1/users/7", "users.read", 200, "7"),
            ("GET", "/v1/users/a%40b", "users.read", 200, "a@b"),
            ("GET", "/v1/users/export", "users.read", 403, ""),
            ("GET", "/v1/users/%65xport", "users.read", 403, ""),
            ("GET", "/v1/users/%65xport", "users.read+users.export", 200, "export"),
            ("POST", "/v1/users/7", "users.write", 200, "7"),
            ("POST", "/v1/users/7:cancel", "users.write", 403, ""),
            ("POST", "/v1/users/7%3Acancel", "users.write", 403, ""),
            ("POST", "/v1/users/7:cancel", "users.write+users.cancel", 200, "7:cancel"),
            ("POST", "/v1/users/:cancel", "users.write", 403, ""),
        ]
    );
}

#[actix_web::test]
async fn the_middleware_on_a_scope_and_beside_normalize_path() {
    let scope = web::scope("/v1").route("/{tail:.*}", web::get().to(open)).wrap(tokens::named::<site_api::Scope>());
    let app = init_service(App::new().service(scope)).await;
    ask!(app, [("GET", "/v1/%72eports/q3.txt", "", 401, ""), ("GET", "/v1/about", "", 200, "open about")]);
    let authenticate = tokens::named::<site_api::Scope>();
    let normalise = NormalizePath::new(TrailingSlash::Trim);
    let app = init_service(App::new().configure(site).wrap(authenticate).wrap(normalise)).await;
    ask!(app, [("GET", "/v1//%72eports/q3.txt", "", 401, ""), ("GET", "/v1//about/", "", 200, "open about")]);
}

/// The middleware knows readings of a target that no permit knows. A request needs all of them.
#[actix_web::test]
async fn the_recorder_hears_of_each_reading() {
    let recorder = scopes::usage::Recorder::new(&site_api::CATALOGUE);
    let settings = Settings::new().on_decision(recorder.hook());
    let authenticate = tokens::named::<site_api::Scope>().settings(settings);
    let app = init_service(App::new().configure(site).wrap(authenticate)).await;
    let every = "users.read users.export reports.read users.write users.cancel".replace(' ', "+");
    ask!(
        app,
        [
            // Handlers of public routes, which take no permit.
            ("GET", "/v1/%72eports/q3.txt", &*every, 200, "open reports/q3.txt"),
            ("GET", "/v1/about", &every, 200, "open about"),
            // A router that does not know text beside a parameter.
            ("POST", "/v1/users/7:cancel", &every, 200, "7:cancel"),
        ]
    );
    let mut lines = Vec::new();
    recorder.write_to(&mut lines).unwrap();
    let lines = String::from_utf8(lines).unwrap();
    for route in ["GET /v1/reports/{*file}", "POST /v1/users/{id}", "POST /v1/users/{id}:cancel"] {
        assert!(lines.contains(&format!("\"{route}\"")), "{route}: {lines}");
    }
    assert!(!lines.contains("GET /v1/users/export"), "{lines}");
}
