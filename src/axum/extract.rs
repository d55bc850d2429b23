//! Permits and grants as extractors.

use axum::extract::{FromRequestParts, MatchedPath, OptionalFromRequestParts};
use http::request::Parts;
use scopes_core::Scope;

use super::facts;
use crate::auth::stored::Stored;
use crate::denial::Denied;
use crate::request::facts::Facts;
use crate::required::Required;
use crate::{Caller, Grant, Permit, check};

impl<R: Required, State: Send + Sync> FromRequestParts<State> for Permit<R> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Denied> {
        let stored = verified::<R::Scope>(parts).await;
        if let Some((stored, judged)) = stored.and_then(|stored| Some((stored, stored.judged()?)))
            && judged.is_of(&parts.method, &parts.uri, parts.extensions.get())
            && let Some(permit) =
                check::permit_as_judged(stored, judged, judged.matched_path.as_ref().map(MatchedPath::as_str))
        {
            return Ok(permit);
        }
        check::permit_of(stored, facts_of(parts, stored))
            .map_err(|denied| denied.with_request(&parts.method, &parts.headers))
    }
}

#[doc = include_str!("../docs/grant.md")]
impl<S: Scope, State: Send + Sync> FromRequestParts<State> for Grant<S> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Denied> {
        let stored = verified::<S>(parts).await;
        check::grant_of(stored, facts_of(parts, stored))
            .map_err(|denied| denied.with_request(&parts.method, &parts.headers))
    }
}

/// Unlike `Option` of most extractors, this is `None` only for callers without credentials; bad
/// credentials are refused. [`Caller`] distinguishes the same callers.
impl<S: Scope, State: Send + Sync> OptionalFromRequestParts<State> for Grant<S> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Option<Self>, Denied> {
        let stored = verified::<S>(parts).await;
        check::caller_of(stored, facts_of(parts, stored))
            .map(Caller::into_grant)
            .map_err(|denied| denied.with_request(&parts.method, &parts.headers))
    }
}

#[doc = include_str!("../docs/caller.md")]
impl<S: Scope, State: Send + Sync> FromRequestParts<State> for Caller<S> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Denied> {
        let stored = verified::<S>(parts).await;
        check::caller_of(stored, facts_of(parts, stored))
            .map_err(|denied| denied.with_request(&parts.method, &parts.headers))
    }
}

/// The entry of a request. On a route that needs no caller, this call verifies the credentials.
async fn verified<S: Scope>(parts: &Parts) -> Option<&Stored<S>> {
    let stored = parts.extensions.get::<Stored<S>>()?;
    if stored.state().identity.is_unverified() {
        stored.state().identity.verified().await;
    }
    Some(stored)
}

fn facts_of<'a, S: Scope>(parts: &'a Parts, stored: Option<&Stored<S>>) -> Facts<'a> {
    // The check compares the method with the one that the gate saw.
    if stored.and_then(Stored::judged).is_some_and(|judged| judged.is_routed) {
        return facts::facts_by_this_method(&parts.method, &parts.uri, &parts.extensions);
    }
    facts::facts(&parts.method, &parts.uri, &parts.extensions)
}
