//! Authentication for every framework: reads the token from the headers, asks the verifier and
//! stores the outcome in the request.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use http::{Method, Request, Response};
#[cfg(feature = "_ahead")]
use scopes_core::demands::Demands;
use scopes_core::{Denial, Route, RouteId, Scope};

use super::presented::{Entry, Presented, Sources};
#[cfg(feature = "actix-web")]
use super::public_targets::PublicTargets;
use super::refused_targets::refused_for_every_caller;
use super::sources::TokenSource;
use super::sources::request_headers::RequestHeaders;
use super::stored::{Identity, Stored};
use super::verification::{Running, Verification};
use super::verifier::{DynVerifier, Verifier};
use crate::Grant;
use crate::carrier::sent_target;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;
#[cfg(feature = "_ahead")]
use crate::request::locate::FoundAhead;
use crate::request::locate::Place;
use crate::settings::Settings;

/// Verifies the credentials of every request and stores the outcome as
/// [`Authentication`](crate::Authentication).
///
/// With a framework's feature, it is a middleware of that framework's own kind: a tower layer
/// (axum, hyper, warp, tonic), actix-web's `Transform`, rocket's fairing, poem's `Middleware`,
/// salvo's hoop. Without a middleware, call [`around`](Self::around).
///
/// It never answers a request, because only the route knows whether it needs credentials: `Permit`
/// and the gate answer. Layers for two catalogues do not affect one another; on actix-web and
/// rocket the routes of two catalogues must not fit one path, because each layer judges the target.
/// If one catalogue has two layers, the inner one counts; on actix-web a request must satisfy both.
///
/// The verifier is not asked if the target is below the API's base and malformed or too long,
/// because such a request is refused for every caller. Then
/// [`NotAsked`](crate::Authentication::NotAsked) is stored. The verifier *is* asked for an unknown
/// path; otherwise an invented token would get 404 there and 401 elsewhere. For a route that needs
/// no caller, some frameworks ask the verifier only if the handler takes a grant or calls
/// [`Authentication::ask`](crate::Authentication::ask): poem, salvo, rocket, actix-web (unless a
/// route that needs a caller may fit the same path), and axum if the gate is in the same layer
/// (`api::gate(router).authenticate(..)`).
///
/// ```
#[doc = include_str!("../docs/authenticated.txt")]
/// use scopes::{Authenticate, Settings, TokenSource, verifier_fn};
///
/// let authenticate = Authenticate::new(verifier_fn(verify))
///     .source(TokenSource::header("x-api-key")?)
///     .settings(Settings::new().realm("dashboard")?);
/// assert_eq!(status(&authenticate, "x-api-key", "secret").await, 200);
/// assert_eq!(status(&authenticate, "x-api-key", "guessed").await, 401);
/// # Ok(()) }
/// ```
///
/// # Requests from other sites
///
/// Browsers add cookies and remembered passwords to requests by themselves, also to those that a
/// page of another site causes (cross-site request forgery). Therefore a request that is not `GET`
/// or `HEAD`, or that opens a WebSocket, is checked if its credentials come from a
/// [cookie](TokenSource::cookie) or are a [password](Self::or_basic). A cookie counts only if the
/// browser says that a page of the same origin has caused the request (`Sec-Fetch-Site:
/// same-origin` or `none`), or if `Origin` is one of [`own_origins`](Self::own_origins). A password
/// is refused only if the browser says otherwise, because other clients send neither header. A
/// refused request is answered with 403 wherever a caller is needed, and the verifier is not asked.
/// This does not protect an application whose `GET` handlers change something.
pub struct Authenticate<S: Scope> {
    /// In one `Arc`, because servers clone the layer's service for every request.
    parts: Arc<Parts<S>>,
}

struct Parts<S: Scope> {
    sources: Sources<S>,
    /// The settings as the application gave them. Each source has a copy with challenges of its
    /// own.
    settings: Arc<Settings>,
    /// Whether some route that needs no caller is deprecated with a date or a successor.
    announces_open: bool,
    #[cfg(feature = "actix-web")]
    public_targets: PublicTargets,
}

impl<S: Scope> Authenticate<S> {
    /// Reads bearer tokens from `Authorization` and gives them to this verifier, with the default
    /// [`Settings`].
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, verifier_fn};
    ///
    /// let authenticate = Authenticate::new(verifier_fn(verify));
    /// assert_eq!(status(&authenticate, "authorization", "Bearer secret").await, 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(verifier: impl Verifier<S>) -> Self {
        Self::shared(Arc::new(verifier))
    }

    /// Like [`new`](Self::new), but takes a verifier that is chosen at run time.
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use std::sync::Arc;
    /// use scopes::{Authenticate, DynVerifier, verifier_fn};
    ///
    /// let closed = false;
    /// let verifier: Arc<dyn DynVerifier<api::Scope>> = match closed {
    ///     true => Arc::new(verifier_fn(|_| async { Ok(None) })),
    ///     false => Arc::new(verifier_fn(verify)),
    /// };
    /// let authenticate = Authenticate::shared(verifier);
    /// assert_eq!(status(&authenticate, "authorization", "Bearer secret").await, 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn shared(verifier: Arc<dyn DynVerifier<S>>) -> Self {
        Self::configured_with(Sources::new(TokenSource::default(), verifier), Arc::default())
    }

    /// Uses these [`Settings`] in place of the default ones: realm, mount, bodies of denials, the
    /// hook for decisions, and which denials are only reported.
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, ReportOnly, Settings, verifier_fn};
    ///
    /// let verifier = verifier_fn(|_| async { Ok(Some(api::Grant::new(api::Scopes::new()))) });
    /// let authenticate = Authenticate::new(verifier);
    /// assert_eq!(status(&authenticate, "authorization", "Bearer weak").await, 403);
    /// let authenticate = authenticate.settings(Settings::new().report_only(ReportOnly::Scopes));
    /// assert_eq!(status(&authenticate, "authorization", "Bearer weak").await, 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn settings(self, settings: impl Into<Arc<Settings>>) -> Self {
        let settings = settings.into();
        settings.check_catalogue(S::catalogue());
        Self::configured_with(Arc::unwrap_or_clone(self.parts).sources, settings)
    }

    /// The settings as the application gave them, before the sources changed their copies.
    #[cfg(any(feature = "rocket", feature = "warp"))]
    pub(crate) fn own_settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// Changes the sources.
    pub(super) fn with_sources(self, change: impl FnOnce(&mut Sources<S>)) -> Self {
        let Parts { mut sources, settings, .. } = Arc::unwrap_or_clone(self.parts);
        change(&mut sources);
        Self::configured_with(sources, settings)
    }

    fn configured_with(mut sources: Sources<S>, settings: Arc<Settings>) -> Self {
        sources.configure(&settings);
        Self { parts: Arc::new(Parts::new(sources, settings)) }
    }

    /// Sets the grant of callers without any credentials. The default is `None`: they may do
    /// nothing.
    ///
    /// The grant opens scoped routes if its scopes and tenants suffice. The handler's permit then
    /// [is anonymous](crate::Permit::is_anonymous). Wherever they do not suffice, the answer is 401
    /// with a challenge, never 403 or 404. The grant does not open `authenticated` routes, a
    /// handler that takes a [`Grant`] does not get it, and it issues no tokens. This function
    /// removes its subject and token id. If the catalogue declares a
    /// [principal](crate::PrincipalOf), the grant needs one, too.
    ///
    /// A request is anonymous if no token source finds anything *and* it has no `Authorization`
    /// header. Credentials of another scheme and empty, malformed or unknown credentials are
    /// refused with and without this setting.
    ///
    /// ```
    #[doc = include_str!("../docs/authenticated.txt")]
    /// use scopes::{Authenticate, verifier_fn};
    ///
    /// let public_read = true;
    /// let reader = api::Grant::new(api::Scope::UsersRead);
    /// let authenticate =
    ///     Authenticate::new(verifier_fn(verify)).anonymous(public_read.then_some(reader));
    /// assert_eq!(status(&authenticate, "accept", "*/*").await, 200);
    /// assert_eq!(status(&authenticate, "authorization", "Bearer guessed").await, 401);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn anonymous(self, grant: impl Into<Option<Grant<S>>>) -> Self {
        let grant = grant.into().map(Grant::into_anonymous);
        self.with_sources(|sources| sources.set_anonymous(grant))
    }

    /// Authenticates one request and passes it to a handler. For servers without middleware, such
    /// as an AWS Lambda function or a bare hyper service.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use http::{Request, Response};
    /// use scopes::{Authenticate, Denied, requires, verifier_fn};
    ///
    /// #[requires(api::users.read)]
    /// async fn users(#[grant] request: Request<()>) -> Result<Response<String>, Denied> {
    ///     Ok(Response::new("[]".to_owned()))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
    /// let authenticate = Authenticate::new(verifier);
    /// let request = Request::get("/users").header("authorization", "Bearer secret").body(())?;
    /// assert_eq!(authenticate.around(request, users).await?.body(), "[]");
    /// let request = Request::get("/users").body(())?;
    /// assert_eq!(authenticate.around(request, users).await.unwrap_err().status(), 401);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The error of the handler. This function adds no errors of its own.
    pub async fn around<B, R, E, F>(
        &self,
        mut request: Request<B>,
        handler: impl FnOnce(Request<B>) -> F,
    ) -> Result<Response<R>, E>
    where
        F: Future<Output = Result<Response<R>, E>>,
    {
        let authentication = self.read(&mut request);
        #[cfg(feature = "warp")]
        crate::warp::keep_headers_if_seen(self.own_settings(), &mut request);
        let open = self.open_route(|| sent(&request));
        let state = authentication.stored().await.insert(request.extensions_mut());
        if let Some(open) = open {
            state.owner_check.serve(open);
        }
        let mut response = handler(request).await?;
        state.noticed(response.status());
        state.announce(response.headers_mut());
        Ok(response)
    }

    /// Whether some route that needs no caller is deprecated with a date or a successor.
    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) fn announces_open(&self) -> bool {
        self.parts.announces_open
    }

    /// The route that the catalogue finds for a method and a target, if it needs no caller and its
    /// answers announce a deprecation. Handlers of such routes have no guard that would record it.
    #[inline]
    pub(crate) fn open_route<'r>(&self, sent: impl FnOnce() -> (&'r Method, &'r str)) -> Option<RouteId> {
        if self.parts.announces_open { self.found_open(sent()) } else { None }
    }

    #[cold]
    fn found_open(&self, (method, target): (&Method, &str)) -> Option<RouteId> {
        let found = Place::of::<S>(&self.parts.settings).at_target(Facts::new(method, target)).ok()?.route();
        (found.is_announced() && !found.access().needs_grant()).then_some(found.id())
    }

    /// The token sources and their verifiers.
    #[inline]
    pub(crate) fn sources(&self) -> &Sources<S> {
        &self.parts.sources
    }

    /// Reads the credentials of a request, marks their headers as sensitive and asks the verifier.
    pub(crate) fn read<B>(&self, request: &mut Request<B>) -> Asked<S> {
        let target = sent_target(request.uri(), request.extensions());
        let asked = self.ask(request.method().as_str(), target, request.headers().into());
        self.sources().hide(request.headers_mut());
        asked
    }

    /// Reads the credentials in the headers of a request of this method and this target, and asks
    /// the verifier.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: RequestHeaders<'_>) -> Asked<S> {
        self.ask_unless(method, headers, |settings| match refused_for_every_caller::<S>(settings, method, target) {
            Some(denial) => Unasked::Refused(denial),
            None => Unasked::No,
        })
    }

    /// Finds the routes of a raw target.
    #[cfg(feature = "_ahead")]
    pub(crate) fn find<'t>(&self, method: &'t Method, target: &'t str) -> FoundAhead<'t> {
        let own = Place::of::<S>(&self.parts.settings).at_target(Facts::new(method, target))?;
        Ok(Demands::of(method.as_str(), own, None))
    }

    /// Like [`ask`](Self::ask), for frameworks whose extractors can wait for the verifier. `found`
    /// are the routes of the target.
    ///
    /// The verifier is not asked if the target, decoded or not, leads only to routes that need no
    /// caller. If the router matches another route, its gate or permit asks the verifier.
    #[cfg(any(feature = "rocket", feature = "poem", feature = "salvo"))]
    pub(crate) fn ask_or_later(
        &self,
        method: &str,
        target: &str,
        found: &FoundAhead<'_>,
        headers: RequestHeaders<'_>,
    ) -> Asked<S> {
        self.ask_if_needed(method, target, found, headers, Demands::need_caller)
    }

    /// Like [`ask_or_later`](Self::ask_or_later), but for a framework whose permits cannot wait for
    /// the verifier and whose other extractors can.
    #[cfg(feature = "actix-web")]
    pub(crate) fn ask_unless_public(
        &self,
        method: &str,
        target: &str,
        found: &FoundAhead<'_>,
        headers: RequestHeaders<'_>,
    ) -> Asked<S> {
        let public_targets = &self.parts.public_targets;
        let needs_caller = |demands: &Demands<'static, '_>| !public_targets.contain(S::catalogue(), method, demands);
        self.ask_if_needed(method, target, found, headers, needs_caller)
    }

    #[cfg(feature = "_ahead")]
    #[inline(always)]
    fn ask_if_needed<'t>(
        &self,
        method: &str,
        target: &str,
        found: &FoundAhead<'t>,
        headers: RequestHeaders<'_>,
        needs_caller: impl FnOnce(&Demands<'static, 't>) -> bool,
    ) -> Asked<S> {
        match found {
            Ok(demands) => self
                .ask_unless(method, headers, |_| if needs_caller(demands) { Unasked::No } else { Unasked::Postponed }),
            Err(_) => self.ask(method, target, headers),
        }
    }

    /// Reads the credentials, and asks the verifier unless `unasked` returns a reason against it.
    #[inline(always)]
    fn ask_unless(
        &self,
        method: &str,
        headers: RequestHeaders<'_>,
        unasked: impl FnOnce(&Settings) -> Unasked,
    ) -> Asked<S> {
        let sources = self.sources();
        let presented = sources.presented(method, headers);
        let Presented::Token(token) = &presented else {
            return Asked::Ready(sources.without_token(&presented));
        };
        let settings = token.settings();
        match unasked(settings) {
            Unasked::No => Asked::new(token.verify(), settings),
            Unasked::Refused(denial) => Asked::Ready(Identity::not_asked(denial, Arc::clone(settings))),
            #[cfg(feature = "_ahead")]
            Unasked::Postponed => Asked::Ready(token.postponed()),
        }
    }
}

/// Why the verifier is not asked about a token.
enum Unasked {
    /// It is asked.
    No,
    /// The target is refused for every caller.
    Refused(Denial),
    /// It is asked if a handler needs the caller.
    #[cfg(feature = "_ahead")]
    Postponed,
}

impl<S: Scope> Parts<S> {
    fn new(sources: Sources<S>, settings: Arc<Settings>) -> Self {
        let is_open = |route: Route<'_>| route.is_announced() && !route.access().needs_grant();
        Self {
            sources,
            settings,
            announces_open: S::catalogue().has_announcements() && S::catalogue().routes().any(is_open),
            #[cfg(feature = "actix-web")]
            public_targets: PublicTargets::default(),
        }
    }
}

impl<S: Scope> Clone for Parts<S> {
    fn clone(&self) -> Self {
        Self::new(self.sources.clone(), Arc::clone(&self.settings))
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
            .field("sources", &self.sources().iter().map(Entry::source).collect::<Vec<_>>())
            .field("settings", &self.parts.settings)
            .finish_non_exhaustive()
    }
}

/// The method by which a request is judged, and its target as the client sent it.
pub(crate) fn sent<B>(request: &Request<B>) -> (&Method, &str) {
    let extensions = request.extensions();
    (judged_method(request.method(), extensions), sent_target(request.uri(), extensions))
}

/// The entry for a request whose credentials were read, or the verifier's run that will return the
/// entry.
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

    /// Polls the verifier once, so that a verifier that does not have to wait answers at once.
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

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::fixture::{TestScope, USERS_READ, grant};
    use crate::{Authentication, Grant, VerifyError, verifier_fn};

    fn asked<V>(verify: V) -> Authentication<TestScope>
    where
        V: Verifier<TestScope>,
    {
        let authenticate = Authenticate::<TestScope>::new(verify);
        let mut headers = http::HeaderMap::new();
        headers.insert("authorization", http::HeaderValue::from_static("Bearer t"));
        let outcome = authenticate.ask("GET", "/api/me", (&headers).into());
        match pin!(outcome.stored()).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(stored) => stored.state().identity.authentication().clone(),
            Poll::Pending => panic!("it has nothing to wait for"),
        }
    }

    /// An error whose `Display` panics.
    #[derive(Debug)]
    struct Unspeakable;
    impl fmt::Display for Unspeakable {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("shown")
        }
    }
    impl std::error::Error for Unspeakable {}

    /// A value whose `Drop` panics.
    struct Fragile;
    impl Drop for Fragile {
        fn drop(&mut self) {
            panic!("dropped")
        }
    }

    type Verdict = Result<Option<Grant<TestScope>>, VerifyError>;

    #[test]
    fn a_panic_anywhere_in_the_verifier_is_a_failure() {
        // Panics in the code that makes the future, in the future, in its `Drop`, and in what it
        // returns.
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
