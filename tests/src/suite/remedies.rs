//! Refusals as problem documents: they tell what a token lacks if it lacks scopes, and nothing of
//! that in every other case.

use serde_json::json;

use super::{Asked, Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::{Answer, Request};
use crate::server::{Kit, ServerUnderTest};

/// The members about missing scopes.
const REMEDY: [&str; 3] = ["required", "missing", "documentation"];

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("remedies");
    let kit = Kit::<Scope> { problems: true, ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    missing_scopes(&mut group, &mut session).await;
    no_remedy(&mut group, &mut session).await;
    let kit = Kit::<Scope> { problems: true, anonymous: &["reports.read"], ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    let answer = ask(&mut session, "GET", "/v1/environments/E1/items", None).await;
    tells_nothing(&mut group, &answer, 401, "an anonymous caller");
    group
}

async fn missing_scopes(group: &mut Group, session: &mut Session) {
    let (items, summary) = ("/v1/environments/E1/items", "/v1/environments/E1/summary");
    let copies = "/v1/environments/E1/copies";
    let either = json!([["items.read"], ["reports.read"]]);
    let both = json!([["items.write", "reports.read"]]);
    for (method, target, held, required, missing) in [
        ("GET", items, &[][..], json!([["items.read"]]), json!(["items.read"])),
        ("GET", items, &["items.write", "reports.read"], json!([["items.read"]]), json!(["items.read"])),
        // Either scope suffices: the first one.
        ("GET", summary, &[], either.clone(), json!(["items.read"])),
        ("GET", summary, &["items.write"], either, json!(["items.read"])),
        // Both are needed: what is missing for this token.
        ("POST", copies, &[], both.clone(), json!(["items.write", "reports.read"])),
        ("POST", copies, &["items.write"], both.clone(), json!(["reports.read"])),
        ("POST", copies, &["reports.read"], both.clone(), json!(["items.write"])),
        // `all.read` includes `reports.read`.
        ("POST", copies, &["all.read"], both, json!(["items.write"])),
        ("GET", "/v1/formats", &["all.read"], json!([["items.export"]]), json!(["items.export"])),
        ("GET", "/v1/items/E1.i7", &[], json!([["items.read"]]), json!(["items.read"])),
    ] {
        let token = session.token(held, &["E1"]);
        let answer = ask(session, method, target, Some(&token)).await;
        let what = format!("{method} {target} with {held:?}");
        group.equal((answer.status, content_type(&answer)), (403, "application/problem+json"), &what);
        let first = missing[0].as_str().unwrap_or_default();
        let address = json!(format!("https://suite.example/permissions#scope-{first}"));
        let found = answer.json();
        group.equal(REMEDY.map(|member| found[member].clone()), [required, missing, address], &what);
    }
}

/// Answers that are not about scopes.
async fn no_remedy(group: &mut Group, session: &mut Session) {
    let every = ["items.read", "items.write", "items.export", "items.probe", "reports.read"];
    let foreign = session.token(&every, &["E2"]);
    let own = session.token(&every, &["E1"]);
    let none = session.token(&[], &["E1"]);
    for (method, target, token, status, what) in [
        ("GET", "/v1/environments/E1/items", Some(&*foreign), 403, "another tenant"),
        ("POST", "/v1/environments/E1/copies", Some(&*foreign), 403, "another tenant"),
        ("GET", "/v1/items/E2.i7", Some(&*own), 403, "another owner"),
        ("GET", "/v1/environments/E1/items", None, 401, "no token"),
        ("GET", "/v1/environments/E1/items", Some("tok_x"), 401, "an unknown token"),
        ("GET", "/v1/environments/E1/items", Some(""), 400, "an empty token"),
        ("GET", "/v1/me", None, 401, "a route without scopes"),
    ] {
        let answer = ask(session, method, target, token).await;
        tells_nothing(group, &answer, status, what);
    }
    // The router of some frameworks answers these by itself.
    for (method, target) in [("GET", "/v1/nothing"), ("DELETE", "/v1/environments/E1/items")] {
        let answer = ask(session, method, target, Some(&none)).await;
        group.check(REMEDY.iter().all(|member| !answer.text().contains(member)), || {
            format!("{method} {target}: {}", answer.text())
        });
    }
}

async fn ask(session: &mut Session, method: &str, target: &str, token: Option<&str>) -> Answer {
    let mut request = Request::new(method, target);
    if let Some(token) = token {
        request = request.token(token);
    }
    if method == "POST" {
        request = request.body("body");
    }
    let Asked { answer, .. } = session.ask(&request).await;
    answer
}

fn tells_nothing(group: &mut Group, answer: &Answer, status: u16, what: &str) {
    let found = answer.json();
    let members: Vec<&str> = found.as_object().into_iter().flatten().map(|(name, _)| &**name).collect();
    let expected = (status, vec!["detail", "status", "title", "type"]);
    group.equal((answer.status, members), expected, what);
}

fn content_type(answer: &Answer) -> &str {
    answer.header("content-type").unwrap_or_default()
}
