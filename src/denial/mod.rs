//! Denied requests and their responses.

use std::fmt;
use std::sync::{Arc, LazyLock};

use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Response, StatusCode};
use scopes_core::{CallerStatus, Denial, Requirement, Route, ScopeId, ScopeInfo};

use crate::UntypedCatalogue;
use crate::settings::Settings;

pub(crate) mod challenge;
mod render;
pub(crate) mod request;

use challenge::{ACCEPTED_SCOPES, Challenge};
pub use render::{JsonRenderer, ProblemRenderer, Rendered, Renderer};
pub use request::DeniedRequest;

/// A denied request, with everything that its response needs.
///
/// `Display` shows the text that the caller may see. The response is made by
/// [`into_http_response`](Self::into_http_response) or by the conversions into the frameworks'
/// responses. Status and headers follow RFC 6750, section 3.1 and RFC 9110:
///
/// | | status | headers |
/// |---|---|---|
/// | malformed target or credentials | 400 | for credentials: `WWW-Authenticate` with `error="invalid_request"` |
/// | no credentials | 401 | `WWW-Authenticate` without error code |
/// | invalid token | 401 | `WWW-Authenticate` with `error="invalid_token"` |
/// | cookie or password, and another site may have caused the request | 403 | |
/// | missing scope | 403 | `WWW-Authenticate` with `error="insufficient_scope"` and `scope`; `Accepted-Scopes` |
/// | another tenant | 403 (404 on request) | |
/// | no such route | 404 | |
/// | no such method | 405 (404 on request) | `Allow` |
/// | target too long | 414 | |
/// | misconfigured server | 500 | |
/// | verifier panicked | 500 | |
/// | verifier unavailable | 503 | |
///
/// The response has one `WWW-Authenticate` for each scheme of the configured token sources:
/// `Bearer`, `Basic`, and `ApiKey` with `in` and `name` for keys in headers and cookies, because no
/// scheme is registered for these. Only the challenge of the scheme that the client has used has
/// `error` and `scope`; `Basic` has neither.
///
/// Every denial has `Cache-Control: no-store` (RFC 9111, section 5.2.2.5), which a [`Renderer`]
/// cannot change.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Authentication, Carrier, Denial};
///
/// let mut request = http::Request::get("/users").body(())?;
/// Authentication::<api::Scope>::Absent.store(request.extensions_mut(), &Default::default());
/// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
/// assert_eq!(denied.denial(), Some(Denial::CredentialsAbsent));
/// let answer: http::Response<String> = denied.into_http_response();
/// assert_eq!(answer.status(), 401);
/// assert_eq!(answer.headers()["www-authenticate"], "Bearer realm=\"api\"");
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a denial has to be answered"]
pub struct Denied(Arc<Contents>);

#[derive(Clone)]
struct Contents {
    /// `None` if the developers of the server have made a mistake.
    denial: Option<Denial>,
    settings: Arc<Settings>,
    catalogue: &'static UntypedCatalogue,
    /// The requirement of the route, if a scope is missing.
    requirement: Option<Requirement>,
    /// The scopes that the caller lacks, if a scope is missing and the renderer wants to see them.
    missing: Vec<ScopeId>,
    /// The route whose demand the caller does not meet, if it is known.
    route: Option<Route<'static>>,
    /// The request, if the renderer wants to see it.
    request: Option<Box<DeniedRequest>>,
}

/// The settings for requests that no layer has seen.
pub(crate) fn default_settings() -> &'static Arc<Settings> {
    static SETTINGS: LazyLock<Arc<Settings>> = LazyLock::new(Arc::default);
    &SETTINGS
}

impl Denied {
    /// Makes a denial without further details. For a missing scope use
    /// [`scope_missing`](Self::scope_missing).
    pub(crate) fn new(denial: Denial, settings: &Arc<Settings>, catalogue: &'static UntypedCatalogue) -> Self {
        Self(Arc::new(Contents::new(Some(denial), settings, catalogue)))
    }

    /// Makes a 403 with the scopes that would suffice, for a caller who holds `held`.
    pub(crate) fn scope_missing(
        requirement: Requirement,
        held: &[u64],
        settings: &Arc<Settings>,
        catalogue: &'static UntypedCatalogue,
    ) -> Self {
        Self(Arc::new(Contents {
            missing: missing(&requirement, held, settings, catalogue),
            requirement: Some(requirement),
            ..Contents::new(Some(Denial::ScopeMissing), settings, catalogue)
        }))
    }

    /// Makes a denial by one of a request's routes. `suffices` returns the scopes that would
    /// suffice.
    pub(crate) fn on_route(
        denial: Denial,
        route: Route<'static>,
        suffices: impl FnOnce() -> Requirement,
        caller: &CallerStatus<'_>,
        settings: &Arc<Settings>,
    ) -> Self {
        let mut contents = Contents::new(Some(denial), settings, route.catalogue());
        contents.route = Some(route);
        if matches!(denial, Denial::ScopeMissing) {
            let requirement = suffices();
            if let CallerStatus::Granted(holder) = caller {
                contents.missing = missing(&requirement, holder.scopes(), settings, route.catalogue());
            }
            contents.requirement = Some(requirement);
        }
        Self(Arc::new(contents))
    }

    /// Makes a 500 for the caller and logs the sentence once.
    pub(crate) fn misconfigured(
        settings: &Arc<Settings>,
        catalogue: &'static UntypedCatalogue,
        sentence: fmt::Arguments<'_>,
    ) -> Self {
        settings.told.error(sentence);
        Self::misconfigured_silently(settings, catalogue)
    }

    /// Makes a 500 for the caller, if the sentence is in the log already.
    pub(crate) fn misconfigured_silently(settings: &Arc<Settings>, catalogue: &'static UntypedCatalogue) -> Self {
        Self(Arc::new(Contents::new(None, settings, catalogue)))
    }

    /// The reason of the denial. `None` if the server is misconfigured; the log has the details.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// use scopes::Denial;
    ///
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
    /// let permit = scopes::test::permit_of::<api::permits::UsersRead>(&grant, "a1");
    /// let denied = permit.same_tenant("a2").unwrap_err();
    /// assert_eq!(denied.denial(), Some(Denial::OtherTenant));
    /// # Ok::<(), scopes::TenantError>(())
    /// ```
    #[must_use]
    pub fn denial(&self) -> Option<Denial> {
        self.0.denial
    }

    /// The route whose demand the caller does not meet, if that is the reason. If a path can be
    /// read as several routes, this may be another route than the chosen handler's.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
    /// use scopes::{Authentication, Carrier};
    ///
    /// let mut request = http::Request::get("/users/ada").body(())?;
    /// let grant = api::Grant::new(api::Scopes::new());
    /// Authentication::Granted(grant).store(request.extensions_mut(), &Default::default());
    /// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
    /// assert_eq!(denied.route().unwrap().path(), "/users/{user}");
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn route(&self) -> Option<Route<'static>> {
        self.0.route
    }

    /// The request that is denied, for a [`Renderer`] that answers browsers and API clients
    /// differently.
    ///
    /// The gates, extractors, `guard` and carriers of axum, hyper, actix-web, rocket, poem and
    /// salvo add it. It is `None` for denials without a request
    /// ([`Permit::same_tenant`](crate::Permit::same_tenant), `from = ..`, a handler that answered
    /// without comparing the owner), in warp's filters, and if the renderer does not ask for it.
    /// Add it with [`with_request`](Self::with_request).
    ///
    /// ```
    #[doc = include_str!("../docs/denied.txt")]
    /// // Settings with a renderer that wants to see requests.
    /// let denied = denied(http::Request::get("/users"));
    /// assert_eq!(denied.request().unwrap().method(), http::Method::GET);
    /// ```
    #[must_use]
    pub fn request(&self) -> Option<&DeniedRequest> {
        self.0.request.as_deref()
    }

    /// Adds the request for the [`Renderer`], unless the denial has one already. For adapters of
    /// your own, and for handlers that turn a denial into a response. Headers are copied only if
    /// the renderer asks for them, and never those that hold credentials.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use http::{HeaderMap, HeaderValue, Method};
    /// use scopes::check::{self, Facts};
    /// # use scopes::{Authentication, Denied, Rendered, Renderer, Settings};
    /// # struct SeesRequests;
    /// # impl Renderer for SeesRequests {
    /// #     fn render(&self, denied: &Denied) -> Rendered { Rendered::text(denied.to_string()) }
    /// # }
    /// # let settings = Settings::new().renderer(SeesRequests);
    /// # let mut extensions = http::Extensions::new();
    /// # Authentication::<api::Scope>::Invalid.store(&mut extensions, &settings.into());
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("accept", HeaderValue::from_static("text/html"));
    /// headers.insert("authorization", HeaderValue::from_static("Bearer guessed"));
    /// let facts = Facts::new(&Method::GET, "/users");
    /// let denied = check::permit::<api::permits::UsersRead>(&extensions, facts).unwrap_err();
    /// let denied = denied.with_request(&Method::GET, &headers);
    /// let seen = denied.request().unwrap().headers();
    /// assert!(seen.contains_key("accept") && !seen.contains_key("authorization"));
    /// ```
    pub fn with_request(self, method: &Method, headers: &HeaderMap) -> Self {
        self.seen_by_renderer(method, || headers.clone())
    }

    /// Like [`with_request`](Self::with_request), for headers of other types.
    pub(crate) fn seen_by_renderer(mut self, method: &Method, headers: impl FnOnce() -> HeaderMap) -> Self {
        let settings = &self.0.settings;
        if self.0.request.is_none() && settings.renderer.sees_request() {
            let request = DeniedRequest::new(method, headers(), &settings.credential_headers.names());
            Arc::make_mut(&mut self.0).request = Some(Box::new(request));
        }
        self
    }

    /// The requirement that the caller does not satisfy, if that is the reason.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::check::{TenantWithoutRequest, check_grant};
    ///
    /// let grant = api::Grant::new(api::Scopes::new());
    /// let tenant = TenantWithoutRequest::NotNeeded;
    /// let checked = check_grant::<api::permits::UsersRead>(Some(&grant), tenant);
    /// let denied = checked.unwrap_err();
    /// let missing = denied.requirement().unwrap().display(api::CATALOGUE.untyped()).to_string();
    /// assert_eq!(missing, "users.read");
    /// ```
    #[must_use]
    pub fn requirement(&self) -> Option<&Requirement> {
        self.0.requirement.as_ref()
    }

    /// The scopes that this caller lacks: the smallest addition to its scopes with which it
    /// satisfies [`requirement`](Self::requirement), as
    /// [`Requirement::smallest_addition`] finds it.
    ///
    /// Empty if the reason is another one, and if the [`Renderer`] does not
    /// [ask](Renderer::sees_missing) for the scopes: the default one does not. If several routes
    /// fit the path, the requirement is one alternative that satisfies all of them.
    ///
    /// ```
    #[doc = include_str!("../docs/remedy.txt")]
    /// // The route needs `reports.write` and `users.read`, or `admin`, which includes both.
    /// let denied = denied(api::Scope::ReportsRead);
    /// assert!(denied.missing().map(|scope| scope.name()).eq(["reports.write", "users.read"]));
    /// ```
    pub fn missing(&self) -> impl ExactSizeIterator<Item = ScopeInfo<'static>> {
        self.0.missing.iter().map(|&id| self.0.catalogue.info(id))
    }

    /// The address of the page that documents the first scope of [`missing`](Self::missing), with
    /// its [anchor](scopes_core::Anchor). `None` without
    /// [`Settings::documentation`](crate::Settings::documentation).
    ///
    /// ```
    #[doc = include_str!("../docs/remedy.txt")]
    /// let page = denied(api::Scope::UsersRead).documentation();
    /// assert_eq!(page.unwrap(), "https://example.com/permissions#scope-reports.write");
    /// ```
    #[must_use]
    pub fn documentation(&self) -> Option<String> {
        let page = self.0.settings.documentation.as_ref()?;
        self.missing().next().map(|scope| format!("{page}{}", scope.anchor()))
    }

    /// The status of the response. A [`Renderer`] may turn a 401 into a
    /// [redirection](Rendered::redirect).
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// let permit = scopes::test::permit::<api::permits::UsersRead>("a1");
    /// assert_eq!(permit.same_tenant("a2").unwrap_err().status(), 403);
    /// ```
    #[must_use]
    pub fn status(&self) -> StatusCode {
        let status = match self.shown() {
            Some(denial) => StatusCode::from_u16(denial.status()).ok(),
            None => None,
        };
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The headers of the response, except the headers about its body: `Cache-Control` and,
    /// depending on the denial, `WWW-Authenticate`, `Allow` or `Accepted-Scopes`.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::check::{TenantWithoutRequest, check_grant};
    ///
    /// let grant = api::Grant::new(api::Scopes::new());
    /// let tenant = TenantWithoutRequest::NotNeeded;
    /// let checked = check_grant::<api::permits::UsersRead>(Some(&grant), tenant);
    /// let headers = checked.unwrap_err().headers();
    /// assert_eq!(headers["accepted-scopes"], "users.read");
    /// assert_eq!(headers["cache-control"], "no-store");
    /// ```
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        // The denial depends on credentials that are not part of a cache's key, such as a cookie. A
        // 404 may hide another tenant's path, and a shared cache that stored it could serve it to
        // the owner of that path. `Vary` is not needed, because it only chooses among stored
        // responses, and this one is never stored.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let challenges = |challenge| {
            let Settings { realm, challenges, challenge_parameters, .. } = &*self.0.settings;
            challenges.to_headers(challenge, realm, challenge_parameters)
        };
        let challenges = match self.shown() {
            Some(Denial::CredentialsAbsent) => challenges(Challenge::Absent),
            Some(Denial::CredentialsMalformed) => challenges(Challenge::InvalidRequest),
            Some(Denial::CredentialsInvalid) => challenges(Challenge::InvalidToken),
            Some(Denial::ScopeMissing) => {
                let alternatives = self.alternatives();
                if let Some(accepted) = challenge::accepted_scopes(&alternatives) {
                    headers.insert(ACCEPTED_SCOPES, accepted);
                }
                let least = alternatives.iter().min_by_key(|scopes| self.privilege(scopes));
                challenges(Challenge::InsufficientScope(least.map_or(&[], Vec::as_slice)))
            }
            Some(Denial::MethodNotAllowed(methods)) => {
                if let Some(allow) = challenge::allow(self.0.catalogue.method_names(methods)) {
                    headers.insert(header::ALLOW, allow);
                }
                Vec::new()
            }
            _ => Vec::new(),
        };
        for challenge in challenges {
            headers.append(header::WWW_AUTHENTICATE, challenge);
        }
        headers
    }

    /// The whole response, with the body of the [`Renderer`]. Servers leave the body out for
    /// `HEAD`.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// let permit = scopes::test::permit::<api::permits::UsersRead>("a1");
    /// let denied = permit.same_tenant("a2").unwrap_err();
    /// let answer: http::Response<String> = denied.into_http_response();
    /// assert_eq!(answer.status(), 403);
    /// assert_eq!(answer.headers()["content-type"], "application/json");
    /// println!("{}", answer.body());
    /// ```
    #[must_use]
    pub fn into_http_response<B: From<String>>(self) -> Response<B> {
        let Rendered { body, content_type, mut headers, redirect } = self.0.settings.renderer.render(&self);
        render::keep_out_of_headers(&mut headers);
        headers.insert(header::CONTENT_TYPE, content_type);
        headers.extend(self.headers());
        let mut status = self.status();
        if let Some(location) = redirect.filter(|_| status == StatusCode::UNAUTHORIZED) {
            status = StatusCode::SEE_OTHER;
            headers.insert(header::LOCATION, location);
        }
        let mut response = Response::new(B::from(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }

    /// The denial that the caller sees: settings may hide some as a 404.
    fn shown(&self) -> Option<Denial> {
        match self.0.denial {
            Some(Denial::OtherTenant) if self.0.settings.other_tenant_as_404 => Some(Denial::RouteNotFound),
            Some(Denial::MethodNotAllowed(_)) if self.0.settings.method_not_allowed_as_404 => {
                Some(Denial::RouteNotFound)
            }
            denial => denial,
        }
    }

    /// The requirement's wire names.
    pub(crate) fn alternatives(&self) -> Vec<Vec<&'static str>> {
        let name = |&id| self.0.catalogue.scope(id).map(ScopeInfo::name);
        let alternatives = self.0.requirement.iter().flat_map(Requirement::alternatives);
        alternatives.map(|scopes| scopes.iter().filter_map(name).collect()).collect()
    }

    /// The number of scopes that a grant of these scopes would have, with the included ones. If
    /// several alternatives suffice, the answer names the one with the least number: `users.read`,
    /// and not `all.read`.
    fn privilege(&self, scopes: &[&str]) -> usize {
        let named = scopes.iter().filter_map(|name| self.0.catalogue.scope_named(name));
        named.filter_map(|id| self.0.catalogue.scope(id)).map(|scope| 1 + scope.members().len()).sum()
    }
}

impl Contents {
    fn new(denial: Option<Denial>, settings: &Arc<Settings>, catalogue: &'static UntypedCatalogue) -> Self {
        let settings = Arc::clone(settings);
        Self { denial, settings, catalogue, requirement: None, missing: Vec::new(), route: None, request: None }
    }
}

/// The scopes that a caller lacks, if the renderer wants to see them.
fn missing(requirement: &Requirement, held: &[u64], settings: &Settings, catalogue: &UntypedCatalogue) -> Vec<ScopeId> {
    let is_seen = settings.renderer.sees_missing();
    is_seen.then(|| requirement.smallest_addition(held, catalogue)).flatten().unwrap_or_default()
}

/// Shows the text that the caller may see. It tells nothing about the request, other tenants or the
/// server.
impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.shown() {
            Some(Denial::TargetMalformed(_) | Denial::CredentialsMalformed) => "malformed request",
            Some(Denial::TargetTooLong) => "request target too long",
            Some(Denial::CredentialsAbsent) => "authentication required",
            Some(Denial::CredentialsInvalid) if self.0.settings.challenges.are_of_password() => {
                "the user or the password is wrong"
            }
            Some(Denial::CredentialsInvalid) => "the access token is invalid",
            Some(Denial::CrossSite) => "requests from other sites are refused",
            Some(Denial::VerifierUnavailable) => "temporarily unavailable",
            Some(Denial::RouteNotFound) => "not found",
            Some(Denial::MethodNotAllowed(_)) => "method not allowed",
            Some(Denial::ScopeMissing) => return write_missing(f, &self.alternatives()),
            Some(Denial::OtherTenant) => "access forbidden",
            Some(_) | None => "internal server error",
        })
    }
}

/// "missing scope `a`", "missing scopes `a` and `b`", "missing scopes `a` and `b`, or `c`".
fn write_missing(f: &mut fmt::Formatter<'_>, alternatives: &[Vec<&str>]) -> fmt::Result {
    let some_need_several = alternatives.iter().any(|scopes| scopes.len() > 1);
    f.write_str(if some_need_several { "missing scopes " } else { "missing scope " })?;
    for (index, scopes) in alternatives.iter().enumerate() {
        f.write_str(match (index, some_need_several) {
            (0, _) => "",
            (_, true) => ", or ",
            (_, false) => " or ",
        })?;
        for (index, scope) in scopes.iter().enumerate() {
            write!(f, "{}`{scope}`", if index > 0 { " and " } else { "" })?;
        }
    }
    Ok(())
}

impl fmt::Debug for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.denial {
            Some(denial) => f.debug_tuple("Denied").field(&denial).finish(),
            None => f.write_str("Denied(Misconfigured)"),
        }
    }
}

impl std::error::Error for Denied {}

impl<B: From<String>> From<Denied> for Response<B> {
    fn from(denied: Denied) -> Self {
        denied.into_http_response()
    }
}

#[cfg(test)]
mod tests;
