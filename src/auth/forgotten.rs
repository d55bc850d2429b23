//! Finds forgotten guards once a handler has answered.
//!
//! The layers do not know which parameters a handler takes. But afterwards they know that it has
//! answered, and that neither a permit nor a gate has checked the request.

use http::Method;
use scopes_core::{Access, Route, Scope};

use super::stored::CallerState;
use crate::request::facts::{Facts, is_said_by_router, known_method};
use crate::request::locate::{Missing, Place};

impl<S: Scope> CallerState<S> {
    /// Whether to look for a forgotten guard: with every request if the answer depends on it,
    /// otherwise once for each pair of a method and a template, for the log.
    #[cfg(any(feature = "_before_routing", feature = "salvo"))]
    pub(crate) fn is_look_due(&self, method: &Method, template: &str) -> bool {
        let settings = &self.identity.settings;
        settings.replaces_unguarded() || settings.told.look_at(kept_method::<S>(method), template)
    }

    /// The sentence for the log, if the handler of this request should have a guard and has none.
    #[cold]
    pub(crate) fn forgotten(&self, facts: Facts<'_>) -> Option<String> {
        let place = Place::of::<S>(&self.identity.settings);
        match place.locate(facts, None) {
            Ok(located) => self.unguarded(located.matched.route()),
            Err(Missing::Template(template)) => undeclared(place, facts.method, template),
            // The handler is unknown, or the client chose the target.
            Err(Missing::Refused(_) | Missing::Misread | Missing::Base | Missing::Target) => None,
        }
    }

    /// Like [`forgotten`](Self::forgotten), but without the target, and for the log only: once for
    /// each pair of a method and a template. Returns `None` if only the target shows which route
    /// was meant. It also returns `None` if the handler has asked for the caller: such a handler
    /// may check the caller's scopes by itself.
    #[cfg(any(feature = "_axum", feature = "poem"))]
    pub(crate) fn forgotten_at(&self, method: &Method, template: &str) -> Option<String> {
        let settings = &self.identity.settings;
        if !settings.told.look_at(kept_method::<S>(method), template) || self.owner_check.is_caller_asked() {
            return None;
        }
        let place = Place::of::<S>(settings);
        let route = place.catalogue.route_by_template_at(place.base, method.as_str(), template);
        if place.serves_within(method, template, route) {
            return None;
        }
        match route {
            Some(route) => self.unguarded(route),
            None => undeclared(place, method, template),
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
                "the handler of `{route}` answered without looking at the caller, and no gate stands in front, so that every caller \
                 may call it: let it take the `Grant`, or declare the route `public(\"why\")`"
            )),
            Access::Authenticated(_) | Access::Public(_) | Access::External(_) => None,
        }
    }
}

/// The text of a method by which [`look_at`](crate::log::Once::look_at) may remember a handler. A
/// client can choose any number of other texts.
#[cfg(any(feature = "_axum", feature = "_before_routing", feature = "poem", feature = "salvo"))]
#[inline]
pub(crate) fn kept_method<S: Scope>(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE => method.as_str(),
        _ => known_method(S::catalogue(), method),
    }
}

/// The sentence about a handler below the base that the catalogue does not know.
fn undeclared(place: Place<'_>, method: &Method, template: &str) -> Option<String> {
    let is_below = template.strip_prefix(place.base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // Handlers of preflight requests often match all paths, and return no data.
    if !is_below || !is_said_by_router(template) || *method == Method::OPTIONS {
        return None;
    }
    let (name, method) = (place.catalogue.name(), known_method(place.catalogue, method));
    Some(format!(
        "a handler answered at `{template}` for {method}, which is not a route of catalogue `{name}`, and no gate stands in front, so \
         that every caller may call it: declare it in `scopes!` with its scope or as `public(\"why\")`, or serve it outside of \
         the base"
    ))
}

#[cfg(all(test, any(feature = "_axum", feature = "poem")))]
mod tests {
    use std::sync::Arc;

    use http::{Extensions, Method};

    use crate::auth::outcome::Authentication;
    use crate::auth::stored::{CallerState, Identity, Stored};
    use crate::fixture::TestScope;
    use crate::settings::Settings;

    fn state(settings: &Arc<Settings>) -> Arc<CallerState<TestScope>> {
        let identity = Identity::new(Authentication::Absent, Arc::clone(settings));
        Stored::new(identity).insert(&mut Extensions::new())
    }

    /// Reports once what the template shows without the target.
    #[test]
    fn the_template_tells_enough_for_a_line_in_the_log() {
        let settings = Arc::new(Settings::new());
        for (method, template, told) in [
            (
                Method::GET,
                "/api/environments/{id}/users",
                "the handler of `GET /api/environments/{environment}/users` answered without a permit",
            ),
            (Method::GET, "/api/me", "the handler of `GET /api/me` answered without looking at the caller"),
            (Method::GET, "/api/undeclared", "a handler answered at `/api/undeclared` for GET"),
            (Method::POST, "/api/undeclared", "a handler answered at `/api/undeclared` for POST"),
            (Method::GET, "/api/health", ""),
            (Method::GET, "/outside", ""),
            // Only the target tells whether it is `/jobs/{job}:run`.
            (Method::POST, "/api/jobs/{job}", ""),
        ] {
            let found = state(&settings).forgotten_at(&method, template).unwrap_or_default();
            assert_eq!(found.is_empty(), told.is_empty(), "{template}: {found}");
            assert!(found.starts_with(told), "{template}: {found}");
            assert_eq!(state(&settings).forgotten_at(&method, template), None, "{template}");
        }
        let asked = state(&Arc::new(Settings::new()));
        asked.owner_check.caller_asked();
        assert_eq!(asked.forgotten_at(&Method::GET, "/api/me"), None);
    }
}
