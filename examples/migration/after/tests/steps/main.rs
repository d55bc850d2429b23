//! The steps of the guide's page "Adopting in an existing service", from the API of `before` to
//! the one of `after`. The tests of the API pass after each step.

#[path = "../../../tests.rs"]
mod tests;

/// The catalogue after the first step.
mod imported;
mod log_lines;

use axum::Router;
use axum::routing::get;
use example_migration_after::{self as after, api};
use example_migration_before as before;
use scopes::axum::Gated;
use scopes::{Authenticate, ReportOnly, Settings, VerifyError, verifier_fn};

/// The routes of before. axum's router cannot list them, so they are copied from the functions
/// `routes`.
const SERVED: [(&str, &str); 10] = [
    ("GET", "/api/accounts/{account}/boards"),
    ("POST", "/api/accounts/{account}/boards"),
    ("GET", "/api/accounts/{account}/boards/{board}"),
    ("GET", "/api/accounts/{account}/boards/{board}/export"),
    ("GET", "/api/accounts/{account}/boards/{board}/cards"),
    ("POST", "/api/accounts/{account}/boards/{board}/cards"),
    ("DELETE", "/api/accounts/{account}/boards/{board}/cards/{card}"),
    ("GET", "/api/accounts/{account}/members"),
    ("GET", "/api/me"),
    ("GET", "/api/health"),
];

/// The document has a route that no handler serves, and lacks one that a handler serves.
#[test]
fn step_2_compare_what_is_served_with_what_is_declared() {
    let found = imported::api::CATALOGUE.uncovered(SERVED);
    let lines = "\
the served routes differ from the catalogue `api`:
served, but not declared:
- `GET /api/accounts/{account}/boards/{board}/export`
declared, but not served:
- `DELETE /api/accounts/{account}/boards/{board}`: the router has this path with `GET`";
    assert_eq!(found.to_string(), lines);
    // The catalogue, corrected.
    api::CATALOGUE.uncovered(SERVED).assert_empty();
}

/// The old handlers with their old checks, and a gate in front that refuses nothing.
#[tokio::test]
async fn step_3_see_what_would_be_refused() {
    let settings = || Settings::new().report_only(ReportOnly::Everything);

    // With the catalogue as the document has it.
    let authenticate = Authenticate::new(verifier_fn(verify_for_imported)).settings(settings());
    let app: Gated<imported::api::Scope> = imported::api::gate(before::app()).authenticate(authenticate);
    let lines = log_lines::of(tests::answers(app)).await;
    let served: Vec<&str> = lines.iter().filter_map(|line| line.strip_suffix("; the client received 200")).collect();
    let cards = "/api/accounts/{account}/boards/{board}/cards";
    let document_is_wrong =
        format!("reported only on `POST {cards}`: the caller does not hold the scopes that the route requires");
    assert_eq!(served, ["reported only: no route matches", &document_is_wrong]);

    // With the catalogue corrected, every answer of the tests is the same with and without scopes.
    let authenticate = || Authenticate::new(verifier_fn(after::tokens::verify)).settings(settings());
    let app = api::gate(before::app()).authenticate(authenticate());
    let lines = log_lines::of(tests::answers(app.clone())).await;
    assert!(lines.iter().all(|line| !line.ends_with("200")), "{lines:#?}");

    // The tests did not find what the log of the real server shows: the old handler has forgotten a
    // check.
    let export = "/api/accounts/A1/boards/b1/export";
    let lines = log_lines::of(async {
        assert_eq!(tests::ask(app, "GET", export, "other").await.0, 200);
    })
    .await;
    let forgotten = "reported only on `GET /api/accounts/{account}/boards/{board}/export`: \
        the caller does not belong to the tenant of the path; the client received 200";
    assert_eq!(lines, [forgotten]);
    assert_eq!(tests::ask(after::app(), "GET", export, "other").await.0, 403);
}

/// Finds the caller for the catalogue of the first step.
async fn verify_for_imported(token: String) -> Result<Option<imported::api::Grant>, VerifyError> {
    let Some(grant) = after::tokens::verify(token).await? else { return Ok(None) };
    let scopes = imported::api::Scopes::parse_lossy(&grant.scopes().to_string()).known;
    let account = grant.subject().unwrap_or_default();
    Ok(Some(imported::api::Grant::new(scopes).for_tenant(account)?.with_subject(account)))
}

/// With the gate closed, the modules change one by one.
#[tokio::test]
async fn step_4_replace_the_checks() {
    let with = |boards: Router, cards: Router, members: Router| {
        let router = boards.merge(cards).merge(members).route("/api/health", get(|| async { "ok" }));
        api::gate(router).authenticate(verifier_fn(after::tokens::verify))
    };
    let card = "/api/accounts/A1/boards/b1/cards/c1";
    let app = with(before::boards::routes(), before::cards::routes(), before::members::routes());
    tests::answers(app).await;
    let app = with(after::boards::routes(), before::cards::routes(), before::members::routes());
    tests::answers(app.clone()).await;
    // The old handler has a typo in the name of its scope, so that it refuses everyone.
    assert_eq!(tests::ask(app, "DELETE", card, "writer").await.0, 403);
    let app = with(after::boards::routes(), after::cards::routes(), before::members::routes());
    tests::answers(app.clone()).await;
    assert_eq!(tests::ask(app, "DELETE", card, "writer").await.0, 200);
    let app = with(after::boards::routes(), after::cards::routes(), after::members::routes());
    tests::answers(app).await;
}

// Step 5: any later change of rights fails this test until it is accepted.
scopes::export::catalogue_file!(api, "target/scopes/migration.json");

#[test]
fn step_5_lock() {
    scopes::assert_locked!(api, "api.scopes.json");
}

/// The hand-written list of the page for new tokens has lacked a scope.
#[test]
fn the_list_for_new_tokens_comes_from_the_catalogue() {
    let names: Vec<&str> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let forgotten: Vec<_> = names.iter().filter(|name| !before::tokens::SCOPES.contains(name)).collect();
    assert_eq!(forgotten, [&"members:read"]);
}
