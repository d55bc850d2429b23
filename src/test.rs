//! Permits and callers for tests of handlers and routers, without tokens (feature `test-util`, for
//! `[dev-dependencies]` only).

use crate::required::Required;
use crate::{Grant, Permit};
use scopes_core::{Scope, ScopeSet};

/// Makes a permit to call a handler as a function. The caller has exactly the scopes that `R`
/// requires. The path and the caller's grant both have the tenant `tenant`, if it is not `None`.
///
/// ```
/// # scopes::scopes! { pub mod api; tenant environment; users.read { GET "/environments/{environment}/users"; } }
/// #[scopes::requires(api::users.read as permit)]
/// fn users() -> String {
///     format!("the users of {}", permit.tenant().unwrap_or("unknown"))
/// }
///
/// # fn main() {
/// assert_eq!(users(scopes::test::permit("e1")), "the users of e1");
/// # }
/// ```
///
/// # Panics
/// If `tenant` is not a valid tenant.
#[track_caller]
#[must_use]
pub fn permit<'t, R: Required>(tenant: impl Into<Option<&'t str>>) -> Permit<R> {
    let tenant = tenant.into();
    let requirement = R::requirement();
    let scopes = requirement.least().unwrap_or_default().iter().filter_map(|&id| R::Scope::from_id(id));
    let grant = Grant::new(scopes.collect::<ScopeSet<_>>());
    let grant = match tenant.map(|tenant| grant.clone().for_tenant(tenant)) {
        None => grant,
        Some(Ok(grant)) => grant,
        Some(Err(error)) => panic!("{error}"),
    };
    // Without a principal, because the handler may not use it.
    unsent(&grant, tenant)
}

/// Like [`permit`], but takes the grant, which may have a subject, a principal, and tenants to
/// compare owners with.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// #[scopes::requires(api::users.read as permit)]
/// fn users() -> String {
///     format!("for {}", permit.subject().unwrap_or("a client"))
/// }
///
/// # fn main() -> Result<(), scopes::TenantError> {
/// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?.with_subject("ada");
/// assert_eq!(users(scopes::test::permit_of(&grant, "a1")), "for ada");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If the grant does not satisfy `R`, is not valid for `tenant` or lacks the principal that the
/// catalogue declares. The check would not make such a permit for any request.
#[track_caller]
#[must_use]
pub fn permit_of<'t, R: Required>(grant: &Grant<R::Scope>, tenant: impl Into<Option<&'t str>>) -> Permit<R> {
    let has_principal = crate::principal::is_sound(grant, crate::denial::default_settings());
    assert!(has_principal, "the grant lacks the principal that the catalogue declares");
    unsent(grant, tenant.into())
}

/// Makes a permit without a request.
#[track_caller]
fn unsent<R: Required>(grant: &Grant<R::Scope>, tenant: Option<&str>) -> Permit<R> {
    assert!(R::satisfied_by(grant.effective().as_words()), "the grant does not satisfy what the permit stands for");
    assert!(tenant.is_none_or(|tenant| grant.tenants().covers(tenant)), "the grant is not good for the tenant");
    Permit::without_route(grant, tenant, crate::denial::default_settings())
}

#[cfg(feature = "tower")]
pub use layer::{TestAuthenticate, TestAuthenticateService};

#[cfg(feature = "tower")]
mod layer {
    use std::sync::Arc;
    use std::task::{Context, Poll};

    use http::Request;
    use scopes_core::Scope;
    use tower_layer::Layer;
    use tower_service::Service;

    use crate::auth::outcome::Authentication;
    use crate::grant::Grant;
    use crate::settings::Settings;

    /// A layer that replaces [`Authenticate`](crate::tower::Authenticate): every request has the
    /// same caller.
    ///
    /// `api::gate(router).layer(TestAuthenticate::new(grant))` answers like for a client with this
    /// grant.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use scopes::test::TestAuthenticate;
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/users", get(|| async { "[]" }));
    /// let grant = api::Grant::new(api::Scope::UsersRead);
    /// let app = api::gate(router).layer(TestAuthenticate::new(grant));
    /// assert_eq!(app.oneshot(Request::get("/users").body(Body::empty())?).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    #[derive(Clone, Debug)]
    pub struct TestAuthenticate<S: Scope> {
        authentication: Authentication<S>,
        settings: Arc<Settings>,
    }

    impl<S: Scope> TestAuthenticate<S> {
        /// Gives this grant to every request.
        ///
        /// ```
        /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
        /// # use axum::{Router, body::Body, routing::get};
        /// # use scopes::test::TestAuthenticate;
        /// # use tower::ServiceExt;
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// # let router = Router::new().route("/users", get(|| async { "[]" }));
        /// let weak = api::Grant::new(api::Scopes::new());
        /// let app = api::gate(router).layer(TestAuthenticate::new(weak));
        /// let request = http::Request::get("/users").body(Body::empty())?;
        /// assert_eq!(app.oneshot(request).await?.status(), 403);
        /// # Ok(()) }
        /// ```
        #[must_use]
        pub fn new(grant: Grant<S>) -> Self {
            Self::with(Authentication::Granted(grant))
        }

        /// Gives this outcome of authentication to every request.
        ///
        /// ```
        /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
        /// # use axum::{Router, body::Body, routing::get};
        /// # use scopes::{Authentication, test::TestAuthenticate};
        /// # use tower::ServiceExt;
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// # let router = Router::new().route("/users", get(|| async { "[]" }));
        /// // The token store is down.
        /// let unavailable = Authentication::<api::Scope>::Unavailable;
        /// let app = api::gate(router).layer(TestAuthenticate::with(unavailable));
        /// let request = http::Request::get("/users").body(Body::empty())?;
        /// assert_eq!(app.oneshot(request).await?.status(), 503);
        /// # Ok(()) }
        /// ```
        #[must_use]
        pub fn with(authentication: Authentication<S>) -> Self {
            Self { authentication, settings: Arc::default() }
        }

        /// Replaces the settings, which are [`Settings::new`] by default.
        ///
        /// ```
        /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
        /// # use axum::{Router, body::Body, routing::get};
        /// # use scopes::{Authentication, Settings, test::TestAuthenticate};
        /// # use tower::ServiceExt;
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// # let router = Router::new().route("/users", get(|| async { "[]" }));
        /// let absent = TestAuthenticate::with(Authentication::<api::Scope>::Absent);
        /// let app = api::gate(router).layer(absent.settings(Settings::new().realm("users")?));
        /// let request = http::Request::get("/users").body(Body::empty())?;
        /// let answer = app.oneshot(request).await?;
        /// assert_eq!(answer.headers()["www-authenticate"], "Bearer realm=\"users\"");
        /// # Ok(()) }
        /// ```
        #[must_use]
        pub fn settings(mut self, settings: impl Into<Arc<Settings>>) -> Self {
            self.settings = settings.into();
            self.settings.check_catalogue(S::catalogue());
            self
        }
    }

    impl<S: Scope, I> Layer<I> for TestAuthenticate<S> {
        type Service = TestAuthenticateService<S, I>;

        fn layer(&self, inner: I) -> Self::Service {
            TestAuthenticateService { inner, authenticated: self.clone() }
        }
    }

    /// The service that [`TestAuthenticate`] makes around an inner one.
    #[derive(Clone, Debug)]
    pub struct TestAuthenticateService<S: Scope, I> {
        inner: I,
        authenticated: TestAuthenticate<S>,
    }

    impl<S: Scope, I: Service<Request<B>>, B> Service<Request<B>> for TestAuthenticateService<S, I> {
        type Response = I::Response;
        type Error = I::Error;
        type Future = I::Future;

        fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.inner.poll_ready(cx)
        }

        fn call(&mut self, mut request: Request<B>) -> Self::Future {
            self.authenticated.authentication.clone().store(request.extensions_mut(), &self.authenticated.settings);
            #[cfg(feature = "warp")]
            crate::warp::keep_headers_if_seen(&self.authenticated.settings, &mut request);
            self.inner.call(request)
        }
    }
}
