//! The layer that finds out who the caller is.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, Request, Response};
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

use super::ResponseFuture;
use crate::authentication::{Authentication, OwnerCheck, Settings, SettingsError, Stored};
use crate::credentials::{Credentials, TokenSource, bearer};
use crate::log;
use crate::observe::Decided;
use crate::render::Renderer;
use crate::verifier::{DynVerifier, Verifier};

/// Verifies the token of every request and stores what came out, as [`Authentication`].
///
/// It never answers: whether the request needs credentials is known only to its route, so that `Permit` and
/// [`Gate`](super::Gate) do. Layers for two catalogues do not disturb one another; of two for one catalogue the inner one
/// counts.
///
/// ```
/// # scopes::scopes! { pub mod api; tenant environment; users.read { GET "/environments/{environment}/users"; } }
/// use scopes::{SettingsError, TokenSource, Verifier, tower::Authenticate};
///
/// fn layer(verifier: impl Verifier<api::Scope>) -> Result<Authenticate<api::Scope>, SettingsError> {
///     Authenticate::new(verifier).source(TokenSource::Cookie("token".into())).realm("dashboard")
/// }
/// # fn main() {}
/// ```
pub struct Authenticate<S: Scope> {
    verifier: Arc<dyn DynVerifier<S>>,
    source: TokenSource,
    settings: Arc<Settings>,
}

impl<S: Scope> Authenticate<S> {
    /// Bearer tokens in `Authorization`, given to this verifier; default [`Settings`].
    pub fn new(verifier: impl Verifier<S>) -> Self {
        Self::shared(Arc::new(verifier))
    }

    /// As [`new`](Self::new), for a verifier that is chosen at run time.
    #[must_use]
    pub fn shared(verifier: Arc<dyn DynVerifier<S>>) -> Self {
        Self { verifier, source: TokenSource::default(), settings: Arc::default() }
    }

    /// Takes the token from elsewhere.
    #[must_use]
    pub fn source(mut self, source: TokenSource) -> Self {
        self.source = source;
        self
    }

    /// Replaces all settings.
    #[must_use]
    pub fn settings(mut self, settings: impl Into<Arc<Settings>>) -> Self {
        self.settings = settings.into();
        self
    }

    /// As [`Settings::realm`].
    ///
    /// # Errors
    /// As there.
    pub fn realm(self, realm: &str) -> Result<Self, SettingsError> {
        self.configured(|settings| settings.realm(realm))
    }

    /// As [`Settings::mounted_at`].
    ///
    /// # Errors
    /// As there.
    pub fn mounted_at(self, base: &str) -> Result<Self, SettingsError> {
        self.configured(|settings| settings.mounted_at(base))
    }

    /// As [`Settings::renderer`].
    #[must_use]
    pub fn renderer(mut self, renderer: impl Renderer) -> Self {
        self.settings = Arc::new(Arc::unwrap_or_clone(self.settings).renderer(renderer));
        self
    }

    /// As [`Settings::on_decision`].
    #[must_use]
    pub fn on_decision(mut self, hook: impl Fn(&Decided<'_>) + Send + Sync + 'static) -> Self {
        self.settings = Arc::new(Arc::unwrap_or_clone(self.settings).on_decision(hook));
        self
    }

    fn configured(
        mut self,
        change: impl FnOnce(Settings) -> Result<Settings, SettingsError>,
    ) -> Result<Self, SettingsError> {
        self.settings = Arc::new(change(Arc::unwrap_or_clone(self.settings))?);
        Ok(self)
    }

    /// Keeps the token out of whatever prints headers, which `HeaderValue` does unless told that it is sensitive.
    fn hide(&self, headers: &mut HeaderMap) {
        let carrier = match &self.source {
            TokenSource::Authorization => &AUTHORIZATION,
            TokenSource::Header(name) => name,
            TokenSource::Cookie(_) => &COOKIE,
        };
        if headers.contains_key(carrier) {
            headers.iter_mut().filter(|(name, _)| *name == carrier).for_each(|(_, value)| value.set_sensitive(true));
        }
    }
}

impl<S: Scope> Clone for Authenticate<S> {
    fn clone(&self) -> Self {
        Self { verifier: Arc::clone(&self.verifier), source: self.source.clone(), settings: Arc::clone(&self.settings) }
    }
}

impl<S: Scope> fmt::Debug for Authenticate<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticate")
            .field("source", &self.source)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<S: Scope, I> Layer<I> for Authenticate<S> {
    type Service = AuthenticateService<S, I>;

    fn layer(&self, inner: I) -> Self::Service {
        AuthenticateService { inner, authenticate: self.clone() }
    }
}

/// The service that [`Authenticate`] makes.
#[derive(Clone, Debug)]
pub struct AuthenticateService<S: Scope, I> {
    inner: I,
    authenticate: Authenticate<S>,
}

/// The token's own copy, wiped on drop where the feature brings the means.
#[cfg(feature = "tokens")]
type OwnedToken = zeroize::Zeroizing<String>;
#[cfg(not(feature = "tokens"))]
type OwnedToken = String;

/// [`Credentials`] without the borrow.
enum Found {
    Absent,
    Malformed,
    Token(OwnedToken),
}

impl<S, I, B, R> Service<Request<B>> for AuthenticateService<S, I>
where
    S: Scope,
    I: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    I::Future: Send,
    B: Send + 'static,
{
    type Response = Response<R>;
    type Error = I::Error;
    type Future = ResponseFuture<R, I::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The service that was polled ready is the one to call; the fresh clone stays behind.
        let fresh = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, fresh);
        let authenticate = self.authenticate.clone();
        // The token is owned before the await, for a borrowed `Request<B>` is `Send` only if `B` is `Sync`.
        let found = match bearer(request.headers(), &authenticate.source) {
            Credentials::Absent => Found::Absent,
            Credentials::Malformed => Found::Malformed,
            Credentials::Token(token) => Found::Token(OwnedToken::from(token.to_owned())),
        };
        authenticate.hide(request.headers_mut());
        Box::pin(async move {
            let outcome = match found {
                Found::Absent => Authentication::Absent,
                Found::Malformed => Authentication::Malformed,
                Found::Token(token) => verified(&*authenticate.verifier, token).await,
            };
            let stored = Stored::new(outcome, authenticate.settings);
            let owner_check = Arc::clone(&stored.owner_check);
            stored.insert(request.extensions_mut());
            let response = inner.call(request).await?;
            report(&owner_check, &response);
            Ok(response)
        })
    }
}

async fn verified<S: Scope>(verifier: &dyn DynVerifier<S>, token: OwnedToken) -> Authentication<S> {
    match verifier.verify_dyn(&token).await {
        Ok(Some(grant)) => Authentication::Granted(grant),
        Ok(None) => Authentication::Invalid,
        Err(error) => {
            log::error(format_args!("the verifier cannot check a token: {error}"));
            Authentication::Unavailable
        }
    }
}

/// A handler of an unbound route that succeeded without comparing the owner is a hole.
pub(super) fn report<R>(owner_check: &OwnerCheck, response: &Response<R>) {
    if response.status().is_success()
        && let Some(sentence) = owner_check.report()
    {
        log::error(format_args!("{sentence}"));
    }
}
