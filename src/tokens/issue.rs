//! Issuing: which rights the holder of a token may pass on to a new token.

use core::fmt;

use scopes_core::{Scope, ScopeSet, Tenants, UnknownScope};

use crate::{Grant, IntoScopes};

/// The scopes and tenants that are requested for a new token.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use scopes::Tenants;
/// use scopes::tokens::{IssueRequest, issue};
///
/// let mine = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
/// let asked = IssueRequest::new(api::Scope::UsersRead, Tenants::only(["a1"])?);
/// assert!(issue(&mine, asked).is_ok());
/// # Ok::<(), scopes::TenantError>(())
/// ```
#[derive(Clone, Debug)]
pub struct IssueRequest<S: Scope> {
    scopes: ScopeSet<S>,
    tenants: Tenants,
}

impl<S: Scope> IssueRequest<S> {
    /// Requests a token with these scopes for these tenants.
    ///
    /// An empty set of scopes is allowed: such a token opens nothing. `Tenants::None` is allowed:
    /// every route with a tenant refuses such a token.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Tenants, tokens::IssueRequest};
    ///
    /// let request = IssueRequest::new(api::Scope::UsersRead, Tenants::None);
    /// assert_eq!(request.scopes().to_string(), "users.read");
    /// ```
    #[must_use]
    pub fn new(scopes: impl IntoScopes<S>, tenants: Tenants) -> Self {
        Self { scopes: scopes.into_scopes(), tenants }
    }

    /// Like [`new`](Self::new), with the scopes' wire names.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Tenants, tokens::IssueRequest};
    ///
    /// // Names out of a form.
    /// let asked = |names| IssueRequest::<api::Scope>::from_names(names, Tenants::None);
    /// assert_eq!(asked(["users.read"])?.scopes().len(), 1);
    /// assert_eq!(asked(["users.raed"]).unwrap_err().nearest, Some("users.read"));
    /// # Ok::<(), scopes::UnknownScope>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the catalogue does not have one of the names. The error names it, and the nearest name
    /// that the catalogue has.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>, tenants: Tenants) -> Result<Self, UnknownScope> {
        Ok(Self { scopes: ScopeSet::from_names(names)?, tenants })
    }

    /// The scopes that the new token will declare.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } all.read includes *.read; }
    /// use scopes::{Tenants, tokens::IssueRequest};
    ///
    /// let request = IssueRequest::new(api::Scope::AllRead, Tenants::None);
    /// // As asked for, without what `all.read` includes.
    /// assert_eq!(request.scopes().to_string(), "all.read");
    /// ```
    #[must_use]
    pub fn scopes(&self) -> ScopeSet<S> {
        self.scopes
    }

    /// The tenants that the token is for.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// use scopes::{Tenants, tokens::IssueRequest};
    ///
    /// let request = IssueRequest::new(api::Scope::UsersRead, Tenants::only(["a1"])?);
    /// assert!(request.tenants().covers("a1"));
    /// # Ok::<(), scopes::TenantError>(())
    /// ```
    #[must_use]
    pub const fn tenants(&self) -> &Tenants {
        &self.tenants
    }
}

/// The rights of a new token, as [`issue`] decided. Store them beside the token's digest.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::Tenants;
/// use scopes::tokens::{IssueRequest, issue};
///
/// let mine = api::Grant::new(api::Scope::UsersRead).with_subject("ada").with_token_id("t-1");
/// let request = IssueRequest::new(api::Scope::UsersRead, Tenants::None);
/// let issued = issue(&mine, request).unwrap();
/// assert_eq!(issued.subject.as_deref(), Some("ada"));
/// assert_eq!(issued.issuer_token_id.as_deref(), Some("t-1"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Issued<S: Scope> {
    /// The scopes that the new token declares.
    pub scopes: ScopeSet<S>,
    /// The tenants that the token is for, never `Tenants::Any`.
    pub tenants: Tenants,
    /// The id of the issuer's token: when that token is revoked, revoke this one too. `None` if the
    /// issuer's grant has no token id, like the grant of a signed-in session. Then the application
    /// must revoke this token by other means.
    pub issuer_token_id: Option<String>,
    /// On whose behalf the new token acts: the issuer's own subject.
    pub subject: Option<String>,
}

impl<S: Scope> Issued<S> {
    /// The grant of the new token, without the token id that the store will assign.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::Tenants;
    /// use scopes::tokens::{IssueRequest, issue};
    ///
    /// let mine = api::Grant::new(api::Scope::UsersRead).with_subject("ada");
    /// let issued = issue(&mine, IssueRequest::new(api::Scope::UsersRead, Tenants::None)).unwrap();
    /// let grant = issued.into_grant().with_token_id("t-2");
    /// assert_eq!((grant.subject(), grant.token_id()), (Some("ada"), Some("t-2")));
    /// ```
    #[must_use]
    pub fn into_grant(self) -> Grant<S> {
        let grant = Grant::new(self.scopes).with_tenants(self.tenants);
        match self.subject {
            Some(subject) => grant.with_subject(subject),
            None => grant,
        }
    }
}

/// Decides whether the holder of `issuer` may issue a token with the rights in `request`.
///
/// The new token can never do more than its issuer:
///
/// - Each of its scopes is a scope that the issuer declares, or is included in one. The holder of
///   `all.read` may pass on `all.read` and each scope that it includes. The holder of all these
///   scopes may *not* pass on `all.read`, because it would also include scopes that are added
///   later.
/// - Its tenants are among the issuer's, each given by its name. `Tenants::Any` cannot be passed
///   on, not even by its holder.
///
/// An [anonymous](Grant::is_anonymous) grant issues nothing.
///
/// This function does not decide whether the issuer may issue tokens at all. Declare a scope for
/// the route that calls it.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     users.read { GET "/users"; }
/// #     users.write { POST "/users"; }
/// # }
/// use scopes::Tenants;
/// use scopes::tokens::{IssueError, IssueRequest, issue};
///
/// let mine = api::Grant::new(api::Scope::UsersRead);
/// assert!(issue(&mine, IssueRequest::new(api::Scope::UsersRead, Tenants::None)).is_ok());
/// let more = issue(&mine, IssueRequest::new(api::Scopes::all(), Tenants::None)).unwrap_err();
/// assert!(matches!(more, IssueError::ScopesNotHeld(scopes) if scopes.len() == 1));
/// ```
///
/// # Errors
///
/// If the issuer lacks some of the scopes (the error names all of them), or one of the tenants (the
/// error names the first).
pub fn issue<S: Scope>(issuer: &Grant<S>, request: IssueRequest<S>) -> Result<Issued<S>, IssueError<S>> {
    if issuer.is_anonymous() {
        return Err(IssueError::Anonymous);
    }
    let IssueRequest { scopes, tenants } = request;

    let excess = scopes - issuer.effective();
    if !excess.is_empty() {
        return Err(IssueError::ScopesNotHeld(excess));
    }
    match &tenants {
        Tenants::None => {}
        Tenants::Only(named) => {
            if let Some(foreign) = named.iter().find(|name| !issuer.tenants().covers(name)) {
                return Err(IssueError::TenantNotHeld(foreign.to_owned()));
            }
        }
        Tenants::Any => return Err(IssueError::AnyTenantRequested),
    }

    Ok(Issued {
        scopes,
        tenants,
        issuer_token_id: issuer.token_id().map(str::to_owned),
        subject: issuer.subject().map(str::to_owned),
    })
}

/// Why a token may not be issued.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::Tenants;
/// use scopes::tokens::{IssueError, IssueRequest, issue};
///
/// let operator = api::Grant::new(api::Scope::UsersRead).for_any_tenant();
/// let request = IssueRequest::new(api::Scope::UsersRead, Tenants::Any);
/// assert!(matches!(issue(&operator, request), Err(IssueError::AnyTenantRequested)));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum IssueError<S: Scope> {
    /// The issuer is a caller without credentials.
    Anonymous,
    /// The issuer neither declares these scopes nor declares a scope that includes them.
    ScopesNotHeld(ScopeSet<S>),
    /// The issuer's grant is not valid for this tenant.
    TenantNotHeld(String),
    /// All tenants were requested, which no issuer can pass on.
    AnyTenantRequested,
}

impl<S: Scope> fmt::Display for IssueError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("a caller without credentials issues no tokens"),
            Self::ScopesNotHeld(scopes) => {
                f.write_str("not yours to give:")?;
                for (at, scope) in scopes.iter().enumerate() {
                    let separator = if at == 0 { " " } else { ", " };
                    write!(f, "{separator}`{}`", scope.as_str())?;
                }
                Ok(())
            }
            Self::TenantNotHeld(tenant) => write!(f, "`{}` is not a tenant of yours", tenant.escape_debug()),
            Self::AnyTenantRequested => f.write_str("a token for any tenant cannot be issued, name them"),
        }
    }
}

impl<S: Scope> core::error::Error for IssueError<S> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{USERS_READ, grant};

    #[test]
    fn an_anonymous_grant_issues_nothing() {
        let request = || IssueRequest::new(USERS_READ, Tenants::None);
        assert!(issue(&grant(&[USERS_READ]), request()).is_ok());
        let refused = issue(&grant(&[USERS_READ]).into_anonymous(), request()).unwrap_err();
        assert_eq!(refused.to_string(), "a caller without credentials issues no tokens");
        let nothing = IssueRequest::new(ScopeSet::new(), Tenants::None);
        assert!(issue(&grant(&[USERS_READ]).into_anonymous(), nothing).is_err());
    }
}
