//! Guards that were forgotten, looked for once a handler has answered.
//!
//! Nothing but the handler itself knows what it takes. What can be seen afterwards is that it has
//! answered, and that neither a permit nor a gate was asked about the request.

#[cfg(feature = "_axum")]
use http::Extensions;
use http::Method;
#[cfg(any(feature = "tower", feature = "poem"))]
use http::Uri;
use scopes_core::{Access, Route, Scope};

use super::stored::CallerState;
#[cfg(feature = "tower")]
use crate::request::extended_connect::judged_method;
use crate::request::facts::{Facts, is_said_by_router, known_method};
use crate::request::locate::{Missing, Place};
#[cfg(any(feature = "tower", feature = "poem"))]
use crate::settings::Settings;

impl<S: Scope> CallerState<S> {
    /// The sentence for the log if the handler of this request should have been guarded and was not.
    #[cold]
    pub(crate) fn forgotten(&self, facts: Facts<'_>) -> Option<String> {
        let place = Place::of::<S>(&self.identity.settings);
        match place.locate(facts, None) {
            Ok(located) => self.unguarded(located.matched.route()),
            Err(Missing::Template(template)) => undeclared(place, facts.method, template),
            // Nothing is known of the handler, or the target is the client's doing.
            Err(Missing::Refused(_) | Missing::Misread | Missing::Base | Missing::Target) => None,
        }
    }

    fn unguarded(&self, route: Route<'static>) -> Option<String> {
        match route.access() {
            Access::Scoped => Some(format!(
                "the handler of `{route}` answered without a permit, and no gate stands in front, so that every caller may call \
                 it: annotate it with `#[requires(..)]`, let it take the `Permit`, or declare the route `external(\"why\")` if \
                 something else checks it"
            )),
            Access::Authenticated(_) if !self.owner_check.is_caller_asked() => Some(format!(
                "the handler of `{route}` answered without looking at the caller, and no gate stands in front, so that everybody \
                 may call it: let it take the `Grant`, or declare the route `public(\"why\")`"
            )),
            Access::Authenticated(_) | Access::Public(_) | Access::External(_) => None,
        }
    }
}

/// A handler below the base that the catalogue does not know.
fn undeclared(place: Place<'_>, method: &Method, template: &str) -> Option<String> {
    let is_below = template.strip_prefix(place.base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // What answers preflight requests has often a pattern that fits all paths, and no data.
    if !is_below || !is_said_by_router(template) || *method == Method::OPTIONS {
        return None;
    }
    let (name, method) = (place.catalogue.name(), known_method(place.catalogue, method));
    Some(format!(
        "a handler answered at `{template}` for {method}, which is no route of catalogue `{name}`, and no gate stands in front, so \
         that every caller may call it: declare it in `scopes!` with its scope or as `public(\"why\")`, or serve it outside of \
         the base"
    ))
}

/// What is kept of a request for the look after its handler, where the framework takes the request.
///
/// It costs a copy of the target, so that it is kept only where more than a line in the log depends on
/// it: under `strict`, and where the library was built for development.
#[cfg(any(feature = "tower", feature = "poem"))]
pub(crate) struct Sent {
    method: Method,
    uri: Uri,
    /// What the router has matched.
    template: Option<String>,
    #[cfg(feature = "_axum")]
    extensions: Extensions,
}

#[cfg(any(feature = "tower", feature = "poem"))]
impl Sent {
    /// Keeps a request that the framework says nothing more about.
    pub(crate) fn new(settings: &Settings, method: &Method, uri: &Uri, template: Option<&str>) -> Option<Box<Self>> {
        settings.replaces_unguarded().then(|| {
            Box::new(Self {
                method: method.clone(),
                uri: uri.clone(),
                template: template.map(str::to_owned),
                #[cfg(feature = "_axum")]
                extensions: Extensions::new(),
            })
        })
    }

    /// Keeps a request of the `http` crate, with what axum has matched.
    #[cfg(feature = "tower")]
    pub(crate) fn of<B>(settings: &Settings, request: &http::Request<B>) -> Option<Box<Self>> {
        #[cfg_attr(not(feature = "_axum"), allow(unused_mut, reason = "only axum puts something in"))]
        let mut sent = Self::new(settings, judged_method(request.method(), request.extensions()), request.uri(), None)?;
        #[cfg(feature = "_axum")]
        {
            if let Some(matched) = request.extensions().get::<axum::extract::MatchedPath>() {
                sent.extensions.insert(matched.clone());
            }
            if let Some(original) = request.extensions().get::<axum::extract::OriginalUri>() {
                sent.extensions.insert(original.clone());
            }
        }
        Some(sent)
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        #[cfg(feature = "_axum")]
        let facts = crate::axum::facts(&self.method, &self.uri, &self.extensions);
        #[cfg(not(feature = "_axum"))]
        let facts = Facts::of_uri(&self.method, &self.uri);
        match &self.template {
            Some(template) => facts.with_template(template),
            None => facts,
        }
    }
}
