//! Who the caller is, as it stands in a request: stored by the authentication layer, read by `Permit` and the gate.

use std::sync::Arc;

use http::{Extensions, Method};
#[cfg(feature = "_judge")]
use scopes_core::Caller;
use scopes_core::{Denial, Route, Scope};

use super::owner_check::OwnerCheck;
use crate::grant::Grant;
use crate::settings::Settings;

/// What is known of a request's credentials for one catalogue.
///
/// An authentication layer stores this with [`store`](Self::store) and answers nothing itself: whether anybody needs
/// credentials is known only to the route. It lies in [`http::Extensions`] by type, so that the layers of two catalogues
/// never see one another's callers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Authentication<S: Scope> {
    /// The credentials are good for this grant.
    Granted(Grant<S>),
    /// There are no credentials, or some of another scheme: 401.
    Absent,
    /// The credentials are sent twice or are not well-formed: 400.
    Malformed,
    /// The credentials are unknown, revoked or expired: 401.
    Invalid,
    /// The verifier could not say: 503.
    Unavailable,
    /// The verifier panicked: 500.
    Failed,
    /// There are credentials, and the verifier was not asked about them: the target is malformed or too long (400, 414), so
    /// that every route is refused whoever calls. It opens nothing.
    NotAsked,
}

impl<S: Scope> Authentication<S> {
    /// Puts the outcome into a request, in place of an older one and of all that was derived from it: a grant of an outer
    /// layer never survives.
    ///
    /// [`Authenticate`](crate::Authenticate) does this; call it for an authentication of your own.
    pub fn store(self, extensions: &mut Extensions, settings: &Arc<Settings>) {
        Stored::new(self, Arc::clone(settings)).insert(extensions);
    }

    /// The outcome that a request carries for this catalogue.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get::<Stored<S>>().map(|stored| &stored.authentication)
    }

    /// The grant, if the credentials are good.
    #[must_use]
    pub const fn grant(&self) -> Option<&Grant<S>> {
        if let Self::Granted(grant) = self { Some(grant) } else { None }
    }
}

/// The entry of [`http::Extensions`]: the outcome with all that answering needs.
#[derive(Clone, Debug)]
pub(crate) struct Stored<S: Scope> {
    pub(crate) authentication: Authentication<S>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) owner_check: Arc<OwnerCheck>,
    /// What the gate found, if there is one in front.
    pub(crate) matched: Option<MatchedRoute>,
    /// Why the verifier was not asked.
    refused: Option<Denial>,
}

impl<S: Scope> Stored<S> {
    pub(crate) fn new(authentication: Authentication<S>, settings: Arc<Settings>) -> Self {
        Self { authentication, settings, owner_check: Arc::default(), matched: None, refused: None }
    }

    /// There are credentials, and this denial made it needless to look at them.
    pub(crate) fn not_asked(refused: Denial, settings: Arc<Settings>) -> Self {
        Self { refused: Some(refused), ..Self::new(Authentication::NotAsked, settings) }
    }

    /// The caller's grant.
    ///
    /// # Errors
    /// What is answered where a caller is needed.
    pub(crate) fn granted(&self) -> Result<&Grant<S>, Denial> {
        Err(match &self.authentication {
            Authentication::Granted(grant) => return Ok(grant),
            Authentication::Absent => Denial::CredentialsAbsent,
            Authentication::Malformed => Denial::CredentialsMalformed,
            Authentication::Invalid => Denial::CredentialsInvalid,
            Authentication::Unavailable => Denial::VerifierUnavailable,
            Authentication::Failed => Denial::VerifierFailed,
            // Without a reason the application has stored it by itself.
            Authentication::NotAsked => self.refused.unwrap_or(Denial::CredentialsMalformed),
        })
    }

    /// The caller, as the catalogue's decision takes it. It has no word for credentials that were not looked at: what it says
    /// of these goes through [`denial`](Self::denial), without which they are malformed ones.
    #[cfg(feature = "_judge")]
    pub(crate) fn caller(&self) -> Caller<'_> {
        match &self.authentication {
            Authentication::Granted(grant) => Caller::Granted(grant.holder()),
            Authentication::Absent => Caller::Absent,
            Authentication::Malformed | Authentication::NotAsked => Caller::Malformed,
            Authentication::Invalid => Caller::Invalid,
            Authentication::Unavailable => Caller::Unavailable,
            Authentication::Failed => Caller::Failed,
        }
    }

    /// What a denial of [`caller`](Self::caller) stands for.
    #[cfg(feature = "_judge")]
    pub(crate) fn denial(&self, denial: Denial) -> Denial {
        match (denial, self.refused) {
            (Denial::CredentialsMalformed, Some(refused)) => refused,
            _ => denial,
        }
    }

    /// Gives what is to be looked at once the response is there.
    pub(crate) fn insert(self, extensions: &mut Extensions) -> Arc<OwnerCheck> {
        let owner_check = Arc::clone(&self.owner_check);
        extensions.insert(self);
        owner_check
    }
}

/// The catalogue's route of a request, found in front of the handlers.
#[derive(Clone, Debug)]
pub(crate) struct MatchedRoute {
    route: Route<'static>,
    method: Method,
    raw_target: Arc<str>,
}

impl MatchedRoute {
    #[cfg(any(test, feature = "_gate"))]
    pub(crate) fn new(route: Route<'static>, method: Method, raw_target: &str) -> Self {
        Self { route, method, raw_target: raw_target.into() }
    }

    /// The route, unless method or target were rewritten since: then it is no statement about what will run.
    pub(crate) fn route_of(&self, method: &Method, raw_target: &str) -> Option<Route<'static>> {
        (self.method == *method && *self.raw_target == *raw_target).then_some(self.route)
    }
}
