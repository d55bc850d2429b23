//! Text beside a parameter, which axum does not support, and the values of a `#[raw]` parameter.

use std::sync::Arc;

use scopes::Settings;

use super::*;

mod avatars {
    scopes::scopes! {
        pub mod api;
        public("avatars") { GET "/avatars/{name}" as avatar; }
        originals.read { GET "/avatars/{name}.orig" as original; }
        users.read { GET "/users/{id}"; }
        secrets.read { GET "/users/{id}.secret"; }
        users.write { POST "/users/{id}"; }
        users.cancel { POST "/users/{id}:cancel"; }
        x.read { GET "/n/x{name}"; }
        n.read { GET "/n/{name}"; }
    }
}

#[requires(avatars::api::users.read)]
async fn user(Path(id): Path<String>) -> String {
    id
}

#[requires(avatars::api::users.write)]
async fn write(Path(id): Path<String>) -> String {
    id
}

#[tokio::test]
async fn s1_text_beside_a_parameter_that_the_router_does_not_know() {
    let handlers = || {
        Router::new()
            .route("/avatars/{name}", ran("avatar"))
            .route("/users/{id}", get(user).post(write))
            .route("/n/{name}", ran("n"))
    };
    let gated = api_gate(handlers());
    let cases: &[Case] = &[
        ("/avatars/7", "", 200, "avatar"),
        ("/avatars/7.orig", "", 401, ""),
        ("/avatars/7.orig", "users.read", 403, ""),
        ("/avatars/7.orig", "originals.read", 200, "avatar"),
        ("/avatars/7%2Eorig", "", 401, ""),
        ("/avatars/.orig", "", 401, ""),
        ("/avatars/7.ori%67", "originals.read", 200, "avatar"),
        ("/avatars/7.org", "", 200, "avatar"),
        // Two texts at once.
        ("/n/a", "n.read", 200, "n"),
        ("/n/xa", "n.read", 403, ""),
        ("/n/xa", "x.read", 403, ""),
        ("/n/xa", "n.read+x.read", 200, "n"),
        ("/n/%78a", "n.read", 403, ""),
        ("/n/x", "n.read", 403, ""),
    ];
    ask(&gated, "GET", cases).await;
    let users: &[Case] = &[
        ("/users/7", "users.read", 200, "7"),
        ("/users/7.secret", "users.read", 403, ""),
        ("/users/7.secret", "secrets.read", 403, ""),
        ("/users/7.secret", "users.read+secrets.read", 200, "7.secret"),
        ("/users/7%2Esecret", "users.read", 403, ""),
        ("/users/.secret", "users.read", 403, ""),
        ("/users/a%40b", "users.read", 200, "a@b"),
        ("/users/%37", "users.read", 200, "7"),
    ];
    ask(&gated, "GET", users).await;
    // Permits without a gate give the same answers.
    ask(&handlers().layer(tokens::named::<avatars::api::Scope>()), "GET", users).await;
    for app in [&handlers().layer(tokens::named::<avatars::api::Scope>())] {
        ask(
            app,
            "POST",
            &[
                ("/users/7", "users.write", 200, "7"),
                ("/users/7:cancel", "users.write", 403, ""),
                ("/users/7%3Acancel", "users.write", 403, ""),
                ("/users/7%3acancel", "users.cancel", 403, ""),
                ("/users/7:cancel", "users.write+users.cancel", 200, "7:cancel"),
            ],
        )
        .await;
    }
}

fn api_gate(router: Router) -> scopes::axum::Gated<avatars::api::Scope> {
    avatars::api::gate(router).layer(tokens::named::<avatars::api::Scope>())
}

#[tokio::test]
async fn one_challenge_names_the_scopes_of_all_routes() {
    let app = api_gate(Router::new().route("/users/{id}", get(user)));
    for (target, token, scopes) in [
        ("/users/7.secret", "users.read", "secrets.read users.read"),
        ("/users/7.secret", "n.read", "secrets.read users.read"),
        ("/users/7", "n.read", "users.read"),
    ] {
        let answer = send(&app, request("GET", target, token)).await;
        assert_eq!(answer.status(), 403);
        assert_eq!(answer.headers()["accepted-scopes"], scopes, "{target}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
        assert!(challenge.ends_with(&format!("scope=\"{scopes}\"")), "{challenge}");
    }
}

#[tokio::test]
async fn the_decision_names_the_route_that_denies() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let settings = Settings::new().on_decision(move |decided| {
        sink.lock().unwrap().push(format!("{} {}", decided.outcome(), decided.template().unwrap_or_default()));
    });
    let authenticate = tokens::named::<avatars::api::Scope>().settings(settings);
    let app = Router::new().route("/users/{id}", get(user)).layer(authenticate);
    for token in ["users.read", "secrets.read", "users.read+secrets.read"] {
        status(&app, "GET", "/users/7.secret", token).await;
    }
    let missing = "denied: the caller does not hold the scopes that the route requires";
    assert_eq!(
        *seen.lock().unwrap(),
        [
            format!("{missing} /users/{{id}}.secret"),
            format!("{missing} /users/{{id}}"),
            "allowed /users/{id}".to_owned()
        ]
    );
}

mod raw {
    scopes::scopes! {
        pub mod api;
        all.read { #[raw(key)] GET "/r/{key}"; }
        meta.read { GET "/r/{key}.meta"; }
        top.read { GET "/r/top"; }
    }
}

#[tokio::test]
async fn what_a_raw_parameter_may_hold() {
    let app = raw::api::gate(Router::new().route("/r/{key}", ran("raw"))).layer(tokens::named::<raw::api::Scope>());
    ask(
        &app,
        "GET",
        &[
            ("/r/a%2Fb", "all.read", 200, "raw"),
            ("/r/a%2Fb.meta", "all.read", 403, ""),
            ("/r/a%2Fb.meta", "all.read+meta.read", 200, "raw"),
            ("/r/t%6Fp", "all.read", 403, ""),
            ("/r/%zz", "all.read", 200, "raw"),
            ("/r/%ff", "all.read", 200, "raw"),
            ("/r/%ff.meta", "all.read", 403, ""),
            ("/r/a;b", "all.read", 200, "raw"),
        ],
    )
    .await;
}
