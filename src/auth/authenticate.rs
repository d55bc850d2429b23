//! Finding out who the caller is, for every framework: the token from the headers, the verifier's
//! answer, the entry in the request.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use http::header::Entry;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use scopes_core::Scope;
#[cfg(any(feature = "rocket", feature = "poem", feature = "salvo"))]
use scopes_core::demands::Demands;

use super::credentials::{Credentials, TokenSource, bearer};
use super::kept_token::KeptToken;
use super::outcome::Authentication;
use super::owner_check::OwnerCheck;
use super::refused_targets::refused_whoever_asks;
use super::stored::{Identity, Stored};
#[cfg(feature = "_late")]
use super::unverified::Unverified;
use super::verification::{Running, Verification};
use super::verifier::{DynVerifier, Verifier};
use crate::carrier::sent_target;
use crate::log;
#[cfg(any(feature = "rocket", feature = "poem", feature = "salvo"))]
use crate::request::locate::Place;
use crate::settings::Settings;

/// Verifies the token of every request and stores what came out, as [`Authentication`].
///
/// It is a middleware of each framework's own kind, behind the framework's feature: a tower layer
/// (axum, hyper, warp, tonic), actix-web's `Transform`, rocket's fairing, poem's `Middleware`,
/// salvo's hoop. Where there are no middlewares, call [`around`](Self::around).
///
/// It never answers: whether the request needs credentials is known only to its route, so that
/// `Permit` and the gate do. Layers for two catalogues do not disturb one another; on actix-web and
/// rocket the routes of two catalogues must not fit one path, because each layer judges the target.
/// Of two layers for one catalogue the inner one counts, but on actix-web a request must satisfy
/// both.
///
/// The verifier is not asked about a request whose target is refused for every caller: below the
/// API's base, malformed or too long. Then [`Authentication::NotAsked`] is stored. About an unknown
/// path it *is* asked, else an invented token would be answered 404 there and 401 elsewhere. In one
/// layer with axum's gate (`api::gate(router).authenticate(..)`), on poem, salvo and rocket it is
/// not asked for a route that needs no caller either, unless the handler takes a grant or calls
/// [`Authentication::ask`].
///
/// ```
/// # scopes::scopes! { pub mod api; tenant environment; users.read { GET "/environments/{environment}/users"; } }
/// use scopes::{Authenticate, Settings, SettingsError, TokenSource, Verifier};
///
/// fn layer(verifier: impl Verifier<api::Scope>) -> Result<Authenticate<api::Scope>, SettingsError> {
///     let settings = Settings::new().realm("dashboard")?;
///     Ok(Authenticate::new(verifier).source(TokenSource::Cookie("token".into())).settings(settings))
/// }
/// # fn main() {}
/// ```
pub struct Authenticate<S: Scope> {
    /// In one `Arc`, because servers clone the layer's service for every request.
    parts: Arc<Parts<S>>,
}

struct Parts<S: Scope> {
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
        Self { parts: Arc::new(Parts { verifier, source: TokenSource::default(), settings: Arc::default() }) }
    }

    /// Takes the token from elsewhere.
    #[must_use]
    pub fn source(self, source: TokenSource) -> Self {
        let parts = Arc::unwrap_or_clone(self.parts);
        Self { parts: Arc::new(Parts { source, ..parts }) }
    }

    /// Uses these [`Settings`] in place of the default ones: realm, mount, bodies of denials, the
    /// hook for decisions.
    #[must_use]
    pub fn settings(self, settings: impl Into<Arc<Settings>>) -> Self {
        let parts = Arc::unwrap_or_clone(self.parts);
        Self { parts: Arc::new(Parts { settings: settings.into(), ..parts }) }
    }

    /// Authenticates one request and hands it on: for a server that has no middlewares, such as a
    /// function of AWS Lambda or a bare hyper service.
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
        let authentication = self.read(&mut request);
        let state = authentication.stored().await.insert(request.extensions_mut());
        let response = handler(request).await?;
        report(&state.owner_check, response.status());
        Ok(response)
    }

    /// Where the token stands.
    #[cfg(feature = "_before_routing")]
    pub(crate) fn token_source(&self) -> &TokenSource {
        &self.parts.source
    }

    /// Reads the credentials of a request, hides them and asks the verifier.
    pub(crate) fn read<B>(&self, request: &mut Request<B>) -> Asked<S> {
        let target = sent_target(request.uri(), request.extensions());
        let asked = self.read_headers(request.method(), target, request.headers());
        self.hide(request.headers_mut());
        asked
    }

    /// Reads the credentials in the headers of a request and asks the verifier.
    pub(crate) fn read_headers(&self, method: &Method, target: &str, headers: &HeaderMap) -> Asked<S> {
        let credentials = bearer(headers, &self.parts.source);
        self.ask(method.as_str(), target, credentials, || self.header(headers))
    }

    /// What the verifier says of these credentials, which came with this method and this target.
    #[cfg(any(feature = "_before_routing", test))]
    pub(crate) fn outcome(&self, method: &str, target: &str, credentials: Credentials<'_>) -> Asked<S> {
        self.ask(method, target, credentials, || None)
    }

    /// [`read_headers`](Self::read_headers) where extractors can wait for the verifier.
    #[cfg(any(feature = "poem", feature = "salvo"))]
    pub(crate) fn read_headers_or_later(&self, method: &Method, target: &str, headers: &HeaderMap) -> Asked<S> {
        let credentials = bearer(headers, &self.parts.source);
        self.later(method.as_str(), target, credentials)
            .unwrap_or_else(|| self.ask(method.as_str(), target, credentials, || self.header(headers)))
    }

    /// [`outcome`](Self::outcome) where extractors can wait for the verifier.
    #[cfg(feature = "rocket")]
    pub(crate) fn outcome_or_later(&self, method: &str, target: &str, credentials: Credentials<'_>) -> Asked<S> {
        self.later(method, target, credentials).unwrap_or_else(|| self.outcome(method, target, credentials))
    }

    /// The verifier is not asked for a target that leads to routes without a caller only, whether its
    /// segments are decoded or not. A router that matches another route than these has a gate or a
    /// permit that asks.
    #[cfg(any(feature = "rocket", feature = "poem", feature = "salvo"))]
    fn later(&self, method: &str, target: &str, credentials: Credentials<'_>) -> Option<Asked<S>> {
        let Credentials::Token(token) = credentials else { return None };
        let place = Place::of::<S>(&self.parts.settings);
        let own = place.catalogue.at_mounted(place.base, place.target_limit, method, target.as_bytes()).ok()?;
        (!Demands::of(method, own, None).need_caller()).then(|| Asked::Ready(self.postponed(token)))
    }

    fn ask<'h>(
        &self,
        method: &str,
        target: &str,
        credentials: Credentials<'_>,
        header: impl FnOnce() -> Option<&'h HeaderValue>,
    ) -> Asked<S> {
        let refused = match credentials {
            Credentials::Token(_) => refused_whoever_asks::<S>(&self.parts.settings, method, target),
            Credentials::Absent | Credentials::OtherScheme | Credentials::Malformed => None,
        };
        match refused {
            Some(denial) => Asked::Ready(Identity::not_asked(denial, Arc::clone(&self.parts.settings))),
            None => Asked::new(self.verify(credentials, header), &self.parts.settings),
        }
    }

    /// Asks the verifier about a token. `header` is where it stands, if a header of the [`http`]
    /// crate has it.
    pub(crate) fn verify<'h>(
        &self,
        credentials: Credentials<'_>,
        header: impl FnOnce() -> Option<&'h HeaderValue>,
    ) -> Verification<S> {
        match credentials {
            Credentials::Absent => Verification::Done(Authentication::Absent),
            Credentials::OtherScheme => Verification::Done(Authentication::OtherScheme),
            Credentials::Malformed => Verification::Done(Authentication::Malformed),
            Credentials::Token(token) => {
                let keep =
                    || header().map_or_else(|| KeptToken::copied(token), |value| KeptToken::in_header(token, value));
                Verification::start(&self.parts.verifier, token, keep)
            }
        }
    }

    /// The settings.
    #[cfg(feature = "_axum")]
    pub(crate) fn configured(&self) -> &Arc<Settings> {
        &self.parts.settings
    }

    /// What the headers hold.
    #[cfg(feature = "_axum")]
    pub(crate) fn credentials<'h>(&self, headers: &'h HeaderMap) -> Credentials<'h> {
        bearer(headers, &self.parts.source)
    }

    /// The caller of a request whose token is verified only if a handler asks for the caller.
    #[cfg(feature = "_late")]
    pub(crate) fn postponed(&self, token: &str) -> Identity<S> {
        let unverified = Unverified::new(Arc::clone(&self.parts.verifier), KeptToken::copied(token));
        Identity::postponed(unverified, Arc::clone(&self.parts.settings))
    }

    /// The header that the credentials stand in.
    pub(crate) fn header<'h>(&self, headers: &'h HeaderMap) -> Option<&'h HeaderValue> {
        headers.get(self.parts.source.header())
    }

    /// Keeps the token out of whatever prints headers, which `HeaderValue` does unless told that it
    /// is sensitive.
    pub(crate) fn hide(&self, headers: &mut HeaderMap) {
        let name = self.parts.source.header();
        let Some(first) = headers.get_mut(name) else { return };
        first.set_sensitive(true);
        // Some header was sent more than once.
        if headers.len() != headers.keys_len()
            && let Entry::Occupied(mut values) = headers.entry(name)
        {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
}

impl<S: Scope> Clone for Parts<S> {
    fn clone(&self) -> Self {
        let Self { verifier, source, settings } = self;
        Self { verifier: Arc::clone(verifier), source: source.clone(), settings: Arc::clone(settings) }
    }
}

impl<S: Scope> Clone for Authenticate<S> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts) }
    }
}

impl<S: Scope> fmt::Debug for Authenticate<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticate")
            .field("source", &self.parts.source)
            .field("settings", &self.parts.settings)
            .finish_non_exhaustive()
    }
}

/// A request whose credentials were read: the entry for it, once the verifier has answered.
#[must_use = "an outcome that is not stored opens nothing"]
pub(crate) enum Asked<S: Scope> {
    Ready(Identity<S>),
    Waiting(Running<S>, Arc<Settings>),
}

impl<S: Scope> Asked<S> {
    fn new(verification: Verification<S>, settings: &Arc<Settings>) -> Self {
        match verification {
            Verification::Done(authentication) => Self::Ready(Identity::new(authentication, Arc::clone(settings))),
            Verification::Running(running) => Self::Waiting(running, Arc::clone(settings)),
        }
    }

    /// Lets a verifier answer that has nothing to wait for.
    #[cfg(feature = "tower")]
    pub(crate) fn or_poll_once(self) -> Self {
        match self {
            Self::Waiting(running, settings) => Self::new(Verification::Running(running).or_poll_once(), &settings),
            ready @ Self::Ready(_) => ready,
        }
    }

    pub(crate) async fn stored(self) -> Stored<S> {
        match self {
            Self::Ready(identity) => Stored::new(identity),
            Self::Waiting(running, settings) => Stored::new(Identity::new(running.await, settings)),
        }
    }
}

/// Whether a handler has answered with what it was asked for. A redirection may well lead to it,
/// and an upgrade begins it: only errors show nothing.
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

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::fixture::{TestScope, USERS_READ, grant};
    use crate::{Grant, VerifyError, verifier_fn};

    fn asked<V>(verify: V) -> Authentication<TestScope>
    where
        V: Verifier<TestScope>,
    {
        let authenticate = Authenticate::<TestScope>::new(verify);
        let outcome = authenticate.outcome("GET", "/api/me", Credentials::Token("t"));
        match pin!(outcome.stored()).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(stored) => stored.state().identity.authentication().clone(),
            Poll::Pending => panic!("it has nothing to wait for"),
        }
    }

    /// Panics when it is shown.
    #[derive(Debug)]
    struct Unspeakable;
    impl fmt::Display for Unspeakable {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("shown")
        }
    }
    impl std::error::Error for Unspeakable {}

    /// Panics when it is dropped.
    struct Fragile;
    impl Drop for Fragile {
        fn drop(&mut self) {
            panic!("dropped")
        }
    }

    type Verdict = Result<Option<Grant<TestScope>>, VerifyError>;

    #[test]
    fn a_panic_anywhere_in_the_verifier_is_a_failure() {
        // In the code that makes the future, in the future, when it is dropped, in what it returns.
        let early = verifier_fn(|_| -> std::future::Ready<Verdict> { panic!("early") });
        assert!(matches!(asked(early), Authentication::Failed));
        let polled = verifier_fn(|_| async { panic!("polled") as Verdict });
        assert!(matches!(asked(polled), Authentication::Failed));
        let held = verifier_fn(|_| {
            let fragile = Fragile;
            std::future::poll_fn(move |_| {
                let _held = &fragile;
                Poll::Ready(Ok(Some(grant(&[USERS_READ]))) as Verdict)
            })
        });
        assert!(matches!(asked(held), Authentication::Failed));
        let shown = verifier_fn(|_| async { Err(Unspeakable.into()) as Verdict });
        assert!(matches!(asked(shown), Authentication::Failed));
        let good = verifier_fn(|_| async { Ok(Some(grant(&[USERS_READ]))) as Verdict });
        assert!(matches!(asked(good), Authentication::Granted(_)));
    }
}
