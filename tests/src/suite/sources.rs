//! Several kinds of credentials on one server, and requests that other sites cause.

use super::{Asked, Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::{Answer, Request};
use crate::server::{Kit, ServerUnderTest};
use crate::tokens::{DOWN, PANIC, base64};

const ITEMS: &str = "/v1/environments/E1/items";

/// The challenges of the sources of [`every_source`](crate::tokens::every_source), in their order.
pub(super) const CHALLENGES: [&str; 5] = [
    r#"Bearer realm="suite""#,
    r#"ApiKey realm="suite", in="header", name="x-api-key""#,
    r#"ApiKey realm="suite""#,
    r#"ApiKey realm="suite", in="cookie", name="__Host-session""#,
    r#"Basic realm="suite", charset="UTF-8""#,
];

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("sources");
    let kit = Kit::<Scope> { every_source: true, ..Kit::new::<T>() };
    let mut session = Session::start::<T, Scope>(kit).await;
    let token = session.token(&["items.read", "items.write"], &["E1"]);
    forms(&mut group, &mut session, &token).await;
    order(&mut group, &mut session, &token).await;
    other_sites(&mut group, &mut session, &token).await;
    challenges(&mut group, &mut session).await;
    group
}

/// Sends the lines and compares the status. A handler must run only for a 200.
async fn case(group: &mut Group, session: &mut Session, method: &str, lines: &[String], status: u16) -> Answer {
    let mut request = lines.iter().cloned().fold(Request::new(method, ITEMS), Request::header);
    if method == "POST" {
        request = request.body("body");
    }
    let Asked { answer, seen } = session.ask(&request).await;
    let ran = if status == 200 { 1 } else { 0 };
    group.equal((answer.status, seen.len()), (status, ran), format_args!("{method} with {lines:?}"));
    answer
}

/// Each source alone, and the forms that it refuses.
async fn forms(group: &mut Group, session: &mut Session, token: &str) {
    let escaped = token.replace('_', "%5F");
    let basic = |pair: &str| format!("Authorization: Basic {}", base64(pair));
    for (line, status) in [
        (format!("Authorization: Bearer {token}"), 200),
        (format!("X-Api-Key: {token}"), 200),
        (format!("Sec-WebSocket-Protocol: chat, bearer.{token}"), 200),
        (format!("Cookie: a=1; __Host-session={token}"), 200),
        (format!("Cookie: __Host-session={escaped}"), 200),
        (basic(&format!("person:{token}")), 200),
        (basic(&format!("person:{token}")).replace("Basic", "bAsIc"), 200),
        // Another user, another password.
        (basic(&format!("other:{token}")), 401),
        (basic("person:"), 401),
        (basic(&format!("person:{token}:")), 401),
        (basic(&format!("person::{token}")), 401),
        // Credentials in a wrong form.
        (format!("X-Api-Key: {escaped}"), 401),
        (format!("X-Api-Key: Bearer {token}"), 400),
        (format!("X-Api-Key: {token}, {token}"), 400),
        ("X-Api-Key: ".to_owned(), 400),
        (format!("Sec-WebSocket-Protocol: bearer.{token}, bearer.{token}"), 400),
        (format!("Sec-WebSocket-Protocol: {token}"), 401),
        (format!("Cookie: __Host-session={token}; __Host-session={token}"), 400),
        (format!("Cookie: __Host-session=\"{token}\""), 400),
        (format!("Cookie: __Host-session={token}%"), 400),
        (format!("Cookie: __Host-session={}", escaped.replace('%', "%25")), 401),
        (format!("Cookie: __host-session={token}"), 401),
        (format!("Cookie: session={token}"), 401),
        ("Cookie: __Host-session=".to_owned(), 401),
        (format!("Authorization: Basic person:{token}"), 400),
        (basic("person"), 400),
        (basic(&format!("person:{token}\n")), 400),
        (basic(&format!("person:{token}")) + ",", 400),
        (basic(&format!("person:{token}")) + "=", 400),
        (basic(&format!("person:{token}")).replace("Basic ", "Basic\t"), 400),
        (format!("Authorization: {token}"), 401),
        (format!("Authorization: ApiKey {token}"), 401),
        ("Authorization: ".to_owned(), 401),
        // The verifier of the source fails or panics.
        (format!("X-Api-Key: {DOWN}"), 503),
        (basic(&format!("person:{DOWN}")), 503),
        (basic(&format!("person:{PANIC}")), 500),
        ("Sec-WebSocket-Protocol: panic".to_owned(), 500),
    ] {
        case(group, session, "GET", &[line], status).await;
    }
    let twice = |name: &str| [format!("{name}: {token}"), format!("{name}: {token}")];
    case(group, session, "GET", &twice("X-Api-Key"), 400).await;
    let cookies = [format!("Cookie: __Host-session={token}"), "Cookie: __Host-session=x".to_owned()];
    case(group, session, "GET", &cookies, 400).await;
}

/// The first source that finds something decides alone.
async fn order(group: &mut Group, session: &mut Session, token: &str) {
    let bearer = |token: &str| format!("Authorization: Bearer {token}");
    let key = |token: &str| format!("X-Api-Key: {token}");
    let cookie = |token: &str| format!("Cookie: __Host-session={token}");
    let basic = |token: &str| format!("Authorization: Basic {}", base64(&format!("person:{token}")));
    for (lines, status, calls) in [
        (vec![bearer("tok_x"), key(token)], 401, 1),
        (vec![bearer(DOWN), key(token)], 503, 1),
        (vec![bearer("a b"), key(token)], 400, 0),
        (vec![key("tok_x"), cookie(token)], 401, 1),
        (vec![key(""), cookie(token)], 400, 0),
        (vec![cookie("tok_x"), basic(token)], 401, 1),
        (vec![bearer(token), key("tok_x"), cookie("tok_x")], 200, 1),
        (vec![basic("tok_x"), cookie(token)], 200, 1),
        // One header cannot hold two kinds.
        (vec![bearer(token), basic(token)], 400, 0),
        // A source finds nothing in a cleared cookie, or in a scheme that it does not read.
        (vec![cookie(""), basic(token)], 200, 1),
        (vec!["Authorization: DPoP x".to_owned(), key(token)], 200, 1),
    ] {
        let _ = session.tokens.take_calls();
        case(group, session, "GET", &lines, status).await;
        group.equal(session.tokens.take_calls(), calls, format_args!("calls of the verifier for {lines:?}"));
    }
}

/// Cross-site request forgery, and handshakes of other sites.
async fn other_sites(group: &mut Group, session: &mut Session, token: &str) {
    let cookie = format!("Cookie: __Host-session={token}");
    let basic = format!("Authorization: Basic {}", base64(&format!("person:{token}")));
    let (key, bearer) = (format!("X-Api-Key: {token}"), format!("Authorization: Bearer {token}"));
    let (own, elsewhere) = ("Origin: https://app.example.com", "Origin: https://elsewhere.example");
    let (same, cross) = ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site");
    let websocket = "Upgrade: websocket";
    for (method, credentials, lines, status) in [
        ("POST", &cookie, &[][..], 403),
        ("POST", &cookie, &[same], 200),
        ("POST", &cookie, &["Sec-Fetch-Site: none"], 200),
        ("POST", &cookie, &[own], 200),
        ("POST", &cookie, &["Sec-Fetch-Site: same-site", own], 200),
        ("POST", &cookie, &["Sec-Fetch-Site: same-site"], 403),
        ("POST", &cookie, &[cross], 403),
        ("POST", &cookie, &["Sec-Fetch-Site: Same-Origin"], 403),
        ("POST", &cookie, &["Sec-Fetch-Site: same-origin, cross-site"], 403),
        ("POST", &cookie, &[same, same], 403),
        ("POST", &cookie, &[same, cross], 403),
        ("POST", &cookie, &[elsewhere], 403),
        ("POST", &cookie, &["Origin: null"], 403),
        // The own origin is never derived from the client's `Host` header.
        ("POST", &cookie, &["Origin: http://suite.test"], 403),
        ("POST", &cookie, &[own, elsewhere], 403),
        ("POST", &cookie, &[own, own, same], 403),
        ("POST", &cookie, &["Referer: https://app.example.com/"], 403),
        ("POST", &cookie, &["X-Requested-With: XMLHttpRequest"], 403),
        ("POST", &cookie, &["X-HTTP-Method-Override: GET"], 403),
        ("GET", &cookie, &[], 200),
        ("GET", &cookie, &[cross, elsewhere], 200),
        ("GET", &cookie, &[websocket], 403),
        ("GET", &cookie, &[websocket, elsewhere], 403),
        ("GET", &cookie, &["Upgrade: WebSocket", elsewhere], 403),
        ("GET", &cookie, &["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", elsewhere], 403),
        ("GET", &cookie, &[websocket, own], 200),
        ("GET", &cookie, &[websocket, same], 200),
        // Other clients than browsers send neither header with a password.
        ("POST", &basic, &[], 200),
        ("POST", &basic, &[same], 200),
        ("POST", &basic, &[own], 200),
        ("POST", &basic, &[cross], 403),
        ("POST", &basic, &[elsewhere], 403),
        ("POST", &basic, &["Origin: null"], 403),
        ("GET", &basic, &[cross], 200),
        ("GET", &basic, &[websocket, cross], 403),
        // Credentials that browsers do not send by themselves.
        ("POST", &bearer, &[cross, elsewhere], 200),
        ("POST", &key, &[cross, elsewhere], 200),
        ("GET", &key, &[websocket, cross], 200),
    ] {
        let lines: Vec<String> = [credentials.as_str()].iter().chain(lines).map(|&line| line.to_owned()).collect();
        let _ = session.tokens.take_calls();
        let answer = case(group, session, method, &lines, status).await;
        if status == 403 {
            let found = (answer.json()["error"].as_str().map(str::to_owned), session.tokens.take_calls());
            let expected = (Some("requests from other sites are refused".to_owned()), 0);
            group.equal(found, expected, format_args!("{method} with {lines:?}"));
            let has_challenge = answer.headers.iter().any(|(name, _)| name == "www-authenticate");
            let is_kept = answer.header("cache-control") != Some("no-store");
            group.check(!has_challenge && !is_kept, || format!("{method} with {lines:?}: {answer:?}"));
        }
    }
    // If a route does not need a caller, the server does not look for one. If the route is unknown,
    // the answer tells nothing.
    let sent = |method, target| Request::new(method, target).header(&cookie).header(cross);
    let Asked { answer, seen } = session.ask(&sent("POST", "/v1/hooks").body("body")).await;
    group.equal((answer.status, seen.len()), (200, 1), "an external route from another site");
    let Asked { answer, seen } = session.ask(&sent("POST", "/v1/nothing").body("body")).await;
    group.check(matches!(answer.status, 403 | 404) && seen.is_empty(), || format!("an unknown route: {answer:?}"));
}

/// Each source has its challenge, and the challenge of the source that was used says what is wrong.
async fn challenges(group: &mut Group, session: &mut Session) {
    let (invalid, malformed) = (
        r#", error="invalid_token", error_description="the access token is invalid""#,
        r#", error="invalid_request", error_description="the credentials are repeated or malformed""#,
    );
    let basic = |pair: &str| format!("Authorization: Basic {}", base64(pair));
    for (lines, status, used, error) in [
        (vec![], 401, 0, ""),
        (vec!["Authorization: DPoP x".to_owned()], 401, 0, ""),
        (vec!["Authorization: Bearer tok_x".to_owned()], 401, 0, invalid),
        (vec!["Authorization: Bearer".to_owned()], 400, 0, malformed),
        (vec!["X-Api-Key: tok_x".to_owned()], 401, 1, invalid),
        (vec!["X-Api-Key: a b".to_owned()], 400, 1, malformed),
        (vec!["Sec-WebSocket-Protocol: bearer.tok_x".to_owned()], 401, 2, invalid),
        (vec!["Cookie: __Host-session=tok_x".to_owned()], 401, 3, invalid),
        (vec![basic("person:tok_x")], 401, 4, ""),
        (vec![basic("x")], 400, 4, ""),
    ] {
        let answer = case(group, session, "GET", &lines, status).await;
        let mut expected = CHALLENGES.map(str::to_owned);
        expected[used].push_str(error);
        group.equal(found(&answer), expected.to_vec(), format_args!("the challenges for {lines:?}"));
    }
    let answer = case(group, session, "GET", &[basic("person:tok_x")], 401).await;
    group.equal(answer.text(), r#"{"error":"the user or the password is wrong"}"#.to_owned(), "a wrong password");
    // The challenge of the credentials that were used names a missing scope.
    let reader = session.token(&["items.read"], &["E1"]);
    let scope = r#", error="insufficient_scope", scope="items.write""#;
    let same = "Sec-Fetch-Site: same-origin";
    for (line, expected) in [
        (format!("Authorization: Bearer {reader}"), Some(CHALLENGES[0])),
        (format!("X-Api-Key: {reader}"), Some(CHALLENGES[1])),
        (format!("Cookie: __Host-session={reader}"), Some(CHALLENGES[3])),
        (basic(&format!("person:{reader}")), None),
    ] {
        let answer = case(group, session, "POST", &[line.clone(), same.to_owned()], 403).await;
        let expected: Vec<_> = expected.iter().map(|challenge| format!("{challenge}{scope}")).collect();
        group.equal(found(&answer), expected, format_args!("the challenges for {line}"));
        group.equal(answer.header("accepted-scopes"), Some("items.write"), line);
    }
}

fn found(answer: &Answer) -> Vec<String> {
    let lines = answer.headers.iter().filter(|(name, _)| name == "www-authenticate");
    lines.map(|(_, value)| value.clone()).collect()
}
