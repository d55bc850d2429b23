//! Routers that are built from the catalogue's `Routes`.

use axum::handler::Handler as AxumHandler;
use axum::routing::{MethodFilter, MethodRouter, Router, any, on};
use http::Method;
use scopes_core::template::{Piece, pieces};

use super::dispatch::Dispatch;
use super::guard::guard;
use crate::routes::grouped::{SamePath, by_path};
use crate::routes::{Endpoint, Entry, Guards, Handler, IntoEntries, Takes, arguments};

/// Some of an API's routes with axum's handlers: `Partial<api::users::Routes, App>` for handlers
/// with the state `App`.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; public("liveness probe") { GET "/health" as health; } }
/// use scopes::axum::{Partial, handler};
/// use scopes::routes::IntoEntries;
///
/// fn others() -> Partial<api::Routes> {
///     api::Routes { health: handler(async || "ok") }.partial()
/// }
/// assert_eq!(others().covered().into_entries()[0].template(), "/health");
/// ```
pub type Partial<Groups, State = ()> = crate::routes::Partial<Groups, MethodRouter<State>>;

/// The handler of a route: a function whose first argument is the permit that the route demands
/// (`#[requires(..)]` puts it there), alone or with layers. For a closure or a handler of another
/// crate there is [`guarded`].
///
/// On an `authenticated` route the first argument is the catalogue's `Grant`. On `public` and
/// `external` routes it is neither, and a handler that takes a permit does not compile.
///
/// A route such as `POST /users/{id}:replay` does not compile if `POST /users/{id}` is a route as
/// well, because axum would treat both as the second.
///
/// ```compile_fail,E0080
/// use scopes::axum::{Partial, guarded};
/// scopes::scopes! { pub mod api; routes; users.write { PUT "/users/{id}" as put; PUT "/users/{id}:lock" as lock; } }
///
/// # fn main() {
/// let put = guarded(|| async {});
/// let lock = guarded(|| async {});
/// let _: Partial<_> = api::users::Routes { put, lock }.partial();
/// # }
/// ```
pub fn handler<E, H, T, State, Proof>(handler: H) -> Handler<E, MethodRouter<State>>
where
    E: Endpoint,
    H: AxumHandler<T, State>,
    E::Access: Takes<Axum, E::Name, E::Demand, T, Proof>,
    T: 'static,
    State: Clone + Send + Sync + 'static,
{
    const { <E::Access as Takes<Axum, E::Name, E::Demand, T, Proof>>::FITS };
    registered(handler)
}

/// Puts [`guard(..)`](super::guard) around a closure or a handler of another crate. The guard
/// checks what the route demands, which must be scopes.
///
/// A handler on an `#[unbound]` route has to compare the owner: let it take the permit, and
/// register it with [`handler`].
///
/// ```
/// use axum::{Router, body::Body};
/// use http::{Request, StatusCode};
/// use scopes::axum::{Partial, guarded, router};
/// use tower::ServiceExt as _;
///
/// scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let users = api::users::Routes { list_users: guarded(|| async { "users" }) };
/// let app: Router = router(api::assert_covered!(users));
/// let response = app.oneshot(Request::get("/users").body(Body::empty())?).await?;
/// assert_ne!(response.status(), StatusCode::OK);
/// # Ok(())
/// # }
/// ```
pub fn guarded<E, H, T, State>(handler: H) -> Handler<E, MethodRouter<State>>
where
    E: Endpoint,
    E::Access: Guards<E::Demand>,
    H: AxumHandler<T, State>,
    T: 'static,
    State: Clone + Send + Sync + 'static,
{
    registered(guard::<<E::Access as Guards<E::Demand>>::Requirement, H>(handler))
}

fn registered<E, H, T, State>(handler: H) -> Handler<E, MethodRouter<State>>
where
    E: Endpoint,
    H: AxumHandler<T, State>,
    T: 'static,
    State: Clone + Send + Sync + 'static,
{
    const {
        assert!(
            !E::HIDDEN_WITHOUT_TEXT,
            "axum has no literal text beside a parameter, and without it this route is another one"
        );
    };
    Handler::unchecked(match filter(E::route().method()) {
        // A WebSocket over HTTP/2 is opened with `CONNECT` on the route of `GET`.
        Some(filter) if cfg!(feature = "http2") && filter == MethodFilter::GET => {
            on(filter.or(MethodFilter::CONNECT), handler)
        }
        Some(filter) => on(filter, handler),
        // The router compares the method itself.
        None => any(handler),
    })
}

/// Makes the router of some of an API's routes, or of all of them:
/// `api::gate(router(api::assert_covered!(..)))`.
///
/// Templates of one shape are registered once, with the parameter names of the first. axum does not
/// support literal text beside parameters, so such routes are distinguished after axum's own match.
/// The values of axum's extractors then include that text; the values of
/// [`Permit::parameter`](crate::Permit::parameter) do not.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; public("liveness probe") { GET "/health" as health; } }
/// use axum::body::Body;
/// use http::Request;
/// use scopes::axum::{handler, router};
/// use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let routes = api::assert_covered!(api::Routes { health: handler(async || "ok") });
/// let app: axum::Router = router(routes);
/// assert_eq!(app.oneshot(Request::get("/health").body(Body::empty())?).await?.status(), 200);
/// # Ok(()) }
/// ```
///
/// # Panics
/// Like [`Router::route`], if axum cannot distinguish two paths that the catalogue can, such as
/// `/files/{*path}` and `/files/{id}/tags`. Also if a handler that is
/// [`unchecked`](Handler::unchecked) or was changed by `map` answers a method of another route as
/// well.
pub fn router<State>(routes: impl IntoEntries<Handler = MethodRouter<State>>) -> Router<State>
where
    State: Clone + Send + Sync + 'static,
{
    by_path(routes.into_entries(), |template| folded(template, |_| "")).into_iter().fold(
        Router::new(),
        |router, group| {
            let SamePath { template, entries } = group;
            router.route(&folded(&template, |name| name), method_router(entries))
        },
    )
}

/// The handlers of one path.
fn method_router<State: Clone + Send + Sync + 'static>(
    entries: Vec<Entry<MethodRouter<State>>>,
) -> MethodRouter<State> {
    if entries.iter().all(is_axums) {
        let handlers = entries.into_iter().map(Entry::into_handler);
        return handlers.fold(MethodRouter::new(), MethodRouter::merge);
    }
    any(Dispatch::new(entries))
}

/// Whether axum can distinguish the route itself: it has no text beside a parameter, and axum knows
/// its method.
fn is_axums<T>(entry: &Entry<T>) -> bool {
    let is_plain = pieces(entry.template()).all(|piece| match piece {
        Piece::Literal(_) | Piece::Rest(_) => true,
        Piece::Parameter { prefix, suffix, .. } => prefix.is_empty() && suffix.is_empty(),
    });
    is_plain && filter(entry.route().method()).is_some()
}

fn filter(method: &str) -> Option<MethodFilter> {
    MethodFilter::try_from(Method::from_bytes(method.as_bytes()).ok()?).ok()
}

/// A template without the literal text beside its parameters.
fn folded<'t>(template: &'t str, named: impl Fn(&'t str) -> &'t str) -> String {
    let mut path = String::with_capacity(template.len());
    for piece in pieces(template) {
        path.push('/');
        match piece {
            Piece::Literal(literal) => path.push_str(literal),
            Piece::Parameter { name, .. } => path.extend(["{", named(name), "}"]),
            Piece::Rest(name) => path.extend(["{*", named(name), "}"]),
        }
    }
    path
}

/// A marker for the form in which axum passes arguments: as one tuple that begins with axum's own
/// type parameter `Via`.
#[derive(Debug)]
#[doc(hidden)]
pub enum Axum {}

arguments!(Axum, (Via), ((),));
