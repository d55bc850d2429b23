//! One test for each way to use the library wrongly. After the developer's mistake every request is
//! refused, and the log says why.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{Request, header};
use scopes::tower::{Authenticate, Gate};
use scopes::{Denied, FromDenied, Permit, Settings, VerifyError, requires, verifier_fn};
use scopes_tests::api::{self, Grant, permits};
use scopes_tests::catalogues::kinds;
use scopes_tests::log::Log;
use tower::{Layer, Service, ServiceExt};

/// `reader+writer@e1` holds two scopes for one environment; `reader@` is good for none.
async fn verify(token: String) -> Result<Option<Grant>, VerifyError> {
    let Some((scopes, tenants)) = token.split_once('~') else { return Ok(None) };
    let scopes = scopes.split('+').map(|name| match name {
        "reader" => api::Scope::UsersRead,
        "writer" => api::Scope::UsersWrite,
        "events" => api::Scope::EventsRead,
        _ => api::Scope::AllRead,
    });
    let tenants = tenants.split('+').filter(|tenant| !tenant.is_empty());
    Ok(Some(Grant::new(scopes.collect::<api::Scopes>()).for_tenants(tenants)?.with_subject("s1").with_token_id("t1")))
}

fn authenticate() -> Authenticate<api::Scope> {
    Authenticate::new(verifier_fn(verify))
}

fn strict() -> Authenticate<api::Scope> {
    authenticate().settings(Settings::new().strict())
}

async fn answer<S>(app: &S, method: &str, target: &str, token: &str) -> Response
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    let request = Request::builder().method(method).uri(target);
    let request =
        if token.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Bearer {token}")) };
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn outcome<S>(app: &S, method: &str, target: &str, token: &str) -> (u16, String)
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    let response = answer(app, method, target, token).await;
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

const INTERNAL: &str = r#"{"error":"internal server error"}"#;
const USERS: &str = "/api/environments/e1/users";

/// Checks that every caller is refused, whatever the grant, and that the log explains it in one
/// sentence at the first request.
async fn refuses_every_request(router: Router, target: &str, sentence: &str) {
    let (log, _listening) = Log::listen();
    let refused = [("", 401), ("unknown", 401), ("a b", 400)];
    let granted = [("reader~e1", 500), ("reader+writer+events+all~e1", 500), ("all~e1", 500)];
    for (first, then) in [(&granted, &refused), (&refused, &granted)] {
        let app = router.clone().layer(authenticate());
        for (index, (token, status)) in first.iter().chain(then).enumerate() {
            let (found, body) = outcome(&app, "GET", target, token).await;
            // A caller without credentials does not learn about the mistake.
            assert_eq!((found, body == INTERNAL), (*status, *status == 500), "{token}");
            let errors = log.errors();
            assert_eq!(errors.len(), usize::from(index == 0), "{token}: {errors:?}");
            assert!(errors.iter().all(|error| error.contains(sentence)), "{errors:?}");
        }
    }
}

#[requires(any(api::users.read, api::users.write))]
async fn wider() -> &'static str {
    "leak"
}

#[requires(all(api::users.read, api::events.read))]
async fn narrower() -> &'static str {
    "leak"
}

#[requires(api::users.write)]
async fn another() -> &'static str {
    "leak"
}

#[requires(api::all.read)]
async fn including() -> &'static str {
    "leak"
}

#[tokio::test]
async fn an_attribute_unlike_its_route_refuses_every_request() {
    let at = |handler| Router::new().route("/api/environments/{id}/users", handler);
    let sentence = "requires `users.read`: write the same in both places";
    refuses_every_request(at(get(wider)), USERS, sentence).await;
    refuses_every_request(at(get(narrower)), USERS, sentence).await;
    refuses_every_request(at(get(another)), USERS, sentence).await;
    refuses_every_request(at(get(including)), USERS, sentence).await;
    let public = Router::new().route("/api/health", get(another));
    refuses_every_request(public, "/api/health", "says that it is public").await;
    let authenticated = Router::new().route("/api/me", get(another));
    refuses_every_request(authenticated, "/api/me", "any valid grant will do").await;
}

#[requires(all(api::users.read, api::events.read), stricter)]
async fn stricter() -> &'static str {
    "strict"
}

#[requires(any(api::users.read, api::users.write), stricter)]
async fn stricter_but_wider() -> &'static str {
    "leak"
}

#[tokio::test]
async fn stricter_asks_for_more_and_never_for_less() {
    let at = |handler| Router::new().route("/api/environments/{id}/users", handler);
    let app = at(get(stricter)).layer(authenticate());
    for (token, status) in
        [("reader~e1", 403), ("events~e1", 403), ("reader+events~e1", 200), ("all~e1", 200), ("reader+events~e2", 403)]
    {
        assert_eq!(outcome(&app, "GET", USERS, token).await.0, status, "{token}");
    }
    refuses_every_request(at(get(stricter_but_wider)), USERS, "or `stricter` if the handler is to ask for more").await;
}

async fn proven(_: Permit<permits::UsersRead>) -> &'static str {
    "users"
}

#[tokio::test]
async fn a_template_without_a_route_refuses_every_request() {
    for (template, target) in [
        ("/api/environments/{id}/people", "/api/environments/e1/people"),
        ("/environments/{id}/users", "/environments/e1/users"),
        ("/api/api/environments/{id}/users", "/api/api/environments/e1/users"),
        ("/api/environments/{id}/{what}", "/api/environments/e1/people"),
        ("/api/{*rest}", "/api/environments/e1/users"),
    ] {
        let sentence = format!("the router matched `{template}` for GET, which is not a route of catalogue `api`");
        refuses_every_request(Router::new().route(template, get(proven)), target, &sentence).await;
    }
}

#[tokio::test]
async fn a_literal_is_not_the_parameter_that_it_would_match() {
    // The catalogue has only `/users/{user}`, but this handler belongs to another route.
    let router = Router::new().route("/api/environments/{id}/users/export", get(proven));
    refuses_every_request(router, "/api/environments/e1/users/export", "which is not a route").await;
}

#[tokio::test]
async fn names_in_the_router_do_not_count() {
    let show = |permit: Permit<permits::UsersRead>| async move {
        let parameters: Vec<_> = permit.parameters().map(|(name, value)| format!("{name}={value}")).collect();
        parameters.join(" ")
    };
    for template in [
        "/api/environments/{environment}/users/{user}",
        "/api/environments/{id}/users/{id}",
        // The tenant's name stands on the other parameter.
        "/api/environments/{user}/users/{environment}",
    ] {
        let app = Router::new().route(template, get(show)).layer(authenticate());
        let found = outcome(&app, "GET", "/api/environments/e1/users/e2", "reader~e1").await;
        assert_eq!(found, (200, "environment=e1 user=e2".into()), "{template}");
        assert_eq!(outcome(&app, "GET", "/api/environments/e2/users/e1", "reader~e1").await.0, 403, "{template}");
    }
}

#[tokio::test]
async fn a_route_outside_of_the_gate() {
    let (log, _listening) = Log::listen();
    let inside = Router::new().route("/api/environments/{id}/users", get(proven));
    let outside = Router::new().route("/api/environments/{id}/users/{user}", get(proven));
    // The outer permit does not find a caller, because the authentication is inside.
    let app = outside.clone().fallback_service(api::gate(inside.clone()).layer(authenticate()));
    assert_eq!(outcome(&app, "GET", "/api/environments/e1/users/u", "reader~e1").await, (500, INTERNAL.into()));
    let errors = log.errors();
    assert!(errors.len() == 1 && errors[0].contains("`Authenticate` layer"), "{errors:?}");
    assert_eq!(outcome(&app, "GET", USERS, "reader~e1").await.0, 200);
    // Authentication outside of both: the permit holds by itself.
    let app = outside.fallback_service(api::gate(inside)).layer(authenticate());
    for (token, status) in [("", 401), ("writer~e1", 403), ("reader~e2", 403), ("reader~e1", 200)] {
        assert_eq!(outcome(&app, "GET", "/api/environments/e1/users/u", token).await.0, status, "{token}");
        assert_eq!(outcome(&app, "GET", USERS, token).await.0, status, "{token}");
    }
}

#[tokio::test]
async fn a_permit_taken_as_a_result_may_be_an_error() {
    let lenient = |permit: Result<Permit<permits::UsersRead>, Denied>| async move {
        match permit {
            Ok(permit) => permit.tenant().unwrap_or_default().to_owned().into_response(),
            Err(denied) => denied.into_response(),
        }
    };
    let router = || Router::new().route("/api/environments/{id}/users", get(lenient));
    let plain = router().layer(authenticate());
    let gated = api::gate(router()).layer(authenticate());
    for (token, status) in [("", 401), ("unknown", 401), ("writer~e1", 403), ("reader~e2", 403), ("reader~e1", 200)] {
        assert_eq!(outcome(&plain, "GET", USERS, token).await.0, status, "{token}");
        assert_eq!(outcome(&gated, "GET", USERS, token).await.0, status, "{token}");
    }
    // A handler that ignores the error is not protected by its permit, but still by the gate.
    let careless =
        |permit: Result<Permit<permits::UsersRead>, Denied>| async move { format!("permit: {}", permit.is_ok()) };
    let router = || Router::new().route("/api/environments/{id}/users", get(careless));
    let found = outcome(&router().layer(authenticate()), "GET", USERS, "").await;
    assert_eq!(found, (200, "permit: false".into()));
    assert_eq!(outcome(&api::gate(router()).layer(authenticate()), "GET", USERS, "").await.0, 401);
}

#[tokio::test]
async fn a_handler_that_forgets_to_compare_is_logged_once() {
    let (log, _listening) = Log::listen();
    let forgetful = |_: Permit<permits::UsersRead>| async { "leak" };
    let failing = |_: Permit<permits::UsersRead>| async { (http::StatusCode::NOT_FOUND, "no such user") };
    let comparing = |permit: Permit<permits::UsersRead>, Path(user): Path<String>| async move {
        permit.same_tenant(&user).map(|()| "compared")
    };
    let sentence = "is `#[unbound]`, but its handler answered without comparing the owner";
    let at = |handler| Router::new().route("/api/users/{user}", handler);
    let target = "/api/users/e1";

    let apps = [
        ("permit", at(get(forgetful)).layer(authenticate())),
        ("gate", Router::new().fallback_service(api::gate(at(get(forgetful))).layer(authenticate()))),
    ];
    for (name, app) in apps {
        assert_eq!(outcome(&app, "GET", target, "reader~e1").await, (200, "leak".into()), "{name}");
        let errors = log.errors();
        assert!(errors.len() == 1 && errors[0].contains(sentence), "{name}: {errors:?}");
        // A refusal is not a leak.
        assert_eq!(outcome(&app, "GET", target, "writer~e1").await.0, 403);
        assert_eq!(log.errors(), [""; 0], "{name}");
    }
    let replaced = api::gate(at(get(forgetful))).layer(strict());
    assert_eq!(outcome(&replaced, "GET", target, "reader~e1").await, (500, INTERNAL.into()));
    let errors = log.errors();
    assert!(errors.len() == 1 && errors[0].contains(sentence), "{errors:?}");
    for (handler, status) in [(get(failing), 404), (get(comparing), 200)] {
        let replaced = api::gate(at(handler)).layer(strict());
        assert_eq!(outcome(&replaced, "GET", target, "reader~e1").await.0, status);
        assert_eq!(log.errors(), [""; 0]);
    }
}

/// A call of `same_tenant` counts only if it succeeded.
#[tokio::test]
async fn a_refusal_that_the_handler_ignores_is_not_a_comparison() {
    let (log, _listening) = Log::listen();
    // The owners that the handler compares, in this order. It ignores the results.
    for (owners, lax, strict) in [
        (&["e2"][..], 200, 500),
        (&["e2", "e3"], 200, 500),
        (&[""], 200, 500),
        (&["e1"], 200, 200),
        (&["e2", "e1"], 200, 200),
        // Like a handler that leaves rows out.
        (&["e1", "e2"], 200, 200),
    ] {
        let handler = move |permit: Permit<permits::UsersRead>| async move {
            for owner in owners {
                let _ = permit.same_tenant(owner);
            }
            "shown"
        };
        let at = || Router::new().route("/api/users/{user}", get(handler));
        let apps = [
            (at().layer(authenticate()), lax),
            (Router::new().fallback_service(api::gate(at()).layer(authenticate())), lax),
            (Router::new().fallback_service(api::gate(at()).layer(self::strict())), strict),
        ];
        for (app, status) in apps {
            assert_eq!(outcome(&app, "GET", "/api/users/7", "reader~e1").await.0, status, "{owners:?}");
            let errors = log.errors();
            assert_eq!(errors.len(), usize::from(strict == 500), "{owners:?} {errors:?}");
            assert!(errors.iter().all(|error| error.contains("although `same_tenant` has refused")), "{errors:?}");
        }
    }
}

#[tokio::test]
async fn a_grant_without_tenant_is_good_for_no_path_that_names_one() {
    let router = Router::new().route("/api/environments/{id}/users", get(proven));
    let router = router.route("/api/eventTypes", get(|_: Permit<permits::EventsRead>| async { "types" }));
    let app = router.layer(authenticate());
    for (target, token, status) in [
        (USERS, "reader~", 403),
        (USERS, "all~", 403),
        ("/api/environments/%20/users", "reader~", 400),
        ("/api/environments//users", "reader~", 404),
        ("/api/environments/none/users", "reader~", 403),
        ("/api/eventTypes", "events~", 200),
    ] {
        assert_eq!(outcome(&app, "GET", target, token).await.0, status, "{target} {token}");
    }
}

#[tokio::test]
async fn permits_of_another_catalogue_find_no_caller() {
    let (log, _listening) = Log::listen();
    let foreign = |_: Permit<kinds::api::permits::ItemsRead>| async { "leak" };
    let app = Router::new().route("/v1/environments/{id}/items", get(foreign)).layer(authenticate());
    assert_eq!(outcome(&app, "GET", "/v1/environments/e1/items", "all~e1").await, (500, INTERNAL.into()));
    assert!(log.errors()[0].contains("permit of catalogue `api`"));
    // Each catalogue has its own layer, and does not know the callers of the other.
    let kinds_knows = |token: String| async move {
        let grant = kinds::api::Grant::new(kinds::api::Scope::ItemsRead);
        Ok(if token == "kinds" { Some(grant.for_tenant("e1")?) } else { None })
    };
    let app = app.merge(Router::new().route("/api/environments/{id}/users", get(proven)).layer(authenticate()));
    let app = app.layer(Authenticate::<kinds::api::Scope>::new(verifier_fn(kinds_knows)));
    for (target, token, status) in [
        ("/v1/environments/e1/items", "kinds", 200),
        ("/v1/environments/e1/items", "all~e1", 401),
        (USERS, "all~e1", 200),
        (USERS, "kinds", 401),
    ] {
        assert_eq!(outcome(&app, "GET", target, token).await.0, status, "{target} {token}");
    }
}

#[requires(api::users.read as reading)]
#[requires(api::users.read as again)]
async fn stacked() -> String {
    format!("{:?} {:?}", reading.tenant(), again.tenant())
}

#[requires(api::users.read)]
#[requires(api::events.read)]
async fn stacked_unlike() -> &'static str {
    "leak"
}

#[tokio::test]
async fn stacked_attributes_must_all_hold() {
    let at = |handler| Router::new().route("/api/environments/{id}/users", handler);
    let found = outcome(&at(get(stacked)).layer(authenticate()), "GET", USERS, "reader~e1").await;
    assert_eq!(found, (200, r#"Some("e1") Some("e1")"#.into()));
    refuses_every_request(at(get(stacked_unlike)), USERS, "write the same in both places").await;
}

#[requires(api::users.read, from = grant, tenant = tenant)]
fn job(grant: Option<&Grant>, tenant: &str) -> Result<&'static str, Denied> {
    Ok("done")
}

#[requires(api::users.read as permit, from = grant, unbound = "compares by itself")]
fn comparing_job(grant: &Grant, owner: &str) -> Result<&'static str, Denied> {
    permit.same_tenant(owner)?;
    Ok("done")
}

#[test]
fn a_grant_held_without_a_request() {
    let grant = |scope: api::Scope, tenant: &str| Grant::new(scope).for_tenant(tenant).unwrap();
    let reader = grant(api::Scope::UsersRead, "e1");
    for (grant, tenant, status) in [
        (Some(&reader), "e1", 200),
        (Some(&reader), "e2", 403),
        (Some(&reader), "", 403),
        (Some(&grant(api::Scope::UsersWrite, "e1")), "e1", 403),
        (Some(&Grant::new(api::Scope::UsersRead)), "e1", 403),
        (Some(&grant(api::Scope::AllRead, "e1")), "e1", 200),
        (None, "e1", 401),
    ] {
        let found = job(grant, tenant).map_or_else(|denied| denied.status().as_u16(), |_| 200);
        assert_eq!(found, status, "{grant:?} {tenant}");
    }
    assert_eq!(comparing_job(&reader, "e1").ok(), Some("done"));
    assert_eq!(comparing_job(&reader, "e2").unwrap_err().status(), 403);
}

#[requires(api::users.read)]
async fn carried(#[grant] request: Request<Body>) -> Result<http::Response<String>, Denied> {
    Ok(http::Response::new(request.uri().path().to_owned()))
}

#[tokio::test]
async fn a_carrier_checks_the_environment_of_the_raw_path() {
    let handlers = || {
        tower::service_fn(|request: Request<Body>| async {
            let answer = carried(request).await.unwrap_or_else(http::Response::<String>::from_denied);
            Ok::<_, Infallible>(answer.map(Body::from))
        })
    };
    let plain = authenticate().layer(handlers());
    let gated = authenticate().layer(Gate::<api::Scope>::new().layer(handlers()));
    for (target, token, status) in [
        (USERS, "reader~e1", 200),
        (USERS, "reader~e2", 403),
        (USERS, "reader~", 403),
        (USERS, "writer~e1", 403),
        (USERS, "", 401),
        ("/api/environments/%65%31/users", "reader~e1", 200),
        ("/api/environments/e1/users?environment=e2", "reader~e2", 403),
        ("/api/environments/e1/../e2/users", "reader~e1", 400),
        ("http://host/api/environments/e1/users", "reader~e1", 200),
    ] {
        assert_eq!(outcome(&plain, "GET", target, token).await.0, status, "{target} {token}");
        assert_eq!(outcome(&gated, "GET", target, token).await.0, status, "{target} {token}");
    }
}

#[tokio::test]
async fn the_wrong_mount_refuses_every_request() {
    let settings = || Settings::new().mounted_at("/v2").unwrap();
    let router = Router::new()
        .route("/v2/environments/{id}/users", get(proven))
        .route("/api/environments/{id}/users", post(|_: Permit<permits::UsersWrite>| async { "old" }));
    let app = router.layer(authenticate().settings(settings()));
    assert_eq!(outcome(&app, "GET", "/v2/environments/e1/users", "reader~e1").await.0, 200);
    assert_eq!(outcome(&app, "GET", "/v2/environments/e2/users", "reader~e1").await.0, 403);
    let (log, _listening) = Log::listen();
    assert_eq!(outcome(&app, "POST", USERS, "writer~e1").await.0, 500);
    assert!(log.errors()[0].contains("is not a route of catalogue `api` below `/v2`"));
}
