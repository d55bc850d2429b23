//! The outcome of authentication. The authentication layer stores it in the request; `Permit` and
//! the gate read it.

use scopes_core::Scope;

use crate::grant::Grant;

/// The outcome of authentication for one catalogue.
///
/// An authentication layer stores this with [`store`](Self::store) and answers nothing itself: only
/// the route knows whether it needs credentials. [`http::Extensions`] holds it by its type, so the
/// layers of two catalogues never see one another's callers.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Authentication, Carrier};
///
/// let mut request = http::Request::get("/users").body(())?;
/// Authentication::<api::Scope>::Unavailable.store(request.extensions_mut(), &Default::default());
/// let denied = request.permit::<api::permits::UsersRead>().unwrap_err();
/// assert_eq!(denied.status(), 503);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Authentication<S: Scope> {
    /// The credentials are valid and belong to this grant.
    Granted(Grant<S>),
    /// The request has no credentials: 401.
    Absent,
    /// The request has no credentials, and this grant says what anonymous callers may do:
    /// [`Authenticate::anonymous`](crate::Authenticate::anonymous). If it does not suffice, the
    /// answer is 401.
    Anonymous(Grant<S>),
    /// The request has an `Authorization` header that no token source reads, such as one of another
    /// scheme: 401, like absent credentials.
    OtherScheme,
    /// The credentials are sent twice or are not well-formed: 400.
    Malformed,
    /// The credentials are unknown, revoked or expired: 401.
    Invalid,
    /// The verifier could not check the credentials: 503.
    Unavailable,
    /// The verifier panicked, or its grant lacks the [principal](crate::PrincipalOf) that the
    /// catalogue declares: 500.
    Failed,
    /// The request has credentials, but the verifier was not asked about them. Either the target is
    /// malformed or too long, so that every caller is refused (400, 414), or the route needs no
    /// caller and the handler has not asked for one. It opens nothing.
    NotAsked,
}

impl<S: Scope> Authentication<S> {
    /// The grant, if the credentials are valid. The anonymous grant is not returned.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::Authentication;
    ///
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_subject("ada");
    /// assert!(Authentication::Anonymous(grant.clone()).grant().is_none());
    /// let outcome = Authentication::Granted(grant);
    /// assert_eq!(outcome.grant().and_then(api::Grant::subject), Some("ada"));
    /// ```
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant<S>> {
        if let Self::Granted(grant) = self { Some(grant) } else { None }
    }

    /// The anonymous grant stays anonymous, even if a verifier returns it or the application stores
    /// it.
    pub(crate) fn of_grant(grant: Grant<S>) -> Self {
        if grant.is_anonymous() { Self::Anonymous(grant) } else { Self::Granted(grant) }
    }
}
