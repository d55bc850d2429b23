//! The gate: outside of the base, report-only, owner checks, inside other routers, without a
//! router.

use std::sync::{Arc, Mutex};

use scopes_tests::log::Log;
use tower::{Layer, ServiceBuilder};

use super::*;

/// The gate covers the whole router. Pages beside the API need a router around the gate, or a
/// reason.
#[tokio::test]
async fn outside_of_the_base() {
    let pages = || {
        router()
            .route("/{page}/deep", get(|| async { "deep" }))
            .nest("/static", Router::new().route("/app.js", get(|| async { "script" })).fallback(|| async { "static" }))
    };
    let (log, _listening) = Log::listen();
    let closed = api::gate(pages()).layer(authenticate());
    let warnings = || log.take().lines().filter(|line| line.contains("WARN")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(warnings(), [""; 0]);
    for (target, token, expected) in [
        ("/index.html", "", 401),
        ("/index.html", "all", 404),
        ("/x/deep", "all", 404),
        ("/static/app.js", "all", 404),
        ("/static/none", "all", 404),
        ("/none", "all", 404),
        ("/", "all", 404),
        ("/api/health", "", 200),
        ("/none", "", 401),
    ] {
        assert_eq!(status(&closed, "GET", target, token).await, expected, "{target} {token}");
    }
    assert_eq!(status(&closed, "POST", "/index.html", "all").await, 404);
    assert_eq!(status(&closed, "OPTIONS", "/index.html", "").await, 401);
    let warned = warnings();
    assert_eq!(warned.len(), 2, "{warned:?}");
    assert!(warned[0].contains("refused a request for `/index.html`, which lies outside of `/api`"), "{warned:?}");
    assert!(warned[0].contains(r#"`.also_serve_outside_base("why")`"#), "{warned:?}");
    assert!(!warned[1].contains("none") && !warned[1].contains("static"), "{warned:?}");

    let open = api::gate(pages()).also_serve_outside_base("the web site is public").layer(authenticate());
    for (target, token, expected) in [
        ("/index.html", "", 200),
        ("/x/deep", "bad", 200),
        ("/static/app.js", "", 200),
        ("/static/none", "", 200),
        ("/none", "", 404),
        // Paths that may be read as below the base, and paths that look like a route, are still
        // judged.
        ("/api/none", "all", 404),
        ("/api/none", "", 401),
        ("//api/environments/e1/users", "", 401),
        ("/static/..%2Fapi/environments/e1/users", "", 400),
        ("/%61pi/environments/e1/users", "all", 404),
        ("/environments/e1/users", "", 404),
        ("/api/environments/e1/users", "", 401),
    ] {
        assert_eq!(status(&open, "GET", target, token).await, expected, "{target} {token}");
    }
    assert_eq!(warnings(), [""; 0]);
    let shown = format!("{open:?}");
    assert!(shown.contains("the web site is public"), "{shown}");
}

/// While the gate only reports, the log does not say that it refuses.
#[tokio::test]
async fn the_log_of_a_gate_that_reports() {
    let settings = Settings::new().report_only(ReportOnly::Everything);
    for (settings, status_of_all, says, does_not_say) in
        [(Settings::new(), 404, "refuse", "only reports"), (settings, 200, "only reports", "refuse")]
    {
        let (log, _listening) = Log::listen();
        let app = api::gate(router()).layer(authenticate().settings(settings));
        for (target, about) in [("/index.html", "which lies outside of `/api`"), ("/api/undeclared", "not a route of")]
        {
            assert_eq!(status(&app, "GET", target, "all").await, status_of_all, "{target}");
            let lines = log.take();
            let line = lines.lines().find(|line| line.contains(about)).unwrap();
            assert!(line.contains(says) && !line.contains(does_not_say), "{line}");
        }
    }
}

/// An empty reason is a mistake: the log tells so, and the gate stays closed.
#[tokio::test]
async fn what_lies_outside_needs_a_reason() {
    for reason in ["", "  "] {
        let (log, _listening) = Log::listen();
        let app = api::gate(router()).authenticate(authenticate()).also_serve_outside_base(reason);
        let errors = log.errors();
        assert!(errors.len() == 1 && errors[0].contains("`also_serve_outside_base` needs the reason"), "{errors:?}");
        assert_eq!(status(&app, "GET", "/index.html", "all").await, 404);
    }
}

/// The gate of a router below a prefix does not guard the router's siblings.
#[tokio::test]
async fn siblings_of_a_nested_gate() {
    let settings = Settings::new().mounted_at("/v2/api").unwrap();
    let gated = api::gate(router()).authenticate(authenticate().settings(settings));
    let app = Router::new()
        .route("/index.html", get(|| async { "page" }))
        .route("/v2/about", get(|| async { "about" }))
        .nest_service("/v2", gated);
    for (target, token, expected) in [
        ("/index.html", "", 200),
        ("/v2/about", "", 200),
        ("/v2/api/environments/e1/users/u1", "reader", 200),
        ("/v2/api/environments/e1/users/u1", "", 401),
        ("/v2/none", "all", 404),
        ("/none", "", 404),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
}

fn open_router() -> Router {
    // Handlers without permits: only the gate judges.
    let open = || async { "open" };
    Router::new()
        .route("/api/environments/{id}/users", get(open).post(open))
        .route("/api/users/{user}", get(open))
        .route("/api/undeclared", get(open))
        .route("/api/environments/{id}/users/{user}", get(list))
}

#[tokio::test]
async fn report_only_levels() {
    let users = "/api/environments/e1/users";
    let other = "/api/environments/e2/users";
    //                                    enforced, Scopes, Tenants, Everything
    for (target, token, expected) in [
        (users, "reader", [200, 200, 200, 200]),
        (users, "writer", [403, 200, 200, 200]),
        ("/api/undeclared", "writer", [404, 200, 200, 200]),
        (other, "reader", [403, 403, 200, 200]),
        (other, "writer", [403, 403, 200, 200]),
        (users, "", [401, 401, 401, 200]),
        (users, "bad", [401, 401, 401, 200]),
        (users, "down", [503, 503, 503, 200]),
        ("/api/undeclared", "", [401, 401, 401, 200]),
        (users, "a b", [400, 400, 400, 400]),
        ("/api/environments/e1;x/users", "reader", [400, 400, 400, 400]),
        // A permit needs a grant.
        ("/api/environments/e1/users/u1", "writer", [403, 200, 200, 200]),
        ("/api/environments/e1/users/u1", "", [401, 401, 401, 401]),
    ] {
        for (level, expected) in
            [None, Some(ReportOnly::Scopes), Some(ReportOnly::Tenants), Some(ReportOnly::Everything)]
                .into_iter()
                .zip(expected)
        {
            let settings = level.map_or_else(Settings::new, |level| Settings::new().report_only(level));
            let app = api::gate(open_router()).layer(authenticate().settings(settings));
            assert_eq!(status(&app, "GET", target, token).await, expected, "{level:?} {target} {token}");
        }
    }
    assert_eq!(status(&api::gate(open_router()), "GET", users, "reader").await, 500);
}

#[tokio::test]
async fn report_only_parts() {
    let of_route = |template| Settings::new().report_only_route::<api::Scope>("GET", template);
    let gated = |settings| api::gate(open_router()).layer(authenticate().settings(settings));
    let scope = gated(Settings::new().report_only_scope(api::Scope::UsersRead));
    let route = gated(of_route("/api/environments/{x}/users").unwrap());
    for (method, target, token, of_scope, of_route) in [
        ("GET", "/api/environments/e1/users", "writer", 200, 200),
        ("GET", "/api/environments/e2/users", "writer", 403, 403),
        ("POST", "/api/environments/e1/users", "reader", 403, 403),
        ("GET", "/api/users/u1", "writer", 200, 403),
        ("GET", "/api/undeclared", "writer", 404, 404),
        ("GET", "/api/environments/e1/users", "", 401, 401),
    ] {
        assert_eq!(status(&scope, method, target, token).await, of_scope, "scope {method} {target} {token}");
        assert_eq!(status(&route, method, target, token).await, of_route, "route {method} {target} {token}");
    }
    let error = of_route("/environments/{x}/users").unwrap_err();
    assert_eq!(error.to_string(), "the catalogue has no route `GET /environments/{x}/users`");
}

#[tokio::test]
async fn strict_owner_check() {
    let router = || Router::new().route("/api/users/{user}", get(not_compared));
    let lax = api::gate(router()).layer(authenticate());
    let replaced = api::gate(router()).layer(strict());
    assert_eq!(status(&lax, "GET", "/api/users/u1", "reader").await, 200);
    let response = send(&replaced, request("GET", "/api/users/u1", "reader")).await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(!text(response).await.contains("leak"));
    let good = api::gate(self::router()).layer(strict());
    assert_eq!(status(&good, "GET", "/api/users/u1", "reader").await, 200);
    assert_eq!(status(&good, "GET", "/api/users/other", "reader").await, 403);
    // A handler without a permit cannot compare the owner.
    let open = api::gate(open_router()).layer(strict());
    assert_eq!(status(&open, "GET", "/api/users/u1", "reader").await, 500);
    // A permit without a gate.
    let plain = router().layer(authenticate());
    assert_eq!(status(&plain, "GET", "/api/users/u1", "reader").await, 200);
}

#[tokio::test]
async fn gated_inside_another_router() {
    let app = Router::new()
        .route("/status", get(|| async { "up" }))
        .fallback_service(api::gate(router()).layer(authenticate()));
    for (target, token, expected) in [
        ("/status", "", 200),
        ("/api/environments/e1/users/u1", "", 401),
        ("/api/environments/e1/users/u1", "reader", 200),
        ("/api/none", "", 401),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
    // Nested: the router sees the rest of the path, and the gate sees the whole path.
    let inner = Router::new().route("/environments/{id}/users/{user}", get(show));
    let app = Router::new().nest_service("/api", api::gate(inner).layer(authenticate()));
    for (target, token, expected) in [
        ("/api/environments/e1/users/u1", "", 401),
        ("/api/environments/e1/users/u1", "writer", 403),
        ("/api/environments/e1/users/u1", "reader", 200),
        ("/api/environments/e2/users/u1", "reader", 403),
        ("/api/none", "", 401),
        ("/api/none", "reader", 404),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "nested {target} {token}");
    }
}

#[tokio::test]
async fn mounted_elsewhere() {
    let router = Router::new()
        .route("/v1/environments/{id}/users", get(list))
        .route("/api/environments/{id}/users", get(|| async { "old" }))
        .route("/old", get(|| async { "old" }));
    let app = api::gate(router)
        .also_serve_outside_base("the old pages")
        .layer(authenticate().settings(Settings::new().mounted_at("/v1").unwrap()));
    for (target, token, expected) in [
        ("/v1/environments/e1/users", "", 401),
        ("/v1/environments/e1/users", "reader", 200),
        ("/v1/api/environments/e1/users", "reader", 404),
        // The gate cannot know whether this is a mistake in `mounted_at` or an older API.
        ("/api/environments/e1/users", "", 401),
        ("/api/environments/e1/users", "reader", 404),
        ("/old", "", 200),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
}

#[tokio::test]
async fn without_axums_match() {
    // A service that is not a router: the gate finds the route by the raw target.
    let handler = tower::service_fn(|request: Request<Body>| async move {
        let stored = scopes::Carrier::<api::Scope>::permit::<permits::UsersRead>(&request);
        Ok::<_, std::convert::Infallible>(match stored {
            Ok(_) => Response::new(Body::from("ok")),
            Err(denied) => denied.into(),
        })
    });
    let app = ServiceBuilder::new().layer(authenticate()).layer(Gate::<api::Scope>::new()).service(handler);
    for (method, target, token, expected) in [
        ("GET", "/api/environments/e1/users", "reader", 200),
        ("HEAD", "/api/environments/e1/users", "reader", 200),
        ("GET", "http://h/api/environments/e1/users", "reader", 200),
        ("GET", "/api/environments/e1/users", "writer", 403),
        ("GET", "/api/environments/e2/users", "reader", 403),
        ("GET", "/api/environments/e1/users/%2e%2e", "reader", 400),
        ("POST", "/api/environments/e1/users", "writer", 500),
        ("DELETE", "/api/environments/e1/users", "writer", 405),
    ] {
        assert_eq!(status(&app, method, target, token).await, expected, "{method} {target} {token}");
    }
    let long = format!("/api/environments/e1/users/{}", "a".repeat(8192));
    assert_eq!(status(&app, "GET", &long, "reader").await, 414);
    // Bodies that cannot be made from strings.
    let bytes =
        tower::service_fn(|_: Request<Body>| async { Ok::<_, std::convert::Infallible>(Response::new(vec![1_u8])) });
    let app = authenticate().layer(Gate::<api::Scope>::new().body_with(String::into_bytes).layer(bytes));
    let response = app.oneshot(request("GET", "/api/none", "")).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.body()[..9]), (401, &b"{\"error\":"[..]));
}

#[tokio::test]
async fn decisions_are_told() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let settings = Settings::new().on_decision(move |decided| {
        log.lock().unwrap().push(format!(
            "{:?} {} {} [{}] [{}] {:?}",
            decided.decided_by(),
            decided.method(),
            decided.template().unwrap_or_default(),
            decided.required(),
            decided.granted().collect::<Vec<_>>().join(" "),
            decided.outcome(),
        ));
    });
    let app = api::gate(router()).layer(authenticate().settings(settings.report_only(ReportOnly::Scopes)));
    for (target, token) in [
        ("/api/environments/e1/users", "reader"),
        ("/api/environments/e1/users", "writer"),
        ("/api/me?secret", ""),
        ("/index.html", ""),
        ("/index.html", "reader"),
    ] {
        status(&app, "GET", target, token).await;
    }
    let seen = seen.lock().unwrap();
    assert_eq!(
        *seen,
        [
            "Gate GET /api/environments/{environment}/users [users.read] [users.read] Allowed",
            "Permit GET /api/environments/{environment}/users [users.read] [users.read] Allowed",
            "Gate GET /api/environments/{environment}/users [users.read] [users.write] Reported(ScopeMissing)",
            "Permit GET /api/environments/{environment}/users [users.read] [users.write] Reported(ScopeMissing)",
            "Gate GET /api/me [] [] Denied(CredentialsAbsent)",
            "Gate GET  [] [] Denied(CredentialsAbsent)",
            "Gate GET  [] [users.read] Reported(RouteNotFound)",
        ]
    );
}

#[tokio::test]
async fn a_catch_all_serves_no_declared_route() {
    // The catalogue would find `users`, but another handler would run.
    let pages = Router::new().route("/{*rest}", get(|| async { "page" }));
    let app = api::gate(pages).also_serve_outside_base("pages").layer(authenticate());
    for (target, token, expected) in
        [("/page", "", 200), ("/api/environments/e1/users", "", 401), ("/api/environments/e1/users", "reader", 404)]
    {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
}
