//! Judges which handler gave an answer, and whether the caller was allowed to reach it.

use scopes_core::{Access, Route, Tenancy};

use super::classes;
use super::client::Answer;
use super::plan::Planned;
use super::reached::{Function, Reached};
use super::readings::{Generous, readings};
use super::setup::{Setup, Token};

/// The longest target that the catalogue looks up. Targets as declared are far shorter.
pub(super) const LONGEST: usize = 8192;

/// How to find out which handler ran.
pub(super) enum Probe<'c> {
    /// By the status.
    Success,
    /// By headers that handlers set.
    Headers { handler: &'c str, tenant: Option<&'c str> },
    /// By the user's function.
    Function(&'c Function),
}

impl Probe<'_> {
    pub(super) fn ask(&self, answer: &Answer, method: &str) -> Reached {
        match self {
            // Layers in front of the handlers answer preflight requests. Such an answer without a
            // body discloses nothing.
            Self::Success if method == "OPTIONS" && answer.body.is_empty() => Reached::Nothing,
            // 101: a handler that speaks another protocol took the connection. 304: a handler
            // compared the resource with what the client has.
            Self::Success => (answer.is_success() || matches!(answer.status(), 101 | 304)).into(),
            Self::Headers { handler, tenant } => match answer.all(handler) {
                None => Reached::Nothing,
                Some(route) => Reached::Handler { route, tenant: tenant.and_then(|tenant| answer.all(tenant)) },
            },
            Self::Function(probe) => probe(answer),
        }
    }

    /// Whether this way also tells that no handler ran for a request without an answer.
    pub(super) const fn knows_without_answer(&self) -> bool {
        matches!(self, Self::Function(_))
    }
}

/// Whether the handler that ran is this route's. An unknown handler counts as this route's.
pub(super) fn is_of(reached: &Reached, of: Route<'_>) -> bool {
    match reached {
        Reached::Nothing => false,
        Reached::Something => true,
        Reached::Handler { route, .. } => is_named(of, route),
    }
}

pub(super) fn is_named(route: Route<'_>, name: &str) -> bool {
    route.name() == name || route.to_string() == name
}

impl Setup {
    /// Returns why the handler should not have run; `None` if it was allowed to.
    pub(super) fn judge(&self, planned: &Planned, reached: &Reached) -> Option<String> {
        let is_breach = match planned.trick.class {
            classes::TEXT_BESIDE | classes::NARROWER | classes::OTHER_SITES => *reached != Reached::Nothing,
            classes::TENANT_CASE => is_of(reached, planned.route),
            _ => false,
        };
        if let Some(lacks) = planned.lacks.as_ref().filter(|_| is_breach) {
            return Some(lacks.clone());
        }
        match reached {
            Reached::Nothing => None,
            Reached::Handler { route: name, tenant } => {
                let Some(route) = self.catalogue.routes().find(|route| is_named(*route, name)) else {
                    return Some(format!("`{}` ran, which is not a route of the catalogue", self.text(name)));
                };
                self.judge_handler(planned, route, tenant.as_deref())
            }
            Reached::Something => match self.judge_success(planned) {
                Some(_) if classes::is_of_tokens(planned.trick.class) => {
                    Some("a token counts that is misplaced, repeated or malformed".to_owned())
                }
                found => found,
            },
        }
    }

    fn judge_handler(&self, planned: &Planned, route: Route<'static>, tenant: Option<&str>) -> Option<String> {
        let holder = self.holder(planned);
        if let Some(lacking) = self.lacking(holder, route) {
            return Some(format!("`{route}` ran, which {lacking}"));
        }
        let tenants = match (route.access(), route.tenancy()) {
            (Access::Public(_) | Access::External(_), _) => return None,
            (_, Tenancy::Bound) => &holder?.tenants,
            _ => return None,
        };
        match tenant {
            Some(tenant) if tenants.covers(tenant) => None,
            Some(tenant) => Some(format!("`{route}` ran for the tenant `{}`", self.text(tenant))),
            None => {
                let template = self.generous(route)?;
                let theirs = readings(&planned.trick.target)
                    .iter()
                    .filter_map(|path| template.matches(path).flatten())
                    .any(|tenant| covers(tenants, &tenant));
                (!theirs).then(|| format!("`{route}` ran for a tenant that the token is not good for"))
            }
        }
    }

    /// Judges a success of an unknown handler. If the request is as declared, the declared route's
    /// handler ran. Otherwise there must be a reading of method and target under which the caller
    /// may reach a route.
    fn judge_success(&self, planned: &Planned) -> Option<String> {
        let (sent, holder) = (&*planned.trick.method, self.holder(planned));
        if planned.as_declared {
            let catalogue = self.catalogue;
            let found = catalogue.at_mounted(&self.base, LONGEST, sent, &planned.trick.target);
            if let Ok(matched) = found {
                let why = self.lacking_here(holder, matched.route(), matched.tenant().as_deref())?;
                return Some(format!("`{}` {why}", matched.route()));
            }
        }
        let paths = readings(&planned.trick.target);
        let is_inside = |path: &Vec<u8>| {
            path.get(..self.base.len()).is_some_and(|start| start.eq_ignore_ascii_case(self.base.as_bytes()))
        };
        if !paths.iter().any(is_inside) {
            return None;
        }
        let mut lacking = None;
        for route in self.catalogue.routes() {
            let method_fits = route.method().eq_ignore_ascii_case(sent)
                || sent.eq_ignore_ascii_case("HEAD") && route.method() == "GET";
            let Some(template) = method_fits.then(|| self.generous(route)).flatten() else { continue };
            for tenant in paths.iter().filter_map(|path| template.matches(path)) {
                let tenant = tenant.as_deref().and_then(|tenant| std::str::from_utf8(tenant).ok());
                match self.lacking_here(holder, route, tenant) {
                    None => return None,
                    Some(why) => {
                        lacking = lacking.or(Some(format!("the target may be read as `{route}`, which {why}")));
                    }
                }
            }
        }
        Some(lacking.unwrap_or_else(|| "no reading of method and target is a route of the catalogue".to_owned()))
    }

    /// What the caller lacks for a route and its tenant.
    pub(super) fn lacking_here(
        &self,
        holder: Option<&Token>,
        route: Route<'static>,
        tenant: Option<&str>,
    ) -> Option<String> {
        let lacking = self.lacking(holder, route);
        let open = !route.access().needs_grant();
        if lacking.is_some() || open || !matches!(route.tenancy(), Tenancy::Bound) {
            return lacking;
        }
        let theirs = holder.zip(tenant).is_some_and(|(holder, tenant)| holder.tenants.covers(tenant));
        (!theirs).then(|| "is another tenant's".to_owned())
    }

    /// What the caller lacks for a route, without regard to tenants.
    fn lacking(&self, holder: Option<&Token>, route: Route<'static>) -> Option<String> {
        match (route.access(), holder) {
            (Access::Public(_) | Access::External(_), _) => None,
            (Access::Authenticated(_), Some(holder)) if !holder.is_anonymous => None,
            (Access::Authenticated(_), _) => Some("needs a token".to_owned()),
            (Access::Scoped, Some(token)) if route.requirement().satisfied_by(&token.words) => None,
            (Access::Scoped, _) => Some(format!("needs {}", route.requirement().display(self.catalogue))),
        }
    }

    fn generous(&self, route: Route<'_>) -> Option<Generous> {
        let path = if route.path() == "/" && !self.base.is_empty() { "" } else { route.path() };
        Generous::new(&format!("{}{path}", self.base), route.tenant_parameter().map(scopes_core::Parameter::name))
    }
}

fn covers(tenants: &scopes_core::Tenants, tenant: &[u8]) -> bool {
    std::str::from_utf8(tenant).is_ok_and(|tenant| tenants.covers(tenant))
}
