//! The caller of a request, for handlers that serve callers with and without credentials.

use scopes_core::Scope;

use crate::Grant;

/// The caller of a request: one with good credentials, or one without any.
///
/// A handler that serves both takes it, by the catalogue's alias `Caller`.
///
/// It is an extractor of axum, actix-web, rocket, poem and salvo. On warp, `warp::caller()` is the
/// filter. Code without extractors calls [`Carrier::caller`](crate::Carrier::caller). The verifier
/// runs when a handler asks for the caller. The results:
///
/// | credentials | public route | authenticated route | scoped route |
/// |---|---|---|---|
/// | none | `Anonymous` | 401 | 401, or `Anonymous` where the [anonymous grant](crate::Authenticate::anonymous) suffices |
/// | good | `Granted` | `Granted` | `Granted` where they suffice, else 403 |
/// | unknown, revoked, of a scheme that no token source reads | 401 | 401 | 401 |
/// | malformed | 400 | 400 | 400 |
/// | the verifier cannot say | 503 | 503 | 503 |
///
/// So bad credentials are refused on public routes as well, and every `Granted` was verified. On a
/// scoped route the handler needs a permit parameter before it, or a gate in front, like a handler
/// that takes a [`Grant`]. Routes that are not in the catalogue are answered as for a `Grant`, too.
///
/// On axum, `Option<api::Grant>` distinguishes the same callers: `None` stands for `Anonymous`. On
/// actix-web, rocket and poem `Option<api::Grant>` compiles as well, but is `None` after *every*
/// refusal, even of bad credentials. Use `api::Caller` there.
///
/// Exhaustive on purpose: a handler must decide about both.
///
/// ```
/// scopes::scopes! { pub mod api; public("the front page") { GET "/"; } }
///
/// fn front_page(caller: api::Caller) -> String {
///     match caller {
///         api::Caller::Granted(grant) => format!("for {}", grant.subject().unwrap_or("a client")),
///         api::Caller::Anonymous => "for all clients".to_owned(),
///     }
/// }
///
/// # fn main() {
/// assert_eq!(front_page(api::Caller::Anonymous), "for all clients");
/// let grant = api::Grant::new(api::Scopes::new()).with_subject("ada");
/// assert_eq!(front_page(api::Caller::Granted(grant)), "for ada");
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum Caller<S: Scope> {
    /// The client sent no credentials, or the settings ignore what it sent.
    Anonymous,
    /// The credentials are valid and belong to this grant.
    Granted(Grant<S>),
}

impl<S: Scope> Caller<S> {
    /// The grant of a caller with credentials.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let caller = api::Caller::Granted(api::Grant::new(api::Scope::UsersRead));
    /// assert!(caller.grant().is_some_and(|grant| grant.scopes().contains(api::Scope::UsersRead)));
    /// assert!(api::Caller::Anonymous.grant().is_none());
    /// ```
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant<S>> {
        match self {
            Self::Anonymous => None,
            Self::Granted(grant) => Some(grant),
        }
    }

    /// The grant of a caller with credentials.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let grant = api::Grant::new(api::Scope::UsersRead).with_subject("ada");
    /// let grant = api::Caller::Granted(grant).into_grant().unwrap();
    /// assert_eq!(grant.subject(), Some("ada"));
    /// ```
    #[must_use]
    pub fn into_grant(self) -> Option<Grant<S>> {
        match self {
            Self::Anonymous => None,
            Self::Granted(grant) => Some(grant),
        }
    }
}
