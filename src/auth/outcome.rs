//! Who the caller is, as it stands in a request: stored by the authentication layer, read by
//! `Permit` and the gate.

use scopes_core::Scope;

use crate::grant::Grant;

/// What is known of a request's credentials for one catalogue.
///
/// An authentication layer stores this with [`store`](Self::store) and answers nothing itself:
/// whether anybody needs credentials is known only to the route. It lies in [`http::Extensions`] by
/// type, so that the layers of two catalogues never see one another's callers.
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
    /// The credentials are good for this grant.
    Granted(Grant<S>),
    /// There are no credentials: 401.
    Absent,
    /// There are no credentials, and this grant says what callers without any may do:
    /// [`Authenticate::anonymous`](crate::Authenticate::anonymous). Whatever it lacks is a 401.
    Anonymous(Grant<S>),
    /// There is an `Authorization` header that no token source reads, such as one of another scheme:
    /// 401, answered like absent credentials.
    OtherScheme,
    /// The credentials are sent twice or are not well-formed: 400.
    Malformed,
    /// The credentials are unknown, revoked or expired: 401.
    Invalid,
    /// The verifier could not say: 503.
    Unavailable,
    /// The verifier panicked, or its grant lacks the [principal](crate::PrincipalOf) that the catalogue
    /// declares: 500.
    Failed,
    /// There are credentials, and the verifier was not asked about them: the target is malformed or
    /// too long (400, 414), so that every caller is refused, or the route needs no
    /// caller and the handler has not asked for one. It opens nothing.
    NotAsked,
}

impl<S: Scope> Authentication<S> {
    /// The grant, if the credentials are good. An anonymous one is not returned.
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

    /// A grant that is the anonymous one stays anonymous, whoever returns or stores it.
    pub(crate) fn of_grant(grant: Grant<S>) -> Self {
        if grant.is_anonymous() { Self::Anonymous(grant) } else { Self::Granted(grant) }
    }
}
