//! What can be seen to be wrong with a test before anything is sent.

use std::collections::BTreeSet;

use scopes_core::Route;
use scopes_core::suggest::nearest;
use scopes_core::template::Template;

use super::CLASSES;
use super::judge::LONGEST;
use super::problem::{Problem, TokenProblem};
use super::setup::Setup;

impl Setup {
    /// Every mistake of the test's own.
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
        self.wrong_tokens(&mut all);
        match (&self.function, &self.handler_header, &self.tenant_header) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => all.push(Problem::TwoProbes),
            (None, None, Some(_)) => all.push(Problem::TenantHeaderAlone),
            _ => {}
        }
        if self.is_base() {
            all.extend(self.catalogue.routes().filter_map(|route| self.wrong_path(route)));
        } else {
            all.push(Problem::Base { base: self.base.clone() });
        }
        all
    }

    fn wrong_values(&self, all: &mut Vec<Problem>) {
        let tenant = |route: Route<'static>| route.tenant_parameter().map(|parameter| parameter.name);
        let mut names = BTreeSet::new();
        let mut tenants = BTreeSet::new();
        for route in self.catalogue.routes() {
            tenants.extend(tenant(route));
            names
                .extend(route.parameters().map(|parameter| parameter.name).filter(|name| Some(*name) != tenant(route)));
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
        for name in self.bodies.keys() {
            if !self.catalogue.routes().any(|route| route.name() == name) {
                let nearest = nearest(name, self.catalogue.routes().map(Route::name)).map(str::to_owned);
                all.push(Problem::UnknownRoute { name: name.clone(), nearest });
            }
        }
        let mut content_types = self.bodies.values().chain([&self.body]).map(|(content_type, _)| content_type);
        if content_types.any(|content_type| content_type.contains(char::is_control)) {
            all.push(Problem::ContentType);
        }
    }

    fn wrong_tokens(&self, all: &mut Vec<Problem>) {
        let mut known = BTreeSet::new();
        for (index, token) in self.tokens.iter().enumerate() {
            let reason = if token.raw.is_empty() {
                TokenProblem::Empty
            } else if token.raw.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
                TokenProblem::Characters
            } else if !known.insert(&*token.raw) {
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

    /// A path as declared must be its route's by the catalogue's own reading: there the judgement begins.
    fn wrong_path(&self, route: Route<'static>) -> Option<Problem> {
        let problem = |path: &str, reason: String| {
            Some(Problem::Path { route: route.to_string(), path: self.text(path), reason })
        };
        let Some(spelled) = self.spelled(route, &self.home()) else {
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
