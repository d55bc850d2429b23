//! A denial that only the decoded path shows is relaxed at its own report-only level, and not at a
//! lower one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use http::{Request, Response};
use scopes::tower::Gate;
use scopes::{Authenticate, ReportOnly, Settings};
use scopes_tests::tokens;
use tower::{ServiceBuilder, ServiceExt};

scopes::scopes! {
    pub mod api;
    tenant account;
    files.read { GET "/files/{account}/{*rest}"; }
}

/// The status for a caller of `E1`. The guarded service decodes the path itself, like a file
/// server.
async fn status(target: &str, level: Option<ReportOnly>) -> u16 {
    let authenticate: Authenticate<api::Scope> = tokens::authenticate("E1", &[("reader", "files.read"), ("none", "")]);
    let settings = level.map_or_else(Settings::new, |level| Settings::new().report_only(level));
    let serve = |_: Request<String>| async { Ok::<_, Infallible>(Response::new("a file".to_owned())) };
    let app =
        ServiceBuilder::new().layer(authenticate.settings(settings)).layer(Gate::<api::Scope>::new()).service_fn(serve);
    let request = Request::get(target).header("authorization", "Bearer reader").body(String::new()).unwrap();
    app.oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn another_tenant_by_an_escaped_letter() {
    let mut wrong = Vec::new();
    for (target, enforced, scopes, tenants) in [
        ("/files/E1/a", 200, 200, 200),
        ("/files/E2/a", 403, 403, 200),
        ("/files/%452/a", 403, 403, 200),
        // The raw path does not match a route, but a file server finds the file of `E2`.
        ("/%66iles/E2/a", 404, 404, 200),
        ("/files//E2/a", 404, 404, 200),
        ("/files/E2/a/", 404, 404, 200),
    ] {
        let found = [
            status(target, None).await,
            status(target, Some(ReportOnly::Scopes)).await,
            status(target, Some(ReportOnly::Tenants)).await,
        ];
        if found != [enforced, scopes, tenants] {
            wrong.push((target, found));
        }
    }
    assert_eq!(wrong, []);
}
