//! Servers that are built only from a catalogue's `Routes`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod actix_web;
mod axum;
mod poem;
mod rocket;
mod salvo;

use scopes::{Authenticate, VerifyError, verifier_fn};

scopes::scopes! {
    /// Permissions of the tests' API.
    pub(crate) mod api;

    routes;
    base "/api/v0";
    tenant env;

    users.read {
        under "/e/:env" {
            GET "/users" as list_users;
            GET "/users/{user}" as get_user;
            GET "/users/me" as get_me;
        }
    }
    users.write {
        POST "/e/{env}/users" as create_user;
        POST "/e/{env}/users/{user}:cancel" as cancel_user;
    }
    events.read {
        GET "/e/:env/either" as either;
        #[global("the same for all users")]
        GET "/types" as r#type;
        "PURGE" "/e/:env/cache" as purge;
        GET "/e/:env/cache" as get_cache;
    }
    events.export {
        GET "/e/:env/either";
        GET "/e/:env/files/{*path}" as get_file;
    }
    all(users.write, events.read) { POST "/e/:env/users/{user}:replay" as replay_user; }
    status { #[global("no tenant's")] GET "/status"; }
    public("liveness probe") { GET "/health" as health; }
    authenticated("who am I") { GET "/me" as me; }
    external("signed by the sender") { POST "/hook" as hook; }
}

scopes::scopes! {
    /// What every framework has paths and methods for.
    pub(crate) mod plain;

    routes;
    base "/api";

    users.read {
        GET "/users" as list_users;
        GET "/users/{id}" as get_user;
        GET "/users/me" as get_me;
    }
    users.write { POST "/users" as create_user; }
    files.read { GET "/files/{*path}" as get_file; }
    files.write { POST "/users" as create_user; }
    authenticated("who am I") { GET "/me" as me; }
    public("liveness probe") { GET "/" as index; }
}

const PLAIN_CASES: [Case; 13] = [
    ("GET", "/api/users", "users.read", 200, "list"),
    ("GET", "/api/users", "users.write", 403, ""),
    ("GET", "/api/users", "", 401, ""),
    ("HEAD", "/api/users", "users.read", 200, ""),
    ("GET", "/api/users/7", "users.read", 200, "user 7"),
    ("GET", "/api/users/me", "users.read", 200, "myself"),
    ("POST", "/api/users", "users.write", 200, "created"),
    ("POST", "/api/users", "files.write", 200, "created"),
    ("POST", "/api/users", "files.read", 403, ""),
    ("GET", "/api/files/a/b", "files.read", 200, "file a/b"),
    ("GET", "/api/me", "users.read", 200, "person"),
    ("GET", "/api", "", 200, "index"),
    ("GET", "/users", "users.read", 404, ""),
];

async fn verify_plain(token: String) -> Result<Option<plain::Grant>, VerifyError> {
    Ok(Some(plain::Grant::new(token.parse::<plain::Scopes>()?).with_subject("person")))
}

async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
    let scopes = token.replace('+', " ").parse::<api::Scopes>()?;
    Ok(Some(api::Grant::new(scopes).for_tenant("e1")?.with_subject("person")))
}

fn authenticate() -> Authenticate<api::Scope> {
    Authenticate::new(verifier_fn(verify))
}

/// Method, target, scopes of the token, status, and the body if it is a handler's.
type Case = (&'static str, &'static str, &'static str, u16, &'static str);

/// The answers of every server that is built from the catalogue.
const CASES: [Case; 31] = [
    ("GET", "/api/v0/e/e1/users", "users.read", 200, "list e1"),
    ("HEAD", "/api/v0/e/e1/users", "users.read", 200, ""),
    ("GET", "/api/v0/e/e1/users", "users.write", 403, ""),
    ("GET", "/api/v0/e/e2/users", "users.read", 403, ""),
    ("GET", "/api/v0/e/e1/users", "", 401, ""),
    ("POST", "/api/v0/e/e1/users", "users.write", 200, "create e1"),
    ("POST", "/api/v0/e/e1/users", "users.read", 403, ""),
    ("GET", "/api/v0/e/e1/users/7", "users.read", 200, "user 7"),
    ("GET", "/api/v0/e/e1/users/me", "users.read", 200, "myself"),
    ("POST", "/api/v0/e/e1/users/7:cancel", "users.write", 200, "cancelled 7"),
    ("POST", "/api/v0/e/e1/users/7:cancel", "users.read", 403, ""),
    ("POST", "/api/v0/e/e1/users/7:replay", "users.write+events.read", 200, "replayed 7"),
    ("POST", "/api/v0/e/e1/users/7:replay", "users.write", 403, ""),
    ("GET", "/api/v0/e/e1/either", "events.read", 200, "either"),
    ("GET", "/api/v0/e/e1/either", "events.export", 200, "either"),
    ("GET", "/api/v0/e/e1/either", "users.read", 403, ""),
    ("GET", "/api/v0/types", "events.read", 200, "types"),
    ("GET", "/api/v0/types", "events.export", 403, ""),
    ("PURGE", "/api/v0/e/e1/cache", "events.read", 200, "purged"),
    ("PURGE", "/api/v0/e/e1/cache", "users.read", 403, ""),
    ("GET", "/api/v0/e/e1/cache", "events.read", 200, "cached"),
    ("GET", "/api/v0/e/e1/files/a/b", "events.export", 200, "file a/b"),
    ("GET", "/api/v0/e/e1/files/a/b", "events.read", 403, ""),
    ("GET", "/api/v0/status", "status", 200, "fine"),
    ("GET", "/api/v0/status", "users.read", 403, ""),
    ("GET", "/api/v0/health", "", 200, "ok"),
    ("GET", "/api/v0/me", "users.read", 200, "person"),
    ("GET", "/api/v0/me", "", 401, ""),
    ("POST", "/api/v0/hook", "", 200, "hooked"),
    ("GET", "/e/e1/users", "users.read", 404, ""),
    ("POST", "/api/v0/e/e1/users/7:nothing", "", 404, ""),
];

/// The expected status. In some cases a server without a gate answers with another status than one
/// with a gate.
fn expected(case: Case, gated: bool) -> u16 {
    match case {
        (.., "", 404, _) if gated => 401,
        (.., status, _) => status,
    }
}

#[test]
fn templates_below_another_base() {
    use scopes::routes::{Handler, IntoEntries};

    let routes = || api::Routes {
        get_status: Handler::unchecked(1),
        health: Handler::unchecked(2),
        me: Handler::unchecked(3),
        hook: Handler::unchecked(4),
    };
    let templates = |entries: Vec<scopes::routes::Entry<i32>>| {
        entries.into_iter().map(|entry| (entry.template().to_owned(), entry.into_handler())).collect::<Vec<_>>()
    };
    let expected = |base: &str| {
        let paths = [("status", 1), ("health", 2), ("me", 3), ("hook", 4)];
        paths.map(|(path, handler)| (format!("{base}/{path}"), handler)).to_vec()
    };
    let part = || routes().partial();
    assert_eq!(templates(part().served_alone("a test").into_entries()), expected("/api/v0"));
    assert_eq!(templates(part().mounted_at("/v1").served_alone("a test").into_entries()), expected("/v1"));
    assert_eq!(templates(part().mounted_at("").served_alone("a test").into_entries()), expected(""));
    let changed = routes().partial().map(|route, handler| format!("{} {handler}", route.name()));
    let changed = changed.served_alone("a test").into_entries();
    let names: Vec<_> = changed.into_iter().map(scopes::routes::Entry::into_handler).collect();
    assert_eq!(names, ["get_status 1", "health 2", "me 3", "hook 4"]);
}
