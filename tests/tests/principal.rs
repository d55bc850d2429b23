//! The principal that a catalogue declares: a permit has it, and a grant without it opens nothing.
//! Also verifiers that share a pool, and their errors of any kind.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use scopes::{
    Authenticate, Authentication, Carrier, Denied, Settings, Verifier, VerifyError, requires, verifier_fn,
    verifier_with,
};
use scopes_tests::log::Log;
use tower::ServiceExt as _;

/// Private, although the catalogue is public.
#[derive(Debug, PartialEq, Eq)]
struct Account {
    name: String,
}

scopes::scopes! {
    pub mod api;
    principal Account;
    users.read { GET "/users"; GET "/members"; }
    principal { GET "/principal"; }
    authenticated("who the caller is") { GET "/me"; }
    public("liveness probe") { GET "/health"; }
}

mod elsewhere {
    scopes::scopes! {
        pub mod generic;
        base "/v1";
        principal std::sync::Arc<super::Account>;
        users.read { GET "/users"; }
    }
}

#[requires(api::users.read as permit)]
async fn users() -> String {
    let account: &Account = permit.principal::<Account>();
    let inferred: &Account = permit.principal();
    assert!(std::ptr::eq(account, inferred));
    account.name.clone()
}

#[requires(api::users.read as permit)]
async fn members(#[grant] request: Request<Body>) -> Result<String, Denied> {
    drop(request);
    exported(permit.grant())
}

#[requires(api::users.read as permit, from = grant)]
fn exported(grant: &api::Grant) -> Result<String, Denied> {
    Ok(permit.principal::<Account>().name.clone())
}

async fn me(grant: api::Grant) -> String {
    grant.principal_as::<Account>().unwrap().name.clone()
}

fn grant(token: &str) -> Option<api::Grant> {
    let grant = api::Grant::new(api::Scope::UsersRead);
    match token {
        "good" => Some(grant.with_principal(Account { name: "Ada".into() })),
        "none" => Some(grant),
        "other" => Some(grant.with_principal("Ada".to_owned())),
        _ => None,
    }
}

fn authenticate() -> Authenticate<api::Scope> {
    Authenticate::new(verifier_fn(async |token: String| Ok(grant(&token))))
}

fn router() -> Router {
    Router::new()
        .route("/users", get(users))
        .route("/members", get(members))
        .route("/me", get(me))
        .route("/health", get(async || "ok"))
}

async fn answer<S>(app: &S, target: &str, token: &str) -> (u16, String)
where
    S: tower::Service<Request<Body>, Response = axum::response::Response, Error = std::convert::Infallible> + Clone,
{
    let request = Request::get(target).header("authorization", format!("Bearer {token}"));
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn plays<S>(app: S, told: bool)
where
    S: tower::Service<Request<Body>, Response = axum::response::Response, Error = std::convert::Infallible> + Clone,
{
    let (log, _listening) = Log::listen();
    for target in ["/users", "/members", "/me"] {
        assert_eq!(answer(&app, target, "good").await, (200, "Ada".into()), "{target}");
        assert_eq!(answer(&app, target, "unknown").await.0, 401, "{target}");
    }
    assert_eq!(log.errors(), [""; 0]);
    for (token, found) in [("none", "a grant has no principal"), ("other", "a grant has a principal of another type")] {
        for target in ["/users", "/members", "/me"] {
            let (status, body) = answer(&app, target, token).await;
            assert_eq!((status, &*body), (500, r#"{"error":"internal server error"}"#), "{target} {token}");
        }
        // Routes that do not need a caller still work.
        assert_eq!(answer(&app, "/health", token).await, (200, "ok".into()));
        let errors = log.errors();
        assert_eq!(errors.len(), usize::from(told), "{errors:?}");
        let says =
            |line: &String| line.contains(found) && line.contains("::Account;`") && line.contains("with_principal");
        assert!(errors.iter().all(says), "{errors:?}");
    }
}

#[tokio::test]
async fn a_permit_has_the_principal_and_a_grant_without_it_opens_nothing() {
    plays(api::gate(router()).authenticate(authenticate()), true).await;
    plays(api::gate(router()).layer(authenticate()), true).await;
    plays(router().layer(authenticate()), true).await;
    // An authentication that the application writes itself.
    let own = router().layer(axum::middleware::from_fn(
        async |mut request: axum::extract::Request, next: axum::middleware::Next| {
            let token = request.headers()["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
            let outcome = grant(&token).map_or(Authentication::Invalid, Authentication::Granted);
            outcome.store(request.extensions_mut(), &OWN);
            next.run(request).await
        },
    ));
    plays(own, true).await;
}

#[tokio::test]
async fn an_anonymous_grant_needs_it_too() {
    let (log, _listening) = Log::listen();
    let anonymous = || api::Grant::new(api::Scope::UsersRead);
    for (grant, status, told) in
        [(anonymous(), 500, 1), (anonymous().with_principal(Account { name: "Guest".into() }), 200, 0)]
    {
        let app = api::gate(router()).authenticate(authenticate().anonymous(grant));
        let request = Request::get("/users").body(Body::empty()).unwrap();
        assert_eq!(app.oneshot(request).await.unwrap().status(), status);
        assert_eq!(log.errors().len(), told);
    }
}

static OWN: std::sync::LazyLock<Arc<Settings>> = std::sync::LazyLock::new(Arc::default);

#[test]
fn without_a_request() {
    assert_eq!(exported(&grant("good").unwrap()).unwrap(), "Ada");
    for token in ["none", "other"] {
        assert_eq!(exported(&grant(token).unwrap()).unwrap_err().status(), 500, "{token}");
    }
    let permit = scopes::test::permit_of::<api::permits::UsersRead>(&grant("good").unwrap(), None);
    assert_eq!(permit.principal::<Account>().name, "Ada");
    assert!(scopes::test::permit::<api::permits::UsersRead>(None).principal_as::<Account>().is_none());
}

#[test]
fn a_generic_type_of_another_module() {
    let mut request = Request::get("/v1/users").body(()).unwrap();
    let account = Arc::new(Account { name: "Ada".into() });
    let grant = elsewhere::generic::Grant::new(elsewhere::generic::Scope::UsersRead).with_principal(account);
    Authentication::Granted(grant).store(request.extensions_mut(), &Arc::default());
    let permit = request.permit::<elsewhere::generic::permits::UsersRead>().unwrap();
    assert_eq!(permit.principal::<Arc<Account>>().name, "Ada");
}

/// A pool that counts how often it is cloned.
struct Pool(Arc<AtomicUsize>);

impl Clone for Pool {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(&self.0))
    }
}

impl Pool {
    async fn row(&self, token: &str) -> Result<Option<u8>, Box<dyn Error + Send + Sync>> {
        tokio::task::yield_now().await;
        match token {
            "down" => Err("the pool is empty")?,
            token => Ok(token.parse().ok()),
        }
    }
}

async fn find(pool: Pool, token: String) -> Result<Option<api::Grant>, VerifyError> {
    Ok(pool.row(&token).await?.and_then(|_| grant("good")))
}

#[tokio::test]
async fn a_verifier_with_a_pool() {
    let clones = Arc::new(AtomicUsize::new(0));
    let pool = || Pool(Arc::clone(&clones));
    async fn verdicts(verifier: impl Verifier<api::Scope>) -> [Result<bool, String>; 3] {
        fn is_send<T: Send>(future: T) -> T {
            future
        }
        let verdict = async |token| {
            let verdict = is_send(verifier.verify(token)).await;
            verdict.map(|grant| grant.is_some()).map_err(|error| error.to_string())
        };
        [verdict("7").await, verdict("x").await, verdict("down").await]
    }
    let expected = [Ok(true), Ok(false), Err("the pool is empty".to_owned())];
    assert_eq!(verdicts(verifier_with(pool(), find)).await, expected);
    assert_eq!(verdicts(verifier_with(pool(), async |pool, token| find(pool, token).await)).await, expected);
    assert_eq!(verdicts(verifier_with(pool(), |pool, token| async move { find(pool, token).await })).await, expected);
    assert_eq!(clones.load(Ordering::SeqCst), 9);
    let several = verifier_with((pool(), "suffix"), async |(pool, suffix): (Pool, &str), token: String| {
        let token = token.strip_suffix(suffix).ok_or_else(|| format!("no {suffix}"))?;
        find(pool, token.to_owned()).await
    });
    let found = Verifier::<api::Scope>::verify(&several, "7suffix").await.unwrap();
    assert_eq!(found.unwrap().principal_as::<Account>(), Some(&Account { name: "Ada".into() }));
    let app = api::gate(router()).authenticate(verifier_with(pool(), async |pool, token| find(pool, token).await));
    assert_eq!(answer(&app, "/users", "7").await, (200, "Ada".into()));
    assert_eq!(answer(&app, "/users", "down").await.0, 503);
}
