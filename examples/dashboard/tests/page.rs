//! The pages at `/dashboard`, without a browser: sessions, forms, headers, and what they refuse.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use common::visitor::{NEW, TOKENS, Visitor, form, post, token};
use common::{Request, Server};
use dashboard::catalogue::api;
use dashboard::page::session::one_time_code;
use dashboard::seed::Seed;

const COOKIE: &str = "dashboard-session";

async fn status_of(server: &Server, token: &str) -> u16 {
    let target = format!("/api/v0/environments/{}/users", server.seed.live);
    server.client().send(Request::new("GET", &target).bearer(token)).await.status
}

#[tokio::test]
async fn a_token_is_made_used_rotated_and_revoked() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let raw = visitor.create("job+1", &["environment.users.read"]).await;
    assert_eq!((raw.len(), status_of(&server, &raw).await), (60, 200));

    let list = visitor.get(TOKENS).await;
    assert!(list.body.contains("job 1") && list.body.contains(&raw[54..]), "name and checksum");
    assert!(!list.body.contains(&raw), "the text is on one page only");
    assert!(!list.body.contains("never</span></dd></div><div><dt>Expires"), "it was used: {}", list.body);
    let id = server.tokens_of(&server.seed.live).await[0].id().to_owned();
    assert!(server.tokens_of(&server.seed.live).await[0].expires_at().is_some());

    let rotate = format!("{TOKENS}/{id}/rotate");
    let once = visitor.once(TOKENS).await;
    let rotated = visitor.send(post(&rotate, &format!("once={once}&grace=none"))).await;
    assert_eq!(rotated.status, 200, "{rotated:?}");
    let next = token(&rotated.body);
    assert_eq!((status_of(&server, &raw).await, status_of(&server, &next).await), (401, 200));
    let again = visitor.send(post(&rotate, &format!("once={once}&grace=none"))).await;
    assert_eq!((again.status, status_of(&server, &next).await), (409, 200), "nothing is rotated twice");

    let once = visitor.once(TOKENS).await;
    let revoked = visitor.send(post(&format!("{TOKENS}/{id}/revoke"), &format!("once={once}"))).await;
    assert_eq!((revoked.status, revoked.header("location")), (303, Some("/dashboard/developer/api?done=revoked")));
    assert_eq!(status_of(&server, &next).await, 401);
    assert!(visitor.get("/dashboard/developer/api?done=revoked").await.body.contains("is revoked"));
    let told = server.app.store.count_objects(&server.seed.live, "event", None).await.unwrap();
    assert_eq!(told, 3, "an event each of making, rotating and revoking it");
    server.stop().await;
}

#[tokio::test]
async fn a_token_is_not_changed_without_its_event() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let raw = visitor.create("kept", &["environment.users.read"]).await;
    let id = server.tokens_of(&server.seed.live).await[0].id().to_owned();
    server.refuse_events().await;
    for (target, fields) in [
        (TOKENS.to_owned(), "&name=n&expires_in=30&scopes=environment.users.read"),
        (format!("{TOKENS}/{id}/rotate"), "&grace=none"),
        (format!("{TOKENS}/{id}/revoke"), ""),
    ] {
        let once = visitor.once(TOKENS).await;
        let failed = visitor.send(post(&target, &format!("once={once}{fields}"))).await;
        assert_eq!(failed.status, 500, "{target} {failed:?}");
        assert!(!failed.body.contains("dyn_"), "{failed:?}");
        assert_eq!(status_of(&server, &raw).await, 200, "{target}");
        assert_eq!(server.tokens_of(&server.seed.live).await.len(), 1, "{target}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_form_works_once_and_says_so() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let once = visitor.once(NEW).await;
    let sent = form(&once, "n", "7", &["environment.users.read"]);
    let first = visitor.send(post(TOKENS, &sent)).await;
    let raw = token(&first.body);
    // The same value in another spelling: unused bits of the last character of a signature.
    let (rest, last) = once.split_at(once.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let place = alphabet.find(last).unwrap();
    let other = format!("{rest}{}", &alphabet[place ^ 1..][..1]);
    for once in [&once, &other] {
        let again = visitor.send(post(TOKENS, &form(once, "n", "7", &["environment.users.read"]))).await;
        assert!(matches!(again.status, 409 | 403), "{again:?}");
        assert!(!again.body.contains(&raw) && !again.body.contains("dyn_"), "{again:?}");
    }
    let again = visitor.send(post(TOKENS, &sent)).await;
    assert!(again.status == 409 && again.body.contains("sent before"), "{again:?}");
    assert_eq!(server.tokens_of(&server.seed.live).await.len(), 1);

    // Two at once: one of them creates a token.
    let sent = form(&visitor.once(NEW).await, "n", "7", &["environment.users.read"]);
    let mut second = Visitor { client: server.client(), cookie: visitor.cookie.clone() };
    let (one, two) = tokio::join!(visitor.send(post(TOKENS, &sent)), second.send(post(TOKENS, &sent)));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(server.tokens_of(&server.seed.live).await.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn a_form_needs_the_value_of_its_own_session() {
    let server = Server::start().await;
    let (mut visitor, mut other) = (Visitor::of(&server).await, Visitor::of(&server).await);
    let foreign = other.once(NEW).await;
    let own = visitor.once(NEW).await;
    let id = server.token(&["all.read"], &server.seed.live).await.id;
    let session = server.session(&server.seed.admin, &server.seed.live);
    for once in ["", "x", &foreign, &session, &own[..own.len() - 2], &format!("{own}&once={own}")] {
        for (target, fields) in [
            (TOKENS.to_owned(), form(once, "n", "7", &["environment.users.read"])),
            (format!("{TOKENS}/{id}/rotate"), format!("once={once}&grace=none")),
            (format!("{TOKENS}/{id}/revoke"), format!("once={once}")),
            ("/dashboard/sign-out".to_owned(), format!("once={once}")),
        ] {
            let refused = visitor.send(post(&target, &fields)).await;
            assert_eq!(refused.status, 403, "{target} {once}");
        }
    }
    let missing = visitor.send(post(TOKENS, "name=n&expires_in=7&scopes=all.read")).await;
    assert_eq!((missing.status, server.tokens_of(&server.seed.live).await.len()), (403, 1));
    server.stop().await;
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let sent = form(&visitor.once(NEW).await, "n", "7", &["environment.users.read"]);
    let own = format!("http://{}", server.address);
    let plain =
        || Request::new("POST", TOKENS).header("Content-Type", "application/x-www-form-urlencoded").body(&*sent);
    for request in [
        plain(),
        plain().header("Sec-Fetch-Site", "cross-site"),
        plain().header("Sec-Fetch-Site", "same-site"),
        plain().header("Sec-Fetch-Site", "same-origin").header("Sec-Fetch-Site", "same-origin"),
        plain().header("Sec-Fetch-Site", "cross-site").header("Origin", &own),
        plain().header("Origin", "null"),
        plain().header("Origin", "https://evil.example"),
        // `Host` is what the attacker's page has chosen.
        plain().header("Origin", "http://localhost"),
    ] {
        let refused = visitor.send(request).await;
        assert_eq!((refused.status, refused.header("set-cookie")), (403, None), "{refused:?}");
    }
    let code = one_time_code(&server.app, &server.seed.admin, &server.seed.live).await.unwrap();
    let sign_in = Request::new("POST", "/dashboard/sign-in").header("Sec-Fetch-Site", "cross-site");
    let sign_in = sign_in.header("Content-Type", "application/x-www-form-urlencoded").body(format!("code={code}"));
    let refused = server.client().send(sign_in).await;
    assert_eq!((refused.status, refused.header("set-cookie")), (403, None), "no site signs a person in");
    // A browser without Sec-Fetch-Site names its origin.
    assert_eq!(visitor.send(plain().header("Origin", &own)).await.status, 201);
    assert_eq!(server.tokens_of(&server.seed.live).await.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_code_signs_in_once_and_a_session_ends_on_the_server() {
    let server = Server::start().await;
    let code = one_time_code(&server.app, &server.seed.admin, &server.seed.live).await.unwrap();
    let sign_in = || post("/dashboard/sign-in", &format!("code={code}"));
    let (mut one, mut two) = (server.client(), server.client());
    let (first, second) = tokio::join!(one.send(sign_in()), two.send(sign_in()));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 401], "of two, one signs in");
    let refused = if first.status == 401 { first } else { second };
    assert_eq!(refused.header("set-cookie"), None);
    for wrong in ["", "code_", &code[..code.len() - 1], "session_x", "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC"] {
        let refused = one.send(post("/dashboard/sign-in", &format!("code={wrong}"))).await;
        assert_eq!(refused.status, 401, "{wrong}");
        assert!(wrong.is_empty() || !refused.body.contains(wrong) || wrong == "code_", "{wrong} is not repeated");
    }

    let mut visitor = Visitor::of(&server).await;
    let once = visitor.once(TOKENS).await;
    let out = visitor.send(post("/dashboard/sign-out", &format!("once={once}"))).await;
    assert_eq!((out.status, out.header("location")), (303, Some("/dashboard/sign-in")));
    assert!(out.header("set-cookie").unwrap().starts_with("dashboard-session=; "), "{out:?}");
    let ended = visitor.get(TOKENS).await;
    assert_eq!((ended.status, ended.header("location")), (303, Some("/dashboard/sign-in")), "a kept cookie is useless");

    let mut visitor = Visitor::of(&server).await;
    server.app.store.end_membership(&server.seed.admin, &server.seed.live).await.unwrap();
    assert_eq!(visitor.get(TOKENS).await.status, 303, "who has left is signed out");
    server.stop().await;
}

#[tokio::test]
async fn the_cookie_is_for_the_pages_and_nothing_else_opens_them() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let value = visitor.cookie.split_once('=').unwrap().1.to_owned();
    for target in ["/api/v0/user/tokens", &format!("/api/v0/environments/{}/users", server.seed.live)] {
        assert_eq!(visitor.get(target).await.status, 401, "{target}");
        assert_eq!(server.client().send(Request::new("GET", target).bearer(&value)).await.status, 401, "{target}");
    }
    let token = server.token(&["all.read"], &server.seed.live).await.raw;
    let session = server.session(&server.seed.admin, &server.seed.live);
    for credential in [&token, &session, &value, "x"] {
        for target in [TOKENS, NEW, "/dashboard/developer/picker.json"] {
            let bearer = server.client().send(Request::new("GET", target).bearer(credential)).await;
            assert_eq!((bearer.status, bearer.header("location")), (303, Some("/dashboard/sign-in")), "{target}");
            if *credential != value {
                let cookie = Request::new("GET", target).header("Cookie", &format!("{COOKIE}={credential}"));
                assert_eq!(server.client().send(cookie).await.status, 303, "{target}");
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn cookies_over_https_and_on_loopback() {
    let server = Server::start().await;
    let mut client = server.client();
    let code = one_time_code(&server.app, &server.seed.admin, &server.seed.live).await.unwrap();
    let response = client.send(post("/dashboard/sign-in", &format!("code={code}"))).await;
    let cookie = response.header("set-cookie").unwrap().to_owned();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert!(value.starts_with("dashboard-session=session_"));
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Max-Age=28800");
    assert_eq!(response.header("strict-transport-security"), None);
    server.stop().await;

    let change =
        |settings: &mut dashboard::settings::Settings| settings.public_url = "https://dashboard.example".into();
    let server = Server::start_changed(Seed::new(), change).await;
    let code = one_time_code(&server.app, &server.seed.admin, &server.seed.live).await.unwrap();
    let mut client = server.client();
    let response = client.send(post("/dashboard/sign-in", &format!("code={code}"))).await;
    let cookie = response.header("set-cookie").unwrap().to_owned();
    assert!(cookie.starts_with("__Host-dashboard-session=session_"), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=28800; Secure"), "{cookie}");
    assert!(response.header("strict-transport-security").is_some());
    // The name without the prefix, which another host of the domain could set, is not read.
    let value = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
    for (name, status) in [("__Host-dashboard-session", 200), ("dashboard-session", 303)] {
        let request = Request::new("GET", TOKENS).header("Cookie", &format!("{name}={value}"));
        assert_eq!(client.send(request).await.status, status, "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn each_answer_is_protected() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let sent = form(&visitor.once(NEW).await, "n", "7", &["environment.users.read"]);
    let mut answers = vec![
        visitor.get(TOKENS).await,
        visitor.get(NEW).await,
        visitor.get("/dashboard/developer/picker.json").await,
        visitor.get("/dashboard/nothing").await,
        visitor.get("/dashboard/developer/api/x/rotate").await,
        visitor.get("/dashboard/sign-in").await,
        visitor.send(post(TOKENS, "")).await,
        visitor.send(post(TOKENS, &sent)).await,
        visitor.send(post(TOKENS, &sent)).await,
        server.client().send(Request::new("GET", TOKENS)).await,
        server.client().send(Request::new("POST", TOKENS)).await,
    ];
    let file = visitor.get("/dashboard/assets/page.css").await;
    assert_eq!((file.status, file.header("cache-control")), (200, Some("no-cache")));
    assert_eq!(visitor.get("/dashboard/assets/..%2Fpage.css").await.status, 400);
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 200, 200, 404, 405, 200, 403, 201, 409, 303, 403]);
    assert!(answers.iter().all(|answer| answer.header("cache-control") == Some("no-store")));
    answers.push(file);
    for answer in &answers {
        let policy = answer.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'));
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value));
        }
        assert_eq!(answer.header("access-control-allow-origin"), None);
        // Neither scripts nor styles stand in the page, nor handlers in attributes.
        for part in ["<script>", "<style", " style=", " onclick", "javascript:"] {
            assert!(!answer.body.contains(part) || answer.header("content-type") == Some("text/css; charset=utf-8"));
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_person_gives_no_more_than_the_membership_allows() {
    let mut seed = Seed::new();
    for membership in &mut seed.contents.memberships {
        membership.scopes = "environment.users.read environment.apiTokens.write".to_owned();
    }
    let server = Server::start_with(seed).await;
    let mut visitor = Visitor::of(&server).await;
    let file = visitor.get("/dashboard/developer/picker.json").await.json();
    assert_eq!(
        file["issuer"]["may_give"],
        serde_json::json!(["environment.apiTokens.write", "environment.users.read"])
    );
    let public = server.client().send(Request::new("GET", "/docs/picker.json")).await;
    assert_eq!((public.status, public.json()["issuer"].is_null()), (200, true));

    for (scopes, status) in [
        (&["environment.users.read"][..], 201),
        (&["environment.users.write"], 403),
        (&["environment.users.read", "all.read"], 403),
        (&["environment.users.raed"], 400),
        (&[], 400),
    ] {
        let once = visitor.once(NEW).await;
        let response = visitor.send(post(TOKENS, &form(&once, "n", "7", scopes))).await;
        assert_eq!(response.status, status, "{scopes:?}");
    }
    // Another administrator's token, and one of another environment, are not in the list.
    let foreign = server.token(&["environment.users.read"], &server.seed.sandbox).await;
    for action in ["rotate", "revoke"] {
        let once = visitor.once(TOKENS).await;
        let target = format!("{TOKENS}/{}/{action}", foreign.id);
        assert_eq!(visitor.send(post(&target, &format!("once={once}&grace=none"))).await.status, 404, "{action}");
    }
    assert_eq!(server.tokens_of(&server.seed.sandbox).await.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn fields_are_checked_and_shown_as_text() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let scopes = &["environment.users.read"][..];
    let long = "x".repeat(101);
    for (name, days, scopes, status) in [
        ("", "7", scopes, 400),
        ("+++", "7", scopes, 400),
        (&*long, "7", scopes, 400),
        ("a%00b", "7", scopes, 400),
        ("a%0Ab", "7", scopes, 400),
        ("n", "0", scopes, 400),
        ("n", "-1", scopes, 400),
        ("n", "3661", scopes, 400),
        ("n", "99999999999", scopes, 400),
        ("n", "", scopes, 400),
        ("n", "never", scopes, 201),
        ("%3Cscript%3Ealert(1)%3C/script%3E%22", "7", scopes, 201),
    ] {
        let once = visitor.once(NEW).await;
        let response = visitor.send(post(TOKENS, &form(&once, name, days, scopes))).await;
        assert_eq!(response.status, status, "{name} {days}");
        assert!(!response.body.contains("<script>"), "{name}");
        if status == 400 && response.body.contains("role=\"alert\"") {
            assert!(response.body.contains(r#"value="environment.users.read" checked"#), "what was chosen stays");
        }
    }
    let list = visitor.get(TOKENS).await;
    assert!(list.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;"), "{}", list.body);
    let once = visitor.once(NEW).await;
    let body = form(&once, "n", "7", scopes);
    let json = Request::new("POST", TOKENS).header("Sec-Fetch-Site", "same-origin").json(&body);
    assert_eq!(visitor.send(json).await.status, 400, "another content type");
    server.stop().await;
}

#[tokio::test]
async fn a_link_proposes_and_a_person_decides() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let before = server.tokens_of(&server.seed.live).await.len();
    let query = "name=ci+%3Cb%3E&expires_in=14&scopes=environment.users.read+environment.users.write+all.raed+%3Ci%3E";
    let page = visitor.get(&format!("{NEW}?{query}")).await.body;
    let checked: Vec<_> = page.match_indices(" checked").collect();
    assert_eq!(checked.len(), 1, "{page}");
    assert!(page.contains(r#"value="environment.users.read" checked"#), "{page}");
    for part in [
        "A link chose 1 permission here.",
        "environment.users.write.",
        "all.raed, &lt;i&gt;.",
        "ci &lt;b&gt;",
        "in 14 days",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for query in ["scopes=a&scopes=b", &format!("scopes={}", "x".repeat(4090)), "scopes=a&expires_in=x"] {
        let page = visitor.get(&format!("{NEW}?{query}")).await.body;
        assert!(page.contains("The link to this page chose nothing") && !page.contains(" checked"), "{query}");
    }
    assert_eq!(server.tokens_of(&server.seed.live).await.len(), before, "a link creates nothing");

    // A browser leaves the cookie out after a link of another site: a page of this server asks
    // again.
    let link = |dest: &str| {
        let request = Request::new("GET", &format!("{NEW}?{query}")).header("Sec-Fetch-Site", "cross-site");
        request.header("Sec-Fetch-Mode", "navigate").header("Sec-Fetch-Dest", dest)
    };
    let arrived = server.client().send(link("document")).await;
    assert_eq!(arrived.status, 200);
    assert!(arrived.body.contains(&format!("0; url={NEW}?{}", query.replace('&', "&amp;"))), "{}", arrived.body);
    assert_eq!(server.client().send(link("iframe")).await.status, 303);
    server.stop().await;
}

#[tokio::test]
async fn the_fields_without_javascript_are_those_of_the_catalogue() {
    let server = Server::start().await;
    let page = Visitor::of(&server).await.get(NEW).await.body;
    for scope in api::CATALOGUE.untyped().scopes() {
        assert!(page.contains(&format!(r#"name="scopes" value="{}""#, scope.name())), "{}", scope.name());
    }
    server.stop().await;
}
