//! The parts of a request that the layer keeps for the check after the handler, because the handler
//! takes the request.

#[cfg(feature = "_axum")]
use axum::extract::{MatchedPath, OriginalUri};
#[cfg(feature = "_axum")]
use http::Extensions;
use http::{Method, Request, Uri};
use scopes_core::Scope;

use crate::auth::stored::CallerState;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;
use crate::settings::Settings;

pub(super) enum Sent {
    /// The method and the template that axum's router has matched. They suffice for a line in the
    /// log. The template is shared and not copied.
    #[cfg(feature = "_axum")]
    Matched(Method, MatchedPath),
    /// All facts for a decision. They cost a copy of the target, so the layer keeps them only if
    /// the answer depends on the check, and not only a line in the log.
    Whole(Whole),
}

pub(super) struct Whole {
    method: Method,
    uri: Uri,
    #[cfg(feature = "_axum")]
    extensions: Extensions,
}

impl Sent {
    #[inline]
    pub(super) fn of<B>(settings: &Settings, request: &Request<B>) -> Option<Box<Self>> {
        if settings.replaces_unguarded() {
            return Some(Box::new(Self::Whole(Whole::of(request))));
        }
        #[cfg(feature = "_axum")]
        return Self::matched(settings, request);
        #[cfg(not(feature = "_axum"))]
        None
    }

    /// `None` if an answer of this handler was checked before.
    #[cfg(feature = "_axum")]
    #[inline]
    fn matched<B>(settings: &Settings, request: &Request<B>) -> Option<Box<Self>> {
        let matched = request.extensions().get::<MatchedPath>()?;
        if settings.told.was_looked_at(request.method().as_str(), matched.as_str()) {
            return None;
        }
        let method = judged_method(request.method(), request.extensions());
        Some(Box::new(Self::Matched(method.clone(), matched.clone())))
    }

    /// Marks the handler as checked. It is guarded now, and will be guarded the next time.
    pub(super) fn note_guarded<S: Scope>(&self, state: &CallerState<S>) {
        #[cfg(feature = "_axum")]
        if let Self::Matched(method, matched) = self {
            state.identity.settings.told.look_at(method.as_str(), matched.as_str());
        }
        #[cfg(not(feature = "_axum"))]
        let _ = state;
    }

    /// The sentence for the log, if the handler of this request should have a guard and has none.
    pub(super) fn forgotten<S: Scope>(&self, state: &CallerState<S>) -> Option<String> {
        match self {
            #[cfg(feature = "_axum")]
            Self::Matched(method, matched) => state.forgotten_at(method, matched.as_str()),
            Self::Whole(whole) => state.forgotten(whole.facts()),
        }
    }
}

impl Whole {
    fn of<B>(request: &Request<B>) -> Self {
        #[cfg(feature = "_axum")]
        let extensions = {
            let mut kept = Extensions::new();
            if let Some(matched) = request.extensions().get::<MatchedPath>() {
                kept.insert(matched.clone());
            }
            if let Some(original) = request.extensions().get::<OriginalUri>() {
                kept.insert(original.clone());
            }
            kept
        };
        Self {
            method: judged_method(request.method(), request.extensions()).clone(),
            uri: request.uri().clone(),
            #[cfg(feature = "_axum")]
            extensions,
        }
    }

    fn facts(&self) -> Facts<'_> {
        #[cfg(feature = "_axum")]
        return crate::axum::facts(&self.method, &self.uri, &self.extensions);
        #[cfg(not(feature = "_axum"))]
        Facts::of_uri(&self.method, &self.uri)
    }
}
