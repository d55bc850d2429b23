//! The parts of a request that the layer keeps for the check after the handler, because the handler
//! takes the request.

use http::{Method, Uri};
use poem::{PathPattern, Request};
use scopes_core::Scope;

use super::facts::{Match, sent_uri, template};
use crate::auth::stored::CallerState;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;
use crate::settings::Settings;

pub(super) struct Sent {
    method: Method,
    /// What a router around the authentication has matched.
    matched: Option<String>,
    /// The target. It is kept only if more than a line in the log depends on the check.
    uri: Option<Uri>,
}

impl Sent {
    pub(super) fn of(settings: &Settings, request: &Request) -> Self {
        Self {
            method: judged_method(request.method(), request.extensions()).clone(),
            matched: Match::of(request).template().map(str::to_owned),
            uri: settings.replaces_unguarded().then(|| sent_uri(request).clone()),
        }
    }

    /// The sentence for the log, if the handler of this request should have a guard and has none.
    ///
    /// `answered` is what a router inside of the authentication has matched: poem puts it into the
    /// response.
    pub(super) fn forgotten<S: Scope>(&self, state: &CallerState<S>, answered: Option<&PathPattern>) -> Option<String> {
        let inner = answered.map(|PathPattern(pattern)| template(pattern));
        // A template with a slash at its end may belong to a mount or to a path below it.
        let inner = inner.as_deref().filter(|template| template.len() == 1 || !template.ends_with('/'));
        let template = self.matched.as_deref().or(inner);
        match (&self.uri, template) {
            (Some(uri), Some(template)) => {
                state.forgotten(Facts::of_uri(&self.method, uri).with_template(template)).sentence
            }
            (Some(uri), None) => state.forgotten(Facts::of_uri(&self.method, uri)).sentence,
            (None, Some(template)) => state.forgotten_at(&self.method, template),
            (None, None) => None,
        }
    }
}
