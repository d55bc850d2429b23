//! Finds forgotten guards once a handler has answered.
//!
//! The layers do not know which parameters a handler takes. But afterwards they know that it has
//! answered, and that neither a permit nor a gate has checked the request.

use http::Method;
use scopes_core::{Access, Route, Scope};

use super::stored::CallerState;
use crate::request::facts::{Facts, is_said_by_router, known_method};
use crate::request::locate::{Missing, Place};

/// The result of a look for a forgotten guard.
#[derive(Default)]
pub(crate) struct Look {
    /// The sentence for the log, if the handler should have a guard and has none.
    pub(crate) sentence: Option<String>,
    /// Whether each further answer of the handler would show the same.
    #[cfg_attr(
        not(any(feature = "_axum", feature = "_ahead")),
        allow(dead_code, reason = "without a template the layer looks at every answer or at none")
    )]
    is_final: bool,
}

impl<S: Scope> CallerState<S> {
    /// The sentence of a look for a forgotten guard. The layer looks at every answer if the answer
    /// depends on it; otherwise, for the log, until a look is final for this method and this
    /// template.
    #[cfg(any(feature = "_before_routing", feature = "salvo"))]
    pub(crate) fn look(&self, method: &Method, template: &str, look: impl FnOnce() -> Look) -> Option<String> {
        if self.identity.settings.replaces_unguarded() {
            return look().sentence;
        }
        self.look_for_log(method, template, look)
    }

    #[cfg(any(feature = "_axum", feature = "_ahead"))]
    fn look_for_log(&self, method: &Method, template: &str, look: impl FnOnce() -> Look) -> Option<String> {
        let (settings, method) = (&self.identity.settings, kept_method::<S>(method));
        if settings.told.was_looked_at(S::catalogue(), method, template) {
            return None;
        }
        let Look { sentence, is_final } = look();
        if is_final {
            settings.told.mark_looked_at(S::catalogue(), method, template);
        }
        sentence
    }

    /// Whether the handler of this request should have a guard and has none.
    #[cold]
    pub(crate) fn forgotten(&self, facts: Facts<'_>) -> Look {
        let place = Place::of::<S>(&self.identity.settings);
        match place.locate(facts, None) {
            Ok(located) => {
                let route = located.matched.route();
                // Another request may lead the same handler to another route, or to other steps.
                let is_other = |template| place.serves_within(facts.method, template, Some(route));
                let may_differ = facts.matched_template.is_some_and(is_other)
                    || matches!(route.access(), Access::Authenticated(_)) && self.owner_check.is_caller_asked();
                Look { sentence: self.unguarded(route), is_final: !may_differ }
            }
            Err(Missing::Template(template)) => {
                Look { sentence: undeclared(place, facts.method, template), is_final: true }
            }
            // The handler is unknown, or the client chose the target.
            Err(Missing::Refused(_) | Missing::Misread | Missing::Base | Missing::Target) => Look::default(),
        }
    }

    /// Like [`forgotten`](Self::forgotten), but without the target, and for the log only: once for
    /// each pair of a method and a template. Returns `None` if only the target shows which route
    /// was meant. It also returns `None` if the handler has asked for the caller: such a handler
    /// may check the caller's scopes by itself.
    #[cfg(any(feature = "_axum", feature = "poem"))]
    pub(crate) fn forgotten_at(&self, method: &Method, template: &str) -> Option<String> {
        self.look_for_log(method, template, || {
            if self.owner_check.is_caller_asked() {
                return Look::default();
            }
            let place = Place::of::<S>(&self.identity.settings);
            let route = place.catalogue.route_by_template_at(place.base, method.as_str(), template);
            let sentence = match route {
                _ if place.serves_within(method, template, route) => None,
                Some(route) => self.unguarded(route),
                None => undeclared(place, method, template),
            };
            Look { sentence, is_final: true }
        })
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

/// The text of a method by which the log may remember a handler. A client can choose any number of
/// other texts.
#[cfg(any(feature = "_axum", feature = "_ahead"))]
#[inline]
pub(crate) fn kept_method<S: Scope>(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::OPTIONS => {
            method.as_str()
        }
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
    #[cfg(any(feature = "_before_routing", feature = "salvo"))]
    use crate::fixture::get;
    #[cfg(any(feature = "_before_routing", feature = "salvo"))]
    use crate::request::facts::Facts;
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
        let settings = Arc::new(Settings::new());
        let asked = state(&settings);
        asked.owner_check.caller_asked();
        assert_eq!(asked.forgotten_at(&Method::GET, "/api/me"), None);
        // The handler asks only sometimes.
        assert!(state(&settings).forgotten_at(&Method::GET, "/api/me").is_some());
    }

    /// No method of a client stands for another one that the catalogue lacks.
    #[test]
    fn a_preflight_request_hides_no_other_method() {
        let settings = Arc::new(Settings::new());
        let report = Method::from_bytes(b"REPORT").unwrap();
        assert_eq!(state(&settings).forgotten_at(&Method::OPTIONS, "/api/dav"), None);
        assert!(state(&settings).forgotten_at(&report, "/api/dav").is_some());
    }

    /// The layer stops looking only if each further answer would show the same.
    #[cfg(any(feature = "_before_routing", feature = "salvo"))]
    #[test]
    fn a_strange_request_first_hides_no_forgotten_guard() {
        let looked = |state: &CallerState<TestScope>, facts: Facts<'_>| {
            state.look_for_log(facts.method, facts.matched_template.unwrap(), || state.forgotten(facts)).is_some()
        };
        let users = get("/api/environments/e1/users", "/api/environments/{e}/users");
        let settings = Arc::new(Settings::new());
        let slash = get("/api/environments/e1/users/", "/api/environments/{e}/users");
        let malformed = get("/api/environments/e;1/users", "/api/environments/{e}/users");
        for (strange, is_told) in
            [(users.misread(), false), (slash, false), (malformed, false), (users, true), (users, false)]
        {
            assert_eq!(looked(&state(&settings), strange), is_told, "{}", strange.raw_target);
        }
        let me = get("/api/me", "/api/me");
        let asked = state(&settings);
        asked.owner_check.caller_asked();
        assert!(!looked(&asked, me));
        assert!(looked(&state(&settings), me));
        // The router's template has no text, so the handler also gets paths that are not a route.
        let post = |target| Facts::new(&Method::POST, target).with_template("/api/environments/{e}/users/{user}");
        assert!(!looked(&state(&settings), post("/api/environments/e1/users/7")));
        assert!(looked(&state(&settings), post("/api/environments/e1/users/7:cancel")));
    }
}
