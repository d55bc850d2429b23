//! The literal text of answers, forms of credentials, and bodies that never arrive.

use super::{Asked, Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::Request;
use crate::server::{Kit, ServerUnderTest};
use crate::tokens::DOWN;

const ITEMS: &str = "/v1/environments/E1/items";

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("RFC 6750, bodies");
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    answers(&mut group, &mut session).await;
    credentials(&mut group, &mut session).await;
    bodies::<T>(&mut group, &mut session).await;
    group
}

/// The answers follow RFC 6750, section 3, and RFC 9110, section 11.6.1.
async fn answers(group: &mut Group, session: &mut Session) {
    let wrong = session.token(&["items.write"], &["E1"]);
    let other = session.token(&["items.read"], &["E2"]);
    for (what, headers, status, challenge, body) in [
        ("absent", vec![], 401, r#"Bearer realm="suite""#, r#"{"error":"authentication required"}"#),
        (
            "another scheme",
            vec!["Authorization: Basic dTpw".into()],
            401,
            r#"Bearer realm="suite""#,
            r#"{"error":"authentication required"}"#,
        ),
        (
            "malformed",
            vec!["Authorization: Bearer".into()],
            400,
            r#"Bearer realm="suite", error="invalid_request", error_description="the credentials are repeated or malformed""#,
            r#"{"error":"malformed request"}"#,
        ),
        (
            "twice",
            vec!["Authorization: Bearer a".into(), "Authorization: Basic dTpw".into()],
            400,
            r#"Bearer realm="suite", error="invalid_request", error_description="the credentials are repeated or malformed""#,
            r#"{"error":"malformed request"}"#,
        ),
        (
            "invalid",
            vec!["Authorization: Bearer tok_x".into()],
            401,
            r#"Bearer realm="suite", error="invalid_token", error_description="the access token is invalid""#,
            r#"{"error":"the access token is invalid"}"#,
        ),
        (
            "wrong scope",
            vec![format!("Authorization: Bearer {wrong}")],
            403,
            r#"Bearer realm="suite", error="insufficient_scope", scope="items.read""#,
            r#"{"error":"missing scope `items.read`"}"#,
        ),
        ("other tenant", vec![format!("Authorization: Bearer {other}")], 403, "", r#"{"error":"access forbidden"}"#),
        ("verifier", vec![format!("Authorization: Bearer {DOWN}")], 503, "", r#"{"error":"temporarily unavailable"}"#),
    ] {
        let mut request = Request::new("GET", ITEMS);
        for header in headers {
            request = request.header(header);
        }
        let Asked { answer, seen } = session.ask(&request).await;
        group.equal(answer.status, status, what);
        group.equal(answer.header("www-authenticate").unwrap_or_default(), challenge, what);
        group.equal(&*answer.text(), body, what);
        group.equal(answer.header("content-type"), Some("application/json"), what);
        group.equal(answer.header("cache-control"), Some("no-store"), what);
        group.check(seen.is_empty(), || format!("{what}: {seen:?}"));
    }
}

async fn credentials(group: &mut Group, session: &mut Session) {
    let good = session.token(&["items.read"], &["E1"]);
    let long = "a".repeat(8193);
    for (what, target, header, status) in [
        ("scheme in lower case", ITEMS.to_owned(), format!("Authorization: bearer {good}"), 200),
        ("header in capitals", ITEMS.to_owned(), format!("AUTHORIZATION: Bearer {good}"), 200),
        ("token in the query", format!("{ITEMS}?access_token={good}"), "X-Nothing: 1".into(), 401),
        ("token in another header", ITEMS.to_owned(), format!("X-Api-Key: {good}"), 401),
        ("token in a cookie", ITEMS.to_owned(), format!("Cookie: token={good}"), 401),
        ("token without scheme", ITEMS.to_owned(), format!("Authorization: {good}"), 401),
        ("proxy's header", ITEMS.to_owned(), format!("Proxy-Authorization: Bearer {good}"), 401),
        ("two tokens in one header", ITEMS.to_owned(), format!("Authorization: Bearer {good}, Bearer {good}"), 400),
        ("a token too long", ITEMS.to_owned(), format!("Authorization: Bearer {long}"), 400),
        ("a target too long", format!("{ITEMS}/{long}"), format!("Authorization: Bearer {good}"), 414),
    ] {
        let Asked { answer, seen } = session.ask(&Request::new("GET", target).header(header)).await;
        group.check(answer.status == status && seen.len() == usize::from(status == 200), || {
            format!("{what}: {} {seen:?}", answer.status)
        });
    }
}

/// The server refuses unauthorized callers before the body arrives: the client declares a body and
/// never sends it.
async fn bodies<T: ServerUnderTest>(group: &mut Group, session: &mut Session) {
    let wrong = session.token(&["items.read"], &["E1"]);
    let other = session.token(&["items.write"], &["E2"]);
    let good = session.token(&["items.write"], &["E1"]);
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let (declared, chunked) = ("Content-Length: 10\r\n", "Transfer-Encoding: chunked\r\n");
    for (what, credentials, status) in [
        ("anonymous", String::new(), 401),
        ("unknown", bearer("tok_x"), 401),
        ("malformed", bearer("a b"), 400),
        ("two", bearer(&good) + &bearer(&good), 400),
        ("wrong scope", bearer(&wrong), 403),
        ("other environment", bearer(&other), 403),
        ("verifier fails", bearer(DOWN), 503),
    ] {
        for framing in [declared, chunked] {
            let mut bytes = format!("POST {ITEMS} HTTP/1.1\r\nHost: suite.test\r\n{credentials}{framing}\r\n");
            if T::FACTS.waits_for_body {
                bytes += if framing == declared { "0123456789" } else { "a\r\n0123456789\r\n0\r\n\r\n" };
            }
            let (answer, seen) = session.raw(bytes.as_bytes()).await;
            let found = answer.map(|answer| answer.status);
            group.check(found == Some(status) && seen.is_empty(), || {
                format!("a body that never comes ({framing:?}), {what}: {found:?} {seen:?}")
            });
        }
    }
    // For an authorized caller, the server waits for the body.
    for (framing, body) in [(declared, "0123456789"), (chunked, "a\r\n0123456789\r\n0\r\n\r\n")] {
        let bytes = format!("POST {ITEMS} HTTP/1.1\r\nHost: suite.test\r\n{}{framing}\r\n{body}", bearer(&good));
        let (answer, seen) = session.raw(bytes.as_bytes()).await;
        let bodies: Vec<_> = seen.iter().map(|seen| seen.body.as_deref().unwrap_or_default()).collect();
        let status = answer.map(|answer| answer.status);
        group.check(status == Some(200) && bodies == ["0123456789"], || format!("a body: {status:?} {seen:?}"));
    }
    if T::FACTS.waits_for_body {
        group.impossible("a refusal before the declared body has come");
    }
}
