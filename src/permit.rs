//! The proof that a request was checked, which handlers take as a parameter.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use http::Method;
use scopes_core::{Denial, Malformation, Route, RouteMatch, Scope, ScopeSet, path_rules};

use crate::Grant;
use crate::auth::outcome::Authentication;
use crate::auth::stored::{CallerState, Identity, Judged, Stored};
use crate::denial::Denied;
use crate::events::{DecidedBy, DecisionOutcome, decided};
use crate::parameter::{ParameterError, ParameterErrorKind};
use crate::principal::PrincipalOf;
use crate::report_only::{ReportOnly, Reported};
use crate::request::kept::KeptMatch;
use crate::required::Required;
use crate::settings::Settings;

/// The proof that the caller of *this request* satisfies `R` and the requirement of the request's
/// route. On a route that names a tenant, it also proves that the caller may act for that tenant.
/// If the settings only report denials, the permit proves good credentials only, and
/// [`is_reported`](Self::is_reported) says whether the caller lacks the rest.
///
/// Only the check makes one: it cannot be cloned, defaulted, deserialised or built. Do not keep it
/// beyond the request, because it does not notice when the grant is revoked.
///
/// `#[requires(api::users.read)]` adds it as the handler's first parameter. Written by hand, it is
/// `_: Permit<api::permits::UsersRead>`. Do not take `Option<Permit<..>>` or
/// `Result<Permit<..>, _>`: the handler then runs even if the request is denied.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use scopes::Permit;
///
/// fn users(permit: Permit<api::permits::UsersRead>) -> String {
///     let tenant = permit.tenant().unwrap_or("no tenant");
///     format!("the users of {tenant}, for {}", permit.subject().unwrap_or("a client"))
/// }
///
/// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?.with_subject("ada");
/// assert_eq!(users(scopes::test::permit_of(&grant, "a1")), "the users of a1, for ada");
/// # Ok::<(), scopes::TenantError>(())
/// ```
pub struct Permit<R: Required> {
    grant: Grant<R::Scope>,
    checked: Checked,
    state: Arc<CallerState<R::Scope>>,
    requirement: PhantomData<fn() -> R>,
}

/// What the caller was checked against.
enum Checked {
    /// The route that the gate has found, which the state holds.
    AsJudged,
    /// The route that a gate inside the authentication layer has found.
    Judged(Arc<Judged>),
    /// The route of a request, and the request's path.
    Route(KeptMatch),
    /// Like `Route`, but the caller does not satisfy all demands of the route.
    Reported(KeptMatch),
    /// A check without a request, for this tenant if any.
    Tenant(Option<Box<str>>),
}

impl<R: Required> Permit<R> {
    /// Only the check calls this, after all its steps have passed.
    pub(crate) fn on_route(grant: &Grant<R::Scope>, found: KeptMatch, state: &Arc<CallerState<R::Scope>>) -> Self {
        Self {
            grant: grant.clone(),
            checked: Checked::Route(found),
            state: Arc::clone(state),
            requirement: PhantomData,
        }
    }

    /// Only the check calls this, if the settings lift the demands that the caller does not
    /// satisfy.
    pub(crate) fn reported(grant: &Grant<R::Scope>, found: KeptMatch, state: &Arc<CallerState<R::Scope>>) -> Self {
        Self {
            grant: grant.clone(),
            checked: Checked::Reported(found),
            state: Arc::clone(state),
            requirement: PhantomData,
        }
    }

    /// Only the check calls this, if the gate has judged this caller on this route.
    pub(crate) fn as_judged(grant: &Grant<R::Scope>, stored: &Stored<R::Scope>) -> Self {
        let checked = stored.judged_later().map_or(Checked::AsJudged, |judged| Checked::Judged(Arc::clone(judged)));
        Self { grant: grant.clone(), checked, state: Arc::clone(stored.state()), requirement: PhantomData }
    }

    /// Only the check calls this, for a check without a request.
    pub(crate) fn without_route(grant: &Grant<R::Scope>, tenant: Option<&str>, settings: &Arc<Settings>) -> Self {
        let state = Stored::new(Identity::new(Authentication::Granted(grant.clone()), Arc::clone(settings)));
        Self {
            grant: grant.clone(),
            checked: Checked::Tenant(tenant.map(Into::into)),
            state: Arc::clone(state.state()),
            requirement: PhantomData,
        }
    }

    /// The grant of the caller, as the verifier returned it.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// let permit = called("/accounts/a1/users/7")?;
    /// assert!(permit.grant().tenants().covers("a1"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn grant(&self) -> &Grant<R::Scope> {
        &self.grant
    }

    /// Returns the scopes of the caller's grant as declared, for display and storage.
    ///
    /// These scopes alone do not show what they include. A handler that offers more to callers with
    /// another scope looks at [`Grant::effective`], which does:
    ///
    /// ```
    /// scopes::scopes! {
    ///     pub mod api;
    ///     users.read { GET "/users"; }
    ///     users.write { POST "/users"; }
    ///     all.write includes users.write;
    /// }
    ///
    /// #[scopes::requires(api::users.read as permit)]
    /// fn users() -> String {
    ///     let form = permit.grant().effective().contains(api::Scope::UsersWrite);
    ///     format!("for {}: form {form}", permit.scopes())
    /// }
    ///
    /// # fn main() {
    /// let grant = api::Grant::new(api::Scope::UsersRead | api::Scope::AllWrite);
    /// assert_eq!(users(scopes::test::permit_of(&grant, None)), "for users.read all.write: form true");
    /// # }
    /// ```
    #[must_use]
    pub fn scopes(&self) -> ScopeSet<R::Scope> {
        self.grant.scopes()
    }

    /// On whose behalf the caller acts.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// assert_eq!(called("/accounts/a1/users/7")?.subject(), Some("ada"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.grant.subject()
    }

    /// The id of the token that the caller has shown.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// assert_eq!(called("/accounts/a1/users/7")?.token_id(), Some("t-1"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn token_id(&self) -> Option<&str> {
        self.grant.token_id()
    }

    /// The application's own data about the caller, of the type that the catalogue declares with
    /// `principal Account;`: see [`PrincipalOf`].
    ///
    /// ```
    /// scopes::scopes! { pub mod api; principal Account; users.read { GET "/users"; } }
    ///
    /// pub struct Account { plan: &'static str }
    ///
    /// #[scopes::requires(api::users.read as permit)]
    /// fn users() -> String {
    ///     let account = permit.principal::<Account>();
    ///     format!("the users of a {} account", account.plan)
    /// }
    ///
    /// # fn main() {
    /// let account = Account { plan: "free" };
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_principal(account);
    /// assert_eq!(users(scopes::test::permit_of(&grant, None)), "the users of a free account");
    /// # }
    /// ```
    ///
    /// # Panics
    /// Only on a permit that `scopes::test::permit` made without a principal. The check refuses a
    /// grant that lacks the principal.
    #[must_use]
    #[track_caller]
    pub fn principal<T: PrincipalOf<R::Scope> + Send + Sync>(&self) -> &T {
        match self.principal_as() {
            Some(principal) => principal,
            None => unreachable!("the test's permit has no principal: make it with `scopes::test::permit_of`"),
        }
    }

    /// The application's own data about the caller, if it has this type.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_principal(7_u64);
    /// let permit = scopes::test::permit_of::<api::permits::UsersRead>(&grant, None);
    /// assert_eq!(permit.principal_as::<u64>(), Some(&7));
    /// assert_eq!(permit.principal_as::<String>(), None);
    /// ```
    #[must_use]
    pub fn principal_as<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.grant.principal_as()
    }

    /// Whether the caller does *not* satisfy all that the permit proves, and was let through
    /// because the settings only report it: [`Settings::report_only`](crate::Settings::report_only)
    /// and its siblings.
    ///
    /// If this is `true`, the caller may lack the scopes, and [`tenant`](Self::tenant) may be a
    /// tenant that the grant does not have.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier, ReportOnly, Settings};
    ///
    /// let settings = Settings::new().report_only(ReportOnly::Scopes);
    /// let mut request = http::Request::get("/users").body(())?;
    /// let weak = api::Grant::new(api::Scopes::new());
    /// Authentication::Granted(weak).store(request.extensions_mut(), &settings.into());
    /// assert!(request.permit::<api::permits::UsersRead>()?.is_reported());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_reported(&self) -> bool {
        matches!(self.checked, Checked::Reported(_))
    }

    /// Whether the caller has no credentials, and the [grant](Self::grant) is the one for anonymous
    /// callers: [`Authenticate::anonymous`](crate::Authenticate::anonymous).
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// assert!(!called("/accounts/a1/users/7")?.is_anonymous());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.grant.is_anonymous()
    }

    /// The tenant that the path names, decoded. `None` on routes that name no tenant. The grant is
    /// valid for this tenant unless [`is_reported`](Self::is_reported) says otherwise.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// assert_eq!(called("/accounts/a1/users/7")?.tenant(), Some("a1"));
    /// assert!(called("/accounts/a2/users/7").is_err());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        match &self.checked {
            Checked::Tenant(tenant) => tenant.as_deref(),
            _ => self.found().and_then(KeptMatch::tenant),
        }
    }

    /// The route of the request, or `None` if the grant was checked without a request.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// let permit = called("/accounts/a1/users/7")?;
    /// assert_eq!(permit.route().unwrap().path(), "/accounts/{account}/users/{user}");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn route(&self) -> Option<Route<'static>> {
        self.found().map(KeptMatch::route)
    }

    /// Iterates over the path's parameters from left to right: the catalogue's name and the value,
    /// decoded once. A `#[raw]` value that does not decode is left out;
    /// [`parameter`](Self::parameter) returns the error.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// let permit = called("/accounts/a1/users/ada%20l")?;
    /// let parameters: Vec<_> = permit.parameters().collect();
    /// assert_eq!(parameters, [("account", "a1".into()), ("user", "ada l".into())]);
    /// # Ok(()) }
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let found = self.matched().map(|matched| matched.parameters().collect::<Vec<_>>());
        found.into_iter().flatten()
    }

    /// The value of a path parameter, decoded once. `name` is the name in the catalogue.
    ///
    /// The value of a `#[raw]` parameter may decode to `../`, to a line break or to NUL. See
    /// [`scopes!`](crate::scopes!#raw-parameters) for how to handle it.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// let permit = called("/accounts/a1/users/ada%20l")?;
    /// assert_eq!(permit.parameter("user")?, "ada l");
    /// assert!(permit.parameter("id").is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The route has no such parameter, or its `#[raw]` value does not decode. [`ParameterError`]
    /// converts into [`Denied`].
    pub fn parameter(&self, name: &str) -> Result<Cow<'_, str>, ParameterError> {
        let raw = self.parameter_raw(name)?;
        path_rules::decode(raw).ok_or_else(|| {
            let decodes = path_rules::decode_bytes(raw).is_some();
            let malformation = if decodes { Malformation::InvalidUtf8 } else { Malformation::BadEscape };
            self.parameter_error(ParameterErrorKind::NotDecodable(malformation), name)
        })
    }

    /// The bytes of a path parameter exactly as the path has them, *not decoded*. `name` is the
    /// name in the catalogue.
    ///
    /// Use it for `#[raw]` parameters whose value is not text. `%FF` is three bytes here, and the
    /// handler decides what they mean. Two spellings of one value (`a` and `%61`) are different
    /// bytes.
    ///
    /// ```
    #[doc = include_str!("docs/called.txt")]
    /// let permit = called("/accounts/a1/users/ada%20l")?;
    /// assert_eq!(permit.parameter_raw("user")?, b"ada%20l");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The route has no such parameter.
    pub fn parameter_raw(&self, name: &str) -> Result<&[u8], ParameterError> {
        let found = self.matched().and_then(|matched| matched.raw_parameter(name));
        found.ok_or_else(|| self.parameter_error(ParameterErrorKind::Unknown, name))
    }

    #[cold]
    fn report_owner(&self) {
        let (hook, route) = (self.state.identity.settings.on_decision.as_ref(), self.route());
        let method = route.and_then(|route| Method::from_bytes(route.method().as_bytes()).ok()).unwrap_or_default();
        let outcome = DecisionOutcome::Reported(Denial::OtherTenant);
        decided(DecidedBy::Permit, hook, (&method, None), route, Some(&self.grant), outcome, Vec::new);
        if hook.is_none() {
            self.state.report(Some(Reported::new(route, Denial::OtherTenant)));
        }
    }

    fn parameter_error(&self, kind: ParameterErrorKind, name: &str) -> ParameterError {
        ParameterError::new(kind, name, self.route(), &self.state.identity.settings, R::Scope::catalogue())
    }

    fn matched(&self) -> Option<RouteMatch<'static, '_>> {
        self.found()?.matched()
    }

    fn found(&self) -> Option<&KeptMatch> {
        match &self.checked {
            Checked::AsJudged => self.state.judged().map(|judged| &judged.found),
            Checked::Judged(judged) => Some(&judged.found),
            Checked::Route(found) | Checked::Reported(found) => Some(found),
            Checked::Tenant(_) => None,
        }
    }

    /// Compares the caller with the owner of the data that the handler is about to read or write.
    /// On an `#[unbound]` route the owner must be one of the grant's tenants; on a route that names
    /// a tenant, the owner must be that tenant.
    ///
    /// The handler of an unbound route must call it, and only an `Ok` counts. If the handler
    /// answers without an `Ok`, the layer logs an error, or answers 500 under [`Settings::strict`].
    /// Error responses are excepted. A redirection is an answer, because it may lead to the owner's
    /// data.
    ///
    /// Under [`Settings::report_only`] from [`ReportOnly::Tenants`] on, another tenant is only
    /// reported, and the result is `Ok` for every owner.
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
    /// use scopes::{Denied, requires};
    ///
    /// /// `row` comes from the database, and the path does not name its owner.
    /// #[requires(api::users.read as permit)]
    /// fn show(row: (&str, &str)) -> Result<String, Denied> {
    ///     let (owner, name) = row;
    ///     permit.same_tenant(owner)?;
    ///     Ok(name.to_owned())
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
    /// let permit = || scopes::test::permit_of(&grant, None);
    /// assert_eq!(show(permit(), ("a1", "Ada"))?, "Ada");
    /// assert_eq!(show(permit(), ("a2", "Bob")).unwrap_err().status(), 403);
    /// # Ok(()) }
    /// ```
    ///
    /// # More than one owner
    ///
    /// One `Ok` is enough, even if later calls refuse other owners, so a handler may leave out the
    /// rows of a list that are refused. Therefore no layer notices a handler that ignores the
    /// refusal of one owner after an `Ok` for another. Return every refusal with `?` unless the
    /// handler leaves the row out. If a list may be empty, query it by the tenants of the
    /// [`grant`](Self::grant) and compare each of these, so that an `Ok` is recorded without a row.
    ///
    /// # Errors
    /// If the owner is another tenant, the denial that the handler returns: 403, or 401 for an
    /// anonymous caller.
    pub fn same_tenant(&self, owner: &str) -> Result<(), Denied> {
        let same = self.grant.tenants().covers(owner) && self.tenant().is_none_or(|tenant| tenant == owner);
        // A caller without credentials gets 401, even if denials are only reported.
        let (is_anonymous, settings) = (self.is_anonymous(), &self.state.identity.settings);
        let is_lifted = !same && !is_anonymous && settings.reports(ReportOnly::Tenants);
        self.state.owner_check.compared(same || is_lifted);
        if is_lifted {
            self.report_owner();
        }
        if same || is_lifted {
            Ok(())
        } else {
            let denial = if is_anonymous { Denial::CredentialsAbsent } else { Denial::OtherTenant };
            Err(Denied::new(denial, settings, R::Scope::catalogue()))
        }
    }
}

/// Shows only the requirement and the route.
impl<R: Required> fmt::Debug for Permit<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requirement = R::requirement();
        write!(f, "Permit({}", requirement.display(R::Scope::catalogue()))?;
        match self.route() {
            Some(route) => write!(f, " on {route})"),
            None => f.write_str(")"),
        }
    }
}
