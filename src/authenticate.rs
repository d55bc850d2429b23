//! Finding out who the caller is, for every framework: the token from the headers, the verifier's answer, the entry in the
//! request.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use http::{HeaderMap, Request, Response, StatusCode};
use scopes_core::Scope;

use crate::authentication::{Authentication, OwnerCheck, Settings, SettingsError, Stored};
use crate::credentials::{Credentials, TokenSource, bearer};
use crate::log;
use crate::observe::Decided;
use crate::render::Renderer;
use crate::verifier::{DynVerifier, Verifier};

/// Verifies the token of every request and stores what came out, as [`Authentication`].
///
/// It is a middleware of each framework's own kind, behind the framework's feature: a tower layer (axum, hyper, warp,
/// tonic), actix-web's `Transform`, rocket's fairing, poem's `Middleware`, salvo's hoop. Where there are no middlewares, call
/// [`around`](Self::around).
///
/// It never answers: whether the request needs credentials is known only to its route, so that `Permit` and the gate do.
/// Layers for two catalogues do not disturb one another; of two for one catalogue the inner one counts.
///
/// ```
/// # scopes::scopes! { pub mod api; tenant environment; users.read { GET "/environments/{environment}/users"; } }
/// use scopes::{Authenticate, SettingsError, TokenSource, Verifier};
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
    #[must_use]
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

    /// Authenticates one request and hands it on: for a server that has no middlewares, such as a function of AWS Lambda or
    /// a bare hyper service.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use http::{Request, Response};
    /// use scopes::{Authenticate, Denied, requires};
    ///
    /// #[requires(api::users.read)]
    /// async fn users(#[grant] request: Request<String>) -> Result<Response<String>, Denied> {
    ///     Ok(Response::new("[]".to_owned()))
    /// }
    ///
    /// async fn serve(authenticate: Authenticate<api::Scope>, request: Request<String>) -> Result<Response<String>, Denied> {
    ///     authenticate.around(request, users).await
    /// }
    /// # let _ = serve;
    /// ```
    ///
    /// # Errors
    /// What the handler returns; it adds none of its own.
    pub async fn around<B, R, E, F>(
        &self,
        mut request: Request<B>,
        handler: impl FnOnce(Request<B>) -> F,
    ) -> Result<Response<R>, E>
    where
        F: Future<Output = Result<Response<R>, E>>,
    {
        let authentication = self.read(request.headers_mut());
        let owner_check = authentication.await.insert(request.extensions_mut());
        let response = handler(request).await?;
        report(&owner_check, response.status());
        Ok(response)
    }

    /// Where the token stands.
    #[cfg(any(feature = "actix-web", feature = "rocket"))]
    pub(crate) const fn token_source(&self) -> &TokenSource {
        &self.source
    }

    /// The outcome for a request with these headers.
    pub(crate) fn read(&self, headers: &mut HeaderMap) -> impl Future<Output = Stored<S>> + Send + use<S> {
        let outcome = self.outcome(bearer(headers, &self.source));
        self.hide(headers);
        outcome
    }

    /// What the verifier says of these credentials. The future borrows nothing of the request, which need not be `Sync`.
    pub(crate) fn outcome(&self, credentials: Credentials<'_>) -> impl Future<Output = Stored<S>> + Send + use<S> {
        let found = match credentials {
            Credentials::Absent => Found::Absent,
            Credentials::Malformed => Found::Malformed,
            Credentials::Token(token) => Found::Token(OwnedToken::from(token.to_owned())),
        };
        let (verifier, settings) = (Arc::clone(&self.verifier), Arc::clone(&self.settings));
        async move {
            let outcome = match found {
                Found::Absent => Authentication::Absent,
                Found::Malformed => Authentication::Malformed,
                Found::Token(token) => verified(&*verifier, token).await,
            };
            Stored::new(outcome, settings)
        }
    }

    /// Keeps the token out of whatever prints headers, which `HeaderValue` does unless told that it is sensitive.
    fn hide(&self, headers: &mut HeaderMap) {
        let carrier = self.source.header();
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

/// Whether a handler has answered with what it was asked for. A redirection may well lead to it, and an upgrade begins it: only
/// errors show nothing.
pub(crate) fn is_answer(status: StatusCode) -> bool {
    !status.is_client_error() && !status.is_server_error()
}

/// A handler of an unbound route that answered without comparing the owner is a hole.
pub(crate) fn report(owner_check: &OwnerCheck, status: StatusCode) {
    if is_answer(status)
        && let Some(sentence) = owner_check.report()
    {
        log::error(format_args!("{sentence}"));
    }
}
