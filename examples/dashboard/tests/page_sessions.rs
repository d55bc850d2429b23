//! Which sessions of browsers end, and which go on.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use common::visitor::{TOKENS, Visitor, post};
use common::{Request, Response, Server};
use dashboard::page::session::one_time_code;

/// Signs in with a browser that has this `Cookie` header.
async fn sign_in(server: &Server, code: &str, cookies: &[&str]) -> Response {
    let mut request = post("/dashboard/sign-in", &format!("code={code}"));
    for cookie in cookies {
        request = request.header("Cookie", cookie);
    }
    server.client().send(request).await
}

async fn code(server: &Server, environment_id: &str) -> String {
    one_time_code(&server.app, &server.seed.admin, environment_id).await.unwrap()
}

#[tokio::test]
async fn signing_in_ends_the_session_that_the_browser_had() {
    let server = Server::start().await;
    // Also if the new session is for another environment.
    for environment_id in [&server.seed.live, &server.seed.sandbox] {
        let (mut old, mut elsewhere) = (Visitor::of(&server).await, Visitor::of(&server).await);
        let refused = sign_in(&server, "code_wrong", &[&old.cookie]).await;
        assert_eq!((refused.status, old.get(TOKENS).await.status), (401, 200), "a wrong code ends nothing");

        let cookies = format!("theme=dark; {}; other=x", old.cookie);
        let new = sign_in(&server, &code(&server, environment_id).await, &[&cookies]).await;
        assert_eq!(new.status, 303, "{new:?}");
        assert_ne!(new.header("set-cookie").unwrap().split(';').next(), Some(&*old.cookie), "a new text");
        assert_eq!(old.get(TOKENS).await.status, 303, "the old session has ended");
        assert_eq!(elsewhere.get(TOKENS).await.status, 200, "another browser stays signed in");
    }
    server.stop().await;
}

#[tokio::test]
async fn cookies_that_are_not_of_a_session_end_nothing() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let value = visitor.cookie.split_once('=').unwrap().1.to_owned();
    for cookie in [
        format!("session={value}"),
        format!("x-{}", visitor.cookie),
        format!("__Host-{}", visitor.cookie),
        format!("x=1, {}", visitor.cookie),
        format!("dashboard-session=x{value}"),
        format!("dashboard-session={}", &value[..value.len() - 1]),
        "dashboard-session=".to_owned(),
        "dashboard-session".to_owned(),
    ] {
        let signed_in = sign_in(&server, &code(&server, &server.seed.live).await, &[&cookie]).await;
        assert_eq!(signed_in.status, 303, "{cookie}: {signed_in:?}");
        assert_eq!(visitor.get(TOKENS).await.status, 200, "{cookie}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_another_site_planted_does_not_live_on() {
    let server = Server::start().await;
    // An attacker's own session, which a browser got with a path of its own and so sends beside the
    // person's session.
    let (mut planted, mut own) = (Visitor::of(&server).await, Visitor::of(&server).await);
    let both = format!("{}; {}", planted.cookie, own.cookie);
    let new = sign_in(&server, &code(&server, &server.seed.live).await, &[&both]).await;
    assert_eq!(new.status, 303, "{new:?}");
    assert_eq!((planted.get(TOKENS).await.status, own.get(TOKENS).await.status), (303, 303));
    server.stop().await;
}

#[tokio::test]
async fn a_person_ends_the_sessions_of_other_browsers() {
    let server = Server::start().await;
    let mut here = Visitor::of(&server).await;
    let page = here.get(TOKENS).await.body;
    assert!(!page.contains("other browser"), "nothing is offered for a single session");
    let mut others = [Visitor::of(&server).await, Visitor::in_environment(&server, &server.seed.sandbox).await];
    let page = here.get(TOKENS).await.body;
    assert!(page.contains("You are also signed in with 2 other browsers."), "{page}");

    let target = "/dashboard/sign-out-others";
    for once in ["x", &others[0].once(TOKENS).await] {
        assert_eq!(here.send(post(target, &format!("once={once}"))).await.status, 403);
    }
    assert_eq!(server.client().send(post(target, "once=x")).await.status, 303, "without a session");
    let once = here.once(TOKENS).await;
    let ended = here.send(post(target, &format!("once={once}"))).await;
    assert_eq!((ended.status, ended.header("location")), (303, Some("/dashboard/developer/api?done=signed-out")));
    assert!(
        here.get("/dashboard/developer/api?done=signed-out").await.body.contains("The other browsers are signed out.")
    );
    for other in &mut others {
        let refused = other.get(TOKENS).await;
        assert_eq!((refused.status, refused.header("location")), (303, Some("/dashboard/sign-in")));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_code_is_not_used_up_by_a_sign_in_that_fails() {
    let server = Server::start().await;
    let code = code(&server, &server.seed.live).await;
    // Another site, and another content type.
    let form = || Request::new("POST", "/dashboard/sign-in").body(format!("code={code}"));
    let refused = server.client().send(form().header("Sec-Fetch-Site", "cross-site")).await;
    assert_eq!(refused.status, 403);
    let refused = server.client().send(form().header("Sec-Fetch-Site", "same-origin")).await;
    assert_eq!(refused.status, 400);
    assert_eq!(sign_in(&server, &code, &[]).await.status, 303);
    server.stop().await;
}
