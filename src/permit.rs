//! The proof that a request was checked, as a handler gets it.

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
/// route, and, on a route that names a tenant, is good for that tenant. Where the settings say that
/// denials are only reported, it is the proof that the caller has good credentials, and
/// [`is_reported`](Self::is_reported) says whether the caller lacks the rest.
///
/// Only the check makes one: it cannot be cloned, defaulted, deserialised or built.
/// Do not keep it beyond the request: a grant that is revoked later is not taken out of it.
///
/// `#[requires(api::users.read)]` adds it as a handler's first parameter; by hand it is
/// `_: Permit<api::permits::UsersRead>`. A parameter `Option<Permit<..>>` or
/// `Result<Permit<..>, _>`, where a framework takes such, swallows the denial.
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
    /// What the gate has found, which is in the state.
    AsJudged,
    /// What a gate after the authentication has found.
    Judged(Arc<Judged>),
    /// The route of a request, and the request's path.
    Route(KeptMatch),
    /// The same, although the caller does not satisfy all of it.
    Reported(KeptMatch),
    /// This tenant, if any, without a request.
    Tenant(Option<Box<str>>),
}

impl<R: Required> Permit<R> {
    /// Only for the check, once all of it has passed.
    pub(crate) fn on_route(grant: &Grant<R::Scope>, found: KeptMatch, state: &Arc<CallerState<R::Scope>>) -> Self {
        Self {
            grant: grant.clone(),
            checked: Checked::Route(found),
            state: Arc::clone(state),
            requirement: PhantomData,
        }
    }

    /// Only for the check, where the settings lift what the caller does not satisfy.
    pub(crate) fn reported(grant: &Grant<R::Scope>, found: KeptMatch, state: &Arc<CallerState<R::Scope>>) -> Self {
        Self {
            grant: grant.clone(),
            checked: Checked::Reported(found),
            state: Arc::clone(state),
            requirement: PhantomData,
        }
    }

    /// Only for the check, where the gate has judged this caller on this route.
    pub(crate) fn as_judged(grant: &Grant<R::Scope>, stored: &Stored<R::Scope>) -> Self {
        let checked = stored.judged_later().map_or(Checked::AsJudged, |judged| Checked::Judged(Arc::clone(judged)));
        Self { grant: grant.clone(), checked, state: Arc::clone(stored.state()), requirement: PhantomData }
    }

    /// Only for the check: without a request.
    pub(crate) fn without_route(grant: &Grant<R::Scope>, tenant: Option<&str>, settings: &Arc<Settings>) -> Self {
        let state = Stored::new(Identity::new(Authentication::Granted(grant.clone()), Arc::clone(settings)));
        Self {
            grant: grant.clone(),
            checked: Checked::Tenant(tenant.map(Into::into)),
            state: Arc::clone(state.state()),
            requirement: PhantomData,
        }
    }

    /// The caller's grant.
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
    /// What these scopes include is in [`Grant::effective`], which is what a handler should look at
    /// if it offers more to callers with another scope:
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
    /// Only on a permit that `scopes::test::permit` made without a principal. The check makes no
    /// permit of a grant that lacks it.
    #[must_use]
    #[track_caller]
    pub fn principal<T: PrincipalOf<R::Scope> + Send + Sync>(&self) -> &T {
        match self.principal_as() {
            Some(principal) => principal,
            None => unreachable!("the test's permit has no principal: make it with `scopes::test::permit_of`"),
        }
    }

    /// The application's own data about the caller, if it is of this type.
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

    /// Whether the caller does *not* satisfy what the permit stands for, and was let through because
    /// the settings say that it is only reported: [`Settings::report_only`](crate::Settings::report_only)
    /// and its siblings.
    ///
    /// Where this is `true`, the caller may lack the scopes, and be another tenant than
    /// [`tenant`](Self::tenant).
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

    /// Whether the caller has no credentials, and the [grant](Self::grant) is that of such callers:
    /// [`Authenticate::anonymous`](crate::Authenticate::anonymous).
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

    /// The tenant that the path names, decoded; the caller is good for it unless
    /// [`is_reported`](Self::is_reported) says otherwise. `None` on routes that name none.
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

    /// The route of the request; `None` if the grant was checked without a request.
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

    /// The path's parameters by the catalogue's names, decoded once, from left to right. A `#[raw]`
    /// value that does not decode is left out; [`parameter`](Self::parameter) returns the error.
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

    /// One of the path's parameters by the catalogue's name, decoded once.
    ///
    /// The value of a `#[raw]` parameter may decode to `../`, to a line break or to NUL: see
    /// [`scopes!`](crate::scopes!#raw-parameters) for what not to do with it.
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

    /// One of the path's parameters by the catalogue's name: the bytes as they stand in the path,
    /// *not decoded*.
    ///
    /// For `#[raw]` parameters whose value is not text: `%FF` is three bytes here, and what they
    /// mean is for the handler to say. Two spellings of one value (`a` and `%61`) are different
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
        decided(DecidedBy::Permit, hook, (&method, None), route, Some(&self.grant), outcome);
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

    /// Compares the owner of what the handler is about to read or write with the caller: on an
    /// `#[unbound]` route the owner must be one of the grant's tenants, on a route that names a
    /// tenant it must be that one.
    ///
    /// The handler of an unbound route has to call it, and only an `Ok` counts. Any answer without
    /// one, errors aside, is logged as an error, or replaced by a 500 under
    /// [`Settings::strict`]. A redirection is an answer: it may lead to the owner's data.
    ///
    /// Under [`Settings::report_only`] from [`ReportOnly::Tenants`] on, another tenant is reported
    /// and not refused: every owner is `Ok`.
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
    /// An `Ok` stays, whatever is refused after it, so that a handler may leave out the rows of a
    /// list that are refused. The other side of this: no layer notices a handler that ignores the
    /// refusal of one owner after an `Ok` for another. Return every refusal with `?` unless the row
    /// is left out. A list that may come out empty is read by the tenants of the
    /// [`grant`](Self::grant), and each of them is compared, so that there is an `Ok` without a
    /// row.
    ///
    /// # Errors
    /// The denial to return, if the owner is another tenant: 403, or 401 for an anonymous caller.
    pub fn same_tenant(&self, owner: &str) -> Result<(), Denied> {
        let same = self.grant.tenants().covers(owner) && self.tenant().is_none_or(|tenant| tenant == owner);
        // A caller without credentials is asked for some, also where denials are only reported.
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

/// Shows the requirement and the route only.
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
