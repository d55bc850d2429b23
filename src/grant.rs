//! What a verified caller may do.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use scopes_core::{CallerStatus, Holder, Scope, ScopeSet, TenantError, Tenants};

use crate::into_scopes::IntoScopes;
use crate::log;

/// The scopes and tenants of a verified caller, for one catalogue only.
///
/// A new grant is valid for no tenant, so every route that names a tenant refuses it. Add tenants
/// with [`for_tenant`](Self::for_tenant), or use [`for_any_tenant`](Self::for_any_tenant) for an
/// operator's own grant.
///
/// A grant keeps both the declared scopes and their closure, which adds the scopes that they
/// `include`. Checks use the closure. Display, storage and issuing use the declared scopes. Cloning
/// copies a pointer.
///
/// ```
/// scopes::scopes! {
///     pub mod api;
///     users.read { GET "/users"; }
///     all.read includes *.read;
/// }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let grant = api::Grant::new(api::Scope::AllRead).for_tenant("e1")?.with_subject("user-7");
/// assert_eq!(grant.scopes().to_string(), "all.read");
/// assert!(grant.effective().contains(api::Scope::UsersRead));
/// # Ok(()) }
/// ```
pub struct Grant<S: Scope>(Arc<Contents<S>>);

struct Contents<S: Scope> {
    declared: ScopeSet<S>,
    effective: ScopeSet<S>,
    tenants: Tenants,
    subject: Option<Box<str>>,
    token_id: Option<Box<str>>,
    principal: Option<Arc<dyn Any + Send + Sync>>,
    is_anonymous: bool,
    token_version: Option<u32>,
}

impl<S: Scope> Grant<S> {
    /// Makes a grant of a scope, of scopes that are joined with `|`, or of a set, for no tenant.
    ///
    /// A text must be parsed first, because its names may be unknown:
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } users.write { POST "/users"; } }
    /// # fn main() -> Result<(), scopes::UnknownScope> {
    /// let reader = api::Grant::new(api::Scope::UsersRead);
    /// let editor = api::Grant::new(api::Scope::UsersRead | api::Scope::UsersWrite);
    /// let from_a_token = api::Grant::new("users.read users.write".parse::<api::Scopes>()?);
    /// assert_eq!(from_a_token.scopes(), editor.scopes());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(scopes: impl IntoScopes<S>) -> Self {
        let scopes = scopes.into_scopes();
        Self(Arc::new(Contents {
            declared: scopes,
            effective: scopes.closure(),
            tenants: Tenants::None,
            subject: None,
            token_id: None,
            principal: None,
            is_anonymous: false,
            token_version: None,
        }))
    }

    /// Adds a tenant. Has no effect on a grant for any tenant.
    ///
    /// A tenant is a text such as `E1`, `ann@example.com` or `auth0|7`. It is compared with the
    /// path after percent-decoding.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
    /// assert!(grant.tenants().covers("a1") && !grant.tenants().covers("a2"));
    /// assert!(api::Grant::new(api::Scope::UsersRead).for_tenant("a/1").is_err());
    /// # Ok::<(), scopes::TenantError>(())
    /// ```
    ///
    /// # Errors
    /// If the text is not a valid tenant. [`Tenants`] describes which texts are.
    pub fn for_tenant(self, tenant: &str) -> Result<Self, TenantError> {
        self.for_tenants([tenant])
    }

    /// Adds tenants. Has no effect on a grant for any tenant.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_tenants(["a1", "a2"])?;
    /// assert!(grant.tenants().covers("a2"));
    /// # Ok::<(), scopes::TenantError>(())
    /// ```
    ///
    /// # Errors
    /// The error of the first text that is not a valid tenant. [`Tenants`] describes which texts
    /// are.
    pub fn for_tenants<I>(self, tenants: I) -> Result<Self, TenantError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let added = Tenants::only(tenants)?;
        let all = match self.tenants() {
            Tenants::Any => Tenants::Any,
            Tenants::None => added,
            Tenants::Only(_) => Tenants::only(self.tenants().iter().chain(added.iter()))?,
        };
        Ok(self.with_tenants(all))
    }

    /// Makes the grant valid for every tenant, including those that do not exist yet.
    ///
    /// A path is still refused if its value is not a valid tenant.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// let operator = api::Grant::new(api::Scope::UsersRead).for_any_tenant();
    /// assert!(operator.tenants().covers("a1"));
    /// ```
    #[must_use]
    pub fn for_any_tenant(self) -> Self {
        self.with_tenants(Tenants::Any)
    }

    /// Replaces the tenants that the grant is valid for.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// use scopes::Tenants;
    ///
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_any_tenant();
    /// let narrowed = grant.with_tenants(Tenants::only(["a1"])?);
    /// assert!(!narrowed.tenants().covers("a2"));
    /// # Ok::<(), scopes::TenantError>(())
    /// ```
    #[must_use]
    pub fn with_tenants(self, tenants: Tenants) -> Self {
        self.changed(|contents| contents.tenants = tenants)
    }

    /// Sets the subject: on whose behalf the caller acts. Has no effect on an
    /// [anonymous](Self::is_anonymous) grant.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_subject("ada");
    /// assert_eq!(grant.subject(), Some("ada"));
    /// ```
    #[must_use]
    pub fn with_subject(self, subject: impl Into<String>) -> Self {
        let subject = subject.into().into_boxed_str();
        self.changed(|contents| {
            if !contents.is_anonymous {
                contents.subject = Some(subject);
            }
        })
    }

    /// Sets the id of the token that the caller presented, never the token itself. Has no effect on
    /// an [anonymous](Self::is_anonymous) grant.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_token_id("t-1");
    /// assert_eq!(grant.token_id(), Some("t-1"));
    /// ```
    #[must_use]
    pub fn with_token_id(self, token_id: impl Into<String>) -> Self {
        let token_id = token_id.into().into_boxed_str();
        self.changed(|contents| {
            if !contents.is_anonymous {
                contents.token_id = Some(token_id);
            }
        })
    }

    /// Sets which secret of the token the caller presented, if the application's store replaces the
    /// secret of a token and keeps its id. Has no effect on an [anonymous](Self::is_anonymous)
    /// grant.
    ///
    /// A store compares the number with the token's current one before it issues or rotates: a
    /// caller with a replaced secret may do neither.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_token_id("t-1").with_token_version(3);
    /// assert_eq!(grant.token_version(), Some(3));
    /// ```
    #[must_use]
    pub fn with_token_version(self, version: u32) -> Self {
        self.changed(|contents| {
            if !contents.is_anonymous {
                contents.token_version = Some(version);
            }
        })
    }

    /// Sets the application's own data about the caller. It replaces earlier data, whatever its
    /// type.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// #[derive(Debug, PartialEq)]
    /// struct Account { plan: &'static str }
    ///
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_principal(Account { plan: "free" });
    /// assert_eq!(grant.principal_as::<Account>(), Some(&Account { plan: "free" }));
    /// ```
    #[must_use]
    pub fn with_principal<T: Any + Send + Sync>(self, principal: T) -> Self {
        self.changed(|contents| contents.principal = Some(Arc::new(principal)))
    }

    /// Makes it the grant of callers without credentials, who have neither subject nor token.
    pub(crate) fn into_anonymous(self) -> Self {
        if self.is_anonymous() {
            return self;
        }
        if self.subject().is_some() || self.token_id().is_some() {
            log::warning(format_args!(
                "the anonymous grant of `{}` has lost its subject and token id: a caller without credentials has neither",
                S::catalogue().name()
            ));
        }
        self.changed(|contents| {
            (contents.subject, contents.token_id, contents.is_anonymous) = (None, None, true);
            contents.token_version = None;
        })
    }

    fn changed(mut self, change: impl FnOnce(&mut Contents<S>)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The declared scopes, for display, storage and issuing.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } all.read includes *.read; }
    /// let grant = api::Grant::new(api::Scope::AllRead);
    /// assert_eq!(grant.scopes().to_string(), "all.read");
    /// ```
    #[must_use]
    pub fn scopes(&self) -> ScopeSet<S> {
        self.0.declared
    }

    /// The declared scopes, one bit for each.
    pub(crate) fn declared_words(&self) -> &[u64] {
        self.0.declared.as_words()
    }

    /// The declared scopes and all that they include. Checks use this set.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } all.read includes *.read; }
    /// let grant = api::Grant::new(api::Scope::AllRead);
    /// assert_eq!(grant.effective().to_string(), "users.read all.read");
    /// ```
    #[must_use]
    pub fn effective(&self) -> ScopeSet<S> {
        self.0.effective
    }

    /// The tenants that the grant is valid for.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// use scopes::Tenants;
    ///
    /// assert_eq!(*api::Grant::new(api::Scope::UsersRead).tenants(), Tenants::None);
    /// let grant = api::Grant::new(api::Scope::UsersRead).for_tenants(["a2", "a1"])?;
    /// assert!(grant.tenants().iter().eq(["a1", "a2"]));
    /// # Ok::<(), scopes::TenantError>(())
    /// ```
    #[must_use]
    pub fn tenants(&self) -> &Tenants {
        &self.0.tenants
    }

    /// On whose behalf the caller acts.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead);
    /// assert_eq!(grant.subject(), None);
    /// assert_eq!(grant.with_subject("ada").subject(), Some("ada"));
    /// ```
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// The id of the token that the caller presented.
    #[must_use]
    pub fn token_id(&self) -> Option<&str> {
        self.0.token_id.as_deref()
    }

    /// Which secret of the token the caller presented: see
    /// [`with_token_version`](Self::with_token_version).
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_token_id("t-1");
    /// assert_eq!(grant.token_version(), None);
    /// ```
    #[must_use]
    pub fn token_version(&self) -> Option<u32> {
        self.0.token_version
    }

    /// Whether this is the grant of callers without credentials:
    /// [`Authenticate::anonymous`](crate::Authenticate::anonymous). Such a grant opens scoped
    /// routes only, issues no tokens, and has neither a subject nor a token id.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier};
    ///
    /// let mut request = http::Request::get("/users").body(())?;
    /// let reader = api::Grant::new(api::Scope::UsersRead);
    /// Authentication::Anonymous(reader).store(request.extensions_mut(), &Default::default());
    /// let permit = request.permit::<api::permits::UsersRead>()?;
    /// assert!(permit.grant().is_anonymous());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.0.is_anonymous
    }

    /// The application's own data, if it has this type. If the catalogue declares the type with
    /// `principal Account;`, [`Permit::principal`](crate::Permit::principal) returns it without an
    /// `Option`.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_principal("plan: free".to_owned());
    /// assert!(grant.principal_as::<String>().is_some());
    /// assert!(grant.principal_as::<u64>().is_none());
    /// ```
    #[must_use]
    pub fn principal_as<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.principal.as_deref()?.downcast_ref()
    }

    /// The type of the application's own data.
    pub(crate) fn principal_type(&self) -> Option<TypeId> {
        self.0.principal.as_deref().map(Any::type_id)
    }

    /// The grant in the form that the pure decision takes.
    pub(crate) fn holder(&self) -> Holder<'_> {
        Holder::new(self.effective_words(), &self.0.tenants)
    }

    /// What the pure decision knows of a caller with this grant.
    pub(crate) fn status(&self) -> CallerStatus<'_> {
        if self.is_anonymous() { CallerStatus::Anonymous(self.holder()) } else { CallerStatus::Granted(self.holder()) }
    }

    pub(crate) fn effective_words(&self) -> &[u64] {
        self.0.effective.as_words()
    }
}

impl<S: Scope> Clone for Grant<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Scope> Clone for Contents<S> {
    fn clone(&self) -> Self {
        Self {
            declared: self.declared,
            effective: self.effective,
            tenants: self.tenants.clone(),
            subject: self.subject.clone(),
            token_id: self.token_id.clone(),
            principal: self.principal.clone(),
            is_anonymous: self.is_anonymous,
            token_version: self.token_version,
        }
    }
}

/// Shows the declared scopes, the tenants and the subject, not the application's data.
impl<S: Scope> fmt::Debug for Grant<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("scopes", &self.0.declared)
            .field("tenants", &self.0.tenants)
            .field("subject", &self.0.subject)
            .field("token_id", &self.0.token_id)
            .field("is_anonymous", &self.0.is_anonymous)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{ALL_READ, EVENTS_READ, TestScope, USERS_READ, USERS_WRITE};

    #[test]
    fn declared_scopes_stay_apart_from_their_closure() {
        let grant = Grant::new(ALL_READ);
        assert_eq!(grant.scopes().to_string(), "all.read");
        assert_eq!(grant.effective().to_string(), "users.read events.read all.read");
        let both: ScopeSet<TestScope> = [USERS_READ, EVENTS_READ].into_iter().collect();
        assert_eq!(Grant::new(both).effective(), both);
    }

    #[test]
    fn tenants_are_added_and_checked() {
        let grant = || Grant::new(USERS_WRITE);
        assert_eq!(*grant().tenants(), Tenants::None);
        let two = grant().for_tenant("e1").unwrap().for_tenants(["e2", "e1"]).unwrap();
        assert_eq!(two.tenants().iter().collect::<Vec<_>>(), ["e1", "e2"]);
        assert_eq!(*grant().for_any_tenant().for_tenant("e1").unwrap().tenants(), Tenants::Any);
        assert_eq!(*grant().for_tenants([""; 0]).unwrap().tenants(), Tenants::None);
        for tenant in ["ann@example.com", "auth0|7", "acme corp", "\u{fc}ber"] {
            assert_eq!(grant().for_tenant(tenant).unwrap().tenants().iter().collect::<Vec<_>>(), [tenant]);
        }
        for tenant in ["", "a/b", " ab", "ab ", "..", "%41", "a;b", "a\\b", "a\nb"] {
            assert!(grant().for_tenant(tenant).is_err(), "{tenant:?}");
        }
    }

    #[test]
    fn a_change_leaves_clones_alone() {
        let first = Grant::new(USERS_READ).with_subject("a").with_principal(7_u32);
        let second = first.clone().with_subject("b").with_token_id("t1").with_principal("text");
        assert_eq!((first.subject(), first.token_id(), first.principal_as::<u32>()), (Some("a"), None, Some(&7)));
        assert_eq!((second.subject(), second.token_id(), second.principal_as::<u32>()), (Some("b"), Some("t1"), None));
        assert_eq!(second.principal_as::<&str>(), Some(&"text"));
    }

    #[test]
    fn debug_does_not_show_the_principal() {
        let grant = Grant::new(USERS_READ).with_principal(String::from("secret"));
        let shown = format!("{grant:?}");
        assert!(shown.contains("users.read") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn an_anonymous_grant_is_of_no_subject() {
        let named = Grant::new(USERS_READ).with_subject("a").with_token_id("t").with_principal(7_u32);
        let anonymous = named.clone().with_token_version(1).into_anonymous();
        assert!(!named.is_anonymous() && named.subject().is_some());
        let changed = anonymous.clone().for_any_tenant().with_subject("b").with_token_id("u").with_token_version(2);
        for grant in [anonymous, changed.into_anonymous()] {
            assert!(grant.is_anonymous());
            assert_eq!((grant.subject(), grant.token_id(), grant.principal_as::<u32>()), (None, None, Some(&7)));
            assert_eq!(grant.token_version(), None);
            assert!(matches!(grant.status(), CallerStatus::Anonymous(_)));
        }
    }
}
