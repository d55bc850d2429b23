//! A catalogue in another crate, which renames the dependency, and handlers in a third crate.

use axum::body::Body;
use http::{Request, StatusCode};
use scopes_fixture_catalogue::api::{self, Grant, Scope, Scopes};
use scopes_fixture_catalogue::{deep, scopes_again};
use tower::ServiceExt;

async fn send(method: &str, path: &str, scopes: &[Scope]) -> (StatusCode, String) {
    let grant = Grant::new(scopes.iter().copied().collect::<Scopes>()).for_tenant("A1").expect("a sound tenant");
    let app = scopes_fixture_handlers::router().layer(scopes_again::test::TestAuthenticate::new(grant));
    let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a sound request");
    let response = app.oneshot(request).await.expect("axum never fails");
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1024).await.expect("a small body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn handlers_of_a_third_crate_are_guarded() {
    for (method, path, scope, body) in [
        ("GET", "/v1/accounts/A1/invoices", Scope::BillingInvoicesRead, "list"),
        ("GET", "/v1/accounts/A1/invoices/I%207", Scope::AllRead, "I 7 of A1"),
        ("GET", "/v1/accounts/A1/invoices/summary", Scope::BillingInvoices, "summary"),
        ("POST", "/v1/accounts/A1/moves", Scope::MoveTypeFn, "moved"),
        ("PUT", "/v1/accounts/A1", Scope::Write, "put"),
    ] {
        assert_eq!(send(method, path, &[scope]).await, (StatusCode::OK, body.into()), "{method} {path}");
        let other = if scope == Scope::BillingInvoicesWrite { Scope::Write } else { Scope::BillingInvoicesWrite };
        assert_eq!(send(method, path, &[other]).await.0, StatusCode::FORBIDDEN, "{method} {path}");
        let foreign = path.replace("A1", "A2");
        assert_eq!(send(method, &foreign, &[scope]).await.0, StatusCode::FORBIDDEN, "{method} {foreign}");
    }
}

#[test]
fn two_catalogues_of_one_name_are_two() {
    assert_eq!(api::CATALOGUE.scopes().count(), 6);
    assert_eq!(deep::api::CATALOGUE.scopes().count(), 1);
    assert_eq!(deep::api::Scope::ReportsRead.to_string(), "reports.read");
    assert_eq!("reports.read".parse::<Scope>().expect_err("not of this catalogue").name, "reports.read");
}
