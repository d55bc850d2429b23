//! Callers without credentials who may read the items of `E1`.

use super::{Asked, Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::Request;
use crate::server::{Kit, ServerUnderTest};
use crate::tokens::{DOWN, PANIC};

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("anonymous");
    let kit = Kit::<Scope> { anonymous: &["items.read"], ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    paths(&mut group, &mut session).await;
    credentials(&mut group, &mut session).await;
    group
}

/// If the anonymous grant lacks a scope or the tenant, the answer asks for credentials and tells
/// nothing else.
async fn paths(group: &mut Group, session: &mut Session) {
    for (method, target, status) in [
        ("GET", "/v1/environments/E1/items", 200),
        ("GET", "/v1/environments/E1/items?x=1", 200),
        ("GET", "/v1/environments/E1/items/7", 200),
        ("GET", "/v1/environments/E1/files/a/b", 200),
        // Either of two scopes suffices.
        ("GET", "/v1/environments/E1/summary", 200),
        ("GET", "/v1/items/E1.7", 200),
        ("GET", "/v1/health", 200),
        // Another tenant, by the path and by the handler's own comparison.
        ("GET", "/v1/environments/E2/items", 401),
        ("GET", "/v1/environments/e1/items", 401),
        ("GET", "/v1/items/E2.7", 401),
        // Another scope.
        ("POST", "/v1/environments/E1/items", 401),
        ("DELETE", "/v1/environments/E1/items/7", 401),
        ("GET", "/v1/environments/E1/items/export", 401),
        ("GET", "/v1/environments/E1/reports/7", 401),
        ("GET", "/v1/formats", 401),
        // A route that needs a known caller.
        ("GET", "/v1/me", 401),
        // A path without a route.
        ("GET", "/v1/nothing", 401),
    ] {
        let mut request = Request::new(method, target);
        if method == "POST" {
            request = request.body("body");
        }
        let Asked { answer, seen } = session.ask(&request).await;
        // The handler of an unbound route runs until it has compared the owner.
        let ran = usize::from(status == 200 || target == "/v1/items/E2.7");
        if target == "/v1/nothing" {
            // Without a gate some routers answer by themselves.
            group.check(matches!(answer.status, 401 | 404) && seen.is_empty(), || format!("{target}: {answer:?}"));
            continue;
        }
        group.equal((answer.status, seen.len()), (status, ran), format_args!("{method} {target}"));
        let challenge = (status == 401).then_some(r#"Bearer realm="suite""#);
        group.equal(answer.header("www-authenticate"), challenge, format_args!("the challenge of {method} {target}"));
        group.check(answer.header("accepted-scopes").is_none(), || format!("{method} {target}: {answer:?}"));
        let subjects = seen.iter().filter(|seen| seen.subject.is_some()).count();
        group.equal(subjects, 0, format_args!("subjects of {method} {target}"));
    }
}

/// A client that presents credentials is not an anonymous caller, even if they are invalid.
async fn credentials(group: &mut Group, session: &mut Session) {
    let (reader, other) = (session.token(&["items.read"], &["E1"]), session.token(&["reports.read"], &["E1"]));
    let foreign = session.token(&["items.read"], &["E2"]);
    let bearer = |token: &str| vec![format!("Authorization: Bearer {token}")];
    for (lines, status) in [
        (bearer(&reader), 200),
        (bearer(&other), 403),
        (bearer(&foreign), 403),
        (bearer("tok_x"), 401),
        (bearer(""), 400),
        (bearer("a b"), 400),
        (bearer(DOWN), 503),
        (bearer(PANIC), 500),
        ([bearer(&reader), bearer(&reader)].concat(), 400),
        ([bearer("tok_x"), bearer("tok_x")].concat(), 400),
        (vec!["Authorization: Basic dTpw".to_owned()], 401),
        (vec!["Authorization: DPoP x".to_owned()], 401),
        (vec!["Authorization: ".to_owned()], 401),
        (vec![format!("Authorization: {reader}")], 401),
        // Not a place where this server looks.
        (vec![format!("X-Api-Key: {other}")], 200),
        (vec!["Cookie: __Host-session=x".to_owned()], 200),
    ] {
        let request = lines.iter().cloned().fold(Request::new("GET", "/v1/environments/E1/items"), Request::header);
        let Asked { answer, seen } = session.ask(&request).await;
        group.equal((answer.status, seen.len()), (status, usize::from(status == 200)), format_args!("{lines:?}"));
    }
}
