//! A missing layer, a stale one, CORS, a verifier that fails, revoked tokens.

use super::{Asked, Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::{Answer, Request};
use crate::server::{Kit, Layers, ServerUnderTest};
use crate::tokens::{DOWN, PANIC};

const ITEMS: &str = "/v1/environments/E1/items";

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("layers");
    missing::<T>(&mut group).await;
    stale::<T>(&mut group).await;
    cors::<T>(&mut group).await;
    verifier::<T>(&mut group).await;
    panic::<T>(&mut group).await;
    malformed::<T>(&mut group).await;
    group
}

async fn missing<T: ServerUnderTest>(group: &mut Group) {
    let kit = Kit { layers: Layers::Missing, ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    let token = session.token(&["items.read"], &["E1"]);
    for (target, token, status) in
        [(ITEMS, None, 500), (ITEMS, Some(&token), 500), ("/v1/me", Some(&token), 500), ("/v1/health", None, 200)]
    {
        let mut request = Request::new("GET", target);
        if let Some(token) = token {
            request = request.token(token);
        }
        let Asked { answer, seen } = session.ask(&request).await;
        let generic = status == 200
            || answer.text() == r#"{"error":"internal server error"}"#
                && answer.header("www-authenticate").is_none()
                && answer.header("cache-control") == Some("no-store");
        group.check(answer.status == status && generic && seen.len() == usize::from(status == 200), || {
            format!("without the layer, {target}: {answer:?}")
        });
    }
}

async fn stale<T: ServerUnderTest>(group: &mut Group) {
    let kit = Kit { layers: Layers::Stale, ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    let good = session.token(&["items.read"], &["E1"]);
    let wrong = session.token(&["items.write"], &["E1"]);
    let other = session.token(&["items.read"], &["E2"]);
    for (what, token, status) in [
        ("none", None, 401),
        ("unknown", Some("tok_x"), 401),
        ("malformed", Some("a b"), 400),
        ("verifier fails", Some(DOWN), 503),
        ("wrong", Some(&*wrong), 403),
        ("other", Some(&*other), 403),
        ("good", Some(&*good), 200),
    ] {
        let mut request = Request::new("GET", ITEMS);
        if let Some(token) = token {
            request = request.token(token);
        }
        let Asked { answer, seen } = session.ask(&request).await;
        let subjects: Vec<_> = seen.iter().map(|seen| seen.subject.as_deref().unwrap_or_default()).collect();
        let ran = if status == 200 { subjects == ["person"] } else { subjects.is_empty() };
        group.check(answer.status == status && ran, || {
            format!("{what} below a layer that accepts every token: {} {subjects:?}", answer.status)
        });
    }
}

async fn cors<T: ServerUnderTest>(group: &mut Group) {
    let kit = Kit { cors: true, ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    let origin = "Origin: https://app.example";
    let preflight = Request::new("OPTIONS", ITEMS)
        .header(origin)
        .header("Access-Control-Request-Method: GET")
        .header("Access-Control-Request-Headers: authorization");
    let Asked { answer, seen } = session.ask(&preflight).await;
    let allowed = answer.header("access-control-allow-origin").is_some();
    group.check(matches!(answer.status, 200 | 204) && allowed && seen.is_empty(), || format!("preflight: {answer:?}"));
    // A browser must be able to read the refusal.
    let Asked { answer, seen } = session.ask(&Request::new("GET", ITEMS).header(origin)).await;
    let allowed = answer.header("access-control-allow-origin").is_some();
    group.check(answer.status == 401 && allowed && seen.is_empty(), || format!("refusal across origins: {answer:?}"));
    let token = session.token(&["items.read"], &["E1"]);
    let Asked { answer, seen } = session.ask(&Request::new("GET", ITEMS).header(origin).token(&token)).await;
    let allowed = answer.header("access-control-allow-origin").is_some();
    group.check(answer.status == 200 && allowed && seen.len() == 1, || format!("success across origins: {answer:?}"));
}

async fn verifier<T: ServerUnderTest>(group: &mut Group) {
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    let Asked { answer, seen } = session.ask(&Request::new("GET", ITEMS).token(DOWN)).await;
    let plain =
        answer.header("www-authenticate").is_none() && answer.text() == r#"{"error":"temporarily unavailable"}"#;
    group.check(answer.status == 503 && plain && seen.is_empty(), || format!("the verifier fails: {answer:?}"));

    let token = session.token(&["items.read"], &["E1"]);
    let found = session.outcome("GET", ITEMS, Some(&token)).await;
    group.equal(found, (200, Some("list_items")), "a token before it is taken back");
    session.tokens.revoke(&token);
    let comparable = |answer: Answer| {
        let headers: Vec<_> = answer.headers.into_iter().filter(|(name, _)| name != "date").collect();
        (answer.status, headers, answer.body)
    };
    let revoked = comparable(session.ask(&Request::new("GET", ITEMS).token(&token)).await.answer);
    let unknown = comparable(session.ask(&Request::new("GET", ITEMS).token("tok_999999")).await.answer);
    group.equal(revoked.0, 401, "a token that was taken back");
    group.equal(revoked, unknown, "taken back and unknown are answered alike");
}

/// A verifier that panics fails only this request. Requests that do not need a caller and the
/// connection continue to work.
async fn panic<T: ServerUnderTest>(group: &mut Group) {
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    let token = session.token(&["items.read"], &["E1"]);
    // Opens the connection that must survive the panic.
    let found = session.outcome("GET", ITEMS, Some(&token)).await;
    group.equal(found, (200, Some("list_items")), "before the panic");
    let connections = session.client.connections();
    for (target, status) in [(ITEMS, 500), ("/v1/me", 500), ("/v1/health", 200), (ITEMS, 500)] {
        let Asked { answer, seen } = session.ask(&Request::new("GET", target).token(PANIC)).await;
        let plain = status == 200
            || answer.text() == r#"{"error":"internal server error"}"#
                && answer.header("www-authenticate").is_none()
                && answer.header("cache-control") == Some("no-store");
        group.check(answer.status == status && plain && seen.len() == usize::from(status == 200), || {
            format!("the verifier panics, {target}: {answer:?}")
        });
    }
    let found = session.outcome("GET", ITEMS, Some(&token)).await;
    group.equal(found, (200, Some("list_items")), "after the panic");
    group.equal(session.client.connections(), connections, "connections, the verifier having panicked");
}

/// If a target is refused for every caller, the token is not looked up. Every other request with a
/// token costs one look-up.
async fn malformed<T: ServerUnderTest>(group: &mut Group) {
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    let token = session.token(&["items.read"], &["E1"]);
    let long = format!("{ITEMS}/{}", "a".repeat(8192));
    for (target, status, calls) in [
        (&*format!("{ITEMS}/a%2Fb"), 400, 0),
        (&format!("{ITEMS}/a;b"), 400, 0),
        (&format!("{ITEMS}/a%00b?x=1"), 400, 0),
        (&long, 414, 0),
        (&format!("{ITEMS}/7"), 200, 1),
        (&format!("{ITEMS}/%37?x=%00;"), 200, 1),
        ("/v1/nothing", 404, 1),
    ] {
        let _ = session.tokens.take_calls();
        let Asked { answer, seen } = session.ask(&Request::new("GET", target).token(&token)).await;
        let asked = session.tokens.take_calls();
        let right = answer.status == status && asked == calls && seen.len() == usize::from(status == 200);
        group.check(right, || format!("{target:.60}: {}, the verifier was asked {asked} times", answer.status));
        // Without a gate, the router's own 404 does not need a caller.
        let unknown = if status != 200 && (status != 404 || !T::FACTS.gated) { status } else { 401 };
        let Asked { answer, seen } = session.ask(&Request::new("GET", target).token("tok_x")).await;
        let asked = session.tokens.take_calls();
        group.check(answer.status == unknown && asked == calls && seen.is_empty(), || {
            format!("{target:.60} with an unknown token: {}, the verifier was asked {asked} times", answer.status)
        });
    }
}
