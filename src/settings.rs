//! What the application sets: how denials are worded, and how requests are read.

use std::fmt;
use std::sync::Arc;

use scopes_core::{CallerStatus, DEFAULT_TARGET_LIMIT, Denial, MAX_TARGET_LIMIT, Scope, UntypedCatalogue};

use crate::announcement::{Announcements, is_page};
use crate::denial::challenge::{Challenges, may_be_quoted, parameter_name};
use crate::denial::request::CredentialHeaders;
use crate::denial::{JsonRenderer, Renderer};
use crate::events::{DecisionEvent, Hook};
use crate::log::{self, Once};
use crate::report_only::{Relaxed, ReportOnly, UnknownRoute, Unmet};

/// The settings of one API: how denials are answered, and how requests are read.
///
/// ```
#[doc = include_str!("docs/authenticated.txt")]
/// use scopes::{Authenticate, ProblemRenderer, Settings, verifier_fn};
///
/// let settings = Settings::new().realm("dashboard")?.renderer(ProblemRenderer);
/// let authenticate = Authenticate::new(verifier_fn(verify)).settings(settings);
/// assert_eq!(status(&authenticate, "authorization", "Bearer guessed").await, 401);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Settings {
    pub(crate) realm: Arc<str>,
    /// The challenges of 401 answers. `Authenticate` fills them in from its token sources.
    pub(crate) challenges: Challenges,
    /// Additional parameters of the `Bearer` challenge, already quoted.
    pub(crate) challenge_parameters: Vec<(Arc<str>, Arc<str>)>,
    pub(crate) renderer: Arc<dyn Renderer>,
    pub(crate) mounted_at: Option<Arc<str>>,
    pub(crate) target_limit: usize,
    pub(crate) method_not_allowed_as_404: bool,
    pub(crate) other_tenant_as_404: bool,
    pub(crate) on_decision: Option<Hook>,
    /// The address of the page about the catalogue.
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) announcements: Arc<Announcements>,
    pub(crate) strict: bool,
    pub(crate) relaxed: Option<Box<Relaxed>>,
    /// The headers that hold the token, in requests with these settings.
    pub(crate) credential_headers: Arc<CredentialHeaders>,
    /// Which mistakes of the set-up are already in the log.
    pub(crate) told: Arc<Once>,
}

impl Settings {
    /// The default settings: realm `api`, JSON errors, the catalogue's own base, targets of at most
    /// 8192 bytes.
    ///
    /// ```
    /// println!("{:?}", scopes::Settings::new());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self {
            realm: "api".into(),
            challenges: Challenges::default(),
            challenge_parameters: Vec::new(),
            renderer: Arc::new(JsonRenderer),
            mounted_at: None,
            target_limit: DEFAULT_TARGET_LIMIT,
            method_not_allowed_as_404: false,
            other_tenant_as_404: false,
            on_decision: None,
            documentation: None,
            announcements: Arc::default(),
            strict: false,
            relaxed: None,
            credential_headers: Arc::default(),
            told: Arc::default(),
        }
    }

    /// Sets the `realm` of every `WWW-Authenticate` header.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier, Settings, SettingsError};
    ///
    /// let settings = Settings::new().realm("dashboard")?;
    /// let mut request = http::Request::get("/users").body(()).unwrap();
    /// let absent = Authentication::<api::Scope>::Absent;
    /// absent.store(request.extensions_mut(), &settings.into());
    /// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
    /// assert_eq!(denied.headers()["www-authenticate"], "Bearer realm=\"dashboard\"");
    /// assert_eq!(Settings::new().realm("\"").unwrap_err(), SettingsError::Realm);
    /// # Ok::<(), SettingsError>(())
    /// ```
    ///
    /// # Errors
    /// [`SettingsError::Realm`] if it holds anything but printable ASCII without `"` and `\`. The
    /// realm is sent as a quoted string (RFC 9110, section 11.5), and clients disagree on how to
    /// read escapes in it.
    pub fn realm(mut self, realm: &str) -> Result<Self, SettingsError> {
        if !may_be_quoted(realm) {
            return Err(SettingsError::Realm);
        }
        self.realm = realm.into();
        Ok(self)
    }

    /// Adds a parameter to every `Bearer` challenge, such as `resource_metadata` (RFC 9728,
    /// section 5.1). Other schemes do not have it.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier, Settings};
    ///
    /// let url = "https://api.example.com/.well-known/oauth-protected-resource";
    /// let settings = Settings::new().challenge_parameter("resource_metadata", url)?;
    /// let mut request = http::Request::get("/users").body(())?;
    /// let absent = Authentication::<api::Scope>::Absent;
    /// absent.store(request.extensions_mut(), &settings.into());
    /// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
    /// let challenge = denied.headers()["www-authenticate"].to_str()?.to_owned();
    /// assert_eq!(challenge, format!("Bearer realm=\"api\", resource_metadata=\"{url}\""));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SettingsError::ChallengeParameter`] if the name is not a token (RFC 9110, section 5.6.2),
    /// if it was added before, or if the library sets it itself (`realm`, `scope`, `error`,
    /// `error_description`, `error_uri`). Also if the value is not allowed in
    /// [`realm`](Self::realm).
    pub fn challenge_parameter(mut self, name: &str, value: &str) -> Result<Self, SettingsError> {
        let name = parameter_name(name).ok_or(SettingsError::ChallengeParameter)?;
        let is_repeated = self.challenge_parameters.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if is_repeated || !may_be_quoted(value) {
            return Err(SettingsError::ChallengeParameter);
        }
        self.challenge_parameters.push((name.into(), value.into()));
        Ok(self)
    }

    /// Sets the renderer, which makes the bodies of denials. The default is [`JsonRenderer`].
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier, ProblemRenderer, Settings};
    ///
    /// let settings = Settings::new().renderer(ProblemRenderer);
    /// let mut request = http::Request::get("/users").body(())?;
    /// let absent = Authentication::<api::Scope>::Absent;
    /// absent.store(request.extensions_mut(), &settings.into());
    /// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
    /// let answer: http::Response<String> = denied.into_http_response();
    /// assert_eq!(answer.headers()["content-type"], "application/problem+json");
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn renderer(mut self, renderer: impl Renderer) -> Self {
        self.renderer = Arc::new(renderer);
        self
    }

    /// Sets the path under which the API is served, in place of the catalogue's `base`. It is the
    /// path that clients send to this server, with all mount prefixes; empty for the root.
    ///
    /// Permits and gates compare the routers' templates with it. If it is wrong, permits answer
    /// 500, and gates refuse every path that looks like the API.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; base "/api"; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier, Settings};
    ///
    /// // A gateway puts `/v2` in front.
    /// let settings = Settings::new().mounted_at("/v2/api")?;
    /// let mut request = http::Request::get("/v2/api/users").body(())?;
    /// let grant = api::Grant::new(api::Scope::UsersRead);
    /// Authentication::Granted(grant).store(request.extensions_mut(), &settings.into());
    /// assert!(request.permit::<api::permits::UsersRead>().is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SettingsError::Mount`] unless it is empty or made of `/segment`s that need no escape,
    /// without a slash at the end.
    pub fn mounted_at(mut self, base: &str) -> Result<Self, SettingsError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte);
        let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain);
        let sound = base.is_empty() || base.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment));
        if !sound {
            return Err(SettingsError::Mount);
        }
        self.mounted_at = Some(base.into());
        Ok(self)
    }

    /// Sets how many bytes a request target may have. A longer one is answered with 414.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
    /// use scopes::{Authentication, Carrier, Denial, Settings};
    ///
    /// let settings = Settings::new().target_limit(16)?;
    /// let mut request = http::Request::get("/users/ada-of-lovelace").body(())?;
    /// let grant = api::Grant::new(api::Scope::UsersRead);
    /// Authentication::Granted(grant).store(request.extensions_mut(), &settings.into());
    /// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
    /// assert_eq!(denied.denial(), Some(Denial::TargetTooLong));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SettingsError::TargetLimit`] for 0 and beyond [`MAX_TARGET_LIMIT`].
    pub fn target_limit(mut self, bytes: usize) -> Result<Self, SettingsError> {
        if bytes == 0 || bytes > MAX_TARGET_LIMIT {
            return Err(SettingsError::TargetLimit);
        }
        self.target_limit = bytes;
        Ok(self)
    }

    /// Answers 404 in place of 405, without `Allow`.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use scopes::{Settings, test::TestAuthenticate};
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/users", get(|| async { "[]" }));
    /// let grant = api::Grant::new(api::Scope::UsersRead);
    /// let settings = Settings::new().method_not_allowed_as_404();
    /// let caller = TestAuthenticate::new(grant).settings(settings);
    /// let request = Request::delete("/users").body(Body::empty())?;
    /// assert_eq!(api::gate(router).layer(caller).oneshot(request).await?.status(), 404);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn method_not_allowed_as_404(mut self) -> Self {
        self.method_not_allowed_as_404 = true;
        self
    }

    /// Answers 404 in place of 403 for paths of other tenants, so that callers do not learn which
    /// tenants exist (RFC 9110, section 15.5.4 allows it).
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// use scopes::{Authentication, Carrier, Settings};
    ///
    /// let settings = Settings::new().other_tenant_as_404();
    /// let mut request = http::Request::get("/accounts/a2/users").body(())?;
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
    /// Authentication::Granted(grant).store(request.extensions_mut(), &settings.into());
    /// assert_eq!(request.permit::<api::permits::UsersRead>().unwrap_err().status(), 404);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn other_tenant_as_404(mut self) -> Self {
        self.other_tenant_as_404 = true;
        self
    }

    /// Sets the address of the page that documents the catalogue's scopes and routes, each below
    /// its [anchor](scopes_core::Anchor). Answers of deprecated routes link it, and so do the
    /// bodies of [`ProblemRenderer`](crate::ProblemRenderer) about missing scopes.
    ///
    /// If a route is deprecated with a date or a successor, an answer of its handler has
    /// `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) with these dates. With this setting it also
    /// has `Link` to the page: `rel="deprecation"` at the anchor of the route, and
    /// `rel="successor-version"` at the anchor of the scope after `use`. Headers that the handler
    /// has set stay. The gate or the authentication layer adds the headers. Refusals do not have
    /// them, because a client could learn from them which paths exist.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     users.read {
    /// #         #[deprecated(since = "2026-11-01", sunset = "2027-05-01", use = users.read)]
    /// #         GET "/people";
    /// #     }
    /// # }
    /// use http::{Request, Response};
    /// use scopes::{Authenticate, Denied, Settings, requires, verifier_fn};
    ///
    /// #[requires(api::users.read)]
    /// async fn people(#[grant] request: Request<()>) -> Result<Response<String>, Denied> {
    ///     Ok(Response::new("[]".to_owned()))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let settings = Settings::new().documentation("https://example.com/permissions")?;
    /// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
    /// let authenticate = Authenticate::new(verifier).settings(settings);
    /// let request = Request::get("/people").header("authorization", "Bearer secret").body(())?;
    /// let answer = authenticate.around(request, people).await?;
    /// assert_eq!(answer.headers()["deprecation"], "@1793491200");
    /// assert_eq!(answer.headers()["sunset"], "Sat, 01 May 2027 00:00:00 GMT");
    /// let successor = "<https://example.com/permissions#scope-users.read>; rel=\"successor-version\"";
    /// assert_eq!(answer.headers()["link"], successor);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`SettingsError::Documentation`] unless it is an `http` or `https` URL or an absolute path,
    /// without a fragment.
    pub fn documentation(mut self, page: &str) -> Result<Self, SettingsError> {
        if !is_page(page) {
            return Err(SettingsError::Documentation);
        }
        self.documentation = Some(page.into());
        // The values of other settings have another address.
        self.announcements = Arc::default();
        Ok(self)
    }

    /// Calls this hook with every decision, allowed or denied, for metrics and audit.
    ///
    /// The hook must be quick, because it runs within the request. Several hooks run in the order
    /// in which they are set.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use std::sync::mpsc;
    /// use scopes::{Authentication, Carrier, Settings};
    ///
    /// let (sender, decisions) = mpsc::channel();
    /// let settings = Settings::new().on_decision(move |event| {
    ///     // The receiver lives as long as the server.
    ///     let _ = sender.send((event.template(), event.is_allowed()));
    /// });
    /// let mut request = http::Request::get("/users").body(())?;
    /// let absent = Authentication::<api::Scope>::Absent;
    /// absent.store(request.extensions_mut(), &settings.into());
    /// assert!(request.permit::<api::permits::UsersRead>().is_err());
    /// assert_eq!(decisions.recv()?, (Some("/users".to_owned()), false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn on_decision(mut self, hook: impl Fn(&DecisionEvent<'_>) + Send + Sync + 'static) -> Self {
        self.on_decision = Some(match self.on_decision {
            Some(earlier) => Arc::new(move |event| {
                earlier(event);
                hook(event);
            }),
            None => Arc::new(hook),
        });
        self
    }

    /// Answers 500 if the handler of an `#[unbound]` route has answered, but
    /// [`Permit::same_tenant`](crate::Permit::same_tenant) has not returned `Ok` to it. Without
    /// this setting the layer only logs the mistake. Error responses are left as they are. A
    /// redirection counts as an answer, because it may lead to the tenant's data.
    ///
    /// The same happens to the answer of a handler whose guard was forgotten, if no gate stands in
    /// front. There are three cases: the route is scoped and the handler has not asked for a
    /// permit; the route is `authenticated` and the handler has not looked at the caller; or the
    /// path lies below the base and is not declared. With debug assertions, such an answer is
    /// replaced even without this setting, so that tests find it.
    ///
    /// The gates and the middlewares `Authenticate` of all frameworks replace the answer. The tower
    /// layer `Authenticate` replaces it if the body of the response is axum's, tonic's or warp's,
    /// or a `String`. With any other body it only writes to the log. On hyper, warp and tonic it
    /// sees declared routes only. There it looks for forgotten guards only under this setting or
    /// with debug assertions, because it has to copy the target of every request.
    ///
    /// ```
    /// scopes::scopes! {
    ///     pub mod api;
    ///     tenant account;
    ///     users.read {
    ///         GET "/accounts/{account}/users";
    ///         #[unbound("the row has its owner")] GET "/users/{user}";
    ///     }
    /// }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use scopes::{Settings, requires, test::TestAuthenticate};
    /// use tower::ServiceExt;
    ///
    /// /// It forgets `permit.same_tenant(owner)?`.
    /// #[requires(api::users.read)]
    /// async fn show() -> &'static str { "the user of any account" }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/users/{user}", get(show));
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
    /// let caller = TestAuthenticate::new(grant).settings(Settings::new().strict());
    /// let request = Request::get("/users/7").body(Body::empty())?;
    /// assert_eq!(api::gate(router).layer(caller).oneshot(request).await?.status(), 500);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Reports denials up to a level and lets the requests through. Use it to find out which
    /// clients a catalogue would refuse, before it is enforced.
    ///
    /// It applies to gates, permits, grants that handlers take, and the middleware of actix-web and
    /// rocket. If the caller gets a permit only because of this setting,
    /// [`Permit::is_reported`](crate::Permit::is_reported) returns `true`. From
    /// [`ReportOnly::Tenants`] on, [`Permit::same_tenant`](crate::Permit::same_tenant) returns `Ok`
    /// to every owner.
    ///
    /// These requests are always refused: malformed requests, requests that another site may have
    /// caused, and requests that meet a mistake of the set-up. A caller without good credentials
    /// never gets a permit. Each denial that was let through is passed to
    /// [`on_decision`](Self::on_decision), or without a hook to the log, together with the status
    /// that the client has received.
    ///
    /// ```
    #[doc = include_str!("docs/authenticated.txt")]
    /// use scopes::{Authenticate, ReportOnly, Settings, verifier_fn};
    ///
    /// let weak = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scopes::new()))));
    /// let settings = Settings::new().report_only(ReportOnly::Scopes);
    /// let authenticate = Authenticate::new(weak).settings(settings);
    /// assert_eq!(status(&authenticate, "authorization", "Bearer weak").await, 200);
    /// assert_eq!(status(&authenticate, "accept", "*/*").await, 401);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn report_only(self, level: ReportOnly) -> Self {
        let what = match level {
            ReportOnly::Scopes => "callers without the scope and undeclared routes",
            ReportOnly::Tenants => "callers without the scope, undeclared routes and other tenants' paths",
            ReportOnly::Everything => {
                "every caller, with or without credentials, except where a handler takes a permit"
            }
        };
        log::warning(format_args!("denials are only reported: the settings let through {what}"));
        self.relaxed(|relaxed| relaxed.level = Some(level))
    }

    /// Treats every caller with good credentials as if it held this scope, and reports each use by
    /// a caller without it. The scopes that it includes are not affected.
    ///
    /// The scope belongs to one catalogue. An [`Authenticate`](crate::Authenticate) for another one
    /// logs that the setting has no effect there.
    ///
    /// ```
    #[doc = include_str!("docs/authenticated.txt")]
    /// use scopes::{Authenticate, Settings, verifier_fn};
    ///
    /// let weak = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scopes::new()))));
    /// // This scope is new, and not all tokens have it yet.
    /// let settings = Settings::new().report_only_scope(api::Scope::UsersRead);
    /// let authenticate = Authenticate::new(weak).settings(settings);
    /// assert_eq!(status(&authenticate, "authorization", "Bearer weak").await, 200);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn report_only_scope<S: Scope>(self, scope: S) -> Self {
        log::warning(format_args!("the settings do not enforce `{scope}` of `{}`", S::catalogue().name()));
        self.relaxed(|relaxed| relaxed.add_scope(scope))
    }

    /// Lets callers with good credentials and without the scope through on one route, and reports
    /// them. The template includes the catalogue's base.
    ///
    /// ```
    #[doc = include_str!("docs/authenticated.txt")]
    /// use scopes::{Authenticate, Settings, verifier_fn};
    ///
    /// let weak = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scopes::new()))));
    /// let settings = Settings::new().report_only_route::<api::Scope>("GET", "/users")?;
    /// let authenticate = Authenticate::new(weak).settings(settings);
    /// assert_eq!(status(&authenticate, "authorization", "Bearer weak").await, 200);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the catalogue of `S` has no such route.
    pub fn report_only_route<S: Scope>(self, method: &str, template: &str) -> Result<Self, UnknownRoute> {
        let Some(route) = S::catalogue().route_by_template(method, template) else {
            return Err(UnknownRoute::new(method, template));
        };
        log::warning(format_args!("the settings do not enforce scopes on `{route}` of `{}`", S::catalogue().name()));
        Ok(self.relaxed(|relaxed| relaxed.add_route(route)))
    }

    fn relaxed(mut self, change: impl FnOnce(&mut Relaxed)) -> Self {
        change(self.relaxed.get_or_insert_default());
        self
    }

    /// Whether the answer of a handler whose guard was forgotten is replaced: under `strict`, and
    /// in builds with debug assertions.
    #[cfg(feature = "_judge")]
    pub(crate) const fn replaces_unguarded(&self) -> bool {
        self.strict || cfg!(debug_assertions)
    }

    /// Logs which settings have no effect on the catalogue of the layer that gets them.
    pub(crate) fn check_catalogue(&self, catalogue: &'static UntypedCatalogue) {
        if let Some(relaxed) = &self.relaxed {
            relaxed.check_catalogue(catalogue);
        }
    }

    /// The denial of a demand that the caller does not meet, or `None` if the settings lift it.
    pub(crate) fn enforced(&self, unmet: &Unmet<'_>, caller: &CallerStatus<'_>) -> Option<Denial> {
        match &self.relaxed {
            None => Some(unmet.denial),
            Some(relaxed) => relaxed.enforced(unmet, caller),
        }
    }

    /// Whether denials up to this level are only reported.
    pub(crate) fn reports(&self, level: ReportOnly) -> bool {
        self.relaxed.as_ref().and_then(|relaxed| relaxed.level).is_some_and(|relaxed| relaxed >= level)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("realm", &self.realm)
            .field("challenge_parameters", &self.challenge_parameters)
            .field("mounted_at", &self.mounted_at)
            .field("target_limit", &self.target_limit)
            .field("method_not_allowed_as_404", &self.method_not_allowed_as_404)
            .field("other_tenant_as_404", &self.other_tenant_as_404)
            .field("documentation", &self.documentation)
            .field("strict", &self.strict)
            .field("relaxed", &self.relaxed)
            .finish_non_exhaustive()
    }
}

/// Why a value is not valid for a setting.
///
/// ```
/// use scopes::{Settings, SettingsError};
///
/// assert_eq!(Settings::new().mounted_at("api").unwrap_err(), SettingsError::Mount);
/// println!("{}", SettingsError::Mount);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingsError {
    /// The realm is empty or cannot stand in a quoted string.
    Realm,
    /// The mount is not a path.
    Mount,
    /// The limit is out of range.
    TargetLimit,
    /// The name or value of a challenge's parameter is not allowed.
    ChallengeParameter,
    /// The name is not valid for a header that carries a token.
    Header,
    /// The text is not an origin.
    Origin,
    /// The text is not the address of a page.
    Documentation,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Realm => "a realm is printable ASCII without `\"` and `\\`, and not empty",
            Self::Mount => "a mount is empty or made of `/segment`s that need no escape, without a slash at the end",
            Self::TargetLimit => "a target limit lies between 1 and 65535 bytes",
            Self::ChallengeParameter => {
                "a parameter of a challenge has the name of a token that is not set otherwise, and a value of printable ASCII \
                 without `\"` and `\\`"
            }
            Self::Header => "a header's name is a token, and `Cookie` is read by `TokenSource::cookie`",
            Self::Origin => "an origin is `scheme://host` or `scheme://host:port`, without a slash at the end",
            Self::Documentation => "a page is an `http` or `https` URL or an absolute path, without a fragment",
        })
    }
}

impl core::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realms() {
        for (realm, good) in [
            ("api", true),
            ("my API", true),
            ("", false),
            ("a\"b", false),
            ("a\\b", false),
            ("a\r\nb", false),
            ("é", false),
        ] {
            assert_eq!(Settings::new().realm(realm).is_ok(), good, "{realm:?}");
        }
    }

    #[test]
    fn challenge_parameters() {
        for (name, value, good) in [
            ("resource_metadata", "https://api.example.com/.well-known/oauth-protected-resource", true),
            ("x-hint", "a b", true),
            ("", "a", false),
            ("a b", "a", false),
            ("a=", "a", false),
            ("a\r\nb", "a", false),
            ("realm", "a", false),
            ("Scope", "a", false),
            ("ERROR", "a", false),
            ("error_description", "a", false),
            ("error_uri", "a", false),
            ("hint", "", false),
            ("hint", "a\"b", false),
            ("hint", "a\\b", false),
            ("hint", "a\r\nb", false),
            ("hint", "\u{e9}", false),
        ] {
            assert_eq!(Settings::new().challenge_parameter(name, value).is_ok(), good, "{name:?} {value:?}");
        }
        let once = Settings::new().challenge_parameter("hint", "a").unwrap();
        assert!(once.clone().challenge_parameter("Hint", "b").is_err());
        assert!(once.challenge_parameter("hint2", "b").is_ok());
    }

    #[test]
    fn mounts() {
        for (base, good) in [
            ("", true),
            ("/v1", true),
            ("/api/v0", true),
            ("/", false),
            ("v1", false),
            ("/v1/", false),
            ("/a//b", false),
            ("/a/..", false),
            ("/%61", false),
            ("/{a}", false),
            ("/a?b", false),
            ("/a;b", false),
        ] {
            assert_eq!(Settings::new().mounted_at(base).is_ok(), good, "{base:?}");
        }
    }

    #[test]
    fn limits() {
        for (bytes, good) in [(0, false), (1, true), (8192, true), (65_535, true), (65_536, false)] {
            assert_eq!(Settings::new().target_limit(bytes).is_ok(), good, "{bytes}");
        }
    }
}
