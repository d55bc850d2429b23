//! rocket: targets that match two routes of one catalogue. The fairing judges both before the
//! routing, and permits judge both again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a handler's arguments are what the framework gives")]

use std::path::PathBuf;

use rocket::http::Header;
use rocket::local::blocking::Client;
use rocket::{Build, Config, Rocket, get, post, routes};
use scopes::requires;
use scopes_tests::tokens;

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
        external("signed") { GET "/hooks/{id}"; }
    }
}

mod other {
    scopes::scopes! {
        pub mod api;
        base "/v2";
        public("the site") { GET "/{*page}"; }
        admin.read { GET "/admin/{*rest}"; }
    }
}

use site::api;

#[get("/avatars/<name>")]
fn avatar(name: &str) -> String {
    format!("open {name}")
}

#[get("/<page..>", rank = 20)]
fn page(page: PathBuf) -> String {
    format!("open {}", page.display())
}

#[requires(api::users.read)]
#[get("/users/<id>")]
fn user(id: &str) -> String {
    id.to_owned()
}

#[requires(api::users.write)]
#[post("/users/<id>")]
fn write(id: &str) -> String {
    id.to_owned()
}

#[rocket::catch(default)]
fn caught(status: rocket::http::Status, _: &rocket::Request<'_>) -> String {
    format!("caught {}", status.code)
}

fn server() -> Rocket<Build> {
    rocket::custom(Config { log_level: rocket::config::LogLevel::Off, ..Config::default() })
        .attach(tokens::named::<api::Scope>())
        .attach(tokens::named::<other::api::Scope>())
        .mount("/v1", routes![avatar, page, user, write])
        .mount("/v2", routes![page])
        .register("/", rocket::catchers![caught])
}

fn ask(method: &str, cases: &[(&str, &str, u16, &str)]) {
    let client = Client::untracked(server()).unwrap();
    for &(target, token, expected, body) in cases {
        let request = match method {
            "HEAD" => client.head(target),
            "POST" => client.post(target),
            _ => client.get(target),
        };
        let request = if token.is_empty() {
            request
        } else {
            request.header(Header::new("authorization", format!("Bearer {token}")))
        };
        let response = request.dispatch();
        assert_eq!(response.status().code, expected, "{method} {target} {token}");
        let has_challenge = response.headers().contains("www-authenticate");
        assert_eq!(has_challenge, matches!(expected, 401 | 403) && !token.contains('/'), "{method} {target} {token}");
        let found = response.into_string().unwrap_or_default();
        assert!(body.is_empty() || found == body, "{method} {target} {token}: {found}");
    }
}

#[test]
fn a_public_handler_is_not_reached_by_the_path_of_a_guarded_route() {
    ask(
        "GET",
        &[
            ("/v1/avatars/7", "", 200, "open 7"),
            ("/v1/avatars/7.orig", "", 401, r#"{"error":"authentication required"}"#),
            ("/v1/avatars/7%2Eorig", "", 401, ""),
            ("/v1/avatars/7.orig", "users.read", 403, ""),
            ("/v1/avatars/7.orig", "originals.read", 200, "open 7.orig"),
            ("/v1/about", "", 200, "open about"),
            ("/v1/my%20page", "", 200, "open my page"),
            ("/v1/reports/q3.txt", "", 401, ""),
            ("/v1/%72eports/q3.txt", "", 401, ""),
            ("/v1/%72eports/q3.txt", "users.read", 403, ""),
            ("/v1/%72eports/q3.txt", "reports.read", 200, "open reports/q3.txt"),
            ("/%761/reports/q3.txt", "", 401, ""),
            ("/v1//reports//q3.txt", "", 401, ""),
            ("//v1/reports/q3.txt", "", 401, ""),
            ("/v1/reports/q3.txt/", "", 401, ""),
            ("/v1/rows/E1", "", 401, ""),
            ("/v1/rows/E1", "rows.read/E2", 403, ""),
            ("/v1/rows/E1", "rows.read/E1", 200, "open rows/E1"),
            ("/v1/hooks/7", "", 200, "open hooks/7"),
            ("/v1/%68ooks/7", "", 401, ""),
            ("/v1/reports/a%2Fb", "", 400, ""),
            // The other catalogue's fairing judges its own base only.
            ("/v2/admin/x", "", 401, ""),
            ("/v2/%61dmin/x", "", 401, ""),
            ("/v2/about", "", 200, "open about"),
            // Clients cannot reach the internal route that answers.
            ("/.scopes/refused", "", 404, "caught 404"),
        ],
    );
    ask("HEAD", &[("/v1/reports/q3.txt", "", 401, ""), ("/v1/about", "", 200, "")]);
    ask("POST", &[("/v1/users/7", "", 401, ""), ("/v1/users/7:cancel", "", 401, "")]);
}

#[test]
fn permits_demand_every_reading() {
    ask(
        "GET",
        &[
            ("/v1/users/7", "users.read", 200, "7"),
            ("/v1/users/a%40b", "users.read", 200, "a@b"),
            ("/v1/users/export", "users.read", 403, ""),
            ("/v1/users/%65xport", "users.read", 403, ""),
            ("/v1/users/%65xport", "users.read+users.export", 200, "export"),
        ],
    );
    ask(
        "POST",
        &[
            ("/v1/users/7", "users.write", 200, "7"),
            ("/v1/users/7:cancel", "users.write", 403, ""),
            ("/v1/users/7%3Acancel", "users.write", 403, ""),
            ("/v1/users/7:cancel", "users.write+users.cancel", 200, "7:cancel"),
        ],
    );
}
