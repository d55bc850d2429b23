//! Deprecated routes: the answers of their handlers say so, and no refusal does. Scopes that had
//! another name.

use super::{Asked, Group, Session};
use crate::catalogues::retiring::api::Scope;
use crate::client::{Answer, Request};
use crate::server::{Kit, ServerUnderTest};

const NAMES: [&str; 3] = ["deprecation", "sunset", "link"];

/// The headers about a deprecation, in the order of [`NAMES`]. Several values of one header are
/// joined.
pub(super) fn announced(answer: &Answer) -> [String; 3] {
    NAMES.map(|name| {
        let mut values: Vec<&str> =
            answer.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| &**value).collect();
        values.sort_unstable();
        values.join(", ")
    })
}

fn link(relation: &str, anchor: &str) -> String {
    format!("<https://suite.example/permissions#{anchor}>; rel=\"{relation}\"")
}

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("deprecated");
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    let reader = session.token(&["users.read"], &["E1"]);
    let renamed = session.token(&["users.view"], &["E1"]);
    let lister = session.token(&["users.list"], &["E1"]);
    let (sunset, successor) = ("Sat, 01 May 2027 00:00:00 GMT", link("successor-version", "scope-users.read"));
    let own = |path: &str| link("deprecation", &format!("GET-/v1{path}"));
    let below = |path: &str| own(&format!("/environments/%7Benvironment%7D{path}"));
    let both = |own: String| format!("{own}, {successor}");
    let none = || [String::new(), String::new(), String::new()];
    let since = |text: &str, sunset: &str, link: String| [text.to_owned(), sunset.to_owned(), link];
    for (target, token, headers) in [
        ("/v1/environments/E1/people", Some(&reader), since("@1793491200", sunset, both(below("/people")))),
        ("/v1/environments/E1/people?x=1", Some(&renamed), since("@1793491200", sunset, both(below("/people")))),
        ("/v1/people/E1.p7", Some(&reader), since("", sunset, own("/people/%7Bperson%7D"))),
        // A reason alone has no date, and a route with another scope still works.
        ("/v1/environments/E1/folk", Some(&reader), none()),
        ("/v1/environments/E1/users", Some(&reader), none()),
        ("/v1/environments/E1/users", Some(&renamed), none()),
        ("/v1/environments/E1/users", Some(&lister), none()),
        ("/v1/environments/E1/names", Some(&lister), since("@1790812800", "", both(below("/names")))),
        ("/v1/status", None, since("@0", "", own("/status"))),
        ("/v1/status", Some(&reader), since("@0", "", own("/status"))),
        ("/v1/health", None, none()),
        ("/v1/who", Some(&lister), since("", "", both(own("/who")))),
        ("/v1/me", Some(&lister), none()),
    ] {
        for method in ["GET", "HEAD"] {
            if method == "HEAD" && !T::FACTS.head_is_get {
                continue;
            }
            let mut request = Request::new(method, target);
            if let Some(token) = token {
                request = request.token(token);
            }
            let Asked { answer, seen } = session.ask(&request).await;
            group.equal((answer.status, seen.len()), (200, 1), format_args!("{method} {target}"));
            group.equal(announced(&answer), headers.clone(), format_args!("{method} {target}"));
        }
    }
    refusals(&mut group, &mut session, [&reader, &lister]).await;
    group
}

/// A refusal must not show that the path belongs to a route.
async fn refusals(group: &mut Group, session: &mut Session, [reader, lister]: [&str; 2]) {
    let other = session.token(&["users.read", "users.list"], &["E2"]);
    for (target, token, status) in [
        ("/v1/environments/E1/people", None, 401),
        ("/v1/environments/E1/people", Some("tok_x"), 401),
        ("/v1/environments/E1/people", Some(lister), 403),
        ("/v1/environments/E1/people", Some(&*other), 403),
        ("/v1/environments/E1/people", Some(""), 400),
        ("/v1/environments/E1/names", Some(reader), 403),
        ("/v1/environments/E1/names", Some(&*other), 403),
        ("/v1/who", None, 401),
        ("/v1/who", Some("tok_x"), 401),
    ] {
        let mut request = Request::new("GET", target);
        if let Some(token) = token {
            request = request.token(token);
        }
        let Asked { answer, seen } = session.ask(&request).await;
        group.equal((answer.status, seen.len()), (status, 0), format_args!("{target} with {token:?}"));
        group.equal(announced(&answer).concat(), String::new(), format_args!("{target} with {token:?}"));
    }
    // The handler refuses the owner, but the caller may call the route.
    let Asked { answer, .. } = session.ask(&Request::new("GET", "/v1/people/E2.p7").token(reader)).await;
    group.check(matches!(answer.status, 403 | 404), || format!("a person of E2: {answer:?}"));
    // Another method has no route.
    let Asked { answer, .. } = session.ask(&Request::new("DELETE", "/v1/status").token(reader)).await;
    group.check(matches!(answer.status, 404 | 405) && announced(&answer).concat().is_empty(), || {
        format!("DELETE /v1/status: {answer:?}")
    });
}
