//! Plans the requests for one route: every kind of caller with the path as declared, then the
//! tricks by unauthorized callers.

use scopes_core::{Access, Route, Tenancy, Tenants};

use super::escapes::escaped;
use super::place::is_same_line;
use super::reached::Reached;
use super::setup::{Setup, Token};
use super::spelled::Spelled;
use super::tricks::{self, Elsewhere, Trick, swapped};
use super::{classes, corpus, credentials, detours};

/// A request to be sent.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The route it is about.
    pub(super) route: Route<'static>,
    /// What to send, without the credentials.
    pub(super) trick: Trick,
    /// The number of the token that identifies the caller.
    pub(super) caller: Option<usize>,
    /// Method and path are as declared, so they have only one reading.
    pub(super) as_declared: bool,
    /// The request is as declared, and the caller is authorized for it.
    pub(super) right: bool,
    /// What the caller lacks for every handler that might answer, if that is known beforehand.
    pub(super) lacks: Option<String>,
}

impl Planned {
    /// Whether nothing about the request is unusual, so that every server should answer it.
    pub(super) fn is_plain(&self) -> bool {
        let is_odd = matches!(self.trick.class, classes::VERSIONS | classes::CONTENT_TYPES);
        self.as_declared && !is_odd && !classes::is_of_tokens(self.trick.class)
    }
}

/// Made-up tenants, used if no token belongs to a foreign tenant.
const MADE_UP: [&str; 2] = ["tenant-2", "tenant-3"];

impl Setup {
    /// Plans all requests for a route.
    pub(super) fn planned(&self, route: Route<'static>, with_long: bool) -> Vec<Planned> {
        let mut all = Vec::new();
        let open = !route.access().needs_grant();
        let home = self.home();
        let Some(spelled) = self.spelled(route, &home) else { return all };
        let method = route.method();
        let without_token = |class, path: String| {
            let trick = Trick::new(class, method, path);
            Planned { route, trick, caller: None, as_declared: true, right: false, lacks: None }
        };
        let tricky = |trick, caller| Planned { route, trick, caller, as_declared: false, right: false, lacks: None };
        if open {
            all.push(Planned { right: true, ..without_token(classes::RIGHT, spelled.path()) });
            return all;
        }
        // Callers without credentials, in the path of their own tenant and of another.
        let mut refused: Vec<(Option<usize>, Spelled)> = Vec::new();
        match self.anonymous.as_ref().filter(|anonymous| may(anonymous, route)) {
            None => refused.push((None, spelled.clone())),
            Some(anonymous) => {
                let own = self.spelled(route, &self.own_tenant(anonymous));
                all.extend(own.map(|own| Planned { right: true, ..without_token(classes::RIGHT, own.path()) }));
                let is_bound = matches!(route.tenancy(), Tenancy::Bound);
                let foreign = self.foreign_tenant(&anonymous.tenants).filter(|_| is_bound);
                refused.extend(foreign.and_then(|foreign| Some((None, self.spelled(route, foreign)?))));
            }
        }
        all.extend(refused.iter().map(|(_, spelled)| without_token(classes::NO_TOKEN, spelled.path())));
        for place in self.places() {
            let unknown = place.unknown().map(|line| (classes::UNKNOWN_TOKEN, line));
            let malformed = place.malformed().map(|line| (classes::MALFORMED_TOKEN, line));
            for (class, line) in unknown.into_iter().chain(malformed).filter(|(_, line)| !self.is_known(line)) {
                let mut planned = without_token(class, spelled.path());
                planned.trick = planned.trick.header(line);
                all.push(planned);
            }
        }
        for (number, token) in self.tokens.iter().enumerate() {
            let by_token =
                |class, spelled: &Spelled| Planned { caller: Some(number), ..without_token(class, spelled.path()) };
            let tenants = &token.tenants;
            let own = self.own_tenant(token);
            let Some(at_home) = self.spelled(route, &own) else { continue };
            if !has_scopes(token, route) {
                all.push(by_token(classes::MISSING_SCOPE, &at_home));
                refused.push((Some(number), at_home));
                continue;
            }
            if matches!(route.tenancy(), Tenancy::Bound)
                && let Some(foreign) = self.foreign_tenant(tenants)
                && let Some(abroad) = self.spelled(route, foreign)
            {
                all.push(by_token(classes::OTHER_TENANT, &abroad));
                if *tenants != Tenants::None {
                    let parameter = route.tenant_parameter().map_or("tenant", |parameter| parameter.name());
                    let mixed = tricks::tenants(method, &abroad, &escaped(&own), parameter);
                    all.extend(mixed.into_iter().map(|trick| tricky(trick, Some(number))));
                }
                refused.push((Some(number), abroad));
            }
            if matches!(route.tenancy(), Tenancy::Bound) {
                for tenant in in_another_case(tenants, &own) {
                    let lacks = format!("the path names the tenant `{tenant}`, and the token is good for `{own}`");
                    let path = self.spelled(route, &tenant);
                    all.extend(
                        path.map(|spelled| Planned { lacks: Some(lacks), ..by_token(classes::TENANT_CASE, &spelled) }),
                    );
                }
            }
            if may(token, route) {
                all.push(Planned { right: true, ..by_token(classes::RIGHT, &at_home) });
                all.extend(self.place(token).other_sites(method).iter().map(|line| {
                    let planned = by_token(classes::OTHER_SITES, &at_home);
                    let lacks = Some("a page of another site has caused the request".to_owned());
                    Planned { trick: planned.trick.header((*line).to_owned()), lacks, ..planned }
                }));
                let target = credentials::Target { method, path: &at_home.path() };
                let misplaced = credentials::misplaced(&target, self.place(token), &self.places(), &token.raw);
                let misplaced = misplaced.into_iter().filter(|trick| match &*trick.headers {
                    [only] => !self.is_known(only),
                    _ => true,
                });
                all.extend(misplaced.map(|trick| Planned { as_declared: true, ..tricky(trick, None) }));
            }
        }
        let elsewhere = self.elsewhere();
        for (caller, spelled) in refused {
            let path = spelled.path();
            let mut tricks = tricks::tricks(method, &spelled, &elsewhere);
            if let Some(from) = self.reachable(caller, method) {
                tricks.extend(detours::tricks(method, &from, &path));
            }
            tricks.extend(corpus::tricks(method, &path, with_long));
            all.extend(tricks.into_iter().map(|trick| tricky(trick, caller)));
            let wrapped = tricks::wrappings(method, &path).into_iter();
            all.extend(wrapped.map(|trick| Planned { as_declared: true, ..tricky(trick, caller) }));
        }
        all
    }

    /// The requests to send after an authorized caller's request: the same request by all
    /// unauthorized callers.
    pub(super) fn afterwards(&self, right: &Planned) -> Vec<Planned> {
        let trick = || Trick { class: classes::AFTERWARDS, ..right.trick.clone() };
        let by = |caller, trick| Planned { trick, caller, right: false, ..right.clone() };
        let mut all = Vec::new();
        let token = right.caller.and_then(|number| self.tokens.get(number));
        let place = token.map_or(&self.place, |token| self.place(token));
        let unknown = place.unknown().into_iter().find(|line| !self.is_known(line));
        all.extend(unknown.map(|line| by(None, trick().header(line))));
        let others = std::iter::once(None).chain((0..self.tokens.len()).map(Some)).map(|caller| by(caller, trick()));
        all.extend(others.filter(|planned| self.judge(planned, &Reached::Something).is_some()));
        all
    }

    pub(super) fn spelled(&self, route: Route<'_>, tenant: &str) -> Option<Spelled> {
        self.spelled_with(route, tenant, |_| 0)
    }

    /// Spells the path with the value at this index for each parameter, or with the last value if
    /// there are fewer.
    pub(super) fn spelled_with(
        &self,
        route: Route<'_>,
        tenant: &str,
        number: impl Fn(&str) -> usize,
    ) -> Option<Spelled> {
        let value = |name: &str| {
            let values = self.values.get(name).map(Vec::as_slice).unwrap_or_default();
            values.get(number(name)).or(values.last()).map_or_else(|| "1".to_owned(), Clone::clone)
        };
        Spelled::new(route, &self.base, tenant, value)
    }

    /// Whether a header line carries one of the tokens in its right place and form.
    fn is_known(&self, line: &str) -> bool {
        self.tokens.iter().any(|token| is_same_line(&self.line(token), line))
    }

    /// The tenants that the tokens name.
    fn tenants(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().chain(&self.anonymous).flat_map(|token| token.tenants.iter())
    }

    /// The tenant in the paths that callers without a tenant request.
    pub(super) fn home(&self) -> String {
        self.tenants().next().unwrap_or("tenant-1").to_owned()
    }

    pub(super) fn own_tenant(&self, token: &Token) -> String {
        token.tenants.iter().next().map_or_else(|| self.home(), str::to_owned)
    }

    /// The token of a request's sender, or the anonymous grant, if the credentials are well-formed.
    pub(super) fn sender(&self, caller: Option<usize>) -> Option<&Token> {
        caller.map_or(self.anonymous.as_ref(), |number| self.tokens.get(number))
    }

    /// A tenant that the grant does not cover. It is the tenant of another token if there is one,
    /// and otherwise made up.
    pub(super) fn foreign_tenant(&self, tenants: &Tenants) -> Option<&str> {
        let is_foreign = |tenant: &&str| !tenants.covers(tenant);
        self.tenants().find(is_foreign).or_else(|| MADE_UP.into_iter().find(is_foreign))
    }

    /// The made-up tenant in the paths of requests, if no token belongs to a foreign tenant.
    pub(super) fn made_up_tenant(&self) -> Option<String> {
        let is_bound = |route: Route<'_>| matches!(route.tenancy(), Tenancy::Bound);
        if self.leaves_out(classes::OTHER_TENANT) || !self.catalogue.routes().any(is_bound) {
            return None;
        }
        let mut foreign = self.tokens.iter().filter_map(|token| self.foreign_tenant(&token.tenants));
        foreign.find(|foreign| !self.tenants().any(|known| known == *foreign)).map(str::to_owned)
    }

    /// The path of a route that the caller may reach, preferably with this method.
    fn reachable(&self, caller: Option<usize>, method: &str) -> Option<String> {
        let token = self.sender(caller);
        let reachable = self.catalogue.routes().filter(|route| match (route.access(), token) {
            (Access::Public(_), _) if caller.is_none() => true,
            (Access::Scoped | Access::Authenticated(_), Some(token)) => may(token, *route),
            _ => false,
        });
        let route = reachable.min_by_key(|route| route.method() != method)?;
        let tenant = token.map_or_else(|| self.home(), |token| self.own_tenant(token));
        Some(self.spelled(route, &tenant)?.path())
    }

    fn elsewhere(&self) -> Elsewhere {
        let mut open = self.catalogue.routes().filter(|route| matches!(route.access(), Access::Public(_)));
        let public = open.find(|route| route.method() == "GET").and_then(|route| self.spelled(route, &self.home()));
        Elsewhere {
            public: public.map_or_else(|| "/".to_owned(), |spelled| spelled.path()),
            nowhere: format!("{}/nothing-is-here", self.base),
        }
    }
}

/// The tenant's name with other capitals, unless the token is good for a tenant of that name too.
fn in_another_case(tenants: &Tenants, own: &str) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for other in [own.to_ascii_uppercase(), own.to_ascii_lowercase(), swapped(own)] {
        if !others.contains(&other) && other != own && *tenants != Tenants::None && !tenants.covers(&other) {
            others.push(other);
        }
    }
    others
}

fn has_scopes(token: &Token, route: Route<'_>) -> bool {
    route.access() != Access::Scoped || route.requirement().satisfied_by(&token.words)
}

/// Whether the token opens a route that needs a token, for the token's own tenant.
fn may(token: &Token, route: Route<'_>) -> bool {
    let is_bound = matches!(route.tenancy(), Tenancy::Bound);
    let is_known = !token.is_anonymous || route.access() == Access::Scoped;
    is_known && has_scopes(token, route) && (!is_bound || token.tenants != Tenants::None)
}
