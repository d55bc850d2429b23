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
    Whole(Box<Whole>),
}

pub(super) struct Whole {
    method: Method,
    uri: Uri,
    #[cfg(feature = "_axum")]
    extensions: Extensions,
}

impl Sent {
    #[inline]
    pub(super) fn of<B>(settings: &Settings, request: &Request<B>) -> Option<Self> {
        if settings.replaces_unguarded() {
            return Some(Self::Whole(Box::new(Whole::of(request))));
        }
        #[cfg(feature = "_axum")]
        return Self::matched(request);
        #[cfg(not(feature = "_axum"))]
        None
    }

    #[cfg(feature = "_axum")]
    #[inline]
    fn matched<B>(request: &Request<B>) -> Option<Self> {
        let matched = request.extensions().get::<MatchedPath>()?;
        let method = judged_method(request.method(), request.extensions());
        Some(Self::Matched(method.clone(), matched.clone()))
    }

    /// The sentence for the log, if the handler of this request should have a guard and has none.
    pub(super) fn forgotten<S: Scope>(&self, state: &CallerState<S>) -> Option<String> {
        match self {
            #[cfg(feature = "_axum")]
            Self::Matched(method, matched) => state.forgotten_at(method, matched.as_str()),
            Self::Whole(whole) => state.forgotten(whole.facts()).sentence,
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
