//! Every method with every kind of caller; requirements of several scopes, methods without any.

use scopes::{Access, Route};
use tonic::Code;

use super::{Group, Session, metadata};
use crate::servers::tonic::Setup;
use crate::servers::tonic::api::{CATALOGUE, Scope};
use crate::suite::{right_scopes, wrong_scopes};
use crate::tokens::DOWN;

pub(super) async fn methods_by_callers(setup: Setup) -> Group {
    let mut group = Group::new("128 routes x 8");
    let session = Session::start(setup).await;
    let mut methods = 0;
    for route in CATALOGUE.routes().filter(|route| route.access() == Access::Scoped && route.method() == "POST") {
        methods += 1;
        callers(&mut group, &session, route).await;
    }
    group.remarks.push(format!("{methods} methods of a catalogue of its own x 8 callers, by a tonic client"));
    group
}

async fn callers(group: &mut Group, session: &Session, route: Route<'static>) {
    let (right, wrong) = (right_scopes::<Scope>(route), wrong_scopes::<Scope>(route));
    let bearer = |scopes: &[&str], tenants: &[&str]| format!("Bearer {}", session.token(scopes, tenants));
    let good = bearer(&right, &["E1"]);
    let bare = "Bearer realm=\"suite\"".to_owned();
    let insufficient = format!("{bare}, error=\"insufficient_scope\", scope=\"{}\"", least(route, &right));
    let invalid = format!("{bare}, error=\"invalid_token\", error_description=\"the access token is invalid\"");
    let malformed =
        format!("{bare}, error=\"invalid_request\", error_description=\"the credentials are repeated or malformed\"");
    let global = matches!(route.tenancy(), scopes::Tenancy::Global(_));
    let (foreign, foreign_message) = if global { (Code::Ok, "") } else { (Code::PermissionDenied, "access forbidden") };
    for (what, authorization, code, message, challenge) in [
        ("no token", vec![], Code::Unauthenticated, "authentication required", Some(&bare)),
        ("malformed", vec!["Bearer a b".to_owned()], Code::Unauthenticated, "malformed request", Some(&malformed)),
        ("twice", vec![good.clone(), good.clone()], Code::Unauthenticated, "malformed request", Some(&malformed)),
        (
            "unknown",
            vec!["Bearer tok_x".to_owned()],
            Code::Unauthenticated,
            "the access token is invalid",
            Some(&invalid),
        ),
        ("wrong scope", vec![bearer(&wrong, &["E1"])], Code::PermissionDenied, "missing scope", Some(&insufficient)),
        ("other environment", vec![bearer(&right, &["E2"])], foreign, foreign_message, None),
        ("grant without tenant", vec![bearer(&right, &[])], foreign, foreign_message, None),
        ("right", vec![good.clone()], Code::Ok, "", None),
    ] {
        let (answer, seen) = session.call(&route.template(), &authorization, "E1").await;
        let ran: Vec<_> = seen.iter().map(|seen| seen.route).collect();
        let right = match &answer {
            Ok(text) => code == Code::Ok && ran == [route.name()] && text.contains("by person in E1"),
            Err(status) => {
                status.code() == code
                    && status.message().starts_with(message)
                    && metadata(status).0 == challenge.map(String::as_str)
                    && metadata(status).1.is_some() == (what == "wrong scope")
                    && status.metadata().get("cache-control").is_some_and(|value| value == "no-store")
                    && ran.is_empty()
            }
        };
        group.check(right, || format!("{what}, {route}: {answer:?} {ran:?}"));
    }
}

/// The scopes that the challenge of a route names: for an alternative of two, it names one.
fn least(route: Route<'_>, right: &[&str]) -> String {
    if route.name() == "summary" { "items.read".to_owned() } else { right.join(" ") }
}

pub(super) async fn access(setup: Setup) -> Group {
    let mut group = Group::new("any, all, open");
    let session = Session::start(setup).await;
    for (scopes, tenant, method, message, code, ran) in [
        ("items.read", "E1", "Summary", "E1", Code::Ok, "summary"),
        ("reports.read", "E1", "Summary", "E1", Code::Ok, "summary"),
        ("all.read", "E1", "Summary", "E1", Code::Ok, "summary"),
        ("items.write items.export", "E1", "Summary", "E1", Code::PermissionDenied, ""),
        ("reports.read", "E2", "Summary", "E1", Code::PermissionDenied, ""),
        ("items.write reports.read", "E1", "Copy", "E1", Code::Ok, "copy"),
        ("items.write all.read", "E1", "Copy", "E1", Code::Ok, "copy"),
        ("items.write", "E1", "Copy", "E1", Code::PermissionDenied, ""),
        ("all.read", "E1", "Copy", "E1", Code::PermissionDenied, ""),
        ("items.write reports.read", "E2", "Copy", "E1", Code::PermissionDenied, ""),
        ("", "E1", "List", "E1", Code::PermissionDenied, ""),
        ("all.read", "E1", "List", "E1", Code::Ok, "list"),
        ("all.read", "E1", "Create", "E1", Code::PermissionDenied, ""),
        // The tenant in the message counts, byte for byte.
        ("items.read", "E1", "List", "E2", Code::PermissionDenied, ""),
        ("items.read", "E1", "List", "e1", Code::PermissionDenied, ""),
        ("items.read", "E1", "List", "E1 ", Code::PermissionDenied, ""),
        ("items.read", "E1", "List", "", Code::PermissionDenied, ""),
        ("items.read", "E1 E2", "List", "E2", Code::Ok, "list"),
        ("items.export", "", "Formats", "E9", Code::Ok, "formats"),
        ("all.read", "", "Formats", "E9", Code::PermissionDenied, ""),
        ("", "", "Me", "", Code::Ok, "me"),
        ("", "", "Health", "", Code::Ok, "health"),
        ("all.read", "E1", "None", "E1", Code::Unimplemented, ""),
    ] {
        let scopes: Vec<&str> = scopes.split_terminator(' ').collect();
        let tenants: Vec<&str> = tenant.split_terminator(' ').collect();
        let token = session.token(&scopes, &tenants);
        let found = session.outcome(&format!("/suite.Items/{method}"), Some(&token), message).await;
        let expected = (code, (!ran.is_empty()).then_some(ran));
        group.equal(found, expected, format_args!("{scopes:?} of {tenant:?}, {method} {message:?}"));
    }
    let unknown = if session.setup.gated { Code::Unauthenticated } else { Code::Unimplemented };
    for (path, token, code, ran) in [
        ("/suite.Items/Health", None, Code::Ok, Some("health")),
        ("/suite.Items/Health", Some("tok_x"), Code::Ok, Some("health")),
        ("/suite.Items/Health", Some(DOWN), Code::Ok, Some("health")),
        ("/suite.Items/Me", None, Code::Unauthenticated, None),
        ("/suite.Items/Me", Some("tok_x"), Code::Unauthenticated, None),
        ("/suite.Items/Me", Some(DOWN), Code::Unavailable, None),
        // A client without credentials cannot find out from a gate which methods exist.
        ("/suite.Items/None", None, unknown, None),
        ("/suite.None/List", None, unknown, None),
    ] {
        let found = session.outcome(path, token, "E1").await;
        group.equal(found, (code, ran), format_args!("{path} with {token:?}"));
    }
    group
}
