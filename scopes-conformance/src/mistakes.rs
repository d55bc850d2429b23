//! Finds the mistakes of a test that can be seen before anything is sent.

use std::collections::BTreeSet;

use scopes_core::Route;
use scopes_core::suggest::nearest;
use scopes_core::template::Template;

use super::CLASSES;
use super::judge::{LONGEST, is_named};
use super::place::TokenPlace;
use super::problem::{Problem, TokenProblem};
use super::setup::Setup;

impl Setup {
    /// Lists every mistake in the settings.
    pub(super) fn mistakes(&self) -> Vec<Problem> {
        let mut all = Vec::new();
        for name in &self.left_out {
            if !CLASSES.contains(name) {
                let nearest = nearest(name, CLASSES.iter().copied());
                all.push(Problem::UnknownClass { name: (*name).to_owned(), nearest });
            }
        }
        self.wrong_values(&mut all);
        self.wrong_bodies(&mut all);
        self.wrong_queries(&mut all);
        self.wrong_tokens(&mut all);
        if self.host.as_ref().is_some_and(|host| host.is_empty() || host.bytes().any(|byte| !byte.is_ascii_graphic())) {
            all.push(Problem::Host);
        }
        match (&self.function, &self.handler_header, &self.tenant_header) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => all.push(Problem::TwoProbes),
            (None, None, Some(_)) => all.push(Problem::TenantHeaderAlone),
            _ => {}
        }
        if self.is_base() {
            all.extend(self.catalogue.routes().flat_map(|route| self.wrong_paths(route)));
        } else {
            all.push(Problem::Base { base: self.base.clone() });
        }
        all
    }

    fn wrong_values(&self, all: &mut Vec<Problem>) {
        let tenant = |route: Route<'static>| route.tenant_parameter().map(scopes_core::Parameter::name);
        let mut names = BTreeSet::new();
        let mut tenants = BTreeSet::new();
        for route in self.catalogue.routes() {
            tenants.extend(tenant(route));
            names.extend(
                route.parameters().map(scopes_core::Parameter::name).filter(|name| Some(*name) != tenant(route)),
            );
        }
        for name in self.values.keys().filter(|name| !names.contains(&***name)) {
            all.push(if tenants.contains(&**name) {
                Problem::TenantParameter { name: name.clone() }
            } else {
                let nearest = nearest(name, names.iter().copied()).map(str::to_owned);
                Problem::UnknownParameter { name: name.clone(), nearest }
            });
        }
    }

    fn wrong_bodies(&self, all: &mut Vec<Problem>) {
        for name in self.bodies.keys().chain(self.queries.keys()) {
            if !self.catalogue.routes().any(|route| is_named(route, name)) {
                let nearest = nearest(name, self.catalogue.routes().map(Route::name)).map(str::to_owned);
                all.push(Problem::UnknownRoute { name: name.clone(), nearest });
            }
        }
        let mut content_types = self.bodies.values().chain([&self.body]).map(|(content_type, _)| content_type);
        if content_types.any(|content_type| content_type.contains(char::is_control)) {
            all.push(Problem::ContentType);
        }
    }

    fn wrong_queries(&self, all: &mut Vec<Problem>) {
        for (route, query) in &self.queries {
            let is_of_a_query = |byte: u8| byte.is_ascii_graphic() && !b"#\"<>\\^`{|}".contains(&byte);
            if query.is_empty() || !query.bytes().all(is_of_a_query) {
                all.push(Problem::Query { route: route.clone() });
            }
        }
        for name in self.values.iter().filter(|(_, values)| values.is_empty()).map(|(name, _)| name) {
            all.push(Problem::NoValues { name: name.clone() });
        }
    }

    fn wrong_tokens(&self, all: &mut Vec<Problem>) {
        let names = self.places().into_iter().filter_map(|place| match place {
            TokenPlace::Header(name) | TokenPlace::Cookie(name) => Some(name),
            TokenPlace::Bearer | TokenPlace::Basic => None,
        });
        all.extend(names.filter(|name| !is_name(name)).map(|name| Problem::PlaceName { name: name.clone() }));
        let mut known = BTreeSet::new();
        for (index, token) in self.tokens.iter().enumerate() {
            let reason = if token.raw.is_empty() {
                TokenProblem::Empty
            } else if let Some(reason) = cannot_be_sent(self.place(token), &token.raw) {
                reason
            } else if !known.insert(self.line(token)) {
                TokenProblem::Repeated
            } else {
                continue;
            };
            all.push(Problem::Token { number: index + 1, reason });
        }
    }

    fn is_base(&self) -> bool {
        let is_literal = |template: Template| template.is_literal() && !template.trailing_slash();
        self.base.is_empty() || Template::parse(&self.base).is_ok_and(is_literal)
    }

    /// The catalogue must match the path of each route to that route, because judgements rely on
    /// it.
    fn wrong_paths(&self, route: Route<'static>) -> Vec<Problem> {
        let given = route.parameters().filter_map(|parameter| Some(self.values.get(parameter.name())?.len()));
        let most = given.max().unwrap_or(1);
        let mut all: Vec<Problem> = (0..most).filter_map(|number| self.wrong_path(route, number)).collect();
        all.dedup();
        all
    }

    fn wrong_path(&self, route: Route<'static>, number: usize) -> Option<Problem> {
        let problem = |path: &str, reason: String| {
            Some(Problem::Path { route: route.to_string(), path: self.text(path), reason })
        };
        let Some(spelled) = self.spelled_with(route, &self.home(), |_| number) else {
            return problem("", format!("it is too long below `{}`", self.base));
        };
        let path = spelled.path();
        match self.catalogue.at_mounted(&self.base, LONGEST, route.method(), path.as_bytes()) {
            Ok(found) if found.route() == route => None,
            Ok(found) => problem(&path, format!("it is that of `{}`", found.route())),
            Err(error) => problem(&path, error.to_string()),
        }
    }
}

/// Why a request cannot carry this token in this place.
fn cannot_be_sent(place: &TokenPlace, raw: &str) -> Option<TokenProblem> {
    let is_basic = matches!(place, TokenPlace::Basic);
    // Basic credentials are encoded, so that a password may hold a space.
    let cannot = |byte: u8| byte < b' ' || byte == 0x7f || byte == b' ' && !is_basic;
    if raw.bytes().any(cannot) {
        return Some(TokenProblem::Characters);
    }
    match place {
        TokenPlace::Basic if !raw.contains(':') => Some(TokenProblem::NoPassword),
        // RFC 6265, section 4.1.1.
        TokenPlace::Cookie(_) if raw.contains(['"', ',', ';', '\\']) => Some(TokenProblem::CookieCharacters),
        _ => None,
    }
}

/// Whether the text is a `token` of RFC 9110, section 5.6.2: a possible name of a header or a
/// cookie.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
