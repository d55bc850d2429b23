//! Guards a handler that takes no permit.

use std::fmt;
use std::future::{Future, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};

use crate::carrier::Carrier;
use crate::required::Required;

/// Checks `R` and then calls the handler. For closures, and for handlers of other crates.
///
/// With `routes;` in the catalogue, [`guarded`](super::guarded) finds `R` by the route.
///
/// A handler on an `#[unbound]` route has to compare the owner and needs the permit for it. Let it
/// take a `Permit<R>`.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use scopes::axum::guard;
/// use scopes::test::TestAuthenticate;
/// use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let users = guard::<api::permits::UsersRead, _>(|| async { "users" });
/// let router = Router::new().route("/users", get(users));
/// let weak = api::Grant::new(api::Scopes::new());
/// let app = router.layer(TestAuthenticate::new(weak));
/// assert_eq!(app.oneshot(Request::get("/users").body(Body::empty())?).await?.status(), 403);
/// # Ok(()) }
/// ```
pub const fn guard<R: Required, H>(handler: H) -> Guarded<R, H> {
    Guarded { handler, requirement: PhantomData }
}

/// The handler that [`guard`] makes: it checks the permit, then calls the inner handler.
pub struct Guarded<R, H> {
    handler: H,
    requirement: PhantomData<fn() -> R>,
}

impl<R, H: Clone> Clone for Guarded<R, H> {
    fn clone(&self) -> Self {
        Self { handler: self.handler.clone(), requirement: PhantomData }
    }
}

impl<R, H> fmt::Debug for Guarded<R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guarded(..)")
    }
}

/// Has the same parameter `T` as the inner handler, so that every function that accepts the inner
/// handler accepts this one. An example is axum-extra's `typed_get`, which reads the type of the
/// first argument in `T`.
#[diagnostic::do_not_recommend]
impl<R, H, T, State> Handler<T, State> for Guarded<R, H>
where
    R: Required,
    H: Handler<T, State>,
    State: Send + 'static,
{
    type Future = GuardedFuture;

    fn call(self, request: Request, state: State) -> Self::Future {
        match Carrier::<R::Scope>::permit::<R>(&request) {
            Ok(_) => GuardedFuture(Box::pin(self.handler.call(request, state))),
            Err(denied) => GuardedFuture(Box::pin(ready(denied.into_response()))),
        }
    }
}

/// The future of a [`Guarded`] handler: its response, or the denial.
pub struct GuardedFuture(Pin<Box<dyn Future<Output = Response> + Send>>);

impl Future for GuardedFuture {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for GuardedFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardedFuture(..)")
    }
}
