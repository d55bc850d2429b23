//! Authentication as a middleware of actix-web, and the entry in the request.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::EitherBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::HeaderName;
use actix_web::{Error, HttpMessage, ResponseError};
use http::{Extensions, StatusCode};
use scopes_core::Scope;

use super::facts::{checked, method, raw_target, with_request};
use super::outcomes::Outcomes;
use crate::auth::authenticate::Authenticate;
use crate::auth::before_routing;
use crate::auth::outcome::Authentication;
use crate::auth::sources::request_headers::usual_name;
use crate::auth::stored::Stored;
use crate::settings::Settings;

/// Stores the outcome of your own authentication in a request, and replaces an older outcome. Use
/// it instead of [`Authentication::store`], which needs [`http::Extensions`].
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use std::sync::Arc;
/// use actix_web::dev::ServiceRequest;
/// use scopes::{Authentication, Settings, actix_web::store};
///
/// fn by_client_certificate(request: &ServiceRequest, grant: Option<api::Grant>, settings: &Arc<Settings>) {
///     store(grant.map_or(Authentication::Absent, Authentication::Granted), request, settings);
/// }
/// # fn main() {}
/// ```
pub fn store<S: Scope>(authentication: Authentication<S>, request: &impl HttpMessage, settings: &Arc<Settings>) {
    with_outcomes(request, |outcomes| authentication.store(outcomes, settings));
}

/// Returns the outcome that a request carries for a catalogue, like [`Authentication::ask`]. If the
/// verifier was not asked yet, this asks it and waits for the answer.
///
/// ```
/// # scopes::scopes! { pub mod api; public("start page") { GET "/"; } }
/// use actix_web::HttpRequest;
/// use scopes::{Authentication, actix_web::authentication};
///
/// async fn greeting(request: HttpRequest) -> String {
///     let caller = authentication::<api::Scope>(&request).await;
///     let subject = caller.as_ref().and_then(Authentication::grant).and_then(|grant| grant.subject());
///     format!("Hello {}", subject.unwrap_or("stranger"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let request = actix_web::test::TestRequest::default().to_http_request();
/// assert_eq!(greeting(request).await, "Hello stranger");
/// # }
/// ```
pub async fn authentication<S: Scope>(request: &impl HttpMessage) -> Option<Authentication<S>> {
    let state = {
        let extensions = request.extensions();
        Arc::clone(extensions.get::<Outcomes>()?.0.get::<Stored<S>>()?.state())
    };
    Some(state.asked().await.clone())
}

fn with_outcomes<T>(request: &impl HttpMessage, change: impl FnOnce(&mut Extensions) -> T) -> T {
    let mut extensions = request.extensions_mut();
    if let Some(outcomes) = extensions.get_mut::<Outcomes>() {
        return change(&mut outcomes.0);
    }
    let mut outcomes = Outcomes::default();
    let changed = change(&mut outcomes.0);
    extensions.insert(outcomes);
    changed
}

impl<S, I, B> Transform<I, ServiceRequest> for Authenticate<S>
where
    S: Scope,
    I: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = AuthenticateMiddleware<S, I>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: I) -> Self::Future {
        ready(Ok(AuthenticateMiddleware { inner: Rc::new(inner), authenticate: self.clone() }))
    }
}

/// The service that [`Authenticate`] makes as a middleware.
#[derive(Debug)]
pub struct AuthenticateMiddleware<S: Scope, I> {
    inner: Rc<I>,
    authenticate: Authenticate<S>,
}

impl<S, I, B> Service<ServiceRequest> for AuthenticateMiddleware<S, I>
where
    S: Scope,
    I: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = AuthenticateFuture<B>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let (inner, authenticate) = (Rc::clone(&self.inner), self.authenticate.clone());
        AuthenticateFuture(Box::pin(async move {
            let method = method(request.request());
            // Copies a pointer, because the request is changed below.
            let uri = request.match_info().get_ref().uri().clone();
            let target = raw_target(&uri);
            let found = authenticate.find(&method, target);
            let own_route = found.as_ref().ok().map(|demands| demands.own().route());
            let outcome = authenticate.ask_unless_public(method.as_str(), target, &found, request.headers().into());
            for name in authenticate.sources().hidden() {
                hide(&mut request, name);
            }
            let mut stored = outcome.stored().await;
            let judged = before_routing::check(&mut stored, &method, target, &found);
            let state = with_outcomes(&request, |outcomes| stored.insert(outcomes));
            if let Err(denied) = judged {
                let denied = with_request(denied, request.request());
                return Ok(request.error_response(denied).map_into_right_body());
            }
            let mut response = inner.call(request).await?;
            let status = StatusCode::from_u16(response.status().as_u16()).unwrap_or_default();
            let look = || {
                let request = response.request();
                let look = || checked::<S, _>(request, |_, facts| Ok(state.forgotten(facts))).unwrap_or_default();
                // If the catalogue has found a route, actix-web need not search for its pattern.
                match own_route {
                    Some(route) => state.look(&method, route.path(), look),
                    None => match request.match_pattern() {
                        Some(pattern) => state.look(&method, &pattern, look),
                        None => look().sentence,
                    },
                }
            };
            let denied = state.answered(status, look);
            Ok(match denied {
                Some(denied) => response.into_response(denied.error_response()).map_into_right_body(),
                None => {
                    state.announce(response.headers_mut());
                    response.map_into_left_body()
                }
            })
        }))
    }
}

/// The response of the inner service, or a denial.
type Answer<B> = Result<ServiceResponse<EitherBody<B>>, Error>;

/// The future that [`AuthenticateMiddleware`] returns for a request.
pub struct AuthenticateFuture<B>(Pin<Box<dyn Future<Output = Answer<B>>>>);

impl<B> Future for AuthenticateFuture<B> {
    type Output = Answer<B>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<B> fmt::Debug for AuthenticateFuture<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthenticateFuture(..)")
    }
}

/// Marks the token's header as sensitive, so that `HeaderValue` does not print it.
fn hide(request: &mut ServiceRequest, name: &http::HeaderName) {
    // Converted to the type of the older `http`, which accepts the same names.
    let name = usual_name(name.as_str()).map_or_else(|| HeaderName::from_bytes(name.as_str().as_bytes()), Ok);
    let Ok(name) = name else { return };
    let headers = request.headers_mut();
    match headers.get_all(&name).len() {
        0 => {}
        1 => headers.get_mut(&name).into_iter().for_each(|value| value.set_sensitive(true)),
        _ => {
            for mut value in headers.remove(&name) {
                value.set_sensitive(true);
                headers.append(name.clone(), value);
            }
        }
    }
}
