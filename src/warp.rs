//! warp 0.4: permits and grants as filters, denials as rejections. Authentication is the tower
//! layer in front.
//!
//! ```
//! use scopes::tower::Authenticate;
//! use scopes::warp::{Guard, recover};
//! use scopes::{Verifier, requires};
//! use tower_layer::Layer;
//! use warp::Filter;
//!
//! scopes::scopes! {
//!     pub mod api;
//!     tenant environment;
//!     users.read { GET "/environments/:environment/users"; }
//! }
//!
//! #[requires(api::users.read)]
//! async fn users(environment: String) -> Result<String, std::convert::Infallible> {
//!     Ok(format!("the users of {environment}"))
//! }
//!
//! fn serve(verifier: impl Verifier<api::Scope>) {
//!     // The requirement is taken from the handler's first parameter.
//!     let path = warp::path!("environments" / String / "users");
//!     let users = warp::get().and(path).guarded().and_then(users);
//!     let service = warp::service(users.recover(recover));
//!     let app = Authenticate::<api::Scope>::new(verifier).layer(service);
//!     # let _ = app;
//!     // hyper serves `app`
//! }
//! # fn main() {}
//! ```
//!
//! # Where the permit stands
//!
//! Put the permit after the filters that compare method and path, and before the filters that read
//! the body. A permit that rejects before the path was compared would reject the requests of all
//! other routes as well. [`Guard::guarded`] adds the permit after a filter, but passes it to the
//! handler as the first argument. [`permit`] is the plain filter, for use after paths without
//! parameters.
//!
//! # Which route it is
//!
//! warp has no templates, so it cannot tell which route it has matched. The catalogue finds the
//! route for the path as the client sent it, by its own strict rules. If a permit has another
//! requirement than this route, the permit rejects the request, so that `or` tries the next
//! handler. If none is left, [`recover`] answers 500 and the log says why. If warp is less strict
//! than the catalogue, the request is refused: `/users/` is not `/users`. A handler serves `HEAD`
//! only if its filters accept it.
//!
//! warp does not decode parameters. Take the tenant from the permit.
//!
//! A [`tower::Gate`](crate::tower::Gate) fits between `Authenticate` and warp: warp compares the
//! path as the client sent it, and the permits make sure that no other handler runs.

use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::sync::Arc;

use http::{HeaderMap, Method};
use scopes_core::Scope;
use warp::filters::path::FullPath;
use warp::reject::{self, Reject, Rejection};
use warp::reply::{Reply, Response};
use warp::{Filter, filters};

use crate::auth::stored::Stored;
use crate::check;
use crate::denial::Denied;
use crate::denial::request::CREDENTIALS;
use crate::request::facts::Facts;
use crate::required::Required;
use crate::settings::Settings;
use crate::{Caller, Grant, Permit};

impl Reject for Denied {}

impl Reply for Denied {
    fn into_response(self) -> Response {
        self.into_http_response::<String>().into_response()
    }
}

/// The rejection of a permit whose handler was tried for a route with another requirement.
struct OtherRoute {
    /// Checks the permit nevertheless.
    permit: Box<dyn Fn() -> Option<Denied> + Send + Sync>,
}

impl Reject for OtherRoute {}

impl fmt::Debug for OtherRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtherRoute")
    }
}

/// Answers the rejection of a permit and passes all others on. Use it with [`Filter::recover`] as
/// the innermost one: a `recover` that answers everything would answer denials as well, without
/// their challenge.
///
/// # Errors
/// The rejection, if it does not come from a permit.
pub async fn recover(rejection: Rejection) -> Result<Denied, Rejection> {
    if let Some(denied) = rejection.find::<Denied>() {
        return Ok(denied.clone());
    }
    // No handler had a permit for the route. That is a mistake, which the check logs.
    let denied = rejection.find::<OtherRoute>().and_then(|other| (other.permit)());
    denied.ok_or(rejection)
}

/// Makes a filter that checks `R`, which is mostly inferred from the handler. Use it after method
/// and path were compared.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::warp::{permit, recover};
/// use scopes::{Permit, tower::Authenticate, verifier_fn};
/// use tower::{Layer, ServiceExt};
/// use warp::Filter;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let users = warp::path!("users")
///     .and(permit::<api::permits::UsersRead>())
///     .map(|permit: Permit<_>| format!("for {:?}", permit.subject()))
///     .recover(recover);
/// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
/// let app = Authenticate::<api::Scope>::new(verifier).layer(warp::service(users));
/// let request = http::Request::get("/users").header("authorization", "Bearer secret");
/// assert_eq!(app.oneshot(request.body(String::new())?).await?.status(), 200);
/// # Ok(()) }
/// ```
pub fn permit<R: Required>() -> impl Filter<Extract = (Permit<R>,), Error = Rejection> + Clone + Send + Sync + 'static {
    request().and_then(async |seen: Seen<R::Scope>| {
        match check::permit_if_own::<R>(seen.stored.as_ref(), seen.facts()) {
            Some(checked) => checked.map_err(|denied| seen.rejection(denied)),
            None => Err(reject::custom(OtherRoute { permit: Box::new(move || seen.permit::<R>().err()) })),
        }
    })
}

#[doc = include_str!("docs/grant.md")]
pub fn grant<S: Scope>() -> impl Filter<Extract = (Grant<S>,), Error = Rejection> + Clone + Send + Sync + 'static {
    request().and_then(async |seen: Seen<S>| {
        check::grant_of(seen.stored.as_ref(), seen.facts()).map_err(|denied| seen.rejection(denied))
    })
}

#[doc = include_str!("docs/caller.md")]
pub fn caller<S: Scope>() -> impl Filter<Extract = (Caller<S>,), Error = Rejection> + Clone + Send + Sync + 'static {
    request().and_then(async |seen: Seen<S>| {
        check::caller_of(seen.stored.as_ref(), seen.facts()).map_err(|denied| seen.rejection(denied))
    })
}

/// Adds a permit to a filter. It is checked after the filter, but is the handler's first argument.
///
/// Implemented for filters of up to eight values. The compiler finds `Values`.
pub trait Guard<Values>: Filter + Sized {
    /// The values that the filter extracts: the permit, and then its own values.
    type Guarded<P>;

    /// Adds the filter [`permit`] after this one.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use std::convert::Infallible;
    /// use scopes::warp::{Guard, recover};
    /// use scopes::{requires, tower::Authenticate, verifier_fn};
    /// use tower::{Layer, ServiceExt};
    /// use warp::Filter;
    ///
    /// #[requires(api::users.read)]
    /// async fn list_users() -> Result<&'static str, Infallible> { Ok("[]") }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let users = warp::path!("users").and(warp::get()).guarded().and_then(list_users);
    /// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
    /// let users = warp::service(users.recover(recover));
    /// let app = Authenticate::<api::Scope>::new(verifier).layer(users);
    /// let answer = app.oneshot(http::Request::get("/users").body(String::new())?).await?;
    /// assert_eq!(answer.status(), 401);
    /// # Ok(()) }
    /// ```
    fn guarded<R: Required>(
        self,
    ) -> impl Filter<Extract = Self::Guarded<Permit<R>>, Error = Rejection> + Clone + Send + Sync + 'static;
}

macro_rules! guard {
    ($($value:ident)*) => {
        impl<This, $($value),*> Guard<($($value,)*)> for This
        where
            This: Filter<Extract = ($($value,)*), Error = Rejection> + Clone + Send + Sync + 'static,
            $($value: Send + 'static,)*
        {
            type Guarded<P> = (P, $($value,)*);

            #[allow(non_snake_case, reason = "a type's name serves as its value's")]
            fn guarded<R: Required>(
                self,
            ) -> impl Filter<Extract = (Permit<R>, $($value,)*), Error = Rejection> + Clone + Send + Sync + 'static {
                self.and(permit::<R>()).map(|$($value,)* permit: Permit<R>| (permit, $($value,)*)).untuple_one()
            }
        }
    };
}

guard!();
guard!(A);
guard!(A B);
guard!(A B C);
guard!(A B C D);
guard!(A B C D E);
guard!(A B C D E F);
guard!(A B C D E F G);
guard!(A B C D E F G H);

/// The parts of a request that a filter can see.
struct Seen<S: Scope> {
    method: Method,
    target: String,
    stored: Option<Stored<S>>,
    /// Only if the renderer looks at them.
    headers: Option<KeptHeaders>,
}

impl<S: Scope> Seen<S> {
    fn facts(&self) -> Facts<'_> {
        Facts::new(&self.method, &self.target)
    }

    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        check::permit_of(self.stored.as_ref(), self.facts()).map_err(|denied| self.seen_by_renderer(denied))
    }

    fn rejection(&self, denied: Denied) -> Rejection {
        reject::custom(self.seen_by_renderer(denied))
    }

    fn seen_by_renderer(&self, denied: Denied) -> Denied {
        match &self.headers {
            Some(KeptHeaders(headers)) => denied.with_request(&self.method, headers),
            None => denied,
        }
    }
}

/// The headers of a request that a renderer will see. Filters can copy the headers, too, but
/// cannot decide for each request whether to do it.
#[derive(Clone)]
struct KeptHeaders(Arc<HeaderMap>);

/// Keeps the headers of a request for a [`Renderer`](crate::Renderer) that looks at them, without
/// the standard headers of credentials.
///
/// [`Authenticate`](crate::tower::Authenticate) calls it if the renderer of its settings needs
/// them. Call it yourself if you write your own authentication with such a renderer, otherwise the
/// renderer sees no headers.
///
/// ```
/// let mut request = http::Request::get("/users").header("accept", "text/html").body(()).unwrap();
/// assert!(request.extensions().is_empty());
/// scopes::warp::keep_headers(&mut request);
/// assert_eq!(request.extensions().len(), 1);
/// ```
pub fn keep_headers<B>(request: &mut http::Request<B>) {
    let mut headers = request.headers().clone();
    for name in &CREDENTIALS {
        headers.remove(name);
    }
    request.extensions_mut().insert(KeptHeaders(Arc::new(headers)));
}

/// Keeps the headers if the renderer of these settings looks at them.
pub(crate) fn keep_headers_if_seen<B>(settings: &Settings, request: &mut http::Request<B>) {
    if settings.renderer.sees_request() {
        keep_headers(request);
    }
}

/// A filter for the method by which a request is judged, because a filter cannot see all extensions
/// at once.
fn judged_method() -> impl Filter<Extract = (Method,), Error = Infallible> + Clone + Send + Sync + 'static {
    let method = filters::method::method();
    #[cfg(feature = "http2")]
    let method = method.and(filters::ext::optional::<hyper::ext::Protocol>()).map(|method, protocol: Option<_>| {
        let is_extended = method == Method::CONNECT && protocol.is_some();
        if is_extended { Method::GET } else { method }
    });
    method
}

fn request<S: Scope>() -> impl Filter<Extract = (Seen<S>,), Error = Infallible> + Clone + Send + Sync + 'static {
    let query = filters::query::raw().map(Some).or_else(|_| ready(Ok::<_, Infallible>((None,))));
    let stored = filters::ext::optional::<Stored<S>>();
    let headers = filters::ext::optional::<KeptHeaders>();
    judged_method().and(filters::path::full()).and(query).and(stored).and(headers).map(
        |method, path: FullPath, query: Option<String>, stored: Option<Stored<S>>, headers| {
            let target = match query {
                Some(query) => format!("{}?{query}", path.as_str()),
                None => path.as_str().to_owned(),
            };
            Seen { method, target, stored, headers }
        },
    )
}
