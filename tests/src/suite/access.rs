//! Requirements of several scopes, routes without scopes, and paths without a route.

use super::{Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::Request;
use crate::server::{Kit, ServerUnderTest};

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("any, all, open");
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    for (scopes, tenant, method, target, status, handler) in [
        // Any of two.
        ("items.read", "E1", "GET", "/v1/environments/E1/summary", 200, "get_summary"),
        ("reports.read", "E1", "GET", "/v1/environments/E1/summary", 200, "get_summary"),
        ("items.read reports.read", "E1", "GET", "/v1/environments/E1/summary", 200, "get_summary"),
        ("all.read", "E1", "GET", "/v1/environments/E1/summary", 200, "get_summary"),
        ("items.write items.export", "E1", "GET", "/v1/environments/E1/summary", 403, ""),
        ("reports.read", "E2", "GET", "/v1/environments/E1/summary", 403, ""),
        // Both.
        ("items.write reports.read", "E1", "POST", "/v1/environments/E1/copies", 200, "copy_items"),
        ("items.write all.read", "E1", "POST", "/v1/environments/E1/copies", 200, "copy_items"),
        ("items.write", "E1", "POST", "/v1/environments/E1/copies", 403, ""),
        ("reports.read", "E1", "POST", "/v1/environments/E1/copies", 403, ""),
        ("all.read", "E1", "POST", "/v1/environments/E1/copies", 403, ""),
        ("", "E1", "POST", "/v1/environments/E1/copies", 403, ""),
        ("items.write reports.read", "E2", "POST", "/v1/environments/E1/copies", 403, ""),
        // Both, with literal text beside the parameter.
        ("items.write reports.read", "E1", "POST", "/v1/environments/E1/items/7:replay", 200, "replay_item"),
        ("items.write", "E1", "POST", "/v1/environments/E1/items/7:replay", 403, ""),
        ("items.write reports.read", "E2", "POST", "/v1/environments/E1/items/7:replay", 403, ""),
        // A literal of one scope beside a parameter of another.
        ("items.read", "E1", "GET", "/v1/environments/E1/items/7", 200, "get_item"),
        ("items.read", "E1", "GET", "/v1/environments/E1/items/export", 403, ""),
        ("items.export", "E1", "GET", "/v1/environments/E1/items/export", 200, "export_items"),
        ("items.export", "E1", "GET", "/v1/environments/E1/items/7", 403, ""),
        // Only the included scopes are granted.
        ("all.read", "E1", "GET", "/v1/environments/E1/items", 200, "list_items"),
        ("all.read", "E1", "DELETE", "/v1/environments/E1/items/7", 403, ""),
        ("all.read", "E1", "GET", "/v1/formats", 403, ""),
        // Paths without a tenant: a global route, and one whose handler compares the owner.
        ("items.export", "", "GET", "/v1/formats", 200, "list_formats"),
        ("items.read", "E1", "GET", "/v1/items/E1.7", 200, "get_item_anywhere"),
        ("items.read", "E1", "GET", "/v1/items/E2.7", 403, "get_item_anywhere"),
        ("items.read", "", "GET", "/v1/items/E1.7", 403, "get_item_anywhere"),
        ("items.write", "E1", "GET", "/v1/items/E1.7", 403, ""),
        // Several segments.
        ("items.read", "E1", "GET", "/v1/environments/E1/files/a/b%2Dc", 200, "get_file"),
        ("items.write", "E1", "GET", "/v1/environments/E1/files/a/b", 403, ""),
        ("items.read", "E2", "GET", "/v1/environments/E1/files/E2/b", 403, ""),
        // No scope, but a grant.
        ("", "", "GET", "/v1/me", 200, "get_me"),
        // Neither.
        ("", "", "GET", "/v1/health", 200, "get_health"),
        ("", "", "POST", "/v1/hooks", 200, "post_hooks"),
    ] {
        let scopes: Vec<&str> = scopes.split_terminator(' ').collect();
        let tenants: Vec<&str> = tenant.split_terminator(' ').collect();
        let token = session.token(&scopes, &tenants);
        let found = session.outcome(method, target, Some(&token)).await;
        let expected = (status, (!handler.is_empty()).then_some(handler));
        group.equal(found, expected, format_args!("{scopes:?} of {tenant}, {method} {target}"));
    }
    challenges(&mut group, &mut session).await;
    without_credentials::<T>(&mut group, &mut session).await;
    group
}

async fn challenges(group: &mut Group, session: &mut Session) {
    let token = session.token(&["items.probe"], &["E1"]);
    for (method, target, scope, accepted) in [
        ("GET", "/v1/environments/E1/summary", "items.read", "items.read; reports.read"),
        ("POST", "/v1/environments/E1/copies", "items.write reports.read", "items.write reports.read"),
        ("GET", "/v1/environments/E1/items", "items.read", "items.read"),
    ] {
        let answer = session.ask(&Request::new(method, target).token(&token).body("")).await.answer;
        let challenge = format!("Bearer realm=\"suite\", error=\"insufficient_scope\", scope=\"{scope}\"");
        group.equal(answer.status, 403, target);
        group.equal(answer.header("www-authenticate"), Some(&*challenge), target);
        group.equal(answer.header("accepted-scopes"), Some(accepted), target);
    }
}

async fn without_credentials<T: ServerUnderTest>(group: &mut Group, session: &mut Session) {
    let unknown = if T::FACTS.gated { 401 } else { 404 };
    for (target, token, status, handler) in [
        // A public route ignores all credentials, even malformed ones.
        ("/v1/health", None, 200, Some("get_health")),
        ("/v1/health", Some("tok_x"), 200, Some("get_health")),
        ("/v1/health", Some("down"), 200, Some("get_health")),
        ("/v1/health", Some("a b"), 200, Some("get_health")),
        ("/v1/me", None, 401, None),
        ("/v1/me", Some("tok_x"), 401, None),
        ("/v1/me", Some("down"), 503, None),
        ("/v1/me", Some("a b"), 400, None),
        // A client without credentials cannot find out from a gate which routes exist.
        ("/v1/none", None, unknown, None),
        ("/v1/none", Some("tok_x"), unknown, None),
        ("/v1/environments/E1", None, unknown, None),
    ] {
        let found = session.outcome("GET", target, token).await;
        group.equal(found, (status, handler), format_args!("{token:?} {target}"));
    }
    let token = session.token(&["all.read"], &["E1"]);
    let found = session.outcome("GET", "/v1/none", Some(&token)).await;
    group.equal(found, (404, None), "an unknown path with a token");
    // A gate covers the whole router.
    for (credentials, status) in [(None, unknown), (Some(&*token), 404)] {
        let found = session.outcome("GET", "/none", credentials).await;
        group.equal(found, (status, None), format_args!("a path that is not below the base, {credentials:?}"));
    }
}
