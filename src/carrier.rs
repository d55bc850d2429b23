//! Carriers, for functions without extractors: values that hold a request or a grant, and return
//! types that a denial converts into.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use http::{Extensions, Method, Request, Response, Uri, request};
use scopes_core::{Denial, Scope};

use crate::check;
use crate::denial::{Denied, default_settings};
use crate::request::facts::{Facts, raw_target};
use crate::required::Required;
use crate::{Caller, Grant, Permit};

/// A request from which `#[requires]` can take a permit: `#[grant] request: T`.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use http::{Request, Response};
/// use scopes::{Authentication, Carrier, Denied};
///
/// fn users(request: &Request<()>) -> Result<Response<String>, Denied> {
///     let permit = request.permit::<api::permits::UsersRead>()?;
///     Ok(Response::new(format!("{:?} may read", permit.subject())))
/// }
///
/// let mut request = Request::get("/users").body(())?;
/// # let grant = api::Grant::new(api::Scope::UsersRead).with_subject("ada");
/// # Authentication::Granted(grant).store(request.extensions_mut(), &Default::default());
/// // An authentication layer has verified the token of `ada`.
/// assert_eq!(users(&request)?.body(), "Some(\"ada\") may read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` carries no request of this catalogue",
    label = "expected `http::Request<_>`, `http::request::Parts` or a framework's request",
    note = "a bare grant has no route: use `from = ..` with `tenant = ..` or `unbound = \"why\"`"
)]
pub trait Carrier<S: Scope> {
    /// Checks the request and returns its permit.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier};
    ///
    /// let mut request = http::Request::get("/users").body(())?;
    /// Authentication::<api::Scope>::Absent.store(request.extensions_mut(), &Default::default());
    /// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
    /// assert_eq!(denied.status(), 401);
    /// # Ok::<(), http::Error>(())
    /// ```
    ///
    /// # Errors
    /// The denial to answer with.
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied>;

    /// Returns the caller, with or without credentials.
    ///
    /// On public routes of axum, actix-web, poem, salvo and rocket, the verifier runs only when a
    /// handler asks. Await [`Authentication::ask`](crate::Authentication::ask) first, or take the
    /// extractor. Otherwise the answer is 500.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; public("the front page") { GET "/"; } }
    /// use http::Request;
    /// use scopes::{Authentication, Carrier, Denied};
    ///
    /// fn front_page(request: &Request<()>) -> Result<String, Denied> {
    ///     let caller: api::Caller = request.caller()?;
    ///     Ok(caller.grant().and_then(api::Grant::subject).unwrap_or("stranger").to_owned())
    /// }
    ///
    /// let mut request = Request::get("/").body(())?;
    /// Authentication::<api::Scope>::Absent.store(request.extensions_mut(), &Default::default());
    /// assert_eq!(front_page(&request)?, "stranger");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The denial to answer with.
    fn caller(&self) -> Result<Caller<S>, Denied>;
}

/// The facts of an [`http`] request: the router's match, if the request holds one, and the target
/// before any mount prefix was cut.
pub(crate) fn facts<'a>(method: &'a Method, uri: &'a Uri, extensions: &'a Extensions) -> Facts<'a> {
    #[cfg(feature = "_axum")]
    return crate::axum::facts(method, uri, extensions);
    #[cfg(not(feature = "_axum"))]
    Facts::of_uri(crate::request::extended_connect::judged_method(method, extensions), uri)
}

/// The target as the client sent it, before any mount prefix was cut.
pub(crate) fn sent_target<'a>(uri: &'a Uri, extensions: &'a Extensions) -> &'a str {
    #[cfg(feature = "_axum")]
    if let Some(original) = extensions.get::<axum::extract::OriginalUri>() {
        return raw_target(&original.0);
    }
    let _ = extensions;
    raw_target(uri)
}

impl<S: Scope, B> Carrier<S> for Request<B> {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        check::permit(self.extensions(), facts(self.method(), self.uri(), self.extensions()))
            .map_err(|denied| denied.with_request(self.method(), self.headers()))
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        check::caller(self.extensions(), facts(self.method(), self.uri(), self.extensions()))
            .map_err(|denied| denied.with_request(self.method(), self.headers()))
    }
}

impl<S: Scope> Carrier<S> for request::Parts {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        check::permit(&self.extensions, facts(&self.method, &self.uri, &self.extensions))
            .map_err(|denied| denied.with_request(&self.method, &self.headers))
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        check::caller(&self.extensions, facts(&self.method, &self.uri, &self.extensions))
            .map_err(|denied| denied.with_request(&self.method, &self.headers))
    }
}

impl<S: Scope, T: Carrier<S> + ?Sized> Carrier<S> for &T {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        T::permit(self)
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        T::caller(self)
    }
}

impl<S: Scope, T: Carrier<S> + ?Sized> Carrier<S> for &mut T {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        T::permit(self)
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        T::caller(self)
    }
}

/// `None` is a caller without credentials.
impl<S: Scope, T: Carrier<S>> Carrier<S> for Option<T> {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        match self {
            Some(carrier) => carrier.permit(),
            None => Err(Denied::new(Denial::CredentialsAbsent, default_settings(), S::catalogue())),
        }
    }

    /// The caller. Without a request the carrier has no route, so it never accepts a caller without
    /// credentials.
    fn caller(&self) -> Result<Caller<S>, Denied> {
        match self {
            Some(carrier) => carrier.caller(),
            None => Err(Denied::new(Denial::CredentialsAbsent, default_settings(), S::catalogue())),
        }
    }
}

/// A value that is a grant, or may hold one. `from = expr` accepts it.
///
/// ```
/// scopes::scopes! { pub mod api; tenant account; users.read { GET "/{account}/users"; } }
///
/// /// What a background job knows of the caller who has started it.
/// struct Job { grant: api::Grant }
///
/// impl scopes::GrantSource<api::Scope> for Job {
///     fn grant(&self) -> Option<&api::Grant> { Some(&self.grant) }
/// }
///
/// #[scopes::requires(api::users.read, from = job, tenant = account)]
/// fn export(job: &Job, account: &str) -> Result<String, scopes::Denied> {
///     Ok(format!("the users of {account}"))
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let job = Job { grant: api::Grant::new(api::Scope::UsersRead).for_tenant("a1")? };
/// assert_eq!(export(&job, "a1")?, "the users of a1");
/// assert!(export(&job, "a2").is_err());
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a grant of this catalogue",
    label = "expected the catalogue's `Grant`, a reference to it, or an `Option` of either"
)]
pub trait GrantSource<S: Scope> {
    /// The grant, if this value holds one.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::GrantSource;
    ///
    /// let session: Option<api::Grant> = None;
    /// assert!(session.grant().is_none());
    /// ```
    fn grant(&self) -> Option<&Grant<S>>;
}

impl<S: Scope> GrantSource<S> for Grant<S> {
    fn grant(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<S: Scope, T: GrantSource<S> + ?Sized> GrantSource<S> for &T {
    fn grant(&self) -> Option<&Grant<S>> {
        T::grant(self)
    }
}

impl<S: Scope, T: GrantSource<S> + ?Sized> GrantSource<S> for &mut T {
    fn grant(&self) -> Option<&Grant<S>> {
        T::grant(self)
    }
}

impl<S: Scope, T: GrantSource<S> + ?Sized> GrantSource<S> for Arc<T> {
    fn grant(&self) -> Option<&Grant<S>> {
        T::grant(self)
    }
}

impl<S: Scope, T: GrantSource<S>> GrantSource<S> for Option<T> {
    fn grant(&self) -> Option<&Grant<S>> {
        self.as_ref().and_then(T::grant)
    }
}

/// A return type that a denial converts into. The carrier forms of `#[requires]` return it early.
///
/// ```
/// scopes::scopes! { pub mod api; users.read { GET "/users"; } }
///
/// /// The return type of every handler.
/// #[derive(Debug, PartialEq)]
/// struct Answer(u16);
///
/// impl scopes::FromDenied for Answer {
///     fn from_denied(denied: scopes::Denied) -> Self { Self(denied.status().as_u16()) }
/// }
///
/// #[scopes::requires(api::users.read)]
/// fn users(#[grant] request: http::Request<()>) -> Answer { Answer(200) }
///
/// # fn main() -> Result<(), http::Error> {
/// # use scopes::Authentication;
/// let mut request = http::Request::get("/users").body(())?;
/// Authentication::<api::Scope>::Absent.store(request.extensions_mut(), &Default::default());
/// assert_eq!(users(request), Answer(401));
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made of a denial",
    label = "the function has to return `Result<_, E>` with `E: From<scopes::Denied>`, or a response"
)]
pub trait FromDenied {
    /// Converts a denial into this error or result.
    fn from_denied(denied: Denied) -> Self;
}

impl<T, E: From<Denied>> FromDenied for Result<T, E> {
    fn from_denied(denied: Denied) -> Self {
        Err(denied.into())
    }
}

impl<B: From<String>> FromDenied for Response<B> {
    fn from_denied(denied: Denied) -> Self {
        denied.into_http_response()
    }
}

/// The return type that `#[async_trait]` makes of an `async fn`.
impl<'a, T: FromDenied + Send + 'a> FromDenied for Pin<Box<dyn Future<Output = T> + Send + 'a>> {
    fn from_denied(denied: Denied) -> Self {
        Box::pin(ready(T::from_denied(denied)))
    }
}

/// The return type that `#[async_trait(?Send)]` makes of an `async fn`.
impl<'a, T: FromDenied + 'a> FromDenied for Pin<Box<dyn Future<Output = T> + 'a>> {
    fn from_denied(denied: Denied) -> Self {
        Box::pin(ready(T::from_denied(denied)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::outcome::Authentication;
    use crate::check::{TenantWithoutRequest, check_grant};
    #[cfg(feature = "http2")]
    use crate::fixture::USERS_WRITE;
    use crate::fixture::permits::{UsersRead, UsersWrite};
    use crate::fixture::{TestScope, USERS_READ, grant};
    use crate::settings::Settings;

    fn request(target: &str) -> Request<()> {
        let mut request = Request::builder().uri(target).body(()).unwrap();
        Authentication::Granted(grant(&[USERS_READ])).store(request.extensions_mut(), &Arc::new(Settings::new()));
        request
    }

    #[test]
    fn requests_by_value_reference_and_parts() {
        let mut request = request("/api/environments/e1/users?all");
        assert_eq!(request.permit::<UsersRead>().unwrap().tenant(), Some("e1"));
        fn checked(carrier: impl Carrier<TestScope>) -> bool {
            carrier.permit::<UsersRead>().is_ok()
        }
        assert!(checked(&request) && checked(&mut request));
        let (parts, ()) = request.into_parts();
        assert!(parts.permit::<UsersRead>().is_ok());
        assert!(Some(&parts).permit::<UsersRead>().is_ok());
        let absent = None::<Request<()>>.permit::<UsersRead>().unwrap_err();
        assert_eq!(absent.denial(), Some(Denial::CredentialsAbsent));
    }

    #[test]
    #[cfg(feature = "_axum")]
    fn a_rewritten_request_is_refused() {
        for (original, expected) in [
            ("/api/environments/e1/users", Some(200)),
            ("http://host/mount/api/environments/e1/users?q", None),
            ("/api/environments/e2/users", Some(404)),
        ] {
            let mut request = request("/api/environments/e1/users");
            request.extensions_mut().insert(axum::extract::OriginalUri(original.parse().unwrap()));
            let found = request.permit::<UsersRead>().map_or_else(|denied| denied.status().as_u16(), |_| 200);
            assert_eq!(found, expected.unwrap_or(500), "{original}");
        }
    }

    #[test]
    #[cfg(feature = "http2")]
    fn an_extended_connect_is_the_get_of_its_route() {
        let status = |authentication: Authentication<TestScope>, tenant: &str, is_extended| {
            let target = format!("https://host/api/environments/{tenant}/users");
            let mut request = Request::builder().method(Method::CONNECT).uri(target).body(()).unwrap();
            if is_extended {
                request.extensions_mut().insert(hyper::ext::Protocol::from_static("websocket"));
            }
            authentication.store(request.extensions_mut(), &Arc::new(Settings::new()));
            request.permit::<UsersRead>().map_or_else(|denied| denied.status().as_u16(), |_| 200)
        };
        let granted = |scope| Authentication::Granted(grant(&[scope]));
        assert_eq!(status(granted(USERS_READ), "e1", true), 200);
        assert_eq!(status(granted(USERS_WRITE), "e1", true), 403);
        assert_eq!(status(granted(USERS_READ), "e2", true), 403);
        assert_eq!(status(Authentication::Absent, "e1", true), 401);
        // A plain `CONNECT` has no route, so no handler that asks for a permit should run for it.
        assert_eq!(status(granted(USERS_READ), "e1", false), 500);
    }

    #[test]
    fn grants_of_every_shape() {
        fn subject(source: impl GrantSource<TestScope>) -> Option<String> {
            source.grant()?.subject().map(str::to_owned)
        }
        let grant = grant(&[USERS_READ]).with_subject("u");
        let some = Some(grant.clone());
        let found = [subject(&grant), subject(Some(&grant)), subject(&some), subject(some), subject(Arc::new(grant))];
        assert!(found.iter().all(|found| found.as_deref() == Some("u")), "{found:?}");
        assert_eq!(subject(None::<&Grant<TestScope>>), None);
    }

    #[test]
    fn denials_become_results_responses_and_futures() {
        let denied =
            || check_grant::<UsersWrite>(grant(&[USERS_READ]).grant(), TenantWithoutRequest::At("e1")).unwrap_err();
        assert_eq!(Result::<(), Denied>::from_denied(denied()).unwrap_err().status(), 403);
        assert_eq!(Response::<String>::from_denied(denied()).status(), 403);
        assert_eq!(Response::<Vec<u8>>::from_denied(denied()).body(), b"{\"error\":\"missing scope `users.write`\"}");
        type Boxed<'a> = Pin<Box<dyn Future<Output = Response<String>> + Send + 'a>>;
        let mut future = Boxed::from_denied(denied());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(response) => assert_eq!(response.status(), 403),
            std::task::Poll::Pending => panic!("a denial is there at once"),
        }
    }
}
