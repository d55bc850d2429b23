//! Permits before bodies, handlers as functions, bounds of the types.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::post;
use scopes::axum::guard;
use scopes_tests::log::Log;
use tower::util::BoxCloneSyncService;

use super::*;

struct Untouchable;
impl http_body::Body for Untouchable {
    type Data = Bytes;
    type Error = axum::Error;
    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        panic!("the body was read")
    }
}

#[tokio::test]
async fn no_body_is_read_for_the_refused() {
    for app in [
        BoxCloneSyncService::new(router().layer(authenticate()).into_service::<Untouchable>()),
        BoxCloneSyncService::new(api::gate(router()).layer(authenticate())),
    ] {
        for (token, expected) in [("", 401), ("reader", 403), ("down", 503)] {
            let mut request = request("POST", "/api/environments/e1/users", token).map(|_| Untouchable);
            request.headers_mut().insert("content-length", "7".parse().unwrap());
            assert_eq!(app.clone().oneshot(request).await.unwrap().status().as_u16(), expected);
        }
    }
}

#[tokio::test]
async fn handler_tests() {
    let permit = scopes::test::permit::<permits::UsersRead>("e1");
    assert_eq!(list(permit).await, "list");
    let grant = Grant::new(api::Scope::UsersRead).for_tenant("e1").unwrap();
    assert_eq!(compared(scopes::test::permit_of(&grant, None), Path("u".into())).await.unwrap(), "u");
    assert!(compared(scopes::test::permit_of(&grant, None), Path("other".into())).await.is_err());
    let app = api::gate(router()).layer(scopes::test::TestAuthenticate::new(grant));
    assert_eq!(status(&app, "GET", "/api/environments/e1/users", "").await, 200);
    let app = api::gate(router()).layer(scopes::test::TestAuthenticate::<api::Scope>::with(Authentication::Absent));
    assert_eq!(status(&app, "GET", "/api/environments/e1/users", "").await, 401);
}

#[test]
fn debug_and_bounds() {
    fn sound<T: Clone + Send + Sync + 'static>() {}
    sound::<Authenticate<api::Scope>>();
    sound::<Gate<api::Scope>>();
    sound::<scopes::axum::Gated<api::Scope>>();
    let _ = post(guard::<permits::UsersRead, _>(|Path(x): Path<u32>, body: String| async move { format!("{x}{body}") }))
        as axum::routing::MethodRouter;
}

mod stored {
    scopes::scopes! {
        pub(super) mod api;
        keys.read { #[raw(key)] GET "/keys/{key}"; }
    }
}

/// A handler returns the error of a parameter with `?`: a mistake of the client is 400, one of the
/// developers 500.
#[tokio::test]
async fn a_parameter_that_is_not_there_is_answered_as_a_denial() {
    async fn key(permit: Permit<stored::api::permits::KeysRead>) -> Result<String, scopes::Denied> {
        Ok(permit.parameter("key")?.into_owned())
    }
    async fn misnamed(permit: Permit<stored::api::permits::KeysRead>) -> Result<String, scopes::Denied> {
        Ok(permit.parameter("id")?.into_owned())
    }
    async fn bytes(permit: Permit<stored::api::permits::KeysRead>) -> Result<Vec<u8>, scopes::Denied> {
        Ok(permit.parameter_raw("key")?.to_vec())
    }
    let app = |handler| {
        let layer: Authenticate<stored::api::Scope> = tokens::authenticate("E1", &[("reader", "keys.read")]);
        Router::new().route("/keys/{key}", handler).layer(layer)
    };
    let (log, _listening) = Log::listen();
    for (target, expected, raw) in [
        ("/keys/a%2Fb", (200, "a/b"), "a%2Fb"),
        // Browsers do not escape these characters.
        ("/keys/a|[b]^", (200, "a|[b]^"), "a|[b]^"),
        ("/keys/a%FFb", (400, r#"{"error":"malformed request"}"#), "a%FFb"),
        ("/keys/%zz", (400, r#"{"error":"malformed request"}"#), "%zz"),
    ] {
        let response = send(&app(get(key)), request("GET", target, "reader")).await;
        assert_eq!((response.status().as_u16(), &*text(response).await), expected, "{target}");
        let response = send(&app(get(bytes)), request("GET", target, "reader")).await;
        assert_eq!((response.status().as_u16(), &*text(response).await), (200, raw), "{target}");
    }
    for target in ["/keys/a\"b", "/keys/a{b}", "/keys/.", "/keys/a/b|"] {
        assert_ne!(status(&app(get(bytes)), "GET", target, "reader").await, 200, "{target}");
    }
    assert_eq!(log.errors(), [""; 0]);
    assert_eq!(status(&app(get(misnamed)), "GET", "/keys/a", "reader").await, 500);
    let errors = log.errors();
    assert!(errors.len() == 1 && errors[0].contains("`GET /keys/{key}` has no parameter `id`"), "{errors:?}");
}

/// An extractor that must come first, like axum-extra's `TypedPath` in `typed_get`.
#[tokio::test]
async fn the_permit_is_second() {
    struct First(String);
    impl<State: Send + Sync> axum::extract::FromRequestParts<State> for First {
        type Rejection = std::convert::Infallible;

        async fn from_request_parts(parts: &mut http::request::Parts, _: &State) -> Result<Self, Self::Rejection> {
            Ok(Self(parts.uri.path().to_owned()))
        }
    }
    trait FirstIs<T> {}
    impl<Via, T, U> FirstIs<T> for (Via, T, U) {}
    impl<Via, T, U, V> FirstIs<T> for (Via, T, U, V) {}
    fn typed_get<H: axum::handler::Handler<T, ()>, T: FirstIs<First> + 'static>(handler: H) -> Router {
        Router::new().route("/api/environments/{id}/users", get(handler))
    }
    #[scopes::requires(api::users.read as permit, second)]
    async fn show(First(path): First) -> String {
        format!("{path} {}", permit.tenant().unwrap_or_default())
    }
    #[scopes::requires(api::users.read, second)]
    async fn body(First(path): First, body: String) -> String {
        format!("{path} {body}")
    }
    for router in [typed_get(show), typed_get(body)] {
        let app = router.layer(authenticate());
        for (token, expected) in [("", 401), ("writer", 403), ("reader", 200)] {
            assert_eq!(status(&app, "GET", "/api/environments/e1/users", token).await, expected, "{token}");
        }
        assert_eq!(status(&app, "GET", "/api/environments/e2/users", "reader").await, 403);
    }
}

/// axum-extra's typed routes need a handler whose first argument is the path.
#[tokio::test]
async fn a_typed_path_is_first() {
    use axum_extra::routing::{RouterExt as _, TypedPath};

    #[derive(TypedPath, serde::Deserialize)]
    #[typed_path("/api/environments/{id}/users")]
    struct Users {
        id: String,
    }

    #[scopes::requires(api::users.read as permit, second)]
    async fn show(path: Users, body: String) -> String {
        format!("{} {}{body}", path.id, permit.tenant().unwrap_or_default())
    }

    async fn by_hand(path: Users, permit: Permit<permits::UsersRead>) -> String {
        format!("{} {}", path.id, permit.tenant().unwrap_or_default())
    }

    let closure = guard::<permits::UsersRead, _>(|path: Users| async move { format!("{} e1", path.id) });
    for router in [
        Router::new().typed_get(show),
        Router::new().typed_get(by_hand),
        Router::new().typed_get(closure),
        Router::new().typed_get(guard::<permits::UsersRead, _>(show)),
    ] {
        let app = router.layer(authenticate());
        for (token, expected) in [("", 401), ("writer", 403), ("reader", 200)] {
            assert_eq!(status(&app, "GET", "/api/environments/e1/users", token).await, expected, "{token}");
        }
        assert_eq!(status(&app, "GET", "/api/environments/e2/users", "reader").await, 403);
        let response = send(&app, request("GET", "/api/environments/e1/users", "reader")).await;
        assert_eq!(text(response).await, "e1 e1");
    }
}
